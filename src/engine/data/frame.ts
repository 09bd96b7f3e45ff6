// What made-up classification problems have in common: their options, and the way from clean points to examples.
import { allocateArray, type FloatDtype } from "../dtype.ts";
import { OptionError, checkNumber, checkOptions } from "../errors.ts";
import { checkSize } from "../memory/heap.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import {
  checkBoolean,
  checkFinite,
  checkFloatDtype,
  checkNumbers,
  generatorFrom,
  seedOptionNames,
  shareOut,
  type SeedOptions,
} from "./common.ts";

/** What all classification problems can be asked for. */
export interface ClassificationOptions extends SeedOptions {
  /** How many examples, in equal parts (or by `weights`) of each class; or the number for each class. Default 100. */
  nSamples?: number | readonly number[];
  /** The classes' shares of the examples, in any unit: [9, 1] makes the second class rare. Default: equal. */
  weights?: readonly number[];
  /** Put the examples in random order; otherwise they are sorted by class. Default true. */
  shuffle?: boolean;
  /** Standard deviation of the normal noise on every coordinate. Default 0 unless the problem says otherwise. */
  noise?: number;
  /** The probability that a label is replaced by another class. Default 0. */
  labelNoise?: number;
  /** Added to every feature, or to each its own, before scaling. Default 0. */
  shift?: number | readonly number[];
  /** Factor for every feature, or for each its own. Default 1. */
  scale?: number | readonly number[];
  /** Element type of X. Default float32. */
  dtype?: FloatDtype;
}

/** Examples (rows of X) and their classes. */
export interface ClassificationData {
  /** (n, features), float. */
  X: Tensor;
  /** (n,), int32: classes 0, 1, …. */
  y: Tensor;
}

const sharedNames = [
  "nSamples",
  "weights",
  "shuffle",
  "noise",
  "labelNoise",
  "shift",
  "scale",
  "dtype",
  ...seedOptionNames,
] as const;

/** The number of examples of each class. */
export function classCounts(
  owner: string,
  classes: number,
  options: { nSamples?: number | readonly number[]; weights?: readonly number[] },
  fallback = 100,
): number[] {
  const { nSamples = fallback, weights } = options;
  if (typeof nSamples !== "number") {
    checkNumbers(owner, "nSamples", nSamples, { min: 0, whole: true, length: classes });
    if (weights !== undefined) {
      throw new OptionError(
        `${owner}: nSamples for each class leaves no room for weights; give one of them.`,
      );
    }
    return [...nSamples];
  }
  checkNumber(owner, "nSamples", nSamples, { min: 1, whole: true });
  checkSize(owner, "float64", nSamples);
  if (weights === undefined)
    return shareOut(
      nSamples,
      Array.from({ length: classes }, () => 1),
    );
  checkNumbers(owner, "weights", weights, { min: 0, length: classes });
  if (weights.every((weight) => weight === 0)) {
    throw new OptionError(`${owner}: at least one of the weights must be greater than 0.`);
  }
  return shareOut(nSamples, weights);
}

/** One number a feature, from a number for all or a list. */
export function perFeature(
  owner: string,
  name: string,
  value: number | readonly number[],
  features: number,
): number[] {
  if (typeof value !== "number") {
    checkNumbers(owner, name, value, { length: features });
    return [...value];
  }
  checkNumber(owner, name, value);
  checkFinite(owner, name, value);
  return Array.from({ length: features }, () => value);
}

/** x ← (x + shift)·scale for each feature of row-major examples, in place. */
export function shiftAndScale(
  owner: string,
  values: Float64Array<ArrayBuffer>,
  features: number,
  options: { shift?: number | readonly number[]; scale?: number | readonly number[] },
): void {
  const shift = perFeature(owner, "shift", options.shift ?? 0, features);
  const scale = perFeature(owner, "scale", options.scale ?? 1, features);
  for (let i = 0; i < values.length; i++) {
    const feature = i % features;
    values[i] = (values[i]! + shift[feature]!) * scale[feature]!;
  }
}

/** What a problem has to go on with once its options are checked. */
export interface Frame {
  owner: string;
  options: ClassificationOptions;
  generator: Generator;
  counts: number[];
}

/** Refuses unknown options; `own` are those that the problem has besides the shared ones. Gives the name for messages. */
export function checkNames(name: string, options: ClassificationOptions, own: readonly string[]): string {
  const owner = `data.${name}`;
  checkOptions(owner, options, [...sharedNames, ...own]);
  return owner;
}

/** Checks the options that all problems share. */
export function begin(owner: string, options: ClassificationOptions, classes: number): Frame {
  const { shuffle = true, noise = 0, labelNoise = 0, dtype = "float32" } = options;
  checkBoolean(owner, "shuffle", shuffle);
  checkNumber(owner, "noise", noise, { min: 0 });
  checkFinite(owner, "noise", noise);
  checkNumber(owner, "labelNoise", labelNoise, { min: 0, max: 1 });
  checkFloatDtype(owner, dtype);
  const generator = generatorFrom(owner, options);
  return { owner, options, generator, counts: classCounts(owner, classes, options) };
}

/**
 * Clean points, sorted by group as `frame.counts` says, become the finished examples: shuffled, moved by noise, given wrong
 * labels here and there, shifted and scaled, in this order.
 * @param classes the class of each group; by default each is its own
 * @returns also the group that each example comes from
 */
export function finish(
  frame: Frame,
  points: Float64Array<ArrayBuffer>,
  features: number,
  classes: readonly number[] = frame.counts.map((_, k) => k),
): ClassificationData & { group: Tensor } {
  const { owner, options, generator, counts } = frame;
  const { shuffle = true, noise = 0, labelNoise = 0, dtype = "float32" } = options;
  const n = points.length / features;
  const sorted = counts.flatMap((count, k) => Array.from({ length: count }, () => k));
  const order = shuffle ? generator.permutation(n) : null;
  const values = new Float64Array(points.length);
  const group = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const from = order?.[i] ?? i;
    group[i] = sorted[from]!;
    for (let j = 0; j < features; j++) values[i * features + j] = points[from * features + j]!;
  }
  if (noise > 0) {
    const moves = generator.normalArray(values.length);
    for (let i = 0; i < values.length; i++) values[i]! += noise * moves[i]!;
  }
  const y = group.map((k) => classes[k]!);
  const nClasses = Math.max(...classes) + 1;
  if (labelNoise > 0 && nClasses > 1) {
    for (let i = 0; i < n; i++) {
      if (generator.uniform() >= labelNoise) continue;
      y[i] = (y[i]! + 1 + generator.integer(nClasses - 1)) % nClasses;
    }
  }
  shiftAndScale(owner, values, features, options);
  const X = allocateArray(dtype, values.length);
  X.set(values);
  return {
    X: Tensor.adopt(X, [n, features], dtype),
    y: Tensor.adopt(y, [n], "int32"),
    group: Tensor.adopt(group, [n], "int32"),
  };
}
