// A lesson page as a reader meets it: opened in a fresh browser profile, its cells found by name.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { hostFolder, type StaticHost } from "./static-host.ts";

export const builtFolder = fileURLToPath(new URL("../../../dist", import.meta.url));

/** The built site under a sub-path, as a department's web server would have it. */
export function hostBuiltSite(): Promise<StaticHost> {
  if (!existsSync(builtFolder)) throw new Error("There is no dist/ to test: run npm run build first.");
  return hostFolder(builtFolder, "/teaching/descent/");
}

export class LessonPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors that nobody caught, and what the browser refused. */
  readonly complaints: string[] = [];

  private constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.context = context;
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<LessonPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const lesson = new LessonPage(await context.newPage(), context);
    await lesson.page.goto(url);
    return lesson;
  }

  /** Waits until the notebook has taken over the static page. */
  async ready(): Promise<this> {
    await this.page
      .getByRole("toolbar", { name: "Lesson" })
      .getByRole("button", { name: "Run all" })
      .waitFor();
    return this;
  }

  cell(id: string): Locator {
    return this.page.locator(`[data-activity][data-cell="${id}"]`);
  }

  exercise(title: string): Locator {
    return this.page.getByRole("region", { name: title, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async run(id: string): Promise<void> {
    await this.cell(id).getByRole("button", { name: /^Run/ }).click();
  }

  async waitFor(id: string, activity: "idle" | "running" | "ok" | "error" | "stopped"): Promise<void> {
    await this.page.locator(`[data-cell="${id}"][data-activity="${activity}"]`).waitFor();
  }

  /** Puts `source` in place of all of a cell's code, by the keyboard as a reader would. */
  async type(cell: Locator, source: string): Promise<void> {
    await cell.locator(".code").first().click();
    const editor = cell.getByRole("textbox");
    await editor.waitFor();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.insertText(source);
  }

  /** The middle of a word in a cell's editor, in pixels of the viewport. */
  async placeOf(cell: string, word: string): Promise<[number, number]> {
    const editor = this.cell(cell).getByRole("textbox");
    await editor.getByText(word).first().scrollIntoViewIfNeeded();
    return editor.evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode as Text;
        const at = node.data.indexOf(wanted);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const { left, top, width, height } = range.getBoundingClientRect();
        return [left + width / 2, top + height / 2] as [number, number];
      }
      throw new Error(`The editor shows no ${wanted}.`);
    }, word);
  }

  /** Skips every prediction, so that all cells may run. */
  async skipPredictions(): Promise<void> {
    const skip = this.page.locator("[data-prediction][data-open]").getByRole("button", { name: "Skip" });
    while ((await skip.count()) > 0) await skip.first().click();
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
