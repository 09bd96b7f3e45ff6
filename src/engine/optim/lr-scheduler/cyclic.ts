// CyclicLR: the rate goes up and down between two bounds.
import { OptionError, checkNumber, describe } from "../../errors.ts";
import { power } from "../../scalar.ts";
import { checkChoice, checkRate, checkSwitches } from "../options.ts";
import { checkHasMomentum, setMomentum } from "./momentum.ts";
import { LRScheduler, perGroup, type AnyOptimizer, type ResumeOptions } from "./scheduler.ts";

export interface CyclicSettings {
  /** The lower bound, or a list with one for each group. */
  baseLr: number | readonly number[];
  /** The upper bound, or a list with one for each group. */
  maxLr: number | readonly number[];
  /** Steps on the way up. Default 2000. */
  stepSizeUp: number;
  /** Steps on the way down; null: as many as up. Default null. */
  stepSizeDown: number | null;
  /** How the height of the cycles changes: not, halved each cycle, or by gamma each step. Default "triangular". */
  mode: "triangular" | "triangular2" | "expRange";
  /** Factor of each step in mode "expRange". Default 1. */
  gamma: number;
  /** A factor for the height of one's own, in place of `mode`. Default null. */
  scaleFn: ((x: number) => number) | null;
  /** What scaleFn gets: the number of the cycle (1, 2, …) or of the step. Default "cycle". */
  scaleMode: "cycle" | "iterations";
  /** Move the momentum (or β₁) against the rate. Default true. */
  cycleMomentum: boolean;
  /** The momentum at the upper bound, or a list. Default 0.8. */
  baseMomentum: number | readonly number[];
  /** The momentum at the lower bound, or a list. Default 0.9. */
  maxMomentum: number | readonly number[];
}

const defaults = {
  baseLr: undefined,
  maxLr: undefined,
  stepSizeUp: 2000,
  stepSizeDown: null,
  mode: "triangular",
  gamma: 1,
  scaleFn: null,
  scaleMode: "cycle",
  cycleMomentum: true,
  baseMomentum: 0.8,
  maxMomentum: 0.9,
};

/**
 * Cyclical learning rates (Smith, 2015): straight up from baseLr to maxLr in stepSizeUp steps, down again in stepSizeDown,
 * and so on. Step it after every update. The optimiser's own lr does not matter.
 */
export class CyclicLR extends LRScheduler<CyclicSettings> {
  constructor(
    optimizer: AnyOptimizer,
    options: {
      baseLr: number | readonly number[];
      maxLr: number | readonly number[];
    } & Partial<CyclicSettings> &
      ResumeOptions,
  ) {
    super("optim.lrScheduler.CyclicLR", optimizer, options, defaults);
    this.baseLrs = perGroup(this.owner, "baseLr", this.settings.baseLr, optimizer);
    this.start();
  }

  protected override firstLrs(): number[] {
    return perGroup(this.owner, "baseLr", this.settings.baseLr, this.optimizer);
  }

  protected override checkSettings(settings: CyclicSettings): void {
    const { owner, optimizer } = this;
    for (const name of ["baseLr", "maxLr", "baseMomentum", "maxMomentum"] as const) {
      perGroup(owner, name, settings[name], optimizer);
    }
    checkNumber(owner, "stepSizeUp", settings.stepSizeUp, { min: 1 });
    if (settings.stepSizeDown !== null) checkNumber(owner, "stepSizeDown", settings.stepSizeDown, { min: 1 });
    checkChoice(owner, "mode", settings.mode, ["triangular", "triangular2", "expRange"]);
    checkRate(owner, "gamma", settings.gamma);
    if (settings.scaleFn !== null && typeof settings.scaleFn !== "function") {
      throw new OptionError(
        `${owner}: scaleFn must be a function (x) => factor or null, not ${describe(settings.scaleFn)}.`,
      );
    }
    checkChoice(owner, "scaleMode", settings.scaleMode, ["cycle", "iterations"]);
    checkSwitches(owner, settings, ["cycleMomentum"]);
    if (settings.cycleMomentum) checkHasMomentum(owner, optimizer);
  }

  protected override nextLr(_: number, baseLr: number, group: number): number {
    const { maxLr, baseMomentum, maxMomentum, cycleMomentum } = this.settings;
    const [highest, low, high] = [maxLr, baseMomentum, maxMomentum].map((value) =>
      typeof value === "number" ? value : value[group]!,
    ) as [number, number, number];
    const height = this.#height();
    if (cycleMomentum) setMomentum(this.optimizer, group, high - (high - low) * height);
    return baseLr + (highest - baseLr) * height;
  }

  /** How far up from the lower bound this step is: 0 … 1 times the scale of the cycle. */
  #height(): number {
    const { stepSizeUp, stepSizeDown } = this.settings;
    const length = stepSizeUp + (stepSizeDown ?? stepSizeUp);
    const turns = this.lastEpoch / length;
    const cycle = Math.floor(1 + turns);
    const x = 1 + turns - cycle;
    const up = stepSizeUp / length;
    return (x <= up ? x / up : (x - 1) / (up - 1)) * this.#scale(cycle);
  }

  #scale(cycle: number): number {
    const { mode, gamma, scaleFn, scaleMode } = this.settings;
    if (scaleFn !== null) {
      const x = scaleMode === "cycle" ? cycle : this.lastEpoch;
      const scale = scaleFn(x);
      checkNumber(this.owner, `scaleFn(${x})`, scale);
      return scale;
    }
    if (mode === "triangular") return 1;
    return mode === "triangular2" ? power(0.5, cycle - 1) : power(gamma, this.lastEpoch);
  }
}
