// One process with a kernel in it, seen from outside. Whatever it writes is a stranger's: lines that do not carry the
// nonce, are too long, too many or no messages end it. Ending is by force, and takes everything it started along.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import type { KernelLoss } from "../kernel.ts";
import type { KernelEvent } from "../protocol.ts";
import { parseKernelEvent, protocolLimits } from "../protocol-schema.ts";
import { createCodec } from "./codec.ts";
import type { CommandLine } from "./isolation.ts";
import { type FromHost, type Greeting, lineLimit, NONCE_LENGTH } from "./pipe-protocol.ts";
import { watch } from "./watchdog.ts";

export interface ProcessSetting {
  /** Runs the boot script. */
  command: CommandLine;
  /** The line with the kernel's program, a JSON string. */
  program: Buffer;
  memoryBytes: number;
  byteLimit?: number;
  /** How long it may take to start, in milliseconds. */
  startLimit: number;
}

export interface ProcessListener {
  onEvent: (event: KernelEvent) => void;
  /** It is gone, though nobody ended it. */
  onLost: (loss: KernelLoss) => void;
}

/** What a process may write before it is asked something again. */
const unasked = { bytes: 2 * lineLimit, lines: 20_000 };
/** Messages that break the protocol, after which a kernel is not worth keeping. */
const mostErrors = 20;
const errorOutputLimit = 4_000;

const codec = createCodec({
  encode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  decode: (text) => {
    const bytes = Buffer.from(text, "base64");
    if (bytes.length !== Math.floor((text.replace(/=+$/, "").length * 3) / 4)) throw new Error("no base64");
    return bytes;
  },
});

const running = new Set<SandboxProcess>();
process.on("exit", () => {
  for (const one of running) one.kill();
});

export class SandboxProcess {
  listener: ProcessListener | null = null;
  readonly #setting: ProcessSetting;
  readonly #nonce = randomBytes(NONCE_LENGTH / 2).toString("hex");
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #unwatch: () => void;
  #parts: Buffer[] = [];
  #partsLength = 0;
  #bytesLeft = unasked.bytes;
  #linesLeft = unasked.lines;
  #errors = 0;
  #errorOutput = "";
  #ended = false;
  #ready: { resolve: () => void; reject: (error: Error) => void } | null = null;

  private constructor(setting: ProcessSetting) {
    this.#setting = setting;
    const { file, args, env } = setting.command;
    // A group of its own: it can be ended as a whole, and Ctrl-C in the terminal does not reach it.
    this.#child = spawn(file, args, { env, stdio: ["pipe", "pipe", "pipe"], detached: true, cwd: "/" });
    running.add(this);
    const { pid, stdin, stdout, stderr } = this.#child;
    this.#unwatch =
      pid === undefined
        ? () => {}
        : watch({ pid, memoryBytes: setting.memoryBytes, onExceeded: (what) => this.#exceed(what) });
    // Writing to a process that has gone is no error of ours; its end is told by itself.
    stdin.on("error", () => {});
    stdout.on("data", (bytes: Buffer) => this.#read(bytes));
    stderr.on("data", (bytes: Buffer) => {
      if (this.#errorOutput.length < errorOutputLimit) this.#errorOutput += bytes.toString("latin1");
    });
    this.#child.on("error", (error) => this.#fail({ kind: "ended", message: error.message }));
    this.#child.on("close", (code, signal) => this.#close(code, signal));
  }

  /** Resolves when the kernel in it is ready; rejects where it cannot be started. */
  static async start(setting: ProcessSetting): Promise<SandboxProcess> {
    const started = new SandboxProcess(setting);
    try {
      const ready = started.#untilReady();
      const { byteLimit, program } = setting;
      const greeting: Greeting = { nonce: started.#nonce, ...(byteLimit === undefined ? {} : { byteLimit }) };
      started.#child.stdin.write(`${JSON.stringify(greeting)}\n`);
      started.#child.stdin.write(program);
      await ready;
      return started;
    } catch (error) {
      started.kill();
      throw error;
    }
  }

  /** The system's number of the process, which leads a group of its own. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  post(message: FromHost): void {
    this.#bytesLeft = unasked.bytes;
    this.#linesLeft = unasked.lines;
    if (!this.#ended) this.#child.stdin.write(`${this.#nonce}${codec.encode(message)}\n`);
  }

  /** Throws all names away; resolves when a fresh kernel is ready in the same process. */
  async renew(): Promise<void> {
    const ready = this.#untilReady();
    this.#errors = 0;
    this.post({ type: "renew" });
    await ready;
  }

  /** Ends it and everything it has started, at once. Nothing is heard of it afterwards. */
  kill(): void {
    if (this.#ended) return;
    this.#ended = true;
    running.delete(this);
    this.#unwatch();
    this.#ready?.reject(new Error("The process was ended."));
    this.#ready = null;
    const { pid, stdin, stdout, stderr } = this.#child;
    if (pid !== undefined) killGroup(pid);
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
  }

  #untilReady(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const { startLimit } = this.#setting;
      const timer = setTimeout(
        () => reject(new Error(`The process was not ready within ${startLimit / 1000} s.`)),
        startLimit,
      );
      this.#ready = {
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      if (this.#ended) this.#ready.reject(new Error("The process has ended."));
    });
  }

  #read(bytes: Buffer): void {
    this.#bytesLeft -= bytes.length;
    if (this.#bytesLeft < 0) return this.#misbehave("it wrote without end");
    let start = 0;
    while (!this.#ended) {
      const end = bytes.indexOf(10, start);
      const part = bytes.subarray(start, end < 0 ? bytes.length : end);
      this.#parts.push(part);
      this.#partsLength += part.length;
      if (this.#partsLength > lineLimit + NONCE_LENGTH) return this.#misbehave("it wrote a line too long");
      if (end < 0) return;
      const line = this.#parts.length === 1 ? part : Buffer.concat(this.#parts);
      this.#parts = [];
      this.#partsLength = 0;
      this.#take(line);
      start = end + 1;
    }
  }

  #take(line: Buffer): void {
    this.#linesLeft -= 1;
    if (this.#linesLeft < 0) return this.#misbehave("it wrote without end");
    const text = line.toString("utf8");
    if (text.slice(0, NONCE_LENGTH) !== this.#nonce) return this.#misbehave("it wrote lines of its own");
    if (hasTooManyParts(line)) return this.#misbehave("it wrote a message of too many parts");
    let message: unknown;
    try {
      message = codec.decode(text.slice(NONCE_LENGTH));
    } catch {
      return this.#misbehave("it wrote a message that cannot be read");
    }
    const { event, errors } = parseKernelEvent(message);
    this.#errors += errors;
    if (this.#errors > mostErrors) return this.#misbehave("its messages break the protocol");
    if (event === null) return;
    if (event.type === "ready") {
      this.#ready?.resolve();
      this.#ready = null;
    } else if (this.#ready === null) {
      this.listener?.onEvent(event);
    }
  }

  #misbehave(why: string): void {
    this.#fail({ kind: "misbehaved", message: `The program was stopped: ${why}.` });
  }

  #exceed(what: "memory" | "processes"): void {
    if (what === "memory") this.#fail(outOfMemory(this.#setting.memoryBytes));
    else this.#misbehave("it started other processes");
  }

  #close(code: number | null, signal: NodeJS.Signals | null): void {
    const { memoryBytes } = this.#setting;
    if (/out of memory/i.test(this.#errorOutput)) return this.#fail(outOfMemory(memoryBytes));
    const how = signal === null ? `exit code ${code}` : signal;
    this.#fail({ kind: "ended", message: `The program ended itself (${how}).` });
  }

  #fail(loss: KernelLoss): void {
    if (this.#ended) return;
    const ready = this.#ready;
    this.#ready = null;
    this.kill();
    const said = this.#errorOutput.trim().split("\n").slice(0, 3).join(" · ");
    ready?.reject(new Error(said === "" ? loss.message : `${loss.message} ${said}`));
    if (ready === null) this.listener?.onLost(loss);
  }
}

function outOfMemory(bytes: number): KernelLoss {
  return {
    kind: "memory",
    message: `The program ran out of memory: it may have ${Math.round(bytes / 1024 / 1024)} MB.`,
  };
}

/** Looks at a long line before it is parsed: a small part costs three bytes there, and twenty times that as a value. */
function hasTooManyParts(line: Buffer): boolean {
  if (line.length <= protocolLimits.parts) return false;
  let parts = 0;
  for (const byte of line) {
    // The marks that begin a part: `,`, `[` and `{`.
    if (byte === 0x2c || byte === 0x5b || byte === 0x7b) parts += 1;
  }
  return parts > 2 * protocolLimits.parts;
}

function killGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has gone already.
  }
}
