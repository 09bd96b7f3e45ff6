// Eigen-solvers obey their laws; the error-surface tools say what calculus says.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Generator,
  type Tensor,
  analysis,
  linalg,
  nn,
  optim,
  randn,
  tensor,
} from "../../src/engine/index.ts";

const double = { dtype: "float64" } as const;

/** A random symmetric matrix. */
function symmetric(n: number, seed: number): Tensor {
  const a = randn([n, n], { ...double, generator: new Generator(seed) });
  return a.add(a.T).div(2);
}

const problem = fc.record({ n: fc.integer({ min: 1, max: 12 }), seed: fc.integer({ min: 0, max: 1e6 }) });

describe("eigh", () => {
  test("A·v = λ·v, orthonormal vectors, ascending values, trace kept", () => {
    fc.assert(
      fc.property(problem, ({ n, seed }) => {
        const a = symmetric(n, seed);
        const { eigenvalues, eigenvectors } = linalg.eigh(a);
        const residual = a.matmul(eigenvectors).sub(eigenvectors.mul(eigenvalues));
        expect(residual.abs().max().item()).toBeLessThan(1e-12 * n);
        const gram = eigenvectors.T.matmul(eigenvectors);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) expect(gram.get(i, j).item()).toBeCloseTo(i === j ? 1 : 0, 12);
        }
        const values = Array.from(eigenvalues.data);
        expect(values).toEqual(values.toSorted((x, y) => x - y));
        expect(eigenvalues.sum().item()).toBeCloseTo(a.diagonal().sum().item(), 10);
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  test("repeated eigenvalues and a zero matrix", () => {
    expect(
      linalg
        .eigvalsh(
          tensor([
            [2, 0, 0],
            [0, 2, 0],
            [0, 0, -1],
          ]),
        )
        .toArray(),
    ).toEqual([-1, 2, 2]);
    expect(
      linalg
        .eigvalsh(
          tensor([
            [0, 0],
            [0, 0],
          ]),
        )
        .toArray(),
    ).toEqual([0, 0]);
  });
});

describe("eigenvalues from products only", () => {
  test("Lanczos finds the two ends of any symmetric matrix", () => {
    fc.assert(
      fc.property(problem, ({ n, seed }) => {
        const a = symmetric(n, seed);
        const values = linalg.eigvalsh(a).data;
        const { smallest, largest } = analysis.extremeEigenpairs((v) => a.matmul(v), n);
        expect(smallest.value).toBeCloseTo(values[0]!, 9);
        expect(largest.value).toBeCloseTo(values[n - 1]!, 9);
        const miss = a.matmul(largest.vector).sub(largest.vector.mul(largest.value)).norm().item();
        expect(miss).toBeLessThan(1e-6);
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  test("a start vector without the wanted directions does not hide them (the identity, and a block)", () => {
    expect(analysis.extremeEigenvalues((v) => v.mul(3), 5)).toEqual([
      expect.closeTo(3, 12),
      expect.closeTo(3, 12),
    ]);
    const [low, high] = analysis.extremeEigenvalues((v) => v.mul(tensor([1, 1, 1, -2], double)), 4);
    expect([low, high]).toEqual([expect.closeTo(-2, 10), expect.closeTo(1, 10)]);
  });

  test("far fewer products than numbers when the ends stand out", () => {
    const diagonal = tensor(
      Array.from({ length: 400 }, (_, i) => (i === 0 ? -5 : i === 399 ? 9 : i / 400)),
      double,
    );
    const { smallest, largest, products } = analysis.extremeEigenpairs((v) => v.mul(diagonal), 400);
    expect(smallest.value).toBeCloseTo(-5, 8);
    expect(largest.value).toBeCloseTo(9, 8);
    expect(products).toBeLessThan(60);
  });

  test("power iteration finds the eigenvalue of largest size, with a shift the other end", () => {
    const a = tensor(
      [
        [2, 1],
        [1, -4],
      ],
      double,
    );
    const values = linalg.eigvalsh(a).data;
    const first = analysis.powerIteration((v) => a.matmul(v), 2);
    expect(first.value).toBeCloseTo(values[0]!, 8);
    const other = analysis.powerIteration((v) => a.matmul(v), 2, { shift: first.value });
    expect(other.value).toBeCloseTo(values[1]!, 8);
  });
});

describe("critical points of (1 − w₁w₂)²", () => {
  const f = (w: Tensor) => w.get(0).mul(w.get(1)).neg().add(1).square();
  const at = (x: number, y: number) => tensor([x, y], double);

  test("Hessian, gradient length and kind", () => {
    expect(analysis.hessian(f, at(0, 0)).toArray()).toEqual([
      [0, -2],
      [-2, 0],
    ]);
    expect(analysis.gradientNorm(f, at(0.5, 0.5))).toBeCloseTo(0.75 * Math.SQRT2, 12);
    expect(analysis.classifyCriticalPoint(f, at(0, 0))).toMatchObject({ kind: "saddle", minimumRatio: 0.5 });
    expect(analysis.classifyCriticalPoint(f, at(1, 1)).kind).toBe("inconclusive");
    expect(analysis.classifyCriticalPoint(f, at(0.5, 0.5)).kind).toBe("not critical");
    expect(analysis.classifyCriticalPoint((w) => w.square().sum(), at(0, 0)).kind).toBe("minimum");
    expect(analysis.classifyCriticalPoint((w) => w.square().sum().neg(), at(0, 0)).kind).toBe("maximum");
  });

  test("the surface on a grid has rows along y and columns along x", () => {
    const grid = analysis.errorSurface((x, y) => x + 10 * y, { x: [0, 2], y: [0, 1], steps: [3, 2] });
    expect(grid).toEqual({ x: [0, 2], y: [0, 1], columns: 3, rows: 2, values: [0, 1, 2, 10, 11, 12] });
    const same = analysis.errorSurface(f, { x: [-1, 1], y: [-1, 1], steps: 3 });
    expect(same.values).toEqual([0, 1, 4, 1, 1, 1, 4, 1, 0]);
  });

  test("a trajectory has one more point than steps and ends where the optimiser ends", () => {
    const start = at(0.8, 0.6);
    const path = analysis.trajectory(f, {
      start,
      optimizer: (p) => new optim.SGD(p, { lr: 0.1 }),
      steps: 30,
    });
    expect(path.points).toHaveLength(31);
    expect(path.points[0]).toEqual([0.8, 0.6]);
    expect(path.losses.at(-1)).toBeLessThan(1e-6);
    expect(start.toArray()).toEqual([0.8, 0.6]);
    const early = analysis.trajectory(f, {
      start,
      optimizer: (p) => new optim.SGD(p, { lr: 0.1 }),
      until: 0.01,
    });
    expect(early.points.length).toBeLessThan(31);
  });
});

test("a model's loss can be looked at as a function of its parameter vector", () => {
  const model = new nn.Sequential(new nn.Linear(1, 2, double), new nn.Tanh(), new nn.Linear(2, 1, double));
  const x = randn([10, 1], double);
  const y = x.sin();
  const before = model.parameters();
  const { f, x: vector } = analysis.ofModel(model, () => nn.functional.mseLoss(model.forward(x), y));
  expect(vector.shape).toEqual([7]);
  expect(f(vector).item()).toBe(nn.functional.mseLoss(model.forward(x), y).item());
  const hessian = analysis.hessian(f, vector);
  expect(hessian.sub(hessian.T).abs().max().item()).toBeLessThan(1e-12);
  const v = randn([7], double);
  expect(analysis.hvp(f, vector, v).sub(hessian.matmul(v)).abs().max().item()).toBeLessThan(1e-12);
  const directions = [randn([7], double), randn([7], double)] as const;
  const grid = analysis.errorSurfaceAlong(f, vector, { x: [-1, 1], y: [-1, 1], steps: 3, directions });
  expect(grid.values[4]).toBe(f(vector).item());
  expect(model.parameters().every((parameter, i) => parameter === before[i])).toBe(true);
});
