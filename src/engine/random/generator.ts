// Seeded random numbers. The same seed gives the same numbers in every browser and in Node: no Math.random, no clock.
import { checkNumber } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { float64View, int32View, scratch } from "../memory/heap.ts";

type Algorithm = "xoshiro256**" | "mulberry32";

/** Draws go through the kernels' scratch area this many at a time. */
const CHUNK = 4096;

/**
 * A source of random numbers with its own seed and state.
 *
 * The default algorithm is xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018),
 * seeded by splitmix64: 53 random bits a number, period 2²⁵⁶ − 1. `Generator.mulberry32` is the small generator of many
 * JavaScript examples, with 32 bits a number and period 2³², for repeating numbers that were made with it.
 * Normal numbers come from Box and Muller's transform of two uniform ones, √(−2 ln u)·cos 2πw, then the same with sin.
 */
export class Generator {
  readonly #algorithm: Algorithm;
  readonly #state = new Int32Array(8);
  #seed = 0;
  /** The second number of a Box–Muller pair, not yet handed out. */
  #spare: number | null = null;

  /** @param seed a whole number; default 0 */
  constructor(seed = 0, algorithm: Algorithm = "xoshiro256**") {
    this.#algorithm = algorithm;
    this.manualSeed(seed);
  }

  /** A generator by mulberry32 (one 32-bit word of state). */
  static mulberry32(seed: number): Generator {
    return new Generator(seed, "mulberry32");
  }

  /** The seed it was last given. */
  get initialSeed(): number {
    return this.#seed;
  }

  /** Starts again from a seed. Returns this generator. */
  manualSeed(seed: number): this {
    checkNumber("Generator", "seed", seed, {
      min: -Number.MAX_SAFE_INTEGER,
      max: Number.MAX_SAFE_INTEGER,
      whole: true,
    });
    this.#seed = seed;
    this.#spare = null;
    if (this.#algorithm === "mulberry32") {
      this.#state[0] = seed;
    } else {
      this.#withState(() =>
        kernels.float64.seedXoshiro(scratch, seed >>> 0, Math.floor(seed / 4294967296) >>> 0),
      );
    }
    return this;
  }

  /** The whole state, to continue from later with setState. */
  getState(): { words: number[]; spare: number | null } {
    return { words: Array.from(this.#state), spare: this.#spare };
  }

  /** Continues from a state that getState gave. */
  setState(state: { words: readonly number[]; spare: number | null }): void {
    this.#state.set(state.words);
    this.#spare = state.spare;
  }

  /** Lends the state to kernels at `scratch`. */
  #withState(run: () => void): void {
    const at = scratch >>> 2;
    int32View.set(this.#state, at);
    run();
    this.#state.set(int32View.subarray(at, at + 8));
  }

  /** `count` ≤ CHUNK uniform numbers, left on the heap behind the state. */
  #draw(count: number): number {
    const out = scratch + 32;
    this.#withState(() => {
      if (this.#algorithm === "mulberry32") kernels.float64.uniformMulberry(scratch, out, count);
      else kernels.float64.uniformXoshiro(scratch, out, count);
    });
    return out;
  }

  /** Uniform numbers in [0, 1). */
  uniformArray(count: number): Float64Array<ArrayBuffer> {
    const values = new Float64Array(count);
    for (let start = 0; start < count; start += CHUNK) {
      const n = Math.min(CHUNK, count - start);
      const first = this.#draw(n) >>> 3;
      values.set(float64View.subarray(first, first + n), start);
    }
    return values;
  }

  /** Normal numbers with mean 0 and standard deviation 1. */
  normalArray(count: number): Float64Array<ArrayBuffer> {
    const values = new Float64Array(count);
    let filled = 0;
    if (this.#spare !== null && count > 0) {
      values[filled++] = this.#spare;
      this.#spare = null;
    }
    while (filled < count) {
      const pairs = Math.min(CHUNK / 2, Math.ceil((count - filled) / 2));
      const out = this.#draw(2 * pairs);
      kernels.float64.boxMuller(out, pairs);
      const first = out >>> 3;
      const n = Math.min(2 * pairs, count - filled);
      values.set(float64View.subarray(first, first + n), filled);
      filled += n;
      if (n < 2 * pairs) this.#spare = float64View[first + n]!;
    }
    return values;
  }

  /** One uniform number in [low, high); [0, 1) by default. */
  uniform(low = 0, high = 1): number {
    const u = float64View[this.#draw(1) >>> 3]!;
    return low === 0 && high === 1 ? u : low + (high - low) * u;
  }

  /** One normal number; mean 0 and standard deviation 1 by default. */
  normal(mean = 0, std = 1): number {
    return mean + std * this.normalArray(1)[0]!;
  }

  /** One whole number in [low, high), all equally likely to within 2⁻³². integer(n) is in [0, n). */
  integer(low: number, high?: number): number {
    const [from, to] = high === undefined ? [0, low] : [low, high];
    checkNumber("integer", "low", from, { whole: true });
    checkNumber("integer", "high", to, { whole: true, min: from + 1 });
    return from + Math.floor(this.uniform() * (to - from));
  }

  /** The numbers 0 … n − 1 in random order (Fisher and Yates). */
  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** The items in random order, as a new array. */
  shuffle<T>(items: readonly T[]): T[] {
    return this.permutation(items.length).map((i) => items[i]!);
  }

  /** One of the items, all equally likely. */
  choice<T>(items: readonly T[]): T {
    return items[this.integer(items.length)]!;
  }
}

/** What random functions use when no generator is given. It starts from seed 0, so that a fresh run repeats itself. */
export const defaultGenerator: Generator = new Generator(0);

/** Seeds the default generator and returns it. */
export function manualSeed(seed: number): Generator {
  return defaultGenerator.manualSeed(seed);
}
