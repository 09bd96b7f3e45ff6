// `npm run grade -- --lesson FOLDER --submissions FOLDER --out FOLDER`: verdicts on a class's work, the gradebook and a report.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { createInterface } from "node:readline/promises";
import { gradeSubmission } from "../grading/index.ts";
import { formatProblem, type Lesson } from "../lesson/index.ts";
import { createIsolatedHost, type IsolatedHost, type IsolatedHostOptions } from "../runtime/node.ts";
import { readLessonFolder, readLessonText } from "../site/index.ts";
import { courseKey, keyMark } from "./grade/course-key.ts";
import { gradebook } from "./grade/gradebook.ts";
import { emptyOverrides, type Override, parseOverrides } from "./grade/overrides.ts";
import { duration, progressLine, type Tally } from "./grade/progress.ts";
import { type Change, changesAsCsv, compareReports, describeChange } from "./grade/regrade.ts";
import { type EarlierReport, makeReport, parseReport, type Report, tasksOf } from "./grade/report.ts";
import { reportPage } from "./grade/report-page.ts";
import { digest, programDigest, Results, writeWhole } from "./grade/results.ts";
import { judgeAll } from "./grade/run.ts";
import { readSettings, type Settings, usage } from "./grade/settings.ts";
import { findSubmissions, readSubmission, SUFFIX, type Submissions, type Work } from "./grade/submissions.ts";
import { counted, isStarted, ownTerminal, type Terminal } from "./terminal.ts";

export interface Surroundings {
  /** Stops the run. */
  signal?: AbortSignal;
  now?: () => Date;
  startHost?: (options: IsolatedHostOptions) => Promise<IsolatedHost>;
  /** Asks whoever sits at the terminal; absent where nobody does. */
  ask?: (question: string) => Promise<boolean>;
}

/** What stops a command before it has begun; its message is for the user. */
class CannotBegin extends Error {}

/** @returns the exit code */
export async function grade(
  args: readonly string[],
  terminal: Terminal,
  surroundings: Surroundings = {},
): Promise<0 | 1 | 2 | 130> {
  const asked = readSettings(args);
  if (asked === "help") {
    terminal.print(usage);
    return 0;
  }
  if ("mistake" in asked) {
    terminal.complain(`${asked.mistake}\n\n${usage}`);
    return 1;
  }
  const signal = surroundings.signal ?? new AbortController().signal;
  try {
    return await run(asked, terminal, { ...surroundings, signal });
  } catch (error) {
    if (signal.aborted) {
      terminal.complain("Stopped. What was judged is kept: the same command goes on from there.");
      return 130;
    }
    terminal.complain(error instanceof Error ? error.message : String(error));
    if (!(error instanceof CannotBegin) && process.env["DEBUG"] !== undefined) throw error;
    return 1;
  }
}

async function run(
  settings: Settings,
  terminal: Terminal,
  surroundings: Surroundings & { signal: AbortSignal },
): Promise<0 | 2> {
  const { signal, now = () => new Date(), startHost = createIsolatedHost } = surroundings;
  const at = (path: string): string => resolve(terminal.folder, path);
  const out = at(settings.out);
  const { lesson, fingerprint } = await readLesson(at(settings.lesson), terminal);
  const earlier = settings.regrade === undefined ? null : await readEarlier(at(settings.regrade), lesson.id);
  const submissions = await readSubmissions(at(settings.submissions), lesson, settings.submissions);
  await mkdir(out, { recursive: true });
  const overrides = await readOverrides(out, lesson, terminal);
  const ownKey = join(out, "course.key");
  const { key, isNew } = await courseKey(settings.key === undefined ? undefined : at(settings.key), ownKey);
  if (isNew) {
    terminal.complain(
      `A secret key for the hidden tests was made in ${relative(terminal.folder, ownKey)}. Keep it: with --key it gives the same cases in another folder, too.`,
    );
  }
  const host = await startHost({
    tests: new URL("../grading/test-process.ts", import.meta.url),
    memoryBytes: settings.memory * 1024 * 1024,
    ...(settings.requireSandbox ? { require: "bubblewrap" } : {}),
  });
  try {
    const { kind, lack } = host.isolation;
    if (kind !== "bubblewrap") {
      terminal.complain(
        `Isolation: Deno without permissions alone; bubblewrap does not work here (${lack}). With --require-sandbox the command refuses that.`,
      );
    } else if (!settings.json) terminal.print("Isolation: bubblewrap, and Deno without permissions.");
    const basis = [
      "descent-grade/1",
      fingerprint,
      keyMark(key),
      String(settings.memory),
      kind,
      await programDigest(),
    ];
    const judging = await judgeWorks({ settings, terminal, signal, lesson, key, host, basis, submissions });
    const report = makeReport({
      lesson,
      isolation: kind,
      key: keyMark(key),
      finishedAt: now(),
      judged: judging.judged,
      overrides,
      unjudged: [...submissions.unjudged, ...judging.unjudged],
      superseded: submissions.superseded,
    });
    const changes = earlier === null ? null : compareReports(earlier, report);
    const accepted =
      earlier === null ||
      changes === null ||
      (await acceptChanges(changes, { earlier, report, out, settings, terminal, surroundings }));
    if (accepted) await writeReport(out, report);
    tell(report, changes, accepted, { settings, terminal });
    return report.unjudged.length === 0 ? 0 : 2;
  } finally {
    host.dispose();
  }
}

async function readLesson(
  path: string,
  terminal: Terminal,
): Promise<{ lesson: Lesson; fingerprint: string }> {
  const folder = /^lesson(\.hidden)?\.md$/.test(basename(path)) ? dirname(path) : path;
  const text = await readLessonText(folder).catch(() => null);
  if (text === null) {
    throw new CannotBegin(`There is no lesson in ${folder}: give a folder with a lesson.md.`);
  }
  const nameOf = (file: string) => relative(terminal.folder, file).split(sep).join("/");
  const { lesson, problems } = readLessonFolder(folder, text, nameOf);
  if (lesson === null || problems.length > 0) {
    const found = problems.map(formatProblem).join("\n");
    throw new CannotBegin(`${found}\nThe lesson has mistakes: correct them before grading (npm run check).`);
  }
  if (tasksOf(lesson).length === 0) {
    throw new CannotBegin(
      `The lesson “${lesson.id}” has neither exercises nor quizzes: there is nothing to grade.`,
    );
  }
  return { lesson, fingerprint: digest(text.source, text.hidden ?? "") };
}

async function readEarlier(file: string, lesson: string): Promise<EarlierReport> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) throw new CannotBegin(`There is no report at ${file}.`);
  const earlier = parseReport(text);
  if (earlier === null) throw new CannotBegin(`${file} is no report of this command: give a report.json.`);
  if (earlier.lesson.id !== lesson) {
    throw new CannotBegin(`${file} is a report on the lesson “${earlier.lesson.id}”, not on “${lesson}”.`);
  }
  return earlier;
}

async function readSubmissions(folder: string, lesson: Lesson, name: string): Promise<Submissions> {
  const found = await findSubmissions(folder, lesson.id).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "it does not exist" : error.message;
    throw new CannotBegin(`The folder of submissions ${name} cannot be read: ${why}.`);
  });
  if (found.works.length === 0 && found.unjudged.length === 0) {
    throw new CannotBegin(`There are no submissions in ${name}: their names end in ${SUFFIX}.`);
  }
  return found;
}

async function readOverrides(out: string, lesson: Lesson, terminal: Terminal): Promise<Override[]> {
  const file = join(out, "overrides.csv");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) {
    await writeFile(file, emptyOverrides, { flag: "wx" });
    return [];
  }
  const { overrides, problems } = parseOverrides(text, tasksOf(lesson));
  if (problems.length === 0) return overrides;
  const name = relative(terminal.folder, file);
  throw new CannotBegin(problems.map((problem) => `${name}, ${problem}`).join("\n"));
}

/** Judges what is not known from an earlier run; each verdict is kept as soon as it is there. */
async function judgeWorks(options: {
  settings: Settings;
  terminal: Terminal;
  signal: AbortSignal;
  lesson: Lesson;
  key: string;
  host: IsolatedHost;
  basis: readonly string[];
  submissions: Submissions;
}): ReturnType<typeof judgeAll> {
  const { settings, terminal, signal, lesson, key, host, basis, submissions } = options;
  const folder = resolve(terminal.folder, settings.submissions);
  const results = await Results.open(join(resolve(terminal.folder, settings.out), "results"));
  const started = performance.now();
  const tally: Tally = { total: submissions.works.length, done: 0, kept: 0, timeouts: 0, unjudged: 0 };
  const tellProgress = progressTeller(terminal, tally.total);
  const judge = async (work: Work) => {
    const { student, file } = work;
    const rests = digest(...basis, student, work.digest);
    const kept = settings.again ? null : await results.get(file, rests);
    if (kept !== null) {
      tally.kept += 1;
      return kept;
    }
    const read = await readSubmission(folder, file);
    if ("problems" in read) throw new Error(read.problems.join("; "));
    if (read.digest !== work.digest) throw new Error("the file has changed meanwhile");
    const { submission } = read;
    const verdict = await gradeSubmission({ lesson, submission, student, key, host, signal });
    await results.put(file, rests, verdict);
    return verdict;
  };
  const judging = await judgeAll({
    works: submissions.works,
    jobs: settings.jobs,
    judge,
    signal,
    onDone: (_work, verdict) => {
      tally.done += 1;
      if (verdict === null) tally.unjudged += 1;
      else if (verdict.exercises.some(({ status }) => status === "timeout")) tally.timeouts += 1;
      tellProgress(tally, performance.now() - started);
    },
  });
  terminal.progress?.("");
  if (!settings.json) {
    const kept = tally.kept > 0 ? `, ${tally.kept} of them in an earlier run` : "";
    terminal.print(
      `${counted(tally.done - tally.unjudged, "submission")} judged in ${duration(performance.now() - started)}${kept}.`,
    );
  }
  return judging;
}

/** Where nobody watches a line that is written over, every tenth of the way gets a line of its own. */
function progressTeller(terminal: Terminal, total: number): (tally: Tally, elapsedMs: number) => void {
  let told = 0;
  return (tally, elapsedMs) => {
    const line = progressLine(tally, elapsedMs);
    if (terminal.progress !== undefined) return terminal.progress(line);
    const tenth = Math.floor((10 * tally.done) / Math.max(1, total));
    if (total < 50 || tenth === told) return;
    told = tenth;
    terminal.complain(line);
  };
}

async function acceptChanges(
  changes: readonly Change[],
  context: {
    earlier: EarlierReport;
    report: Report;
    out: string;
    settings: Settings;
    terminal: Terminal;
    surroundings: Surroundings;
  },
): Promise<boolean> {
  const { earlier, report, out, settings, terminal, surroundings } = context;
  await writeWhole(join(out, "regrade.csv"), changesAsCsv(changes));
  if (!settings.json) {
    if (earlier.key !== report.key) {
      terminal.print("The earlier report was made with another key: its hidden tests had other cases.");
    }
    for (const change of changes) terminal.print(describeChange(change));
    terminal.print(
      changes.length === 0
        ? "Nothing changes for anybody."
        : `${counted(changes.length, "student")} of ${report.students.length} with changes; they are in regrade.csv, too.`,
    );
  }
  if (settings.accept || changes.length === 0) return true;
  return (await surroundings.ask?.("Write the new grades?")) ?? false;
}

async function writeReport(out: string, report: Report): Promise<void> {
  await writeWhole(join(out, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeWhole(join(out, "grades.csv"), gradebook(report));
  await writeWhole(join(out, "report.html"), reportPage(report));
}

function tell(
  report: Report,
  changes: readonly Change[] | null,
  accepted: boolean,
  { settings, terminal }: { settings: Settings; terminal: Terminal },
): void {
  const { summary, unjudged, superseded, isolation } = report;
  if (settings.json) {
    const told = { isolation, ...summary, unjudged, superseded, written: accepted };
    terminal.print(JSON.stringify(changes === null ? told : { ...told, changes }, null, 2));
    return;
  }
  for (const { file, student, countsInstead } of superseded) {
    terminal.print(visible(`${file}: does not count, ${countsInstead} of ${student} is later.`));
  }
  for (const { file, problems } of unjudged) {
    const why = problems.length > 3 ? [...problems.slice(0, 3), "and more"] : problems;
    terminal.complain(visible(`${file}: not judged: ${why.join("; ")}`));
  }
  terminal.print(
    `${counted(summary.students, "student")}, ${summary.meanPoints} of ${report.maxPoints} points on average${unjudged.length > 0 ? `; ${counted(unjudged.length, "file")} not judged` : ""}.`,
  );
  terminal.print(
    accepted
      ? `Written: ${["grades.csv", "report.html", "report.json"].map((name) => `${settings.out}/${name}`).join(", ")}`
      : "The grades were not written. Run the same command with --accept to write them.",
  );
}

/** What students wrote cannot command the terminal. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "�");
}

async function askAtTerminal(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`${question} (y/N) `);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}

if (isStarted(import.meta.url)) {
  const stop = new AbortController();
  let asked: number | null = null;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      // npm hands on what the terminal has sent already: only a second wish a little later is one.
      if (asked !== null && performance.now() - asked > 1_000) process.exit(130);
      asked ??= performance.now();
      stop.abort(new Error("Stopped."));
    });
  }
  process.exitCode = await grade(process.argv.slice(2), ownTerminal(), {
    signal: stop.signal,
    ...(process.stdin.isTTY ? { ask: askAtTerminal } : {}),
  });
}
