// Verdicts on answers: in a page with the visible tests, in `check` and `grade` with all of them.
import type { ExerciseBlock } from "../lesson/index.ts";
import type { KernelHost } from "../runtime/index.ts";
import { judge, type JudgedTest } from "./judge/judge.ts";
import { probeMisconceptions } from "./probes.ts";
import { PUBLIC_SEED } from "./seeds.ts";
import type { MisconceptionProbes, PublicExercise, TestVerdict, Verdict } from "./types.ts";

interface Options {
  /** The source of the student's cell. Any text whatsoever gives a verdict. */
  answer: string;
  /** Starts the kernels; the answer and the tests get one each. */
  host: KernelHost;
  /** Hears each test's verdict as soon as it is known. */
  onTest?: (verdict: TestVerdict) => void;
  /** Ends the judging: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Judges an answer by the visible tests: a page's instant advice. `maxPoints` is what the visible tests are worth.
 * Rejects only when no kernel can be started, or when aborted.
 */
export function checkAnswer(options: Options & { exercise: PublicExercise }): Promise<Verdict> {
  const { exercise } = options;
  return judge({
    exercise: exercise.id,
    tests: exercise.tests.map((test): JudgedTest => ({
      ...test,
      hidden: false,
      discreet: false,
      seed: PUBLIC_SEED,
    })),
    timeout: exercise.timeout,
    probes: exercise.probes,
    answer: options.answer,
    host: options.host,
    seed: PUBLIC_SEED,
    onTest: options.onTest,
    signal: options.signal,
  });
}

/**
 * Judges an answer by all tests. Visible tests have the same cases as in a page; hidden ones depend on `seed`
 * (see `deriveSeed`), and the same seed always gives the same verdict.
 *
 * @param probes What the misconceptions do; computed (once for each exercise and host) when left out.
 */
export async function gradeAnswer(
  options: Options & {
    exercise: ExerciseBlock;
    seed: string;
    probes?: MisconceptionProbes;
    /** For the lesson's author: hidden tests tell inputs and expected values too. */
    reveal?: boolean;
  },
): Promise<Verdict> {
  const { exercise, host, seed } = options;
  const probes = options.probes ?? (await probeMisconceptions(exercise, host)).probes;
  return judge({
    exercise: exercise.id,
    tests: judgedTests(exercise, seed, options.reveal ?? false),
    timeout: exercise.timeout,
    probes,
    answer: options.answer,
    host,
    seed,
    onTest: options.onTest,
    signal: options.signal,
  });
}

/** All tests of an exercise, each with the seed its cases start from. */
function judgedTests(exercise: ExerciseBlock, secretSeed: string, reveal: boolean): JudgedTest[] {
  return exercise.tests.map(({ name, points, hidden, cases, code }) => ({
    name,
    points,
    hidden,
    discreet: hidden && !reveal,
    cases,
    source: code.source,
    seed: hidden ? secretSeed : PUBLIC_SEED,
  }));
}
