// `npm run new -- my-chapter "Title"`: a chapter with one block of each kind, which passes `check` as it is.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import GithubSlugger from "github-slugger";
import { stringify } from "yaml";
import { lessonNameProblem } from "../lesson/index.ts";
import { namesFrom } from "../site/index.ts";
import { courseFolder } from "./course-folder.ts";
import { withChapter } from "./new/course-file.ts";
import { isStarted, ownTerminal, sentenceOf, type Terminal } from "./terminal.ts";

const usage = `Usage: npm run new -- my-chapter ["Title"] [--folder DIR]

Makes a chapter with one block of each kind. Its name becomes the folder and the address of the page: small letters,
digits and hyphens. The title is made from the name where none is given.

  --folder DIR   makes it in this folder of lessons, which may be a repository of your own; without it the course:
                 lessons/, or what LESSONS names
  --help         prints this

Ends with 0 when the chapter is there, 1 when it could not be made, 2 when the command was not understood.`;

/** @returns the exit code */
export async function makeChapter(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  const asked = readArguments(args);
  if ("mistake" in asked) {
    terminal.complain(`${asked.mistake}\n\n${usage}`);
    return 2;
  }
  if (asked.help) {
    terminal.print(usage);
    return 0;
  }
  const { name, title } = asked;
  const nameOf = namesFrom(terminal.folder);
  const course =
    asked.folder === null ? courseFolder(terminal.folder) : resolve(terminal.folder, asked.folder);
  const folder = join(course, name);
  if (existsSync(folder)) {
    terminal.complain(
      `${nameOf(folder)} is there already — choose another name, or take the folder away. Nothing was changed.`,
    );
    return 1;
  }
  const template = await readFile(new URL("template/lesson.md", import.meta.url), "utf8");
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "lesson.md"),
      template.replace("{{title}}", () => inYaml(title)),
    );
  } catch (error) {
    terminal.complain(
      `${nameOf(folder)} could not be made: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  }
  terminal.print(`${nameOf(join(folder, "lesson.md"))} is there: “${title}”, with one block of each kind.`);
  for (const line of await listed(course, name, nameOf)) terminal.print(line);
  const isElsewhere = asked.folder !== null;
  const lessons = isElsewhere ? ` -- --lessons ${quoted(nameOf(course))}` : "";
  terminal.print(`
What next?

  npm start${lessons}
      opens the course; the page follows whatever you save, and names every mistake with its line

  npm run check -- ${quoted(nameOf(folder))}
      proves the chapter: cells run, types fit, solutions pass, starters fail; add --mutants to try out your tests

  npm run sheets -- ${quoted(nameOf(folder))}
      prints an exercise sheet and an answer key

The author's guide explains each block by an example: it is a page of the course (npm start, then “Author's guide” at the
foot of a page), and src/site/guide/guide.md in the repository.`);
  return 0;
}

/** Puts the chapter into the course's order, where there is one. */
async function listed(course: string, name: string, nameOf: (file: string) => string): Promise<string[]> {
  const file = join(course, "course.yaml");
  const source = await readFile(file, "utf8").catch(() => null);
  if (source === null) return [];
  const changed = withChapter(source, name);
  if (changed === "unlisted")
    return [`${nameOf(file)} sets no order, so the chapter stands where its name puts it.`];
  if (changed === "unreadable")
    return [
      `${nameOf(file)} could not be read, so the chapter is not in its order yet: add “${name}” to its lessons.`,
    ];
  await writeFile(file, changed.source);
  return [`${nameOf(file)} has it as the last chapter; move it to where it belongs.`];
}

/** A title as YAML writes it, on one line. */
function inYaml(title: string): string {
  return stringify(title, { lineWidth: 0 }).trimEnd();
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path);
}

interface Asked {
  help: boolean;
  name: string;
  title: string;
  folder: string | null;
}

function readArguments(args: readonly string[]): Asked | { mistake: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h", default: false }, folder: { type: "string" } },
    });
    const [name, title, ...more] = positionals;
    const folder = values.folder ?? null;
    if (values.help) return { help: true, name: "", title: "", folder };
    if (name === undefined) return { mistake: "A chapter needs a name." };
    if (more.length > 0)
      return {
        mistake: `What is “${more.join(" ")}”? Put a title of several words in quotes: "${[title, ...more].join(" ")}".`,
      };
    const problem = nameProblem(name);
    if (problem !== null) return { mistake: problem };
    if (title?.trim() === "" || /[\n\r]/.test(title ?? ""))
      return { mistake: "A title is one line of text." };
    return { help: false, name, title: title?.trim() ?? titleFrom(name), folder };
  } catch (error) {
    return { mistake: sentenceOf(error) };
  }
}

function nameProblem(name: string): string | null {
  const better = new GithubSlugger()
    .slug(name.normalize("NFKD").replaceAll(/[^\w\s-]/g, ""))
    .replaceAll(/^[^a-z]+|-+$/g, "");
  const suggestion =
    better !== "" && better !== name && lessonNameProblem(better) === null ? ` How about “${better}”?` : "";
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    return `“${name}” is no name for a chapter: use small letters, digits and hyphens, beginning with a letter.${suggestion}`;
  const problem = lessonNameProblem(name);
  return problem === null ? null : `The name “${name}” ${problem}.`;
}

/** `gradient-clipping` → `Gradient clipping`. */
function titleFrom(name: string): string {
  const words = basename(name).replaceAll("-", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

if (isStarted(import.meta.url)) process.exitCode = await makeChapter(process.argv.slice(2), ownTerminal());
