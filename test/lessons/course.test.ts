// The whole course, as its authors check it before publishing: cells, types, exercises, quizzes, formulas, links, mutants.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { check } from "../../src/cli/check.ts";
import { Processes } from "../../src/cli/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test(
  "check has nothing to say, and nine of ten slips in each solution cost points",
  { timeout: 600_000 },
  async () => {
    const cacheFolder = await mkdtemp(join(tmpdir(), "descent-course-"));
    const processes = new Processes(2);
    const printed: string[] = [];
    const terminal = {
      folder: root,
      print: (line: string) => printed.push(line),
      complain: (line: string) => printed.push(line),
    };
    const args = ["lessons", "--mutants", "--least", "90", "--json"];
    const code = await check(args, terminal, { processes, cacheFolder });
    processes.close();
    await rm(cacheFolder, { recursive: true });
    const report = JSON.parse(printed.join("\n")) as { problems: unknown[] };
    expect(report.problems).toEqual([]);
    expect(code).toBe(0);
  },
);
