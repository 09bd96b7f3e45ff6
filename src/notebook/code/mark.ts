// The place of an error in code: which characters it covers, and the same stretch marked in highlighted HTML.
import type { CellPlace } from "../../runtime/index.ts";

/** Characters `from` up to `to`, counted from 0. */
export interface TextRange {
  from: number;
  to: number;
}

/**
 * The characters an error points at. A place without an end covers the word that begins there, or one character;
 * a place at the end of a line covers the character before it, so that there is always something to see.
 *
 * @returns `null` when the code has no such place (any more).
 */
export function errorRange(source: string, place: CellPlace): TextRange | null {
  const start = offsetOf(source, place.line, place.column);
  if (start === null) return null;
  if (place.endLine !== undefined && place.endColumn !== undefined) {
    const end = offsetOf(source, place.endLine, place.endColumn);
    if (end !== null && end > start) return { from: start, to: end };
  }
  const word = /^[\p{L}\p{N}_$]+/u.exec(source.slice(start))?.[0].length ?? 0;
  if (word > 0) return { from: start, to: start + word };
  if (start < source.length && source[start] !== "\n") return { from: start, to: start + 1 };
  if (start > 0 && source[start - 1] !== "\n") return { from: start - 1, to: start };
  return null;
}

function offsetOf(source: string, line: number, column: number): number | null {
  let start = 0;
  for (let current = 1; current < line; current += 1) {
    const end = source.indexOf("\n", start);
    if (end < 0) return null;
    start = end + 1;
  }
  const end = source.indexOf("\n", start);
  const length = (end < 0 ? source.length : end) - start;
  return column < 1 || column > length + 1 ? null : start + column - 1;
}

/**
 * Wraps a stretch of the text of highlighted HTML in `<mark class="code-error">`, one for each piece of text
 * between tags, so that the elements stay properly nested.
 */
export function markRange(html: string, range: TextRange): string {
  const pieces = html.match(/<[^>]*>|&[a-z#0-9]+;|[^<&]+/gi) ?? [];
  let offset = 0;
  let open = false;
  let result = "";
  const setOpen = (wanted: boolean): void => {
    if (wanted === open) return;
    result += wanted ? '<mark class="code-error">' : "</mark>";
    open = wanted;
  };
  for (const piece of pieces) {
    if (piece.startsWith("<")) {
      setOpen(false);
      result += piece;
      continue;
    }
    // A character reference such as `&lt;` is one character of the text.
    const units = piece.startsWith("&") ? [piece] : splitAt(piece, range.from - offset, range.to - offset);
    for (const unit of units) {
      setOpen(offset >= range.from && offset < range.to && unit !== "\n");
      result += unit;
      offset += unit.startsWith("&") ? 1 : unit.length;
    }
  }
  setOpen(false);
  return result;
}

function splitAt(text: string, from: number, to: number): string[] {
  const cuts = [0, from, to, text.length].map((cut) => Math.min(Math.max(cut, 0), text.length));
  const units: string[] = [];
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const unit = text.slice(cuts[i], cuts[i + 1]);
    if (unit !== "") units.push(unit);
  }
  return units;
}
