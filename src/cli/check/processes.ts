// Processes that prove lessons, a few at a time. One that falls silent for longer than the step it announced may take is ended,
// and so is one that nobody waits for any more; the next job gets a fresh one.
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Finding, Job, Step } from "./proofs.ts";
import type { Message } from "./worker.ts";

/** How a job ended. Only `done` means that everything was looked at. */
export type Ending =
  | { kind: "done" }
  | { kind: "hung"; step: Step | null }
  | { kind: "died"; step: Step | null }
  | { kind: "left" }
  | { kind: "broken"; reason: string };

export interface Following {
  onStep?: (step: Step) => void;
  onFinding: (finding: Finding) => void;
  /** Ends the job as `left`. */
  signal?: AbortSignal;
}

interface Waiting {
  job: Job;
  following: Following;
  end: (ending: Ending) => void;
}

const program = fileURLToPath(new URL("worker.ts", import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A process that can end a step by itself has so many seconds more for it. */
const grace = 5;

/** Megabytes of a process, for everything but the engine's tensors: about what a browser gives a page. */
const memory = 2048;

/** Time to read this program and the lesson, in seconds, on a machine that does much else. */
const startLimit = 120;

export class Processes {
  readonly #size: number;
  readonly #idle: ChildProcess[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Set<ChildProcess>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Proves a job as soon as a process is free. */
  run(job: Job, following: Following): Promise<Ending> {
    return new Promise((end) => {
      this.#waiting.push({ job, following, end });
      this.#next();
    });
  }

  /** Ends all processes; jobs that still run end as `left`. */
  close(): void {
    for (const { end } of this.#waiting.splice(0)) end({ kind: "left" });
    for (const child of [...this.#idle.splice(0), ...this.#busy]) child.kill("SIGKILL");
  }

  #next(): void {
    if (this.#busy.size >= this.#size) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    const child = this.#idle.pop() ?? this.#start();
    this.#busy.add(child);
    void this.#follow(child, waiting).then((ending) => {
      this.#busy.delete(child);
      if (ending.kind === "done" || ending.kind === "broken") this.#idle.push(child);
      else child.kill("SIGKILL");
      waiting.end(ending);
      this.#next();
    });
  }

  #start(): ChildProcess {
    const child = fork(program, {
      execArgv: ["--import", loader, `--max-old-space-size=${memory}`],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    // A process that is being ended may still fail to hear of its last job.
    child.on("error", () => undefined);
    child.once("exit", () => {
      const at = this.#idle.indexOf(child);
      if (at !== -1) this.#idle.splice(at, 1);
    });
    return child;
  }

  async #follow(child: ChildProcess, { job, following }: Waiting): Promise<Ending> {
    const { signal, onStep, onFinding } = following;
    if (signal?.aborted === true) return { kind: "left" };
    let step: Step | null = null;
    let clock: NodeJS.Timeout | undefined;
    const leave: (() => void)[] = [];
    const ending = new Promise<Ending>((resolve) => {
      const wait = (seconds: number) => {
        clearTimeout(clock);
        clock = setTimeout(() => resolve({ kind: "hung", step }), seconds * 1000);
      };
      const hear = (message: Message) => {
        switch (message.kind) {
          case "step":
            step = message.step;
            wait(step.seconds + grace);
            return onStep?.(step);
          case "finding":
            return onFinding(message.finding);
          case "done":
            return resolve({ kind: "done" });
          case "broken":
            return resolve(message);
        }
      };
      const die = () => resolve({ kind: "died", step });
      const abort = () => resolve({ kind: "left" });
      child.on("message", hear);
      child.once("exit", die);
      child.once("error", die);
      signal?.addEventListener("abort", abort);
      leave.push(() => {
        child.off("message", hear).off("exit", die).off("error", die);
        signal?.removeEventListener("abort", abort);
      });
      wait(startLimit);
      child.send(job, (error) => (error === null ? undefined : die()));
    });
    const ended = await ending;
    clearTimeout(clock);
    for (const undo of leave) undo();
    return ended;
  }
}
