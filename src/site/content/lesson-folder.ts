// One lesson as it lies on disk: its text, its hidden tests, and the pictures and data beside it.
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { headingIds, type Lesson, type LessonProblem, readLesson } from "../../lesson/index.ts";
import { dataFilesOf, type SiteFile } from "./files.ts";

export interface LessonText {
  source: string;
  /** Hidden tests in a file of their own, if there is one. */
  hidden: string | null;
}

export interface LessonFolder {
  /** `null` when the text has mistakes. */
  lesson: Lesson | null;
  /** Pictures and data that the page needs too. */
  files: SiteFile[];
  /** What it refers to outside its folder, whether it is there or not; absolute. */
  outside: string[];
  problems: LessonProblem[];
}

/** Rejects where the folder holds no `lesson.md`. */
export async function readLessonText(folder: string): Promise<LessonText> {
  const source = await readFile(join(folder, "lesson.md"), "utf8");
  const hidden = await readFile(join(folder, "lesson.hidden.md"), "utf8").catch(() => null);
  return { source, hidden };
}

/**
 * Reads a lesson and looks for what it refers to. Nothing is run.
 *
 * @param nameOf how problems are to name a file, given by its absolute path
 */
export function readLessonFolder(
  folder: string,
  { source, hidden }: LessonText,
  nameOf: (file: string) => string,
): LessonFolder {
  const pictures = new Map<string, SiteFile>();
  const outside = new Set<string>();
  const target = (href: string): string | null => {
    const path = decodePath(href.replace(/[?#].*$/s, ""));
    if (path === null) return null;
    const absolute = resolve(folder, path);
    if (!absolute.startsWith(dirname(folder) + sep)) return null;
    if (!absolute.startsWith(folder + sep)) outside.add(absolute);
    return existsSync(absolute) ? absolute : null;
  };
  const exists = (href: string): boolean => {
    const absolute = target(href);
    if (absolute?.startsWith(folder + sep) === true && basename(absolute) !== "lesson.md")
      pictures.set(absolute, { path: relative(folder, absolute), absolute });
    return absolute !== null;
  };
  const anchorsOf = (href: string): readonly string[] | null => {
    const file = lessonAt(target(href));
    return file === null ? null : headingIds(readFileSync(file, "utf8"));
  };
  const { lesson, problems } = readLesson(source, {
    id: basename(folder),
    file: nameOf(join(folder, "lesson.md")),
    exists,
    anchorsOf,
    ...(hidden === null
      ? {}
      : { hidden: { source: hidden, file: nameOf(join(folder, "lesson.hidden.md")) } }),
  });
  if (lesson === null) return { lesson, files: [], outside: [...outside], problems };
  const data = dataFilesOf(lesson, folder);
  return {
    lesson,
    files: [...pictures.values(), ...data.files],
    outside: [...outside],
    problems: [...problems, ...data.problems],
  };
}

/** The lesson that a link to a file or to a folder means. */
function lessonAt(path: string | null): string | null {
  if (path === null) return null;
  if (basename(path) === "lesson.md") return path;
  const inside = join(path, "lesson.md");
  return existsSync(inside) ? inside : null;
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
