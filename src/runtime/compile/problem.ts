// What can be wrong with a cell before it runs: an error with the place in the code and, where it is known,
// what to write instead.
import type { CellError, CellPlace } from "../output.ts";

/** From `start` up to `end`, counted in UTF-16 units from the start of the source. */
export interface Range {
  start: number;
  end: number;
}

/** Thrown by the passes of the compiler; `compileCell` turns it into a `CellError`. */
export class CompileProblem extends Error {
  readonly range: Range;
  readonly fix: string | null;

  constructor(message: string, range: Range, fix: string | null = null) {
    super(message);
    this.range = { start: range.start, end: range.end };
    this.fix = fix;
  }
}

export function problemToCellError(cell: string, source: string, problem: CompileProblem): CellError {
  return {
    name: "SyntaxError",
    message: problem.message,
    ...(problem.fix === null ? {} : { fix: problem.fix }),
    place: cellPlace(cell, source, problem.range),
    frames: [],
  };
}

export function cellPlace(cell: string, source: string, range: Range): CellPlace {
  const start = lineAndColumn(source, range.start);
  const end = lineAndColumn(source, range.end);
  return { cell, ...start, endLine: end.line, endColumn: end.column };
}

function lineAndColumn(source: string, offset: number): { line: number; column: number } {
  const lines = source.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

interface ParserError {
  pos: number;
  message: string;
  reasonCode: string;
  missingPlugin?: string | string[];
}

function isParserError(error: unknown): error is ParserError {
  return error instanceof SyntaxError && "pos" in error && "reasonCode" in error;
}

/** Says in plain words what the parser found; anything but a parser's error is thrown on. */
export function problemFromParser(source: string, error: unknown): CompileProblem {
  if (!isParserError(error)) throw error;
  const at = error.pos;
  const found = /^(?:[\p{ID_Start}$_][\p{ID_Continue}$]*|[0-9][\w.]*|=>|[^\s])/u.exec(source.slice(at))?.[0];
  const range = { start: at, end: at + Math.max(found?.length ?? 0, 1) };
  const missing = [error.missingPlugin ?? []].flat();
  if (found === "@" || missing.some((plugin) => plugin.startsWith("decorator"))) {
    return new CompileProblem(
      "Decorators are not supported in cells.",
      range,
      "Call the function yourself: instead of `@log class A {}` write `const A = log(class {})`.",
    );
  }
  if (missing.length > 0) {
    return new CompileProblem(
      "This syntax is not supported in cells.",
      range,
      "Write it in standard TypeScript.",
    );
  }
  const plain = error.message.replace(/ \(\d+:\d+\)$/, "");
  const expected = /expected "([^"]+)"/.exec(plain)?.[1];
  const reasonCode = found === "await" ? "AwaitNotInAsyncContext" : error.reasonCode;
  switch (reasonCode) {
    case "UnexpectedToken":
      if (at >= source.trimEnd().length) {
        return new CompileProblem(
          expected
            ? `The code ends too early: a \`${expected}\` is missing.`
            : "The code ends too early: a bracket is still open, or the last line is not finished.",
          range,
        );
      }
      return new CompileProblem(
        expected
          ? `\`${expected}\` is expected here, but there is \`${found}\`.`
          : `\`${found}\` cannot stand here.`,
        range,
      );
    case "MissingSemicolon":
      return new CompileProblem(
        `\`${found}\` cannot follow what stands before it.`,
        range,
        "Is an operator, a comma or a bracket missing? Two statements on one line need a `;` between them.",
      );
    case "IllegalReturn":
      return new CompileProblem(
        "A cell is not a function: `return` has no place here.",
        range,
        "Write the value alone as the cell's last line and it is shown.",
      );
    case "VarRedeclaration": {
      const name = /'([^']+)'/.exec(plain)?.[1] ?? found;
      return new CompileProblem(
        `\`${name}\` is declared twice in this cell.`,
        range,
        "Rename one of the two.",
      );
    }
    case "AwaitNotInAsyncContext":
      return new CompileProblem(
        "`await` stands in a function that is not `async`.",
        range,
        "Write `async` before the function: `async function f() {…}` or `async () => {…}`.",
      );
    case "UnterminatedString":
      return new CompileProblem("This string has no closing quote on its line.", range);
    case "UnterminatedTemplate":
      return new CompileProblem("This template string has no closing `` ` ``.", range);
    case "UnterminatedComment":
      return new CompileProblem("This comment has no closing `*/`.", range);
    case "DeclarationMissingInitializer":
      return new CompileProblem(
        "A `const` needs its value where it is declared.",
        range,
        "Write `const name = value`, or `let name` for a value that comes later.",
      );
    default:
      return new CompileProblem(plain, range);
  }
}
