// `overrides.csv`: points that a person gives by hand. The command reads it and never writes over it.
import { csvParse } from "d3-dsv";
import type { Task } from "./report.ts";

export interface Override {
  student: string;
  /** The id of an exercise or a quiz. */
  task: string;
  points: number;
  reason: string;
  /** Where it stands in the file. */
  line: number;
}

/** What the file holds before anybody has written into it. */
export const emptyOverrides = "student,task,points,reason\n";

/** Reads the text of the file. Problems name the line, what is wrong with it and what to write instead. */
export function parseOverrides(
  text: string,
  tasks: readonly Task[],
): { overrides: Override[]; problems: string[] } {
  const rows = csvParse(text.replace(/^\uFEFF/, ""));
  const problems: string[] = [];
  const overrides: Override[] = [];
  const lacking = ["student", "task", "points"].filter((column) => !rows.columns.includes(column));
  if (lacking.length > 0) {
    const named = lacking.map((column) => `“${column}”`).join(", ");
    return {
      overrides,
      problems: [`line 1: the column ${named} is missing — write: ${emptyOverrides.trim()}`],
    };
  }
  const seen = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const line = index + 2;
    const [student = "", task = "", points = "", reason = ""] = [
      row["student"],
      row["task"],
      row["points"],
      row["reason"],
    ].map((cell) => (cell ?? "").normalize("NFC").trim());
    if (student === "" && task === "" && points === "") continue;
    const problem = problemOf({ student, task, points }, tasks);
    const key = JSON.stringify([student, task]);
    const earlier = seen.get(key);
    if (problem !== null) problems.push(`line ${line}: ${problem}`);
    else if (earlier !== undefined) {
      problems.push(
        `line ${line}: line ${earlier} already sets “${task}” of “${student}” — keep one of them`,
      );
    } else {
      seen.set(key, line);
      overrides.push({ student, task, points: Number(points), reason, line });
    }
  }
  return { overrides, problems };
}

function problemOf(
  { student, task, points }: { student: string; task: string; points: string },
  tasks: readonly Task[],
): string | null {
  if (student === "") return "no student is named";
  const known = tasks.find(({ id }) => id === task);
  if (known === undefined) {
    return `the lesson has no task “${task}” — write one of: ${tasks.map(({ id }) => id).join(", ")}`;
  }
  if (!/^\d+(\.\d+)?$/.test(points))
    return `“${points}” is not a number of points — write, say, ${known.maxPoints}`;
  if (Number(points) > known.maxPoints) {
    return `${points} points are more than the ${known.maxPoints} that “${task}” is worth`;
  }
  return null;
}
