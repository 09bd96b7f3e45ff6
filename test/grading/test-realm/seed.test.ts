// `seed` in a test: the same text gives the same numbers, other texts give others.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSeed, hashText } from "../../../src/grading/test-realm/seed.ts";
import { testModule } from "../../../src/grading/worker.ts";

function seedOf(text: string) {
  const module = testModule({ hostCall: () => Promise.reject(new Error("no call was meant to be made")) });
  return module.ambient({ seed: text, declares: [] }).seed;
}

describe("random numbers of a case", () => {
  test("are the same for the same seed and differ for another", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(seedOf(a).normals(5)).toEqual(seedOf(a).normals(5));
        expect(seedOf(a).normals(5)).not.toEqual(seedOf(`${a}${b}.`).normals(5));
      }),
    );
  });

  test("stay the same from one version to the next", () => {
    expect(hashText("visible case 0")).toBe(7_687_379_108_590_286);
    expect(seedOf("visible case 0").integers(6, 0, 9)).toEqual([9, 2, 1, 1, 5, 1]);
  });

  test("keep within their bounds", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.nat(50), (text, min, width) => {
        const seed = seedOf(text);
        const max = min + width;
        expect(seed.integers(20, min, max).every((x) => Number.isInteger(x) && x >= min && x <= max)).toBe(
          true,
        );
        expect(seed.uniforms(20, min, max).every((x) => x >= min && (x < max || width === 0))).toBe(true);
      }),
    );
  });

  test("a permutation has each index once, and a choice comes from the array", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, n) => {
        const order = seedOf(text).permutation(n);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        expect(order).toContain(seedOf(text).choice(order));
      }),
    );
  });

  test("normal numbers have the mean and deviation asked for", () => {
    const numbers = seedOf("many").normals(4000, 3, 2);
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
    expect(mean).toBeCloseTo(3, 0);
    expect(Math.sqrt(variance)).toBeCloseTo(2, 0);
  });

  test("wrong counts and bounds are refused", () => {
    const seed = createSeed({ uniform: () => 0.5, normal: () => 0 });
    expect(() => seed.normals(-1)).toThrow("count");
    expect(() => seed.integer(1.5, 2)).toThrow("integers");
    expect(() => seed.uniform(2, 1)).toThrow("max");
    expect(() => seed.choice([])).toThrow("empty");
  });
});
