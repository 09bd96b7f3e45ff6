// Layer and group normalisation: the numbers of one row, a part of one example, share a mean.
import type { FloatDtype } from "../dtype.ts";
import { ShapeError, checkNumber, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import "../kernels/layers.ts";
import { Storage, place, release } from "../memory/heap.ts";
import { sameShape, sizeOf, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { blank } from "./blank.ts";
import { reshape } from "./layout.ts";
import { checkOperands, composedProducts, recordNormalise, type Layout, type Operands } from "./normalise.ts";

/** `count` rows of parts·run numbers; weight and bias have one number for each of the groups' parts. */
interface Rows {
  count: number;
  groups: number;
  parts: number;
  run: number;
}

function normaliseRows(name: string, operands: Operands, layout: Layout, rows: Rows): Tensor {
  const { x, weight, bias, eps } = operands;
  const { count, groups, parts, run } = rows;
  const dtype = x.dtype as FloatDtype;
  const kernel = kernels[dtype];
  const stats = new Storage("float64", 2 * count);
  const fill = (g: Tensor | null): Tensor => {
    const out = blank(name, x.shape, dtype);
    const other = g ?? bias;
    place(x.storage, out.storage, stats, weight?.storage ?? stats, other?.storage ?? stats);
    if (g === null) kernel.moments(x.storage.address, stats.address, 1, count, parts * run);
    kernel.normaliseRows(
      x.storage.address,
      g === null ? 0 : g.storage.address,
      out.storage.address,
      stats.address,
      weight === null ? 0 : weight.storage.address,
      g === null && bias !== null ? bias.storage.address : 0,
      count,
      groups,
      parts,
      run,
      eps,
    );
    return out;
  };
  const parameterGradient = (g: Tensor, shape: Shape, ofWeight: boolean): Tensor => {
    const out = blank(name, shape, dtype);
    const work = new Storage("float64", groups * parts);
    place(x.storage, g.storage, stats, out.storage, work);
    kernel.rowParameterGradient(
      x.storage.address,
      g.storage.address,
      ofWeight ? stats.address : 0,
      out.storage.address,
      work.address,
      count,
      groups,
      parts,
      run,
      eps,
    );
    release(work);
    return out;
  };
  const composed = composedProducts(operands, layout, null);
  return recordNormalise(
    name,
    fill(null),
    operands,
    { ...composed, bias: (g, made) => reshape(composed.bias(g, made), bias!.shape) },
    {
      x: fill,
      weight: (g) => parameterGradient(g, weight!.shape, true),
      bias: (g) => parameterGradient(g, bias!.shape, false),
    },
  );
}

/** Normalises over the last dims, whose sizes are `shape`; weight and bias have that shape. */
export function layerNorm(
  owner: string,
  x: Tensor,
  shape: Shape,
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): Tensor {
  const operands = { x, weight, bias, eps };
  checkOperands(owner, operands, (input) => {
    const lead = input.rank - shape.length;
    if (lead >= 0 && sameShape(input.shape.slice(lead), shape)) return shape;
    throw new ShapeError(
      `${owner}: the input ${formatShape(input.shape)} must end with the normalizedShape ${formatShape(shape)}.`,
    );
  });
  const parts = sizeOf(shape);
  const count = x.size / parts || 0;
  const layout = { view: [count, parts], dims: [1], affine: [1, parts] };
  return normaliseRows("layerNorm", operands, layout, { count, groups: 1, parts, run: 1 });
}

/** Normalises the channels of x (N, C, …) in groups, example by example; weight and bias are (C,). */
export function groupNorm(
  owner: string,
  x: Tensor,
  groups: number,
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): Tensor {
  const operands = { x, weight, bias, eps };
  checkNumber(owner, "numGroups", groups, { min: 1, whole: true });
  checkOperands(owner, operands, (input) => {
    if (input.rank < 2) {
      throw new ShapeError(`${owner}: the input must be (N, C, …), not ${formatShape(input.shape)}.`);
    }
    const channels = input.shape[1]!;
    if (channels % groups === 0 && sizeOf(input.shape.slice(1)) > 0) return [channels];
    throw new ShapeError(
      `${owner}: ${channels} channels of the input ${formatShape(input.shape)} cannot be cut into ${groups} equal groups.`,
    );
  });
  const [batch, channels] = x.shape as [number, number];
  const parts = channels / groups;
  const run = sizeOf(x.shape.slice(2));
  const layout = { view: [batch, groups, parts, run], dims: [2, 3], affine: [1, groups, parts, 1] };
  return normaliseRows("groupNorm", operands, layout, { count: batch * groups, groups, parts, run });
}
