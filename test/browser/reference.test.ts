// The API reference as a reader meets it, and what the editor tells of the engine's names.
import type { BrowserContextOptions } from "playwright-core";
import { describe, expect, it } from "vitest";
import { violations } from "./support/axe.ts";
import { BuiltSite } from "./support/built-site.ts";
import { LessonPage } from "./support/lesson-page.ts";

const site = new BuiltSite();

const open = (path: string, options?: BrowserContextOptions) =>
  LessonPage.open(site.browser, `${site.course}reference/${path}`, options);

describe("the index", () => {
  it("is found from the course, and a lesson leads to it too", async () => {
    const course = await site.openCourse();
    await course.page.getByRole("main").getByRole("link", { name: "API reference" }).click();
    await course.page.getByRole("heading", { level: 1, name: "API reference" }).waitFor();
    expect(course.page.url()).toBe(`${site.course}reference/`);
    await course.page.goto(site.chapter);
    const link = course.page.getByRole("contentinfo").getByRole("link", { name: "API reference" });
    expect(await link.evaluate((element) => (element as HTMLAnchorElement).href)).toBe(
      `${site.course}reference/`,
    );
    expect(course.complaints).toEqual([]);
    await course.close();
  });

  it("shows only the names that have what is typed, also as PyTorch writes it, and Enter goes to the first", async () => {
    const index = await open("");
    const shown = () => index.page.locator(".names > li:visible a").allTextContents();
    const all = (await shown()).length;
    expect(all).toBeGreaterThan(250);
    const field = index.page.getByRole("searchbox", { name: "Find a name" });
    await field.fill("functional.cross_entropy");
    expect(await shown()).toContain("nn.functional.crossEntropy");
    expect((await shown()).length).toBeLessThan(4);
    await index.page
      .getByRole("status")
      .filter({ hasText: /^\d name/ })
      .waitFor();
    await field.fill("no such name");
    await index.page.getByText("0 names", { exact: true }).waitFor();
    await field.fill("");
    expect((await shown()).length).toBe(all);
    await field.fill("nn.linear y =");
    await field.press("Enter");
    await index.page.waitForURL(/reference\/nn\/#nn\.Linear$/);
    await index.close();
  });

  it("reads with scripts off, without a field that could not work", async () => {
    const index = await open("", { javaScriptEnabled: false });
    expect(await index.page.getByRole("searchbox").count()).toBe(0);
    await index.page.getByRole("link", { name: "Tensor.matmul", exact: true }).click();
    await index.page.getByRole("heading", { name: "Tensor.matmul" }).waitFor();
    expect(index.page.url()).toMatch(/reference\/tensor\/#Tensor\.matmul$/);
    await index.close();
  });
});

describe("a page", () => {
  it("has an example that runs", async () => {
    const page = await open("nn/");
    await page.run("network");
    await page.waitFor("network", "ok");
    await expect.poll(() => page.cell("network").textContent()).toMatch(/4 × 1|\(4, 1\)|\[4, 1\]/);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it("never scrolls sideways on a phone", async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    for (const path of ["", "tensor/", "nn/", "analysis/"]) {
      const page = await open(path, phone);
      const overflow = await page.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([path, overflow]).toEqual([path, 0]);
      await page.close();
    }
  });
});

describe("in the editor", () => {
  it("a name under the pointer shows its signature, its docstring and the way to its page", async () => {
    const page = await open("nn/");
    await page.type(
      page.cell("network"),
      'import { nn } from "descent";\n\nconst model = new nn.Linear(2, 3);',
    );
    await page.page.mouse.move(...(await page.placeOf("network", "Linear")));
    const popup = page.page.locator(".engine-help");
    await popup.getByText("inFeatures: number").waitFor();
    const link = popup.getByRole("link");
    expect(await link.evaluate((element) => (element as HTMLAnchorElement).href)).toBe(
      `${site.course}reference/nn/#nn.Linear`,
    );
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it("F1 shows it at the cursor, again F1 goes to its link, Escape comes back", async () => {
    const page = await open("nn/");
    const { keyboard } = page.page;
    await page.type(page.cell("network"), "x.matmul");
    const popup = page.page.locator(".engine-help");
    // The completion list takes the first Escape.
    await keyboard.press("Escape");
    await keyboard.press("F1");
    await popup.getByText("matmul(other: Tensor): Tensor").waitFor();
    await keyboard.press("F1");
    await expect
      .poll(() => popup.getByRole("link").evaluate((link) => link === document.activeElement))
      .toBe(true);
    await keyboard.press("Escape");
    await popup.waitFor({ state: "detached" });
    await keyboard.type("(x)");
    await expect.poll(() => page.cell("network").getByRole("textbox").textContent()).toContain("x.matmul(x)");
    await page.close();
  });

  it("a tap on a name shows it on a phone", async () => {
    const page = await open("nn/", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await page.cell("network").locator(".code").first().tap();
    await page.cell("network").getByRole("textbox").waitFor();
    await page.page.touchscreen.tap(...(await page.placeOf("network", "Sequential")));
    const popup = page.page.locator(".engine-help");
    await expect.poll(() => popup.textContent()).toContain("nn.Sequential(...modules: Module[])");
    await page.close();
  });

  it("completion offers the names of a namespace with a line on each, imports and methods", async () => {
    const page = await site.workInChapter();
    const { keyboard } = page.page;
    const options = page.page.getByRole("listbox").getByRole("option");
    await page.type(page.cell("network"), "");
    await keyboard.type("optim.Ad");
    await expect
      .poll(() => options.allTextContents())
      .toContainEqual(expect.stringMatching(/^AdamW\s*Adam with the weight decay/));
    await keyboard.press("Escape");
    await page.type(page.cell("network"), "");
    await keyboard.type("loss.matm");
    await options.filter({ hasText: "matmul" }).waitFor();
    // A list that has just come up takes no key yet: the reader may mean the code.
    await page.page.waitForTimeout(150);
    await keyboard.press("Enter");
    await expect.poll(() => page.cell("network").getByRole("textbox").textContent()).toContain("loss.matmul");
    await page.type(page.cell("network"), "");
    await keyboard.type("import { rand");
    await options.filter({ hasText: "randperm" }).waitFor();
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it("the list and what it tells stay on the screen of a phone", async () => {
    const page = await open("nn/", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await page.type(page.cell("network"), "");
    await page.page.keyboard.type("inputs.ma");
    await page.page.locator(".cm-completionInfo").waitFor();
    const reach = await page.page
      .locator(".cm-tooltip")
      .evaluateAll((boxes) => Math.max(...boxes.map((box) => box.getBoundingClientRect().right)));
    expect(reach).toBeLessThanOrEqual(390);
    await page.close();
  });

  it("its names come when the code first has the focus, not before", async () => {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(site.chapter);
    await page.locator('[data-cell="ball"][data-activity="ok"]').waitFor();
    const names = () => asked.filter((url) => url.endsWith("reference/names.json")).length;
    expect(names()).toBe(0);
    for (const cell of ["network", "by-machine"]) {
      await page.locator(`[data-activity][data-cell="${cell}"] .code`).first().click();
      await page.locator(`[data-activity][data-cell="${cell}"]`).getByRole("textbox").waitFor();
    }
    await expect.poll(names).toBe(1);
    await context.close();
  });
});

describe.each(["light", "dark"] as const)("axe in the %s theme", (colorScheme) => {
  it.each(["", "tensor/", "nn/", "optim/"])("finds nothing on reference/%s", async (path) => {
    const page = await open(path, { colorScheme, bypassCSP: true });
    // Boxes that scroll become reachable once the page has a moment.
    await expect.poll(() => violations(page)).toEqual([]);
    await page.close();
  });

  it("finds nothing in the pop-ups of the editor", async () => {
    const page = await open("nn/", { colorScheme, bypassCSP: true });
    await page.type(page.cell("network"), "x.matmul");
    await page.page.keyboard.press("Escape");
    await page.page.keyboard.press("F1");
    await page.page.locator(".engine-help").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.page.keyboard.press("Escape");
    await page.page.keyboard.type("\nnn.Li");
    await page.page.getByRole("listbox").getByRole("option").first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });
});
