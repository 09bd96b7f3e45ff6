// Reductions: many numbers become one, along some dimensions or all of them.
import { record } from "../autograd/tape.ts";
import { type FloatDtype } from "../dtype.ts";
import { ShapeError, ValueError, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, place } from "../memory/heap.ts";
import { around, resolveDim, resolveDims, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import {
  div,
  equal,
  exp,
  log,
  mul,
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
export function reduceOptions(dim?: Dim | ReduceOptions, keepdim = false): { dim?: Dim; keepdim: boolean } {
  if (typeof dim === "object" && !Array.isArray(dim)) {
    const options = dim as ReduceOptions;
    for (const key of Object.keys(options)) {
      if (key !== "dim" && key !== "keepdim") {
        throw new ValueError(`A reduction knows the options dim and keepdim, not ${key}.`);
      }
    }
    return {
      keepdim: options.keepdim ?? keepdim,
      ...(options.dim === undefined ? {} : { dim: options.dim }),
    };
  }
  return { keepdim, ...(dim === undefined ? {} : { dim: dim as Dim }) };
}

/** The shape with the dims at size 1. */
function keptShape(shape: Shape, dims: readonly number[]): Shape {
  return shape.map((size, i) => (dims.includes(i) ? 1 : size));
}

/** Σ x. ∂/∂x = g, repeated. */
export function sum(a: Tensor, dim?: Dim, keepdim = false): Tensor {
  if (a.dtype === "int32") return sum(a.to("float64"), dim, keepdim).to("int32");
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

/** Σ (x − mean)² / (n − correction); correction 1 (the default) is unbiased, 0 is the mean square. */
export function variance(
  a: Tensor,
  dim?: Dim,
  options: { correction?: number; keepdim?: boolean } = {},
): Tensor {
  const x = toFloat(a);
  const dims = resolveDims("var", dim, x.rank);
  const { correction = 1, keepdim = false } = options;
  const deviation = sub(x, mean(x, dims, true));
  return div(sum(square(deviation), dims, keepdim), Math.max(0, countOf(x.shape, dims) - correction));
}

/** √variance. */
export function std(a: Tensor, dim?: Dim, options: { correction?: number; keepdim?: boolean } = {}): Tensor {
  return sqrt(variance(a, dim, options));
}

/** Π x, by pairwise products, so that its derivatives are right also where numbers are zero. */
export function prod(a: Tensor, dim?: number, keepdim = false): Tensor {
  const x = toFloat(a);
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
export function cumsum(a: Tensor, dim: number): Tensor {
  const x = toFloat(a);
  const at = resolveDim("cumsum", dim, x.rank);
  const { outer, n, inner } = around(x.shape, at);
  const out = new Tensor(new Storage(x.dtype, x.size), x.shape);
  place(x.storage, out.storage);
  kernels[x.dtype as FloatDtype].cumsum(x.storage.address, out.storage.address, outer, n, inner);
  return record("cumsum", out, [x], null, [(g) => flip(cumsum(flip(g, [at]), at), [at])]);
}

// ---------------------------------------------------------------- largest and smallest

type Side = "max" | "min";

/** Index of the first largest or smallest number along a dimension; along all of them when none is named. */
function argExtreme(side: Side, x: Tensor, dim: number | undefined, keepdim: boolean): Tensor {
  const owner = `arg${side}` as const;
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
  const kept = argExtreme(side, x, at, true);
  const values = gather(x, at, kept);
  if (keepdim) return { values, indices: kept };
  const shape = x.shape.toSpliced(at, 1);
  return { values: reshape(values, shape), indices: reshape(kept, shape) };
}

/** The largest or smallest of all numbers (or along dims); equal numbers share the gradient. */
export function extreme(side: Side, a: Tensor, dim?: Dim, keepdim = false): Tensor {
  const dims = resolveDims(side, dim, a.rank);
  if (a.size === 0) throw new ShapeError(`${side}: ${formatShape(a.shape)} holds no numbers.`);
  let out = a.detach();
  for (const d of dims) out = extremesAlong(side, out, d, true).values;
  const kept = out;
  const shape = keepdim ? kept.shape : a.shape.filter((_, i) => !dims.includes(i));
  return record(
    `a${side}`,
    new Tensor(kept.storage, shape),
    [a],
    [a],
    [
      (g) => {
        const hits = equal(a.detach(), kept).to(a.dtype);
        const share = div(hits, sum(hits, dims, true));
        return mul(share, reshape(g, kept.shape));
      },
    ],
  );
}

/** The middle number (the lower of two), of all numbers. It has no gradient. */
export function median(a: Tensor): Tensor {
  const values = a.data.sort();
  if (values.length === 0) throw new ShapeError("median: the tensor is empty.");
  return Tensor.full([], values[(values.length - 1) >> 1]!, a.dtype);
}

// ---------------------------------------------------------------- softmax and friends

/** ln Σ eˣ, shifted by the largest number so that nothing overflows. Its gradient is the softmax. */
export function logsumexp(a: Tensor, dim?: Dim, keepdim = false): Tensor {
  const x = toFloat(a);
  const dims = resolveDims("logsumexp", dim, x.rank);
  const largest = extreme("max", x.detach(), dims, true);
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

/**
 * (Σ|x|ᵖ)^(1/p); p = 2 by default, Infinity for the largest magnitude. At 0 the gradient is taken as 0.
 */
export function norm(a: Tensor, p = 2, dim?: Dim, keepdim = false): Tensor {
  const x = toFloat(a);
  if (p === Infinity) return extreme("max", abs(x), dim, keepdim);
  if (!(p > 0)) throw new ValueError(`norm: p must be a positive number or Infinity, not ${p}.`);
  if (p === 1) return sum(abs(x), dim, keepdim);
  const dims = resolveDims("norm", dim, x.rank);
  const powers = p === 2 ? square(x) : pow(abs(x), p);
  const total = sum(powers.detach(), dims, true);
  const value = p === 2 ? sqrt(total) : pow(total, 1 / p);
  const shape = keepdim ? value.shape : x.shape.filter((_, i) => !dims.includes(i));
  const out = new Tensor(value.storage, shape);
  return record(
    "norm",
    out,
    [x],
    [x, out],
    [
      (g) => {
        const kept = reshape(out, value.shape);
        // x/‖x‖ for p = 2; in general sign(x)·(|x|/‖x‖)^(p−1). A norm of zero is replaced by 1, which makes this 0.
        const safe = where(equal(kept, 0), 1, kept);
        const direction = p === 2 ? div(x, safe) : mul(sign(x), pow(div(abs(x), safe), p - 1));
        return mul(direction, reshape(g, value.shape));
      },
    ],
  );
}
