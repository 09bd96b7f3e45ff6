// What a new report changes for each student, compared with an earlier one.
import { csvFormatRows } from "d3-dsv";
import { asText } from "./gradebook.ts";
import { type EarlierReport, pointsFor, statusFor, type StudentReport } from "./report.ts";

export interface Change {
  student: string;
  /** `null` where the student is only in one of the reports. */
  before: number | null;
  after: number | null;
  tasks: { task: string; before: string; after: string }[];
}

type Side = EarlierReport["students"][number];

/** Students for whom something changes, by student. */
export function compareReports(before: EarlierReport, after: EarlierReport): Change[] {
  const tasks = [...new Set([...before.tasks, ...after.tasks].map(({ id }) => id))];
  const old = new Map(before.students.map((report) => [report.student, report]));
  const now = new Map(after.students.map((report) => [report.student, report]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((student): Change[] => {
    const left = old.get(student);
    const right = now.get(student);
    const changed = tasks
      .map((task) => ({ task, before: outcome(left, task), after: outcome(right, task) }))
      .filter((change) => change.before !== change.after);
    const points = { before: left?.points ?? null, after: right?.points ?? null };
    return changed.length === 0 && points.before === points.after
      ? []
      : [{ student, ...points, tasks: changed }];
  });
}

/** Points and status, as `8 partial`. */
function outcome(report: Side | undefined, task: string): string {
  if (report === undefined) return "—";
  const whole = report as StudentReport;
  const byHand = report.overrides.some((one) => one.task === task);
  return `${pointsFor(whole, task)} ${byHand ? "by hand" : statusFor(whole, task)}`;
}

/** A change as a line for people. */
export function describeChange({ student, before, after, tasks }: Change): string {
  const total = `${before ?? "no report"} → ${after ?? "no report"}`;
  const details = tasks.map((change) => `${change.task} ${change.before} → ${change.after}`).join(", ");
  return `${student}: ${total}${details === "" ? "" : ` (${details})`}`;
}

export function changesAsCsv(changes: readonly Change[]): string {
  const rows = changes.flatMap(({ student, before, after, tasks }) => [
    [asText(student), "total", String(before ?? ""), String(after ?? "")],
    ...tasks.map((change) => [asText(student), change.task, change.before, change.after]),
  ]);
  return `${csvFormatRows([["student", "task", "before", "after"], ...rows])}\n`;
}
