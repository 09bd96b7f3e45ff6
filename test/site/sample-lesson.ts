// A lesson as a page may have it, and renderers that draw islands as plain marks, for the tests of pages.
import type { PublicBlock, PublicLesson } from "../../src/grading/index.ts";
import type { Course, Span } from "../../src/lesson/index.ts";
import type { PageFiles } from "../../src/site/pages/frame.ts";
import type { LessonPage, Renderers } from "../../src/site/pages/lesson.ts";

const span: Span = {
  file: "lessons/valleys/lesson.md",
  start: { line: 1, column: 1, offset: 0 },
  end: { line: 1, column: 1, offset: 0 },
};

export function heading(depth: 2 | 3, id: string, text: string): PublicBlock {
  return { kind: "heading", heading: { depth, id, text, html: text }, span };
}

export function prose(html: string): PublicBlock {
  return { kind: "prose", html, span };
}

export function cell(id: string, source = "1 + 1;"): PublicBlock {
  return {
    kind: "cell",
    id,
    named: true,
    code: { source, span },
    run: "demand",
    live: false,
    fold: false,
    readonly: false,
  };
}

export const course: Course = {
  id: "fixture",
  title: "A small course",
  summary: "To test the site with.",
  language: "en",
  lessons: ["valleys"],
};

export function lessonWith(blocks: PublicBlock[]): PublicLesson {
  return {
    id: "valleys",
    version: "0",
    title: "Valleys & passes",
    summary: "Where a <gradient> is zero.",
    objectives: ["tell a saddle from a minimum"],
    prerequisites: [],
    terms: [],
    minutes: 20,
    blocks,
  };
}

export const renderers: Renderers = {
  island: (block) => `<p>island of a ${block.kind}</p>`,
  code: (source, language) => `<i>${language}</i>${source}`,
};

export function pageWith(blocks: PublicBlock[], more: Partial<LessonPage> = {}): LessonPage {
  return {
    course,
    lesson: lessonWith(blocks),
    number: 1,
    previous: null,
    next: null,
    prerequisites: [],
    renderers,
    ...more,
  };
}

export const files: PageFiles = {
  mode: "build",
  root: "../",
  early: "../assets/early-1.js",
  script: "../assets/lesson-1.js",
  styles: ["../assets/lesson-1.css"],
  fonts: ["../assets/KaTeX_Main-Regular-1.woff2"],
  icon: "../assets/favicon-1.svg",
};
