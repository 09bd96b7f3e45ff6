// What holds of every verdict, whatever the answer and whatever the kernels do.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAnswer, gradeAnswer, type PublicExercise, type Verdict } from "../../src/grading/index.ts";
import type { Kernel, KernelHost } from "../../src/runtime/index.ts";
import { exerciseOf, fixtureLesson, testHost } from "./support.ts";

const host = testHost();
const exercise = exerciseOf(fixtureLesson("momentum"), "momentum-step");
const right = exercise.solution.code.source;
const probes = { calls: [], outcomes: [] };

const publicExercise = (tests: PublicExercise["tests"]): PublicExercise => ({
  id: "e",
  title: null,
  points: tests.reduce((sum, { points }) => sum + points, 0),
  hiddenPoints: 0,
  objective: "",
  attempts: null,
  timeout: 5,
  starter: "",
  tests,
  hints: [],
  feedback: [],
  probes,
});

/** The laws that a verdict breaks: none, ever. */
function brokenLaws(verdict: Verdict, maxPoints: number): string[] {
  const { tests, points, status, error } = verdict;
  const laws: Record<string, boolean> = {
    "the tests' points sum up": points === tests.reduce((sum, test) => sum + test.points, 0),
    "there is as much to earn as ever": verdict.maxPoints === maxPoints,
    "a test gives all or nothing": tests.every((test) => test.points === (test.passed ? test.maxPoints : 0)),
    "passed means all of them": (status === "passed") === tests.every((test) => test.passed),
    "failed and broken answers have nothing": (status !== "failed" && error === null) || points === 0,
    "partial is more than nothing": status !== "partial" || points > 0,
    "it is plain JSON": JSON.stringify(JSON.parse(JSON.stringify(verdict))) === JSON.stringify(verdict),
  };
  return Object.keys(laws).filter((law) => laws[law] !== true);
}

describe("any answer gets a verdict", { timeout: 60_000 }, () => {
  test("any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: "binary" })), async (answer) => {
        expect(brokenLaws(await gradeAnswer({ exercise, answer, host, seed: "s", probes }), 10)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("the solution with a piece cut out or put in", async () => {
    const piece = fc.constantFrom(
      "",
      ";",
      "}",
      "return",
      "await ",
      "0",
      "w",
      "export ",
      "`",
      "/*",
      "null",
      "()",
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(right.length), fc.nat(12), piece, async (at, cut, inserted) => {
        const answer = right.slice(0, at) + inserted + right.slice(at + cut);
        expect(brokenLaws(await gradeAnswer({ exercise, answer, host, seed: "s", probes }), 10)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("the order of the tests changes no test's verdict", async () => {
    const tests = [
      { name: "a", points: 1, cases: 1, source: "expect(await student.f(1)).toBe(1);" },
      { name: "b", points: 2, cases: 3, source: "expect(await student.f(seed.integer(5, 9))).toBe(1);" },
      { name: "c", points: 3, cases: 1, source: "expect(await student.f(0)).toBe(0);" },
      { name: "d", points: 4, cases: 1, source: "await student.g();" },
    ];
    const answer = "export const f = (x: number) => Math.min(x, 1);";
    const judged = async (order: typeof tests) => {
      const verdict = await checkAnswer({ exercise: publicExercise(order), answer, host });
      return verdict.tests.toSorted(
        (one, other) => one.points - other.points || one.maxPoints - other.maxPoints,
      );
    };
    const straight = await judged(tests);
    expect(straight.map(({ points }) => points)).toEqual([0, 1, 2, 3]);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(tests, { minLength: 4 }), async (order) => {
        expect(await judged(order)).toEqual(straight);
      }),
      { numRuns: 10 },
    );
  });

  test("an exercise without tests is never passed", async () => {
    const verdict = await checkAnswer({ exercise: publicExercise([]), answer: "1;", host });
    expect(verdict).toMatchObject({ status: "failed", points: 0, maxPoints: 0 });
  });
});

describe("what a test may ask", () => {
  const judge = (source: string, answer: string) =>
    checkAnswer({ exercise: publicExercise([{ name: "t", points: 1, cases: 2, source }]), answer, host });

  test("the engine of its own realm", async () => {
    const source =
      'import { tensor } from "descent";\nexpect(await student.f(tensor([1, 2]))).toBeCloseToArray(tensor([2, 4]).toArray());';
    const answer = "export const f = (x) => x.mul(2);";
    expect(await judge(source, answer)).toMatchObject({ status: "passed" });
  });

  test("a class of the answer, its methods and its errors", async () => {
    const source = `
      const { Counter } = student;
      const counter = new Counter(5);
      await counter.add(2);
      expect(await counter.total()).toBe(7);
      await expect(() => new Counter(-1)).toThrow("negative");
      await expect(() => counter.add("x")).toThrow();`;
    const answer = `
      export class Counter {
        #n: number;
        constructor(n: number) { if (n < 0) throw new RangeError("no negative start"); this.#n = n; }
        add(n: number) { if (typeof n !== "number") throw new TypeError("no number"); this.#n += n; return this; }
        total() { return this.#n; }
      }`;
    expect((await judge(source, answer)).tests).toMatchObject([{ passed: true, message: null }]);
  });

  test("a constant of the answer", async () => {
    expect(await judge("expect(await student.rate()).toBe(0.1);", "export const rate = 0.1;")).toMatchObject({
      status: "passed",
    });
  });

  test("which case failed is told", async () => {
    const source = "expect(await student.f()).toBe(1);";
    const verdict = await judge(source, "let calls = 0; export const f = () => ++calls;");
    expect(verdict.tests[0]!.message).toBe("expected  1\nreceived  2\n(case 2 of 2)");
  });
});

describe("kernels that fail", () => {
  const tests = [
    { name: "first", points: 1, cases: 1, source: "expect(await student.f()).toBe(1);" },
    { name: "second", points: 2, cases: 1, source: "expect(await student.f()).toBe(1);" },
  ];
  const answer = "export const f = () => 1;";

  /** A host whose kernels are those of another, changed. */
  const changedHost = (change: (kernel: Kernel, forTests: boolean) => Kernel): KernelHost => ({
    start: async (options) => change(await host.start(options), options?.onHostCall !== undefined),
    dispose: () => host.dispose(),
  });

  test("a lost test kernel costs that test, the next gets a fresh one", async () => {
    let losses = 1;
    const losing = changedHost((kernel, forTests) => ({
      ...kernel,
      run: (program, options) =>
        forTests && losses-- > 0
          ? Promise.resolve({ status: "stopped", error: null, durationMs: 0, kernelLost: true })
          : kernel.run(program, options),
    }));
    const verdict = await checkAnswer({ exercise: publicExercise(tests), answer, host: losing });
    expect(verdict).toMatchObject({ status: "partial", points: 2 });
    expect(verdict.tests[0]!.message).toContain("could not run");
  });

  test("a run that was stopped gives nothing", async () => {
    const stopping = changedHost((kernel, forTests) => ({
      ...kernel,
      run: (program, options) =>
        forTests
          ? Promise.resolve({ status: "stopped", error: null, durationMs: 0, kernelLost: false })
          : kernel.run(program, options),
    }));
    const verdict = await checkAnswer({ exercise: publicExercise(tests), answer, host: stopping });
    expect(verdict).toMatchObject({ status: "failed", points: 0 });
  });

  test("every kernel that was started is disposed", async () => {
    let alive = 0;
    const counting = changedHost((kernel) => {
      alive += 1;
      return {
        ...kernel,
        dispose: () => {
          alive -= 1;
          kernel.dispose();
        },
      };
    });
    for (const source of [answer, "throw new Error();", "export const f = () => { throw new Error(); };"]) {
      await checkAnswer({ exercise: publicExercise(tests), answer: source, host: counting });
      await Promise.resolve();
      expect(alive).toBe(0);
    }
  });

  test("an answer that had to be ended is not asked again for its misconceptions", async () => {
    let started = 0;
    const counting = changedHost((kernel) => {
      started += 1;
      return kernel;
    });
    const exercise: PublicExercise = {
      ...publicExercise(tests.slice(0, 1)),
      timeout: 0.5,
      probes: {
        calls: [{ name: "f", args: [] }],
        outcomes: [{ misconception: "two", results: [{ ok: true, value: 2 }] }],
      },
    };
    const endless = "export const f = () => new Promise(() => {});";
    const verdict = await checkAnswer({ exercise, answer: endless, host: counting });
    expect(verdict).toMatchObject({ status: "timeout", points: 0, feedback: [] });
    expect(started).toBe(2);
    const known = await checkAnswer({ exercise, answer: "export const f = () => 2;", host: counting });
    expect(known.feedback).toEqual(["two"]);
  });

  test("when no kernel can be started there is no verdict to forge: the promise rejects", async () => {
    const broken: KernelHost = {
      start: () => Promise.reject(new Error("the sandbox did not load")),
      dispose: () => undefined,
    };
    await expect(checkAnswer({ exercise: publicExercise(tests), answer, host: broken })).rejects.toThrow(
      "the sandbox did not load",
    );
  });
});
