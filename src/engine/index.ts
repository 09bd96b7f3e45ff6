// The engine's public face: what `import … from "descent"` offers. Names are PyTorch's in TypeScript's case.
export * from "./core.ts";
// Each of these is a part, or has one, that a page fetches only for cells that import it: others stay small.
export * as autograd from "./autograd/index.ts";
export * as linalg from "./linalg/index.ts";
export * as nn from "./nn/index.ts";
export * as optim from "./optim/index.ts";
export * as data from "./data/index.ts";
export * as metrics from "./metrics/index.ts";
export * as analysis from "./analysis/index.ts";
export type { Grid } from "./analysis/surface.ts";
