// What every kernel looks like to the page, wherever it runs: in a sandboxed frame, or in this process for
// an author's own lessons.
import type { CellError, InputValue, Output } from "./output.ts";
import type { CallTarget, Program, RunStatus } from "./protocol.ts";

export interface RunOptions {
  inputValues?: Record<string, InputValue>;
  data?: Record<string, unknown>;
  ambientOptions?: unknown;
  /** Runs for its names only; nothing is shown. */
  quiet?: boolean;
  onOutputs?: (outputs: Output[]) => void;
}

/** How a kernel was lost, where its host knows. */
export interface KernelLoss {
  kind:
    | "memory"
    /** Its program ended, by an exit or a crash. */
    | "ended"
    /** It was ended for what it did: wrote without end, forged messages, started processes. */
    | "misbehaved";
  /** A sentence. */
  message: string;
}

export interface RunResult {
  status: RunStatus;
  error: CellError | null;
  durationMs: number;
  /** The kernel was lost (stopped by force, crashed): all names are gone and cells must be replayed. */
  kernelLost: boolean;
}

export type CallResult = { ok: true; value: unknown; object?: number } | { ok: false; error: CellError };

export type HostCall = (target: CallTarget, args: unknown[]) => Promise<CallResult>;

export interface Kernel {
  /** How the kernel was lost the last time, where its host knows. */
  readonly lastLoss?: KernelLoss | null;
  run(program: Program, options?: RunOptions): Promise<RunResult>;
  /** Calls what `cell` declared under the target's name; arguments and result are structured clones. */
  call(
    cell: string,
    target: CallTarget,
    args: unknown[],
    options?: { timeoutMs?: number },
  ): Promise<CallResult>;
  /** Drops the names of these cells. */
  forget(cells: string[]): void;
  /** Cooperative first; after a short grace the kernel is thrown away and a new one started. Resolves when it is ready. */
  stop(): Promise<void>;
  dispose(): void;
}

export interface KernelOptions {
  /** Answers the calls that code in this kernel makes to `student`. */
  onHostCall?: HostCall;
  /** The kernel was lost while nothing ran (out of memory, an endless loop left behind): all names are gone. */
  onLost?: () => void;
}

/** A place where kernels are started; each call gives a fresh realm. */
export interface KernelHost {
  start(options?: KernelOptions): Promise<Kernel>;
  /**
   * Fetches what these programs import and a new kernel does not hold, so that their runs need not wait for it. A host
   * whose kernels hold everything has no such method. Rejects when something cannot be had; a run then tries again.
   */
  prepare?(programs: readonly Pick<Program, "imports" | "ambient">[]): Promise<void>;
  dispose(): void;
}
