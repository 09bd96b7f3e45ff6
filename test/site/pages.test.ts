// The pages: what stands in them with scripts off, and what a browser is told to load.
import { describe, expect, it } from "vitest";
import { contentsOf, sectionsOf } from "../../src/site/pages/contents.ts";
import { renderCoursePage } from "../../src/site/pages/course.ts";
import { renderLessonPage, renderLessonParts } from "../../src/site/pages/lesson.ts";
import { renderNotFoundPage } from "../../src/site/pages/not-found.ts";
import { renderProblemsPage } from "../../src/site/pages/problems.ts";
import { cell, course, files, heading, lessonWith, pageWith, prose } from "./sample-lesson.ts";

const blocks = [
  prose("<p>Opening words.</p>"),
  heading(2, "flat", "What is flat?"),
  prose("<p>First.</p>"),
  heading(3, "closer", "A closer look"),
  cell("slope"),
  heading(2, "step", "One step"),
];

describe("the contents of a lesson", () => {
  it("number the sections and hold their third-level headings", () => {
    expect(contentsOf(sectionsOf(lessonWith(blocks)))).toEqual([
      { id: "flat", number: 1, html: "What is flat?", children: [{ id: "closer", html: "A closer look" }] },
      { id: "step", number: 2, html: "One step", children: [] },
    ]);
  });

  it("keep what stands above the first heading, and no empty section for a lesson that begins with one", () => {
    expect(sectionsOf(lessonWith(blocks))[0]).toMatchObject({ heading: null, blocks: [{ kind: "prose" }] });
    expect(sectionsOf(lessonWith(blocks.slice(1)))[0]).toMatchObject({ number: 1 });
  });

  it("lead to headings that are on the page", () => {
    const page = renderLessonPage(pageWith(blocks), files);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(targets).toContain("closer");
    for (const id of targets) expect(page).toMatch(new RegExp(` id="${id}"`));
  });
});

describe("a lesson's page", () => {
  it("is written in the course's language and describes itself", () => {
    const page = renderLessonPage(pageWith(blocks, { course: { ...course, language: "de" } }), files);
    expect(page).toMatch(/^<!doctype html>\s*<html lang="de">/);
    expect(page).toContain("<title>Valleys &amp; passes · A small course</title>");
    expect(page).toContain('<meta name="description" content="Where a &lt;gradient&gt; is zero."');
    expect(page.match(/<h1/g)).toHaveLength(1);
  });

  it("gives each island its kind and id, with what it shows before any script runs", () => {
    expect(renderLessonPage(pageWith(blocks), files)).toContain(
      '<div class="island" data-island="cell" data-id="slope"><p>island of a cell</p></div>',
    );
  });

  it("keeps every line of code that is only shown as it was written", () => {
    const code = { source: "a\n  b", language: "text", checked: true };
    const page = renderLessonPage(pageWith([{ kind: "static", ...code, span: spanOf() }]), files);
    expect(page).toContain("><code><i>text</i>a\n  b</code></pre>");
  });

  it("loads nothing but by relative addresses, and runs no script of its own text", () => {
    const page = renderLessonPage(pageWith(blocks), files);
    for (const [, url = ""] of page.matchAll(/\s(?:src|href)="([^"]*)"/g))
      expect(url).toMatch(/^(?:\.\.?\/|#)/);
    for (const [, body] of page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)) expect(body).toBe("");
    expect(page).not.toMatch(/\son\w+=/);
  });

  it("forbids everything that the policy does not name", () => {
    const page = renderLessonPage(pageWith(blocks), files);
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1];
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
        "connect-src 'self'; frame-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'",
    );
    expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.indexOf("<script"));
  });

  it("opens a socket only in development", () => {
    const page = renderLessonPage(pageWith(blocks), { ...files, mode: "serve" });
    expect(page).toContain("connect-src 'self' ws: wss:;");
  });

  it("leads to the chapters before and after it, and to the course where there is none", () => {
    const page = renderLessonPage(pageWith(blocks, { next: { id: "batches", title: "Batches" } }), files);
    expect(page).toMatch(/href="\.\.\/batches\/" rel="next"/);
    expect(page).toMatch(/class="pager-back" href="\.\.\/"/);
  });

  it("names the chapters that it builds on", () => {
    const prerequisites = ["one", "two", "three"].map((id) => ({ id, title: id.toUpperCase() }));
    const page = renderLessonPage(pageWith(blocks, { prerequisites }), files);
    const words = /Builds on (.*?)<\/p>/s.exec(page)?.[1]?.replaceAll(/<[^>]*>/g, "");
    expect(words).toBe("ONE, TWO and THREE.");
  });

  it("turns links between lesson files into links between pages", () => {
    const link = '<p><a href="../other/lesson.md#part">there</a></p>';
    expect(renderLessonPage(pageWith([prose(link)]), files)).toContain('<a href="../other/#part">there</a>');
  });

  it("is made of parts that can be replaced while the page is open", () => {
    const page = renderLessonPage(pageWith(blocks), files);
    for (const part of Object.values(renderLessonParts(pageWith(blocks)))) expect(page).toContain(part);
  });
});

describe("the course page", () => {
  const lessons = [lessonWith([]), { ...lessonWith([]), id: "batches", title: "Batches", minutes: 60 }];

  it("lists the chapters in order, with what they teach and how long they take", () => {
    const page = renderCoursePage({ course, lessons, problems: [] }, { ...files, root: "./" });
    expect([...page.matchAll(/<h2><a href="([^"]+)">/g)].map(([, href]) => href)).toEqual([
      "./valleys/",
      "./batches/",
    ]);
    expect(page).toContain("2 chapters");
    expect(page).toContain("80 minutes");
    expect(page).toContain("tell a saddle from a minimum");
  });

  it("says in development which lessons are missing and why", () => {
    const problem = {
      file: "lessons/a/lesson.md",
      line: 3,
      column: 1,
      message: "No <such> word",
      fix: "write it",
    };
    const page = renderCoursePage({ course, lessons, problems: [problem] }, files);
    expect(page).toContain("lessons/a/lesson.md:3:1: No &lt;such&gt; word — write it");
  });
});

describe("pages for what went wrong", () => {
  it("list every mistake with its place", () => {
    const problems = [1, 2].map((line) => ({
      file: "lesson.md",
      line,
      column: 2,
      message: "Wrong",
      fix: "right it",
    }));
    const page = renderProblemsPage(problems, files, "valleys");
    expect(page).toContain("lesson.md:1:2: Wrong — right it");
    expect(page).toContain("lesson.md:2:2: Wrong — right it");
  });

  it("load nothing, since a host shows the page for a wrong address at any depth", () => {
    const page = renderNotFoundPage(course, "p { color: red }");
    expect(page).not.toMatch(/\ssrc=|<link/);
    expect(page).toContain("p { color: red }");
  });
});

function spanOf() {
  const start = { line: 1, column: 1, offset: 0 };
  return { file: "lessons/valleys/lesson.md", start, end: start };
}
