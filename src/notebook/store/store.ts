// The one store of a lesson page. Views read signals and call methods; methods change the models and tell the
// session; the session's answers come back into the models. Nothing flows the other way.
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { InputValue } from "../../runtime/index.ts";
import type { LessonProgress, NotebookBlock, NotebookData } from "../data.ts";
import { blockId } from "../files.ts";
import {
  defaultSettings,
  type Guess,
  type LessonWork,
  type QuizAnswer,
  type Settings,
} from "../storage/records.ts";
import { authorCell, type AuthorCell, CellModel, idleState } from "./cell-model.ts";
import { checkExercise, HelpLoader, revealSolution } from "./exercise-actions.ts";
import { ExerciseModel } from "./exercise-model.ts";
import { afterRun, isGuess, PredictModel } from "./predict-model.ts";
import { type Score, scoreOf } from "./progress.ts";
import { afterAnswer, QuizModel, sameAnswer, toAnswer } from "./quiz-model.ts";
import { Runner } from "./runner.ts";
import type { KernelStatus, NotebookServices } from "./session.ts";
import { collectWork, emptyWork, restoreWork } from "./work.ts";

/** Something the reader must know and may act on; shown until it no longer holds. */
export interface Notice {
  id: string;
  kind: "info" | "warning" | "error";
  text: string;
  actions?: { label: string; run: () => void }[];
  /** The reader may put it away. */
  dismissible?: boolean;
}

export class NotebookStore {
  readonly data: Signal<NotebookData>;
  readonly services: NotebookServices;
  /** Every cell that can run: lesson cells, the reader's copies, answers of exercises. */
  readonly cells = new Map<string, CellModel>();
  readonly exercises = new Map<string, ExerciseModel>();
  readonly quizzes = new Map<string, QuizModel>();
  readonly predictions = new Map<string, PredictModel>();
  /** Ids of runnable cells in document order; a copy follows its original. */
  readonly order: Signal<readonly string[]> = signal([]);
  readonly copies: Signal<readonly CellModel[]> = signal([]);

  readonly kernel: Signal<KernelStatus> = signal("off");
  readonly settings: Signal<Settings> = signal(defaultSettings);
  readonly notices: Signal<readonly Notice[]> = signal([]);
  /** Another tab writes this lesson; here it can be read and run only. */
  readonly readOnly: Signal<boolean> = signal(false);
  /** What a screen reader is told next. */
  readonly announcement: Signal<string> = signal("");
  /** False while islands still show exactly what the build made: nothing that only a page knows may show before. */
  readonly live: Signal<boolean> = signal(false);
  /** A clock that ticks while something runs. */
  readonly now: Signal<number> = signal(0);
  /** Ids of cells that have finished well at least once. */
  readonly ran: Signal<ReadonlySet<string>> = signal(new Set<string>());
  /** Values of inputs, by cell and key: what is kept and what the session starts with. */
  readonly inputs: Signal<Record<string, Record<string, InputValue>>> = signal({});
  /** Counts the times that work was put in place of other work: fields that hold half-typed text begin anew. */
  readonly restores: Signal<number> = signal(0);
  /** Counts changes that are worth saving. */
  readonly changes: Signal<number> = signal(0);

  readonly score: ReadonlySignal<Score>;
  readonly busy: ReadonlySignal<boolean>;
  readonly runner: Runner;
  readonly help: HelpLoader;

  /** Work as it was last read: what belongs to blocks that this version of the lesson lacks is kept from it. */
  #kept: LessonWork;
  readonly #stopWatching: () => void;

  constructor(data: NotebookData, services: NotebookServices) {
    this.data = signal(data);
    this.services = services;
    this.#kept = emptyWork(data);
    this.#adopt(data.blocks);
    this.score = computed(() => {
      void this.data.value;
      return scoreOf(this.exercises.values(), this.quizzes.values());
    });
    this.busy = computed(() =>
      this.order.value.some((id) => {
        const activity = this.cells.get(id)?.activity.value;
        return activity === "running" || activity === "queued";
      }),
    );
    this.runner = new Runner(this);
    this.help = new HelpLoader(this);
    this.#stopWatching = effect(() => this.#watchOutcomes());
  }

  // Blocks

  block(id: string): NotebookBlock | undefined {
    return this.data.value.blocks.find((block) => blockId(block) === id);
  }

  copiesOf(id: string): CellModel[] {
    return this.copies.value.filter((copy) => copy.copyOf === id);
  }

  /** A new version of the lesson: the reader's text, outputs and answers stay. */
  update(data: NotebookData): void {
    batch(() => {
      this.#kept = this.toWork();
      this.data.value = data;
      this.#adopt(data.blocks);
    });
    this.help.renew();
    this.runner.syncCells();
  }

  /** Makes a model for each block that has none, gives the others their new block, drops those that are gone. */
  #adopt(blocks: readonly NotebookBlock[]): void {
    const seen = new Set<string>();
    for (const block of blocks) {
      const id = blockId(block);
      switch (block.kind) {
        case "cell": {
          seen.add(id);
          const model = this.cells.get(id);
          if (model === undefined) this.#addCell(id, authorCell(block));
          else model.setAuthor(authorCell(block));
          break;
        }
        case "exercise": {
          const model = this.exercises.get(id) ?? new ExerciseModel(block);
          model.setBlock(block);
          this.exercises.set(id, model);
          this.cells.set(model.cell.id, model.cell);
          seen.add(`exercise ${id}`).add(model.cell.id);
          break;
        }
        case "quiz": {
          seen.add(`quiz ${id}`);
          const model = this.quizzes.get(id);
          if (model === undefined) this.quizzes.set(id, new QuizModel(block));
          else model.block.value = block;
          break;
        }
        case "predict": {
          seen.add(`predict ${id}`);
          const model = this.predictions.get(id);
          if (model === undefined) this.predictions.set(id, new PredictModel(block));
          else model.block.value = block;
          break;
        }
      }
    }
    for (const id of this.exercises.keys()) if (!seen.has(`exercise ${id}`)) this.exercises.delete(id);
    for (const id of this.quizzes.keys()) if (!seen.has(`quiz ${id}`)) this.quizzes.delete(id);
    for (const id of this.predictions.keys()) if (!seen.has(`predict ${id}`)) this.predictions.delete(id);
    this.copies.value = this.copies.peek().filter((copy) => seen.has(copy.copyOf ?? ""));
    for (const copy of this.copies.peek()) seen.add(copy.id);
    for (const id of this.cells.keys()) if (!seen.has(id)) this.cells.delete(id);
    this.#reorder(blocks);
  }

  #addCell(id: string, author: AuthorCell): void {
    this.cells.set(id, new CellModel(id, signal(author)));
  }

  #reorder(blocks: readonly NotebookBlock[]): void {
    const order: string[] = [];
    for (const block of blocks) {
      if (block.kind === "cell") {
        order.push(
          block.id,
          ...this.copies
            .peek()
            .filter((copy) => copy.copyOf === block.id)
            .map((copy) => copy.id),
        );
      } else if (block.kind === "exercise") {
        const model = this.exercises.get(block.exercise.id);
        if (model !== undefined) order.push(model.cell.id);
      }
    }
    this.order.value = order;
  }

  // Cells

  edit(id: string, source: string): void {
    const cell = this.cells.get(id);
    if (cell === undefined || this.readOnly.peek() || cell.source.peek() === source) return;
    batch(() => {
      if (!cell.edited.peek()) cell.base.value = cell.author.peek().source;
      cell.source.value = source;
      cell.beforeReset.value = null;
      this.changed();
    });
    this.runner.sourceChanged(id);
  }

  /** Back to the author's text. `undoReset` takes it back. */
  reset(id: string): void {
    const cell = this.cells.get(id);
    if (cell === undefined || this.readOnly.peek() || !cell.edited.peek()) return;
    const before = cell.source.peek();
    this.edit(id, cell.author.peek().source);
    cell.beforeReset.value = before;
    this.announce(`${cell.author.peek().title} has the author's text again. Undo is offered.`);
  }

  undoReset(id: string): void {
    const cell = this.cells.get(id);
    const before = cell?.beforeReset.peek() ?? null;
    if (cell === undefined || before === null) return;
    this.edit(id, before);
    this.announce(`${cell.author.peek().title} has your text again.`);
  }

  /** The reader saw that the author's text changed, and keeps their own. */
  keepMine(id: string): void {
    const cell = this.cells.get(id);
    if (cell === undefined) return;
    cell.base.value = cell.author.peek().source;
    this.changed();
  }

  /** Adds a copy below the cell (and its other copies); the reader may change and remove it. */
  duplicate(id: string): CellModel | null {
    const cell = this.cells.get(id);
    if (cell === undefined || this.readOnly.peek()) return null;
    const original = cell.copyOf ?? id;
    const ids = new Set([
      ...this.copies.peek().map((copy) => copy.id),
      ...this.#kept.copies.map((copy) => copy.id),
    ]);
    let number = 1;
    while (ids.has(`${original}.copy-${number}`)) number += 1;
    return this.addCopy(`${original}.copy-${number}`, original, cell.source.peek(), id);
  }

  /** @param after the copy or cell that it stands below; the last copy when left out. */
  addCopy(id: string, of: string, source: string, after?: string): CellModel | null {
    const original = this.cells.get(of);
    if (original === undefined || this.cells.has(id)) return null;
    const copy = new CellModel(id, original.author, of, source);
    batch(() => {
      this.cells.set(id, copy);
      const copies = [...this.copies.peek()];
      const at =
        after === of
          ? copies.findIndex((other) => other.copyOf === of)
          : copies.findIndex((other) => other.id === after) + 1;
      copies.splice(at > 0 || (after === of && at === 0) ? at : copies.length, 0, copy);
      this.copies.value = copies;
      this.#reorder(this.data.peek().blocks);
      this.changed();
    });
    this.runner.syncCells();
    return copy;
  }

  removeCopy(id: string): void {
    const copy = this.cells.get(id);
    if (copy === undefined || copy.copyOf === null || this.readOnly.peek()) return;
    const { source } = copy;
    const of = copy.copyOf;
    batch(() => {
      this.cells.delete(id);
      this.copies.value = this.copies.peek().filter((other) => other !== copy);
      this.#reorder(this.data.peek().blocks);
      this.changed();
    });
    this.runner.syncCells();
    this.notify({
      id: "removed-copy",
      kind: "info",
      text: "Your copy of a cell was removed.",
      dismissible: true,
      actions: [
        {
          label: "Undo",
          run: () => {
            this.withdraw("removed-copy");
            this.addCopy(id, of, source.peek());
          },
        },
      ],
    });
  }

  setInput(cell: string, key: string, value: InputValue): void {
    const values = { ...this.inputs.peek()[cell], [key]: value };
    this.inputs.value = { ...this.inputs.peek(), [cell]: values };
    this.changed();
    this.runner.setInput(cell, key, value);
  }

  // Predictions

  /** The prediction that a cell waits for, its own or one of a cell it needs; `null` when it may run. */
  gateOf(id: string): PredictModel | null {
    if (!this.live.value) return null;
    const open = [...this.predictions.values()].filter((prediction) => prediction.open.value);
    if (open.length === 0) return null;
    const visited = new Set<string>();
    const pending = [id];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (visited.has(next)) continue;
      visited.add(next);
      const gate = open.find((prediction) => prediction.block.value.cell === next);
      if (gate !== undefined) return gate;
      pending.push(...(this.cells.get(next)?.state.value.needs ?? []));
    }
    return null;
  }

  draftGuess(id: string, draft: Guess | null): void {
    const prediction = this.predictions.get(id);
    if (prediction === undefined || this.readOnly.peek()) return;
    prediction.work.value = { ...prediction.work.peek(), draft };
    this.changed();
  }

  keepGuess(id: string): void {
    const prediction = this.predictions.get(id);
    const draft = prediction?.work.peek().draft ?? null;
    if (prediction === undefined || !isGuess(draft)) return;
    prediction.work.value = { ...prediction.work.peek(), guess: draft };
    this.changed();
    this.runner.syncCells();
    this.announce("Your prediction is kept. The cell may run now.");
  }

  /** Before the cell has run, a guess may be changed. */
  reopenGuess(id: string): void {
    const prediction = this.predictions.get(id);
    if (prediction === undefined || prediction.work.peek().happened) return;
    prediction.work.value = { ...prediction.work.peek(), guess: null, skipped: false };
    this.changed();
    this.runner.syncCells();
  }

  skipGuess(id: string): void {
    const prediction = this.predictions.get(id);
    if (prediction === undefined) return;
    prediction.work.value = { ...prediction.work.peek(), skipped: true };
    this.changed();
    this.runner.syncCells();
    this.announce("Prediction skipped. The cell may run now.");
  }

  #watchOutcomes(): void {
    void this.data.value;
    for (const prediction of this.predictions.values()) {
      const state = this.cells.get(prediction.block.value.cell)?.state.value;
      if (state === undefined || state.status !== "ok" || prediction.open.peek()) continue;
      const before = prediction.work.peek();
      const after = afterRun(before, prediction.id, state.outputs);
      if (before.happened && JSON.stringify(before.outcome) === JSON.stringify(after.outcome)) continue;
      prediction.work.value = after;
      this.changed();
    }
  }

  // Quizzes

  draftAnswer(id: string, draft: QuizAnswer | null): void {
    const quiz = this.quizzes.get(id);
    if (quiz === undefined || this.readOnly.peek() || quiz.closed.peek()) return;
    quiz.work.value = { ...quiz.work.peek(), draft };
    this.changed();
  }

  async answerQuiz(id: string): Promise<void> {
    const quiz = this.quizzes.get(id);
    const draft = quiz?.work.peek().draft ?? null;
    if (quiz === undefined || draft === null || quiz.checking.peek() || quiz.closed.peek()) return;
    const answer = toAnswer(quiz.block.peek(), draft);
    if (answer === null) return;
    quiz.checking.value = true;
    quiz.failure.value = null;
    try {
      const result = await this.services.answerQuiz(quiz.block.peek(), answer);
      batch(() => {
        quiz.work.value = afterAnswer(quiz.work.peek(), draft, result);
        quiz.result.value = result;
        this.changed();
      });
      this.announce(result.correct ? "Right." : "Not right yet. Feedback is below your answer.");
    } catch {
      quiz.failure.value = "The answer could not be checked. Are you online? Try again.";
    } finally {
      quiz.checking.value = false;
    }
  }

  /** Clears the answer for another try. */
  retryQuiz(id: string): void {
    const quiz = this.quizzes.get(id);
    if (quiz === undefined || quiz.closed.peek() || this.readOnly.peek()) return;
    quiz.work.value = { ...quiz.work.peek(), draft: null, checked: null, points: 0 };
    quiz.result.value = null;
    this.changed();
  }

  /** Shows the answer and its explanation; the points stay what they are. */
  giveUpQuiz(id: string): void {
    const quiz = this.quizzes.get(id);
    if (quiz === undefined || quiz.work.peek().tries === 0 || this.readOnly.peek()) return;
    quiz.work.value = { ...quiz.work.peek(), gaveUp: true };
    this.changed();
  }

  /** Says again what was said about the answers that were checked before the page was opened. */
  async recallFeedback(): Promise<void> {
    const helped = [...this.exercises.values()].map((exercise) => exercise.work.peek());
    if (helped.some(({ hintsShown, verdict }) => hintsShown > 0 || (verdict?.feedback.length ?? 0) > 0))
      this.help.want();
    for (const quiz of this.quizzes.values()) {
      const { checked } = quiz.work.peek();
      const answer = toAnswer(quiz.block.peek(), checked);
      if (answer === null || quiz.result.peek() !== null) continue;
      const result = await this.services.answerQuiz(quiz.block.peek(), answer).catch(() => null);
      if (result === null) return;
      if (!sameAnswer(checked, quiz.work.peek().checked)) continue;
      batch(() => {
        quiz.result.value = result;
        // The lesson is the judge: an author may have corrected the quiz.
        const { correct, points } = result;
        quiz.work.value = { ...quiz.work.peek(), correct, points };
      });
    }
  }

  // Exercises

  check(id: string): Promise<void> {
    return checkExercise(this, id);
  }

  revealSolution(id: string): Promise<void> {
    return revealSolution(this, id);
  }

  showHint(id: string): void {
    const exercise = this.exercises.get(id);
    if (exercise === undefined || exercise.hintsWaiting.peek() === 0) return;
    const work = exercise.work.peek();
    exercise.work.value = { ...work, hintsShown: work.hintsShown + 1 };
    this.changed();
    this.help.want();
  }

  // Work

  /** Everything worth keeping, as it is stored. */
  toWork(): LessonWork {
    return collectWork(this, this.#kept);
  }

  /** Puts stored work into the models. The session is told when it starts. */
  restore(work: LessonWork): void {
    batch(() => {
      this.#kept = work;
      restoreWork(this, work);
      this.#reorder(this.data.peek().blocks);
      this.restores.value = this.restores.peek() + 1;
    });
    this.runner.syncCells();
    for (const [cell, values] of Object.entries(work.inputs)) {
      for (const [key, value] of Object.entries(values)) this.runner.setInput(cell, key, value);
    }
  }

  /** Throws all work on this lesson away. */
  async resetLesson(): Promise<void> {
    await this.stop();
    this.runner.discard();
    for (const cell of this.cells.values()) cell.state.value = idleState(cell.id, cell.source.peek());
    const empty = emptyWork(this.data.peek());
    batch(() => {
      for (const copy of this.copies.peek()) this.cells.delete(copy.id);
      this.copies.value = [];
      this.restore(empty);
      this.changed();
    });
    void this.runner.runLoadCells();
    this.announce("The lesson is as it was when you first opened it.");
  }

  progress(): LessonProgress {
    const { earned, possible } = this.score.peek();
    const cells = this.data.peek().blocks.filter((block) => block.kind === "cell");
    return {
      earned,
      possible,
      cellsRun: cells.filter((block) => this.ran.peek().has(blockId(block))).length,
      cells: cells.length,
      updatedAt: new Date().toISOString(),
    };
  }

  changed(): void {
    this.changes.value = this.changes.peek() + 1;
  }

  // Messages to the reader

  announce(text: string): void {
    // The same sentence twice is said twice: a live region speaks only when its text changes.
    this.announcement.value = this.announcement.peek() === text ? `${text} ` : text;
  }

  notify(notice: Notice): void {
    this.notices.value = [...this.notices.peek().filter((other) => other.id !== notice.id), notice];
  }

  withdraw(id: string): void {
    if (this.notices.peek().some((notice) => notice.id === id)) {
      this.notices.value = this.notices.peek().filter((notice) => notice.id !== id);
    }
  }

  // Running: see `runner.ts`

  run(id: string): Promise<void> {
    return this.runner.run(id);
  }

  runAll(): Promise<void> {
    return this.runner.runAll();
  }

  stop(): Promise<void> {
    return this.runner.stop();
  }

  restart(): Promise<void> {
    return this.runner.restart();
  }

  dispose(): void {
    this.#stopWatching();
    this.runner.dispose();
  }
}
