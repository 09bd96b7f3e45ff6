// The optimisers as the lectures write them down. They stand beside PyTorch's under their own names, because the formulas
// differ: where the rate stands, whether squares are summed or averaged, what the averages start from.
export { LectureAdam, type LectureAdamOptions } from "./adam.ts";
export { LectureMomentum, type LectureMomentumOptions } from "./momentum.ts";
export {
  LectureAdagrad,
  LectureRMSProp,
  LectureSumAdagrad,
  type LectureAdagradOptions,
  type LectureRMSPropOptions,
  type LectureSumAdagradOptions,
} from "./root-mean-square.ts";
