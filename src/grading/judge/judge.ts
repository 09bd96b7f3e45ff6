// Judges one answer: the answer in one realm, the tests in another, and this side, which counts the points,
// in neither. Whatever goes wrong, a test that did not run to its end gives nothing.
import {
  compileCell,
  type CallResult,
  type CallTarget,
  type CellError,
  type Kernel,
  type KernelHost,
  type Program,
} from "../../runtime/index.ts";
import { caseSeed } from "../seeds.ts";
import { TEST_MODULE, type TestOptions } from "../test-realm/options.ts";
import type { MisconceptionProbes, TestVerdict, Verdict, VerdictStatus } from "../types.ts";
import {
  AnswerRealm,
  type AnswerStart,
  compileAnswer,
  type CompiledAnswer,
  formatSeconds,
  type LossStatus,
  plainError,
} from "./answer.ts";
import { LOST_ERROR } from "../test-realm/failure.ts";
import { failureMessage } from "./read-failure.ts";
import { recognise } from "./recognise.ts";
import { within } from "./time.ts";

/** A test, visible or hidden, with the seed its cases start from. */
export interface JudgedTest {
  name: string;
  points: number;
  hidden: boolean;
  /** Failures tell only the author's words, no input and no expected value. */
  discreet: boolean;
  cases: number;
  source: string;
  seed: string;
}

export interface Job {
  exercise: string;
  tests: JudgedTest[];
  /** Wall-clock limit of loading the answer and of each test with all its cases, in seconds. */
  timeout: number;
  probes: MisconceptionProbes | null;
  answer: string;
  host: KernelHost;
  /** What the verdict names as its seed. */
  seed: string;
  onTest?: ((verdict: TestVerdict) => void) | undefined;
  /** Hears every call that a test makes on the answer. */
  onCall?: ((target: CallTarget, args: unknown[], result: CallResult) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export async function judge(job: Job): Promise<Verdict> {
  const started = performance.now();
  const finish = (
    status: VerdictStatus,
    tests: TestVerdict[],
    feedback: string[],
    error: CellError | null,
  ): Verdict => ({
    exercise: job.exercise,
    points: sum(tests, (test) => test.points),
    maxPoints: sum(job.tests, (test) => test.points),
    status,
    tests,
    feedback,
    durationMs: performance.now() - started,
    seed: job.seed,
    error,
  });
  const failAll = (status: VerdictStatus, error: CellError): Verdict => {
    const message = status === "missing" ? error.message : `Your answer did not run: ${error.message}`;
    const tests = job.tests.map((test) => failed(test, message));
    for (const test of tests) job.onTest?.(test);
    return finish(status, tests, [], error);
  };

  const compiled = compileAnswer(job.exercise, job.answer);
  if (!compiled.ok) return failAll(compiled.status, compiled.error);
  const bench = new Bench(job, compiled.answer);
  try {
    const trouble = await bench.open();
    if (trouble !== null) return failAll(trouble.status, trouble.error);
    const tests: TestVerdict[] = [];
    const troubles = new Set<Trouble>();
    for (const test of job.tests) {
      const outcome = await bench.judgeTest(test);
      if (outcome.trouble !== null) troubles.add(outcome.trouble);
      tests.push(outcome.verdict);
      job.onTest?.(outcome.verdict);
    }
    // An answer that had to be ended would only have to be ended again.
    const feedback = troubles.size === 0 ? await bench.recognise() : [];
    return finish(statusOf(tests, troubles), tests, feedback, null);
  } finally {
    bench.close();
  }
}

function sum<T>(items: readonly T[], points: (item: T) => number): number {
  return items.reduce((total, item) => total + points(item), 0);
}

/** What ended a test from outside: the clock, or the loss of the answer's kernel (as a rule, for its memory). */
type Trouble = "timeout" | LossStatus;

function statusOf(tests: readonly TestVerdict[], troubles: ReadonlySet<Trouble>): VerdictStatus {
  const trouble = (["timeout", "memory", "refused", "error"] as const).find((kind) => troubles.has(kind));
  if (trouble !== undefined) return trouble;
  if (tests.length > 0 && tests.every((test) => test.passed)) return "passed";
  return tests.some((test) => test.points > 0) ? "partial" : "failed";
}

function failed(test: JudgedTest, message: string | null): TestVerdict {
  const { name, points: maxPoints, hidden } = test;
  return { name, points: 0, maxPoints, passed: false, hidden, message };
}

function passed(test: JudgedTest): TestVerdict {
  const { name, points, hidden } = test;
  return { name, points, maxPoints: points, passed: true, hidden, message: null };
}

interface TestOutcome {
  verdict: TestVerdict;
  trouble: Trouble | null;
}

const TEST_CELL = "test";
const FINISH = "finishTest";
const AMBIENT = { module: TEST_MODULE, names: ["student", "expect", "seed", "given", FINISH] };

type TestCompilation = { ok: true; program: Program } | { ok: false; error: CellError };

/** A class's answers meet the same tests again and again. */
const compiledTests = new Map<string, TestCompilation>();
const MOST_COMPILED_TESTS = 500;

function compileTest(source: string): TestCompilation {
  let compiled = compiledTests.get(source);
  if (compiled === undefined) {
    if (compiledTests.size >= MOST_COMPILED_TESTS) compiledTests.clear();
    compiled = compileTestAnew(source);
    compiledTests.set(source, compiled);
  }
  return compiled;
}

/** A test as a program; the line after the author's last one makes sure that something was checked. */
function compileTestAnew(source: string): TestCompilation {
  const compiled = compileCell(TEST_CELL, `${source}\nawait ${FINISH}();`, {
    ambient: AMBIENT,
    standalone: true,
  });
  if (!compiled.ok) return { ok: false, error: compiled.error };
  const taken = AMBIENT.names.find((name) => compiled.declares.includes(name));
  if (taken === undefined) return { ok: true, program: compiled.program };
  const message = `a test cannot declare \`${taken}\`: the name stands for something that every test is given`;
  return { ok: false, error: plainError("SyntaxError", message) };
}

/** The two realms of one judgement, replaced when one of them is lost. */
class Bench {
  readonly #job: Job;
  readonly #answer: CompiledAnswer;
  readonly #limit: number;
  /** Of the tests. */
  readonly #programs: Program[];
  #realm: AnswerRealm | null = null;
  #tests: Promise<Kernel> | null = null;

  constructor(job: Job, answer: CompiledAnswer) {
    this.#job = job;
    this.#answer = answer;
    this.#limit = job.timeout * 1000;
    this.#programs = job.tests.flatMap(({ source }) => {
      const compiled = compileTest(source);
      return compiled.ok ? [compiled.program] : [];
    });
  }

  /** Loads the answer. `null` when it is ready, otherwise why it is not. */
  async open(): Promise<(AnswerStart & { ok: false }) | null> {
    if (this.#realm?.lost === true) this.#dropAnswer();
    if (this.#realm !== null) return null;
    const { host, signal } = this.#job;
    // Both realms start at once; a failure of the tests' shows when they are awaited below.
    const tests = this.#testKernel();
    tests.catch(() => undefined);
    // Not on the answer's time.
    await host.prepare?.([this.#answer.program, ...this.#programs]);
    const start = await AnswerRealm.start(host, this.#answer, this.#limit, signal);
    if (!start.ok) return start;
    this.#realm = start.realm;
    await tests;
    return null;
  }

  async judgeTest(test: JudgedTest): Promise<TestOutcome> {
    const compiled = compileTest(test.source);
    if (!compiled.ok) {
      const detail = test.discreet ? "" : `: ${compiled.error.message}`;
      return { verdict: failed(test, `The test could not run${detail}`), trouble: null };
    }
    const trouble = await this.open();
    if (trouble !== null) {
      const message = `Your answer did not run again: ${trouble.error.message}`;
      return { verdict: failed(test, message), trouble: trouble.status };
    }
    const kernel = await this.#testKernel();
    const cases = this.#runCases(kernel, compiled.program, test);
    const run = await within(cases, this.#limit, this.#job.signal);
    if (run.ended) {
      const lost = this.#realm?.lost === true ? this.#realm.lossStatus : null;
      return { verdict: run.value ?? passed(test), trouble: lost };
    }
    const culprit = this.#realm !== null && this.#realm.waiting > 0 ? "your answer" : "the test";
    this.close();
    const message = `Stopped after ${formatSeconds(this.#limit)}: ${culprit} takes too long or never ends`;
    return { verdict: failed(test, message), trouble: "timeout" };
  }

  /** Runs every case; `null` when all passed, otherwise the verdict on the first that did not. */
  async #runCases(kernel: Kernel, program: Program, test: JudgedTest): Promise<TestVerdict | null> {
    for (let i = 0; i < test.cases; i++) {
      const ambientOptions: TestOptions = {
        seed: caseSeed(test.seed, this.#job.exercise, test.name, i),
        declares: this.#answer.declares,
      };
      const { status, error, kernelLost } = await kernel.run(program, { ambientOptions, quiet: true });
      if (kernelLost) {
        if ((await this.#tests) === kernel) this.#dropTests();
        return failed(test, "The test could not run: its program was lost");
      }
      if (status === "ok") continue;
      if (error === null) return failed(test, "The test could not run: it was stopped");
      const message = failureMessage(error, test.discreet);
      const where =
        test.cases > 1 && !test.discreet && message !== null ? `\n(case ${i + 1} of ${test.cases})` : "";
      return failed(test, message === null ? null : message + where);
    }
    // A test without cases has shown nothing.
    return test.cases > 0 ? null : failed(test, "The test could not run: it has no cases");
  }

  #testKernel(): Promise<Kernel> {
    this.#tests ??= this.#job.host.start({ onHostCall: (target, args) => this.#call(target, args) });
    return this.#tests;
  }

  async #call(target: CallTarget, args: unknown[]): Promise<CallResult> {
    const realm = this.#realm;
    if (realm === null) return { ok: false, error: plainError(LOST_ERROR, "No answer is running") };
    const result = await realm.call(target, args);
    this.#job.onCall?.(target, args, result);
    return result;
  }

  /** Which known misconceptions the answer behaves like. */
  async recognise(): Promise<string[]> {
    const { probes } = this.#job;
    if (probes === null || probes.outcomes.length === 0) return [];
    if ((await this.open()) !== null || this.#realm === null) return [];
    const found = await within(recognise(probes, this.#realm.call), this.#limit, this.#job.signal);
    return found.ended ? found.value : [];
  }

  #dropAnswer(): void {
    this.#realm?.dispose();
    this.#realm = null;
  }

  #dropTests(): void {
    void this.#tests?.then((kernel) => kernel.dispose()).catch(() => undefined);
    this.#tests = null;
  }

  close(): void {
    this.#dropAnswer();
    this.#dropTests();
  }
}
