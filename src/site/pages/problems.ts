// What an author sees in development instead of a page that cannot be built. It shows the lesson as soon as it reads again.
import { type LessonProblem, formatProblem } from "../../lesson/index.ts";
import { markup, type Html } from "../markup.ts";
import { renderFrame, renderHeader, type PageFiles } from "./frame.ts";

export function renderProblemsPage(problems: LessonProblem[], files: PageFiles, lesson?: string): string {
  return renderFrame({
    files,
    language: "en",
    title: `${problems.length} to correct`,
    description: "What to correct before this page can be shown.",
    data: { page: "problems", ...(lesson === undefined ? {} : { lesson }) },
    header: renderHeader({ course: { title: "Course" }, root: files.root, chapter: null }),
    main: markup`<main id="content" class="course" tabindex="-1">
      <h1>This page cannot be shown yet</h1>
      <p class="lead">It returns by itself once these are corrected.</p>
      ${renderProblems(problems)}
    </main>`,
    footer: markup``,
  });
}

export function renderProblems(problems: LessonProblem[]): Html {
  return markup`<ul class="problems">
    ${problems.map((problem) => markup`<li>${formatProblem(problem)}</li>`)}
  </ul>`;
}
