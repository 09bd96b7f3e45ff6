// The namespace `autograd`.
export { grad, type GradOptions } from "./backward.ts";
export { detectAnomaly, enableGrad, isRecording as isGradEnabled, noGrad } from "./tape.ts";
