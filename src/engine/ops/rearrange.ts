// Rearrangements made of the basic ones in layout.ts: splitting, repeating, rolling, moving dimensions, triangles.
import { record } from "../autograd/tape.ts";
import { checkChoice, checkTensor } from "../check.ts";
import {
  IndexError,
  ShapeError,
  ValueError,
  checkNumber,
  checkOptions,
  describe,
  formatShape,
} from "../errors.ts";
import { checkSize } from "../memory/heap.ts";
import { checkShape, resolveDim, sizeOf, stridesOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { where } from "./elementwise.ts";
import { indexSelect } from "./indexing.ts";
import { cat, expand, permute, readStrided, reshape, select, slice, writeStrided } from "./layout.ts";

// ---------------------------------------------------------------- pieces

/** Pieces along a dimension: of `size` entries each (the last may be shorter), or of the sizes in a list. */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const at = resolveDim("split", dim, x.rank);
  const n = x.shape[at]!;
  let sizes = size as readonly number[];
  if (!Array.isArray(size)) {
    checkNumber("split", "the size of a piece", size, { min: 1, whole: true });
    const count = Math.max(1, Math.ceil(n / size));
    sizes = Array.from({ length: count }, (_, i) => Math.min(size, n - i * size));
  }
  for (const each of sizes) checkNumber("split", "the size of a piece", each, { min: 0, whole: true });
  const total = sizes.reduce((sum, each) => sum + each, 0);
  if (total !== n) {
    throw new ShapeError(
      `split: sizes [${sizes.join(", ")}] add up to ${total}; dim ${at} of ${formatShape(x.shape)} has ${n}.`,
    );
  }
  let start = 0;
  return sizes.map((each) => {
    start += each;
    return slice(x, at, start - each, start);
  });
}

/** At most `chunks` pieces of equal size along a dimension; the last may be shorter. */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  checkNumber("chunk", "the number of pieces", chunks, { min: 1, whole: true });
  const at = resolveDim("chunk", dim, x.rank);
  return split(x, Math.max(1, Math.ceil(x.shape[at]! / chunks)), at);
}

/** The slices along a dimension, which is dropped. */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  const at = resolveDim("unbind", dim, x.rank);
  return Array.from({ length: x.shape[at]! }, (_, i) => select(x, at, i));
}

/** `length` entries from `start` on along a dimension. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const at = resolveDim("narrow", dim, x.rank);
  const n = x.shape[at]!;
  checkNumber("narrow", "start", start, { min: -n, max: n, whole: true });
  const from = start < 0 ? start + n : start;
  checkNumber("narrow", `length (from ${from} in a dim of ${n})`, length, {
    min: 0,
    max: n - from,
    whole: true,
  });
  return slice(x, at, from, from + length);
}

// ---------------------------------------------------------------- dimensions

/** Dims moved to other places; the rest keep their order. */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const from = [source].flat().map((dim) => resolveDim("movedim", dim, x.rank));
  const to = [destination].flat().map((dim) => resolveDim("movedim", dim, x.rank));
  if (from.length !== to.length || new Set(from).size < from.length || new Set(to).size < to.length) {
    throw new IndexError(
      `movedim: [${from.join(", ")}] → [${to.join(", ")}]: each dim must be moved once, each to a place of its own.`,
    );
  }
  const rest = x.shape.map((_, i) => i).filter((dim) => !from.includes(dim));
  const order = x.shape.map((_, place) => {
    const moved = to.indexOf(place);
    return moved < 0 ? rest.shift()! : from[moved]!;
  });
  return permute(x, order);
}

/** A dimension cut into several; one of the sizes may be −1. */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  const at = resolveDim("unflatten", dim, x.rank);
  const n = x.shape[at]!;
  const open = Array.isArray(sizes) ? sizes.indexOf(-1) : -1;
  const known = checkShape("unflatten", open < 0 ? sizes : sizes.toSpliced(open, 1));
  const product = sizeOf(known);
  if (open < 0 ? product !== n : product === 0 || n % product !== 0) {
    throw new ShapeError(
      `unflatten: dim ${at} of ${formatShape(x.shape)} has ${n} entries, which [${[sizes].flat().join(", ")}] does not cut evenly.`,
    );
  }
  return reshape(x, x.shape.toSpliced(at, 1, ...(open < 0 ? known : sizes.with(open, n / product))));
}

// ---------------------------------------------------------------- repeating and rolling

/** The whole tensor repeated along each dimension; further counts at the front add dimensions. */
export function repeat(x: Tensor, counts: readonly number[], owner = "repeat"): Tensor {
  if (!Array.isArray(counts))
    throw new ValueError(`${owner}: needs counts such as [2, 1], not ${describe(counts)}.`);
  for (const count of counts) checkNumber(owner, "a count", count, { min: 0, whole: true });
  const lead = counts.length - x.rank;
  if (lead < 0) {
    throw new ShapeError(
      `${owner}: needs a count for each of the ${x.rank} dims of ${formatShape(x.shape)}, not ${counts.length}.`,
    );
  }
  const own = counts.map((_, i) => (i < lead ? 1 : x.shape[i - lead]!));
  const stood = reshape(
    x,
    own.flatMap((size) => [1, size]),
  );
  const grown = expand(
    stood,
    own.flatMap((size, i) => [counts[i]!, size]),
  );
  return reshape(
    grown,
    own.map((size, i) => size * counts[i]!),
  );
}

/** As repeat, where missing counts at the front are 1. */
export function tile(x: Tensor, counts: readonly number[]): Tensor {
  const missing = Array.isArray(counts) ? Math.max(0, x.rank - counts.length) : 0;
  const ones = Array.from({ length: missing }, () => 1);
  return repeat(x, missing === 0 ? counts : [...ones, ...counts], "tile");
}

/**
 * Each entry along a dimension repeated, one number of times for all or an int32 tensor with one for each. Without a
 * dimension the tensor is flattened first.
 */
export function repeatInterleave(x: Tensor, repeats: number | Tensor, dim?: number): Tensor {
  const owner = "repeatInterleave";
  if (dim === undefined) return repeatInterleave(reshape(x, [-1]), repeats, 0);
  const at = resolveDim(owner, dim, x.rank);
  const n = x.shape[at]!;
  if (typeof repeats !== "number") checkTensor(owner, "repeats", repeats);
  const counts =
    typeof repeats === "number" ? Array.from({ length: n }, () => repeats) : Array.from(repeats.data);
  if (counts.length !== n && counts.length !== 1) {
    throw new ShapeError(
      `${owner}: ${counts.length} counts for dim ${at} of ${formatShape(x.shape)}, which has ${n} entries.`,
    );
  }
  for (const count of counts) checkNumber(owner, "a count", count, { min: 0, whole: true });
  const total = counts.reduce((sum, count) => sum + count, 0) * (counts.length === 1 ? n : 1);
  checkSize(owner, x.dtype, (total * x.size) / Math.max(1, n));
  const positions = Array.from({ length: n }, (_, i) => i).flatMap((i) =>
    Array.from({ length: counts[counts.length === 1 ? 0 : i]! }, () => i),
  );
  return indexSelect(x, at, Tensor.adopt(Int32Array.from(positions), [positions.length], "int32"));
}

/** Entries moved along dims by `shifts`; what leaves at the end comes in at the front. Without dims, as one long row. */
export function roll(
  x: Tensor,
  shifts: number | readonly number[],
  dims?: number | readonly number[],
): Tensor {
  if (dims === undefined) return reshape(roll(reshape(x, [-1]), shifts, 0), x.shape);
  const by = [shifts].flat();
  const along = [dims].flat();
  if (by.length !== along.length) {
    throw new ValueError(`roll: ${by.length} shifts for ${along.length} dims; each dim needs its own.`);
  }
  let out = x;
  for (const [i, shift] of by.entries()) {
    checkNumber("roll", "a shift", shift, { whole: true });
    const at = resolveDim("roll", along[i]!, x.rank);
    const n = x.shape[at]!;
    if (n === 0) continue;
    const cut = n - (((shift % n) + n) % n);
    if (cut < n) out = cat([slice(out, at, cut), slice(out, at, 0, cut)], at);
  }
  return out;
}

// ---------------------------------------------------------------- diagonals and triangles

function checkMatrix(name: string, x: Tensor): void {
  if (x.rank >= 2) return;
  throw new ShapeError(`${name}: needs a matrix or a stack of them, not ${formatShape(x.shape)}.`);
}

/**
 * The diagonal of dims dim1 and dim2, which become one dimension at the end; offset > 0 lies above the main diagonal,
 * offset < 0 below.
 */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  checkMatrix("diagonal", x);
  checkNumber("diagonal", "offset", offset, { whole: true });
  const [a, b] = [resolveDim("diagonal", dim1, x.rank), resolveDim("diagonal", dim2, x.rank)];
  if (a === b) throw new IndexError(`diagonal: dim1 and dim2 are both ${a}; they must differ.`);
  const rows = x.shape[a]! + Math.min(0, offset);
  const columns = x.shape[b]! - Math.max(0, offset);
  const strides = stridesOf(x.shape);
  const others = x.shape.map((_, i) => i).filter((i) => i !== a && i !== b);
  const shape = [...others.map((i) => x.shape[i]!), Math.max(0, Math.min(rows, columns))];
  const start = Math.max(0, -offset) * strides[a]! + Math.max(0, offset) * strides[b]!;
  return strided(x, shape, start, [...others.map((i) => strides[i]!), strides[a]! + strides[b]!]);
}

/** Reads a strided box; the gradient writes one, and the gradient of that reads again. */
function strided(x: Tensor, shape: Shape, start: number, strides: readonly number[]): Tensor {
  const out = readStrided(x, shape, start, strides);
  return record("diagonal", out, [x], null, [(g) => embedded(g, x.shape, start, strides)]);
}

/** Zeros of `shape`, with x written to a strided box inside: a vector on a diagonal. */
export function embedded(x: Tensor, shape: Shape, start: number, strides: readonly number[]): Tensor {
  const out = writeStrided(x, shape, start, strides);
  return record("diagonalMatrix", out, [x], null, [(g) => strided(g, x.shape, start, strides)]);
}

/** A vector on the diagonal of a square matrix of zeros, `offset` above or below the main one; of a matrix, its diagonal. */
export function diag(x: Tensor, offset = 0): Tensor {
  checkTensor("diag", "the argument", x);
  checkNumber("diag", "offset", offset, { whole: true });
  if (x.rank === 2) return diagonal(x, offset);
  if (x.rank !== 1) throw new ShapeError(`diag: needs a vector or a matrix, not ${formatShape(x.shape)}.`);
  const n = x.size + Math.abs(offset);
  return embedded(x, [n, n], Math.max(0, offset) + Math.max(0, -offset) * n, [n + 1]);
}

/** The sum of the main diagonal of a matrix. */
export function trace(x: Tensor): Tensor {
  if (x.rank !== 2) throw new ShapeError(`trace: needs a matrix, not ${formatShape(x.shape)}.`);
  return diagonal(x).sum();
}

function triangle(name: string, x: Tensor, k: number, keeps: (below: number) => boolean): Tensor {
  checkMatrix(name, x);
  checkNumber(name, "diagonal", k, { whole: true });
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const mask = new Int32Array(rows * columns);
  for (let i = 0; i < mask.length; i++) {
    mask[i] = keeps((i % columns) - Math.floor(i / columns) - k) ? 1 : 0;
  }
  return where(Tensor.adopt(mask, [rows, columns], "int32"), x, 0);
}

/** The lower triangle of matrices: zeros above the k-th diagonal. */
export const tril = (x: Tensor, k = 0): Tensor => triangle("tril", x, k, (above) => above <= 0);
/** The upper triangle of matrices: zeros below the k-th diagonal. */
export const triu = (x: Tensor, k = 0): Tensor => triangle("triu", x, k, (above) => above >= 0);

// ---------------------------------------------------------------- grids

/**
 * Coordinates of a grid: for vectors of m, n … numbers, as many tensors of shape (m, n, …), the i-th of which varies along
 * dim i only. indexing "xy" exchanges the first two dimensions, as plots want them.
 */
export function meshgrid(tensors: readonly Tensor[], options: { indexing?: "ij" | "xy" } = {}): Tensor[] {
  checkOptions("meshgrid", options, ["indexing"]);
  const { indexing = "ij" } = options;
  checkChoice("meshgrid", "indexing", indexing, ["ij", "xy"]);
  if (!Array.isArray(tensors) || tensors.length === 0) {
    throw new ValueError(`meshgrid: needs an array of at least one vector, not ${describe(tensors)}.`);
  }
  for (const x of tensors as readonly Tensor[]) {
    checkTensor("meshgrid", "every entry", x);
    if (x.rank > 1) throw new ShapeError(`meshgrid: needs vectors, not ${formatShape(x.shape)}.`);
  }
  const shape = (tensors as readonly Tensor[]).map((x) => x.size);
  const grids = (tensors as readonly Tensor[]).map((x, i) => {
    const own = shape.map((size, dim) => (dim === i ? size : 1));
    return expand(reshape(x, own), shape);
  });
  return indexing === "ij" || shape.length < 2 ? grids : grids.map((grid) => movedim(grid, 0, 1));
}

/** x repeated to a shape, where −1 keeps a size: (3, 1).expand([-1, 4]) is (3, 4). */
export function expandTo(x: Tensor, wanted: Shape, owner: string): Tensor {
  const lead = Array.isArray(wanted) ? wanted.length - x.rank : 0;
  const shape = Array.isArray(wanted)
    ? wanted.map((size: number, i) => (size === -1 && i >= lead ? x.shape[i - lead]! : size))
    : wanted;
  return expand(x, checkShape(owner, shape), owner);
}
