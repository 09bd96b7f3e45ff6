// `npm run conformance`: what it says about a folder of fixtures, and how it ends.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFixture } from "../conformance.ts";
import type { TrainingRunSet } from "./training-run.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "descent-conformance-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const command = fileURLToPath(new URL("command.ts", import.meta.url));

function run(): Promise<{ code: number | string; lines: string[] }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", command, folder], (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, lines: `${stdout}${stderr}`.trim().split("\n") });
    });
  });
}

const write = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));

/** The second run of the set, which is the shorter. */
function training(): TrainingRunSet {
  const file = readFixture<TrainingRunSet>("training_run");
  return { ...file, cases: file.cases.slice(1) };
}

describe("conformance", { timeout: 30_000 }, () => {
  it("all right: closes with the counts and ends with 0", async () => {
    write("training_run.json", training());
    const { code, lines } = await run();
    expect(lines.at(-1)).toBe("2 passed, 0 failed");
    expect(code).toBe(0);
  });

  it("a wrong number is told with file, case, precision, place, both numbers and the tolerance", async () => {
    const file = training();
    const { losses } = file.cases[0]!.expected.float64;
    losses[7] = losses[7]! + 1e-6;
    write("training_run.json", file);
    const { code, lines } = await run();
    expect(lines[0]).toMatch(/^training_run\.json {2}train-1 float64: .*\[7\].*\d\.\d+.*\d\.\d+.*1e-9/);
    expect(lines.at(-1)).toBe("1 passed, 1 failed");
    expect(code).toBe(1);
  });

  it("what is no fixture file is left out, what is a broken or an unknown one fails", async () => {
    write("config.json", { name: "a set's configuration" });
    write("broken.json", "{");
    write("unknown.json", { meta: { group: "riddles" }, cases: [] });
    const { code, lines } = await run();
    expect(lines).toContain("config.json: no fixtures (it has no meta.group), left out");
    expect(lines.at(-1)).toBe("0 passed, 2 failed");
    expect(code).toBe(1);
  });

  it("a folder without fixtures is a mistake", async () => {
    const { code, lines } = await run();
    expect(lines[0]).toContain("holds no fixture file");
    expect(code).toBe(2);
  });
});
