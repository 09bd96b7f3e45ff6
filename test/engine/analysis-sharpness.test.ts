// Sharpness by its several definitions, and the noise of mini-batch gradients: known values, laws, and what lessons claim.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EngineError,
  Generator,
  type Tensor,
  analysis,
  linalg,
  nn,
  randn,
  tensor,
} from "../../src/engine/index.ts";

const double = { dtype: "float64" } as const;

/** ½·x·A·x with a random symmetric A. */
function quadratic(n: number, seed: number): { f: (x: Tensor) => Tensor; matrix: Tensor } {
  const a = randn([n, n], { ...double, generator: new Generator(seed) });
  const matrix = a.add(a.T).div(2);
  return { matrix, f: (x) => x.matmul(matrix).dot(x).div(2) };
}

describe("sharpness", () => {
  test("is the largest eigenvalue of the Hessian", () => {
    const { f, matrix } = quadratic(30, 3);
    const values = linalg.eigvalsh(matrix).data;
    expect(analysis.sharpness(f, tensor(Array.from({ length: 30 }, () => 1), double))).toBeCloseTo(values[29]!, 7); // prettier-ignore
  });

  test("of the two-weight network along its valley w₁w₂ = 1 is 2(w₁² + 1/w₁²): 4, 8.5, 32.1, 200", () => {
    const f = (w: Tensor) => w.get(0).mul(w.get(1)).neg().add(1).square();
    for (const w of [1, 2, 4, 10]) {
      const exact = 2 * (w * w + 1 / (w * w));
      expect(analysis.sharpness(f, tensor([w, 1 / w], double))).toBeCloseTo(exact, 9);
    }
  });

  test("grows without bound while a rescaled ReLU network stays the same function (Dinh et al.)", () => {
    const generator = new Generator(1);
    const X = randn([16, 2], { ...double, generator });
    const Y = randn([16, 1], { ...double, generator });
    const first = randn([4, 2], { ...double, generator });
    const second = randn([1, 4], { ...double, generator });
    const found = [1, 10].map((alpha) => {
      const model = new nn.Sequential(
        new nn.Linear(2, 4, { ...double, bias: false }),
        new nn.ReLU(),
        new nn.Linear(4, 1, { ...double, bias: false }),
      );
      model.loadStateDict({ "0.weight": first.mul(alpha), "2.weight": second.div(alpha) });
      const loss = () => nn.functional.mseLoss(model.forward(X), Y);
      const { f, x } = analysis.ofModel(model, loss);
      return { loss: loss().item(), sharpness: analysis.sharpness(f, x) };
    });
    expect(found[1]!.loss).toBeCloseTo(found[0]!.loss, 10);
    expect(found[1]!.sharpness).toBeGreaterThan(20 * found[0]!.sharpness);
  });
});

describe("the edge of stability", () => {
  test("is 2/lr, higher with momentum, and the two numbers can change places", () => {
    expect(analysis.stabilityThreshold(0.1)).toBeCloseTo(20, 12);
    expect(analysis.stabilityThreshold(0.1, { momentum: 0.9 })).toBeCloseTo(38, 12);
    expect(analysis.stabilityThreshold(0.1, { momentum: 0.9, nesterov: true })).toBeCloseTo(38 / 2.8, 12);
    expect(analysis.stabilityThreshold(analysis.stabilityThreshold(0.03))).toBeCloseTo(0.03, 12);
  });

  const rules = fc.record({
    lr: fc.double({ min: 0.01, max: 1, noNaN: true }),
    momentum: fc.double({ min: 0, max: 0.95, noNaN: true }),
    nesterov: fc.boolean(),
  });

  test("divides the curvatures on which the optimiser settles from those on which it diverges", () => {
    fc.assert(
      fc.property(rules, ({ lr, momentum, nesterov }) => {
        const threshold = analysis.stabilityThreshold(lr, { momentum, nesterov });
        // The optimiser's own update on ½hw², in plain numbers.
        const end = (curvature: number): number => {
          let [w, buffer] = [1, 0];
          for (let step = 0; step < 4000 && Math.abs(w) < 1e6; step++) {
            const slope = curvature * w;
            buffer = momentum * buffer + slope;
            w -= lr * (nesterov ? slope + momentum * buffer : buffer);
          }
          return Math.abs(w);
        };
        expect(end(0.98 * threshold)).toBeLessThan(1);
        expect(end(1.02 * threshold)).toBeGreaterThan(1e3);
      }),
      { numRuns: 40 },
    );
  });
});

describe("the worst loss nearby", () => {
  test("SAM's first step on a slope is rho times the slope's length", () => {
    const slope = tensor([3, 4], double);
    const found = analysis.samSharpness((x) => x.dot(slope), tensor([1, 1], double), { rho: 0.1 });
    expect(found.increase).toBeCloseTo(0.5, 12);
    expect(found.loss).toBeCloseTo(7.5, 12);
    expect(found.perturbation.toArray()).toEqual([expect.closeTo(0.06, 12), expect.closeTo(0.08, 12)]);
  });

  test("more steps reach the true maximum over a ball on quadratics, from inside it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
        const { matrix } = quadratic(n, seed);
        // A positive definite bowl around its minimum: the maximum is λ/2·rho² along the top eigenvector.
        const bowl = matrix.matmul(matrix);
        const top = linalg.eigvalsh(bowl).data[n - 1]!;
        const f = (x: Tensor) => x.matmul(bowl).dot(x).div(2);
        const centre = bowl.select(0, 0).mul(0);
        const options = { rho: 0.2, steps: 200, restarts: 5 };
        const found = analysis.samSharpness(f, centre, options);
        expect(found.perturbation.norm().item()).toBeLessThanOrEqual(0.2 * (1 + 1e-12));
        expect(found.increase).toBeLessThanOrEqual((top / 2) * 0.04 * (1 + 1e-9));
        expect(found.increase).toBeGreaterThan((top / 2) * 0.04 * 0.97);
        expect(f(centre.add(found.perturbation)).item()).toBeCloseTo(found.loss, 12);
      }),
      { numRuns: 25 },
    );
  });

  test("at a maximum nothing is higher", () => {
    const found = analysis.samSharpness((x) => x.square().sum().neg().add(3), tensor([0, 0], double), {
      steps: 5,
    });
    expect(found).toMatchObject({ loss: 3, increase: 0 });
    expect(found.perturbation.toArray()).toEqual([0, 0]);
  });

  test("Keskar's ε-sharpness of a slope is that of the box's corner", () => {
    const slope = tensor([3, -4], double);
    const f = (x: Tensor) => x.dot(slope).add(10);
    const found = analysis.epsilonSharpness(f, tensor([1, 0], double), { epsilon: 0.01 });
    // Half-widths 0.01·(|x| + 1) = 0.02 and 0.01.
    expect(found.perturbation.toArray()).toEqual([expect.closeTo(0.02, 12), expect.closeTo(-0.01, 12)]);
    expect(found.increase).toBeCloseTo(0.1, 12);
    expect(found.sharpness).toBeCloseTo((100 * 0.1) / 14, 10);
  });

  test("the sharp minimum of two is the sharper one by every measure", () => {
    const sharp = (x: Tensor) => x.square().sum().mul(50);
    const flat = (x: Tensor) => x.square().sum().mul(0.5);
    const at = tensor([0, 0, 0], double);
    expect(analysis.sharpness(sharp, at)).toBeGreaterThan(analysis.sharpness(flat, at));
    expect(analysis.samSharpness(sharp, at).increase).toBeGreaterThan(
      analysis.samSharpness(flat, at).increase,
    );
    expect(analysis.epsilonSharpness(sharp, at).sharpness).toBeGreaterThan(
      analysis.epsilonSharpness(flat, at).sharpness,
    );
    expect(analysis.averageSharpness(sharp, at).increase).toBeGreaterThan(
      analysis.averageSharpness(flat, at).increase,
    );
  });
});

describe("average sharpness", () => {
  test("of a quadratic is σ²/2 times the trace, whatever the slope", () => {
    const { f, matrix } = quadratic(12, 9);
    const slope = randn([12], { ...double, generator: new Generator(2) }).mul(100);
    const tilted = (x: Tensor) => f(x).add(x.dot(slope));
    const at = randn([12], { ...double, generator: new Generator(3) });
    const found = analysis.averageSharpness(tilted, at, { sigma: 0.1, samples: 400 });
    const exact = 0.005 * matrix.diagonal().sum().item();
    expect(Math.abs(found.increase - exact)).toBeLessThan(4 * found.standardError);
    // The slope of 100 would drown it if it did not cancel.
    expect(found.standardError).toBeLessThan(0.01);
  });

  test("with relative noise a weight of zero stands still", () => {
    const f = (x: Tensor) =>
      x
        .square()
        .mul(tensor([1, 1000], double))
        .sum();
    const found = analysis.averageSharpness(f, tensor([2, 0], double), {
      sigma: 0.1,
      relative: true,
      samples: 500,
    });
    expect(Math.abs(found.increase - 0.04)).toBeLessThan(4 * found.standardError);
  });
});

describe("gradient noise", () => {
  // Least squares w·x: the gradient of example i is 2(w·xᵢ − yᵢ)xᵢ.
  const generator = new Generator(7);
  const N = 40;
  const X = randn([N, 3], { ...double, generator });
  const Y = randn([N], { ...double, generator });
  const w = tensor([0.5, -1, 2], double);
  const loss = (at: Tensor, i: number) => X.select(0, i).dot(at).sub(Y.get(i)).square();
  const slopes = Array.from(
    { length: N },
    (_, i) => analysis.gradient((at) => loss(at, i), w).toArray() as number[],
  );

  test("mean and variance are those of the examples' gradients", () => {
    const found = analysis.gradientNoise(loss, w, { examples: N });
    const gradients = tensor(slopes, double);
    const mean = gradients.mean(0);
    const variances = gradients.var(0);
    expect(found.gradient.sub(mean).abs().max().item()).toBeLessThan(1e-12);
    expect(found.variances.sub(variances).abs().max().item()).toBeLessThan(1e-12);
    expect(found.variance).toBeCloseTo(variances.sum().item(), 10);
    expect(found.gradientNorm).toBeCloseTo(mean.norm().item(), 12);
    expect(found.noiseScale).toBeCloseTo(variances.sum().item() / mean.square().sum().item(), 10);
  });

  test("batchStd is the error of mini-batches, exactly: over all batches of two, with and without replacement", () => {
    const few = 6;
    const mean = tensor(slopes.slice(0, few), double).mean(0);
    const meanSquare = (pairs: [number, number][]): number =>
      pairs.reduce((sum, [i, j]) => {
        const batch = tensor([slopes[i]!, slopes[j]!], double).mean(0);
        return sum + batch.sub(mean).square().sum().item();
      }, 0) / pairs.length;
    const all = Array.from({ length: few * few }, (_, k): [number, number] => [Math.floor(k / few), k % few]);
    for (const replacement of [true, false]) {
      const pairs = replacement ? all : all.filter(([i, j]) => i !== j);
      const { batchStd } = analysis.gradientNoise(loss, w, { examples: few, batchSize: 2, replacement });
      expect(batchStd * batchStd).toBeCloseTo(meanSquare(pairs), 10);
    }
    expect(analysis.gradientNoise(loss, w, { examples: few, batchSize: few }).batchStd).toBe(0);
  });

  test("of a model, by the number of the example", () => {
    const model = new nn.Linear(3, 1, { ...double, bias: false });
    model.loadStateDict({ weight: w.reshape([1, 3]) });
    const { f, x } = analysis.ofModel(model, (i: number) =>
      nn.functional.mseLoss(model.forward(X.slice(i, i + 1)), Y.slice(i, i + 1).reshape([1, 1])),
    );
    const found = analysis.gradientNoise(f, x, { examples: N });
    expect(found.variance).toBeCloseTo(analysis.gradientNoise(loss, w, { examples: N }).variance, 9);
    expect(found.gradient.shape).toEqual([3]);
  });

  test("examples that agree make no noise; a zero gradient with noise has an infinite scale", () => {
    const same = analysis.gradientNoise((at) => at.square().sum(), w, { examples: 5 });
    expect(same).toMatchObject({ variance: 0, noiseScale: 0, batchStd: 0 });
    const opposed = analysis.gradientNoise((at, i) => at.sum().mul(i === 0 ? 1 : -1), w, { examples: 2 });
    expect(opposed.gradientNorm).toBe(0);
    expect(opposed.noiseScale).toBe(Infinity);
  });

  test("chosen examples only", () => {
    const found = analysis.gradientNoise(loss, w, { examples: [3, 5, 8] });
    const mean = tensor([slopes[3]!, slopes[5]!, slopes[8]!], double).mean(0);
    expect(found.gradient.sub(mean).abs().max().item()).toBeLessThan(1e-12);
  });
});

describe("wrong calls say what is wrong", () => {
  const untyped = (value: unknown) => value as never;
  const f = (x: Tensor) => x.square().sum();
  const at = tensor([1, 2]);
  const loss = (x: Tensor, i: number) => x.sum().mul(i + 1);
  const calls: [string, () => unknown, EngineError["code"], RegExp][] = [
    ["sharpness of no function", () => analysis.sharpness(untyped(at), at), "value", /needs a function of a tensor.*not a Tensor/],
    ["sharpness with an unknown option", () => analysis.sharpness(f, at, untyped({ k: 2 })), "option", /analysis\.sharpness: unknown option k/],
    ["a learning rate of zero", () => analysis.stabilityThreshold(0), "option", /analysis\.stabilityThreshold: lr must be a number/],
    ["a momentum of one", () => analysis.stabilityThreshold(0.1, { momentum: 1 }), "option", /momentum must be a number ≥ 0 < 1, not 1/],
    ["a radius of NaN", () => analysis.samSharpness(f, at, { rho: Number.NaN }), "option", /analysis\.samSharpness: rho must be a number/],
    ["no steps", () => analysis.samSharpness(f, at, { steps: 0 }), "option", /steps must be a whole number ≥ 1, not 0/],
    ["an epsilon under another name", () => analysis.epsilonSharpness(f, at, untyped({ rho: 1 })), "option", /analysis\.epsilonSharpness: unknown option rho\. It knows epsilon/],
    ["a flag that is text", () => analysis.averageSharpness(f, at, untyped({ relative: "yes" })), "option", /relative must be true or false, not "yes"/],
    ["one sample", () => analysis.averageSharpness(f, at, { samples: 1 }), "option", /samples must be a whole number ≥ 2/],
    ["a loss that is not finite", () => analysis.averageSharpness((x) => x.sum().div(0), at), "value", /f is Infinity at the point itself/],
    ["noise without examples", () => analysis.gradientNoise(loss, at, untyped({})), "option", /analysis\.gradientNoise: examples must be a whole number ≥ 2.*not undefined/],
    ["noise of one example", () => analysis.gradientNoise(loss, at, { examples: [0] }), "option", /examples must name at least two, not 1/],
    ["examples by halves", () => analysis.gradientNoise(loss, at, { examples: [0, 1.5] }), "option", /an example's number must be a whole number ≥ 0, not 1\.5/],
    ["a batch larger than the set", () => analysis.gradientNoise(loss, at, { examples: 4, batchSize: 5 }), "option", /batchSize must be a whole number ≥ 1 ≤ 4, not 5/],
    ["gradients that are not finite", () => analysis.gradientNoise((x, i) => x.sum().div(i), at, { examples: 3 }), "value", /the gradients of the examples contain NaN or Infinity/],
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
