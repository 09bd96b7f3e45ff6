// One exercise from its Markdown to its verdicts: what a student sees for right, wrong and broken answers.
import { describe, expect, test } from "vitest";
import {
  checkAnswer,
  gradeAnswer,
  type PublicExercise,
  preparePublicLesson,
  proveExercises,
} from "../../src/grading/index.ts";
import { exerciseOf, fixtureLesson, fixtureSource, testHost } from "./support.ts";

const host = testHost();
const lesson = fixtureLesson("momentum");
const exercise = exerciseOf(lesson, "momentum-step");

const right = exercise.solution.code.source;
const uphill = "const step = (w, v, g, lr, beta) => { v = beta * v + lr * g; return { w: w + v, v }; };";

async function publicExercise(): Promise<PublicExercise> {
  const { lesson: prepared, problems } = await preparePublicLesson(lesson, host);
  expect(problems).toEqual([]);
  for (const block of prepared.blocks) if (block.kind === "exercise") return block.exercise;
  throw new Error("the lesson lost its exercise");
}

const check = async (answer: string) => checkAnswer({ exercise: await publicExercise(), answer, host });
const grade = (answer: string, seed = "secret") => gradeAnswer({ exercise, answer, host, seed });

describe("in a page", () => {
  test("the solution passes the visible tests", async () => {
    expect(await check(right)).toMatchObject({
      exercise: "momentum-step",
      status: "passed",
      points: 2,
      maxPoints: 2,
      feedback: [],
      error: null,
      tests: [
        { name: "without momentum it is gradient descent", passed: true, hidden: false, message: null },
      ],
    });
  });

  test("the starter earns nothing, and the message shows expected and received", async () => {
    const verdict = await check(exercise.solution.starter);
    expect(verdict).toMatchObject({ status: "failed", points: 0 });
    expect(verdict.tests[0]!.message).toBe("expected  0.95 (± 1e-12)\nreceived  1\noff by    0.05");
  });

  test("a known mistake is recognised by what it does, however it is written", async () => {
    expect(await check(uphill)).toMatchObject({ status: "failed", points: 0, feedback: ["uphill"] });
    const rewritten = `
      export function step(w: number, v: number, g: number, lr: number, beta: number) {
        const velocity = v * beta - -1 * (g * lr);
        return { v: velocity, w: velocity + w };
      }`;
    expect((await check(rewritten)).feedback).toEqual(["uphill"]);
  });

  test("a syntax error has its place", async () => {
    const verdict = await check("export function step(w {\n}");
    expect(verdict).toMatchObject({ status: "error", points: 0, maxPoints: 2 });
    expect(verdict.error!.place).toMatchObject({ cell: "momentum-step", line: 1 });
    expect(verdict.tests[0]!.message).toContain("Your answer did not run");
  });

  test("an error while loading has its place", async () => {
    const verdict = await check("const step = 1;\nundefined.x;");
    expect(verdict).toMatchObject({ status: "error", points: 0 });
    expect(verdict.error!.place).toMatchObject({ cell: "momentum-step", line: 2 });
  });

  test("an error in the function is shown with its line", async () => {
    const verdict = await check("export function step() {\n  throw new RangeError('no such step');\n}");
    expect(verdict).toMatchObject({ status: "failed", points: 0 });
    expect(verdict.tests[0]!.message).toBe("Your answer threw RangeError: no such step (line 2, column 9)");
  });

  test("a function of another name is told with the names there are", async () => {
    const verdict = await check("export const momentum = () => 1;");
    expect(verdict.tests[0]!.message).toBe(
      "Your answer declares no function “step”; it declares: “momentum”.",
    );
  });

  test("a result that cannot be used is told", async () => {
    const verdict = await check("export const step = () => undefined;");
    expect(verdict).toMatchObject({ status: "failed", points: 0 });
    expect(verdict.tests[0]!.message).toContain("could not use what your answer gave back");
  });

  test("nothing written is a missing answer", async () => {
    for (const answer of ["", "  \n\t"]) {
      expect(await check(answer)).toMatchObject({ status: "missing", points: 0, maxPoints: 2 });
    }
  });

  test("an answer of a million characters is refused", async () => {
    expect(await check("//".padEnd(1e6, "x"))).toMatchObject({ status: "refused", points: 0 });
  });

  test("each test is announced as it ends", async () => {
    const heard: string[] = [];
    await checkAnswer({
      exercise: await publicExercise(),
      answer: right,
      host,
      onTest: (verdict) => heard.push(verdict.name),
    });
    expect(heard).toEqual(["without momentum it is gradient descent"]);
  });

  test("checking can be given up", async () => {
    const controller = new AbortController();
    const verdict = checkAnswer({
      exercise: await publicExercise(),
      answer: "await new Promise(() => {});",
      host,
      signal: controller.signal,
    });
    controller.abort(new Error("the reader went on"));
    await expect(verdict).rejects.toThrow("the reader went on");
  });
});

describe("graded", () => {
  test("the solution earns everything, whatever the seed", async () => {
    for (const seed of ["a", "b", "c"]) {
      expect(await grade(right, seed)).toMatchObject({ status: "passed", points: 10, maxPoints: 10, seed });
    }
  });

  test("an answer that knows the visible case by heart earns that case only", async () => {
    const verdict = await grade("export const step = () => ({ w: 0.95, v: -0.05 });");
    expect(verdict).toMatchObject({ status: "partial", points: 2 });
  });

  test("a hidden test shows the author's words and nothing else", async () => {
    const [, hidden] = (await grade(uphill)).tests;
    expect(hidden).toMatchObject({
      hidden: true,
      points: 0,
      message: "the velocity is not the one of momentum",
    });
    const wrongPosition = "const step = (w, v, g, lr, beta) => { v = beta * v - lr * g; return { w, v }; };";
    const [, second] = (await grade(wrongPosition)).tests;
    expect(second).toMatchObject({ hidden: true, points: 0, message: null });
  });

  test("an answer cannot make a hidden test show its inputs", async () => {
    const leak = "const step = (...args) => { throw new Error(JSON.stringify(args)); };";
    const [, hidden] = (await grade(leak)).tests;
    expect(hidden!.message).toBe("Your answer threw an error");
  });

  test("the same seed repeats the same verdict", async () => {
    const sometimes =
      "const step = (w, v, g) => g > 0 ? { w: w + 0.9 * v - 0.1 * g, v: 0.9 * v - 0.1 * g } : { w, v };";
    const first = await grade(sometimes, "same");
    const second = await grade(sometimes, "same");
    expect({ ...second, durationMs: 0 }).toEqual({ ...first, durationMs: 0 });
  });
});

describe("what a page gets", () => {
  test("holds no solution, no hidden test and no code of a misconception", async () => {
    const { lesson: prepared } = await preparePublicLesson(lesson, host);
    const json = JSON.stringify(prepared);
    for (const secret of ["any gradient, any state", "beta * v", "seed.normals", "0.1 * g"]) {
      expect(fixtureSource("momentum")).toContain(secret);
      expect(json).not.toContain(secret);
    }
    expect(json).toContain("Write one update");
  });

  test("judges the same after a journey as JSON", async () => {
    const travelled = JSON.parse(JSON.stringify(await publicExercise())) as PublicExercise;
    expect(await checkAnswer({ exercise: travelled, answer: uphill, host })).toMatchObject({
      feedback: ["uphill"],
    });
  });
});

test("the exercise proves sound", async () => {
  expect(await proveExercises(lesson, host)).toEqual([]);
});
