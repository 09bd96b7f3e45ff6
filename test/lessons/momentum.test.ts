// The chapter "A ball that remembers: momentum": every number its text states is what its own cells compute.
import { beforeAll, describe, expect, test } from "vitest";
import { optim, tensor } from "../../src/engine/index.ts";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const run = await Chapter.open("momentum");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 25, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  expect(run.outputs("race", "surface")).toHaveLength(1);
  for (const [id, plots] of Object.entries({ bowl: 1, memory: 2, bump: 2, ravine: 1, shrink: 1 }))
    expect(run.outputs(id, "plot")).toHaveLength(plots);
});

interface Roll {
  from: number;
  lr: number;
  momentum: number;
  steps: number;
}
const roll = (slope: (w: number) => number, options: Roll) =>
  run.get<(slope: (w: number) => number, options: Roll) => number[]>("rule", "roll")(slope, options);
const hilly = (x: number) => run.get<(x: number) => number>("bump", "hilly")(x);
const hillySlope = (x: number) => run.get<(x: number) => number>("bump", "hillySlope")(x);
const hill = (from: number, momentum: number, steps = 3000) =>
  roll(hillySlope, { from, lr: 0.1, momentum, steps });

const bowl = (row: number) =>
  run.get<{ momentum: number; places: number[] }[]>("bowl", "inTheBowl")[row]!.places[8]!;
const rows = <Row>(cell: string, name: string) => run.get<Row[]>(cell, name);
const ramp = (row: number) => rows<{ step: number; length: number }>("ramp", "rampRows")[row]!;
const flipped = () => run.get<number[]>("ramp", "flipped").at(-1);
const crossing = (row: number) => rows<{ steps: number }>("plateau", "crossings")[row]!.steps;
const ends = () => rows<Record<"λ" | "end, from -6" | "end, from -4", number>>("over", "ends");
const lowest = (row: number) => rows<{ "lowest height": number }>("over", "lowest")[row]!["lowest height"];
const contest = (row: number) => Object.values(rows<Record<string, number>>("ravines", "contest")[row]!);
const spirals = (row: number) => rows<Record<string, number>>("five-runs", "spiralRuns")[row]!;
type Dialects = Record<"lecture" | "PyTorch" | "averaged" | "optim.LectureMomentum" | "optim.SGD", number[]>;
const dialect = (row: number) => rows<Dialects>("dialects", "dialects")[row]!;

/** The lowest point (sign 1) or the highest (sign -1) of the bump's picture between two places. */
function extreme(from: number, to: number, sign: 1 | -1): number {
  const places = Array.from({ length: 20_001 }, (_, i) => from + ((to - from) * i) / 20_000);
  return places.reduce((best, x) => (sign * hilly(x) < sign * hilly(best) ? x : best));
}

const claims: Claim[] = [
  {
    text: "After $8$ steps plain gradient descent has come down to $0.430$, and $\\lambda = 0.5$ to $0.140$.",
    values: () => [8, bowl(0), 0.5, bowl(1)],
  },
  { text: "on the other side, at $-0.553$", values: () => [bowl(2)] },
  {
    text: "since $0.9^{6.58} = \\tfrac12$",
    values: () => [0.9, Math.log(0.5) / Math.log(0.9), 12],
  },
  {
    text: "step $4$: the gradient is $0$, and the movement is still $-0.175$",
    values: () => {
      const row = rows<Record<string, number>>("closed-form", "unrolled")[4]!;
      return [row["step"]!, row["gradient"]!, row["m, step by step"]!];
    },
  },
  // M2
  {
    text: "$0.1$ at the first step, $0.410$ after $5$, $0.651$ after $10$, over $90$ per cent of the top speed after $22$ and over $99$ after $44$ steps",
    values: () => {
      expect([ramp(3).length > 0.9, ramp(4).length > 0.99]).toEqual([true, true]);
      const speeds = run.get<number[]>("ramp", "speeds");
      const first = (share: number) => speeds.findIndex((length) => length > share) + 1;
      return [ramp(0).length, ramp(1).length, 5, ramp(2).length, 10, 90, first(0.9), 99, first(0.99)];
    },
  },
  { text: "for $\\lambda = 0.9$ that is $0.053$", values: () => [0.9, flipped()] },
  {
    text: "multiplies what is steady by $10$ and what flips by $0.53$",
    values: () => [Math.round(ramp(4).length / 0.1), flipped() / 0.1],
  },
  // M5
  {
    text: "The $10\\,000$ steps become $5001$ with $\\lambda = 0.5$, $1009$ with $0.9$ and $184$ with $0.99$.",
    values: () => [crossing(0), crossing(1), 0.5, crossing(2), 0.9, crossing(3), 0.99],
  },
  // M3
  {
    text: "Its hollow lies at $x = -3.26$, at a height of $0.583$, and the top of the bump at $x = -2.56$ is $0.870$ high.",
    values: () => {
      const [hollow, top] = [extreme(-4, -2.6, 1), extreme(-3, -2, -1)];
      return [hollow, hilly(hollow), top, hilly(top)];
    },
  },
  {
    text: "at $x = -4$, at height $0.800$",
    values: () => [-4, hilly(-4)],
  },
  { text: "From $x = -6$, at height $1.8$", values: () => [-6, hilly(-6)] },
  {
    text: "the factors $0$, $0.5$ and $0.8$ end in the hollow at $-3.258$",
    values: () => {
      const stopped = ends().filter((row) => row["end, from -6"] < -2);
      expect(new Set(stopped.map((row) => row["end, from -6"].toFixed(3))).size).toBe(1);
      return [...stopped.map((row) => row["λ"]), stopped[0]!["end, from -6"]];
    },
  },
  {
    text: "with $\\lambda = 0.9$ the start must be $1.604$ high, with $0.95$ it must be $1.068$, with $0.99$ only $0.897$",
    values: () => [0.9, lowest(0), 0.95, lowest(1), 0.99, lowest(2)],
  },
  {
    text: "goes down to the top of the bump, $0.870$, and never below",
    values: () => [run.get<number>("bump", "bumpTop")],
  },
  // M4
  {
    text: "With $\\kappa = 100$, the $691$ steps".replace("With", "with"),
    values: () => [contest(1)[0]!, contest(1)[1]!],
  },
  {
    text: "become $95$ with the best pair; with $\\kappa = 1000$, $6908$ become $321$. The usual setting is not bad there: $263$ and $1246$.",
    values: () => [
      contest(1)[3]!,
      contest(2)[0]!,
      contest(2)[1]!,
      contest(2)[3]!,
      contest(1)[5]!,
      contest(2)[5]!,
    ],
  },
  {
    text: "with $\\kappa = 10$ it takes $249$ steps where gradient descent takes $69$, and the best pair $27$",
    values: () => [contest(0)[0]!, contest(0)[5]!, contest(0)[1]!, contest(0)[3]!],
  },
  {
    text: "$\\sqrt{0.9} = 0.949$",
    values: () => [
      0.9,
      run.get<(momentum: number, rateTimesCurvature: number) => number>("shrink", "shrinkage")(0.9, 1),
    ],
  },
  {
    text: "$44$, $158$ and $519$ steps",
    values: () => [0, 1, 2].map((row) => contest(row)[4]!),
  },
  // The network
  {
    text: "A rate of $0.05$ without memory has hardly begun: loss $0.616$. With $\\lambda = 0.9$ the same rate reaches $0.264$.",
    values: () => [spirals(0)["η"]!, spirals(0)["last loss"]!, spirals(1)["λ"]!, spirals(1)["last loss"]!],
  },
  { text: "does as well: $0.238$", values: () => [spirals(2)["last loss"]!] },
  {
    text: "Plain steps with rate $5$ are too long for this network: after 400 of them the loss is $52$.",
    values: () => [spirals(4)["η"]!, 400, Math.round(spirals(4)["last loss"]!)],
  },
  {
    text: "The ball with $\\eta = 0.5$ and $\\lambda = 0.9$ has the *same* top speed of $5$ and ends at $0.010$",
    values: () => [spirals(3)["η"]!, spirals(3)["λ"]!, spirals(3)["η / (1 − λ)"]!, spirals(3)["last loss"]!],
  },
  // M1
  { text: "it ends at $-0.634$", values: () => [dialect(1).PyTorch.at(-1)] },
  { text: "the ball rolls on: $-0.987$", values: () => [dialect(1).lecture.at(-1)] },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("in the race the ball with memory passes the ridge and the other does not, nor does any from further down", () => {
    expect(run.get<{ x: number[] }>("race", "withMemory").x.at(-1)).toBeGreaterThan(-0.1);
    expect(run.get<{ x: number[] }>("race", "without").x.at(-1)).toBeCloseTo(-3.258, 3);
    for (let momentum = 0; momentum < 0.995; momentum += 0.01)
      expect(Math.max(...hill(-4, momentum, 1000))).toBeLessThan(-2.56);
  });

  test("the movement computed step by step is the weighted sum", () => {
    for (const row of rows<Record<string, number>>("closed-form", "unrolled"))
      expect(row["m, step by step"]).toBeCloseTo(row["m, as a sum"]!, 12);
  });

  test("from -6 the factors 0.9, 0.95 and 0.99 reach the minimum; from -4 none does", () => {
    for (const row of ends()) {
      expect(Math.abs(row["end, from -6"]) < 0.001).toBe(row["λ"] >= 0.9);
      expect(row["end, from -4"]).toBeCloseTo(-3.258, 3);
    }
  });

  test("friction eats from the energy, and the blur of finite steps is a per mille of it", () => {
    const energies = run.get<number[]>("bump", "energies");
    energies.slice(1).forEach((energy, t) => expect(energy).toBeLessThanOrEqual(energies[t]! + 0.002));
  });

  test("the less friction, the nearer the lowest start is to the top of the bump", () => {
    const end = (height: number) => hill(-Math.sqrt(height / 0.05), 0.999, 30_000).at(-1);
    expect(end(0.875)).toBeGreaterThan(-2);
    expect(end(0.868)).toBeLessThan(-2);
  });

  test("momentum is stable up to twice 1 + λ and shrinks by √λ in between, at both ends of the best pair", () => {
    const shrinkage = run.get<(momentum: number, rateTimesCurvature: number) => number>(
      "shrink",
      "shrinkage",
    );
    for (const momentum of [0.2, 0.5, 0.9]) {
      expect(shrinkage(momentum, 2 * (1 + momentum) - 1e-6)).toBeLessThan(1);
      expect(shrinkage(momentum, 2 * (1 + momentum) + 1e-6)).toBeGreaterThan(1);
      for (const edge of [-1, 1])
        expect(shrinkage(momentum, (1 + edge * Math.sqrt(momentum)) ** 2)).toBeCloseTo(
          Math.sqrt(momentum),
          6,
        );
    }
  });

  test("with the usual factor a millionth takes about 262 steps", () => {
    expect(Math.log(1e-6) / Math.log(Math.sqrt(0.9))).toBeCloseTo(262, 0);
  });

  test("with a constant rate two dialects agree and the third is ten times shorter; the engine agrees always", () => {
    const [constant, dropping] = [dialect(0), dialect(1)];
    constant.lecture.forEach((place, t) => {
      expect(constant.PyTorch[t]).toBeCloseTo(place, 12);
      expect(constant.averaged[t]).toBeCloseTo(place / 10, 12);
    });
    for (const places of [constant, dropping]) {
      places.lecture.forEach((place, t) => {
        expect(places["optim.LectureMomentum"][t]).toBeCloseTo(place, 12);
        expect(places["optim.SGD"][t]).toBeCloseTo(places.PyTorch[t]!, 12);
      });
    }
  });

  test("dampening is the averaged form but for the first gradient, which enters whole", () => {
    const w = tensor([0], { dtype: "float64", requiresGrad: true });
    const optimiser = new optim.SGD([w], { lr: 0.1, momentum: 0.9, dampening: 0.9 });
    const places = [1, 2].map((g) => {
      optimiser.zeroGrad();
      w.mul(g).sum().backward();
      optimiser.step();
      return w.item();
    });
    expect(places[0]).toBeCloseTo(-0.1, 12);
    expect(places[1]).toBeCloseTo(-0.1 - 0.1 * (0.9 + 0.1 * 2), 12);
  });

  test("the best of the five runs on the spirals is the one with both", () => {
    const losses = [0, 1, 2, 3, 4].map((row) => spirals(row)["last loss"]!);
    expect(losses.indexOf(Math.min(...losses))).toBe(3);
  });
});

test("has quizzes of at least four kinds", () => {
  const kinds = run.lesson.blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
  expect(new Set(kinds).size).toBeGreaterThanOrEqual(4);
});
