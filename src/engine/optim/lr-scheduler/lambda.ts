// Schedules by a function of the epoch.
import { OptionError, checkNumber, describe } from "../../errors.ts";
import { LRScheduler, type AnyOptimizer, type ResumeOptions } from "./scheduler.ts";

/** A factor for each epoch 0, 1, … */
export type LrLambda = (epoch: number) => number;

export interface LambdaSettings {
  /** The function, or a list with one for each parameter group. */
  lrLambda: LrLambda | readonly LrLambda[];
}

/** What both have in common: one function a group. */
abstract class ByFunction extends LRScheduler<LambdaSettings> {
  protected override checkSettings({ lrLambda }: LambdaSettings): void {
    const list: readonly unknown[] = Array.isArray(lrLambda) ? lrLambda : [lrLambda];
    const wrong = list.find((each) => typeof each !== "function");
    if (wrong !== undefined || list.length === 0) {
      throw new OptionError(
        `${this.owner}: lrLambda must be a function (epoch) => factor, or a list of them, not ${describe(wrong ?? lrLambda)}.`,
      );
    }
    const count = this.optimizer.paramGroups.length;
    if (Array.isArray(lrLambda) && list.length !== count) {
      throw new OptionError(
        `${this.owner}: lrLambda has ${list.length} functions, but the optimiser has ${count} parameter groups.`,
      );
    }
  }

  /** The factor of a group for this epoch. */
  protected factor(group: number): number {
    const { lrLambda } = this.settings;
    const lambda = typeof lrLambda === "function" ? lrLambda : lrLambda[group]!;
    const factor = lambda(this.lastEpoch);
    checkNumber(this.owner, `lrLambda(${this.lastEpoch})`, factor, { min: 0 });
    return factor;
  }
}

/** lrₜ = lr₀·lrLambda(t). The function is not saved in the state: give it again when you resume. */
export class LambdaLR extends ByFunction {
  constructor(optimizer: AnyOptimizer, options: LambdaSettings & ResumeOptions) {
    super("optim.lrScheduler.LambdaLR", optimizer, options, { lrLambda: undefined });
    this.start();
  }

  protected override nextLr(_: number, baseLr: number, group: number): number {
    return baseLr * this.factor(group);
  }
}

/** lrₜ = lrₜ₋₁·lrLambda(t), from t = 1 on. The function is not saved in the state: give it again when you resume. */
export class MultiplicativeLR extends ByFunction {
  constructor(optimizer: AnyOptimizer, options: LambdaSettings & ResumeOptions) {
    super("optim.lrScheduler.MultiplicativeLR", optimizer, options, { lrLambda: undefined });
    this.start();
  }

  /** It has no rate of its own to start from: it goes on from the present one. */
  override restart(): void {
    this.reset();
    this.start();
  }

  protected override nextLr(lr: number, _: number, group: number): number {
    return this.starting ? lr : lr * this.factor(group);
  }
}
