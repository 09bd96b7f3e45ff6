// What a document of cells is made of, as the page sees it.
import type { KernelHost } from "../kernel.ts";
import type { CellError, InputValue, Output } from "../output.ts";

export interface CellDefinition {
  /** Unique in the document. */
  id: string;
  source: string;
  /** Run when the page opens, or only on demand. */
  run: "demand" | "load";
  /** Re-run when an input above it changes. */
  live: boolean;
  /** Sees no names of other cells and gives none, such as the answer of an exercise. */
  standalone?: boolean;
}

export type CellStatus = "idle" | "queued" | "running" | "ok" | "error" | "stopped";

/** A cell at one moment. Snapshots never change: what changes is a new object. */
export interface CellState {
  readonly id: string;
  readonly source: string;
  readonly status: CellStatus;
  /** What is shown is not what the present code and inputs would give. */
  readonly stale: boolean;
  readonly outputs: readonly Output[];
  /** Values the reader has set, by key. */
  readonly inputValues: Readonly<Record<string, InputValue>>;
  readonly error: CellError | null;
  readonly durationMs: number | null;
  /** Counts the runs of the whole document; `null` for a cell that never ran. */
  readonly executionCount: number | null;
  readonly declares: readonly string[];
  /** The cells whose names it reads, in document order. */
  readonly needs: readonly string[];
}

export type KernelStatus = "off" | "starting" | "ready" | "busy" | "stopping";

export type SessionChange = { cell: string } | { kernel: KernelStatus } | { cells: true };

export interface SessionOptions {
  cells: readonly CellDefinition[];
  host: KernelHost;
  /** Gives the parsed content of a data file that a cell imports; without it such an import is an error. */
  loadData?: (specifier: string) => Promise<unknown>;
  /** Values kept from an earlier visit: by cell, then by key. */
  inputValues?: Readonly<Record<string, Readonly<Record<string, InputValue>>>>;
  /** Modules a cell may import; `descent` and `descent/lesson` when left out. */
  modules?: readonly string[];
}
