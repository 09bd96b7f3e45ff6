// What the functions of `data` share: where random numbers come from, how examples are counted, checks of arguments.
import { checkDtype, isFloat, type FloatDtype } from "../dtype.ts";
import {
  DtypeError,
  OptionError,
  ShapeError,
  ValueError,
  checkNumber,
  describe,
  formatShape,
} from "../errors.ts";
import { Generator, defaultGenerator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";

/** Where random numbers come from: one of the two, or neither for the default generator (see manualSeed). */
export interface SeedOptions {
  /** A generator, which goes on from where it is. */
  generator?: Generator;
  /** A whole number: the same as `generator: new Generator(seed)`. */
  seed?: number;
}

export const seedOptionNames = ["generator", "seed"] as const;

/** The generator that the options name. */
export function generatorFrom(owner: string, options: SeedOptions): Generator {
  const { generator, seed } = options;
  if (generator !== undefined && seed !== undefined) {
    throw new OptionError(`${owner}: give generator or seed, not both.`);
  }
  if (seed !== undefined) {
    checkNumber(owner, "seed", seed, { whole: true });
    return new Generator(seed);
  }
  if (generator === undefined) return defaultGenerator;
  if (generator instanceof Generator) return generator;
  throw new OptionError(
    `${owner}: generator must be a Generator, such as new Generator(1), not ${describe(generator)}.${typeof generator === "number" ? ` For a seed alone write { seed: ${String(generator)} }.` : ""}`,
  );
}

/** Refuses an option that is neither true nor false. */
export function checkBoolean(owner: string, name: string, value: unknown): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw new OptionError(`${owner}: ${name} must be true or false, not ${describe(value)}.`);
}

/** Refuses element types in which measured numbers cannot be held. */
export function checkFloatDtype(owner: string, dtype: unknown): asserts dtype is FloatDtype {
  checkDtype(owner, dtype);
  if (!isFloat(dtype)) throw new DtypeError(`${owner}: dtype must be "float32" or "float64", not "int32".`);
}

/** Refuses what is not a list of numbers, and numbers outside the range. */
export function checkNumbers(
  owner: string,
  name: string,
  values: unknown,
  range: { min?: number; max?: number; whole?: boolean; length?: number } = {},
): asserts values is readonly number[] {
  const { length, ...limits } = range;
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) {
    throw new OptionError(`${owner}: ${name} must be an array of numbers, not ${describe(values)}.`);
  }
  const list = values as readonly unknown[];
  if (length !== undefined && list.length !== length) {
    throw new OptionError(
      `${owner}: ${name} must hold ${length} number${length === 1 ? "" : "s"}, not ${list.length}.`,
    );
  }
  for (let i = 0; i < list.length; i++) {
    checkNumber(owner, `${name}[${i}]`, list[i], limits);
    checkFinite(owner, `${name}[${i}]`, list[i] as number);
  }
}

/** Refuses Infinity where only a number that can be computed with makes sense. */
export function checkFinite(owner: string, name: string, value: number): void {
  if (Math.abs(value) < Infinity) return;
  throw new OptionError(`${owner}: ${name} must be finite, not ${value}.`);
}

/** Refuses what is not a tensor with examples along its first dimension. */
export function checkExamples(owner: string, name: string, x: unknown): asserts x is Tensor {
  if (!(x instanceof Tensor)) {
    throw new ValueError(`${owner}: ${name} must be a tensor, not ${describe(x)}. Wrap arrays in tensor(…).`);
  }
  if (x.rank > 0) return;
  throw new ShapeError(
    `${owner}: ${name} is a scalar; examples lie along the first dimension, e.g. (examples, features).`,
  );
}

/** Refuses labels that are not one int32 class number ≥ 0 for each example. */
export function checkLabels(
  owner: string,
  name: string,
  y: unknown,
  count?: number,
): Int32Array<ArrayBuffer> {
  checkExamples(owner, name, y);
  if (y.dtype !== "int32") {
    throw new DtypeError(
      `${owner}: ${name} must be class numbers with dtype int32, not ${y.dtype}. Convert with .to("int32").`,
    );
  }
  if (y.rank !== 1) {
    throw new ShapeError(
      `${owner}: ${name} must have one class number for each example, shape (n,), not ${formatShape(y.shape)}.`,
    );
  }
  if (count !== undefined && y.size !== count) {
    throw new ShapeError(`${owner}: ${name} has ${y.size} class numbers for ${count} examples.`);
  }
  const values = y.data as Int32Array<ArrayBuffer>;
  const bad = values.findIndex((value) => value < 0);
  if (bad >= 0) {
    throw new ValueError(
      `${owner}: ${name} holds the class number ${values[bad]} at position ${bad}; classes are numbered from 0.`,
    );
  }
  return values;
}

/**
 * `total` shared out in proportion to `weights`: each share rounded down, what is left goes one by one to the largest
 * remainders, the first of equal ones first.
 */
export function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map(Math.floor);
  const rest = total - shares.reduce((all, share) => all + share, 0);
  const byRemainder = exact
    .map((value, i) => ({ i, remainder: value - shares[i]! }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (let k = 0; k < rest; k++) shares[byRemainder[k]!.i]!++;
  return shares;
}

/** float64 numbers of a function that only kernels may compute: sin, cos, exp, log … */
export function computed(
  values: readonly number[] | Float64Array<ArrayBuffer>,
  f: (x: Tensor) => Tensor,
): Float64Array<ArrayBuffer> {
  const x = Tensor.adopt(Float64Array.from(values), [values.length], "float64");
  return f(x).data as Float64Array<ArrayBuffer>;
}
