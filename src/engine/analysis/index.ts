// The namespace `analysis`: looking at an error surface and at the way optimisers move over it.
export { gradient, gradientNorm, ofModel, type ScalarFunction } from "./function.ts";
export {
  classifyCriticalPoint,
  hessian,
  hessianProduct,
  hvp,
  minimumRatio,
  type CriticalPoint,
  type CriticalPointKind,
  type LinearMap,
} from "./curvature.ts";
export {
  extremeEigenpairs,
  extremeEigenvalues,
  powerIteration,
  type Eigenpair,
  type LanczosOptions,
  type PowerIterationOptions,
} from "./spectrum.ts";
export {
  errorSurface,
  errorSurfaceAlong,
  type DirectionOptions,
  type Grid,
  type SurfaceOptions,
} from "./surface.ts";
export { trajectory, type Stepper, type Trajectory, type TrajectoryOptions } from "./trajectory.ts";
