// Mutants of an exercise's solution: judged in processes, put together into a report with the survivors' changes.
import { type JudgedMutant, type Mutant, mutantsOf } from "../../grading/author.ts";
import type { ExerciseBlock, LessonProblem } from "../../lesson/index.ts";
import { type Cache, keyOf, programDigest } from "./cache.ts";
import type { Processes } from "./processes.ts";
import type { Step } from "./proofs.ts";

export interface Survivor {
  file: string;
  line: number;
  column: number;
  /** In words. */
  what: string;
  /** The lines of the solution that the mutant changes, and what it makes of them. */
  before: string[];
  after: string[];
  /** A call that shows the difference. */
  shown: string;
}

export interface MutantReport {
  exercise: string;
  place: Pick<LessonProblem, "file" | "line" | "column">;
  killed: number;
  survivors: Survivor[];
  /** Mutants that do what the solution does on every call that was tried. */
  equivalent: number;
  /** Mutants that do not compile. */
  stillborn: number;
  /** Mutants for which there was no time. */
  untried: number;
}

/** Killed mutants of those that could be noticed, in percent; `null` where there are none. */
export function scoreOf({ killed, survivors }: MutantReport): number | null {
  const noticeable = killed + survivors.length;
  return noticeable === 0 ? null : Math.floor((100 * killed) / noticeable);
}

export interface MutantOptions {
  folder: string;
  processes: Processes;
  cache: Cache;
  /** Time for one exercise, in seconds. */
  limit: number;
  onStep: (step: Step) => void;
}

export async function reportMutants(exercise: ExerciseBlock, options: MutantOptions): Promise<MutantReport> {
  const mutants = mutantsOf(exercise.solution.code.source);
  const judged = await judgedMutants(exercise, options);
  const { file, start } = exercise.solution.code.span;
  const count = (fate: JudgedMutant["fate"]) => judged.filter((one) => one.fate === fate).length;
  return {
    exercise: exercise.id,
    place: { file, line: start.line, column: start.column },
    killed: count("killed"),
    equivalent: count("equivalent"),
    stillborn: count("stillborn"),
    untried: mutants.length - judged.length,
    survivors: judged
      .filter(({ fate }) => fate === "survived")
      .sort((a, b) => a.index - b.index)
      .map(({ index, shown }) => survivorOf(exercise, mutants[index]!, shown ?? "")),
  };
}

async function judgedMutants(exercise: ExerciseBlock, options: MutantOptions): Promise<JudgedMutant[]> {
  const { folder, processes, cache, limit, onStep } = options;
  // Where the exercise stands in its file does not matter.
  const content = JSON.stringify(exercise, (name, value: unknown) => (name === "span" ? undefined : value));
  const key = keyOf("mutants", programDigest(), content);
  const known = cache.get(key);
  if (known !== undefined) return known as JudgedMutant[];

  const judged = new Map<number, JudgedMutant>();
  const time = AbortSignal.timeout(limit * 1000);
  for (;;) {
    let current: number | undefined;
    const ending = await processes.run(
      { folder, proof: { kind: "mutants", exercise: exercise.id, skip: [...judged.keys()] }, cellLimit: 60 },
      {
        signal: time,
        onStep: (step) => {
          current = step.mutant;
          onStep(step);
        },
        onFinding: (finding) => {
          if ("mutant" in finding) judged.set(finding.mutant.index, finding.mutant);
        },
      },
    );
    const found = [...judged.values()];
    if (ending.kind === "broken") throw new Error(ending.reason);
    if (ending.kind === "left") return found;
    if (ending.kind === "done") {
      cache.set(key, found);
      return found;
    }
    // A mutant that never ends, or that ends its process, is noticed: its answer gets no points.
    if (current === undefined || judged.has(current))
      throw new Error(`The process of “${exercise.id}” ended unasked.`);
    judged.set(current, { index: current, fate: "killed", shown: null });
  }
}

function survivorOf(exercise: ExerciseBlock, mutant: Mutant, shown: string): Survivor {
  const { source, span } = exercise.solution.code;
  const before = source.slice(0, mutant.start).split("\n");
  const lineStart = mutant.start - before.at(-1).length;
  const lineEnd = source.indexOf("\n", mutant.end);
  const end = lineEnd === -1 ? source.length : lineEnd;
  const grown = mutant.source.length - source.length;
  return {
    file: span.file,
    line: span.start.line + before.length - 1,
    column: before.at(-1).length + 1,
    what: mutant.what,
    before: source.slice(lineStart, end).split("\n"),
    after: mutant.source.slice(lineStart, end + grown).split("\n"),
    shown,
  };
}
