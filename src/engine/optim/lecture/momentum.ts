// Momentum as the lectures write it: the rate inside.
import { place, type Storage } from "../../memory/heap.ts";
import { Tensor } from "../../tensor.ts";
import { checkRates } from "../options.ts";
import type { Parameters } from "../optimizer.ts";
import { PerParameterOptimizer, filled, kernelsOf } from "../per-parameter.ts";

export interface LectureMomentumOptions {
  /** Learning rate η. Default 0.001. */
  lr: number;
  /** Factor λ for the previous movement. Default 0.9. */
  momentum: number;
}

interface MovementState {
  /** The movement m. */
  movement: Storage;
}

/**
 * Gradient descent with momentum, the lectures' form:
 *
 *     m ← λm − ηg,   p ← p + m
 *
 * optim.SGD (PyTorch) keeps the rate outside: b ← λb + g, p ← p − ηb. With a constant rate both take the same steps. When the
 * rate changes, this form still moves by old gradients at their old rate, PyTorch's at the new one.
 */
export class LectureMomentum extends PerParameterOptimizer<LectureMomentumOptions, MovementState> {
  constructor(parameters: Parameters<LectureMomentumOptions>, options: Partial<LectureMomentumOptions> = {}) {
    super("optim.LectureMomentum", parameters, options, { lr: 0.001, momentum: 0.9 });
  }

  /** m of the last step, shape of the parameter; null before the first. */
  movement(parameter: Tensor): Tensor | null {
    const state = this.memoryOf(parameter);
    return state === null ? null : new Tensor(state.movement, parameter.shape).clone();
  }

  protected override checkOptions(options: LectureMomentumOptions): void {
    checkRates("optim.LectureMomentum", options, ["lr", "momentum"]);
  }

  protected override createState({ storage }: Tensor): MovementState {
    return { movement: filled(storage) };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    { movement }: MovementState,
    options: LectureMomentumOptions,
  ): void {
    const { storage } = parameter;
    place(storage, gradient.storage, movement);
    // SGD's kernel with −η as the gradient's share and −1 as its rate.
    kernelsOf(storage).sgd(
      storage.address,
      gradient.storage.address,
      movement.address,
      storage.length,
      -1,
      options.momentum,
      -options.lr,
      0,
      1,
      0,
      0,
    );
  }
}
