// Judges an answer to a quiz, with the feedback that the author wrote for just that answer.
import type { Choice, NumericQuiz, QuizBlock } from "../lesson/index.ts";

/** Indices of the choices taken (choice, multiple), the number (numeric), or the text (short, trace). */
export type QuizAnswer = number[] | number | string;

export interface QuizResult {
  correct: boolean;
  points: number;
  /** Feedback of the choices taken or of the known wrong answer; safe to put into a page. */
  feedbackHtml: string[];
}

const wrong: QuizResult = { correct: false, points: 0, feedbackHtml: [] };

/**
 * Points are all or nothing, but for `multiple`: right choices taken minus wrong choices taken, over the number of
 * right choices, never below zero, and rounded down to a whole point so that only a fully right answer gets them all.
 * An answer of the wrong kind is wrong.
 */
export function answerQuiz(quiz: QuizBlock, answer: QuizAnswer): QuizResult {
  switch (quiz.quiz) {
    case "choice":
    case "multiple": {
      const taken = takenChoices(quiz.choices, answer);
      return taken === null
        ? wrong
        : judgeChoices(quiz.choices, taken, quiz.points, quiz.quiz === "multiple");
    }
    case "numeric":
      return judgeNumber(quiz, answer);
    case "short": {
      if (typeof answer !== "string") return wrong;
      const given = normaliseShort(answer);
      const correct = quiz.accept.some((accepted) => normaliseShort(accepted) === given);
      const feedback = quiz.feedback.filter((known) => normaliseShort(known.answer) === given);
      return result(correct, quiz.points, feedback);
    }
    case "trace": {
      if (typeof answer !== "string") return wrong;
      const given = normaliseTrace(answer);
      const correct = normaliseTrace(quiz.answer) === given;
      const feedback = quiz.feedback.filter((known) => normaliseTrace(known.answer) === given);
      return result(correct, quiz.points, feedback);
    }
  }
}

function result(correct: boolean, points: number, feedback: readonly { html: string }[]): QuizResult {
  return {
    correct,
    points: correct ? points : 0,
    feedbackHtml: correct ? [] : feedback.map(({ html }) => html),
  };
}

/** The choices taken, each once; `null` when the answer names one that is not there. */
function takenChoices(choices: readonly Choice[], answer: QuizAnswer): Set<Choice> | null {
  if (!Array.isArray(answer)) return null;
  const taken = new Set<Choice>();
  for (const index of answer) {
    const choice = choices[index];
    if (choice === undefined) return null;
    taken.add(choice);
  }
  return taken;
}

function judgeChoices(
  choices: readonly Choice[],
  taken: ReadonlySet<Choice>,
  points: number,
  partial: boolean,
): QuizResult {
  const right = choices.filter((choice) => choice.correct);
  const hits = right.filter((choice) => taken.has(choice)).length;
  const misses = taken.size - hits;
  // Of a single choice any right one will do, as long as nothing else is taken.
  const correct = misses === 0 && (partial ? hits === right.length : hits === 1);
  const share = partial && right.length > 0 ? Math.max(0, (hits - misses) / right.length) : 0;
  return {
    correct,
    points: correct ? points : Math.floor(points * share),
    feedbackHtml: [...taken].map((choice) => choice.feedbackHtml).filter((html) => html !== null),
  };
}

function judgeNumber(quiz: NumericQuiz, answer: QuizAnswer): QuizResult {
  const given = typeof answer === "string" ? readNumber(answer) : answer;
  if (typeof given !== "number" || !Number.isFinite(given)) return wrong;
  const correct = near(given, quiz.answer, quiz.tolerance);
  const feedback = quiz.feedback.filter(({ value, tolerance }) => near(given, value, tolerance));
  return result(correct, quiz.points, feedback);
}

/** |given − value| ≤ tolerance, where 0.1 counts as within 0.1 of 0.3 − 0.1 as it was written in decimals. */
function near(given: number, value: number, tolerance: number): boolean {
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(given), Math.abs(value));
  return Math.abs(given - value) <= tolerance + rounding;
}

/** A number as people write it: a minus sign of any kind, a decimal point or comma, `1e-3`, `3/4`. */
function readNumber(text: string): number | null {
  const plain = text
    .trim()
    .replaceAll(/[−–]/g, "-")
    .replaceAll(/\s/g, "")
    .replace(/^([+-]?\d+),(\d+)$/, "$1.$2");
  const fraction = /^([+-]?\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(plain);
  if (fraction !== null) return Number(fraction[1]) / Number(fraction[2]);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

function normaliseShort(text: string): string {
  return text.normalize("NFC").trim().replaceAll(/\s+/g, " ").toLowerCase();
}

/** Outer blank lines and spaces around a line do not count, and runs of spaces count as one. */
export function normaliseTrace(text: string): string {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim().replaceAll(/\s+/g, " "))
    .join("\n");
}
