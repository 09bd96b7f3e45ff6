// Replays lecture_variants.json: the lectures' own update formulas on given gradients.
import { type Tensor, optim, tensor } from "../../../src/engine/index.ts";
import { type Check, type Written, compare } from "./numbers.ts";

interface Hyper {
  eta: number;
  lam: number;
  alpha: number;
  beta1: number;
  beta2: number;
}

interface LectureCase {
  id: string;
  hyper: Hyper;
  /** After each step. */
  params?: Written[][];
  /** σ of each step; m for the momentum. */
  sigma?: Written[][];
  /** SWATS: γ and Λ of each step. */
  gamma?: Written[];
  Lambda?: Written[];
}

export interface LectureSet {
  grads: number[][];
  x0: number[];
  cases: LectureCase[];
}

/** An optimiser and what it shows after a step. */
interface Variant {
  step: () => void;
  sigma: () => Tensor;
}

const eps = 1e-8;

const variants: Record<string, (x: Tensor, hyper: Hyper) => Variant> = {
  momentum_lecture: (x, { eta, lam }) => {
    const optimizer = new optim.LectureMomentum([x], { lr: eta, momentum: lam });
    return { step: () => optimizer.step(), sigma: () => optimizer.movement(x)! };
  },
  rms_mean: (x, { eta }) => scaled(x, new optim.LectureAdagrad([x], { lr: eta, eps })),
  adagrad_sum: (x, { eta }) => scaled(x, new optim.LectureSumAdagrad([x], { lr: eta, eps })),
  rms_mean_invsqrt_decay: (x, { eta }) =>
    scaled(x, new optim.LectureAdagrad([x], { lr: eta, eps, inverseSqrtDecay: true })),
  rmsprop_lecture: (x, { eta, alpha }) => scaled(x, new optim.LectureRMSProp([x], { lr: eta, alpha, eps })),
  adam: (x, { eta, beta1, beta2 }) =>
    scaled(x, new optim.LectureAdam([x], { lr: eta, betas: [beta1, beta2], eps })),
  adam_no_bias_correction: (x, { eta, beta1, beta2 }) =>
    scaled(x, new optim.LectureAdam([x], { lr: eta, betas: [beta1, beta2], eps, biasCorrection: false })),
};

function scaled(x: Tensor, optimizer: { step(): null; sigma(parameter: Tensor): Tensor | null }): Variant {
  return { step: () => optimizer.step(), sigma: () => optimizer.sigma(x)! };
}

/** All comparisons of a set. They are in double precision, as the files are. */
export function lectureChecks(set: LectureSet): Check[] {
  return set.cases.map((each) => ({
    name: each.id,
    run: () => (each.gamma === undefined ? replayVariant(each, set) : replaySWATS(each, set)),
  }));
}

function replayVariant(each: LectureCase, { grads, x0 }: LectureSet): void {
  const create = variants[each.id];
  if (create === undefined) throw new Error(`there is no optimiser for ${each.id}`);
  const x = tensor(x0, { dtype: "float64", requiresGrad: true });
  const variant = create(x, each.hyper);
  for (const [t, gradient] of grads.entries()) {
    x.grad = tensor(gradient, { dtype: "float64" });
    variant.step();
    compare(x.data, each.params![t]!, 1e-9, `${each.id}: parameters after step ${t}`);
    compare(variant.sigma().data, each.sigma![t]!, 1e-9, `${each.id}: σ of step ${t}`);
  }
}

function replaySWATS(each: LectureCase, { grads, x0 }: LectureSet): void {
  const { eta, beta1, beta2 } = each.hyper;
  const x = tensor(x0, { dtype: "float64", requiresGrad: true });
  // The file follows the bookkeeping without ever switching.
  const earliestSwitch = grads.length + 1;
  const optimizer = new optim.SWATS([x], { lr: eta, betas: [beta1, beta2], eps, earliestSwitch });
  for (const [t, gradient] of grads.entries()) {
    x.grad = tensor(gradient, { dtype: "float64" });
    optimizer.step();
    const { gamma, estimate } = optimizer.progress[0]!;
    compare([gamma ?? Number.NaN], [each.gamma![t]!], 1e-9, `${each.id}: γ of step ${t}`);
    compare([estimate ?? Number.NaN], [each.Lambda![t]!], 1e-9, `${each.id}: Λ of step ${t}`);
  }
}
