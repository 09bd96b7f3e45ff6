// The namespace `autograd`.
export { grad, type GradOptions } from "./backward.ts";
export { gradcheck, gradgradcheck, type GradcheckOptions, type TensorFunction } from "./gradcheck.ts";
export { detectAnomaly, enableGrad, isRecording as isGradEnabled, noGrad } from "./tape.ts";
export * as functional from "./functional.ts";
