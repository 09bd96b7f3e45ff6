// OneCycleLR: up to a high rate and down to almost nothing, once.
import { OptionError, ValueError, checkNumber } from "../../errors.ts";
import { cosine } from "../../scalar.ts";
import { checkChoice, checkSwitches } from "../options.ts";
import { checkHasMomentum, setMomentum } from "./momentum.ts";
import { LRScheduler, perGroup, type AnyOptimizer, type ResumeOptions } from "./scheduler.ts";

/** The course of OneCycleLR. */
export interface OneCycleSettings {
  /** The highest rate, or a list with one for each group. */
  maxLr: number | readonly number[];
  /** Length of the cycle in steps; may be left out where epochs and stepsPerEpoch are given. */
  totalSteps: number | null;
  /** With stepsPerEpoch: totalSteps = epochs·stepsPerEpoch. */
  epochs: number | null;
  stepsPerEpoch: number | null;
  /** The share of the cycle in which the rate rises. Default 0.3. */
  pctStart: number;
  /** The shape of each phase. Default "cos". */
  annealStrategy: "cos" | "linear";
  /** Move the momentum (or β₁) against the rate. Default true. */
  cycleMomentum: boolean;
  /** The momentum at the highest rate, or a list. Default 0.85. */
  baseMomentum: number | readonly number[];
  /** The momentum at the start and the end, or a list. Default 0.95. */
  maxMomentum: number | readonly number[];
  /** The first rate is maxLr/divFactor. Default 25. */
  divFactor: number;
  /** The last rate is the first one divided by this. Default 10 000. */
  finalDivFactor: number;
  /** First up, then down to the first rate, then to the last one; instead of down at once. Default false. */
  threePhase: boolean;
}

/** A phase goes to `end` from the end of the phase before. */
interface Phase {
  end: number;
  from: "first" | "max" | "last";
  to: "first" | "max" | "last";
}

const defaults = {
  maxLr: undefined,
  totalSteps: null,
  epochs: null,
  stepsPerEpoch: null,
  pctStart: 0.3,
  annealStrategy: "cos",
  cycleMomentum: true,
  baseMomentum: 0.85,
  maxMomentum: 0.95,
  divFactor: 25,
  finalDivFactor: 1e4,
  threePhase: false,
};

/**
 * The 1cycle policy (Smith and Topin, 2017): the rate rises from maxLr/divFactor to maxLr and then falls far below where it
 * started, while the momentum does the opposite. Step it after every update. The optimiser's own lr does not matter.
 */
export class OneCycleLR extends LRScheduler<OneCycleSettings> {
  constructor(
    optimizer: AnyOptimizer,
    options: { maxLr: number | readonly number[] } & Partial<OneCycleSettings> & ResumeOptions,
  ) {
    super("optim.lrScheduler.OneCycleLR", optimizer, options, defaults);
    const { maxLr, divFactor } = this.settings;
    if (this.lastEpoch === -1) {
      this.baseLrs = perGroup(this.owner, "maxLr", maxLr, optimizer).map((lr) => lr / divFactor);
      for (const [i, group] of optimizer.paramGroups.entries()) group.initialLr = this.baseLrs[i]!;
    }
    this.start();
  }

  /**
   * Sets the rate and the momentum of the next update.
   * @throws ValueError after totalSteps steps
   */
  override step(): void {
    const { totalSteps } = this;
    if (this.lastEpoch >= totalSteps) {
      throw new ValueError(
        `${this.owner}: the cycle of ${totalSteps} steps is over. Make totalSteps as large as the number of updates.`,
      );
    }
    super.step();
  }

  /** Length of the cycle in steps. */
  get totalSteps(): number {
    const { totalSteps, epochs, stepsPerEpoch } = this.settings;
    return totalSteps ?? epochs! * stepsPerEpoch!;
  }

  protected override checkSettings(settings: OneCycleSettings): void {
    const { owner } = this;
    const { totalSteps, epochs, stepsPerEpoch } = settings;
    perGroup(owner, "maxLr", settings.maxLr, this.optimizer);
    if (totalSteps !== null) {
      checkNumber(owner, "totalSteps", totalSteps, { min: 1, whole: true });
    } else if (epochs !== null && stepsPerEpoch !== null) {
      checkNumber(owner, "epochs", epochs, { min: 1, whole: true });
      checkNumber(owner, "stepsPerEpoch", stepsPerEpoch, { min: 1, whole: true });
    } else {
      throw new OptionError(`${owner}: give totalSteps, or both epochs and stepsPerEpoch.`);
    }
    checkNumber(owner, "pctStart", settings.pctStart, { min: 0, max: 1 });
    checkChoice(owner, "annealStrategy", settings.annealStrategy, ["cos", "linear"]);
    checkSwitches(owner, settings, ["cycleMomentum", "threePhase"]);
    if (settings.cycleMomentum) checkHasMomentum(owner, this.optimizer);
    perGroup(owner, "baseMomentum", settings.baseMomentum, this.optimizer);
    perGroup(owner, "maxMomentum", settings.maxMomentum, this.optimizer);
    for (const name of ["divFactor", "finalDivFactor"] as const) {
      checkNumber(owner, name, settings[name], { min: 0 });
      if (settings[name] === 0) throw new OptionError(`${owner}: ${name} must be > 0.`);
    }
  }

  protected override nextLr(_: number, baseLr: number, group: number): number {
    const { maxLr, baseMomentum, maxMomentum, cycleMomentum, finalDivFactor } = this.settings;
    const { phase, done } = this.#place();
    const [highest, low, high] = [maxLr, baseMomentum, maxMomentum].map((value) =>
      typeof value === "number" ? value : value[group]!,
    ) as [number, number, number];
    if (cycleMomentum) {
      const momentum = (at: Phase["from"]) => (at === "max" ? low : high);
      setMomentum(this.optimizer, group, this.#anneal(momentum(phase.from), momentum(phase.to), done));
    }
    const rates = { first: baseLr, max: highest, last: baseLr / finalDivFactor };
    return this.#anneal(rates[phase.from], rates[phase.to], done);
  }

  /** The phase of this step and how much of it is done, 0 … 1. */
  #place(): { phase: Phase; done: number } {
    const { totalSteps, lastEpoch } = this;
    const rise = this.settings.pctStart * totalSteps;
    const phases: Phase[] = [{ end: rise - 1, from: "first", to: "max" }];
    if (this.settings.threePhase) {
      phases.push({ end: 2 * rise - 2, from: "max", to: "first" });
      phases.push({ end: totalSteps - 1, from: "first", to: "last" });
    } else {
      phases.push({ end: totalSteps - 1, from: "max", to: "last" });
    }
    let start = 0;
    for (const phase of phases) {
      const { end } = phase;
      if (lastEpoch <= end || phase === phases.at(-1)) {
        // After the last update the rate stays; a phase without length is done at once.
        return { phase, done: end > start ? Math.min(1, (lastEpoch - start) / (end - start)) : 1 };
      }
      start = end;
    }
    throw new ValueError(`${this.owner}: a cycle has phases.`);
  }

  #anneal(from: number, to: number, done: number): number {
    if (this.settings.annealStrategy === "linear") return from + (to - from) * done;
    return to + ((from - to) / 2) * (1 + cosine(Math.PI * done));
  }
}
