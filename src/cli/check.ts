// `npm run check [-- path…]`: everything that is wrong with the course's lessons, or with those at the given paths.
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatProblem, type LessonProblem } from "../lesson/index.ts";
import { FileCache } from "./check/cache.ts";
import { checkLesson } from "./check/lesson.ts";
import { Processes } from "./check/processes.ts";
import { asData, type CheckedLesson, mutantLines, renamed, scoreProblems, summary } from "./check/report.ts";
import { namesFrom } from "../site/index.ts";
import { courseFolder } from "./course-folder.ts";
import { findLessons } from "./find-lessons.ts";
import { isStarted, ownTerminal, sentenceOf, type Terminal } from "./terminal.ts";

const usage = `Usage: npm run check [-- options] [path…]

Reads lessons, runs every cell, checks types and proves every exercise. A path is a lesson's folder, its lesson.md, or a
folder of lessons, also outside this repository; without one it is the course: lessons/, or what LESSONS names.

  --mutants          also judges copies of each solution with one slip, and shows those that no test notices
  --least PERCENT    with --mutants: fewer noticed than that in an exercise is a problem
  --mutant-time S    with --mutants: seconds for each exercise, 120 unless given
  --cell-time S      seconds that a cell may take, 60 unless given
  --json             prints one JSON document in place of lines
  --no-cache         proves everything anew
  --help             prints this

Ends with 0 when nothing is wrong, 1 when something is to be corrected, 2 when the command was not understood.`;

/** What tests give in place of what the command makes itself. */
export interface CheckParts {
  processes?: Processes;
  /** Where results are kept. */
  cacheFolder?: string;
}

/** @returns the exit code */
export async function check(
  args: readonly string[],
  terminal: Terminal,
  parts: CheckParts = {},
): Promise<0 | 1 | 2> {
  const asked = readArguments(args);
  if ("mistake" in asked) {
    terminal.complain(`${asked.mistake}\n\n${usage}`);
    return 2;
  }
  if (asked.help) {
    terminal.print(usage);
    return 0;
  }
  const nameOf = namesFrom(terminal.folder);
  const found = foldersAt(asked.paths, terminal.folder, nameOf);
  if ("mistake" in found) {
    terminal.complain(found.mistake);
    return 2;
  }
  const tell = (problem: LessonProblem) => {
    if (!asked.json) terminal.print(formatProblem(problem));
  };
  found.problems.forEach(tell);

  const processes = parts.processes ?? new Processes(availableParallelism());
  const cache = new FileCache({
    reads: asked.cache,
    ...(parts.cacheFolder === undefined ? {} : { folder: parts.cacheFolder }),
  });
  const problems = [...found.problems];
  const lessons: CheckedLesson[] = [];
  try {
    let ended = 0;
    const checks = found.folders.map(async (folder) => {
      const result = await checkLesson({
        ...asked,
        folder,
        processes,
        cache,
        onStep: ({ doing }) =>
          terminal.progress?.(
            `${ended + 1} of ${found.folders.length} lessons · ${nameOf(folder)}: ${doing}`,
          ),
      });
      ended += 1;
      return renamed(result, folder, nameOf);
    });
    // All failures are told where they are awaited, in order.
    for (const one of checks) one.catch(() => undefined);
    for (const one of checks) {
      const lesson = await one;
      const own = [...lesson.problems, ...scoreProblems(lesson, asked.least)];
      own.forEach(tell);
      if (!asked.json) for (const line of mutantLines(lesson.mutants)) terminal.print(line);
      problems.push(...own);
      lessons.push(lesson);
    }
  } finally {
    terminal.progress?.("");
    if (parts.processes === undefined) processes.close();
  }
  cache.tidy();
  terminal.print(
    asked.json ? JSON.stringify(asData(lessons, problems), null, 2) : summary(lessons, problems.length),
  );
  return problems.length === 0 ? 0 : 1;
}

interface Asked {
  help: boolean;
  json: boolean;
  cache: boolean;
  paths: string[];
  cellLimit: number;
  mutants: { limit: number } | null;
  least: number;
}

function readArguments(args: readonly string[]): Asked | { mistake: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        json: { type: "boolean", default: false },
        cache: { type: "boolean", default: true },
        mutants: { type: "boolean", default: false },
        least: { type: "string" },
        "mutant-time": { type: "string" },
        "cell-time": { type: "string" },
      },
    });
    const numberOf = (
      key: "least" | "mutant-time" | "cell-time",
      otherwise: number,
      most = Infinity,
    ): number => {
      const text = values[key];
      if (text === undefined) return otherwise;
      const value = Number(text);
      if (text.trim() === "" || !(value >= 0 && value <= most))
        throw new Error(`--${key} needs a number${most < Infinity ? ` up to ${most}` : ""}, not “${text}”`);
      return value;
    };
    if (!values.mutants && (values.least ?? values["mutant-time"]) !== undefined)
      throw new Error("--least and --mutant-time go with --mutants");
    return {
      help: values.help,
      json: values.json,
      cache: values.cache,
      paths: positionals,
      cellLimit: numberOf("cell-time", 60),
      least: numberOf("least", 0, 100),
      mutants: values.mutants ? { limit: numberOf("mutant-time", 120) } : null,
    };
  } catch (error) {
    return { mistake: sentenceOf(error) };
  }
}

function foldersAt(
  paths: readonly string[],
  base: string,
  nameOf: (file: string) => string,
): { folders: string[]; problems: LessonProblem[] } | { mistake: string } {
  const folders = new Set<string>();
  const problems: LessonProblem[] = [];
  for (const path of paths.length === 0 ? [courseFolder(base)] : paths.map((path) => resolve(base, path))) {
    const found = findLessons(path, nameOf);
    if (found === null)
      return {
        mistake: `There is no lesson at ${nameOf(path)} — give a folder with a lesson.md, or one that holds such folders.`,
      };
    problems.push(...found.problems);
    for (const folder of found.folders) folders.add(folder);
  }
  return { folders: [...folders], problems };
}

if (isStarted(import.meta.url)) process.exitCode = await check(process.argv.slice(2), ownTerminal());
