// Surfaces, lines and directions: the quick way gives what the long way gives, directions have the lengths they promise,
// projections invert combinations, and the model is left as it was.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EngineError,
  Generator,
  type Tensor,
  analysis,
  nn,
  optim,
  randint,
  randn,
  tensor,
  zeros,
} from "../../src/engine/index.ts";

const double = { dtype: "float64" } as const;
type Options = { dtype?: "float32" | "float64"; generator: Generator };

/** Hides a model from whoever takes models apart. */
class Wrapped extends nn.Module {
  readonly inner: nn.Module;
  constructor(inner: nn.Module) {
    super();
    this.inner = inner;
  }
  override forward(x: Tensor): Tensor {
    return this.inner.forward(x);
  }
}

const models: [string, (options: Options) => nn.Module, inputShape: number[]][] = [
  ["an MLP", (o) => new nn.Sequential(new nn.Linear(6, 5, o), new nn.Tanh(), new nn.Linear(5, 3, o)), [7, 6]],
  ["an MLP after Flatten", (o) => new nn.Sequential(new nn.Flatten(), new nn.Linear(6, 5, o), new nn.ReLU(), new nn.Linear(5, 3, o)), [7, 2, 3]],
  ["an MLP without biases", (o) => new nn.Sequential(new nn.Linear(6, 5, { ...o, bias: false }), new nn.ReLU(), new nn.Linear(5, 3, o)), [7, 6]],
  ["a nest of Sequentials", (o) => new nn.Sequential(new nn.Sequential(new nn.Linear(6, 4, o), new nn.SiLU()), new nn.Sequential(new nn.Linear(4, 3, o))), [7, 6]],
  ["a linear model", (o) => new nn.Sequential(new nn.Linear(6, 3, o)), [7, 6]],
  ["a linear model and activations only", (o) => new nn.Sequential(new nn.Linear(6, 3, o), new nn.Identity()), [7, 6]],
  ["activations before the first layer", (o) => new nn.Sequential(new nn.Tanh(), new nn.Linear(6, 3, o)), [7, 6]],
]; // prettier-ignore

describe("lossSurface", () => {
  const cases = models.flatMap(([name, make, shape]) =>
    (["float64", "float32"] as const).map((dtype) => [name, dtype, make, shape] as const),
  );

  test.each(cases)("of %s in %s: the quick way agrees with the long way", (_, dtype, make, shape) => {
    const generator = new Generator(4);
    const model = make({ dtype, generator });
    const X = randn([...shape], { dtype, generator });
    const Y = randint(0, 3, [shape[0]!], { generator });
    const directions = analysis.randomDirections(model, { generator, zeroBiases: false });
    const pair = [directions[0]!, directions[1]!] as const;
    const loss = (scores: Tensor) => nn.functional.crossEntropy(scores, Y);
    const options = { directions: pair, x: [-1, 2], y: [-0.5, 1], steps: [5, 4] } as const;
    const quick = analysis.lossSurface(model, X, loss, options);
    const long = analysis.lossSurface(new Wrapped(model), X, loss, options);
    const { f, x } = analysis.ofModel(model, () => loss(model.forward(X)));
    const plain = analysis.errorSurfaceAlong(f, x, options);
    expect(quick).toMatchObject({ x: [-1, 2], y: [-0.5, 1], columns: 5, rows: 4 });
    const tolerance = dtype === "float64" ? 1e-13 : 1e-5;
    for (const [i, value] of plain.values.entries()) {
      expect(Math.abs(quick.values[i]! - value)).toBeLessThan(tolerance * (1 + Math.abs(value)));
      expect(Math.abs(long.values[i]! - value)).toBeLessThan(tolerance * (1 + Math.abs(value)));
    }
  });

  const generator = new Generator(8);
  const make = () =>
    new nn.Sequential(new nn.Linear(4, 3, { generator }), new nn.ReLU(), new nn.Linear(3, 2, { generator }));
  const X = randn([6, 4], { generator });
  const Y = randn([6, 2], { generator });
  const mse = (output: Tensor) => nn.functional.mseLoss(output, Y);

  test("its middle is the model's own loss; the model and its gradients are left as they were", () => {
    const model = make();
    mse(model.forward(X)).backward();
    const before = model.parameters();
    const numbers = before.map((parameter) => parameter.toArray());
    const gradients = before.map((parameter) => parameter.grad);
    const directions = analysis.randomDirections(model) as [Tensor, Tensor];
    const grid = analysis.lossSurface(model, X, mse, { directions, steps: 3 });
    expect(grid.values[4]!).toBeCloseTo(mse(model.forward(X)).item(), 6);
    expect(model.parameters().every((parameter, i) => parameter === before[i])).toBe(true);
    expect(model.parameters().map((parameter) => parameter.toArray())).toEqual(numbers);
    expect(before.every(({ grad }, i) => grad === gradients[i])).toBe(true);
  });

  test("is put back also when the loss throws", () => {
    const model = make();
    const before = model.parameters();
    const directions = analysis.randomDirections(model) as [Tensor, Tensor];
    const fail = (): Tensor => {
      throw new Error("no loss today");
    };
    expect(() => analysis.lossSurface(model, X, fail, { directions })).toThrow("no loss today");
    expect(model.parameters().every((parameter, i) => parameter === before[i])).toBe(true);
  });

  test("around another centre it is the surface of the model with those parameters", () => {
    const [model, other] = [make(), make()];
    const directions = analysis.randomDirections(model) as [Tensor, Tensor];
    const centre = nn.utils.parametersToVector(other.parameters());
    const there = analysis.lossSurface(model, X, mse, { directions, centre, steps: 4 });
    expect(there.values).toEqual(analysis.lossSurface(other, X, mse, { directions, steps: 4 }).values);
  });

  test("directions of zero give one height everywhere", () => {
    const model = make();
    const nowhere = zeros([nn.utils.parametersToVector(model.parameters()).size]);
    const grid = analysis.lossSurface(model, X, mse, { directions: [nowhere, nowhere], steps: 3 });
    expect(new Set(grid.values).size).toBe(1);
  });

  test("a weight that serves twice moves in both places", () => {
    const model = new nn.Sequential(
      new nn.Linear(4, 4, { ...double, generator }),
      new nn.Tanh(),
      new nn.Linear(4, 4, { ...double, generator }),
    );
    (model.get(2) as nn.Linear).weight = (model.get(0) as nn.Linear).weight;
    const input = randn([5, 4], { ...double, generator });
    const loss = (output: Tensor) => output.square().mean();
    const directions = analysis.randomDirections(model, { generator }) as [Tensor, Tensor];
    const { f, x } = analysis.ofModel(model, () => loss(model.forward(input)));
    const grid = analysis.lossSurface(model, input, loss, { directions, steps: 4 });
    const plain = analysis.errorSurfaceAlong(f, x, { directions, x: [-1, 1], y: [-1, 1], steps: 4 });
    for (const [i, value] of plain.values.entries()) expect(grid.values[i]!).toBeCloseTo(value, 12);
  });

  test("a layer that serves twice, and a subclass with a forward of its own, take the long way", () => {
    class Doubled extends nn.Linear {
      override forward(x: Tensor): Tensor {
        return super.forward(x).mul(2);
      }
    }
    const layer = new nn.Linear(4, 4, { ...double, generator });
    const input = randn([5, 4], { ...double, generator });
    const loss = (output: Tensor) => output.square().mean();
    for (const model of [
      new nn.Sequential(layer, new nn.Tanh(), layer),
      new nn.Sequential(new Doubled(4, 2, { ...double, generator })),
    ]) {
      const directions = analysis.randomDirections(model, { generator }) as [Tensor, Tensor];
      const { f, x } = analysis.ofModel(model, () => loss(model.forward(input)));
      const grid = analysis.lossSurface(model, input, loss, { directions, steps: 3 });
      const plain = analysis.errorSurfaceAlong(f, x, { directions, x: [-1, 1], y: [-1, 1], steps: 3 });
      for (const [i, value] of plain.values.entries()) expect(grid.values[i]!).toBeCloseTo(value, 12);
    }
  });

  test("outputs that the loss keeps are not overwritten", () => {
    for (const model of [make(), new nn.Sequential(new nn.Linear(4, 2, { generator }))]) {
      const kept: Tensor[] = [];
      const copies: unknown[] = [];
      const directions = analysis.randomDirections(model) as [Tensor, Tensor];
      analysis.lossSurface(
        model,
        X,
        (output) => {
          kept.push(output);
          copies.push(output.toArray());
          return mse(output);
        },
        { directions, steps: 2 },
      );
      expect(kept.map((output) => output.toArray())).toEqual(copies);
    }
  });
});

describe("random directions", () => {
  const generator = new Generator(2);
  const model = new nn.Sequential(
    new nn.Linear(5, 7, { ...double, generator }),
    new nn.ReLU(),
    new nn.Linear(7, 3, { ...double, generator }),
  );
  const shapes = model.parameters().map(({ shape }) => shape);

  /** The parts of a direction, with the parameters they belong to. */
  function parts(direction: Tensor): { part: Tensor; parameter: Tensor }[] {
    let start = 0;
    return model.parameters().map((parameter, i) => {
      const part = direction.slice(start, start + parameter.size).reshape(shapes[i]!);
      start += parameter.size;
      return { part, parameter };
    });
  }

  test("with filter normalisation each filter is as long as the model's, biases stand still", () => {
    for (const direction of analysis.randomDirections(model, { generator, count: 3 })) {
      const biases = parts(direction).filter(({ part }) => part.rank < 2);
      const weights = parts(direction).filter(({ part }) => part.rank === 2);
      for (const { part } of biases) expect(part.abs().max().item()).toBe(0);
      for (const { part, parameter } of weights) {
        const [own, wanted] = [part.norm(2, 1), parameter.norm(2, 1)];
        expect(own.sub(wanted).abs().max().item()).toBeLessThan(1e-14);
      }
    }
  });

  test("with layer normalisation each tensor is as long as the model's, biases too if asked for", () => {
    const [direction] = analysis.randomDirections(model, {
      normalization: "layer",
      zeroBiases: false,
      generator,
    });
    for (const { part, parameter } of parts(direction!)) {
      expect(part.norm().item()).toBeCloseTo(parameter.norm().item(), 13);
    }
    // The filters of a layer are not all as long as the model's.
    const { part, parameter } = parts(direction!)[0]!;
    expect(part.norm(2, 1).sub(parameter.norm(2, 1)).abs().max().item()).toBeGreaterThan(1e-3);
  });

  test("without normalisation they are normal numbers, of the model's type and repeatable", () => {
    const draw = () =>
      analysis.randomDirections(model, { normalization: "none", zeroBiases: false, generator: new Generator(6), count: 1 })[0]!; // prettier-ignore
    expect(draw().toArray()).toEqual(draw().toArray());
    expect(draw().dtype).toBe("float64");
    expect(Math.abs(draw().square().mean().item() - 1)).toBeLessThan(0.4);
  });

  test("a filter of zeros gets a direction of zeros", () => {
    const dead = new nn.Linear(3, 2, { ...double, generator });
    dead.weight.detach().copy_(tensor([[0], [1]], double));
    const [direction] = analysis.randomDirections(dead, { generator });
    expect(direction!.slice(0, 3).abs().max().item()).toBe(0);
    expect(direction!.slice(3, 6).norm().item()).toBeCloseTo(Math.sqrt(3), 12);
  });
});

describe("principal directions and projection", () => {
  const path = fc.record({
    n: fc.integer({ min: 2, max: 12 }),
    count: fc.integer({ min: 4, max: 15 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
  });

  test("directions are orthonormal, explain in descending order, and their coordinates are the projections", () => {
    fc.assert(
      fc.property(path, ({ n, count, seed }) => {
        const points = randn([count, n], { ...double, generator: new Generator(seed) });
        for (const centre of ["last", "mean"] as const) {
          const found = analysis.pcaDirections(points, { centre });
          const [a, b] = found.directions as [Tensor, Tensor];
          expect(a.norm().item()).toBeCloseTo(1, 12);
          expect(b.norm().item()).toBeCloseTo(1, 12);
          expect(a.dot(b).item()).toBeCloseTo(0, 12);
          expect(found.explained[0]!).toBeGreaterThanOrEqual(found.explained[1]!);
          expect(found.explained[0]! + found.explained[1]!).toBeLessThanOrEqual(1 + 1e-12);
          const again = analysis.project(points, { origin: found.centre, directions: found.directions });
          for (const [i, [x, y]] of again.entries()) {
            expect(found.coordinates[i]![0]!).toBeCloseTo(x!, 10);
            expect(found.coordinates[i]![1]!).toBeCloseTo(y!, 10);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test("points of a plane lie in it completely", () => {
    const [u, v] = [tensor([1, 2, 0, 1, 0], double), tensor([0, 1, 1, 0, 3], double)];
    const points = [[0, 0], [1, 0], [2, 1], [3, -1], [1, 4]].map(([a, b]) => u.mul(a!).add(v.mul(b!)).add(7)); // prettier-ignore
    const { explained } = analysis.pcaDirections(points);
    expect(explained[0]! + explained[1]!).toBeCloseTo(1, 12);
    // On a line there is no second direction to find; one orthogonal to the first serves.
    const line = analysis.pcaDirections([u.mul(0), u, u.mul(3)]);
    expect(line.explained[1]!).toBeLessThan(1e-12);
    expect(line.directions[0]!.dot(line.directions[1]!).item()).toBeCloseTo(0, 10);
    expect(line.directions[1]!.norm().item()).toBeCloseTo(1, 12);
  });

  test("projection gives back the coordinates of combinations, also of directions that are not orthogonal", () => {
    fc.assert(
      fc.property(path, ({ n, seed }) => {
        const generator = new Generator(seed);
        const origin = randn([n], { ...double, generator });
        const directions = [randn([n], { ...double, generator }), randn([n], { ...double, generator })];
        const wanted = [
          [1, 0],
          [-2, 0.5],
          [0, 0],
        ];
        const points = wanted.map(([a, b]) => origin.add(directions[0]!.mul(a!)).add(directions[1]!.mul(b!)));
        const found = analysis.project(points, { origin, directions });
        for (const [i, [a, b]] of wanted.entries()) {
          expect(found[i]![0]!).toBeCloseTo(a!, 6);
          expect(found[i]![1]!).toBeCloseTo(b!, 6);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("lines", () => {
  const f = (x: Tensor) => x.square().sum();

  test("lossAlong walks from −1 to 1 lengths of the direction", () => {
    const curve = analysis.lossAlong(f, tensor([1, 2], double), tensor([2, 0], double), { steps: 5 });
    expect(curve).toEqual({ x: [-1, -0.5, 0, 0.5, 1], values: [5, 4, 5, 8, 13] });
  });

  test("interpolate walks from one point to the other, and beyond if asked", () => {
    const [from, to] = [tensor([0, 0], double), tensor([2, 4], double)];
    expect(analysis.interpolate(f, from, to, { steps: 3 })).toEqual({ x: [0, 0.5, 1], values: [0, 5, 20] });
    expect(analysis.interpolate(f, from, to, { steps: 2, x: [-1, 2] }).values).toEqual([20, 80]);
  });

  test("between two states of a model the ends are the two losses", () => {
    const generator = new Generator(3);
    const model = new nn.Sequential(new nn.Linear(2, 3, { ...double, generator }), new nn.Tanh());
    const X = randn([8, 2], { ...double, generator });
    const loss = () => model.forward(X).square().mean();
    const { f: g, x: before } = analysis.ofModel(model, loss);
    const first = loss().item();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
    for (let step = 0; step < 5; step++) {
      optimizer.zeroGrad();
      loss().backward();
      optimizer.step();
    }
    const after = nn.utils.parametersToVector(model.parameters());
    const { values } = analysis.interpolate(g, before, after, { steps: 11 });
    expect(values[0]!).toBeCloseTo(first, 12);
    expect(values.at(-1)).toBeCloseTo(loss().item(), 12);
  });
});

describe("trajectories", () => {
  const f = (w: Tensor) =>
    w
      .mul(tensor([1, 4, 0.5], double))
      .mul(w)
      .sum();
  const start = tensor([1, -1, 2], double);
  const optimizer = (p: Tensor[]) => new optim.SGD(p, { lr: 0.05 });

  test("every so many steps, and the last", () => {
    const all = analysis.trajectory(f, { start, optimizer, steps: 10 });
    const some = analysis.trajectory(f, { start, optimizer, steps: 10, every: 4 });
    expect(some.points).toEqual([0, 4, 8, 10].map((i) => all.points[i]));
    expect(some.losses).toEqual([0, 4, 8, 10].map((i) => all.losses[i]));
  });

  test("projected on directions, seen from the start or an origin", () => {
    const directions = [tensor([1, 0, 0], double), tensor([0, 2, 0], double)];
    const { points, projected } = analysis.trajectory(f, { start, optimizer, steps: 4, directions });
    expect(projected).toEqual(
      points.map(([a, b]) => [a! - 1, (b! + 1) / 2].map((v) => expect.closeTo(v, 12))),
    );
    const seen = analysis.trajectory(f, { start, optimizer, steps: 0, directions, origin: [0, 0, 0] });
    expect(seen.projected).toEqual([[1, -0.5]]);
  });

  test("a recorder writes down a training loop of one's own", () => {
    const generator = new Generator(1);
    const model = new nn.Sequential(new nn.Linear(3, 4, { generator }), new nn.Tanh(), new nn.Linear(4, 1, { generator })); // prettier-ignore
    const X = randn([10, 3], { generator });
    const Y = randn([10, 1], { generator });
    const origin = nn.utils.parametersToVector(model.parameters());
    const directions = analysis.randomDirections(model, { generator });
    const whole = new analysis.TrajectoryRecorder(model.parameters(), { every: 2 });
    const thin = new analysis.TrajectoryRecorder(model.parameters(), { directions });
    const own = new optim.Adam(model.parameters(), { lr: 0.01 });
    const vectors: Tensor[] = [];
    for (let step = 0; step < 6; step++) {
      own.zeroGrad();
      const loss = nn.functional.mseLoss(model.forward(X), Y);
      loss.backward();
      own.step();
      whole.record(loss);
      thin.record(loss.item());
      vectors.push(nn.utils.parametersToVector(model.parameters()).detach().clone());
    }
    expect(whole.steps).toEqual([0, 2, 4]);
    expect(whole.points.map((point) => point.toArray())).toEqual([0, 2, 4].map((i) => vectors[i]!.toArray()));
    expect(whole.losses).toEqual([0, 2, 4].map((i) => thin.losses[i]));
    expect(thin.points).toEqual([]);
    expect(thin.projected).toEqual(analysis.project(vectors, { origin, directions }));
    expect(analysis.pcaDirections(whole.points).coordinates.at(-1)).toEqual([0, 0]);
  });
});

describe("wrong calls say what is wrong", () => {
  const untyped = (value: unknown) => value as never;
  const model = new nn.Sequential(new nn.Linear(2, 1), new nn.Tanh());
  const X = zeros([3, 2]);
  const mean = (x: Tensor) => x.mean();
  const directions = analysis.randomDirections(model) as [Tensor, Tensor];
  const surface = (options: object) =>
    analysis.lossSurface(model, X, mean, { directions, steps: 2, ...options });
  const f = (x: Tensor) => x.sum();
  const at = tensor([1, 2]);
  const optimizer = (p: Tensor[]) => new optim.SGD(p, { lr: 0.1 });
  const calls: [string, () => unknown, EngineError["code"], RegExp][] = [
    ["a surface of no model", () => analysis.lossSurface(untyped(f), X, mean, { directions }), "value", /analysis\.lossSurface: needs a model.*not the function f/],
    ["inputs that are arrays", () => analysis.lossSurface(model, untyped([[1, 2]]), mean, { directions }), "value", /the inputs must be the tensor.*not an array of length 2/],
    ["inputs of the wrong width", () => analysis.lossSurface(model, zeros([3, 4]), mean, { directions }), "shape", /linear: input \(3, 4\)/],
    ["a loss that is a number", () => analysis.lossSurface(model, X, untyped(1), { directions }), "value", /the loss must be a function of the model's output.*not 1/],
    ["a loss that is not one number", () => analysis.lossSurface(model, X, (x) => x, { directions }), "shape", /item: a tensor of shape \(3, 1\)/],
    ["a loss that returns text", () => analysis.lossSurface(model, X, untyped(() => "low"), { directions }), "value", /must return a number or a tensor.*not "low"/],
    ["no directions", () => analysis.lossSurface(model, X, mean, untyped({})), "option", /directions must be two vectors, e\.g\. analysis\.randomDirections\(model\), not undefined/],
    ["one direction", () => surface({ directions: [directions[0]] }), "shape", /directions must be two vectors, not \(3,\)/],
    ["directions of another model", () => surface({ directions: [at, at] }), "shape", /the model has 3 parameters, the vector has shape \(2,\)/],
    ["a centre of another model", () => surface({ centre: at }), "shape", /the model has 3 parameters/],
    ["a range upside down", () => surface({ x: [1, -1] }), "option", /x must be a range \[min, max\] with min < max/],
    ["a range to infinity", () => surface({ y: [0, Infinity] }), "option", /y must be a range/],
    ["one point along an axis", () => surface({ steps: 1 }), "option", /steps must be a whole number ≥ 2, not 1/],
    ["steps that are text", () => surface({ steps: "50" }), "option", /steps must be a whole number.*not "50"/],
    ["three steps", () => surface({ steps: [2, 2, 2] }), "option", /steps must be a whole number, or two of them, \[along x, along y\], not an array of length 3/],
    ["an unknown normalisation", () => analysis.randomDirections(model, untyped({ normalization: "batch" })), "option", /normalization must be "filter", "layer" or "none", not "batch"/],
    ["directions of no model", () => analysis.randomDirections(untyped(at)), "value", /analysis\.randomDirections: needs a model.*not a Tensor/],
    ["zero directions", () => analysis.randomDirections(model, { count: 0 }), "option", /count must be a whole number ≥ 1/],
    ["a flag that is a number", () => analysis.randomDirections(model, untyped({ zeroBiases: 0 })), "option", /zeroBiases must be true or false, not 0/],
    ["components of one point", () => analysis.pcaDirections([at]), "value", /needs at least two points, not 1/],
    ["components of equal points", () => analysis.pcaDirections([at, at, at]), "value", /all points are equal/],
    ["more components than there can be", () => analysis.pcaDirections([at, at.mul(2)], { count: 2 }), "option", /count must be a whole number ≥ 1 ≤ 1, not 2/],
    ["components of points of different sizes", () => analysis.pcaDirections([[1, 2], [1], [3, 4]]), "shape", /must hold equally many numbers; one has 2, another 1/],
    ["components of text", () => analysis.pcaDirections(untyped(["a", "b"])), "value", /a point must be a tensor or an array of numbers, not "a"/],
    ["a projection on a zero direction", () => analysis.project([at], { origin: at, directions: [[0, 0]] }), "value", /direction 0 is zero/],
    ["a projection on the same direction twice", () => analysis.project([at], { origin: at, directions: [at, at.mul(-3)] }), "value", /direction 1 is a combination of the ones before it/],
    ["a projection of points elsewhere", () => analysis.project([[1, 2, 3]], { origin: at, directions: [at] }), "shape", /a point has 3 numbers, the origin 2/],
    ["a direction that does not fit", () => analysis.lossAlong(f, at, tensor([1])), "shape", /analysis\.lossAlong: the direction \(1,\) must have as many numbers as the point \(2,\)/],
    ["a line of one step", () => analysis.interpolate(f, at, at, { steps: 1 }), "option", /analysis\.interpolate: steps must be a whole number ≥ 2/],
    ["a line to an array", () => analysis.interpolate(f, at, untyped([1, 2])), "value", /the other end must be a tensor, not an array/],
    ["a surface along one direction", () => analysis.errorSurfaceAlong(f, at, untyped({ x: [0, 1], y: [0, 1] })), "option", /analysis\.errorSurfaceAlong: directions must be two tensors/],
    ["a surface of a number", () => analysis.errorSurface(untyped(3), { x: [0, 1], y: [0, 1] }), "value", /needs a function, not 3/],
    ["a trajectory without an optimiser", () => analysis.trajectory(f, untyped({ start: at })), "value", /optimizer must be a function that makes one.*not undefined/],
    ["a trajectory with NaN for an end", () => analysis.trajectory(f, { start: at, optimizer, until: Number.NaN }), "option", /until must be a number, not NaN/],
    ["an origin without directions", () => analysis.trajectory(f, { start: at, optimizer, origin: at }), "option", /origin is where the directions begin; give directions/],
    ["a recorder of a model", () => new analysis.TrajectoryRecorder(untyped(model)), "value", /needs the parameters to follow, model\.parameters\(\).*not a Sequential/],
    ["a recorder of nothing", () => new analysis.TrajectoryRecorder([]), "value", /needs the parameters to follow/],
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
