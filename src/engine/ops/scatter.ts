// Writing by index, and choosing by masks. Nothing is changed in place: the result is a new tensor through which gradients
// flow to everything that is still visible in it.
import { checkTensor } from "../check.ts";
import { IndexError, ShapeError, checkNumber, checkOptions, formatShape } from "../errors.ts";
import { broadcastShapes, resolveDim, sameShape, stridesOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { add, checkOperand, mul, where, type Operand } from "./elementwise.ts";
import { truth } from "./functions.ts";
import { checkIndex, gather, indexAdd as addedRows, indexSelect } from "./indexing.ts";
import { expand, reshape, slice } from "./layout.ts";

const whole = (values: Int32Array<ArrayBuffer>, shape: Shape = [values.length]): Tensor =>
  Tensor.adopt(values, shape, "int32");

/** For each entry of the index the place in x (as one row) that it points at: its own, with `dim` replaced. */
function targetsOf(owner: string, x: Tensor, dim: number, index: Tensor): Int32Array<ArrayBuffer> {
  const at = resolveDim(owner, dim, x.rank);
  checkIndex(owner, index, x.shape[at]!);
  if (index.rank !== x.rank || index.shape.some((size, i) => i !== at && size > x.shape[i]!)) {
    throw new ShapeError(
      `${owner}: index ${formatShape(index.shape)} does not fit ${formatShape(x.shape)}: it must have as many dims, and but for dim ${at} no larger sizes.`,
    );
  }
  const own = stridesOf(index.shape);
  const strides = stridesOf(x.shape);
  return Int32Array.from(index.data, (position, i) => {
    let target = position * strides[at]!;
    for (let d = 0; d < own.length; d++) {
      if (d !== at) target += (Math.floor(i / own[d]!) % index.shape[d]!) * strides[d]!;
    }
    return target;
  });
}

/** The part of the source that the index covers, as one row. */
function covered(owner: string, source: Tensor, index: Tensor): Tensor {
  if (source.rank !== index.rank || index.shape.some((size, i) => size > source.shape[i]!)) {
    throw new ShapeError(
      `${owner}: the source ${formatShape(source.shape)} must be as large as the index ${formatShape(index.shape)} in every dim.`,
    );
  }
  let part = source;
  for (const [i, size] of index.shape.entries()) part = slice(part, i, 0, size);
  return reshape(part, [-1]);
}

/**
 * x with numbers of the source (or one number) written where the index points: out[i, index[i, j]] = source[i, j] for dim
 * 1. Where two entries point at one place the later one is seen.
 */
export function scatter(x: Tensor, dim: number, index: Tensor, source: Operand): Tensor {
  const targets = targetsOf("scatter", x, dim, index);
  checkOperand("scatter", source);
  const row = typeof source === "number" ? source : covered("scatter", source, index);
  if (targets.length === 0) return x;
  const written = new Int32Array(x.size);
  const from = new Int32Array(x.size);
  for (const [i, target] of targets.entries()) {
    written[target] = 1;
    from[target] = i;
  }
  const values = typeof row === "number" ? row : indexSelect(row, 0, whole(from, x.shape));
  return where(whole(written, x.shape), values, x);
}

/** x with numbers of the source added where the index points; repeats add up. */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const targets = targetsOf("scatterAdd", x, dim, index);
  checkTensor("scatterAdd", "the source", source);
  const row = covered("scatterAdd", source, index);
  return add(x, reshape(addedRows(row, 0, whole(targets), [x.size]), x.shape));
}

function checkVector(owner: string, index: Tensor, n: number): void {
  checkIndex(owner, index, n);
  if (index.rank > 1) {
    throw new ShapeError(`${owner}: the index must be a vector, not ${formatShape(index.shape)}.`);
  }
}

/** x with the slices of the source, times alpha, added at the indexed places along a dimension; repeats add up. */
export function indexAdd(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: { alpha?: number } = {},
): Tensor {
  const at = resolveDim("indexAdd", dim, x.rank);
  checkVector("indexAdd", index, x.shape[at]!);
  checkTensor("indexAdd", "the source", source);
  checkOptions("indexAdd", options, ["alpha"]);
  const { alpha = 1 } = options;
  checkNumber("indexAdd", "alpha", alpha);
  const shape = x.shape.with(at, index.size);
  if (!sameShape(source.shape, shape)) {
    throw new ShapeError(
      `indexAdd: the source must be ${formatShape(shape)} for ${index.size} indices along dim ${at} of ${formatShape(x.shape)}, not ${formatShape(source.shape)}.`,
    );
  }
  const part = alpha === 1 ? source : mul(source, alpha);
  return add(x, addedRows(part, at, index, x.shape));
}

/** x with a number written to the indexed slices along a dimension. */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: number): Tensor {
  const at = resolveDim("indexFill", dim, x.rank);
  checkVector("indexFill", index, x.shape[at]!);
  checkOperand("indexFill", value);
  const mask = new Int32Array(x.shape[at]!);
  for (const i of index.data) mask[i] = 1;
  return where(
    whole(
      mask,
      x.shape.map((size, i) => (i === at ? size : 1)),
    ),
    value,
    x,
  );
}

/** x[…, index, …] entry by entry along a dimension, where all other dims broadcast; without a dimension both are flattened. */
export function takeAlongDim(x: Tensor, index: Tensor, dim?: number): Tensor {
  checkTensor("takeAlongDim", "the indices", index);
  if (dim === undefined) return takeAlongDim(reshape(x, [-1]), reshape(index, [-1]), 0);
  const at = resolveDim("takeAlongDim", dim, x.rank);
  if (index.rank !== x.rank) {
    throw new IndexError(
      `takeAlongDim: index ${formatShape(index.shape)} must have as many dims as ${formatShape(x.shape)}.`,
    );
  }
  const shape = broadcastShapes("takeAlongDim", x.shape.with(at, 1), index.shape.with(at, 1));
  return gather(expand(x, shape.with(at, x.shape[at]!)), at, expand(index, shape.with(at, index.shape[at]!)));
}

// ---------------------------------------------------------------- masks

function checkMask(owner: string, mask: Tensor): void {
  checkTensor(owner, "the mask", mask);
}

/** x where the mask is 0, the value elsewhere; the mask broadcasts to x. */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  checkMask("maskedFill", mask);
  checkOperand("maskedFill", value);
  if (!sameShape(broadcastShapes("maskedFill", x.shape, mask.shape), x.shape)) {
    throw new ShapeError(
      `maskedFill: the mask ${formatShape(mask.shape)} does not broadcast to ${formatShape(x.shape)}.`,
    );
  }
  return where(mask, value, x);
}

/** Positions in row-major order of the numbers that are not 0. */
function positionsOf(x: Tensor): Int32Array<ArrayBuffer> {
  const { data } = truth(x);
  const positions: number[] = [];
  for (let i = 0; i < data.length; i++) if (data[i] === 1) positions.push(i);
  return Int32Array.from(positions);
}

/** The numbers where the mask is not 0, in row-major order, as one row; x and mask broadcast. */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkMask("maskedSelect", mask);
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  return indexSelect(reshape(expand(x, shape), [-1]), 0, whole(positionsOf(expand(mask, shape))));
}

/** The indices of all numbers that are not 0, in row-major order: (count, rank), int32. */
export function nonzero(x: Tensor): Tensor {
  const positions = positionsOf(x);
  const strides = stridesOf(x.shape);
  const out = new Int32Array(positions.length * x.rank);
  for (const [row, position] of positions.entries()) {
    for (let d = 0; d < x.rank; d++) {
      out[row * x.rank + d] = Math.floor(position / strides[d]!) % x.shape[d]!;
    }
  }
  return whole(out, [positions.length, x.rank]);
}
