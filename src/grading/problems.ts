// Findings about a lesson, with the place of what they are about.
import type { LessonProblem, Span } from "../lesson/index.ts";
import type { CellError } from "../runtime/index.ts";

export function problemAt(span: Span, message: string, fix?: string): LessonProblem {
  const { file, start } = span;
  return { file, line: start.line, column: start.column, message, ...(fix === undefined ? {} : { fix }) };
}

/** A problem at the place in a fence's code that an error names; at the code's start when it names none. */
export function problemInCode(span: Span, error: CellError, message: string, fix?: string): LessonProblem {
  const problem = problemAt(span, message, fix ?? error.fix);
  const { place } = error;
  if (place === null) return problem;
  const line = Math.min(span.start.line + place.line - 1, span.end.line);
  // Code of a fence starts in the column where the fence does.
  return { ...problem, line, column: span.start.column + place.column - 1 };
}
