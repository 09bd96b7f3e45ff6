// The chapter "Schedules: decay and warm-up": every number its text states is what its own cells compute.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { settings, trainOnce, type Runs, type WarmUps } from "../../lessons/schedules/warm-up.ts";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const data = JSON.parse(
  readFileSync(new URL("../../lessons/schedules/warm-up.json", import.meta.url), "utf8"),
) as WarmUps;

const run = await Chapter.open("schedules");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 55, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  for (const id of ["jitter", "composer"]) expect(run.outputs(id, "plot")).toHaveLength(2);
});

type Schedule = (t: number) => number;

const floors = () => run.get<Record<string, number>[]>("floor", "floors");
const column = (name: string) => floors().map((row) => row[name]!);
const meanExcess = (rate: Schedule) =>
  run.get<(rate: Schedule) => number[]>("floor", "meanExcess")(rate).at(-1) ?? Number.NaN;

type End = { schedule: string } & Record<"curvature 1" | "curvature 0.02", number>;
const end = (schedule: string) => run.get<End[]>("shapes", "ends").find((row) => row.schedule === schedule)!;

interface Crossing {
  excess: number[];
  towardsTheLimit: number[];
  bursts: number[];
  end: number;
}
const crossing = (schedule: string) =>
  run.get<Record<string, Crossing>>("valley-decays", "decays")[schedule]!;
const largest = (values: number[]) => values.reduce((most, value) => Math.max(most, value));

type Cold = Record<"update" | "mean size of a step, in η" | "moved the wrong way" | "spread of σ", number>;
const cold = (update: number) => run.get<Cold[]>("cold", "coldTable").find((row) => row.update === update)!;

const fates = () => run.get<{ "warm-up": string; rate: number; dead: number }[]>("neurons", "fates");
const dead = (warmUp: string, rate = 0.05) =>
  fates().find((row) => row["warm-up"] === warmUp && row.rate === rate)!.dead;
const frozen = (updates: number) =>
  run
    .get<Record<"frozen for" | "then at the full rate: dead", number>[]>("freeze", "frozen")
    .find((row) => row["frozen for"] === updates)!["then at the full rate: dead"];

type Race = Record<"loss, updates 91 to 100" | "worst loss, updates 101 to 130" | "right at the end", number>;
const race = (row: number) => run.get<Race[]>("jump", "raceTable")[row]!;

const successes = (row: number) => {
  const { none, constant, gradual } = run.get<Record<"none" | "constant" | "gradual", number>[]>(
    "where",
    "settings",
  )[row]!;
  return [none, constant, gradual];
};

interface Ride {
  mean: number[];
  lost: number;
}
const ridden = (peak: number, warmUp: number, hold: number, shape: string): Ride => {
  const compose = run.get<(...settings: unknown[]) => Schedule>("composer", "composed");
  return run.get<(rate: Schedule) => Ride>("composer", "ride")(compose(peak, warmUp, hold, shape));
};
const rideEnd = (...settings: Parameters<typeof ridden>) => {
  const { mean, lost } = ridden(...settings);
  expect(lost).toBe(0);
  return mean.at(-1) ?? Number.NaN;
};

const finals = () => run.get<{ W: number; loss: number[] }[]>("peaks", "finals");
const peakRates = () => run.get<number[]>("peaks", "peakRates");
const lowest = (row: number) => Math.min(...finals()[row]!.loss.filter((loss) => loss > 0));
const largestUsable = (row: number) =>
  peakRates()[finals()[row]!.loss.filter((loss) => loss > 0).length - 1]!;

const claims: Claim[] = [
  // S1
  {
    text: "the mean loss stays at about $0.167$ above the minimum",
    values: () => [column("η / (2(2 − η))")[0]!],
  },
  { text: "About $0.005$. For small rates", values: () => [column("η / (2(2 − η))")[2]!] },
  {
    text: "The formula gives $0.1667$, $0.0263$ and $0.00505$, and $400$ runs agree.",
    values: () => [...column("η / (2(2 − η))"), 400],
  },
  {
    text: "the three runs need $5$, $41$ and $251$ updates",
    values: () => column("updates until within 10 %"),
  },
  {
    text: "In our bowl $1/(t + 2)$ ends at $0.00051$, the steps at $0.0017$, the cosine at $0.0032$, the inverse square root at $0.0040$, and the constant rate stays at $0.167$.",
    values: () => [
      1,
      2,
      end("1/(t + 2)")["curvature 1"],
      end("steps")["curvature 1"],
      end("cosine")["curvature 1"],
      end("0.5/√(t + 1)")["curvature 1"],
      end("constant 0.5")["curvature 1"],
    ],
  },
  {
    text: "the *worst* of all, at $0.198$, worse than not lowering the rate at all ($0.126$), and the cosine is the best, at $0.038$",
    values: () => {
      const ends = run.get<End[]>("shapes", "ends").map((row) => row["curvature 0.02"]);
      expect(largest(ends)).toBe(end("1/(t + 2)")["curvature 0.02"]);
      expect(Math.min(...ends)).toBe(end("cosine")["curvature 0.02"]);
      return ["1/(t + 2)", "constant 0.5", "cosine"].map((name) => end(name)["curvature 0.02"]);
    },
  },
  // What the lab's feedback says
  {
    text: "A constant rate of $0.02$ has its floor at $0.005$",
    values: () => [0.02, meanExcess(() => 0.02)],
  },
  {
    text: "still misses the goal, at $0.0032$",
    values: () => [end("cosine")["curvature 1"]],
  },
  {
    text: "still at $0.016$ after a thousand updates, and the floor of that rate is $0.004$",
    values: () => [0.5 / Math.sqrt(1000), 0.016 / (2 * (2 - 0.016))],
  },
  // A2'
  {
    text: "With the constant rate $1$ there are $13$ bursts in $10\\,000$ updates",
    values: () => [1, crossing("constant 1").bursts.length, crossing("constant 1").excess.length - 1],
  },
  {
    text: "has its first burst at update $649$: from a few hundred the loss runs up to $1.56 \\cdot 10^{6}$",
    values: () => [crossing("constant 1").bursts[0]!, largest(crossing("constant 1").excess.slice(600, 800))],
  },
  {
    text: "the loss is still $71$ and $85$ above the minimum",
    values: () => [Math.round(crossing("linear, 2000").end), Math.round(crossing("cosine, 2000").end)],
  },
  {
    text: "It crosses the limit at update $538$, the wobble grows, and at update $824$ the loss has burst.",
    values: () => [
      crossing("cosine, 3000").towardsTheLimit.findIndex((ratio) => ratio > 2),
      ...crossing("cosine, 3000").bursts,
    ],
  },
  {
    text: "Its ratio starts at $1.61$, settles at $1.342$ and stays there",
    values: () => {
      const ratios = crossing("10/√(t + 1)").towardsTheLimit;
      for (const ratio of ratios.slice(10)) expect(Math.abs(ratio - 1.34232)).toBeLessThan(1e-5);
      return [largest(ratios), ratios.at(-1) ?? Number.NaN];
    },
  },
  {
    text: "It goes on to a loss of $3.3 \\cdot 10^{-6}$.",
    values: () => [crossing("10/√(t + 1)").end],
  },
  {
    text: "with a constant rate of $1$ it circles for ever at a loss of $24\\,200$",
    values: () => [1, Math.round(crossing("RMSProp, constant 1").end)],
  },
  { text: "down to $6.90$ in the linear case", values: () => [crossing("RMSProp, linear, 2000").end] },
  // S2
  {
    text: "every step has the length $\\eta$, and $1815$ parameters go the wrong way",
    values: () => {
      expect(cold(1)["mean size of a step, in η"]).toBeCloseTo(1, 6);
      return [cold(1)["moved the wrong way"]];
    },
  },
  {
    text: "$0.64$ of $\\eta$ at the second update, $0.27$ at the tenth, $0.20$ at the hundredth. Even then $1366$ parameters",
    values: () => [
      ...[2, 10, 100].map((update) => cold(update)["mean size of a step, in η"]),
      cold(100)["moved the wrong way"],
    ],
  },
  {
    text: "differ by $0.61$ at first, and by $0.07$ after a hundred updates",
    values: () => [cold(1)["spread of σ"], cold(100)["spread of σ"]],
  },
  // S4
  {
    text: "Without a warm-up $730$ of the 4000 die, $18.3$ per cent.",
    values: () => [dead("none"), 4000, dead("none") / 40],
  },
  {
    text: "over the first $20$ updates it is $165$, over $100$ updates $39$, over $200$ updates $19$.",
    values: () => [20, 100, 200].flatMap((W) => [W, dead(`gradual, ${W} updates`)]),
  },
  {
    text: "A tenth of the rate for 100 updates, then all of it, costs $52$. A lower full rate of $0.03$ is gentler, but it needs the warm-up too: $321$ without, $4$ with it.",
    values: () => [
      100,
      dead("a tenth for 100 updates"),
      0.03,
      dead("none", 0.03),
      dead("gradual, 100 updates", 0.03),
    ],
  },
  {
    text: "Ten frozen updates bring the deaths from $730$ down to $178$, twenty to $125$",
    values: () => [frozen(0), frozen(10), frozen(20)],
  },
  {
    text: "after $100$ frozen updates $94$ die, and after a gradual warm-up over 100 updates only $39$",
    values: () => [100, frozen(100), 100, dead("gradual, 100 updates")],
  },
  // S3
  {
    text: "with $0.98$ and $0.967$ of the examples right at the end",
    values: () => [race(1)["right at the end"], race(2)["right at the end"]],
  },
  {
    text: "the loss jumps from $0.52$ to $11.2$; in the gradual one the worst\nit does is to go from $0.78$ to $1.22$",
    values: () =>
      [1, 2].flatMap((row) => [
        race(row)["loss, updates 91 to 100"],
        race(row)["worst loss, updates 101 to 130"],
      ]),
  },
  {
    text: "With weights twice as large and momentum, $3$ of 20 runs succeed without a warm-up, and $18$ with either kind. With weights $1.5$ times as large it is $16$ against $20$ and $20$.",
    values: () => {
      const [none, constant, gradual] = successes(0);
      expect(constant).toBe(gradual);
      return [none!, 20, gradual!, 1.5, ...successes(1)];
    },
  },
  {
    text: "At the rate $0.1$, too large for these networks at any time, it changes nothing either: $1$, $0$ and $0$.",
    values: () => [0.1, ...successes(3)],
  },
  {
    text: "On good weights $20$, $20$ and $19$; on the bad ones $18$, $20$ and $19$.",
    values: () => [...successes(4), ...successes(5)],
  },
  // The composer
  {
    text: "The constant rate $0.1$ ends at $0.0176$.",
    values: () => [0.1, rideEnd(0.1, 0, 700, "constant")],
  },
  {
    text: "Without a warm-up, a rate of $0.14$ loses all $40$ runs.",
    values: () => [0.14, ridden(0.14, 0, 700, "constant").lost],
  },
  {
    text: "With $20$ updates of warm-up a peak of $0.3$ is safe: kept to the end it gives $0.0116$, and with a decay that begins at once $0.0046$ for the cosine and $0.0040$ for the straight line.",
    values: () => [
      20,
      0.3,
      rideEnd(0.3, 20, 0, "constant"),
      rideEnd(0.3, 20, 0, "cosine"),
      rideEnd(0.3, 20, 0, "linear"),
    ],
  },
  {
    text: "its best place is near $0.36$",
    values: () => {
      const places = [1, 2, 3].map((row) => peakRates()[finals()[row]!.loss.indexOf(lowest(row))]!);
      expect(new Set(places).size).toBe(1);
      return [places[0]!];
    },
  },
  {
    text: "the largest peak of our list that loses no run is $0.11$, and its loss $0.103$. With only $5$ updates of warm-up the largest is $0.51$ and with $20$ it is $1.01$. The lowest losses, $0.0044$, $0.0045$ and $0.0047$,",
    values: () => [
      largestUsable(0),
      lowest(0),
      5,
      largestUsable(1),
      20,
      largestUsable(2),
      ...[1, 2, 3].map(lowest),
    ],
  },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("four hundred runs agree with the formula to a few per cent", () => {
    for (const row of floors())
      expect(Math.abs(row["400 runs"]! / row["η / (2(2 − η))"]! - 1)).toBeLessThan(0.04);
  });

  test("the first slider of the opening cannot reach 0.002, with the second it is easy", () => {
    expect(meanExcess(() => 0.02)).toBeGreaterThan(0.002);
    expect(meanExcess((t) => (t < 300 ? 0.5 : 0.005))).toBeLessThan(0.002);
  });

  test("1/(t + 2) ends at the average of all noise", () => {
    expect(meanExcess((t) => 1 / (t + 2))).toBeCloseTo((25 + 1000) / (2 * 1001 ** 2), 12);
  });

  test("only the longer cosine bursts among the decays, having lost a sixth of its rate", () => {
    for (const schedule of ["linear, 2000", "cosine, 2000", "10/√(t + 1)"]) {
      expect(crossing(schedule).bursts).toEqual([]);
      expect(largest(crossing(schedule).towardsTheLimit)).toBeLessThan(2);
    }
    const rate = 0.5 * (1 + Math.cos((Math.PI * crossing("cosine, 3000").bursts[0]!) / 3000));
    expect(1 - rate).toBeGreaterThan(0.15);
    expect(1 - rate).toBeLessThan(0.18);
  });

  test("RMSProp circles at one height", () => {
    const late = crossing("RMSProp, constant 1").excess.slice(5000);
    expect(largest(late) - Math.min(...late)).toBeLessThan(1);
  });

  test("without a warm-up nearly all deaths come in the first fifty updates", () => {
    const raise = run.get<(factor: Schedule) => { alive: number[]; dead: number }>("neurons", "raise");
    const { alive, dead } = raise(() => 1);
    expect((4000 - alive[49]!) / dead).toBeGreaterThan(0.95);
  });

  test("the race's network without a warm-up answers by chance", () => {
    expect(race(0)["right at the end"]).toBeCloseTo(1 / 3, 6);
    expect(Math.abs(race(0)["loss, updates 91 to 100"] - Math.log(3))).toBeLessThan(0.01);
  });

  test("with weights as recommended all runs succeed", () => {
    expect(successes(2)).toEqual([20, 20, 20]);
  });

  test("the composer's challenge can be met, and not without a warm-up by the best peak", () => {
    expect(rideEnd(0.3, 20, 0, "linear")).toBeLessThan(0.005);
    expect(ridden(0.36, 0, 0, "linear").lost).toBe(40);
    expect(lowest(2) * 100).toBeLessThan(finals()[2]!.loss[0]!);
  });
});

describe("the data file", () => {
  test("is what its program finds, here with one start of three settings", () => {
    for (const [row, seed] of [
      [0, 4],
      [2, 1],
      [5, 2],
    ] as const) {
      const stored: Runs = data.runs[3 * row + 2]!;
      const { scale, method, lr } = settings[row];
      expect(stored).toMatchObject({ scale, method, lr, warmUp: "gradual" });
      expect(trainOnce(settings[row], "gradual", seed)).toEqual({
        accuracy: stored.accuracy[seed - 1],
        before: stored.before[seed - 1],
        worstAfter: stored.worstAfter[seed - 1],
      });
    }
  });

  test("holds twenty starts of every setting, the race among them", () => {
    expect(data.runs).toHaveLength(18);
    for (const { accuracy } of data.runs) expect(accuracy).toHaveLength(20);
    expect(data.runs[1]!.accuracy[3]).toBeCloseTo(race(1)["right at the end"], 3);
    expect(data.runs[1]!.worstAfter[3]).toBeCloseTo(race(1)["worst loss, updates 101 to 130"], 3);
  });
});
