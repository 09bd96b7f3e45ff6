// Operations that rearrange numbers: reshape, permute, expand, slice, pad, flip, cat, stack.
// Tensors are always contiguous: a reshape shares the numbers, everything else here copies them with one strided kernel.
import { record } from "../autograd/tape.ts";
import { checkTensor } from "../check.ts";
import { bytesOf, promote, type Dtype, type FloatDtype } from "../dtype.ts";
import { IndexError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, int32View, place, scratch } from "../memory/heap.ts";
import {
  around,
  checkShape,
  resolveDim,
  resolveDims,
  sameShape,
  sizeOf,
  stridesOf,
  type Shape,
} from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** Copies a box of numbers from one storage to another; starts and strides in elements. */
function copyBox(
  box: Shape,
  from: { storage: Storage; start: number; strides: readonly number[] },
  to: { storage: Storage; start: number; strides: readonly number[] },
): void {
  if (sizeOf(box) === 0) return;
  const { dtype } = from.storage;
  const rank = box.length;
  place(from.storage, to.storage);
  const layout = scratch >>> 2;
  for (let i = 0; i < rank; i++) {
    int32View[layout + i] = box[i]!;
    int32View[layout + rank + i] = from.strides[i]!;
    int32View[layout + 2 * rank + i] = to.strides[i]!;
  }
  const width = bytesOf[dtype];
  kernels[dtype].copy(
    from.storage.address + from.start * width,
    to.storage.address + to.start * width,
    rank,
    scratch,
  );
}

/** A new contiguous tensor of `shape`, read from x with the given start and strides. */
export function readStrided(x: Tensor, shape: Shape, start: number, strides: readonly number[]): Tensor {
  const out = new Tensor(new Storage(x.dtype, sizeOf(shape)), shape);
  copyBox(
    shape,
    { storage: x.storage, start, strides },
    { storage: out.storage, start: 0, strides: stridesOf(shape) },
  );
  return out;
}

/** Zeros of `shape`, with x written to a strided box inside. */
export function writeStrided(x: Tensor, shape: Shape, start: number, strides: readonly number[]): Tensor {
  const out = Tensor.full(shape, 0, x.dtype);
  copyBox(
    x.shape,
    { storage: x.storage, start: 0, strides: stridesOf(x.shape) },
    { storage: out.storage, start, strides },
  );
  return out;
}

// ---------------------------------------------------------------- reshape

/** The same numbers, in the same order, under another shape; one size may be −1 and is then worked out. */
export function reshape(x: Tensor, wanted: Shape, owner = "reshape"): Tensor {
  const shape = resolveShape(owner, x.shape, wanted);
  if (sameShape(shape, x.shape)) return x;
  const out = new Tensor(x.storage, shape);
  return record("reshape", out, [x], null, [(g) => reshape(g, x.shape)]);
}

function resolveShape(owner: string, from: Shape, wanted: Shape): Shape {
  const size = sizeOf(from);
  const open = Array.isArray(wanted) ? wanted.indexOf(-1) : -1;
  if (open < 0) {
    const shape = checkShape(owner, wanted);
    if (sizeOf(shape) === size) return shape;
    throw new ShapeError(
      `${owner}: ${formatShape(from)} holds ${size} numbers, ${formatShape(shape)} would hold ${sizeOf(shape)}; the counts must be equal.`,
    );
  }
  const others = checkShape(owner, wanted.toSpliced(open, 1));
  const known = sizeOf(others);
  if (known === 0 || size % known !== 0) {
    throw new ShapeError(
      `${owner}: ${formatShape(from)} holds ${size} numbers, which the other sizes of [${wanted.join(", ")}] (product ${known}) do not divide; −1 cannot be worked out.`,
    );
  }
  return wanted.with(open, size / known);
}

/** The shape of another tensor, for the operations that take one over. */
export function shapeLike(owner: string, other: Tensor): Shape {
  checkTensor(owner, "the other", other);
  return other.shape;
}

/** All dims from start to end (inclusive) merged into one. */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  if (x.rank === 0) return reshape(x, [1]);
  const start = resolveDim("flatten", startDim, x.rank);
  const end = resolveDim("flatten", endDim, x.rank);
  if (start > end) throw new IndexError(`flatten: startDim ${startDim} lies after endDim ${endDim}.`);
  const merged = sizeOf(x.shape.slice(start, end + 1));
  return reshape(x, [...x.shape.slice(0, start), merged, ...x.shape.slice(end + 1)]);
}

/** A dimension of size 1 put in before `dim`. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const at = resolveDim("unsqueeze", dim, x.rank + 1);
  return reshape(x, x.shape.toSpliced(at, 0, 1));
}

/** Dimensions of size 1 taken out: all of them, or only `dim`. */
export function squeeze(x: Tensor, dim?: number): Tensor {
  if (dim === undefined)
    return reshape(
      x,
      x.shape.filter((size) => size !== 1),
    );
  const at = resolveDim("squeeze", dim, x.rank);
  return x.shape[at] === 1 ? reshape(x, x.shape.toSpliced(at, 1)) : x;
}

// ---------------------------------------------------------------- permute

/** Dimensions in a new order: size i of the result is size dims[i] of x. */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  if (!Array.isArray(dims) || dims.length !== x.rank) {
    throw new ShapeError(
      `permute: the order must name all ${x.rank} dims of ${formatShape(x.shape)} once, not ${describe(dims)}.`,
    );
  }
  const order = dims.map((dim) => resolveDim("permute", dim, x.rank));
  const inverse = order.map(() => -1);
  for (let i = 0; i < order.length; i++) {
    if (inverse[order[i]!] !== -1) throw new ShapeError(`permute: dim ${order[i]} is named twice.`);
    inverse[order[i]!] = i;
  }
  if (order.every((dim, i) => dim === i)) return x;
  const strides = stridesOf(x.shape);
  const out = readStrided(
    x,
    order.map((dim) => x.shape[dim]!),
    0,
    order.map((dim) => strides[dim]!),
  );
  return record("permute", out, [x], null, [(g) => permute(g, inverse)]);
}

/** Two dimensions exchanged; by default the last two. */
export function transpose(x: Tensor, dim0 = -2, dim1 = -1, owner = "transpose"): Tensor {
  if (x.rank < 2) {
    throw new ShapeError(
      `${owner}: ${formatShape(x.shape)} has fewer than two dimensions. To make a row or a column of a vector use .reshape([1, -1]) or .reshape([-1, 1]).`,
    );
  }
  const a = resolveDim(owner, dim0, x.rank);
  const b = resolveDim(owner, dim1, x.rank);
  const order = x.shape.map((_, i) => (i === a ? b : i === b ? a : i));
  return permute(x, order);
}

// ---------------------------------------------------------------- expand and its transpose

/** x repeated to a larger shape by the broadcasting rule. */
export function expand(x: Tensor, shape: Shape, owner = "expand"): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = shape.length - x.rank;
  if (lead < 0) {
    throw new ShapeError(`${owner}: ${formatShape(x.shape)} has more dimensions than ${formatShape(shape)}.`);
  }
  const strides = stridesOf(x.shape);
  const from = shape.map((size, i) => {
    const own = i < lead ? 1 : x.shape[i - lead]!;
    if (own !== size && own !== 1) {
      throw new ShapeError(
        `${owner}: ${formatShape(x.shape)} cannot be repeated to ${formatShape(shape)}: only dimensions of size 1 can grow (aligned at the right).`,
      );
    }
    return i < lead || own === 1 ? 0 : strides[i - lead]!;
  });
  return record("expand", readStrided(x, shape, 0, from), [x], null, [(g) => sumTo(g, x.shape)]);
}

/** Sums away what broadcasting from `shape` added: the gradient of a repeated operand. */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.rank - shape.length;
  const dims: number[] = [];
  for (let i = 0; i < g.rank; i++) {
    if (i < lead || (shape[i - lead] === 1 && g.shape[i] !== 1)) dims.push(i);
  }
  return reshape(sumDims(g, dims), shape);
}

/** Sum over the (ascending) dims, which are dropped. */
export function sumDims(x: Tensor, dims: readonly number[]): Tensor {
  let out = x;
  // From the last to the first, neighbouring dims together.
  for (let i = dims.length - 1; i >= 0; i--) {
    const last = dims[i]!;
    let first = last;
    while (i > 0 && dims[i - 1] === first - 1) {
      first--;
      i--;
    }
    const outer = sizeOf(out.shape.slice(0, first));
    const n = sizeOf(out.shape.slice(first, last + 1));
    const inner = sizeOf(out.shape.slice(last + 1));
    const shape = [...out.shape.slice(0, first), ...out.shape.slice(last + 1)];
    out = sumBlock(out, shape, outer, n, inner);
  }
  return out;
}

function sumBlock(x: Tensor, shape: Shape, outer: number, n: number, inner: number): Tensor {
  const out = new Tensor(new Storage(x.dtype, outer * inner), shape);
  place(x.storage, out.storage);
  kernels[x.dtype as FloatDtype].sum(x.storage.address, out.storage.address, outer, n, inner);
  return record("sum", out, [x], null, [
    (g) => reshape(expand(reshape(g, [outer, 1, inner]), [outer, n, inner]), x.shape),
  ]);
}

// ---------------------------------------------------------------- slices

/**
 * Every `step`-th index from `start` (inclusive) to `end` (exclusive) along one dimension; negative positions count from
 * the back, as in Python.
 */
export function slice(x: Tensor, dim: number, start = 0, end?: number, step = 1): Tensor {
  const at = resolveDim("slice", dim, x.rank);
  const size = x.shape[at]!;
  if (!Number.isInteger(step) || step < 1) {
    throw new IndexError(
      `slice: step must be a whole number ≥ 1, not ${describe(step)}. Use flip to go backwards.`,
    );
  }
  const first = clampIndex(start, size);
  const last = clampIndex(end ?? size, size);
  const count = Math.max(0, Math.ceil((last - first) / step));
  const shape = x.shape.with(at, count);
  const own = stridesOf(x.shape);
  const strides = own.with(at, own[at]! * step);
  const offset = first * own[at]!;
  const out = readStrided(x, shape, offset, strides);
  return record("slice", out, [x], null, [(g) => embed(g, x.shape, at, first, step)]);
}

function clampIndex(index: number, size: number): number {
  if (!Number.isInteger(index)) {
    throw new IndexError(`slice: positions must be whole numbers, not ${describe(index)}.`);
  }
  return Math.min(Math.max(index < 0 ? index + size : index, 0), size);
}

/** The transpose of slice: zeros of `shape` with x at start, start + step, … along one dimension. */
function embed(x: Tensor, shape: Shape, dim: number, start: number, step: number): Tensor {
  const own = stridesOf(shape);
  const out = writeStrided(x, shape, start * own[dim]!, own.with(dim, own[dim]! * step));
  const end = start + (x.shape[dim]! - 1) * step + 1;
  return record("pad", out, [x], null, [(g) => slice(g, dim, start, end, step)]);
}

/** One index along a dimension, which is dropped: select(x, 0, i) is row i. */
export function select(x: Tensor, dim: number, index: number, owner = "select"): Tensor {
  const at = resolveDim(owner, dim, x.rank);
  const size = x.shape[at]!;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new IndexError(
      `${owner}: index ${describe(index)} is out of range for dim ${at} of shape ${formatShape(x.shape)}: it has ${size} entr${size === 1 ? "y" : "ies"}, numbered 0 … ${size - 1} (or −${size} … −1 from the back).`,
    );
  }
  const i = index < 0 ? index + size : index;
  return reshape(slice(x, at, i, i + 1), x.shape.toSpliced(at, 1));
}

/** Zeros (or `value`) added before and after along one dimension. */
export function pad(x: Tensor, dim: number, before: number, after: number, value = 0): Tensor {
  const at = resolveDim("pad", dim, x.rank);
  if (typeof value !== "number")
    throw new ValueError(`pad: the value must be a number, not ${describe(value)}.`);
  for (const count of [before, after]) {
    if (!Number.isInteger(count) || count < 0) {
      throw new ValueError(`pad: counts must be whole numbers ≥ 0, not ${describe(count)}.`);
    }
  }
  const shape = x.shape.with(at, before + x.shape[at]! + after);
  if (value === 0) return embed(x, shape, at, before, 1);
  const filler = (count: number) => Tensor.full(x.shape.with(at, count), value, x.dtype);
  return cat([filler(before), x, filler(after)], at);
}

/** The order of the entries reversed along each of the dims. */
export function flip(x: Tensor, dims: readonly number[]): Tensor {
  checkTensor("flip", "the argument", x);
  if (!Array.isArray(dims)) throw new ShapeError(`flip: needs dims such as flip(0), not ${describe(dims)}.`);
  const resolved = resolveDims("flip", dims, x.rank);
  const strides = stridesOf(x.shape);
  let start = 0;
  for (const dim of resolved) {
    start += Math.max(0, x.shape[dim]! - 1) * strides[dim]!;
    strides[dim] = -strides[dim]!;
  }
  return record("flip", readStrided(x, x.shape, start, strides), [x], null, [(g) => flip(g, resolved)]);
}

// ---------------------------------------------------------------- joining

function checkList(name: string, tensors: readonly Tensor[]): Dtype {
  if (!Array.isArray(tensors) || tensors.length === 0) {
    throw new ValueError(`${name}: needs an array of at least one tensor, not ${describe(tensors)}.`);
  }
  let dtype: Dtype | null = null;
  for (const x of tensors) {
    if (!(x instanceof Tensor)) {
      throw new ValueError(`${name}: every entry must be a tensor, not ${describe(x)}.`);
    }
    dtype = dtype === null ? x.dtype : promote(dtype, x.dtype);
  }
  return dtype!;
}

/** Tensors joined along an existing dimension; their other sizes must be equal. */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  const dtype = checkList("cat", tensors);
  const parts = tensors.map((x) => x.to(dtype));
  const first = parts[0]!;
  const at = resolveDim("cat", dim, first.rank);
  let total = 0;
  for (const x of parts) {
    if (x.rank !== first.rank || x.shape.some((size, i) => i !== at && size !== first.shape[i])) {
      throw new ShapeError(
        `cat: ${formatShape(first.shape)} and ${formatShape(x.shape)} cannot be joined along dim ${at}: all other sizes must be equal.`,
      );
    }
    total += x.shape[at]!;
  }
  const shape = first.shape.with(at, total);
  const out = new Tensor(new Storage(dtype, sizeOf(shape)), shape);
  const { inner } = around(shape, at);
  const strides = stridesOf(shape);
  const products: ((g: Tensor) => Tensor)[] = [];
  let position = 0;
  for (const x of parts) {
    const start = position;
    const count = x.shape[at]!;
    copyBox(
      x.shape,
      { storage: x.storage, start: 0, strides: stridesOf(x.shape) },
      { storage: out.storage, start: start * inner, strides },
    );
    products.push((g) => slice(g, at, start, start + count));
    position += count;
  }
  return record("cat", out, parts, null, products);
}

/** Tensors of one shape joined along a new dimension. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  checkList("stack", tensors);
  const { shape, rank } = tensors[0]!;
  const at = resolveDim("stack", dim, rank + 1);
  for (const x of tensors) {
    if (!sameShape(x.shape, shape)) {
      throw new ShapeError(
        `stack: ${formatShape(shape)} and ${formatShape(x.shape)} differ; all tensors must have the same shape.`,
      );
    }
  }
  return cat(
    tensors.map((x) => unsqueeze(x, at)),
    at,
  );
}
