// The namespace `optim.lrScheduler`.
export { ChainedScheduler, SequentialLR, type SequentialOptions } from "./compose.ts";
export {
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  type CosineAnnealingSettings,
  type WarmRestartsSettings,
} from "./cosine.ts";
export { CyclicLR, type CyclicSettings } from "./cyclic.ts";
export {
  ExponentialLR,
  MultiStepLR,
  StepLR,
  type ExponentialSettings,
  type MultiStepSettings,
  type StepSettings,
} from "./decay.ts";
export {
  ConstantLR,
  ConstantWarmupLR,
  GradualWarmupLR,
  InverseSqrtLR,
  LinearLR,
  PolynomialLR,
  type ConstantSettings,
  type ConstantWarmupSettings,
  type LinearSettings,
  type PolynomialSettings,
  type WarmupSettings,
} from "./factor.ts";
export { LambdaLR, MultiplicativeLR, type LambdaSettings, type LrLambda } from "./lambda.ts";
export { OneCycleLR, type OneCycleSettings } from "./one-cycle.ts";
export { ReduceLROnPlateau, type PlateauSettings } from "./plateau.ts";
export { LRScheduler, type AnyOptimizer, type ResumeOptions, type SchedulerStateDict } from "./scheduler.ts";
