// The symmetric eigen-solver obeys its laws at every size, agrees with Jacobi's method, and gradients flow through it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EngineError,
  Generator,
  Tensor,
  autograd,
  eye,
  linalg,
  randn,
  tensor,
} from "../../src/engine/index.ts";
import { kernels } from "../../src/engine/kernels/kernels.ts";
import { Storage, adopt, copyOut, place } from "../../src/engine/memory/heap.ts";

const double = { dtype: "float64" } as const;

function symmetric(n: number, seed: number): Tensor {
  const a = randn([n, n], { ...double, generator: new Generator(seed) });
  return a.add(a.T).div(2);
}

/** A matrix with these eigenvalues and random eigenvectors. */
function withEigenvalues(values: readonly number[], seed: number): Tensor {
  const n = values.length;
  const { eigenvectors } = linalg.eigh(symmetric(n, seed));
  return eigenvectors.mul(tensor([...values], double)).matmul(eigenvectors.T);
}

/** The eigenvalues by Jacobi rotations, whatever the size. */
function byJacobi(matrix: Tensor): number[] {
  const n = matrix.shape[0]!;
  const work = adopt("float64", matrix.data);
  const vectors = new Storage("float64", n * n);
  place(work, vectors);
  kernels.float64.jacobi(work.address, vectors.address, n);
  const values = copyOut(work);
  return Array.from({ length: n }, (_, i) => values[i * n + i]!).sort((a, b) => a - b);
}

const largest = (x: Tensor): number => x.abs().max().item();

/** ‖A·V − V·Λ‖ and ‖VᵀV − I‖, largest entries. */
function misses(matrix: Tensor): { residual: number; skew: number } {
  const { eigenvalues, eigenvectors } = linalg.eigh(matrix);
  return {
    residual: largest(matrix.matmul(eigenvectors).sub(eigenvectors.mul(eigenvalues))),
    skew: largest(eigenvectors.T.matmul(eigenvectors).sub(eye(matrix.shape[0]!, double))),
  };
}

const problem = fc.record({ n: fc.integer({ min: 1, max: 90 }), seed: fc.integer({ min: 0, max: 1e6 }) });

describe("eigh", () => {
  test("A·V = V·Λ with orthonormal V and ascending values, below and above the change of method", () => {
    fc.assert(
      fc.property(problem, ({ n, seed }) => {
        const matrix = symmetric(n, seed);
        const { residual, skew } = misses(matrix);
        expect(residual).toBeLessThan(2e-14 * n);
        expect(skew).toBeLessThan(2e-14 * n);
        const values = Array.from(linalg.eigvalsh(matrix).data);
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        expect(values).toEqual(Array.from(linalg.eigh(matrix).eigenvalues.data));
      }),
      { numRuns: 40 },
    );
  });

  test.each([33, 64, 150])("agrees with Jacobi's method for %i rows", (n) => {
    const matrix = symmetric(n, n);
    const expected = byJacobi(matrix);
    const size = Math.max(...expected.map(Math.abs));
    const found = linalg.eigvalsh(matrix).data;
    for (let i = 0; i < n; i++) expect(Math.abs(found[i]! - expected[i]!)).toBeLessThan(1e-14 * n * size);
  });

  test("finds eigenvalues it was given: repeated, zero, clustered, of very different sizes", () => {
    const lists = [
      Array.from({ length: 50 }, (_, i) => i % 3),
      Array.from({ length: 40 }, () => 0).with(3, 1),
      Array.from({ length: 60 }, (_, i) => 1 + 1e-9 * i),
      Array.from({ length: 45 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 4 ** -i),
    ];
    for (const values of lists) {
      const matrix = withEigenvalues(values, 5);
      const wanted = values.toSorted((a, b) => a - b);
      const found = linalg.eigvalsh(matrix).data;
      for (let i = 0; i < values.length; i++) expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThan(5e-14);
      const { residual, skew } = misses(matrix);
      expect(residual).toBeLessThan(5e-13);
      expect(skew).toBeLessThan(5e-13);
    }
  });

  test("a diagonal, an identity, a zero and an already tridiagonal matrix of many rows", () => {
    const n = 70;
    const diagonal = tensor(
      Array.from({ length: n }, (_, i) => ((i * 37) % n) - 20),
      double,
    );
    expect(linalg.eigvalsh(eye(n, double).mul(diagonal)).toArray()).toEqual(
      Array.from({ length: n }, (_, i) => i - 20),
    );
    expect(linalg.eigvalsh(eye(n, double).mul(0)).toArray()).toEqual(Array.from({ length: n }, () => 0));
    // The second difference: eigenvalues 2 − 2 cos(πk/(n + 1)) = 4 sin²(πk/(2n + 2)).
    const rows = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (__, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    );
    const found = linalg.eigvalsh(tensor(rows, double)).data;
    for (let k = 1; k <= n; k++) {
      expect(found[k - 1]!).toBeCloseTo(4 * Math.sin((Math.PI * k) / (2 * n + 2)) ** 2, 13);
    }
  });

  test("matrices of extreme size neither over- nor underflow", () => {
    for (const n of [5, 50]) {
      const matrix = symmetric(n, 2);
      const values = linalg.eigvalsh(matrix);
      for (const size of [1e-250, 1e-160, 1e160, 1e250]) {
        const ratio = linalg.eigvalsh(matrix.mul(size)).div(size).sub(values).abs().max().item();
        expect(ratio).toBeLessThan(1e-12);
      }
    }
  });

  test("only the symmetric part of a nearly symmetric matrix counts", () => {
    const matrix = symmetric(40, 8);
    const noise = randn([40, 40], { ...double, generator: new Generator(1) }).mul(1e-5);
    const skew = noise.sub(noise.T);
    expect(largest(linalg.eigvalsh(matrix.add(skew)).sub(linalg.eigvalsh(matrix)))).toBeLessThan(1e-13);
  });

  test("every eigenvector's largest component is positive", () => {
    const { eigenvectors } = linalg.eigh(symmetric(50, 4));
    for (const vector of eigenvectors.T) {
      expect(vector.max().item()).toBeGreaterThanOrEqual(-vector.min().item() * (1 - 1e-8));
    }
  });
});

describe("gradients through eigh", () => {
  /** ∂f/∂Aᵢⱼ by central differences, A moved symmetrically as eigh reads it. */
  function differences(f: (a: Tensor) => Tensor, a: Tensor): number[] {
    const n = a.shape[0]!;
    const step = 1e-5;
    return Array.from({ length: n * n }, (_, at) => {
      const moved = (by: number): number => {
        const values = a.data.slice();
        values[at]! += by;
        return f(tensor(values, double).reshape([n, n])).item();
      };
      return (moved(step) - moved(-step)) / (2 * step);
    });
  }

  const weights = randn([5, 5], { ...double, generator: new Generator(9) });
  const functions: [string, (a: Tensor) => Tensor][] = [
    [
      "eigenvalues",
      (a) =>
        linalg
          .eigvalsh(a)
          .mul(tensor([1, -2, 0.5, 3, 1], double))
          .sum(),
    ],
    ["eigenvectors", (a) => linalg.eigh(a).eigenvectors.mul(weights).sum()],
    [
      "both",
      (a) => {
        const { eigenvalues, eigenvectors } = linalg.eigh(a);
        return eigenvectors.square().mul(eigenvalues.exp()).mul(weights).sum();
      },
    ],
  ];

  test.each(functions)("of the %s agree with finite differences, first and second order", (_, f) => {
    const a = symmetric(5, 31).requiresGrad_();
    const [slope] = autograd.grad(f(a), [a], { createGraph: true });
    const expected = differences(f, a.detach());
    for (const [i, value] of expected.entries()) expect(slope!.data[i]!).toBeCloseTo(value, 7);

    const direction = symmetric(5, 32);
    const along = (at: Tensor): Tensor => {
      const leaf = at.detach().clone().requiresGrad_();
      const [g] = autograd.grad(f(leaf), [leaf], { createGraph: true });
      return g!.mul(direction).sum();
    };
    const [bend] = autograd.grad(slope!.mul(direction).sum(), [a]);
    const bent = differences((at) => along(at).detach(), a.detach());
    for (const [i, value] of bent.entries()) expect(bend!.data[i]!).toBeCloseTo(value, 5);
  });

  test("a float32 matrix gets a float32 gradient", () => {
    const a = symmetric(4, 3).to("float32").requiresGrad_();
    linalg.eigvalsh(a).sum().backward();
    expect(a.grad!.dtype).toBe("float32");
    // The sum of the eigenvalues is the trace.
    expect(largest(a.grad!.sub(eye(4)))).toBeLessThan(1e-6);
  });

  test("nothing is recorded for a matrix that needs no gradient", () => {
    expect(linalg.eigh(symmetric(3, 1)).eigenvectors.requiresGrad).toBe(false);
  });
});

const wrong: [string, () => unknown, EngineError["code"], RegExp][] = [
  ["no tensor", () => linalg.eigh([[1]] as never), "value", /eigh: needs a tensor, not an array of length 1/],
  ["not square", () => linalg.eigh(tensor([[1, 2]])), "shape", /eigh: needs a square matrix, not \(1, 2\)/],
  ["a vector", () => linalg.eigvalsh(tensor([1, 2])), "shape", /eigvalsh: needs a square matrix, not \(2,\)/],
  ["empty", () => linalg.eigh(Tensor.full([0, 0], 0)), "shape", /eigh: the matrix is empty/],
  ["not symmetric", () => linalg.eigh(tensor([[1, 2], [0, 1]])), "value", /not symmetric: .* by up to 2/], // prettier-ignore
  ["NaN", () => linalg.eigvalsh(tensor([[Number.NaN]])), "value", /eigvalsh: the matrix contains NaN/],
  ["Infinity", () => linalg.eigh(eye(40).div(0)), "value", /eigh: the matrix contains NaN or Infinity/],
];

test.each(wrong)("a wrong call says what is wrong: %s", (_, call, code, message) => {
  const error = (() => {
    try {
      return call();
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(EngineError);
  expect((error as EngineError).code).toBe(code);
  expect((error as EngineError).message).toMatch(message);
});
