// Points of a lesson: what was earned, what can be had in a page, and what only grading gives.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type PublicExercise, scoreLesson } from "../../src/grading/index.ts";
import type { QuizBlock } from "../../src/lesson/index.ts";

const exercise = (id: string, points: number, hiddenPoints: number): PublicExercise => ({
  id,
  title: null,
  points,
  hiddenPoints,
  objective: "",
  attempts: null,
  timeout: 1,
  starter: "",
  tests: [],
  hints: [],
  feedback: [],
  probes: { calls: [], outcomes: [] },
});

const quiz = (id: string, points: number): QuizBlock => {
  const place = { line: 1, column: 1, offset: 0 };
  return {
    kind: "quiz",
    quiz: "short",
    id,
    points,
    questionHtml: "",
    explanationHtml: null,
    accept: ["yes"],
    feedback: [],
    span: { file: "lesson.md", start: place, end: place },
  };
};

const lesson = {
  exercises: [exercise("hess", 10, 6), exercise("classify", 10, 4)],
  quizzes: [quiz("flat", 2)],
};

test("nothing done is nothing earned", () => {
  expect(scoreLesson(lesson, { verdicts: {}, quizzes: {} })).toEqual({
    points: 0,
    maxPoints: 12,
    hiddenPoints: 10,
    done: 0,
    total: 3,
  });
});

test("points of verdicts and quizzes are summed, passed exercises and right quizzes counted", () => {
  const score = scoreLesson(lesson, {
    verdicts: { hess: { points: 4, status: "passed" }, classify: { points: 3, status: "partial" } },
    quizzes: { flat: { points: 2, correct: true } },
  });
  expect(score).toMatchObject({ points: 9, maxPoints: 12, done: 2 });
});

test("work on what the lesson no longer has does not count, and nobody gets more than there is", () => {
  const stored = fc.record({ points: fc.double({ noNaN: true }), status: fc.constant("failed" as const) });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("hess", "classify", "gone", "toString"), stored),
      (verdicts) => {
        const { points, maxPoints } = scoreLesson(lesson, { verdicts, quizzes: {} });
        expect(points).toBeGreaterThanOrEqual(0);
        expect(points).toBeLessThanOrEqual(maxPoints);
      },
    ),
  );
});
