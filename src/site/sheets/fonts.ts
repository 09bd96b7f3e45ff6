// KaTeX's styles with its fonts inside, and of those no more than a page shows.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { FormulaFonts } from "../fonts/formula-fonts.ts";

const katexStyle = createRequire(import.meta.url).resolve("katex/dist/katex.min.css");

/** The style sheet for the formulas of a page; empty where it has none. */
export function withFonts(html: string): string {
  if (!html.includes('class="katex')) return "";
  const fonts = new FormulaFonts();
  fonts.add(html);
  const rules = readFileSync(katexStyle, "utf8").replaceAll(/@font-face\{[^}]*\}/g, "");
  return fonts.inlined() + rules;
}
