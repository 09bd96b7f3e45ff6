// Adagrad: each number's steps shrink by the root of the sum of its squared gradients.
import { place, type Storage } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import { checkRates, checkSwitches } from "./options.ts";
import type { Parameters } from "./optimizer.ts";
import { PerParameterOptimizer, filled, kernelsOf } from "./per-parameter.ts";

export interface AdagradOptions {
  /** Learning rate η. Default 0.01. */
  lr: number;
  /** The rate of step t (from 0) is lr/(1 + lrDecay·t). Default 0. */
  lrDecay: number;
  /** L2 penalty: weightDecay·p joins the gradient. Default 0. */
  weightDecay: number;
  /** What the sum of squares starts from. Default 0. */
  initialAccumulatorValue: number;
  /** Added to the root, ε. Default 1e-10. */
  eps: number;
  /** Go uphill. Default false. */
  maximize: boolean;
}

interface AdagradState {
  /** Steps so far. */
  step: number;
  /** The sum of squared gradients, S. */
  sum: Storage;
}

const defaults: AdagradOptions = {
  lr: 0.01,
  lrDecay: 0,
  weightDecay: 0,
  initialAccumulatorValue: 0,
  eps: 1e-10,
  maximize: false,
};

/**
 * Adagrad (Duchi, Hazan and Singer, 2011):
 *
 *     S ← S + g²
 *     p ← p − lr/(1 + lrDecay·t)·g/(√S + ε)
 *
 * The lectures first show it with the mean in place of the sum: LectureAdagrad.
 */
export class Adagrad extends PerParameterOptimizer<AdagradOptions, AdagradState> {
  constructor(parameters: Parameters<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super("optim.Adagrad", parameters, options, defaults);
  }

  protected override checkOptions(options: AdagradOptions): void {
    const rates = ["lr", "lrDecay", "weightDecay", "initialAccumulatorValue", "eps"] as const;
    checkRates("optim.Adagrad", options, [...rates]);
    checkSwitches("optim.Adagrad", options, ["maximize"]);
  }

  protected override createState({ storage }: Tensor, options: AdagradOptions): AdagradState {
    return { step: 0, sum: filled(storage, options.initialAccumulatorValue) };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: AdagradState,
    options: AdagradOptions,
  ): void {
    const { storage } = parameter;
    const { sum } = state;
    const lr = options.lr / (1 + state.step * options.lrDecay);
    state.step++;
    place(storage, gradient.storage, sum);
    kernelsOf(storage).rms(
      storage.address,
      gradient.storage.address,
      sum.address,
      0,
      0,
      storage.length,
      1,
      1,
      1,
      options.eps,
      lr,
      0,
      options.weightDecay,
      options.maximize ? -1 : 1,
    );
  }
}
