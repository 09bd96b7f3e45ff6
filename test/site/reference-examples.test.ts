// Every example of the reference runs, as `npm run check` runs a lesson.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import { checkLesson, FileCache, Processes } from "../../src/cli/index.ts";
import { formatProblem } from "../../src/lesson/index.ts";
import { introductions, Reference } from "../../src/site/reference/reference.ts";

// Processes start, and TypeScript reads the engine, on machines that do much else.
vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL("../..", import.meta.url));
const reference = new Reference({ root });
const missing = await reference.missing();
const groups = (await reference.groups()).map(({ folder }) => folder);
reference.dispose();
const written = groups.filter((folder) => !missing.some((file) => file.includes(`/${folder}/`)));

const processes = new Processes(2);
const kept = await mkdtemp(join(tmpdir(), "descent-reference-"));

afterAll(async () => {
  processes.close();
  await rm(kept, { recursive: true });
});

describe("the example of", () => {
  it.each(written)("%s runs", async (folder) => {
    const { cells, problems } = await checkLesson({
      folder: join(introductions, folder),
      processes,
      cache: new FileCache({ folder: kept, reads: false }),
      cellLimit: 60,
      mutants: null,
      onStep: () => {},
    });
    expect(problems.map(formatProblem)).toEqual([]);
    expect(cells).toBeGreaterThan(0);
  });
});
