// The rest of the namespace `autograd`.
export { gradcheck, gradgradcheck, type GradcheckOptions, type TensorFunction } from "./gradcheck.ts";
export * as functional from "./functional.ts";
