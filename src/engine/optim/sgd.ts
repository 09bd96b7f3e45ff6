// Stochastic gradient descent with momentum.
import { OptionError, checkNumber } from "../errors.ts";
import { Storage, place } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import { checkRates, checkSwitches } from "./options.ts";
import type { Parameters } from "./optimizer.ts";
import { PerParameterOptimizer, kernelsOf } from "./per-parameter.ts";

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
  /** The running sum b; null before the first step with momentum. */
  momentumBuffer: Storage | null;
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
 * The lectures' momentum (LectureMomentum) gives the same steps as long as lr stays constant; when lr changes, that form
 * keeps the old rate inside its memory.
 */
export class SGD extends PerParameterOptimizer<SGDOptions, SGDState> {
  constructor(parameters: Parameters<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super("optim.SGD", parameters, options, defaults);
  }

  protected override checkOptions(options: SGDOptions): void {
    checkRates("optim.SGD", options, ["lr", "momentum", "weightDecay"]);
    checkNumber("optim.SGD", "dampening", options.dampening);
    checkSwitches("optim.SGD", options, ["nesterov", "maximize"]);
    if (options.nesterov && (options.momentum === 0 || options.dampening !== 0)) {
      throw new OptionError("optim.SGD: nesterov needs momentum > 0 and dampening 0.");
    }
  }

  protected override createState(): SGDState {
    return { momentumBuffer: null };
  }

  protected override update(parameter: Tensor, gradient: Tensor, state: SGDState, options: SGDOptions): void {
    const { storage } = parameter;
    const first = state.momentumBuffer === null;
    if (first && options.momentum !== 0) state.momentumBuffer = new Storage(storage.dtype, storage.length);
    const buffer = options.momentum === 0 ? null : state.momentumBuffer;
    place(storage, gradient.storage, buffer ?? storage);
    kernelsOf(storage).sgd(
      storage.address,
      gradient.storage.address,
      buffer === null ? 0 : buffer.address,
      storage.length,
      options.lr,
      options.momentum,
      1 - options.dampening,
      options.weightDecay,
      options.maximize ? -1 : 1,
      options.nesterov ? 1 : 0,
      first ? 1 : 0,
    );
  }
}
