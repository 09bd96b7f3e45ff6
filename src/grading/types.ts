// Verdicts and submissions, as a page, `check` and `grade` write and read them.
import type { CellError } from "../runtime/index.ts";

export type VerdictStatus =
  | "passed"
  | "partial"
  | "failed"
  | "error"
  | "timeout"
  | "memory"
  | "refused"
  | "missing";

export interface TestVerdict {
  name: string;
  points: number;
  maxPoints: number;
  passed: boolean;
  hidden: boolean;
  /** Why it failed. For a hidden test only the author's words, never inputs or expected values. */
  message: string | null;
}

export interface Verdict {
  exercise: string;
  points: number;
  /** Points of the tests that were judged: in a page the visible ones. */
  maxPoints: number;
  status: VerdictStatus;
  tests: TestVerdict[];
  /** Ids of misconceptions recognised. */
  feedback: string[];
  durationMs: number;
  seed: string;
  /** Why the answer as a whole could not be judged (a syntax error, with its place); its cell is the exercise's id. */
  error?: CellError | null;
}

/** What a misconception does on the calls that the visible tests make: numbers, not code. */
export interface MisconceptionProbes {
  calls: ProbeCall[];
  /** For each misconception, its result on each call. */
  outcomes: { misconception: string; results: ProbeResult[] }[];
}

/** Arguments and results are JSON-safe: NaN, infinities, −0 and typed arrays are coded (`encodeValue`). */
export interface ProbeCall {
  /** A declared name, or the method of an object that an earlier call made. */
  name: string;
  args: unknown[];
  /** `new name(…)`. */
  construct?: true;
  /** For a method: which of the calls made its object. */
  object?: number;
}

export type ProbeResult = { ok: true; value: unknown } | { ok: false };

/** A test as a page may have it: never a hidden one. */
export interface VisibleTest {
  name: string;
  points: number;
  cases: number;
  source: string;
}

/** An exercise as a page may have it: no solution, no hidden test, no misconception's source. */
export interface PublicExercise {
  id: string;
  title: string | null;
  points: number;
  /** Points of the hidden tests, which only `grade` can give. */
  hiddenPoints: number;
  objective: string;
  attempts: number | null;
  timeout: number;
  starter: string;
  tests: VisibleTest[];
  hints: { after: number; html: string }[];
  feedback: { misconception: string; html: string }[];
  probes: MisconceptionProbes;
}

/** What *Export my work* writes and `grade` reads. */
export interface Submission {
  format: "descent-submission/1";
  course: string;
  lesson: string;
  lessonVersion: string;
  student: string;
  answers: Record<string, string>;
  quizzes: Record<string, unknown>;
  exportedAt: string;
}
