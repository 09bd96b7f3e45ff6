// Choosing entries by index tensors: rows (indexSelect), single entries (gather), and general indexing x.index(…).
import { record } from "../autograd/tape.ts";
import {
  DtypeError,
  IndexError,
  ShapeError,
  ValueError,
  checkNumber,
  describe,
  formatShape,
} from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, place } from "../memory/heap.ts";
import { around, broadcastShapes, resolveDim, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { expand, permute, reshape, select, slice } from "./layout.ts";

/** int32 indices, all within [0, n); negative ones are not allowed here. */
export function checkIndex(owner: string, index: Tensor, n: number): Tensor {
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
export function indexAdd(g: Tensor, dim: number, index: Tensor, shape: Shape): Tensor {
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
 * out[i, j] = x[i, index[i, j]] for dim 1, and likewise for others: apart from `dim` no size of the index may be larger
 * than x's.
 */
export function gather(from: Tensor, dim: number, index: Tensor): Tensor {
  const at = resolveDim("gather", dim, from.rank);
  checkIndex("gather", index, from.shape[at]!);
  if (index.rank !== from.rank || index.shape.some((size, i) => i !== at && size > from.shape[i]!)) {
    throw new ShapeError(
      `gather: index ${formatShape(index.shape)} does not fit ${formatShape(from.shape)}: it must have as many dims, and but for dim ${at} no larger sizes.`,
    );
  }
  let x = from;
  for (const [i, size] of index.shape.entries()) if (i !== at && size < x.shape[i]!) x = slice(x, i, 0, size);
  const { outer, n, inner } = around(x.shape, at);
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

/**
 * What one dimension is indexed by: a position, everything (":"), a range [start, end?, step?], or int32 positions. "..."
 * stands for as many ":" as are missing, null puts in a new dimension of size 1.
 */
export type Index =
  | number
  | ":"
  | "..."
  | null
  | readonly [start: number, end?: number, step?: number]
  | Tensor;

/** x[i, :, 1:3, rows]: one index for each leading dimension; the rest is taken whole. */
export function index(x: Tensor, indices: readonly Index[], owner = "index"): Tensor {
  const used = indices.filter((each) => each !== null && each !== "...").length;
  if (used > x.rank || indices.indexOf("...") !== indices.lastIndexOf("...")) {
    throw new IndexError(
      used > x.rank
        ? `${owner}: ${used} indices for ${formatShape(x.shape)}, which has ${x.rank} dimension${x.rank === 1 ? "" : "s"}.`
        : 'index: "..." may stand in one place only.',
    );
  }
  let out = x;
  let dim = 0;
  const chosen: [dim: number, positions: Tensor][] = [];
  for (const each of indices) {
    if (typeof each === "number") {
      out = select(out, dim, each, owner);
      continue;
    }
    if (each === "...") {
      dim += x.rank - used;
      continue;
    }
    if (each === null) out = reshape(out, out.shape.toSpliced(dim, 0, 1));
    else if (each instanceof Tensor) chosen.push([dim, each]);
    else if (Array.isArray(each)) out = slice(out, dim, ...(each as [number, number?, number?]));
    else if (each !== ":") {
      throw new IndexError(
        `${owner}: an index is a number, ":", "...", null, [start, end, step] or an int32 tensor, not ${describe(each)}.`,
      );
    }
    dim++;
  }
  if (chosen.length === 0) return out;
  return chosen.length === 1 ? indexSelect(out, ...chosen[0]!) : indexTogether(out, chosen);
}

/**
 * Several index tensors at once: they broadcast together and are read in step, x[rows, columns] = [x[r₀, c₀], x[r₁, c₁] …].
 * Their dimensions take the place of the indexed ones, or come first where these are not neighbours, as in PyTorch.
 */
function indexTogether(x: Tensor, chosen: readonly [dim: number, positions: Tensor][]): Tensor {
  const dims = chosen.map(([dim]) => dim);
  let shape: Shape = [];
  for (const [dim, positions] of chosen) {
    checkIndex("index", positions, x.shape[dim]!);
    shape = broadcastShapes("index", shape, positions.shape);
  }
  // The indexed dims side by side, as one dimension of x, and the positions as one number in it.
  const neighbours = dims.every((dim, i) => dim === dims[0]! + i);
  const place = neighbours ? dims[0]! : 0;
  const others = x.shape.map((_, i) => i).filter((i) => !dims.includes(i));
  const turned = permute(x, others.toSpliced(place, 0, ...dims));
  const sizes = dims.map((dim) => x.shape[dim]!);
  const merged = reshape(turned, turned.shape.toSpliced(place, dims.length, sizeOf(sizes)));
  const joint = new Int32Array(sizeOf(shape));
  for (const [dim, positions] of chosen) {
    const values = expand(positions, shape).data;
    for (let i = 0; i < joint.length; i++) joint[i] = joint[i]! * x.shape[dim]! + values[i]!;
  }
  return indexSelect(merged, place, Tensor.adopt(joint, shape, "int32"));
}

/** Class numbers as rows of zeros with a one: (…,) int32 → (…, classes) float32. */
export function oneHot(labels: Tensor, classes: number): Tensor {
  checkNumber("oneHot", "classes", classes, { min: 1, whole: true });
  checkIndex("oneHot", labels, classes);
  const ones = Tensor.full([labels.size, 1], 1, "float32");
  const rows = scatterAdd(ones, 1, reshape(labels, [labels.size, 1]), [labels.size, classes]);
  return reshape(rows, [...labels.shape, classes]);
}
