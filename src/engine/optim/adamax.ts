// Adamax: Adam with the largest gradient in place of the root mean square.
import { place, type Storage } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import { checkMomentOptions, type MomentOptions } from "./moments.ts";
import type { Parameters } from "./optimizer.ts";
import { PerParameterOptimizer, filled, kernelsOf } from "./per-parameter.ts";

export interface AdamaxOptions extends MomentOptions {
  /** Learning rate η. Default 0.002. */
  lr: number;
}

interface AdamaxState {
  /** Steps so far, t. */
  step: number;
  /** β₁ᵗ by repeated multiplication. */
  power1: number;
  /** The running mean of the gradient, m. */
  expAvg: Storage;
  /** The fading largest gradient, u. */
  expInf: Storage;
}

const defaults: AdamaxOptions = {
  lr: 0.002,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  maximize: false,
};

/**
 * Adamax (Kingma and Ba, 2014, section 7.1):
 *
 *     m ← β₁m + (1 − β₁)g,   u ← max(β₂u, |g| + ε)
 *     p ← p − lr/(1 − β₁ᵗ)·m/u
 */
export class Adamax extends PerParameterOptimizer<AdamaxOptions, AdamaxState> {
  constructor(parameters: Parameters<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super("optim.Adamax", parameters, options, defaults);
  }

  protected override checkOptions(options: AdamaxOptions): void {
    checkMomentOptions("optim.Adamax", options);
  }

  protected override createState({ storage }: Tensor): AdamaxState {
    return { step: 0, power1: 1, expAvg: filled(storage), expInf: filled(storage) };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: AdamaxState,
    options: AdamaxOptions,
  ): void {
    const { storage } = parameter;
    const { expAvg, expInf } = state;
    const { betas } = options;
    state.step++;
    state.power1 *= betas[0];
    place(storage, gradient.storage, expAvg, expInf);
    kernelsOf(storage).adamax(
      storage.address,
      gradient.storage.address,
      expAvg.address,
      expInf.address,
      storage.length,
      betas[0],
      betas[1],
      options.eps,
      options.lr / (1 - state.power1),
      options.weightDecay,
      options.maximize ? -1 : 1,
    );
  }
}
