// The chapter "Putting it together": every number its text states is what its own cells compute.
import { beforeAll, describe, expect, test } from "vitest";
import type { ExerciseBlock } from "../../src/lesson/index.ts";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const run = await Chapter.open("putting-it-together");

beforeAll(() => run.session.runAll(), 400_000);

testSoundness(run, { exercises: 65, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  for (const id of ["desk", "clipping", "digits"]) expect(run.outputs(id, "plot")).toHaveLength(1);
});

type Errors = { train: number; validation: number; test: number }[];
const raced = (name: string) => run.get<Record<string, Errors>>("race", "raced")[name]!;

interface Rate {
  method: "Adam" | "momentum";
  rate: number;
  error: number;
  runs: number[];
}
const byRate = () => run.get<Rate[]>("rates", "byRate");
const at = (method: string, rate: number) =>
  byRate().find((row) => row.method === method && row.rate === rate)!;
const bestOf = (method: "Adam" | "momentum") => run.get<(method: string) => Rate>("rates", "bestOf")(method);

type Learnt = Record<"training error" | "error on new" | "w1" | "w2" | "w3", number> & { method: string };
const learnt = (method: string) =>
  run.get<Learnt[]>("epsilon", "learnt").find((row) => row.method === method)!;

interface Switch {
  start: number;
  tolerance: string;
  "switched at": number | "never";
  Λ: number | "";
  "validation error": number;
}
const switches = (tolerance: string) =>
  run.get<Switch[]>("gauge", "switches").filter((row) => row.tolerance === tolerance);
const needles = () => run.get<{ negative: number; largest: number }>("gauge", "needleCounts");

type Decay = Record<"L2: share left" | "AdamW: share left", number>;
const decays = () => run.get<Decay[]>("decay", "decayTable");

interface Step {
  w: number;
  loss: number;
  gradient: number;
}
const walked = (name: "unlimited" | "limited") => run.get<Step[]>("cliff", name);

type Verdict = Record<
  "rate of Adam" | "rate of momentum" | "Adam wins" | "mean difference" | "standard error",
  number
>;
const verdict = (row: number) => run.get<Verdict[]>("paired", "verdicts")[row]!;

interface Round {
  patient: string;
  fault: string;
  "last loss": number;
  accuracies: number[];
}
const patient = (fault: string) =>
  run.get<Round[]>("rounds", "rounds").find((round) => round.fault === fault)!;

type Chart = Record<string, number> & { losses: number[] };
const charts = new Map<string, Chart>();
/** The instruments' readings from the first seed. */
function chart(fault: string): Chart {
  const known = charts.get(fault);
  if (known !== undefined) return known;
  const read = run.get<(fault: string, seed: number) => Chart>("patients", "examine")(fault, 1);
  charts.set(fault, read);
  return read;
}

interface Scored {
  recipe: string;
  accuracies: number[];
  elsewhere: number;
}
const scored = (row: number) => run.get<Scored[]>("recipes", "scored").at(row);

const claims: Claim[] = [
  {
    text: "the $2.4 \\cdot 10^{-9}$ of row four",
    values: () => [
      run.get<Record<"largest difference", number>[]>("same-steps", "differences")[3]!["largest difference"],
    ],
  },
  // D4
  {
    text: "After 20 epochs Adam's training error is $0.035$ and that of momentum $0.066$; at the end Adam has a validation error of $0.075$, momentum one of $0.058$.",
    values: () => [
      20,
      raced("Adam, 0.01")[19]!.train,
      raced("momentum, 0.01")[19]!.train,
      raced("Adam, 0.01")[59]!.validation,
      raced("momentum, 0.01")[59]!.validation,
    ],
  },
  {
    text: "Adam ends at $0.059$, and momentum, which has not got far, at $0.087$.",
    values: () => [raced("Adam, 0.003")[59]!.validation, raced("momentum, 0.003")[59]!.validation],
  },
  {
    text: "Adam is best at $0.003$, with $0.0589$, momentum at $0.01$, with $0.0584$",
    values: () => [
      bestOf("Adam").rate,
      bestOf("Adam").error,
      bestOf("momentum").rate,
      bestOf("momentum").error,
    ],
  },
  { text: "ends at $0.63$.", values: () => [at("Adam", 0.3).error] },
  // D1
  {
    text: "give the first feature the weight $0.939$ and make no mistake",
    values: () => {
      const [gradient, momentum] = [learnt("gradient descent"), learnt("momentum 0.9")];
      expect([gradient["error on new"], momentum["error on new"]]).toEqual([0, 0]);
      expect(momentum.w1).toBeCloseTo(gradient.w1, 9);
      return [gradient.w1];
    },
  },
  {
    text: "the error is the share of class 0 among the new: $0.30$.",
    values: () => [0, learnt("Adam, ε = 1e-8")["error on new"]],
  },
  {
    text: "At $\\epsilon = 0.03$ the first weight is $0.394$ and the constant ones have $0.220$ each: still too much together. At $\\epsilon = 0.1$ it is $0.563$ against twice $0.165$,",
    values: () => {
      const [before, after] = [learnt("Adam, ε = 0.03"), learnt("Adam, ε = 0.1")];
      expect([before["error on new"], after["error on new"]]).toEqual([0.3, 0]);
      return [0.03, before.w1, before.w2, 0.1, after.w1, after.w2];
    },
  },
  // SWATS
  {
    text: "It is negative in $63$ of 960 updates,",
    values: () => [needles().negative, run.get<unknown[]>("gauge", "needles").length],
  },
  { text: "it goes up to $910$ in size", values: () => [Math.round(needles().largest)] },
  {
    text: "after $162$, $575$ and $287$ updates, and from the second start never, to rates between $0.19$ and $0.36$",
    values: () => {
      const [first, second, third, fourth] = switches("1 %");
      expect(second!["switched at"]).toBe("never");
      const rates = [first!, third!, fourth!].map((row) => Number(row["Λ"]));
      return [
        ...[first!, third!, fourth!].map((row) => Number(row["switched at"])),
        Math.min(...rates),
        Math.max(...rates),
      ];
    },
  },
  {
    text: "from $0.0731$ to $0.0830$ from the first start, from $0.0766$ to $0.0713$ from the third and from $0.0790$ to $0.0684$ from the fourth",
    values: () =>
      [0, 2, 3].flatMap((row) => [
        switches("1e-9")[row]!["validation error"],
        switches("1 %")[row]!["validation error"],
      ]),
  },
  // Decay
  {
    text: "those under noise of $10$ have kept $90\\,\\%$",
    values: () => [10, Math.round(100 * decays()[2]!["L2: share left"])],
  },
  {
    text: "AdamW leaves $37$, $38$ and $37$ per cent, which is $(1 - \\eta\\omega)^{1000} = 0.368$",
    values: () => [
      ...decays().map((row) => Math.round(100 * row["AdamW: share left"])),
      1,
      1000,
      (1 - 0.01 * 0.1) ** 1000,
    ],
  },
  // Clipping
  { text: "turns the gradient by $26.6°$", values: () => [run.get<number>("clipping", "turn")] },
  {
    text: "At $w = 1.1$ the gradient is $289$. Without a limit the first step ends at $w = 0.52$,",
    values: () => [1.1, Math.round(walked("unlimited")[0]!.gradient), walked("unlimited")[1]!.w],
  },
  { text: "the loss is still $1.00$.", values: () => [walked("unlimited")[80]!.loss] },
  {
    text: "each step down the wall is $0.002$ long",
    values: () => [walked("limited")[0]!.w - walked("limited")[1]!.w],
  },
  { text: "the solution $2^{1/20} \\approx 1.0353$", values: () => [2, 1, 20, walked("limited")[80]!.w] },
  // Fair comparisons
  {
    text: "At $0.01$ Adam wins **0** of 8, and the mean difference, $0.0207$, is ten times",
    values: () => {
      expect(Math.round(verdict(0)["mean difference"] / verdict(0)["standard error"])).toBe(10);
      return [0.01, verdict(0)["Adam wins"], 8, verdict(0)["mean difference"]];
    },
  },
  {
    text: "At $0.003$ Adam wins **8** of 8, by $0.0229$",
    values: () => [0.003, verdict(1)["Adam wins"], 8, -verdict(1)["mean difference"]],
  },
  {
    text: "Adam still wins **2** of 8, and the mean difference has shrunk to $0.0015$, twice its standard error of $0.0007$",
    values: () => {
      expect(Math.round(verdict(2)["mean difference"] / verdict(2)["standard error"])).toBe(2);
      return [verdict(2)["Adam wins"], 8, verdict(2)["mean difference"], verdict(2)["standard error"]];
    },
  },
  // K
  {
    text: "a training accuracy of $0.99$ in batches, and yet it answers with one class only: $0.333$",
    values: () => {
      expect(chart("mode")["classes it answers with"]).toBe(1);
      expect(new Set(patient("mode").accuracies).size).toBe(1);
      return [chart("mode")["training accuracy, in batches"]!, patient("mode").accuracies[0]!];
    },
  },
  {
    text: "The loss stands at $\\ln 3 = 1.0986$ from the first update, and the first layer has $1$ kind of unit",
    values: () => [3, chart("zeros")["first loss"]!, chart("zeros")["different units in the first layer"]!],
  },
  {
    text: "The loss looks healthy, $0.027$ at the end, and in batches $0.993$ of the training examples are right. Used singly, only $0.547$ of *those same examples* are; of the validation examples, between $0.513$ and $0.587$.",
    values: () => [
      patient("scale")["last loss"],
      chart("scale")["training accuracy, in batches"]!,
      chart("scale")["training accuracy, singly"]!,
      Math.min(...patient("scale").accuracies),
      Math.max(...patient("scale").accuracies),
    ],
  },
  {
    text: "after 20 idle batches the validation accuracy is $0.98$, after 40 it is $0.993$",
    values: () =>
      run
        .get<{ waited: number; accuracy: number }[]>("catching-up", "recovery")
        .slice(4, 6)
        .flatMap(({ waited, accuracy }) => [waited, accuracy]),
  },
  {
    text: "The loss begins at $1.20$, and yet the gradient at the last hidden layer is small, $0.0016$ against $0.76$",
    values: () => [
      chart("loss")["first loss"]!,
      ...["loss", "none"].map((fault) => chart(fault)["gradient norm of the last hidden layer, at first"]!),
    ],
  },
  {
    text: "most seeds learn two classes of three: $0.667$.",
    values: () => [patient("loss").accuracies[0]!],
  },
  {
    text: "reaches at least $0.98$ from all four seeds",
    values: () => [Math.min(...patient("none").accuracies)],
  },
  // The digits
  {
    text: "Two sigmoid layers under gradient descent are still at chance level, $0.100$;",
    values: () => [Math.max(...scored(3).accuracies)],
  },
  {
    text: "Rates of the right size bring $0.83$ to $0.89$",
    values: () => {
      const accuracies = [...scored(5).accuracies, ...scored(6).accuracies];
      return [Math.min(...accuracies), Math.max(...accuracies)];
    },
  },
  {
    text: "$0.944$, $0.922$ and $0.908$ for the last row",
    values: () => scored(-1).accuracies,
  },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("the desk's settings are the engine's optimisers, to rounding", () => {
    const differences = run.get<Record<"largest difference", number>[]>("same-steps", "differences");
    expect(differences).toHaveLength(7);
    for (const [row, { "largest difference": gap }] of differences.entries())
      expect(gap).toBeLessThan(row === 3 ? 1e-8 : 1e-14);
  });

  test("the desk starts in sight of the bottom, and other settings get there", () => {
    const follow = run.get<
      (dials: object, gradient: (w: number[]) => number[], start: number[], steps: number) => number[][]
    >("desk", "follow");
    const lossAfter = (direction: string, size: string, schedule: string, lr: number) => {
      const [x, y] = follow({ direction, size, schedule, lr }, ([a, b]) => [a!, 25 * b!], [-4, 1.4], 80).at(
        -1,
      );
      return 0.5 * (x! ** 2 + 25 * y! ** 2);
    };
    expect(lossAfter("gradient", "1", "constant", 0.02)).toBeGreaterThan(0.1);
    expect(lossAfter("gradient", "1", "constant", 0.07)).toBeLessThan(1e-3);
    expect(lossAfter("running mean", "root of the running mean", "warm up, then cosine", 0.3)).toBeLessThan(
      1e-2,
    );
    expect(lossAfter("gradient", "1", "constant", 0.1)).toBeGreaterThan(1e6);
  });

  test("Adam's validation error has been rising, and momentum at 0.003 has not got far", () => {
    const errors = raced("Adam, 0.01").map(({ validation }) => validation);
    expect(errors.indexOf(Math.min(...errors))).toBeLessThan(30);
    expect(raced("momentum, 0.003")[59]!.train).toBeGreaterThan(2 * raced("Adam, 0.003")[59]!.train);
  });

  test("Adam wins at every rate up to 0.003, momentum from 0.01 to 0.1, and diverges at 0.3", () => {
    for (const rate of [0.001, 0.003])
      expect(at("Adam", rate).error).toBeLessThan(at("momentum", rate).error);
    for (const rate of [0.01, 0.03, 0.1])
      expect(at("Adam", rate).error).toBeGreaterThan(at("momentum", rate).error);
    expect(Number.isFinite(at("momentum", 0.3).error)).toBe(false);
    const best = [bestOf("Adam"), bestOf("momentum")];
    const scatter = best.map(({ runs }) => Math.max(...runs) - Math.min(...runs));
    expect(Math.abs(best[0]!.error - best[1]!.error)).toBeLessThan(Math.max(...scatter));
  });

  test("all eleven runs fit the sixty examples; the adaptive ones weigh three features alike", () => {
    const all = run.get<Learnt[]>("epsilon", "learnt");
    expect(all).toHaveLength(11);
    for (const row of all) expect(row["training error"]).toBe(0);
    for (const method of ["Adagrad", "RMSProp", "Adam, ε = 1e-8"]) {
      const { w1, w2, w3, "error on new": error } = learnt(method);
      for (const weight of [w1, w2, w3]) expect(weight).toBeCloseTo(0.25, 5);
      expect(error).toBe(0.3);
    }
    expect(Math.abs(learnt("Adam, ε = 10").w1 - learnt("momentum 0.9").w1)).toBeLessThan(0.02);
  });

  test("with the paper's tolerance SWATS never switches; where it does, it is never as good as a tuned method", () => {
    expect(switches("1e-9").map((row) => row["switched at"])).toEqual(["never", "never", "never", "never"]);
    for (const row of switches("1 %"))
      expect(row["validation error"]).toBeGreaterThan(
        Math.max(bestOf("Adam").error, bestOf("momentum").error),
      );
  });

  test("an L2 penalty under small noise leaves nothing", () => {
    expect(Math.abs(decays()[0]!["L2: share left"])).toBeLessThan(0.01);
    expect(Math.abs(decays()[1]!["L2: share left"] - 0.368)).toBeLessThan(0.02);
  });

  test("without a limit the walk stays on the plateau, with one it arrives", () => {
    const far = walked("unlimited");
    expect(Math.abs(far[80]!.w - far[1]!.w)).toBeLessThan(1e-4);
    expect(walked("limited")[80]!.loss).toBeLessThan(1e-6);
  });

  test("every single fault keeps the network from learning, and the count's is NaN after one update", () => {
    for (const fault of ["scale", "zeros", "loss", "mode", "count"])
      for (const accuracy of patient(fault).accuracies) expect(accuracy).toBeLessThan(0.88);
    expect(patient("zeros").accuracies.concat(patient("count").accuracies)).toEqual(
      Array.from({ length: 8 }, () => 50 / 150),
    );
    expect(chart("count").losses).toHaveLength(2);
    expect(patient("mode")["last loss"]).toBe(patient("none")["last loss"]);
    expect(chart("zeros").losses.every((loss) => Math.abs(loss - Math.log(3)) < 0.02)).toBe(true);
  });

  test("the best recipes read half of another hand's digits, fewer than some that do worse at home", () => {
    const [best, plain] = [scored(-1), scored(6)];
    expect(Math.abs(best.elsewhere - 0.5)).toBeLessThan(0.05);
    expect(plain.elsewhere).toBeGreaterThan(best.elsewhere);
    expect(Math.max(...plain.accuracies)).toBeLessThan(Math.min(...best.accuracies));
    const adamDefault = scored(2).accuracies;
    for (const accuracy of adamDefault) expect(Math.abs(accuracy - 0.75)).toBeLessThan(0.03);
    expect(Math.max(...scored(4).accuracies)).toBeLessThan(Math.max(...scored(6).accuracies));
  });

  test("the passing mark of the digits lies between verified passing and failing recipes", () => {
    for (const row of [0, 1, 2, 3]) expect(Math.max(...scored(row).accuracies)).toBeLessThan(0.86);
    for (const row of [6, 8, 9, 10, 11]) expect(Math.min(...scored(row).accuracies)).toBeGreaterThan(0.86);
  });
});

test("has quizzes of all five kinds", () => {
  const kinds = run.lesson.blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
  expect(new Set(kinds)).toEqual(new Set(["choice", "multiple", "numeric", "short", "trace"]));
});

test("the capstone gives 5 points for each fault and 15 for the outcome", () => {
  const clinic = run.lesson.blocks.find(
    (block): block is ExerciseBlock => block.kind === "exercise" && block.id === "clinic",
  )!;
  const points = (start: string) =>
    clinic.tests.filter(({ name }) => name.startsWith(start)).reduce((sum, one) => sum + one.points, 0);
  expect(["1:", "2:", "3:", "4:", "5:", "600 updates"].map(points)).toEqual([5, 5, 5, 5, 5, 15]);
});
