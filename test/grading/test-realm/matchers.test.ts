// `expect` in a test: what each matcher accepts, and the words it finds when it does not.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Expectations, type Matchers } from "../../../src/grading/test-realm/expect.ts";
import { TestFailureError } from "../../../src/grading/test-realm/failure.ts";
import { StudentCalls } from "../../../src/grading/test-realm/student.ts";

const noCalls = new StudentCalls(() => Promise.reject(new Error("no call was meant to be made")));

function matchers(received: unknown, words?: string): Matchers {
  return new Expectations(noCalls).expect(received, words);
}

/** What a comparison says, or `null` when it holds. */
function said(compare: () => void): string | null {
  try {
    compare();
    return null;
  } catch (error) {
    if (!(error instanceof TestFailureError)) throw error;
    const { failure } = error;
    return failure.kind === "expectation" ? failure.detail : `${failure.kind}: ${JSON.stringify(failure)}`;
  }
}

describe("toBe", () => {
  test("a number shows both and their difference is visible however small", () => {
    expect(said(() => matchers(1.05).toBe(0.95))).toBe("expected  0.95\nreceived  1.05");
    expect(said(() => matchers(1 + 1e-12).toBe(1))).toBe("expected  1\nreceived  1.000000000001");
    expect(said(() => matchers("max").toBe("min"))).toBe('expected  "min"\nreceived  "max"');
    expect(said(() => matchers(undefined).toBe(3))).toBe("expected  3\nreceived  undefined");
  });

  test("NaN is NaN and −0 is 0", () => {
    expect(said(() => matchers(Number.NaN).toBe(Number.NaN))).toBeNull();
    expect(said(() => matchers(-0).toBe(0))).toBeNull();
  });

  test("refuses to compare arrays, and says what to use", () => {
    expect(said(() => matchers([1]).toBe([1]))).toContain("toEqual");
  });
});

describe("toBeCloseTo", () => {
  test("the tolerance is absolute, 1e-6 unless given, and says how far off", () => {
    expect(said(() => matchers(1 + 9e-7).toBeCloseTo(1))).toBeNull();
    expect(said(() => matchers(1.1).toBeCloseTo(1, 0.01))).toBe(
      "expected  1 (± 0.01)\nreceived  1.1\noff by    0.1",
    );
  });

  test("with a relative tolerance the expected number counts", () => {
    expect(said(() => matchers(1000.5).toBeCloseTo(1000, { relative: 1e-3 }))).toBeNull();
    expect(said(() => matchers(1.5).toBeCloseTo(1, { relative: 1e-3 }))).toContain("(± 0.001 relative)");
  });

  test("NaN and what is no number fail, with .not too", () => {
    for (const received of [Number.NaN, undefined, null, "1", [1], {}]) {
      expect(said(() => matchers(received).toBeCloseTo(1))).not.toBeNull();
      expect(said(() => matchers(received).not.toBeCloseTo(1))).not.toBeNull();
    }
  });

  test("an infinity is close to itself only", () => {
    expect(said(() => matchers(Infinity).toBeCloseTo(Infinity))).toBeNull();
    expect(said(() => matchers(1e308).toBeCloseTo(Infinity))).not.toBeNull();
    expect(said(() => matchers(-Infinity).toBeCloseTo(Infinity))).not.toBeNull();
    expect(said(() => matchers(Infinity).toBeCloseTo(1, { relative: 1 }))).not.toBeNull();
  });

  test("a tolerance that is no number is the author's mistake, never a pass", () => {
    expect(said(() => matchers(1).toBeCloseTo(1, Number.NaN))).toContain("misuse");
  });

  test("holds exactly when the distance is within the tolerance", () => {
    const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1e6, noNaN: true }), (a, b, tolerance) => {
        const holds = said(() => matchers(a).toBeCloseTo(b, tolerance)) === null;
        expect(holds).toBe(Math.abs(a - b) <= tolerance);
        expect(said(() => matchers(a).not.toBeCloseTo(b, tolerance)) === null).toBe(!holds);
      }),
    );
  });
});

describe("toBeCloseToArray", () => {
  test("says where the first difference is, and how many there are", () => {
    const message = said(() =>
      matchers([
        [0, 0],
        [0, 0],
      ]).toBeCloseToArray(
        [
          [0, -2],
          [-2, 0],
        ],
        1e-6,
      ),
    );
    expect(message).toBe(
      [
        "expected  [[0, -2], [-2, 0]] (± 0.000001)",
        "received  [[0, 0], [0, 0]]",
        "first difference at [0][1]: expected -2, received 0 (2 of 4 entries differ)",
      ].join("\n"),
    );
  });

  test("shapes must agree", () => {
    expect(said(() => matchers([1, 2]).toBeCloseToArray([1, 2, 3]))).toContain(
      "expected length 3, received length 2",
    );
    expect(said(() => matchers([1, [2]]).toBeCloseToArray([1, 2]))).toContain(
      "at [1]: expected 2, received [2]",
    );
    expect(said(() => matchers(1).toBeCloseToArray([1]))).toContain(
      "expected an array of 1, received a number",
    );
  });

  test("typed arrays and arrays of them compare by their numbers", () => {
    expect(said(() => matchers(new Float64Array([1, 2])).toBeCloseToArray([1, 2]))).toBeNull();
    expect(said(() => matchers([new Float32Array([1])]).toBeCloseToArray([[1]]))).toBeNull();
  });

  test("an array with NaN, or no array at all, fails with .not too", () => {
    expect(said(() => matchers([Number.NaN]).not.toBeCloseToArray([1]))).not.toBeNull();
    expect(said(() => matchers(undefined).not.toBeCloseToArray([1]))).not.toBeNull();
    expect(said(() => matchers([2]).not.toBeCloseToArray([1]))).toBeNull();
  });

  test("long arrays are cut", () => {
    const long = Array.from({ length: 1000 }, (_, i) => i);
    const message = said(() => matchers(long.map((x) => x + 1)).toBeCloseToArray(long));
    expect(message).toContain("… 992 more");
    expect(message!.length).toBeLessThan(300);
  });

  test("a matrix too wide for one line has a row on each, lined up", () => {
    const matrix = Array.from({ length: 3 }, (_, i) => Array.from({ length: 6 }, (_, j) => i + j / 7));
    const message = said(() => matchers(matrix).toBeCloseToArray([[1]]));
    expect(message!.split("\n")[2]).toMatch(/^ {11}\[1, 1\.14286/);
  });
});

describe("toEqual", () => {
  test("objects and nested arrays, with the path of the first difference", () => {
    expect(said(() => matchers({ w: 1, v: [1, 2] }).toEqual({ w: 1, v: [1, 2] }))).toBeNull();
    expect(said(() => matchers({ w: 1, v: [1, 3] }).toEqual({ w: 1, v: [1, 2] }))).toContain(
      "first difference at v[1]: expected 2, received 3",
    );
    expect(said(() => matchers({ w: 1 }).toEqual({ w: 1, v: 2 }))).toContain("the property “v” is missing");
    expect(said(() => matchers({ w: 1, v: 2 }).toEqual({ w: 1 }))).toContain("a property “v” too many");
    expect(said(() => matchers([]).toEqual({}))).not.toBeNull();
  });

  test("a received value that contains itself ends with a message", () => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle["self"] = cycle;
    expect(said(() => matchers(cycle).toEqual({ a: 1, self: { a: 1, self: null } }))).toContain("self.self");
  });
});

describe("order, length, contents, conditions", () => {
  test("order needs a number, with .not too", () => {
    expect(said(() => matchers(2).toBeGreaterThan(1))).toBeNull();
    expect(said(() => matchers(1).toBeGreaterThan(1))).toBe("expected  more than 1\nreceived  1");
    expect(said(() => matchers(1).toBeGreaterThanOrEqual(1))).toBeNull();
    expect(said(() => matchers(1).toBeLessThanOrEqual(0.5))).toBe("expected  at most 0.5\nreceived  1");
    for (const received of [Number.NaN, undefined, "5"]) {
      expect(said(() => matchers(received).toBeLessThan(9))).not.toBeNull();
      expect(said(() => matchers(received).not.toBeLessThan(3))).not.toBeNull();
    }
  });

  test("true is true and nothing else", () => {
    expect(said(() => matchers(true).toBeTrue())).toBeNull();
    expect(said(() => matchers(1).toBeTrue())).toBe("expected  true\nreceived  1");
    expect(said(() => matchers(false).toBeFalse())).toBeNull();
    expect(said(() => matchers(Infinity).toBeFinite())).toBe("expected  a finite number\nreceived  Infinity");
  });

  test("length and contents", () => {
    expect(said(() => matchers([1, 2]).toHaveLength(3))).toBe(
      "expected  length 3\nreceived  length 2: [1, 2]",
    );
    expect(said(() => matchers(undefined).not.toHaveLength(3))).not.toBeNull();
    expect(said(() => matchers([[1], [2]]).toContain([2]))).toBeNull();
    expect(said(() => matchers("saddle").toContain("add"))).toBeNull();
    expect(said(() => matchers([1]).toContain(2))).toBe("expected  to contain 2\nreceived  [1]");
  });

  test("a condition of the author's holds only when it says true", () => {
    expect(said(() => matchers(4).toSatisfy((x: number) => x % 2 === 0))).toBeNull();
    expect(said(() => matchers(3).toSatisfy((x: number) => x % 2 === 0, "an even number"))).toBe(
      "expected  an even number\nreceived  3",
    );
    expect(said(() => matchers(3).toSatisfy((() => "yes") as never))).not.toBeNull();
  });
});

describe("the author's words", () => {
  test("travel apart from inputs and expected values", () => {
    const failure = { kind: "expectation", words: "the sign is wrong", detail: "expected  2\nreceived  1" };
    expect(() => matchers(1, "the sign is wrong").toBe(2)).toThrow(JSON.stringify(failure));
  });
});

describe("the end of a test", () => {
  test("a test that checked nothing fails", async () => {
    await expect(new Expectations(noCalls).finish()).rejects.toThrow("found nothing to check");
  });

  test("a promise given to expect is the author's mistake", () => {
    expect(said(() => matchers(Promise.resolve(1)).toBe(1))).toContain("write `await`");
  });

  test("every matcher either holds or does not, and .not is its opposite for comparable values", () => {
    const value = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.array(fc.integer()),
      fc.dictionary(fc.string(), fc.integer()),
    );
    fc.assert(
      fc.property(value, value, (a, b) => {
        const plain = said(() => matchers(a).toEqual(b)) === null;
        expect(said(() => matchers(a).not.toEqual(b)) === null).toBe(!plain);
      }),
    );
  });
});
