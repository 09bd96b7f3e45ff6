// From a place in the code that runs back to the place the reader typed. Types are blanked in place, so
// lines never move; a column moves only behind text that the compiler inserted, which `insertions` lists.
import type { Program } from "../protocol.ts";

/** A line and a column, both from 1. */
export interface Place {
  line: number;
  column: number;
}

/** What stands before a program's body in the function that runs it. */
export const BODY_PREFIX = '"use strict";\n';

/**
 * The line of a stack trace that holds the first line of a program's body. The engine writes
 * `async function anonymous(names` and `) {` on two lines of their own; the prefix is the third.
 */
export const FIRST_BODY_LINE = 4;

/**
 * Takes a place of a stack trace (V8 and Firefox count the same way) back to the place in the reader's code.
 *
 * @param firstLine the line of the trace that holds the body's first line, where an engine counts otherwise.
 * @returns `null` for a place outside the reader's code.
 */
export function mapPlace(
  program: Pick<Program, "body" | "insertions">,
  place: Place,
  firstLine: number = FIRST_BODY_LINE,
): Place | null {
  const line = place.line - firstLine + 1;
  // The body's last line is never the reader's.
  if (line < 1 || line >= lineCount(program.body)) return null;
  let inserted = 0;
  for (const insertion of program.insertions) {
    if (insertion.line !== line || insertion.column > place.column) continue;
    // A place inside inserted text stands for the character that follows it.
    inserted += Math.min(insertion.length, place.column - insertion.column);
  }
  return { line, column: place.column - inserted };
}

function lineCount(text: string): number {
  return text.split(LINE_END).length;
}

/** What JavaScript counts as the end of a line. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;
