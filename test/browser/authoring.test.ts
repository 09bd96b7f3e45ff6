// What an author sees while writing: a new chapter, saved prose and cells in the open page, mistakes with their place.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AuthorsCourse } from "./support/author.ts";
import { launchChromium } from "./support/chromium.ts";
import { LessonPage } from "./support/lesson-page.ts";
import { hostFolder } from "./support/static-host.ts";

const filling = Array.from({ length: 12 }, (_, index) => `Paragraph ${index + 1} of many.`).join("\n\n");

const hills = `---
title: Hills
summary: A chapter that its author is still writing.
objectives:
  - go down
minutes: 5
---

The first words.

## Before

${filling}

## The slope

A hill has a slope.

\`\`\`ts name=slope
const slope = 2;
slope;
\`\`\`

Then it is used.

\`\`\`ts name=fall
const fall = slope * 3;
fall;
\`\`\`

## The end

${filling}
`;

const valleys = `---
title: Valleys
summary: A second chapter.
objectives:
  - stay down
minutes: 5
---

## Down here

\`\`\`ts name=depth
const depth = 6 * 7;
depth;
\`\`\`
`;

const courseFile = "id: author\ntitle: An author's course\nsummary: Still being written.\n";

let browser: Browser;
let course: AuthorsCourse;
let url: string;
let page: LessonPage;
/** Each time the page was loaded. */
let loads: string[];

beforeAll(async () => {
  browser = await launchChromium();
});

beforeEach(async () => {
  course = await AuthorsCourse.make({ "course.yaml": courseFile, "hills/lesson.md": hills });
  url = await course.serve();
});

afterEach(async () => {
  await page.close();
  await course.dispose();
});

afterAll(() => browser.close());

async function open(path: string): Promise<LessonPage> {
  page = await LessonPage.open(browser, url + path);
  loads = [];
  page.page.on("load", () => loads.push(page.page.url()));
  return page;
}

function output(id: string, text: string) {
  return page.cell(id).locator(".outputs").getByText(text, { exact: true });
}

describe("a new chapter", () => {
  test("dropped into the folder appears on the open course page and works; taken away it is gone", async () => {
    await open("");
    await page.page.getByRole("link", { name: "Hills" }).first().waitFor();
    await course.write("valleys/lesson.md", valleys);
    await page.page.getByRole("link", { name: "Valleys" }).first().click();
    await page.ready();
    await page.run("depth");
    await output("depth", "42").waitFor();
    expect(page.complaints).toEqual([]);
    expect(course.terminal).toEqual([]);

    await page.page.goto(url);
    await page.page.getByRole("link", { name: "Valleys" }).first().waitFor();
    await course.remove("valleys");
    await page.page.getByRole("link", { name: "Valleys" }).first().waitFor({ state: "detached" });
    expect(await page.page.getByRole("link", { name: "Hills" }).count()).toBeGreaterThan(0);
  });

  test("is in a build, with its place in the course", async () => {
    await course.write("valleys/lesson.md", valleys);
    const host = await hostFolder(await course.build(), "/");
    try {
      page = await LessonPage.open(browser, host.url);
      await page.page.getByRole("link", { name: "Valleys" }).first().click();
      await page.ready();
      await page.run("depth");
      await output("depth", "42").waitFor();
      await page.page.getByRole("link", { name: /Hills/ }).first().waitFor();
      expect(page.complaints).toEqual([]);
    } finally {
      await host.close();
    }
  });
});

describe("a build", () => {
  const exercise = `
\`\`\`exercise
id: climb
points: 1
objective: go down
\`\`\`
\`\`\`ts solution
// begin answer
// starter: export const climb = (height: number) => 0;
export const climb = (height: number) => height + slopeOfTheSecretHill(height);
const slopeOfTheSecretHill = (height: number) => height * 2;
// end answer
\`\`\`
\`\`\`ts test points=1 name="up"
expect(await student.climb(1)).toBe(3);
\`\`\`
`;

  test("that would show a line of a solution fails with its place, and writes nothing", async () => {
    page = await LessonPage.open(browser, "about:blank");
    const leak = "const slopeOfTheSecretHill = (height: number) => height * 2;";
    await course.write("hills/notes.json", JSON.stringify({ leak }));
    const withData = hills.replace("const slope = 2;", 'import notes from "./notes.json";\nconst slope = 2;');
    await course.write("hills/lesson.md", withData + exercise);
    const line = (withData + exercise).split("\n").indexOf(leak) + 1;
    await expect(course.build()).rejects.toThrow(
      `hills/lesson.md:${line}:1: This line of the solution of “climb” stands in the built site, in hills/notes.json`,
    );
    expect(existsSync(join(course.folder, "site"))).toBe(false);
  });

  test("of a folder without course.yaml is a course too", async () => {
    await course.remove("course.yaml");
    const host = await hostFolder(await course.build(), "/");
    try {
      page = await LessonPage.open(browser, host.url);
      await page.page.getByRole("link", { name: "Hills" }).first().waitFor();
      expect(page.complaints).toEqual([]);
    } finally {
      await host.close();
    }
  });
});

describe("a lesson that is saved while its page is open", () => {
  test("shows new prose without a reload; outputs, the reader's edits and the scroll position stay", async () => {
    await (await open("hills/")).ready();
    await page.run("slope");
    await output("slope", "2").waitFor();
    await page.type(page.cell("fall"), "const fall = slope * 100;\nfall;");
    await page.run("fall");
    await output("fall", "200").waitFor();
    const scrolled = await page.page.evaluate(() => scrollY);
    expect(scrolled).toBeGreaterThan(0);

    await course.edit(
      "hills/lesson.md",
      ["A hill has a slope.", "A hill has *its own* slope."],
      ["Then it is used.", "Then it is used again."],
    );
    await page.page.getByText("Then it is used again.").waitFor();
    await page.page.locator("em", { hasText: "its own" }).waitFor();
    expect(await output("slope", "2").count()).toBe(1);
    expect(await output("fall", "200").count()).toBe(1);
    expect(await page.cell("fall").getByText("slope * 100").count()).toBeGreaterThan(0);
    expect(await page.page.evaluate(() => scrollY)).toBe(scrolled);
    expect(loads).toEqual([]);

    // The kernel and its names are still there.
    await page.type(page.cell("fall"), "slope + 40;");
    await page.run("fall");
    await output("fall", "42").waitFor();
    expect(page.complaints).toEqual([]);
  });

  test("gives an untouched cell its new code, and what was shown becomes stale with what needs it", async () => {
    await (await open("hills/")).ready();
    await page.run("fall");
    await output("fall", "6").waitFor();
    await course.edit("hills/lesson.md", ["const slope = 2;", "const slope = 5;"]);
    await page.cell("slope").getByText("const slope = 5;").waitFor();
    await page.page.locator('[data-cell="slope"][data-stale]').waitFor();
    await page.page.locator('[data-cell="fall"][data-stale]').waitFor();
    await page.run("fall");
    await output("fall", "15").waitFor();
    expect(loads).toEqual([]);
    expect(page.complaints).toEqual([]);
  });

  test("keeps a cell that the reader edited, and offers the author's new version", async () => {
    await (await open("hills/")).ready();
    await page.type(page.cell("slope"), "const slope = 7;\nslope;");
    await course.edit("hills/lesson.md", ["const slope = 2;", "const slope = 5;"]);
    await page.button("Use the author's version").waitFor();
    expect(await page.cell("slope").getByText("const slope = 7;").count()).toBe(1);
    await page.button("Use the author's version").click();
    await page.run("slope");
    await output("slope", "5").waitFor();
    expect(loads).toEqual([]);
    expect(page.complaints).toEqual([]);
  });

  test("tells a mistake with its place, in the page and in the terminal, and recovers when it is mended", async () => {
    await (await open("hills/")).ready();
    await page.run("slope");
    await output("slope", "2").waitFor();
    const line = hills.split("\n").indexOf("```ts name=fall") + 1;
    await course.edit("hills/lesson.md", ["ts name=fall", "ts nmae=fall"]);
    const panel = page.page.locator(".problems-panel");
    await panel.getByText(`hills/lesson.md:${line}:7:`).waitFor();
    expect(course.terminal.join("\n")).toContain(`hills/lesson.md:${line}:7:`);
    expect(course.terminal.join("\n")).not.toMatch(/\n\s+at /);
    // What could be read last is still there to work with.
    expect(await output("slope", "2").count()).toBe(1);

    await course.edit("hills/lesson.md", ["ts nmae=fall", "ts name=fall"], ["A hill has", "Every hill has"]);
    await page.page.getByText("Every hill has a slope.").waitFor();
    await panel.waitFor({ state: "detached" });
    expect(await output("slope", "2").count()).toBe(1);
    expect(loads).toEqual([]);
    expect(page.complaints).toEqual([]);
  });

  test("with a mistake from the start shows it instead of the page, and the page once it is mended", async () => {
    await course.edit("hills/lesson.md", ["const slope = 2;", "const slope = = 2;"]);
    const line = hills.split("\n").indexOf("const slope = 2;") + 1;
    await open("hills/");
    await page.page.getByText(`hills/lesson.md:${line}:15: This cell does not compile`).waitFor();
    await course.edit("hills/lesson.md", ["const slope = = 2;", "const slope = 2;"]);
    await page.ready();
    await page.run("slope");
    await output("slope", "2").waitFor();
    expect(page.complaints).toEqual([]);
  });

  test("follows renamed headings, cells that go and cells that come, in their places", async () => {
    await (await open("hills/")).ready();
    await page.run("fall");
    await output("fall", "6").waitFor();
    await course.edit(
      "hills/lesson.md",
      ["## The slope", "## Steepness"],
      [
        "Then it is used.",
        "```ts name=between\nconst between = slope + 10;\nbetween;\n```\n\nThen it is used.",
      ],
    );
    await page.page.getByRole("heading", { name: "Steepness" }).waitFor();
    await page.page.locator('nav.contents a[href="#steepness"]').first().waitFor({ state: "attached" });
    expect(await page.page.locator('nav.contents a[href="#the-slope"]').count()).toBe(0);
    await page.run("between");
    await output("between", "12").waitFor();
    expect(await output("fall", "6").count()).toBe(1);
    const order = () =>
      page.page
        .locator("[data-activity][data-cell]")
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-cell")));
    expect(await order()).toEqual(["slope", "between", "fall"]);

    await course.edit("hills/lesson.md", ["```ts name=slope\nconst slope = 2;\nslope;\n```\n\n", ""]);
    await page.cell("slope").waitFor({ state: "detached" });
    expect(await order()).toEqual(["between", "fall"]);
    await page.run("fall");
    await page.cell("fall").getByText("slope is not defined").first().waitFor();
    expect(loads).toEqual([]);
    expect(page.complaints).toEqual([]);
  });
});

test("a click on Run before the notebook has arrived is not lost", async () => {
  page = await LessonPage.open(browser, "about:blank");
  let arrive = () => {};
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.page.route(/client\/notebook\.ts/, async (route) => {
    await held;
    await route.continue();
  });
  await page.page.goto(`${url}hills/`);
  const run = page.page.locator('.island[data-id="fall"]').getByRole("button", { name: /^Run/ });
  await run.click();
  expect(await run.getAttribute("aria-busy")).toBe("true");
  expect(await output("fall", "6").count()).toBe(0);
  arrive();
  await output("fall", "6").waitFor();
  expect(page.complaints).toEqual([]);
});
