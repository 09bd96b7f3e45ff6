// Several schedules for one optimiser: one after the other, or all at once.
import { OptionError, ValueError, checkNumber, checkOptions, describe } from "../../errors.ts";
import { dictionary } from "../state.ts";
import { checkMilestones } from "./decay.ts";
import { checkOptimizer, LRScheduler, type AnyOptimizer, type SchedulerStateDict } from "./scheduler.ts";

/** A schedule made of others. */
abstract class Composite extends LRScheduler {
  protected readonly schedulers: readonly LRScheduler[];

  protected constructor(owner: string, optimizer: AnyOptimizer, schedulers: readonly LRScheduler[]) {
    super(owner, optimizer, {}, {});
    this.schedulers = [...schedulers];
  }

  protected override checkSettings(): void {
    // The parts have checked theirs.
  }

  protected override nextLr(lr: number): number {
    return lr;
  }

  override reset(): void {
    super.reset();
    for (const scheduler of this.schedulers) scheduler.reset();
  }

  override stateDict(): SchedulerStateDict {
    return { ...super.stateDict(), schedulers: this.schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  override loadStateDict(saved: SchedulerStateDict): void {
    const owner = `${this.owner}.loadStateDict`;
    const { schedulers, ...own } = dictionary(owner, "the state", saved);
    if (!Array.isArray(schedulers) || schedulers.length !== this.schedulers.length) {
      throw new ValueError(
        `${owner}: there are ${this.schedulers.length} schedules here; the state has ${Array.isArray(schedulers) ? schedulers.length : describe(schedulers)}.`,
      );
    }
    const before = this.schedulers.map((scheduler) => scheduler.stateDict());
    try {
      for (const [i, scheduler] of this.schedulers.entries()) scheduler.loadStateDict(schedulers[i]);
      super.loadStateDict(own);
    } catch (error) {
      for (const [i, scheduler] of this.schedulers.entries()) scheduler.loadStateDict(before[i]!);
      throw error;
    }
  }
}

/** Refuses what is not a list of schedules for one optimiser. */
function checkSchedulers(
  owner: string,
  schedulers: unknown,
  optimizer?: AnyOptimizer,
): asserts schedulers is [LRScheduler, ...LRScheduler[]] {
  if (!Array.isArray(schedulers) || schedulers.length === 0) {
    throw new OptionError(`${owner}: schedulers must be a list of at least one schedule.`);
  }
  for (const scheduler of schedulers) {
    if (!(scheduler instanceof LRScheduler)) {
      throw new OptionError(
        `${owner}: each of schedulers must be a schedule whose step() takes no value, not ${describe(scheduler)}.`,
      );
    }
    if (scheduler.optimizer !== (optimizer ?? (schedulers[0] as LRScheduler).optimizer)) {
      throw new OptionError(`${owner}: all schedules must be of the same optimiser.`);
    }
  }
  if (new Set(schedulers).size < schedulers.length) {
    throw new OptionError(`${owner}: a schedule appears twice in schedulers.`);
  }
}

export interface SequentialOptions {
  /** The schedules in their order. */
  schedulers: readonly LRScheduler[];
  /** The epochs at which the second, third … takes over. */
  milestones: readonly number[];
}

/**
 * Schedules one after the other: the i-th takes over at the epoch milestones[i − 1] and starts from the initial rate.
 *
 *     new lrScheduler.SequentialLR(optimizer, {
 *       schedulers: [
 *         new lrScheduler.GradualWarmupLR(optimizer, { warmupSteps: 10 }),
 *         new lrScheduler.CosineAnnealingLR(optimizer, { tMax: 90 }),
 *       ],
 *       milestones: [10],
 *     });
 *
 * To resume, make it again and load its state.
 */
export class SequentialLR extends Composite {
  readonly #milestones: readonly number[];

  constructor(optimizer: AnyOptimizer, options: SequentialOptions) {
    const owner = "optim.lrScheduler.SequentialLR";
    checkOptimizer(owner, optimizer);
    checkOptions(owner, options, ["schedulers", "milestones"]);
    const { schedulers, milestones } = options;
    checkSchedulers(owner, schedulers, optimizer);
    checkMilestones(owner, milestones);
    if (milestones.length !== schedulers.length - 1) {
      throw new OptionError(
        `${owner}: ${schedulers.length} schedules need ${schedulers.length - 1} milestones between them, not ${milestones.length}.`,
      );
    }
    for (const [i, milestone] of milestones.entries()) {
      const least = i === 0 ? 1 : milestones[i - 1]! + 1;
      checkNumber(owner, `milestones[${i}]`, milestone, { min: least });
    }
    super(owner, optimizer, schedulers);
    this.#milestones = [...milestones];
    // Making the schedules has set their first rates one upon the other: only the first one's should hold.
    this.restart();
  }

  override step(): void {
    this.lastEpoch++;
    const { lastEpoch, schedulers } = this;
    const position = this.#milestones.filter((milestone) => milestone <= lastEpoch).length;
    const scheduler = schedulers[position]!;
    if (this.starting) scheduler.start();
    else if (position > 0 && this.#milestones[position - 1] === lastEpoch) scheduler.restart();
    else scheduler.step();
    this.noteLrs();
  }
}

/**
 * Several schedules at once: each `step` steps all of them, in their order, so that their factors multiply. They must be
 * schedules that go on from the present rate.
 */
export class ChainedScheduler extends Composite {
  /** @param options optimizer: only to state which one it must be */
  constructor(schedulers: readonly LRScheduler[], options: { optimizer?: AnyOptimizer } = {}) {
    const owner = "optim.lrScheduler.ChainedScheduler";
    checkOptions(owner, options, ["optimizer"]);
    if (options.optimizer !== undefined) checkOptimizer(owner, options.optimizer);
    checkSchedulers(owner, schedulers, options.optimizer);
    super(owner, schedulers[0].optimizer, schedulers);
    // The schedules have set their first rates already, each upon those before it.
    this.lastEpoch = 0;
    this.noteLrs();
  }

  override step(): void {
    this.lastEpoch++;
    for (const scheduler of this.schedulers) {
      if (this.starting) scheduler.start();
      else scheduler.step();
    }
    this.noteLrs();
  }
}
