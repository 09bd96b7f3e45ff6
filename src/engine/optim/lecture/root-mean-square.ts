// Rates divided by a root of squared gradients, as the lectures write them: LectureAdagrad (the mean of all squares),
// LectureSumAdagrad (their sum), LectureRMSProp (a running mean that starts from the first square).
import { checkNumber } from "../../errors.ts";
import { place, type Storage } from "../../memory/heap.ts";
import { Tensor } from "../../tensor.ts";
import { checkRates, checkSwitches } from "../options.ts";
import type { Parameters } from "../optimizer.ts";
import { PerParameterOptimizer, filled, kernelsOf } from "../per-parameter.ts";

interface SquaresState {
  /** Steps so far, t. */
  step: number;
  /** The sum or the running mean of squared gradients. */
  squares: Storage;
}

/** p ← p − rate·g/(σ + ε), σ = √(scale·squares), squares ← keep·squares + gain·g². */
interface Rule {
  keep: number;
  gain: number;
  scale: number;
  rate: number;
}

/** What the lectures' adaptive rates have in common: a rule for each step. */
abstract class RootMeanSquare<Options extends { lr: number; eps: number }> extends PerParameterOptimizer<
  Options,
  SquaresState
> {
  /** The rule of step t = 0, 1, … */
  protected abstract rule(t: number, options: Options): Rule;

  /** σ of the last step (without ε), shape of the parameter; null before the first step. */
  sigma(parameter: Tensor): Tensor | null {
    const state = this.memoryOf(parameter);
    if (state === null) return null;
    const options = this.groups.find(({ params }) => params.includes(parameter))!;
    const { scale } = this.rule(state.step - 1, options);
    return new Tensor(state.squares, parameter.shape).mul(scale).sqrt();
  }

  protected override createState({ storage }: Tensor): SquaresState {
    return { step: 0, squares: filled(storage) };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: SquaresState,
    options: Options,
  ): void {
    const { storage } = parameter;
    const { squares } = state;
    const { keep, gain, scale, rate } = this.rule(state.step, options);
    state.step++;
    place(storage, gradient.storage, squares);
    kernelsOf(storage).rms(
      storage.address,
      gradient.storage.address,
      squares.address,
      0,
      0,
      storage.length,
      keep,
      gain,
      scale,
      options.eps,
      rate,
      0,
      0,
      1,
    );
  }
}

export interface LectureAdagradOptions {
  /** Learning rate η. Default 0.01. */
  lr: number;
  /** Added to σ, ε. Default 1e-8. */
  eps: number;
  /** Divide the rate of step t = 0, 1, … by √(t + 1). Default false. */
  inverseSqrtDecay: boolean;
}

/**
 * Root mean square scaling, what the lectures call Adagrad:
 *
 *     σₜ = √( (g₀² + … + gₜ²)/(t + 1) ),   p ← p − η·g/(σₜ + ε)
 *
 * optim.Adagrad (PyTorch, and the paper) takes the sum in place of the mean. With `inverseSqrtDecay` the rate is
 * ηₜ = η/√(t + 1), and √(t + 1) cancels: that is the sum again (LectureSumAdagrad), up to ε and rounding.
 */
export class LectureAdagrad extends RootMeanSquare<LectureAdagradOptions> {
  constructor(parameters: Parameters<LectureAdagradOptions>, options: Partial<LectureAdagradOptions> = {}) {
    const defaults = { lr: 0.01, eps: 1e-8, inverseSqrtDecay: false };
    super("optim.LectureAdagrad", parameters, options, defaults);
  }

  protected override checkOptions(options: LectureAdagradOptions): void {
    checkRates("optim.LectureAdagrad", options, ["lr", "eps"]);
    checkSwitches("optim.LectureAdagrad", options, ["inverseSqrtDecay"]);
  }

  protected override rule(t: number, { lr, inverseSqrtDecay }: LectureAdagradOptions): Rule {
    const rate = inverseSqrtDecay ? lr / Math.sqrt(t + 1) : lr;
    return { keep: 1, gain: 1, scale: 1 / (t + 1), rate };
  }
}

export interface LectureSumAdagradOptions {
  /** Learning rate η. Default 0.01. */
  lr: number;
  /** Added to σ, ε. Default 1e-8. */
  eps: number;
}

/**
 * Adagrad with the sum of squares, as the lectures derive it from the mean:
 *
 *     σₜ = √(g₀² + … + gₜ²),   p ← p − η·g/(σₜ + ε)
 *
 * optim.Adagrad (PyTorch) is the same with ε = 1e-10, and has more options.
 */
export class LectureSumAdagrad extends RootMeanSquare<LectureSumAdagradOptions> {
  constructor(
    parameters: Parameters<LectureSumAdagradOptions>,
    options: Partial<LectureSumAdagradOptions> = {},
  ) {
    super("optim.LectureSumAdagrad", parameters, options, { lr: 0.01, eps: 1e-8 });
  }

  protected override checkOptions(options: LectureSumAdagradOptions): void {
    checkRates("optim.LectureSumAdagrad", options, ["lr", "eps"]);
  }

  protected override rule(_: number, { lr }: LectureSumAdagradOptions): Rule {
    return { keep: 1, gain: 1, scale: 1, rate: lr };
  }
}

export interface LectureRMSPropOptions {
  /** Learning rate η. Default 0.01. */
  lr: number;
  /** Weight of the past, α in [0, 1]. Default 0.9. */
  alpha: number;
  /** Added to σ, ε. Default 1e-8. */
  eps: number;
}

/**
 * RMSProp, the lectures' form:
 *
 *     σ₀ = |g₀|,   σₜ = √(α·σₜ₋₁² + (1 − α)·gₜ²),   p ← p − η·g/(σₜ + ε)
 *
 * optim.RMSprop (PyTorch) starts from σ = 0 instead, so its first step is 1/√(1 − α) times as long; its α is 0.99 by default.
 */
export class LectureRMSProp extends RootMeanSquare<LectureRMSPropOptions> {
  constructor(parameters: Parameters<LectureRMSPropOptions>, options: Partial<LectureRMSPropOptions> = {}) {
    super("optim.LectureRMSProp", parameters, options, { lr: 0.01, alpha: 0.9, eps: 1e-8 });
  }

  protected override checkOptions(options: LectureRMSPropOptions): void {
    checkRates("optim.LectureRMSProp", options, ["lr", "eps"]);
    checkNumber("optim.LectureRMSProp", "alpha", options.alpha, { min: 0, max: 1 });
  }

  protected override rule(t: number, { lr, alpha }: LectureRMSPropOptions): Rule {
    return { keep: t === 0 ? 0 : alpha, gain: t === 0 ? 1 : 1 - alpha, scale: 1, rate: lr };
  }
}
