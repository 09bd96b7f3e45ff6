// What a lesson page gives the notebook, and what the notebook tells other pages about a lesson.
import type { IslandBlock } from "../grading/index.ts";

export type { IslandBlock };

/** Everything a page's islands need, as `notebook.json` beside the lesson holds it. */
export interface NotebookData {
  course: { id: string; title: string };
  lesson: { id: string; version: string; title: string };
  /** In document order. */
  blocks: IslandBlock[];
}

/** How far a reader has come in one lesson, as the course page shows it. */
export interface LessonProgress {
  /** Points of visible tests and quizzes. Points of hidden tests are given by the grader only. */
  earned: number;
  possible: number;
  /** Cells that have finished without an error at least once. */
  cellsRun: number;
  cells: number;
  /** ISO 8601, in UTC. */
  updatedAt: string;
}
