// The same answers get the same verdicts wherever they are judged: in this process (as `check` does) and in isolated
// ones (as `grade` does), which run on another version of V8.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { gradeAnswer, type Verdict } from "../../src/grading/index.ts";
import { type ExerciseBlock, readLesson } from "../../src/lesson/index.ts";
import type { KernelHost } from "../../src/runtime/index.ts";
import { startHost } from "../runtime/isolated/support.ts";
import { exercisesOf, fixtureLesson, testHost } from "./support.ts";

const isolated = await startHost();
const inProcess = testHost();
afterAll(() => {
  isolated.dispose();
  inProcess.dispose();
});

const chapter = readLesson(
  readFileSync(fileURLToPath(new URL("../../lessons/critical-points/lesson.md", import.meta.url)), "utf8"),
  { id: "critical-points", file: "lesson.md" },
).lesson!;

/** Everything an author knows of: the solution, the starter, and what students get wrong. */
function knownAnswers(exercise: ExerciseBlock): [string, string][] {
  return [
    ["solution", exercise.solution.code.source],
    ["starter", exercise.solution.starter],
    ...exercise.misconceptions.map(({ id, code }): [string, string] => [`misconception ${id}`, code.source]),
  ];
}

/** A verdict without its time. */
function timeless(verdict: Verdict): Verdict {
  return { ...verdict, durationMs: 0 };
}

/** The verdicts in both places. */
async function judged(exercise: ExerciseBlock, answer: string): Promise<{ here: Verdict; there: Verdict }> {
  const judge = async (host: KernelHost) =>
    timeless(await gradeAnswer({ exercise, answer, host, seed: "secret", reveal: true }));
  const [here, there] = await Promise.all([judge(inProcess), judge(isolated)]);
  return { here, there };
}

const cases = [...exercisesOf(chapter), ...exercisesOf(fixtureLesson("momentum"))].flatMap((exercise) =>
  knownAnswers(exercise).map(([kind, answer]) => ({ exercise, id: exercise.id, kind, answer })),
);

test.each(cases)("$id: $kind", { timeout: 120_000 }, async ({ exercise, kind, answer }) => {
  const { here, there } = await judged(exercise, answer);
  expect(there).toEqual(here);
  expect(there.status === "passed").toBe(kind === "solution");
});

const hessian = exercisesOf(chapter).find(({ id }) => id === "hessian")!;

/** What V8 itself words, and versions of it might word differently; and numbers that are written out. */
test.each([
  ["an unknown name", "missing()"],
  ["a property of undefined", "w.a.b.c"],
  ["a property of null", "null.x"],
  ["a call of what is no function", "w.map2(1)"],
  ["a call of undefined", "(void 0)()"],
  ["a spread of what cannot be spread", "[...(1 as any)]"],
  ["destructuring of undefined", "(({ a }) => a)(undefined as any)"],
  ["array destructuring", "(([a]) => a)({} as any)"],
  ["a for-of over a number", "(() => { for (const x of 5 as any) return x; })()"],
  ["assigning to a constant", "(() => { const a = 1; (a as any) = 2; })()"],
  ["use before declaration", "(() => { const a = b; const b = 1; return a; })()"],
  ["a frozen object", "Object.freeze({ a: 1 }).a = 2"],
  ["endless recursion", "(function again(): number { return again() + 1; })()"],
  ["an array of a negative length", "new Array(-1)"],
  ["too many digits", "(1).toFixed(1000)"],
  ["a number base", "(1).toString(99)"],
  ["JSON that ends", "JSON.parse('{\"a\":')"],
  ["JSON with a wrong sign", "JSON.parse('[1,}')"],
  ["mixing integers", "1n + (1 as any)"],
  ["division of integers", "1n / 0n"],
  ["a regular expression", "new RegExp('(')"],
  ["instanceof", "1 instanceof (2 as any)"],
  ["in", "'a' in (1 as any)"],
  ["new on an arrow function", "new ((() => 1) as any)()"],
  ["a class without new", "(class A {} as any)()"],
  ["super first", "new (class extends Object { constructor() { this; super(); } } as any)()"],
  ["a symbol as a number", "+(Symbol('s') as any)"],
  ["a private field", "(class { #a = 1; static f(o: any) { return o.#a; } }).f({})"],
  ["a thrown object", "(() => { throw { code: 5 }; })()"],
  ["a thrown text", "(() => { throw 'no'; })()"],
  ["a cause", "(() => { throw new Error('outer', { cause: new Error('inner') }); })()"],
  ["a reduce of nothing", "[].reduce((a) => a)"],
  ["a URI", "decodeURIComponent('%')"],
  ["a date", "new Date(NaN).toISOString()"],
  ["structured clone", "structuredClone(() => 1)"],
  ["a wrong shape", "(await import('descent' as any))"],
  ["numbers of all sizes", "[[1e21, 1e-7, 0.1 + 0.2], [5e-324, 1.7976931348623157e308, -0]]"],
  ["functions of mathematics", "[[Math.exp(1.1), Math.tanh(0.3)], [Math.sin(1e5), Math.pow(1.1, 9.9)]]"],
  ["a text", "'words'"],
  ["an object", "({ a: [1, { b: new Map([[1, 2]]) }] })"],
  ["a function", "(() => 1)"],
  ["a promise", "Promise.resolve([[0, -2], [-2, 0]])"],
])("%s", { timeout: 120_000 }, async (_name, expression) => {
  const answer = `export const hess = async (w: any): Promise<any> => ${expression};`;
  const { here, there } = await judged(hessian, answer);
  expect(there).toEqual(here);
});

test.each([
  ["a syntax error", "export const hess = ((;"],
  ["an error at loading", "const a = 1;\n\nthrow new RangeError('no ' + a);"],
  ["an unknown import", 'import { nothing } from "descent";\nexport const hess = nothing;'],
  ["an unknown module", 'import x from "elsewhere";\nexport const hess = x;'],
  ["no answer", "  \n"],
  ["another name", "export const hesse = 1;"],
  [
    "a wrong shape in the engine",
    'import { tensor } from "descent";\ntensor([1, 2]).add(tensor([1, 2, 3]));',
  ],
])("%s in the whole answer", { timeout: 120_000 }, async (_name, answer) => {
  const { here, there } = await judged(hessian, answer);
  expect(there).toEqual(here);
});
