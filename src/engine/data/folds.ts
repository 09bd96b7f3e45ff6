// Resampling for validation: k-fold, stratified k-fold, the bootstrap. All speak of examples by number.
import { OptionError, ValueError, checkNumber, checkOptions } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import type { Tensor } from "../tensor.ts";
import { checkBoolean, checkLabels, generatorFrom, seedOptionNames, type SeedOptions } from "./common.ts";
import { countOf, type Countable } from "./sampler.ts";
import { positions, positionsByClass } from "./split.ts";

/** One fold: which examples train and which test, both int32 (use `X.indexSelect(0, train)` or `new data.Subset(…, train)`). */
export type Fold = [train: Tensor, test: Tensor];

export interface KFoldOptions extends SeedOptions {
  /** Number of folds, at least 2. Default 5. */
  nSplits?: number;
  /** Put the examples in random order first. Default false: each test fold is a run of neighbours. */
  shuffle?: boolean;
}

function resolveFolds(
  owner: string,
  options: KFoldOptions,
): { nSplits: number; generator: Generator | null } {
  checkOptions(owner, options, ["nSplits", "shuffle", ...seedOptionNames]);
  const { nSplits = 5, shuffle = false } = options;
  checkNumber(owner, "nSplits", nSplits, { min: 2, whole: true });
  checkBoolean(owner, "shuffle", shuffle);
  const generator = generatorFrom(owner, options);
  if (!shuffle && (options.generator !== undefined || options.seed !== undefined)) {
    throw new OptionError(`${owner}: a generator or seed has no effect without shuffle: true.`);
  }
  return { nSplits, generator: shuffle ? generator : null };
}

/** The folds as index tensors, from the number of the fold in which each example tests. */
function foldsFrom(assigned: readonly number[], nSplits: number): Fold[] {
  return Array.from({ length: nSplits }, (_, fold) => {
    const train: number[] = [];
    const test: number[] = [];
    for (let i = 0; i < assigned.length; i++) (assigned[i] === fold ? test : train).push(i);
    return [positions(train), positions(test)];
  });
}

/**
 * k-fold cross-validation: every example tests in exactly one fold and trains in all others.
 *
 *     for (const [train, test] of new data.KFold({ nSplits: 5, shuffle: true, seed: 1 }).split(X)) { … }
 *
 * Sizes differ by at most one: of n examples the first n mod k folds test one more.
 */
export class KFold {
  readonly nSplits: number;
  readonly #generator: Generator | null;

  constructor(options: KFoldOptions = {}) {
    const { nSplits, generator } = resolveFolds("KFold", options);
    this.nSplits = nSplits;
    this.#generator = generator;
  }

  /**
   * The folds.
   * @param source what is split: a tensor, a dataset, or the number of examples
   */
  split(source: Countable): Fold[] {
    const n = countOf("KFold.split", source);
    const { nSplits } = this;
    if (nSplits > n) {
      throw new OptionError(`KFold.split: ${n} examples cannot be split into nSplits = ${nSplits} folds.`);
    }
    const order = this.#generator?.permutation(n);
    const assigned = Array.from<number>({ length: n });
    let position = 0;
    for (let fold = 0; fold < nSplits; fold++) {
      const size = Math.floor(n / nSplits) + (fold < n % nSplits ? 1 : 0);
      for (let i = 0; i < size; i++, position++) assigned[order?.[position] ?? position] = fold;
    }
    return foldsFrom(assigned, nSplits);
  }
}

/**
 * k-fold cross-validation in which every fold has the classes in nearly the same proportions as the whole: the counts of a
 * class differ by at most one between folds, and so do the sizes of the folds.
 */
export class StratifiedKFold {
  readonly nSplits: number;
  readonly #generator: Generator | null;

  constructor(options: KFoldOptions = {}) {
    const { nSplits, generator } = resolveFolds("StratifiedKFold", options);
    this.nSplits = nSplits;
    this.#generator = generator;
  }

  /**
   * The folds.
   * @param source what is split: a tensor, a dataset, or the number of examples
   * @param y class numbers, int32 (n,)
   */
  split(source: Countable, y: Tensor): Fold[] {
    const owner = "StratifiedKFold.split";
    const n = countOf(owner, source);
    const { nSplits } = this;
    const classes = positionsByClass(checkLabels(owner, "y", y, n));
    const largest = classes.reduce((most, members) => Math.max(most, members.length), 0);
    if (nSplits > largest) {
      throw new OptionError(
        `${owner}: no class has as many examples as there are folds (nSplits = ${nSplits}); the largest has ${largest}.`,
      );
    }
    const assigned = Array.from<number>({ length: n });
    // The folds are dealt out like cards, class after class, so that neither classes nor sizes pile up in one fold.
    let dealt = 0;
    for (const members of classes) {
      const quota = Array.from({ length: nSplits }, () => 0);
      for (let i = 0; i < members.length; i++) quota[dealt++ % nSplits]!++;
      const order = this.#generator?.shuffle(members) ?? members;
      let position = 0;
      for (const [fold, count] of quota.entries()) {
        for (let i = 0; i < count; i++) assigned[order[position++]!] = fold;
      }
    }
    return foldsFrom(assigned, nSplits);
  }
}

/**
 * A bootstrap sample: as many examples as there are (or `numSamples`), drawn with replacement, and those that were not drawn
 * (about 37 %). Both int32, as in KFold.
 */
export function bootstrap(
  source: Countable,
  options: SeedOptions & { numSamples?: number } = {},
): [drawn: Tensor, left: Tensor] {
  checkOptions("bootstrap", options, ["numSamples", ...seedOptionNames]);
  const n = countOf("bootstrap", source);
  if (n === 0) throw new ValueError("bootstrap: there are no examples to draw from.");
  const { numSamples = n } = options;
  checkNumber("bootstrap", "numSamples", numSamples, { min: 1, whole: true });
  const generator = generatorFrom("bootstrap", options);
  const drawn = Array.from({ length: numSamples }, () => generator.integer(n));
  const met = new Set(drawn);
  const left = Array.from({ length: n }, (_, i) => i).filter((i) => !met.has(i));
  return [positions(drawn), positions(left)];
}
