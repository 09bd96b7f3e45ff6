// Reductions: many numbers become one, along some dimensions or all of them.
import { record } from "../autograd/tape.ts";
import { checkAllFitInt32, checkBoolean, checkTensor } from "../check.ts";
import { type FloatDtype } from "../dtype.ts";
import { OptionError, ShapeError, checkNumber, checkOptions, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, place } from "../memory/heap.ts";
import { around, resolveDim, resolveDims, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import {
  div,
  equal,
  exp,
  greater,
  log,
  mul,
  notEqual,
  pow,
  abs,
  sign,
  sqrt,
  square,
  sub,
  toFloat,
  where,
} from "./elementwise.ts";
import { gather } from "./indexing.ts";
import { cat, flip, reshape, slice, sumDims } from "./layout.ts";

export type Dim = number | readonly number[];

/** Which dimensions a reduction takes away, and whether they stay with size 1. */
export interface ReduceOptions {
  dim?: Dim;
  keepdim?: boolean;
}

/** `x.sum(0)`, `x.sum([0, 1], true)` and `x.sum({ dim: 0, keepdim: true })` mean the same kind of thing. */
export function reduceOptions(
  owner: string,
  dim?: Dim | ReduceOptions,
  keepdim?: boolean,
): { dim: Dim | undefined; keepdim: boolean } {
  const named = typeof dim === "object" && dim !== null && !Array.isArray(dim);
  const options = named ? (dim as ReduceOptions) : { dim: dim as Dim | undefined, keepdim };
  if (named) checkOptions(owner, options, ["dim", "keepdim"]);
  const kept = options.keepdim ?? keepdim ?? false;
  checkBoolean(owner, "keepdim", kept);
  return { dim: options.dim, keepdim: kept };
}

/** The shape with the dims at size 1. */
function keptShape(shape: Shape, dims: readonly number[]): Shape {
  return shape.map((size, i) => (dims.includes(i) ? 1 : size));
}

/** The result of a computation with whole numbers in float64, which is exact up to 2⁵³, as int32. */
function wholeNumbers(owner: string, x: Tensor): Tensor {
  checkAllFitInt32(owner, x);
  return x.to("int32");
}

/** Σ x. ∂/∂x = g, repeated. */
export function sum(a: Tensor, dim?: Dim, keepdim = false): Tensor {
  if (a.dtype === "int32") return wholeNumbers("sum", sum(a.to("float64"), dim, keepdim));
  const dims = resolveDims("sum", dim, a.rank);
  const out = sumDims(a, dims);
  return keepdim ? reshape(out, keptShape(a.shape, dims)) : out;
}

/** How many numbers are reduced to one. */
function countOf(shape: Shape, dims: readonly number[]): number {
  return dims.reduce((count, d) => count * shape[d]!, 1);
}

/** Σ x / n. */
export function mean(a: Tensor, dim?: Dim, keepdim = false): Tensor {
  const x = toFloat(a);
  const dims = resolveDims("mean", dim, x.rank);
  return div(sum(x, dims, keepdim), countOf(x.shape, dims));
}

export interface VarianceOptions extends ReduceOptions {
  /** What is taken away from the count. Default 1 (unbiased); 0 is the mean square. */
  correction?: number;
  /** false is correction 0, true is correction 1. */
  unbiased?: boolean;
}

/** Both ways to call: `x.var(0, { correction: 0 })` and `x.var({ dim: 0, correction: 0 })`. */
function varianceOptions(
  owner: string,
  first: Dim | VarianceOptions | undefined,
  more: VarianceOptions,
): { dim: Dim | undefined; keepdim: boolean; correction: number } {
  const named = typeof first === "object" && first !== null && !Array.isArray(first);
  const options = named ? (first as VarianceOptions) : more;
  checkOptions(owner, options, ["dim", "keepdim", "correction", "unbiased"]);
  const { keepdim = false, unbiased = true, correction = unbiased ? 1 : 0 } = options;
  checkBoolean(owner, "keepdim", keepdim);
  checkBoolean(owner, "unbiased", unbiased);
  checkNumber(owner, "correction", correction);
  return {
    dim: named ? options.dim : first === undefined ? options.dim : (first as Dim),
    keepdim,
    correction,
  };
}

/** Σ (x − mean)² / (n − correction). */
export function variance(
  a: Tensor,
  first?: Dim | VarianceOptions,
  more: VarianceOptions = {},
  owner = "var",
): Tensor {
  const { dim, keepdim, correction } = varianceOptions(owner, first, more);
  const x = toFloat(a);
  const dims = resolveDims(owner, dim, x.rank);
  const deviation = sub(x, mean(x, dims, true));
  return div(sum(square(deviation), dims, keepdim), Math.max(0, countOf(x.shape, dims) - correction));
}

/** √variance; where that is 0 the gradient is taken as 0. */
export function std(a: Tensor, first?: Dim | VarianceOptions, more: VarianceOptions = {}): Tensor {
  const v = variance(a, first, more, "std");
  const zero = equal(v, 0);
  return where(zero, 0, sqrt(where(zero, 1, v)));
}

/** Variance and mean together; see variance. */
export function varMean(
  a: Tensor,
  first?: Dim | VarianceOptions,
  more: VarianceOptions = {},
): [variance: Tensor, mean: Tensor] {
  checkTensor("varMean", "the argument", a);
  const { dim, keepdim } = varianceOptions("varMean", first, more);
  return [variance(a, first, more, "varMean"), mean(a, dim, keepdim)];
}

/** Π x, by pairwise products, so that its derivatives are right also where numbers are zero. */
export function prod(a: Tensor, dim?: number, keepdim = false): Tensor {
  checkBoolean("prod", "keepdim", keepdim);
  if (a.dtype === "int32") return wholeNumbers("prod", prod(a.to("float64"), dim, keepdim));
  const x = a;
  if (dim === undefined) return prod(reshape(x, [-1]), 0);
  const at = resolveDim("prod", dim, x.rank);
  let rest = x;
  let n = rest.shape[at]!;
  if (n === 0) rest = Tensor.full(x.shape.with(at, 1), 1, x.dtype);
  while (n > 1) {
    const half = Math.floor(n / 2);
    const pairs = mul(slice(rest, at, 0, half), slice(rest, at, half, 2 * half));
    rest = n % 2 === 0 ? pairs : cat([pairs, slice(rest, at, n - 1, n)], at);
    n = rest.shape[at]!;
  }
  return reshape(rest, keepdim ? x.shape.with(at, 1) : x.shape.toSpliced(at, 1));
}

/** Running sums along a dimension. */
export function cumsum(x: Tensor, dim: number): Tensor {
  const at = resolveDim("cumsum", dim, x.rank);
  if (x.dtype === "int32") return wholeNumbers("cumsum", cumsum(x.to("float64"), at));
  const { outer, n, inner } = around(x.shape, at);
  const out = new Tensor(new Storage(x.dtype, x.size), x.shape);
  place(x.storage, out.storage);
  kernels[x.dtype as FloatDtype].cumsum(x.storage.address, out.storage.address, outer, n, inner);
  return record("cumsum", out, [x], null, [(g) => flip(cumsum(flip(g, [at]), at), [at])]);
}

/** Running products along a dimension, in log₂ n steps of products, so that derivatives are right also at zeros. */
export function cumprod(x: Tensor, dim: number): Tensor {
  const at = resolveDim("cumprod", dim, x.rank);
  if (x.dtype === "int32") return wholeNumbers("cumprod", cumprod(x.to("float64"), at));
  const n = x.shape[at]!;
  let out = x;
  // After each step every entry is the product of the last `step` numbers.
  for (let step = 1; step < n; step *= 2) {
    const longer = mul(slice(out, at, step), slice(out, at, 0, n - step));
    out = cat([slice(out, at, 0, step), longer], at);
  }
  return out;
}

// ---------------------------------------------------------------- truth and gaps

/** How many numbers are not 0 (int32). */
export function countNonzero(x: Tensor, dim?: Dim): Tensor {
  return sum(notEqual(x, 0), resolveDims("countNonzero", dim, x.rank));
}

/** 1 where any number is not 0 (int32). */
export function any(x: Tensor, dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
  const options = reduceOptions("any", dim, keepdim);
  return greater(sum(notEqual(x, 0), resolveDims("any", options.dim, x.rank), options.keepdim), 0);
}

/** 1 where no number is 0 (int32). */
export function all(x: Tensor, dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
  const options = reduceOptions("all", dim, keepdim);
  return equal(sum(equal(x, 0), resolveDims("all", options.dim, x.rank), options.keepdim), 0);
}

/** Sum of all numbers that are not NaN. */
export function nansum(x: Tensor, dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
  const options = reduceOptions("nansum", dim, keepdim);
  return sum(where(notEqual(x, x), 0, x), resolveDims("nansum", options.dim, x.rank), options.keepdim);
}

/** Mean of all numbers that are not NaN. */
export function nanmean(x: Tensor, dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
  const options = reduceOptions("nanmean", dim, keepdim);
  const dims = resolveDims("nanmean", options.dim, x.rank);
  return div(nansum(toFloat(x), dims, options.keepdim), sum(equal(x, x), dims, options.keepdim));
}

// ---------------------------------------------------------------- largest and smallest

type Side = "max" | "min";

/** Index of the first largest or smallest number along a dimension; along all of them when none is named. */
function argExtreme(side: Side, x: Tensor, dim: number | undefined, keepdim: boolean): Tensor {
  const owner = `arg${side}` as const;
  checkBoolean(owner, "keepdim", keepdim);
  if (dim === undefined) return argExtreme(side, reshape(x, [-1]), 0, false);
  const at = resolveDim(owner, dim, x.rank);
  const { outer, n, inner } = around(x.shape, at);
  if (n === 0)
    throw new ShapeError(
      `${owner}: dim ${at} of ${formatShape(x.shape)} is empty, so there is nothing to choose from.`,
    );
  const shape = keepdim ? x.shape.with(at, 1) : x.shape.toSpliced(at, 1);
  const out = new Tensor(new Storage("int32", outer * inner), shape);
  place(x.storage, out.storage);
  kernels[x.dtype][owner](x.storage.address, out.storage.address, outer, n, inner);
  return out;
}

export const argmax = (x: Tensor, dim?: number, keepdim = false): Tensor =>
  argExtreme("max", x, dim, keepdim);
export const argmin = (x: Tensor, dim?: number, keepdim = false): Tensor =>
  argExtreme("min", x, dim, keepdim);

/** Values and indices along one dimension; the first of equal numbers gets the whole gradient. */
export interface Extremes {
  values: Tensor;
  indices: Tensor;
}

export function extremesAlong(side: Side, x: Tensor, dim: number, keepdim: boolean): Extremes {
  const at = resolveDim(side, dim, x.rank);
  checkBoolean(side, "keepdim", keepdim);
  const kept = argExtreme(side, x, at, true);
  const values = gather(x, at, kept);
  if (keepdim) return { values, indices: kept };
  const shape = x.shape.toSpliced(at, 1);
  return { values: reshape(values, shape), indices: reshape(kept, shape) };
}

/** A gradient g of `chosen`, the values picked along dims, in equal shares to the numbers of x that equal them. */
export function shareEqually(
  g: Tensor,
  x: Tensor,
  chosen: Tensor,
  dims: readonly number[] | undefined,
): Tensor {
  const hits = equal(x.detach(), chosen).to(x.dtype);
  return mul(div(hits, sum(hits, dims, true)), reshape(g, chosen.shape));
}

/** The largest or smallest of all numbers (or along dims); equal numbers share the gradient. */
export function extreme(side: Side, a: Tensor, dim?: Dim, keepdim = false, owner: string = side): Tensor {
  const dims = resolveDims(owner, dim, a.rank);
  checkBoolean(owner, "keepdim", keepdim);
  if (dims.some((d) => a.shape[d] === 0)) {
    throw new ShapeError(`${owner}: ${formatShape(a.shape)} holds no numbers to choose from.`);
  }
  let out = a.detach();
  for (const d of dims) out = extremesAlong(side, out, d, true).values;
  const kept = out;
  const shape = keepdim ? kept.shape : a.shape.filter((_, i) => !dims.includes(i));
  const result = new Tensor(kept.storage, shape);
  return record(`a${side}`, result, [a], [a], [(g) => shareEqually(g, a, kept, dims)]);
}

/** The smallest and the largest number, of all or along one dimension. */
export function aminmax(x: Tensor, options: ReduceOptions = {}): { min: Tensor; max: Tensor } {
  const { dim, keepdim } = reduceOptions("aminmax", options);
  return {
    min: extreme("min", x, dim, keepdim, "aminmax"),
    max: extreme("max", x, dim, keepdim, "aminmax"),
  };
}

// ---------------------------------------------------------------- softmax and friends

/** ln Σ eˣ, shifted by the largest number so that nothing overflows. Its gradient is the softmax. */
export function logsumexp(a: Tensor, dim?: Dim, keepdim = false): Tensor {
  checkTensor("logsumexp", "the argument", a);
  const x = toFloat(a);
  const dims = resolveDims("logsumexp", dim, x.rank);
  const largest = extreme("max", x.detach(), dims, true, "logsumexp");
  // Where all numbers are −Infinity, or one is Infinity, shifting would give Infinity − Infinity.
  const shift = where(equal(abs(largest), Infinity), 0, largest);
  const out = log(sum(exp(sub(x, shift)), dims, true)).add(shift);
  return keepdim
    ? out
    : reshape(
        out,
        x.shape.filter((_, i) => !dims.includes(i)),
      );
}

function normalise(name: "softmax" | "logSoftmax", x: Tensor, at: number): Tensor {
  const { outer, n, inner } = around(x.shape, at);
  const out = new Tensor(new Storage(x.dtype, x.size), x.shape);
  place(x.storage, out.storage);
  kernels[x.dtype as FloatDtype][name](x.storage.address, out.storage.address, outer, n, inner);
  return out;
}

/** eˣ/Σeˣ along a dimension. ∂/∂x = s·(g − Σ g·s). */
export function softmax(a: Tensor, dim: number): Tensor {
  checkTensor("softmax", "the argument", a);
  const x = toFloat(a);
  const at = resolveDim("softmax", dim, x.rank);
  const out = normalise("softmax", x, at);
  return record("softmax", out, [x], [out], [(g) => mul(out, sub(g, sum(mul(g, out), at, true)))]);
}

/** x − ln Σeˣ along a dimension. ∂/∂x = g − softmax·Σ g. */
export function logSoftmax(a: Tensor, dim: number): Tensor {
  const x = toFloat(a);
  const at = resolveDim("logSoftmax", dim, x.rank);
  const out = normalise("logSoftmax", x, at);
  return record("logSoftmax", out, [x], [out], [(g) => sub(g, mul(exp(out), sum(g, at, true)))]);
}

export interface NormOptions extends ReduceOptions {
  /** Any number, Infinity, −Infinity, or "fro", which is 2. Default 2. */
  p?: number | "fro";
}

/**
 * (Σ|x|ᵖ)^(1/p); p = 2 by default. p = 0 counts the numbers that are not 0, Infinity and −Infinity give the largest and the
 * smallest magnitude. Where the norm or the number is 0 the gradient is taken as 0.
 */
export function norm(
  a: Tensor,
  first: number | "fro" | NormOptions = 2,
  dim?: Dim,
  keepdim?: boolean,
  owner = "norm",
): Tensor {
  const options = typeof first === "object" ? first : { p: first };
  checkOptions(owner, options, ["p", "dim", "keepdim"]);
  const { p: named = 2, ...rest } = options;
  const p = named === "fro" ? 2 : named;
  if (typeof p !== "number" || Number.isNaN(p)) {
    throw new OptionError(`${owner}: p must be a number, Infinity or "fro", not ${describe(p)}.`);
  }
  const x = toFloat(a);
  const { dim: along, keepdim: kept } = reduceOptions(owner, { dim, keepdim, ...rest } as ReduceOptions);
  const dims = resolveDims(owner, along, x.rank);
  if (p === Infinity || p === -Infinity) return extreme(p > 0 ? "max" : "min", abs(x), dims, kept, owner);
  if (p === 0) {
    const count = sum(notEqual(x, 0).to(x.dtype), dims, kept);
    return record("norm", count, [x], null, [() => Tensor.full(x.shape, 0, x.dtype)]);
  }
  if (p === 1) return sum(abs(x), dims, kept);
  const powers = p === 2 ? square(x) : pow(abs(x), p);
  const total = sum(powers.detach(), dims, true);
  const value = p === 2 ? sqrt(total) : pow(total, 1 / p);
  const shape = kept ? value.shape : x.shape.filter((_, i) => !dims.includes(i));
  const out = new Tensor(value.storage, shape);
  return record(
    "norm",
    out,
    [x],
    [x, out],
    [
      (g) => {
        const full = reshape(out, value.shape);
        // x/‖x‖ for p = 2; in general sign(x)·(|x|/‖x‖)^(p−1). Zeros are replaced by 1, which makes this 0 for them.
        const safe = where(equal(full, 0), 1, full);
        const ratio = p === 2 ? x : where(equal(x, 0), 1, div(abs(x), safe));
        const direction = p === 2 ? div(x, safe) : mul(sign(x), pow(ratio, p - 1));
        return mul(direction, reshape(g, value.shape));
      },
    ],
  );
}
