// The glossary: every term that the chapters teach, what it means, and the way to where it is taught.
import { group } from "d3-array";
import type { PublicLesson } from "../../grading/index.ts";
import type { Course } from "../../lesson/index.ts";
import { markup, raw, type Html } from "../markup.ts";
import { count, renderFooter, renderFrame, renderHeader, separated, type PageFiles } from "./frame.ts";

export interface GlossaryPage {
  course: Course;
  lessons: PublicLesson[];
}

interface Meaning {
  html: string;
  href: string;
  chapter: string;
}

interface Term {
  term: string;
  /** One for each chapter that teaches it, in the order of the course. */
  meanings: Meaning[];
}

export function renderGlossaryPage({ course, lessons }: GlossaryPage, files: PageFiles): string {
  const terms = termsOf(lessons);
  const letters = group(terms, ({ term }) => letterOf(term));
  return renderFrame({
    files,
    language: course.language,
    title: `Glossary · ${course.title}`,
    description: `The terms of ${course.title}, in a sentence each, and where each is taught.`,
    data: { page: "glossary", course: course.id },
    header: renderHeader({
      course,
      root: files.root,
      chapter: markup`<p class="bar-chapter">Glossary</p>`,
    }),
    main: markup`<main id="content" class="glossary" tabindex="-1">
      <header class="opening">
        <p class="eyebrow">${separated([count(terms.length, "term"), count(lessons.length, "chapter")])}</p>
        <h1>Glossary</h1>
        <p class="lead">What each term means in a sentence, and where the course teaches it.</p>
      </header>
      <nav class="letters" aria-label="Letters">${[...letters.keys()].map(
        (letter) => markup`<a href="#${anchorOf(letter)}">${letter}</a>`,
      )}</nav>
      ${[...letters].map(
        ([letter, terms]) => markup`<section aria-labelledby="${anchorOf(letter)}">
        <h2 id="${anchorOf(letter)}">${letter}</h2>
        <dl class="terms">${terms.map(renderTerm)}</dl>
      </section>
      `,
      )}
    </main>`,
    footer: renderFooter(course, files.root),
  });
}

function renderTerm({ term, meanings }: Term): Html {
  return markup`
          <div class="term"><dt>${term}</dt>${meanings.map(
            ({ html, href, chapter }) =>
              markup`<dd>${raw(html)} <a class="taught" href="${href}">${chapter}</a></dd>`,
          )}</div>`;
}

function termsOf(lessons: PublicLesson[]): Term[] {
  const terms = new Map<string, Term>();
  lessons.forEach((lesson, index) => {
    for (const { term, at, html } of lesson.terms) {
      const key = term.toLowerCase();
      const known = terms.get(key) ?? { term, meanings: [] };
      const chapter = `Chapter ${index + 1}, ${lesson.title}`;
      known.meanings.push({ html, href: `../${lesson.id}/#${at}`, chapter });
      terms.set(key, known);
    }
  });
  return [...terms.values()].sort((a, b) => a.term.localeCompare(b.term, "en", { sensitivity: "base" }));
}

/** Terms that begin with a digit or a sign stand together. */
function letterOf(term: string): string {
  const letter = term.charAt(0).toUpperCase();
  return /\p{Letter}/u.test(letter) ? letter : "#";
}

const anchorOf = (letter: string) => `letter-${letter === "#" ? "other" : letter}`;
