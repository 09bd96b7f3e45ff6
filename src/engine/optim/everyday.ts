// What most lessons use of the namespace `optim`: a page loads it without the rest (runtime/parts.ts).
export { Adam, AdamW, type AdamOptions } from "./adam.ts";
export { Optimizer, type ParameterGroup, type Parameters, type ResolvedGroup } from "./optimizer.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
export type { OptimizerStateDict } from "./state.ts";
