// `npm start`, `npm run build`: Vite over this repository's site, with the lessons of another folder where one is named.
import { existsSync } from "node:fs";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { courseFolder } from "./course-folder.ts";
import { findLessons } from "./find-lessons.ts";
import { isStarted, ownTerminal, type Terminal } from "./terminal.ts";

const usage = `Usage: npm start [-- --lessons DIR] [options of Vite]
       npm run build [-- --lessons DIR] [options of Vite]

  --lessons DIR   the folder of lessons, which may be a repository of your own; LESSONS in the environment does the same
  --help          prints this

Vite's options follow, such as --port 8080 or --host for npm start, --outDir DIR for npm run build.`;

/** What to hand to Vite; `code` when there is nothing to start. */
export type Start = { args: string[]; lessons: string } | { code: 0 | 2 };

/** @param args the words for Vite (`build`, `--open`), then those of whoever started the command */
export function readStart(args: readonly string[], terminal: Terminal): Start {
  const rest: string[] = [];
  let named: string | null = null;
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!;
    if (word === "--help" || word === "-h") {
      terminal.print(usage);
      return { code: 0 };
    }
    if (word === "--lessons" || word.startsWith("--lessons=")) {
      named = word === "--lessons" ? (args[++index] ?? "") : word.slice("--lessons=".length);
      if (named !== "" && !named.startsWith("--")) continue;
      terminal.complain(`--lessons needs a folder.\n\n${usage}`);
      return { code: 2 };
    }
    rest.push(word);
  }
  const lessons = named === null ? courseFolder(terminal.folder) : resolve(terminal.folder, named);
  if (!existsSync(lessons) || (args[0] === "build" && findLessons(lessons, (file) => file) === null)) {
    terminal.complain(
      `There is no lesson in ${lessons} — give a folder that holds the folders of lessons, or make one: npm run new`,
    );
    return { code: 2 };
  }
  if (existsSync(join(lessons, "lesson.md"))) {
    terminal.complain(
      `${lessons} is a single lesson — give the folder that holds it: --lessons ${dirname(lessons)}`,
    );
    return { code: 2 };
  }
  return { args: rest, lessons };
}

const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");

if (isStarted(import.meta.url)) {
  const start = readStart(process.argv.slice(2), ownTerminal());
  if ("code" in start) process.exitCode = start.code;
  else {
    const env = { ...process.env, LESSONS: start.lessons };
    const child = spawn(process.execPath, [vite, ...start.args], { stdio: "inherit", env });
    // Ctrl-C reaches both; this one waits for the other's goodbye.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
    child.on("exit", (code) => {
      process.exitCode = code ?? 1;
      process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
    });
  }
}
