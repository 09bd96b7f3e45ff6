// The module "descent/test": what a test finds in its own realm. Never loaded where a student's code runs.
import { Generator } from "../engine/core.ts";
import type { HostCall } from "../runtime/index.ts";
import { type Expect, Expectations } from "./test-realm/expect.ts";
import { type Given, given } from "./test-realm/given.ts";
import type { TestOptions } from "./test-realm/options.ts";
import { createSeed, hashText, type Seed } from "./test-realm/seed.ts";
import { createStudent, type Student, StudentCalls } from "./test-realm/student.ts";

export type { Expect, Matchers } from "./test-realm/expect.ts";
export type { Given } from "./test-realm/given.ts";
export type { NestedNumbers, Tolerance } from "./test-realm/findings.ts";
export { TEST_MODULE, type TestOptions } from "./test-realm/options.ts";
export type { Seed } from "./test-realm/seed.ts";
export type { Student, StudentFunction, StudentObject } from "./test-realm/student.ts";

/** The names a test has without an import; `finishTest` is called after the author's last line. */
export interface TestNames {
  student: Student;
  expect: Expect;
  seed: Seed;
  given: Given;
  finishTest: () => Promise<void>;
}

/** The module `descent/test`; a page's sandbox has it as a part, named `test` (runtime/parts.ts). */
export function testModule(kernel: { hostCall: HostCall }): {
  ambient: (options: unknown) => TestNames & Record<string, unknown>;
} {
  return {
    ambient: (options) => {
      const { seed, declares } = options as TestOptions;
      const calls = new StudentCalls(kernel.hostCall);
      const expectations = new Expectations(calls);
      return {
        student: createStudent(calls, declares),
        expect: expectations.expect,
        seed: createSeed(new Generator(hashText(seed))),
        given,
        finishTest: () => expectations.finish(),
      };
    },
  };
}
