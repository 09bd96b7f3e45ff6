// Reference solutions, sealed so that nobody meets one by chance: each is fetched only when its reader asks for it.
import { sealSolution } from "../../grading/index.ts";
import type { Lesson } from "../../lesson/index.ts";

/** The sealed solution of each exercise, by its id. */
export async function solutionsOf(lesson: Lesson): Promise<Map<string, string>> {
  const sealed = new Map<string, string>();
  for (const block of lesson.blocks)
    if (block.kind === "exercise") sealed.set(block.id, await sealSolution(block.solution.shown));
  return sealed;
}
