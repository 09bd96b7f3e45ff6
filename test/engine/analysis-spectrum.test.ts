// Eigenvalues from products only: Lanczos pairs satisfy H·v = λ·v, none is missed, and densities are densities.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ConvergenceError,
  EngineError,
  Generator,
  type Tensor,
  analysis,
  eye,
  linalg,
  nn,
  randn,
  tensor,
} from "../../src/engine/index.ts";

const double = { dtype: "float64" } as const;

function symmetric(n: number, seed: number): Tensor {
  const a = randn([n, n], { ...double, generator: new Generator(seed) });
  return a.add(a.T).div(2);
}

/** The map of a diagonal matrix. */
function diagonalMap(values: readonly number[]): analysis.LinearMap {
  const diagonal = tensor([...values], double);
  return (v) => v.mul(diagonal);
}

const spread = (n: number): number[] => Array.from({ length: n }, (_, i) => Math.sqrt(i + 1));

/** Counts the products that a map makes. */
function counting(map: analysis.LinearMap): { map: analysis.LinearMap; count: () => number } {
  let count = 0;
  return {
    map: (v) => {
      count++;
      return map(v);
    },
    count: () => count,
  };
}

/** The largest entry of H·V − V·Λ, and of VᵀV − I. */
function misses(
  map: analysis.LinearMap,
  { eigenvalues, eigenvectors }: { eigenvalues: Tensor; eigenvectors: Tensor },
): { residual: number; skew: number } {
  const k = eigenvalues.size;
  let residual = 0;
  for (let i = 0; i < k; i++) {
    const v = eigenvectors.select(1, i);
    residual = Math.max(
      residual,
      map(v)
        .sub(v.mul(eigenvalues.get(i)))
        .norm()
        .item(),
    );
  }
  const skew = eigenvectors.T.matmul(eigenvectors).sub(eye(k, double)).abs().max().item();
  return { residual, skew };
}

describe("eigenpairs", () => {
  const whiches = ["LA", "SA", "LM"] as const;

  test("are eigenpairs, the right ones, in order, also when the basis is far smaller than the space", () => {
    const problem = fc.record({
      n: fc.integer({ min: 1, max: 70 }),
      k: fc.integer({ min: 1, max: 4 }),
      which: fc.constantFrom(...whiches),
      extra: fc.integer({ min: 6, max: 20 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    fc.assert(
      fc.property(problem, ({ n, k, which, extra, seed }) => {
        const matrix = symmetric(n, seed);
        const map = (v: Tensor): Tensor => matrix.matmul(v);
        const wanted = Math.min(k, n);
        const basisSize = Math.min(n, wanted + extra);
        const found = analysis.eigenpairs(map, n, { k: wanted, which, basisSize });
        const all = Array.from(linalg.eigvalsh(matrix).data);
        const order = {
          LA: (a: number, b: number) => b - a,
          SA: (a: number, b: number) => a - b,
          LM: (a: number, b: number) => Math.abs(b) - Math.abs(a),
        }[which];
        const expected = all.toSorted(order).slice(0, wanted);
        expect(found.converged).toBe(true);
        const size = Math.max(...all.map(Math.abs));
        for (let i = 0; i < wanted; i++) {
          expect(Math.abs(found.eigenvalues.get(i).item() - expected[i]!)).toBeLessThan(1e-9 * size);
        }
        const { residual, skew } = misses(map, found);
        expect(residual).toBeLessThan(1e-8 * size);
        expect(skew).toBeLessThan(1e-12);
      }),
      { numRuns: 60 },
    );
  });

  test("restarts reach the end of a long crowded spectrum in bounded memory", () => {
    const n = 2000;
    const map = diagonalMap(spread(n));
    const found = analysis.eigenpairs(map, n, { k: 3, basisSize: 25 });
    expect(found.converged).toBe(true);
    for (let i = 0; i < 3; i++) expect(found.eigenvalues.get(i).item()).toBeCloseTo(Math.sqrt(n - i), 9);
    expect(misses(map, found).residual).toBeLessThan(1e-8);
    expect(found.products).toBeGreaterThan(25);
  });

  test("an eigenvalue that occurs three times is found three times", () => {
    const values = [...spread(300), 40, 40, 40, 35];
    const map = diagonalMap(values);
    const found = analysis.eigenpairs(map, values.length, { k: 4, basisSize: 30 });
    for (const [i, value] of [40, 40, 40, 35].entries()) {
      expect(found.eigenvalues.get(i).item()).toBeCloseTo(value, 8);
    }
    expect(misses(map, found).skew).toBeLessThan(1e-10);
    // The bounds hold, and they are no empty zeros.
    expect(Math.min(...found.residuals)).toBeGreaterThan(0);
    expect(misses(map, found).residual).toBeLessThan(Math.max(...found.residuals) + 1e-12);
  });

  test.each([
    ["the zero map", (v: Tensor) => v.mul(0), [0, 0]],
    ["the identity", (v: Tensor) => v.clone(), [1, 1]],
    ["a map that returns its argument itself", (v: Tensor) => v, [1, 1]],
    ["rank one", (v: Tensor) => v.mul(0).add(v.mean()), [1, 0]],
  ])("of %s in 5000 dimensions, in few products", (_, map, expected) => {
    const { map: counted, count } = counting(map);
    const found = analysis.eigenpairs(counted, 5000, { k: 2 });
    expect(found.eigenvalues.toArray()).toEqual(expected.map((value) => expect.closeTo(value, 10)));
    expect(misses(map, found).residual).toBeLessThan(1e-9);
    expect(count()).toBeLessThan(15);
  });

  test("with maxProducts returns the best so far and says that it is not there yet", () => {
    const n = 1000;
    const found = analysis.eigenpairs(diagonalMap(spread(n)), n, { maxProducts: 12 });
    expect(found).toMatchObject({ products: 12, converged: false });
    expect(found.eigenvalues.item()).toBeGreaterThan(28);
    expect(found.eigenvalues.item()).toBeLessThan(Math.sqrt(n));
    expect(found.residuals[0]!).toBeGreaterThan(1e-3);
    // The bound is honest: it is the residual itself.
    expect(misses(diagonalMap(spread(n)), found).residual).toBeCloseTo(found.residuals[0]!, 10);
  });

  test("without maxProducts it throws where an answer is out of reach", () => {
    const n = 200;
    const ask = () => analysis.eigenpairs(diagonalMap(spread(n)), n, { basisSize: 5, tolerance: 0 });
    expect(ask).toThrow(ConvergenceError);
    expect(ask).toThrow(/after 2000 products the residuals are up to .* Loosen the tolerance/);
  });

  test("the same bits at every run, other bits from another generator", () => {
    const map = diagonalMap(spread(500));
    const run = (seed: number) =>
      analysis.eigenpairs(map, 500, { basisSize: 12, generator: new Generator(seed) }).eigenvectors.toArray();
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  test("of a float32 model's Hessian agree with the whole Hessian", () => {
    const generator = new Generator(3);
    const model = new nn.Sequential(
      new nn.Linear(3, 12, { generator }),
      new nn.Tanh(),
      new nn.Linear(12, 2, { generator }),
    );
    const X = randn([40, 3], { generator });
    const Y = randn([40, 2], { generator });
    const { f, x } = analysis.ofModel(model, () => nn.functional.mseLoss(model.forward(X), Y));
    const all = linalg.eigvalsh(analysis.hessian(f, x)).data;
    const { eigenvalues } = analysis.eigenpairs(analysis.hessianProduct(f, x), x.size, {
      k: 3,
      basisSize: 20,
    });
    for (let i = 0; i < 3; i++) {
      expect(Math.abs(eigenvalues.get(i).item() - all[all.length - 1 - i]!)).toBeLessThan(1e-5);
    }
    expect(analysis.sharpness(f, x)).toBeCloseTo(all.at(-1)!, 5);
  });
});

describe("spectral density", () => {
  const area = ({ x, density }: analysis.SpectralDensity): number =>
    density.reduce((sum, value) => sum + value, 0) * (x[1]! - x[0]!);

  test("is nowhere negative and integrates to 1, whatever the map, the width of the bell and the grid", () => {
    const problem = fc.record({
      n: fc.integer({ min: 1, max: 30 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
      points: fc.integer({ min: 2, max: 300 }),
      sigma: fc.option(fc.double({ min: 1e-4, max: 10, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(problem, ({ n, seed, points, sigma }) => {
        const matrix = symmetric(n, seed);
        const found = analysis.spectralDensity((v) => matrix.matmul(v), n, {
          probes: 3,
          points,
          ...(sigma === undefined ? {} : { sigma }),
        });
        expect(found.x).toHaveLength(points);
        expect(Math.min(...found.density)).toBeGreaterThanOrEqual(0);
        expect(area(found)).toBeCloseTo(1, 7);
        expect(found.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      }),
      { numRuns: 40 },
    );
  });

  test("has the shares of the eigenvalues at their places", () => {
    // 300 numbers: half at −1, a third at 0, a sixth at 3.
    const values = Array.from({ length: 300 }, (_, i) => (i < 150 ? -1 : i < 250 ? 0 : 3));
    const found = analysis.spectralDensity(diagonalMap(values), 300, { probes: 40, sigma: 0.05 });
    const cell = found.x[1]! - found.x[0]!;
    const share = (from: number, to: number): number =>
      found.density.reduce(
        (sum, value, i) => (found.x[i]! > from && found.x[i]! < to ? sum + value * cell : sum),
        0,
      );
    expect(Math.abs(share(-1.5, -0.5) - 1 / 2)).toBeLessThan(0.02);
    expect(Math.abs(share(-0.5, 0.5) - 1 / 3)).toBeLessThan(0.02);
    expect(Math.abs(share(2, 4) - 1 / 6)).toBeLessThan(0.02);
    // Three different eigenvalues: each probe's space closes after three products.
    expect(found.products).toBe(120);
  });

  test("its moments are those of the spectrum: mean and mean square within the sampling error", () => {
    const n = 400;
    const values = spread(n);
    const { nodes, weights } = analysis.spectralDensity(diagonalMap(values), n, { steps: 20, probes: 50 });
    const moment = (p: number): number => nodes.reduce((sum, node, i) => sum + weights[i]! * node ** p, 0);
    const expected = (p: number): number => values.reduce((sum, value) => sum + value ** p, 0) / n;
    expect(Math.abs(moment(1) / expected(1) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(2) / expected(2) - 1)).toBeLessThan(0.03);
  });

  test("a range of one's own shows that part only", () => {
    const found = analysis.spectralDensity(diagonalMap([0, 0, 5, 5]), 4, {
      range: [-1, 1],
      probes: 200,
      sigma: 0.1,
    });
    expect(found.x[0]).toBeCloseTo(-1 + 1 / 256, 12);
    expect(Math.abs(area(found) - 0.5)).toBeLessThan(0.05);
  });

  test("the zero map is one bell at 0", () => {
    const found = analysis.spectralDensity((v) => v.mul(0), 6);
    expect(area(found)).toBeCloseTo(1, 7);
    expect(found.nodes.every((node) => node === 0)).toBe(true);
  });
});

describe("trace", () => {
  test("is exact, with as many samples as numbers", () => {
    const matrix = symmetric(20, 6);
    const found = analysis.trace((v) => matrix.matmul(v), 20);
    expect(found.trace).toBeCloseTo(matrix.diagonal().sum().item(), 12);
    expect(found).toMatchObject({ standardError: 0, products: 20 });
  });

  test("otherwise lies within a few standard errors, which shrink with the samples", () => {
    const matrix = symmetric(120, 7);
    const exact = matrix.diagonal().sum().item();
    const few = analysis.trace((v) => matrix.matmul(v), 120, { samples: 20 });
    const many = analysis.trace((v) => matrix.matmul(v), 120, { samples: 110 });
    for (const found of [few, many]) {
      expect(found.standardError).toBeGreaterThan(0);
      expect(Math.abs(found.trace - exact)).toBeLessThan(4 * found.standardError);
    }
    expect(many.standardError).toBeLessThan(few.standardError);
  });

  test("of a diagonal matrix is exact with any random signs", () => {
    expect(analysis.trace(diagonalMap(spread(50)), 50, { samples: 3 }).trace).toBeCloseTo(
      spread(50).reduce((sum, value) => sum + value, 0),
      10,
    );
  });
});

describe("wrong calls say what is wrong", () => {
  const untyped = (value: unknown) => value as never;
  const map = (v: Tensor): Tensor => v.mul(2);
  const calls: [string, () => unknown, EngineError["code"], RegExp][] = [
    ["no map", () => analysis.eigenpairs(untyped(eye(3)), 3), "value", /analysis\.eigenpairs: needs a function that multiplies a vector.*not a Tensor/],
    ["n of zero", () => analysis.eigenpairs(map, 0), "option", /n must be a whole number ≥ 1.*not 0/],
    ["k above n", () => analysis.eigenpairs(map, 3, { k: 4 }), "option", /k must be a whole number ≥ 1 ≤ 3, not 4/],
    ["smallest in size", () => analysis.eigenpairs(map, 3, untyped({ which: "SM" })), "option", /which must be "LA" \(largest\).*not "SM"/],
    ["a basis that is too small", () => analysis.eigenpairs(map, 50, { k: 5, basisSize: 5 }), "option", /basisSize must be a whole number ≥ 7, not 5/],
    ["an unknown option", () => analysis.extremeEigenvalues(map, 3, untyped({ max_products: 3 })), "option", /extremeEigenvalues: unknown option max_products\. Did you mean maxProducts\?/],
    ["a tolerance that is NaN", () => analysis.extremeEigenpairs(map, 3, { tolerance: Number.NaN }), "option", /extremeEigenpairs: tolerance must be a number ≥ 0, not NaN/],
    ["a generator that is a seed", () => analysis.eigenpairs(map, 3, { generator: untyped(1) }), "option", /generator must be a Generator \(new Generator\(1\)\), not 1/],
    ["a map that returns an array", () => analysis.eigenpairs(untyped(() => [1]), 1), "value", /the linear map must return a tensor, not an array/],
    ["a map that changes the size", () => analysis.eigenpairs((v) => v.slice(1), 4), "shape", /must give 4 numbers for 4 numbers, not \(3,\)/],
    ["a map that gives NaN", () => analysis.extremeEigenvalues((v) => v.mul(Number.NaN), 4), "convergence", /products contain NaN/],
    ["power iteration into NaN", () => analysis.powerIteration((v) => v.div(0), 4), "convergence", /powerIteration: the products contain NaN or Infinity/],
    ["power iteration without products", () => analysis.powerIteration(map, 4, { maxProducts: 0 }), "option", /maxProducts must be a whole number ≥ 1, not 0/],
    ["a density without probes", () => analysis.spectralDensity(map, 4, { probes: 0 }), "option", /probes must be a whole number ≥ 1/],
    ["a density with sigma 0", () => analysis.spectralDensity(map, 4, { sigma: 0 }), "option", /sigma must be a number/],
    ["a density over no range", () => analysis.spectralDensity(map, 4, { range: [1, 1] }), "option", /range must be a range \[min, max\]/],
    ["a density of NaN", () => analysis.spectralDensity((v) => v.mul(Number.NaN), 4), "convergence", /spectralDensity: the products contain NaN/],
    ["a trace of one sample", () => analysis.trace(map, 40, { samples: 1 }), "option", /samples must be a whole number ≥ 2/],
    ["a trace of NaN", () => analysis.trace((v) => v.mul(Number.NaN), 4), "convergence", /trace: the products contain NaN/],
  ]; // prettier-ignore

  test.each(calls)("%s", (_, call, code, message) => {
    const error = (() => {
      try {
        return call();
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).message).toMatch(message);
    expect((error as EngineError).code).toBe(code);
  });
});
