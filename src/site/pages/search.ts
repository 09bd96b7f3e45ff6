// The search page: a field, and what was found below it. The script asks the index only when something is typed.
import type { Course } from "../../lesson/index.ts";
import { markup } from "../markup.ts";
import { renderFooter, renderFrame, renderHeader, type PageFiles } from "./frame.ts";

export function renderSearchPage(course: Course, files: PageFiles): string {
  return renderFrame({
    files,
    language: course.language,
    title: `Search · ${course.title}`,
    description: `Find a word in ${course.title}: in the chapters, the glossary and the API reference.`,
    data: { page: "search", course: course.id },
    header: renderHeader({
      course,
      root: files.root,
      here: "search",
      chapter: markup`<p class="bar-chapter">Search</p>`,
    }),
    main: markup`<main id="content" class="search" tabindex="-1">
      <h1>Search</h1>
      <search class="search-box">
        <label for="query">A word of the chapters, a term, a name of the engine</label>
        <input id="query" type="search" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="warm-up, saddle point, Adam …" autofocus>
        <p class="search-count" role="status"></p>
      </search>
      <noscript><p>The search needs scripts. The <a href="../glossary/">glossary</a> and the <a href="../reference/">API reference</a> read without.</p></noscript>
      <ol class="found"></ol>
    </main>`,
    footer: renderFooter(course, files.root),
  });
}
