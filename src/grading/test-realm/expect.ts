// `expect` in a test: comparisons made for numbers, with messages that a student can learn from. Each matcher
// either returns or throws a `TestFailureError`. What is not comparable fails, also after `.not`.
import { misuse, TestFailureError } from "./failure.ts";
import {
  close,
  closeArray,
  contains,
  equal,
  type Finding,
  finite,
  hasLength,
  type NestedNumbers,
  order,
  satisfies,
  single,
  type Tolerance,
} from "./findings.ts";
import { formatValue } from "./format.ts";
import { withoutTensors } from "./tensors.ts";
import type { StudentCalls } from "./student.ts";

export interface Matchers {
  /** The opposite of the matcher that follows. */
  readonly not: Matchers;
  /** The same single value. NaN is NaN, and −0 is 0. */
  toBe(expected: unknown): void;
  /** The same structure and values: arrays, typed arrays, objects, maps, sets. */
  toEqual(expected: unknown): void;
  /** |received − expected| ≤ tolerance (absolute, default 1e-6); with `{ relative: r }` ≤ r·|expected|. */
  toBeCloseTo(expected: number, tolerance?: Tolerance): void;
  /** The same shape, and each number close to the expected one; nested arrays and typed arrays. */
  toBeCloseToArray(expected: NestedNumbers, tolerance?: Tolerance): void;
  toBeGreaterThan(bound: number): void;
  toBeGreaterThanOrEqual(bound: number): void;
  toBeLessThan(bound: number): void;
  toBeLessThanOrEqual(bound: number): void;
  toBeTrue(): void;
  toBeFalse(): void;
  /** A number that is neither NaN nor infinite. */
  toBeFinite(): void;
  toHaveLength(length: number): void;
  /** An array that has an equal entry, or a string that has this part. */
  toContain(part: unknown): void;
  /**
   * `expect(() => student.f(x)).toThrow()`: the answer's own code threw, with `part` in its message when given.
   * Always awaited.
   */
  toThrow(part?: string): Promise<void>;
  /** `predicate(received)` is `true`; `description` says in words what it asks. */
  toSatisfy(predicate: (received: never) => boolean, description?: string): void;
}

export interface Expect {
  /** `words` are the author's, shown first when the comparison fails; the only ones shown of a hidden test. */
  (received: unknown, words?: string): Matchers;
}

/** One test's `expect`, and the count of what it checked. */
export class Expectations {
  readonly #calls: StudentCalls;
  readonly #asynchronous: Promise<void>[] = [];
  #checked = 0;

  constructor(calls: StudentCalls) {
    this.#calls = calls;
  }

  readonly expect: Expect = (received, words) => this.#matchers(received, words ?? null, false);

  /** Called at the end of every test: fails one that checked nothing, or did not await its `toThrow`. */
  async finish(): Promise<void> {
    await Promise.all(this.#asynchronous);
    await this.#calls.settle();
    if (this.#checked > 0) return;
    throw new TestFailureError({
      kind: "unusable",
      message: "The test found nothing to check in what your answer gave back",
    });
  }

  #matchers(received: unknown, words: string | null, negated: boolean): Matchers {
    const judge = (finding: Finding): void => {
      this.#checked += 1;
      if (finding.incomparable !== true && finding.holds !== negated) return;
      throw new TestFailureError({ kind: "expectation", words, detail: finding.detail });
    };
    const value = (find: (value: unknown) => Finding): void => {
      judge(find(this.#plain(received)));
    };
    const opposite = () => this.#matchers(received, words, !negated);
    const not = negated ? "not " : "";
    return {
      get not(): Matchers {
        return opposite();
      },
      toBe: (expected) => value((got) => single(expected, got, not)),
      toEqual: (expected) => value((got) => equal(expected, got, not)),
      toBeCloseTo: (expected, tolerance) => value((got) => close(expected, got, tolerance, not)),
      toBeCloseToArray: (expected, tolerance) => value((got) => closeArray(expected, got, tolerance, not)),
      toBeGreaterThan: (bound) => value((got) => order(got, `${not}more than`, bound, (a) => a > bound)),
      toBeGreaterThanOrEqual: (bound) =>
        value((got) => order(got, `${not}at least`, bound, (a) => a >= bound)),
      toBeLessThan: (bound) => value((got) => order(got, `${not}less than`, bound, (a) => a < bound)),
      toBeLessThanOrEqual: (bound) => value((got) => order(got, `${not}at most`, bound, (a) => a <= bound)),
      toBeTrue: () => value((got) => single(true, got, not)),
      toBeFalse: () => value((got) => single(false, got, not)),
      toBeFinite: () => value((got) => finite(got, not)),
      toHaveLength: (length) => value((got) => hasLength(length, got, not)),
      toContain: (part) => value((got) => contains(part, got, not)),
      toSatisfy: (predicate, description) =>
        value((got) => satisfies(predicate as (received: unknown) => unknown, got, description, not)),
      toThrow: (part) => {
        const judged = this.#throwing(received, part).then((finding) => judge(finding(not)));
        // Awaited again by `finish`; the handler keeps a forgotten `await` from ending the realm.
        judged.catch(() => undefined);
        this.#asynchronous.push(judged);
        return judged;
      },
    };
  }

  /** What a matcher compares: fields of an object of the answer, entries of a tensor, any other value as it is. */
  #plain(received: unknown): unknown {
    if (received instanceof Promise) {
      throw misuse("`expect` was given a promise: write `await` before the call");
    }
    const stub = this.#calls.stub(received);
    if (stub === null) return withoutTensors(received);
    if (stub.fields !== null) return withoutTensors(stub.fields);
    throw misuse("`expect` was given an object of the answer: compare what one of its methods gives");
  }

  async #throwing(received: unknown, part: string | undefined): Promise<(not: string) => Finding> {
    const outcome = await this.#outcome(received);
    if (outcome.threw === null) {
      return (not) => ({
        holds: false,
        detail: `expected the call ${not}to throw, it returned ${outcome.returned}`,
      });
    }
    const said = `${outcome.threw.name}: ${outcome.threw.message}`;
    if (part === undefined) {
      return (not) => ({ holds: true, detail: `expected the call ${not}to throw, it threw ${said}` });
    }
    const holds = outcome.threw.message.includes(part);
    return (not) => ({
      holds,
      detail: `expected an error whose message ${not}contains ${formatValue(part)}, it threw ${said}`,
    });
  }

  /** Runs what `toThrow` was given. Only the answer's own error counts as thrown. */
  async #outcome(
    received: unknown,
  ): Promise<{ threw: { name: string; message: string } | null; returned: string }> {
    try {
      const called: unknown = typeof received === "function" ? (received as () => unknown)() : received;
      const creation = this.#calls.stub(called)?.creation ?? null;
      if (!(called instanceof Promise) && creation === null) {
        throw misuse(
          "`toThrow` needs a call of the answer: write `await expect(() => student.f(x)).toThrow()`",
        );
      }
      return { threw: null, returned: formatValue(await (creation ?? called)) };
    } catch (error) {
      if (error instanceof TestFailureError && error.failure.kind === "threw") {
        return { threw: error.failure.error, returned: "" };
      }
      throw error;
    }
  }
}
