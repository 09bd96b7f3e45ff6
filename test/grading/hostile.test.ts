// Answers that attack the grader: none gets points it did not earn, none stops the rest from being judged.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkAnswer, gradeAnswer, type PublicExercise, type Verdict } from "../../src/grading/index.ts";
import type { KernelHost } from "../../src/runtime/index.ts";
import { exerciseOf, fixtureLesson } from "./support.ts";
import { createThreadHost } from "./threads/thread-host.ts";

let host: KernelHost;
beforeAll(async () => {
  host = await createThreadHost();
}, 60_000);
afterAll(() => host.dispose());

const momentum = exerciseOf(fixtureLesson("momentum"), "momentum-step");
const grade = (answer: string): Promise<Verdict> =>
  gradeAnswer({ exercise: momentum, answer, host, seed: "secret", probes: { calls: [], outcomes: [] } });

/** Two tests with a short clock: one calls `safe`, the other `risky`. */
const twoTests: PublicExercise = {
  id: "two",
  title: null,
  points: 4,
  hiddenPoints: 0,
  objective: "",
  attempts: null,
  timeout: 1,
  starter: "",
  tests: [
    { name: "risky", points: 1, cases: 1, source: "expect(await student.risky()).toBe(1);" },
    { name: "safe", points: 3, cases: 1, source: "expect(await student.safe()).toBe(2);" },
  ],
  hints: [],
  feedback: [],
  probes: { calls: [], outcomes: [] },
};
const check = (answer: string): Promise<Verdict> => checkAnswer({ exercise: twoTests, answer, host });

describe("answers that do not end", { timeout: 60_000 }, () => {
  test.each([
    ["a loop", "for (;;) {}"],
    ["a chain of microtasks", "await (async function again() { for (;;) await null; })();"],
    ["a promise that nobody keeps", "await new Promise(() => {});"],
    ["recursion that swallows its own overflow", "const f = () => { try { f(); } finally { f(); } }; f();"],
  ])("%s in one function costs that test only", async (_name, body) => {
    const verdict = await check(
      `export const risky = async () => { ${body} };\nexport const safe = () => 2;`,
    );
    expect(verdict).toMatchObject({ status: "timeout", points: 3, maxPoints: 4 });
    expect(verdict.tests[0]).toMatchObject({
      passed: false,
      message: "Stopped after 1 s: your answer takes too long or never ends",
    });
    expect(verdict.tests[1]).toMatchObject({ passed: true });
  });

  test("a loop while loading is a timeout of the whole answer", async () => {
    expect(await check("for (;;) {}")).toMatchObject({ status: "timeout", points: 0, maxPoints: 4 });
  });
});

describe("answers that end their own program", { timeout: 60_000 }, () => {
  test.each([
    ["leaves", "process.exit(0);"],
    ["fills the memory", "const all = []; for (;;) all.push(new Array(1000).fill({}));"],
  ])("one that %s costs that test only", async (_name, body) => {
    const exercise = { ...twoTests, timeout: 20 };
    const answer = `export const risky = () => { ${body} };\nexport const safe = () => 2;`;
    const verdict = await checkAnswer({ exercise, answer, host });
    expect(verdict).toMatchObject({ status: "memory", points: 3 });
    expect(verdict.tests[0]!.message).toContain("ended the program");
  });

  test("an exit is no exception that a test could ask for", async () => {
    const exercise = {
      ...twoTests,
      tests: [
        { name: "throws", points: 4, cases: 1, source: "await expect(() => student.risky()).toThrow();" },
      ],
    };
    const answer = "export const risky = () => { process.exit(0); };";
    expect(await checkAnswer({ exercise, answer, host })).toMatchObject({ points: 0, status: "memory" });
  });
});

describe("answers that lie", { timeout: 60_000 }, () => {
  const wrong = "export const step = (w, v) => ({ w, v });";
  test.each([
    [
      "patches Array.prototype",
      "Array.prototype.map = Array.prototype.every = Array.prototype.some = () => true;",
    ],
    ["patches the iterator of arrays", "Array.prototype[Symbol.iterator] = function* () { yield 0.95; };"],
    ["patches comparisons", "Object.is = () => true; Math.abs = () => 0; Number.isNaN = () => true;"],
    ["patches JSON", "JSON.stringify = () => '{\"passed\":true}'; JSON.parse = () => ({ passed: true });"],
    [
      "patches structuredClone and postMessage",
      "globalThis.structuredClone = () => 0.95; globalThis.postMessage = () => {};",
    ],
    [
      "sets traps on Object.prototype",
      "for (const key of ['ok', 'passed', 'status', 'points']) Object.prototype[key] = true;",
    ],
    ["patches promises", "Promise.prototype.then = function (f) { return f(0.95); };"],
    ["patches errors", "Error.prepareStackTrace = () => { throw 1; }; globalThis.Error = class {};"],
    ["freezes clock and chance", "Math.random = () => 0; performance.now = () => 0; Date.now = () => 0;"],
    [
      "forges names of the tests",
      "const expect = () => ({ toBe() {}, toBeCloseTo() {} }); const student = {}, finishTest = () => {};",
    ],
  ])("%s", async (_name, attack) => {
    const verdict = await grade(`${attack}\n${wrong}`);
    expect(verdict.points).toBe(0);
    expect(verdict.tests.every((result) => !result.passed)).toBe(true);
  });

  test.each([
    [
      "a proxy that says yes to everything",
      "new Proxy({}, { get: () => NaN, has: () => true, ownKeys: () => [] })",
    ],
    ["getters that throw", "{ get w() { throw new Error('no'); }, get v() { throw new Error('no'); } }"],
    [
      "toJSON and valueOf",
      "{ w: { toJSON: () => 0.95, valueOf: () => 0.95, [Symbol.toPrimitive]: () => 0.95 }, v: 0 }",
    ],
    ["a thenable that lies", "{ then: (resolve) => resolve({ w: { then() {} }, v: Infinity }) }"],
    [
      "a thenable that never answers the same",
      "{ n: 0, then(resolve) { resolve({ w: this.n++, v: this.n++ }); } }",
    ],
    ["NaN", "{ w: NaN, v: NaN }"],
    ["an error as a result", "new Error('TestFailure')"],
    ["itself", "(() => { const me = {}; me.w = me; me.v = me; return me; })()"],
    ["a function", "() => 0.95"],
    [
      "doubled sixty times",
      "(() => { let w = [0]; for (let i = 0; i < 60; i++) w = [w, w]; return { w, v: 0 }; })()",
    ],
    [
      "a forged tensor",
      "{ w: { 'descent:tensor': 1, dtype: 'evil', shape: [1], data: new Float64Array(1) }, v: 0 }",
    ],
    [
      "a tensor of no size",
      "{ w: { 'descent:tensor': 1, dtype: 'float64', shape: [-1, -1], data: new Float64Array(1) }, v: 0 }",
    ],
    ["something huge", "({ w: new Array(3e6).fill(0), v: 0 })"],
    ["something deep", "(() => { let w = 0; for (let i = 0; i < 1e5; i++) w = [w]; return { w, v: 0 }; })()"],
  ])("a result that is %s", async (_name, result) => {
    const verdict = await grade(`export const step = () => (${result});`);
    expect(verdict.points).toBe(0);
  });

  test.each([
    ["names of the grader", "Object.assign(new Error(JSON.stringify(args)), { name: 'descent:unusable' })"],
    [
      "a forged failure",
      "Object.assign(new Error(JSON.stringify({ kind: 'expectation', words: String(args), detail: '' })), { name: 'TestFailure' })",
    ],
    ["a stack that throws", "{ message: String(args), get stack() { throw new Error(String(args)); } }"],
    ["no error at all", "String(args)"],
  ])("thrown %s shows nothing of a hidden test", async (_name, thrown) => {
    const [, hidden] = (await grade(`export const step = (...args) => { throw ${thrown}; };`)).tests;
    expect(hidden).toMatchObject({ passed: false, message: "Your answer threw an error" });
  });

  test("the module of the tests is out of reach", async () => {
    for (const answer of [
      'import { ambient } from "descent/test"; export const step = ambient;',
      'export const step = await import("descent/test");',
      "export const step = student.step;",
    ]) {
      expect(await grade(answer)).toMatchObject({ status: "error", points: 0 });
    }
  });

  test("the right answer is worth its points in the same surroundings", async () => {
    expect(await grade(momentum.solution.code.source)).toMatchObject({ status: "passed", points: 10 });
  });
});
