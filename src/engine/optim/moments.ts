// What Adam and its relatives remember: running means of the gradient and of its square, and how far those have settled.
import type { Storage } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import { checkBetas, checkRates, checkSwitches } from "./options.ts";
import { filled } from "./per-parameter.ts";

/** The options that all of them have. */
export interface MomentOptions {
  /** Learning rate η. */
  lr: number;
  /** Decay rates β₁, β₂ of the running means of g and g². Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the root, ε. Default 1e-8. */
  eps: number;
  /** L2 penalty: weightDecay·p joins the gradient. Default 0. */
  weightDecay: number;
  /** Go uphill. Default false. */
  maximize: boolean;
}

export interface MomentState {
  /** Steps so far, t. */
  step: number;
  /** β₁ᵗ and β₂ᵗ by repeated multiplication, which gives the same bits everywhere. */
  power1: number;
  power2: number;
  /** The running mean of the gradient, m. */
  expAvg: Storage;
  /** The running mean of its square, v. */
  expAvgSq: Storage;
}

export function checkMomentOptions(owner: string, options: MomentOptions): void {
  checkRates(owner, options, ["lr", "eps", "weightDecay"]);
  checkBetas(owner, options.betas);
  checkSwitches(owner, options, ["maximize"]);
}

export function createMoments({ storage }: Tensor): MomentState {
  return { step: 0, power1: 1, power2: 1, expAvg: filled(storage), expAvgSq: filled(storage) };
}

/** Counts a step. */
export function advance(
  state: { step: number; power1: number; power2: number },
  betas: readonly [number, number],
): void {
  state.step++;
  state.power1 *= betas[0];
  state.power2 *= betas[1];
}
