// The base of schedules: a schedule sets the learning rate of an optimiser's groups, once an epoch or once an update.
// Settings are checked when they are given; the state is plain data.
import { OptionError, ValueError, checkNumber, checkOptions, describe } from "../../errors.ts";
import { checkRate } from "../options.ts";
import { Optimizer } from "../optimizer.ts";
import { dictionary } from "../state.ts";

/** Any optimiser. */
export type AnyOptimizer = Optimizer<{ lr: number }>;

/** Where a schedule resumes: an option that all of them take. */
export interface ResumeOptions {
  /** The last epoch that is over; groups must then name the rate they started from (initialLr). Default −1: the start. */
  lastEpoch?: number;
}

/** What `stateDict` of a schedule gives: its settings (without functions) and where it stands. It may go through JSON. */
export type SchedulerStateDict = Record<string, unknown>;

/**
 * A schedule of learning rates. Call `step()` after `optimizer.step()`, once an epoch or once an update as the schedule is
 * meant. To write one of your own, extend this class, give the next rate in `nextLr`, and call `this.start()` at the end of
 * the constructor.
 *
 * Schedules that compute the next rate from the present one (all but LambdaLR, CyclicLR, OneCycleLR and
 * CosineAnnealingWarmRestarts) can be combined, and go on from a rate that was changed by hand.
 */
export abstract class LRScheduler<Settings extends object = object> {
  readonly optimizer: AnyOptimizer;
  /** How often `step` was called: the rates now in force belong to this epoch. */
  lastEpoch: number;
  /** The rate of each group that the schedule starts from. */
  baseLrs: number[];
  protected readonly owner: string;
  protected settings: Settings;
  /** True while the constructor sets the first rates. */
  protected starting = false;
  #lastLr: number[] = [];

  /**
   * @param owner what it is called in messages, e.g. "optim.lrScheduler.StepLR"
   * @param defaults all settings with their defaults, undefined for those that must be given
   */
  protected constructor(
    owner: string,
    optimizer: AnyOptimizer,
    options: object & ResumeOptions,
    defaults: object,
  ) {
    checkOptimizer(owner, optimizer);
    checkOptions(owner, options, [...Object.keys(defaults), "lastEpoch"]);
    const { lastEpoch = -1, ...own } = options;
    checkNumber(owner, "lastEpoch", lastEpoch, { min: -1, whole: true });
    this.owner = owner;
    this.optimizer = optimizer;
    this.lastEpoch = lastEpoch;
    this.settings = { ...defaults, ...own } as Settings;
    this.checkSettings(this.settings);
    const first = lastEpoch === -1 ? this.firstLrs() : null;
    if (first !== null) for (const [i, group] of optimizer.paramGroups.entries()) group.lr = first[i]!;
    this.baseLrs = optimizer.paramGroups.map((group, i) => {
      if (group.initialLr === undefined && lastEpoch !== -1) {
        throw new OptionError(
          `${owner}: to resume from epoch ${lastEpoch}, group ${i} must name the rate it started from: { params: […], initialLr: 0.1 }.`,
        );
      }
      return (group.initialLr ??= group.lr);
    });
  }

  /** The rates to start from, where the settings name them; null: those of the groups. */
  protected firstLrs(): number[] | null {
    return null;
  }

  /** Refuses settings that make no sense. */
  protected abstract checkSettings(settings: Settings): void;

  /**
   * The rate of a group for `lastEpoch`, which has just been counted up.
   * @param lr the group's rate until now
   * @param baseLr the rate the schedule started from
   * @param group the group's position
   */
  protected abstract nextLr(lr: number, baseLr: number, group: number): number;

  /** Sets the rates of the next epoch. */
  step(): void {
    this.lastEpoch++;
    this.update();
  }

  /** The rates that this schedule set last, one for each group. */
  getLastLr(): number[] {
    return [...this.#lastLr];
  }

  /** Sets the first rates. For constructors of schedules. */
  start(): void {
    this.starting = true;
    try {
      this.step();
    } finally {
      this.starting = false;
    }
  }

  /** Forgets its position: the next is `start`. For schedules made of others. */
  reset(): void {
    this.lastEpoch = -1;
  }

  /** Starts again from the rates at the beginning. For schedules made of others. */
  restart(): void {
    this.setLrs(this.baseLrs);
    this.reset();
    this.start();
  }

  /** Settings and position, as plain data. Save the optimiser's state too: it holds the rates. */
  stateDict(): SchedulerStateDict {
    const settings = Object.entries(this.settings).filter(([, value]) => isPlain(value));
    return structuredClone({
      ...Object.fromEntries(settings),
      lastEpoch: this.lastEpoch,
      baseLrs: this.baseLrs,
      lastLr: this.#lastLr,
    });
  }

  /**
   * Takes over settings and position from a saved state. The optimiser's rates stay as they are: load its state too.
   * @throws ValueError or OptionError if the state is not of such a schedule; nothing is changed then
   */
  loadStateDict(saved: SchedulerStateDict): void {
    const owner = `${this.owner}.loadStateDict`;
    const { lastEpoch, baseLrs, lastLr, ...own } = dictionary(owner, "the state", saved);
    checkNumber(owner, "lastEpoch", lastEpoch, { min: -1, whole: true });
    const bases = perGroup(owner, "baseLrs", baseLrs, this.optimizer);
    const last = perGroup(owner, "lastLr", lastLr, this.optimizer);
    checkOptions(owner, own, Object.keys(this.settings));
    const settings = { ...this.settings, ...own };
    this.checkSettings(settings);
    this.settings = settings;
    this.lastEpoch = lastEpoch;
    this.baseLrs = bases;
    this.#lastLr = last;
  }

  /** Sets the groups' rates for `lastEpoch`. */
  protected update(): void {
    const { paramGroups } = this.optimizer;
    if (paramGroups.length !== this.baseLrs.length) {
      throw new ValueError(
        `${this.owner}: it was made for ${this.baseLrs.length} parameter groups, and now there are ${paramGroups.length}. Make the schedule after the last addParamGroup.`,
      );
    }
    this.setLrs(paramGroups.map(({ lr }, i) => this.nextLr(lr, this.baseLrs[i]!, i)));
  }

  protected setLrs(lrs: readonly number[]): void {
    for (const [i, group] of this.optimizer.paramGroups.entries()) group.lr = lrs[i]!;
    this.noteLrs();
  }

  /** Notes the rates now in force as the last ones. */
  protected noteLrs(): void {
    this.#lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }
}

/** Functions cannot be saved. */
function isPlain(value: unknown): boolean {
  return typeof value !== "function" && !(Array.isArray(value) && value.some((item) => !isPlain(item)));
}

export function checkOptimizer(owner: string, optimizer: unknown): asserts optimizer is AnyOptimizer {
  if (optimizer instanceof Optimizer) return;
  throw new ValueError(
    `${owner}: the first argument must be an optimiser (new optim.SGD(…)), not ${describe(optimizer)}.`,
  );
}

/** A rate for each group, from one for all or a list. */
export function perGroup(owner: string, name: string, value: unknown, optimizer: AnyOptimizer): number[] {
  const count = optimizer.paramGroups.length;
  const values: unknown[] = Array.isArray(value) ? value : Array.from({ length: count }, () => value);
  if (values.length !== count) {
    throw new OptionError(
      `${owner}: ${name} has ${values.length} values, but the optimiser has ${count} parameter groups.`,
    );
  }
  return values.map((each) => {
    checkRate(owner, Array.isArray(value) ? `each of ${name}` : name, each);
    return each;
  });
}
