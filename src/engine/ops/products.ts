// Products under PyTorch's separate names, each strict about its ranks, and distances.
import { checkTensor } from "../check.ts";
import { ShapeError, checkNumber, checkOptions, formatShape } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./elementwise.ts";
import { unsqueeze } from "./layout.ts";
import { matmul } from "./matmul.ts";
import { norm } from "./reduce.ts";

const kinds = ["a scalar", "a vector", "a matrix", "a stack of matrices (b, m, k)"];

function ranked(owner: string, a: Tensor, b: Tensor, rankA: number, rankB: number): Tensor {
  for (const operand of [a, b]) checkTensor(owner, "the operand", operand);
  if (a.rank !== rankA || b.rank !== rankB || (rankA === 3 && a.shape[0] !== b.shape[0])) {
    throw new ShapeError(
      `${owner}: needs ${kinds[rankA]} and ${kinds[rankB]}${rankA === 3 ? " of the same b" : ""}, not ${formatShape(a.shape)} and ${formatShape(b.shape)}.`,
    );
  }
  return matmul(a, b, owner);
}

/** Scalar product of two vectors of one length. */
export const dot = (a: Tensor, b: Tensor): Tensor => ranked("dot", a, b, 1, 1);
/** (m, k)·(k,) → (m,). */
export const mv = (a: Tensor, b: Tensor): Tensor => ranked("mv", a, b, 2, 1);
/** (m, k)·(k, n) → (m, n). */
export const mm = (a: Tensor, b: Tensor): Tensor => ranked("mm", a, b, 2, 2);
/** (b, m, k)·(b, k, n) → (b, m, n). */
export const bmm = (a: Tensor, b: Tensor): Tensor => ranked("bmm", a, b, 3, 3);

export interface AddProductOptions {
  /** Factor of the first tensor. Default 1. */
  beta?: number;
  /** Factor of the product. Default 1. */
  alpha?: number;
}

function addProduct(owner: string, x: Tensor, product: Tensor, options: AddProductOptions): Tensor {
  checkTensor(owner, "the first argument", x);
  checkOptions(owner, options, ["beta", "alpha"]);
  const { beta = 1, alpha = 1 } = options;
  checkNumber(owner, "beta", beta);
  checkNumber(owner, "alpha", alpha);
  const scaled = alpha === 1 ? product : mul(product, alpha);
  // With beta 0 even a NaN in x does not count.
  if (beta === 0) return scaled;
  return add(beta === 1 ? x : mul(x, beta), scaled);
}

/** beta·x + alpha·a·b for matrices a and b; x broadcasts. */
export const addmm = (x: Tensor, a: Tensor, b: Tensor, options: AddProductOptions = {}): Tensor =>
  addProduct("addmm", x, ranked("addmm", a, b, 2, 2), options);
/** beta·x + alpha·a·b for stacks of matrices a and b; x broadcasts. */
export const baddbmm = (x: Tensor, a: Tensor, b: Tensor, options: AddProductOptions = {}): Tensor =>
  addProduct("baddbmm", x, ranked("baddbmm", a, b, 3, 3), options);

/** Distances ‖aᵢ − bⱼ‖ₚ between rows: (…, m, d) and (…, n, d) → (…, m, n). Default p = 2. */
export function cdist(a: Tensor, b: Tensor, p = 2): Tensor {
  for (const operand of [a, b]) checkTensor("cdist", "the operand", operand);
  checkNumber("cdist", "p", p, { min: 0 });
  if (a.rank < 2 || b.rank < 2 || a.shape.at(-1) !== b.shape.at(-1)) {
    throw new ShapeError(
      `cdist: needs rows of one length, (m, d) and (n, d), not ${formatShape(a.shape)} and ${formatShape(b.shape)}.`,
    );
  }
  return norm(sub(unsqueeze(a, -2), unsqueeze(b, -3)), p, -1, false, "cdist");
}
