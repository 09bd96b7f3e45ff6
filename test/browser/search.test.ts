// Finding things: the search over chapters, glossary and reference, and the glossary as a page.
import { describe, expect, it } from "vitest";
import { violations } from "./support/axe.ts";
import { BuiltSite } from "./support/built-site.ts";
import { LessonPage } from "./support/lesson-page.ts";

const site = new BuiltSite();
const open = (path: string, options = {}) => LessonPage.open(site.browser, `${site.course}${path}`, options);

const methods = [
  "SWATS",
  "Adagrad",
  "RMSProp",
  "Adam",
  "momentum",
  "warm-up",
  "learning rate decay",
  "batch norm",
  "feature normalisation",
  "cross-entropy",
  "saddle point",
  "Hessian",
  "mini-batch",
  "epoch",
  "ReLU",
  "swish",
  "sigmoid",
  "residual",
  "initialisation",
  "overfitting",
  "augmentation",
  "k-fold",
  "mismatch",
  "flat minimum",
  "running average",
  "bias correction",
  "Nesterov",
  "softmax",
  "weight decay",
  "clipping",
];

describe("the search", () => {
  it("is a click away on every page, finds a term first, and Enter goes there", async () => {
    const chapter = await site.openChapter();
    await chapter.page.getByRole("link", { name: "Search" }).first().click();
    const field = chapter.page.getByRole("searchbox");
    await field.fill("saddle po");
    await chapter.page.getByRole("status").filter({ hasText: /place/ }).waitFor();
    const first = chapter.page.locator(".found a").first();
    expect(await first.textContent()).toBe("saddle point");
    await field.press("Enter");
    await chapter.page.waitForURL(/critical-points\/#when-the-slope-is-gone/);
    await chapter.page.goBack();
    await expect.poll(() => chapter.page.getByRole("searchbox").inputValue()).toBe("saddle po");
    await chapter.page.locator(".found a").first().waitFor();
    expect(chapter.complaints).toEqual([]);
    await chapter.close();
  });

  it("finds every method of the course in a chapter", async () => {
    const search = await open("search/");
    const inChapters = search.page.locator('.found li:not([data-kind="name"]) a');
    for (const words of methods) {
      await search.page.getByRole("searchbox").fill(words);
      await expect.poll(() => inChapters.count(), { message: words }).toBeGreaterThan(0);
      await search.page.getByRole("searchbox").fill("");
      await expect.poll(() => inChapters.count()).toBe(0);
    }
    await search.close();
  });

  it("says so when there is nothing", async () => {
    const search = await open("search/?q=xylophone");
    const status = search.page.getByRole("status");
    await expect.poll(() => status.textContent()).toMatch(/^Nothing found/);
    await search.close();
  });
});

describe("search and glossary", () => {
  it.each([["search/?q=gradient"], ["glossary/"]])("%s: axe finds nothing, light and dark", async (path) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await open(path, { colorScheme, bypassCSP: true });
      if (path.startsWith("search")) await page.page.locator(".found a").first().waitFor();
      expect(await violations(page)).toEqual([]);
      expect(page.complaints).toEqual([]);
      await page.close();
    }
  });

  it("do not scroll sideways on a phone", async () => {
    for (const path of ["search/?q=gradient", "glossary/"]) {
      const page = await open(path, {
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
      });
      if (path.startsWith("search")) await page.page.locator(".found a").first().waitFor();
      const overflow = await page.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([path, overflow]).toEqual([path, 0]);
      await page.close();
    }
  });

  it("a term of the glossary leads to where it is taught, with scripts off too", async () => {
    const page = await open("glossary/", { javaScriptEnabled: false });
    const term = page.page.locator(".term").filter({ hasText: "saddle point" }).first();
    await term.getByRole("link").first().click();
    await expect.poll(() => page.page.url()).toMatch(/critical-points\/#when-the-slope-is-gone/);
    await page.close();
  });
});
