// What a session keeps of one cell, and the snapshot it shows of it.
import { compileCell, type CompiledCell, type CompileOptions } from "../compile/index.ts";
import type { CellError, InputValue, Output } from "../output.ts";
import type { DocumentCell, Gives, Links } from "./document.ts";
import { shownInputs } from "./outputs.ts";
import type { CellDefinition, CellState, CellStatus } from "./types.ts";

/** What the last run that the reader saw came to. */
export interface ShownRun {
  status: "ok" | "error" | "stopped";
  /** `null` for a run that was stopped: it stands for nothing. */
  signature: string | null;
  error: CellError | null;
  durationMs: number | null;
}

export class CellRecord implements DocumentCell {
  readonly id: string;
  readonly standalone: boolean;
  run: CellDefinition["run"];
  live: boolean;
  source: string;
  compiled: CompiledCell;
  /** What it gives to the cells below; while it does not compile, what it gave before. */
  gives: Gives;

  inputValues: Readonly<Record<string, InputValue>>;
  outputs: readonly Output[] = [];
  executionCount: number | null = null;
  shown: ShownRun | null = null;
  /** The names that the kernel of that generation holds, and what they were made from. */
  names: { signature: string; generation: number } | null = null;
  /** A run that could not begin because the cell `failed` did; void as soon as the signature changes. */
  blocked: { signature: string; failed: string; holds: boolean; error: CellError } | null = null;

  readonly #seenInputs = new Map<string, Record<string, InputValue>>();
  /** The newest run; outputs of an older one are not shown any more. */
  attempt: object | null = null;

  #snapshot: CellState | null = null;

  constructor(
    definition: CellDefinition,
    inputValues: Readonly<Record<string, InputValue>>,
    options: CompileOptions,
  ) {
    this.id = definition.id;
    this.standalone = definition.standalone ?? false;
    this.run = definition.run;
    this.live = definition.live;
    this.inputValues = { ...inputValues };
    this.source = definition.source;
    this.compiled = this.#compile(options);
    this.gives = givesOf(this.compiled) ?? { declares: [], imports: [] };
  }

  /** As if it had never run. */
  clear(): void {
    this.outputs = [];
    this.attempt = null;
    this.executionCount = null;
    this.shown = null;
    this.names = null;
    this.blocked = null;
    this.#seenInputs.clear();
  }

  setSource(source: string, options: CompileOptions): void {
    this.source = source;
    this.compiled = this.#compile(options);
    this.gives = givesOf(this.compiled) ?? this.gives;
  }

  #compile(options: CompileOptions): CompiledCell {
    return compileCell(this.id, this.source, { ...options, standalone: this.standalone });
  }

  /** What its code would see: the values its inputs start with, and what the reader has set. */
  get inputs(): Record<string, InputValue> {
    return { ...this.seenInputs(this.compiled), ...this.inputValues };
  }

  /** The values that the inputs showed when this version of the code ran. */
  seenInputs(compiled: CompiledCell): Record<string, InputValue> {
    return compiled.ok ? (this.#seenInputs.get(compiled.meaning) ?? {}) : {};
  }

  /** Notes which inputs the present outputs show, which this version of the code made. */
  noteInputs(compiled: CompiledCell): void {
    if (!compiled.ok) return;
    this.#seenInputs.set(compiled.meaning, { ...this.seenInputs(compiled), ...shownInputs(this.outputs) });
  }

  isStale(signature: string): boolean {
    const shown = this.shown?.signature ?? null;
    return shown !== null && shown !== signature;
  }

  /** Whether the kernel holds its names, made from what is there now. */
  isFresh(signature: string, generation: number): boolean {
    return this.names?.signature === signature && this.names.generation === generation;
  }

  /** Whether what is shown is right and only the kernel does not have the names any more. */
  isLost(signature: string, generation: number): boolean {
    const isRight = this.shown?.status === "ok" && this.shown.signature === signature;
    return isRight && !this.isFresh(signature, generation);
  }

  /** The snapshot made last. */
  get lastSnapshot(): CellState | null {
    return this.#snapshot;
  }

  /** The snapshot; the same object as before while nothing in it has changed. */
  snapshot(signature: string, links: Links, activity: "queued" | "running" | null): CellState {
    const blocked = this.blocked?.holds && this.blocked.signature === signature ? this.blocked : null;
    const settled: CellStatus = blocked ? "error" : (this.shown?.status ?? "idle");
    const next: CellState = {
      id: this.id,
      source: this.source,
      status: activity ?? settled,
      stale: this.isStale(signature),
      outputs: this.outputs,
      inputValues: this.inputValues,
      error: blocked ? blocked.error : (this.shown?.error ?? null),
      durationMs: this.shown?.durationMs ?? null,
      executionCount: this.executionCount,
      declares: this.gives.declares,
      needs: links.needs,
    };
    if (!this.#snapshot || !sameState(this.#snapshot, next)) this.#snapshot = next;
    return this.#snapshot;
  }
}

function givesOf(compiled: CompiledCell): Gives | null {
  return compiled.ok ? { declares: compiled.declares, imports: compiled.imports } : null;
}

function sameState(a: CellState, b: CellState): boolean {
  return (Object.keys(a) as (keyof CellState)[]).every((key) =>
    key === "needs" || key === "declares" ? sameList(a[key], b[key]) : a[key] === b[key],
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
