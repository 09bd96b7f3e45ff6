// What the build computes for a lesson (probes of misconceptions, traces of programs), remembered block by block:
// an author who edits prose must not wait for programs that did not change.
import { preparePublicLesson, type PublicBlock, type PublicLesson } from "../../grading/index.ts";
import type { Block, Lesson, LessonProblem } from "../../lesson/index.ts";
import type { KernelHost } from "../../runtime/index.ts";

export class LessonPreparer {
  readonly #host: KernelHost;
  readonly #blocks = new Map<string, PublicBlock[]>();

  constructor(host: KernelHost) {
    this.#host = host;
  }

  async prepare(lesson: Lesson): Promise<{ lesson: PublicLesson; problems: LessonProblem[] }> {
    const problems: LessonProblem[] = [];
    const blocks: PublicBlock[] = [];
    for (const block of lesson.blocks) {
      // Only these are computed; the others may differ in nothing but their place.
      const key = block.kind === "exercise" || block.kind === "quiz" ? contentKey(block) : null;
      const known = key === null ? undefined : this.#blocks.get(key);
      if (known !== undefined) {
        blocks.push(...known);
        continue;
      }
      const prepared = await preparePublicLesson({ ...lesson, blocks: [block] }, this.#host);
      problems.push(...prepared.problems);
      blocks.push(...prepared.lesson.blocks);
      if (key !== null && prepared.problems.length === 0) this.#blocks.set(key, prepared.lesson.blocks);
    }
    const { lesson: frame } = await preparePublicLesson({ ...lesson, blocks: [] }, this.#host);
    return { lesson: { ...frame, blocks }, problems };
  }
}

/** What a block holds, without its place in the file. */
function contentKey(block: Block): string {
  return JSON.stringify(block, (name, value: unknown) => (name === "span" ? undefined : value));
}
