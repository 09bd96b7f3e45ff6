// Optimisers, schedules and clipping against PyTorch, and the lectures' own formulas against NumPy.
/* oxlint-disable vitest/expect-expect -- a check throws at the first number that differs */
import { describe, expect, test } from "vitest";
import { readFixture } from "./conformance.ts";
import { type LectureSet, lectureChecks } from "./replay/lecture-variants.ts";
import { type OptimSet, optimChecks } from "./replay/optim.ts";
import { type SchedulerSet, schedulerChecks } from "./replay/schedulers.ts";

const optimSet = readFixture<OptimSet>("optim");
const schedulerSet = readFixture<SchedulerSet>("schedulers");
const lectureSet = readFixture<LectureSet>("lecture_variants");

describe("optimisers agree with PyTorch", () => {
  test.each(optimChecks(optimSet))("$name", ({ run }) => run());
});

describe("schedules agree with PyTorch", () => {
  test.each(schedulerChecks(schedulerSet))("$name", ({ run }) => run());
});

describe("the lectures' formulas", () => {
  test.each(lectureChecks(lectureSet))("$name", ({ run }) => run());
});

test("the files have cases of every optimiser and schedule that PyTorch 1.13 has in common with the engine", () => {
  const optimisers = new Set(optimSet.cases.flatMap(({ optimizer }) => optimizer ?? []));
  expect([...optimisers].sort()).toEqual(
    ["Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "SGD"].sort(),
  );
  expect(new Set(schedulerSet.cases.map(({ scheduler }) => scheduler)).size).toBe(14);
});
