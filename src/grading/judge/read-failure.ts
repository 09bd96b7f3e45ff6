// A failure as it arrives from a test's realm, checked at the door.
import * as v from "valibot";
import type { CellError } from "../../runtime/index.ts";
import { FAILURE_NAME, type TestFailure } from "../test-realm/failure.ts";

const failureSchema: v.GenericSchema<TestFailure> = v.variant("kind", [
  v.object({ kind: v.literal("expectation"), words: v.nullable(v.string()), detail: v.string() }),
  v.object({
    kind: v.literal("threw"),
    error: v.object({
      name: v.string(),
      message: v.string(),
      line: v.nullable(v.number()),
      column: v.nullable(v.number()),
    }),
  }),
  v.object({ kind: v.literal("unusable"), message: v.string() }),
  v.object({ kind: v.literal("lost"), message: v.string() }),
  v.object({ kind: v.literal("misuse"), message: v.string() }),
]);

/** The failure that an error from a test's realm carries; `null` when the test broke in another way. */
export function readFailure(error: CellError): TestFailure | null {
  if (error.name !== FAILURE_NAME) return null;
  try {
    return v.parse(failureSchema, JSON.parse(error.message));
  } catch {
    return null;
  }
}

/**
 * What is told of a failed test. With `discreet` (for a hidden test) only the author's words, and sentences of our
 * own that hold no input and no expected value.
 */
export function failureMessage(error: CellError, discreet: boolean): string | null {
  const failure = readFailure(error);
  switch (failure?.kind) {
    case "expectation":
      if (discreet) return failure.words;
      return failure.words === null ? failure.detail : `${failure.words}\n${failure.detail}`;
    case "threw": {
      if (discreet) return "Your answer threw an error";
      const { name, message, line, column } = failure.error;
      const place = line === null ? "" : ` (line ${line}${column === null ? "" : `, column ${column}`})`;
      return `Your answer threw ${name}: ${message}${place}`;
    }
    case "unusable":
    case "lost":
      return failure.message;
    case "misuse":
      return discreet ? "The test could not run" : `The test could not run: ${failure.message}`;
    case undefined:
      return discreet
        ? "The test could not use what your answer gave back"
        : `The test could not use what your answer gave back: ${error.message}`;
  }
}
