// Messages as JSON, for a kernel that is reached through pipes: what structured clone can carry and JSON cannot (NaN,
// −0, `undefined`, maps, typed arrays …) is marked with a `$`. Numbers keep every bit. What is decoded is
// untrusted: it either has this very form or is refused.

/** Bytes as text, in the way that the realm can do fast. */
export interface Base64 {
  encode: (bytes: Uint8Array) => string;
  decode: (text: string) => Uint8Array;
}

export interface Codec {
  /** Throws `CodecError` on what no message may hold: functions, symbols, what is nested too deeply or too large. */
  encode: (message: unknown) => string;
  /** Throws `CodecError` on text that `encode` has not written. */
  decode: (text: string) => unknown;
}

export class CodecError extends Error {
  override name = "CodecError";
}

const TAG = "$";
const limits = { depth: 300, bigintDigits: 100_000, characters: 32 * 1024 * 1024 };

const typedArrays = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
} as const;
type TypedArrayName = keyof typeof typedArrays;
const typedArrayNames = Object.keys(typedArrays) as TypedArrayName[];

export function createCodec(base64: Base64): Codec {
  // Held here, so that what a cell does to the realm later changes nothing.
  const { stringify, parse } = JSON;
  /** Characters that the message may still hold: known before a text is made of it all. */
  let room = 0;
  const takeRoom = (characters: number): void => {
    room -= characters;
    if (room < 0) throw new CodecError("the value is too large to hand over");
  };

  const encodeArray = (values: readonly unknown[], depth: number): unknown[] => {
    const coded: unknown[] = [];
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index];
      coded.push(isPlainNumber(value) ? value : encode(value, depth));
    }
    return coded;
  };

  const encodeBytes = (name: string, view: ArrayBufferView): unknown => {
    takeRoom(view.byteLength);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return tagged(name, base64.encode(bytes));
  };

  const encodeEntries = (value: Map<unknown, unknown>, depth: number): unknown[] => {
    const entries: unknown[] = [];
    value.forEach((item, key) => {
      entries.push([encode(key, depth), encode(item, depth)]);
    });
    return entries;
  };

  const encodeObject = (value: object, depth: number): unknown => {
    if (Array.isArray(value)) return encodeArray(value, depth);
    if (value instanceof Map) return tagged("Map", encodeEntries(value, depth));
    if (value instanceof Set) {
      const items: unknown[] = [];
      value.forEach((item) => {
        items.push(encode(item, depth));
      });
      return tagged("Set", items);
    }
    if (value instanceof Date) return tagged("Date", encode(value.getTime(), depth));
    if (value instanceof ArrayBuffer) return encodeBytes("ArrayBuffer", new Uint8Array(value));
    if (value instanceof DataView) return encodeBytes("DataView", value);
    if (ArrayBuffer.isView(value)) {
      const name = typedArrayNames.find((known) => value instanceof typedArrays[known]);
      if (name === undefined) throw new CodecError("a message holds an array of an unknown kind");
      return encodeBytes(name, value);
    }
    const keys = Object.keys(value);
    const coded = Object.create(null) as Record<string, unknown>;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index]!;
      coded[key] = encode((value as Record<string, unknown>)[key], depth);
    }
    return TAG in coded
      ? tagged(
          "object",
          keys.map((key) => [key, coded[key]]),
        )
      : coded;
  };

  const encode = (value: unknown, depth: number): unknown => {
    if (depth > limits.depth) throw new CodecError("a message is nested too deeply, or holds itself");
    switch (typeof value) {
      case "number":
        if (isPlainNumber(value)) return value;
        return tagged("number", Object.is(value, -0) ? "-0" : String(value));
      case "string":
        takeRoom(value.length);
        return value;
      case "boolean":
        return value;
      case "undefined":
        return tagged("undefined", null);
      case "bigint":
        return tagged("bigint", encodeBigint(value));
      case "object":
        return value === null ? null : encodeObject(value, depth + 1);
      case "symbol":
      case "function":
        throw new CodecError(`a ${typeof value} cannot be sent`);
    }
  };

  /** Works in place: the parsed text is nobody else's. */
  const decode = (value: unknown, depth: number): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (depth > limits.depth) throw new CodecError("a message is nested too deeply");
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) {
        if (typeof value[index] === "object") value[index] = decode(value[index], depth + 1);
      }
      return value;
    }
    const record = value as Record<string, unknown>;
    const keys = Object.keys(record);
    if (Object.hasOwn(record, TAG)) {
      if (keys.length !== 2 || !Object.hasOwn(record, "value")) throw malformed(record[TAG]);
      return decodeTagged(record[TAG], record["value"], depth + 1);
    }
    for (const key of keys) {
      if (typeof record[key] === "object") define(record, key, decode(record[key], depth + 1));
    }
    return record;
  };

  const decodeTagged = (tag: unknown, value: unknown, depth: number): unknown => {
    switch (tag) {
      case "undefined":
        return undefined;
      case "number":
        if (!isCodedNumber(value)) throw malformed(tag);
        return specialNumbers[value];
      case "bigint":
        return decodeBigint(value);
      case "Map":
        return new Map(decodePairs(value, depth));
      case "Set":
        return new Set(decodeList(value, depth));
      case "Date": {
        const time = decode(value, depth);
        if (typeof time !== "number") throw malformed(tag);
        return new Date(time);
      }
      case "object": {
        const record = {};
        for (const [key, item] of decodePairs(value, depth)) {
          if (typeof key !== "string") throw malformed(tag);
          define(record, key, item);
        }
        return record;
      }
    }
    if (typeof tag !== "string" || typeof value !== "string") throw malformed(tag);
    return decodeBuffer(tag, value);
  };

  const decodeBuffer = (tag: string, text: string): unknown => {
    const bytes = decodeBytes(text);
    // A copy of its own, since bytes may lie anywhere in a shared block.
    const { buffer } = new Uint8Array(bytes);
    if (tag === "ArrayBuffer") return buffer;
    if (tag === "DataView") return new DataView(buffer);
    if (!Object.hasOwn(typedArrays, tag)) throw malformed(tag);
    const kind = typedArrays[tag as TypedArrayName];
    if (bytes.length % kind.BYTES_PER_ELEMENT !== 0) throw malformed(tag);
    return new kind(buffer);
  };

  const decodeBytes = (text: string): Uint8Array => {
    try {
      return base64.decode(text);
    } catch {
      throw new CodecError("a message holds bytes that are not base64");
    }
  };

  const decodeList = (value: unknown, depth: number): unknown[] => {
    if (!Array.isArray(value)) throw new CodecError("a message lacks a list");
    return decode(value, depth) as unknown[];
  };

  const decodePairs = (value: unknown, depth: number): [unknown, unknown][] =>
    decodeList(value, depth).map((pair) => {
      if (!Array.isArray(pair) || pair.length !== 2) throw new CodecError("a message lacks a pair");
      return pair as [unknown, unknown];
    });

  return {
    encode: (message) => {
      room = limits.characters;
      return stringify(encode(message, 0));
    },
    decode: (text) => {
      let parsed: unknown;
      try {
        parsed = parse(text);
      } catch {
        throw new CodecError("a message is not JSON");
      }
      return decode(parsed, 0);
    },
  };
}

/** Whether JSON writes a value so that it comes back to the bit. */
function isPlainNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0);
}

const specialNumbers = { NaN: Number.NaN, Infinity, "-Infinity": -Infinity, "-0": -0 } as const;

function isCodedNumber(value: unknown): value is keyof typeof specialNumbers {
  return typeof value === "string" && Object.hasOwn(specialNumbers, value);
}

function tagged(tag: string, value: unknown): Record<string, unknown> {
  const coded = Object.create(null) as Record<string, unknown>;
  coded[TAG] = tag;
  coded["value"] = value;
  return coded;
}

function malformed(tag: unknown): CodecError {
  const name = typeof tag === "string" ? tag.slice(0, 40) : typeof tag;
  return new CodecError(`a message holds a malformed “${name}”`);
}

/** A property of the object's own, whatever its name: `__proto__` is a name like any other. */
function define(record: object, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (record as Record<string, unknown>)[key] = value;
  }
}

function encodeBigint(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString(16);
  if (digits.length >= limits.bigintDigits)
    throw new CodecError("the value holds a number of too many digits");
  return value < 0n ? `-${digits}` : digits;
}

function decodeBigint(value: unknown): bigint {
  // Long enough for anybody, and short enough to be read at once.
  if (typeof value !== "string" || value.length > limits.bigintDigits) throw malformed("bigint");
  const digits = /^(-?)([\da-f]+)$/.exec(value);
  if (digits === null) throw malformed("bigint");
  const size = BigInt(`0x${digits[2]}`);
  return digits[1] === "-" ? -size : size;
}
