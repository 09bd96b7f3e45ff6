// Values that came out of an answer's realm: when two count as the same, how large they are, and how they
// become JSON. They are untrusted data: nothing here calls a method that a value brought along.

/** Numbers closer than this, relative to the larger, count as the same result. */
export const SAME_RELATIVE = 1e-9;
/** Below this size numbers are rounding noise around zero. */
const SAME_ABSOLUTE = 1e-12;

export function sameNumber(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= Math.max(SAME_ABSOLUTE, SAME_RELATIVE * Math.max(Math.abs(a), Math.abs(b)));
}

/** Typed arrays of numbers; `DataView` and the 64-bit integer arrays are not among them. */
export type NumericArray =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

const numericArrays = {
  Float64Array,
  Float32Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
};
type NumericArrayName = keyof typeof numericArrays;

export function numericArrayName(value: unknown): NumericArrayName | null {
  for (const name of Object.keys(numericArrays) as NumericArrayName[]) {
    if (value instanceof numericArrays[name]) return name;
  }
  return null;
}

export function isNumericArray(value: unknown): value is NumericArray {
  return numericArrayName(value) !== null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Object]"
  );
}

/** A tensor of this realm's engine; it arrives as one, made anew from its entries. */
export function isTensorLike(value: object): value is { toArray(): unknown } {
  return "toArray" in value && typeof value.toArray === "function" && "shape" in value && "dtype" in value;
}

/** Deeper than this, two values are never called the same: a cycle would otherwise have no end. */
const DEPTH_LIMIT = 100;

/** Whether two results are the same: same structure, numbers alike by `sameNumber`. */
export function sameValue(a: unknown, b: unknown, depth = 0): boolean {
  if (depth > DEPTH_LIMIT) return false;
  if (typeof a === "number" && typeof b === "number") return sameNumber(a, b);
  if (Object.is(a, b)) return true;
  const same = (x: unknown, y: unknown) => sameValue(x, y, depth + 1);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && allIndices(a.length, (i) => same(a[i], b[i]));
  }
  if (isNumericArray(a)) {
    return (
      isNumericArray(b) &&
      numericArrayName(a) === numericArrayName(b) &&
      a.length === b.length &&
      allIndices(a.length, (i) => same(a[i], b[i]))
    );
  }
  if (a instanceof Map) {
    return b instanceof Map && same([...a.entries()], [...b.entries()]);
  }
  if (a instanceof Set) return b instanceof Set && same([...a], [...b]);
  if (a instanceof Date) return b instanceof Date && sameNumber(a.getTime(), b.getTime());
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
    );
  }
  return false;
}

function allIndices(length: number, holds: (index: number) => boolean): boolean {
  for (let i = 0; i < length; i++) if (!holds(i)) return false;
  return true;
}

/**
 * Whether a value has at most `limit` parts (entries, and characters by the thousand). Every way to a part counts:
 * shared parts can make a small value a walk without end, and a value that contains itself has no size.
 */
export function isWithinSize(value: unknown, limit: number): boolean {
  let parts = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    parts += 1;
    if (typeof next === "string") parts += next.length / 1000;
    if (typeof next === "bigint") return false;
    if (typeof next === "object" && next !== null) {
      if (ArrayBuffer.isView(next) || next instanceof ArrayBuffer) parts += next.byteLength / 8;
      else {
        const inside = contents(next);
        if (parts + waiting.length + inside.length > limit) return false;
        for (const part of inside) waiting.push(part);
      }
    }
    if (parts > limit) return false;
  }
  return true;
}

function contents(value: object): unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set) return [...value];
  return Object.values(value);
}

/** The key that marks a tensor on its way from one kernel to another. */
const TENSOR_KEY = "descent:tensor";

/**
 * Whether a value (of a size already checked) holds what claims to be a tensor on its way and is none: the realm of
 * the tests would fail to make it.
 */
export function holdsForgedTensor(value: unknown): boolean {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null || ArrayBuffer.isView(next)) continue;
    if (Object.hasOwn(next, TENSOR_KEY) && !isPackedTensor(next as Record<string, unknown>)) return true;
    for (const part of contents(next)) waiting.push(part);
  }
  return false;
}

function isPackedTensor({ dtype, shape, data }: Record<string, unknown>): boolean {
  if (!(data instanceof Float64Array) || !Array.isArray(shape) || shape.length > 20) return false;
  const sizes: readonly unknown[] = shape;
  if (!sizes.every((size) => typeof size === "number" && Number.isInteger(size) && size >= 0)) return false;
  const count = (sizes as number[]).reduce((product, size) => product * size, 1);
  if (count !== data.length) return false;
  if (dtype === "int32") return data.every((entry) => Object.is(entry | 0, entry));
  return dtype === "float32" || dtype === "float64";
}

/** A value that has no JSON form here, such as an object that contains itself. */
export class NotEncodable extends Error {
  override name = "NotEncodable";
}

/** The key that marks a value JSON has no form for: `{ "$": "NaN" }`. */
const TAG = "$";

/** A JSON-safe form of a value; `decodeValue` gives the value back. Throws `NotEncodable`. */
export function encodeValue(value: unknown, depth = 0): unknown {
  if (depth > DEPTH_LIMIT) throw new NotEncodable("the value is nested too deeply, or contains itself");
  const encode = (part: unknown) => encodeValue(part, depth + 1);
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { [TAG]: Object.is(value, -0) ? "-0" : String(value) };
    case "string":
    case "boolean":
      return value;
    case "undefined":
      return { [TAG]: "undefined" };
    case "bigint":
      return { [TAG]: "bigint", value: String(value) };
    case "object":
      break;
    case "symbol":
    case "function":
      throw new NotEncodable(`a ${typeof value} cannot be stored`);
  }
  if (value === null) return null;
  if (Array.isArray(value)) return Array.from(value, encode);
  const typed = numericArrayName(value);
  if (typed !== null) return { [TAG]: typed, values: Array.from(value as NumericArray, encode) };
  if (value instanceof Map) {
    return { [TAG]: "Map", entries: [...value].map(([key, entry]) => [encode(key), encode(entry)]) };
  }
  if (value instanceof Set) return { [TAG]: "Set", values: [...value].map(encode) };
  if (value instanceof Date) return { [TAG]: "Date", value: encode(value.getTime()) };
  if (!isRecord(value)) throw new NotEncodable("an object of this kind cannot be stored");
  const entries = Object.keys(value).map((key): [string, unknown] => [key, encode(value[key])]);
  return Object.hasOwn(value, TAG) ? { [TAG]: "object", entries } : Object.fromEntries(entries);
}

/** The value that `encodeValue` made this from. Throws `NotEncodable` on anything else. */
export function decodeValue(coded: unknown): unknown {
  if (typeof coded !== "object" || coded === null) return coded;
  if (Array.isArray(coded)) return coded.map(decodeValue);
  const record = coded as Record<string, unknown>;
  if (!Object.hasOwn(record, TAG)) {
    return Object.fromEntries(Object.keys(record).map((key) => [key, decodeValue(record[key])]));
  }
  const tag = record[TAG];
  switch (tag) {
    case "NaN":
      return Number.NaN;
    case "Infinity":
      return Number.POSITIVE_INFINITY;
    case "-Infinity":
      return Number.NEGATIVE_INFINITY;
    case "-0":
      return -0;
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(String(record["value"]));
    case "Map":
      return new Map(decodePairs(record["entries"]));
    case "Set":
      return new Set(decodeList(record["values"]));
    case "Date":
      return new Date(Number(decodeValue(record["value"])));
    case "object":
      return Object.fromEntries(decodePairs(record["entries"]) as [string, unknown][]);
  }
  if (typeof tag === "string" && Object.hasOwn(numericArrays, tag)) {
    return new numericArrays[tag as NumericArrayName](decodeList(record["values"]) as number[]);
  }
  throw new NotEncodable(`unknown mark ${JSON.stringify(tag)} in a stored value`);
}

function decodeList(coded: unknown): unknown[] {
  if (!Array.isArray(coded)) throw new NotEncodable("a stored value lacks its list");
  return coded.map(decodeValue);
}

function decodePairs(coded: unknown): [unknown, unknown][] {
  return decodeList(coded).map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new NotEncodable("a stored value lacks a pair");
    return [pair[0], pair[1]];
  });
}
