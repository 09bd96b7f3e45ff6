// What is wrong with one lesson, found by reading it, running all its cells and judging known answers to its exercises.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { preparePublicLesson, proveExercises } from "../grading/index.ts";
import type { Block, CellBlock, Lesson, LessonProblem, Span } from "../lesson/index.ts";
import { type CellState, type KernelHost, type Output, Session, readDataFile } from "../runtime/index.ts";
import { readLessonFolder, readLessonText } from "../site/index.ts";

export interface CheckOptions {
  /** The folder with the lesson's `lesson.md`, absolute. */
  folder: string;
  /** Runs the lesson's code, with the module of the tests (`descent/test`). */
  host: KernelHost;
  /** How problems are to name a file, given by its absolute path. */
  nameOf: (file: string) => string;
  /** Told what is done at the moment, in words. */
  onProgress?: (doing: string) => void;
  /** How long a cell may wait for something, in milliseconds; a minute by default. */
  cellLimit?: number;
}

/** Everything that was found; without problems the lesson may be published. */
export interface LessonCheck {
  file: string;
  cells: number;
  exercises: number;
  /** In the order of the lesson. */
  problems: LessonProblem[];
}

const minute = 60_000;

/** Checks a lesson; rejects only where its file cannot be read. A lesson that has mistakes in its text is not run. */
export async function checkLesson(options: CheckOptions): Promise<LessonCheck> {
  const { folder, host, nameOf, onProgress = () => {} } = options;
  const file = nameOf(join(folder, "lesson.md"));
  const { lesson, problems: read } = readLessonFolder(folder, await readLessonText(folder), nameOf);
  if (lesson === null) return { file, cells: 0, exercises: 0, problems: read };
  const ran = await runCells(lesson, options);
  onProgress("exercises and quizzes");
  const proved = await proveExercises(lesson, host);
  const { problems: prepared } = await preparePublicLesson(lesson, host);
  return {
    file,
    cells: count(lesson, "cell"),
    exercises: count(lesson, "exercise"),
    problems: merged(read, ran, proved, prepared),
  };
}

/** Each finding once: what reading found at a place is not said again by running, nor one sentence by two proofs. */
function merged(
  read: LessonProblem[],
  ran: LessonProblem[],
  proved: LessonProblem[],
  prepared: LessonProblem[],
): LessonProblem[] {
  const place = ({ file, line, column }: LessonProblem) => `${file}:${line}:${column}`;
  const places = new Set(read.map(place));
  const messages = new Set(proved.map(({ message }) => message));
  return [
    ...read,
    ...ran.filter((problem) => !places.has(place(problem))),
    ...proved,
    ...prepared.filter(({ message }) => !messages.has(message)),
  ].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}

function count(lesson: Lesson, kind: Block["kind"]): number {
  return lesson.blocks.filter((block) => block.kind === kind).length;
}

/** Runs every cell in order from clean. */
async function runCells(
  lesson: Lesson,
  { folder, host, onProgress = () => {}, cellLimit = minute }: CheckOptions,
): Promise<LessonProblem[]> {
  const cells = lesson.blocks.filter((block) => block.kind === "cell");
  const session = new Session({
    cells: cells.map(({ id, code, run, live }) => ({ id, source: code.source, run, live })),
    host,
    loadData: async (specifier) =>
      readDataFile(specifier, await readFile(resolve(folder, specifier), "utf8")),
  });
  try {
    for (const [index, { id }] of cells.entries()) {
      onProgress(`cell ${index + 1} of ${cells.length}: ${id}`);
      // What failed above is said there; trying it again for each cell below would only take time.
      if (session.cell(id).needs.some((need) => session.cell(need).status !== "ok")) continue;
      const timer = setTimeout(() => void session.stop(), cellLimit);
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

function cellProblems(
  cell: CellBlock,
  { status, error }: CellState,
  byId: ReadonlyMap<string, CellBlock>,
  cellLimit: number,
): LessonProblem[] {
  if (status === "stopped") {
    const message = `The cell “${cell.id}” did not end within ${cellLimit / 1000} s`;
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
