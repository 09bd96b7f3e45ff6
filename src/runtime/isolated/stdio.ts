// Standard input and output as lines, captured before any cell runs.
import type { Base64 } from "./codec.ts";

export interface Stdio {
  /** The next line without its end; `null` at the end of the input. */
  readLine: () => Promise<string | null>;
  /** Returns when all is written. */
  write: (text: string) => void;
  exit: () => void;
  base64: Base64;
}

/** What is used of Deno, which is no part of the language's types. */
interface DenoFace {
  stdin: { read: (target: Uint8Array) => Promise<number | null> };
  stdout: { writeSync: (bytes: Uint8Array) => number };
  exit: (code: number) => never;
}

/** What newer engines have, and the types do not. */
interface Base64Array extends Uint8Array {
  toBase64: () => string;
}

const READ_SIZE = 256 * 1024;
const LINE_END = 10;

export function captureStdio(): Stdio {
  const deno = (globalThis as unknown as { Deno: DenoFace }).Deno;
  const { apply } = Reflect;
  const { stdin, stdout } = deno;
  const { read } = stdin;
  const { writeSync } = stdout;
  const { exit } = deno;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  // oxlint-disable-next-line typescript/unbound-method -- called with its own object below
  const { encode } = encoder;
  // oxlint-disable-next-line typescript/unbound-method
  const { decode } = decoder;
  const toBase64 = Reflect.get(Uint8Array.prototype, "toBase64") as Base64Array["toBase64"];
  const fromBase64 = Reflect.get(Uint8Array, "fromBase64") as (text: string) => Uint8Array;

  const buffer = new Uint8Array(READ_SIZE);
  /** Bytes of a line that has not ended yet. */
  let parts: Uint8Array[] = [];
  let filled = 0;
  let position = 0;

  const takeLine = (): string => {
    const whole = join(parts);
    parts = [];
    return apply(decode, decoder, [whole]);
  };

  return {
    readLine: async () => {
      for (;;) {
        const end = buffer.subarray(0, filled).indexOf(LINE_END, position);
        parts.push(buffer.slice(position, end < 0 ? filled : end));
        position = end < 0 ? filled : end + 1;
        if (end >= 0) return takeLine();
        const count = await apply(read, stdin, [buffer]);
        if (count === null) return null;
        filled = count;
        position = 0;
      }
    },
    write: (text) => {
      let rest = apply(encode, encoder, [text]) as Uint8Array;
      while (rest.length > 0) rest = rest.subarray(apply(writeSync, stdout, [rest]));
    },
    exit: () => {
      apply(exit, deno, [0]);
    },
    base64: {
      encode: (bytes) => apply(toBase64, bytes, []),
      decode: (text) => apply(fromBase64, Uint8Array, [text]),
    },
  };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  let length = 0;
  for (let index = 0; index < parts.length; index += 1) length += parts[index]!.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (let index = 0; index < parts.length; index += 1) {
    whole.set(parts[index]!, at);
    at += parts[index]!.length;
  }
  return whole;
}
