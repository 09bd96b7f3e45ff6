// What a kernel is given after its start: parts of the engine, as text from the page. The port that brings them lives in
// closures, so no cell can send one; a part is evaluated between cells, once, and never replaced.
import { isPartName, partLimit, type PartName } from "../parts.ts";

/** How a kernel comes by its parts. */
export interface PartLoader {
  /** Those that this kernel takes: where a student's code runs it takes no tests. */
  names: readonly PartName[];
  /** Evaluates the text of a part on the engine that is here. Throws when it was built for another one. */
  evaluate: (name: PartName, text: string) => Record<string, unknown>;
}

export class Parts {
  readonly #loader: PartLoader | null;
  readonly #loaded = new Map<PartName, Record<string, unknown>>();
  readonly #refused = new Set<PartName>();

  constructor(loader: PartLoader | null) {
    this.#loader = loader;
  }

  /** Takes a part; whether there is a new one. Never throws: a program that imports it hears of a failure. */
  add(name: unknown, text: unknown): boolean {
    if (!this.#loader || !isPartName(name) || !this.#loader.names.includes(name) || this.#loaded.has(name)) {
      return false;
    }
    try {
      if (typeof text !== "string" || text.length > partLimit) throw new TypeError("This is no part.");
      this.#loaded.set(name, Object.freeze(this.#loader.evaluate(name, text)));
      return true;
    } catch {
      this.#refused.add(name);
      return false;
    }
  }

  /** Whether nothing of it is missing; a kernel without a loader has everything from the start. */
  has(name: PartName): boolean {
    return this.#loader === null || !this.#loader.names.includes(name) || this.#loaded.has(name);
  }

  get(name: PartName): Record<string, unknown> | undefined {
    return this.#loaded.get(name);
  }

  /** Whether the part came and could not be used. */
  isRefused(name: PartName): boolean {
    return this.#refused.has(name);
  }
}
