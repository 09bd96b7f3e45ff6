// Which lessons a path means: a lesson's folder, its `lesson.md`, or a folder that holds lessons' folders.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type LessonProblem, orderLessons, readCourse } from "../lesson/index.ts";

export interface FoundLessons {
  /** Absolute. */
  folders: string[];
  /** What is wrong with the `course.yaml` of a folder of lessons. */
  problems: LessonProblem[];
}

/** @returns `null` where the path leads to no lesson */
export function findLessons(path: string, nameOf: (file: string) => string): FoundLessons | null {
  if (/^lesson(\.hidden)?\.md$/.test(basename(path)) && existsSync(path))
    return holdsLesson(dirname(path)) ? { folders: [dirname(path)], problems: [] } : null;
  if (holdsLesson(path)) return { folders: [path], problems: [] };
  const names = lessonsIn(path);
  if (names.length === 0) return null;
  const file = join(path, "course.yaml");
  if (!existsSync(file)) return { folders: names.map((name) => join(path, name)), problems: [] };
  const { course, problems } = readCourse(readFileSync(file, "utf8"), nameOf(file), { folders: names });
  const order = course === null ? names : orderLessons(course, names);
  return { folders: order.map((name) => join(path, name)), problems };
}

function lessonsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder)
      .filter((name) => holdsLesson(join(folder, name)))
      .sort();
  } catch {
    // A file, or a folder that may not be read: there is no lesson to be had.
    return [];
  }
}

function holdsLesson(folder: string): boolean {
  return existsSync(join(folder, "lesson.md"));
}
