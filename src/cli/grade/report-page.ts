// `report.html`: the report for reading and printing, one page that needs nothing else.
import type { Verdict, VerdictStatus } from "../../grading/index.ts";
import { type Html, markup, raw } from "../../site/index.ts";
import { reportStyles } from "./report-styles.ts";
import { duration } from "./progress.ts";
import {
  pointsFor,
  type Report,
  statusFor,
  type StudentReport,
  type Task,
  type TaskSummary,
} from "./report.ts";

/** In the order in which a bar shows them. */
const statuses: readonly VerdictStatus[] = [
  "passed",
  "partial",
  "failed",
  "error",
  "timeout",
  "memory",
  "refused",
  "missing",
];

const statusWords: Record<VerdictStatus, string> = {
  passed: "passed",
  partial: "partly",
  failed: "failed",
  error: "did not run",
  timeout: "no end in time",
  memory: "too much memory",
  refused: "refused",
  missing: "no answer",
};

const SLOWEST = 10;

export function reportPage(report: Report): string {
  const { lesson, summary, students, unjudged, superseded } = report;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Grades · ${lesson.title}</title>
<style>${raw(reportStyles)}</style>
</head>
<body>
<h1>${lesson.title}</h1>
<p>${countOf(summary.students, "student")}, on average ${summary.meanPoints} of ${report.maxPoints} points.
Finished ${report.finishedAt.replace("T", " ").replace(/\..*/, " UTC")}, ${isolationWords[report.isolation]}.</p>
${attention(unjudged, superseded)}
<h2>Totals</h2>
${totals(report)}
<h2>Exercises and quizzes</h2>
${tasksTable(report)}
${misconceptions(summary.tasks)}
${slowest(students)}
<h2>Students</h2>
${studentRows(students, report.tasks)}
<h2>Each student's work</h2>
${students.map((student) => studentDetails(student, report.tasks))}
</body>
</html>
`;
  return page.text;
}

const isolationWords: Record<Report["isolation"], string> = {
  bubblewrap: "answers isolated by bubblewrap and Deno",
  deno: "answers isolated by Deno alone",
};

function countOf(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function attention(unjudged: Report["unjudged"], superseded: Report["superseded"]): Html {
  return markup`${
    unjudged.length > 0 &&
    markup`<section class="attention"><h2>Not judged: ${countOf(unjudged.length, "file")}</h2>
<ul>${unjudged.map(({ file, problems }) => markup`<li><code>${file}</code>: ${problems.join("; ")}</li>`)}</ul></section>`
  }${
    superseded.length > 0 &&
    markup`<section><h2>Handed in again: ${countOf(superseded.length, "file")} do not count</h2>
<ul>${superseded.map(
      ({ file, student, countsInstead }) =>
        markup`<li><code>${file}</code> of ${student}; <code>${countsInstead}</code> counts</li>`,
    )}</ul></section>`
  }`;
}

/** How many students have how many points, in ten steps. */
function totals({ students, maxPoints }: Report): Html {
  const steps = 10;
  const counts = Array.from({ length: steps }, () => 0);
  for (const { points } of students) {
    const step = maxPoints === 0 ? 0 : Math.min(steps - 1, Math.floor((steps * points) / maxPoints));
    counts[step]! += 1;
  }
  const most = Math.max(1, ...counts);
  const limit = (step: number) => Math.round((10 * step * maxPoints) / steps) / 10;
  return markup`<table class="totals"><thead><tr><th>points</th><th class="number">students</th><th></th></tr></thead><tbody>
${counts.map(
  (
    count,
    step,
  ) => markup`<tr><td>${step === steps - 1 ? `${limit(step)} to ${maxPoints}` : `${limit(step)} to below ${limit(step + 1)}`}</td>
<td class="number">${count}</td><td class="wide">${count > 0 && markup`<span class="bar" style="inline-size: ${share(count, most)}%"></span>`}</td></tr>`,
)}</tbody></table>`;
}

function tasksTable({ summary, tasks, students }: Report): Html {
  const used = statuses.filter((status) => summary.tasks.some((task) => (task.statuses[status] ?? 0) > 0));
  return markup`<p class="legend">${used.map((status) => markup`<span><i class="${status}"></i>${statusWords[status]}</span> `)}</p>
<table><thead><tr><th>task</th><th class="number">mean</th><th class="number">of</th><th>what became of it</th></tr></thead><tbody>
${summary.tasks.map((task) => {
  const title = tasks.find(({ id }) => id === task.task)?.title ?? task.task;
  const present = statuses.filter((status) => (task.statuses[status] ?? 0) > 0);
  return markup`<tr><td>${title}${task.kind === "quiz" && " (quiz)"}</td><td class="number">${task.meanPoints}</td><td class="number">${task.maxPoints}</td>
<td class="wide"><span class="stack">${present.map((status) => markup`<i class="${status}" style="inline-size: ${share(task.statuses[status] ?? 0, students.length)}%"></i>`)}</span>
<small>${present.map((status) => `${task.statuses[status]} ${statusWords[status]}`).join(", ")}</small></td></tr>`;
})}</tbody></table>`;
}

function misconceptions(tasks: readonly TaskSummary[]): Html {
  const all = tasks
    .flatMap(({ task, misconceptions }) => misconceptions.map((found) => ({ task, ...found })))
    .sort((a, b) => b.students - a.students);
  if (all.length === 0) return markup``;
  return markup`<h2>Most frequent misconceptions</h2>
<table><thead><tr><th>misconception</th><th>exercise</th><th class="number">students</th></tr></thead><tbody>
${all.map(({ task, misconception, students }) => markup`<tr><td>${misconception}</td><td>${task}</td><td class="number">${students}</td></tr>`)}
</tbody></table>`;
}

function slowest(students: readonly StudentReport[]): Html {
  const all = students.flatMap(({ student, exercises }) =>
    exercises.map((verdict) => ({ student, verdict })),
  );
  const timeouts = all.filter(({ verdict }) => verdict.status === "timeout");
  const rest = all
    .filter(({ verdict }) => verdict.status !== "timeout")
    .sort((a, b) => b.verdict.durationMs - a.verdict.durationMs)
    .slice(0, SLOWEST);
  const rows = (list: typeof all): Html =>
    markup`<table><thead><tr><th>student</th><th>exercise</th><th class="number">time</th></tr></thead><tbody>
${list.map(({ student, verdict }) => markup`<tr><td>${student}</td><td>${verdict.exercise}</td><td class="number">${time(verdict)}</td></tr>`)}
</tbody></table>`;
  return markup`${timeouts.length > 0 && markup`<h2>Answers that did not end in time</h2>${rows(timeouts)}`}
${rest.length > 0 && markup`<h2>Slowest of the others</h2>${rows(rest)}`}`;
}

function time({ durationMs }: Verdict): string {
  return durationMs < 10_000 ? `${(durationMs / 1000).toFixed(1)} s` : duration(durationMs);
}

function studentRows(students: readonly StudentReport[], tasks: readonly Task[]): Html {
  return markup`<div class="scroll"><table class="students"><thead><tr><th>student</th>${tasks.map(
    ({ id }) => markup`<th class="number">${id}</th>`,
  )}<th class="number">total</th></tr></thead><tbody>${students.map((report) => studentRow(report, tasks))}</tbody></table></div>
<p><small>* set by hand</small></p>`;
}

function studentRow(report: StudentReport, tasks: readonly Task[]): Html {
  const cells = tasks.map(({ id }) => {
    const byHand = report.overrides.some(({ task }) => task === id);
    const status = statusFor(report, id);
    const words = byHand ? "set by hand" : statusWords[status];
    return markup`<td class="number" title="${words}"><i class="${status}"></i>${pointsFor(report, id)}${byHand && "*"}</td>`;
  });
  return markup`<tr><td>${report.student}</td>${cells}<td class="number"><b>${report.points}</b></td></tr>
`;
}

function studentDetails(report: StudentReport, tasks: readonly Task[]): Html {
  const { student, file, points, maxPoints, exercises, overrides, notices } = report;
  const titles = new Map(tasks.map(({ id, title }) => [id, title ?? id]));
  return markup`<details><summary><b>${student}</b> ${points} of ${maxPoints}</summary>
${file !== null && markup`<p><code>${file}</code></p>`}
${notices.map((notice) => markup`<p class="notice">${notice}</p>`)}
${overrides.map(({ task, points, reason }) => markup`<p class="notice">${task}: ${points} points set by hand${reason !== "" && `: ${reason}`}</p>`)}
${exercises.map((verdict) => exerciseDetails(verdict, titles.get(verdict.exercise) ?? verdict.exercise))}
</details>
`;
}

function exerciseDetails(verdict: Verdict, title: string): Html {
  const { points, maxPoints, status, tests, feedback, error } = verdict;
  const place = error?.place ?? null;
  return markup`<h3>${title}: ${points} of ${maxPoints}, ${statusWords[status]}</h3>
${error && markup`<pre>${error.name}: ${error.message}${place !== null && ` (line ${place.line}, column ${place.column})`}</pre>`}
${feedback.length > 0 && markup`<p>Misconception: ${feedback.join(", ")}</p>`}
${
  status !== "missing" &&
  markup`<ul>${tests.map(
    (test) =>
      markup`<li>${test.passed ? "✓" : "✗"} ${test.name}${test.hidden && " (hidden)"}: ${test.points} of ${test.maxPoints}${
        test.message !== null && markup`<pre>${test.message}</pre>`
      }</li>`,
  )}</ul>`
}`;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10;
}
