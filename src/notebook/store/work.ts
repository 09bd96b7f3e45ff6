// Between the models and the record that is stored: what of the page is worth keeping, and how it comes back.
import type { NotebookData } from "../data.ts";
import { type LessonWork, noExerciseWork, noPredictWork, noQuizWork } from "../storage/records.ts";
import type { NotebookStore } from "./store.ts";

export function emptyWork(data: NotebookData): LessonWork {
  return {
    format: "descent-work/1",
    course: data.course.id,
    lesson: data.lesson.id,
    lessonVersion: data.lesson.version,
    savedAt: new Date(0).toISOString(),
    cells: {},
    copies: [],
    inputs: {},
    ran: [],
    exercises: {},
    quizzes: {},
    predictions: {},
  };
}

/**
 * The record of everything the models hold.
 *
 * @param kept the record read last: work on blocks that this version of the lesson lacks is carried over from it.
 */
export function collectWork(store: NotebookStore, kept: LessonWork): LessonWork {
  const data = store.data.peek();
  const work: LessonWork = {
    ...emptyWork(data),
    savedAt: new Date().toISOString(),
    cells: without(kept.cells, store.cells),
    copies: kept.copies.filter((copy) => !store.cells.has(copy.of)),
    inputs: { ...without(kept.inputs, store.cells), ...store.inputs.peek() },
    ran: [...store.ran.peek()],
    exercises: without(kept.exercises, store.exercises),
    quizzes: without(kept.quizzes, store.quizzes),
    predictions: without(kept.predictions, store.predictions),
  };
  for (const copy of store.copies.peek()) {
    work.copies.push({ id: copy.id, of: copy.copyOf ?? "", source: copy.source.peek() });
  }
  for (const cell of store.cells.values()) {
    if (cell.copyOf !== null || cell.author.peek().standalone) continue;
    const edit = cell.toEdit();
    if (edit !== null) work.cells[cell.id] = edit;
  }
  for (const [id, { cell, work: done }] of store.exercises) {
    work.exercises[id] = { ...done.peek(), edit: cell.toEdit() };
  }
  for (const [id, quiz] of store.quizzes) work.quizzes[id] = quiz.work.peek();
  for (const [id, prediction] of store.predictions) work.predictions[id] = prediction.work.peek();
  return work;
}

/** Gives each model what the record has for it, or nothing; copies are made anew. */
export function restoreWork(store: NotebookStore, work: LessonWork): void {
  for (const copy of store.copies.peek()) store.cells.delete(copy.id);
  store.copies.value = [];
  for (const cell of store.cells.values()) {
    if (cell.author.peek().standalone) continue;
    const edit = work.cells[cell.id];
    cell.source.value = edit?.source ?? cell.author.peek().source;
    cell.base.value = edit?.base ?? cell.author.peek().source;
    cell.beforeReset.value = null;
  }
  for (const copy of work.copies) store.addCopy(copy.id, copy.of, copy.source);
  for (const [id, exercise] of store.exercises) {
    const done = work.exercises[id] ?? noExerciseWork;
    const { cell } = exercise;
    exercise.work.value = done;
    cell.source.value = done.edit?.source ?? cell.author.peek().source;
    cell.base.value = done.edit?.base ?? cell.author.peek().source;
    cell.beforeReset.value = null;
    exercise.failure.value = null;
    exercise.solution.value = { state: "hidden" };
  }
  for (const [id, quiz] of store.quizzes) {
    quiz.work.value = work.quizzes[id] ?? noQuizWork;
    quiz.result.value = null;
  }
  for (const [id, prediction] of store.predictions) {
    prediction.work.value = work.predictions[id] ?? noPredictWork;
  }
  store.inputs.value = work.inputs;
  store.ran.value = new Set(work.ran);
}

function without<T>(kept: Record<string, T>, present: ReadonlyMap<string, unknown>): Record<string, T> {
  return Object.fromEntries(Object.entries(kept).filter(([id]) => !present.has(id)));
}
