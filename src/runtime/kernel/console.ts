// The `console` a cell sees: every call becomes an output of the run instead of a line in the browser's tools.
import type { Inspection, LogLevel, Output } from "../output.ts";
import { inspect } from "../inspect/index.ts";
import { tableOf } from "../inspect/table.ts";

/** Where a console writes. `full` says that another log would be refused, so its arguments need no look. */
export interface ConsoleTarget {
  readonly full: boolean;
  show(output: Output): void;
  drop(): void;
  /** Milliseconds, from any start. */
  now(): number;
}

type ConsoleMethods = Record<string, (...values: unknown[]) => void>;

export function createConsole(target: ConsoleTarget): ConsoleMethods {
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  let indent = 0;

  const write = (level: LogLevel, values: readonly unknown[]): void => {
    if (target.full) return target.drop();
    const parts = formatted(values);
    if (indent > 0) parts.unshift(words("  ".repeat(indent).slice(1)));
    target.show({ kind: "log", level, parts });
  };
  const writer =
    (level: LogLevel) =>
    (...values: unknown[]): void =>
      write(level, values);
  const group = (...values: unknown[]): void => {
    if (values.length > 0) write("log", values);
    indent = Math.min(indent + 1, 20);
  };
  const elapsed = (label: string): string | null => {
    const start = timers.get(label);
    return start === undefined ? null : `${label}: ${(target.now() - start).toFixed(2)} ms`;
  };

  return {
    log: writer("log"),
    info: writer("info"),
    warn: writer("warn"),
    error: writer("error"),
    debug: writer("debug"),
    trace: writer("debug"),
    dir: (value) => write("log", [value]),
    dirxml: writer("log"),
    table(rows, columns) {
      if (target.full) return target.drop();
      const table = tableOf(rows, Array.isArray(columns) ? columns.map(String) : undefined);
      if (table) target.show({ kind: "table", ...table });
      else write("log", [rows]);
    },
    assert(condition, ...values) {
      if (!condition)
        write("error", values.length > 0 ? ["Assertion failed:", ...values] : ["Assertion failed"]);
    },
    count(label = "default") {
      const key = String(label);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      write("log", [`${key}: ${counts.get(key)}`]);
    },
    countReset(label = "default") {
      counts.delete(String(label));
    },
    group,
    groupCollapsed: group,
    groupEnd() {
      indent = Math.max(0, indent - 1);
    },
    time(label = "default") {
      timers.set(String(label), target.now());
    },
    timeLog(label = "default", ...values) {
      const text = elapsed(String(label));
      write(text === null ? "warn" : "log", [text ?? `There is no timer “${String(label)}”`, ...values]);
    },
    timeEnd(label = "default") {
      const text = elapsed(String(label));
      timers.delete(String(label));
      write(text === null ? "warn" : "log", [text ?? `There is no timer “${String(label)}”`]);
    },
    // The page keeps what a cell has shown until the cell runs again.
    clear() {},
    timeStamp() {},
    profile() {},
    profileEnd() {},
  };
}

/** `console.log("%d of %s", 3, "ten")`: the placeholders of the console standard; `%c` styles nothing. */
function formatted(values: readonly unknown[]): Inspection[] {
  const [first, ...rest] = values;
  if (typeof first !== "string" || rest.length === 0 || !/%[sdifoOc%]/.test(first)) {
    return values.map((value) => inspect(value));
  }
  let next = 0;
  const text = first.replace(/%([sdifoOc%])/g, (match, type: string) => {
    if (type === "%") return "%";
    if (next >= rest.length) return match;
    const value = rest[next++];
    if (type === "c") return "";
    if (type === "d" || type === "i")
      return String(typeof value === "symbol" ? Number.NaN : Math.trunc(Number(value)));
    if (type === "f") return String(typeof value === "symbol" ? Number.NaN : Number(value));
    const shown = inspect(value, { depth: 1, width: 10, characters: 1000 });
    return "text" in shown
      ? shown.text
      : "name" in shown
        ? shown.name
        : "type" in shown
          ? shown.type
          : shown.kind;
  });
  return [words(text), ...rest.slice(next).map((value) => inspect(value))];
}

function words(text: string): Inspection {
  return { kind: "primitive", type: "string", text };
}
