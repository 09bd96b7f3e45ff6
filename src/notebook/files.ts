// A lesson's islands as two files: `notebook.json`, which comes before the first run, leaves out the code that the
// page shows anyway and what is needed only when an answer is checked; `exercises.json` holds the latter.
import type { PublicExercise } from "../grading/index.ts";
import type { ExerciseHelp, IslandBlock, LessonIslands, NotebookBlock, NotebookData } from "./data.ts";

export interface NotebookFiles {
  notebook: NotebookData;
  exercises: Record<string, ExerciseHelp>;
}

export function notebookFiles(lesson: LessonIslands): NotebookFiles {
  return {
    notebook: {
      ...lesson,
      blocks: lesson.blocks.map((block) => withCode(withoutHelp(block), () => "")),
    },
    exercises: Object.fromEntries(
      lesson.blocks.flatMap((block) =>
        block.kind === "exercise" ? [[block.exercise.id, helpOf(block.exercise)]] : [],
      ),
    ),
  };
}

function helpOf({ tests, hints, feedback, probes }: PublicExercise): ExerciseHelp {
  return { tests, hints, feedback, probes };
}

function withoutHelp(block: IslandBlock): NotebookBlock {
  if (block.kind !== "exercise") return block;
  const { tests, hints, feedback: _, probes: __, ...rest } = block.exercise;
  return {
    ...block,
    exercise: {
      ...rest,
      tests: tests.map(({ name }) => ({ name })),
      hints: hints.map(({ after }) => ({ after })),
    },
  };
}

/**
 * Puts back the code that `notebook.json` left out, from a page whose islands are still as the build made them.
 *
 * @throws when an island is not in the page: then page and file are of different versions
 */
export function withCodeOfPage(file: NotebookData, root: HTMLElement): NotebookData {
  const read = (block: NotebookBlock): string => {
    const text = codeElement(root, block)?.textContent;
    if (text === undefined) throw new Error("this page is older than its cells — reload it");
    return text;
  };
  return { ...file, blocks: file.blocks.map((block) => withCode(block, () => read(block))) };
}

/** The element that shows an island's code, unless a reader has gone into it. */
export function codeElement(root: HTMLElement, block: NotebookBlock): HTMLElement | null {
  const island = `[data-island="${block.kind}"][data-id="${CSS.escape(blockId(block))}"]`;
  return root.querySelector<HTMLElement>(`${island} .code-static code`);
}

/** The code of a block that its island shows first; `null` when it has none. */
export function codeOf(block: NotebookBlock): string | null {
  if (block.kind === "cell") return block.code.source;
  if (block.kind === "exercise") return block.exercise.starter;
  return block.kind === "quiz" && block.quiz === "trace" ? block.program.source : null;
}

function withCode(block: NotebookBlock, code: () => string): NotebookBlock {
  if (block.kind === "cell") return { ...block, code: { ...block.code, source: code() } };
  if (block.kind === "exercise") return { ...block, exercise: { ...block.exercise, starter: code() } };
  if (block.kind === "quiz" && block.quiz === "trace")
    return { ...block, program: { ...block.program, source: code() } };
  return block;
}

/** The id in the page of a block's island. */
export function blockId(block: NotebookBlock): string {
  return block.kind === "exercise" ? block.exercise.id : block.id;
}
