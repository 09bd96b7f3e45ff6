// What a sandbox always holds of the engine's public face: all but the namespaces that index.ts adds. Those reach a sandbox
// as parts of their own, when a cell imports them (runtime/parts.ts).
export {
  arange,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  rand,
  randint,
  randn,
  randperm,
  tensor,
  zeros,
  zerosLike,
  type RandomOptions,
  type TensorData,
  type TensorOptions,
} from "./create.ts";
export { Tensor, type NestedArray } from "./tensor.ts";
export type { Dtype } from "./dtype.ts";
export type { Shape } from "./shape.ts";
export { matmul, outer } from "./ops/matmul.ts";
export { addmm, baddbmm, bmm, cdist, dot, mm, mv } from "./ops/products.ts";
export { einsum } from "./ops/einsum.ts";
export { cat, flip, stack } from "./ops/layout.ts";
export { diag, meshgrid } from "./ops/rearrange.ts";
export { maximum, minimum, where } from "./ops/elementwise.ts";
export { allclose } from "./ops/functions.ts";
export { logsumexp, softmax, varMean } from "./ops/reduce.ts";
export { bincount, bucketize, histc, searchsorted } from "./ops/sort.ts";
export { enableGrad, noGrad } from "./autograd/tape.ts";
export { Generator, manualSeed } from "./random/generator.ts";
export * as autograd from "./autograd/everyday.ts";
export * as linalg from "./linalg/everyday.ts";
export { memoryUse, setMemoryLimit } from "./memory/heap.ts";
export { getNumThreads, setNumThreads, type WorkerLike } from "./memory/threads.ts";
export {
  AnomalyError,
  ConvergenceError,
  DtypeError,
  EngineError,
  GradientError,
  IndexError,
  MemoryError,
  OptionError,
  ShapeError,
  ValueError,
  type EngineErrorCode,
} from "./errors.ts";
