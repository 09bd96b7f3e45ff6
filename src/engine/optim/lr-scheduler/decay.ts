// Schedules that multiply the rate by a constant now and then: StepLR, MultiStepLR, ExponentialLR.
import { OptionError, checkNumber, describe } from "../../errors.ts";
import { checkRate } from "../options.ts";
import { LRScheduler, type AnyOptimizer, type ResumeOptions } from "./scheduler.ts";

export interface StepSettings {
  /** Epochs from one drop to the next. */
  stepSize: number;
  /** Factor of each drop. Default 0.1. */
  gamma: number;
}

/** Every `stepSize` epochs the rate is multiplied by gamma. */
export class StepLR extends LRScheduler<StepSettings> {
  constructor(
    optimizer: AnyOptimizer,
    options: { stepSize: number } & Partial<StepSettings> & ResumeOptions,
  ) {
    super("optim.lrScheduler.StepLR", optimizer, options, { stepSize: undefined, gamma: 0.1 });
    this.start();
  }

  protected override checkSettings({ stepSize, gamma }: StepSettings): void {
    checkNumber(this.owner, "stepSize", stepSize, { min: 1, whole: true });
    checkRate(this.owner, "gamma", gamma);
  }

  protected override nextLr(lr: number): number {
    const { stepSize, gamma } = this.settings;
    return this.starting || this.lastEpoch % stepSize !== 0 ? lr : lr * gamma;
  }
}

export interface MultiStepSettings {
  /** The epochs of the drops; one that is named twice counts twice. */
  milestones: readonly number[];
  /** Factor of each drop. Default 0.1. */
  gamma: number;
}

/** At each milestone the rate is multiplied by gamma. */
export class MultiStepLR extends LRScheduler<MultiStepSettings> {
  constructor(
    optimizer: AnyOptimizer,
    options: { milestones: readonly number[] } & Partial<MultiStepSettings> & ResumeOptions,
  ) {
    super("optim.lrScheduler.MultiStepLR", optimizer, options, { milestones: undefined, gamma: 0.1 });
    this.start();
  }

  protected override checkSettings({ milestones, gamma }: MultiStepSettings): void {
    checkMilestones(this.owner, milestones);
    checkRate(this.owner, "gamma", gamma);
  }

  protected override nextLr(lr: number): number {
    const { milestones, gamma } = this.settings;
    const resuming = this.starting && this.lastEpoch > 0;
    let next = lr;
    for (const milestone of milestones) if (milestone === this.lastEpoch && !resuming) next *= gamma;
    return next;
  }
}

/** Refuses what is not a list of epochs. */
export function checkMilestones(owner: string, milestones: unknown): asserts milestones is number[] {
  if (!Array.isArray(milestones)) {
    throw new OptionError(`${owner}: milestones must be a list of epochs, not ${describe(milestones)}.`);
  }
  for (const each of milestones) checkNumber(owner, "each of milestones", each, { min: 0, whole: true });
}

export interface ExponentialSettings {
  /** Factor of each epoch. */
  gamma: number;
}

/** Every epoch the rate is multiplied by gamma. */
export class ExponentialLR extends LRScheduler<ExponentialSettings> {
  constructor(optimizer: AnyOptimizer, options: ExponentialSettings & ResumeOptions) {
    super("optim.lrScheduler.ExponentialLR", optimizer, options, { gamma: undefined });
    this.start();
  }

  protected override checkSettings({ gamma }: ExponentialSettings): void {
    checkRate(this.owner, "gamma", gamma);
  }

  protected override nextLr(lr: number): number {
    return this.starting ? lr : lr * this.settings.gamma;
  }
}
