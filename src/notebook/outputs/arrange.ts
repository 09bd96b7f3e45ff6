// From a list of outputs to the list of things drawn, each with an identity that survives a re-run:
// a slider that is being dragged must stay the same element although its cell has run again.
import type { Inspection, LogLevel, Output } from "../../runtime/index.ts";

export interface LogLine {
  level: LogLevel;
  parts: Inspection[];
  /** How often the same line came in a row. */
  times: number;
}

export type Drawn =
  | { id: string; kind: "logs"; lines: LogLine[] }
  | { id: string; kind: "output"; output: Exclude<Output, { kind: "log" | "outcome" }> };

/**
 * Groups lines of log that follow one another, counts repeated ones, lets a later output take the place of an earlier one with
 * the same key, and leaves out what is not drawn (`outcome`).
 */
export function arrange(outputs: readonly Output[]): Drawn[] {
  const drawn: Drawn[] = [];
  const counts = new Map<string, number>();
  const places = new Map<string, number>();
  const nextId = (kind: string): string => {
    const ordinal = counts.get(kind) ?? 0;
    counts.set(kind, ordinal + 1);
    return `${kind}-${ordinal}`;
  };
  for (const output of outputs) {
    if (output.kind === "outcome") continue;
    if (output.kind === "log") {
      let block = drawn.at(-1);
      if (block?.kind !== "logs") {
        block = { id: nextId("log"), kind: "logs", lines: [] };
        drawn.push(block);
      }
      const last = block.lines.at(-1);
      if (last && last.level === output.level && sameParts(last.parts, output.parts)) last.times++;
      else block.lines.push({ level: output.level, parts: output.parts, times: 1 });
      continue;
    }
    const key = output.kind === "input" ? `input:${output.input.key}` : output.key && `key:${output.key}`;
    const place = key === undefined || key === "" ? undefined : places.get(key);
    if (place !== undefined && key) {
      drawn[place] = { id: key, kind: "output", output };
      continue;
    }
    if (key) places.set(key, drawn.length);
    drawn.push({ id: key || nextId(output.kind), kind: "output", output });
  }
  return drawn;
}

/**
 * What to draw while a cell runs again: the new outputs as far as they have come, then those of the run before that are still
 * to be replaced. Nothing disappears and comes back, so nothing below jumps.
 */
export function holdEarlier(earlier: readonly Drawn[], current: readonly Drawn[]): Drawn[] {
  const present = new Set(current.map((item) => item.id));
  return [...current, ...earlier.slice(current.length).filter((item) => !present.has(item.id))];
}

function sameParts(left: readonly Inspection[], right: readonly Inspection[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((part, index) => {
    const other = right[index];
    if (!other || part.kind !== other.kind) return false;
    if (part.kind === "primitive" && other.kind === "primitive")
      return part.type === other.type && part.text === other.text;
    return JSON.stringify(part) === JSON.stringify(other);
  });
}
