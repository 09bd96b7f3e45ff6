// What the store needs of its surroundings: the session that runs cells, the grader, the solutions. Given from
// outside, so that the store's logic can be tested without a kernel and rendered without a browser.
import type { PublicExercise, QuizAnswer, TestVerdict, Verdict } from "../../grading/index.ts";
import type { QuizBlock } from "../../lesson/index.ts";
import type { CellDefinition, InputValue, Session } from "../../runtime/index.ts";
import type { EngineNames } from "../code/engine-names.ts";
import type { ExerciseHelp } from "../data.ts";

export type { CellDefinition, CellState, KernelStatus } from "../../runtime/index.ts";

export type NotebookSession = Pick<
  Session,
  | "cells"
  | "cell"
  | "setSource"
  | "setInput"
  | "setCells"
  | "run"
  | "warm"
  | "runLoadCells"
  | "stop"
  | "restart"
  | "kernelStatus"
  | "subscribe"
  | "dispose"
>;

export interface QuizResult {
  correct: boolean;
  points: number;
  feedbackHtml: string[];
}

export interface NotebookServices {
  /** Called at the first run, so that reading costs nothing. */
  createSession(options: {
    cells: CellDefinition[];
    inputValues: Record<string, Record<string, InputValue>>;
  }): Promise<NotebookSession>;
  checkAnswer(options: {
    exercise: PublicExercise;
    answer: string;
    onTest: (verdict: TestVerdict) => void;
    signal: AbortSignal;
  }): Promise<Verdict>;
  answerQuiz(quiz: QuizBlock, answer: QuizAnswer): Promise<QuizResult>;
  /** What checks and hints need, by exercise: not a part of the page. */
  loadHelp(): Promise<Record<string, ExerciseHelp>>;
  loadSolution(exercise: string): Promise<string>;
  /** What the editor tells of the engine's names. */
  loadNames(): Promise<EngineNames>;
  /** Saves what has changed before something risky runs. */
  flush(): Promise<void>;
}
