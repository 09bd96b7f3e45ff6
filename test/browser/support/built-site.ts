// What most whole-page tests begin with: a browser, the built site on a plain host, and the chapter in it.
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launchChromium } from "./chromium.ts";
import { hostBuiltSite, LessonPage } from "./lesson-page.ts";
import type { StaticHost } from "./static-host.ts";

/** A browser and the built site, for the tests of one file. */
export class BuiltSite {
  #browser: Browser | null = null;
  #host: StaticHost | null = null;

  /** @param options.webgl with surfaces in three dimensions, which are slow where graphics are imitated */
  constructor(options: { webgl?: boolean } = {}) {
    beforeAll(async () => {
      [this.#browser, this.#host] = await Promise.all([launchChromium(options), hostBuiltSite()]);
    });
    afterAll(async () => {
      await this.#browser?.close();
      await this.#host?.close();
    });
  }

  get browser(): Browser {
    if (this.#browser === null) throw new Error("The browser starts before the first test.");
    return this.#browser;
  }

  /** Address of the course, with a slash at its end. */
  get course(): string {
    if (this.#host === null) throw new Error("The site is served from before the first test.");
    return this.#host.url;
  }

  get chapter(): string {
    return `${this.course}critical-points/`;
  }

  openCourse(options?: BrowserContextOptions): Promise<LessonPage> {
    return LessonPage.open(this.browser, this.course, options);
  }

  openChapter(options?: BrowserContextOptions): Promise<LessonPage> {
    return LessonPage.open(this.browser, this.chapter, options);
  }

  /** The chapter with its notebook attached. */
  async workInChapter(options?: BrowserContextOptions): Promise<LessonPage> {
    return (await this.openChapter(options)).ready();
  }
}
