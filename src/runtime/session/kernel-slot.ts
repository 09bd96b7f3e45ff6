// The one kernel of a document: started at the first need, counted by generation. What a kernel of an earlier
// generation held is lost.
import type { Kernel, KernelHost, RunOptions, RunResult } from "../kernel.ts";
import type { Program } from "../protocol.ts";
import { Interruptible } from "./interruptible.ts";
import type { KernelStatus } from "./types.ts";

export class KernelSlot {
  readonly #host: KernelHost;
  readonly #onStatus: (status: KernelStatus) => void;
  readonly #onLost: () => void;
  #kernel: Promise<Kernel> | null = null;
  #status: KernelStatus = "off";
  #generation = 0;
  readonly #runs = new Interruptible();

  /** @param on.lost the kernel was lost while nothing ran. */
  constructor(host: KernelHost, on: { status: (status: KernelStatus) => void; lost: () => void }) {
    this.#host = host;
    this.#onStatus = on.status;
    this.#onLost = on.lost;
  }

  get status(): KernelStatus {
    return this.#status;
  }

  /** Names that cells left in a kernel of an earlier generation are gone. */
  get generation(): number {
    return this.#generation;
  }

  /** Starts the kernel unless there is one. Rejects when the host cannot start one; the next call tries again. */
  async ready(): Promise<void> {
    const kernel = this.#kernel;
    if (kernel) {
      await kernel;
      return;
    }
    this.#setStatus("starting");
    const starting: Promise<Kernel> = this.#host.start({
      onLost: () => {
        if (this.#kernel !== starting) return;
        this.#generation += 1;
        this.#onLost();
      },
    });
    this.#kernel = starting;
    try {
      await starting;
    } catch (error) {
      if (this.#kernel === starting) {
        this.#kernel = null;
        this.#setStatus("off");
      }
      throw error;
    }
    if (this.#kernel === starting && this.#status === "starting") this.#setStatus("ready");
  }

  /** Runs a program; the kernel counts as busy until `rest`. Rejects when it is closed meanwhile, and when it breaks. */
  async run(program: Program, options: RunOptions): Promise<RunResult> {
    await this.ready();
    const current = this.#kernel;
    const kernel = await current;
    if (!kernel) throw new Error("The kernel was closed.");
    this.#setStatus("busy");
    try {
      const result = await this.#runs.guard(kernel.run(program, options));
      if (result.kernelLost) this.#generation += 1;
      return result;
    } catch (error) {
      // A kernel that rejects a run is of no more use.
      if (this.#kernel === current) this.close();
      throw error;
    }
  }

  /** Nothing more is to be run for now. */
  rest(): void {
    if (this.#status === "busy") this.#setStatus("ready");
  }

  forget(cells: string[]): void {
    this.#whenStarted((kernel) => {
      kernel.forget(cells);
    });
  }

  async stop(): Promise<void> {
    if (!this.#kernel || this.#status === "off") return;
    const current = this.#kernel;
    this.#setStatus("stopping");
    try {
      const kernel = await current;
      await kernel.stop();
      if (this.#kernel === current) this.#setStatus("ready");
    } catch {
      // Neither stopped nor started: the next run takes a new one.
      if (this.#kernel === current) this.close();
    }
  }

  /** Throws the kernel away, and with it what runs; the next need starts another. */
  close(): void {
    if (!this.#kernel) return;
    this.#whenStarted((kernel) => {
      kernel.dispose();
    });
    this.#kernel = null;
    this.#generation += 1;
    this.#setStatus("off");
    this.#runs.interrupt();
  }

  #whenStarted(act: (kernel: Kernel) => void): void {
    // A kernel that failed to start has nothing to act on; `ready` has told whoever waited for it.
    this.#kernel?.then(act).catch(() => undefined);
  }

  #setStatus(status: KernelStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#onStatus(status);
  }
}
