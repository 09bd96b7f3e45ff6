// A page of a test's own with one script and the product's sandbox beside it, open in Chromium.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { buildSandbox } from "../../../src/site/sandbox/index.ts";
import { launchChromium } from "./chromium.ts";
import { partPages } from "./engine-parts.ts";
import { bundle } from "./sandbox-site.ts";

export class ScriptedPage {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(page: Page, browser: Browser, server: Server) {
    this.page = page;
    this.#browser = browser;
    this.#server = server;
  }

  /** @param script a file of the project; what it puts on `window` is what the test calls */
  static async open(script: string): Promise<ScriptedPage> {
    const [sandbox, code, browser] = await Promise.all([buildSandbox(), bundle(script), launchChromium()]);
    const html = '<!doctype html><title>Test</title><script src="./page.js"></script>';
    const files = new Map([
      ["/", { type: "text/html", body: html }],
      ["/page.js", { type: "text/javascript", body: code }],
      ["/sandbox.html", { type: "text/html", body: sandbox.page }],
      ...partPages(sandbox.parts),
    ]);
    const server = createServer((request, response) => {
      const file = files.get(request.url ?? "/");
      if (file === undefined) return response.writeHead(404).end();
      return response.writeHead(200, { "content-type": `${file.type}; charset=utf-8` }).end(file.body);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return new ScriptedPage(page, browser, server);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}
