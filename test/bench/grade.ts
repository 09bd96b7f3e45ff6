// How long `npm run grade` takes for a class of a thousand with 200 ms of tests each. Prints, asserts nothing. Run it with
// `npx tsx test/bench/grade.ts [students]`. Next to the time on the clock it prints processor seconds, where the
// system tells them: what a machine with nothing else to do would need, divided by its processors.
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { grade } from "../../src/cli/grade.ts";
import type { Report } from "../../src/cli/grade/report.ts";
import { readLessonFolder, readLessonText } from "../../src/site/index.ts";

const students = Number(process.argv[2] ?? 1000);
const folder = await mkdtemp(join(tmpdir(), "descent-bench-grade-"));
const meter = processorMeter();

/** A loop that takes `milliseconds` here once it is compiled. */
function calibrate(milliseconds: number): number {
  const work = (count: number): number => {
    let x = 0.5;
    for (let i = 0; i < count; i++) x = 3.9 * x * (1 - x);
    return x;
  };
  work(5e6);
  const start = process.cpuUsage();
  const count = 1e8;
  work(count);
  const { user } = process.cpuUsage(start);
  return Math.round((count * milliseconds * 1000) / user);
}

const answer = `export function work(count) {
  let x = 0.5;
  for (let i = 0; i < count; i++) x = 3.9 * x * (1 - x);
  return x;
}`;

/** One exercise with four tests of 50 ms each. */
function lesson(count: number): string {
  const test = (name: string, hidden: boolean): string =>
    `\`\`\`ts test ${hidden ? "hidden " : ""}points=1 name="${name}"\nexpect(await student.work(${count})).toSatisfy((x) => x > 0 && x < 1);\n\`\`\`\n`;
  return `---
title: Work
summary: Takes time.
objectives:
  - Wait
prerequisites: []
minutes: 1
---

Some work.

\`\`\`exercise
id: work
title: Work
points: 4
timeout: 20
objective: Wait
\`\`\`

Do it.

\`\`\`ts solution
export function work(count) {
  // begin answer
  // starter: return 0;
${answer.split("\n").slice(1, -1).join("\n")}
  // end answer
}
\`\`\`
${test("one", false)}${test("two", false)}${test("three", true)}${test("four", true)}`;
}

function submission(lessonId: string, student: string, answers: Record<string, string>): string {
  return JSON.stringify({
    format: "descent-submission/1",
    course: "descent",
    lesson: lessonId,
    lessonVersion: "",
    student,
    answers,
    quizzes: {},
    exportedAt: "2026-11-21T12:00:00Z",
  });
}

async function measure(
  name: string,
  lessonFolder: string,
  count: number,
  answers: Record<string, string>,
): Promise<void> {
  const work = join(folder, `work-${name}`);
  await mkdir(work);
  const id = basename(lessonFolder);
  for (let i = 0; i < count; i++) {
    await writeFile(join(work, `s${i}.descent.json`), submission(id, `s${i}`, answers));
  }
  const out = join(folder, `out-${name}`);
  const own = process.cpuUsage();
  const before = meter.seconds();
  const started = performance.now();
  const code = await grade(["--lesson", lessonFolder, "--submissions", work, "--out", out], {
    folder,
    print: () => {},
    complain: console.log,
    ...(process.stderr.isTTY ? { progress: (line) => void process.stderr.write(`\r${line}\u001b[K`) } : {}),
  });
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(own);
  const parent = (used.user + used.system) / 1e6;
  const { summary, isolation } = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as Report;
  const all = before === null ? null : meter.seconds()! - before;
  const processors = availableParallelism();
  console.log(
    [
      `${name}: ${count} submissions of ${Object.keys(answers).length} exercises, ${isolation}, exit ${code}, ${summary.meanPoints} points on average`,
      `  ${seconds.toFixed(1)} s on the clock (${((1000 * seconds) / count).toFixed(0)} ms each) with ${processors} processors`,
      `  ${parent.toFixed(1)} s of processor time in the command itself`,
      all === null
        ? "  processor time of its processes: not told by this system"
        : `  ${all.toFixed(1)} s of processor time in all (${((1000 * all) / count).toFixed(0)} ms each): ${(all / processors).toFixed(0)} s where nothing else runs`,
    ].join("\n"),
  );
}

/** Counts what this process and all it starts use, by a control group of its own; root only. */
function processorMeter(): { seconds: () => number | null; end: () => void } {
  for (const root of ["/sys/fs/cgroup/cpuacct", "/sys/fs/cgroup"]) {
    const group = `${root}/descent-bench-${process.pid}`;
    try {
      mkdirSync(group);
      writeFileSync(`${group}/cgroup.procs`, String(process.pid));
      const seconds = (): number => {
        try {
          return Number(readFileSync(`${group}/cpuacct.usage`, "utf8")) / 1e9;
        } catch {
          return Number(/usage_usec (\d+)/.exec(readFileSync(`${group}/cpu.stat`, "utf8"))![1]) / 1e6;
        }
      };
      seconds();
      const end = (): void => {
        try {
          writeFileSync(`${root}/cgroup.procs`, String(process.pid));
          rmdirSync(group);
        } catch {
          // A helper of this process may still be in it; an empty group costs nothing.
        }
      };
      return { seconds, end };
    } catch {
      // The next way, or none.
    }
  }
  return { seconds: () => null, end: () => {} };
}

const workFolder = join(folder, "work");
await mkdir(workFolder);
await writeFile(join(workFolder, "lesson.md"), lesson(calibrate(50)));
await measure("200 ms", workFolder, students, { work: answer });

const chapter = fileURLToPath(new URL("../../lessons/critical-points", import.meta.url));
const { lesson: read } = readLessonFolder(chapter, await readLessonText(chapter), (file) => file);
const solutions = Object.fromEntries(
  read!.blocks.flatMap((block) =>
    block.kind === "exercise" ? [[block.id, block.solution.code.source] as const] : [],
  ),
);
await measure("chapter", chapter, Math.ceil(students / 10), solutions);
await rm(folder, { recursive: true });
meter.end();
