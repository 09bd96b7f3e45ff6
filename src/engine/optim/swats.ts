// SWATS: Adam that notices by itself when to go on as SGD, and with which rate.
import { ValueError, checkNumber } from "../errors.ts";
import { float64View, place, scratch, type Storage } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import { advance, checkMomentOptions, type MomentOptions } from "./moments.ts";
import { checkChoice, checkRate } from "./options.ts";
import type { ParameterGroup, Parameters, ResolvedGroup } from "./optimizer.ts";
import { PerParameterOptimizer, filled, kernelsOf } from "./per-parameter.ts";
import { dictionary, restoreNumber, type OptimizerStateDict } from "./state.ts";

export interface SWATSOptions extends MomentOptions {
  /** Learning rate of the Adam phase. Default 0.001. */
  lr: number;
  /** β₁, β₂ of Adam; β₁ is also the momentum of SGD, β₂ also averages γ. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** How near γ must be to its average Λ for the switch. Default 1e-9, the paper's; noisy gradients need more. */
  threshold: number;
  /** "abs": |Λ − γ| < threshold (the paper's). "rel": |Λ − γ| < threshold·|Λ|. Default "abs". */
  thresholdMode: "abs" | "rel";
  /** The first step that may switch. Default 2, since at step 1 γ and Λ are equal by themselves. */
  earliestSwitch: number;
}

/** Where one parameter group stands. */
export interface SWATSProgress {
  /** The rule of the next step. */
  phase: "adam" | "sgd";
  /** Steps of the group so far, t. */
  step: number;
  /** γₜ = p·p/(−p·g) of the last Adam step p: the rate with which SGD's step would project to p. Null before the first. */
  gamma: number | null;
  /** Λₜ: the average of γ, corrected for its start from 0. Null before the first. */
  estimate: number | null;
  /** The step after which the group switched, null while it has not. */
  switchedAt: number | null;
  /** The rate Λ it switched to, null while it has not. */
  switchedLr: number | null;
}

/** A group's progress with what its computation needs. */
interface Bookkeeping extends SWATSProgress {
  /** λₜ: the average of γ before correction. */
  average: number;
  /** β₂ᵗ by repeated multiplication. */
  power2: number;
  /** The group's lr when it switched. */
  lrAtSwitch: number | null;
}

interface SWATSState {
  step: number;
  power1: number;
  power2: number;
  /** Adam's means, until the switch. */
  expAvg: Storage | null;
  expAvgSq: Storage | null;
  /** SGD's momentum, from the switch on. */
  momentumBuffer: Storage | null;
}

const defaults: SWATSOptions = {
  lr: 0.001,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  threshold: 1e-9,
  thresholdMode: "abs",
  earliestSwitch: 2,
  maximize: false,
};

const owner = "optim.SWATS";

const unstarted: Bookkeeping = {
  phase: "adam",
  step: 0,
  gamma: null,
  estimate: null,
  switchedAt: null,
  switchedLr: null,
  average: 0,
  power2: 1,
  lrAtSwitch: null,
};

/**
 * Switching from Adam to SGD (Keskar and Socher, 2017, algorithm 1). Each step takes Adam's step p and notes
 *
 *     γₜ = p·p/(−p·g),   λₜ = β₂λₜ₋₁ + (1 − β₂)γₜ,   Λₜ = λₜ/(1 − β₂ᵗ)
 *
 * (λ stays if p·g = 0). Once Λₜ is as near to γₜ as `threshold` says, and positive, the rest is SGD with momentum:
 *
 *     b ← β₁b + g,   p ← p − (1 − β₁)·Λ·b
 *
 * The paper's vector is a parameter group here: p·p and p·g run over all parameters of the group, and each group switches on
 * its own. The Adam phase takes exactly optim.Adam's steps. After the switch a change of the group's lr, by hand or by a
 * schedule, scales Λ in proportion. `progress` shows γ, Λ and the phase.
 */
export class SWATS extends PerParameterOptimizer<SWATSOptions, SWATSState> {
  #books: Bookkeeping[] = this.groups.map(() => ({ ...unstarted }));
  /** The group being updated: its book, p·p and p·g so far, and whether any parameter had a gradient. */
  #current = { book: this.#books[0]!, squares: 0, products: 0, moved: false };

  constructor(parameters: Parameters<SWATSOptions>, options: Partial<SWATSOptions> = {}) {
    super(owner, parameters, options, defaults);
  }

  override addParamGroup(group: ParameterGroup<SWATSOptions>): void {
    super.addParamGroup(group);
    if (#books in this) this.#books.push({ ...unstarted });
  }

  /** Where each group stands, in the groups' order (copies). */
  get progress(): SWATSProgress[] {
    return this.#books.map(({ average: _a, power2: _p, lrAtSwitch: _l, ...progress }) => progress);
  }

  /** "sgd" once all groups have switched, else "adam". */
  get phase(): "adam" | "sgd" {
    return this.#books.every(({ phase }) => phase === "sgd") ? "sgd" : "adam";
  }

  /** The rate Λ that the first group switched to, null while it has not. */
  get switchedLr(): number | null {
    return this.#books[0]!.switchedLr;
  }

  override stateDict(): OptimizerStateDict {
    const saved = super.stateDict();
    for (const [i, book] of this.#books.entries()) saved.paramGroups[i]!["progress"] = { ...book };
    return saved;
  }

  override loadStateDict(saved: OptimizerStateDict): void {
    const where = `${owner}.loadStateDict`;
    const { state, paramGroups } = dictionary(where, "the state", saved) as unknown as OptimizerStateDict;
    const books: Bookkeeping[] = [];
    const groups = Array.isArray(paramGroups) ? paramGroups : [];
    const plain = groups.map((group, i) => {
      const { progress, ...rest } = dictionary(where, `paramGroups[${i}]`, group);
      books.push(restoreBook(where, progress));
      return rest as OptimizerStateDict["paramGroups"][number];
    });
    super.loadStateDict({ state, paramGroups: plain });
    this.#books = books;
  }

  protected override checkOptions(options: SWATSOptions): void {
    checkMomentOptions(owner, options);
    checkRate(owner, "threshold", options.threshold);
    checkChoice(owner, "thresholdMode", options.thresholdMode, ["abs", "rel"]);
    checkNumber(owner, "earliestSwitch", options.earliestSwitch, { min: 1, whole: true });
  }

  protected override createState(): SWATSState {
    return { step: 0, power1: 1, power2: 1, expAvg: null, expAvgSq: null, momentumBuffer: null };
  }

  protected override updateGroup(
    group: ResolvedGroup<SWATSOptions>,
    states: (SWATSState | null)[],
    position: number,
  ): void {
    const book = this.#books[position]!;
    this.#current = { book, squares: 0, products: 0, moved: false };
    super.updateGroup(group, states, position);
    const { squares, products, moved } = this.#current;
    if (moved) note(book, squares, products, group);
  }

  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    state: SWATSState,
    options: SWATSOptions,
  ): void {
    this.#current.moved = true;
    if (this.#current.book.phase === "sgd")
      this.#stepOfSGD(parameter.storage, gradient.storage, state, options);
    else this.#stepOfAdam(parameter.storage, gradient.storage, state, options);
  }

  #stepOfSGD(parameter: Storage, gradient: Storage, state: SWATSState, options: SWATSOptions): void {
    const { switchedLr, lrAtSwitch } = this.#current.book;
    const [momentum] = options.betas;
    state.expAvg = null;
    state.expAvgSq = null;
    const buffer = (state.momentumBuffer ??= filled(parameter));
    place(parameter, gradient, buffer);
    kernelsOf(parameter).sgd(
      parameter.address,
      gradient.address,
      buffer.address,
      parameter.length,
      (1 - momentum) * switchedLr! * (options.lr / lrAtSwitch!),
      momentum,
      1,
      options.weightDecay,
      options.maximize ? -1 : 1,
      0,
      0,
    );
  }

  #stepOfAdam(parameter: Storage, gradient: Storage, state: SWATSState, options: SWATSOptions): void {
    const { betas } = options;
    advance(state, betas);
    const first = (state.expAvg ??= filled(parameter));
    const second = (state.expAvgSq ??= filled(parameter));
    place(parameter, gradient, first, second);
    kernelsOf(parameter).swats(
      parameter.address,
      gradient.address,
      first.address,
      second.address,
      scratch,
      parameter.length,
      betas[0],
      betas[1],
      options.eps,
      options.lr / (1 - state.power1),
      Math.sqrt(1 - state.power2),
      options.weightDecay,
      options.maximize ? -1 : 1,
    );
    this.#current.squares += float64View[scratch >>> 3]!;
    this.#current.products += float64View[(scratch >>> 3) + 1]!;
  }
}

/** Counts a step; in the Adam phase enters its sums p·p and p·g, and switches if it is time. */
function note(book: Bookkeeping, squares: number, products: number, options: SWATSOptions): void {
  const { betas, threshold, thresholdMode, earliestSwitch } = options;
  book.step++;
  if (book.phase === "sgd") return;
  book.power2 *= betas[1];
  if (products === 0) return;
  const gamma = squares / -products;
  book.average = betas[1] * book.average + (1 - betas[1]) * gamma;
  const estimate = book.average / (1 - book.power2);
  book.gamma = gamma;
  book.estimate = estimate;
  const limit = thresholdMode === "abs" ? threshold : threshold * Math.abs(estimate);
  if (book.step >= earliestSwitch && estimate > 0 && Math.abs(estimate - gamma) < limit) {
    book.phase = "sgd";
    book.switchedAt = book.step;
    book.switchedLr = estimate;
    book.lrAtSwitch = options.lr;
  }
}

function restoreBook(where: string, saved: unknown): Bookkeeping {
  const values = dictionary(where, "progress of a group", saved);
  const book: Record<string, unknown> = {};
  for (const [name, start] of Object.entries(unstarted)) {
    const value = values[name];
    if (name === "phase" ? value === "adam" || value === "sgd" : value === null && start === null) {
      book[name] = value;
    } else if (name === "phase") {
      throw new ValueError(`${where}: phase must be "adam" or "sgd".`);
    } else {
      book[name] = restoreNumber(where, name, value);
    }
  }
  return book as unknown as Bookkeeping;
}
