// One exercise: the answer's cell, what has been kept of earlier tries, and the check that is going on.
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { TestVerdict, Verdict } from "../../grading/index.ts";
import type { ExerciseHelp, NotebookExerciseBlock } from "../data.ts";
import { type ExerciseWork, noExerciseWork } from "../storage/records.ts";
import { type AuthorCell, CellModel } from "./cell-model.ts";

/** A check under way: the tests that have answered so far. */
export interface Checking {
  tests: TestVerdict[];
  startedAt: number;
}

export type Solution =
  | { state: "hidden" }
  /** Asked once; shown after a second yes. */
  | { state: "confirm" }
  | { state: "loading" }
  | { state: "shown"; source: string }
  | { state: "failed"; message: string };

/** The id of an answer's cell. A dot cannot stand in an author's name, so it is nobody else's. */
export function answerCellId(exercise: string): string {
  return `answer.${exercise}`;
}

export class ExerciseModel {
  readonly id: string;
  readonly block: Signal<NotebookExerciseBlock>;
  readonly cell: CellModel;
  readonly work: Signal<ExerciseWork> = signal(noExerciseWork);
  readonly checking: Signal<Checking | null> = signal(null);
  /** Why the last check came to nothing: the grader could not be loaded, or the kernel was lost. */
  readonly failure: Signal<string | null> = signal(null);
  readonly solution: Signal<Solution> = signal({ state: "hidden" });
  /** The tests, hints and feedback; `null` until they were needed and have arrived. */
  readonly help: Signal<ExerciseHelp | null> = signal(null);

  readonly attemptsLeft: ReadonlySignal<number | null>;
  readonly visiblePoints: ReadonlySignal<number>;
  /** Hints that may be asked for and have not been. */
  readonly hintsWaiting: ReadonlySignal<number>;
  /** Failed attempts still to go before the next hint; `null` when one is ready or none is left. */
  readonly failuresUntilHint: ReadonlySignal<number | null>;
  /** The answer was changed since it was judged. */
  readonly verdictIsOld: ReadonlySignal<boolean>;

  constructor(block: NotebookExerciseBlock) {
    this.id = block.exercise.id;
    this.block = signal(block);
    this.cell = new CellModel(answerCellId(this.id), signal(answerCell(block)));
    this.attemptsLeft = computed(() => {
      const { attempts } = this.block.value.exercise;
      return attempts === null ? null : Math.max(0, attempts - this.work.value.checks);
    });
    this.visiblePoints = computed(() => visiblePoints(this.block.value));
    this.hintsWaiting = computed(() => {
      const { failed, hintsShown } = this.work.value;
      const ready = this.block.value.exercise.hints.filter((hint) => hint.after <= failed).length;
      return Math.max(0, ready - hintsShown);
    });
    this.failuresUntilHint = computed(() => {
      const { failed, hintsShown } = this.work.value;
      const next = this.block.value.exercise.hints[hintsShown];
      return next === undefined || next.after <= failed ? null : next.after - failed;
    });
    this.verdictIsOld = computed(
      () => this.work.value.verdict !== null && this.work.value.judged !== this.cell.source.value,
    );
  }

  setBlock(block: NotebookExerciseBlock): void {
    this.block.value = block;
    this.cell.setAuthor(answerCell(block));
  }
}

/** Points that can be earned in the page. */
export function visiblePoints(block: NotebookExerciseBlock): number {
  return block.exercise.points - block.exercise.hiddenPoints;
}

/**
 * What is kept after a finished check. Points only ever rise, and rise no more once the solution has been seen;
 * a check that did not pass counts towards the next hint.
 */
export function afterVerdict(work: ExerciseWork, verdict: Verdict, answer: string): ExerciseWork {
  const passed = verdict.status === "passed";
  return {
    ...work,
    checks: work.checks + 1,
    failed: work.failed + (passed ? 0 : 1),
    best: work.gaveUp ? work.best : Math.max(work.best, verdict.points),
    passed: work.passed || passed,
    verdict,
    judged: answer,
  };
}

function answerCell(block: NotebookExerciseBlock): AuthorCell {
  const { exercise } = block;
  return {
    title: `Answer to ${exercise.title ?? exercise.id}`,
    name: null,
    source: exercise.starter,
    run: "demand",
    live: false,
    fold: false,
    readonly: false,
    standalone: true,
  };
}
