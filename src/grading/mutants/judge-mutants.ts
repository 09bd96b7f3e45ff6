// How good an exercise's tests are: each mutant of the solution should lose points. One that does not is a slip that a
// student may make unnoticed, unless it changes nothing that can be seen.
import type { ExerciseBlock, Span } from "../../lesson/index.ts";
import type { KernelHost } from "../../runtime/index.ts";
import { gradeAnswer } from "../check.ts";
import { compileAnswer } from "../judge/answer.ts";
import { sameResult } from "../judge/recognise.ts";
import { recordCalls, resultsOf } from "../probes.ts";
import { formatValue } from "../test-realm/format.ts";
import type { ProbeCall, ProbeResult } from "../types.ts";
import { decodeValue } from "../values.ts";
import { withGuardedLoops } from "./guard.ts";
import { constantsIn, type Mutant, mutantsOf } from "./mutate.ts";
import { variationsOf } from "./variations.ts";

export type MutantFate =
  /** A test noticed it. */
  | "killed"
  /** It earns full points, and some call shows that it is wrong. */
  | "survived"
  /** It earns full points, and does what the solution does on every call that was tried. */
  | "equivalent"
  /** It does not compile. */
  | "stillborn";

export interface JudgedMutant {
  /** Its place in `mutantsOf(solution)`. */
  index: number;
  fate: MutantFate;
  /** For a survivor: a call, and what it gives instead of what. */
  shown: string | null;
}

const SEED = "mutants";
/** Seeds whose calls are tried on a mutant that survived, and cases of each test. */
const CALL_SEEDS = [SEED, "mutants-2", "mutants-3"];
const CALL_CASES = 10;

export interface MutantOptions {
  host: KernelHost;
  /** Hears which mutant is judged next: one that never ends is known by it. */
  onStep: (doing: string, span: Span, index: number) => void;
  /** Indices that need not be judged. */
  skip: ReadonlySet<number>;
}

/** Judges the mutants one by one; the order is spread over the source, so that a run cut short has seen all of it. */
export async function* judgeMutants(
  exercise: ExerciseBlock,
  { host, onStep, skip }: MutantOptions,
): AsyncGenerator<JudgedMutant> {
  const { source, span } = exercise.solution.code;
  const mutants = mutantsOf(source);
  let calls: Promise<KnownCalls> | null = null;
  for (const index of spread(mutants.length)) {
    if (skip.has(index)) continue;
    const mutant = mutants[index]!;
    onStep(`mutant ${index + 1} of ${mutants.length} of “${exercise.id}”`, span, index);
    const guarded = withGuardedLoops(mutant.source);
    if (guarded === null || !compileAnswer(exercise.id, mutant.source).ok) {
      yield { index, fate: "stillborn", shown: null };
    } else if (await isKilled(exercise, guarded, host)) {
      yield { index, fate: "killed", shown: null };
    } else {
      calls ??= knownCalls(exercise, host);
      const shown = await firstDifference(exercise, guarded, await calls, host);
      yield { index, fate: shown === null ? "equivalent" : "survived", shown };
    }
  }
}

/** 0 … n−1 in strides. */
function* spread(n: number): Generator<number> {
  const stride = 7;
  for (let first = 0; first < stride; first++) for (let at = first; at < n; at += stride) yield at;
}

async function isKilled(exercise: ExerciseBlock, answer: string, host: KernelHost): Promise<boolean> {
  const first = new AbortController();
  let failed = false;
  const graded = gradeAnswer({
    exercise,
    answer,
    host,
    seed: SEED,
    probes: { calls: [], outcomes: [] },
    signal: first.signal,
    onTest: ({ passed }) => {
      if (passed) return;
      failed = true;
      first.abort();
    },
  });
  try {
    const verdict = await graded;
    return failed || verdict.points < verdict.maxPoints;
  } catch (error) {
    if (failed) return true;
    throw error;
  }
}

interface KnownCalls {
  calls: ProbeCall[];
  /** What the solution gives. */
  results: ProbeResult[];
}

async function knownCalls(exercise: ExerciseBlock, host: KernelHost): Promise<KnownCalls> {
  const own: ProbeCall[] = [];
  for (const seed of CALL_SEEDS)
    own.push(
      ...(await recordCalls(exercise, host, { tests: exercise.tests, cases: CALL_CASES, seed })).map(
        shifted(own.length),
      ),
    );
  const calls = [...own, ...variationsOf(own, constantsIn(exercise.solution.code.source))];
  const { results } = await resultsOf(exercise, exercise.solution.code.source, calls, host);
  return { calls, results };
}

/** A call's object is named by the number of the call that made it, which changes when lists are joined. */
function shifted(by: number): (call: ProbeCall) => ProbeCall {
  return (call) => (call.object === undefined ? call : { ...call, object: call.object + by });
}

async function firstDifference(
  exercise: ExerciseBlock,
  answer: string,
  { calls, results }: KnownCalls,
  host: KernelHost,
): Promise<string | null> {
  const mutant = await resultsOf(exercise, answer, calls, host);
  const at = results.findIndex((result, index) => !sameResult(result, mutant.results[index]!));
  if (at === -1) return null;
  return `${callText(calls[at]!)} gives ${resultText(mutant.results[at]!)}, not ${resultText(results[at]!)}`;
}

const LONGEST = 120;

function callText({ name, args, construct }: ProbeCall): string {
  const list = args.map((argument) => short(decodeValue(argument))).join(", ");
  return `${construct === true ? "new " : ""}${name}(${list})`;
}

function resultText(result: ProbeResult): string {
  return result.ok ? short(decodeValue(result.value)) : "an error";
}

function short(value: unknown): string {
  const text = formatValue(value).replaceAll(/\s+/g, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

export { type Mutant, mutantsOf };
