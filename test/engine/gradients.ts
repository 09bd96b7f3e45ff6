// Checking gradients: every operation, on random shapes: its gradient agrees with finite differences, the gradient of its
// gradient does too, and the fast backward gives what the differentiable one gives.
/* oxlint-disable vitest/expect-expect -- the expectations are in gradcheck */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Generator, type Tensor, autograd, cat, randn, tensor } from "../../src/engine/index.ts";

export type Operation = (...inputs: Tensor[]) => Tensor;

/** Random numbers of a shape, moved away from the points where a function has a kink or ends. */
export function inputsFor(shapes: readonly number[][], seed: number, domain: Domain): Tensor[] {
  const generator = new Generator(seed);
  return shapes.map((shape) => {
    const x = randn(shape, { dtype: "float64", generator });
    if (domain === "positive") return x.abs().add(0.5);
    // |x| ≥ 0.1, so that a finite difference never steps over 0.
    if (domain === "away from 0") return x.add(x.sign().mul(0.1));
    if (domain === "zeros in front") return cat([x.slice(0, 1).mul(0), x.slice(1)]);
    return x;
  });
}

/** "zeros in front": the first row is 0. */
export type Domain = "all" | "positive" | "away from 0" | "zeros in front";

/** One number from a result of any shape: a fixed weighted sum, so that no gradient cancels by symmetry. */
function reduce(output: Tensor): Tensor {
  const weights = Array.from({ length: output.size }, (_, i) => 0.3 + Math.abs(((i * 7919) % 13) / 13 - 0.5));
  return output
    .reshape([-1])
    .mul(tensor(weights, { dtype: "float64" }))
    .sum();
}

/** ∂f/∂(each number of each input) by central differences. */
function differences(f: (inputs: Tensor[]) => number, inputs: Tensor[]): number[] {
  const step = 1e-5;
  const slopes: number[] = [];
  for (const [which, input] of inputs.entries()) {
    const values = input.data;
    for (let i = 0; i < values.length; i++) {
      const moved = (by: number) => {
        const copy = values.slice();
        copy[i] = copy[i]! + by;
        return inputs.with(which, tensor(copy, { dtype: "float64" }).reshape(input.shape));
      };
      slopes.push((f(moved(step)) - f(moved(-step))) / (2 * step));
    }
  }
  return slopes;
}

const flat = (tensors: Tensor[]): number[] => tensors.flatMap((x) => Array.from(x.data));

function expectAllClose(actual: number[], wanted: number[], what: string): void {
  expect(actual.length).toBe(wanted.length);
  for (const [i, value] of actual.entries()) {
    const error = Math.abs(value - wanted[i]!);
    if (!(error <= 2e-6 * (1 + Math.abs(wanted[i]!))))
      expect.fail(`${what}[${i}]: ${value}, expected ${wanted[i]}`);
  }
}

function gradientsOf(operation: Operation, inputs: Tensor[], createGraph: boolean): Tensor[] {
  const leaves = createGraph ? inputs : inputs.map((x) => x.detach().clone().requiresGrad_());
  return autograd.grad(reduce(operation(...leaves)), leaves, { createGraph, allowUnused: true });
}

/** The three comparisons. */
export function gradcheck(operation: Operation, inputs: Tensor[]): void {
  const first = flat(gradientsOf(operation, inputs, false));
  expectAllClose(
    first,
    differences((moved) => reduce(operation(...moved)).item(), inputs),
    "gradient",
  );
  const leaves = inputs.map((x) => x.detach().clone().requiresGrad_());
  const composed = gradientsOf(operation, leaves, true);
  expectAllClose(flat(composed), first, "differentiable backward");

  const squared = composed.map((g) => g.square().mul(0.5).add(g).sum()).reduce((a, b) => a.add(b));
  if (!squared.requiresGrad) return;
  const second = autograd.grad(squared, leaves, { allowUnused: true });
  const energy = (moved: Tensor[]) =>
    gradientsOf(operation, moved, false)
      .map((g) => g.square().mul(0.5).add(g).sum().item())
      .reduce((a, b) => a + b);
  expectAllClose(flat(second), differences(energy, inputs), "second derivative");
}

export const size = fc.integer({ min: 1, max: 3 });
export const shape = fc.array(size, { minLength: 0, maxLength: 3 });
export const seed = fc.integer({ min: 0, max: 1e6 });

/** Operations by name, with the numbers on which they are differentiable. */
export type Operations = Record<string, [domain: Domain, operation: Operation]>;

/** A test for each operation on random inputs of the shapes that `shapes` draws. */
export function checkOperations(
  operations: Operations,
  shapes: fc.Arbitrary<readonly number[][]>,
  numRuns = 8,
): void {
  test.each(Object.entries(operations))("%s", (_, [domain, operation]) => {
    fc.assert(
      fc.property(shapes, seed, (drawn, start) => {
        gradcheck(operation, inputsFor(drawn, start, domain));
      }),
      { numRuns, seed: 7 },
    );
  });
}
