// One run of one cell: what it was started with, the outputs as they come, and what it leaves behind. What the reader
// edits meanwhile does not touch it.
import type { RunResult } from "../kernel.ts";
import type { InputValue, Output } from "../output.ts";
import type { CellRecord } from "./cell-record.ts";
import { cellSignature, type DocumentCell, type Links } from "./document.ts";
import { lostKernelError } from "./errors.ts";
import { mergeOutputs } from "./outputs.ts";

export class Attempt {
  readonly inputValues: Readonly<Record<string, InputValue>>;
  readonly #record: CellRecord;
  readonly #quiet: boolean;
  readonly #cell: Omit<DocumentCell, "inputs">;
  readonly #links: Links;
  readonly #needs: ReadonlyMap<string, string | null>;
  /** `null` until the first arrives: what was shown before stays so long, so that nothing flickers. */
  #outputs: Output[] | null = null;

  /** @param heldSignature what the names that the kernel holds of a cell were made from. */
  constructor(
    record: CellRecord,
    quiet: boolean,
    links: Links,
    heldSignature: (id: string) => string | null,
  ) {
    this.#record = record;
    this.#quiet = quiet;
    this.#links = links;
    this.inputValues = record.inputValues;
    const { id, source, standalone, compiled, gives } = record;
    this.#cell = { id, source, standalone, compiled, gives };
    this.#needs = new Map(links.needs.map((need) => [need, heldSignature(need)]));
    record.attempt = this;
  }

  /**
   * Takes outputs of the run and says whether they are shown. Some may come after its end, from a timer say; they are
   * shown until the cell runs again.
   */
  take(outputs: readonly Output[]): boolean {
    if (this.#record.attempt !== this || this.#quiet) return false;
    this.#outputs = mergeOutputs(this.#outputs ?? [], outputs);
    this.#record.outputs = this.#outputs;
    return true;
  }

  /**
   * Writes down how the run ended.
   *
   * @param generation of the kernel, after the run.
   * @param count the number of this run in the document.
   */
  finish(result: RunResult, generation: number, count: number): boolean {
    const record = this.#record;
    const { status, durationMs } = result;
    const error = status === "error" ? (result.error ?? lostKernelError()) : null;
    const isShown = !this.#quiet || status === "error";
    if (isShown) {
      record.outputs = this.#outputs ?? [];
      record.noteInputs(this.#cell.compiled);
      record.executionCount = count;
    }
    const inputs = { ...record.seenInputs(this.#cell.compiled), ...this.inputValues };
    const signature = cellSignature(
      { ...this.#cell, inputs },
      this.#links,
      (id) => this.#needs.get(id) ?? null,
    );
    const isHeld = status === "ok" && !result.kernelLost;
    record.names = isHeld ? { signature, generation } : null;
    if (isShown) {
      record.shown = { status, signature: status === "stopped" ? null : signature, error, durationMs };
    }
    return isHeld;
  }
}
