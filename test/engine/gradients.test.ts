// Every differentiable operation, on random shapes: its gradient agrees with finite differences, the gradient of its
// gradient does too, and the fast backward gives what the differentiable one gives.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Generator,
  type Tensor,
  autograd,
  cat,
  maximum,
  minimum,
  nn,
  randn,
  stack,
  tensor,
  where,
} from "../../src/engine/index.ts";

const { functional } = nn;
type Operation = (...inputs: Tensor[]) => Tensor;

/** Random numbers of a shape, moved away from the points where a function has a kink or ends. */
function inputsFor(shapes: readonly number[][], seed: number, domain: Domain): Tensor[] {
  const generator = new Generator(seed);
  return shapes.map((shape) => {
    const x = randn(shape, { dtype: "float64", generator });
    if (domain === "positive") return x.abs().add(0.5);
    // |x| ≥ 0.1, so that a finite difference never steps over 0.
    if (domain === "away from 0") return x.add(x.sign().mul(0.1));
    return x;
  });
}

type Domain = "all" | "positive" | "away from 0";

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
function gradcheck(operation: Operation, inputs: Tensor[]): void {
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

const size = fc.integer({ min: 1, max: 3 });
const shape = fc.array(size, { minLength: 0, maxLength: 3 });
const seed = fc.integer({ min: 0, max: 1e6 });

const functions: Record<string, [domain: Domain, operation: Operation]> = {
  neg: ["all", (x) => x.neg()],
  abs: ["away from 0", (x) => x.abs()],
  reciprocal: ["positive", (x) => x.reciprocal()],
  square: ["all", (x) => x.square()],
  sqrt: ["positive", (x) => x.sqrt()],
  rsqrt: ["positive", (x) => x.rsqrt()],
  exp: ["all", (x) => x.exp()],
  expm1: ["all", (x) => x.expm1()],
  log: ["positive", (x) => x.log()],
  log1p: ["positive", (x) => x.log1p()],
  sin: ["all", (x) => x.sin()],
  cos: ["all", (x) => x.cos()],
  atan: ["all", (x) => x.atan()],
  tanh: ["all", (x) => x.tanh()],
  sigmoid: ["all", (x) => x.sigmoid()],
  erf: ["all", (x) => x.erf()],
  relu: ["away from 0", (x) => x.relu()],
  leakyRelu: ["away from 0", (x) => functional.leakyRelu(x, 0.2)],
  elu: ["away from 0", (x) => functional.elu(x, 0.7)],
  selu: ["away from 0", (x) => functional.selu(x)],
  gelu: ["all", (x) => functional.gelu(x)],
  "gelu, tanh form": ["all", (x) => functional.gelu(x, "tanh")],
  silu: ["all", (x) => functional.silu(x)],
  mish: ["all", (x) => functional.mish(x)],
  softplus: ["all", (x) => functional.softplus(x, 1.5)],
  logSigmoid: ["all", (x) => functional.logSigmoid(x)],
  "pow, number": ["positive", (x) => x.pow(-1.5)],
  "pow, cube": ["all", (x) => x.pow(3)],
  clone: ["all", (x) => x.clone().mul(x)],
  "sum and mean": ["all", (x) => x.square().sum().add(x.mean().square())],
  logsumexp: ["all", (x) => x.logsumexp()],
  norm: ["away from 0", (x) => x.norm()],
  "norm, p = 3": ["away from 0", (x) => x.norm(3)],
  prod: ["all", (x) => x.prod()],
  reshape: ["all", (x) => x.reshape([-1]).square()],
  max: ["all", (x) => x.max().square()],
  min: ["all", (x) => x.amin().square()],
};

describe("functions of one tensor of any shape", () => {
  test.each(Object.entries(functions))("%s", (_, [domain, operation]) => {
    fc.assert(
      fc.property(shape, seed, (shape, seed) => {
        gradcheck(operation, inputsFor([shape], seed, domain));
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});

/** Two shapes that broadcast together. */
const broadcastPair = fc
  .array(fc.tuple(size, fc.constantFrom("both", "left", "right")), { minLength: 1, maxLength: 3 })
  .chain((dims) =>
    fc.record({ drop: fc.integer({ min: 0, max: dims.length }) }).map(({ drop }) => ({
      a: dims.map(([n, who]) => (who === "right" ? 1 : n)),
      b: dims.map(([n, who]) => (who === "left" ? 1 : n)).slice(drop),
    })),
  );

const pairs: Record<string, [domain: Domain, operation: Operation]> = {
  add: ["all", (a, b) => a.add(b).square()],
  sub: ["all", (a, b) => a.sub(b).square()],
  mul: ["all", (a, b) => a.mul(b)],
  div: ["positive", (a, b) => a.div(b)],
  pow: ["positive", (a, b) => a.pow(b)],
  maximum: ["all", (a, b) => maximum(a, b).square()],
  minimum: ["all", (a, b) => minimum(a, b).square()],
  where: ["all", (a, b) => where(a.greater(b), a.square(), b.exp())],
};

describe("functions of two tensors that broadcast", () => {
  test.each(Object.entries(pairs))("%s", (_, [domain, operation]) => {
    fc.assert(
      fc.property(broadcastPair, seed, ({ a, b }, seed) => {
        gradcheck(operation, inputsFor([a, b], seed, domain));
      }),
      { numRuns: 15, seed: 7 },
    );
  });
});

/** A matrix, and what is done along its dimensions. */
const matrices: Record<string, [domain: Domain, operation: Operation]> = {
  "sum along a dim": ["all", (x) => x.square().sum(0)],
  "mean along a dim, kept": ["all", (x) => x.square().mean(1, true)],
  var: ["all", (x) => x.var(1)],
  std: ["all", (x) => x.std(0, { correction: 0 })],
  softmax: ["all", (x) => x.softmax(1)],
  logSoftmax: ["all", (x) => x.logSoftmax(0)],
  cumsum: ["all", (x) => x.cumsum(1).square()],
  "max along a dim": ["all", (x) => x.max(1).values.square()],
  transpose: ["all", (x) => x.T.square()],
  "product with its transpose": ["all", (x) => x.matmul(x.T)],
  slice: ["all", (x) => x.slice(1, undefined, { dim: 1 }).square()],
  "slice with steps": ["all", (x) => x.slice(0, undefined, { step: 2 }).square()],
  select: ["all", (x) => x.get(-1).square()],
  flip: ["all", (x) => x.flip(0, 1).mul(x)],
  pad: ["all", (x) => x.pad(1, 1, 2).square()],
  diagonal: ["all", (x) => x.diagonal().square()],
  expand: [
    "all",
    (x) =>
      x
        .unsqueeze(0)
        .expand([2, ...x.shape])
        .square(),
  ],
  "indexSelect with repeats": [
    "all",
    (x) => x.indexSelect(0, tensor([0, 1, 0], { dtype: "int32" })).square(),
  ],
  gather: ["all", (x) => x.gather(1, x.argmax(1, true)).square()],
  cat: ["all", (x) => cat([x, x.square()], 1)],
  stack: ["all", (x) => stack([x, x.square()], 1)],
  crossEntropy: [
    "all",
    (x) =>
      functional.crossEntropy(
        x,
        tensor(
          Array.from({ length: x.shape[0]! }, () => 1),
          { dtype: "int32" },
        ),
        { labelSmoothing: 0.1 },
      ),
  ],
  clamp: ["all", (x) => x.clamp(-30, 30).square()],
};

describe("functions of a matrix", () => {
  test.each(Object.entries(matrices))("%s", (_, [domain, operation]) => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }), seed, (m, n, seed) => {
        gradcheck(operation, inputsFor([[m, n]], seed, domain));
      }),
      { numRuns: 8, seed: 7 },
    );
  });
});

const losses: Record<string, (x: Tensor, target: Tensor) => Tensor> = {
  mseLoss: (x, target) => functional.mseLoss(x, target),
  huberLoss: (x, target) => functional.huberLoss(x, target, { delta: 0.9 }),
  l1Loss: (x, target) => functional.l1Loss(x, target),
  binaryCrossEntropyWithLogits: (x, target) => functional.binaryCrossEntropyWithLogits(x, target),
  klDiv: (x, target) => functional.klDiv(x.logSoftmax(1), target),
};

describe("losses of predictions and targets", () => {
  test.each(Object.entries(losses))("%s", (_, loss) => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }), seed, (m, n, seed) => {
        const [x, z] = inputsFor(
          [
            [m, n],
            [m, n],
          ],
          seed,
          "all",
        ) as [Tensor, Tensor];
        const target = z.sigmoid();
        gradcheck((p) => loss(p, target), [x]);
      }),
      { numRuns: 8, seed: 7 },
    );
  });
});

describe("matrix products in all ranks", () => {
  const products: [name: string, shapes: (m: number, k: number, n: number) => [number[], number[]]][] = [
    [
      "matrix · matrix",
      (m, k, n) => [
        [m, k],
        [k, n],
      ],
    ],
    ["matrix · vector", (m, k) => [[m, k], [k]]],
    ["vector · matrix", (_, k, n) => [[k], [k, n]]],
    ["vector · vector", (_, k) => [[k], [k]]],
    [
      "stack · matrix",
      (m, k, n) => [
        [2, m, k],
        [k, n],
      ],
    ],
    [
      "matrix · stack",
      (m, k, n) => [
        [m, k],
        [2, k, n],
      ],
    ],
    [
      "stack · stack, broadcast",
      (m, k, n) => [
        [2, 1, m, k],
        [3, k, n],
      ],
    ],
    ["stack · vector", (m, k) => [[2, m, k], [k]]],
  ];
  test.each(products)("%s", (_, shapes) => {
    fc.assert(
      fc.property(size, size, size, seed, (m, k, n, seed) => {
        gradcheck((a, b) => a.matmul(b), inputsFor(shapes(m, k, n), seed, "all"));
      }),
      { numRuns: 8, seed: 7 },
    );
  });

  test("linear, with and without a bias", () => {
    fc.assert(
      fc.property(size, size, size, seed, (m, k, n, seed) => {
        const inputs = inputsFor([[m, k], [n, k], [n]], seed, "all");
        gradcheck((x, w, b) => functional.linear(x, w, b), inputs);
        gradcheck((x, w) => functional.linear(x, w), inputs.slice(0, 2));
      }),
      { numRuns: 8, seed: 7 },
    );
  });
});
