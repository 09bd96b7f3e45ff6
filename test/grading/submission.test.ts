// What a student hands in, the seeds a course derives, and solutions as the site stores them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  deriveSeed,
  openSolution,
  parseSubmission,
  sealSolution,
  toSubmission,
} from "../../src/grading/index.ts";

const work = {
  course: "descent",
  lesson: "critical-points",
  lessonVersion: "abc",
  student: "s001",
  answers: { classify: "export const classify = () => 1;" },
  quizzes: { "flat-loss": [1] },
  at: new Date(Date.UTC(2026, 10, 21, 12)),
};

describe("submissions", () => {
  test("what is written can be read", () => {
    const submission = toSubmission(work);
    expect(submission).toMatchObject({
      format: "descent-submission/1",
      exportedAt: "2026-11-21T12:00:00.000Z",
    });
    expect(parseSubmission(JSON.stringify(submission))).toEqual({ ok: true, submission });
  });

  test("unknown fields are kept", () => {
    const submission = { ...toSubmission(work), note: "handed in late" };
    expect(parseSubmission(submission)).toEqual({ ok: true, submission });
  });

  test("what is wrong is told with the field's name", () => {
    const broken = { ...toSubmission(work), answers: { classify: 3 }, exportedAt: "yesterday" };
    const parsed = parseSubmission(broken);
    expect(parsed).toMatchObject({ ok: false });
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems).toEqual([
      expect.stringMatching(/^answers\.classify: /),
      expect.stringMatching(/^exportedAt: must be a time/),
    ]);
    expect(parseSubmission({ ...toSubmission(work), format: "descent-submission/9" })).toMatchObject({
      ok: false,
    });
  });

  test("any text whatsoever is either read or refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseSubmission(text).ok).toBe(false);
      }),
    );
  });
});

describe("secret seeds", () => {
  test("the same four values give the same seed, any other value another", async () => {
    const seed = await deriveSeed("key", "classify", "v1", "s001");
    expect(seed).toMatch(/^[0-9a-f]{64}$/);
    expect(await deriveSeed("key", "classify", "v1", "s001")).toBe(seed);
    const others = await Promise.all([
      deriveSeed("key2", "classify", "v1", "s001"),
      deriveSeed("key", "hess", "v1", "s001"),
      deriveSeed("key", "classify", "v2", "s001"),
      deriveSeed("key", "classify", "v1", "s002"),
      deriveSeed("key", "classifyv1", "", "s001"),
    ]);
    expect(new Set([seed, ...others]).size).toBe(6);
  });

  test("is HMAC-SHA-256 of the three ids as a JSON list", async () => {
    const { createHmac } = await import("node:crypto");
    const expected = createHmac("sha256", "key").update('["classify","v1","s001"]').digest("hex");
    expect(await deriveSeed("key", "classify", "v1", "s001")).toBe(expected);
  });

  test("an empty key is refused", async () => {
    await expect(deriveSeed("", "classify", "v1", "s001")).rejects.toThrow("key");
  });
});

describe("sealed solutions", () => {
  test("open to the very same text, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 300 }), async (source) => {
        expect(await openSolution(await sealSolution(source))).toBe(source);
      }),
    );
  });

  test("show nothing of it", async () => {
    const sealed = await sealSolution("export const answer = secretIngredient;");
    expect(sealed).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(atob(sealed)).not.toContain("secretIngredient");
  });

  test("what was not sealed does not open", async () => {
    await expect(openSolution("not sealed at all")).rejects.toThrow(/invalid|correctly encoded/i);
  });
});
