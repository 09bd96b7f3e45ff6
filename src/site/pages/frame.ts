// The document around every page: head, header, footer. All URLs are relative to the page, so that any sub-path works.
import { contentSecurityPolicy } from "../csp.ts";
import { markup, raw, type Html } from "../markup.ts";

/** Where the built files are, as seen from one page. */
export interface PageFiles {
  mode: "build" | "serve";
  /** The site's root: `./` from the course page, `../` from a lesson. */
  root: string;
  /** Runs before the first paint: applies the stored theme. A classic script. */
  early: string;
  /** Attaches to the page once it is parsed. A module. */
  script: string;
  styles: string[];
  /** Fonts worth asking for before the style sheet names them. */
  fonts: string[];
  icon: string;
}

export type PageKind = "lesson" | "course" | "reference" | "glossary" | "search";

/** The style sheets of each kind of page; each kind has a script of its own name. */
export const stylesOf: Record<PageKind, string[]> = {
  lesson: ["lesson"],
  course: ["course"],
  reference: ["lesson", "reference"],
  glossary: ["lesson", "reference"],
  search: ["search"],
};

export interface Frame {
  files: PageFiles;
  language: string;
  title: string;
  description: string;
  /** What the page's script needs to know, as `data-` attributes of the body. */
  data: Record<string, string>;
  header: Html;
  main: Html;
  footer: Html;
}

export function renderFrame(frame: Frame): string {
  const { files } = frame;
  const data = { ...frame.data, root: files.root };
  return markup`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(contentSecurityPolicy(files.mode))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${frame.title}</title>
<meta name="description" content="${frame.description}">
<meta name="color-scheme" content="light dark">
<script src="${files.early}"></script>
${files.fonts.map((font) => markup`<link rel="preload" href="${font}" as="font" type="font/woff2" crossorigin>\n`)}${files.styles.map((style) => markup`<link rel="stylesheet" href="${style}">\n`)}<link rel="icon" href="${files.icon}" type="image/svg+xml">
<script type="module" src="${files.script}"></script>
</head>
<body${Object.entries(data).map(([name, value]) => markup` data-${name}="${value}"`)}>
<a class="skip" href="#content">Skip to the text</a>
${frame.header}
${frame.main}
${frame.footer}
</body>
</html>
`.text;
}

/** The bar at the top: where the reader is, and the switch between light and dark. */
export function renderHeader(options: {
  course: { title: string };
  root: string;
  chapter: Html | null;
  /** A page that the bar leads to does not lead to itself. */
  here?: "reference" | "search";
}): Html {
  return markup`<header class="bar">
    <a class="bar-course" href="${options.root}" aria-label="${options.course.title}">${brandMark}<span>${options.course.title}</span></a>
    ${options.chapter ?? ""}
    ${options.here !== "reference" && markup`<a class="bar-reference" href="${options.root}reference/">Reference</a>`}
    ${options.here !== "search" && markup`<a class="bar-search" href="${options.root}search/" aria-label="Search">${searchIcon}</a>`}
    <button class="bar-theme" type="button" aria-label="Dark page" aria-pressed="false">${themeIcon}</button>
  </header>`;
}

export function renderFooter(course: { title: string; summary: string }, root: string): Html {
  return markup`<footer class="foot">
    <p><strong>${course.title}</strong> ${course.summary}</p>
    <p>${separated([
      markup`<a href="${root}search/">Search</a>`,
      markup`<a href="${root}glossary/">Glossary</a>`,
      markup`<a href="${root}reference/">API reference</a>`,
      markup`<a href="${root}authors-guide/">Author's guide</a>`,
    ])}</p>
    <p>Everything runs in your browser: your code, your answers and your progress stay on this device.</p>
  </footer>`;
}

/** A path that rolls down into a valley: the mark of the course. */
const brandMark = raw(
  `<svg class="mark" viewBox="0 0 32 32" width="22" height="22" aria-hidden="true"><path d="M3 6c5 0 6 19 13 19S24 13 29 13" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round"/><circle cx="16" cy="21" r="3.6" fill="var(--accent)"/></svg>`,
);

const themeIcon = raw(
  `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><circle cx="12" cy="12" r="8.2" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M12 3.8a8.2 8.2 0 0 1 0 16.4z" fill="currentColor"/></svg>`,
);

const searchIcon = raw(
  `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><circle cx="10.5" cy="10.5" r="6.2" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="m15.2 15.2 5 5" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></svg>`,
);

/** Facts in a line, with a dot between them that is not read out. */
export function separated(facts: readonly (string | Html)[]): Html {
  return markup`${facts.map((fact, index) => markup`${index > 0 && raw(' <span aria-hidden="true">·</span> ')}${fact}`)}`;
}

/** `1 chapter`, `10 chapters`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
