// Splits of a data set into training and test examples.
import { tensor } from "../create.ts";
import { OptionError, ShapeError, ValueError, checkNumber, checkOptions, describe } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import type { Tensor } from "../tensor.ts";
import {
  checkBoolean,
  checkExamples,
  checkLabels,
  checkNumbers,
  generatorFrom,
  seedOptionNames,
  shareOut,
  type SeedOptions,
} from "./common.ts";
import { Subset, checkDataset, type Dataset } from "./dataset.ts";

/** Numbers of examples as an int32 tensor. */
export function positions(list: readonly number[]): Tensor {
  return tensor(list, { dtype: "int32" });
}

/** The positions of each class, in ascending order; classes are numbered from 0, some may be empty. */
export function positionsByClass(labels: ArrayLike<number>): number[][] {
  const classes: number[][] = [];
  for (let i = 0; i < labels.length; i++) {
    while (classes.length <= labels[i]!) classes.push([]);
    classes[labels[i]!]!.push(i);
  }
  return classes;
}

/**
 * Shares the examples out at random into subsets that do not overlap.
 *
 *     const [train, valid] = data.randomSplit(dataset, [0.8, 0.2], { seed: 1 });
 *
 * @param lengths whole numbers that add up to dataset.length, or fractions that add up to 1: each is rounded down, and the
 *   examples left over go one each to the first subsets
 */
export function randomSplit<Item>(
  dataset: Dataset<Item>,
  lengths: readonly number[],
  options: SeedOptions = {},
): Subset<Item>[] {
  checkOptions("randomSplit", options, seedOptionNames);
  checkDataset("randomSplit", dataset);
  checkNumbers("randomSplit", "lengths", lengths, { min: 0 });
  const n = dataset.length;
  const sizes = resolveLengths(lengths, n);
  const order = generatorFrom("randomSplit", options).permutation(n);
  let start = 0;
  return sizes.map((size) => {
    const subset = new Subset(dataset, order.slice(start, start + size));
    start += size;
    return subset;
  });
}

function resolveLengths(lengths: readonly number[], n: number): number[] {
  const sum = lengths.reduce((all, length) => all + length, 0);
  if (lengths.every(Number.isInteger) && sum === n) return [...lengths];
  if (Math.abs(sum - 1) > 1e-6 || lengths.some((length) => length > 1)) {
    throw new OptionError(
      `randomSplit: lengths must add up to ${n}, the length of the dataset, or, as fractions, to 1; [${lengths.join(", ")}] add up to ${sum}.`,
    );
  }
  const sizes = lengths.map((fraction) => Math.floor(fraction * n + 1e-9));
  let rest = n - sizes.reduce((all, size) => all + size, 0);
  for (let i = 0; rest > 0; i = (i + 1) % sizes.length, rest--) sizes[i]!++;
  return sizes;
}

export interface TrainTestSplitOptions extends SeedOptions {
  /** A fraction between 0 and 1 (rounded up), or a number of examples. Default 0.25, or what trainSize leaves. */
  testSize?: number;
  /** A fraction between 0 and 1 (rounded down), or a number of examples. Default: what testSize leaves. */
  trainSize?: number;
  /** Draw the test examples at random; otherwise they are the last ones. Default true. */
  shuffle?: boolean;
  /** Class numbers, int32 (n,): both parts have these in the same proportions. */
  stratify?: Tensor;
}

/**
 * Splits tensors by rows into a training and a test part: `[XTrain, XTest, yTrain, yTest]` for X and y.
 *
 *     const [XTrain, XTest, yTrain, yTest] = data.trainTestSplit(X, y, { testSize: 0.2, stratify: y, seed: 1 });
 *
 * @throws ShapeError if the tensors differ in rows; OptionError if a part would be empty, or smaller than the classes are many
 */
export function trainTestSplit(a: Tensor, options?: TrainTestSplitOptions): [Tensor, Tensor];
export function trainTestSplit(
  a: Tensor,
  b: Tensor,
  options?: TrainTestSplitOptions,
): [Tensor, Tensor, Tensor, Tensor];
export function trainTestSplit(
  a: Tensor,
  b: Tensor,
  c: Tensor,
  options?: TrainTestSplitOptions,
): [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
export function trainTestSplit(...args: (Tensor | TrainTestSplitOptions | undefined)[]): Tensor[] {
  const owner = "trainTestSplit";
  const last = args.at(-1);
  const hasOptions =
    args.length > 0 &&
    (last === undefined || (last !== null && Object.getPrototypeOf(last) === Object.prototype));
  const options = ((hasOptions ? last : undefined) ?? {}) as TrainTestSplitOptions;
  const tensors = (hasOptions ? args.slice(0, -1) : args) as Tensor[];
  checkOptions(owner, options, ["testSize", "trainSize", "shuffle", "stratify", ...seedOptionNames]);
  const { shuffle = true, stratify } = options;
  checkBoolean(owner, "shuffle", shuffle);
  if (tensors.length === 0) throw new ValueError(`${owner}: needs at least one tensor.`);
  for (const [i, each] of tensors.entries()) checkExamples(owner, `argument ${i + 1}`, each);
  const n = tensors[0]!.shape[0]!;
  const odd = tensors.findIndex((each) => each.shape[0] !== n);
  if (odd >= 0) {
    throw new ShapeError(
      `${owner}: the tensors must have the same number of rows: argument 1 has ${n}, argument ${odd + 1} has ${tensors[odd]!.shape[0]}.`,
    );
  }
  const [trainSize, testSize] = partSizes(owner, n, options);
  let train: number[];
  let test: number[];
  if (stratify !== undefined) {
    if (!shuffle)
      throw new OptionError(`${owner}: stratify draws at random; it does not go with shuffle: false.`);
    const labels = checkLabels(owner, "stratify", stratify, n);
    [train, test] = stratified(labels, trainSize, testSize, generatorFrom(owner, options));
  } else {
    const order = shuffle
      ? generatorFrom(owner, options).permutation(n)
      : Array.from({ length: n }, (_, i) => i);
    // As with shuffle: false, the test examples follow the training examples.
    train = order.slice(0, trainSize);
    test = order.slice(trainSize, trainSize + testSize);
  }
  const [trainRows, testRows] = [positions(train), positions(test)];
  return tensors.flatMap((each) => [each.indexSelect(0, trainRows), each.indexSelect(0, testRows)]);
}

/** How many examples each part gets. */
function partSizes(owner: string, n: number, options: TrainTestSplitOptions): [train: number, test: number] {
  const { testSize, trainSize } = options;
  const count = (name: string, size: number, round: (x: number) => number): number => {
    checkNumber(owner, name, size, { min: 0 });
    if (size > 0 && size < 1) return round(size * n);
    if (Number.isInteger(size) && size > 0) return size;
    throw new OptionError(
      `${owner}: ${name} must be a fraction between 0 and 1 or a whole number of examples ≥ 1, not ${describe(size)}.`,
    );
  };
  // A tiny amount off, so that 0.1 + 0.2 of 10 is 3 and not, for its rounding, 4.
  const up = (x: number): number => Math.ceil(x - 1e-9);
  const down = (x: number): number => Math.floor(x + 1e-9);
  let train = trainSize === undefined ? -1 : count("trainSize", trainSize, down);
  let test = testSize === undefined ? -1 : count("testSize", testSize, up);
  if (test < 0) test = train < 0 ? Math.ceil(0.25 * n) : n - train;
  if (train < 0) train = n - test;
  if (train <= 0 || test <= 0 || train + test > n) {
    throw new OptionError(
      `${owner}: ${n} examples cannot be split into ${train} for training and ${test} for testing; both parts need at least one.`,
    );
  }
  return [train, test];
}

function stratified(
  labels: Int32Array<ArrayBuffer>,
  trainSize: number,
  testSize: number,
  generator: Generator,
): [train: number[], test: number[]] {
  const classes = positionsByClass(labels).filter((members) => members.length > 0);
  const lonely = classes.find((members) => members.length < 2);
  if (lonely !== undefined) {
    throw new OptionError(
      `trainTestSplit: stratify needs at least two examples of each class; class ${labels[lonely[0]!]} has one.`,
    );
  }
  if (Math.min(trainSize, testSize) < classes.length) {
    throw new OptionError(
      `trainTestSplit: with stratify both parts need an example of each of the ${classes.length} classes; the sizes are ${trainSize} and ${testSize}.`,
    );
  }
  const trainCounts = shareOut(
    trainSize,
    classes.map((members) => members.length),
  );
  const left = classes.map((members, i) => members.length - trainCounts[i]!);
  const testCounts = shareOut(testSize, left);
  const train: number[] = [];
  const test: number[] = [];
  for (const [i, members] of classes.entries()) {
    const order = generator.shuffle(members);
    train.push(...order.slice(0, trainCounts[i]));
    test.push(...order.slice(trainCounts[i], trainCounts[i]! + testCounts[i]!));
  }
  return [generator.shuffle(train), generator.shuffle(test)];
}
