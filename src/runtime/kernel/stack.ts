// Stack traces, as V8 (in browsers, Node and Deno) and Firefox (and WebKit) write them, read back into places in the reader's cells.
import type { CellPlace } from "../output.ts";
import type { Program } from "../protocol.ts";
import { FIRST_BODY_LINE, mapPlace } from "../compile/place.ts";

export type StackFrame = CellPlace & { functionName: string | null };

/** The programs a kernel has evaluated, by the address that stands in their stack frames. */
export class EvaluatedPrograms {
  readonly #prefix: string;
  readonly #programs = new Map<string, Program>();
  #count = 0;

  /** @param kernel tells the kernels of one process apart. */
  constructor(kernel: number) {
    this.#prefix = `descent-cell://k${kernel}`;
  }

  /** A new address for `//# sourceURL`. */
  add(program: Program): string {
    this.#count += 1;
    const address = `${this.#prefix}/${encode(program.cell)}/${this.#count}`;
    this.#programs.set(address, program);
    if (this.#programs.size > 2_000) {
      const oldest = this.#programs.keys().next().value;
      if (oldest !== undefined) this.#programs.delete(oldest);
    }
    return address;
  }

  /** The frames of a stack trace that lie in cells, innermost first. */
  frames(stack: string): StackFrame[] {
    const frames: StackFrame[] = [];
    for (const line of stack.slice(0, 50_000).split("\n")) {
      const match = /(descent-cell:\/\/k\d+\/[^\s/]+\/\d+)(?:, <anonymous>)?:(\d+):(\d+)/.exec(line);
      if (!match) continue;
      const program = this.#programs.get(match[1]!);
      if (!program) continue;
      const place = mapPlace(program, { line: Number(match[2]), column: Number(match[3]) }, firstBodyLine());
      if (place) frames.push({ cell: program.cell, ...place, functionName: functionName(line) });
    }
    return frames;
  }
}

function encode(cell: string): string {
  return encodeURIComponent(cell).replace(/[()'!*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** `at async step (address)` in V8, `async*step@address` in Firefox. */
function functionName(line: string): string | null {
  const v8 = /^\s*at (?:async )?(?:new )?(.*?) \(/.exec(line);
  const name = v8 ? v8[1]! : (/^(?:[a-zA-Z]*\*)?(.*?)@/.exec(line)?.[1] ?? "");
  const plain = name.replace(/ \[as .*\]$/, "").replace(/^(?:Object|Function|Module)\./, "");
  return plain === "" || plain === "eval" || plain === "anonymous" || plain.includes("/") ? null : plain;
}

export const AsyncFunction = Object.getPrototypeOf(async function probe() {}).constructor as new (
  ...parametersAndBody: string[]
) => (...values: unknown[]) => Promise<unknown>;

let measuredFirstLine: number | null = null;

/** Where this engine counts a function body's first line: asked of the engine, since not all agree. */
function firstBodyLine(): number {
  if (measuredFirstLine !== null) return measuredFirstLine;
  let stack = "";
  const SyncFunction = Object.getPrototypeOf(function probe() {}).constructor as FunctionConstructor;
  try {
    SyncFunction(`"use strict";\nthrow new Error();\n//# sourceURL=descent-probe://line`)();
  } catch (error) {
    stack = error instanceof Error ? (error.stack ?? "") : "";
  }
  const line = /descent-probe:\/\/line(?:, <anonymous>)?:(\d+)/.exec(stack)?.[1];
  measuredFirstLine = line === undefined ? FIRST_BODY_LINE : Number(line);
  return measuredFirstLine;
}
