// What axe-core finds wrong for readers who use assistive software.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { LessonPage } from "./lesson-page.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** A line a place. The content policy forbids injected scripts: open the page with `bypassCSP`. */
export async function violations({ page }: LessonPage): Promise<string[]> {
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResult> } }).axe.run(),
  );
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`),
  );
}
