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
export { findCriticalPoint, type CriticalPointOptions, type CriticalPointSearch } from "./critical.ts";
export {
  eigenpairs,
  extremeEigenpairs,
  extremeEigenvalues,
  powerIteration,
  type Eigenpair,
  type Eigenpairs,
  type EigenpairsOptions,
  type LanczosOptions,
  type PowerIterationOptions,
} from "./spectrum.ts";
export {
  spectralDensity,
  trace,
  type SpectralDensity,
  type SpectralDensityOptions,
  type TraceEstimate,
  type TraceOptions,
} from "./density.ts";
export {
  averageSharpness,
  epsilonSharpness,
  samSharpness,
  sharpness,
  stabilityThreshold,
  type AscentOptions,
  type AverageSharpnessOptions,
  type BallSharpness,
} from "./sharpness.ts";
export { gradientNoise, type GradientNoise, type GradientNoiseOptions } from "./noise.ts";
export {
  pcaDirections,
  project,
  randomDirections,
  type Pca,
  type PcaOptions,
  type Points,
  type RandomDirectionsOptions,
} from "./directions.ts";
export { interpolate, lossAlong, type Curve, type LineOptions } from "./line.ts";
export {
  errorSurface,
  errorSurfaceAlong,
  type DirectionOptions,
  type Grid,
  type SurfaceOptions,
} from "./surface.ts";
export { lossSurface, type LossSurfaceOptions } from "./loss-surface.ts";
export {
  TrajectoryRecorder,
  trajectory,
  type ProjectionOptions,
  type Stepper,
  type Trajectory,
  type TrajectoryOptions,
  type TrajectoryRecorderOptions,
} from "./trajectory.ts";
