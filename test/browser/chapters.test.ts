// Every chapter of the course in a real browser: its cells run, in order, and show what they show in Node;
// and its page, once all has run, is sound for every reader.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Chapter } from "../lessons/support/chapter.ts";
import { violations } from "./support/axe.ts";
import { BuiltSite } from "./support/built-site.ts";
import { LessonPage } from "./support/lesson-page.ts";
import { ScriptedPage } from "./support/scripted-page.ts";
import { differences, shownBy } from "./support/shown.ts";

const { lessons } = parse(readFileSync(new URL("../../lessons/course.yaml", import.meta.url), "utf8")) as {
  lessons: string[];
};

/** Cells that may show other numbers on another machine, and why. */
const ofTheMachine: Record<string, string[]> = {
  // Measures the reader's machine; and with the last bits of `Math.exp` one particle of four hundred goes another way.
  "batch-size": ["stopwatch", "escapes"],
  // A run that bounces at the limit of what numbers can tell apart.
  "adaptive-rates": ["rotation"],
  // Shows how large rounding errors are.
  "putting-it-together": ["same-steps"],
};

const site = new BuiltSite();
let scripted: ScriptedPage;

beforeAll(async () => {
  scripted = await ScriptedPage.open("test/browser/support/chapter-page.ts");
});
afterAll(() => scripted?.close());

describe.each(lessons)("%s", (id) => {
  it("shows in Chromium's sandbox what it shows in Node", { timeout: 240_000 }, async () => {
    const chapter = await Chapter.open(id);
    const inBrowser = scripted.page.evaluate(([cells, data]) => window.runChapter(cells, data), [
      chapter.cells,
      await chapter.data(),
    ] as const);
    await chapter.session.runAll();
    const shown = await inBrowser;
    expect(shown.filter(({ status }) => status !== "ok")).toEqual([]);
    const known = ofTheMachine[id] ?? [];
    const different = differences(shownBy(chapter.session), shown, 1e-9);
    expect(different.filter(({ cell }) => !known.includes(cell))).toEqual([]);
  });

  it(
    "as a page: all runs by one button, axe finds nothing, a phone does not scroll sideways",
    {
      timeout: 240_000,
    },
    async () => {
      const page = await LessonPage.open(site.browser, `${site.course}${id}/`, { bypassCSP: true });
      await page.ready();
      await page.skipPredictions();
      await page.button("Run all").click();
      const open = page.page.locator('[data-island="cell"] [data-activity]:not([data-activity="ok"])');
      await expect.poll(() => open.count(), { timeout: 200_000, interval: 250 }).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.page.setViewportSize({ width: 390, height: 844 });
      const overflow = () =>
        page.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      await expect.poll(overflow).toBe(0);
      expect(page.complaints).toEqual([]);
      await page.close();
    },
  );
});
