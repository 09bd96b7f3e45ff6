// How far a reader has come in a lesson: points of its exercises and quizzes.
import type { QuizBlock } from "../lesson/index.ts";
import type { PublicExercise, Verdict } from "./types.ts";

export interface LessonScore {
  points: number;
  /** What can be earned in a page: hidden tests are not among it. */
  maxPoints: number;
  /** Points that only `grade` can give. */
  hiddenPoints: number;
  /** Exercises with all visible tests passed, and quizzes answered rightly. */
  done: number;
  /** Exercises and quizzes there are. */
  total: number;
}

/** Sums what a reader has earned; the best verdict and result on each are the caller's to choose. */
export function scoreLesson(
  lesson: { exercises: readonly PublicExercise[]; quizzes: readonly QuizBlock[] },
  work: {
    /** A verdict for each exercise that was checked, by its id. */
    verdicts: Readonly<Record<string, Pick<Verdict, "points" | "status">>>;
    /** A result for each quiz that was answered, by its id. */
    quizzes: Readonly<Record<string, { points: number; correct: boolean }>>;
  },
): LessonScore {
  const score: LessonScore = { points: 0, maxPoints: 0, hiddenPoints: 0, done: 0, total: 0 };
  const add = (earned: number, max: number, done: boolean): void => {
    // Stored work may be of an earlier version of the lesson, when more was to be had.
    score.points += Math.min(Math.max(earned, 0), max);
    score.maxPoints += max;
    score.done += done ? 1 : 0;
    score.total += 1;
  };
  for (const exercise of lesson.exercises) {
    const verdict = own(work.verdicts, exercise.id);
    add(verdict?.points ?? 0, exercise.points - exercise.hiddenPoints, verdict?.status === "passed");
    score.hiddenPoints += exercise.hiddenPoints;
  }
  for (const quiz of lesson.quizzes) {
    const result = own(work.quizzes, quiz.id);
    add(result?.points ?? 0, quiz.points, result?.correct === true);
  }
  return score;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
