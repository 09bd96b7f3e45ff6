// What a tensor shows of itself: dtype, shape, the entries at its corners, and statistics of all entries.
import { Tensor } from "../../engine/core.ts";
import type { Inspection, TensorExcerpt, TensorStatistics } from "../output.ts";
import { formatTogether } from "./numbers.ts";

const edge = 3;
const maxPerAxis = 2 * edge + 1;

/** Whether a value is one of the engine's tensors. Never throws. */
export function isTensor(value: unknown): value is Tensor {
  try {
    return value instanceof Tensor;
  } catch {
    return false;
  }
}

/** A tensor as data for the page. May throw when the tensor's memory is gone; the caller shows that as text. */
export function inspectTensor(tensor: Tensor): Inspection {
  const values = tensor.data;
  const shape = tensor.shape.slice();
  const shown: number[] = [];
  visitExcerpt(values, shape, 0, 0, (value) => shown.push(value));
  const format = formatTogether(shown);
  return {
    kind: "tensor",
    dtype: tensor.dtype,
    shape,
    requiresGrad: tensor.requiresGrad,
    excerpt: visitExcerpt(values, shape, 0, 0, format),
    statistics: values.length === 0 ? null : statisticsOf(values),
  };
}

function visitExcerpt(
  values: ArrayLike<number>,
  shape: readonly number[],
  axis: number,
  offset: number,
  entry: (value: number) => unknown,
): TensorExcerpt {
  if (axis === shape.length) {
    const text = entry(values[offset] ?? Number.NaN);
    return typeof text === "string" ? text : null;
  }
  const size = shape[axis]!;
  let stride = 1;
  for (let inner = axis + 1; inner < shape.length; inner += 1) stride *= shape[inner]!;
  // A vector has room for more than a row of a matrix with many axes.
  const limit = shape.length === 1 ? 3 * maxPerAxis : maxPerAxis;
  const head = size <= limit ? size : Math.floor(limit / 2);
  const excerpt: TensorExcerpt[] = [];
  for (let index = 0; index < size; index += 1) {
    if (index === head && size > limit) {
      excerpt.push(null);
      index = size - head;
    }
    excerpt.push(visitExcerpt(values, shape, axis + 1, offset + index * stride, entry));
  }
  return excerpt;
}

/** Over the finite entries; all four are NaN when there is none. */
export function statisticsOf(values: ArrayLike<number>): TensorStatistics {
  let min = Infinity;
  let max = -Infinity;
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    // Welford's update: no cancellation when the mean is large against the spread.
    count += 1;
    const delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }
  if (count === 0) {
    return { min: Number.NaN, max: Number.NaN, mean: Number.NaN, std: Number.NaN, notFinite: values.length };
  }
  return { min, max, mean, std: Math.sqrt(squares / count), notFinite: values.length - count };
}
