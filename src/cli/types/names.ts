// The names that code uses: each must be declared above, or be one that every cell has wherever it runs. Running
// alone does not show it: a function may never be called here, and this machine knows names that a page does not.
import type { Code, Lesson, LessonProblem } from "../../lesson/index.ts";
import { compileCell, type CompiledCell } from "../../runtime/index.ts";
import { isCellGlobal } from "../../runtime/node.ts";

/** Code that does not compile is left out: that is found elsewhere. */
export function nameProblems(lesson: Lesson): LessonProblem[] {
  const cells = lesson.blocks.filter((block) => block.kind === "cell");
  const compiled = cells.map(({ id, code }) => ({ id, code, cell: compileCell(id, code.source) }));
  const gives = ({ cell }: { cell: CompiledCell }): string[] =>
    cell.ok ? [...cell.declares, ...cell.imports.map(({ local }) => local)] : cell.declares;
  const above = new Set<string>();
  const problems: LessonProblem[] = [];
  for (const [index, { code, cell }] of compiled.entries()) {
    // What a cell that does not compile would declare is not known.
    if (compiled.slice(0, index).some((other) => !other.cell.ok)) break;
    problems.push(
      ...unknownNames(code, cell, above, (name) => {
        const owner = compiled.slice(index + 1).find((other) => gives(other).includes(name));
        if (owner !== undefined)
          return {
            message: `\`${name}\` is declared below, in the cell “${owner.id}”`,
            fix: `move the cell “${owner.id}” up, or declare \`${name}\` above`,
          };
        if (name in globalThis)
          return {
            message: `\`${name}\` does not exist where a page runs its cells`,
            fix: "cells reach no network, no file and no page; data lies beside the lesson",
          };
        return { message: `\`${name}\` is declared nowhere above`, fix: "declare it, or import it" };
      }),
    );
    for (const name of gives({ cell })) above.add(name);
  }
  for (const block of lesson.blocks) {
    if (block.kind !== "exercise") continue;
    const { code } = block.solution;
    problems.push(
      ...unknownNames(code, compileCell(block.id, code.source), new Set(), (name) => ({
        message: `The solution of “${block.id}” uses \`${name}\`, which it does not declare`,
        fix: "declare or import it there: an answer sees no cell",
      })),
    );
  }
  return problems;
}

function unknownNames(
  { span }: Code,
  cell: CompiledCell,
  above: ReadonlySet<string>,
  describe: (name: string) => { message: string; fix: string },
): LessonProblem[] {
  if (!cell.ok) return [];
  return [...cell.readPlaces].flatMap(([name, place]) =>
    above.has(name) || isCellGlobal(name)
      ? []
      : [
          {
            file: span.file,
            line: span.start.line + place.line - 1,
            column: span.start.column + place.column - 1,
            ...describe(name),
          },
        ],
  );
}
