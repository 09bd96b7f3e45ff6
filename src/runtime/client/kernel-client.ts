// The page's side of a kernel: turns runs and calls into messages, and events back into results. It draws
// nothing and knows nothing of frames: a `KernelLink` carries the messages and replaces a kernel that is lost.
import type { CellError } from "../output.ts";
import { type PartName, partsOf } from "../parts.ts";
import type { CallTarget, KernelEvent, KernelRequest, Program } from "../protocol.ts";
import type { CallResult, Kernel, KernelLoss, KernelOptions, RunOptions, RunResult } from "../kernel.ts";

export interface KernelLink {
  post(request: KernelRequest): void;
  /**
   * Fetches parts of the engine and posts those that the kernel lacks; `null` when it has them all. Rejects when one
   * cannot be had. A link to a kernel that holds everything has no such method.
   */
  provide?(parts: readonly PartName[]): Promise<void> | null;
  /** Throws the kernel away, with all its names, and starts another; resolves when that is ready. */
  replace(): Promise<void>;
  close(): void;
}

/** How long a running cell has to stop by itself before its kernel is thrown away, in milliseconds. */
export const STOP_GRACE = 100;

interface PendingRun {
  options: RunOptions;
  /** The kernel has been asked for it. */
  sent: boolean;
  /** The kernel has said that it began. */
  started: boolean;
  settle: (result: RunResult) => void;
}

export class KernelClient implements Kernel {
  lastLoss: KernelLoss | null = null;
  readonly #options: KernelOptions;
  readonly #link: KernelLink;
  readonly #runs = new Map<number, PendingRun>();
  readonly #finished = new Map<number, RunOptions>();
  readonly #calls = new Map<number, (result: CallResult) => void>();
  #replacing: Promise<void> | null = null;
  #nextRun = 1;
  #nextCall = 1;
  #disposed = false;
  #stopListeners: (() => void)[] = [];
  /** Ends when every run that was asked for has been sent, or has come to nothing. */
  #sending: Promise<void> | null = null;

  constructor(link: KernelLink, options: KernelOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** Whether the kernel has work. */
  get busy(): boolean {
    return this.#runs.size > 0 || this.#calls.size > 0;
  }

  /** Whether the kernel is at work, and may be too busy to answer a ping. */
  get working(): boolean {
    return this.#calls.size > 0 || [...this.#runs.values()].some((pending) => pending.started);
  }

  async run(program: Program, options: RunOptions = {}): Promise<RunResult> {
    await this.#replacing;
    if (this.#disposed) return lostRun();
    const run = this.#nextRun;
    this.#nextRun += 1;
    return new Promise((resolve) => {
      this.#runs.set(run, { options, settle: resolve, sent: false, started: false });
      const provided = this.#link.provide?.(partsOf(program)) ?? null;
      if (provided === null && this.#sending === null) this.#send(run, program);
      else this.#sendLater(run, program, provided);
    });
  }

  #send(run: number, program: Program): void {
    const pending = this.#runs.get(run);
    // Stopped, or its kernel was lost, while it waited.
    if (!pending) return;
    pending.sent = true;
    const { inputValues = {}, data = {}, ambientOptions = null, quiet = false } = pending.options;
    this.#link.post({ type: "run", run, program, inputValues, data, ambientOptions, quiet });
  }

  /** Sends a run after its parts and after the runs before it: what was asked for first runs first. */
  #sendLater(run: number, program: Program, provided: Promise<void> | null): void {
    const before = this.#sending;
    // Told below, after the runs before it.
    provided?.catch(() => undefined);
    const sending = (async () => {
      await before;
      try {
        await provided;
      } catch (error) {
        this.#end(run, { status: "error", error: partError(error), durationMs: 0, kernelLost: false });
        return;
      }
      this.#send(run, program);
    })().finally(() => {
      if (this.#sending === sending) this.#sending = null;
    });
    this.#sending = sending;
  }

  #end(run: number, result: RunResult): void {
    const pending = this.#runs.get(run);
    if (!pending) return;
    this.#runs.delete(run);
    this.#remember(run, pending.options);
    pending.settle(result);
    this.#announceIdle();
  }

  async call(
    cell: string,
    target: CallTarget,
    args: unknown[],
    options: { timeoutMs?: number } = {},
  ): Promise<CallResult> {
    await this.#replacing;
    if (this.#disposed) return failedCall("KernelLost", "The kernel was closed.");
    const call = this.#nextCall;
    this.#nextCall += 1;
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      this.#calls.set(call, (result) => {
        clearTimeout(timer);
        resolve(result);
      });
      if (options.timeoutMs !== undefined) {
        timer = setTimeout(() => this.#timeOut(call, target, options.timeoutMs!), options.timeoutMs);
      }
      this.#link.post({ type: "call", call, cell, target, args });
    });
  }

  forget(cells: string[]): void {
    this.#link.post({ type: "forget", cells });
  }

  async stop(): Promise<void> {
    if (this.#replacing) return this.#replacing;
    if (!this.busy || this.#disposed) return;
    for (const [run, { sent }] of this.#runs) {
      if (sent) this.#link.post({ type: "stop", run });
      else this.#end(run, { status: "stopped", error: null, durationMs: 0, kernelLost: false });
    }
    if (await this.#idleWithin(STOP_GRACE)) return;
    await this.lose();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#settleAll();
    this.#link.close();
  }

  /** Takes an event that has been checked. */
  receive(event: KernelEvent): void {
    switch (event.type) {
      case "outputs": {
        const options = this.#runs.get(event.run)?.options ?? this.#finished.get(event.run);
        if (options?.quiet !== true) options?.onOutputs?.(event.outputs);
        return;
      }
      case "finished": {
        const { status, error, durationMs } = event;
        this.#end(event.run, { status, error, durationMs, kernelLost: false });
        return;
      }
      case "result": {
        const settle = this.#calls.get(event.call);
        this.#calls.delete(event.call);
        if (!event.ok) settle?.({ ok: false, error: event.error });
        else
          settle?.({
            ok: true,
            value: event.value,
            ...(event.object === undefined ? {} : { object: event.object }),
          });
        this.#announceIdle();
        return;
      }
      case "host-call":
        void this.#answerHostCall(event);
        return;
      case "started": {
        const pending = this.#runs.get(event.run);
        if (pending) pending.started = true;
        return;
      }
      case "ready":
      case "pong":
    }
  }

  /** The kernel is gone or must go: what runs ends as stopped, and another kernel is started. */
  lose(loss: KernelLoss | null = null): Promise<void> {
    if (this.#disposed) return Promise.resolve();
    this.lastLoss = loss;
    this.#replacing ??= this.#replace().finally(() => {
      this.#replacing = null;
    });
    return this.#replacing;
  }

  async #replace(): Promise<void> {
    const idle = !this.busy;
    this.#finished.clear();
    const replaced = this.#link.replace();
    this.#settleAll();
    if (idle) this.#options.onLost?.();
    await replaced;
  }

  #settleAll(): void {
    const runs = [...this.#runs.values()];
    const calls = [...this.#calls.values()];
    this.#runs.clear();
    this.#calls.clear();
    for (const pending of runs) pending.settle(lostRun());
    for (const settle of calls) settle(failedCall("KernelLost", this.lastLoss?.message ?? lostInCall));
    this.#announceIdle();
  }

  /** Outputs may come after the end of a run, from a timer say; the newest runs still take them. */
  #remember(run: number, options: RunOptions): void {
    this.#finished.set(run, options);
    if (this.#finished.size <= 500) return;
    const oldest = this.#finished.keys().next().value;
    if (oldest !== undefined) this.#finished.delete(oldest);
  }

  #timeOut(call: number, target: CallTarget, timeoutMs: number): void {
    const settle = this.#calls.get(call);
    if (!settle) return;
    this.#calls.delete(call);
    const name = "name" in target ? target.name : target.method;
    const seconds = Number((timeoutMs / 1000).toPrecision(3));
    settle(failedCall("Timeout", `${name} did not answer within ${seconds} s.`));
    // It may be in a loop without end: nothing else could run in this kernel.
    void this.lose();
  }

  async #answerHostCall(event: Extract<KernelEvent, { type: "host-call" }>): Promise<void> {
    const { call } = event;
    let result: CallResult;
    try {
      result = (await this.#options.onHostCall?.(event.target, event.args)) ?? nobodyToCall;
    } catch (error) {
      result = failedCall("HostError", error instanceof Error ? error.message : String(error));
    }
    this.#link.post(
      result.ok
        ? {
            type: "host-result",
            call,
            ok: true,
            value: result.value,
            ...(result.object === undefined ? {} : { object: result.object }),
          }
        : { type: "host-result", call, ok: false, error: result.error },
    );
  }

  #idleWithin(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      if (!this.busy) return resolve(true);
      const timer = setTimeout(() => resolve(!this.busy), milliseconds);
      this.#stopListeners.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  #announceIdle(): void {
    if (this.busy) return;
    const listeners = this.#stopListeners;
    this.#stopListeners = [];
    for (const listener of listeners) listener();
  }
}

const lostInCall = "The kernel was stopped during the call.";

function lostRun(): RunResult {
  return { status: "stopped", error: null, durationMs: 0, kernelLost: true };
}

function failedCall(name: string, message: string): { ok: false; error: CellError } {
  return { ok: false, error: { name, message, place: null, frames: [] } };
}

function partError(error: unknown): CellError {
  const message = error instanceof Error ? error.message : String(error);
  return { name: "ImportError", message, fix: "Run the cell again.", place: null, frames: [] };
}

const nobodyToCall = failedCall("HostError", "There is no student code to call here.");
