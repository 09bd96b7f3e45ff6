// Answers judged in a real browser: the same verdicts as in Node, and no answer that hangs or dies stops the rest.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  checkAnswer,
  type PublicExercise,
  preparePublicLesson,
  type Verdict,
} from "../../src/grading/index.ts";
import { exercisesOf, fixtureLesson, testHost } from "../grading/support.ts";
import { ScriptedPage } from "./support/scripted-page.ts";

let scripted: ScriptedPage;

beforeAll(async () => {
  scripted = await ScriptedPage.open("test/browser/support/grading-page.ts");
});
afterAll(() => scripted?.close());

const judge = (exercise: PublicExercise, answer: string): Promise<Verdict> =>
  scripted.page.evaluate(([given, text]) => window.judge(given, text), [exercise, answer] as const);

const withoutTime = (verdict: Verdict) => ({ ...verdict, durationMs: 0 });

test(
  "solutions, starters and misconceptions get the verdicts they get in Node",
  { timeout: 180_000 },
  async () => {
    const host = testHost();
    const lesson = fixtureLesson("critical-points");
    const { lesson: prepared } = await preparePublicLesson(lesson, host);
    const published = prepared.blocks.flatMap((block) => (block.kind === "exercise" ? [block.exercise] : []));
    for (const [index, exercise] of published.entries()) {
      const { solution, misconceptions } = exercisesOf(lesson)[index]!;
      const answers = [
        solution.code.source,
        solution.starter,
        ...misconceptions.map(({ code }) => code.source),
      ];
      for (const answer of answers) {
        const here = await checkAnswer({ exercise, answer, host });
        expect(withoutTime(await judge(exercise, answer))).toEqual(withoutTime(here));
      }
    }
  },
);

const twoTests: PublicExercise = {
  id: "two",
  title: null,
  points: 4,
  hiddenPoints: 0,
  objective: "",
  attempts: null,
  timeout: 2,
  starter: "",
  tests: [
    { name: "risky", points: 1, cases: 1, source: "expect(await student.risky()).toBe(1);" },
    { name: "safe", points: 3, cases: 1, source: "expect(await student.safe()).toBe(2);" },
  ],
  hints: [],
  feedback: [],
  probes: { calls: [], outcomes: [] },
};

describe("an answer that never ends", () => {
  test.each([
    ["in a loop", "for (;;) {}"],
    ["in microtasks", "await (async () => { for (;;) await null; })();"],
    ["in a promise", "await new Promise(() => {});"],
    ["in a wait of its own", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"],
  ])("%s costs that test only", async (_name, body) => {
    const verdict = await judge(
      twoTests,
      `export const risky = async () => { ${body} };\nexport const safe = () => 2;`,
    );
    expect(verdict.tests.map(({ passed }) => passed)).toEqual([false, true]);
    expect(verdict).toMatchObject({ points: 3, maxPoints: 4 });
  });

  test("while it loads is judged all the same", async () => {
    expect(await judge(twoTests, "for (;;) {}")).toMatchObject({ status: "timeout", points: 0 });
  });
});

test("an answer that patches its realm fools nobody", async () => {
  const patches = `
    Array.prototype.map = () => [1]; Object.is = () => true; JSON.stringify = () => "1";
    Object.defineProperty(Object.prototype, "value", { get: () => 1, set() {}, configurable: true });
    Object.defineProperty(Object.prototype, "ok", { get: () => true, set() {}, configurable: true });
    export const risky = () => ({ valueOf: () => 1 });
    export const safe = () => new Proxy({}, { get: () => 2 });`;
  expect(await judge(twoTests, patches)).toMatchObject({ points: 0 });
});
