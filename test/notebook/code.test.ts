// Static code and the place of an error in it.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { highlightCode } from "../../src/notebook/code/highlight.ts";
import { errorRange, markRange } from "../../src/notebook/code/mark.ts";
import { plainCode } from "../../src/notebook/code/plain.ts";

const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

const marked = (html: string) =>
  [...html.matchAll(/<mark class="code-error">([\s\S]*?)<\/mark>/g)]
    .map((match) => textOf(match[1] ?? ""))
    .join("");

describe("highlighted code", () => {
  it("colours TypeScript with the classes of the editor", () => {
    const html = highlightCode("const a: number = 1;", "ts");
    expect(html).toContain('<span class="tok-keyword">const</span>');
    expect(html).toContain('class="tok-typeName"');
  });

  it("marks up only what a style gives a colour of its own", () => {
    const styles = readFileSync(new URL("../../src/site/styles/code.css", import.meta.url), "utf8");
    const source =
      "/** a */ class A { b = -1; f(c: string) { return /d/.test(c) ? this.b : [`${c}`, true]; } }";
    const classes = [...highlightCode(source, "ts").matchAll(/class="(tok-[^"]+)"/g)].map(([, all]) => all!);
    expect(classes.length).toBeGreaterThan(10);
    const isStyled = (names: string) =>
      [...names.split(" "), names.replace(" ", ".")].some(
        (name) => styles.includes(`.${name} {`) || styles.includes(`.${name},`),
      );
    expect(classes.filter((names) => !isStyled(names))).toEqual([]);
  });

  it("keeps a template string over two lines inside its line elements", () => {
    const html = highlightCode("const a = `x\ny`;", "ts");
    expect(html.split("\n").every((line) => line.startsWith('<span class="code-line">'))).toBe(true);
  });

  it("shows other languages plainly", () => {
    expect(highlightCode("<b>", "html")).toBe(plainCode("<b>"));
  });

  it("never changes the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (source) => {
        expect(textOf(highlightCode(source, "ts"))).toBe(source);
      }),
    );
  });
});

describe("the mark of an error", () => {
  const place = (line: number, column: number) => ({ cell: "a", line, column });

  it("covers the word at the place", () => {
    expect(errorRange("let a = 1;\nmissing + 1", place(2, 1))).toEqual({ from: 11, to: 18 });
  });

  it("covers the given stretch", () => {
    expect(errorRange("f(a, b)", { ...place(1, 3), endLine: 1, endColumn: 7 })).toEqual({ from: 2, to: 6 });
  });

  it("covers the last character when the place is the end of the line", () => {
    expect(errorRange("f(", place(1, 3))).toEqual({ from: 1, to: 2 });
  });

  it("is nowhere when the code has no such place", () => {
    expect(errorRange("a", place(4, 1))).toBeNull();
    expect(errorRange("a", place(1, 9))).toBeNull();
  });

  it("marks exactly its characters and changes no text", () => {
    const source = fc.constantFrom(
      'if (a < b && "x") f(`p\n${q}`);',
      "// c & d\nconst e = <T,>(x: T) => x;",
      "a",
    );
    fc.assert(
      fc.property(source, fc.nat(40), fc.nat(40), (code, start, length) => {
        const from = Math.min(start, code.length);
        const to = Math.min(from + length, code.length);
        const html = markRange(highlightCode(code, "ts"), { from, to });
        expect(textOf(html)).toBe(code);
        expect(marked(html)).toBe(code.slice(from, to).replaceAll("\n", ""));
      }),
    );
  });
});
