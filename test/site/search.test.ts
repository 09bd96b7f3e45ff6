// What a reader finds by its words: sections of the chapters, terms of the glossary, names of the engine; and the glossary's page.
import { describe, expect, it } from "vitest";
import { renderGlossaryPage } from "../../src/site/pages/glossary.ts";
import { searchEntries } from "../../src/site/search/entries.ts";
import { plainText } from "../../src/site/search/plain-text.ts";
import { cell, course, files, heading, lessonWith, prose } from "./sample-lesson.ts";

const lesson = {
  ...lessonWith([
    prose("<p>Opening words.</p>"),
    heading(2, "flat", "What is flat?"),
    prose("<p>Where nothing <em>slopes</em>.</p>"),
    heading(3, "closer", "A closer look"),
    cell("slope"),
    prose("<p>Look closer.</p>"),
  ]),
  terms: [
    { term: "plateau", at: "flat", html: "A stretch that is <em>flat</em>." },
    { term: "Basin", at: "closer", html: "What a valley drains." },
  ],
};

describe("the words of prose", () => {
  it("are those that a reader reads, a formula's once", () => {
    const formula =
      '<span class="katex"><span class="katex-mathml"><math><mi>η</mi><mo>=</mo><mn>1</mn></math></span>' +
      '<span class="katex-html" aria-hidden="true"><span class="base">η=1</span></span></span>';
    expect(plainText(`<p>With ${formula} &amp; more</p><p>and</p><ul><li>a</li><li>b</li></ul>`)).toBe(
      "With η=1 & more and a b",
    );
  });
});

describe("what can be found", () => {
  const entries = searchEntries([lesson], [], "reference");

  it("a section by the words under its heading, down to the third level", () => {
    const sections = entries.filter(({ kind }) => kind === "section");
    expect(sections.map(({ href, title, text }) => [href.replace(/^.*\//, ""), title, text])).toEqual([
      ["", lesson.title, `${lesson.summary} Opening words.`],
      ["#flat", "What is flat?", "Where nothing slopes."],
      ["#closer", "A closer look", "Look closer."],
    ]);
  });

  it("a term with its meaning, and the chapter that teaches it", () => {
    expect(entries.find(({ title }) => title === "plateau")).toEqual({
      kind: "term",
      href: `${lesson.id}/#flat`,
      title: "plateau",
      place: `1 ${lesson.title}`,
      text: "A stretch that is flat.",
    });
  });
});

describe("the glossary", () => {
  it("has every term once, in the order of the alphabet, with a link for each chapter that teaches it", () => {
    const second = { ...lesson, id: "second", terms: [{ term: "Plateau", at: "flat", html: "Again." }] };
    const page = renderGlossaryPage({ course, lessons: [lesson, second] }, files);
    expect([...page.matchAll(/<dt>([^<]*)<\/dt>/g)].map(([, term]) => term)).toEqual(["Basin", "plateau"]);
    expect([...page.matchAll(/class="taught" href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      `../${lesson.id}/#closer`,
      `../${lesson.id}/#flat`,
      "../second/#flat",
    ]);
    expect(page).toContain("2 terms");
  });
});
