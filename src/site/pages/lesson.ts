// A lesson as a static page that reads fully with scripts off. Its parts are also sent one by one when an author saves.
import type { IslandBlock, PublicBlock, PublicLesson } from "../../grading/index.ts";
import type { Course } from "../../lesson/index.ts";
import { html, raw, type Html } from "../html.ts";
import { contentsOf, sectionsOf, type ContentsEntry, type Section } from "./contents.ts";
import { renderFooter, renderFrame, renderHeader, type PageFiles } from "./frame.ts";
import { linkLessons } from "./prose.ts";

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
  /** Its place in the course, from 1. */
  number: number;
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
  return renderFrame({
    files,
    language: course.language,
    title: `${lesson.title} · ${course.title}`,
    description: lesson.summary,
    data: { page: "lesson", course: course.id, lesson: lesson.id, ...rootData(files) },
    header: renderHeader({
      course,
      root: files.root,
      chapter: html`<p class="bar-chapter">${raw(parts[".bar-chapter"] ?? "")}</p>
        <div class="bar-progress" role="status" hidden></div>`,
    }),
    main: html`<div class="page">
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
    footer: renderFooter(course),
  });
}

function rootData(files: PageFiles): Record<string, string> {
  return { root: files.root, ...(files.worker === null ? {} : { worker: files.worker }) };
}

export function renderLessonParts(page: LessonPage): LessonParts {
  const sections = sectionsOf(page.lesson);
  const entries = contentsOf(sections);
  const contents = renderContents(entries).text;
  return {
    ".bar-chapter": html`<span class="bar-number">${page.number}</span> ${page.lesson.title}`.text,
    "nav.contents": html`<p class="contents-title">On this page</p>
      ${raw(contents)}`.text,
    ".contents-fold > nav": contents,
    ".opening": renderOpening(page).text,
    ".sections": html`${sections.map((section) => renderSection(section, page.renderers))}`.text,
  };
}

function renderOpening({ course, lesson, number, prerequisites }: LessonPage): Html {
  const total = lesson.blocks.reduce((sum, block) => sum + pointsOf(block), 0);
  return html`<p class="eyebrow">
      Chapter ${number} <span aria-hidden="true">·</span> ${lesson.minutes}
      minutes${total > 0 ? html` <span aria-hidden="true">·</span> ${total} points` : ""}
    </p>
    <h1>${lesson.title}</h1>
    <p class="lead">${lesson.summary}</p>
    ${
      prerequisites.length > 0
        ? html`<p class="prerequisites">
            Builds on
            ${prerequisites.map(
              ({ id, title }, index) =>
                html`${index === 0 ? "" : index === prerequisites.length - 1 ? " and " : ", "}<a
                    href="../${id}/"
                    >${title}</a
                  >`,
            )}.
          </p>`
        : ""
    }
    ${
      lesson.objectives.length > 0
        ? html`<section class="objectives" aria-labelledby="objectives-title">
            <h2 id="objectives-title">After this chapter you can</h2>
            <ul>
              ${lesson.objectives.map((objective) => html`<li>${objective}</li>`)}
            </ul>
          </section>`
        : ""
    }
    <noscript
      ><p class="no-script">
        This page reads without scripts. To run its code and to answer its questions, allow scripts for
        ${course.title}.
      </p></noscript
    >`;
}

function pointsOf(block: PublicBlock): number {
  if (block.kind === "exercise") return block.exercise.points;
  return block.kind === "quiz" ? block.points : 0;
}

function renderContents(entries: ContentsEntry[]): Html {
  return html`<ol class="contents-list">
    ${entries.map(
      (entry) =>
        html`<li>
          <a href="#${entry.id}"
            ><span class="contents-number" aria-hidden="true">${entry.number}</span
            ><span>${raw(entry.html)}</span></a
          >${
            entry.children.length > 0
              ? html`<ol>
                  ${entry.children.map(
                    (child) =>
                      html`<li>
                        <a href="#${child.id}"><span>${raw(child.html)}</span></a>
                      </li>`,
                  )}
                </ol>`
              : ""
          }
        </li>`,
    )}
  </ol>`;
}

function renderSection({ heading, number, blocks }: Section, renderers: Renderers): Html {
  const body = blocks.map((block) => renderBlock(block, renderers));
  if (heading === null) return html`<div class="section">${body}</div> `;
  return html`<section class="section" aria-labelledby="${heading.id}">
    <h2 id="${heading.id}">
      <span class="number" aria-hidden="true">${number}</span>${raw(heading.html)}${anchor(heading.id)}
    </h2>
    ${body}
  </section> `;
}

function renderBlock(block: PublicBlock, renderers: Renderers): Html {
  switch (block.kind) {
    case "heading": {
      const { depth, id, html: text } = block.heading;
      const tag = raw(`h${depth}`);
      return html`<${tag} id="${id}">${raw(text)}${anchor(id)}</${tag}> `;
    }
    case "prose":
      return html`${raw(linkLessons(block.html))} `;
    case "static":
      return html`<pre
        class="code static"
        data-language="${block.language}"
      ><code>${raw(renderers.code(block.source, block.language))}</code></pre> `;
    case "cell":
    case "exercise":
    case "quiz":
    case "predict":
      return html`<div class="island" data-island="${block.kind}" data-id="${islandId(block)}">
        ${raw(renderers.island(block))}
      </div> `;
  }
}

/** The id by which a page and the notebook know an island. */
export function islandId(block: IslandBlock): string {
  return block.kind === "exercise" ? block.exercise.id : block.id;
}

function anchor(id: string): Html {
  return html`<a class="anchor" href="#${id}" aria-label="Link to this section"
    ><span aria-hidden="true">#</span></a
  >`;
}

function renderPager({ previous, next }: LessonPage): Html {
  return html`<nav class="pager" aria-label="Chapters">
    ${
      previous === null
        ? html`<a class="pager-back" href="../"><span>Back to</span>All chapters</a>`
        : html`<a class="pager-back" rel="prev" href="../${previous.id}/"
            ><span>Previous</span>${previous.title}</a
          >`
    }
    ${
      next === null
        ? html`<a class="pager-next" href="../"><span>You have reached the end</span>All chapters</a>`
        : html`<a class="pager-next" rel="next" href="../${next.id}/"><span>Next</span>${next.title}</a>`
    }
  </nav>`;
}
