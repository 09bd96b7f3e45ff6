// Schedules whose rate is lr₀·factor(t): ConstantLR, LinearLR, PolynomialLR, and the lectures' warm-ups and inverse root.
// The rate goes from one epoch to the next by factor(t)/factor(t − 1), so that these schedules can be combined with others.
import { OptionError, checkNumber } from "../../errors.ts";
import { power } from "../../scalar.ts";
import { checkRate } from "../options.ts";
import { LRScheduler, type AnyOptimizer, type ResumeOptions } from "./scheduler.ts";

abstract class FactorLR<Settings extends object> extends LRScheduler<Settings> {
  /** The factor of epoch t ≥ 0. Only the last epoch with a factor of its own may have 0. */
  protected abstract factor(t: number): number;

  protected override nextLr(lr: number): number {
    const t = this.lastEpoch;
    if (t === 0) return lr * this.factor(0);
    const [before, now] = [this.factor(t - 1), this.factor(t)];
    return this.starting || before === now ? lr : lr * (now / before);
  }
}

/** A factor of 0 could not be undone by multiplying. */
function checkFactor(owner: string, name: string, value: unknown): void {
  checkNumber(owner, name, value, { min: 0, max: 1 });
  if (value === 0) {
    throw new OptionError(`${owner}: ${name} must be > 0, since the rate is multiplied back up from it.`);
  }
}

export interface ConstantSettings {
  /** Factor of the first epochs, in (0, 1]. Default 1/3. */
  factor: number;
  /** How many epochs it lasts. Default 5. */
  totalIters: number;
}

/** lr₀·factor for the first `totalIters` epochs, then lr₀. */
export class ConstantLR extends FactorLR<ConstantSettings> {
  constructor(optimizer: AnyOptimizer, options: Partial<ConstantSettings> & ResumeOptions = {}) {
    super("optim.lrScheduler.ConstantLR", optimizer, options, { factor: 1 / 3, totalIters: 5 });
    this.start();
  }

  protected override checkSettings({ factor, totalIters }: ConstantSettings): void {
    checkFactor(this.owner, "factor", factor);
    checkNumber(this.owner, "totalIters", totalIters, { min: 0, whole: true });
  }

  protected override factor(t: number): number {
    return t < this.settings.totalIters ? this.settings.factor : 1;
  }
}

export interface LinearSettings {
  /** Factor of epoch 0, in (0, 1]. Default 1/3. */
  startFactor: number;
  /** Factor from epoch `totalIters` on, in [0, 1]. Default 1. */
  endFactor: number;
  /** Epochs from one to the other. Default 5. */
  totalIters: number;
}

/** lr₀ times a factor that goes on a straight line from startFactor to endFactor. */
export class LinearLR extends FactorLR<LinearSettings> {
  constructor(optimizer: AnyOptimizer, options: Partial<LinearSettings> & ResumeOptions = {}) {
    const defaults: LinearSettings = { startFactor: 1 / 3, endFactor: 1, totalIters: 5 };
    super("optim.lrScheduler.LinearLR", optimizer, options, defaults);
    this.start();
  }

  protected override checkSettings({ startFactor, endFactor, totalIters }: LinearSettings): void {
    checkFactor(this.owner, "startFactor", startFactor);
    checkNumber(this.owner, "endFactor", endFactor, { min: 0, max: 1 });
    checkNumber(this.owner, "totalIters", totalIters, { min: 1, whole: true });
  }

  protected override factor(t: number): number {
    const { startFactor, endFactor, totalIters } = this.settings;
    if (t >= totalIters) return endFactor;
    return startFactor + ((endFactor - startFactor) * t) / totalIters;
  }
}

export interface PolynomialSettings {
  /** Epochs until the rate is 0. Default 5. */
  totalIters: number;
  /** Exponent. Default 1. */
  power: number;
}

/** lr₀·(1 − t/totalIters)^power, then 0. */
export class PolynomialLR extends FactorLR<PolynomialSettings> {
  constructor(optimizer: AnyOptimizer, options: Partial<PolynomialSettings> & ResumeOptions = {}) {
    super("optim.lrScheduler.PolynomialLR", optimizer, options, { totalIters: 5, power: 1 });
    this.start();
  }

  protected override checkSettings(settings: PolynomialSettings): void {
    checkNumber(this.owner, "totalIters", settings.totalIters, { min: 1, whole: true });
    checkRate(this.owner, "power", settings.power);
  }

  protected override factor(t: number): number {
    const { totalIters, power: exponent } = this.settings;
    return power(1 - Math.min(t, totalIters) / totalIters, exponent);
  }
}

export interface ConstantWarmupSettings {
  /** How many steps the warm-up lasts, W. */
  warmupSteps: number;
  /** Factor of the warm-up, in (0, 1]. Default 0.1. */
  factor: number;
}

/**
 * Constant warm-up: lr₀·factor for the first W steps, then lr₀ at once (He et al., 2015, trained their deepest net like this
 * for some 400 steps). The jump at the end may undo what the warm-up was for: see GradualWarmupLR.
 */
export class ConstantWarmupLR extends FactorLR<ConstantWarmupSettings> {
  constructor(
    optimizer: AnyOptimizer,
    options: { warmupSteps: number } & Partial<ConstantWarmupSettings> & ResumeOptions,
  ) {
    const defaults = { warmupSteps: undefined, factor: 0.1 };
    super("optim.lrScheduler.ConstantWarmupLR", optimizer, options, defaults);
    this.start();
  }

  protected override checkSettings({ warmupSteps, factor }: ConstantWarmupSettings): void {
    checkNumber(this.owner, "warmupSteps", warmupSteps, { min: 0, whole: true });
    checkFactor(this.owner, "factor", factor);
  }

  protected override factor(t: number): number {
    return t < this.settings.warmupSteps ? this.settings.factor : 1;
  }
}

export interface WarmupSettings {
  /** How many steps the warm-up lasts, W. */
  warmupSteps: number;
}

/**
 * Gradual warm-up: lr₀·min(1, (t + 1)/W) at step t = 0, 1, … (Goyal et al., 2017). t + 1, so that the first step moves.
 * Afterwards lr₀; combine it with a decay by SequentialLR or ChainedScheduler.
 */
export class GradualWarmupLR extends FactorLR<WarmupSettings> {
  constructor(optimizer: AnyOptimizer, options: WarmupSettings & ResumeOptions) {
    super("optim.lrScheduler.GradualWarmupLR", optimizer, options, { warmupSteps: undefined });
    this.start();
  }

  protected override checkSettings({ warmupSteps }: WarmupSettings): void {
    checkNumber(this.owner, "warmupSteps", warmupSteps, { min: 1, whole: true });
  }

  protected override factor(t: number): number {
    return Math.min(1, (t + 1) / this.settings.warmupSteps);
  }
}

/**
 * Decay by the inverse square root, after a gradual warm-up of W steps: lr₀·min((t + 1)/W, √(W/(t + 1))) at step t = 0, 1, …
 * (Vaswani et al., 2017, scaled so that the peak, at step W − 1, is lr₀). With W = 1, the default, it is the lectures'
 * ηₜ = η/√(t + 1).
 */
export class InverseSqrtLR extends FactorLR<WarmupSettings> {
  constructor(optimizer: AnyOptimizer, options: Partial<WarmupSettings> & ResumeOptions = {}) {
    super("optim.lrScheduler.InverseSqrtLR", optimizer, options, { warmupSteps: 1 });
    this.start();
  }

  protected override checkSettings({ warmupSteps }: WarmupSettings): void {
    checkNumber(this.owner, "warmupSteps", warmupSteps, { min: 1, whole: true });
  }

  protected override factor(t: number): number {
    const { warmupSteps } = this.settings;
    return Math.min((t + 1) / warmupSteps, Math.sqrt(warmupSteps / (t + 1)));
  }
}
