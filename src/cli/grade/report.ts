// The report on a class: verdicts, points with the overrides applied, and what they come to. Pure; the same works give
// the same report but for its times.
import * as v from "valibot";
import type { QuizVerdict, SubmissionVerdict, Verdict, VerdictStatus } from "../../grading/index.ts";
import type { Lesson } from "../../lesson/index.ts";
import type { IsolationKind } from "../../runtime/node.ts";
import type { Override } from "./overrides.ts";
import { quizVerdictSchema, verdictSchema } from "./results.ts";
import type { Submissions, Unjudged, Work } from "./submissions.ts";

/** An exercise or a quiz. */
export interface Task {
  id: string;
  kind: "exercise" | "quiz";
  title: string | null;
  maxPoints: number;
}

export interface StudentReport {
  student: string;
  /** `null` where there is no submission and an override gives points nevertheless. */
  file: string | null;
  exportedAt: string | null;
  /** With the overrides applied. */
  points: number;
  maxPoints: number;
  exercises: Verdict[];
  quizzes: QuizVerdict[];
  overrides: Omit<Override, "student" | "line">[];
  notices: string[];
}

export interface TaskSummary {
  task: string;
  kind: Task["kind"];
  meanPoints: number;
  maxPoints: number;
  /** How many students got which status; of quizzes: passed, failed and missing. */
  statuses: Partial<Record<VerdictStatus, number>>;
  /** How many students, most frequent first. */
  misconceptions: { misconception: string; students: number }[];
}

export interface Report {
  format: "descent-report/1";
  lesson: { id: string; title: string; version: string };
  isolation: IsolationKind;
  /** Tells the course's key from another one, and no more. */
  key: string;
  finishedAt: string;
  tasks: Task[];
  maxPoints: number;
  summary: { students: number; meanPoints: number; tasks: TaskSummary[] };
  students: StudentReport[];
  unjudged: Unjudged[];
  superseded: Submissions["superseded"];
}

export function tasksOf(lesson: Lesson): Task[] {
  return lesson.blocks.flatMap((block): Task[] => {
    if (block.kind === "exercise") {
      return [{ id: block.id, kind: "exercise", title: block.title, maxPoints: block.points }];
    }
    if (block.kind === "quiz") return [{ id: block.id, kind: "quiz", title: null, maxPoints: block.points }];
    return [];
  });
}

export function makeReport(options: {
  lesson: Lesson;
  isolation: IsolationKind;
  key: string;
  finishedAt: Date;
  judged: readonly { work: Work; verdict: SubmissionVerdict }[];
  overrides: readonly Override[];
  unjudged: readonly Unjudged[];
  superseded: Submissions["superseded"];
}): Report {
  const { lesson, isolation, key, finishedAt, judged, overrides, superseded } = options;
  const tasks = tasksOf(lesson);
  const maxPoints = sum(tasks.map((task) => task.maxPoints));
  const students = judged.map(({ work, verdict }): StudentReport => {
    const { student, file, exportedAt } = work;
    return {
      student,
      file,
      exportedAt,
      points: 0,
      maxPoints,
      exercises: verdict.exercises,
      quizzes: verdict.quizzes,
      overrides: [],
      notices: [...work.notices, ...verdict.notices],
    };
  });
  const byName = new Map(students.map((report) => [report.student, report]));
  for (const { student, task, points, reason } of overrides) {
    let report = byName.get(student);
    if (report === undefined) {
      report = withoutWork(student, maxPoints);
      byName.set(student, report);
    }
    report.overrides.push({ task, points, reason });
  }
  const all = [...byName.values()].sort((a, b) => (a.student < b.student ? -1 : 1));
  for (const report of all) report.points = sum(tasks.map(({ id }) => pointsFor(report, id)));
  return {
    format: "descent-report/1",
    lesson: { id: lesson.id, title: lesson.frontMatter.title, version: lesson.version },
    isolation,
    key,
    finishedAt: finishedAt.toISOString(),
    tasks,
    maxPoints,
    summary: {
      students: all.length,
      meanPoints: mean(all.map((report) => report.points)),
      tasks: tasks.map((task) => summarise(task, all)),
    },
    students: all,
    unjudged: [...options.unjudged].sort((a, b) => (a.file < b.file ? -1 : 1)),
    superseded,
  };
}

function withoutWork(student: string, maxPoints: number): StudentReport {
  return {
    student,
    file: null,
    exportedAt: null,
    points: 0,
    maxPoints,
    exercises: [],
    quizzes: [],
    overrides: [],
    notices: ["There is no submission that could be judged; the points are those of overrides.csv."],
  };
}

/** What a student gets for a task. */
export function pointsFor(report: StudentReport, task: string): number {
  const override = report.overrides.find((one) => one.task === task);
  if (override !== undefined) return override.points;
  const verdict =
    report.exercises.find(({ exercise }) => exercise === task) ??
    report.quizzes.find(({ quiz }) => quiz === task);
  return verdict?.points ?? 0;
}

/** What became of a task. */
export function statusFor(report: StudentReport, task: string): VerdictStatus {
  const verdict = report.exercises.find(({ exercise }) => exercise === task);
  if (verdict !== undefined) return verdict.status;
  const quiz = report.quizzes.find((one) => one.quiz === task);
  if (quiz === undefined || !quiz.answered) return "missing";
  if (quiz.correct) return "passed";
  return quiz.points > 0 ? "partial" : "failed";
}

function summarise(task: Task, students: readonly StudentReport[]): TaskSummary {
  const statuses: TaskSummary["statuses"] = {};
  const misconceptions = new Map<string, number>();
  for (const report of students) {
    const status = statusFor(report, task.id);
    statuses[status] = (statuses[status] ?? 0) + 1;
    const verdict = report.exercises.find(({ exercise }) => exercise === task.id);
    for (const id of verdict?.feedback ?? []) misconceptions.set(id, (misconceptions.get(id) ?? 0) + 1);
  }
  return {
    task: task.id,
    kind: task.kind,
    meanPoints: mean(students.map((report) => pointsFor(report, task.id))),
    maxPoints: task.maxPoints,
    statuses,
    misconceptions: [...misconceptions]
      .map(([misconception, count]) => ({ misconception, students: count }))
      .sort((a, b) => b.students - a.students || (a.misconception < b.misconception ? -1 : 1)),
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : Math.round((100 * sum(numbers)) / numbers.length) / 100;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What is needed of an earlier report to compare with it. */
const reportSchema = v.looseObject({
  format: v.literal("descent-report/1"),
  lesson: v.looseObject({ id: v.string(), version: v.string() }),
  key: v.string(),
  tasks: v.array(v.looseObject({ id: v.string() })),
  students: v.array(
    v.looseObject({
      student: v.string(),
      points: v.number(),
      exercises: v.array(verdictSchema),
      quizzes: v.array(quizVerdictSchema),
      overrides: v.array(v.object({ task: v.string(), points: v.number(), reason: v.string() })),
    }),
  ),
});

export type EarlierReport = Pick<Report, "key"> & {
  lesson: Pick<Report["lesson"], "id" | "version">;
  tasks: Pick<Task, "id">[];
  students: Pick<StudentReport, "student" | "points" | "exercises" | "quizzes" | "overrides">[];
};

/** Reads a report from the text of a file; `null` where it is none. */
export function parseReport(text: string): EarlierReport | null {
  try {
    return v.parse(reportSchema, JSON.parse(text));
  } catch {
    return null;
  }
}
