// One student's work on a lesson, judged as a whole: every exercise by all its tests, every quiz by its answer.
import * as v from "valibot";
import type { Lesson } from "../lesson/index.ts";
import type { KernelHost } from "../runtime/index.ts";
import { gradeAnswer } from "./check.ts";
import { answerQuiz } from "./quiz.ts";
import { deriveSeed } from "./seeds.ts";
import type { Submission, Verdict } from "./types.ts";

export interface QuizVerdict {
  quiz: string;
  points: number;
  maxPoints: number;
  answered: boolean;
  correct: boolean;
}

export interface SubmissionVerdict {
  /** In the order of the lesson, as the quizzes. */
  exercises: Verdict[];
  quizzes: QuizVerdict[];
  /** What whoever gives the grade should know, a sentence each. */
  notices: string[];
}

/** What an answer to a quiz may be; anything else in a submission is a wrong answer. */
const quizAnswer = v.union([v.array(v.pipe(v.number(), v.integer())), v.number(), v.string()]);

/**
 * Judges a submission. The same lesson, key and student always meet the same hidden cases.
 *
 * @param options.student whom the hidden cases are drawn for
 * @param options.key the course's secret key
 * @throws (rejects) when no kernel can be started, or with the signal's reason
 */
export async function gradeSubmission(options: {
  lesson: Lesson;
  submission: Submission;
  student: string;
  key: string;
  host: KernelHost;
  signal?: AbortSignal;
}): Promise<SubmissionVerdict> {
  const { lesson, submission, student, key, host, signal } = options;
  const exercises: Verdict[] = [];
  const quizzes: QuizVerdict[] = [];
  for (const block of lesson.blocks) {
    if (block.kind === "exercise") {
      exercises.push(
        await gradeAnswer({
          exercise: block,
          answer: own(submission.answers, block.id) ?? "",
          host,
          seed: await deriveSeed(key, block.id, lesson.version, student),
          ...(signal === undefined ? {} : { signal }),
        }),
      );
    } else if (block.kind === "quiz") {
      const given = v.safeParse(quizAnswer, own(submission.quizzes, block.id));
      const result = given.success ? answerQuiz(block, given.output) : { points: 0, correct: false };
      quizzes.push({
        quiz: block.id,
        points: result.points,
        maxPoints: block.points,
        answered: given.success,
        correct: result.correct,
      });
    }
  }
  return { exercises, quizzes, notices: noticesOn(lesson, submission) };
}

function noticesOn(lesson: Lesson, submission: Submission): string[] {
  const notices: string[] = [];
  if (submission.lessonVersion !== lesson.version) {
    notices.push("The work was done on another version of the lesson and judged by the present one.");
  }
  const known = new Set(lesson.blocks.flatMap((block) => ("id" in block ? [block.id] : [])));
  const strangers = [...Object.keys(submission.answers), ...Object.keys(submission.quizzes)].filter(
    (id) => !known.has(id),
  );
  if (strangers.length > 0) {
    const shown = strangers.slice(0, 3).map((id) => `“${id.slice(0, 50)}”`);
    if (strangers.length > 3) shown.push(`${strangers.length - 3} more`);
    notices.push(`The lesson has nothing for the answers to ${shown.join(", ")}.`);
  }
  return notices;
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
