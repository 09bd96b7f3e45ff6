// Checks one lesson: reads it, proves its parts in several processes at once, and puts together what they found.
import { join, relative } from "node:path";
import type { ExerciseBlock, Lesson, LessonProblem } from "../../lesson/index.ts";
import { readLessonFolder, readLessonText } from "../../site/index.ts";
import { type Cache, digestOf, folderDigest, keyOf, programDigest } from "./cache.ts";
import { type MutantReport, reportMutants } from "./mutants.ts";
import type { Ending, Processes } from "./processes.ts";
import { localName, type Proof, type Step } from "./proofs.ts";

export interface CheckOptions {
  /** The lesson's folder, absolute. */
  folder: string;
  processes: Processes;
  cache: Cache;
  /** How long a cell may take, in seconds. */
  cellLimit: number;
  /** Judges mutants too, with so many seconds for each exercise. */
  mutants: { limit: number } | null;
  onStep: (step: Step) => void;
}

/** Everything that was found; without problems the lesson may be published. File names are relative to the folder. */
export interface LessonCheck {
  cells: number;
  exercises: number;
  /** In the order of the lesson. */
  problems: LessonProblem[];
  mutants: MutantReport[];
  /** Nothing had to be run. */
  cached: boolean;
}

type Proved = Pick<LessonCheck, "cells" | "exercises" | "problems">;

/** Checks a lesson; rejects only where its file cannot be read. A lesson that has mistakes in its text is not run. */
export async function checkLesson(options: CheckOptions): Promise<LessonCheck> {
  const { folder, cache, mutants } = options;
  const key = keyOf("lesson", programDigest(), folderDigest(folder), options.cellLimit);
  const known = cache.get(key) as { proved: Proved; outside: [string, string | null][] } | undefined;
  const isKnown = known?.outside.every(([path, digest]) => digestOf(join(folder, path)) === digest) === true;
  if (isKnown && mutants === null) return { ...known.proved, mutants: [], cached: true };

  const text = await readLessonText(folder);
  const { lesson, problems, outside } = readLessonFolder(folder, text, (file) => localName(folder, file));
  const exercises = lesson?.blocks.filter((block) => block.kind === "exercise") ?? [];
  let proved = known?.proved;
  if (!isKnown || proved === undefined) {
    const found = lesson === null ? nothing : await proveAll(lesson, exercises, options);
    proved = {
      cells: lesson?.blocks.filter((block) => block.kind === "cell").length ?? 0,
      exercises: exercises.length,
      problems: inOrder(problems, found),
    };
    // What a machine that does much else has cut short is not remembered.
    if (found.whole)
      cache.set(key, { proved, outside: outside.map((path) => [relative(folder, path), digestOf(path)]) });
  }
  const isSound = proved.problems.length === 0;
  const reports =
    mutants === null || !isSound
      ? []
      : await Promise.all(
          exercises.map((exercise) => reportMutants(exercise, { ...options, limit: mutants.limit })),
        );
  return { ...proved, mutants: reports, cached: isKnown };
}

/** What the proofs of a lesson found. */
interface Found {
  cells: LessonProblem[];
  types: LessonProblem[];
  exercises: LessonProblem[];
  /** No proof was cut short. */
  whole: boolean;
}

const nothing: Found = { cells: [], types: [], exercises: [], whole: true };

async function proveAll(
  lesson: Lesson,
  exercises: readonly ExerciseBlock[],
  { folder, processes, cellLimit, onStep }: CheckOptions,
): Promise<Found> {
  // The longest first.
  const proofs: Proof[] = [
    { kind: "cells" },
    { kind: "types" },
    ...exercises.map(({ id }): Proof => ({ kind: "exercise", exercise: id })),
  ];
  let whole = true;
  const problems = await Promise.all(
    proofs.map(async (proof) => {
      const found: LessonProblem[] = [];
      const ending = await processes.run(
        { folder, proof, cellLimit },
        {
          onStep,
          onFinding: (finding) => {
            if ("problems" in finding) found.push(...finding.problems);
          },
        },
      );
      if (ending.kind !== "done") whole = false;
      return found.concat(problemsOfEnding(ending, proof, lesson));
    }),
  );
  const [cells = [], types = [], ...rest] = problems;
  return { cells, types, exercises: rest.flat(), whole };
}

function problemsOfEnding(ending: Ending, proof: Proof, lesson: Lesson): LessonProblem[] {
  if (ending.kind === "done") return [];
  if (ending.kind === "left") throw new Error("The check was ended.");
  if (ending.kind === "broken") throw new Error(ending.reason);
  const { step } = ending;
  const place = step?.place ?? { file: lesson.file, line: 1, column: 1 };
  const left = proof.kind === "cells" ? "; what stands below was not run" : "";
  const doing = step?.doing ?? `The check of ${proof.kind}`;
  const what = doing.charAt(0).toUpperCase() + doing.slice(1);
  if (ending.kind === "died")
    return [
      {
        ...place,
        message: `${what} ended the process that runs it${left}`,
        fix: "look for what takes too much memory, or calls itself without end",
      },
    ];
  return [
    {
      ...place,
      message: `${what} did not end within ${step?.seconds ?? 0} s${left}`,
      fix: "look for a loop without end, or let it do less",
    },
  ];
}

/**
 * Each finding once: what reading found at a line is not said again in other words by running it, nor what either found by
 * its types. Of an exercise everything is told.
 */
function inOrder(read: LessonProblem[], { cells, exercises, types }: Found): LessonProblem[] {
  const line = (problem: LessonProblem) => `${problem.file}:${problem.line}`;
  const beside = (told: LessonProblem[], more: LessonProblem[]): LessonProblem[] => {
    const taken = new Set(told.map(line));
    return [...told, ...more.filter((problem) => !taken.has(line(problem)))];
  };
  return [...beside(beside(read, cells), types), ...exercises].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
}
