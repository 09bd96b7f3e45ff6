// The fonts of formulas: small files with what the course shows, whole ones for everything else, never both for one character.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliDecompressSync } from "node:zlib";
import katex from "katex";
import { describe, expect, it } from "vitest";
import { FormulaFonts, formulaTexts, unicodeRange } from "../../src/site/fonts/formula-fonts.ts";
import { charactersOf, subsetFont } from "../../src/site/fonts/subset.ts";

const fontFolder = createRequire(import.meta.url)
  .resolve("katex/dist/katex.min.css")
  .replace(/katex\.min\.css$/, "fonts/");
const mainFont = readFileSync(`${fontFolder}KaTeX_Main-Regular.ttf`);
const codes = (text: string) => new Set(Array.from(text, (character) => character.codePointAt(0)!));

describe("a font cut to some characters", () => {
  it("is a WOFF2 file whose tables unpack to the lengths that it states", () => {
    const font = subsetFont(mainFont, codes("x+1"))!;
    expect(font.toString("latin1", 0, 4)).toBe("wOF2");
    expect(font.readUInt32BE(8)).toBe(font.length);
    const { lengths, end } = directoryOf(font);
    const data = brotliDecompressSync(font.subarray(end, end + font.readUInt32BE(20)));
    expect(data.length).toBe(lengths.reduce((sum, length) => sum + length, 0));
  });

  it("is much smaller, and grows with what it holds", () => {
    const [few, more] = ["x", "xyzabc+−="].map((text) => subsetFont(mainFont, codes(text))!.length);
    expect(few).toBeLessThan(more!);
    expect(more).toBeLessThan(readFileSync(`${fontFolder}KaTeX_Main-Regular.woff2`).length / 4);
  });

  it("does not exist when the font has none of them", () => {
    expect(subsetFont(mainFont, codes("語"))).toBeNull();
  });

  it("knows the font's characters", () => {
    const characters = charactersOf(mainFont);
    for (const character of codes("aZ09+=∂∇")) expect(characters).toContain(character);
    expect(characters).not.toContain("語".codePointAt(0));
  });
});

describe("the fonts of a course", () => {
  const fonts = new FormulaFonts();
  fonts.add(`<p>plain words ${katex.renderToString("w < \\mathbf{v} + \\tfrac{1}{2}")}; more words</p>`);
  const emitted: string[] = [];
  const { css, first } = fonts.build(({ name }) => {
    emitted.push(name);
    return name;
  });

  it("hold what stands in formulas and nothing of the text around them", () => {
    const shown = fonts.charactersByFont();
    expect(shown.get("KaTeX_Math-Italic")).toEqual(codes("w"));
    expect(shown.get("KaTeX_Main-Bold")).toEqual(codes("v"));
    expect([...codes("<+12")].every((code) => shown.get("KaTeX_Main-Regular")?.has(code))).toBe(true);
    expect(shown.get("KaTeX_Main-Regular")).not.toContain("p".codePointAt(0));
  });

  it("name first the two that nearly every formula needs", () => {
    expect(first).toEqual(["KaTeX_Main-Regular.course.woff2", "KaTeX_Math-Italic.course.woff2"]);
  });

  it("give each character of a font to one file only", () => {
    const ranges = [
      ...css.matchAll(/url\(\.\/KaTeX_Main-Regular[^)]*\) format\("woff2"\);unicode-range:([^}]*)/g),
    ];
    expect(ranges).toHaveLength(2);
    const [small, whole] = ranges.map(([, range = ""]) => expand(range));
    expect([...small!].filter((code) => whole!.has(code))).toEqual([]);
    expect(new Set([...small!, ...whole!])).toEqual(charactersOf(mainFont));
  });

  it("keep every font of KaTeX within reach of what a cell may show", () => {
    expect(emitted.filter((name) => !name.includes("course"))).toHaveLength(20);
  });
});

it("reads the texts of a formula with the classes around them", () => {
  const texts = [...formulaTexts(`${katex.renderToString("a_b")} after`)];
  expect(texts.find(({ text }) => text === "a")?.classes).toContain("mathnormal");
  expect(texts.map(({ text }) => text).join("")).not.toContain("after");
});

it("joins neighbours in a range", () => {
  expect(unicodeRange(codes("cabxz"))).toBe("U+61-63,U+78,U+7a");
});

function directoryOf(font: Buffer): { lengths: number[]; end: number } {
  const lengths: number[] = [];
  let place = 48;
  for (let index = 0; index < font.readUInt16BE(12); index += 1) {
    place += 1;
    let length = 0;
    for (let more = true; more; place += 1) {
      const byte = font.readUInt8(place);
      length = length * 128 + (byte & 0x7f);
      more = byte >= 0x80;
    }
    lengths.push(length);
  }
  return { lengths, end: place };
}

function expand(range: string): Set<number> {
  return new Set(
    range.split(",").flatMap((part) => {
      const [from = "", to = from] = part.replace("U+", "").split("-");
      const start = Number.parseInt(from, 16);
      return Array.from({ length: Number.parseInt(to, 16) - start + 1 }, (_, index) => start + index);
    }),
  );
}
