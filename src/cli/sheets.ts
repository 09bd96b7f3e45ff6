// `npm run sheets -- path… --out DIR`: an exercise sheet and an answer key of each lesson, to print.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { formatProblem, readCourse } from "../lesson/index.ts";
import {
  namesFrom,
  readLessonFolder,
  readLessonText,
  renderAnswerKey,
  renderExerciseSheet,
} from "../site/index.ts";
import { courseFolder } from "./course-folder.ts";
import { findLessons } from "./find-lessons.ts";
import { isStarted, ownTerminal, sentenceOf, type Terminal } from "./terminal.ts";

const usage = `Usage: npm run sheets -- [path…] [--out DIR]

Writes two pages for each lesson: NAME.exercises.html for the class, without an answer in it, and NAME.answers.html for
you, with solutions, hidden tests, misconceptions and the answers to all questions. Each needs nothing but a browser;
print it from there, or save it as PDF. A path is a lesson's folder, its lesson.md, or a folder of lessons; without one it
is the course: lessons/, or what LESSONS names.

  --out DIR   the folder to write into, sheets/ unless given
  --help      prints this

Ends with 0 when all sheets are written, 1 when a lesson cannot be read, 2 when the command was not understood.`;

/** @returns the exit code */
export async function printSheets(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
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
  const out = resolve(terminal.folder, asked.out);
  const paths = asked.paths.length === 0 ? [courseFolder(terminal.folder)] : asked.paths;
  const folders = new Set<string>();
  for (const path of paths) {
    const found = findLessons(resolve(terminal.folder, path), nameOf);
    if (found === null) {
      terminal.complain(
        `There is no lesson at ${path} — give a folder with a lesson.md, or one that holds such folders.`,
      );
      return 2;
    }
    for (const folder of found.folders) folders.add(folder);
  }
  let code: 0 | 1 = 0;
  for (const folder of folders) {
    const { lesson, problems } = readLessonFolder(folder, await readLessonText(folder), nameOf);
    if (lesson === null) {
      for (const problem of problems) terminal.complain(formatProblem(problem));
      code = 1;
      continue;
    }
    const sheet = { lesson, course: courseAround(folder), picture: picturesOf(folder) };
    const files = { exercises: renderExerciseSheet(sheet), answers: renderAnswerKey(sheet) };
    await mkdir(out, { recursive: true });
    for (const [kind, page] of Object.entries(files)) {
      const file = join(out, `${lesson.id}.${kind}.html`);
      await writeFile(file, page);
      terminal.print(nameOf(file));
    }
  }
  return code;
}

/** The course that a lesson's folder lies in. */
function courseAround(folder: string): { title: string; language: string } {
  const file = join(dirname(folder), "course.yaml");
  const course = existsSync(file) ? readCourse(readFileSync(file, "utf8"), file).course : null;
  return course ?? { title: basename(dirname(folder)), language: "en" };
}

const types: Record<string, string> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".gif": "image/gif",
};

function picturesOf(folder: string): (path: string) => string | null {
  return (path) => {
    const file = resolve(folder, decodeURIComponent(path.replace(/[?#].*$/s, "")));
    const type = types[extname(file).toLowerCase()];
    if (type === undefined || !file.startsWith(dirname(folder) + sep) || !existsSync(file)) return null;
    return `data:${type};base64,${readFileSync(file).toString("base64")}`;
  };
}

interface Asked {
  help: boolean;
  paths: string[];
  out: string;
}

function readArguments(args: readonly string[]): Asked | { mistake: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        out: { type: "string", default: "sheets" },
      },
    });
    if (values.out === "") return { mistake: "--out needs a folder." };
    return { help: values.help, paths: positionals, out: values.out };
  } catch (error) {
    return { mistake: sentenceOf(error) };
  }
}

if (isStarted(import.meta.url)) process.exitCode = await printSheets(process.argv.slice(2), ownTerminal());
