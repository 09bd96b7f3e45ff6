// Choosing entries by index tensors: rows (indexSelect), single entries (gather), and general indexing x.index(…).
import { record } from "../autograd/tape.ts";
import { DtypeError, IndexError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, place } from "../memory/heap.ts";
import { around, resolveDim, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { reshape, select, slice } from "./layout.ts";

/** int32 indices, all within [0, n); negative ones are not allowed here. */
function checkIndex(owner: string, index: Tensor, n: number): Tensor {
  if (!(index instanceof Tensor)) {
    throw new ValueError(
      `${owner}: the indices must be an int32 tensor, not ${describe(index)}; e.g. tensor([0, 2], { dtype: "int32" }).`,
    );
  }
  if (index.dtype !== "int32") {
    throw new DtypeError(
      `${owner}: the indices must have dtype int32, not ${index.dtype}. Create them with { dtype: "int32" } or convert with .to("int32").`,
    );
  }
  place(index.storage);
  const bad = kernels.int32.badIndex(index.storage.address, index.size, n);
  if (bad >= 0) {
    throw new IndexError(
      `${owner}: index ${index.data[bad]} at position ${bad} is out of range; the dimension has ${n} entries, numbered 0 … ${n - 1}.`,
    );
  }
  return index;
}

/** out[…, j, …] = x[…, index[j], …] along a dimension; entries may repeat. The gradient adds up over repeats. */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const at = resolveDim("indexSelect", dim, x.rank);
  const { outer, n, inner } = around(x.shape, at);
  checkIndex("indexSelect", index, n);
  const m = index.size;
  const shape = [...x.shape.slice(0, at), ...index.shape, ...x.shape.slice(at + 1)];
  const out = new Tensor(new Storage(x.dtype, sizeOf(shape)), shape);
  place(x.storage, index.storage, out.storage);
  kernels[x.dtype].take(x.storage.address, index.storage.address, out.storage.address, outer, n, inner, m);
  return record("indexSelect", out, [x], [index], [(g) => indexAdd(g, at, index, x.shape)]);
}

/** The transpose of indexSelect: zeros of `shape` to which each slice of g is added at its index. */
function indexAdd(g: Tensor, dim: number, index: Tensor, shape: Shape): Tensor {
  const { outer, n, inner } = around(shape, dim);
  const out = Tensor.full(shape, 0, g.dtype);
  place(g.storage, index.storage, out.storage);
  kernels[g.dtype].takeBackward(
    g.storage.address,
    index.storage.address,
    out.storage.address,
    outer,
    n,
    inner,
    index.size,
  );
  return record("indexAdd", out, [g], [index], [(gg) => indexSelect(gg, dim, index)]);
}

/**
 * out[i, j] = x[i, index[i, j]] for dim 1, and likewise for others: index has x's shape except along `dim`.
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const at = resolveDim("gather", dim, x.rank);
  const { outer, n, inner } = around(x.shape, at);
  checkIndex("gather", index, n);
  if (index.rank !== x.rank || index.shape.some((size, i) => i !== at && size !== x.shape[i])) {
    throw new ShapeError(
      `gather: index ${formatShape(index.shape)} does not fit ${formatShape(x.shape)}: all sizes but that of dim ${at} must be equal.`,
    );
  }
  const m = index.shape[at]!;
  const out = new Tensor(new Storage(x.dtype, index.size), index.shape);
  place(x.storage, index.storage, out.storage);
  kernels[x.dtype].gather(x.storage.address, index.storage.address, out.storage.address, outer, n, inner, m);
  return record("gather", out, [x], [index], [(g) => scatterAdd(g, at, index, x.shape)]);
}

/** The transpose of gather: zeros of `shape` to which each entry of g is added at its index. */
export function scatterAdd(g: Tensor, dim: number, index: Tensor, shape: Shape): Tensor {
  const { outer, n, inner } = around(shape, dim);
  const m = index.shape[dim]!;
  const out = Tensor.full(shape, 0, g.dtype);
  place(g.storage, index.storage, out.storage);
  kernels[g.dtype].gatherBackward(
    g.storage.address,
    index.storage.address,
    out.storage.address,
    outer,
    n,
    inner,
    m,
  );
  return record("scatterAdd", out, [g], [index], [(gg) => gather(gg, dim, index)]);
}

/** What one dimension is indexed by: a position, everything ("…" written ":"), [start, end, step?], or int32 indices. */
export type Index = number | ":" | readonly [start: number, end?: number, step?: number] | Tensor;

/** x[i, :, 1:3, rows]: one index for each leading dimension; the rest is taken whole. */
export function index(x: Tensor, indices: readonly Index[]): Tensor {
  if (indices.length > x.rank) {
    throw new IndexError(
      `index: ${indices.length} indices for ${formatShape(x.shape)}, which has ${x.rank} dimension${x.rank === 1 ? "" : "s"}.`,
    );
  }
  let out = x;
  let dim = 0;
  for (const each of indices) {
    if (typeof each === "number") {
      out = select(out, dim, each);
      continue;
    }
    if (each instanceof Tensor) {
      out = indexSelect(out, dim, each);
      dim += each.rank;
      continue;
    }
    if (Array.isArray(each)) out = slice(out, dim, ...(each as [number, number?, number?]));
    else if (each !== ":") {
      throw new IndexError(
        `index: an index is a number, ":", [start, end, step] or an int32 tensor, not ${describe(each)}.`,
      );
    }
    dim++;
  }
  return out;
}

/** Class numbers as rows of zeros with a one: (…,) int32 → (…, classes) float32. */
export function oneHot(labels: Tensor, classes: number): Tensor {
  checkIndex("oneHot", labels, classes);
  const ones = Tensor.full([labels.size, 1], 1, "float32");
  const rows = scatterAdd(ones, 1, reshape(labels, [labels.size, 1]), [labels.size, classes]);
  return reshape(rows, [...labels.shape, classes]);
}
