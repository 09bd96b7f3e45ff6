// Where two values differ first. Recursion follows the expected value, which the author wrote and which is
// finite, so a received value that contains itself cannot make it run for ever.
import { isNumericArray, isRecord } from "../values.ts";
import { describeKind, formatPair, formatValue } from "./format.ts";

export interface Difference {
  /** Such as `[1][0]` or `.theta[2]`; empty at the top. */
  path: string;
  /** What is wrong there, in words. */
  text: string;
}

export interface Comparison {
  first: Difference | null;
  /** How many single entries differ, and how many were compared. */
  different: number;
  compared: number;
}

export type SameNumber = (expected: number, received: number) => boolean;

/** Equal for `toBe` and `toEqual`: NaN equals NaN, and −0 equals 0. */
export function exactNumber(expected: number, received: number): boolean {
  return expected === received || (Number.isNaN(expected) && Number.isNaN(received));
}

export function compare(expected: unknown, received: unknown, same: SameNumber): Comparison {
  const comparison: Comparison = { first: null, different: 0, compared: 0 };
  walk(expected, received, "", same, comparison);
  return comparison;
}

function differ(comparison: Comparison, path: string, text: string): void {
  comparison.different += 1;
  comparison.first ??= { path, text };
}

function walk(expected: unknown, received: unknown, path: string, same: SameNumber, into: Comparison): void {
  if (Array.isArray(expected) || isNumericArray(expected)) {
    walkArray(expected, received, path, same, into);
  } else if (expected instanceof Map && received instanceof Map) {
    walk([...expected], [...received], path, same, into);
  } else if (expected instanceof Set && received instanceof Set) {
    walk([...expected], [...received], path, same, into);
  } else if (isRecord(expected)) {
    walkRecord(expected, received, path, same, into);
  } else {
    into.compared += 1;
    if (!sameLeaf(expected, received, same)) differ(into, path, leafText(expected, received));
  }
}

function sameLeaf(expected: unknown, received: unknown, same: SameNumber): boolean {
  if (typeof expected === "number" && typeof received === "number") return same(expected, received);
  if (expected instanceof Date && received instanceof Date) {
    return exactNumber(expected.getTime(), received.getTime());
  }
  return Object.is(expected, received);
}

function leafText(expected: unknown, received: unknown): string {
  if (typeof expected === "number" && typeof received === "number") {
    const [wanted, got] = formatPair(expected, received);
    return `expected ${wanted}, received ${got}`;
  }
  return `expected ${formatValue(expected)}, received ${formatValue(received)}`;
}

function walkArray(
  expected: ArrayLike<unknown>,
  received: unknown,
  path: string,
  same: SameNumber,
  into: Comparison,
): void {
  if (!Array.isArray(received) && !isNumericArray(received)) {
    into.compared += 1;
    differ(into, path, `expected an array of ${expected.length}, received ${describeKind(received)}`);
    return;
  }
  if (received.length !== expected.length) {
    into.compared += 1;
    differ(into, path, `expected length ${expected.length}, received length ${received.length}`);
    return;
  }
  for (let i = 0; i < expected.length; i++) walk(expected[i], received[i], `${path}[${i}]`, same, into);
}

function walkRecord(
  expected: Record<string, unknown>,
  received: unknown,
  path: string,
  same: SameNumber,
  into: Comparison,
): void {
  if (!isRecord(received)) {
    into.compared += 1;
    differ(into, path, `expected ${formatValue(expected)}, received ${describeKind(received)}`);
    return;
  }
  for (const key of Object.keys(expected)) {
    if (Object.hasOwn(received, key)) walk(expected[key], received[key], `${path}.${key}`, same, into);
    else {
      into.compared += 1;
      differ(into, path, `the property “${key}” is missing`);
    }
  }
  for (const key of Object.keys(received)) {
    if (Object.hasOwn(expected, key)) continue;
    into.compared += 1;
    differ(into, path, `there is a property “${key}” too many`);
  }
}

/** The sentence on where it goes wrong, for a value with parts; `null` when there is only one part. */
export function describeFirstDifference({ first, different, compared }: Comparison): string | null {
  if (first === null) return null;
  if (first.path === "") return first.text;
  const path = first.path.startsWith(".") ? first.path.slice(1) : first.path;
  const count = compared > 1 ? ` (${different} of ${compared} entries differ)` : "";
  return `first difference at ${path}: ${first.text}${count}`;
}
