// ReduceLROnPlateau: the rate drops when a measured value has stopped getting better.
import { OptionError, ValueError, checkNumber, checkOptions, describe } from "../../errors.ts";
import { Tensor } from "../../tensor.ts";
import { checkChoice, checkRate } from "../options.ts";
import { dictionary } from "../state.ts";
import { checkOptimizer, perGroup, type AnyOptimizer, type SchedulerStateDict } from "./scheduler.ts";

export interface PlateauSettings {
  /** Is smaller better ("min", a loss) or larger ("max", an accuracy)? Default "min". */
  mode: "min" | "max";
  /** The rate is multiplied by this, below 1. Default 0.1. */
  factor: number;
  /** So many epochs without getting better are let pass. Default 10. */
  patience: number;
  /** How much better counts as better. Default 1e-4. */
  threshold: number;
  /** "rel": by threshold times the best value; "abs": by threshold. Default "rel". */
  thresholdMode: "rel" | "abs";
  /** So many epochs after a drop are not counted. Default 0. */
  cooldown: number;
  /** The rate never falls below, one for all groups or a list. Default 0. */
  minLr: number | readonly number[];
  /** A drop smaller than this is left out. Default 1e-8. */
  eps: number;
}

const defaults: PlateauSettings = {
  mode: "min",
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: "rel",
  cooldown: 0,
  minLr: 0,
  eps: 1e-8,
};

const owner = "optim.lrScheduler.ReduceLROnPlateau";

/**
 * Multiplies the rate by `factor` when a value has not got better for more than `patience` epochs:
 *
 *     scheduler.step(validationLoss);
 *
 * A value of NaN is not better than any.
 */
export class ReduceLROnPlateau {
  readonly optimizer: AnyOptimizer;
  /** How often `step` was called. */
  lastEpoch = 0;
  /** The best value so far, null before the first. */
  best: number | null = null;
  /** Epochs since the value got better. */
  numBadEpochs = 0;
  /** Epochs that will still not be counted. */
  cooldownCounter = 0;
  #settings: PlateauSettings;
  #lastLr: number[];

  constructor(optimizer: AnyOptimizer, options: Partial<PlateauSettings> = {}) {
    checkOptimizer(owner, optimizer);
    checkOptions(owner, options, Object.keys(defaults));
    this.optimizer = optimizer;
    this.#settings = { ...defaults, ...options };
    checkSettings(this.#settings, optimizer);
    this.#lastLr = optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Notes the value of an epoch, and lowers the rates if it is time. @param metrics a number, or a tensor with one */
  step(metrics: number | Tensor): void {
    const value = metrics instanceof Tensor ? metrics.item() : metrics;
    if (typeof value !== "number") {
      throw new ValueError(
        `${owner}: step takes the value to watch, e.g. step(validationLoss), not ${describe(value)}.`,
      );
    }
    const { patience, cooldown } = this.#settings;
    this.lastEpoch++;
    if (this.#isBetter(value)) {
      this.best = value;
      this.numBadEpochs = 0;
    } else {
      this.numBadEpochs++;
    }
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > patience) {
      this.#reduce();
      this.cooldownCounter = cooldown;
      this.numBadEpochs = 0;
    }
    this.#lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** The rates after the last step, one for each group. */
  getLastLr(): number[] {
    return [...this.#lastLr];
  }

  /** Settings and position, as plain data. Save the optimiser's state too: it holds the rates. */
  stateDict(): SchedulerStateDict {
    const { lastEpoch, best, numBadEpochs, cooldownCounter } = this;
    return structuredClone({
      ...this.#settings,
      lastEpoch,
      best,
      numBadEpochs,
      cooldownCounter,
      lastLr: this.#lastLr,
    });
  }

  /**
   * Takes over settings and position from a saved state. The optimiser's rates stay as they are: load its state too.
   * @throws ValueError or OptionError if the state is not of such a schedule; nothing is changed then
   */
  loadStateDict(saved: SchedulerStateDict): void {
    const where = `${owner}.loadStateDict`;
    const { lastEpoch, best, numBadEpochs, cooldownCounter, lastLr, ...own } = dictionary(
      where,
      "the state",
      saved,
    );
    checkNumber(where, "lastEpoch", lastEpoch, { min: 0, whole: true });
    checkNumber(where, "numBadEpochs", numBadEpochs, { min: 0, whole: true });
    checkNumber(where, "cooldownCounter", cooldownCounter, { min: 0, whole: true });
    if (best !== null) checkNumber(where, "best", best);
    const last = perGroup(where, "lastLr", lastLr, this.optimizer);
    checkOptions(where, own, Object.keys(defaults));
    const settings = { ...this.#settings, ...own };
    checkSettings(settings, this.optimizer);
    this.#settings = settings;
    this.lastEpoch = lastEpoch;
    this.numBadEpochs = numBadEpochs;
    this.cooldownCounter = cooldownCounter;
    this.best = best;
    this.#lastLr = last;
  }

  #isBetter(value: number): boolean {
    const { best } = this;
    const { mode, threshold, thresholdMode } = this.#settings;
    if (best === null) return mode === "min" ? value < Infinity : value > -Infinity;
    const sign = mode === "min" ? -1 : 1;
    const bound = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? value < bound : value > bound;
  }

  #reduce(): void {
    const { factor, minLr, eps } = this.#settings;
    const least = perGroup(owner, "minLr", minLr, this.optimizer);
    for (const [i, group] of this.optimizer.paramGroups.entries()) {
      const next = Math.max(group.lr * factor, least[i]!);
      if (group.lr - next > eps) group.lr = next;
    }
  }
}

function checkSettings(settings: PlateauSettings, optimizer: AnyOptimizer): void {
  checkChoice(owner, "mode", settings.mode, ["min", "max"]);
  checkNumber(owner, "factor", settings.factor, { min: 0 });
  if (settings.factor >= 1) throw new OptionError(`${owner}: factor must be < 1, not ${settings.factor}.`);
  checkNumber(owner, "patience", settings.patience, { min: 0, whole: true });
  checkRate(owner, "threshold", settings.threshold);
  checkChoice(owner, "thresholdMode", settings.thresholdMode, ["rel", "abs"]);
  checkNumber(owner, "cooldown", settings.cooldown, { min: 0, whole: true });
  perGroup(owner, "minLr", settings.minLr, optimizer);
  checkRate(owner, "eps", settings.eps);
}
