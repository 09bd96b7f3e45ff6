// Adadelta: steps in the unit of the parameter, from how far it has moved before.
import { checkNumber } from "../errors.ts";
import { place, type Storage } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import { checkRates, checkSwitches } from "./options.ts";
import type { Parameters } from "./optimizer.ts";
import { PerParameterOptimizer, filled, kernelsOf } from "./per-parameter.ts";

export interface AdadeltaOptions {
  /** Factor for the step. Default 1. */
  lr: number;
  /** Decay rate of both running means, in [0, 1]. Default 0.9. */
  rho: number;
  /** Added under both roots, ε. Default 1e-6. */
  eps: number;
  /** L2 penalty: weightDecay·p joins the gradient. Default 0. */
  weightDecay: number;
  /** Go uphill. Default false. */
  maximize: boolean;
}

interface AdadeltaState {
  /** Steps so far. */
  step: number;
  /** The running mean of g², v. */
  squareAvg: Storage;
  /** The running mean of squared steps, u. */
  accDelta: Storage;
}

const defaults: AdadeltaOptions = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false };

/**
 * Adadelta (Zeiler, 2012):
 *
 *     v ← ρv + (1 − ρ)g²,   d = √(u + ε)/√(v + ε)·g,   u ← ρu + (1 − ρ)d²
 *     p ← p − lr·d
 */
export class Adadelta extends PerParameterOptimizer<AdadeltaOptions, AdadeltaState> {
  constructor(parameters: Parameters<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super("optim.Adadelta", parameters, options, defaults);
  }

  protected override checkOptions(options: AdadeltaOptions): void {
    checkRates("optim.Adadelta", options, ["lr", "eps", "weightDecay"]);
    checkNumber("optim.Adadelta", "rho", options.rho, { min: 0, max: 1 });
    checkSwitches("optim.Adadelta", options, ["maximize"]);
  }

  protected override createState({ storage }: Tensor): AdadeltaState {
    return { step: 0, squareAvg: filled(storage), accDelta: filled(storage) };
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: AdadeltaState,
    options: AdadeltaOptions,
  ): void {
    const { storage } = parameter;
    const { squareAvg, accDelta } = state;
    state.step++;
    place(storage, gradient.storage, squareAvg, accDelta);
    kernelsOf(storage).adadelta(
      storage.address,
      gradient.storage.address,
      squareAvg.address,
      accDelta.address,
      storage.length,
      options.rho,
      options.eps,
      options.lr,
      options.weightDecay,
      options.maximize ? -1 : 1,
    );
  }
}
