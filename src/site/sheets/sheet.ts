// Pages to print: the exercises and questions of a lesson, for the class without answers, for the instructor with all of them.
// Each page is one file that needs nothing else: styles, fonts of formulas and pictures are inside.
import type { ExerciseBlock, Lesson, QuizBlock, Test } from "../../lesson/index.ts";
import { markup, raw, type Html, type HtmlPart } from "../markup.ts";
import { renderCode } from "./code.ts";
import { renderAnswer, renderQuestion } from "./quiz.ts";
import { withFonts } from "./fonts.ts";
import { sheetStyle } from "./style.ts";

export interface SheetOptions {
  lesson: Lesson;
  /** The course's title and language. */
  course: { title: string; language: string };
  /** A picture's file as a `data:` address; `null` where there is none. */
  picture: (path: string) => string | null;
}

type Task = ExerciseBlock | QuizBlock;

/** What the class gets: nothing in it tells an answer. */
export function renderExerciseSheet(options: SheetOptions): string {
  return renderSheet(options, {
    kind: "Exercise sheet",
    opening: markup`<div class="names"><p>Name</p><p>Date</p></div>`,
    task: (task) =>
      task.kind === "exercise"
        ? renderExercise(task, task.solution.starter, markup`${visible(task).map(renderTest)}`)
        : renderQuestion(task),
  });
}

/** What the instructor gets. */
export function renderAnswerKey(options: SheetOptions): string {
  const tasks = tasksOf(options.lesson);
  return renderSheet(options, {
    kind: "Answer key",
    opening: markup`<p class="confidential">For instructors: solutions, hidden tests and the answers to all questions.</p>${renderPoints(tasks)}`,
    task: (task) =>
      task.kind === "exercise"
        ? renderExercise(task, task.solution.shown, renderKey(task))
        : renderAnswer(task),
  });
}

interface Kind {
  kind: string;
  opening: Html;
  task: (task: Task) => Html;
}

function renderSheet({ lesson, course, picture }: SheetOptions, { kind, opening, task }: Kind): string {
  const tasks = tasksOf(lesson);
  const { title, objectives } = lesson.frontMatter;
  const points = tasks.reduce((total, one) => total + one.points, 0);
  const body = markup`<header>
<p class="course">${course.title} · ${kind}</p>
<h1>${title}</h1>
<p class="facts">${count(tasks.length, "task")}, ${count(points, "point")}</p>
${opening}
<details open><summary>Objectives</summary><ul>${objectives.map((objective) => markup`<li>${objective}</li>`)}</ul></details>
</header>
<main>
${tasks.map((one, index) => markup`<section class="task"><h2>${index + 1}. ${titleOf(one)} <span class="points">${count(one.points, "point")}</span></h2>\n${task(one)}</section>\n`)}
${tasks.length === 0 && markup`<p>This chapter has no exercise and no question.</p>`}
</main>
<footer>${course.title}, ${lesson.id}, version ${lesson.version.slice(0, 12)}</footer>`.text;
  const page = withPictures(body, picture);
  return markup`<!doctype html>
<html lang="${course.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${kind}</title>
<style>
${raw(withFonts(page))}
${raw(sheetStyle)}
</style>
</head>
<body>
${raw(page)}
</body>
</html>
`.text;
}

function tasksOf(lesson: Lesson): Task[] {
  return lesson.blocks.filter((block) => block.kind === "exercise" || block.kind === "quiz");
}

function titleOf(task: Task): string {
  return task.kind === "exercise" ? (task.title ?? task.objective) : "Question";
}

function renderExercise(exercise: ExerciseBlock, code: string, below: Html): Html {
  return markup`${exercise.title !== null && markup`<p class="objective">${exercise.objective}</p>`}
${exercise.statement.map(({ html }) => raw(html))}
${renderCode(code)}
${below}`;
}

function visible(exercise: ExerciseBlock): Test[] {
  return exercise.tests.filter((test) => !test.hidden);
}

function renderTest(test: Test): Html {
  const facts: HtmlPart[] = [count(test.points, "point")];
  if (test.hidden) facts.push(", hidden");
  if (test.cases > 1) facts.push(`, ${test.cases} cases`);
  return markup`<figure><figcaption>Test: ${test.name} <span class="points">${facts}</span></figcaption>${renderCode(test.code.source)}</figure>\n`;
}

/** All that only the instructor sees of an exercise, below its solution. */
function renderKey(exercise: ExerciseBlock): Html {
  const { tests, misconceptions, hints } = exercise;
  return markup`<h3>Tests</h3>
${tests.map(renderTest)}
${
  misconceptions.length > 0 &&
  markup`<h3>Misconceptions</h3>
${misconceptions.map(
  ({ id, code, feedbackHtml }) =>
    markup`<figure><figcaption>${id}</figcaption>${renderCode(code.source)}<div class="feedback">${raw(feedbackHtml)}</div></figure>\n`,
)}`
}
${
  hints.length > 0 &&
  markup`<h3>Hints</h3>
<ul>${hints.map(({ after, html }) => markup`<li>After ${count(after, "failed attempt")}: ${raw(html)}</li>`)}</ul>`
}`;
}

function renderPoints(tasks: readonly Task[]): Html {
  const hiddenOf = (task: Task) =>
    task.kind === "exercise"
      ? task.tests.filter((test) => test.hidden).reduce((total, test) => total + test.points, 0)
      : 0;
  const sum = (points: (task: Task) => number) => tasks.reduce((total, task) => total + points(task), 0);
  return markup`<table class="score">
<thead><tr><th scope="col">Task</th><th scope="col">Id</th><th scope="col">Points</th><th scope="col">of them hidden</th></tr></thead>
<tbody>${tasks.map(
    (task, index) =>
      markup`<tr><td>${index + 1}. ${titleOf(task)}</td><td><code>${task.id}</code></td><td>${task.points}</td><td>${hiddenOf(task)}</td></tr>`,
  )}</tbody>
<tfoot><tr><th scope="row" colspan="2">Together</th><td>${sum(({ points }) => points)}</td><td>${sum(hiddenOf)}</td></tr></tfoot>
</table>`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** Puts pictures into the page; one that is not beside the lesson leaves its words. */
function withPictures(html: string, picture: SheetOptions["picture"]): string {
  return html.replaceAll(
    /<img src="([^"]*)" alt="([^"]*)"([^>]*)>/g,
    (_, path: string, words: string, rest: string) => {
      const data = picture(path.replaceAll("&amp;", "&"));
      return data === null
        ? `<em>${words}</em>`
        : `<img src="${data}" alt="${words}"${rest.replace(' loading="lazy"', "")}>`;
    },
  );
}
