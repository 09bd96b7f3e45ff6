// Collects what is wrong in a lesson. The reader never stops at the first mistake: an author sees them all at once.
import { distance } from "fastest-levenshtein";
import type { SourceText } from "./source-text.ts";
import type { LessonProblem } from "./types.ts";

/** One line for a terminal or an editor: `file:line:column: what is wrong — what to write instead`. */
export function formatProblem({ file, line, column, message, fix }: LessonProblem): string {
  return `${file}:${line}:${column}: ${message}${fix === undefined ? "" : ` — ${fix}`}`;
}

export class Problems {
  readonly list: LessonProblem[] = [];
  readonly #text: SourceText;

  constructor(text: SourceText) {
    this.#text = text;
  }

  /** Notes a problem at an offset of the source. */
  at(offset: number, message: string, fix?: string): void {
    const { line, column } = this.#text.position(offset);
    this.list.push({ file: this.#text.file, line, column, message, ...(fix === undefined ? {} : { fix }) });
  }

  /** Problems in the order of the source, each once. */
  sorted(): LessonProblem[] {
    const seen = new Set<string>();
    return this.list
      .filter((problem) => {
        const text = formatProblem(problem);
        return seen.has(text) ? false : seen.add(text);
      })
      .sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

/** `did you mean "hidden"?`, or the list of what is known where nothing comes close. */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  if (nearest !== undefined && nearest.edits <= Math.max(1, Math.floor(nearest.candidate.length / 2)))
    return `did you mean “${nearest.candidate}”?`;
  return `write one of: ${known.join(", ")}`;
}
