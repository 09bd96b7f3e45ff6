// What the command says on the terminal: how far it has come, what it found, and what it wrote.
import { counted, type Terminal } from "../terminal.ts";
import { progressLine, type Tally } from "./progress.ts";
import type { Change } from "./regrade.ts";
import type { Report } from "./report.ts";
import type { Settings } from "./settings.ts";

/** Where nobody watches a line that is written over, every tenth of the way gets a line of its own. */
export function progressTeller(terminal: Terminal, total: number): (tally: Tally, elapsedMs: number) => void {
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

/** The end of a run. */
export function tell(
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
