// Norms of vectors and of matrices.
import { checkTensor } from "../check.ts";
import { OptionError, ShapeError, checkOptions, describe, formatShape } from "../errors.ts";
import { abs } from "../ops/elementwise.ts";
import { extreme, norm as vectorNorm, sum, type Dim } from "../ops/reduce.ts";
import { resolveDim } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

export interface LinalgNormOptions {
  /** One dim: norms of vectors; two: norms of matrices. Default: all of x. */
  dim?: Dim;
  /** Keep the dims with size 1. Default false. */
  keepdim?: boolean;
}

/**
 * The length of a vector or the size of a matrix.
 *
 * Without `ord` it is the root of the sum of squares. For vectors (rank 1, or one dim) `ord` is the p of (Σ|x|ᵖ)^(1/p). For
 * matrices (rank 2, or two dims) it is "fro", 1 and −1 (largest and smallest column sum of magnitudes), Infinity and
 * −Infinity (the same of rows).
 */
export function norm(x: Tensor, ord?: number | "fro", options: LinalgNormOptions = {}): Tensor {
  const owner = "linalg.norm";
  checkTensor(owner, "the argument", x);
  checkOptions(owner, options, ["dim", "keepdim"]);
  const { dim, keepdim = false } = options;
  const count = dim === undefined ? x.rank : Array.isArray(dim) ? dim.length : 1;
  if (ord === undefined || (ord === "fro" && count === 2)) return vectorNorm(x, 2, dim, keepdim, owner);
  if (count === 1) return vectorNorm(x, ord, dim, keepdim, owner);
  if (count !== 2) {
    throw new ShapeError(
      `${owner}: an ord of ${describe(ord)} needs one dim or two, not ${count} of ${formatShape(x.shape)}.`,
    );
  }
  if (ord !== 1 && ord !== -1 && ord !== Infinity && ord !== -Infinity) {
    throw new OptionError(
      `${owner}: ord of a matrix must be "fro", 1, -1, Infinity or -Infinity, not ${describe(ord)}.`,
    );
  }
  const dims = (dim === undefined ? [0, 1] : (dim as readonly number[])).map((d) =>
    resolveDim(owner, d, x.rank),
  );
  const [rows, columns] = dims as [number, number];
  const sums = sum(abs(x), Math.abs(ord) === 1 ? rows : columns, true);
  return extreme(ord > 0 ? "max" : "min", sums, [rows, columns], keepdim, owner);
}
