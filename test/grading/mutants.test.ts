// Mutants of a solution: one slip each, in what the student writes, at the place they name; and the calls that tell them apart.
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { judgeMutants, mutantsOf } from "../../src/grading/author.ts";
import { withGuardedLoops } from "../../src/grading/mutants/guard.ts";
import { variationsOf } from "../../src/grading/mutants/variations.ts";
import { exerciseOf, exercisesOf, fixtureLesson, lessonFrom, testHost } from "./support.ts";

/** Every mutant of one line, as what becomes of that line. */
function becomes(line: string): string[] {
  const source = `export function f(a: number, b: number, list: number[]) {\n${line}\n}`;
  return mutantsOf(source).map((mutant) => mutant.source.split("\n").slice(1, -1).join("\n"));
}

describe("a slip", () => {
  test.each([
    [
      "another operator, and an operand that is lost",
      "return a + b;",
      ["return a - b;", "return a;", "return b;"],
    ],
    ["a comparison that is off", "return a < b;", ["return a <= b;", "return a >= b;"]],
    ["a constant that is off by one", "return list.at(2);", ["return list.at(3);", "return list.at(1);"]],
    ["a sign that is lost", "return -a;", ["return a;"]],
    [
      "a condition that always or never holds",
      "return a ? b : a;",
      ["return true ? b : a;", "return false ? b : a;"],
    ],
    ["arguments that change places", "return g(a, b);", ["return g(b, a);"]],
    ["the neighbour of an entry", "return list[a];", ["return list[a + 1];"]],
    ["a length that is one less", "return list.length;", ["return (list.length - 1);"]],
    ["the neighbour of a method", "return a.mul(b);", ["return a.div(b);"]],
    ["a statement that is missing", "list.push(a);\nreturn list;", ["{}\nreturn list;"]],
    ["one step back instead of on", "a++;\nreturn a;", ["a--;\nreturn a;", "{}\nreturn a;"]],
  ])("%s", (_name, line, expected) => {
    expect(becomes(line).sort()).toEqual(expected.sort());
  });

  test("never touches types, imports, the words of an error or comments", () => {
    const source = [
      'import { tensor } from "descent";',
      "export const f = (x: 1 | -1, y = {} as Record<string, 2>): 3 => {",
      "  // 4 + 5",
      '  throw new RangeError("6 + 7");',
      "};",
    ].join("\n");
    expect(mutantsOf(source).map(({ what }) => what)).toEqual(["the statement is missing"]);
  });

  test("finds the operator itself, also where a comment holds the same sign", () => {
    expect(becomes("return a /* + */ + b;")).toContain("return a /* + */ - b;");
  });

  test("stays between the marks of the answer", () => {
    const source = "const k = 1 + 2;\n// begin answer\nconst m = 3;\n// end answer\nconst n = 4 - 5;\n";
    expect(mutantsOf(source).map(({ what }) => what)).toEqual(["3 becomes 4", "3 becomes 2"]);
  });

  test.each(["momentum", "critical-points"] as const)(
    "makes what it says, where it says, each once: %s",
    (name) => {
      for (const { solution } of exercisesOf(fixtureLesson(name))) {
        const { source } = solution.code;
        const mutants = mutantsOf(source);
        expect(mutants.length).toBeGreaterThan(3);
        for (const { start, end, text, source: mutated } of mutants)
          expect(source.slice(0, start) + text + source.slice(end)).toBe(mutated);
        expect(new Set(mutants.map((mutant) => mutant.source)).size).toBe(mutants.length);
        expect(mutants.some((mutant) => mutant.source === source)).toBe(false);
      }
    },
  );
});

describe("judged", () => {
  const host = testHost();

  async function fates(source: string, id: string): Promise<Map<string, string>> {
    const exercise = exerciseOf(lessonFrom(source), id);
    const mutants = mutantsOf(exercise.solution.code.source);
    const found = new Map<string, string>();
    for await (const { index, fate, shown } of judgeMutants(exercise, {
      host,
      onStep: () => {},
      skip: new Set(),
    }))
      found.set(mutants[index]!.what, shown === null ? fate : `${fate}: ${shown}`);
    return found;
  }

  const lesson = (answer: string, test: string) => `---
title: T
summary: S
objectives: [o]
minutes: 1
---

\`\`\`exercise
id: e
points: 1
objective: o
\`\`\`
\`\`\`ts solution
export function f(x: number): number {
  // begin answer
  ${answer}
  // end answer
}
\`\`\`
\`\`\`ts test points=1 name="t"
${test}
\`\`\`
`;

  test("a mutant that a test notices is killed; one that none notices is told with a call that shows it", async () => {
    const found = await fates(lesson("return x > 3 ? x : 3;", "expect(await student.f(7)).toBe(7);"), "e");
    expect(found.get("the condition `x > 3` is always false")).toBe("killed");
    expect(found.get("the condition `x > 3` is always true")).toMatch(
      /^survived: f\(-?[\d.]+\) gives .*, not 3$/,
    );
    expect(found.get("`>` becomes `>=`")).toBe("equivalent");
  });

  test("one that never ends is killed by its own count of turns", async () => {
    const found = await fates(
      lesson(
        "let sum = 0;\n  for (let i = 0; i < 3; i++) sum += x;\n  return sum;",
        "expect(await student.f(2)).toBe(6);",
      ),
      "e",
    );
    expect(found.get("`++` becomes `--`")).toBe("killed");
  });

  test("judging is the same every time, and leaves out what is known", async () => {
    const exercise = exerciseOf(fixtureLesson("momentum"), "momentum-step");
    const all = [];
    for await (const one of judgeMutants(exercise, { host, onStep: () => {}, skip: new Set() }))
      all.push(one);
    const skip = new Set(all.slice(0, 5).map(({ index }) => index));
    const rest = [];
    for await (const one of judgeMutants(exercise, { host, onStep: () => {}, skip })) rest.push(one);
    expect(rest).toEqual(all.slice(5));
  });
});

test("guarded loops do what they did, whatever form they have", () => {
  const source =
    "let out = []; for (const x of [1, 2]) out.push(x); for (let i = 0; i < 2; i++) { out.push(i); } let k = 0; while (k < 2) k++; do k--; while (k > 0); for (const key in { a: 1 }) out.push(key); return [out, k];";
  const run = (code: string): unknown => runInNewContext(`(() => { ${code} })()`);
  expect(withGuardedLoops(`const f = () => { ${source} };`)).not.toBeNull();
  const guarded = withGuardedLoops(`export const f = () => { ${source} };`)!.replace("export ", "");
  expect(JSON.stringify(run(`${guarded} return f();`))).toBe(JSON.stringify(run(source)));
  expect(() => run(`${withGuardedLoops("for (;;);")}`)).toThrow("This never ends");
  expect(withGuardedLoops("for (")).toBeNull();
});

test("variations of a call change one thing each, keep symmetric matrices symmetric, and try the solution's own limits", () => {
  const matrix = [
    [2, 1],
    [1, 3],
  ];
  const given = variationsOf([{ name: "f", args: [matrix, true, 4] }], [9]).map(({ args }) => args);
  expect(given).toContainEqual([
    [
      [2, 0],
      [0, 3],
    ],
    true,
    4,
  ]);
  expect(given).toContainEqual([matrix, false, 4]);
  expect(given).toContainEqual([matrix, true, 9]);
  for (const args of given) {
    const [[, b], [c]] = args[0] as [[number, number], [number, number]];
    expect(b).toBe(c);
    expect(JSON.stringify(args[0])).not.toContain("9");
    expect(
      args.filter((argument, at) => JSON.stringify(argument) !== JSON.stringify([matrix, true, 4][at])),
    ).toHaveLength(1);
  }
});
