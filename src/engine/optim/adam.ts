// Adam and AdamW: steps scaled by running means of the gradient and of its square.
import type { FloatDtype } from "../dtype.ts";
import { OptionError, checkNumber } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { place, type Storage } from "../memory/heap.ts";
import { Tensor } from "../tensor.ts";
import { Optimizer, type Parameters } from "./optimizer.ts";

export interface AdamOptions {
  /** Learning rate η. Default 0.001. */
  lr: number;
  /** Decay rates β₁, β₂ of the running means of g and g². Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the root, ε. Default 1e-8. */
  eps: number;
  /** Adam: an L2 penalty that joins the gradient (default 0). AdamW: shrinks p by lr·weightDecay (default 0.01). */
  weightDecay: number;
  /** Use the largest v so far (Reddi et al., 2018). Default false. */
  amsgrad: boolean;
  /** Go uphill. Default false. */
  maximize: boolean;
}

interface AdamState {
  first: Storage;
  second: Storage;
  /** The largest second moment so far, for AMSGrad. */
  largest: Storage | null;
  /** β₁ᵗ and β₂ᵗ by repeated multiplication, which gives the same bits everywhere. */
  power1: number;
  power2: number;
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
export class Adam extends Optimizer<AdamOptions, AdamState> {
  readonly #decoupled: boolean;

  constructor(parameters: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(new.target.owner, parameters, options, new.target.defaults);
    this.#decoupled = new.target.decoupled;
  }

  protected static readonly owner: string = "optim.Adam";
  protected static readonly defaults: AdamOptions = defaults;
  /** Does the decay shrink the parameter itself instead of joining the gradient? */
  protected static readonly decoupled: boolean = false;

  protected override checkOptions(options: AdamOptions): void {
    const owner = (this.constructor as typeof Adam).owner;
    for (const name of ["lr", "eps", "weightDecay"] as const)
      checkNumber(owner, name, options[name], { min: 0 });
    const { betas } = options;
    if (!Array.isArray(betas) || betas.length !== 2) {
      throw new OptionError(`${owner}: betas must be two numbers [β₁, β₂], e.g. [0.9, 0.999].`);
    }
    for (const beta of betas) checkNumber(owner, "each of betas", beta, { min: 0, below: 1 });
  }

  protected override createState({ storage }: Tensor, options: AdamOptions): AdamState {
    const zeros = () => Tensor.full([storage.length], 0, storage.dtype).storage;
    return {
      first: zeros(),
      second: zeros(),
      largest: options.amsgrad ? zeros() : null,
      power1: 1,
      power2: 1,
    };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: AdamState,
    options: AdamOptions,
  ): void {
    const { storage } = parameter;
    const { first, second, largest } = state;
    const [beta1, beta2] = options.betas;
    state.power1 *= beta1;
    state.power2 *= beta2;
    place(storage, gradient.storage, first, second, largest ?? storage);
    kernels[storage.dtype as FloatDtype].adam(
      storage.address,
      gradient.storage.address,
      first.address,
      second.address,
      largest === null ? 0 : largest.address,
      storage.length,
      beta1,
      beta2,
      options.eps,
      options.lr / (1 - state.power1),
      Math.sqrt(1 - state.power2),
      this.#decoupled ? 0 : options.weightDecay,
      this.#decoupled ? 1 - options.lr * options.weightDecay : 1,
      options.maximize ? -1 : 1,
    );
  }
}

/** Adam with the weight decay taken out of the gradient: p ← p·(1 − lr·weightDecay) first (Loshchilov and Hutter, 2017). */
export class AdamW extends Adam {
  protected static override readonly owner: string = "optim.AdamW";
  protected static override readonly defaults: AdamOptions = { ...defaults, weightDecay: 0.01 };
  protected static override readonly decoupled: boolean = true;
}
