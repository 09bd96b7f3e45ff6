// Adam as the lectures write it, with and without bias correction.
import { place } from "../../memory/heap.ts";
import { Tensor } from "../../tensor.ts";
import { advance, createMoments, type MomentState } from "../moments.ts";
import { checkBetas, checkRates, checkSwitches } from "../options.ts";
import type { Parameters } from "../optimizer.ts";
import { PerParameterOptimizer, kernelsOf } from "../per-parameter.ts";

export interface LectureAdamOptions {
  /** Learning rate η. Default 0.001. */
  lr: number;
  /** Decay rates β₁, β₂ of the running means of g and g². Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to σ, ε. Default 1e-8. */
  eps: number;
  /** Divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ, which makes up for their start from 0. Default true. */
  biasCorrection: boolean;
}

/**
 * Adam as RMSProp with momentum, with or without bias correction:
 *
 *     m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g²,   σ = √v̂,   p ← p − η·m̂/(σ + ε)
 *
 * With bias correction it is optim.Adam. Without (m̂ = m, v̂ = v) the first steps are up to 6.6 times too long: a common
 * mistake, worth seeing.
 */
export class LectureAdam extends PerParameterOptimizer<LectureAdamOptions, MomentState> {
  constructor(parameters: Parameters<LectureAdamOptions>, options: Partial<LectureAdamOptions> = {}) {
    const defaults: LectureAdamOptions = { lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, biasCorrection: true };
    super("optim.LectureAdam", parameters, options, defaults);
  }

  /** σ of the last step (without ε), shape of the parameter; null before the first step. */
  sigma(parameter: Tensor): Tensor | null {
    const state = this.memoryOf(parameter);
    if (state === null) return null;
    const { biasCorrection } = this.groups.find(({ params }) => params.includes(parameter))!;
    return new Tensor(state.expAvgSq, parameter.shape).div(biasCorrection ? 1 - state.power2 : 1).sqrt();
  }

  protected override checkOptions(options: LectureAdamOptions): void {
    checkRates("optim.LectureAdam", options, ["lr", "eps"]);
    checkBetas("optim.LectureAdam", options.betas);
    checkSwitches("optim.LectureAdam", options, ["biasCorrection"]);
  }

  protected override createState(parameter: Tensor): MomentState {
    return createMoments(parameter);
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: MomentState,
    options: LectureAdamOptions,
  ): void {
    const { storage } = parameter;
    const { expAvg, expAvgSq } = state;
    const { lr, betas, biasCorrection } = options;
    advance(state, betas);
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
      biasCorrection ? lr / (1 - state.power1) : lr,
      0,
      biasCorrection ? Math.sqrt(1 - state.power2) : 1,
      0,
      1,
      1,
    );
  }
}
