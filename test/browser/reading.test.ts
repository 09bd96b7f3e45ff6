// The built site as a reader meets it before anything runs: on any host, without scripts, on a phone, for assistive software.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { violations } from "./support/axe.ts";
import { BuiltSite } from "./support/built-site.ts";
import { builtFolder, LessonPage } from "./support/lesson-page.ts";

const site = new BuiltSite();

describe("under a sub-path of a plain static host", () => {
  it("the course leads to its chapters, and the page complains of nothing", async () => {
    const course = await site.openCourse();
    await course.page
      .getByRole("link", { name: /Where the gradient is zero/ })
      .first()
      .click();
    await course.ready();
    expect(course.page.url()).toBe(site.chapter);
    await course.waitFor("ball", "ok");
    expect(course.complaints).toEqual([]);
    await course.close();
  });

  it("asks nobody but that host for anything", async () => {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(site.chapter);
    await page.locator('[data-cell="ball"][data-activity="ok"]').waitFor();
    expect(asked.filter((url) => !url.startsWith(site.course) && !url.startsWith("blob:"))).toEqual([]);
    await context.close();
  });
});

describe("with scripts off", () => {
  it("prose, formulas, code, exercises and questions are all there to read, and no button that could not work", async () => {
    const lesson = await site.openChapter({
      javaScriptEnabled: false,
    });
    const { page } = lesson;
    // Not innerText, which leaves out sections that are not on the screen.
    const text = (await page.locator("main").textContent()) ?? "";
    expect(text).toContain("The ball rushes down");
    expect(text).toContain("const loss = (w: Tensor)");
    expect(text).toContain("What does this program print?");
    expect(text).toContain("A minimum, because no eigenvalue is negative.");
    expect(await page.locator(".katex").count()).toBeGreaterThan(100);
    expect(await page.locator("pre .tok-keyword").count()).toBeGreaterThan(20);
    expect(await page.getByRole("button").count()).toBe(0);
    await lesson.close();
  });

  it("no solution, hidden test or misconception can be found in any file of the site", async () => {
    const secrets = [
      "const mixed = 4 * w1 * w2 - 2",
      "[mixed, 2 * w1 * w1]",
      "even saddle",
      "row.reduce((sum, entry) => sum + entry * 0, 0)",
    ];
    const source = await readFile(
      new URL("../../lessons/critical-points/lesson.md", import.meta.url),
      "utf8",
    );
    expect(secrets.filter((secret) => !source.includes(secret))).toEqual([]);
    const names = await readdir(builtFolder, { recursive: true, withFileTypes: true });
    const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
    expect(files.length).toBeGreaterThan(30);
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
    expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
  });
});

describe("on a phone of 390 pixels", () => {
  it("the page never scrolls sideways, before and after its cells ran", async () => {
    const lesson = await site.openChapter({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const overflow = () =>
      lesson.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    await lesson.ready();
    await lesson.waitFor("local-model", "ok");
    await lesson.run("by-machine");
    await lesson.waitFor("by-machine", "ok");
    expect(await overflow()).toBe(0);
    await lesson.close();
  });
});

describe("the author's guide", () => {
  it("is found from the foot of the course page, and fits a phone", async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true };
    const course = await LessonPage.open(site.browser, site.course, phone);
    await course.page.getByRole("link", { name: "Author's guide" }).click();
    await course.ready();
    await course.waitFor("norm", "ok");
    await course.page.getByRole("heading", { name: "Author's guide" }).waitFor();
    await course.run("measured");
    await course.waitFor("measured", "ok");
    expect(
      await course.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      ),
    ).toBe(0);
    expect(course.complaints).toEqual([]);
    await course.close();
  });

  it("is no chapter: the course does not list it", async () => {
    const course = await site.openCourse();
    expect(await course.page.locator(".chapters").getByText("Author's guide").count()).toBe(0);
    await course.close();
  });
});

describe.each(["light", "dark"] as const)("axe in the %s theme", (colorScheme) => {
  it("finds nothing on the course page", async () => {
    const course = await site.openCourse({ colorScheme, bypassCSP: true });
    expect(await violations(course)).toEqual([]);
    await course.close();
  });

  it("finds nothing on the author's guide, once its examples have run", async () => {
    const guide = await LessonPage.open(site.browser, `${site.course}authors-guide/`, {
      colorScheme,
      bypassCSP: true,
    });
    await guide.ready();
    await guide.waitFor("norm", "ok");
    await guide.run("measured");
    await guide.waitFor("measured", "ok");
    expect(await violations(guide)).toEqual([]);
    expect(guide.complaints).toEqual([]);
    await guide.close();
  });

  it("finds nothing in the chapter, with outputs, an open editor, feedback and an error on the page", async () => {
    const lesson = await site.openChapter({
      colorScheme,
      bypassCSP: true,
    });
    await lesson.ready();
    await lesson.waitFor("local-model", "ok");
    await lesson.run("by-machine");
    await lesson.waitFor("by-machine", "ok");
    await lesson.page.getByRole("radio", { name: /A minimum, because no eigenvalue/ }).check();
    await lesson.page
      .locator("form.quiz", { hasText: "the eigenvalues are 0 and 2" })
      .getByRole("button", { name: "Check answer" })
      .click();
    await lesson.page.getByText("No negative eigenvalue is not enough").waitFor();
    await lesson.type(lesson.cell("network"), "const broken = ;");
    await lesson.page.keyboard.press("ControlOrMeta+Enter");
    await lesson.waitFor("network", "error");
    expect(await violations(lesson)).toEqual([]);
    await lesson.close();
  });
});
