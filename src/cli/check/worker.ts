// A process of `check`: proves what it is told to, one job after another, and says what it does meanwhile. Whoever started it
// ends it when it falls silent: an author's endless loop hangs this process and nothing else.
import type { Finding, Job, Step } from "./proofs.ts";
import { prove } from "./proofs.ts";

/** What the process says. */
export type Message =
  | { kind: "step"; step: Step }
  | { kind: "finding"; finding: Finding }
  | { kind: "done" }
  /** This program is at fault, or the lesson changed while it was checked. */
  | { kind: "broken"; reason: string };

function say(message: Message): void {
  process.send?.(message);
}

process.on("message", (job: Job) => {
  prove(job, {
    onStep: (step) => say({ kind: "step", step }),
    onFinding: (finding) => say({ kind: "finding", finding }),
  }).then(
    () => say({ kind: "done" }),
    (error: unknown) =>
      say({
        kind: "broken",
        reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  );
});
process.on("disconnect", () => process.exit());
