// The rest of the namespace `analysis`.
export { findCriticalPoint, type CriticalPointOptions, type CriticalPointSearch } from "./critical.ts";
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
