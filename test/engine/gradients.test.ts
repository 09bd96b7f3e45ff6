// Gradients of activations and losses, first and second order; see gradients.ts. Tensor operations are in the files beside.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import fc from "fast-check";
import { describe, test } from "vitest";
import { type Tensor, nn, tensor } from "../../src/engine/index.ts";
import { type Operations, checkOperations, gradcheck, inputsFor, seed, shape } from "./gradients.ts";

const { functional } = nn;

const activations: Operations = {
  leakyRelu: ["away from 0", (x) => functional.leakyRelu(x, 0.2)],
  elu: ["away from 0", (x) => functional.elu(x, 0.7)],
  selu: ["away from 0", (x) => functional.selu(x)],
  gelu: ["all", (x) => functional.gelu(x)],
  "gelu, tanh form": ["all", (x) => functional.gelu(x, "tanh")],
  silu: ["all", (x) => functional.silu(x)],
  mish: ["all", (x) => functional.mish(x)],
  softplus: ["all", (x) => functional.softplus(x, 1.5)],
  logSigmoid: ["all", (x) => functional.logSigmoid(x)],
};

describe("activations of a tensor of any shape", () => {
  checkOperations(
    activations,
    shape.map((sizes) => [sizes]),
    12,
  );
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

describe("losses of class numbers", () => {
  const classes = (x: Tensor) =>
    tensor(
      Array.from({ length: x.shape[0]! }, () => 1),
      { dtype: "int32" },
    );
  checkOperations(
    { crossEntropy: ["all", (x) => functional.crossEntropy(x, classes(x), { labelSmoothing: 0.1 })] },
    fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 })).map((sizes) => [[...sizes]]),
  );
});
