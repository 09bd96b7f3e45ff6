// The namespace `nn.functional`: layers without parameters, activations and losses as plain functions of tensors.
export { linear } from "../ops/matmul.ts";
export { oneHot } from "../ops/indexing.ts";
export { conv1d, conv2d } from "../ops/conv.ts";
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool2d,
  maxPool1d,
  maxPool2d,
} from "../ops/pool.ts";
export { batchNorm, groupNorm, layerNorm } from "./functional-norm.ts";
export { dropout, dropout1d, dropout2d } from "./functional-dropout.ts";
export { embedding } from "./functional-embedding.ts";
export * from "./functional-activations.ts";
export * from "./functional-losses.ts";
