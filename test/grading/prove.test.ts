// What an author is told about exercises and traced programs that are not sound, with the place in the lesson.
import { describe, expect, test } from "vitest";
import { preparePublicLesson, proveExercises } from "../../src/grading/index.ts";
import { formatProblem } from "../../src/lesson/index.ts";
import { fixtureSource, lessonFrom, testHost } from "./support.ts";

const host = testHost();
const momentum = fixtureSource("momentum");

/** The fixture with one change, which must be there to be made. */
function changed(from: string, to: string): string {
  expect(momentum).toContain(from);
  return momentum.replace(from, to);
}

const lineOf = (source: string, text: string): number =>
  source.slice(0, source.indexOf(text)).split("\n").length;

async function proved(source: string): Promise<string[]> {
  return (await proveExercises(lessonFrom(source), host)).map(formatProblem);
}

async function prepared(source: string): Promise<string[]> {
  return (await preparePublicLesson(lessonFrom(source), host)).problems.map(formatProblem);
}

const solution = "v = beta * v - lr * g;\n  return { w: w + v, v };";
const misconception = "v = beta * v + lr * g;\n  return { w: w + v, v };\n};";

describe("the proof of an exercise", () => {
  test("a solution that fails a test is told at that test", async () => {
    const source = changed(solution, "v = beta * v - 2 * lr * g;\n  return { w: w + v, v };");
    const line = lineOf(source, "const { w } = await student");
    const problems = await proved(source);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(
      new RegExp(`^lesson\\.md:${line}:1: The solution of “momentum-step” fails the test “without momentum`),
    );
    expect(problems[0]).toContain("expected  0.95");
    // An author is told everything of a hidden test too.
    expect(problems[1]).toMatch(
      /“any gradient, any state”: the velocity is not .*expected  .*\(case 1 of 50\)/,
    );
  });

  test("a solution that does not run is told at its line", async () => {
    const source = changed(solution, "v = beta * v - ;\n  return { w: w + v, v };");
    const [problem] = await proved(source);
    expect(problem).toMatch(
      new RegExp(`^lesson\\.md:${lineOf(source, "v = beta * v - ;")}:\\d+: The solution`),
    );
  });

  test("a starter that already passes is told at the test it passes", async () => {
    const source = changed("// starter: return { w, v };", "// starter: return { w: w - lr * g, v };");
    const line = lineOf(source, "const { w } = await student");
    expect(await proved(source)).toEqual([
      `lesson.md:${line}:1: The starter of “momentum-step” already passes the test “without momentum it is gradient ` +
        "descent” and earns 2 points — test something that the starter does not do, or begin with less",
    ]);
  });

  test("a misconception that passes every test is told", async () => {
    const source = changed(misconception, "v = beta * v - lr * g;\n  return { w: w + v, v };\n};");
    const line = lineOf(source, "export const step");
    expect(await proved(source)).toEqual([
      `lesson.md:${line}:1: The misconception “uphill” passes every test — add a test with a case that it gets wrong`,
    ]);
  });

  test("a misconception that no visible call shows is told, with what to add", async () => {
    // Without momentum it is right: only hidden cases have β ≠ 0.
    const source = changed(misconception, "v = -lr * g;\n  return { w: w + v, v };\n};");
    expect(await proved(source)).toEqual([]);
    expect(await prepared(source)).toEqual([
      expect.stringMatching(
        /“uphill” gives what the solution gives on every call of the visible tests.*add a visible test with a case/,
      ),
    ]);
  });

  test("two misconceptions that visible calls do not tell apart are both named", async () => {
    const twin = [
      "```ts misconception id=twin",
      "export const step = (w: number, v: number, g: number, lr: number) => ({ w: w + v + lr * g, v: v + lr * g });",
      "```",
      "",
      "````md feedback for=twin",
      "Twin.",
      "````",
      "",
      "````md hint",
    ].join("\n");
    const problems = await prepared(changed("````md hint", twin));
    expect(problems).toEqual([
      expect.stringMatching(
        /The misconceptions “twin” and “uphill” give the same .* cannot be told apart — add a visible/,
      ),
    ]);
  });

  test("a misconception that does not run, or never gives a result, is told", async () => {
    expect(await prepared(changed(misconception, "missing();\n};\nmissing();"))).toEqual([
      expect.stringContaining("The misconception “uphill” does not run"),
    ]);
    expect(await prepared(changed(misconception, "throw new Error();\n};"))).toEqual([
      expect.stringContaining("gives no result on any call"),
    ]);
  });

  test("where no call comes about, that is told once and not blamed on the misconceptions", async () => {
    expect(await prepared(changed(solution, "missing.value;\n}\n{ missing.value;"))).toEqual([
      expect.stringContaining("The solution of “momentum-step” does not run: missing is not defined"),
    ]);
    expect(await prepared(changed("await student.step(1, 0, 0.5, 0.1, 0);", "{ w: 0.95 };"))).toEqual([
      expect.stringContaining("No visible test of “momentum-step” calls the answer"),
    ]);
  });

  test("a test that cannot run gives the solution nothing, and says why", async () => {
    const [problem] = await proved(
      changed("expect(w).toBeCloseTo(0.95, 1e-12);", "expect(w).toBeClosish(0.95);"),
    );
    expect(problem).toContain("fails the test “without momentum it is gradient descent”");
  });

  test("a test without any expectation gives nothing", async () => {
    const [problem] = await proved(changed("expect(w).toBeCloseTo(0.95, 1e-12);", "w;"));
    expect(problem).toContain("found nothing to check");
  });

  test("a test cannot take the names that every test is given", async () => {
    const [problem] = await proved(
      changed("const { w } = await", "const expect = () => {}; const { w } = await"),
    );
    expect(problem).toContain("cannot declare `expect`");
  });

  test("a sent function that uses what it was not given is told", async () => {
    const source = changed(
      "const { w } = await student.step(1, 0, 0.5, 0.1, 0);",
      "const a = 2;\nconst { w } = await student.step(given({}, () => () => a), 0, 0.5, 0.1, 0);",
    );
    const [problem] = await proved(source);
    expect(problem).toContain("uses `a`: put that into the data of `given`");
  });
});

const trace = (program: string, answer: string) => `---
title: Trace
summary: One quiz.
objectives:
  - read a program
minutes: 1
---

\`\`\`quiz
id: halves
points: 2
kind: trace
question: What does it print?
program: |
${program.replaceAll(/^/gm, "  ")}
answer: ${JSON.stringify(answer)}
\`\`\`
`;

describe("traced programs", () => {
  const program = "let lr = 1;\nfor (let i = 0; i < 3; i++) {\n  console.log(i, lr);\n  lr /= 2;\n}";

  test("a right stored answer passes, spaces aside", async () => {
    expect(await prepared(trace(program, "0 1\n1 0.5\n2 0.25"))).toEqual([]);
    expect(
      await prepared(trace("console.log([1, 2], { a: true }, 'x', null)", "[1, 2] { a: true } x null")),
    ).toEqual([]);
  });

  test("a wrong stored answer is refused with the right one", async () => {
    const [problem] = await prepared(trace(program, "0 1\n1 0.5"));
    expect(problem).toContain('the program prints "0 1\\n1 0.5\\n2 0.25"');
    expect(problem).toMatch(/^lesson\.md:9:1: /);
  });

  test("a program that throws, prints nothing or does not compile is told at its place", async () => {
    expect((await prepared(trace("console.log(1);\nundefined.x;", "1")))[0]).toMatch(/throws TypeError/);
    expect((await prepared(trace("const a = 1;", "1")))[0]).toContain("prints nothing");
    expect((await prepared(trace("const a = ;", "1")))[0]).toContain("does not compile");
  });
});
