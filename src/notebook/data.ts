// What a lesson page gives the notebook, and what the notebook tells other pages about a lesson.
import type { IslandBlock, PublicExercise, PublicExerciseBlock } from "../grading/index.ts";

export type { IslandBlock };

/** Everything a page's islands need from the start. */
export interface NotebookData {
  course: { id: string; title: string };
  lesson: { id: string; version: string; title: string };
  /** In document order. */
  blocks: NotebookBlock[];
}

/** All there is to a lesson's islands, as the build knows it. */
export interface LessonIslands extends NotebookData {
  blocks: IslandBlock[];
}

export type NotebookBlock = Exclude<IslandBlock, PublicExerciseBlock> | NotebookExerciseBlock;

/** An exercise as the page shows it at first: what only a check or a hint needs comes later, as `ExerciseHelp`. */
export interface NotebookExerciseBlock extends Omit<PublicExerciseBlock, "exercise"> {
  exercise: Omit<PublicExercise, keyof ExerciseHelp> & {
    tests: { name: string }[];
    /** After how many failed checks each hint may be asked for. */
    hints: { after: number }[];
  };
}

/** What an exercise needs when an answer is checked or a hint is asked for. */
export type ExerciseHelp = Pick<PublicExercise, "tests" | "hints" | "feedback" | "probes">;

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
