// Quizzes of the five kinds: what counts as right, points, and the feedback for just that answer.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerQuiz, type QuizAnswer } from "../../src/grading/index.ts";
import type { Choice, QuizBlock, Span } from "../../src/lesson/index.ts";

const place = { line: 1, column: 1, offset: 0 };
const span: Span = { file: "lesson.md", start: place, end: place };
const base = { kind: "quiz", id: "q", points: 6, questionHtml: "", explanationHtml: null, span } as const;

const choice = (correct: boolean, feedbackHtml: string | null = null): Choice => ({
  html: "",
  correct,
  feedbackHtml,
});

const one: QuizBlock = {
  ...base,
  quiz: "choice",
  choices: [choice(false, "no: …"), choice(true), choice(false)],
};
const several: QuizBlock = {
  ...base,
  quiz: "multiple",
  choices: [choice(true), choice(true), choice(true, "well seen"), choice(false, "not this"), choice(false)],
};
const numeric: QuizBlock = {
  ...base,
  quiz: "numeric",
  answer: 0.25,
  tolerance: 0.01,
  unit: null,
  feedback: [{ value: 0.5, tolerance: 0.01, html: "half of that" }],
};
const short: QuizBlock = {
  ...base,
  quiz: "short",
  accept: ["saddle point", "saddle"],
  feedback: [{ answer: "minimum", html: "look again" }],
};
const trace: QuizBlock = {
  ...base,
  quiz: "trace",
  program: { source: "", span },
  answer: "1\n0.5\n",
  feedback: [{ answer: "1\n2", html: "the rate halves" }],
};

describe("one choice", () => {
  test("the right one earns the points, a wrong one its feedback", () => {
    expect(answerQuiz(one, [1])).toEqual({ correct: true, points: 6, feedbackHtml: [] });
    expect(answerQuiz(one, [0])).toEqual({ correct: false, points: 0, feedbackHtml: ["no: …"] });
  });

  test("taking all of them earns nothing", () => {
    expect(answerQuiz(one, [0, 1, 2])).toMatchObject({ correct: false, points: 0 });
    expect(answerQuiz(one, [])).toMatchObject({ correct: false, points: 0 });
  });
});

describe("several choices", () => {
  test("all right ones and no other earn all", () => {
    expect(answerQuiz(several, [2, 0, 1])).toEqual({ correct: true, points: 6, feedbackHtml: ["well seen"] });
  });

  test("a right one more, or a wrong one less, is a third of the points here", () => {
    expect(answerQuiz(several, [0]).points).toBe(2);
    expect(answerQuiz(several, [0, 1]).points).toBe(4);
    expect(answerQuiz(several, [0, 1, 3])).toEqual({ correct: false, points: 2, feedbackHtml: ["not this"] });
    expect(answerQuiz(several, [3, 4]).points).toBe(0);
    expect(answerQuiz(several, [0, 1, 2, 3, 4])).toMatchObject({ correct: false, points: 2 });
  });

  test("the order does not count, nor does naming one twice", () => {
    const taken = fc.uniqueArray(fc.nat(4), { maxLength: 5 });
    fc.assert(
      fc.property(taken, (indices) => {
        const forward = answerQuiz(several, indices);
        expect(answerQuiz(several, indices.toReversed()).points).toBe(forward.points);
        expect(answerQuiz(several, [...indices, ...indices])).toEqual(forward);
      }),
    );
  });
});

describe("a number", () => {
  test("within the tolerance is right, a known wrong one gets its feedback", () => {
    expect(answerQuiz(numeric, 0.26)).toMatchObject({ correct: true, points: 6 });
    expect(answerQuiz(numeric, 0.2601).correct).toBe(false);
    expect(answerQuiz(numeric, 0.5)).toEqual({ correct: false, points: 0, feedbackHtml: ["half of that"] });
    expect(answerQuiz(numeric, Number.NaN).correct).toBe(false);
  });

  test("may be written as people write it", () => {
    const right = (texts: string[]) => texts.filter((text) => answerQuiz(numeric, text).correct);
    const numbers = ["0.25", " .25 ", "0,25", "1/4", "2.5e-1", "+0.25"];
    expect(right(numbers)).toEqual(numbers);
    const negative: QuizBlock = { ...numeric, answer: -2, tolerance: 0 };
    expect(answerQuiz(negative, "−2").correct).toBe(true);
    expect(right(["", "about 0.25", "0.25x", "0x1", "Infinity", "1/0"])).toEqual([]);
  });
});

describe("a word, a trace", () => {
  test("case, outer and repeated spaces do not count", () => {
    expect(answerQuiz(short, "  Saddle   POINT ").correct).toBe(true);
    expect(answerQuiz(short, "saddles").correct).toBe(false);
    expect(answerQuiz(short, "Minimum").feedbackHtml).toEqual(["look again"]);
  });

  test("a trace compares line by line, with case", () => {
    expect(answerQuiz(trace, "1\r\n 0.5").correct).toBe(true);
    expect(answerQuiz(trace, "1 0.5").correct).toBe(false);
    expect(answerQuiz(trace, "1\n2").feedbackHtml).toEqual(["the rate halves"]);
  });
});

test("any answer to any quiz has points from none to all, and all of them exactly when it is right", () => {
  const answer: fc.Arbitrary<QuizAnswer> = fc.oneof(
    fc.array(fc.integer({ min: -2, max: 6 })),
    fc.array(fc.double()),
    fc.double(),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.constantFrom(one, several, numeric, short, trace), answer, (quiz, given) => {
      const { correct, points } = answerQuiz(quiz, given);
      expect(points).toBeGreaterThanOrEqual(0);
      expect(points).toBeLessThanOrEqual(quiz.points);
      expect(correct).toBe(points === quiz.points);
    }),
  );
});
