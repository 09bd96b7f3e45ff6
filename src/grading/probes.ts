// What each misconception does on the calls that the visible tests make, computed when a lesson is built: a
// browser gets these results and not the code.
import type { ExerciseBlock, Misconception, Span } from "../lesson/index.ts";
import type { CallResult, CallTarget, KernelHost } from "../runtime/index.ts";
import { AnswerRealm, compileAnswer } from "./judge/answer.ts";
import { judge } from "./judge/judge.ts";
import { replay, sameResult } from "./judge/recognise.ts";
import { within } from "./judge/time.ts";
import { PUBLIC_SEED } from "./seeds.ts";
import type { MisconceptionProbes, ProbeCall, ProbeResult } from "./types.ts";
import { encodeValue, isWithinSize } from "./values.ts";

/** Cases of each test whose calls are kept. */
const CASES = 5;
/** Calls kept of one exercise, and the values in the arguments of each. */
const CALLS = 100;
const ARGUMENT_VALUES = 2000;

/** Why a misconception cannot be recognised by what it does. */
export type ProbingTrouble =
  /** The visible tests got no call out, so that no misconception can be recognised; `message` says why, if known. */
  | { kind: "no-calls"; message: string | null }
  /** Its code does not run. */
  | { kind: "does-not-run"; misconception: string; message: string }
  /** It throws on every call. */
  | { kind: "never-returns"; misconception: string }
  /** It does what the solution does. */
  | { kind: "like-solution"; misconception: string }
  /** It does what an earlier one does. */
  | { kind: "like-another"; misconception: string; other: string };

export interface Probing {
  probes: MisconceptionProbes;
  trouble: ProbingTrouble[];
}

const known = new WeakMap<ExerciseBlock, Promise<Probing>>();

/** What the misconceptions of an exercise do; computed once for each exercise. */
export function probeMisconceptions(
  exercise: ExerciseBlock,
  host: KernelHost,
  /** Hears whose code runs next, with its place. */
  onStep: (doing: string, span: Span) => void = () => {},
): Promise<Probing> {
  let probing = known.get(exercise);
  if (probing === undefined) {
    probing = probe(exercise, host, onStep);
    known.set(exercise, probing);
    // A host that failed once may work the next time.
    probing.catch(() => known.delete(exercise));
  }
  return probing;
}

async function probe(
  exercise: ExerciseBlock,
  host: KernelHost,
  onStep: (doing: string, span: Span) => void,
): Promise<Probing> {
  const { misconceptions } = exercise;
  if (misconceptions.length === 0) return { probes: { calls: [], outcomes: [] }, trouble: [] };
  onStep(`the solution of “${exercise.id}”`, exercise.solution.code.span);
  const calls = await recordCalls(exercise, host);
  const solution = await resultsOf(exercise, exercise.solution.code.source, calls, host);
  if (calls.length === 0) {
    return {
      probes: { calls, outcomes: [] },
      trouble: [{ kind: "no-calls", message: solution.failure }],
    };
  }
  const outcomes: MisconceptionProbes["outcomes"] = [];
  const trouble: ProbingTrouble[] = [];
  for (const misconception of misconceptions) {
    const { id } = misconception;
    onStep(`the misconception “${id}”`, misconception.code.span);
    const probed = await resultsOf(exercise, misconception.code.source, calls, host);
    const found = judgeProbes(misconception, probed, solution.results, outcomes);
    if (found === null) outcomes.push({ misconception: id, results: probed.results });
    else trouble.push(found);
  }
  return { probes: { calls, outcomes }, trouble };
}

function judgeProbes(
  { id }: Misconception,
  { results, failure }: ProbedResults,
  solution: readonly ProbeResult[],
  others: MisconceptionProbes["outcomes"],
): ProbingTrouble | null {
  if (failure !== null) return { kind: "does-not-run", misconception: id, message: failure };
  if (alike(results, solution)) return { kind: "like-solution", misconception: id };
  if (results.every((result) => !result.ok)) return { kind: "never-returns", misconception: id };
  const other = others.find((outcome) => alike(results, outcome.results));
  return other === undefined ? null : { kind: "like-another", misconception: id, other: other.misconception };
}

function alike(a: readonly ProbeResult[], b: readonly ProbeResult[]): boolean {
  return a.length === b.length && a.every((result, i) => sameResult(result, b[i]!));
}

/** The calls that tests make on the solution, each once; the visible tests unless others are given. */
export async function recordCalls(
  exercise: ExerciseBlock,
  host: KernelHost,
  { tests = exercise.tests.filter((test) => !test.hidden), cases: most = CASES, seed = PUBLIC_SEED } = {},
): Promise<ProbeCall[]> {
  const recorder = new Recorder();
  await judge({
    exercise: exercise.id,
    tests: tests.map(({ name, points, cases, code }) => ({
      name,
      points,
      cases: Math.min(cases, most),
      hidden: false,
      discreet: false,
      source: code.source,
      seed,
    })),
    timeout: exercise.timeout,
    probes: null,
    answer: exercise.solution.code.source,
    host,
    seed: PUBLIC_SEED,
    onCall: (target, args, result) => recorder.add(target, args, result),
  });
  return recorder.calls;
}

class Recorder {
  readonly calls: ProbeCall[] = [];
  readonly #seen = new Set<string>();
  /** Which call made an object. */
  readonly #makers = new Map<number, number>();

  add(target: CallTarget, args: unknown[], result: CallResult): void {
    const call = this.#encode(target, args);
    if (call === null || this.calls.length >= CALLS) return;
    // Functions are called once for each list of arguments; what an object does may depend on its history.
    const key = JSON.stringify(call);
    const repeatable = call.object === undefined && call.construct !== true;
    if (repeatable && this.#seen.has(key) && !(result.ok && result.object !== undefined)) return;
    this.#seen.add(key);
    this.calls.push(call);
    if (result.ok && result.object !== undefined) this.#makers.set(result.object, this.calls.length - 1);
  }

  #encode(target: CallTarget, args: unknown[]): ProbeCall | null {
    try {
      if (!isWithinSize(args, ARGUMENT_VALUES)) return null;
      const encoded = args.map((argument) => encodeValue(argument));
      if ("name" in target) {
        const construct = target.construct === true ? { construct: true as const } : {};
        return { name: target.name, args: encoded, ...construct };
      }
      const object = this.#makers.get(target.object);
      return object === undefined ? null : { name: target.method, args: encoded, object };
    } catch {
      return null;
    }
  }
}

export interface ProbedResults {
  results: ProbeResult[];
  /** Why the code does not run at all. */
  failure: string | null;
}

/** What some code gives on each call, in a fresh realm; a call that does not end counts as one that throws. */
export async function resultsOf(
  exercise: ExerciseBlock,
  source: string,
  calls: readonly ProbeCall[],
  host: KernelHost,
): Promise<ProbedResults> {
  const limit = exercise.timeout * 1000;
  const results: ProbeResult[] = calls.map(() => ({ ok: false }));
  const compiled = compileAnswer(exercise.id, source);
  if (!compiled.ok) return { results, failure: compiled.error.message };
  const start = await AnswerRealm.start(host, compiled.answer, limit, undefined);
  if (!start.ok) return { results, failure: start.error.message };
  const run = async (): Promise<void> => {
    let index = 0;
    for await (const result of replay(calls, start.realm.call)) results[index++] = result;
  };
  await within(run(), limit, undefined);
  start.realm.dispose();
  return { results, failure: null };
}
