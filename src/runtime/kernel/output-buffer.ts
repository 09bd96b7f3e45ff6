// What a run shows, on its way to the page: sent in batches, keyed outputs replaced before they are sent, and
// capped, so that a flood of logs costs the page nothing. What the caps refuse is counted.
import type { Inspection, Output } from "../output.ts";

export const outputLimits = {
  /** Logged lines, tables, values and the like of one run. */
  lines: 5_000,
  /** Characters of their texts. */
  characters: 200_000,
  /** Plots, surfaces and inputs of one run that do not replace an earlier one. */
  pictures: 200,
  /** Milliseconds between two batches. */
  interval: 50,
};

export class OutputBuffer {
  readonly #send: (outputs: Output[]) => void;
  readonly #now: () => number;
  #waiting: Output[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastSent: number;
  #lines = 0;
  #characters = 0;
  #pictures = 0;
  readonly #keys = new Set<string>();
  #dropped = 0;
  #droppedSent = 0;

  constructor(send: (outputs: Output[]) => void, now: () => number) {
    this.#send = send;
    this.#now = now;
    this.#lastSent = now();
  }

  /** Whether another log would be refused: its arguments then need not be looked at. */
  get full(): boolean {
    return this.#lines >= outputLimits.lines || this.#characters >= outputLimits.characters;
  }

  /** Counts an output that was refused. */
  drop(): void {
    this.#dropped += 1;
    this.#schedule();
  }

  push(output: Output): void {
    if (!this.#admit(output)) return this.drop();
    if (output.key !== undefined) {
      const at = this.#waiting.findIndex((other) => other.key === output.key);
      if (at >= 0) this.#waiting.splice(at, 1);
    }
    this.#waiting.push(output);
    this.#schedule();
  }

  /** Sends all that waits. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#lastSent = this.#now();
    const outputs = this.#waiting;
    this.#waiting = [];
    if (this.#dropped > this.#droppedSent) {
      this.#droppedSent = this.#dropped;
      outputs.push({ kind: "dropped", count: this.#dropped, key: "dropped" });
    }
    if (outputs.length > 0) this.#send(outputs);
  }

  #admit(output: Output): boolean {
    switch (output.kind) {
      case "plot":
      case "surface":
      case "input":
      case "progress":
      case "outcome":
        return this.#admitPicture(output.key);
      case "dropped":
        return true;
      default: {
        if (this.full) return false;
        const size = sizeOf(output);
        this.#lines += size.lines;
        this.#characters += size.characters;
        return true;
      }
    }
  }

  #admitPicture(key: string | undefined): boolean {
    if (key !== undefined && this.#keys.has(key)) return true;
    if (this.#pictures >= outputLimits.pictures) return false;
    this.#pictures += 1;
    if (key !== undefined) this.#keys.add(key);
    return true;
  }

  #schedule(): void {
    // A loop that never yields sends its batches from here, since no timer fires in it.
    if (this.#now() - this.#lastSent >= outputLimits.interval) return this.flush();
    this.#timer ??= setTimeout(() => this.flush(), outputLimits.interval);
  }
}

/** Lines and characters of an output's texts, as the page would show them. */
function sizeOf(output: Output): { lines: number; characters: number } {
  switch (output.kind) {
    case "log": {
      let lines = 1;
      let characters = 0;
      for (const part of output.parts) {
        characters += charactersOf(part);
        if (part.kind === "primitive") lines += countBreaks(part.text);
      }
      return { lines, characters };
    }
    case "value":
      return { lines: 1, characters: charactersOf(output.value) };
    case "table": {
      let characters = output.columns.join("").length + (output.title?.length ?? 0);
      for (const row of output.rows) for (const cell of row) characters += charactersOf(cell);
      return { lines: output.rows.length + 1, characters };
    }
    case "formula":
      return { lines: 1, characters: output.tex.length };
    case "markdown":
      return { lines: 1 + countBreaks(output.text), characters: output.text.length };
    default:
      return { lines: 1, characters: 0 };
  }
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** A rough size: its texts, and some for each node. */
function charactersOf(value: Inspection): number {
  const node = 8;
  switch (value.kind) {
    case "primitive":
    case "cut":
      return node + value.text.length;
    case "function":
      return node + value.name.length;
    case "error":
      return node + value.name.length + value.message.length;
    case "tensor":
      return 400;
    case "array":
    case "set":
      return value.items.reduce((sum, item) => sum + charactersOf(item), node);
    case "object":
      return value.entries.reduce((sum, entry) => sum + entry.key.length + charactersOf(entry.value), node);
    case "map":
      return value.entries.reduce(
        (sum, entry) => sum + charactersOf(entry.key) + charactersOf(entry.value),
        node,
      );
  }
}
