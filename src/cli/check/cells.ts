// Runs every cell of a lesson in order, from clean, and looks at what came out.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CellBlock, Lesson, LessonProblem, Span } from "../../lesson/index.ts";
import {
  compileCell,
  type CellState,
  type KernelHost,
  type Output,
  Session,
  readDataFile,
} from "../../runtime/index.ts";
import { isCellGlobal } from "../../runtime/node.ts";

export interface RunOptions {
  /** The lesson's folder, absolute. */
  folder: string;
  host: KernelHost;
  /** How long a cell may wait for something, in seconds. */
  cellLimit: number;
  /** Told which cell runs next, and how long it may take: one that computes without end is for the caller to end. */
  onCell: (doing: string, span: Span, seconds: number) => void;
}

/** Runs every cell in order from clean. */
export async function runCells(
  lesson: Lesson,
  { folder, host, cellLimit, onCell }: RunOptions,
): Promise<LessonProblem[]> {
  const cells = lesson.blocks.filter((block) => block.kind === "cell");
  const session = new Session({
    cells: cells.map(({ id, code, run, live }) => ({ id, source: code.source, run, live })),
    host,
    loadData: async (specifier) =>
      readDataFile(specifier, await readFile(resolve(folder, specifier), "utf8")),
  });
  try {
    for (const [index, { id, code }] of cells.entries()) {
      // What failed above is said there; trying it again for each cell below would only take time.
      if (session.cell(id).needs.some((need) => session.cell(need).status !== "ok")) continue;
      if (mayNeedBroken(cells.slice(0, index + 1))) continue;
      onCell(`cell ${index + 1} of ${cells.length}: ${id}`, code.span, cellLimit);
      const timer = setTimeout(() => void session.stop(), cellLimit * 1000);
      await session.run(id);
      clearTimeout(timer);
    }
    const byId = new Map(cells.map((cell) => [cell.id, cell]));
    return [
      ...cells.flatMap((cell) => cellProblems(cell, session.cell(cell.id), byId, cellLimit)),
      ...predictionProblems(lesson, session),
    ];
  } finally {
    session.dispose();
  }
}

/** Whether the last of these cells reads a name that one above it would declare if it compiled. */
function mayNeedBroken(cells: readonly CellBlock[]): boolean {
  const compiled = cells.map(({ id, code }) => compileCell(id, code.source));
  const last = compiled.pop()!;
  if (!last.ok || compiled.every((cell) => cell.ok)) return false;
  const given = new Set<string>();
  for (const cell of compiled) {
    if (!cell.ok) continue;
    for (const name of cell.declares) given.add(name);
    for (const { local } of cell.imports) given.add(local);
  }
  return last.reads.some((name) => !given.has(name) && !isCellGlobal(name));
}

function cellProblems(
  cell: CellBlock,
  { status, error }: CellState,
  byId: ReadonlyMap<string, CellBlock>,
  cellLimit: number,
): LessonProblem[] {
  if (status === "stopped") {
    const message = `The cell “${cell.id}” did not end within ${cellLimit} s`;
    return [problemAt(cell.code.span, message, "let it wait for less")];
  }
  if (error === null) return [];
  const place = error.place ?? error.frames[0] ?? null;
  const origin = place === null ? undefined : byId.get(place.cell);
  const through = origin === undefined || origin === cell ? "" : ` (run by the cell “${cell.id}”)`;
  const problem = problemAt(
    (origin ?? cell).code.span,
    `${error.name}${through}: ${error.message}`,
    error.fix,
  );
  if (place === null || origin === undefined) return [problem];
  // Code begins on a line of its own at the left margin, so that a column of the code is one of the file.
  return [{ ...problem, line: problem.line + place.line - 1, column: problem.column + place.column - 1 }];
}

/** Predictions that a reader could never compare with what happened, and outcomes that belong to none. */
function predictionProblems(lesson: Lesson, session: Session): LessonProblem[] {
  const problems: LessonProblem[] = [];
  const predictions = lesson.blocks.filter((block) => block.kind === "predict");
  for (const block of predictions) {
    const cell = session.cell(block.cell);
    const named = outcomesOf(cell.outputs).some(({ predict }) => predict === block.id);
    const isTold = block.predict === "choice" || (block.predict === "number" && block.outcomeHtml !== null);
    if (cell.status === "ok" && !named && !isTold)
      problems.push(
        problemAt(
          block.span,
          `The cell “${block.cell}” does not say what happened to the prediction “${block.id}”`,
          `let it call outcome("${block.id}", …)`,
        ),
      );
  }
  const known = new Set(predictions.map(({ id }) => id));
  for (const block of lesson.blocks) {
    if (block.kind !== "cell") continue;
    const strangers = outcomesOf(session.cell(block.id).outputs).filter(({ predict }) => !known.has(predict));
    for (const { predict } of strangers)
      problems.push(
        problemAt(
          block.code.span,
          `The lesson has no prediction “${predict}” for this outcome`,
          "correct its name",
        ),
      );
  }
  return problems;
}

function outcomesOf(outputs: readonly Output[]): Extract<Output, { kind: "outcome" }>[] {
  return outputs.filter((output) => output.kind === "outcome");
}

function problemAt({ file, start }: Span, message: string, fix?: string): LessonProblem {
  return { file, line: start.line, column: start.column, message, ...(fix === undefined ? {} : { fix }) };
}
