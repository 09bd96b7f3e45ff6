// Values as a test's message shows them: short, on one line where they fit, numbers readable.
import { isNumericArray, isRecord, numericArrayName } from "../values.ts";

const LINE = 72;
const ITEMS = 8;
const DEPTH = 6;
const STRING = 80;

/** A number in at most `digits` significant digits. */
export function formatNumber(value: number, digits = 6): string {
  if (Object.is(value, -0)) return "-0";
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(digits)));
}

/** Two numbers with as many digits as it takes to see that they differ. */
export function formatPair(a: number, b: number): [string, string] {
  for (const digits of [6, 9, 12, 15, 17]) {
    const pair: [string, string] = [formatNumber(a, digits), formatNumber(b, digits)];
    if (pair[0] !== pair[1]) return pair;
  }
  return [String(a), String(b)];
}

/** A value on one line, or a matrix with a row on each. Long arrays are cut and say how much is left out. */
export function formatValue(value: unknown, indent = 0): string {
  const flat = onOneLine(value, 0);
  if (flat.length <= LINE || !isArrayLike(value) || !Array.from(value).some(isArrayLike)) return flat;
  const rows = Array.from(value)
    .slice(0, ITEMS)
    .map((row) => onOneLine(row, 1));
  if (value.length > ITEMS) rows.push(`… ${value.length - ITEMS} more`);
  return `[${rows.join(`,\n${" ".repeat(indent + 1)}`)}]`;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || isNumericArray(value);
}

function onOneLine(value: unknown, depth: number): string {
  switch (typeof value) {
    case "number":
      return formatNumber(value);
    case "string":
      return JSON.stringify(value.length > STRING ? `${value.slice(0, STRING)}…` : value);
    case "bigint":
      return `${value}n`;
    case "function":
      return value.name === "" ? "a function" : `function ${value.name}`;
    case "object":
      break;
    case "boolean":
    case "undefined":
    case "symbol":
      return String(value);
  }
  if (value === null) return "null";
  if (depth >= DEPTH) return "…";
  const inner = (part: unknown) => onOneLine(part, depth + 1);
  if (isArrayLike(value)) {
    const items = Array.from({ length: Math.min(value.length, ITEMS) }, (_, i) => inner(value[i]));
    if (value.length > ITEMS) items.push(`… ${value.length - ITEMS} more`);
    const name = numericArrayName(value);
    return `${name === null ? "" : `${name} `}[${items.join(", ")}]`;
  }
  if (value instanceof Map)
    return braces("Map ", [...value], ([key, entry]) => `${inner(key)} → ${inner(entry)}`);
  if (value instanceof Set) return braces("Set ", [...value], inner);
  if (value instanceof Date) return `Date ${Number.isNaN(value.getTime()) ? "invalid" : value.toISOString()}`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (isRecord(value)) return braces("", Object.keys(value), (key) => `${key}: ${inner(value[key])}`);
  return Object.prototype.toString.call(value).slice(8, -1);
}

function braces<T>(prefix: string, parts: T[], show: (part: T) => string): string {
  if (parts.length === 0) return `${prefix}{}`;
  const shown = parts.slice(0, ITEMS).map(show);
  if (parts.length > ITEMS) shown.push(`… ${parts.length - ITEMS} more`);
  return `${prefix}{ ${shown.join(", ")} }`;
}

/** What sort of thing a value is, with its article: "a number", "an array of 3". */
export function describeKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const typed = numericArrayName(value);
  if (typed !== null) return `a ${typed}`;
  switch (typeof value) {
    case "undefined":
      return "undefined";
    case "number":
      return Number.isNaN(value) ? "NaN" : "a number";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}
