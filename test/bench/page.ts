// Times of a lesson's page in Chromium, against the budgets: first result, next run, Stop, key presses, and a saved
// lesson on the development server (`sandbox.ts` has the time until the kernel is ready again). Prints, asserts nothing. Needs a build: `npm run build && npx tsx test/bench/page.ts`.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { launchChromium } from "../browser/support/chromium.ts";
import { hostBuiltSite, LessonPage } from "../browser/support/lesson-page.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rows: { what: string; milliseconds: number; budget: number }[] = [];
const report = (what: string, milliseconds: number, budget: number) =>
  rows.push({ what, milliseconds: Math.round(milliseconds), budget });

const browser = await launchChromium();
const site = await hostBuiltSite();
const lessonUrl = new URL("critical-points/", site.url).href;

/** An exercise's answer may hold any code and needs no other cell. */
const answer = (lesson: LessonPage) => lesson.page.locator(".cell.answer").first();

/** Runs the answer, in the page's own time, from the click until the result is painted. */
async function runAnswer(lesson: LessonPage): Promise<number> {
  return answer(lesson).evaluate(async (cell) => {
    const run = [...cell.querySelectorAll("button")].find((button) => button.textContent?.trim() === "Run");
    const start = performance.now();
    await new Promise<void>((resolve) => {
      let active = false;
      new MutationObserver((_, observer) => {
        const activity = cell.getAttribute("data-activity") ?? "";
        if (activity === "queued" || activity === "running") active = true;
        else if (active || activity === "ok") {
          observer.disconnect();
          requestAnimationFrame(() => resolve());
        }
      }).observe(cell, { attributes: true, attributeFilter: ["data-activity"] });
      run?.click();
    });
    return performance.now() - start;
  });
}

async function firstResult(name: string, budget: number, slow: boolean, read: boolean): Promise<void> {
  const lesson = await LessonPage.open(browser, lessonUrl);
  if (slow) {
    const session = await lesson.context.newCDPSession(lesson.page);
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 60,
      downloadThroughput: (9_000_000 / 8) * 0.9,
      uploadThroughput: (1_500_000 / 8) * 0.9,
    });
    await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  await lesson.ready();
  if (read) {
    await lesson.page.mouse.wheel(0, 600);
    await lesson.page.locator("iframe[title=Sandbox]").waitFor({ state: "attached" });
    // A reader reads before running a cell.
    await lesson.page.waitForTimeout(3_000);
  }
  report(name, await runAnswer(lesson), budget);
  if (!slow && read) {
    const times: number[] = [];
    for (let run = 0; run < 15; run += 1) times.push(await runAnswer(lesson));
    report("next run, warm kernel (median)", quantile(times, 0.5), 20);
    await keyPresses(lesson);
    await stopLoop(lesson);
  }
  await lesson.close();
}

async function keyPresses(lesson: LessonPage): Promise<void> {
  await lesson.type(answer(lesson), "const first = 1;\n");
  await lesson.page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { keyTimes: times });
    addEventListener(
      "keydown",
      (event) =>
        requestAnimationFrame(() => {
          // The next task after a frame's callbacks comes when the frame is done.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => times.push(performance.now() - event.timeStamp);
          port2.postMessage(null);
        }),
      { capture: true },
    );
  });
  await lesson.page.keyboard.type("const second = [first, 2].map((x) => x * 2); second", { delay: 60 });
  const times = await lesson.page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
  report("key press to painted frame (p95)", quantile(times, 0.95), 40);
}

async function stopLoop(lesson: LessonPage): Promise<void> {
  await lesson.type(answer(lesson), "for (;;) {}");
  await answer(lesson).getByRole("button", { name: /^Run/ }).click();
  await answer(lesson).getByRole("button", { name: /^Stop/ }).waitFor();
  await lesson.page.waitForTimeout(1_000);
  const free = await answer(lesson).evaluate(async (cell) => {
    const stop = [...cell.querySelectorAll("button")].find((button) => button.textContent?.trim() === "Stop");
    const start = performance.now();
    await new Promise<void>((resolve) => {
      new MutationObserver((_, observer) => {
        if (cell.getAttribute("data-activity") !== "stopped") return;
        observer.disconnect();
        resolve();
      }).observe(cell, { attributes: true, attributeFilter: ["data-activity"] });
      stop?.click();
    });
    return performance.now() - start;
  });
  report("Stop on for (;;) {}: run ended", free, 200);
}

/** From the author's save until the reader's page shows it. */
async function savedLesson(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "descent-bench-"));
  await cp(join(root, "lessons"), folder, { recursive: true });
  const { descentSite } = await import("../../src/site/plugin.ts");
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [descentSite({ lessons: folder })],
    server: { port: 0, host: "127.0.0.1" },
  });
  try {
    await server.listen();
    const address = server.resolvedUrls?.local[0] ?? "";
    const lesson = await LessonPage.open(browser, new URL("critical-points/", address).href);
    await lesson.ready();
    const file = join(folder, "critical-points/lesson.md");
    const source = await readFile(file, "utf8");
    // Told from inside the page: looking for the words from outside takes longer than the page does.
    let shown = () => {};
    await lesson.page.exposeFunction("lessonPainted", () => shown());
    await lesson.page.evaluate(() => {
      const { lessonPainted } = globalThis as unknown as { lessonPainted: () => void };
      document.addEventListener("descent:updated", () => {
        requestAnimationFrame(() => requestAnimationFrame(() => lessonPainted()));
      });
    });
    const times: number[] = [];
    for (let save = 1; save <= 7; save++) {
      // Nobody saves twice within the moment for which the watcher is deaf after a change.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const start = performance.now();
      const painted = new Promise<void>((resolve) => {
        shown = resolve;
      });
      await writeFile(file, `${source}\nParagraph ${save} of the bench.\n`);
      await painted;
      times.push(performance.now() - start);
    }
    report("author saves a lesson: shown (median)", quantile(times, 0.5), 400);
    await lesson.close();
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

function quantile(times: number[], fraction: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

await firstResult("first result after some reading", 250, false, true);
await firstResult("first result at once", 250, false, false);
await firstResult("first result, fast 4G, 4× slower CPU", 800, true, true);
await savedLesson();
console.table(rows);
await browser.close();
await site.close();
