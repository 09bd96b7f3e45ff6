// The chapter "Normalisation": every number its text states is what its own cells compute.
import { beforeAll, describe, expect, test } from "vitest";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const run = await Chapter.open("normalisation");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 65, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  expect(run.outputs("units", "plot")).toHaveLength(1);
  expect(run.outputs("spreadsheet", "plot")).toHaveLength(2);
});

const fit = (row: number) => run.get<{ kappa: number; steps: number }[]>("scalings", "fits")[row]!;

const drift = (unit: number) => run.get<number[][]>("drift", "drift")[unit]!;
const lowest = (values: number[]) => Math.min(...values);
const highest = (values: number[]) => Math.max(...values);

const hats = () => run.get<number[]>("spreadsheet", "hats");
const slope = (output: number, input: number) =>
  run.get<{ toArray(): number[][] }>("neighbours", "slopes").toArray()[output]![input]!;

const follow = () => run.get<{ batches: number }[]>("follow", "follow").map(({ batches }) => batches);

interface Early {
  update: number;
  running: number;
  batch: number;
}
const early = (update: number) => {
  const found = run.get<Early[]>("trained", "early").find((row) => row.update === update)!;
  return { running: 100 * found.running, batch: 100 * found.batch };
};

type Forgotten = Record<"evaluation" | "training, mixed" | "training, sorted by arm", number>;
const forgotten = (size: number) =>
  run
    .get<({ "at a time": number } & Forgotten)[]>("forgotten", "forgotten")
    .find((row) => row["at a time"] === size)!;
const mixed = (size: number) => 100 * forgotten(size)["training, mixed"];

const sigmoid = (row: number) =>
  run.get<{ "spread at the start": number; loss: number; accuracy: number }[]>("sigmoids", "sigmoidEnds")[
    row
  ]!;

type Place = "nowhere" | "before" | "after";
const tested = [0.01, 0.1, 0.5, 1, 3];
const needed = (place: Place, lr: number) =>
  run.get<Record<Place, number[][]>>("rates", "needed")[place][tested.indexOf(lr)]!;

interface ByBatch {
  size: number;
  losses: number[];
  evaluation: number;
  withoutNorm: number;
}
const byBatch = () => run.get<ByBatch[]>("tiny", "byBatch");
const ofSize = (size: number) => 100 * byBatch().find((row) => row.size === size)!.evaluation;

const tanhEnds = (place: Place) =>
  run
    .get<{ normalised: Place; loss: number }[]>("tanh", "tanhEnds")
    .filter(({ normalised }) => normalised === place)
    .map(({ loss }) => loss);

type Invariance = Record<
  "a" | "loss" | "gradient norm" | "gradient · weights" | "gradient of the bias",
  number
>;
const invariance = () => run.get<Invariance[]>("invariance", "invariance");

/** Loss of a contestant (without norm, with, with noise 0.3, with noise 1) after so many updates. */
const contest = (row: number, updates: number) =>
  run.get<{ losses: number[] }[]>("shift", "contest")[row]!.losses[updates - 1]!;
const unrest = (row: number) =>
  run.get<{ "mean move per update": number }[]>("restless", "unrest")[row]!["mean move per update"];

type Trust = Record<"gradient norm" | "best step leaves" | "still lower at rate", number> & {
  normalised: Place;
};
const trust = (place: Place) =>
  run.get<Trust[]>("landscape", "trust").filter(({ normalised }) => normalised === place);
const farthest = (place: Place) => trust(place).map((row) => row["still lower at rate"]);
const leaves = (place: Place) => trust(place).map((row) => Math.round(100 * row["best step leaves"]));

const claims: Claim[] = [
  // N1
  {
    text: "about $1.5$ million and cost gradient descent $4\\,402\\,680$ steps",
    values: () => [fit(0).kappa / 1e6, fit(0).steps],
  },
  {
    text: "down to $591$ steps with $\\kappa = 213$",
    values: () => [fit(1).steps, Math.round(fit(1).kappa)],
  },
  { text: "which leaves $\\kappa = 22.4$ and $50$ steps", values: () => [fit(2).kappa, fit(2).steps] },
  {
    text: "give $\\kappa = 1.45$ and $3$ steps",
    values: () => [fit(3).kappa, fit(3).steps],
  },
  { text: "With standardised features gradient descent takes 3 steps.", values: () => [fit(3).steps] },
  {
    text: "ordinary coffee drinker ($-0.10$) who slept long ($0.85$ deviations above the mean)",
    values: () => run.get<number[][]>("whose-mean", "byTraining")[0]!,
  },
  {
    text: "With “her own” she is $(0, 0)$",
    values: () => run.get<number[][]>("whose-mean", "byHerself")[0]!,
  },
  // Inside
  {
    text: "The mean of unit 3 goes from $0.11$ up to $1.13$, that of unit 4 from $-0.17$ down to $-0.53$",
    values: () => [3, drift(2)[0]!, highest(drift(2)), 4, drift(3)[0]!, lowest(drift(3))],
  },
  // N2
  {
    text: "With the values $1, 2, 3, 6$ the mean is $3$, the variance $3.5$, and the normalised values are $-1.0690$, $-0.5345$, $0$ and $1.6036$.",
    values: () => [
      ...run.get<number[]>("spreadsheet", "unit"),
      run.get<number>("spreadsheet", "mu"),
      run.get<number>("spreadsheet", "sigma2"),
      ...hats(),
    ],
  },
  {
    text: "in the denominator the variance would be $4.667$",
    values: () => [(run.get<number>("spreadsheet", "sigma2") * 4) / 3],
  },
  {
    text: "with $\\gamma$ between $0.95$ and $1.20$",
    values: () => run.get<number[]>("gamma-beta", "gammaRange"),
  },
  // N3
  {
    text: "raises $\\hat z_2$ by $0.363$ as much and *lowers* $\\hat z_1$ by $0.210$ as much",
    values: () => [2, slope(1, 1), 1, -slope(0, 1)],
  },
  {
    text: "Raising the outlier $z_4$ hardly raises $\\hat z_4$ at all ($0.057$)",
    values: () => [4, 4, slope(3, 3)],
  },
  { text: "it raises $\\hat z_1$ ($0.095$)", values: () => [1, slope(0, 3)] },
  {
    text: "The true gradient is $(0.88769, -1.05950, -0.06682, 0.23863)$, the lazy one $(0.5345, -1.0690, 0.2673, 1.6036)$.",
    values: () => [
      ...run.get<number[]>("backward", "trueGradient"),
      ...run.get<number[]>("backward", "lazyGradient"),
    ],
  },
  {
    text: "between them is $0.70$, which is an angle of 46 degrees",
    values: () => {
      const cosine = run.get<number>("backward", "cosine");
      return [cosine, Math.round((Math.acos(cosine) * 180) / Math.PI)];
    },
  },
  // N4
  {
    text: "With $p = 0.5$ it takes $7$ batches, with $0.9$ it takes $44$, and with $0.99$ it takes $459$.",
    values: () => [0.5, follow()[0]!, 0.9, follow()[1]!, 0.99, follow()[2]!],
  },
  {
    text: "After $100$ batches a running mean with $p = 0.99$ has come only $0.634$ of the way",
    values: () => [100, 0.99, run.get<number>("follow", "after100")],
  },
  {
    text: "the notes say mean $0.3$ (a tenth of 3) and variance $1.3667$",
    values: () => {
      const { mean, variance } = run.get<{ mean: number; variance: number }>("follow", "notes");
      return [mean, 3, variance];
    },
  },
  // N8
  {
    text: "mixed batch of $50$ is a good substitute for the whole ($100$ per cent), one of $10$ gives $89.3$ per cent, one of $5$ gives $70$, and of $2$ only $50.7$.",
    values: () => [50, mixed(50), 10, mixed(10), 5, mixed(5), 2, mixed(2)],
  },
  { text: "and $33.3$ per cent are right by chance", values: () => [mixed(1)] },
  {
    text: "already in batches of $50$ ($35.3$ per cent)",
    values: () => [50, 100 * forgotten(50)["training, sorted by arm"]],
  },
  {
    text: "After $3$ updates the network puts $79.7$ per cent of the points right",
    values: () => [3, early(3).batch],
  },
  { text: "hardly left their start, only $48.7$ per cent", values: () => [early(3).running] },
  {
    text: "after $10$ it is $99$ against $71.7$, after $30$ updates $100$ against $98.7$",
    values: () => [10, early(10).batch, early(10).running, 30, early(30).batch, early(30).running],
  },
  // N5
  {
    text: "Without normalisation the loss ends at $1.1039$ and the accuracy at $33.3$ per cent.",
    values: () => [sigmoid(0).loss, 100 * sigmoid(0).accuracy],
  },
  {
    text: "before the sigmoids the loss is $0.0304$, behind them $0.0128$",
    values: () => [sigmoid(1).loss, sigmoid(2).loss],
  },
  {
    text: "before any training: $0.00017$ without norm",
    values: () => [sigmoid(0)["spread at the start"]],
  },
  {
    text: "the spread is $0.21$ with the norm before the sigmoids, and $1.00$ behind them",
    values: () => [sigmoid(1)["spread at the start"], sigmoid(2)["spread at the start"]],
  },
  {
    text: "needs $129$, $88$ and $140$ updates, with batch norm before the ReLU $28$, $40$ and $39$, and behind it $10$, $14$ and $27$",
    values: () => [...needed("nowhere", 0.1), ...needed("before", 0.1), ...needed("after", 0.1)],
  },
  // N7
  {
    text: "With batches of $2$ the network with batch norm gets $50.7$ per cent, with $4$ it gets $89.7$, with $8$ it gets $97.3$, and from $16$ on",
    values: () => [2, ofSize(2), 4, ofSize(4), 8, ofSize(8), 16],
  },
  {
    text: "end at $0.0004$ to $0.0005$",
    values: () => [lowest(tanhEnds("nowhere")), highest(tanhEnds("nowhere"))],
  },
  { text: "at $0.0157$, $0.1011$ and $0.0899$", values: () => tanhEnds("before") },
  // N9
  {
    text: "from $a = 0.5$ to $10$ its norm falls from $0.495$ over $0.247$ and $0.124$ to $0.0247$",
    values: () => [0.5, 10, ...invariance().map((row) => row["gradient norm"])],
  },
  // N6
  {
    text: "After 50 updates the loss without batch norm is $0.698$, with batch norm $0.050$, and with batch norm and noise of $0.3$ it is $0.172$",
    values: () => [50, contest(0, 50), contest(1, 50), 0.3, contest(2, 50)],
  },
  {
    text: "By update 150 it is behind ($0.090$ against $0.047$)",
    values: () => [150, contest(2, 150), contest(0, 150)],
  },
  {
    text: "$1.197$ after 50 updates,\n$0.774$ after 300",
    values: () => [contest(3, 50), 50, contest(3, 300), 300],
  },
  {
    text: "by $0.017$ per update in the network without batch norm, by $0.0008$ with it, and by $0.352$ with the noise",
    values: () => [unrest(0), unrest(1), unrest(2)],
  },
  {
    text: "($0.98$ against $0.82$ with seed 0)",
    values: () => [trust("before")[0]!["gradient norm"], trust("nowhere")[0]!["gradient norm"], 0],
  },
  {
    text: "at rates up to $0.20$, $0.10$ and $0.13$, with it up to $0.79$, $0.40$ and $0.63$",
    values: () => [...farthest("nowhere"), ...farthest("before")],
  },
  {
    text: "leaves $65$, $80$ and $74$ per cent of the loss instead of $86$, $93$ and $93$",
    values: () => [...leaves("before"), ...leaves("nowhere")],
  },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("the batch norm written by hand and the engine's give the numbers of the spreadsheet", () => {
    for (const values of [run.get<number[]>("by-hand", "byHand"), run.get<number[]>("by-hand", "byEngine")])
      values.forEach((value, i) => expect(value).toBeCloseTo(hats()[i]!, 12));
  });

  test("gamma and beta receive gradients", () => {
    const { gamma, beta } = run.get<{ gamma: number; beta: number }>("gamma-beta", "firstGradients");
    expect(gamma).toBeGreaterThan(0.1);
    expect(beta).toBeGreaterThan(0.1);
  });

  test("each row of the batch's slopes sums to zero, and the true gradient is orthogonal to the normalised batch", () => {
    for (let output = 0; output < 4; output++)
      expect([0, 1, 2, 3].reduce((sum, input) => sum + slope(output, input), 0)).toBeCloseTo(0, 12);
    const balance = run.get<Record<string, number>>("backward", "balance");
    expect(balance["sum of the true gradient"]).toBeCloseTo(0, 12);
    expect(balance["true gradient · ẑ"]).toBeCloseTo(0, 12);
    const [lazy, honest] = [
      run.get<number[]>("backward", "lazyGradient"),
      run.get<number[]>("backward", "trueGradient"),
    ];
    expect(lazy[2]! * honest[2]!).toBeLessThan(0);
    expect(lazy[3]! / honest[3]!).toBeGreaterThan(6.5);
    expect(lazy[3]! / honest[3]!).toBeLessThan(7);
  });

  test("in evaluation mode it does not matter how points are handed in; one at a time in training mode all get one answer", () => {
    for (const size of [300, 50, 10, 5, 2, 1]) expect(forgotten(size).evaluation).toBe(1);
    expect(run.get<Set<number>>("forgotten", "oneAtATime").size).toBe(1);
    for (const size of [50, 10, 5, 2, 1])
      expect(forgotten(size)["training, sorted by arm"]).toBeLessThan(0.36);
  });

  test("looking in training mode leaves no trace in the running statistics", () => {
    expect(early(600)).toEqual({ running: 100, batch: 100 });
  });

  test("both networks of sigmoids with batch norm have all points right", () => {
    expect([sigmoid(1).accuracy, sigmoid(2).accuracy]).toEqual([1, 1]);
  });

  test("without norm only the middle rates work; with the norm before the ReLU all five, behind it four", () => {
    for (const lr of [0.01, 1, 3]) expect(needed("nowhere", lr)).toEqual([Infinity, Infinity, Infinity]);
    for (const lr of [0.1, 0.5]) expect(highest(needed("nowhere", lr))).toBeLessThan(600);
    for (const lr of tested) expect(highest(needed("before", lr))).toBeLessThan(600);
    for (const lr of tested.slice(0, 4)) {
      expect(highest(needed("after", lr))).toBeLessThan(600);
      const mean = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0) / 3;
      expect(mean(needed("after", lr))).toBeLessThan(mean(needed("before", lr)));
    }
    expect(needed("after", 3)).toEqual([Infinity, Infinity, Infinity]);
  });

  test("without batch norm every batch size reaches all points, with it those from 16 on", () => {
    for (const { withoutNorm } of byBatch()) expect(withoutNorm).toBe(1);
    for (const { evaluation } of byBatch().filter(({ size }) => size >= 16)) expect(evaluation).toBe(1);
  });

  test("the tanh networks with batch norm have bursts, those without have none", () => {
    const late = run
      .get<{ where: Place; losses: number[] }[]>("tanh", "tanhRuns")
      .map(({ where, losses }) => ({ where, peak: highest(losses.slice(300)) }));
    for (const { peak } of late.filter(({ where }) => where === "before")) expect(peak).toBeGreaterThan(0.2);
    for (const { peak } of late.filter(({ where }) => where === "nowhere")) expect(peak).toBeLessThan(0.01);
  });

  test("the spirals' coordinates have means near 0 and deviations near 1", () => {
    const points = run.get<{
      mean(d: number): { toArray(): number[] };
      std(d: number): { toArray(): number[] };
    }>("tower", "points");
    for (const mean of points.mean(0).toArray()) expect(Math.abs(mean)).toBeLessThan(0.15);
    for (const deviation of points.std(0).toArray()) expect(Math.abs(deviation - 1)).toBeLessThan(0.2);
  });

  test("the weights' scale changes nothing but the gradient, in inverse proportion; weights and bias get none along them", () => {
    const [half, one, , ten] = invariance();
    for (const row of invariance()) {
      expect(row.loss).toBeCloseTo(one!.loss, 12);
      expect(Math.abs(row["gradient · weights"])).toBeLessThan(1e-14);
      expect(row["gradient of the bias"]).toBeLessThan(1e-14);
    }
    expect(half!["gradient norm"] / ten!["gradient norm"]).toBeCloseTo(20, 9);
  });

  test("noise moves the units about twenty times as much, and gradients are larger with batch norm", () => {
    expect(unrest(2) / unrest(0)).toBeGreaterThan(18);
    expect(unrest(2) / unrest(0)).toBeLessThan(22);
    trust("before").forEach((row, i) =>
      expect(row["gradient norm"]).toBeGreaterThan(trust("nowhere")[i]!["gradient norm"]),
    );
    farthest("before").forEach((rate, i) => {
      expect(rate / farthest("nowhere")[i]!).toBeGreaterThan(3.9);
      expect(rate / farthest("nowhere")[i]!).toBeLessThan(5.1);
    });
  });
});

test("has quizzes of all five kinds", () => {
  const kinds = run.lesson.blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
  expect(new Set(kinds)).toEqual(new Set(["choice", "multiple", "numeric", "short", "trace"]));
});
