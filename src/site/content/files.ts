// Data that lies beside a lesson and that its cells import: found, checked, and published beside the page.
import { statSync } from "node:fs";
import { join, normalize } from "node:path";
import { type CellError, compileCell, type CompiledCell } from "../../runtime/index.ts";
import type { Code, Lesson, LessonProblem } from "../../lesson/index.ts";

/** A file of the lesson's folder that the page needs too. */
export interface SiteFile {
  /** Relative to the lesson and to its page alike. */
  path: string;
  absolute: string;
}

/** A cell's data must be small enough to be fetched while a reader waits. */
const byteLimit = 1_000_000;

/**
 * Compiles the lesson's cells to find the data they import.
 *
 * @returns what to publish, and what is wrong: a cell that does not compile, data that is missing, outside the
 * lesson's folder or larger than a page should load
 */
export function dataFilesOf(
  lesson: Lesson,
  folder: string,
): { files: SiteFile[]; problems: LessonProblem[] } {
  const files = new Map<string, SiteFile>();
  const problems: LessonProblem[] = [];
  for (const block of lesson.blocks) {
    if (block.kind !== "cell") continue;
    const compiled = compileOnce(block.id, block.code.source);
    if (!compiled.ok) {
      problems.push(compileProblem(block.code, compiled.error));
      continue;
    }
    for (const specifier of compiled.dataImports) {
      const problem = (message: string, fix: string) =>
        problems.push({ ...placeOf(block.code, specifier), message, fix });
      const path = normalize(specifier);
      const absolute = join(folder, path);
      if (path.startsWith("..")) {
        problem(`The data “${specifier}” lies outside the lesson's folder`, "put it beside lesson.md");
        continue;
      }
      const size = sizeOf(absolute);
      if (size === null)
        problem(`There is no file “${specifier}” beside the lesson`, "correct the name, or add the file");
      else if (size > byteLimit)
        problem(
          `The data “${specifier}” has ${size} bytes; a lesson may ship ${byteLimit}`,
          "thin it out, or round its numbers",
        );
      else files.set(path, { path, absolute });
    }
  }
  return { files: [...files.values()], problems };
}

/** Cells by name and code: who writes prose must not wait for the cells around it. */
const knownCells = new Map<string, CompiledCell>();
const cellLimit = 1000;

function compileOnce(cell: string, source: string): CompiledCell {
  const key = `${cell} ${source}`;
  const known = knownCells.get(key);
  if (known !== undefined) return known;
  const compiled = compileCell(cell, source);
  if (knownCells.size >= cellLimit) knownCells.clear();
  knownCells.set(key, compiled);
  return compiled;
}

/** Code begins on a line of its own at the left margin, so that a column of the code is one of the file. */
function compileProblem({ span }: Code, error: CellError): LessonProblem {
  const { line, column } = error.place ?? { line: 1, column: 1 };
  return {
    file: span.file,
    line: span.start.line + line - 1,
    column,
    message: `This cell does not compile: ${error.message}`,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
  };
}

/** Where the code mentions a text. */
function placeOf({ source, span }: Code, text: string): Pick<LessonProblem, "file" | "line" | "column"> {
  const before = source.slice(0, Math.max(0, source.indexOf(text))).split("\n");
  return {
    file: span.file,
    line: span.start.line + before.length - 1,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}

function sizeOf(file: string): number | null {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.size : null;
}
