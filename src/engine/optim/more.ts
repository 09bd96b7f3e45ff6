// The rest of the namespace `optim`.
export { Adadelta, type AdadeltaOptions } from "./adadelta.ts";
export { Adagrad, type AdagradOptions } from "./adagrad.ts";
export { Adamax, type AdamaxOptions } from "./adamax.ts";
export { LBFGS, type LBFGSOptions } from "./lbfgs.ts";
export {
  LectureAdagrad,
  LectureAdam,
  LectureMomentum,
  LectureRMSProp,
  LectureSumAdagrad,
  type LectureAdagradOptions,
  type LectureAdamOptions,
  type LectureMomentumOptions,
  type LectureRMSPropOptions,
  type LectureSumAdagradOptions,
} from "./lecture/index.ts";
export * as lrScheduler from "./lr-scheduler/index.ts";
export { NAdam, type NAdamOptions } from "./nadam.ts";
export { RAdam, type RAdamOptions } from "./radam.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export { SWATS, type SWATSOptions, type SWATSProgress } from "./swats.ts";
