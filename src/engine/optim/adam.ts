// Adam and AdamW: steps scaled by running means of the gradient and of its square.
import { place, type Storage } from "../memory/heap.ts";
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
import { PerParameterOptimizer, filled, kernelsOf } from "./per-parameter.ts";

export interface AdamOptions extends MomentOptions {
  /** Learning rate η. Default 0.001. */
  lr: number;
  /** Adam: an L2 penalty that joins the gradient (default 0). AdamW: shrinks p by lr·weightDecay (default 0.01). */
  weightDecay: number;
  /** Use the largest v so far (Reddi et al., 2018). Default false. */
  amsgrad: boolean;
}

interface AdamState extends MomentState {
  /** The largest v so far; null before the first step with AMSGrad. */
  maxExpAvgSq: Storage | null;
}

const defaults: AdamOptions = {
  lr: 0.001,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
};

/**
 * Adam (Kingma and Ba, 2014):
 *
 *     m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g²
 *     p ← p − lr·m̂/(√v̂ + ε),   m̂ = m/(1 − β₁ᵗ),   v̂ = v/(1 − β₂ᵗ)
 */
export class Adam extends PerParameterOptimizer<AdamOptions, AdamState> {
  readonly #decoupled: boolean;

  constructor(parameters: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(new.target.title, parameters, options, new.target.defaults);
    this.#decoupled = new.target.decoupled;
  }

  protected static readonly title: string = "optim.Adam";
  protected static readonly defaults: AdamOptions = defaults;
  /** Does the decay shrink the parameter itself instead of joining the gradient? */
  protected static readonly decoupled: boolean = false;

  protected override checkOptions(options: AdamOptions): void {
    checkMomentOptions(this.owner, options);
    checkSwitches(this.owner, options, ["amsgrad"]);
  }

  protected override createState(parameter: Tensor): AdamState {
    return { ...createMoments(parameter), maxExpAvgSq: null };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: AdamState,
    options: AdamOptions,
  ): void {
    const { storage } = parameter;
    const { expAvg, expAvgSq } = state;
    const { lr, betas, weightDecay } = options;
    advance(state, betas);
    const largest = options.amsgrad ? (state.maxExpAvgSq ??= filled(storage)) : null;
    place(storage, gradient.storage, expAvg, expAvgSq, largest ?? storage);
    kernelsOf(storage).adam(
      storage.address,
      gradient.storage.address,
      expAvg.address,
      expAvgSq.address,
      largest === null ? 0 : largest.address,
      storage.length,
      betas[0],
      betas[1],
      options.eps,
      lr / (1 - state.power1),
      0,
      Math.sqrt(1 - state.power2),
      this.#decoupled ? 0 : weightDecay,
      this.#decoupled ? 1 - lr * weightDecay : 1,
      options.maximize ? -1 : 1,
    );
  }
}

/** Adam with the weight decay taken out of the gradient: p ← p·(1 − lr·weightDecay) first (Loshchilov and Hutter, 2017). */
export class AdamW extends Adam {
  protected static override readonly title: string = "optim.AdamW";
  protected static override readonly defaults: AdamOptions = { ...defaults, weightDecay: 0.01 };
  protected static override readonly decoupled: boolean = true;
}
