// What replays of reference cases share: how the files write numbers, names and tensors, and the comparison. Nothing here
// needs a test runner: a comparison that fails throws an Error.
import { type Dtype, type Tensor, tensor } from "../../../src/engine/index.ts";

export type Precision = "float32" | "float64";

/** A number as the files write it: non-finite ones are strings. */
export type Written = number | "NaN" | "Infinity" | "-Infinity";

export interface WrittenTensor {
  shape: number[];
  data: Written[];
}

/** One comparison with a reference case; `run` throws at the first number that differs. */
export interface Check {
  name: string;
  run: () => void;
}

/** The tensor that a file writes down, in a given type. */
export function build(written: WrittenTensor, dtype: Dtype): Tensor {
  return tensor(written.data.map(Number), { dtype }).reshape(written.shape).clone();
}

/** Throws unless |a − b| ≤ tolerance·(1 + |b|) for all numbers. */
export function compare(
  actual: ArrayLike<number>,
  expected: readonly Written[],
  tolerance: number,
  what: string,
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} numbers, expected ${expected.length}`);
  }
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const b = Number(expected[i]);
    const close = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
    if (!close) {
      throw new Error(`${what}[${i}]: got ${a}, expected ${b} ± ${tolerance}·(1 + |${b}|)`);
    }
  }
}

/** weight_decay → weightDecay, T_max → tMax. */
export function camelCase(name: string): string {
  const joined = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return joined[0]!.toLowerCase() + joined.slice(1);
}

/** Options as the engine spells them: names, and the words among the values ("exp_range" → "expRange"). */
export function engineOptions(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      camelCase(name),
      typeof value === "string" ? camelCase(value) : value,
    ]),
  );
}
