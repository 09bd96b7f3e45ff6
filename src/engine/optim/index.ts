// The namespace `optim`.
export { Adam, AdamW, type AdamOptions } from "./adam.ts";
export { Optimizer, type ParameterGroup, type Parameters } from "./optimizer.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
