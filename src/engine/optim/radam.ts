// RAdam: Adam that waits with its scaling until there is enough to scale by.
import { place } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import {
  advance,
  checkMomentOptions,
  createMoments,
  type MomentOptions,
  type MomentState,
} from "./moments.ts";
import { checkSwitches } from "./options.ts";
import type { Parameters } from "./optimizer.ts";
import { PerParameterOptimizer, kernelsOf } from "./per-parameter.ts";

export interface RAdamOptions extends MomentOptions {
  /** Learning rate η. Default 0.001. */
  lr: number;
  /** Let the decay shrink p by lr·weightDecay, as in AdamW, instead of joining the gradient. Default false. */
  decoupledWeightDecay: boolean;
}

const defaults: RAdamOptions = {
  lr: 0.001,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
  maximize: false,
};

/**
 * Rectified Adam (Liu et al., 2019). ρₜ says how many gradients the mean v is worth:
 *
 *     ρ∞ = 2/(1 − β₂) − 1,   ρₜ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ)
 *     ρₜ > 5:  p ← p − lr·r·m̂·√(1 − β₂ᵗ)/(√v + ε),   r = √( (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ) )
 *     else:    p ← p − lr·m̂                            (the first five steps with β₂ = 0.999)
 *
 * with m, v and m̂ as in Adam. It warms up by itself.
 */
export class RAdam extends PerParameterOptimizer<RAdamOptions, MomentState> {
  constructor(parameters: Parameters<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super("optim.RAdam", parameters, options, defaults);
  }

  protected override checkOptions(options: RAdamOptions): void {
    checkMomentOptions("optim.RAdam", options);
    checkSwitches("optim.RAdam", options, ["decoupledWeightDecay"]);
  }

  protected override createState(parameter: Tensor): MomentState {
    return createMoments(parameter);
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: MomentState,
    options: RAdamOptions,
  ): void {
    const { storage } = parameter;
    const { expAvg, expAvgSq } = state;
    const { lr, betas, weightDecay, decoupledWeightDecay } = options;
    advance(state, betas);
    const most = 2 / (1 - betas[1]) - 1;
    const worth = most - (2 * state.step * state.power2) / (1 - state.power2);
    const scaled = worth > 5;
    const rectified = scaled
      ? Math.sqrt(((worth - 4) * (worth - 2) * most * (1 - state.power2)) / ((most - 4) * (most - 2) * worth))
      : 1;
    place(storage, gradient.storage, expAvg, expAvgSq);
    kernelsOf(storage).adam(
      storage.address,
      gradient.storage.address,
      expAvg.address,
      expAvgSq.address,
      0,
      storage.length,
      betas[0],
      betas[1],
      // √v/∞ + 1 = 1: the step without scaling.
      scaled ? options.eps : 1,
      (lr * rectified) / (1 - state.power1),
      0,
      scaled ? 1 : Infinity,
      decoupledWeightDecay ? 0 : weightDecay,
      decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      options.maximize ? -1 : 1,
    );
  }
}
