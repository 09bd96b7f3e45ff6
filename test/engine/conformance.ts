// Reading the reference cases in fixtures/ (made with PyTorch) and comparing with them.
// A case is a sample of its rule: whatever is compared here is computed by the public face, nothing is special-cased.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type Dtype, type Tensor, autograd, tensor } from "../../src/engine/index.ts";

export type Precision = "float32" | "float64";
export const precisions: readonly Precision[] = ["float64", "float32"];

/** A number as the files write it: non-finite ones are strings. */
export type Written = number | "NaN" | "Infinity" | "-Infinity";

export interface WrittenTensor {
  shape: number[];
  data: Written[];
}

/** One case of a forward and backward pass. */
export interface Case {
  id: string;
  op: string;
  options: Record<string, unknown>;
  inputs: Record<string, WrittenTensor | null>;
  constants?: Record<string, WrittenTensor>;
  grad_output: WrittenTensor;
  convention?: boolean;
  expected: Record<Precision, { output: WrittenTensor; grads: Record<string, WrittenTensor | null> }>;
}

export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as T;
}

/** The tensor that a file writes down, in a given type. */
export function build(written: WrittenTensor, dtype: Dtype, requiresGrad = false): Tensor {
  return tensor(written.data.map(Number), { dtype })
    .reshape(written.shape)
    .clone()
    .requiresGrad_(requiresGrad);
}

/** |a − b| ≤ tolerance·(1 + |b|), number by number, and the same shape. */
export function expectClose(actual: Tensor, expected: WrittenTensor, tolerance: number, what: string): void {
  expect(actual.shape, `${what}: shape`).toEqual(expected.shape);
  expectNumbersClose(actual.data, expected.data, tolerance, what);
}

export function expectNumbersClose(
  actual: ArrayLike<number>,
  expected: readonly Written[],
  tolerance: number,
  what: string,
): void {
  expect(actual.length, `${what}: count`).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const b = Number(expected[i]);
    const close = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
    if (!close) expect.fail(`${what}[${i}]: ${a}, expected ${b}`);
  }
}

/** Runs a case in one precision: output, then the gradients of Σ output·grad_output. */
export function replay(
  each: Case,
  precision: Precision,
  tolerance: number,
  compute: (operands: Record<string, Tensor>, integers: (name: string) => Tensor) => Tensor,
): void {
  const operands: Record<string, Tensor> = {};
  const names = Object.keys(each.inputs).filter((name) => each.inputs[name] !== null);
  for (const name of names) operands[name] = build(each.inputs[name]!, precision, true);
  for (const [name, written] of Object.entries(each.constants ?? {}))
    operands[name] = build(written, precision);
  const integers = (name: string): Tensor => build(each.constants![name]!, "int32");
  const output = compute(operands, integers);
  const expected = each.expected[precision];
  expectClose(output, expected.output, tolerance, `${each.id} ${precision} output`);
  const gradients = autograd.grad(
    output,
    names.map((name) => operands[name]!),
    { gradOutputs: build(each.grad_output, precision).reshape(output.shape), allowUnused: true },
  );
  for (const [i, name] of names.entries()) {
    const wanted = expected.grads[name];
    if (wanted) expectClose(gradients[i]!, wanted, tolerance, `${each.id} ${precision} gradient of ${name}`);
  }
}
