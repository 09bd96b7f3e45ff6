// Results of an answer: when two are the same, how they are stored, when they are too large.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeValue,
  encodeValue,
  holdsForgedTensor,
  isWithinSize,
  sameValue,
} from "../../src/grading/values.ts";

const anyNumber = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0));

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyNumber,
    fc.string(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.array(tie("value")),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$", "__proto__", "then")), tie("value")),
    fc.float64Array(),
    fc.int32Array(),
    fc.array(fc.tuple(fc.string(), tie("value"))).map((entries) => new Map(entries)),
  ),
})).value;

describe("storing values as JSON", () => {
  test("what is stored and read again is the same, NaN, −0 and typed arrays included", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const read = decodeValue(JSON.parse(JSON.stringify(encodeValue(value))));
        expect(read).toStrictEqual(normalised(value));
        expect(sameValue(read, value)).toBe(true);
      }),
    );
  });

  test("a value that contains itself is refused", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => encodeValue(cycle)).toThrow("contains itself");
  });

  test("a stored value with an unknown mark is refused", () => {
    expect(() => decodeValue({ $: "Function" })).toThrow('unknown mark "Function"');
  });
});

/** Dictionaries of fast-check may lack a prototype; read values have the usual one. */
function normalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalised);
  if (value instanceof Map) return new Map([...value].map(([key, entry]) => [key, normalised(entry)]));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, normalised(entry)]));
}

describe("when two results are the same", () => {
  test("numbers within 1e-9 relative are, further apart they are not", () => {
    expect(sameValue(1, 1 + 5e-10)).toBe(true);
    expect(sameValue(1, 1 + 5e-9)).toBe(false);
    expect(sameValue(1e-20, -1e-20)).toBe(true);
    expect(sameValue(Number.NaN, Number.NaN)).toBe(true);
    expect(sameValue(Number.NaN, 0)).toBe(false);
    expect(sameValue(Infinity, -Infinity)).toBe(false);
  });

  test("the same in either order", () => {
    fc.assert(
      fc.property(anyValue, anyValue, (a, b) => {
        expect(sameValue(a, b)).toBe(sameValue(b, a));
      }),
    );
  });

  test("an array is not its typed array, nor an object with the same keys", () => {
    expect(sameValue([1, 2], new Float64Array([1, 2]))).toBe(false);
    expect(sameValue([1], { 0: 1 })).toBe(false);
    expect(sameValue({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  });

  test("values that contain themselves are compared in finite time", () => {
    const a: unknown[] = [];
    a.push(a);
    const b: unknown[] = [];
    b.push(b);
    expect(sameValue(a, b)).toBe(false);
  });
});

describe("size", () => {
  test("counts the parts, and every way to a shared one", () => {
    const row = [1, 2, 3];
    expect(isWithinSize([row, row], 9)).toBe(true);
    expect(isWithinSize([row, row, row], 9)).toBe(false);
    expect(
      isWithinSize(
        Array.from({ length: 11 }, () => 0),
        10,
      ),
    ).toBe(false);
    expect(isWithinSize(new Float64Array(11), 10)).toBe(false);
    expect(isWithinSize("x".repeat(20_000), 10)).toBe(false);
    expect(isWithinSize(new Map([[1, [1, 2, 3, 4, 5, 6, 7, 8, 9]]]), 10)).toBe(false);
  });

  test("a value that contains itself, or itself doubled many times, is never small enough", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(isWithinSize(cycle, 1000)).toBe(false);
    let doubled: unknown[] = [0];
    for (let i = 0; i < 60; i++) doubled = [doubled, doubled];
    expect(isWithinSize(doubled, 1000)).toBe(false);
  });
});

describe("tensors on their way", () => {
  const packed = (dtype: string, shape: unknown, data: unknown) => [
    { "descent:tensor": 1, dtype, shape, data },
  ];
  const two = new Float64Array([1, 2]);

  test("a real one passes, of any dtype and shape", () => {
    expect(holdsForgedTensor(packed("float32", [2], two))).toBe(false);
    expect(holdsForgedTensor(packed("int32", [1, 2], two))).toBe(false);
    expect(holdsForgedTensor(packed("float64", [0, 3], new Float64Array(0)))).toBe(false);
    expect(holdsForgedTensor(packed("float64", [], new Float64Array([Number.NaN])))).toBe(false);
  });

  test("what could not be made into one does not", () => {
    const forged = [
      packed("evil", [2], two),
      packed("float64", [-1, -2], two),
      packed("float64", [3], two),
      packed("float64", "2", two),
      packed("float64", [2], [1, 2]),
      packed("int32", [2], new Float64Array([1, 0.5])),
      packed("int32", [2], new Float64Array([1, Number.NaN])),
    ];
    expect(forged.map(holdsForgedTensor)).toEqual(forged.map(() => true));
  });
});
