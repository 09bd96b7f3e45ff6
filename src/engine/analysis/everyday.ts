// What most lessons use of the namespace `analysis`: a page loads it without the rest (runtime/parts.ts).
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
  errorSurface,
  errorSurfaceAlong,
  type DirectionOptions,
  type Grid,
  type SurfaceOptions,
} from "./surface.ts";
