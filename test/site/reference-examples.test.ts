// Every example of the reference runs, as `npm run check` runs a lesson.
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkLesson } from "../../src/cli/check-lesson.ts";
import { TEST_MODULE, testModule } from "../../src/grading/worker.ts";
import { formatProblem } from "../../src/lesson/index.ts";
import { createInProcessHost } from "../../src/runtime/node.ts";
import { introductions, Reference } from "../../src/site/reference/reference.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const reference = new Reference({ root });
const missing = await reference.missing();
const groups = (await reference.groups()).map(({ folder }) => folder);
reference.dispose();
const written = groups.filter((folder) => !missing.some((file) => file.includes(`/${folder}/`)));

describe("the example of", () => {
  it.each(written)("%s runs", async (folder) => {
    const host = createInProcessHost({ modules: { [TEST_MODULE]: testModule } });
    try {
      const { cells, problems } = await checkLesson({
        folder: join(introductions, folder),
        host,
        nameOf: (file) => relative(root, file),
      });
      expect(problems.map(formatProblem)).toEqual([]);
      expect(cells).toBeGreaterThan(0);
    } finally {
      host.dispose();
    }
  });
});
