// Kernels in sandboxed frames of the page. Each kernel has a frame of its own, hence an opaque origin of its
// own; a kernel that is lost is replaced inside its frame, and a frame that is lost is replaced in the page.
import type { Kernel, KernelHost, KernelOptions } from "../kernel.ts";
import type { KernelRequest } from "../protocol.ts";
import { KernelClient, type KernelLink } from "../client/kernel-client.ts";
import { type PartName, partsOf } from "../parts.ts";
import { parseKernelEvent } from "../protocol-schema.ts";
import { SandboxFrame } from "./frame.ts";
import { type PartFiles, PartStore } from "./part-store.ts";

export interface FrameHostOptions {
  /** Address of `sandbox.html`, relative to the page. */
  sandboxUrl: string;
  document: Document;
  /** Where the parts of the engine lie that the sandbox does not hold. */
  parts: PartFiles;
  /** Most bytes that the engine's tensors may take in each kernel; the engine's own limit when left out. */
  byteLimit?: number;
}

/**
 * A host whose kernels run what strangers wrote. Nothing is loaded before the first `start`.
 *
 * @throws (rejects) when the sandbox cannot be loaded.
 */
export function createFrameHost(options: FrameHostOptions): KernelHost {
  const links = new Set<FrameLink>();
  const parts = new PartStore(options.parts);
  return {
    async start(kernelOptions: KernelOptions = {}): Promise<Kernel> {
      const link = new FrameLink(options, kernelOptions, parts);
      links.add(link);
      try {
        await link.started;
      } catch (error) {
        links.delete(link);
        link.close();
        throw error;
      }
      link.onClosed = () => links.delete(link);
      return link.client;
    },
    async prepare(programs) {
      await Promise.all([...new Set(programs.flatMap(partsOf))].map((name) => parts.get(name)));
    },
    dispose() {
      for (const link of links) link.client.dispose();
      links.clear();
    },
  };
}

/** Milliseconds. */
const limits = {
  /** Between two looks at whether frame and kernel are alive. */
  heartbeat: 1_000,
  /** For an idle kernel to answer. */
  kernelAnswer: 500,
  /** For the frame to answer: its only work is to pass messages on. */
  frameAnswer: 2_000,
  /** For the frame to replace a kernel, before the whole frame is replaced. */
  replace: 250,
};

/** Messages that break the protocol, after which a kernel is not worth keeping. */
const maxProtocolErrors = 20;

class FrameLink implements KernelLink {
  readonly client: KernelClient;
  readonly started: Promise<void>;
  onClosed: () => void = () => {};
  readonly #host: FrameHostOptions;
  readonly #tests: boolean;
  readonly #parts: PartStore;
  /** The parts that the kernel of this generation has been sent. */
  readonly #given = new Set<PartName>();
  #frame: SandboxFrame;
  #generation = 1;
  #protocolErrors = 0;
  #closed = false;
  #ready: { generation: number; resolve: () => void; reject: (error: Error) => void } | null = null;
  #replaced: { generation: number; resolve: () => void } | null = null;
  #pong: (() => void) | null = null;
  #heartbeat: ReturnType<typeof setTimeout> | undefined;

  constructor(host: FrameHostOptions, options: KernelOptions, parts: PartStore) {
    this.#host = host;
    this.#parts = parts;
    this.#tests = options.onHostCall !== undefined;
    this.client = new KernelClient(this, options);
    this.#frame = this.#openFrame();
    this.started = this.#begin();
  }

  post(request: KernelRequest): void {
    this.#frame.post({ to: "kernel", generation: this.#generation, message: request });
  }

  provide(names: readonly PartName[]): Promise<void> | null {
    return names.every((name) => this.#given.has(name)) ? null : this.#give(names);
  }

  async #give(names: readonly PartName[]): Promise<void> {
    const parts = await Promise.all(names.map((name) => this.#parts.get(name)));
    // Another run may have brought one meanwhile, and the kernel may be a new one, which has none.
    for (const part of parts) {
      if (this.#given.has(part.name)) continue;
      this.#given.add(part.name);
      this.post(part);
    }
  }

  async replace(): Promise<void> {
    this.#generation += 1;
    this.#given.clear();
    this.#protocolErrors = 0;
    const ready = this.#whenReady();
    if (!(await this.#replaceInFrame())) {
      // The frame itself hangs, or its kernel cannot be killed: both go.
      this.#frame.remove();
      this.#frame = this.#openFrame();
    }
    await ready;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#heartbeat);
    this.#ready?.reject(new Error("The sandbox was closed."));
    this.#ready = null;
    this.#frame.remove();
    this.onClosed();
  }

  async #begin(): Promise<void> {
    const ready = this.#whenReady();
    await Promise.race([ready, this.#frame.loaded.then(() => ready)]);
    this.#beat();
  }

  #openFrame(): SandboxFrame {
    this.#given.clear();
    const frame: SandboxFrame = new SandboxFrame({
      ...this.#host,
      tests: this.#tests,
      generation: this.#generation,
      listener: {
        onKernelMessage: (generation, message) => {
          if (frame === this.#frame && generation === this.#generation) this.#receive(message);
        },
        onReplaced: (generation) => {
          if (this.#replaced?.generation === generation) this.#replaced.resolve();
        },
        onLost: (generation, reason) => this.#onLost(generation, reason),
      },
    });
    return frame;
  }

  #receive(message: unknown): void {
    const { event, errors } = parseKernelEvent(message);
    this.#protocolErrors += errors;
    if (this.#protocolErrors >= maxProtocolErrors) {
      this.#protocolErrors = 0;
      this.#lose();
      return;
    }
    if (!event) return;
    if (event.type === "ready") {
      this.#ready?.resolve();
      this.#ready = null;
    } else if (event.type === "pong") {
      this.#pong?.();
    } else {
      this.client.receive(event);
    }
  }

  #onLost(generation: number, reason: string): void {
    if (generation !== this.#generation) return;
    if (this.#ready) {
      // It never started: another one would fare no better.
      this.#ready.reject(new Error(`The sandbox could not start: ${reason}`));
      this.#ready = null;
      return;
    }
    this.#lose();
  }

  #lose(): void {
    // A kernel that cannot be replaced is tried again at the next heartbeat.
    this.client.lose().catch(() => {});
  }

  #whenReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ready = { generation: this.#generation, resolve, reject };
    });
  }

  #replaceInFrame(): Promise<boolean> {
    const generation = this.#generation;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), limits.replace);
      this.#replaced = {
        generation,
        resolve: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      this.#frame.post({ to: "boot", type: "replace", generation });
    });
  }

  /** Looks now and then whether frame and kernel answer; a busy kernel need not. */
  #beat(): void {
    if (this.#closed) return;
    this.#heartbeat = setTimeout(() => {
      void this.#check().finally(() => this.#beat());
    }, limits.heartbeat);
  }

  async #check(): Promise<void> {
    // In a hidden page browsers slow timers down so much that they prove nothing.
    if (this.#host.document.hidden || this.#ready) return;
    const generation = this.#generation;
    const alive =
      (await this.#frame.answersWithin(limits.frameAnswer)) &&
      (this.client.working || (await this.#kernelAnswers()) || (await this.#kernelAnswers()));
    // What came meanwhile (a run, a Stop, a new kernel) makes the look worthless.
    if (alive || this.#closed || generation !== this.#generation || this.#ready) return;
    this.#lose();
  }

  #kernelAnswers(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#pong = null;
        resolve(this.client.working);
      }, limits.kernelAnswer);
      this.#pong = () => {
        clearTimeout(timer);
        this.#pong = null;
        resolve(true);
      };
      this.post({ type: "ping", ping: 1 });
    });
  }
}
