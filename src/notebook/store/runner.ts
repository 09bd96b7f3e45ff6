// Between the store and the session: starts it at the first run, keeps its cells equal to the page's, and brings
// its answers back. A cell that waits for a prediction never runs, not even as another cell's need.
import { batch } from "@preact/signals";
import type { InputValue } from "../../runtime/index.ts";
import type { CellModel } from "./cell-model.ts";
import type { CellDefinition, NotebookSession } from "./session.ts";
import type { NotebookStore } from "./store.ts";
import { formatDuration, plural } from "./words.ts";

const TYPING_PAUSE = 120;
const TICK = 100;

export class Runner {
  readonly #store: NotebookStore;
  #session: NotebookSession | null = null;
  #starting: Promise<NotebookSession> | null = null;
  #unsubscribe: (() => void) | null = null;
  /** Cells whose text the session does not know yet. */
  readonly #typed = new Set<string>();
  #typingTimer: ReturnType<typeof setTimeout> | null = null;
  #ticking: ReturnType<typeof setInterval> | null = null;
  /** Changes when everything that waits to run must not run any more. */
  #round = 0;
  #disposed = false;

  constructor(store: NotebookStore) {
    this.#store = store;
  }

  /** Loads the runtime, once. */
  async start(): Promise<NotebookSession> {
    if (this.#session !== null) return this.#session;
    this.#starting ??= this.#store.services.createSession({
      cells: this.#definitions(),
      inputValues: this.#store.inputs.peek(),
    });
    try {
      const session = await this.#starting;
      if (this.#session === null && !this.#disposed) this.#adopt(session);
      return session;
    } catch (error) {
      this.#starting = null;
      throw error;
    }
  }

  /** Makes everything ready for a first run. What fails here is tried again, and told, when the reader runs a cell. */
  async warm(): Promise<void> {
    try {
      await (await this.start()).warm();
    } catch {
      // Offline, say: reading goes on.
    }
  }

  #adopt(session: NotebookSession): void {
    this.#session = session;
    this.#unsubscribe = session.subscribe((change) => {
      if ("kernel" in change) this.#store.kernel.value = change.kernel;
      else if ("cell" in change) this.#read(change.cell);
      else this.#readAll();
    });
    // The page may have changed while the runtime was on its way.
    session.setCells(this.#definitions());
    this.#typed.clear();
    this.#readAll();
    this.#store.kernel.value = session.kernelStatus;
  }

  #readAll(): void {
    batch(() => {
      for (const id of this.#store.order.peek()) this.#read(id);
    });
  }

  #read(id: string): void {
    const cell = this.#store.cells.get(id);
    const state = this.#session?.cells.find((other) => other.id === id);
    if (cell === undefined || state === undefined) return;
    const before = cell.state.peek();
    if (before === state) return;
    batch(() => {
      cell.state.value = state;
      if (state.status === "running" && before.status !== "running") {
        cell.startedAt.value = performance.now();
        cell.waiting.value = false;
        this.tick();
      } else if (state.status !== "running") {
        cell.startedAt.value = null;
      }
      if (state.status === "ok" && !this.#store.ran.peek().has(id)) {
        this.#store.ran.value = new Set([...this.#store.ran.peek(), id]);
        this.#store.changed();
      }
    });
  }

  #definitions(): CellDefinition[] {
    const definitions: CellDefinition[] = [];
    for (const id of this.#store.order.peek()) {
      const cell = this.#store.cells.get(id);
      if (cell === undefined) continue;
      const author = cell.author.peek();
      // A cell that waits for a prediction must not start by itself.
      const gated = [...this.#store.predictions.values()].some(
        (prediction) => prediction.open.peek() && prediction.block.peek().cell === id,
      );
      definitions.push({
        id,
        source: cell.source.peek(),
        run: gated || cell.copyOf !== null ? "demand" : author.run,
        live: author.live && !gated,
        standalone: author.standalone,
      });
    }
    return definitions;
  }

  // Changes of the page

  /** Cells were added, removed, replaced or set free. */
  syncCells(): void {
    if (this.#session === null) return;
    this.#typed.clear();
    this.#session.setCells(this.#definitions());
    this.#readAll();
  }

  /** The session looks at new text when the typing pauses, or before a run. */
  sourceChanged(id: string): void {
    this.#typed.add(id);
    if (this.#session === null) return;
    if (this.#typingTimer !== null) clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#tellSources(), TYPING_PAUSE);
  }

  #tellSources(): void {
    if (this.#typingTimer !== null) clearTimeout(this.#typingTimer);
    this.#typingTimer = null;
    for (const id of this.#typed) {
      const cell = this.#store.cells.get(id);
      if (cell !== undefined) this.#session?.setSource(id, cell.source.peek());
    }
    this.#typed.clear();
  }

  setInput(cell: string, key: string, value: InputValue): void {
    if (this.#store.cells.has(cell)) this.#session?.setInput(cell, key, value);
  }

  // Running

  async run(id: string): Promise<void> {
    const cell = this.#store.cells.get(id);
    if (cell === undefined || cell.waiting.peek()) return;
    if (this.#refuse(cell)) return;
    const round = this.#round;
    cell.waiting.value = true;
    try {
      await this.#runNow(cell, round);
    } finally {
      cell.waiting.value = false;
    }
  }

  async #runNow(cell: CellModel, round: number): Promise<void> {
    const session = await this.#prepare();
    if (session === null || round !== this.#round) return;
    // What a cell needs is known only once the session has read it.
    if (this.#refuse(cell)) return;
    const state = await session.run(cell.id);
    this.#read(cell.id);
    const { title } = cell.author.peek();
    if (state.status === "ok") {
      this.#store.announce(`${title} finished in ${formatDuration(state.durationMs ?? 0)}.`);
    } else if (state.status === "error") {
      this.#store.announce(`${title} stopped with an error: ${state.error?.message ?? "unknown"}`);
    } else if (state.status === "stopped") {
      this.#store.announce(`${title} was stopped.`);
    }
  }

  /** Says that a prediction comes first, if one does. */
  #refuse(cell: CellModel): boolean {
    if (this.#store.gateOf(cell.id) === null) return false;
    this.#store.announce("Make your prediction first.");
    return true;
  }

  /** Runs every cell of the lesson in order; answers of exercises run only when asked. */
  async runAll(): Promise<void> {
    const round = this.#round;
    const cells = this.#store.order
      .peek()
      .map((id) => this.#store.cells.get(id))
      .filter((cell) => cell !== undefined)
      .filter((cell) => !cell.author.peek().standalone);
    const waiting = cells.filter((cell) => this.#store.gateOf(cell.id) === null);
    for (const cell of waiting) cell.waiting.value = true;
    let finished = 0;
    let gated = 0;
    let failed = 0;
    try {
      const session = await this.#prepare();
      if (session === null) return;
      for (const cell of cells) {
        if (round !== this.#round) return;
        if (this.#store.gateOf(cell.id) !== null) {
          gated += 1;
          cell.waiting.value = false;
          continue;
        }
        const state = await session.run(cell.id);
        cell.waiting.value = false;
        this.#read(cell.id);
        if (state.status === "stopped") return;
        if (state.status === "ok") finished += 1;
        else failed += 1;
      }
      const parts = [`${plural(finished, "cell")} finished`];
      if (failed > 0) parts.push(`${plural(failed, "cell")} with an error`);
      if (gated > 0) parts.push(`${plural(gated, "cell waits", "cells wait")} for your prediction`);
      this.#store.announce(`${parts.join(", ")}.`);
    } finally {
      for (const cell of waiting) cell.waiting.value = false;
    }
  }

  /** Runs what the author wants run when the page opens. */
  async runLoadCells(): Promise<void> {
    const wanted = this.#definitions().some((definition) => definition.run === "load");
    if (!wanted) return;
    const session = await this.#prepare();
    await session?.runLoadCells();
  }

  async stop(): Promise<void> {
    this.#round += 1;
    for (const cell of this.#store.cells.values()) cell.waiting.value = false;
    await this.#session?.stop();
  }

  async restart(): Promise<void> {
    this.#round += 1;
    for (const cell of this.#store.cells.values()) cell.waiting.value = false;
    await this.#session?.restart();
    this.#readAll();
    if (this.#session !== null) this.#store.announce("The kernel was restarted. No cell has run yet.");
  }

  /** Ends the session with everything it knows, its inputs among it; the next run begins a new one. */
  discard(): void {
    this.#round += 1;
    this.#unsubscribe?.();
    this.#session?.dispose();
    this.#unsubscribe = null;
    this.#session = null;
    this.#starting = null;
    this.#store.kernel.value = "off";
  }

  /** Saves, loads the runtime and tells it what was typed. `null` when the runtime cannot be had. */
  async #prepare(): Promise<NotebookSession | null> {
    await this.#store.services.flush();
    try {
      const session = await this.start();
      this.#tellSources();
      this.#store.withdraw("runtime");
      return session;
    } catch (error) {
      this.#store.notify({
        id: "runtime",
        kind: "error",
        text: `The part that runs code could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
        dismissible: true,
      });
      return null;
    }
  }

  /** Keeps the clock going while something runs. */
  tick(): void {
    this.#store.now.value = performance.now();
    this.#ticking ??= setInterval(() => {
      const running =
        [...this.#store.cells.values()].some((cell) => cell.startedAt.peek() !== null) ||
        [...this.#store.exercises.values()].some((exercise) => exercise.checking.peek() !== null);
      if (running) {
        this.#store.now.value = performance.now();
        return;
      }
      if (this.#ticking !== null) clearInterval(this.#ticking);
      this.#ticking = null;
    }, TICK);
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#ticking !== null) clearInterval(this.#ticking);
    if (this.#typingTimer !== null) clearTimeout(this.#typingTimer);
    this.#unsubscribe?.();
    this.#session?.dispose();
  }
}
