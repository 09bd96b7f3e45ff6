// Finding punctuation and keywords that the syntax tree leaves out, by their place among the tokens.

export interface Token {
  start: number;
  end: number;
  text: string;
  /** A name or a keyword, as against punctuation and literals. */
  isWord: boolean;
}

export class Tokens {
  readonly #tokens: readonly Token[];

  /** @param raw the parser's tokens, comments among them, in order. */
  constructor(source: string, raw: readonly unknown[]) {
    const tokens: Token[] = [];
    for (const item of raw) {
      const { type, start, end } = item as { type: unknown; start: number; end: number };
      // Comments carry a name as their type where tokens carry an object.
      if (typeof type === "string") continue;
      const text = source.slice(start, end);
      tokens.push({ start, end, text, isWord: /^[\p{ID_Start}$_\\]/u.test(text) });
    }
    this.#tokens = tokens;
  }

  /** The first token that starts at or after `offset`. */
  from(offset: number): Token {
    return this.#at(this.#firstFrom(offset));
  }

  /** The last token that starts before `offset`. */
  before(offset: number): Token {
    return this.#at(this.#firstFrom(offset) - 1);
  }

  /** The tokens that start in [start, end). */
  *within(start: number, end: number): Generator<Token> {
    for (let index = this.#firstFrom(start); index < this.#tokens.length; index += 1) {
      const token = this.#at(index);
      if (token.start >= end) return;
      yield token;
    }
  }

  /**
   * The tokens without what stands between them, but for line ends, which can matter: equal for two sources that
   * differ in comments, types and layout only.
   */
  joined(source: string): string {
    let text = "";
    let last = 0;
    for (const token of this.#tokens) {
      text += /[\n\r\u2028\u2029]/.test(source.slice(last, token.start)) ? "\n" : " ";
      text += token.text;
      last = token.end;
    }
    return text.trim();
  }

  #at(index: number): Token {
    const token = this.#tokens[index];
    if (!token) throw new Error("The syntax tree and the tokens do not fit together.");
    return token;
  }

  #firstFrom(offset: number): number {
    let low = 0;
    let high = this.#tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at(middle).start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
