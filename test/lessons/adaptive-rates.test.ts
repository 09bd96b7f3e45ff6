// The chapter "One learning rate is not enough": every number its text states is what its own cells compute.
import { beforeAll, describe, expect, test } from "vitest";
import { optim, type Tensor, tensor } from "../../src/engine/index.ts";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const run = await Chapter.open("adaptive-rates");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 75, quizzes: 10 });

test("the run-on-load cell shows the valley and the loss before the reader does anything", () => {
  expect(run.outputs("first-look", "plot")).toHaveLength(2);
});

interface Run {
  w: number[];
  b: number[];
  excess: number[];
}

type Rule = (g: number, t: number) => number;
type Method = () => Rule;
type Maker = (eta: number) => Method;
const descend = (method: Method, updates: number) =>
  run.get<(method: Method, updates: number) => Run>("runner", "descend")(method, updates);
const gradientDescent = (eta: number) => run.get<Maker>("runner", "gradientDescent")(eta);
const rms = (eta: number) => run.get<Maker>("rms", "rms")(eta);
const adagrad = (eta: number) => run.get<Maker>("cure", "adagrad")(eta);
const rmsprop = (eta: number) => run.get<Maker>("circles", "rmsprop")(eta);
const adam = (eta: number) => run.get<Maker>("adam-rule", "adam")(eta);
const decayed = (method: Method) => run.get<(method: Method) => Method>("cure", "decayed")(method);

interface Valley {
  curvatures: [number, number];
  conditionNumber: number;
  largestStableRate: number;
  minimum: [number, number];
  lossAtMinimum: number;
}
const valley = () => run.get<Valley>("valley", "valley");

type Attempt = Record<"after 100 updates" | "after 100 000" | "b then", number>;
const attempt = (row: number) => run.get<Attempt[]>("hopeless", "hopeless")[row]!;

const rmsRun = () => run.get<Run>("rms", "rmsRun");
const explosion = () =>
  run.get<{
    first: number;
    peak: number;
    lowerThanBefore: number;
    inAll: number;
    below1: number;
  }>("explosion", "explosion");
const autopsy = () => run.get<Record<string, number>>("autopsy", "autopsy");
const cured = () => run.get<Record<string, number>>("cure", "cured");
const remembered = () => run.get<Record<"mean" | "fading", number[]>>("memories", "remembered");
const fourGradients = () => run.get<Record<"mean" | "sum" | "fading", number[]>>("memories", "fourGradients");
const circles = () =>
  run.get<{ atTheEnd: number; lastW: number[]; tenTimesTheRate: number; decayed: number }>(
    "circles",
    "circles",
  );
const uncorrected = () => run.get<Record<string, number>>("fair-start", "uncorrected");

interface Place {
  method: string;
  "below 1 at step": number | "never";
  "blow-ups": number;
  "first at": number | "none";
}
const place = (row: number) => run.get<Place[]>("league", "league")[row]!;
const below1 = (row: number) => Number(place(row)["below 1 at step"]);

type Rare = Record<"loss where it is present" | "loss on all" | "its weight", number>;
const rare = (row: number) => run.get<Rare[]>("rare", "rarely")[row]!;
const silence = (row: number) =>
  run.get<Record<"silent steps" | "RMSProp 0.999" | "Adam", number>[]>("silence", "silences")[row]!;
const tuned = () => run.get<{ method: string; "test loss": number }[]>("tuned", "tuned");

const onTurnedBowl = (method: Method, degrees: number) =>
  run.get<(method: Method, angle: number) => { steps: number }>("rotation", "onTurnedBowl")(method, degrees)
    .steps;
const turning = (name: string) => run.get<Record<string, Method>>("rotation", "turning")[name]!;
const turnedSteps = (name: string, degrees: number) => onTurnedBowl(turning(name), degrees);

const forgetful = () => run.get<Record<"adam" | "amsgrad", number[]>>("forgets", "forgetful");

interface Learned {
  "training error": number;
  "test error": number;
  w1: number;
  w2: number;
  w3: number;
}
const learned = (row: number) => run.get<Learned[]>("wilson", "generalise")[row]!;

/** Steps of gradient descent from one excess to another, both on the valley floor. */
const stepsOnTheFloor = (from: number, to: number, eta: number) =>
  Math.log(from / to) / (-2 * Math.log(1 - eta * valley().curvatures[0]));

const claims: Claim[] = [
  // A1
  {
    text: "the curvatures along the two axes of the bowl: $0.4286$ along the valley and\n$192\\,502$ across it",
    values: () => [valley().curvatures[0], Math.round(valley().curvatures[1])],
  },
  { text: "the **condition number**, is $449\\,174$", values: () => [Math.round(valley().conditionNumber)] },
  {
    text: "here $2/192\\,502 = 1.039 \\cdot 10^{-5}$",
    values: () => [2, Math.round(valley().curvatures[1]), valley().largestStableRate],
  },
  { text: "$L$ minus its lowest value of $199.5$", values: () => [valley().lossAtMinimum] },
  {
    text: "The excess loss is 3.7 million at the start, and after the quick drop about 2087.",
    values: () => [attemptAtStart() / 1e6, Math.round(attempt(1)["after 100 updates"])],
  },
  {
    text: "leave an excess of $885.6$, with $b$ at $-84.4$ on its way to $-148.67$",
    values: () => [attempt(0)["after 100 000"], attempt(0)["b then"], valley().minimum[1]],
  },
  {
    text: "leave $1915.4$, a hundred times smaller ones $2069.0$, and there $b$ has moved from $-50$ to $-50.4$",
    values: () => [attempt(1)["after 100 000"], attempt(2)["after 100 000"], -50, attempt(2)["b then"]],
  },
  { text: "with $0.394$ left at the end", values: () => [attempt(3)["after 100 000"]] },
  // A2
  {
    text: "After $639$ updates the excess is $487$",
    values: () => {
      const before = rmsRun().excess.slice(0, 654);
      return [before.indexOf(Math.min(...before)), Math.round(Math.min(...before))];
    },
  },
  {
    text: "the power of ten of the excess loss; at step 639 it is 2.7",
    values: () => [639, Math.log10(rmsRun().excess[639]!)],
  },
  {
    text: "the loss rises from $487$ to $1.63$ million",
    values: () => [Math.round(rmsRun().excess[639]!), explosion().peak / 1e6],
  },
  {
    text: "At step $654$ the excess has passed a hundred times its lowest value; at step $681$\nit is lower than it ever was",
    values: () => [explosion().first, explosion().lowerThanBefore],
  },
  { text: "it is below $1$ at step $2630$", values: () => [1, explosion().below1] },
  { text: "there are $12$ such blow-ups", values: () => [explosion().inAll] },
  // A4
  {
    text: "The curvature there is $h = 192\\,500$",
    values: () => [run.get<number>("runner", "hww")],
  },
  { text: "the number is $0.161$: very safe", values: () => [autopsy()["atStart"]!] },
  { text: "At step $458$ it crosses", values: () => [autopsy()["crossing"]!] },
  {
    text: "At step $640$, with the number at $2.364$",
    values: () => [640, autopsy()["at640"]!],
  },
  {
    text: "at step $660$ the number is down to $2.053$",
    values: () => [660, autopsy()["at660"]!],
  },
  // A3, A8
  {
    text: "They pass below $1$ at step $3799$, and there are $0$ blow-ups",
    values: () => [1, cured()["below1"]!, cured()["blowUps"]!],
  },
  {
    text: "With $\\eta = 1$ in place of $10$ the brake wins: after 10 000 updates $788.0$ is left",
    values: () => [1, 10, 10_000, cured()["η = 1, after 10 000"]!],
  },
  {
    text: "$b$ was at $-88.0$, not half-way from $-50$ to $-148.67$",
    values: () => [cured()["b there"]!, -50, valley().minimum[1]],
  },
  // A5, A6
  {
    text: "jumps to $1.58$, the mean only to $0.71$; at the end of the burst they stand at $4.04$ and $2.04$",
    values: () => [
      remembered().fading[50]!,
      remembered().mean[50]!,
      remembered().fading[59]!,
      remembered().mean[59]!,
    ],
  },
  {
    text: "RMSProp is down at $0.306$ and the mean still at $1.51$",
    values: () => [remembered().fading[109]!, remembered().mean[109]!],
  },
  {
    text: "the sizes are $4, 3.5355, 2.8868, 2.5495$ with the mean, $4, 5, 5, 5.0990$ with the sum, and $4, 3.9115, 3.7108, 3.5345$ with RMSProp",
    values: () => [...fourGradients().mean, ...fourGradients().sum, ...fourGradients().fading],
  },
  {
    text: "stays at an excess of $242.0$ for good, with $w$ hopping between $2.445$ and $2.545$",
    values: () => [circles().atTheEnd, Math.min(...circles().lastW), Math.max(...circles().lastW)],
  },
  {
    text: "the run ends at $2.4$, without it at $24\\,200$",
    values: () => [circles().decayed, Math.round(circles().tenTimesTheRate)],
  },
  // A7
  {
    text: "the first step is $3.16$ times as long as it should be, the twelfth $6.57$ times, and after a thousand steps it is still $1.26$ times",
    values: () => {
      expect(uncorrected()["atStep"]).toBe(12);
      return [uncorrected()["first"]!, uncorrected()["longest"]!, uncorrected()["last"]!];
    },
  },
  { text: "the first steps are up to $6.6$ times too long", values: () => [uncorrected()["longest"]!] },
  // The league of A2
  {
    text: "Adam passes below $1$ first, at step $1670$, the root mean square method at $2630$, Adagrad at $3799$.",
    values: () => [1, below1(5), below1(2), below1(3)],
  },
  { text: "at step $5496$ it has its first small burst", values: () => [Number(place(5)["first at"])] },
  {
    text: "(its first comes at step $16\\,215$) and needs until $5957$",
    values: () => {
      expect(place(6)["blow-ups"]).toBe(0);
      return [run.get<number[]>("league", "gentle")[0]!, below1(6)];
    },
  },
  // D3
  {
    text: "The rare feature occurs $40$ times. On these examples gradient descent with a rate of $0.1$ ends at a loss of $0.336$; at $0.5$ it is better there, $0.092$",
    values: () => [
      run.get<number[]>("rare", "present").length,
      0.1,
      rare(0)["loss where it is present"],
      0.5,
      rare(1)["loss where it is present"],
    ],
  },
  {
    text: "rises from $0.650$ to $0.752$",
    values: () => [rare(0)["loss on all"], rare(1)["loss on all"]],
  },
  {
    text: "Adagrad has $0.054$ and the root mean square $0.013$",
    values: () => [rare(2)["loss where it is present"], rare(3)["loss where it is present"]],
  },
  // D5, D6
  {
    text: "RMSProp's first step is $31.6$ times $\\eta$, however long the silence was. Adam's is $0.98$ after $100$ silent steps and $2.52$ after $1000$",
    values: () => {
      expect(silence(1)["RMSProp 0.999"]).toBe(silence(0)["RMSProp 0.999"]);
      return [silence(0)["RMSProp 0.999"], silence(0)["Adam"], 100, silence(1)["Adam"], 1000];
    },
  },
  {
    text: "test losses of $0.2893$, $0.2910$, $0.2883$ and $0.2884$",
    values: () => tuned().map((row) => row["test loss"]),
  },
  // A9
  {
    text: "At $0°$ Adagrad needs $193$ steps until the loss is a millionth of what it was, Adam $261$, momentum $2133$.",
    values: () => [0, ...["Adagrad", "Adam", "momentum 0.9"].map((name) => turnedSteps(name, 0))],
  },
  {
    text: "At $45°$ Adagrad is not there after 20 000 steps and Adam needs $2425$. Momentum needs $2133$",
    values: () => {
      expect(turnedSteps("Adagrad", 45)).toBe(Infinity);
      return [45, 20_000, turnedSteps("Adam", 45), turnedSteps("momentum 0.9", 45)];
    },
  },
  // D2
  { text: "Adam ends at $0.987$", values: () => [forgetful().adam[49_999]!] },
  { text: "and ends at $-0.997$", values: () => [forgetful().amsgrad[49_999]!] },
  // D1
  {
    text: "give the first feature a weight of $0.94$",
    values: () => {
      expect(learned(1).w1).toBeCloseTo(learned(0).w1, 6);
      return [learned(0).w1];
    },
  },
  {
    text: "make every weight equally large, $0.25$ for the first three",
    values: () => {
      for (const row of [2, 3, 4])
        for (const weight of [learned(row).w1, learned(row).w2, learned(row).w3])
          expect(weight).toBeCloseTo(0.25, 4);
      return [learned(2).w1];
    },
  },
  {
    text: "their error is $0.365$, the share of the minority",
    values: () => {
      for (const row of [2, 3, 4]) expect(learned(row)["test error"]).toBe(0.365);
      return [run.get<number>("wilson", "minority")];
    },
  },
  // L-BFGS
  {
    text: "After $5$ gradients the run is at the minimum, and the excess is below $10^{-12}$.",
    values: () => {
      const last = run.get<{ gradients: number; "excess loss": number }[]>("lbfgs", "iterations")[4]!;
      expect(last["excess loss"]).toBeLessThan(1e-12);
      return [last.gradients, 10, -12];
    },
  },
];

const attemptAtStart = () => run.get<{ run: Run }[]>("hopeless", "attempts")[0]!.run.excess[0]!;

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("neither of the two methods of the beginning reaches the minimum, and too large a rate diverges", () => {
    for (const rate of [1e-7, 1e-6, 1e-5])
      expect(descend(gradientDescent(rate), 2000).excess[2000]).toBeGreaterThan(1000);
    const momentum = run.get<(eta: number, lambda: number) => Method>("runner", "momentum");
    for (const rate of [1e-7, 1e-6, 1e-5, 1.9e-5])
      expect(descend(momentum(rate, 0.9), 2000).excess[2000]).toBeGreaterThan(1000);
    expect(descend(momentum(2.1e-5, 0.9), 200).excess[200]).toBeGreaterThan(1e9);
    expect(run.get<Run>("hopeless", "beyond").excess[1000]).toBeGreaterThan(1e20);
  });

  test("the picture's valley is that of the regression", () => {
    const bottom = run.get<{ w: number; b: number }>("first-look", "bottom");
    expect(bottom.w).toBeCloseTo(valley().minimum[0], 12);
    expect(bottom.b).toBeCloseTo(valley().minimum[1], 10);
  });

  test("gradient descent would need 170 000 updates for what root mean square does in 639, and 900 000 to the end", () => {
    const from = attempt(1)["after 100 updates"];
    expect(stepsOnTheFloor(from, 487, 1e-5) / 1e4).toBeCloseTo(17, 0);
    expect(stepsOnTheFloor(from, 1, 1e-5) / 1e5).toBeCloseTo(8.9, 1);
  });

  test("the first step of root mean square scaling is η in both parameters", () => {
    expect(Math.abs(rmsRun().w[1]! - rmsRun().w[0]!)).toBeCloseTo(1, 9);
    expect(Math.abs(rmsRun().b[1]! - rmsRun().b[0]!)).toBeCloseTo(1, 9);
  });

  test("during the explosion w swings from wall to wall while b goes on", () => {
    const { w, b } = rmsRun();
    for (let t = 648; t < 658; t++) {
      const [one, next] = [w[t]! - valley().minimum[0], w[t + 1]! - valley().minimum[0]];
      expect(one * next).toBeLessThan(0);
    }
    for (let t = 600; t < 640; t++) expect(b[t + 1]).toBeLessThan(b[t]!);
    expect(Math.abs(b[681]! - b[639]!)).toBeLessThan(10);
  });

  test("the library's run, with other rounding, crosses at 458 as well and explodes a little earlier, once more", () => {
    const loss = run.get<(p: Tensor) => Tensor>("valley", "loss");
    const p = tensor([-4, -50], { dtype: "float64", requiresGrad: true });
    const library = new optim.LectureAdagrad([p], { lr: 1 });
    const excess: number[] = [];
    let crossing = -1;
    for (let t = 0; t < 10_000; t++) {
      library.zeroGrad();
      const value = loss(p);
      excess.push(value.item() - valley().lossAtMinimum);
      value.backward();
      library.step();
      const sigma = library.sigma(p)!.get(0).item();
      if (crossing < 0 && 192_500 / sigma > 2) crossing = t;
    }
    expect(crossing).toBe(autopsy()["crossing"]);
    const starts = run.get<(excess: number[]) => number[]>("explosion", "blowUps")(excess);
    expect(starts[0]).not.toBe(explosion().first);
    expect(Math.abs(starts[0]! - explosion().first)).toBeLessThan(10);
    expect(starts.length).toBe(explosion().inAll + 1);
  });

  test("the root mean square method with the decay is Adagrad up to rounding", () => {
    expect(cured()["largestDifference"]).toBeLessThan(1e-8);
  });

  test("Adagrad's rates never rise, and gradients of 0.01 get a boost for 10 000 steps", () => {
    const rule = adagrad(1)();
    const moves = Array.from({ length: 10_001 }, (_, t) => -rule(0.01, t) / 0.01);
    expect(moves.every((move, t) => t === 0 || move < moves[t - 1]!)).toBe(true);
    expect(moves[9_998]).toBeGreaterThan(1);
    expect(moves[10_000]).toBeLessThan(1);
  });

  test("with bias correction a step is η at any scale", () => {
    const lengths = run.get<(g: number, corrected: boolean) => number[]>("fair-start", "stepLengths");
    for (const g of [1e-3, 1, 1e3]) for (const length of lengths(g, true)) expect(length).toBeCloseTo(1, 4);
  });

  test("of the company only Adam, root mean square and Adagrad get below 1, and the latter never bursts", () => {
    const never = [0, 1, 4].map((row) => place(row)["below 1 at step"]);
    expect(never).toEqual(["never", "never", "never"]);
    expect(place(3)["blow-ups"]).toBe(0);
    expect(place(7)["below 1 at step"]).toBe("never");
  });

  test("three ways of the lab's hint cross the valley without an excursion, within 4000 updates", () => {
    for (const method of [adagrad(10), decayed(rms(10)), adam(1)]) {
      let [lowest, worst] = [Infinity, 0];
      const { excess } = descend(method, 4000);
      for (const value of excess) {
        lowest = Math.min(lowest, Math.max(1, value));
        worst = Math.max(worst, value / lowest);
      }
      expect(Math.min(...excess)).toBeLessThan(1);
      expect(worst).toBeLessThan(1000);
    }
    expect(Math.min(...descend(rmsprop(0.1), 4000).excess)).toBeGreaterThan(100);
  });

  test("momentum needs as many steps at any angle, gradient descent never arrives", () => {
    for (const angle of [5, 20, 60, 90]) {
      expect(Math.abs(turnedSteps("momentum 0.9", angle) - 2133)).toBeLessThanOrEqual(1);
      expect(onTurnedBowl(gradientDescent(2 / 100.01), angle)).toBe(Infinity);
    }
    expect(onTurnedBowl(gradientDescent(2 / 100.01), 0)).toBe(Infinity);
  });

  test("all five methods learn the training examples, and those without own rates the test examples", () => {
    for (const row of [0, 1, 2, 3, 4]) expect(learned(row)["training error"]).toBe(0);
    for (const row of [0, 1]) expect(learned(row)["test error"]).toBe(0);
  });
});

test("has quizzes of all five kinds", () => {
  const kinds = run.lesson.blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
  expect(new Set(kinds)).toEqual(new Set(["choice", "multiple", "numeric", "short", "trace"]));
});
