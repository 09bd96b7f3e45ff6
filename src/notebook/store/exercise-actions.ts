// Checking an answer, showing a solution, and fetching what both checks and hints need.
import { batch, type Signal, signal } from "@preact/signals";
import type { ExerciseHelp } from "../data.ts";
import { afterVerdict } from "./exercise-model.ts";
import type { NotebookStore } from "./store.ts";
import { formatCount, formatPoints } from "./words.ts";

const running = new WeakMap<object, AbortController>();

/** Runs the visible tests; each result appears as it comes. A check that is cancelled or fails costs no attempt. */
export async function checkExercise(store: NotebookStore, id: string): Promise<void> {
  const exercise = store.exercises.get(id);
  if (exercise === undefined || exercise.checking.peek() !== null || store.readOnly.peek()) return;
  if (exercise.attemptsLeft.peek() === 0) return;
  const abort = new AbortController();
  running.set(exercise, abort);
  const answer = exercise.cell.source.peek();
  exercise.failure.value = null;
  exercise.checking.value = { tests: [], startedAt: performance.now() };
  store.runner.tick();
  try {
    const [help] = await Promise.all([store.help.of(id), store.services.flush()]);
    if (abort.signal.aborted) return;
    const verdict = await store.services.checkAnswer({
      exercise: { ...exercise.block.peek().exercise, ...help },
      answer,
      signal: abort.signal,
      onTest: (test) => {
        const checking = exercise.checking.peek();
        if (checking === null || abort.signal.aborted) return;
        exercise.checking.value = { ...checking, tests: [...checking.tests, test] };
      },
    });
    if (abort.signal.aborted) return;
    batch(() => {
      exercise.work.value = afterVerdict(exercise.work.peek(), verdict, answer);
      store.changed();
    });
    const visible = exercise.visiblePoints.peek();
    store.announce(
      verdict.status === "passed"
        ? `Every test passed: ${formatPoints(visible)}.`
        : `${formatCount(verdict.points)} of ${formatPoints(visible)}. The tests that did not pass are listed below the answer.`,
    );
  } catch (error) {
    if (!abort.signal.aborted) exercise.failure.value = reasonOf(error);
  } finally {
    running.delete(exercise);
    exercise.checking.value = null;
  }
}

export function cancelCheck(store: NotebookStore, id: string): void {
  const exercise = store.exercises.get(id);
  if (exercise === undefined || exercise.checking.peek() === null) return;
  running.get(exercise)?.abort();
  exercise.checking.value = null;
  store.announce("The check was cancelled. It does not count as an attempt.");
}

/**
 * Shows the author's solution. Before the exercise is passed or its attempts are used up it takes two steps,
 * and afterwards no more points can be earned here.
 */
export async function revealSolution(store: NotebookStore, id: string): Promise<void> {
  const exercise = store.exercises.get(id);
  if (exercise === undefined || exercise.solution.peek().state === "loading") return;
  const work = exercise.work.peek();
  const free = work.passed || work.gaveUp || exercise.attemptsLeft.peek() === 0;
  if (!free && exercise.solution.peek().state !== "confirm") {
    exercise.solution.value = { state: "confirm" };
    return;
  }
  exercise.solution.value = { state: "loading" };
  try {
    const source = await store.services.loadSolution(id);
    batch(() => {
      if (!work.passed) exercise.work.value = { ...exercise.work.peek(), gaveUp: true };
      exercise.solution.value = { state: "shown", source };
      store.changed();
    });
  } catch (error) {
    exercise.solution.value = { state: "failed", message: reasonOf(error) };
  }
}

export function hideSolution(store: NotebookStore, id: string): void {
  const exercise = store.exercises.get(id);
  if (exercise !== undefined) exercise.solution.value = { state: "hidden" };
}

/** Fetches what checks and hints need: once for the whole lesson, and again when that failed or the lesson changed. */
export class HelpLoader {
  /** Whether the last try failed. */
  readonly failed: Signal<boolean> = signal(false);
  readonly #store: NotebookStore;
  #loading: Promise<void> | null = null;

  constructor(store: NotebookStore) {
    this.#store = store;
  }

  /** @throws (rejects) when it cannot be loaded. */
  async of(id: string): Promise<ExerciseHelp> {
    await this.#load();
    const help = this.#store.exercises.get(id)?.help.peek() ?? null;
    if (help === null)
      throw new Error("The exercise has changed since this page was opened: reload the page.");
    return help;
  }

  /** Fetches without waiting; a failure shows where the help would stand. */
  want(): void {
    this.#load().catch(() => undefined);
  }

  /** The lesson has changed: what was fetched before is fetched again. */
  renew(): void {
    if (this.#loading === null) return;
    this.#loading = null;
    this.want();
  }

  #load(): Promise<void> {
    if (this.#loading !== null) return this.#loading;
    this.failed.value = false;
    const loading = this.#store.services.loadHelp().then(
      (found) => {
        // A newer version of the lesson may be on its way already.
        if (this.#loading !== loading) return;
        batch(() => {
          for (const [id, exercise] of this.#store.exercises) exercise.help.value = found[id] ?? null;
        });
      },
      (error: unknown) => {
        if (this.#loading === loading) {
          this.#loading = null;
          this.failed.value = true;
        }
        throw error;
      },
    );
    this.#loading = loading;
    return loading;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
