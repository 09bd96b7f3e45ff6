// The five exercises of the second lesson: each wrong answer that students give is caught and recognised as itself.
import { describe, expect, test } from "vitest";
import {
  gradeAnswer,
  preparePublicLesson,
  probeMisconceptions,
  proveExercises,
} from "../../src/grading/index.ts";
import { formatProblem } from "../../src/lesson/index.ts";
import { exerciseOf, exercisesOf, fixtureLesson, testHost } from "./support.ts";

const host = testHost();
const lesson = fixtureLesson("critical-points");

test(
  "all five exercises prove sound, and every misconception can be told apart",
  { timeout: 60_000 },
  async () => {
    expect((await proveExercises(lesson, host)).map(formatProblem)).toEqual([]);
    const { problems } = await preparePublicLesson(lesson, host);
    expect(problems.map(formatProblem)).toEqual([]);
  },
);

describe.each(exercisesOf(lesson).map((exercise) => ({ id: exercise.id, exercise })))(
  "$id",
  ({ exercise }) => {
    test("the solution earns all points on a secret seed", async () => {
      const verdict = await gradeAnswer({ exercise, answer: exercise.solution.code.source, host, seed: "s" });
      expect(verdict.tests.map((result) => result.message)).toEqual(exercise.tests.map(() => null));
      expect(verdict).toMatchObject({ status: "passed", points: exercise.points, feedback: [] });
    });

    test("the starter earns nothing", async () => {
      const verdict = await gradeAnswer({ exercise, answer: exercise.solution.starter, host, seed: "s" });
      expect(verdict).toMatchObject({ status: "failed", points: 0 });
    });

    test.each(exercise.misconceptions.map(({ id, code }) => ({ id, source: code.source })))(
      "$id loses points and is recognised",
      async ({ id, source }) => {
        const verdict = await gradeAnswer({ exercise, answer: source, host, seed: "s" });
        expect(verdict.points).toBeLessThan(exercise.points);
        expect(verdict.feedback).toEqual([id]);
      },
    );
  },
);

test("a function that a test sends is built where the answer is, and recorded for the page", async () => {
  const exercise = exerciseOf(lesson, "smallest-eig");
  const { probes } = await probeMisconceptions(exercise, host);
  expect(probes.calls).toHaveLength(2);
  expect(probes.calls[0]).toMatchObject({ name: "smallestEig", args: [{ data: { eigs: [5, 1, -2] } }, 3] });
});

test("what an answer makes of a sent function that it misuses is told with its own line", async () => {
  const exercise = exerciseOf(lesson, "smallest-eig");
  const answer = "export const smallestEig = (hvp) =>\n  hvp(undefined)[0];";
  const verdict = await gradeAnswer({ exercise, answer, host, seed: "s" });
  expect(verdict.tests[0]!.message).toMatch(/^Your answer threw TypeError: .*\(line 2, column \d+\)$/);
});
