// Errors that the document finds, where the code itself is in order.
import type { CellError, CellPlace } from "../output.ts";

/** A cell could not run because one it needs failed. Its frame leads to where that one failed. */
export function blockedError(failed: string, cause: CellError | null): CellError {
  const place: CellPlace = cause?.place ?? { cell: failed, line: 1, column: 1 };
  return {
    name: "NeedsError",
    message: `Cell ${failed}, which this cell needs, failed${cause ? `: ${cause.message}` : "."}`,
    fix: `Mend cell ${place.cell}, then run this cell again.`,
    place: null,
    frames: [{ ...place, functionName: null }],
  };
}

export function declaredBelowError(name: string, below: string, place: CellPlace | null): CellError {
  return {
    name: "ReferenceError",
    message: `\`${name}\` is declared below, in cell ${below}.`,
    fix: `Move cell ${below} up, or declare \`${name}\` in a cell above this one.`,
    place,
    frames: [],
  };
}

export function dataError(specifier: string, place: CellPlace | null, reason: unknown): CellError {
  return {
    name: "DataError",
    message: `The data file "${specifier}" could not be loaded: ${messageOf(reason)}`,
    fix: "Check its name and that it lies beside the lesson.",
    place,
    frames: [],
  };
}

export function kernelError(reason: unknown): CellError {
  return {
    name: "KernelError",
    message: `The place where cells run could not do its work: ${messageOf(reason)}`,
    fix: "Run the cell again; if that does not help, reload the page.",
    place: null,
    frames: [],
  };
}

/** For a kernel that ended without a word. */
export function lostKernelError(): CellError {
  return {
    name: "KernelError",
    message:
      "The place where cells run was lost while this cell ran, most likely because it ran out of memory.",
    fix: "Use smaller data or fewer steps; what other cells need is run again by itself.",
    place: null,
    frames: [],
  };
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
