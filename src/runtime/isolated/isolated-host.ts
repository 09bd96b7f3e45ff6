// Kernels in processes that can do nothing but compute: where an instructor's machine runs what students wrote. Every
// kernel for an answer has a fresh process. Kernels for tests, which are the author's, get processes of their own that
// no answer ever enters; such a process is used again, with a fresh kernel.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { KernelClient, type KernelLink } from "../client/kernel-client.ts";
import type { Kernel, KernelHost, KernelLoss, KernelOptions } from "../kernel.ts";
import type { KernelEvent, KernelRequest } from "../protocol.ts";
import { findDeno, IsolationError } from "./deno.ts";
import { isolatedCommand, type IsolationKind } from "./isolation.ts";
import { programScript } from "./program.ts";
import { type ProcessSetting, SandboxProcess } from "./sandbox-process.ts";

export interface IsolatedHostOptions {
  /** The program for kernels with a `student` to call, such as `test-process.ts` of the grading room; none when left out. */
  tests?: URL;
  /** Refuses to start with less; the best there is when left out. */
  require?: IsolationKind;
  /** Most bytes of memory for each process; 1 GiB by default. */
  memoryBytes?: number;
  /** Most bytes of the engine's tensors in each kernel; the engine's own limit when left out. */
  byteLimit?: number;
}

export interface IsolatedHost extends KernelHost {
  /** What stands between the kernels and this machine. */
  readonly isolation: Isolation;
}

export interface Isolation {
  kind: IsolationKind;
  /** Why it is not bubblewrap, where it is not. */
  lack: string | null;
}

const GIB = 1024 ** 3;
const startLimit = 60_000;
/** Nothing that is judged computes for so long; a process that outlives its host ends then. */
const answerSeconds = 900;

/**
 * Finds out which isolation works on this machine, by trying.
 *
 * @throws (rejects) `IsolationError` where students' code cannot be run safely enough.
 */
export async function createIsolatedHost(options: IsolatedHostOptions = {}): Promise<IsolatedHost> {
  const { memoryBytes = GIB, byteLimit } = options;
  const deno = findDeno();
  const script = await programScript(fileURLToPath(new URL("boot.ts", import.meta.url)));
  const answers = await programLine(new URL("answer-process.ts", import.meta.url));
  const tests = options.tests === undefined ? null : await programLine(options.tests);
  const setting = (kind: IsolationKind, program: Buffer, cpuSeconds?: number): ProcessSetting => ({
    program,
    command: isolatedCommand(
      kind,
      { deno, script },
      { memoryBytes, ...(cpuSeconds === undefined ? {} : { cpuSeconds }) },
    ),
    memoryBytes,
    startLimit,
    ...(byteLimit === undefined ? {} : { byteLimit }),
  });
  const isolation = await findIsolation(options.require, async (kind) => {
    const trial = await SandboxProcess.start(setting(kind, answers));
    trial.kill();
  });
  return new ProcessHost(
    isolation,
    setting(isolation.kind, answers, answerSeconds),
    tests === null ? null : setting(isolation.kind, tests),
  );
}

/** A program as the line in which it is written to a process. */
async function programLine(entry: URL): Promise<Buffer> {
  const program = await readFile(await programScript(fileURLToPath(entry)), "utf8");
  return Buffer.from(`${JSON.stringify(program)}\n`);
}

async function findIsolation(
  required: IsolationKind | undefined,
  attempt: (kind: IsolationKind) => Promise<void>,
): Promise<Isolation> {
  const lack = await reasonAgainst("bubblewrap", attempt);
  if (lack === null) return { kind: "bubblewrap", lack: null };
  if (required === "bubblewrap") {
    throw new IsolationError(
      `bubblewrap does not work here: ${lack} — install it (Debian, Ubuntu: apt-get install bubblewrap), and allow user namespaces.`,
    );
  }
  const trouble = await reasonAgainst("deno", attempt);
  if (trouble === null) return { kind: "deno", lack };
  throw new IsolationError(`Deno, which runs students' code, does not start: ${trouble}`);
}

async function reasonAgainst(
  kind: IsolationKind,
  attempt: (kind: IsolationKind) => Promise<void>,
): Promise<string | null> {
  if (kind === "bubblewrap" && process.platform !== "linux") return "it is for Linux only";
  try {
    await attempt(kind);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

class ProcessHost implements IsolatedHost {
  readonly isolation: Isolation;
  readonly #answers: ProcessSetting;
  readonly #tests: ProcessSetting | null;
  readonly #links = new Set<ProcessLink>();
  #idleTests: SandboxProcess[] = [];
  #disposed = false;

  constructor(isolation: Isolation, answers: ProcessSetting, tests: ProcessSetting | null) {
    this.isolation = isolation;
    this.#answers = answers;
    this.#tests = tests;
  }

  async start(options: KernelOptions = {}): Promise<Kernel> {
    if (this.#disposed) throw new Error("The host of the kernels was disposed of.");
    const link =
      options.onHostCall === undefined
        ? new ProcessLink(options, () => SandboxProcess.start(this.#answers))
        : new ProcessLink(
            options,
            () => this.#testProcess(),
            (idle) => this.#keep(idle),
          );
    this.#links.add(link);
    link.onClosed = () => this.#links.delete(link);
    try {
      await link.begin();
    } catch (error) {
      link.client.dispose();
      throw error;
    }
    return link.client;
  }

  dispose(): void {
    this.#disposed = true;
    for (const link of this.#links) link.client.dispose();
    for (const idle of this.#idleTests.splice(0)) idle.kill();
  }

  async #testProcess(): Promise<SandboxProcess> {
    if (this.#tests === null) throw new Error("This host has no program for kernels that call a student.");
    const idle = this.#idleTests.pop();
    if (idle !== undefined) {
      try {
        await idle.renew();
        return idle;
      } catch {
        idle.kill();
      }
    }
    return SandboxProcess.start(this.#tests);
  }

  #keep(idle: SandboxProcess): void {
    if (this.#disposed) idle.kill();
    else this.#idleTests.push(idle);
  }
}

class ProcessLink implements KernelLink {
  readonly client: KernelClient;
  onClosed: () => void = () => {};
  readonly #start: () => Promise<SandboxProcess>;
  readonly #keep: ((idle: SandboxProcess) => void) | null;
  #process: SandboxProcess | null = null;
  #starting: Promise<void> | null = null;
  #waiting: KernelRequest[] = [];
  /** Runs that have not finished. */
  #underWay = 0;
  #closed = false;

  /** @param keep takes the process back once it has nothing to do any more; without it the process ends. */
  constructor(
    options: KernelOptions,
    start: () => Promise<SandboxProcess>,
    keep: ((idle: SandboxProcess) => void) | null = null,
  ) {
    this.#start = start;
    this.#keep = keep;
    this.client = new KernelClient(this, options);
  }

  /** Starts the process, unless there is one. */
  begin(): Promise<void> {
    if (this.#process !== null) return Promise.resolve();
    this.#starting ??= this.#begin().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #begin(): Promise<void> {
    const started = await this.#start();
    if (this.#closed) return started.kill();
    this.#process = started;
    started.listener = {
      onEvent: (event) => this.#receive(event),
      onLost: (loss) => this.#lose(loss),
    };
    for (const request of this.#waiting.splice(0)) started.post(request);
  }

  post(request: KernelRequest): void {
    if (request.type === "run") this.#underWay += 1;
    if (this.#process !== null) return this.#process.post(request);
    this.#waiting.push(request);
    // After a loss nothing is started before it is needed.
    this.begin().catch((error: unknown) =>
      this.#lose({ kind: "ended", message: error instanceof Error ? error.message : String(error) }),
    );
  }

  replace(): Promise<void> {
    this.#process?.kill();
    this.#process = null;
    this.#waiting = [];
    this.#underWay = 0;
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const last = this.#process;
    this.#process = null;
    if (last !== null && this.#keep !== null && this.#underWay === 0) {
      last.listener = null;
      this.#keep(last);
    } else {
      last?.kill();
    }
    this.onClosed();
  }

  #receive(event: KernelEvent): void {
    if (event.type === "finished") this.#underWay -= 1;
    this.client.receive(event);
  }

  #lose(loss: KernelLoss): void {
    if (!this.#closed) void this.client.lose(loss);
  }
}
