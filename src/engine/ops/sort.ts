// Order: sorting, the k largest, medians, different values, and finding places in a sorted row. NaN counts as larger than
// every number, as in PyTorch; equal numbers keep their order.
import { record } from "../autograd/tape.ts";
import { checkBoolean, checkFloat, checkTensor } from "../check.ts";
import { allocateArray, type TypedArray } from "../dtype.ts";
import { ShapeError, ValueError, checkNumber, checkOptions, formatShape } from "../errors.ts";
import { checkSize } from "../memory/heap.ts";
import { around, resolveDim, sameShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { gather } from "./indexing.ts";
import { reshape } from "./layout.ts";
import { shareEqually, type Extremes } from "./reduce.ts";

const ascending = (a: number, b: number): number => {
  if (a < b) return -1;
  if (a > b) return 1;
  // Equal, or NaN in it.
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
};

/** For each row along a dimension, `pick` fills a row of m positions from the row's numbers. */
function positionsAlong(
  x: Tensor,
  at: number,
  m: number,
  pick: (row: TypedArray) => ArrayLike<number>,
): Tensor {
  const { outer, n, inner } = around(x.shape, at);
  const { data } = x;
  const out = new Int32Array(outer * m * inner);
  const row = allocateArray(x.dtype, n);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      for (let k = 0; k < n; k++) row[k] = data[(o * n + k) * inner + i]!;
      const positions = pick(row);
      for (let k = 0; k < m; k++) out[(o * m + k) * inner + i] = positions[k]!;
    }
  }
  return Tensor.adopt(out, x.shape.with(at, m), "int32");
}

/** Positions of the numbers of a row in ascending or descending order. */
function order(row: TypedArray, descending: boolean): number[] {
  const positions = Array.from(row, (_, i) => i);
  return positions.sort(
    descending ? (i, j) => ascending(row[j]!, row[i]!) : (i, j) => ascending(row[i]!, row[j]!),
  );
}

export interface SortOptions {
  /** Default: the last. */
  dim?: number;
  /** Largest first. Default false. */
  descending?: boolean;
  /** Always true here: equal numbers keep their order. */
  stable?: boolean;
}

/** Positions that sort a dimension (int32). */
export function argsort(x: Tensor, options: SortOptions = {}, owner = "argsort"): Tensor {
  checkOptions(owner, options, ["dim", "descending", "stable"]);
  const { dim = -1, descending = false, stable = true } = options;
  checkBoolean(owner, "descending", descending);
  checkBoolean(owner, "stable", stable);
  const at = resolveDim(owner, dim, x.rank);
  return positionsAlong(x, at, x.shape[at]!, (row) => order(row, descending));
}

/** The numbers along a dimension in order, and where they were. Gradients go back to where they were. */
export function sort(x: Tensor, options: SortOptions = {}): Extremes {
  const indices = argsort(x, options, "sort");
  return { values: gather(x, options.dim ?? -1, indices), indices };
}

export interface TopkOptions {
  /** Default: the last. */
  dim?: number;
  /** False for the smallest. Default true. */
  largest?: boolean;
  /** In order. Always done here. */
  sorted?: boolean;
}

/** The k largest (or smallest) numbers along a dimension, in order, and where they are. */
export function topk(x: Tensor, k: number, options: TopkOptions = {}): Extremes {
  checkOptions("topk", options, ["dim", "largest", "sorted"]);
  const { dim = -1, largest = true, sorted = true } = options;
  checkBoolean("topk", "largest", largest);
  checkBoolean("topk", "sorted", sorted);
  const at = resolveDim("topk", dim, x.rank);
  checkNumber("topk", "k", k, { min: 0, max: x.shape[at]!, whole: true });
  const indices = positionsAlong(x, at, k, (row) => order(row, largest));
  return { values: gather(x, at, indices), indices };
}

/** One number of each row along a dimension. */
function oneAlong(x: Tensor, at: number, keepdim: boolean, pick: (row: TypedArray) => number): Extremes {
  const kept = positionsAlong(x, at, 1, (row) => [pick(row)]);
  const values = gather(x, at, kept);
  if (keepdim) return { values, indices: kept };
  const shape = x.shape.toSpliced(at, 1);
  return { values: reshape(values, shape), indices: reshape(kept, shape) };
}

/** The k-th smallest number along a dimension (k from 1), and where it is. */
export function kthvalue(x: Tensor, k: number, dim = -1, keepdim = false): Extremes {
  const at = resolveDim("kthvalue", dim, x.rank);
  checkNumber("kthvalue", "k", k, { min: 1, max: x.shape[at]!, whole: true });
  checkBoolean("kthvalue", "keepdim", keepdim);
  return oneAlong(x, at, keepdim, (row) => order(row, false)[k - 1]!);
}

/** The position of the middle number, the lower of two; of a NaN if there is one. */
function middle(row: TypedArray): number {
  const positions = order(row, false);
  const missing = positions.find((i) => Number.isNaN(row[i]));
  return missing ?? positions[(row.length - 1) >> 1]!;
}

/** The middle number along a dimension (the lower of two; NaN if one is among them), and where it is. */
export function medianAlong(x: Tensor, dim: number, keepdim = false): Extremes {
  const at = resolveDim("median", dim, x.rank);
  checkBoolean("median", "keepdim", keepdim);
  if (x.shape[at] === 0) throw new ShapeError(`median: dim ${at} of ${formatShape(x.shape)} is empty.`);
  return oneAlong(x, at, keepdim, middle);
}

/** The middle of all numbers, the lower of two; equal numbers share the gradient. */
export function median(x: Tensor): Tensor {
  if (x.size === 0) throw new ShapeError(`median: ${formatShape(x.shape)} holds no numbers.`);
  const value = medianAlong(reshape(x.detach(), [-1]), 0).values;
  return record("median", value, [x], [x], [(g) => shareEqually(g, x, value, undefined)]);
}

// ---------------------------------------------------------------- different values

export interface UniqueOptions {
  /** Also give, for each number of x, its place among the values. Default false. */
  returnInverse?: boolean;
  /** Also give how often each value occurs. Default false. */
  returnCounts?: boolean;
}

export interface Unique {
  values: Tensor;
  /** The place of each number among the values (int32, x's shape). */
  inverse: Tensor;
  /** How often each value occurs (int32). */
  counts: Tensor;
}

/** The different numbers in ascending order, with their places and counts. It has no gradient. */
export function unique(x: Tensor, options: UniqueOptions = {}): Tensor | Unique {
  checkOptions("unique", options, ["returnInverse", "returnCounts"]);
  const { returnInverse = false, returnCounts = false } = options;
  checkBoolean("unique", "returnInverse", returnInverse);
  checkBoolean("unique", "returnCounts", returnCounts);
  const { data } = x;
  const values: number[] = [];
  const counts: number[] = [];
  const inverse = new Int32Array(data.length);
  for (const i of order(data, false)) {
    // NaN is equal to nothing, not even to itself.
    if (values.length === 0 || values[values.length - 1] !== data[i]) {
      values.push(data[i]!);
      counts.push(0);
    }
    counts[counts.length - 1]!++;
    inverse[i] = values.length - 1;
  }
  const target = allocateArray(x.dtype, values.length);
  target.set(values);
  const distinct = Tensor.adopt(target, [values.length], x.dtype);
  if (!returnInverse && !returnCounts) return distinct;
  return {
    values: distinct,
    inverse: Tensor.adopt(inverse, x.shape, "int32"),
    counts: Tensor.adopt(Int32Array.from(counts), [counts.length], "int32"),
  };
}

// ---------------------------------------------------------------- places in a sorted row, counts

export interface SearchOptions {
  /** Behind equal numbers instead of before them. Default false. */
  right?: boolean;
}

function search(row: TypedArray, start: number, n: number, value: number, right: boolean): number {
  let low = start;
  let high = start + n;
  while (low < high) {
    const middle = (low + high) >> 1;
    const comparison = ascending(row[middle]!, value);
    if (comparison < 0 || (right && comparison === 0)) low = middle + 1;
    else high = middle;
  }
  return low - start;
}

/**
 * Where each value would be put into a sorted row (int32): before equal numbers, or behind them with right. Several rows
 * (…, n) take their own values (…, m).
 */
export function searchsorted(
  sorted: Tensor,
  values: Tensor | number,
  options: SearchOptions = {},
  owner = "searchsorted",
): Tensor {
  checkTensor(owner, "the sorted row", sorted);
  const wanted = typeof values === "number" ? Tensor.full([], values, sorted.dtype) : values;
  checkTensor(owner, "the values", wanted);
  checkOptions(owner, options, ["right"]);
  const { right = false } = options;
  checkBoolean(owner, "right", right);
  const rows = sorted.rank > 1;
  if (sorted.rank === 0 || (rows && !sameShape(sorted.shape.slice(0, -1), wanted.shape.slice(0, -1)))) {
    throw new ShapeError(
      `${owner}: sorted ${formatShape(sorted.shape)}, values ${formatShape(wanted.shape)}: needs one sorted row, or one for each row of values.`,
    );
  }
  const n = sorted.shape[sorted.rank - 1]!;
  const m = rows ? wanted.shape[wanted.rank - 1]! : wanted.size;
  const row = sorted.data;
  const out = Int32Array.from(wanted.data, (value, i) =>
    search(row, rows ? Math.floor(i / m) * n : 0, n, value, right),
  );
  return Tensor.adopt(out, wanted.shape, "int32");
}

/** The number of the interval between boundaries (ascending) that each number falls into; see searchsorted. */
export function bucketize(x: Tensor | number, boundaries: Tensor, options: SearchOptions = {}): Tensor {
  checkTensor("bucketize", "the boundaries", boundaries);
  if (boundaries.rank !== 1) {
    throw new ShapeError(`bucketize: the boundaries must be a vector, not ${formatShape(boundaries.shape)}.`);
  }
  return searchsorted(boundaries, x, options, "bucketize");
}

/** How often each of the numbers 0, 1, 2 … occurs in an int32 vector, or the sum of its weights. */
export function bincount(x: Tensor, options: { weights?: Tensor; minlength?: number } = {}): Tensor {
  checkTensor("bincount", "the argument", x);
  checkOptions("bincount", options, ["weights", "minlength"]);
  const { weights, minlength = 0 } = options;
  checkNumber("bincount", "minlength", minlength, { min: 0, whole: true });
  if (x.dtype !== "int32" || x.rank !== 1) {
    throw new ValueError(`bincount: needs an int32 vector, not ${x.dtype} ${formatShape(x.shape)}.`);
  }
  if (weights !== undefined) {
    checkTensor("bincount", "weights", weights);
    if (!sameShape(weights.shape, x.shape)) {
      throw new ShapeError(
        `bincount: weights ${formatShape(weights.shape)} must have the shape of the numbers ${formatShape(x.shape)}.`,
      );
    }
  }
  const amounts = weights?.data;
  let length = minlength;
  for (const value of x.data) {
    checkNumber("bincount", "a number", value, { min: 0 });
    length = Math.max(length, value + 1);
  }
  const dtype = weights === undefined ? "int32" : weights.dtype;
  checkSize("bincount", dtype, length);
  const counts = allocateArray(dtype, length);
  for (const [i, value] of x.data.entries()) counts[value]! += amounts === undefined ? 1 : amounts[i]!;
  return Tensor.adopt(counts, [length], dtype);
}

/**
 * How many numbers fall into each of `bins` equal intervals of [min, max]; the last includes max. With min = max = 0 the
 * smallest and the largest number are the ends. Numbers outside, and NaN, are not counted.
 */
export function histc(x: Tensor, options: { bins?: number; min?: number; max?: number } = {}): Tensor {
  checkTensor("histc", "the argument", x);
  checkFloat("histc", x);
  checkOptions("histc", options, ["bins", "min", "max"]);
  const { bins = 100, min = 0, max = 0 } = options;
  checkNumber("histc", "bins", bins, { min: 1, whole: true });
  checkNumber("histc", "min", min);
  checkNumber("histc", "max", max, { min });
  const { data } = x;
  let [low, high] = [min, max];
  if (low === high && data.length > 0) {
    low = high = data[0]!;
    for (const value of data) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(Number.isFinite(low) && Number.isFinite(high))) {
    throw new ValueError(`histc: the range [${low}, ${high}] must be finite. Give min and max.`);
  }
  if (low === high) [low, high] = [low - 1, high + 1];
  checkSize("histc", x.dtype, bins);
  const counts = allocateArray(x.dtype, bins);
  for (const value of data) {
    if (!(value >= low && value <= high)) continue;
    counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]!++;
  }
  return Tensor.adopt(counts, [bins], x.dtype);
}
