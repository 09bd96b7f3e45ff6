// The engine's speed table: `npm run bench`. Every row is measured in alternating windows against TensorFlow.js and,
// where a Python with PyTorch is installed, against PyTorch on one thread. Prints and asserts nothing.
//
//     npm run bench -- --only a,b,gemm     some rows
//     npm run bench -- --seconds 0.1       shorter windows (default 0.25)
//     npm run bench -- --json              everything measured, for programs
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { descent, ownGradient } from "./descent.ts";
import { alternate, type Contestant, type Timing, type Work } from "./measure.ts";
import { openPeak } from "./peak.ts";
import { openPyTorch } from "./pytorch.ts";
import { formatGrowth, formatProducts, formatSteps, type Result } from "./report.ts";
import { groups, rows } from "./rows.ts";
import { engineSize, sizeOfFiles } from "./size.ts";
import { openTensorFlow, tensorFlowFiles } from "./tensorflow.ts";

const ROUNDS = 7;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "0.25" },
    json: { type: "boolean", default: false },
  },
});
const chosen = values.only?.split(",") ?? groups;
const seconds = Number(values.seconds);
for (const name of chosen) {
  if (!groups.includes(name)) fail(`--only: there is no row ${name}; the rows are ${groups.join(", ")}.`);
}
if (!(seconds > 0)) fail(`--seconds must be a number above 0, not ${values.seconds}.`);

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

/** Tells how far it is, where somebody is watching. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

async function measureRow(id: string, contestants: readonly Contestant[]): Promise<Map<string, Timing>> {
  const works = new Map<string, Work>();
  for (const contestant of contestants) {
    const work = await contestant.prepare(id);
    if (work !== null) works.set(contestant.name, work);
  }
  const timings = await alternate(works, { seconds, rounds: ROUNDS });
  for (const work of works.values()) await work.release?.();
  return timings;
}

const wanted = rows.filter(({ group }) => chosen.includes(group));
const pytorch = await openPyTorch();
const tensorflow = await openTensorFlow();
const contestants: Contestant[] = [descent, ...tensorflow, ownGradient];
if (pytorch !== null) contestants.push(pytorch);
if (chosen.includes("gemm")) contestants.push(await openPeak());

const load = loadavg()[0]!;
const results: Result[] = [];
for (const [i, row] of wanted.entries()) {
  progress(`${i + 1} of ${wanted.length}: ${row.name}`);
  const timings = await measureRow(row.id, contestants);
  const best = new Map([...timings].map(([name, timing]) => [name, timing.best]));
  results.push({ row, timings, aims: row.aims.map((aim) => ({ text: aim.text, met: aim.met(best) })) });
}
progress("");
for (const contestant of contestants) await contestant.close();

const sizes = chosen.includes("size")
  ? { engine: await engineSize(), tensorflow: sizeOfFiles(tensorFlowFiles()) }
  : null;
const machine = {
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  node: process.version,
  v8: process.versions.v8,
  pytorch: pytorch?.version ?? null,
  load,
};

if (values.json) {
  const plain = results.map(({ row, timings, aims }) => ({
    id: row.id,
    name: row.name,
    microseconds: Object.fromEntries(timings),
    aims,
  }));
  console.log(JSON.stringify({ machine, seconds, rounds: ROUNDS, rows: plain, gzip: sizes }, null, 2));
} else {
  console.log(`${machine.processor}, Node ${machine.node} (V8 ${machine.v8}), one thread.`);
  console.log(
    pytorch === null
      ? "No Python with PyTorch was found (Debian: apt-get install python3-torch), so its columns are empty."
      : `PyTorch ${pytorch.version}, one thread.`,
  );
  if (load > 0.5) {
    console.log(
      `Other programs were at work (load ${load.toFixed(1)}): ratios mean more than times, best windows more than middle ones.`,
    );
  }
  console.log(
    `Best of ${ROUNDS} windows of ${seconds} s, in brackets the middle one; × is how many times our time.`,
  );
  const of = (test: (group: string) => boolean) => results.filter(({ row }) => test(row.group));
  for (const table of [
    formatSteps(of((group) => group !== "gemm" && group !== "growth")),
    formatProducts(of((group) => group === "gemm")),
    formatGrowth(of((group) => group === "growth")),
  ]) {
    if (table !== "") console.log(`\n${table}`);
  }
  if (sizes !== null) {
    const [ours, theirs] = [sizes.engine / 1000, sizes.tensorflow / 1000];
    console.log(
      `\nengine, gzip: ${ours.toFixed(1)} kB (TF.js wasm ${theirs.toFixed(0)} kB), < 47 kB ${ours < 47 ? "met" : "missed"}`,
    );
  }
}
