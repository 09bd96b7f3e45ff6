// The reader's work as a file: a submission that the grader reads, with everything a page needs to go on from it.
import type { Submission } from "../grading/index.ts";
import * as v from "valibot";
import { type LessonWork, type QuizAnswer, readWork } from "./storage/records.ts";
import { toAnswer } from "./store/quiz-model.ts";
import type { NotebookStore } from "./store/store.ts";

/** What goes into a submission: answers that were changed, and quizzes that were answered. */
export function answersOf(store: NotebookStore): Pick<Submission, "answers" | "quizzes"> {
  const answers: Record<string, string> = {};
  for (const [id, { cell }] of store.exercises) {
    if (cell.edited.peek()) answers[id] = cell.source.peek();
  }
  const quizzes: Record<string, QuizAnswer> = {};
  for (const [id, quiz] of store.quizzes) {
    const { checked, draft } = quiz.work.peek();
    const answer = toAnswer(quiz.block.peek(), checked ?? draft);
    if (answer !== null) quizzes[id] = answer;
  }
  return { answers, quizzes };
}

/** `s001-critical-points.descent.json`; letters and digits of any script stay, everything else becomes a hyphen. */
export function workFileName(student: string, lesson: string): string {
  const plain = `${student}-${lesson}`.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replaceAll(/^[-.]+|-+$/g, "");
  return `${plain}.descent.json`;
}

const quizAnswer = v.union([v.array(v.number()), v.number(), v.string()]);

/**
 * The work that a file brings. A file of our own holds all of it; one that holds a submission only (written by hand,
 * or by another tool) changes the answers it names and leaves the rest of `current` as it is.
 */
export function importedWork(submission: Submission, store: NotebookStore, current: LessonWork): LessonWork {
  const whole = readWork((submission as Submission & { work?: unknown }).work);
  if (whole.ok && whole.value.course === submission.course && whole.value.lesson === submission.lesson) {
    return whole.value;
  }
  const exercises = { ...current.exercises };
  for (const [id, source] of Object.entries(submission.answers)) {
    const exercise = store.exercises.get(id);
    const known = exercises[id];
    if (exercise === undefined || known === undefined) continue;
    exercises[id] = { ...known, edit: { source, base: exercise.cell.author.peek().source } };
  }
  const quizzes = { ...current.quizzes };
  for (const [id, answer] of Object.entries(submission.quizzes)) {
    const known = quizzes[id];
    const read = v.safeParse(quizAnswer, answer);
    if (known === undefined || !read.success) continue;
    const draft = typeof read.output === "number" ? String(read.output) : read.output;
    quizzes[id] = { ...known, draft, checked: null, correct: false, points: 0, gaveUp: false };
  }
  return { ...current, exercises, quizzes };
}
