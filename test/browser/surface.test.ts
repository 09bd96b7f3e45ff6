// The picture a newcomer meets first: a ball on an error surface, in three dimensions where the browser can draw them.
import { describe, expect, it } from "vitest";
import { BuiltSite } from "./support/built-site.ts";

const title = "A ball on the error surface of the smallest deep network";

const site = new BuiltSite({ webgl: true });

describe("the first picture, without anything pressed", () => {
  it("is a surface whose ball can be let roll, stepped through and put back", async () => {
    const lesson = await site.openChapter();
    const figure = lesson.page.getByRole("figure", { name: title, exact: true });
    await figure.scrollIntoViewIfNeeded();
    await figure.locator("canvas").first().waitFor();
    const step = figure.getByRole("slider", { name: "Step", exact: true });
    await step.focus();
    await lesson.page.keyboard.press("End");
    const last = Number(await step.getAttribute("max"));
    expect(last).toBeGreaterThan(100);
    await expect.poll(async () => Number(await step.inputValue())).toBe(last);
    await figure.getByRole("button", { name: "Restart", exact: true }).click();
    await expect.poll(async () => Number(await step.inputValue())).toBeLessThan(last);
    expect(lesson.complaints).toEqual([]);
    await lesson.close();
  }, 120_000);

  it("has a ball that the arrow keys move, and descent begins where it was put", async () => {
    const lesson = await site.openChapter();
    const figure = lesson.page.getByRole("figure", { name: title, exact: true });
    await figure.scrollIntoViewIfNeeded();
    await figure.locator("canvas").first().waitFor();
    const ball = figure.getByRole("slider", { name: "ball", exact: true });
    const before = await ball.getAttribute("aria-valuetext");
    await ball.focus();
    await lesson.page.keyboard.press("ArrowLeft");
    await expect.poll(() => ball.getAttribute("aria-valuetext")).not.toBe(before);
    await figure.getByText("Show data").click();
    const firstRow = figure.getByRole("table").first().getByRole("row").nth(1);
    await expect.poll(() => firstRow.textContent()).not.toContain("1.5");
    await lesson.close();
  }, 120_000);

  it("is still drawn after the reader has scrolled away and come back", async () => {
    const lesson = await site.openChapter();
    const canvas = lesson.cell("ball").locator("canvas");
    await canvas.waitFor();
    for (const to of ["bottom", "top"] as const) {
      const before = await canvas.elementHandle();
      await lesson.page.evaluate(
        (end) =>
          scrollTo({ top: end === "top" ? 0 : document.documentElement.scrollHeight, behavior: "instant" }),
        to,
      );
      // Each visit has a canvas of its own.
      await expect.poll(() => before?.evaluate((element) => element.isConnected)).toBe(false);
    }
    await canvas.waitFor();
    const lost = await canvas.evaluate((element) =>
      (element as HTMLCanvasElement).getContext("webgl2")?.isContextLost(),
    );
    expect(lost).toBe(false);
    expect(lesson.complaints).toEqual([]);
    await lesson.close();
  }, 60_000);
});
