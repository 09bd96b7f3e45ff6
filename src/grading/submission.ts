// What *Export my work* writes and `grade` reads: one student's work on one lesson.
import * as v from "valibot";
import type { Submission } from "./types.ts";

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));

/** Unknown fields are kept: a newer page may write more. */
const submissionSchema = v.looseObject({
  format: v.literal("descent-submission/1"),
  course: text,
  lesson: text,
  lessonVersion: v.string(),
  student: v.string(),
  answers: v.record(v.string(), v.string()),
  quizzes: v.record(v.string(), v.unknown()),
  exportedAt: v.pipe(v.string(), v.isoTimestamp("must be a time such as 2026-11-21T12:00:00Z")),
});

export type SubmissionParse =
  | { ok: true; submission: Submission }
  /** What is wrong, one sentence each, with the field's name first. */
  | { ok: false; problems: string[] };

/** Reads a submission from the text of a file, or from data already parsed. Never throws. */
export function parseSubmission(input: unknown): SubmissionParse {
  let data = input;
  if (typeof input === "string") {
    try {
      data = JSON.parse(input);
    } catch (error) {
      return { ok: false, problems: [`the file is not JSON: ${(error as Error).message}`] };
    }
  }
  if (typeof data !== "object" || data === null || !("format" in data)) {
    return { ok: false, problems: ["it is no submission: it has no “format”"] };
  }
  const parsed = v.safeParse(submissionSchema, data);
  if (parsed.success) return { ok: true, submission: parsed.output };
  return {
    ok: false,
    problems: parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "submission"}: ${issue.message}`),
  };
}

/** The submission of one student's work; `exportedAt` is `at` in UTC. */
export function toSubmission(work: {
  course: string;
  lesson: string;
  lessonVersion: string;
  student: string;
  /** The source of each answer, by exercise. */
  answers: Readonly<Record<string, string>>;
  /** What was answered to each quiz, by quiz. */
  quizzes: Readonly<Record<string, unknown>>;
  at: Date;
}): Submission {
  const { course, lesson, lessonVersion, student, answers, quizzes, at } = work;
  return {
    format: "descent-submission/1",
    course,
    lesson,
    lessonVersion,
    student,
    answers: { ...answers },
    quizzes: { ...quizzes },
    exportedAt: at.toISOString(),
  };
}
