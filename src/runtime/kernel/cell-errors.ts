// Whatever a cell throws, as an error the page can show: name, message, fix, and places in the reader's code.
// Thrown things are the reader's: any property may lie or throw.
import type { CellError } from "../output.ts";
import { inspect } from "../inspect/index.ts";
import type { EvaluatedPrograms } from "./stack.ts";

const maxMessage = 5_000;

/** An error that the kernel itself reports, with no place in a cell of its own. */
export function plainError(name: string, message: string, fix?: string): CellError {
  return { name, message, ...(fix === undefined ? {} : { fix }), place: null, frames: [] };
}

/**
 * Never throws, and never gives less than an error.
 *
 * @param exporters modules by the names they export, for the fix of a name that was not imported.
 */
export function cellError(
  thrown: unknown,
  programs: EvaluatedPrograms,
  exporters: ReadonlyMap<string, string> = new Map(),
): CellError {
  try {
    return readError(thrown, programs, exporters);
  } catch {
    return plainError("Error", "The thrown value cannot be read.", throwAnError);
  }
}

function readError(
  thrown: unknown,
  programs: EvaluatedPrograms,
  exporters: ReadonlyMap<string, string>,
): CellError {
  if (!isErrorLike(thrown)) return plainError("Thrown value", describeThrown(thrown), throwAnError);
  const name = text(thrown, "name") || "Error";
  const message = text(thrown, "message") ?? "";
  const frames = programs.frames(text(thrown, "stack") ?? "").slice(0, 30);
  const fix = text(thrown, "fix") ?? knownFix(name, message, exporters);
  const innermost = frames[0];
  return {
    name: name.slice(0, 200),
    message: cut(message),
    ...(fix === null ? {} : { fix: cut(fix) }),
    place: innermost ? { cell: innermost.cell, line: innermost.line, column: innermost.column } : null,
    frames,
  };
}

const throwAnError = 'Throw an error, as in `throw new Error("…")`: it keeps the place it came from.';

function isErrorLike(thrown: unknown): thrown is object {
  if (typeof thrown !== "object" || thrown === null) return false;
  try {
    return thrown instanceof Error || "message" in thrown;
  } catch {
    return true;
  }
}

function describeThrown(thrown: unknown): string {
  const value = inspect(thrown, { depth: 1, width: 10, characters: 500 });
  if (value.kind === "primitive") return value.text;
  return value.kind === "object" ? value.type : value.kind;
}

/** A text property of a thrown thing; `null` when it has none or will not give it. */
function text(thrown: object, key: string): string | null {
  try {
    const value: unknown = Reflect.get(thrown, key);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

function cut(message: string): string {
  return message.length <= maxMessage ? message : `${message.slice(0, maxMessage)}…`;
}

/** What to write instead, for errors of the language that beginners meet. */
function knownFix(name: string, message: string, exporters: ReadonlyMap<string, string>): string | null {
  if (name === "ReferenceError") {
    const missing = /^(?:Can't find variable: )?([\p{L}\w$]+)(?: is not defined)?$/u.exec(message)?.[1];
    const module = missing === undefined ? undefined : exporters.get(missing);
    if (missing !== undefined && module !== undefined) return `import { ${missing} } from "${module}";`;
    if (/before initiali[sz]ation/.test(message)) return "Move its declaration above the line that uses it.";
    return null;
  }
  if (/call stack size exceeded|too much recursion/.test(message)) {
    return "A function calls itself without end: give it a case in which it returns without a further call.";
  }
  return null;
}
