// One cell of the page: the author's text, the reader's text, and what the session says about it.
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { CellBlock } from "../../lesson/index.ts";
import type { Edit } from "../storage/records.ts";
import type { CellState } from "./session.ts";

/** What an author says about a cell; an exercise's answer is such a cell too. */
export interface AuthorCell {
  /** As it is spoken: `Cell valley`. */
  title: string;
  /** The author's name for it; `null` when there is none. */
  name: string | null;
  source: string;
  run: "demand" | "load";
  live: boolean;
  fold: boolean;
  readonly: boolean;
  standalone: boolean;
}

export function authorCell(block: CellBlock): AuthorCell {
  return {
    title: block.named ? `Cell ${block.id}` : `Cell ${block.id.replace(/^cell-/, "")}`,
    name: block.named ? block.id : null,
    source: block.code.source,
    run: block.run,
    live: block.live,
    fold: block.fold,
    readonly: block.readonly,
    standalone: false,
  };
}

/** What a cell's status line says. */
export type Activity = "idle" | "queued" | "running" | "ok" | "error" | "stopped";

export class CellModel {
  readonly id: string;
  /** The cell this is a reader's copy of. */
  readonly copyOf: string | null;
  readonly author: Signal<AuthorCell>;
  readonly source: Signal<string>;
  readonly state: Signal<CellState>;
  /** Asked to run, while the session is still loading or busy with another cell. */
  readonly waiting: Signal<boolean> = signal(false);
  /** When it began to run, on `performance.now()`'s clock; `null` while it does not. */
  readonly startedAt: Signal<number | null> = signal(null);
  /** The text before the last reset, to take it back. */
  readonly beforeReset: Signal<string | null> = signal(null);
  /** The author's text that the reader's text was made from. */
  readonly base: Signal<string>;

  readonly edited: ReadonlySignal<boolean>;
  /** The reader changed this cell, and since then the author did, too. */
  readonly authorMoved: ReadonlySignal<boolean>;
  readonly activity: ReadonlySignal<Activity>;

  constructor(id: string, author: Signal<AuthorCell>, copyOf: string | null = null, source?: string) {
    this.id = id;
    this.copyOf = copyOf;
    this.author = author;
    this.source = signal(source ?? author.peek().source);
    this.base = signal(author.peek().source);
    this.state = signal(idleState(id, this.source.peek()));
    this.edited = computed(() => this.source.value !== this.author.value.source);
    this.authorMoved = computed(
      () => this.copyOf === null && this.edited.value && this.base.value !== this.author.value.source,
    );
    this.activity = computed(() => {
      const { status } = this.state.value;
      return this.waiting.value && status !== "running" ? "queued" : status;
    });
  }

  /** What is worth keeping; `null` while the reader has the author's text. */
  toEdit(): Edit | null {
    return this.edited.value ? { source: this.source.value, base: this.base.value } : null;
  }

  /** The author published another text: a reader who changed nothing gets it, another one is asked. */
  setAuthor(author: AuthorCell): void {
    const untouched = !this.edited.peek() && this.copyOf === null;
    this.author.value = author;
    if (!untouched) return;
    this.source.value = author.source;
    this.base.value = author.source;
  }
}

export function idleState(id: string, source: string): CellState {
  return {
    id,
    source,
    status: "idle",
    stale: false,
    outputs: [],
    inputValues: {},
    error: null,
    durationMs: null,
    executionCount: null,
    declares: [],
    needs: [],
  };
}
