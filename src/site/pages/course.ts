// The course page: its chapters in order, what each teaches, how long it takes; progress is filled in by the page's script.
import type { PublicLesson } from "../../grading/index.ts";
import type { Course, LessonProblem } from "../../lesson/index.ts";
import { markup, type Html } from "../markup.ts";
import { count, renderFooter, renderFrame, renderHeader, separated, type PageFiles } from "./frame.ts";
import { renderProblems } from "./problems.ts";

export interface CoursePage {
  course: Course;
  lessons: PublicLesson[];
  /** What keeps lessons off the list, in development; a build with problems fails instead. */
  problems: LessonProblem[];
}

export function renderCoursePage({ course, lessons, problems }: CoursePage, files: PageFiles): string {
  const minutes = lessons.reduce((sum, lesson) => sum + lesson.minutes, 0);
  return renderFrame({
    files,
    language: course.language,
    title: course.title,
    description: course.summary,
    data: { page: "course", course: course.id },
    header: renderHeader({ course, root: files.root, chapter: null }),
    main: markup`<main id="content" class="course" tabindex="-1">
      <header class="opening">
        <p class="eyebrow">${separated([count(lessons.length, "chapter"), duration(minutes)])}</p>
        <h1>${course.title}</h1>
        <p class="lead">${course.summary}</p>
        <p class="continue" hidden></p>
      </header>
      <ol class="chapters">
        ${lessons.map((lesson, index) => renderChapter(lesson, index + 1))}
      </ol>
      <ul class="to-reference">
        <li><a href="./glossary/">Glossary</a> Every term of the chapters, and where it is taught.</li>
        <li><a href="./reference/">API reference</a> Every name of the training engine, with examples that run.</li>
      </ul>
      ${problems.length > 0 ? renderProblems(problems) : ""}
    </main>`,
    footer: renderFooter(course, files.root),
  });
}

function renderChapter(lesson: PublicLesson, number: number): Html {
  return markup`<li class="chapter" data-lesson="${lesson.id}">
    <span class="chapter-number" aria-hidden="true">${number}</span>
    <div>
      <h2><a href="./${lesson.id}/">${lesson.title}</a></h2>
      <p class="chapter-summary">${lesson.summary}</p>
      <p class="chapter-facts"><span>${lesson.minutes} minutes</span><span class="chapter-progress"></span></p>
      <details>
        <summary>What you will be able to do</summary>
        <ul>${lesson.objectives.map((objective) => markup`<li>${objective}</li>`)}</ul>
      </details>
    </div>
  </li> `;
}

function duration(minutes: number): string {
  if (minutes < 90) return count(minutes, "minute");
  return `about ${count(Math.round(minutes / 60), "hour")}`;
}
