// `grades.csv`: one row for each student, a column for each exercise and quiz, the total.
import { csvFormatRows } from "d3-dsv";
import { pointsFor, type Report } from "./report.ts";

export function gradebook(report: Report): string {
  const header = ["student", ...report.tasks.map(({ id }) => id), "total", "max", "note"];
  const rows = report.students.map((student) => [
    asText(student.student),
    ...report.tasks.map(({ id }) => String(pointsFor(student, id))),
    String(student.points),
    String(student.maxPoints),
    asText(noteOn(student)),
  ]);
  return `${csvFormatRows([header, ...rows])}\n`;
}

function noteOn({ overrides, notices }: Report["students"][number]): string {
  const set = overrides.map(
    ({ task, reason }) => `${task} set by hand${reason === "" ? "" : ` (${reason})`}`,
  );
  return [...set, ...notices].join("; ");
}

/** A cell that no spreadsheet takes for a formula: an apostrophe before what could begin one. */
export function asText(text: string): string {
  const plain = text.replaceAll(/[\r\n\t]+/g, " ");
  return /^\s*[=+\-@＝＋－＠]/.test(plain) ? `'${plain}` : plain;
}
