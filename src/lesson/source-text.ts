// A source file with its line ends normalised, and the way from an offset in it to a line and a column.
import type { Position, Span } from "./types.ts";

export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: number[] = [0];

  constructor(source: string, file: string) {
    this.file = file;
    this.text = source.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
    for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1))
      this.#lineStarts.push(at + 1);
  }

  position(offset: number): Position {
    const within = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= within) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: within - this.#lineStarts[low]! + 1, offset: within };
  }

  span(start: number, end: number): Span {
    return { file: this.file, start: this.position(start), end: this.position(end) };
  }
}
