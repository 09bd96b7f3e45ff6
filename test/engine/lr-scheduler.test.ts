// What schedules promise beyond PyTorch's numbers: combining, changing by hand, momentum, saving and resuming, the warm-ups.
/* oxlint-disable vitest/expect-expect -- some expectations are in expectRates */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EngineError, optim, tensor } from "../../src/engine/index.ts";

const { lrScheduler } = optim;
type Scheduler = optim.lrScheduler.LRScheduler;

const leaf = () => tensor([0], { dtype: "float64", requiresGrad: true });
const sgd = (lr = 1) => new optim.SGD([leaf()], { lr, momentum: 0.9 });
type AnyOptimizer = optim.lrScheduler.AnyOptimizer;

/** The rates of the first group for updates 0 … count − 1. */
function rates(optimizer: AnyOptimizer, scheduler: { step(): void }, count: number): number[] {
  return Array.from({ length: count }, () => {
    const { lr } = optimizer.paramGroups[0]!;
    optimizer.step();
    scheduler.step();
    return lr;
  });
}

function expectRates(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [t, lr] of actual.entries()) expect(lr, `update ${t}`).toBeCloseTo(expected[t]!, 12);
}

/** Every schedule that is stepped without a value. */
const makers: [name: string, make: (optimizer: AnyOptimizer) => Scheduler][] = [
  ["LambdaLR", (o) => new lrScheduler.LambdaLR(o, { lrLambda: (t) => 1 / (t + 1) })],
  ["MultiplicativeLR", (o) => new lrScheduler.MultiplicativeLR(o, { lrLambda: (t) => 1 - 0.1 / t })],
  ["StepLR", (o) => new lrScheduler.StepLR(o, { stepSize: 3, gamma: 0.5 })],
  ["MultiStepLR", (o) => new lrScheduler.MultiStepLR(o, { milestones: [2, 5, 5] })],
  ["ConstantLR", (o) => new lrScheduler.ConstantLR(o, { factor: 0.25 })],
  ["LinearLR", (o) => new lrScheduler.LinearLR(o, { endFactor: 0, totalIters: 7 })],
  ["ExponentialLR", (o) => new lrScheduler.ExponentialLR(o, { gamma: 0.9 })],
  ["PolynomialLR", (o) => new lrScheduler.PolynomialLR(o, { totalIters: 6, power: 1.5 })],
  ["CosineAnnealingLR", (o) => new lrScheduler.CosineAnnealingLR(o, { tMax: 4, etaMin: 0.01 })],
  [
    "CosineAnnealingWarmRestarts",
    (o) => new lrScheduler.CosineAnnealingWarmRestarts(o, { t0: 2, tMult: 2, etaMin: 0.01 }),
  ],
  ["OneCycleLR", (o) => new lrScheduler.OneCycleLR(o, { maxLr: 0.5, totalSteps: 40, threePhase: true })],
  [
    "CyclicLR",
    (o) => new lrScheduler.CyclicLR(o, { baseLr: 0.1, maxLr: 0.9, stepSizeUp: 3, stepSizeDown: 2 }),
  ],
  ["ConstantWarmupLR", (o) => new lrScheduler.ConstantWarmupLR(o, { warmupSteps: 4 })],
  ["GradualWarmupLR", (o) => new lrScheduler.GradualWarmupLR(o, { warmupSteps: 4 })],
  ["InverseSqrtLR", (o) => new lrScheduler.InverseSqrtLR(o, { warmupSteps: 4 })],
  [
    "SequentialLR",
    (o) =>
      new lrScheduler.SequentialLR(o, {
        schedulers: [
          new lrScheduler.GradualWarmupLR(o, { warmupSteps: 3 }),
          new lrScheduler.CosineAnnealingWarmRestarts(o, { t0: 4 }),
          new lrScheduler.ExponentialLR(o, { gamma: 0.5 }),
        ],
        milestones: [3, 9],
      }),
  ],
  [
    "ChainedScheduler",
    (o) =>
      new lrScheduler.ChainedScheduler([
        new lrScheduler.GradualWarmupLR(o, { warmupSteps: 5 }),
        new lrScheduler.CosineAnnealingLR(o, { tMax: 8 }),
      ]),
  ],
];

describe.each(makers)("%s", (_, make) => {
  test("a resumed schedule goes on with the same rates, also through JSON", () => {
    const straight = sgd(0.3);
    const expected = rates(straight, make(straight), 16);
    for (const stop of [1, 4, 7, 10]) {
      const [before, after] = [sgd(0.3), sgd(0.7)];
      const [first, second] = [make(before), make(after)];
      rates(before, first, stop);
      const text = JSON.stringify([before.stateDict(), first.stateDict()]);
      const [optimizerState, schedulerState] = JSON.parse(text) as [never, never];
      after.loadStateDict(optimizerState);
      second.loadStateDict(schedulerState);
      expect(JSON.stringify(second.stateDict())).toBe(JSON.stringify(first.stateDict()));
      expect(second.getLastLr()).toEqual([after.paramGroups[0]!.lr]);
      expect(rates(after, second, 16 - stop)).toEqual(expected.slice(stop));
    }
  });

  test("serves several groups and every optimiser with momentum or betas", () => {
    const adam = new optim.Adam([{ params: [leaf()] }, { params: [leaf()], lr: 0.2 }], { lr: 0.1 });
    const alone = sgd(0.1);
    const [scheduler, other] = [make(adam), make(alone)];
    for (let t = 0; t < 12; t++) {
      const [a, b] = adam.paramGroups;
      expect(a!.lr).toBeCloseTo(alone.paramGroups[0]!.lr, 14);
      expect(scheduler.getLastLr()).toEqual([a!.lr, b!.lr]);
      scheduler.step();
      other.step();
    }
  });

  test("a group that is added later is an error that says so", () => {
    const optimizer = sgd();
    const scheduler = make(optimizer);
    optimizer.addParamGroup({ params: [leaf()] });
    expect(() => scheduler.step()).toThrow(/made for 1 parameter groups, and now there are 2/);
  });
});

describe("the lectures' schedules", () => {
  test("constant warm-up: a tenth for W steps, then all at once", () => {
    const optimizer = sgd();
    const scheduler = new lrScheduler.ConstantWarmupLR(optimizer, { warmupSteps: 3 });
    expectRates(rates(optimizer, scheduler, 5), [0.1, 0.1, 0.1, 1, 1]);
  });

  test("gradual warm-up: the first update moves, and update W − 1 has the whole rate", () => {
    const optimizer = sgd();
    const scheduler = new lrScheduler.GradualWarmupLR(optimizer, { warmupSteps: 4 });
    expectRates(rates(optimizer, scheduler, 6), [0.25, 0.5, 0.75, 1, 1, 1]);
  });

  test("inverse square root: η/√(t + 1), or after a warm-up with its peak at W − 1", () => {
    const optimizer = sgd();
    expectRates(rates(optimizer, new lrScheduler.InverseSqrtLR(optimizer), 4), [
      1,
      1 / Math.sqrt(2),
      1 / Math.sqrt(3),
      0.5,
    ]);
    const warm = sgd();
    const seen = rates(warm, new lrScheduler.InverseSqrtLR(warm, { warmupSteps: 10 }), 41);
    expectRates([seen[0]!, seen[9]!, seen[10]!, seen[39]!], [0.1, 1, Math.sqrt(10 / 11), 0.5]);
  });

  test("warm up, then decay: the factors multiply, or one follows the other", () => {
    const [a, b, c] = [sgd(), sgd(), sgd()];
    const chained = new lrScheduler.ChainedScheduler([
      new lrScheduler.GradualWarmupLR(a, { warmupSteps: 4 }),
      new lrScheduler.ExponentialLR(a, { gamma: 0.5 }),
    ]);
    expectRates(rates(a, chained, 6), [0.25, 0.25, 0.1875, 0.125, 0.0625, 0.03125]);
    const sequential = new lrScheduler.SequentialLR(b, {
      schedulers: [
        new lrScheduler.GradualWarmupLR(b, { warmupSteps: 4 }),
        new lrScheduler.ExponentialLR(b, { gamma: 0.5 }),
      ],
      milestones: [4],
    });
    expectRates(rates(b, sequential, 7), [0.25, 0.5, 0.75, 1, 1, 0.5, 0.25]);
    const nested = new lrScheduler.SequentialLR(c, {
      schedulers: [
        new lrScheduler.ConstantLR(c, { factor: 0.5, totalIters: 9 }),
        new lrScheduler.ChainedScheduler([
          new lrScheduler.ExponentialLR(c, { gamma: 0.5 }),
          new lrScheduler.LinearLR(c, { startFactor: 0.5, totalIters: 2 }),
        ]),
      ],
      milestones: [2],
    });
    expectRates(rates(c, nested, 6), [0.5, 0.5, 0.5, 0.375, 0.25, 0.125]);
  });
});

describe("PyTorch's rules that its reference cases do not show", () => {
  test("a rate changed by hand is where the next factor starts, but not for schedules with a formula", () => {
    const [a, b] = [sgd(), sgd()];
    const exponential = new lrScheduler.ExponentialLR(a, { gamma: 0.5 });
    const lambda = new lrScheduler.LambdaLR(b, { lrLambda: (t) => 0.5 ** t });
    for (const optimizer of [a, b]) optimizer.paramGroups[0]!.lr = 100;
    exponential.step();
    lambda.step();
    expect([a.paramGroups[0]!.lr, b.paramGroups[0]!.lr]).toEqual([50, 0.5]);
  });

  test("a second schedule starts from the initial rate, not from what the first has made of it", () => {
    const optimizer = sgd();
    const first = new lrScheduler.ConstantLR(optimizer, { factor: 0.5 });
    const second = new lrScheduler.LambdaLR(optimizer, { lrLambda: () => 1 });
    expect([first.baseLrs, second.baseLrs]).toEqual([[1], [1]]);
    expect(optimizer.paramGroups[0]!.initialLr).toBe(1);
  });

  test("MultiplicativeLR multiplies from the first step on", () => {
    const optimizer = sgd();
    const scheduler = new lrScheduler.MultiplicativeLR(optimizer, { lrLambda: (t) => 1 / t });
    expectRates(rates(optimizer, scheduler, 5), [1, 1, 1 / 2, 1 / 6, 1 / 24]);
  });

  test("one function for each group", () => {
    const optimizer = new optim.SGD([{ params: [leaf()] }, { params: [leaf()], lr: 2 }], { lr: 1 });
    const scheduler = new lrScheduler.LambdaLR(optimizer, { lrLambda: [(t) => 1 / (1 + t), () => 3] });
    scheduler.step();
    expect(scheduler.getLastLr()).toEqual([0.5, 6]);
  });

  test("warm restarts may be stepped to a place between epochs, forth and back", () => {
    const optimizer = sgd();
    const scheduler = new lrScheduler.CosineAnnealingWarmRestarts(optimizer, { t0: 4, tMult: 2 });
    const at = (epoch: number) => {
      scheduler.step(epoch);
      return optimizer.paramGroups[0]!.lr;
    };
    // cos(π·2/4) = 0; epochs 4 … 11 are the second cycle, 12 … 27 the third.
    expectRates([at(2), at(8), at(20), at(0), at(4), at(12.0)], [0.5, 0.5, 0.5, 1, 1, 1]);
    expect(at(1.5)).toBeCloseTo((1 + Math.sqrt(2 - Math.SQRT2) / 2) / 2, 12);
    scheduler.step(7);
    scheduler.step();
    expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(0.5, 12);
    expect(scheduler.lastEpoch).toBe(8);
  });

  test("one cycle moves Adam's β₁ against the rate, from maxMomentum to baseMomentum and back", () => {
    const optimizer = new optim.Adam([leaf()], { betas: [0.5, 0.99] });
    const scheduler = new lrScheduler.OneCycleLR(optimizer, {
      maxLr: 1,
      epochs: 2,
      stepsPerEpoch: 5,
      pctStart: 0.5,
      annealStrategy: "linear",
    });
    const seen: [number, number][] = [];
    for (let t = 0; t < 10; t++) {
      const { lr, betas } = optimizer.paramGroups[0]!;
      expect(betas[1]).toBe(0.99);
      seen.push([lr, betas[0]]);
      scheduler.step();
    }
    expectRates(seen[0]!, [1 / 25, 0.95]);
    expectRates(seen[4]!, [1, 0.85]);
    expectRates(seen[9]!, [1 / 25 / 1e4, 0.95]);
    expectRates([optimizer.paramGroups[0]!.lr], [1 / 25 / 1e4]);
    expect(() => scheduler.step()).toThrow(/cycle of 10 steps is over/);
  });

  test("cyclic rates: straight, halved each cycle, shrinking each step, by a function", () => {
    const heights = (options: object) => {
      const optimizer = sgd();
      const bounds = { baseLr: 0, maxLr: 1, stepSizeUp: 2, cycleMomentum: false };
      return rates(optimizer, new lrScheduler.CyclicLR(optimizer, { ...bounds, ...options }), 9);
    };
    expectRates(heights({}), [0, 0.5, 1, 0.5, 0, 0.5, 1, 0.5, 0]);
    expectRates(heights({ mode: "triangular2" }), [0, 0.5, 1, 0.5, 0, 0.25, 0.5, 0.25, 0]);
    expectRates(
      heights({ mode: "expRange", gamma: 0.5 }),
      [0, 0.5, 1, 0.5, 0, 0.5, 1, 0.5, 0].map((height, t) => height / 2 ** t),
    );
    expectRates(
      heights({ scaleFn: (cycle: number) => 1 / cycle ** 2 }),
      [0, 0.5, 1, 0.5, 0, 0.125, 0.25, 0.125, 0],
    );
    expectRates(heights({ stepSizeDown: 1 }), [0, 0.5, 1, 0, 0.5, 1, 0, 0.5, 1]);
  });

  test("cyclic momentum is highest where the rate is lowest", () => {
    const optimizer = sgd();
    const scheduler = new lrScheduler.CyclicLR(optimizer, { baseLr: 0.1, maxLr: 1, stepSizeUp: 2 });
    const momentum = () => optimizer.paramGroups[0]!.momentum;
    expect(momentum()).toBeCloseTo(0.9, 14);
    scheduler.step();
    scheduler.step();
    expect(momentum()).toBeCloseTo(0.8, 14);
  });

  test("a plateau lowers the rate after more than `patience` epochs, and NaN is never better", () => {
    const optimizer = sgd();
    const scheduler = new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5, minLr: 0.2 });
    const seen: number[] = [];
    for (const loss of [1, 1, 1, Number.NaN, Number.NaN, 0.5, tensor(0.6), 0.6, 0.6, 0.6]) {
      scheduler.step(loss);
      seen.push(optimizer.paramGroups[0]!.lr);
    }
    expect(seen).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2]);
    expect(scheduler.best).toBe(0.5);
    const [before, after] = [sgd(), sgd()];
    const [first, second] = [before, after].map(
      (each) => new lrScheduler.ReduceLROnPlateau(each, { patience: 2 }),
    );
    for (const loss of [3, 2, 2, 2]) first!.step(loss);
    second!.loadStateDict(JSON.parse(JSON.stringify(first!.stateDict())));
    second!.step(2);
    expect(after.paramGroups[0]!.lr).toBeCloseTo(0.1, 14);
  });

  test("resuming by lastEpoch needs the initial rate and does not change the present one", () => {
    expect(() => new lrScheduler.StepLR(sgd(), { stepSize: 2, lastEpoch: 5 })).toThrow(/initialLr/);
    const optimizer = new optim.SGD([{ params: [leaf()], lr: 0.25, initialLr: 1 }]);
    const scheduler = new lrScheduler.StepLR(optimizer, { stepSize: 2, gamma: 0.5, lastEpoch: 3 });
    expect(scheduler.lastEpoch).toBe(4);
    expectRates(rates(optimizer, scheduler, 4), [0.25, 0.25, 0.125, 0.125]);
  });

  test("the cosine never leaves its bounds, however long it runs", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (tMax, etaMin) => {
          const optimizer = sgd();
          const seen = rates(
            optimizer,
            new lrScheduler.CosineAnnealingLR(optimizer, { tMax, etaMin }),
            6 * tMax + 2,
          );
          expect(Math.min(...seen)).toBeGreaterThanOrEqual(etaMin - 1e-12);
          expect(Math.max(...seen)).toBeLessThanOrEqual(1 + 1e-12);
          for (const round of [0, 1, 2, 3]) expect(seen[2 * tMax * round]).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  test("a schedule of one's own", () => {
    class Halving extends lrScheduler.LRScheduler<{ every: number }> {
      constructor(optimizer: AnyOptimizer, options: { every?: number } = {}) {
        super("Halving", optimizer, options, { every: 2 });
        this.start();
      }
      protected override checkSettings({ every }: { every: number }): void {
        if (every < 1) throw new Error("every must be ≥ 1");
      }
      protected override nextLr(_: number, baseLr: number): number {
        return baseLr / 2 ** Math.floor(this.lastEpoch / this.settings.every);
      }
    }
    const optimizer = sgd();
    expectRates(rates(optimizer, new Halving(optimizer), 5), [1, 1, 0.5, 0.5, 0.25]);
  });
});

describe("wrong settings", () => {
  const untyped = (value: unknown) => value as never;
  const adagrad = () => new optim.Adagrad([leaf()]);
  const calls: [string, () => unknown, RegExp][] = [
    [
      "no optimiser",
      () => new lrScheduler.StepLR(untyped(leaf()), { stepSize: 1 }),
      /must be an optimiser.*a Tensor/,
    ],
    [
      "no options",
      () => new lrScheduler.StepLR(sgd(), untyped({})),
      /stepSize must be a whole number.*undefined/,
    ],
    [
      "PyTorch's spelling",
      () => new lrScheduler.StepLR(sgd(), untyped({ step_size: 1 })),
      /Did you mean stepSize/,
    ],
    ["T_max", () => new lrScheduler.CosineAnnealingLR(sgd(), untyped({ T_max: 1 })), /Did you mean tMax/],
    ["a fraction of an epoch", () => new lrScheduler.StepLR(sgd(), { stepSize: 1.5 }), /whole number/],
    ["NaN gamma", () => new lrScheduler.ExponentialLR(sgd(), { gamma: Number.NaN }), /gamma must be.*NaN/],
    [
      "milestones",
      () => new lrScheduler.MultiStepLR(sgd(), { milestones: untyped(5) }),
      /list of epochs, not 5/,
    ],
    ["a factor of 0", () => new lrScheduler.ConstantLR(sgd(), { factor: 0 }), /factor must be > 0/],
    [
      "a factor above 1",
      () => new lrScheduler.LinearLR(sgd(), { startFactor: 2 }),
      /startFactor must be.*≤ 1/,
    ],
    [
      "no warm-up",
      () => new lrScheduler.GradualWarmupLR(sgd(), { warmupSteps: 0 }),
      /warmupSteps must be.*≥ 1/,
    ],
    ["no function", () => new lrScheduler.LambdaLR(sgd(), { lrLambda: untyped(0.5) }), /function.*not 0\.5/],
    [
      "functions",
      () => new lrScheduler.LambdaLR(sgd(), { lrLambda: [() => 1, () => 1] }),
      /2 functions.*1 param/,
    ],
    [
      "a NaN factor",
      () => new lrScheduler.LambdaLR(sgd(), { lrLambda: () => Number.NaN }),
      /lrLambda\(0\).*NaN/,
    ],
    ["no length", () => new lrScheduler.OneCycleLR(sgd(), { maxLr: 1 }), /totalSteps, or both epochs and/],
    [
      "a strategy",
      () => new lrScheduler.OneCycleLR(sgd(), untyped({ maxLr: 1, totalSteps: 9, annealStrategy: "x" })),
      /"cos" or "linear"/,
    ],
    [
      "no momentum",
      () => new lrScheduler.OneCycleLR(adagrad(), { maxLr: 1, totalSteps: 9 }),
      /cycleMomentum: false/,
    ],
    [
      "no momentum",
      () => new lrScheduler.CyclicLR(adagrad(), { baseLr: 0, maxLr: 1 }),
      /cycleMomentum: false/,
    ],
    [
      "bounds",
      () => new lrScheduler.CyclicLR(sgd(), { baseLr: [0, 0], maxLr: 1 }),
      /baseLr has 2 values.*1 param/,
    ],
    [
      "a mode",
      () => new lrScheduler.CyclicLR(sgd(), untyped({ baseLr: 0, maxLr: 1, mode: "x" })),
      /"triangular" or/,
    ],
    [
      "a growing plateau",
      () => new lrScheduler.ReduceLROnPlateau(sgd(), { factor: 1 }),
      /factor must be < 1/,
    ],
    [
      "a plateau of nothing",
      () => new lrScheduler.ReduceLROnPlateau(sgd()).step(untyped(undefined)),
      /value to watch/,
    ],
    [
      "a negative epoch",
      () => new lrScheduler.CosineAnnealingWarmRestarts(sgd(), { t0: 3 }).step(-1),
      /epoch must/,
    ],
    ["nothing to chain", () => new lrScheduler.ChainedScheduler([]), /at least one schedule/],
    [
      "a plateau in a chain",
      () => new lrScheduler.ChainedScheduler([untyped(new lrScheduler.ReduceLROnPlateau(sgd()))]),
      /takes no value, not a ReduceLROnPlateau/,
    ],
    [
      "two optimisers",
      () =>
        new lrScheduler.ChainedScheduler([
          new lrScheduler.ConstantLR(sgd()),
          new lrScheduler.ConstantLR(sgd()),
        ]),
      /same optimiser/,
    ],
    [
      "too few milestones",
      () =>
        ((o) =>
          new lrScheduler.SequentialLR(o, {
            schedulers: [new lrScheduler.ConstantLR(o), new lrScheduler.ConstantLR(o)],
            milestones: [],
          }))(sgd()),
      /2 schedules need 1 milestones/,
    ],
    [
      "milestones in no order",
      () =>
        ((o) =>
          new lrScheduler.SequentialLR(o, {
            schedulers: Array.from({ length: 3 }, () => new lrScheduler.ConstantLR(o)),
            milestones: [5, 5],
          }))(sgd()),
      /milestones\[1\] must be a number ≥ 6/,
    ],
  ];
  test.each(calls)("%s", (_, call, message) => {
    expect(call).toThrow(EngineError);
    expect(call).toThrow(message);
  });

  test("a broken state is refused and changes nothing", () => {
    for (const [, make] of makers) {
      const optimizer = sgd();
      const scheduler = make(optimizer);
      scheduler.step();
      const before = JSON.stringify(scheduler.stateDict());
      expect(() => scheduler.loadStateDict(untyped(null))).toThrow(/must be an object/);
      for (const damage of [{ lastEpoch: "1" }, { baseLrs: [1, 2] }, { lastLr: null }, { unknown: 1 }]) {
        expect(() => scheduler.loadStateDict({ ...scheduler.stateDict(), ...damage })).toThrow(
          /loadStateDict: /,
        );
        expect(JSON.stringify(scheduler.stateDict())).toBe(before);
      }
    }
    expect(() => new lrScheduler.StepLR(sgd(), { stepSize: 1 }).loadStateDict(untyped(null))).toThrow(
      /object/,
    );
  });
});
