import fc from "fast-check";
import { expect, test } from "vitest";
import {
  curveOf,
  filled,
  heightsOf,
  sketchColumns,
  stroke,
} from "../../../src/notebook/outputs/sketch-curve.ts";

const domain: [number, number] = [0, 200];
const empty = heightsOf(null, domain);

test("a stroke is a straight line between its ends, in either direction", () => {
  const right = stroke(empty, { column: 0, y: 0 }, { column: 4, y: 4 });
  expect(right.slice(0, 6)).toEqual([0, 1, 2, 3, 4, null]);
  const left = stroke(empty, { column: 4, y: 4 }, { column: 0, y: 0 });
  expect(left.slice(0, 6)).toEqual([0, 1, 2, 3, 4, null]);
});

test("a curve that is kept and read again is the same curve", () => {
  const height = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null });
  fc.assert(
    fc.property(fc.array(height, { minLength: sketchColumns, maxLength: sketchColumns }), (heights) => {
      expect(heightsOf(curveOf(heights, domain), domain)).toEqual(heights);
    }),
  );
});

test("gaps are bridged and ends extended level", () => {
  const heights = [...empty];
  heights[2] = 1;
  heights[4] = 3;
  const whole = filled(heights, 0);
  expect(whole.slice(0, 6)).toEqual([1, 1, 1, 2, 3, 3]);
  expect(whole.at(-1)).toBe(3);
  expect(filled(empty, 0.5).every((value) => value === 0.5)).toBe(true);
});
