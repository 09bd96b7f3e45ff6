// Rows of anything (objects, arrays, numbers, a matrix) as a table of inspected cells.
import type { Inspection } from "../output.ts";
import { inspect, isTensor } from "./index.ts";

export interface Table {
  columns: string[];
  rows: Inspection[][];
  /** Rows left out. */
  omitted: number;
}

const limits = { rows: 1_000, columns: 50 };

/**
 * @param wanted the columns to show, in order; all that occur when left out.
 * @returns `null` for a value that has no rows.
 */
export function tableOf(data: unknown, wanted?: readonly string[]): Table | null {
  const { rows, omitted } = rowsOf(data) ?? { rows: null, omitted: 0 };
  if (!rows) return null;
  const keys: string[] = [];
  const seen = new Set<string>();
  let plain = false;
  for (const row of rows) {
    if (!isRowObject(row.value)) {
      plain = true;
      continue;
    }
    for (const key of Object.keys(row.value)) {
      if (seen.has(key) || keys.length >= limits.columns) continue;
      seen.add(key);
      keys.push(key);
    }
  }
  const columns = wanted ? wanted.slice(0, limits.columns) : keys;
  const indexed = rows.some((row) => row.name !== null);
  const withValue = plain && !wanted;
  const cells = ({ name, value }: Row): Inspection[] => {
    const row = columns.map((key) => cellOf(value, key));
    if (indexed) row.unshift(inspect(name ?? ""));
    if (withValue) row.push(isRowObject(value) ? empty : inspect(value, cellLimits));
    return row;
  };
  return {
    columns: [...(indexed ? ["(index)"] : []), ...columns, ...(withValue ? ["value"] : [])],
    rows: rows.map(cells),
    omitted,
  };
}

const empty: Inspection = { kind: "primitive", type: "string", text: "" };
const cellLimits = { depth: 1, width: 10, characters: 500 };

interface Row {
  /** The key of the row where rows have names; `null` where they are numbered. */
  name: string | null;
  value: unknown;
}

function rowsOf(data: unknown): { rows: Row[]; omitted: number } | null {
  if (typeof data !== "object" || data === null) return null;
  if (isTensor(data)) return rowsOf(tensorRows(data));
  if (Array.isArray(data) || (ArrayBuffer.isView(data) && !(data instanceof DataView))) {
    const list = data as unknown as ArrayLike<unknown>;
    const rows: Row[] = [];
    for (let index = 0; index < Math.min(list.length, limits.rows); index += 1) {
      rows.push({ name: null, value: list[index] });
    }
    return { rows, omitted: list.length - rows.length };
  }
  if (data instanceof Map) {
    const entries = [...data].slice(0, limits.rows);
    return {
      rows: entries.map(([key, value]) => ({ name: String(key), value: value as unknown })),
      omitted: data.size - entries.length,
    };
  }
  const entries = Object.entries(data);
  return {
    rows: entries.slice(0, limits.rows).map(([name, value]) => ({ name, value: value as unknown })),
    omitted: Math.max(0, entries.length - limits.rows),
  };
}

function tensorRows(tensor: { shape: readonly number[]; data: ArrayLike<number> }): unknown[] {
  const [count = 1, ...rest] = tensor.shape;
  const width = rest.reduce((product, size) => product * size, 1);
  const values = Array.from(tensor.data);
  if (rest.length === 0) return values;
  return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width));
}

function isRowObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isTensor(value);
}

function cellOf(row: unknown, key: string): Inspection {
  if (!isRowObject(row)) return empty;
  const descriptor = Reflect.getOwnPropertyDescriptor(row, key);
  if (!descriptor) return empty;
  return "value" in descriptor
    ? inspect(descriptor.value, cellLimits)
    : { kind: "cut", reason: "budget", text: "getter" };
}
