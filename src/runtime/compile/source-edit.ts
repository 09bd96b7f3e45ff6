// Edits of a source text that keep every character where it is: ranges become spaces, single characters are
// written over spaces. Line ends are never touched.

export class SourceEdit {
  readonly #original: string;
  readonly #units: string[];

  constructor(source: string) {
    this.#original = source;
    this.#units = source.split("");
  }

  /** Turns a range into spaces; its line ends stay. */
  blank(start: number, end: number): void {
    for (let index = start; index < end; index += 1) {
      if (!/[\n\r\u2028\u2029]/.test(this.#original.charAt(index))) this.#units[index] = " ";
    }
  }

  /** Writes one character over a blanked one. */
  put(index: number, character: string): void {
    this.#units[index] = character;
  }

  isBlank(index: number): boolean {
    return this.#units[index] === " ";
  }

  /** Whether a range of the original goes over more than one line. */
  hasLineEnd(start: number, end: number): boolean {
    return /[\n\r\u2028\u2029]/.test(this.#original.slice(start, end));
  }

  toString(): string {
    return this.#units.join("");
  }
}
