// What the core of the engine has of the namespace `autograd`; the rest is a part (runtime/parts.ts).
export { grad, type GradOptions } from "./backward.ts";
export { detectAnomaly, enableGrad, isRecording as isGradEnabled, noGrad } from "./tape.ts";
