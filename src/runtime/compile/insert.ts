// Puts text into a program and notes where, so that columns can be taken back.
import type { Program } from "../protocol.ts";

export interface Insertion {
  /** Where in the text before any insertion. */
  offset: number;
  /** Holds no line end. */
  text: string;
}

export function insertTexts(
  code: string,
  insertions: readonly Insertion[],
): { text: string; placed: Program["insertions"] } {
  const placed: Program["insertions"] = [];
  let text = "";
  let copied = 0;
  for (const insertion of insertions.toSorted((a, b) => a.offset - b.offset)) {
    text += code.slice(copied, insertion.offset);
    copied = insertion.offset;
    const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
    placed.push({
      line: lines.length,
      column: (lines.at(-1) ?? "").length + 1,
      length: insertion.text.length,
    });
    text += insertion.text;
  }
  return { text: text + code.slice(copied), placed };
}
