// The messages between a page and a kernel. What comes from a kernel is untrusted: the page checks each
// event against the schema in `protocol-schema.ts` before anything else looks at it.
import type { CellError, InputValue, Output } from "./output.ts";
import type { PartName } from "./parts.ts";

/** A cell ready to run: JavaScript with every line and column where the reader typed it. */
export interface Program {
  cell: string;
  /** Body of a strict async function; it ends by returning the value of its last expression and its names. */
  body: string;
  /** Names the cell declares, for the cells below. */
  declares: string[];
  /** Names it reads from cells above, each with the cell that declares it. */
  inputs: { name: string; cell: string }[];
  /**
   * `import` statements, turned into injected names; `imported: "*"` is a namespace. `members` are those that the program
   * reads of it, where it uses it in no other way: a part of a namespace may then do.
   */
  imports: { local: string; imported: string; from: string; members?: string[] }[];
  /** Names in scope without an import (a test's `student`, `expect`, `seed`), made by that module's `ambient(options)`. */
  ambient: { module: string; names: string[] } | null;
  /** Text inserted into lines, to be taken back when an error names a column. */
  insertions: { line: number; column: number; length: number }[];
}

export type KernelRequest =
  | {
      type: "run";
      run: number;
      program: Program;
      /** Values of the inputs (sliders, selects, points) the cell showed earlier, by key. */
      inputValues: Record<string, InputValue>;
      /** Data files the cell imports, by specifier, already parsed. */
      data: Record<string, unknown>;
      /** What the ambient module is given, such as the seed of a test. */
      ambientOptions: unknown;
      /** Runs for its names only; nothing is shown. */
      quiet: boolean;
    }
  /** A part of the engine that a later program imports, as the build wrote it. The first of a name is the one that counts. */
  | { type: "part"; name: PartName; text: string }
  /** Asks the running cell to stop at its next `await`, `progress` or engine step. */
  | { type: "stop"; run: number }
  | { type: "forget"; cells: string[] }
  /** Calls a function (or constructs and calls a method) that a cell declared; arguments are cloned. */
  | { type: "call"; call: number; cell: string; target: CallTarget; args: unknown[] }
  /** Answer to a `host-call` event. */
  | { type: "host-result"; call: number; ok: true; value: unknown; object?: number }
  | { type: "host-result"; call: number; ok: false; error: CellError }
  | { type: "ping"; ping: number };

/** What to call: a declared name, or a method of an object that an earlier call returned by reference. */
export type CallTarget = { name: string; construct?: boolean } | { object: number; method: string };

export type RunStatus = "ok" | "error" | "stopped";

export type KernelEvent =
  | { type: "ready"; bootMs: number }
  | { type: "started"; run: number }
  | { type: "outputs"; run: number; outputs: Output[] }
  | { type: "finished"; run: number; status: RunStatus; error: CellError | null; durationMs: number }
  | { type: "result"; call: number; ok: true; value: unknown; object?: number }
  | { type: "result"; call: number; ok: false; error: CellError }
  /** A test realm asks the page to call the student's code. */
  | { type: "host-call"; call: number; target: CallTarget; args: unknown[] }
  | { type: "pong"; ping: number };
