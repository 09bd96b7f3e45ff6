// The chapter "Diagnose before you tune": every number its text states is what its own cells compute.
import { beforeAll, describe, expect, test } from "vitest";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const run = await Chapter.open("diagnose");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 35, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  for (const id of ["by-hand", "spirals", "letters", "folds"])
    expect(run.outputs(id, "plot")).toHaveLength(1);
});

const learned = () => run.get<{ w: number; b: number; first: number; last: number }>("learner", "learned");
const lossOf = (w: number, b: number) => run.get<(w: number, b: number) => number>("learner", "lossOf")(w, b);

interface Difference {
  h: number;
  forward: number;
  central: number;
}
const differences = () => run.get<Difference[]>("differences", "differences");
const smallest = (column: "forward" | "central") =>
  differences().reduce((best, row) => (row[column] < best[column] ? row : best));

interface ByDegree {
  degree: number;
  training: number;
  test: number;
}
const byDegree = (degree: number) => run.get<ByDegree[]>("degrees", "byDegree")[degree - 1]!;

const depthEnds = () =>
  run
    .get<{ layers: number; "training loss": number }[]>("depth", "depthEnds")
    .map((row) => row["training loss"]);

const byCount = (points: number) =>
  run
    .get<{ points: number; training: number; test: number }[]>("more-data", "byCount")
    .find((row) => row.points === points)!;

interface Augmented {
  copies: string;
  training: number;
  test: number;
}
const augmented = () => run.get<Augmented[]>("augmented", "augmented");
const accuracyWith = (copies: string) => augmented().find((row) => row.copies === copies)!.test;

type ByWorld = Record<"examples" | "old world" | "new world" | "new world, worst of twenty", number>;
const byWorld = () => run.get<ByWorld[]>("shifts", "byWorld");

type Choosing = Record<"median loss" | "mean loss" | "bad choices" | "spread of the estimate", number> & {
  "chosen by": string;
};
const choosing = (rule: string) =>
  run.get<Choosing[]>("rules", "choosing").find((row) => row["chosen by"] === rule)!;
const bad = (rule: string) => choosing(rule)["bad choices"];

const winner = () => run.get<{ public: number; fresh: number }>("board", "winner");
const bestOf = (entries: number) =>
  run
    .get<{ entries: number; "best accuracy": number }[]>("boards", "bestOf")
    .find((row) => row.entries === entries)!["best accuracy"];

const claims: Claim[] = [
  // The learner
  {
    text: "From a loss of $0.972$ with $w = b = 0$ it comes down to $0.230$, at $w = 1.373$ and $b = 0.005$.",
    values: () => [learned().first, 0, learned().last, learned().w, learned().b],
  },
  { text: "you come down to about 0.23, and there it stops", values: () => [learned().last] },
  { text: "and the loss there is $0.230$. **It was not you.", values: () => [learned().last] },
  {
    text: "is best at $h = 10^{-5}$, with an error of about $2 \\cdot 10^{-11}$",
    values: () => [10, Math.log10(smallest("central").h), smallest("central").central],
  },
  {
    text: "the forward difference does no better than $2 \\cdot 10^{-9}$, by luck, at $10^{-8}$.",
    values: () => [smallest("forward").forward, 10, Math.log10(smallest("forward").h)],
  },
  // G1
  {
    text: "At degree 1 the losses are $0.226$ in training and $0.235$ in the test.",
    values: () => [1, byDegree(1).training, byDegree(1).test],
  },
  {
    text: "Degree 2 does not help ($0.223$ and $0.237$)",
    values: () => [2, byDegree(2).training, byDegree(2).test],
  },
  {
    text: "Degree 3 can follow the bends: $0.027$ and $0.055$.",
    values: () => [3, byDegree(3).training, byDegree(3).test],
  },
  {
    text: "At degree 11 the training loss is zero up to rounding, and the test loss is $1.42$",
    values: () => [11, byDegree(11).test],
  },
  {
    text: "lowest at degree 3, $0.055$, and then creeps up while the training loss still falls: $0.057$ at degree 5, $0.095$ at degree 9.",
    values: () => [3, byDegree(3).test, byDegree(5).test, 5, byDegree(9).test, 9],
  },
  // R5
  {
    text: "The losses end at $0.0385$, $0.0528$, $1.021$ and $0.989$.",
    values: depthEnds,
  },
  { text: "$\\ln 3 = 1.0986$", values: () => [3, Math.log(3)] },
  // G2
  {
    text: "With 12 points the mean test loss of degree 11 over twenty data sets is $1.42$",
    values: () => [12, 11, byCount(12).test],
  },
  {
    text: "From $1.42$ at 12 points it falls to $0.062$ at 24, to $0.048$ at 48 and to $0.041$ at 384.",
    values: () => [byCount(12).test, 12, byCount(24).test, 24, byCount(48).test, 48, byCount(384).test, 384],
  },
  // G4
  {
    text: "the plain training set gives $0.81$, mirrored copies $0.96$, copies under fresh noise $0.81$, and copies turned upside down $0.59$",
    values: () => ["nothing", "left to right", "fresh noise", "upside down"].map(accuracyWith),
  },
  // G3
  {
    text: "With $12, 96$ and $768$ examples the loss in the old world is $0.057$, $0.043$ and $0.040$: down to the noise floor. In the new world it is $5.07$, $0.89$ and $0.67$.",
    values: () => [
      ...byWorld().map(({ examples }) => examples),
      ...byWorld().map((row) => row["old world"]),
      ...byWorld().map((row) => row["new world"]),
    ],
  },
  {
    text: "The $5.07$ is mostly the work of one wild curve, whose loss is\n$35.5$",
    values: () => [byWorld()[0]!["new world"], byWorld()[0]!["new world, worst of twenty"]],
  },
  {
    text: "with 12 examples $0.057$, while the users suffer $5.07$.",
    values: () => [12, byWorld()[0]!["old world"], byWorld()[0]!["new world"]],
  },
  // G5
  {
    text: "that is bad in $68.5$ per cent of the repetitions. Six examples held out are bad in $31$ per cent; three, five or ten folds in\n$7.5$ to $8.5$.",
    values: () => {
      const folds = ["3 folds", "5 folds", "10 folds"].map(bad);
      return [bad("training loss"), bad("6 held out"), Math.min(...folds), Math.max(...folds)].map(
        (share) => 100 * share,
      );
    },
  },
  {
    text: "the loss of degree 3 to be: $0.075$ for six examples, $0.045$ for five folds, $0.038$ for ten. A verdict that wavers by $0.075$",
    values: () => [
      3,
      ...["6 held out", "5 folds", "10 folds", "6 held out"].map(
        (rule) => choosing(rule)["spread of the estimate"],
      ),
    ],
  },
  // G6
  {
    text: "On the first run the winner has 72 per cent on the board and $49.4$ per cent on fresh examples.",
    values: () => [100 * winner().public, 100 * winner().fresh],
  },
  {
    text: "the luckiest of 500 has an accuracy of $0.714$ on average, and even the luckiest of 20 has $0.647$.",
    values: () => [500, bestOf(500), 20, bestOf(20)],
  },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("by hand one comes near to what the learner finds, and never below", () => {
    expect(lossOf(1.3, 0.02)).toBeLessThan(0.235);
    for (const [w, b] of [
      [1.3, 0],
      [1.4, 0.02],
      [1.37, -0.02],
    ] as const)
      expect(lossOf(w, b)).toBeGreaterThan(learned().last);
  });

  test("gradient descent on the line ends in one place below a rate of 1, and climbs without end above", () => {
    const [xs, ys] = [run.get<number[]>("by-hand", "xs"), run.get<number[]>("by-hand", "ys")];
    const walk = (rate: number, updates: number) => {
      let [w, b] = [-1, -1.2];
      for (let update = 0; update < updates; update++) {
        const errors = xs.map((x, i) => w * x + b - ys[i]!);
        const slopeW = errors.reduce((sum, error, i) => sum + (2 * error * xs[i]!) / xs.length, 0);
        const slopeB = errors.reduce((sum, error) => sum + (2 * error) / xs.length, 0);
        [w, b] = [w - rate * slopeW, b - rate * slopeB];
      }
      return lossOf(w, b);
    };
    for (const rate of [0.02, 0.1, 0.5, 0.98]) expect(walk(rate, 1500)).toBeCloseTo(learned().last, 3);
    for (const rate of [1.02, 1.06, 1.1]) {
      expect(walk(rate, 200)).toBeGreaterThan(walk(rate, 40));
      expect(walk(rate, 1000)).toBeGreaterThan(1e3);
    }
  });

  test("with h = 0.001 one side gives three right digits, two sides six or seven", () => {
    const { forward, central } = differences().find(({ h }) => h === 1e-3)!;
    expect(Math.round(-Math.log10(forward))).toBe(3);
    expect(-Math.log10(central)).toBeGreaterThan(6);
    expect(-Math.log10(central)).toBeLessThan(7);
  });

  test("the errors fall with slopes 1 and 2, and rise like 1/h where h is small", () => {
    const at = (h: number) => differences().find((row) => row.h === h)!;
    expect(Math.log10(at(1e-2).forward / at(1e-4).forward)).toBeCloseTo(2, 1);
    expect(Math.log10(at(1e-2).central / at(1e-4).central)).toBeCloseTo(4, 1);
    expect(at(1e-13).central / at(1e-9).central).toBeGreaterThan(1e3);
  });

  test("measured and computed slopes of the learner agree to nine digits", () => {
    const checked = run.get<Record<string, number>>("differences", "checked");
    for (const slope of ["∂L/∂w", "∂L/∂b"]) {
      const exact = checked[`formula ${slope}`]!;
      expect(Math.abs(checked[`measured ${slope}`]! / exact - 1)).toBeLessThan(1e-9);
    }
  });

  test("the four invented runs end alike on new examples, and differ in the other losses as the text says", () => {
    const ends = Object.values(run.get<Record<string, number[]>>("four-runs", "ends"));
    for (const [fresh] of ends) expect(Math.abs(fresh! - 0.5)).toBeLessThan(0.02);
    const [a, b, c, d] = ends.map(([, training, smaller, validation]) => ({ training, smaller, validation }));
    expect(a!.smaller).toBeGreaterThan(a!.training!);
    expect(b!.smaller).toBeLessThan(b!.training!);
    expect(Math.max(c!.training!, d!.training!, d!.validation!)).toBeLessThan(0.06);
    expect(c!.validation).toBeGreaterThan(0.4);
  });

  test("on the first twelve points, degree 11 meets them all and validates worse than the line", () => {
    type Model = (x: unknown) => unknown;
    const fit = run.get<(points: unknown, degree: number) => Model>("polynomials", "fitPolynomial");
    const lossOn = run.get<(model: Model, points: unknown) => number>("polynomials", "lossOn");
    const [training, validation] = ["training", "validation"].map((name) => run.get("degree", name));
    const [straight, wild] = [fit(training, 1), fit(training, 11)];
    expect(lossOn(wild, training)).toBeLessThan(1e-20);
    expect(lossOn(wild, validation)).toBeGreaterThan(lossOn(straight, validation));
  });

  test("degree 11 is six times as bad as degree 1, and no degree falls below the noise floor", () => {
    expect(Math.round(byDegree(11).test / byDegree(1).test)).toBe(6);
    const rows = run.get<ByDegree[]>("degrees", "byDegree");
    const [trained, tested] = [rows.map(({ training }) => training), rows.map((row) => row.test)];
    expect(trained).toEqual(trained.toSorted((a, b) => b - a));
    expect(Math.min(...tested)).toBeGreaterThan(0.04);
    expect(Math.min(...tested)).toBe(byDegree(3).test);
    expect(byDegree(11).training).toBeLessThan(1e-20);
  });

  test("twenty and thirty layers end near the loss of guessing, far above two layers", () => {
    const [two, ten, twenty, thirty] = depthEnds();
    expect(two).toBeLessThan(ten!);
    for (const deep of [twenty!, thirty!]) {
      expect(deep).toBeGreaterThan(0.9);
      expect(deep).toBeLessThan(Math.log(3));
    }
  });

  test("with more data the training loss of degree 11 rises to just below the noise floor", () => {
    const trained = [12, 16, 24, 48, 96, 192, 384].map((points) => byCount(points).training);
    expect(trained).toEqual(trained.toSorted((a, b) => a - b));
    expect(trained.at(-1)).toBeGreaterThan(0.035);
    expect(trained.at(-1)).toBeLessThan(0.04);
  });

  test("all four networks learn their letters without a mistake", () => {
    expect(augmented().map(({ training }) => training)).toEqual([1, 1, 1, 1]);
  });

  test("with 768 examples the new world is seventeen noise floors away", () => {
    expect(Math.round(byWorld()[2]!["new world"] / 0.04)).toBe(17);
  });

  test("the training loss always chooses the highest degree", () => {
    const rules = run.get<Record<string, (set: unknown, seed: number) => number[]>>("choosing", "rules");
    const draw = run.get<(n: number, seed: number, options: object) => unknown>("polynomials", "draw");
    for (let seed = 0; seed < 200; seed++) {
      const losses = rules["training loss"]!(draw(30, seed, { noise: 0.3 }), seed);
      expect(losses.indexOf(Math.min(...losses))).toBe(10);
    }
  });

  test("a few wild choices rule the means, also with five and ten folds", () => {
    for (const rule of ["5 folds", "10 folds"]) {
      expect(choosing(rule)["mean loss"]).toBeGreaterThan(5 * choosing(rule)["median loss"]);
    }
  });

  test("the chart finds the trouble of each case of the chapter", () => {
    type Case = Record<"training" | "smaller" | "validation" | "test" | "target", number>;
    const cases = run.get<Record<string, Case>>("chart", "cases");
    const [line, wild, elsewhere, deep] = [
      "a straight line for the wave",
      "degree 11 for twelve points",
      "degree 5, used elsewhere",
      "twenty layers on the spirals",
    ].map((name) => cases[name]!);
    expect(line!.training).toBeGreaterThan(line!.target);
    expect(line!.smaller).toBeGreaterThan(line!.training);
    expect(deep!.training).toBeGreaterThan(deep!.target);
    expect(deep!.smaller).toBeLessThan(deep!.training);
    expect(wild!.training).toBeLessThan(wild!.target);
    expect(wild!.validation).toBeGreaterThan(wild!.target);
    expect(Math.max(elsewhere!.training, elsewhere!.validation)).toBeLessThan(elsewhere!.target);
    expect(elsewhere!.test).toBeGreaterThan(elsewhere!.target);
    expect(run.get("chart", "verdict")).toBe("optimisation");
  });
});

test("has quizzes of all five kinds", () => {
  const kinds = run.lesson.blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
  expect(new Set(kinds)).toEqual(new Set(["choice", "multiple", "numeric", "short", "trace"]));
});
