// What tests of isolated kernels share: which isolation is to be had here, and programs that are no kernels.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { findDeno } from "../../../src/runtime/isolated/deno.ts";
import {
  type CommandLine,
  isolatedCommand,
  type IsolationKind,
} from "../../../src/runtime/isolated/isolation.ts";
import { programScript } from "../../../src/runtime/isolated/program.ts";
import { SandboxProcess } from "../../../src/runtime/isolated/sandbox-process.ts";
import type { KernelEvent, KernelLoss } from "../../../src/runtime/index.ts";
import { createIsolatedHost } from "../../../src/runtime/node.ts";

/** A host with the tests' program; where CI is set nothing less than bubblewrap will do. */
export const startHost = (options: { memoryBytes?: number } = {}) =>
  createIsolatedHost({
    tests: new URL("../../../src/grading/test-process.ts", import.meta.url),
    ...(process.env["CI"] === undefined ? {} : { require: "bubblewrap" }),
    ...options,
  });

const trial = await startHost();
trial.dispose();

/** Every isolation that works on this machine. */
export const isolations: IsolationKind[] =
  trial.isolation.kind === "bubblewrap" ? ["bubblewrap", "deno"] : ["deno"];

/** For tests of what bubblewrap keeps out by itself. */
export const hasBubblewrap = trial.isolation.kind === "bubblewrap";
if (!hasBubblewrap) {
  console.warn(`Tests of bubblewrap are left out (${trial.isolation.lack}): apt-get install bubblewrap`);
}

const MEBIBYTE = 1024 * 1024;
const script = await programScript(
  fileURLToPath(new URL("../../../src/runtime/isolated/boot.ts", import.meta.url)),
);

/** Sends a message as a kernel does; `say` and `raw` are what programs below are written with. */
const preamble = `
const { stdio, greeting } = descentBoot;
const raw = (text) => stdio.write(text);
const say = (event) => raw(greeting.nonce + JSON.stringify(event) + "\\n");
const tell = (text) => say({ type: "finished", run: 1, status: "error", durationMs: 0, error: { name: "Told", message: String(text), place: null, frames: [] } });
say({ type: "ready", bootMs: 1 });
`;

export interface Heard {
  process: SandboxProcess;
  /** Resolves when the process is lost. */
  lost: Promise<KernelLoss>;
  /** Resolves with what the program tells. */
  told: Promise<string>;
}

/** Runs a program with all that Deno has, as if it had escaped from the kernel. */
export async function runProgram(
  kind: IsolationKind,
  body: string,
  options: { memoryMegabytes?: number; change?: (command: CommandLine) => CommandLine } = {},
): Promise<Heard> {
  const { memoryMegabytes = 512, change = (command) => command } = options;
  const memoryBytes = memoryMegabytes * MEBIBYTE;
  const command = isolatedCommand(kind, { deno: findDeno(), script }, { memoryBytes });
  const program = Buffer.from(
    `${JSON.stringify(`${preamble}\n(async () => { await stdio.readLine(); ${body} })();`)}\n`,
  );
  const started = await SandboxProcess.start({
    command: change(command),
    program,
    memoryBytes,
    startLimit: 60_000,
  });
  let resolveLost: (loss: KernelLoss) => void;
  let resolveTold: (text: string) => void;
  const heard: Heard = {
    process: started,
    lost: new Promise((resolve) => (resolveLost = resolve)),
    told: new Promise((resolve) => (resolveTold = resolve)),
  };
  started.listener = {
    onEvent: (event: KernelEvent) => {
      if (event.type === "finished") resolveTold(event.error?.message ?? "");
    },
    onLost: (loss) => resolveLost(loss),
  };
  // The program begins at the first message, when somebody listens.
  started.post({ type: "ping", ping: 1 });
  return heard;
}

/** A server that counts who comes to it. */
export async function listen(): Promise<{ port: number; hits: () => number; close: () => void }> {
  let count = 0;
  const server: Server = createServer((_request, response) => response.end("here"));
  server.on("connection", () => (count += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, hits: () => count, close: () => server.close() };
}

/** Processes below this one that run Deno or bubblewrap. */
export function processesBelow(root: number = process.pid): number[] {
  const found: number[] = [];
  const waiting = [root];
  while (waiting.length > 0) {
    const pid = waiting.pop()!;
    try {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
      waiting.push(...children.filter(Boolean).map(Number));
      if (/^(deno|bwrap)/.test(readFileSync(`/proc/${pid}/comm`, "utf8"))) found.push(pid);
    } catch {
      // It has gone meanwhile.
    }
  }
  return found;
}
