// A fence: its first word says what it is, `key=value` words and flags after it are its settings, its body is the rest.
import type { Tokens } from "marked";
import { type Problems, suggest } from "./problems.ts";
import type { SourceText } from "./source-text.ts";
import type { Code } from "./types.ts";

export interface Word {
  key: string;
  /** `null` for a flag such as `live`. */
  value: string | null;
  offset: number;
}

export interface Fence {
  /** The first word: `ts`, `exercise`, `quiz`, … */
  language: string;
  words: Word[];
  body: string;
  /** Offsets in the file: of the fence, of its first word, of its body's first character, and of its end. */
  start: number;
  infoStart: number;
  bodyStart: number;
  end: number;
}

const opening = /^( {0,3})(`{3,}|~{3,})[ \t]*([^\n]*)(?:\n|$)/;
const wordPattern = /(?<key>[^\s="]+)(?:=(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s"]*)))?/gy;

/** Takes apart a fenced code token of marked; `start` is its offset in the file. */
export function readFence(token: Tokens.Code, start: number, problems: Problems): Fence | null {
  const match = opening.exec(token.raw);
  if (match === null) {
    problems.at(
      start,
      "Indented code is not a block of a lesson",
      "put it between ```ts static and ```, or remove the four spaces",
    );
    return null;
  }
  const [head, indent = "", ticks = "", info = ""] = match;
  const infoStart =
    start +
    indent.length +
    ticks.length +
    (head.slice(indent.length + ticks.length).length -
      head.slice(indent.length + ticks.length).trimStart().length);
  const bodyStart = start + head.length;
  const closing = new RegExp(`(?:^|\\n) {0,3}\\${ticks[0]}{${ticks.length},}[ \\t]*\\n*$`);
  if (!closing.test(token.raw.slice(head.length - (head.endsWith("\n") ? 1 : 0)))) {
    problems.at(start, "This fence is never closed", `end it with a line ${ticks}`);
    return null;
  }
  const inner = new RegExp(`^ {0,3}\\${ticks[0]}{${ticks.length},}[ \\t]*[^\\s${ticks[0]}]`, "m").exec(
    token.text,
  );
  if (inner !== null) {
    problems.at(
      start,
      `This fence is not closed before the next one begins, at “${lineAt(token.text, inner.index)}”`,
      `end it with a line ${ticks}`,
    );
    return null;
  }
  const words = readWords(info, infoStart, problems);
  const [first, ...settings] = words;
  if (first === undefined) {
    problems.at(
      start,
      "A fence needs a first word that says what it is",
      "write ```ts for a cell, ```ts static for code that is only shown",
    );
    return null;
  }
  return {
    language: first.key,
    words: settings,
    body: token.text,
    start,
    infoStart,
    bodyStart,
    end: start + token.raw.trimEnd().length,
  };
}

function lineAt(text: string, offset: number): string {
  return text.slice(offset).split("\n", 1)[0]!.trim();
}

function readWords(info: string, offset: number, problems: Problems): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < info.length) {
    if (/\s/.test(info[at]!)) {
      at += 1;
      continue;
    }
    wordPattern.lastIndex = at;
    const match = wordPattern.exec(info);
    if (match?.groups?.["key"] === undefined) {
      problems.at(
        offset + at,
        `Cannot read “${info.slice(at).trim()}”`,
        'settings are written key=value or key="some words"',
      );
      break;
    }
    const { key, quoted, plain } = match.groups;
    const value = quoted === undefined ? (plain ?? null) : quoted.replace(/\\(.)/g, "$1");
    words.push({ key: key, value, offset: offset + at });
    at = wordPattern.lastIndex;
  }
  return words;
}

export function codeOf(fence: Fence, text: SourceText): Code {
  return { source: fence.body, span: text.span(fence.bodyStart, fence.bodyStart + fence.body.length) };
}

/** Reads a fence's words one by one; whatever is left over at `done()` is an error. */
export class Settings {
  readonly #fence: Fence;
  readonly #problems: Problems;
  readonly #left: Map<string, Word>;
  readonly #known: string[] = [];

  constructor(fence: Fence, problems: Problems) {
    this.#fence = fence;
    this.#problems = problems;
    this.#left = new Map();
    for (const word of fence.words) {
      if (this.#left.has(word.key))
        problems.at(word.offset, `“${word.key}” is set twice`, "keep one of them");
      this.#left.set(word.key, word);
    }
  }

  flag(key: string): boolean {
    const word = this.#take(key);
    if (word === undefined) return false;
    if (word.value !== null) this.#problems.at(word.offset, `“${key}” takes no value`, `write just ${key}`);
    return true;
  }

  text(key: string): string | null {
    const word = this.#take(key);
    if (word === undefined) return null;
    if (word.value === null || word.value === "") {
      this.#problems.at(word.offset, `“${key}” needs a value`, `write ${key}=…`);
      return null;
    }
    return word.value;
  }

  /** A required text; notes a problem and gives "" where it is missing. */
  required(key: string, example: string): string {
    const missing = !this.#left.has(key);
    const value = this.text(key);
    if (missing) this.#problems.at(this.#fence.infoStart, `“${key}” is missing`, `write ${example}`);
    return value ?? "";
  }

  number(
    key: string,
    {
      otherwise,
      integer = false,
      least = 0,
    }: { otherwise: number | null; integer?: boolean; least?: number },
  ): number {
    const word = this.#left.get(key);
    const text = this.text(key);
    if (text === null) {
      if (word === undefined && otherwise === null)
        this.#problems.at(this.#fence.infoStart, `“${key}” is missing`, `write ${key}=2`);
      return otherwise ?? 0;
    }
    const value = Number(text);
    if (!Number.isFinite(value) || value < least || (integer && !Number.isInteger(value))) {
      this.#problems.at(
        word!.offset,
        `“${key}=${text}” is not ${integer ? "a whole number" : "a number"} from ${least} up`,
        `write ${key}=${Math.max(least, 2)}`,
      );
      return otherwise ?? 0;
    }
    return value;
  }

  oneOf<T extends string>(key: string, values: readonly T[], otherwise: T): T {
    const word = this.#left.get(key);
    const text = this.text(key);
    if (text === null) return otherwise;
    const value = values.find((candidate) => candidate === text);
    if (value === undefined)
      this.#problems.at(word!.offset, `“${key}=${text}” is not known`, suggest(text, values));
    return value ?? otherwise;
  }

  /** Every word that nobody asked for is an error: a misspelt `hidden` must not publish a test. */
  done(): void {
    for (const word of this.#left.values())
      this.#problems.at(
        word.offset,
        `“${word.key}” is not known here`,
        this.#known.length > 0 ? suggest(word.key, this.#known) : "remove it",
      );
  }

  #take(key: string): Word | undefined {
    this.#known.push(key);
    const word = this.#left.get(key);
    this.#left.delete(key);
    return word;
  }
}
