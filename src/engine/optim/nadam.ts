// NAdam: Adam that looks ahead along its momentum.
import { place } from "../memory/heap.ts";
import { power } from "../scalar.ts";
import type { Tensor } from "../tensor.ts";
import {
  advance,
  checkMomentOptions,
  createMoments,
  type MomentOptions,
  type MomentState,
} from "./moments.ts";
import { checkRate, checkSwitches } from "./options.ts";
import type { Parameters } from "./optimizer.ts";
import { PerParameterOptimizer, kernelsOf } from "./per-parameter.ts";

export interface NAdamOptions extends MomentOptions {
  /** Learning rate η. Default 0.002. */
  lr: number;
  /** How slowly the momentum μₜ rises to β₁, ψ. Default 0.004. */
  momentumDecay: number;
  /** Let the decay shrink p by lr·weightDecay, as in AdamW, instead of joining the gradient. Default false. */
  decoupledWeightDecay: boolean;
}

interface NAdamState extends MomentState {
  /** μ₁·μ₂·…·μₜ. */
  muProduct: number;
}

const defaults: NAdamOptions = {
  lr: 0.002,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 0.004,
  decoupledWeightDecay: false,
  maximize: false,
};

/**
 * NAdam (Dozat, 2016): Adam with Nesterov's momentum, in PyTorch's form. With m and v as in Adam,
 *
 *     μₜ = β₁(1 − ½·0.96^(t·ψ))
 *     p ← p − lr·( (1 − μₜ)/(1 − μ₁⋯μₜ)·g + μₜ₊₁/(1 − μ₁⋯μₜ₊₁)·m ) / (√v̂ + ε)
 */
export class NAdam extends PerParameterOptimizer<NAdamOptions, NAdamState> {
  constructor(parameters: Parameters<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super("optim.NAdam", parameters, options, defaults);
  }

  protected override checkOptions(options: NAdamOptions): void {
    checkMomentOptions("optim.NAdam", options);
    checkRate("optim.NAdam", "momentumDecay", options.momentumDecay);
    checkSwitches("optim.NAdam", options, ["decoupledWeightDecay"]);
  }

  protected override createState(parameter: Tensor): NAdamState {
    return { ...createMoments(parameter), muProduct: 1 };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: NAdamState,
    options: NAdamOptions,
  ): void {
    const { storage } = parameter;
    const { expAvg, expAvgSq } = state;
    const { lr, betas, weightDecay, momentumDecay, decoupledWeightDecay } = options;
    advance(state, betas);
    const mu = betas[0] * (1 - 0.5 * power(0.96, state.step * momentumDecay));
    const next = betas[0] * (1 - 0.5 * power(0.96, (state.step + 1) * momentumDecay));
    state.muProduct *= mu;
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
      options.eps,
      (lr * next) / (1 - state.muProduct * next),
      (lr * (1 - mu)) / (1 - state.muProduct),
      Math.sqrt(1 - state.power2),
      decoupledWeightDecay ? 0 : weightDecay,
      decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      options.maximize ? -1 : 1,
    );
  }
}
