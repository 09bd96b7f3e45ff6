// A folder in which most submissions attack: every verdict is right, nothing outside is touched, the run ends by itself,
// and one that was broken off is resumed. `npm run bench:hostile` does the same with five hundred.
import { afterAll, expect, test } from "vitest";
import { runHostileFolder } from "./grade/hostile.ts";
import { removeFolders } from "./grade/support.ts";

afterAll(removeFolders);

test("a hostile folder", { timeout: 300_000 }, async () => {
  const { findings, report } = await runHostileFolder({
    rounds: 1,
    costlyRounds: 1,
    costly: ({ name }) => ["loop-at-load", "microtasks", "heap-bomb", "array-bomb"].includes(name),
  });
  expect(findings).toEqual([]);
  expect(report.students.length).toBeGreaterThan(40);
});
