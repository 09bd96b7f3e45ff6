// Functions of single numbers by the engine's own kernels, so that they give the same bits everywhere.
import { kernels } from "./kernels/kernels.ts";
import { float64View, scratch } from "./memory/heap.ts";

const at = scratch >>> 3;

/** base^exponent. */
export function power(base: number, exponent: number): number {
  float64View[at] = base;
  float64View[at + 1] = exponent;
  kernels.float64.pow(scratch, scratch + 8, scratch + 16, 1, 1, 0, 0, 0, 0);
  return float64View[at + 2]!;
}

/** cos x, x in radians. */
export function cosine(x: number): number {
  float64View[at] = x;
  kernels.float64.cos(scratch, scratch + 8, 1);
  return float64View[at + 1]!;
}
