// A lesson as a page may have it. What a student must not see is not in these types.
import type {
  CellBlock,
  GlossaryTerm,
  HeadingBlock,
  PredictBlock,
  ProseBlock,
  QuizBlock,
  StaticCodeBlock,
} from "../lesson/index.ts";
import type { PublicExercise } from "./types.ts";

export interface PublicExerciseBlock {
  kind: "exercise";
  statementHtml: string;
  exercise: PublicExercise;
}

/** A block that becomes an island: something the reader runs or answers. */
export type IslandBlock = CellBlock | PublicExerciseBlock | QuizBlock | PredictBlock;

export type PublicBlock = HeadingBlock | ProseBlock | StaticCodeBlock | IslandBlock;

export interface PublicLesson {
  id: string;
  version: string;
  title: string;
  summary: string;
  objectives: string[];
  prerequisites: string[];
  minutes: number;
  terms: GlossaryTerm[];
  blocks: PublicBlock[];
}
