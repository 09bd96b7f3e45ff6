// RMSprop: steps scaled by a running root mean square of the gradient.
import { checkNumber } from "../errors.ts";
import { place, type Storage } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import { checkRates, checkSwitches } from "./options.ts";
import type { Parameters } from "./optimizer.ts";
import { PerParameterOptimizer, filled, kernelsOf } from "./per-parameter.ts";

export interface RMSpropOptions {
  /** Learning rate η. Default 0.01. */
  lr: number;
  /** Decay rate of the running mean of squares, in [0, 1]. Default 0.99. */
  alpha: number;
  /** Added to the root, ε. Default 1e-8. */
  eps: number;
  /** L2 penalty: weightDecay·p joins the gradient. Default 0. */
  weightDecay: number;
  /** Factor for the previous step. Default 0. */
  momentum: number;
  /** Scale by the standard deviation: take the squared mean gradient from the mean square. Default false. */
  centered: boolean;
  /** Go uphill. Default false. */
  maximize: boolean;
}

interface RMSpropState {
  /** Steps so far. */
  step: number;
  /** The running mean of g², v. */
  squareAvg: Storage;
  /** The running mean of g; null before the first centered step. */
  gradAvg: Storage | null;
  /** The running sum of scaled gradients, b; null before the first step with momentum. */
  momentumBuffer: Storage | null;
}

const defaults: RMSpropOptions = {
  lr: 0.01,
  alpha: 0.99,
  eps: 1e-8,
  weightDecay: 0,
  momentum: 0,
  centered: false,
  maximize: false,
};

/**
 * RMSprop (Hinton, 2012, lecture 6e), PyTorch's form:
 *
 *     v ← αv + (1 − α)g²,   σ = √v + ε           (centered: ḡ ← αḡ + (1 − α)g,  σ = √(v − ḡ²) + ε)
 *     p ← p − lr·g/σ                              (momentum: b ← momentum·b + g/σ,  p ← p − lr·b)
 *
 * v starts from 0, so the first steps are 1/√(1 − α) times too long; the lectures start it from g₀²: LectureRMSProp.
 * Where rounding makes v − ḡ² negative it counts as 0 (PyTorch gives NaN).
 */
export class RMSprop extends PerParameterOptimizer<RMSpropOptions, RMSpropState> {
  constructor(parameters: Parameters<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super("optim.RMSprop", parameters, options, defaults);
  }

  protected override checkOptions(options: RMSpropOptions): void {
    checkRates("optim.RMSprop", options, ["lr", "eps", "weightDecay", "momentum"]);
    checkNumber("optim.RMSprop", "alpha", options.alpha, { min: 0, max: 1 });
    checkSwitches("optim.RMSprop", options, ["centered", "maximize"]);
  }

  protected override createState({ storage }: Tensor): RMSpropState {
    return { step: 0, squareAvg: filled(storage), gradAvg: null, momentumBuffer: null };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: RMSpropState,
    options: RMSpropOptions,
  ): void {
    const { storage } = parameter;
    const { squareAvg } = state;
    const mean = options.centered ? (state.gradAvg ??= filled(storage)) : null;
    const buffer = options.momentum > 0 ? (state.momentumBuffer ??= filled(storage)) : null;
    state.step++;
    place(storage, gradient.storage, squareAvg, mean ?? storage, buffer ?? storage);
    kernelsOf(storage).rms(
      storage.address,
      gradient.storage.address,
      squareAvg.address,
      mean === null ? 0 : mean.address,
      buffer === null ? 0 : buffer.address,
      storage.length,
      options.alpha,
      1 - options.alpha,
      1,
      options.eps,
      options.lr,
      options.momentum,
      options.weightDecay,
      options.maximize ? -1 : 1,
    );
  }
}
