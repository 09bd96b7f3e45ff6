// What each matcher finds: whether it holds, and the words for when it should not have been so. Pure.
import { isNumericArray } from "../values.ts";
import { compare, describeFirstDifference, exactNumber, type SameNumber } from "./compare.ts";
import { misuse } from "./failure.ts";
import { formatNumber, formatPair, formatValue } from "./format.ts";

export interface Finding {
  holds: boolean;
  /** Fails with or without `.not`: the received value is not of the kind that can be compared. */
  incomparable?: boolean;
  detail: string;
}

/** How near is near: an absolute distance, or one relative to the expected number. */
export type Tolerance = number | { relative: number };

export type NestedNumbers = ArrayLike<number> | readonly NestedNumbers[];

export const DEFAULT_TOLERANCE = 1e-6;

function expectedReceived(expected: string, received: string, ...more: (string | null)[]): string {
  return [`expected  ${expected}`, `received  ${received}`, ...more.filter((line) => line !== null)].join(
    "\n",
  );
}

/** Lines up a matrix under the words before it. */
const INDENT = "expected  ".length;

function show(value: unknown): string {
  return formatValue(value, INDENT);
}

function notComparable(wanted: string, received: unknown): Finding {
  return { holds: false, incomparable: true, detail: expectedReceived(wanted, show(received)) };
}

export function single(expected: unknown, received: unknown, not: string): Finding {
  if (typeof expected === "object" && expected !== null) {
    throw misuse("`toBe` compares single values: use `toEqual` or `toBeCloseToArray`");
  }
  const numbers = typeof expected === "number" && typeof received === "number";
  const holds = numbers ? exactNumber(expected, received) : Object.is(expected, received);
  const [wanted, got] =
    numbers && !holds ? formatPair(expected, received) : [formatValue(expected), show(received)];
  return { holds, detail: expectedReceived(`${not}${wanted}`, got) };
}

export function equal(expected: unknown, received: unknown, not: string): Finding {
  return structure(expected, received, exactNumber, not, "");
}

function structure(
  expected: unknown,
  received: unknown,
  same: SameNumber,
  not: string,
  margin: string,
): Finding {
  const comparison = compare(expected, received, same);
  const holds = comparison.first === null;
  return {
    holds,
    detail: expectedReceived(
      `${not}${show(expected)}${margin}`,
      show(received),
      describeFirstDifference(comparison),
    ),
  };
}

/** NaN is close to NaN only, and an infinity to itself only. */
function closeness(tolerance: Tolerance): { same: SameNumber; words: string } {
  const limit = typeof tolerance === "number" ? tolerance : tolerance.relative;
  if (!(limit >= 0)) throw misuse(`a tolerance must be a number from 0, not ${formatValue(limit)}`);
  const relative = typeof tolerance !== "number";
  return {
    same: (expected, received) =>
      exactNumber(expected, received) ||
      (Number.isFinite(expected) &&
        Math.abs(received - expected) <= (relative ? limit * Math.abs(expected) : limit)),
    words: relative ? ` (± ${formatNumber(limit)} relative)` : ` (± ${formatNumber(limit)})`,
  };
}

export function close(
  expected: number,
  received: unknown,
  tolerance: Tolerance | undefined,
  not: string,
): Finding {
  if (typeof expected !== "number") {
    throw misuse("`toBeCloseTo` compares with a number: use `toBeCloseToArray` for arrays");
  }
  const { same, words } = closeness(tolerance ?? DEFAULT_TOLERANCE);
  if (typeof received !== "number")
    return notComparable(`a number, ${formatNumber(expected)}${words}`, received);
  const holds = same(expected, received);
  const [wanted, got] = formatPair(expected, received);
  const distance = Math.abs(received - expected);
  return {
    holds,
    incomparable: Number.isNaN(received) && !holds,
    detail: expectedReceived(
      `${not}${wanted}${words}`,
      got,
      Number.isFinite(distance) && distance > 0 ? `off by    ${formatNumber(distance, 3)}` : null,
    ),
  };
}

export function closeArray(
  expected: NestedNumbers,
  received: unknown,
  tolerance: Tolerance | undefined,
  not: string,
): Finding {
  if (!isNested(expected, false)) {
    throw misuse("`toBeCloseToArray` compares with (nested) arrays of numbers");
  }
  const { same, words } = closeness(tolerance ?? DEFAULT_TOLERANCE);
  const finding = structure(expected, received, same, not, words);
  return { ...finding, incomparable: !finding.holds && !isNested(received, true) };
}

/** Whether a value is an array of numbers, or of such arrays; to any depth that is not absurd. */
function isNested(value: unknown, refuseNaN: boolean, depth = 0): boolean {
  if (depth > 20) return false;
  if (!Array.isArray(value) && !isNumericArray(value)) return false;
  for (let i = 0; i < value.length; i++) {
    const entry: unknown = value[i];
    if (
      typeof entry === "number" ? refuseNaN && Number.isNaN(entry) : !isNested(entry, refuseNaN, depth + 1)
    ) {
      return false;
    }
  }
  return true;
}

export function order(
  received: unknown,
  relation: string,
  bound: number,
  holds: (received: number) => boolean,
): Finding {
  if (typeof received !== "number" || Number.isNaN(received)) {
    return notComparable(`a number ${relation} ${formatNumber(bound)}`, received);
  }
  const [limit, got] = formatPair(bound, received);
  return { holds: holds(received), detail: expectedReceived(`${relation} ${limit}`, got) };
}

export function finite(received: unknown, not: string): Finding {
  if (typeof received !== "number") return notComparable("a number", received);
  return {
    holds: Number.isFinite(received),
    detail: expectedReceived(`${not}a finite number`, formatNumber(received)),
  };
}

export function hasLength(length: number, received: unknown, not: string): Finding {
  if (!Array.isArray(received) && !isNumericArray(received) && typeof received !== "string") {
    return notComparable(`something of length ${length}`, received);
  }
  return {
    holds: received.length === length,
    detail: expectedReceived(`${not}length ${length}`, `length ${received.length}: ${show(received)}`),
  };
}

export function contains(part: unknown, received: unknown, not: string): Finding {
  const wanted = `${not}to contain ${formatValue(part)}`;
  if (typeof received === "string") {
    return { holds: received.includes(String(part)), detail: expectedReceived(wanted, show(received)) };
  }
  if (!Array.isArray(received) && !isNumericArray(received)) return notComparable(wanted, received);
  const holds = Array.from(received as ArrayLike<unknown>).some(
    (entry) => compare(part, entry, exactNumber).first === null,
  );
  return { holds, detail: expectedReceived(wanted, show(received)) };
}

export function satisfies(
  predicate: (received: unknown) => unknown,
  received: unknown,
  description: string | undefined,
  not: string,
): Finding {
  return {
    holds: predicate(received) === true,
    detail: expectedReceived(
      description === undefined ? `${not}to satisfy the test's condition` : `${not}${description}`,
      show(received),
    ),
  };
}
