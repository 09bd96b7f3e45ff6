// The line that tells how far a run has come.
import { expect, test } from "vitest";
import { duration, progressLine } from "../../src/cli/grade/progress.ts";

const tally = { total: 200, done: 50, kept: 0, timeouts: 0, unjudged: 0 };

test("it counts, and names what needs attention", () => {
  expect(progressLine({ ...tally, timeouts: 3, unjudged: 1 }, 10_000)).toBe(
    "[######------------------] 50/200 · 3 with a timeout · 1 not judged · 30 s left",
  );
});

test("the time left goes by what was judged, not by what was known before", () => {
  expect(progressLine({ ...tally, kept: 40 }, 10_000)).toContain("· 3 min left");
});

test("it promises nothing at the start, and nothing at the end", () => {
  expect(progressLine({ ...tally, done: 2 }, 10_000)).toBe("[------------------------] 2/200");
  expect(progressLine({ ...tally, done: 200 }, 10_000)).toBe("[########################] 200/200");
});

test("times are written as people say them", () => {
  expect([1, 89_000, 91_000, 3_600_000, 7_800_000].map(duration)).toEqual([
    "1 s",
    "89 s",
    "2 min",
    "60 min",
    "2 h 10 min",
  ]);
});
