import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { count, formatNumber, parseNumber } from "../../../src/notebook/outputs/numbers.ts";
import {
  fromPosition,
  inputText,
  positions,
  toPosition,
  type SliderRange,
} from "../../../src/notebook/outputs/slider-scale.ts";

describe("numbers for readers", () => {
  test.each([
    [0, "0"],
    [-0.5, "−0.5"],
    [1 / 3, "0.3333"],
    [20_000, "20\u202F000"],
    [1234, "1234"],
    [1e-12, "10⁻¹²"],
    [1.5e-7, "1.5×10⁻⁷"],
    [-2.5e9, "−2.5×10⁹"],
    [0.99999, "1"],
    [999_999.9, "10⁶"],
    [NaN, "NaN"],
    [-Infinity, "−∞"],
  ])("%d is written %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test("what is counted agrees with its number", () => {
    expect(count(1, "line")).toBe("1 line");
    expect(count(0, "entry", "entries")).toBe("0 entries");
  });

  test("what a person types is understood", () => {
    expect(parseNumber(" −0,25 ")).toBe(-0.25);
    expect(parseNumber("1e-3")).toBe(0.001);
    expect(parseNumber("")).toBeNull();
    expect(parseNumber("fast")).toBeNull();
    expect(parseNumber("Infinity")).toBeNull();
  });
});

describe("sliders", () => {
  const linear: SliderRange = { min: 0.01, max: 1, step: 0.01, scale: "linear" };
  const log: SliderRange = { min: 1e-4, max: 1, step: 0, scale: "log" };

  test("the middle of a log slider is the geometric mean", () => {
    expect(fromPosition(positions(log) / 2, log)).toBeCloseTo(0.01, 12);
  });

  test("values carry no noise of binary fractions", () => {
    expect(fromPosition(29, linear)).toBe(0.3);
    expect(inputText(0.3, linear)).toBe("0.30");
    expect(inputText(0.123, linear)).toBe("0.123");
  });

  test("a thumb stays where it was put, and the ends are exact", () => {
    const ranges = fc
      .record({
        min: fc.double({ min: -100, max: 100, noNaN: true }),
        span: fc.double({ min: 0.01, max: 1000, noNaN: true }),
        places: fc.integer({ min: 1, max: 500 }),
        scale: fc.constantFrom("linear" as const, "log" as const),
      })
      .map(({ min, span, places, scale }): SliderRange => ({
        min,
        max: min + span,
        step: span / places,
        scale,
      }));
    fc.assert(
      fc.property(ranges, fc.double({ min: 0, max: 1, noNaN: true }), (range, share) => {
        const place = Math.round(share * positions(range));
        const value = fromPosition(place, range);
        expect(value).toBeGreaterThanOrEqual(range.min);
        expect(value).toBeLessThanOrEqual(range.max);
        // Three significant digits of a log value may fall on the next place when places are dense.
        expect(Math.abs(toPosition(value, range) - place)).toBeLessThanOrEqual(range.scale === "log" ? 1 : 0);
        expect(fromPosition(positions(range), range)).toBe(range.max);
        expect(fromPosition(0, range)).toBe(range.min);
      }),
    );
  });

  test("a slider without room, or with a step of zero, does not divide by it", () => {
    expect(positions({ min: 1, max: 1, step: 0.1, scale: "linear" })).toBe(0);
    expect(positions({ min: 0, max: 1, step: 0, scale: "linear" })).toBe(200);
    expect(toPosition(5, { min: 1, max: 1, step: 0.1, scale: "linear" })).toBe(0);
  });
});
