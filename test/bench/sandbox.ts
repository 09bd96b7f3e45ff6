// Times of the sandbox in Chromium, against the budgets: first result, next run, Stop. Prints, asserts nothing.
// Run it with `npx tsx test/bench/sandbox.ts`.
import { gzipSync } from "node:zlib";
import { launchChromium } from "../browser/support/chromium.ts";
import { openSandboxSite } from "../browser/support/sandbox-site.ts";

const site = await openSandboxSite();
const browser = await launchChromium();
const rows: { what: string; median: number; worst: number; budget: number }[] = [];

function report(what: string, times: number[], budget: number): void {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  rows.push({ what, median: Math.round(median), worst: Math.round(sorted.at(-1) ?? Number.NaN), budget });
}

const first: number[] = [];
const warm: number[] = [];
const pageFree: Record<string, number[]> = {};
const ready: Record<string, number[]> = {};
const bad = {
  "for (;;) {}": "for (;;) {}",
  "log flood": "for (;;) console.log('again and again');",
  "microtask loop": "const again = () => Promise.resolve().then(again); await again();",
};

for (let round = 0; round < 5; round += 1) {
  const page = await browser.newPage();
  await page.goto(site.page);
  first.push(
    await page.evaluate(async () => {
      const start = performance.now();
      await window.bench.start("a");
      await window.bench.run("a", "one", "1 + 1");
      return performance.now() - start;
    }),
  );
  warm.push(
    ...(await page.evaluate(async () => {
      const times: number[] = [];
      for (let run = 0; run < 20; run += 1) {
        const start = performance.now();
        await window.bench.run("a", "one", "1 + 1");
        times.push(performance.now() - start);
      }
      return times;
    })),
  );
  for (const [name, body] of Object.entries(bad)) {
    // A reader does not press Stop before a second has passed.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const times = await page.evaluate(async (code) => {
      const running = window.bench.runBody("a", "bad", code);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const start = performance.now();
      let free = Number.NaN;
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        free = performance.now() - start;
      };
      const stopping = window.bench.stop("a");
      channel.port2.postMessage(null);
      await running;
      const ended = performance.now() - start;
      await stopping;
      await window.bench.run("a", "one", "1 + 1");
      return { free: Math.max(free, ended), ready: performance.now() - start };
    }, body);
    (pageFree[name] ??= []).push(times.free);
    (ready[name] ??= []).push(times.ready);
  }
  await page.close();
}

report("first result, cold kernel", first, 250);
report("next run, warm kernel", warm, 20);
for (const name of Object.keys(bad)) {
  report(`Stop on ${name}: run ended, page free`, pageFree[name] ?? [], 200);
  report(`Stop on ${name}: next result`, ready[name] ?? [], 500);
}
console.table(rows);
console.log(
  `sandbox.html: ${site.sandbox.length} bytes, ${gzipSync(site.sandbox, { level: 9 }).length} gzip`,
);
await browser.close();
await site.close();
