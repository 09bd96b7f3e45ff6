// A folder of mixed submissions, most of them hostile, graded twice: once in one go and once broken off and resumed.
// What must hold is checked by `findings`, for the test and for the long run of the bench alike.
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../../src/cli/grade/report.ts";
import { listen, processesBelow } from "../../runtime/isolated/support.ts";
import { attacks, broken, endless, honest, type Kind, submissionOf } from "./class.ts";
import { Desk, type Ran, startHost, timeless } from "./support.ts";

const SECRET = "what no answer may ever see";

export interface HostileRun {
  students: number;
  /** What went wrong, a line each; empty when all is well. */
  findings: string[];
  report: Report;
}

/**
 * @param options.rounds how often each kind is handed in
 * @param options.costlyRounds how often each of those that take seconds is
 */
export async function runHostileFolder(options: {
  rounds: number;
  costlyRounds: number;
  costly: (kind: Kind) => boolean;
  onLine?: (line: string) => void;
}): Promise<HostileRun> {
  const folder = await mkdtemp(join(tmpdir(), "descent-hostile-"));
  const secretFile = join(folder, "secret.txt");
  const canary = join(folder, "canary.txt");
  await writeFile(secretFile, SECRET);
  const server = await listen();
  try {
    const kinds = [
      ...honest,
      ...attacks({ port: server.port, secretFile, canary }),
      ...endless.filter(options.costly),
    ];
    const expected = new Map<string, Kind>();
    const files: Record<string, string | Buffer> = { ...broken };
    for (const kind of kinds) {
      const rounds = kind.costly === true ? options.costlyRounds : options.rounds;
      for (let round = 0; round < rounds; round += 1) {
        const student = `${kind.name}-${round}`;
        expected.set(student, kind);
        files[`${student}.descent.json`] = submissionOf(student, kind.answer);
      }
    }
    const before = processesBelow().length;
    const whole = await Desk.set(files);
    const ran = await whole.run([], { startHost });
    const report = await whole.report();
    options.onLine?.(`${expected.size} students judged`);
    const resumed = await resume(await Desk.set(files), Math.floor(expected.size / 3));
    const findings = [
      ...codeFindings(ran, "the run"),
      ...expectedFindings(report, expected),
      ...resumed.findings,
      ...(timeless(steady(resumed.report)) === timeless(steady(report))
        ? []
        : ["the resumed run has another report"]),
      ...(server.hits() > 0 ? [`the listener was reached ${server.hits()} times`] : []),
      ...(existsSync(canary) ? ["a file was written outside"] : []),
      ...(JSON.stringify(report).includes(SECRET) ? ["a file was read"] : []),
      ...(processesBelow().length > before ? ["processes are left"] : []),
    ];
    return { students: expected.size, findings, report };
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

/** Breaks a run off after so many verdicts, and lets the next one finish. */
async function resume(desk: Desk, after: number): Promise<{ report: Report; findings: string[] }> {
  const stop = new AbortController();
  let started = 0;
  const broken = await desk.run([], {
    signal: stop.signal,
    startHost: async (options) => {
      const host = await startHost(options);
      return {
        isolation: host.isolation,
        dispose: () => host.dispose(),
        start: (kernelOptions) => {
          started += 1;
          // Two exercises a student, and a kernel each for the answer and for the tests.
          if (started === 4 * after) stop.abort(new Error("Stopped."));
          return host.start(kernelOptions);
        },
      };
    },
  });
  const findings = broken.code === 130 ? [] : [`the broken run ended with ${broken.code}, not 130`];
  const resumed = await desk.run();
  findings.push(...codeFindings(resumed, "the resumed run"));
  if (!/of them in an earlier run/.test(resumed.lines.join("\n")))
    findings.push("nothing was kept from the broken run");
  return { report: await desk.report(), findings };
}

function codeFindings({ code, complaints }: Ran, what: string): string[] {
  // The broken files have no verdict, so that the code is 2.
  return code === 2 ? [] : [`${what} ended with ${code}: ${complaints.join("; ")}`];
}

function expectedFindings(report: Report, expected: ReadonlyMap<string, Kind>): string[] {
  const findings: string[] = [];
  const seen = new Map(report.students.map((student) => [student.student, student]));
  for (const [student, { points, statuses, feedback = [] }] of expected) {
    const [mean, double] = seen.get(student)?.exercises ?? [];
    if (mean === undefined || double === undefined) {
      findings.push(`${student} has no verdict`);
      continue;
    }
    if (mean.points !== points) findings.push(`${student} has ${mean.points} points, not ${points}`);
    if (!statuses.includes(mean.status))
      findings.push(
        `${student} is “${mean.status}”, not “${statuses.join(" or ")}”: ${mean.tests[0]?.message}`,
      );
    if (mean.feedback.join() !== feedback.join())
      findings.push(`${student} has the feedback “${mean.feedback.join()}”`);
    if (double.points !== 4)
      findings.push(`${student} lost points for “double”: ${double.status}, ${double.tests[0]?.message}`);
  }
  if (report.students.length !== expected.size)
    findings.push(`${report.students.length} students in the report`);
  const names = Object.keys(broken).sort().join();
  if (report.unjudged.map(({ file }) => file).join() !== names)
    findings.push(
      `unjudged are ${report.unjudged.map(({ file, problems }) => `${file} (${problems.join()})`).join()}`,
    );
  return findings;
}

/**
 * Which limit a bomb meets first, that of memory or that of time, is chance on a busy machine: of those verdicts the
 * points are compared, not the words.
 */
function steady(report: Report): Report {
  const unsteady = new Set(endless.filter(({ statuses }) => statuses.length > 1).map(({ name }) => name));
  const plain = structuredClone(report);
  for (const student of plain.students) {
    if (!unsteady.has(student.student.replace(/-\d+$/, ""))) continue;
    const [mean] = student.exercises;
    Object.assign(mean!, { status: "", error: null, tests: mean!.tests.map(({ points }) => points) });
  }
  plain.summary.tasks = [];
  return plain;
}
