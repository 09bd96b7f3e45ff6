// `npm run check [-- path…]`: everything that is wrong with the course's lessons, or with those at the given paths.
import { realpathSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TEST_MODULE, testModule } from "../grading/worker.ts";
import { formatProblem, type LessonProblem } from "../lesson/index.ts";
import { createInProcessHost } from "../runtime/node.ts";
import { checkLesson, type LessonCheck } from "./check-lesson.ts";
import { findLessons } from "./find-lessons.ts";

const usage = `Usage: npm run check [-- path…]

Reads lessons, runs every cell and proves every exercise. A path is a lesson's folder, its lesson.md, or a folder
of lessons; without one it is the course in lessons/. Ends with 0 when nothing is wrong, 1 when something is to be
corrected, 2 when the command was not understood.`;

/** Where a command reads and writes. */
export interface Terminal {
  /** The folder that paths are relative to, in the arguments and in what is printed. */
  folder: string;
  print(line: string): void;
  complain(line: string): void;
  /** Shows what is done at the moment, in place of what was shown before; absent where nobody watches. */
  progress?: (doing: string) => void;
}

const course = fileURLToPath(new URL("../../lessons", import.meta.url));

/** @returns the exit code */
export async function check(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const asked = readArguments(args);
  if ("mistake" in asked) {
    terminal.complain(`${asked.mistake}\n\n${usage}`);
    return 2;
  }
  if (asked.help) {
    terminal.print(usage);
    return 0;
  }
  const nameOf = (file: string) => relative(terminal.folder, file).split(sep).join("/");
  const folders = new Set<string>();
  const problems: LessonProblem[] = [];
  for (const path of asked.paths.length === 0 ? [course] : asked.paths) {
    const found = findLessons(resolve(terminal.folder, path), nameOf);
    if (found === null) {
      terminal.complain(
        `There is no lesson at ${path} — give a folder with a lesson.md, or one that holds such folders.`,
      );
      return 2;
    }
    problems.push(...found.problems);
    for (const folder of found.folders) folders.add(folder);
  }
  for (const problem of problems) terminal.print(formatProblem(problem));

  const host = createInProcessHost({ modules: { [TEST_MODULE]: testModule } });
  const checks: LessonCheck[] = [];
  try {
    for (const folder of folders) {
      const onProgress = (doing: string) => terminal.progress?.(`${nameOf(folder)}: ${doing}`);
      const done = await checkLesson({ folder, host, nameOf, onProgress });
      terminal.progress?.("");
      for (const problem of done.problems) terminal.print(formatProblem(problem));
      checks.push(done);
    }
  } finally {
    host.dispose();
  }
  const total = problems.length + sum(checks.map((done) => done.problems.length));
  terminal.print(summary(checks, total));
  return total === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]): { help: boolean; paths: string[] } | { mistake: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h", default: false } },
    });
    return { help: values.help, paths: positionals };
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    return { mistake: `${sentence}.` };
  }
}

function summary(checks: LessonCheck[], problems: number): string {
  if (problems > 0) return counted(problems, "problem");
  const cells = sum(checks.map((done) => done.cells));
  const exercises = sum(checks.map((done) => done.exercises));
  return `${counted(checks.length, "lesson")}, ${counted(cells, "cell")}, ${counted(exercises, "exercise")}: no problems`;
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The terminal that started this process. Progress is one line that is written over, and only where it can be. */
function ownTerminal(): Terminal {
  const { stdout, stderr } = process;
  const folder = process.env["INIT_CWD"] ?? process.cwd();
  const lines = {
    folder,
    print: (line: string) => void stdout.write(`${line}\n`),
    complain: (line: string) => void stderr.write(`${line}\n`),
  };
  if (!stderr.isTTY) return lines;
  const clearLine = "\r\u001b[2K";
  return {
    ...lines,
    progress: (doing) => void stderr.write(clearLine + doing.slice(0, Math.max(0, stderr.columns - 1))),
  };
}

function isStarted(): boolean {
  const [, script] = process.argv;
  return script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url);
}

if (isStarted()) process.exitCode = await check(process.argv.slice(2), ownTerminal());
