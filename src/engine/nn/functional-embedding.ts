// Embedding as a plain function of tensors.
import {
  DtypeError,
  IndexError,
  ShapeError,
  ValueError,
  checkNumber,
  checkOptions,
  describe,
  formatShape,
} from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { place } from "../memory/heap.ts";
import { equal, where } from "../ops/elementwise.ts";
import { indexSelect } from "../ops/indexing.ts";
import { reshape } from "../ops/layout.ts";
import { Tensor } from "../tensor.ts";

/** A row number that may count from the back, as a number from the front; null stays null. */
export function resolvePaddingIndex(owner: string, rows: number, index: unknown): number | null {
  if (index === null || index === undefined) return null;
  checkNumber(owner, "paddingIdx", index, { min: -rows, max: rows - 1, whole: true });
  return index < 0 ? index + rows : index;
}

/**
 * Rows of `weight` at the indices: (…) int32 and (rows, width) → (…, width). The gradient adds up over repeated indices.
 * @param options paddingIdx: a row that receives no gradient
 */
export function embedding(
  indices: Tensor,
  weight: Tensor,
  options: { paddingIdx?: number | null } = {},
): Tensor {
  checkOptions("embedding", options, ["paddingIdx"]);
  if (!(indices instanceof Tensor)) {
    throw new ValueError(`embedding: the input must be a tensor of row numbers, not ${describe(indices)}.`);
  }
  if (!(weight instanceof Tensor) || weight.rank !== 2) {
    throw new ShapeError(
      `embedding: the weight must be a matrix (rows, width), not ${weight instanceof Tensor ? formatShape(weight.shape) : describe(weight)}.`,
    );
  }
  const [rows] = weight.shape as [number, number];
  checkIndices(indices, rows);
  const padding = resolvePaddingIndex("embedding", rows, options.paddingIdx);
  const chosen = indexSelect(weight, 0, indices);
  if (padding === null) return chosen;
  return where(reshape(equal(indices, padding), [...indices.shape, 1]), chosen.detach(), chosen);
}

function checkIndices(indices: Tensor, rows: number): void {
  if (indices.dtype !== "int32") {
    throw new DtypeError(
      `embedding: the indices must be int32, not ${indices.dtype}. Create them with { dtype: "int32" } or convert with .to("int32").`,
    );
  }
  place(indices.storage);
  const bad = kernels.int32.badIndex(indices.storage.address, indices.size, rows);
  if (bad < 0) return;
  throw new IndexError(
    `embedding: index ${indices.data[bad]} at position ${bad} is out of range; the table has ${rows} rows, numbered 0 … ${rows - 1}.`,
  );
}
