// The work of one reader on one lesson, as it is stored: the shape, its version, and how a record is read back.
// What does not fit the schema is never used and never thrown away (see `open.ts`).
import * as v from "valibot";

const point = v.tuple([v.number(), v.number()]);
const inputValue = v.union([v.number(), v.string(), v.boolean(), point]);

const testVerdict = v.object({
  name: v.string(),
  points: v.number(),
  maxPoints: v.number(),
  passed: v.boolean(),
  hidden: v.boolean(),
  message: v.nullable(v.string()),
});

const verdict = v.object({
  exercise: v.string(),
  points: v.number(),
  maxPoints: v.number(),
  status: v.picklist(["passed", "partial", "failed", "error", "timeout", "memory", "refused", "missing"]),
  tests: v.array(testVerdict),
  feedback: v.array(v.string()),
  durationMs: v.number(),
  seed: v.string(),
});

/** The reader's text, and the author's text it was made from. */
const edit = v.object({ source: v.string(), base: v.string() });

const exerciseWork = v.object({
  edit: v.nullable(edit),
  /** Finished checks, and those of them that did not pass. */
  checks: v.number(),
  failed: v.number(),
  /** Most points of the visible tests so far. */
  best: v.number(),
  passed: v.boolean(),
  verdict: v.nullable(verdict),
  /** The answer that the verdict is about. */
  judged: v.nullable(v.string()),
  hintsShown: v.number(),
  gaveUp: v.boolean(),
});

const quizAnswer = v.union([v.array(v.number()), v.number(), v.string()]);

const quizWork = v.object({
  draft: v.nullable(quizAnswer),
  checked: v.nullable(quizAnswer),
  correct: v.boolean(),
  points: v.number(),
  tries: v.number(),
  gaveUp: v.boolean(),
});

const guess = v.union([v.number(), v.array(point)]);

const predictWork = v.object({
  draft: v.nullable(guess),
  guess: v.nullable(guess),
  skipped: v.boolean(),
  happened: v.boolean(),
  outcome: v.nullable(v.union([v.number(), v.string(), v.array(point)])),
});

const lessonWork = v.object({
  format: v.literal("descent-work/1"),
  course: v.string(),
  lesson: v.string(),
  lessonVersion: v.string(),
  savedAt: v.string(),
  cells: v.record(v.string(), edit),
  copies: v.array(v.object({ id: v.string(), of: v.string(), source: v.string() })),
  inputs: v.record(v.string(), v.record(v.string(), inputValue)),
  ran: v.array(v.string()),
  exercises: v.record(v.string(), exerciseWork),
  quizzes: v.record(v.string(), quizWork),
  predictions: v.record(v.string(), predictWork),
});

export type Edit = v.InferOutput<typeof edit>;
export type ExerciseWork = v.InferOutput<typeof exerciseWork>;
export type QuizAnswer = v.InferOutput<typeof quizAnswer>;
export type QuizWork = v.InferOutput<typeof quizWork>;
export type Guess = v.InferOutput<typeof guess>;
export type PredictWork = v.InferOutput<typeof predictWork>;
export type LessonWork = v.InferOutput<typeof lessonWork>;
export type CopyWork = LessonWork["copies"][number];

const settings = v.object({
  format: v.literal("descent-settings/1"),
  lineNumbers: v.boolean(),
  /** What a submission is signed with; asked for once. */
  student: v.nullable(v.string()),
});

export type Settings = v.InferOutput<typeof settings>;

export const noExerciseWork: ExerciseWork = {
  edit: null,
  checks: 0,
  failed: 0,
  best: 0,
  passed: false,
  verdict: null,
  judged: null,
  hintsShown: 0,
  gaveUp: false,
};

export const noQuizWork: QuizWork = {
  draft: null,
  checked: null,
  correct: false,
  points: 0,
  tries: 0,
  gaveUp: false,
};

export const noPredictWork: PredictWork = {
  draft: null,
  guess: null,
  skipped: false,
  happened: false,
  outcome: null,
};

export const defaultSettings: Settings = {
  format: "descent-settings/1",
  lineNumbers: false,
  student: null,
};

export type Read<T> = { ok: true; value: T } | { ok: false; reason: string };

/** Reads a stored record. A record of a later version, or a damaged one, is refused with the reason. */
export function readWork(record: unknown): Read<LessonWork> {
  return read(lessonWork, record);
}

export function readSettings(record: unknown): Read<Settings> {
  return read(settings, record);
}

function read<T>(schema: v.GenericSchema<unknown, T>, record: unknown): Read<T> {
  const result = v.safeParse(schema, record);
  if (result.success) return { ok: true, value: result.output };
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  return { ok: false, reason: path === null ? issue.message : `${path}: ${issue.message}` };
}
