// The search for critical points finds those of known functions, says of which kind they are, and says so when it ends
// somewhere else.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EngineError,
  Generator,
  Tensor,
  analysis,
  autograd,
  linalg,
  linspace,
  nn,
  noGrad,
  randn,
  tensor,
} from "../../src/engine/index.ts";

const double = { dtype: "float64" } as const;
const at = (...values: number[]): Tensor => tensor(values, double);

/** The two-weight network (1 − w₁w₂)². */
const twoWeights = (w: Tensor) => w.get(0).mul(w.get(1)).neg().add(1).square();
const waves = (w: Tensor) => w.get(0).sin().add(w.get(1).cos());

describe("finds", () => {
  test.each([
    ["a saddle", twoWeights, at(0.3, -0.2), "saddle", [0, 0], [-2, 2]],
    ["a saddle of waves", waves, at(1.2, 2.7), "saddle", [Math.PI / 2, Math.PI], [-1, 1]],
    ["a maximum of waves", waves, at(1.2, 0.4), "maximum", [Math.PI / 2, 0], [-1, -1]],
    ["a minimum of waves", waves, at(-1.4, 3.5), "minimum", [-Math.PI / 2, Math.PI], [1, 1]],
    ["a minimum where the curvature is zero", (w: Tensor) => w.pow(4).sum(), at(1), "minimum", [0], [0]],
  ] as const)("%s, whichever way is down", (_, f, start, kind, point, eigenvalues) => {
    const found = analysis.findCriticalPoint(f, start);
    expect(found.outcome).toBe("critical");
    expect(found.kind).toBe(kind);
    expect(found.gradientNorm).toBeLessThanOrEqual(1e-9);
    for (const [i, value] of point.entries()) expect(found.point.get(i).item()).toBeCloseTo(value, 3);
    for (const [i, value] of eigenvalues.entries()) expect(found.eigenvalues[i]!).toBeCloseTo(value, 5);
    expect(found.minimumRatio).toBe(eigenvalues.filter((value) => value >= 0).length / eigenvalues.length);
    expect(found.loss).toBeCloseTo(f(found.point).item(), 12);
    expect(found.gradientNorms.at(-1)).toBe(found.gradientNorm);
  });

  test("the critical point of any quadratic in a handful of steps, and its inertia", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
        const generator = new Generator(seed);
        const a = randn([n, n], { ...double, generator });
        const matrix = a.add(a.T);
        const centre = randn([n], { ...double, generator });
        const f = (x: Tensor) => x.sub(centre).matmul(matrix).matmul(x.sub(centre)).div(2);
        const found = analysis.findCriticalPoint(f, randn([n], { ...double, generator }));
        const eigenvalues = linalg.eigvalsh(matrix).data;
        expect(found.outcome).toBe("critical");
        // The distance is at most ‖g‖ over the smallest |λ|.
        const smallest = Math.min(...Array.from(eigenvalues, Math.abs));
        expect(found.point.sub(centre).norm().item()).toBeLessThan((1.1e-9 / smallest) * (1 + 1e-6) + 1e-12);
        expect(found.minimumRatio).toBe(eigenvalues.filter((value) => value > 0).length / n);
        expect(found.gradientNorms.length).toBeLessThan(30);
      }),
      { numRuns: 25 },
    );
  });

  test("from Hessian-vector products alone, in a basis far smaller than the space", () => {
    const n = 800;
    const curvatures = tensor(
      Array.from({ length: n }, (_, i) => (i % 4 === 0 ? -1 : 1) * (1 + (i % 7))),
      double,
    );
    const f = (x: Tensor) => x.square().mul(curvatures).sum().div(2).add(x.pow(4).sum().mul(0.01));
    const start = randn([n], { ...double, generator: new Generator(1) }).mul(0.3);
    const found = analysis.findCriticalPoint(f, start, { basisSize: 12 });
    expect(found.outcome).toBe("critical");
    expect(found.kind).toBe("saddle");
    // For so many numbers the two ends stand for all eigenvalues, and the share of positive ones is estimated.
    expect(found.eigenvalues).toHaveLength(2);
    expect(found.eigenvalues[0]!).toBeLessThan(-6.9);
    expect(found.eigenvalues[1]!).toBeGreaterThan(6.9);
    expect(Math.abs(found.minimumRatio - 0.75)).toBeLessThan(0.05);
  });

  test("a saddle in float32 with float32's accuracy", () => {
    const found = analysis.findCriticalPoint(twoWeights, tensor([0.3, -0.2]));
    expect(found).toMatchObject({ outcome: "critical", kind: "saddle" });
    expect(found.point.dtype).toBe("float32");
    expect(found.gradientNorm).toBeLessThan(1e-5);
  });

  test("a start that is critical already stays", () => {
    const found = analysis.findCriticalPoint(twoWeights, at(0, 0));
    expect(found).toMatchObject({ outcome: "critical", kind: "saddle", gradientNorm: 0, products: 0 });
    expect(found.point.toArray()).toEqual([0, 0]);
  });

  test("the start is left alone, in the shape it has", () => {
    const start = tensor([[0.3], [-0.2]], double);
    const found = analysis.findCriticalPoint((w) => twoWeights(w.reshape([2])), start);
    expect(found.point.shape).toEqual([2, 1]);
    expect(start.toArray()).toEqual([[0.3], [-0.2]]);
  });
});

describe("does not call critical what is not", () => {
  test("a gradient of 1 that no step shortens: x³/3 + x at 0", () => {
    const found = analysis.findCriticalPoint((x) => x.pow(3).div(3).add(x).sum(), at(1));
    expect(found.outcome).toBe("gradient-flat");
    expect(found.kind).toBe("not critical");
    expect(found.point.item()).toBeCloseTo(0, 6);
    expect(found.gradientNorm).toBeCloseTo(1, 9);
  });

  test("a gradient in the kernel of the Hessian: x²y + y at (0, y)", () => {
    const f = (w: Tensor) => w.get(0).square().mul(w.get(1)).add(w.get(1));
    const found = analysis.findCriticalPoint(f, at(1, 0.4));
    expect(found).toMatchObject({ outcome: "gradient-flat", kind: "not critical" });
    expect(found.gradientNorm).toBeCloseTo(1, 9);
    expect(found.flatness).toBeLessThan(1e-3);
  });

  test("a slope without any bend", () => {
    const found = analysis.findCriticalPoint((x) => x.mul(2).sum(), at(1, 2));
    expect(found).toMatchObject({ outcome: "gradient-flat", kind: "not critical", flatness: 0 });
  });

  test("a gradient that vanishes only at infinity: e⁻ˣ", () => {
    const found = analysis.findCriticalPoint((x) => x.neg().exp().sum(), at(1));
    expect(found).toMatchObject({ outcome: "not converged", kind: "not critical" });
    expect(found.gradientNorm).toBeLessThan(1e-9);
    expect(found.newtonStep).toBeCloseTo(1, 6);
  });

  test("a search cut short", () => {
    const found = analysis.findCriticalPoint(waves, at(0.9, 2.2), { maxSteps: 1 });
    expect(found).toMatchObject({ outcome: "not converged", kind: "not critical" });
    expect(found.gradientNorms).toHaveLength(2);
  });

  test("of many searches in a small network's surface: each verdict holds against an independent check", () => {
    const x = linspace(-2, 2, 24, double);
    const y = x.mul(2.2).sin().add(x.mul(0.3));
    const loss = (p: Tensor) =>
      x.reshape([-1, 1]).mul(p.slice(1, 2)).add(p.slice(2, 3)).tanh().matmul(p.slice(0, 1)).add(p.get(3)).sub(y).square().mean(); // prettier-ignore
    const generator = new Generator(1);
    const searches = Array.from({ length: 12 }, () =>
      analysis.findCriticalPoint(loss, randn([4], { ...double, generator }).mul(1.5)),
    );
    const ended = (outcome: string) => searches.filter((search) => search.outcome === outcome);
    // Both happen, as the chapter on critical points reports.
    expect(ended("critical").length).toBeGreaterThan(5);
    expect(ended("gradient-flat").length).toBeGreaterThan(0);
    for (const { point, kind } of ended("critical")) {
      expect(analysis.gradientNorm(loss, point)).toBeLessThanOrEqual(1e-9);
      expect(kind).toBe(analysis.classifyCriticalPoint(loss, point).kind);
    }
    for (const { point, kind, eigenvalues, flatness } of ended("gradient-flat")) {
      const slope = analysis.gradient(loss, point);
      const product = analysis.hvp(loss, point, slope).norm().item();
      const size = Math.max(...eigenvalues.map(Math.abs));
      expect(kind).toBe("not critical");
      expect(slope.norm().item()).toBeGreaterThan(1e-9);
      expect(product / (size * slope.norm().item())).toBeCloseTo(flatness, 6);
    }
  }, 30_000);
});

test("a model's function is as good as any: the saddle where all weights are zero", () => {
  const model = new nn.Sequential(new nn.Linear(1, 3, double), new nn.Tanh(), new nn.Linear(3, 1, double));
  const X = linspace(-1, 1, 9, double).reshape([-1, 1]);
  const { f, x } = analysis.ofModel(model, () => nn.functional.mseLoss(model.forward(X), X.mul(0.7)));
  const start = randn([x.size], { ...double, generator: new Generator(2) }).mul(0.01);
  const before = model.parameters().map((parameter) => parameter.toArray());
  const found = analysis.findCriticalPoint(f, start);
  expect(found.outcome).toBe("critical");
  expect(found.eigenvalues[0]!).toBeLessThan(-0.1);
  expect(found.kind).toBe("saddle");
  expect(model.parameters().map((parameter) => parameter.toArray())).toEqual(before);
});

describe("functions of a model", () => {
  const generator = new Generator(5);
  const model = new nn.Sequential(
    new nn.Linear(2, 4, { ...double, generator }),
    new nn.Tanh(),
    new nn.Linear(4, 1, { ...double, generator }),
  );
  const X = randn([12, 2], { ...double, generator });
  const Y = randn([12, 1], { ...double, generator });

  test("gradient, Hessian and products agree with those of the plain function of the vector", () => {
    const { f, x } = analysis.ofModel(model, () => nn.functional.mseLoss(model.forward(X), Y));
    // A wrapper is a function that the engine knows nothing about.
    const plain = (vector: Tensor) => f(vector);
    expect(analysis.gradient(f, x).toArray()).toEqual(analysis.gradient(plain, x).toArray());
    expect(analysis.hessian(f, x).sub(analysis.hessian(plain, x)).abs().max().item()).toBeLessThan(1e-14);
    const elsewhere = x.mul(0.5).add(0.1);
    expect(analysis.gradient(f, elsewhere).toArray()).toEqual(analysis.gradient(plain, elsewhere).toArray());
  });

  test("a penalty on model.parameters() counts", () => {
    const penalty = (): Tensor =>
      model.parameters().reduce((sum, p) => sum.add(p.square().sum()), Tensor.full([], 0, "float64"));
    const { f, x } = analysis.ofModel(model, penalty);
    expect(f(x).item()).toBeCloseTo(x.square().sum().item(), 12);
    expect(analysis.gradient(f, x).sub(x.mul(2)).abs().max().item()).toBeLessThan(1e-14);
    expect(analysis.trace(analysis.hessianProduct(f, x), x.size).trace).toBeCloseTo(2 * x.size, 10);
  });

  test("parameters that the loss does not use have a gradient of zero", () => {
    const { f, x } = analysis.ofModel(model, () => model.parameters()[0]!.square().sum());
    const slope = analysis.gradient(f, x);
    expect(slope.slice(0, 8).toArray()).toEqual(x.slice(0, 8).mul(2).toArray());
    expect(slope.slice(8).abs().max().item()).toBe(0);
    expect(analysis.hvp(f, x, x).slice(8).abs().max().item()).toBe(0);
  });

  test("a loss that is linear in some weights and bent in others", () => {
    const { f, x } = analysis.ofModel(model, () => {
      const [first, second] = model.parameters();
      return first!.square().sum().add(second!.sum());
    });
    expect(analysis.hvp(f, x, x).slice(0, 8).toArray()).toEqual(x.slice(0, 8).mul(2).toArray());
    expect(analysis.hvp(f, x, x).slice(8).abs().max().item()).toBe(0);
  });

  test("derivatives are there inside noGrad too", () => {
    const { f, x } = analysis.ofModel(model, () => nn.functional.mseLoss(model.forward(X), Y));
    const plain = (vector: Tensor) => f(vector);
    for (const g of [f, plain]) {
      expect(noGrad(() => analysis.hvp(g, x, x)).toArray()).toEqual(analysis.hvp(g, x, x).toArray());
    }
  });

  test("further arguments of f reach the loss", () => {
    const { f, x } = analysis.ofModel(model, (i: number) =>
      nn.functional.mseLoss(model.forward(X.slice(i, i + 1)), Y.slice(i, i + 1)),
    );
    expect(f(x, 3).item()).toBe(model.forward(X.slice(3, 4)).sub(Y.slice(3, 4)).square().item());
  });

  test("buffers that a forward pass changes are put back", () => {
    class Counter extends nn.Module {
      layer = new nn.Linear(2, 1, double);
      constructor() {
        super();
        this.registerBuffer("replaced", tensor([0], double));
        this.registerBuffer("overwritten", tensor([0], double));
      }
      override forward(x: Tensor): Tensor {
        this.setBuffer("replaced", this.buffer("replaced").add(1));
        this.buffer("overwritten").add_(1);
        return this.layer.forward(x);
      }
    }
    const counter = new nn.Sequential(new Counter());
    const { f, x } = analysis.ofModel(counter, () => nn.functional.mseLoss(counter.forward(X), Y));
    f(x);
    analysis.gradient(f, x);
    const state = counter.stateDict();
    expect(state["0.replaced"]!.toArray()).toEqual([0]);
    expect(state["0.overwritten"]!.toArray()).toEqual([0]);
  });

  test("gradients flow through the vector itself as well", () => {
    const { f, x } = analysis.ofModel(model, () => nn.functional.mseLoss(model.forward(X), Y));
    const leaf = x.clone().requiresGrad_();
    const [slope] = autograd.grad(f(leaf.mul(2)), [leaf]);
    expect(
      slope!
        .sub(analysis.gradient(f, x.mul(2)).mul(2))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-14);
  });
});

describe("wrong calls say what is wrong", () => {
  const untyped = (value: unknown) => value as never;
  const model = new nn.Sequential(new nn.Linear(2, 1));
  const calls: [string, () => unknown, EngineError["code"], RegExp][] = [
    ["no function", () => analysis.findCriticalPoint(untyped(3), at(1)), "value", /analysis\.findCriticalPoint: needs a function of a tensor.*not 3/],
    ["no start", () => analysis.findCriticalPoint(twoWeights, untyped([1, 2])), "value", /the point must be a tensor, not an array of length 2.*tensor\(/],
    ["an empty start", () => analysis.findCriticalPoint(twoWeights, tensor([])), "shape", /the point \(0,\) holds no numbers/],
    ["a function with two results", () => analysis.findCriticalPoint((x) => x, at(1, 2)), "shape", /must return one number, not a tensor of shape \(2,\)/],
    ["a function without a gradient", () => analysis.findCriticalPoint((x) => x.detach().sum(), at(1, 2)), "gradient", /does not depend on its argument/],
    ["a start that is not finite", () => analysis.findCriticalPoint((x) => x.log().sum(), at(0)), "value", /not finite at the start/],
    ["an option of NaN", () => analysis.findCriticalPoint(twoWeights, at(1, 2), { gradientTolerance: Number.NaN }), "option", /gradientTolerance must be a number ≥ 0, not NaN/],
    ["an unknown option", () => analysis.findCriticalPoint(twoWeights, at(1, 2), untyped({ max_steps: 3 })), "option", /unknown option max_steps\. Did you mean maxSteps\?/],
    ["an answer that is no boolean", () => analysis.findCriticalPoint(twoWeights, at(1, 2), untyped({ allEigenvalues: 1 })), "option", /allEigenvalues must be true or false, not 1/],
    ["a vector of another size", () => analysis.hvp(twoWeights, at(1, 2), at(1)), "shape", /analysis\.hvp: the vector \(1,\) must have as many numbers as the point \(2,\)/],
    ["a vector that is an array", () => analysis.hvp(twoWeights, at(1, 2), untyped([1, 2])), "value", /analysis\.hvp: the vector must be a tensor, not an array/],
    ["no model", () => analysis.ofModel(untyped({}), () => at(1)), "value", /analysis\.ofModel: needs a model.*not an object/],
    ["a model without parameters", () => analysis.ofModel(new nn.Tanh(), () => at(1)), "value", /the model has no parameters/],
    ["no loss", () => analysis.ofModel(model, untyped(at(1))), "value", /the loss must be a function.*not a Tensor/],
    ["a vector that does not fit the model", () => analysis.ofModel(model, () => at(1)).f(at(1)), "shape", /the model has 3 parameters, the vector has shape \(1,\)/],
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
