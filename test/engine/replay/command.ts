// Replays every fixture file of a folder: `npm run conformance -- FOLDER`; without a folder, the ones in
// test/engine/fixtures. A file says in `meta.group` what it holds. Ends with “N passed, N failed”; exit code 1 if any failed.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { layerChecks } from "./layers.ts";
import { lectureChecks } from "./lecture-variants.ts";
import { lossChecks } from "./losses.ts";
import type { Check } from "./numbers.ts";
import { optimChecks } from "./optim.ts";
import { schedulerChecks } from "./schedulers.ts";
import { secondOrderChecks } from "./second-order.ts";
import { tensorOpsChecks } from "./tensor-ops.ts";
import { trainingRunChecks } from "./training-run.ts";

/** What a group's file is turned into: comparisons, each with the id of its case and its precision as its name. */
const groups: Record<string, (file: never) => Iterable<Check>> = {
  layers: layerChecks,
  lecture_variants: lectureChecks,
  losses: lossChecks,
  optim: optimChecks,
  schedulers: schedulerChecks,
  second_order: secondOrderChecks,
  tensor_ops: tensorOpsChecks,
  training_run: trainingRunChecks,
};

interface Outcome {
  passed: number;
  failed: number;
}

/** Says on one line what went wrong in which case. */
function tell(file: string, place: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  console.log(`${file}  ${place}: ${message.replaceAll(/\s*\n\s*/g, " ")}`);
}

/** null for a file that is none of ours. */
function replayFile(folder: string, name: string): Outcome | null {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(folder, name), "utf8"));
  } catch (error) {
    tell(name, "no JSON", error);
    return { passed: 0, failed: 1 };
  }
  const group = (content as { meta?: { group?: unknown } } | null)?.meta?.group;
  if (typeof group !== "string") {
    console.log(`${name}: no fixtures (it has no meta.group), left out`);
    return null;
  }
  const outcome = { passed: 0, failed: 0 };
  const checksOf = groups[group];
  if (checksOf === undefined) {
    tell(name, group, `the groups known here are ${Object.keys(groups).join(", ")}`);
    return { passed: 0, failed: 1 };
  }
  try {
    for (const { name: place, run } of checksOf(content as never)) {
      try {
        run();
        outcome.passed++;
      } catch (error) {
        tell(name, place, error);
        outcome.failed++;
      }
    }
  } catch (error) {
    tell(name, "cannot be read", error);
    outcome.failed++;
  }
  console.log(`${name}: ${outcome.passed} passed, ${outcome.failed} failed`);
  return outcome;
}

function main(folder: string): number {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    console.error(`conformance: there is no folder ${folder}.`);
    return 2;
  }
  const total: Outcome = { passed: 0, failed: 0 };
  let files = 0;
  for (const name of names.sort()) {
    const outcome = replayFile(folder, name);
    if (outcome === null) continue;
    files++;
    total.passed += outcome.passed;
    total.failed += outcome.failed;
  }
  if (files === 0) {
    console.error(`conformance: ${folder} holds no fixture file.`);
    return 2;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2] ?? fileURLToPath(new URL("../fixtures", import.meta.url)));
