// What the tests of operations share: short ways to write tensors, and to run tables of examples.
import { describe, expect, test } from "vitest";
import { Generator, type Tensor, randn, tensor } from "../../src/engine/index.ts";

/** An int32 tensor. */
export const whole = (values: unknown): Tensor => tensor(values as number[], { dtype: "int32" });
/** A float64 tensor. */
export const double = (values: unknown): Tensor => tensor(values as number[], { dtype: "float64" });
/** The matrix of 1 … 6. */
export const m = (): Tensor =>
  tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
/** A short row that is not in order. */
export const row = (): Tensor => tensor([3, 1, 2]);
export const nan = NaN;
export const inf = Infinity;

/** Normal random numbers, float64. */
export const draw = (seed: number, shape: number[]): Tensor =>
  randn(shape, { dtype: "float64", generator: new Generator(seed) });

/** Tensors as nested arrays, in objects and arrays too. */
export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("toArray" in value) return (value as Tensor).toArray();
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** By name: what is computed, and what it must be, tensors written as nested arrays. */
export type Examples = Record<string, [compute: () => unknown, expected: unknown]>;

/** A group of tests, one for each example. */
export function checkExamples(group: string, examples: Examples): void {
  describe.each([group])("%s", () => {
    test.each(Object.entries(examples))("%s", (_, [compute, expected]) => {
      expect(plain(compute())).toEqual(expected);
    });
  });
}
