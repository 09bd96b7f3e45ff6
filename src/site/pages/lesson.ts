// A lesson as a static page that reads fully with scripts off. Its parts are also sent one by one when an author saves.
import type { IslandBlock, PublicBlock, PublicLesson } from "../../grading/index.ts";
import type { Course, Heading } from "../../lesson/index.ts";
import { markup, raw, type Html } from "../markup.ts";
import { contentsOf, sectionsOf, type ContentsEntry, type Section } from "./contents.ts";
import { renderFooter, renderFrame, renderHeader, separated, type PageFiles } from "./frame.ts";
import { prepareProse } from "./prose.ts";

/** What draws islands and code: the notebook's own components, so that the page hydrates without a flicker. */
export interface Renderers {
  island: (block: IslandBlock) => string;
  code: (source: string, language: string) => string;
}

export interface ChapterLink {
  id: string;
  title: string;
}

export interface LessonPage {
  course: Course;
  lesson: PublicLesson;
  /** Its place in the course, from 1; `null` where it is no chapter of it. */
  number: number | null;
  previous: ChapterLink | null;
  next: ChapterLink | null;
  /** Chapters to read first. */
  prerequisites: ChapterLink[];
  renderers: Renderers;
}

/** The regions of a lesson page that change when its source changes: CSS selector → inner HTML. */
export type LessonParts = Record<string, string>;

export function renderLessonPage(page: LessonPage, files: PageFiles): string {
  const { course, lesson } = page;
  const parts = renderLessonParts(page);
  const hasFormulas = Object.values(parts).some((part) => part.includes('class="katex"'));
  return renderFrame({
    files: hasFormulas ? files : { ...files, fonts: [] },
    language: course.language,
    title: `${lesson.title} · ${course.title}`,
    description: lesson.summary,
    data: { page: "lesson", course: course.id, lesson: lesson.id },
    header: renderHeader({
      course,
      root: files.root,
      chapter: markup`<p class="bar-chapter">${raw(parts[".bar-chapter"] ?? "")}</p>
        <div class="bar-tools" data-island="toolbar"></div>`,
    }),
    main: markup`<div class="page">
      <nav class="contents" aria-label="On this page">${raw(parts["nav.contents"] ?? "")}</nav>
      <main id="content" tabindex="-1">
        <article class="lesson">
          <header class="opening">${raw(parts[".opening"] ?? "")}</header>
          <details class="contents-fold">
            <summary>On this page</summary>
            <nav aria-label="On this page">${raw(parts[".contents-fold > nav"] ?? "")}</nav>
          </details>
          <div class="sections">${raw(parts[".sections"] ?? "")}</div>
        </article>
        ${renderPager(page)}
      </main>
    </div>`,
    footer: renderFooter(course, files.root),
  });
}

export function renderLessonParts(page: LessonPage): LessonParts {
  const sections = sectionsOf(page.lesson);
  const entries = contentsOf(sections);
  const contents = renderContents(entries).text;
  return {
    ".bar-chapter":
      markup`${page.number !== null && markup`<span class="bar-number">${page.number}</span> `}${page.lesson.title}`
        .text,
    "nav.contents": markup`<p class="contents-title">On this page</p>${raw(contents)}`.text,
    ".contents-fold > nav": contents,
    ".opening": renderOpening(page).text,
    ".sections": markup`${sections.map((section) => renderSection(section, page.renderers))}`.text,
  };
}

function renderOpening({ course, lesson, number, prerequisites }: LessonPage): Html {
  const points = lesson.blocks.reduce((sum, block) => sum + pointsOf(block), 0);
  const here = lesson.blocks.reduce((sum, block) => sum + pointsOf(block) - hiddenPointsOf(block), 0);
  const facts = [
    ...(number === null ? [] : [`Chapter ${number}`]),
    `${lesson.minutes} minutes`,
    ...(points > 0 ? [here < points ? `${points} points, ${here} here` : `${points} points`] : []),
  ];
  return markup`<p class="eyebrow">${separated(facts)}</p>
<h1>${lesson.title}</h1>
<p class="lead">${lesson.summary}</p>
${
  prerequisites.length > 0 &&
  markup`<p class="prerequisites">Builds on ${prerequisites.map(
    ({ id, title }, index) => markup`${joint(index, prerequisites.length)}<a href="../${id}/">${title}</a>`,
  )}.</p>`
}
${
  lesson.objectives.length > 0 &&
  markup`<details class="objectives">
<summary>What you can do after this chapter</summary>
<ul>${lesson.objectives.map((objective) => markup`<li>${objective}</li>`)}</ul>
</details>`
}
<noscript><p class="no-script">This page reads without scripts. To run its code and to answer its questions, allow scripts for ${course.title}.</p></noscript>`;
}

/** What stands before the item of an enumeration. */
function joint(index: number, length: number): string {
  if (index === 0) return "";
  return index === length - 1 ? " and " : ", ";
}

function pointsOf(block: PublicBlock): number {
  if (block.kind === "exercise") return block.exercise.points;
  return block.kind === "quiz" ? block.points : 0;
}

/** Points that a grader gives for tests which the page does not hold. */
function hiddenPointsOf(block: PublicBlock): number {
  return block.kind === "exercise" ? block.exercise.hiddenPoints : 0;
}

export function renderContents(entries: ContentsEntry[]): Html {
  const link = (id: string, text: string, number: number | null) =>
    markup`<a href="#${id}">${number !== null && markup`<span class="contents-number" aria-hidden="true">${number}</span>`}<span class="contents-text">${raw(text)}</span></a>`;
  return markup`<ol class="contents-list">${entries.map(
    ({ id, html, number, children }) =>
      markup`<li>${link(id, html, number)}${
        children.length > 0 &&
        markup`<ol>${children.map((child) => markup`<li>${link(child.id, child.html, null)}</li>`)}</ol>`
      }</li>`,
  )}</ol>`;
}

function renderSection({ heading, number, blocks }: Section, renderers: Renderers): Html {
  const body = blocks.map((block) => renderBlock(block, renderers));
  if (heading === null) return markup`<div class="section">\n${body}</div>\n`;
  return markup`<section class="section" aria-labelledby="${heading.id}">
<h2 id="${heading.id}"><span class="number" aria-hidden="true">${number}</span>${raw(heading.html)}${anchor(heading)}</h2>
${body}</section>
`;
}

/** Nothing may stand between an island's element and its content, nor between `pre` and the code: the page would show or hydrate it. */
export function renderBlock(block: PublicBlock, renderers: Renderers): Html {
  switch (block.kind) {
    case "heading": {
      const { depth, id, html } = block.heading;
      const tag = raw(`h${depth}`);
      return markup`<${tag} id="${id}">${raw(html)}${anchor(block.heading)}</${tag}>\n`;
    }
    case "prose":
      return markup`${raw(prepareProse(block.html))}\n`;
    case "static": {
      const code = raw(renderers.code(block.source, block.language));
      return markup`<pre class="code" data-language="${block.language}"><code>${code}</code></pre>\n`;
    }
    case "cell":
    case "exercise":
    case "quiz":
    case "predict": {
      const content = raw(renderers.island(block));
      return markup`<div class="island" data-island="${block.kind}" data-id="${islandId(block)}">${content}</div>\n`;
    }
  }
}

/** The id by which a page and the notebook know an island. */
export function islandId(block: IslandBlock): string {
  return block.kind === "exercise" ? block.exercise.id : block.id;
}

function anchor({ id, text }: Heading): Html {
  return markup`<a class="anchor" href="#${id}" aria-label="Link to “${text}”"><span aria-hidden="true">#</span></a>`;
}

function renderPager({ number, previous, next }: LessonPage): Html {
  if (number === null)
    return markup`<nav class="pager" aria-label="Chapters"><a class="pager-back" href="../"><span>Back to</span>All chapters</a></nav>`;
  const back =
    previous === null
      ? { title: "All chapters", href: "../", label: "Back to" }
      : { title: previous.title, href: `../${previous.id}/`, label: "Previous" };
  const on =
    next === null
      ? { title: "All chapters", href: "../", label: "This was the last chapter" }
      : { title: next.title, href: `../${next.id}/`, label: "Next" };
  return markup`<nav class="pager" aria-label="Chapters">
<a class="pager-back" href="${back.href}"${previous !== null && raw(` rel="prev"`)}><span>${back.label}</span>${back.title}</a>
<a class="pager-next" href="${on.href}"${next !== null && raw(` rel="next"`)}><span>${on.label}</span>${on.title}</a>
</nav>`;
}
