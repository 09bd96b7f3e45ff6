// The chapter "How many examples per update?": every number its text states is what its own cells compute.
import { beforeAll, describe, expect, test } from "vitest";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const run = await Chapter.open("batch-size");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 55, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  for (const id of ["pass", "cloud", "noisy-quadratic"]) expect(run.outputs(id, "plot")).toHaveLength(1);
  expect(run.outputs("bill", "plot")).toHaveLength(2);
});

type Pass = Record<"batch size" | "updates per epoch" | "loss after 1 epoch", number>;
const passes = () => run.get<Pass[]>("epoch", "onePass");

interface Noise {
  B: number;
  mean: number;
  measured: number;
  predicted: number;
}
const noises = () => run.get<Noise[]>("noise", "noises");
const sigma = () => run.get<number>("noise", "sigma");

type Bill = Record<"batch size" | "updates per epoch" | "ms per update" | "s per epoch", number>;
const bills = () => run.get<Bill[]>("epochs", "bills");

type Race = Record<
  "batch size" | "best rate" | "updates" | "examples" | "time" | "updates with rate 0.01·B",
  number
>;
const races = () => run.get<Race[]>("goal", "races");

interface Contest {
  plan: { B: number; eta: number; updates: number };
  train: number;
  test: number;
  curve: [number, number][];
}
const contests = () => run.get<Contest[]>("fight", "contests");
const contest = (row: number) => contests()[row]!;
const testAfter = (row: number, updates: number) => contest(row).curve.find(([step]) => step === updates)![1];
/** To three digits, as the text has them. */
const thousandths = (value: number) => Math.round(value * 1000) / 1000;

const well = (name: "sharp" | "flat" | "pass") => run.get<number>("wells", name);
const lossOf = (t: number) => run.get<(t: number) => number>("wells", "f")(t);
const bend = (t: number) => run.get<(t: number) => number>("wells", "bend")(t);
const percent = (share: number) => Math.round(100 * share);

interface Escape {
  B: number;
  eta: number;
  escaped: number;
}
const escapes = () => run.get<Escape[]>("escapes", "escaped");
const escapesOf = (B: number, eta: number) =>
  escapes().find((row) => row.B === B && row.eta === eta)!.escaped;
type Evenly = Record<"B" | "in flat well at the start" | "at the end", number>;
const evenly = () => run.get<Evenly[]>("escapes", "evenly");

type Rise = Record<"shift" | "sharp" | "flat" | "½hd² sharp" | "½hd² flat", number>;
const rises = () => run.get<Rise[]>("shift", "rises");

type Same = Record<"a" | "loss" | "largest curvature" | "largest change of an output", number>;
const same = () => run.get<Same[]>("same-function", "sameFunction");

type Fit = Record<"start" | "batch size" | "test error" | "trace of the Hessian", number>;
const perfect = () => run.get<Fit[]>("diagonal", "perfect");

const hovering = () => run.get<{ eta: number; floor: number }[]>("floor", "hovering");

const claims: Claim[] = [
  // One pass
  {
    text: "The loss starts at $26.1$. A pass of the full batch brings it to $18.0$, a pass of single examples to $0.504$.",
    values: () => [
      run.get<number>("epoch", "startLoss"),
      passes()[0]!["loss after 1 epoch"],
      passes()[4]!["loss after 1 epoch"],
    ],
  },
  {
    text: "the full batch needs $25$ passes: it looks at every example $25$ times",
    values: () => {
      const needed = run.get<number>("epoch", "passesNeeded");
      return [needed, needed];
    },
  },
  // B1
  {
    text: "a standard deviation of $5.20$ around a mean of $-3.83$",
    values: () => [sigma(), noises()[0]!.mean],
  },
  {
    text: "have $2.56$, $1.28$ and $0.571$, where the formula says $2.58$, $1.26$ and $0.564$",
    values: () => [
      ...noises()
        .slice(1, 4)
        .map(({ measured }) => measured),
      ...noises()
        .slice(1, 4)
        .map(({ predicted }) => predicted),
    ],
  },
  // B2
  {
    text: "an epoch takes $120$ s with $B = 1$, $12$ s with $10$, $1.2$ s with $100$ and $0.12$ s with $1000$",
    values: () =>
      bills()
        .slice(0, 4)
        .flatMap((row) => [row["s per epoch"], row["batch size"]]),
  },
  { text: "$0.066$ s with $10\\,000$", values: () => [bills()[4]!["s per epoch"], 10_000] },
  // B8
  {
    text: "the goal takes $231$ updates of single examples, $62$ of four, $21$ of sixteen, then $12$, $10$ and $9$",
    values: () => races().map(({ updates }) => updates),
  },
  {
    text: "the times are $462$, $124$, $42$, $24$, $20$ and $45$. The best is 256",
    values: () => {
      const best = races().toSorted((p, q) => p.time - q.time)[0]!;
      return [...races().map(({ time }) => time), best["batch size"]];
    },
  },
  {
    text: "grows with the batch, from $0.13$ to $1.66$",
    values: () => [races()[0]!["best rate"], races()[5]!["best rate"]],
  },
  {
    text: "It works for small batches, $1586$ updates, $397$, $99$, $25$",
    values: () => {
      const linear = races().map((row) => row["updates with rate 0.01·B"]);
      expect(linear.slice(4)).toEqual([Infinity, Infinity]);
      return linear.slice(0, 4);
    },
  },
  // B6
  {
    text: "batches of 8 reach $0.808$ on the test examples and the full batch only $0.706$",
    values: () => [contest(0).plan.B, contest(0).test, contest(2).test],
  },
  { text: "accuracy: $0.967$ against $0.695$", values: () => [contest(0).train, contest(2).train] },
  {
    text: "With 2400 updates, the full batch has $0.967$ on the training and $0.808$ on the test examples.",
    values: () => [contest(3).plan.updates, contest(3).train, contest(3).test],
  },
  {
    text: "$\\eta = 0.5$, 60 updates are enough for $0.824$",
    values: () => [contest(4).plan.eta, contest(4).plan.updates, contest(4).test],
  },
  {
    text: "After 60 updates they are at $0.693$, $0.704$ and $0.706$; after 600 at $0.846$, $0.847$ and $0.847$.",
    values: () => [
      60,
      ...[0, 1, 3].map((row) => thousandths(testAfter(row, 60))),
      600,
      ...[0, 1, 3].map((row) => thousandths(testAfter(row, 600))),
    ],
  },
  {
    text: "all the way down to $0.808$",
    values: () => {
      expect(thousandths(testAfter(3, 2400))).toBe(0.808);
      return [testAfter(0, 2400)];
    },
  },
  // B3
  {
    text: "a **sharp minimum**, with curvature $69.4$; the right one is a **flat minimum**, with curvature $1.64$",
    values: () => [bend(well("sharp")), bend(well("flat"))],
  },
  {
    text: "With batches of one, 89 of the hundred end up on the other side.",
    values: () => [run.get<number[]>("swarm", "inFlatAt")[200]!],
  },
  {
    text: "With single examples $90$ per cent escape, with batches of two $64$, with four only $3$, and from 16 on none.",
    values: () => {
      for (const B of [16, 64, 256]) expect(escapesOf(B, 0.025)).toBe(0);
      return [...[1, 2, 4].map((B) => percent(escapesOf(B, 0.025))), 16];
    },
  },
  {
    text: "have the same ratio, but $64$ and $17$ per cent escape",
    values: () => [percent(escapesOf(2, 0.025)), percent(escapesOf(1, 0.0125))],
  },
  {
    text: "can settle only up to $\\eta = 2/69.4 = 0.0288$",
    values: () => [2, bend(well("sharp")), 2 / bend(well("sharp"))],
  },
  {
    text: "with batches of four, of which $3$ per cent escaped at $0.025$, it is now $97$ per cent",
    values: () => {
      expect(escapesOf(256, 0.04)).toBe(0);
      return [percent(escapesOf(4, 0.025)), 0.025, percent(escapesOf(4, 0.04))];
    },
  },
  {
    text: "Spread evenly, $72$ per cent of the particles are on the side of the flat well from the beginning. With single examples it becomes $88$, with batches of four $71$, with 64 still $72$.",
    values: () => [
      Math.floor(100 * evenly()[0]!["in flat well at the start"]),
      Math.floor(100 * evenly()[0]!["at the end"]),
      percent(evenly()[1]!["at the end"]),
      evenly()[2]!.B,
      Math.floor(100 * evenly()[2]!["at the end"]),
    ],
  },
  // B4
  {
    text: "A shift of $0.1$ costs $0.298$ at the sharp minimum and $0.0081$ at the flat one, $37$ times less. At $0.2$ it is $0.774$ against $0.032$.",
    values: () => {
      const [small, large] = rises();
      return [
        small!.shift,
        small!.sharp,
        small!.flat,
        Math.round(small!.sharp / small!.flat),
        large!.shift,
        large!.sharp,
        large!.flat,
      ];
    },
  },
  {
    text: "says $0.347$ and $0.0082$ for $0.1$",
    values: () => [rises()[0]!["½hd² sharp"], rises()[0]!["½hd² flat"], 0.1],
  },
  // B5
  {
    text: "The loss is $0.0149554$ for every $a$, and the largest curvature is $5.55$ at $a = 1$, $10.3$ at $2$, $59.9$ at $5$ and $239$ at $10$.",
    values: () => {
      const curvatures = same().map((row) => row["largest curvature"]);
      return [
        same()[0]!.loss,
        curvatures[0]!,
        1,
        curvatures[1]!,
        2,
        curvatures[2]!,
        5,
        Math.round(curvatures[3]!),
        10,
      ];
    },
  },
  // B7
  {
    text: "is $0.667$ for the full batch, $0.586$ for batches of four and $0.294$ for single examples. From the larger start $0.3$ it is $2.34$ against $0.857$.",
    values: () => {
      const [one, four, full, largeOne, largeFull] = perfect().map((row) => row["test error"]);
      return [full!, four!, one!, perfect()[3]!.start, largeFull!, largeOne!];
    },
  },
  {
    text: "is $29.6$, $28.4$ and $23.8$",
    values: () =>
      perfect()
        .slice(0, 3)
        .map((row) => row["trace of the Hessian"])
        .toReversed(),
  },
  // R6
  {
    text: "At $\\eta = 0.1$ the distance stays at $0.286$, at $0.01$ at $0.0734$, at $0.001$ at $0.0258$",
    values: () => hovering().flatMap(({ eta, floor }) => [eta, floor]),
  },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("smaller batches are further along after one pass, and have more updates", () => {
    const losses = passes().map((row) => row["loss after 1 epoch"]);
    expect(losses).toEqual(losses.toSorted((p, q) => q - p));
    expect(passes().map((row) => row["updates per epoch"])).toEqual([1, 2, 4, 10, 20]);
  });

  test("all batch sizes have the same mean gradient, and the full batch has no noise", () => {
    for (const { mean } of noises()) expect(mean).toBeCloseTo(noises()[0]!.mean, 9);
    expect(noises()[4]!.measured).toBeLessThan(1e-12);
    expect(sigma() / noises()[3]!.measured).toBeCloseTo(9, 0);
  });

  test("the formula is what the exercise asks for", () => {
    const predicted = run.get<(B: number) => number>("noise", "predicted");
    expect(predicted(4) / sigma()).toBeCloseTo(0.5, 2);
    expect(predicted(256)).toBe(0);
  });

  test("with room for one, the epoch of a large batch saves only the fixed cost", () => {
    const seconds = run.get<(B: number, P?: number) => number>("bill", "epochSeconds");
    expect(seconds(1, 1)).toBeCloseTo(120, 9);
    expect(seconds(10_000, 1)).toBeCloseTo(60, 1);
  });

  test("on this machine too an update of sixteen costs far less than sixteen updates", () => {
    const timings = run.get<{ B: number; update: number; epoch: number }[]>("stopwatch", "timings");
    expect(timings.map(({ B }) => B)).toEqual([1, 4, 16, 64, 256, 1024, 4096]);
    expect(timings[2]!.update).toBeLessThan(10 * timings[0]!.update);
    expect(timings[5]!.update).toBeGreaterThan(1.5 * timings[4]!.update);
  });

  test("by updates the three curves of test accuracy lie on top of each other", () => {
    const apart = [0, 1].flatMap((row) =>
      contest(row).curve.map(([step, accuracy]) => Math.abs(accuracy - testAfter(3, step))),
    );
    expect(Math.max(...apart)).toBeLessThan(0.02);
  });

  test("the sharp well is a little deeper, and batches of 256 bounce in it without settling", () => {
    const gap = lossOf(well("flat")) - lossOf(well("sharp"));
    expect(gap).toBeGreaterThan(0.0025);
    expect(gap).toBeLessThan(0.0035);
    const walk = run.get<
      (starts: number[], options: { B: number; eta: number; updates?: number }) => number[][]
    >("wells", "walk");
    const spread = (eta: number) =>
      Math.max(...walk([well("sharp")], { B: 256, eta })[0]!.map((t) => Math.abs(t - well("sharp"))));
    expect(spread(0.04)).toBeGreaterThan(0.08);
    expect(spread(0.02)).toBeLessThan(0.06);
  });

  test("particles come back from the flat well too, but fewer than leave the sharp one", () => {
    const walk = run.get<(starts: number[], options: { B: number; eta: number }) => number[][]>(
      "wells",
      "walk",
    );
    const crossing = (from: "sharp" | "flat") =>
      walk(Array<number>(100).fill(well(from)), { B: 1, eta: 0.025 }).filter((path) =>
        path.some((t) => t > well("pass") !== (from === "flat")),
      ).length;
    expect(crossing("sharp")).toBe(100);
    expect(crossing("flat")).toBeGreaterThan(20);
    expect(crossing("flat")).toBeLessThan(70);
    const inFlat = run.get<number[]>("swarm", "inFlatAt");
    expect(inFlat.some((count, k) => k > 0 && count < inFlat[k - 1]!)).toBe(true);
  });

  test("the shift costs more at the sharp minimum in both directions", () => {
    for (const by of [-0.3, -0.1, 0.1, 0.3]) {
      const rise = (at: number) => lossOf(at - by) - lossOf(at);
      expect(rise(well("sharp"))).toBeGreaterThan(rise(well("flat")));
      expect(lossOf(well("sharp") - by)).toBeGreaterThan(lossOf(well("flat") - by));
    }
  });

  test("rescaling changes no output by more than rounding, and no loss", () => {
    for (const row of same()) {
      expect(row["largest change of an output"]).toBeLessThan(1e-12);
      expect(row.loss).toBeCloseTo(same()[0]!.loss, 12);
    }
  });

  test("the noise floor falls with the root of the rate, and the full batch has none", () => {
    const [large, middle, small] = hovering().map(({ floor }) => floor);
    expect(large! / small!).toBeGreaterThan(8);
    expect(large! / small!).toBeLessThan(13);
    expect(middle! / small!).toBeGreaterThan(2.5);
    expect(middle! / small!).toBeLessThan(4);
    expect(run.get<{ end: number }>("floor", "fullBatch").end).toBeLessThan(1e-12);
  });
});

test("has quizzes of all five kinds", () => {
  const kinds = run.lesson.blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
  expect(new Set(kinds)).toEqual(new Set(["choice", "multiple", "numeric", "short", "trace"]));
});
