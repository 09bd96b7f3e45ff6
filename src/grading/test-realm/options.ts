// What the page and a test's realm agree on.

/** The module's name in `Program.ambient` and in the kernel's list of modules. */
export const TEST_MODULE = "descent/test";

/** What each run of a test is given (`RunOptions.ambientOptions`). */
export interface TestOptions {
  seed: string;
  /** The names that the answer declares. */
  declares: string[];
}
