// The chapter "Where the gradient is zero": every number its text states is what its own cells compute.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { findCriticalPoints, type MinimumRatios } from "../../lessons/critical-points/minimum-ratio.ts";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const data = JSON.parse(
  readFileSync(new URL("../../lessons/critical-points/minimum-ratio.json", import.meta.url), "utf8"),
) as MinimumRatios;

const run = await Chapter.open("critical-points");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 75, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  for (const id of ["ball", "local-model"]) expect(run.outputs(id, "surface")).toHaveLength(1);
  expect(run.outputs("slice", "plot")).toHaveLength(1);
});

interface Inspected {
  loss: number;
  gradient: number[];
  hessian: number[][];
  eigenvalues: number[];
}
const inspected = (row: number) => run.get<Inspected[]>("by-machine", "inspected")[row]!;
const eigenvalues = (row: number) => inspected(row).eigenvalues;

interface Walked {
  s: number;
  predicted: number;
  true: number;
}
const walked = (row: number): Walked => run.get<Walked[]>("walk", "walked")[row]!;
const bothChanges = (row: number) => [walked(row).s, walked(row).predicted, walked(row).true];

type Escape = Record<"start" | "ln(1/ε) / ln 1.2" | "gradient descent" | "momentum 0.9" | "Adam", number>;
const escapes = () => run.get<Escape[]>("escape", "escapes");

type Deeper = Record<"two layers" | "three layers", number>;
const deeper = () => run.get<Deeper[]>("silent", "deeper");

interface Examined {
  loss: number;
  gradientNorm: number;
  eigenvalues: number[];
}
const oneUnit = () => run.get<Examined>("one-unit", "oneUnit");

interface Split {
  g: number;
  loss: number;
  gradientNorm: number;
  smallest: number;
  negative: number;
}
const splits = () => run.get<Split[]>("every-split", "splits");

const leaving = () => run.get<{ start: string; method: string; steps: number }[]>("leave-split", "leaving");

interface Descent {
  history: { step: number; loss: number; gradientNorm: number }[];
  last: { loss: number; gradientNorm: number };
  sharpness: number;
}
const stalled = () => run.get<Descent>("stall", "stalled");
const stalledAt = (step: number) => stalled().history.find((entry) => entry.step === step)!;

type Rate = Record<"learning rate" | "loss" | "gradient norm" | "sharpness" | "2 / learning rate", number>;
const rate = (row: number) => run.get<Rate[]>("rates", "rateTable")[row]!;

interface Searches {
  verified: number;
  "rank correlation": number;
  "with loss 0.270073": number;
  "of them minima": number;
  "mean ratio": number;
}
const searches = () => run.get<Searches[]>("real-points", "searches");

const randomMatrices = (row: number) =>
  run.get<{ allPositive: number; share: number; positiveEigenvalues: number }[]>(
    "random-hessians",
    "randomMatrices",
  )[row]!;
const goodFit = (row: number) => run.get<{ c: number; share: number }[]>("good-fit", "fits")[row]!.share;

const ends = () =>
  run.get<{ largest: number; smallest: number; productsUntilOnePerCent: number; productsOfLanczos: number }>(
    "products",
    "smallestFound",
  );

/** A slice of the loss through the origin of the two-weight network. */
const lossAt = (w1: number, w2: number) =>
  run.get<(w1: number, w2: number) => number>("walk", "lossAt")(w1, w2);

const claims: Claim[] = [
  // C1
  {
    text: "the loss there is 1, and a valley of loss 0 lies",
    values: () => [run.get<{ loss: number }>("diagonal", "diagonalEnd").loss, inspected(1).loss],
  },
  {
    text: "At $(0, 0)$ the loss is $1$, the gradient is $(0, 0)$, and the Hessian is $0$ on its diagonal and $-2$ off it.",
    values: () => {
      const { loss, gradient, hessian } = inspected(0);
      expect(hessian).toEqual([
        [0, -2],
        [-2, 0],
      ]);
      return [0, 0, loss, ...gradient, hessian[0]![0]!, hessian[0]![1]!];
    },
  },
  {
    text: "the loss is $4$ and the gradient $(4, -4)$",
    values: () => [inspected(4).loss, ...inspected(4).gradient],
  },
  { text: "At the origin the eigenvalues are $-2$ and $2$", values: () => eigenvalues(0) },
  {
    text: "$0$ and $4$ at $(1, 1)$, and $0$ and $8.5$ at $(2, 0.5)$",
    values: () => [...eigenvalues(1), 1, 1, ...eigenvalues(2), 2, 0.5],
  },
  {
    text: "At $(0.5, 0.5)$ they are $-0.5$ and $1.5$. That is no saddle: its gradient is $(-0.75, -0.75)$",
    values: () => [0.5, 0.5, ...eigenvalues(3), ...inspected(3).gradient],
  },
  { text: "on the slope, they are $-4$ and $8$", values: () => eigenvalues(4) },
  // C2
  {
    text: "At $s = 0.1$ model and truth agree well: $-0.0100$ against $-0.009975$.",
    values: () => bothChanges(0),
  },
  { text: "At $0.5$ it is $-0.25$ against $-0.234$", values: () => bothChanges(1) },
  {
    text: "at $1$ already\n$-1$ against $-0.75$",
    values: () => bothChanges(2),
  },
  {
    text: "the model says $-2$, which would make the loss negative; the truth is $-1$",
    values: () => bothChanges(3).slice(1),
  },
  {
    text: "At $s = 2$ the\nmodel says $-4$, and in truth nothing has been gained: $0$",
    values: () => bothChanges(4),
  },
  {
    text: "$0.1$ along the second eigenvector costs $0.010025$",
    values: () => [0.1, run.get<{ uphill: number }>("walk", "offTheAxis").uphill],
  },
  { text: "The loss is still $0.990025$.", values: () => [1 + walked(0).true] },
  { text: "At $s = 1$ the loss is $0.25$", values: () => [1, 1 + walked(2).true] },
  // C3
  {
    text: "Gradient descent takes $20, 33, 58, 83, 108$ and $159$ steps",
    values: () => escapes().map((row) => row["gradient descent"]),
  },
  {
    text: "is in the valley after $124$ steps",
    values: () => [run.get<number>("escape", "besideTheLine")],
  },
  {
    text: "from $10^{-6}$ it takes $65$ steps",
    values: () => [10, -6, escapes().find(({ start }) => start === 1e-6)!["momentum 0.9"]],
  },
  {
    text: "it always takes $20$ to $22$ steps",
    values: () => {
      const counts = escapes()
        .filter(({ start }) => start <= 1e-2)
        .map((row) => row["Adam"]);
      return [Math.min(...counts), Math.max(...counts)];
    },
  },
  // C4
  {
    text: "Both functions have eigenvalues $0$ and $2$",
    values: () => {
      const [bowl, pass] = run.get<{ eigenvalues: number[] }[]>("silent", "silent");
      expect(pass!.eigenvalues).toEqual(bowl!.eigenvalues);
      return bowl!.eigenvalues;
    },
  },
  {
    text: "it takes $53, 505, 5008$ and $50010$ steps",
    values: () => deeper().map((row) => row["three layers"]),
  },
  {
    text: "With two layers it was $20, 33, 45$ and $58$.",
    values: () => deeper().map((row) => row["two layers"]),
  },
  // C11
  {
    text: "The best single unit has $(a, w, b) = (1.258, 1.901, 0)$",
    values: () => [run.get<number>("one-unit", "a"), run.get<number>("one-unit", "w"), 0],
  },
  {
    text: "reaches a loss of $0.05226$",
    values: () => [oneUnit().loss],
  },
  {
    text: "eigenvalues are positive: $0.0176$, $0.305$, $1.515$ and $2.237$.",
    values: () => oneUnit().eigenvalues,
  },
  {
    text: "at $g = 0.5$ it is $-0.00565$",
    values: () => [0.5, splits().find(({ g }) => g === 0.5)!.smallest],
  },
  {
    text: "Without a push, gradient descent and Adam are still there after $30\\,000$ steps.",
    values: () => {
      expect(
        leaving()
          .slice(0, 2)
          .map(({ start, steps }) => [start, steps]),
      ).toEqual([
        ["exactly there", Infinity],
        ["exactly there", Infinity],
      ]);
      return [30_000];
    },
  },
  {
    text: "lowers the loss by very little, $2.826 \\cdot 10^{-5}$ as\npredicted and $2.818 \\cdot 10^{-5}$ in truth",
    values: () => [
      -run.get<number>("leave-split", "predictedChange"),
      -run.get<number>("leave-split", "trueChange"),
    ],
  },
  {
    text: "below $0.05$ in $1763$ steps, momentum in $736$, and Adam in $57$. A push of $0.5$ leaves gradient descent with $398$.",
    values: () => [
      0.05,
      leaving()[2]!.steps,
      leaving()[3]!.steps,
      leaving()[4]!.steps,
      0.5,
      leaving()[5]!.steps,
    ],
  },
  {
    text: "Random noise of size $0.001$ also works in the end, here after $5795$ steps",
    values: () => [0.001, leaving()[6]!.steps],
  },
  // C6
  {
    text: "For two rows it is $0.151$, for three $0.026$, for four $0.0016$; with five rows $2$ matrices of the $20\\,000$ are left, and with six rows $0$.",
    values: () => [
      ...[1, 2, 3].map((row) => randomMatrices(row).share),
      randomMatrices(4).allPositive,
      run.get<number>("random-hessians", "draws"),
      randomMatrices(5).allPositive,
    ],
  },
  {
    text: "With $c = 0$, no errors at all, the share is $1$. With $c = 0.2$ it is still $0.721$, with $c = 0.5$ it is $0.071$, and with $c = 1$ only $0.0028$.",
    values: () => [0, goodFit(0), 0.2, goodFit(1), 0.5, goodFit(2), 1, goodFit(3)],
  },
  // C7 to C9
  {
    text: "The searches verified $317$, $278$ and $227$ points.",
    values: () => searches().map(({ verified }) => verified),
  },
  {
    text: "with loss $0.5916$, is the network that ignores its input",
    values: () => [Math.max(...data.points.map(({ loss }) => loss))],
  },
  {
    text: "in all $46$ cases, so its mean ratio is $1.00$",
    values: () => {
      expect(searches()[0]!["of them minima"]).toBe(46);
      return [searches()[0]!["with loss 0.270073"], searches()[0]!["mean ratio"]];
    },
  },
  {
    text: "not one of $71$ points was a minimum, and the mean ratio is $0.71$; with three units\nit is $0.59$ for $61$ points",
    values: () => {
      const [, two, three] = searches();
      expect(two!["of them minima"]).toBe(0);
      return [
        two!["with loss 0.270073"],
        two!["mean ratio"],
        three!["mean ratio"],
        three!["with loss 0.270073"],
      ];
    },
  },
  {
    text: "the true minimum lies lower, at $0.1377$",
    values: () => [
      data.points.find(({ units, zero, negative }) => units === 2 && zero + negative === 0)!.loss,
    ],
  },
  {
    text: "The correlation of their ranks is $-0.90$, $-0.96$ and $-0.95$;",
    values: () => searches().map((row) => row["rank correlation"]),
  },
  {
    text: "$83$, $122$ and $173$ of our 400 searches gave no critical point.",
    values: () => [...data.failed.map(({ count }) => count), data.starts],
  },
  // C10
  {
    text: "Its loss falls to $0.027$ in the first 1000 steps",
    values: () => [stalledAt(1000).loss, 1000],
  },
  {
    text: "from step 5000 on it does not\nchange any more: $0.0564$.",
    values: () => {
      const later = stalled().history.filter(({ step }) => step >= 5000);
      expect(Math.max(...later.map(({ loss }) => Math.abs(loss - 0.0564)))).toBeLessThan(0.00005);
      return [5000, stalled().last.loss];
    },
  },
  {
    text: "The gradient norm was $0.016$ at step 1000, when the loss was falling nicely. Now the loss is level and the norm is $1.136$.",
    values: () => [stalledAt(1000).gradientNorm, 1000, stalled().last.gradientNorm],
  },
  {
    text: "The last step covered a distance of $0.1136$",
    values: () => {
      const bounce = run.get<Record<string, number>>("bounce", "bounce");
      expect(bounce["distance covered by the last two steps"]).toBeLessThan(1e-12);
      return [bounce["distance covered by the last step"]!];
    },
  },
  {
    text: "For $\\eta = 0.1$ that is $20$, and the sharpness at the end of our run is $20.6$.",
    values: () => [0.1, rate(0)["2 / learning rate"], stalled().sharpness],
  },
  {
    text: "At $0.05$ the run ends at a loss of $0.0228$ with gradient norm $1.09$ and sharpness $40.4$, where the limit is $40$",
    values: () => [
      0.05,
      rate(1).loss,
      rate(1)["gradient norm"],
      rate(1).sharpness,
      rate(1)["2 / learning rate"],
    ],
  },
  {
    text: "loss $0.0044$, gradient norm $0.0024$, sharpness $58.8$ below the limit of $66.7$",
    values: () => [rate(2).loss, rate(2)["gradient norm"], rate(2).sharpness, rate(2)["2 / learning rate"]],
  },
  {
    text: "$0.0212$ becomes $0.0057$",
    values: () => [
      run.get<Descent>("rates", "halfway").last.loss,
      run.get<Descent>("rates", "slowedDown").last.loss,
    ],
  },
  {
    text: "from $0.0103$ at step 5000 to $0.0228$ at the end",
    values: () => [run.get<number>("rates", "lossAt5000"), 5000, rate(1).loss],
  },
  // Products
  {
    text: "A hundred products give the largest eigenvalue, $3.0016$. The smallest, $-0.00565$,",
    values: () => [ends().largest, ends().smallest],
  },
  {
    text: "it took $857$ products until the estimate was within one per cent",
    values: () => [ends().productsUntilOnePerCent],
  },
  { text: "had both ends after $7$.", values: () => [ends().productsOfLanczos] },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("the gradient descent of the escape takes seven or eight steps more than the formula", () => {
    for (const row of escapes()) {
      const more = row["gradient descent"] - row["ln(1/ε) / ln 1.2"];
      expect(more).toBeGreaterThan(6.9);
      expect(more).toBeLessThan(8.1);
    }
  });

  test("from the exact saddle nothing moves, and from the diagonal everything goes to the saddle", () => {
    const stuck = run.get<{ from: string; method: string; w1: number; w2: number; loss: number }[]>(
      "exactly-there",
      "stuck",
    );
    expect(stuck).toHaveLength(8);
    const ends = (start: string) => stuck.filter(({ from }) => from === start);
    for (const { w1, w2 } of ends("(0,0)")) expect([w1, w2]).toEqual([0, 0]);
    expect(ends("(0.8,-0.8)")).toHaveLength(4);
    for (const { w1, w2 } of ends("(0.8,-0.8)")) {
      expect(w1).toBe(-w2);
      expect(Math.abs(w1)).toBeLessThan(1e-12);
    }
    expect(new Set(stuck.map(({ loss }) => loss)).size).toBe(1);
  });

  test("the two functions that eigenvalues cannot tell apart go opposite ways, and three layers have no curvature", () => {
    const [bowl, pass, three] = run.get<Record<string, unknown>[]>("silent", "silent");
    expect(bowl!["at (0, 0.1)"]).toBeGreaterThan(0);
    expect(pass!["at (0, 0.1)"]).toBeLessThan(0);
    expect(three!["eigenvalues"]).toEqual([0, 0, 0]);
  });

  test("the origin is a minimum in one slice and a maximum in another", () => {
    for (const w of [0.1, 0.5, 1]) {
      expect(lossAt(w, -w)).toBeCloseTo((1 + w * w) ** 2, 12);
      expect(lossAt(w, w)).toBeCloseTo((1 - w * w) ** 2, 12);
    }
    expect(run.get<{ alongW1: number }>("walk", "offTheAxis").alongW1).toBe(0);
  });

  test("nine splits, nine saddles: the same loss, no gradient, one negative eigenvalue", () => {
    expect(splits()).toHaveLength(9);
    for (const { loss, gradientNorm, negative } of splits()) {
      expect(loss).toBeCloseTo(oneUnit().loss, 12);
      expect(gradientNorm).toBeLessThan(1e-12);
      expect(negative).toBe(1);
    }
  });

  test("counting pivots is counting positive eigenvalues: half of them on average", () => {
    for (let row = 0; row < 6; row++) {
      expect(Math.abs(randomMatrices(row).positiveEigenvalues - 0.5)).toBeLessThan(0.01);
    }
  });

  test("the stalled run's gradient is seventy times that of step 1000", () => {
    const ratio = stalled().last.gradientNorm / stalledAt(1000).gradientNorm;
    expect(Math.round(ratio / 10)).toBe(7);
    const losses = run.get<Descent>("rates", "gentle").history.map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(losses.at(-11) ?? Number.NaN);
  });

  test("searches that failed ended where the Hessian nearly annihilates the gradient", () => {
    for (const { medianFlatness } of data.failed) {
      expect(medianFlatness).toBeGreaterThanOrEqual(0.03);
      expect(medianFlatness).toBeLessThanOrEqual(0.04);
    }
  });
});

describe("the data file", () => {
  test("is what its program finds, here with the first starts of each network", () => {
    const few = findCriticalPoints([1, 2], 12);
    expect(few.starts).toBe(12);
    expect(few.points.length).toBeGreaterThan(2);
    for (const { count, ...point } of few.points) {
      const same = data.points.find(
        (other) =>
          other.units === point.units &&
          other.loss === point.loss &&
          other.positive === point.positive &&
          other.zero === point.zero,
      );
      expect(same).toBeDefined();
      expect(same!.count).toBeGreaterThanOrEqual(count);
    }
  });

  test("accounts for every start", () => {
    for (const { units, count } of data.failed) {
      const found = data.points.filter((point) => point.units === units);
      expect(found.reduce((sum, point) => sum + point.count, count)).toBe(data.starts);
    }
  });
});

test("has quizzes of all five kinds", () => {
  const kinds = run.lesson.blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
  expect(new Set(kinds)).toEqual(new Set(["choice", "multiple", "numeric", "short", "trace"]));
});
