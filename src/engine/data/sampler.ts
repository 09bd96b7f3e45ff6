// Samplers: in which order, and how often, a DataLoader visits the examples of a dataset. Each pass asks anew.
import { OptionError, ValueError, checkNumber, checkOptions, describe } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import {
  checkBoolean,
  checkFinite,
  computed,
  generatorFrom,
  seedOptionNames,
  type SeedOptions,
} from "./common.ts";

/** Numbers of examples in the order of one epoch; each iteration is a new epoch. */
export interface Sampler extends Iterable<number> {
  /** How many numbers an epoch has. */
  readonly length: number;
}

/** What a sampler counts: a dataset, a tensor of examples, or simply how many there are. */
export type Countable = number | Tensor | { readonly length: number };

/** How many examples there are in it. */
export function countOf(owner: string, source: Countable): number {
  const count =
    source instanceof Tensor
      ? source.shape[0]
      : typeof source === "object" && source !== null
        ? source.length
        : source;
  if (Number.isInteger(count) && count! >= 0) return count!;
  throw new ValueError(
    `${owner}: needs a dataset, a tensor with examples along its first dimension, or a number of examples, not ${describe(source)}.`,
  );
}

/** 0, 1, 2 … in order. */
export class SequentialSampler implements Sampler {
  readonly length: number;

  constructor(source: Countable) {
    this.length = countOf("SequentialSampler", source);
  }

  *[Symbol.iterator](): Iterator<number, void> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

export interface RandomSamplerOptions extends SeedOptions {
  /** May an example come again within an epoch? Default false. */
  replacement?: boolean;
  /** Numbers an epoch. Default: as many as there are examples. */
  numSamples?: number;
}

/** Every example once in random order; with `replacement`, any example at any time. */
export class RandomSampler implements Sampler {
  readonly length: number;
  readonly #count: number;
  readonly #replacement: boolean;
  readonly #generator: Generator;

  constructor(source: Countable, options: RandomSamplerOptions = {}) {
    checkOptions("RandomSampler", options, ["replacement", "numSamples", ...seedOptionNames]);
    this.#count = countOf("RandomSampler", source);
    const { replacement = false, numSamples = this.#count } = options;
    checkBoolean("RandomSampler", "replacement", replacement);
    checkNumber("RandomSampler", "numSamples", numSamples, { min: 0, whole: true });
    if (this.#count === 0 && numSamples > 0) {
      throw new ValueError("RandomSampler: there are no examples to draw from.");
    }
    this.length = numSamples;
    this.#replacement = replacement;
    this.#generator = generatorFrom("RandomSampler", options);
  }

  *[Symbol.iterator](): Iterator<number, void> {
    if (this.#replacement) {
      for (let i = 0; i < this.length; i++) yield this.#generator.integer(this.#count);
      return;
    }
    // More numbers than examples: whole permutations one after the other.
    for (let done = 0; done < this.length; done += this.#count) {
      yield* this.#generator.permutation(this.#count).slice(0, this.length - done);
    }
  }
}

export interface WeightedRandomSamplerOptions extends SeedOptions {
  /** May an example come again within an epoch? Default true. */
  replacement?: boolean;
}

/**
 * Example i with a probability in proportion to weights[i]: what evens out rare classes.
 *
 * With replacement, by the inverse of the distribution function. Without, the examples with the `numSamples` smallest values
 * of E/weight, E exponentially distributed (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
 *
 *     const sampler = new data.WeightedRandomSampler(y.toArray().map((k) => (k === 0 ? 1 : 9)), 200, { seed: 1 });
 *
 * @param weights numbers ≥ 0, not all 0; they need not sum to 1
 * @param numSamples numbers an epoch
 */
export class WeightedRandomSampler implements Sampler {
  readonly length: number;
  readonly #weights: Float64Array<ArrayBuffer>;
  readonly #replacement: boolean;
  readonly #generator: Generator;

  constructor(
    weights: ArrayLike<number> | Tensor,
    numSamples: number,
    options: WeightedRandomSamplerOptions = {},
  ) {
    const owner = "WeightedRandomSampler";
    checkOptions(owner, options, ["replacement", ...seedOptionNames]);
    const { replacement = true } = options;
    checkBoolean(owner, "replacement", replacement);
    checkNumber(owner, "numSamples", numSamples, { min: 1, whole: true });
    if (!(weights instanceof Tensor || Array.isArray(weights) || ArrayBuffer.isView(weights))) {
      throw new ValueError(`${owner}: weights must be an array or a tensor, not ${describe(weights)}.`);
    }
    this.#weights = Float64Array.from(weights instanceof Tensor ? weights.data : weights);
    let positive = 0;
    for (const [i, weight] of this.#weights.entries()) {
      checkNumber(owner, `weights[${i}]`, weight, { min: 0 });
      checkFinite(owner, `weights[${i}]`, weight);
      if (weight > 0) positive++;
    }
    if (positive === 0) throw new OptionError(`${owner}: at least one weight must be greater than 0.`);
    if (!replacement && numSamples > positive) {
      throw new OptionError(
        `${owner}: without replacement numSamples can be at most ${positive}, the number of positive weights, not ${numSamples}.`,
      );
    }
    this.length = numSamples;
    this.#replacement = replacement;
    this.#generator = generatorFrom(owner, options);
  }

  [Symbol.iterator](): Iterator<number, void> {
    return (this.#replacement ? this.#drawWith() : this.#drawWithout())[Symbol.iterator]();
  }

  #drawWith(): number[] {
    const weights = this.#weights;
    let total = 0;
    const ends = weights.map((weight) => (total += weight));
    return Array.from(this.#generator.uniformArray(this.length), (u) => {
      const target = u * total;
      // The first end beyond the target; an example of weight 0 ends where it starts and is never met.
      let [low, high] = [0, ends.length - 1];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (ends[middle]! > target) high = middle;
        else low = middle + 1;
      }
      // Rounding can carry the target to the very end, behind which examples of weight 0 may lie.
      while (weights[low] === 0) low--;
      return low;
    });
  }

  #drawWithout(): number[] {
    const uniform = this.#generator.uniformArray(this.#weights.length).map((u) => 1 - u);
    const keys = computed(uniform, (u) => u.log()).map((log, i) => -log / this.#weights[i]!);
    return Array.from(keys, (_, i) => i)
      .filter((i) => this.#weights[i]! > 0)
      .sort((a, b) => keys[a]! - keys[b]! || a - b)
      .slice(0, this.length);
  }
}
