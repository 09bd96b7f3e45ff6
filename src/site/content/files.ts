// Data that lies beside a lesson and that its cells import: found, checked, and published beside the page.
import { statSync } from "node:fs";
import { join, normalize } from "node:path";
import { compileCell } from "../../runtime/index.ts";
import type { Lesson, LessonProblem } from "../../lesson/index.ts";

/** A file of the lesson's folder that the page needs too. */
export interface SiteFile {
  /** Relative to the lesson and to its page alike. */
  path: string;
  absolute: string;
}

/** A cell's data must be small enough to be fetched while a reader waits. */
const byteLimit = 1_000_000;

export function dataFilesOf(
  lesson: Lesson,
  folder: string,
): { files: SiteFile[]; problems: LessonProblem[] } {
  const files = new Map<string, SiteFile>();
  const problems: LessonProblem[] = [];
  for (const block of lesson.blocks) {
    if (block.kind !== "cell") continue;
    for (const specifier of compileCell(block.id, block.code.source).dataImports) {
      const path = normalize(specifier);
      const absolute = join(folder, path);
      const { file, start } = block.code.span;
      const problem = (message: string, fix: string) =>
        problems.push({ file, line: start.line, column: start.column, message, fix });
      if (path.startsWith("..")) {
        problem(`The data “${specifier}” lies outside the lesson's folder`, "put it beside lesson.md");
        continue;
      }
      const size = sizeOf(absolute);
      if (size === null) {
        problem(`There is no file “${specifier}” beside the lesson`, "correct the name, or add the file");
      } else if (size > byteLimit) {
        problem(
          `The data “${specifier}” has ${size} bytes; a lesson may ship ${byteLimit}`,
          "thin it out, or round its numbers",
        );
      } else {
        files.set(path, { path, absolute });
      }
    }
  }
  return { files: [...files.values()], problems };
}

function sizeOf(file: string): number | null {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : null;
}
