// Stochastic gradient descent with momentum.
import type { FloatDtype } from "../dtype.ts";
import { OptionError, checkNumber } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, place } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import { Optimizer, type Parameters } from "./optimizer.ts";

export interface SGDOptions {
  /** Learning rate η. Default 0.001. */
  lr: number;
  /** Factor λ for the previous step. Default 0. */
  momentum: number;
  /** Share of the gradient that does not enter the momentum. Default 0. */
  dampening: number;
  /** L2 penalty: weightDecay·p joins the gradient. Default 0. */
  weightDecay: number;
  /** Look ahead along the momentum (Nesterov, 1983). Default false. */
  nesterov: boolean;
  /** Go uphill. Default false. */
  maximize: boolean;
}

interface SGDState {
  /** The momentum buffer; null without momentum. */
  buffer: Storage | null;
  started: boolean;
}

const defaults: SGDOptions = {
  lr: 0.001,
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  maximize: false,
};

/**
 * Gradient descent, PyTorch's form:
 *
 *     g ← g + weightDecay·p
 *     b ← momentum·b + (1 − dampening)·g        (b ← g at the first step)
 *     p ← p − lr·b                               (nesterov: p − lr·(g + momentum·b))
 *
 * The lectures' momentum m ← λm − ηg, p ← p + m gives the same steps as long as lr stays constant; when lr changes, that
 * form keeps the old rate inside m.
 */
export class SGD extends Optimizer<SGDOptions, SGDState> {
  constructor(parameters: Parameters<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super("optim.SGD", parameters, options, defaults);
  }

  protected override checkOptions(options: SGDOptions): void {
    for (const name of ["lr", "momentum", "weightDecay"] as const) {
      checkNumber("optim.SGD", name, options[name], { min: 0 });
    }
    checkNumber("optim.SGD", "dampening", options.dampening);
    if (options.nesterov && (options.momentum === 0 || options.dampening !== 0)) {
      throw new OptionError("optim.SGD: nesterov needs momentum > 0 and dampening 0.");
    }
  }

  protected override createState(): SGDState {
    return { buffer: null, started: false };
  }

  protected override update(parameter: Tensor, gradient: Tensor, state: SGDState, options: SGDOptions): void {
    const { storage } = parameter;
    if (options.momentum !== 0 && state.buffer === null) {
      state.buffer = new Storage(storage.dtype, storage.length);
    }
    const buffer = options.momentum === 0 ? null : state.buffer;
    place(storage, gradient.storage, buffer ?? storage);
    kernels[storage.dtype as FloatDtype].sgd(
      storage.address,
      gradient.storage.address,
      buffer === null ? 0 : buffer.address,
      storage.length,
      options.lr,
      options.momentum,
      options.dampening,
      options.weightDecay,
      options.maximize ? -1 : 1,
      options.nesterov ? 1 : 0,
      state.started ? 0 : 1,
    );
    if (buffer !== null) state.started = true;
  }
}
