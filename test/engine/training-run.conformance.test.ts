// Whole training runs against PyTorch: every loss, the state at the end, evaluation mode.
/* oxlint-disable vitest/expect-expect -- the expectations are in the replay */
import { describe, test } from "vitest";
import { readFixture } from "./conformance.ts";
import { trainingRunChecks, type TrainingRunSet } from "./replay/training-run.ts";

describe("training agrees with PyTorch", () => {
  const checks = trainingRunChecks(readFixture<TrainingRunSet>("training_run"));
  test.each(checks.map(({ name, run }) => [name, run] as const))("%s", (_, run) => {
    run();
  });
});
