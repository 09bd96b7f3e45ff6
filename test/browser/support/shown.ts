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
