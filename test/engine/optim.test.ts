// What optimisers promise beyond PyTorch's numbers: laws of the updates, closures, groups, saving and resuming, the lectures'
// findings, LBFGS and SWATS.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineError, type Tensor, nn, noGrad, optim, tensor } from "../../src/engine/index.ts";

type AnyOptimizer = optim.lrScheduler.AnyOptimizer;
type Make = (parameters: Tensor[]) => AnyOptimizer;
type Float = "float32" | "float64";

/** Every optimiser that treats parameters one by one, with the options that change its formula. */
const makers: [name: string, make: Make][] = [
  ["SGD", (p) => new optim.SGD(p, { lr: 0.1 })],
  [
    "SGD with momentum",
    (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, dampening: 0.5, weightDecay: 0.1 }),
  ],
  ["SGD with nesterov", (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true })],
  ["Adagrad", (p) => new optim.Adagrad(p, { lr: 0.1, lrDecay: 0.1, initialAccumulatorValue: 0.5 })],
  ["RMSprop", (p) => new optim.RMSprop(p, { lr: 0.1, weightDecay: 0.1 })],
  ["RMSprop, centered", (p) => new optim.RMSprop(p, { lr: 0.1, centered: true, eps: 0.01, momentum: 0.5 })],
  ["Adam", (p) => new optim.Adam(p, { lr: 0.1, weightDecay: 0.1 })],
  ["Adam with AMSGrad", (p) => new optim.Adam(p, { lr: 0.1, amsgrad: true })],
  ["AdamW", (p) => new optim.AdamW(p, { lr: 0.1 })],
  ["Adadelta", (p) => new optim.Adadelta(p, { weightDecay: 0.1 })],
  ["Adamax", (p) => new optim.Adamax(p, { lr: 0.1 })],
  ["NAdam", (p) => new optim.NAdam(p, { lr: 0.1, weightDecay: 0.1, decoupledWeightDecay: true })],
  ["RAdam", (p) => new optim.RAdam(p, { lr: 0.1, weightDecay: 0.1, decoupledWeightDecay: true })],
  ["SWATS", (p) => new optim.SWATS(p, { lr: 0.1 })],
  ["LectureMomentum", (p) => new optim.LectureMomentum(p, { lr: 0.1 })],
  ["LectureAdagrad", (p) => new optim.LectureAdagrad(p, { lr: 0.1, inverseSqrtDecay: true })],
  ["LectureSumAdagrad", (p) => new optim.LectureSumAdagrad(p, { lr: 0.1 })],
  ["LectureRMSProp", (p) => new optim.LectureRMSProp(p, { lr: 0.1 })],
  ["LectureAdam", (p) => new optim.LectureAdam(p, { lr: 0.1, biasCorrection: false })],
];

const leaf = (values: number[] | number, dtype: Float = "float64") =>
  tensor(values, { dtype, requiresGrad: true });

/** One step along a given gradient. */
function stepAlong(optimizer: AnyOptimizer, parameter: Tensor, gradient: number[] | number): void {
  parameter.grad = tensor(gradient, { dtype: parameter.dtype });
  optimizer.step();
}

/** Takes steps on ½Σcᵢxᵢ², the parameters' numbers counted through. */
function descend(optimizer: AnyOptimizer, parameters: Tensor[], steps: number): void {
  for (let i = 0; i < steps; i++) {
    optimizer.step(() => {
      optimizer.zeroGrad();
      const x = nn.utils.parametersToVector(parameters);
      const curvatures = tensor(
        Array.from({ length: x.size }, (_, k) => 1 + k),
        { dtype: x.dtype },
      );
      const loss = x.square().mul(curvatures).sum().mul(0.5);
      loss.backward();
      return loss;
    });
  }
}

describe.each(makers)("%s", (_, make) => {
  test.each(["float32", "float64"] as const)(
    "moves a vector as it moves each number alone, in %s",
    (dtype) => {
      const numbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 11 });
      fc.assert(
        fc.property(
          numbers,
          fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2 }),
          (x, g) => {
            const together = leaf(x, dtype);
            const alone = x.map((value) => leaf(value, dtype));
            const [ofVector, ofNumbers] = [make([together]), make(alone)];
            for (let t = 0; t < 4; t++) {
              const gradient = x.map((_, i) => g[(i + t) % g.length]!);
              for (const [i, each] of alone.entries()) each.grad = tensor(gradient[i]!, { dtype });
              ofNumbers.step();
              stepAlong(ofVector, together, gradient);
            }
            expect([...together.data]).toEqual(alone.map((each) => each.item()));
          },
        ),
        { numRuns: 25 },
      );
    },
  );

  test("a resumed run gives the same bits as one that was never interrupted, also through JSON", () => {
    const start = () => [leaf([1, -2, 3]), tensor([[0.5], [1.5]], { dtype: "float64", requiresGrad: true })];
    const straight = start();
    descend(make(straight), straight, 9);
    const interrupted = start();
    const before = make(interrupted);
    descend(before, interrupted, 4);
    const saved = before.stateDict();
    for (const state of [saved, JSON.parse(JSON.stringify(saved)) as typeof saved]) {
      const resumed = interrupted.map((each) => each.detach().clone().requiresGrad_());
      const after = make(resumed);
      after.loadStateDict(state);
      expect(JSON.stringify(after.stateDict())).toBe(JSON.stringify(saved));
      descend(after, resumed, 5);
      for (const [i, each] of resumed.entries()) expect(each.data).toEqual(straight[i]!.data);
    }
  });

  test("goes downhill, by gradients of single precision too", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const x = leaf([1, -1.5], dtype);
      descend(make([x]), [x], 5);
      expect(Math.abs(x.get(0).item())).toBeLessThan(1);
      expect(Math.abs(x.get(1).item())).toBeLessThan(1.5);
    }
  });

  test("leaves a parameter without gradient alone", () => {
    const [moved, left] = [leaf(1), leaf(1)];
    stepAlong(make([moved, left]), moved, 1);
    expect(moved.item()).not.toBe(1);
    expect(left.item()).toBe(1);
  });
});

describe("the bits of an update", () => {
  const f = Math.fround;
  const gradients = [0.3, -1.7, 1e-4, 25, -0.04].map(f);

  test("Adam in single precision rounds each operation of its formula once", () => {
    const [lr, beta1, beta2, eps] = [0.01, 0.9, 0.999, 1e-8];
    const x = leaf([1.1, -0.7, 0.3, 2, 1e-3], "float32");
    const expected = [...x.data];
    const [m, v] = [
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ];
    const optimizer = new optim.Adam([x], { lr, weightDecay: 0.1 });
    let [power1, power2] = [1, 1];
    for (let t = 0; t < 3; t++) {
      stepAlong(optimizer, x, gradients);
      power1 *= beta1;
      power2 *= beta2;
      for (let i = 0; i < 5; i++) {
        const g = f(gradients[i]! + f(f(0.1) * expected[i]!));
        m[i] = f(f(f(beta1) * m[i]!) + f(f(1 - beta1) * g));
        v[i] = f(f(f(beta2) * v[i]!) + f(f(f(1 - beta2) * g) * g));
        const root = f(f(f(Math.sqrt(v[i]!)) / f(Math.sqrt(1 - power2))) + f(eps));
        expected[i] = f(expected[i]! - f(f(f(lr / (1 - power1)) * m[i]!) / root));
      }
    }
    expect([...x.data]).toEqual(expected);
  });

  test("SGD with momentum too", () => {
    const x = leaf([1.1, -0.7, 0.3, 2, 1e-3], "float32");
    const expected = [...x.data];
    const b = [...gradients];
    const optimizer = new optim.SGD([x], { lr: 0.01, momentum: 0.9, dampening: 0.3 });
    for (let t = 0; t < 3; t++) {
      stepAlong(optimizer, x, gradients);
      for (let i = 0; i < 5; i++) {
        if (t > 0) b[i] = f(f(f(0.9) * b[i]!) + f(f(1 - 0.3) * gradients[i]!));
        expected[i] = f(expected[i]! - f(f(0.01) * b[i]!));
      }
    }
    expect([...x.data]).toEqual(expected);
  });
});

describe("options that all formulas share", () => {
  const uphill: [string, (p: Tensor[], maximize: boolean) => AnyOptimizer][] = [
    ["SGD", (p, maximize) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, maximize })],
    ["Adagrad", (p, maximize) => new optim.Adagrad(p, { maximize })],
    ["RMSprop", (p, maximize) => new optim.RMSprop(p, { maximize })],
    ["Adam", (p, maximize) => new optim.Adam(p, { maximize })],
    ["AdamW", (p, maximize) => new optim.AdamW(p, { maximize })],
    ["Adadelta", (p, maximize) => new optim.Adadelta(p, { maximize })],
    ["Adamax", (p, maximize) => new optim.Adamax(p, { maximize })],
    ["NAdam", (p, maximize) => new optim.NAdam(p, { maximize })],
    ["RAdam", (p, maximize) => new optim.RAdam(p, { maximize })],
    ["SWATS", (p, maximize) => new optim.SWATS(p, { maximize })],
  ];
  test.each(uphill)("%s with maximize follows the negative gradient", (_, make) => {
    const [up, down] = [leaf([1, 2, 3]), leaf([1, 2, 3])];
    const [ofUp, ofDown] = [make([up], true), make([down], false)];
    for (let t = 0; t < 8; t++) {
      stepAlong(ofUp, up, [1, -2, 0.5 + t]);
      stepAlong(ofDown, down, [-1, 2, -0.5 - t]);
    }
    expect(up.data).toEqual(down.data);
    expect(up.get(0).item()).toBeGreaterThan(1);
  });

  test("decoupled decay shrinks the parameter, coupled decay is rescaled like a gradient", () => {
    // From 2 with gradient 1, lr 0.1, weightDecay 0.1.
    const once = (make: (p: Tensor[]) => AnyOptimizer) => {
      const x = leaf(2);
      stepAlong(make([x]), x, 1);
      return x.item();
    };
    const options = { lr: 0.1, weightDecay: 0.1 };
    expect(once((p) => new optim.AdamW(p, options))).toBeCloseTo(1.88, 6);
    expect(once((p) => new optim.Adam(p, options))).toBeCloseTo(1.9, 6);
    for (const Class of [optim.NAdam, optim.RAdam]) {
      const coupled = once((p) => new Class(p, { lr: 0.1 }));
      const decoupled = once((p) => new Class(p, { ...options, decoupledWeightDecay: true }));
      expect(decoupled).toBeCloseTo(coupled - 0.1 * 0.1 * 2, 12);
    }
  });

  test("centered RMSprop survives a constant gradient, where the variance is 0 or just below", () => {
    const x = leaf([1, 1, 1], "float32");
    const optimizer = new optim.RMSprop([x], { centered: true, eps: 1e-3, alpha: 0.9 });
    for (let t = 0; t < 300; t++) stepAlong(optimizer, x, [0.1, 0.3, 0.7]);
    expect([...x.data].every(Number.isFinite)).toBe(true);
  });

  test("AMSGrad may be switched on in the middle", () => {
    const x = leaf([1, 2]);
    const optimizer = new optim.Adam([x]);
    stepAlong(optimizer, x, [1, 1]);
    optimizer.paramGroups[0]!.amsgrad = true;
    stepAlong(optimizer, x, [1, 1]);
    expect(optimizer.stateOf(x)!["maxExpAvgSq"]).not.toBeNull();
  });
});

describe("step", () => {
  test("without a closure it returns null", () => {
    expect(new optim.SGD([leaf(1)]).step()).toBeNull();
  });

  test("with a closure it computes the loss first, also inside noGrad, and returns it", () => {
    const x = leaf(3);
    const optimizer = new optim.SGD([x], { lr: 0.1 });
    const loss = noGrad(() =>
      optimizer.step(() => {
        const value = x.square();
        value.backward();
        return value;
      }),
    );
    expect(loss.item()).toBe(9);
    expect(x.item()).toBeCloseTo(3 - 0.1 * 6, 12);
  });

  test("a loss in place of the closure is an error that says so", () => {
    const x = leaf(3);
    const wrong = x.square() as unknown as () => number;
    expect(() => new optim.Adam([x]).step(wrong)).toThrow(/step takes a function.*not a Tensor/);
  });

  test("a gradient of another shape or of whole numbers is refused", () => {
    const x = leaf([1, 2]);
    expect(() => {
      x.grad = tensor([1, 2, 3], { dtype: "float64" });
    }).toThrow(/grad: a gradient has the shape of its tensor, \(2,\), not \(3,\)/);
    expect(() => {
      x.grad = tensor([1, 2], { dtype: "int32" });
    }).toThrow(/float tensor, not int32/);
    expect(() => {
      x.grad = [1, 2] as unknown as Tensor;
    }).toThrow(/grad: must be a tensor or null/);
    new optim.Adam([x]).step();
    expect([...x.data]).toEqual([1, 2]);
  });

  test("zeroGrad can keep zeros, by which momentum rolls on", () => {
    const x = leaf([1, 2]);
    const optimizer = new optim.SGD([x], { lr: 1, momentum: 0.5 });
    stepAlong(optimizer, x, [1, 1]);
    optimizer.zeroGrad({ setToNone: false });
    expect([...x.grad!.data]).toEqual([0, 0]);
    optimizer.step();
    expect([...x.data]).toEqual([-0.5, 0.5]);
    optimizer.zeroGrad();
    expect(x.grad).toBeNull();
    optimizer.zeroGrad({ setToNone: false });
    expect(x.grad).toBeNull();
  });
});

describe("parameter groups", () => {
  test("each has its own options; the rest comes from the optimiser's", () => {
    const [a, b] = [leaf(0), leaf(0)];
    const optimizer = new optim.SGD([{ params: [a] }, { params: [b], lr: 0.01 }], { lr: 1 });
    a.grad = tensor(1, { dtype: "float64" });
    b.grad = tensor(1, { dtype: "float64" });
    optimizer.step();
    expect([a.item(), b.item()]).toEqual([-1, -0.01]);
  });

  test("a group added later is updated too", () => {
    const [a, b] = [leaf(0), leaf(0)];
    const optimizer = new optim.Adam([a], { lr: 0.1 });
    stepAlong(optimizer, a, 1);
    optimizer.addParamGroup({ params: b, lr: 0.5 });
    stepAlong(optimizer, b, 1);
    expect(b.item()).toBeCloseTo(-0.5, 6);
    expect(Object.keys(optimizer.stateDict().state)).toEqual(["0", "1"]);
  });

  test("an option changed between steps holds from the next step", () => {
    const x = leaf(0);
    const optimizer = new optim.SGD([x], { lr: 1 });
    optimizer.paramGroups[0]!.lr = 0.25;
    stepAlong(optimizer, x, 1);
    expect(x.item()).toBe(-0.25);
  });

  test("a change that makes no sense is refused where it is made, and changes nothing", () => {
    const group = new optim.Adam([leaf(0)]).paramGroups[0]!;
    const untyped = group as unknown as Record<string, unknown>;
    expect(() => (group.lr = Number.NaN)).toThrow(/lr must be a number ≥ 0, not NaN/);
    expect(() => (group.betas = [0.9, 1])).toThrow(/< 1, not 1/);
    expect(() => (untyped["learningRate"] = 1)).toThrow(/unknown option learningRate\. Did you mean lr/);
    expect(() => (untyped["params"] = [])).toThrow(/addParamGroup/);
    expect(() => (group.betas as unknown as number[]).push(1)).toThrow(TypeError);
    expect(group.lr).toBe(0.001);
    expect(group.betas).toEqual([0.9, 0.999]);
    const sgd = new optim.SGD([leaf(0)], { momentum: 0.9, nesterov: true }).paramGroups[0]!;
    expect(() => (sgd.momentum = 0)).toThrow(/nesterov needs momentum/);
  });

  const wrong: [string, () => unknown, RegExp][] = [
    ["one tensor in place of a list", () => new optim.SGD(leaf([1, 2])), /come as a list.*not a Tensor/],
    ["nothing", () => new optim.SGD(undefined as never), /come as a list.*not undefined/],
    ["a model", () => new optim.SGD(new nn.Linear(1, 1) as never), /come as a list.*not a Linear/],
    ["the same parameter twice", () => ((x) => new optim.SGD([x, x]))(leaf(1)), /appears twice/],
    ["a number among the parameters", () => new optim.SGD([leaf(1), 2 as never]), /must be a tensor, not 2/],
    ["a group without params", () => new optim.SGD([{ lr: 1 } as never]), /params: \[…\]/],
    ["an option of a group", () => new optim.SGD([{ params: [leaf(1)], lr: -1 }]), /lr must be/],
    ["infinite lr", () => new optim.Adam([leaf(1)], { lr: Infinity }), /lr must be finite/],
    ["a word for a switch", () => new optim.SGD([leaf(1)], { nesterov: "yes" as never }), /true or false/],
    ["alpha above 1", () => new optim.RMSprop([leaf(1)], { alpha: 1.5 }), /alpha must be.*≤ 1/],
    ["negative rho", () => new optim.Adadelta([leaf(1)], { rho: -0.1 }), /rho must be/],
    ["NaN lrDecay", () => new optim.Adagrad([leaf(1)], { lrDecay: Number.NaN }), /lrDecay must be/],
    ["one beta", () => new optim.Adamax([leaf(1)], { betas: 0.9 as never }), /betas must be two numbers/],
    ["momentumDecay", () => new optim.NAdam([leaf(1)], { momentumDecay: -1 }), /momentumDecay must be/],
    ["a switch of RAdam", () => new optim.RAdam([leaf(1)], { decoupledWeightDecay: 1 as never }), /true or/],
    ["a mode of SWATS", () => new optim.SWATS([leaf(1)], { thresholdMode: "x" as never }), /"abs" or "rel"/],
    [
      "a line search",
      () => new optim.LBFGS([leaf(1)], { lineSearchFn: "wolfe" as never }),
      /"strongWolfe" or/,
    ],
    ["no iterations", () => new optim.LBFGS([leaf(1)], { maxIter: 0 }), /maxIter must be a whole number ≥ 1/],
    [
      "two groups for LBFGS",
      () => new optim.LBFGS([{ params: [leaf(1)] }, { params: [leaf(1)] }]),
      /only one/,
    ],
    ["two types for LBFGS", () => new optim.LBFGS([leaf(1), leaf(1, "float32")]), /one dtype/],
    ["LBFGS without closure", () => new optim.LBFGS([leaf(1)]).step(), /needs a function/],
    [
      "momentum of the lecture",
      () => new optim.LectureMomentum([leaf(1)], { momentum: -1 }),
      /momentum must/,
    ],
    ["another's parameter", () => new optim.Adam([leaf(1)]).stateOf(leaf(1)), /none of the optimiser's/],
  ];
  test.each(wrong)("%s is an error that says so", (_, call, message) => {
    expect(call).toThrow(EngineError);
    expect(call).toThrow(message);
  });
});

describe("loading a state", () => {
  const trained = () => {
    const x = leaf([1, 2]);
    const optimizer = new optim.Adam([x], { lr: 0.1 });
    stepAlong(optimizer, x, [1, -1]);
    return optimizer;
  };

  test("brings the options along", () => {
    const optimizer = new optim.Adam([leaf([1, 2])]);
    optimizer.loadStateDict(trained().stateDict());
    expect(optimizer.paramGroups[0]!.lr).toBe(0.1);
  });

  test("a saved state does not change when training goes on", () => {
    const x = leaf([1, 2]);
    const optimizer = new optim.Adam([x]);
    stepAlong(optimizer, x, [1, 1]);
    const saved = optimizer.stateDict();
    const before = JSON.stringify(saved);
    stepAlong(optimizer, x, [1, 1]);
    expect(JSON.stringify(saved)).toBe(before);
  });

  type Dict = ReturnType<typeof JSON.parse>;
  const broken: [string, (saved: Dict) => unknown, RegExp][] = [
    ["no state", () => null, /must be an object.*not null/],
    ["no groups", (saved) => ({ state: saved.state }), /1 parameter groups here.*undefined/],
    [
      "too many parameters",
      (saved) => ((saved.paramGroups[0].params = [0, 1]), saved),
      /1 parameters here.*2/,
    ],
    ["an unknown option", (saved) => ((saved.paramGroups[0].momentum = 1), saved), /unknown option momentum/],
    ["an option out of range", (saved) => ((saved.paramGroups[0].lr = -1), saved), /lr must be/],
    ["a missing buffer", (saved) => (delete saved.state[0].expAvg, saved), /expAvg of state\[0\].*undefined/],
    [
      "another optimiser's",
      (saved) => ((saved.state[0].squareAvg = [1, 2]), saved),
      /squareAvg.*unknown here/,
    ],
    ["another shape", (saved) => ((saved.state[0].expAvg = [1, 2, 3]), saved), /\(3,\).*has \(2,\)/],
    ["a number that JSON lost", (saved) => ((saved.state[0].expAvg = [null, 1]), saved), /not a number/],
    ["a parameter too many", (saved) => ((saved.state[1] = saved.state[0]), saved), /no parameter 1/],
  ];
  test.each(broken)("%s is refused and changes nothing", (_, damage, message) => {
    const saved = damage(JSON.parse(JSON.stringify(trained().stateDict()))) as never;
    const optimizer = trained();
    const before = JSON.stringify(optimizer.stateDict());
    expect(() => optimizer.loadStateDict(saved)).toThrow(EngineError);
    expect(() => optimizer.loadStateDict(saved)).toThrow(message);
    expect(JSON.stringify(optimizer.stateDict())).toBe(before);
  });
});

describe("the lectures' findings", () => {
  const follow = (make: Make, gradients: number[], visit: (step: number, x: Tensor) => void) => {
    const x = leaf(0);
    const optimizer = make([x]);
    for (const [t, gradient] of gradients.entries()) {
      stepAlong(optimizer, x, gradient);
      visit(t, x);
    }
  };

  test("σ of 4, 3, 0, 1: root mean square, RMSProp with α = 0.9, root of the sum", () => {
    const sigmas = (make: (p: Tensor[]) => AnyOptimizer & { sigma(x: Tensor): Tensor | null }) => {
      const seen: number[] = [];
      let optimizer!: ReturnType<typeof make>;
      follow(
        (p) => (optimizer = make(p)),
        [4, 3, 0, 1],
        (_, x) => seen.push(Math.round(optimizer.sigma(x)!.item() * 1e4) / 1e4),
      );
      return seen;
    };
    expect(sigmas((p) => new optim.LectureAdagrad(p))).toEqual([4, 3.5355, 2.8868, 2.5495]);
    expect(sigmas((p) => new optim.LectureRMSProp(p))).toEqual([4, 3.9115, 3.7108, 3.5345]);
    expect(sigmas((p) => new optim.LectureSumAdagrad(p))).toEqual([4, 5, 5, 5.099]);
  });

  test("dividing the rate of the root mean square by √(t + 1) is Adagrad", () => {
    const gradients = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(gradients, (g) => {
        const paths = [
          (p: Tensor[]) => new optim.LectureAdagrad(p, { lr: 0.1, eps: 0, inverseSqrtDecay: true }),
          (p: Tensor[]) => new optim.Adagrad(p, { lr: 0.1, eps: 0 }),
        ].map((make) => {
          const path: number[] = [];
          follow(make, [1, ...g], (_, x) => path.push(x.item()));
          return path;
        });
        for (const [t, value] of paths[0]!.entries()) expect(value).toBeCloseTo(paths[1]![t]!, 12);
      }),
    );
  });

  test("momentum with the rate inside differs from PyTorch's only when the rate changes", () => {
    const gradients = [1, 0.5, -0.2, 0.8, 0.3, 0.1];
    const path = (make: Make, drop: boolean) => {
      const x = leaf(0);
      const optimizer = make([x]);
      for (const [t, gradient] of gradients.entries()) {
        if (drop && t === 3) optimizer.paramGroups[0]!.lr = 0.01;
        stepAlong(optimizer, x, gradient);
      }
      return x.item();
    };
    const lecture: Make = (p) => new optim.LectureMomentum(p, { lr: 0.1, momentum: 0.9 });
    const outside: Make = (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 });
    expect(path(lecture, false)).toBeCloseTo(path(outside, false), 12);
    expect(path(lecture, true)).toBeLessThan(path(outside, true) - 0.1);
  });

  test("Adam's first step is η whatever the gradient; without correction it is 3.16η", () => {
    for (const gradient of [1e-3, 1, 1e6]) {
      const steps = [true, false].map((biasCorrection) => {
        const x = leaf(0);
        stepAlong(new optim.LectureAdam([x], { lr: 1, eps: 0, biasCorrection }), x, gradient);
        return -x.item();
      });
      expect(steps[0]).toBeCloseTo(1, 9);
      expect(steps[1]).toBeCloseTo(0.1 / Math.sqrt(0.001), 9);
    }
  });

  test("LectureAdam with correction takes Adam's steps to the bit", () => {
    const [a, b] = [leaf([1, -2]), leaf([1, -2])];
    descend(new optim.LectureAdam([a], { lr: 0.1 }), [a], 20);
    descend(new optim.Adam([b], { lr: 0.1 }), [b], 20);
    expect(a.data).toEqual(b.data);
  });

  test("nothing is shown before the first step", () => {
    const x = leaf(1);
    expect(new optim.LectureRMSProp([x]).sigma(x)).toBeNull();
    expect(new optim.LectureMomentum([x]).movement(x)).toBeNull();
    expect(new optim.Adam([x]).stateOf(x)).toBeNull();
  });
});

describe("LBFGS", () => {
  const rosenbrock = (x: Tensor) => {
    const [a, b] = [x.get(0), x.get(1)];
    return b.sub(a.square()).square().mul(100).add(a.neg().add(1).square());
  };
  const minimise = (
    f: (x: Tensor) => Tensor,
    x: Tensor,
    options: Partial<optim.LBFGSOptions>,
    steps: number,
  ) => {
    const optimizer = new optim.LBFGS([x], options);
    let calls = 0;
    for (let i = 0; i < steps; i++) {
      optimizer.step(() => {
        calls++;
        optimizer.zeroGrad();
        const loss = f(x);
        loss.backward();
        return loss;
      });
    }
    return calls;
  };

  test("with the line search it solves Rosenbrock's function within 60 evaluations", () => {
    const x = leaf([-1.2, 1]);
    const options = { lineSearchFn: "strongWolfe", maxIter: 100, maxEval: 200, toleranceChange: 0 } as const;
    expect(minimise(rosenbrock, x, options, 1)).toBeLessThan(60);
    expect(x.get(0).item()).toBeCloseTo(1, 8);
    expect(x.get(1).item()).toBeCloseTo(1, 8);
  });

  test("from random starts too, in single precision as far as that goes", () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, (a, b) => {
        const [x, y] = [leaf([a, b]), leaf([a, b], "float32")];
        const options = { lineSearchFn: "strongWolfe", toleranceChange: 0 } as const;
        for (const each of [x, y]) minimise(rosenbrock, each, options, 12);
        expect(rosenbrock(x).item()).toBeLessThan(1e-12);
        expect(rosenbrock(y).item()).toBeLessThan(1e-4);
      }),
      { numRuns: 30 },
    );
  });

  test("without line search it solves a quadratic", () => {
    const curvatures = tensor([1, 3, 10], { dtype: "float64" });
    const x = leaf([1, -2, 3]);
    minimise((p) => p.square().mul(curvatures).sum(), x, { maxIter: 60, toleranceChange: 0 }, 1);
    for (const value of x.data) expect(value).toBeCloseTo(0, 6);
  });

  test("stops at once where the gradient is 0, and returns the loss from before the step", () => {
    const x = leaf([1, 1]);
    expect(minimise(rosenbrock, x, {}, 1)).toBe(1);
    const optimizer = new optim.LBFGS([x]);
    noGrad(() => x.fill_(2));
    const loss = optimizer.step(() => {
      optimizer.zeroGrad();
      const value = x.square().sum();
      value.backward();
      return value;
    });
    expect(loss.item()).toBe(8);
    expect(x.square().sum().item()).toBeLessThan(8);
  });

  test("maxEval bounds the evaluations of a step", () => {
    expect(minimise(rosenbrock, leaf([-1.2, 1]), { maxEval: 5, lr: 0.001 }, 1)).toBe(5);
  });

  test("a resumed run gives the same bits, also through JSON", () => {
    for (const lineSearchFn of ["strongWolfe", null] as const) {
      const options = { lineSearchFn, maxIter: 3, historySize: 4, lr: 0.1 };
      const run = (optimizer: optim.LBFGS, x: Tensor, steps: number) => {
        for (let i = 0; i < steps; i++) {
          optimizer.step(() => {
            optimizer.zeroGrad();
            const loss = rosenbrock(x);
            loss.backward();
            return loss;
          });
        }
      };
      const straight = leaf([-1.2, 1]);
      run(new optim.LBFGS([straight], options), straight, 6);
      const x = leaf([-1.2, 1]);
      const before = new optim.LBFGS([x], options);
      run(before, x, 3);
      const resumed = x.detach().clone().requiresGrad_();
      const after = new optim.LBFGS([resumed], options);
      after.loadStateDict(JSON.parse(JSON.stringify(before.stateDict())));
      run(after, resumed, 3);
      expect(resumed.data).toEqual(straight.data);
    }
  });

  test("a closure that returns nothing is an error that says so", () => {
    const x = leaf([1, 2]);
    const nothing = (() => x.square().sum().backward()) as unknown as () => number;
    expect(() => new optim.LBFGS([x]).step(nothing)).toThrow(/closure must return the loss.*undefined/);
  });
});

describe("SWATS", () => {
  const options = { lr: 0.1, threshold: 0.05, thresholdMode: "rel", earliestSwitch: 5 } as const;

  test("takes Adam's steps to the bit until it switches, then SGD's with the rate Λ", () => {
    const [x, y] = [leaf([3, -2]), leaf([3, -2])];
    const [swats, adam] = [new optim.SWATS([x], options), new optim.Adam([y], { lr: 0.1 })];
    let steps = 0;
    while (swats.phase === "adam" && steps < 500) {
      descend(swats, [x], 1);
      descend(adam, [y], 1);
      steps++;
      expect(x.data).toEqual(y.data);
    }
    const { switchedAt, switchedLr, gamma, estimate } = swats.progress[0]!;
    expect(switchedAt).toBe(steps);
    expect(steps).toBeGreaterThanOrEqual(5);
    expect(switchedLr).toBe(estimate);
    expect(Math.abs(estimate! - gamma!)).toBeLessThan(0.05 * estimate!);
    expect(swats.switchedLr).toBe(switchedLr);
    const sgd = new optim.SGD([y], { lr: 0.1 * switchedLr!, momentum: 0.9 });
    descend(swats, [x], 10);
    descend(sgd, [y], 10);
    for (const [i, value] of x.data.entries()) expect(value).toBeCloseTo(y.data[i]!, 12);
    expect(swats.progress[0]!.step).toBe(steps + 10);
  });

  test("γ is the rate with which SGD's step would project to Adam's", () => {
    const x = leaf([0, 0]);
    const optimizer = new optim.SWATS([x], { lr: 0.1, eps: 0 });
    stepAlong(optimizer, x, [1, 2]);
    // p = (−0.1, −0.1), g = (1, 2): γ = 0.02/0.3.
    expect(optimizer.progress[0]!.gamma).toBeCloseTo(0.02 / 0.3, 12);
  });

  test("γ is one number for all parameters of a group, whatever their number and length", () => {
    const whole = leaf([1, -2, 3, -4, 5]);
    const parts = [leaf([1, -2, 3]), leaf([-4, 5])];
    const [a, b] = [new optim.SWATS([whole]), new optim.SWATS(parts)];
    for (let i = 0; i < 5; i++) {
      descend(a, [whole], 1);
      descend(b, parts, 1);
    }
    expect(a.progress[0]!.gamma).toBeCloseTo(b.progress[0]!.gamma!, 14);
    const single = leaf([1, -2, 3, -4, 5], "float32");
    const c = new optim.SWATS([single]);
    descend(c, [single], 5);
    expect(c.progress[0]!.estimate).toBeCloseTo(a.progress[0]!.estimate!, 6);
  });

  test("groups switch each on its own", () => {
    const [a, b] = [leaf([1, 2]), leaf([1])];
    const optimizer = new optim.SWATS([
      { params: [a], ...options },
      { params: [b], lr: 0.1 },
    ]);
    descend(optimizer, [a, b], 400);
    expect(optimizer.progress.map(({ phase }) => phase)).toEqual(["sgd", "adam"]);
    expect(optimizer.phase).toBe("adam");
  });

  test("after the switch a change of lr scales Λ in proportion", () => {
    const run = (lr: number) => {
      const x = leaf([3, -2]);
      const optimizer = new optim.SWATS([x], options);
      while (optimizer.phase === "adam") descend(optimizer, [x], 1);
      optimizer.paramGroups[0]!.lr = lr;
      const before = x.get(0).item();
      stepAlong(optimizer, x, [1, 1]);
      return before - x.get(0).item();
    };
    expect(run(0.05)).toBeCloseTo(run(0.1) / 2, 12);
  });

  test("a run resumed after the switch gives the same bits", () => {
    const x = leaf([3, -2]);
    const optimizer = new optim.SWATS([x], options);
    while (optimizer.phase === "adam") descend(optimizer, [x], 1);
    descend(optimizer, [x], 3);
    const y = x.detach().clone().requiresGrad_();
    const resumed = new optim.SWATS([y]);
    resumed.loadStateDict(JSON.parse(JSON.stringify(optimizer.stateDict())));
    expect(resumed.progress).toEqual(optimizer.progress);
    descend(optimizer, [x], 5);
    descend(resumed, [y], 5);
    expect(y.data).toEqual(x.data);
    const broken = optimizer.stateDict();
    Object.assign(broken.paramGroups[0]!, { progress: { phase: "rest" } });
    expect(() => resumed.loadStateDict(broken)).toThrow(/"adam" or "sgd"/);
  });
});
