// Calls like those that the tests make, with one number or one list changed: they tell mutants that nobody could notice from
// those that the tests overlook.
import type { ProbeCall } from "../types.ts";
import { sameNumber } from "../values.ts";

/** Calls varied, and variations kept. */
const CALLS = 40;
const MOST = 400;

/** @param constants numbers of the solution: where it turns from one case to another, the tests may never have been */
export function variationsOf(calls: readonly ProbeCall[], constants: readonly number[]): ProbeCall[] {
  const varied = new Map<string, ProbeCall>();
  const known = new Set(calls.map((call) => JSON.stringify(call)));
  const functions = calls.filter((call) => call.construct !== true && call.object === undefined);
  // Spread over all calls, so that each test's are among them.
  const step = Math.max(1, Math.floor(functions.length / CALLS));
  for (let index = 0; index < functions.length && varied.size < MOST; index += step) {
    const call = functions[index]!;
    for (const [at, argument] of call.args.entries())
      for (const changedArgument of changed(argument, constants)) {
        const other = { ...call, args: call.args.with(at, changedArgument) };
        const key = JSON.stringify(other);
        if (!known.has(key) && varied.size < MOST) varied.set(key, other);
      }
  }
  return [...varied.values()];
}

/** Copies of a coded value with one change each: a number that is 0, 1, negative, larger or smaller, a list with an entry less or more. */
function* changed(value: unknown, constants: readonly number[]): Generator {
  if (typeof value === "number") {
    const others = new Set([0, 1, -value, value + 1, value - 1, value / 2, ...constants]);
    yield* [...others].filter((other) => other !== value);
  } else if (typeof value === "boolean") {
    yield !value;
  } else if (Array.isArray(value)) {
    const list = value as unknown[];
    if (isSymmetric(list)) {
      yield* changedSymmetrically(list);
      return;
    }
    // Limits and counts come alone; a constant among the entries of a list says nothing.
    for (const [index, item] of list.entries())
      for (const other of changed(item, [])) yield list.with(index, other);
    if (list.length > 0 && list.every((item) => typeof item === "number")) {
      yield list.slice(0, -1);
      yield [...list, list[0]];
      yield list.toReversed();
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value))
      for (const other of changed(item, constants)) yield { ...value, [key]: other };
  }
}

function isSymmetric(rows: unknown[]): rows is number[][] {
  return (
    rows.length > 1 &&
    rows.every((row) => Array.isArray(row) && row.length === rows.length) &&
    (rows as unknown[][]).every((row, i) =>
      row.every((entry, j) => {
        const mirrored = (rows as unknown[][])[j]![i];
        return typeof entry === "number" && typeof mirrored === "number" && sameNumber(entry, mirrored);
      }),
    )
  );
}

/** A symmetric matrix stays one: what is written for Hessians need not make sense of anything else. */
function* changedSymmetrically(rows: number[][]): Generator<number[][]> {
  for (let i = 0; i < rows.length; i++)
    for (let j = i; j < rows.length; j++)
      for (const other of changed(rows[i]![j], []))
        yield rows.map((row, k) =>
          row.map((entry, l) => ((k === i && l === j) || (k === j && l === i) ? (other as number) : entry)),
        );
}
