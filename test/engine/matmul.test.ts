// The matrix product: every number is one sum in ascending k, whatever the sizes, the transposes and the number of rows.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dtype, type Tensor, Generator, autograd, nn, randn, tensor } from "../../src/engine/index.ts";

type FloatDtype = Exclude<Dtype, "int32">;
const dtypes: readonly FloatDtype[] = ["float32", "float64"];

/** Σ a·b in ascending k, each product and each sum rounded to the type. */
function productByDefinition(a: Tensor, b: Tensor): number[] {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  const round = a.dtype === "float32" ? Math.fround : (x: number) => x;
  const [x, y] = [a.data, b.data];
  const out: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum = round(sum + round(x[i * k + p]! * y[p * n + j]!));
      out.push(sum);
    }
  }
  return out;
}

const random = (shape: number[], dtype: FloatDtype, seed: number) =>
  randn(shape, { dtype, generator: new Generator(seed) });

// Sizes on both sides of every block: tiles of 5 × 8, vectors, blocks of 120 rows and 256 steps.
const size = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(31, 64, 119, 121, 130));
const depth = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(64, 255, 257, 520));

describe.each(dtypes)("the product in %s is the sum by definition, to the bit", (dtype) => {
  test("for any sizes", () => {
    fc.assert(
      fc.property(size, size, depth, fc.nat(), (m, n, k, seed) => {
        const [a, b] = [random([m, k], dtype, seed), random([k, n], dtype, seed + 1)];
        expect(Array.from(a.matmul(b).data)).toEqual(productByDefinition(a, b));
      }),
      { numRuns: 60 },
    );
  });

  test("for the transposed products of a backward pass", () => {
    fc.assert(
      fc.property(size, size, depth, fc.nat(), (m, n, k, seed) => {
        const a = random([m, k], dtype, seed).requiresGrad_();
        const b = random([k, n], dtype, seed + 1).requiresGrad_();
        const g = random([m, n], dtype, seed + 2);
        const [da, db] = autograd.grad(a.matmul(b), [a, b], { gradOutputs: g });
        expect(Array.from(da!.data)).toEqual(productByDefinition(g, b.detach().T));
        expect(Array.from(db!.data)).toEqual(productByDefinition(a.detach().T, g));
      }),
      { numRuns: 40 },
    );
  });

  test("for a linear layer with its bias, and with a ReLU behind it", () => {
    fc.assert(
      fc.property(size, size, depth, fc.nat(), (m, n, k, seed) => {
        const generator = new Generator(seed);
        const layer = new nn.Linear(k, n, { dtype, generator });
        const x = randn([m, k], { dtype, generator });
        const wanted = x.matmul(layer.weight.T).add(layer.bias!);
        expect(layer.forward(x).toArray()).toEqual(wanted.toArray());
        expect(new nn.Sequential(layer, new nn.ReLU()).forward(x).toArray()).toEqual(wanted.relu().toArray());
      }),
      { numRuns: 40 },
    );
  });

  test("a row alone gives the bits that it gives in a batch", () => {
    fc.assert(
      fc.property(size, size, depth, fc.nat(), (m, n, k, seed) => {
        const [x, w] = [random([m, k], dtype, seed), random([n, k], dtype, seed + 1)];
        const batch = nn.functional.linear(x, w);
        const alone = nn.functional.linear(x.slice(m - 1), w);
        expect(alone.toArray()).toEqual(batch.slice(m - 1).toArray());
      }),
      { numRuns: 40 },
    );
  });

  test("NaN and Infinity pass through", () => {
    const a = random([7, 9], dtype, 1);
    const poisoned = a.add(0);
    poisoned.copy_(a.mul(a.greater(1.2).to(dtype).mul(Infinity).add(1)));
    const b = random([9, 11], dtype, 2);
    expect(Array.from(poisoned.matmul(b).data)).toEqual(productByDefinition(poisoned, b));
  });
});

describe("cross-entropy of classes", () => {
  const { crossEntropy, nllLoss } = nn.functional;

  test("in one kernel it gives the bits of logSoftmax and nllLoss, value and gradient", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...dtypes),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 13 }),
        fc.constantFrom("mean", "sum"),
        fc.nat(),
        (dtype, rows, classes, reduction, seed) => {
          const generator = new Generator(seed);
          const scores = randn([rows, classes], { dtype, generator }).mul(3).requiresGrad_();
          const labels = Array.from({ length: rows }, () =>
            generator.uniform() < 0.2 ? -100 : generator.integer(classes),
          );
          labels[0] = 0;
          const target = tensor(labels, { dtype: "int32" });
          const fused = crossEntropy(scores, target, { reduction });
          const composed = nllLoss(scores.logSoftmax(1), target, { reduction });
          expect(fused.item()).toBe(composed.item());
          const [a] = autograd.grad(fused, [scores]);
          const [b] = autograd.grad(composed, [scores]);
          expect(a!.toArray()).toEqual(b!.toArray());
        },
      ),
      { numRuns: 60 },
    );
  });
});
