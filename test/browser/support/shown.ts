// What the cells of a chapter show, as plain data by which two machines can be compared.
import type { Output, Session } from "../../../src/runtime/index.ts";

export interface ChapterCell {
  id: string;
  source: string;
  run: "demand" | "load";
  live: boolean;
}

export interface Shown {
  cell: string;
  status: string;
  error: string | null;
  outputs: unknown[];
}

export function shownBy(session: Session): Shown[] {
  return session.cells.map(({ id, status, error, outputs }) => ({
    cell: id,
    status,
    error: error?.message ?? null,
    outputs: outputs.filter(({ kind }) => kind !== "progress").map(plain),
  }));
}

/** Every number to its last bit: those that JSON has no word for too. */
function plain(output: Output): unknown {
  const text = JSON.stringify(output, (_key, value: unknown) => {
    if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) return String(value);
    if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<number>);
    return value;
  });
  return JSON.parse(text);
}

export interface Difference {
  cell: string;
  /** Where in what the cell shows. */
  at: string;
  here: unknown;
  there: unknown;
}

/**
 * What two machines show differently. Numbers may differ by `relative` of the largest number in the same list: the last bits of
 * `Math.exp` and its like are the engine's of the browser, where a cell does not take ours.
 */
export function differences(here: readonly Shown[], there: readonly Shown[], relative: number): Difference[] {
  return here.flatMap((shown, index) => {
    const found: Difference[] = [];
    compare(shown, there[index], shown.cell, 0);
    return found;

    function compare(a: unknown, b: unknown, at: string, scale: number): void {
      if (typeof a === "string" && typeof b === "string" && a !== b && isNumeric(a) && isNumeric(b))
        compare(Number(a), Number(b), at, scale);
      else if (typeof a === "number" && typeof b === "number") {
        const size = Math.max(Math.abs(a), Math.abs(b), scale);
        if (!(Math.abs(a - b) <= relative * size)) found.push({ cell: shown.cell, at, here: a, there: b });
      } else if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
        const numbers = a.filter((value) => typeof value === "number").map(Math.abs);
        const largest = numbers.reduce((most, value) => Math.max(most, value), 0);
        a.forEach((value, i) => compare(value, b[i], `${at}[${i}]`, largest));
      } else if (isRecord(a) && isRecord(b)) {
        for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
          compare(a[key], b[key], `${at}.${key}`, 0);
      } else if (a !== b) found.push({ cell: shown.cell, at, here: a, there: b });
    }
  });
}

const isNumeric = (text: string) => text.trim() !== "" && !Number.isNaN(Number(text));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
