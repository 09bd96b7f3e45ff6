// The chapter "Change the loss, change the landscape": every number its text states is what its own cells compute.
import { beforeAll, describe, expect, test } from "vitest";
import { Chapter } from "./support/chapter.ts";
import { type Claim, testClaims } from "./support/claims.ts";
import { testSoundness } from "./support/sound.ts";

const run = await Chapter.open("loss-functions");

beforeAll(() => run.session.runAll(), 240_000);

testSoundness(run, { exercises: 50, quizzes: 10 });

test("run-on-load cells show a picture before the reader does anything", () => {
  expect(run.outputs("terrains", "surface")).toHaveLength(2);
  expect(run.outputs("slope-map", "plot")).toHaveLength(2);
  expect(run.outputs("overflow", "table")).toHaveLength(1);
});

interface Inspected {
  "cross-entropy": number;
  "squared error": number;
  "slope of c.-e.": number;
  "slope of s. e.": number;
}
const rows = <Row>(cell: string, name: string) => run.get<Row[]>(cell, name);
/** The places: worst, middle, best with the third class out of the game, then the same with it in. */
const inspected = (row: number) => rows<Inspected>("slopes-by-machine", "inspected")[row]!;

type Name = "cross-entropy" | "squared error after softmax";
type Slope = (z: number[]) => number[];
const slope = (name: Name) => run.get<Record<Name, Slope>>("slope-map", "slopes")[name];
const norm = (g: number[]) => Math.hypot(...g);

const margins = () => rows<Record<string, number>>("race", "margins");
const farStart = (row: number) =>
  rows<Record<"cross-entropy" | "squared error", number>>("race", "farStarts")[row]!;
const method = (row: number) => rows<Record<string, number>>("methods", "methods")[row]!;
const further = (row: number) => rows<Record<string, number>>("methods", "adamFurther")[row]!;
const trained = (row: number) => rows<{ accuracy: number[]; found: number[] }>("networks", "trained")[row]!;
const after = (row: number, steps: number) => trained(row).accuracy[steps / 20]!;
const ways = (title: string, way: number) =>
  Object.values(
    run.get<Record<string, Record<string, number>[]>>("three-ways", "threeWays")[title]![way]!,
  ).slice(1);
const leads = () => Object.values(run.get<Record<string, number[]>>("smoothing", "leads"));

const claims: Claim[] = [
  // L1
  {
    text: "Squared error can be $2$ at most, and here it is $2$ to eight digits.",
    values: () => [2, Number(inspected(0)["squared error"].toPrecision(8))],
  },
  {
    text: "At $(-10, 10, -1000)$ the length of the gradient of cross-entropy is $1.414$.",
    values: () => [-10, 10, -1000, inspected(0)["slope of c.-e."]],
  },
  {
    text: "$1.2 \\cdot 10^{-8}$. The loss is as large as it can be",
    values: () => [inspected(0)["slope of s. e."]],
  },
  {
    text: "At the worst place cross-entropy is $20$ and squared error $2.000$. The slopes are $1.414$ and $1.17 \\cdot 10^{-8}$",
    values: () => [
      Math.round(inspected(0)["cross-entropy"]),
      inspected(0)["squared error"],
      inspected(0)["slope of c.-e."],
      inspected(0)["slope of s. e."],
    ],
  },
  { text: "tilts a little, $1.28 \\cdot 10^{-4}$", values: () => [inspected(3)["slope of s. e."]] },
  // L2
  {
    text: "From logits $(-4, 4, 0)$ gradient descent with $\\eta = 1$ takes 11 steps on cross-entropy and 210 on squared error. How many does squared error take from $(-6, 6, 0)$?",
    values: () => [-4, 4, 0, 1, margins()[2]!["cross-entropy"]!, margins()[2]!["squared error"]!, -6, 6, 0],
  },
  {
    text: "3708, where cross-entropy takes 13.",
    values: () => [margins()[4]!["squared error"]!, margins()[4]!["cross-entropy"]!],
  },
  {
    text: "As it goes from $2$ to $6$, cross-entropy takes $9, 10, 11, 12$ and $13$ steps",
    values: () => [
      margins()[0]!["s"]!,
      margins()[4]!["s"]!,
      ...margins().map((row) => row["cross-entropy"]!),
    ],
  },
  {
    text: "Squared error takes $28, 63, 210, 854$ and $3708$.",
    values: () => margins().map((row) => row["squared error"]!),
  },
  {
    text: "From $(-10, 10, 0)$ cross-entropy needs $17$ steps and squared error $1\\,458\\,251$.",
    values: () => [-10, 10, 0, farStart(0)["cross-entropy"], farStart(0)["squared error"]],
  },
  {
    text: "it is $15$ against more than $100\\,000$",
    values: () => {
      expect(farStart(1)["squared error"]).toBe(Infinity);
      return [farStart(1)["cross-entropy"], 100_000];
    },
  },
  { text: "a length of $\\sqrt2 = 1.414$", values: () => [2, inspected(0)["slope of c.-e."]] },
  {
    text: "from $1\\,458\\,251$ steps to $145\\,974$",
    values: () => [farStart(0)["squared error"], method(0)["squared error"]!],
  },
  {
    text: "Adam takes $107$ steps, fewer than the $124$ it takes on cross-entropy.",
    values: () => [method(1)["squared error"]!, method(1)["cross-entropy"]!],
  },
  {
    text: "Squared error takes 107 steps, cross-entropy 124.",
    values: () => [method(1)["squared error"]!, method(1)["cross-entropy"]!],
  },
  {
    text: "from a margin of $12$ it takes $411$ steps, and from $15$ it does not arrive in 1000. With $\\epsilon = 10^{-16}$ it takes $109$.",
    values: () => {
      expect(further(2)["Adam, ε = 1e-8"]).toBe(Infinity);
      return [12, further(1)["Adam, ε = 1e-8"]!, 15, 1000, 10, -16, further(2)["Adam, ε = 1e-16"]!];
    },
  },
  // L4
  {
    text: "cross-entropy has a test accuracy of $0.947$ after 100 steps, and squared error after softmax has $0.333$",
    values: () => [after(0, 100), 100, after(1, 100)],
  },
  { text: "After 1000 steps it is at $0.640$.", values: () => [1000, after(1, 1000)] },
  {
    text: "without softmax, has $0.933$ and $0.950$",
    values: () => [after(2, 100), after(2, 1000)],
  },
  {
    text: "from a usual start it gets $0.947$, and with Adam it reaches $0.940$ after 100 steps",
    values: () => [after(4, 1000), after(3, 100), 100],
  },
  {
    text: "at a rate of $0.5$ the first steps are so long that the run blows up and is left with $0.333$",
    values: () => [0.5, after(5, 1000)],
  },
  // L3
  {
    text: "for $(0, 200, 0)$ the second way still says $-\\infty$ where the answer is $-200$",
    values: () => {
      expect(ways("logits (0, 200, 0)", 1)).toEqual([-Infinity, 0, -Infinity]);
      return [0, 200, 0, ways("logits (0, 200, 0)", 2)[0]!];
    },
  },
  // Means
  {
    text: "after 1000 steps it is $8.00$. With $\\varepsilon = 0.1$ it stops at $3.33$",
    values: () => [1000, leads()[0]!.at(-1), 0.1, leads()[1]!.at(-1)],
  },
  {
    text: "which is $\\ln(0.9333/0.0333)$",
    values: () => [0.9 + 0.1 / 3, 0.1 / 3],
  },
];

testClaims(run, claims);

describe("what the text says without a number", () => {
  test("in the picture one ball runs down and the other does not move", () => {
    const [ce, se] = run.outputs("terrains", "surface").map(({ surface }) => surface.trajectories[0]!);
    expect(ce!.z.at(-1)).toBeLessThan(0.1);
    expect(Math.abs(se!.x.at(-1) - se!.x[0]!)).toBeLessThan(0.001);
  });

  test("in the middle the two slopes are alike", () => {
    expect(inspected(1)["slope of c.-e."]).toBeCloseTo(inspected(1)["slope of s. e."], 12);
    const quotient = inspected(4)["slope of c.-e."] / inspected(4)["slope of s. e."];
    expect(quotient).toBeLessThan(2);
  });

  test("the slopes by formula are those of the engine", () => {
    for (const z of [
      [-10, 10, -1000],
      [0, 0, 0],
      [-2, 1, 0.5],
    ]) {
      const inspect = run.get<(name: string, z: number[]) => { gradient: number[] }>(
        "slopes-by-machine",
        "inspect",
      );
      slope("cross-entropy")(z).forEach((g, i) =>
        expect(g).toBeCloseTo(inspect("cross-entropy", z).gradient[i]!, 12),
      );
      slope("squared error after softmax")(z).forEach((g, i) =>
        expect(g).toBeCloseTo(inspect("squared error", z).gradient[i]!, 12),
      );
    }
  });

  test("with two classes squared error has the slope 4p(1 − p)²", () => {
    const p = 1 / (1 + Math.exp(3));
    expect(slope("squared error after softmax")([0, 3])[0]!).toBeCloseTo(-4 * p * (1 - p) ** 2, 12);
  });

  test("each unit of margin costs a factor of more than four, and of e² with two classes", () => {
    const factor = (name: string) => margins()[4]![name]! / margins()[3]![name]!;
    expect(factor("squared error")).toBeGreaterThan(4);
    expect(Math.abs(factor("squared error, z₃ = -1000") - Math.exp(2))).toBeLessThan(0.1);
    const extrapolated = margins()[4]!["squared error, z₃ = -1000"]! * Math.exp(8);
    expect(Math.round(extrapolated / 1e7)).toBe(6);
  });

  test("squared error is steep in a band only: flat where it is certain, rightly or wrongly", () => {
    const steepness = (z: number[]) => norm(slope("squared error after softmax")(z));
    expect(steepness([-8, 8, -1000])).toBeLessThan(1e-6);
    expect(steepness([8, -8, -1000])).toBeLessThan(1e-6);
    expect(steepness([0, 0, -1000])).toBeGreaterThan(0.5);
    expect(norm(slope("cross-entropy")([-8, 8, -1000]))).toBeCloseTo(Math.SQRT2, 4);
  });

  test("squared error after softmax has found the third class and nothing of the first", () => {
    const [first, , third] = trained(1).found;
    expect(first).toBe(0);
    expect(third).toBeGreaterThan(90);
  });

  test("the formula as it is written gives NaN and minus infinity, the third way is right", () => {
    expect(ways("logits (1000, 0, -1000)", 0)).toEqual([Number.NaN, -Infinity, -Infinity]);
    expect(ways("logits (1000, 0, -1000)", 2)).toEqual([0, -1000, -2000]);
  });

  test("the means by hand are the engine's", () => {
    const averages = run.get<Record<string, number>>("means", "averages");
    const byHand = run.get<Record<string, number>>("means", "byHand");
    for (const [name, value] of Object.entries(byHand)) expect(averages[name]).toBeCloseTo(value, 12);
  });
});

test("has quizzes of all five kinds", () => {
  const kinds = run.lesson.blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
  expect(new Set(kinds)).toEqual(new Set(["choice", "multiple", "numeric", "short", "trace"]));
});
