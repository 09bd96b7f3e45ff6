// Highlighted code of the page, by source. The build's HTML is taken from the page; anything else is shown plainly
// until the grammar has arrived, which is asked for only then.
import { signal, type Signal } from "@preact/signals";
import { plainCode } from "./plain.ts";

export type Highlighter = (source: string, language: string) => string;

export class Highlights {
  readonly #known = new Map<string, string>();
  readonly #arrivals: Signal<number> = signal(0);
  readonly #load: () => Promise<Highlighter>;
  #highlighter: Highlighter | null;
  #loading = false;

  /** @param highlighter given at build time, where nothing has to wait. */
  constructor(highlighter: Highlighter | null, load: () => Promise<Highlighter>) {
    this.#highlighter = highlighter;
    this.#load = load;
  }

  /** Takes HTML that the build made for this source. */
  learn(source: string, html: string): void {
    this.#known.set(source, html);
  }

  /** TypeScript as HTML; a component that calls this is drawn again when the colours arrive. */
  html(source: string): string {
    const known = this.#known.get(source);
    if (known !== undefined) return known;
    if (this.#highlighter !== null) {
      const html = this.#highlighter(source, "ts");
      this.#known.set(source, html);
      return html;
    }
    void this.#arrivals.value;
    void this.#fetch();
    return plainCode(source);
  }

  async #fetch(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      this.#highlighter = await this.#load();
      this.#arrivals.value += 1;
    } catch {
      // Offline: the code stays readable without colours, and the next one to be shown asks again.
      this.#loading = false;
    }
  }
}
