// How a test says why it failed. The reason crosses from the test's realm to the page as JSON in an error's
// message, so that the author's words stay apart from inputs and expected values.

/** What an answer's own code threw. */
export interface ThrownError {
  name: string;
  message: string;
  line: number | null;
  column: number | null;
}

export type TestFailure =
  /** A comparison did not hold; `words` are the author's. */
  | { kind: "expectation"; words: string | null; detail: string }
  /** The answer's own code threw. */
  | { kind: "threw"; error: ThrownError }
  /** The answer lacks what the test calls, or gave back what cannot be judged. Names no input. */
  | { kind: "unusable"; message: string }
  /** The realm of the answer is gone: it ended itself or ran out of memory. */
  | { kind: "lost"; message: string }
  /** The test itself is wrong. */
  | { kind: "misuse"; message: string };

export const FAILURE_NAME = "TestFailure";

/** Longest text of one part of a failure. */
const TEXT_LIMIT = 1200;

export class TestFailureError extends Error {
  override name = FAILURE_NAME;
  readonly failure: TestFailure;
  constructor(failure: TestFailure) {
    super(JSON.stringify(cut(failure)));
    this.failure = failure;
  }
}

function cut(value: unknown): unknown {
  if (typeof value === "string") {
    return value.length > TEXT_LIMIT ? `${value.slice(0, TEXT_LIMIT)} …` : value;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cut(part)]));
}

export function misuse(message: string): TestFailureError {
  return new TestFailureError({ kind: "misuse", message });
}

/** Names that only the page gives to errors; an answer's own error never arrives under them. */
export const OWN_PREFIX = "descent:";
export const LOST_ERROR = `${OWN_PREFIX}lost`;
export const UNUSABLE_ERROR = `${OWN_PREFIX}unusable`;
export const MISUSE_ERROR = `${OWN_PREFIX}misuse`;

/** What to say when a test calls a name that the answer does not declare. */
export function noSuchName(name: string, declares: readonly string[]): string {
  const others =
    declares.length === 0
      ? "it declares nothing that a test could call"
      : `it declares: ${declares.map((declared) => `“${declared}”`).join(", ")}`;
  return `Your answer declares no function “${name}”; ${others}.`;
}
