// Schedules along a cosine: CosineAnnealingLR, and CosineAnnealingWarmRestarts.
import { ValueError, checkNumber } from "../../errors.ts";
import { cosine } from "../../scalar.ts";
import { checkRate } from "../options.ts";
import { dictionary } from "../state.ts";
import { LRScheduler, type AnyOptimizer, type ResumeOptions, type SchedulerStateDict } from "./scheduler.ts";

export interface CosineAnnealingSettings {
  /** Epochs from the highest rate to the lowest. */
  tMax: number;
  /** The lowest rate. Default 0. */
  etaMin: number;
}

/**
 * lrₜ = etaMin + (lr₀ − etaMin)·(1 + cos(π·t/tMax))/2 (Loshchilov and Hutter, 2016, without restarts). After tMax epochs it
 * goes up again. Computed from the rate before, so a rate that was changed by hand follows the same curve.
 */
export class CosineAnnealingLR extends LRScheduler<CosineAnnealingSettings> {
  constructor(
    optimizer: AnyOptimizer,
    options: { tMax: number } & Partial<CosineAnnealingSettings> & ResumeOptions,
  ) {
    const defaults = { tMax: undefined, etaMin: 0 };
    super("optim.lrScheduler.CosineAnnealingLR", optimizer, options, defaults);
    this.start();
  }

  protected override checkSettings({ tMax, etaMin }: CosineAnnealingSettings): void {
    checkNumber(this.owner, "tMax", tMax, { min: 1, whole: true });
    checkRate(this.owner, "etaMin", etaMin);
  }

  protected override nextLr(lr: number, baseLr: number): number {
    if (this.starting) return lr;
    const { tMax, etaMin } = this.settings;
    const t = this.lastEpoch;
    // At the lowest point there is no ratio to the rate before: the way up starts from the formula.
    if ((t - 1 - tMax) % (2 * tMax) === 0) {
      return Math.max(0, lr + ((baseLr - etaMin) * (1 - cosine(Math.PI / tMax))) / 2);
    }
    const ratio = (1 + cosine((Math.PI * t) / tMax)) / (1 + cosine((Math.PI * (t - 1)) / tMax));
    return Math.max(0, ratio * (lr - etaMin) + etaMin);
  }
}

export interface WarmRestartsSettings {
  /** Epochs until the first restart. */
  t0: number;
  /** Each cycle is so many times as long as the one before. Default 1. */
  tMult: number;
  /** The lowest rate. Default 0. */
  etaMin: number;
}

/**
 * lr = etaMin + (lr₀ − etaMin)·(1 + cos(π·T/Tᵢ))/2, where T counts from the last restart and Tᵢ is the length of the cycle,
 * t0·tMultⁱ (Loshchilov and Hutter, 2016).
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<WarmRestartsSettings> {
  /** Epochs since the last restart, T. */
  #sinceRestart: number;
  /** Length of the cycle, Tᵢ. */
  #cycle: number;

  constructor(
    optimizer: AnyOptimizer,
    options: { t0: number } & Partial<WarmRestartsSettings> & ResumeOptions,
  ) {
    const defaults = { t0: undefined, tMult: 1, etaMin: 0 };
    super("optim.lrScheduler.CosineAnnealingWarmRestarts", optimizer, options, defaults);
    this.#sinceRestart = this.lastEpoch;
    this.#cycle = this.settings.t0;
    this.start();
  }

  /**
   * Sets the rates of the next epoch, or of a given one.
   * @param epoch may lie between epochs: `scheduler.step(epoch + i / batches)` after each batch
   */
  override step(epoch?: number): void {
    const { t0, tMult } = this.settings;
    if (epoch === undefined) {
      this.#goTo(this.lastEpoch < 0 ? 0 : this.#sinceRestart + 1, this.#cycle);
      this.lastEpoch = Math.max(0, this.lastEpoch + 1);
    } else {
      checkNumber(this.owner, "epoch", epoch, { min: 0 });
      if (epoch === Infinity) throw new ValueError(`${this.owner}: epoch must be finite.`);
      if (tMult === 1) this.#goTo(epoch % t0, t0);
      else this.#goTo(epoch, t0);
      this.lastEpoch = Math.floor(epoch);
    }
    this.update();
  }

  /** T and Tᵢ, from a T that may reach beyond its cycle. */
  #goTo(sinceRestart: number, cycle: number): void {
    this.#sinceRestart = sinceRestart;
    this.#cycle = cycle;
    while (this.#sinceRestart >= this.#cycle) {
      this.#sinceRestart -= this.#cycle;
      this.#cycle *= this.settings.tMult;
    }
  }

  override reset(): void {
    super.reset();
    this.#sinceRestart = -1;
    this.#cycle = this.settings.t0;
  }

  override stateDict(): SchedulerStateDict {
    return { ...super.stateDict(), tCur: this.#sinceRestart, tI: this.#cycle };
  }

  override loadStateDict(saved: SchedulerStateDict): void {
    const owner = `${this.owner}.loadStateDict`;
    const { tCur, tI, ...rest } = dictionary(owner, "the state", saved);
    checkNumber(owner, "tCur", tCur, { min: -1 });
    checkNumber(owner, "tI", tI, { min: 1, whole: true });
    super.loadStateDict(rest);
    this.#sinceRestart = tCur;
    this.#cycle = tI;
  }

  protected override checkSettings({ t0, tMult, etaMin }: WarmRestartsSettings): void {
    checkNumber(this.owner, "t0", t0, { min: 1, whole: true });
    checkNumber(this.owner, "tMult", tMult, { min: 1, whole: true });
    checkRate(this.owner, "etaMin", etaMin);
  }

  protected override nextLr(_: number, baseLr: number): number {
    const { etaMin } = this.settings;
    const wave = 1 + cosine((Math.PI * this.#sinceRestart) / this.#cycle);
    return Math.max(0, etaMin + ((baseLr - etaMin) * wave) / 2);
  }
}
