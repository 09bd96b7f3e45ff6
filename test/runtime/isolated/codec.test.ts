// Messages through a pipe: what goes in comes out, to the bit; and no text of a stranger's does any harm.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodecError, createCodec } from "../../../src/runtime/isolated/codec.ts";

const codec = createCodec({
  encode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  decode: (text) => Buffer.from(text, "base64"),
});
const there = (value: unknown): unknown => codec.decode(codec.encode(value));

/** What structured clone carries of a kernel's messages. */
const message = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.double(),
    fc.string({ unit: "binary" }),
    fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
    fc.constantFrom(undefined, null, true, false, -0, NaN, Infinity, -Infinity, 5e-324),
    fc.date({ noInvalidDate: false }),
    fc.float64Array({ maxLength: 5 }),
    fc.float32Array({ maxLength: 5 }),
    fc.int16Array({ maxLength: 5 }),
    fc.uint8ClampedArray({ maxLength: 5 }),
    fc.bigInt64Array({ maxLength: 5 }),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => bytes.buffer.slice(0)),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => new DataView(bytes.buffer.slice(0))),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$", "value", "__proto__", "toJSON")), tie("value"), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).value;

test("every message comes back as it was, to the last bit of every number", () => {
  fc.assert(
    fc.property(message, (value) => {
      expect(there(value)).toStrictEqual(value);
    }),
  );
});

test("a typed array that is a window into a larger one comes back alone", () => {
  const whole = new Float64Array([1, 2, 3, 4]);
  expect(there(whole.subarray(1, 3))).toStrictEqual(new Float64Array([2, 3]));
});

test("a key named __proto__ is a key, not a prototype", () => {
  const back = codec.decode('{"__proto__":{"polluted":true}}') as object;
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  expect(Object.keys(back)).toEqual(["__proto__"]);
});

describe("what no message may hold is refused before it is sent", () => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  test.each([
    ["a function", { f: () => 1 }],
    ["a symbol", [Symbol("s")]],
    ["itself", cycle],
    ["too many characters", ["x".repeat(20_000_000), "x".repeat(20_000_000)]],
    ["a number of a million digits", 1n << 4_000_000n],
  ])("%s", (_name, value) => {
    expect(() => codec.encode(value)).toThrow(CodecError);
  });
});

describe("text that the codec has not written is refused", () => {
  test.each([
    "",
    "{",
    '{"$":"evil","value":""}',
    '{"$":"number","value":"1"}',
    '{"$":"number"}',
    '{"$":"Map","value":[[1]]}',
    '{"$":"Map","value":{}}',
    '{"$":"Set","value":3}',
    '{"$":"Date","value":"today"}',
    '{"$":"Float64Array","value":"AAAA"}',
    '{"$":"constructor","value":"AAAA"}',
    '{"$":"bigint","value":"0x12"}',
    `{"$":"bigint","value":"${"f".repeat(200_000)}"}`,
    '{"$":"undefined","value":null,"more":1}',
    '{"$":{"$":"number","value":"NaN"},"value":1}',
    "[".repeat(400) + "]".repeat(400),
  ])("%s", (text) => {
    expect(() => codec.decode(text)).toThrow(CodecError);
  });

  test("any text is either refused or read, and nothing else happens", () => {
    const read = (text: string): unknown => {
      try {
        return codec.decode(text);
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(fc.json(), (text) => {
        const result = read(text);
        expect(!(result instanceof Error) || result instanceof CodecError).toBe(true);
      }),
    );
  });
});
