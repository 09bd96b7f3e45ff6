// One proof of a lesson: what a process of `check` does at a time. Places are told with file names relative to the lesson's
// folder, so that a result may be kept and told again from anywhere.
import { relative, sep } from "node:path";
import { type JudgedMutant, judgeMutants } from "../../grading/author.ts";
import { preparePublicLesson, proveExercises } from "../../grading/index.ts";
import { TEST_MODULE, testModule } from "../../grading/worker.ts";
import type { Lesson, LessonProblem, Span } from "../../lesson/index.ts";
import { createInProcessHost } from "../../runtime/node.ts";
import type { KernelHost } from "../../runtime/index.ts";
import { readLessonFolder, readLessonText } from "../../site/index.ts";
import { nameProblems } from "../types/names.ts";
import { typeProblems } from "../types/lesson-types.ts";
import { runCells } from "./cells.ts";

export type Proof =
  /** Every cell runs, in order, from clean; traced programs print what they should. */
  | { kind: "cells" }
  /** The types and the names of all code. */
  | { kind: "types" }
  /** One exercise: its solution, its starter, its misconceptions. */
  | { kind: "exercise"; exercise: string }
  /** The mutants of one exercise's solution, but those judged already. */
  | { kind: "mutants"; exercise: string; skip: number[] };

export interface Job {
  /** The lesson's folder, absolute. */
  folder: string;
  proof: Proof;
  /** How long a cell may take, in seconds. */
  cellLimit: number;
}

/** What is done next: when nothing is heard for `seconds`, it hangs. */
export interface Step {
  doing: string;
  /** Where the code stands that runs; `null` where none does. */
  place: Pick<LessonProblem, "file" | "line" | "column"> | null;
  seconds: number;
  /** The mutant's number. */
  mutant?: number;
}

/** What came out; mutants are told one by one. */
export type Finding = { problems: LessonProblem[] } | { mutant: JudgedMutant };

export interface Listener {
  onStep: (step: Step) => void;
  onFinding: (finding: Finding) => void;
}

/** Beyond what its tests may take, no honest proof of one answer is silent for longer, in seconds. */
const longestSlack = 10;

export async function prove(
  { folder, proof, cellLimit }: Job,
  { onStep, onFinding }: Listener,
): Promise<void> {
  const slack = Math.min(longestSlack, cellLimit);
  const lesson = await readHere(folder);
  const host = createInProcessHost({ modules: { [TEST_MODULE]: testModule } });
  const doing = (words: string, span: Span | null, seconds: number, mutant?: number) =>
    onStep({
      doing: words,
      place: span === null ? null : { file: span.file, line: span.start.line, column: span.start.column },
      seconds,
      ...(mutant === undefined ? {} : { mutant }),
    });
  try {
    switch (proof.kind) {
      case "cells": {
        const ran = await runCells(lesson, { folder, host, cellLimit, onCell: doing });
        onFinding({ problems: [...ran, ...(await tracedPrograms(lesson, host, slack, doing))] });
        break;
      }
      case "types":
        doing("types", null, 300);
        onFinding({ problems: [...nameProblems(lesson), ...typeProblems(lesson, folder)] });
        break;
      case "exercise":
      case "mutants": {
        const exercise = exerciseOf(lesson, proof.exercise);
        const seconds = exercise.timeout * (exercise.tests.length + 1) + slack;
        const onExerciseStep = (words: string, span: Span, mutant?: number) =>
          doing(words, span, seconds, mutant);
        if (proof.kind === "exercise") {
          onFinding({ problems: await exerciseProblems(lesson, proof.exercise, host, onExerciseStep) });
          break;
        }
        const skip = new Set(proof.skip);
        for await (const mutant of judgeMutants(exercise, { host, skip, onStep: onExerciseStep }))
          onFinding({ mutant });
      }
    }
  } finally {
    host.dispose();
  }
}

async function exerciseProblems(
  lesson: Lesson,
  id: string,
  host: KernelHost,
  onStep: (doing: string, span: Span) => void,
): Promise<LessonProblem[]> {
  const only = { ...lesson, blocks: [exerciseOf(lesson, id)] };
  const proved = await proveExercises(only, host, onStep);
  const { problems } = await preparePublicLesson(only, host);
  // One sentence of two proofs is told once.
  const told = new Set(proved.map(({ message }) => message));
  return [...proved, ...problems.filter(({ message }) => !told.has(message))];
}

async function tracedPrograms(
  lesson: Lesson,
  host: KernelHost,
  seconds: number,
  doing: (words: string, span: Span, seconds: number) => void,
): Promise<LessonProblem[]> {
  const problems: LessonProblem[] = [];
  for (const block of lesson.blocks) {
    if (block.kind !== "quiz" || block.quiz !== "trace") continue;
    doing(`the program of “${block.id}”`, block.program.span, seconds);
    const prepared = await preparePublicLesson({ ...lesson, blocks: [block] }, host);
    problems.push(...prepared.problems);
  }
  return problems;
}

function exerciseOf(lesson: Lesson, id: string) {
  const exercise = lesson.blocks.find((block) => block.kind === "exercise" && block.id === id);
  if (exercise?.kind !== "exercise")
    throw new Error(`The lesson has no exercise “${id}”: it was changed meanwhile.`);
  return exercise;
}

const read = new Map<string, Lesson>();

/** The lesson, read once for all its proofs in this process. */
async function readHere(folder: string): Promise<Lesson> {
  const text = await readLessonText(folder);
  const key = JSON.stringify([folder, text]);
  const known = read.get(key);
  if (known !== undefined) return known;
  const { lesson } = readLessonFolder(folder, text, (file) => localName(folder, file));
  if (lesson === null) throw new Error(`${folder} cannot be read any more: it was changed meanwhile.`);
  read.clear();
  read.set(key, lesson);
  return lesson;
}

export function localName(folder: string, file: string): string {
  return relative(folder, file).split(sep).join("/");
}
