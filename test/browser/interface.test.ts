// What the page feels like under a hand: nothing jumps, nothing changes its meaning under a click, the focus stays.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { BuiltSite } from "./support/built-site.ts";

const site = new BuiltSite();

const open = () => site.workInChapter();
const focused = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent,
  );

describe("the button that runs a cell", () => {
  it("does not become Stop under a double click", async () => {
    const lesson = await open();
    await lesson.waitFor("local-model", "ok");
    const cell = lesson.cell("by-machine");
    await lesson.button("Run Cell by-machine").dblclick();
    await expect.poll(() => cell.getAttribute("data-activity")).toMatch(/^(ok|stopped|error)$/);
    expect(await cell.getAttribute("data-activity")).toBe("ok");
    await lesson.close();
  });

  it("keeps the focus while it becomes Stop and Run again", async () => {
    const lesson = await open();
    await lesson.waitFor("local-model", "ok");
    await lesson.type(lesson.cell("network"), "for (;;) {}");
    await lesson.button("Run Cell network").press("Enter");
    await lesson.button("Stop Cell network").waitFor();
    expect(await focused(lesson.page)).toBe("Stop Cell network");
    await lesson.page.keyboard.press("Enter");
    await lesson.waitFor("network", "stopped");
    await lesson.button("Run Cell network").waitFor();
    expect(await focused(lesson.page)).toBe("Run Cell network");
    await lesson.close();
  });
});

describe("a cell's other buttons", () => {
  it("hand the focus on when they go away", async () => {
    const lesson = await open();
    await lesson.type(lesson.cell("network"), "const mine = 1;");
    await lesson.button("Reset Cell network to the author's text").press("Enter");
    await expect.poll(() => focused(lesson.page)).toContain("Undo reset");
    await lesson.page.keyboard.press("Enter");
    await expect.poll(() => focused(lesson.page)).toBe("Reset Cell network to the author's text");
    expect(await lesson.cell("network").locator(".code").first().textContent()).toContain("const mine");
    await lesson.close();
  });
});

describe("an error in folded code", () => {
  it("unfolds it, and is not marked in another text", async () => {
    const lesson = await open();
    const ball = lesson.cell("ball");
    const fold = ball.locator("summary", { hasText: "Code" });
    await fold.click();
    await lesson.type(ball, "missing;");
    await fold.click();
    await ball.getByRole("button", { name: /^Run/ }).click();
    await lesson.waitFor("ball", "error");
    await ball.locator(".code-error").waitFor({ state: "visible" });
    await ball.getByRole("button", { name: /^Reset/ }).click();
    await ball.getByText("errorAt").first().waitFor();
    await ball.and(lesson.page.locator("[data-stale]")).waitFor();
    expect(await ball.locator(".code-error").count()).toBe(0);
    await lesson.close();
  });
});

describe("while the page opens", () => {
  for (const [device, width, height] of [
    ["a desktop", 1280, 900],
    ["a phone", 390, 844],
  ] as const)
    it(`nothing jumps on ${device}`, async () => {
      const context = await site.browser.newContext({ viewport: { width, height } });
      const page = await context.newPage();
      await page.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(globalThis, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            shifts.push((entry as PerformanceEntry & { value: number }).value);
        }).observe({ type: "layout-shift", buffered: true });
      });
      await page.goto(site.chapter);
      await page.locator('[data-cell="slice"][data-activity="ok"]').waitFor();
      await page.locator('[data-cell="ball"] figure').waitFor();
      // A shift is told after the frame in which it was painted.
      const total = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            requestAnimationFrame(() =>
              requestAnimationFrame(() => {
                const { shifts } = globalThis as unknown as { shifts: number[] };
                resolve(shifts.reduce((sum, shift) => sum + shift, 0));
              }),
            );
          }),
      );
      expect(total).toBeLessThan(0.02);
      await context.close();
    });
});

describe("the work menu", () => {
  it("exports the work, resets the lesson, and imports the work again", async () => {
    const lesson = await open();
    const { page } = lesson;
    await lesson.type(lesson.cell("network"), "const mine = 'kept in a file';");
    const menu = page.locator(".work-menu > summary");
    await menu.click();
    await lesson.button("Export my work").click();
    await page.getByLabel(/student id/).fill("s123");
    const [download] = await Promise.all([page.waitForEvent("download"), lesson.button("Export").click()]);
    const file = await download.path();
    await menu.click();
    await lesson.button("Reset this lesson…").click();
    await lesson.button("Reset this lesson").click();
    await expect.poll(() => lesson.cell("network").textContent()).not.toContain("kept in a file");
    await menu.click();
    await page.locator(".work-menu input[type=file]").setInputFiles(file);
    await expect.poll(() => lesson.cell("network").textContent()).toContain("kept in a file");
    expect(lesson.complaints).toEqual([]);
    await lesson.close();
  });
});

describe("the words about points", () => {
  it("agree: the header's points here are the toolbar's", async () => {
    const lesson = await open();
    const here = /(\d+) here/.exec((await lesson.page.locator(".eyebrow").textContent()) ?? "")?.[1];
    expect(here).toMatch(/\d/);
    expect(await lesson.page.getByRole("toolbar", { name: "Lesson" }).textContent()).toContain(
      `0 of ${here} points here`,
    );
    await lesson.close();
  });
});
