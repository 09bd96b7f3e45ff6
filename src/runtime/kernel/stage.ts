// What code that runs inside a kernel may reach of its run: a place to show things, the reader's inputs, and
// the points at which it can be stopped. The lesson tools are written against this.
import type { InputValue, Output } from "../output.ts";
import type { HostCall } from "../kernel.ts";

export interface Stage {
  show(output: Output): void;
  /** What the reader chose for the input with this key, if anything yet. */
  input(key: string): InputValue | undefined;
  /** Whether this is the run's first input with this key. */
  claimInput(key: string): boolean;
  /** Throws when the reader has asked to stop. */
  checkpoint(): void;
  /** Sends what is waiting to be shown, lets messages in, then does as `checkpoint`. */
  turn(): Promise<void>;
}

const stopSignals = new WeakSet<object>();

/** Thrown at a checkpoint after Stop. A cell that catches it is stopped by force a little later. */
export function stopSignal(): Error {
  const signal = new Error("Stopped.");
  signal.name = "Stopped";
  stopSignals.add(signal);
  return signal;
}

/** Whether a thrown thing is a stop signal; looks at nothing of the thing itself, which may be a trap. */
export function isStopSignal(thrown: unknown): boolean {
  return typeof thrown === "object" && thrown !== null && stopSignals.has(thrown);
}

/** What a module that is made for each run is given. */
export interface KernelFace {
  hostCall: HostCall;
  stage: Stage;
}

/**
 * A module that cells may import: its exports, or a function that makes them anew for each run. Exports may
 * hold `ambient(options)`, whose result gives a program its names in scope without an import.
 */
export type KernelModule = Record<string, unknown> | ((kernel: KernelFace) => Record<string, unknown>);

export type KernelModules = Record<string, KernelModule>;
