// What a page and the boot script of a sandbox frame say to one another. The boot script only carries the
// kernel's own messages; it looks into none of them.

/** The page's first message to the frame, with the port as its one transfer. */
export interface FrameGreeting {
  type: "descent-sandbox";
  /** Whether the kernels of this frame run tests. */
  tests: boolean;
  /** Which kernel the first one is; each later one has a higher number. */
  generation: number;
  /** Most bytes that the engine's tensors may take; the engine's own limit when left out. */
  byteLimit?: number;
}

export type ToFrame =
  | { to: "kernel"; generation: number; message: unknown }
  /** Ends the kernel at once and puts the next one in its place. */
  | { to: "boot"; type: "replace"; generation: number }
  | { to: "boot"; type: "ping"; ping: number };

export type FromFrame =
  | { from: "kernel"; generation: number; message: unknown }
  | { from: "boot"; type: "replaced"; generation: number }
  /** The kernel's worker ended, could not start, or sent more than any honest kernel does. */
  | { from: "boot"; type: "lost"; generation: number; reason: string }
  | { from: "boot"; type: "pong"; ping: number };

/** What the boot script hands to a worker, with the kernel's port as its one transfer. */
export type WorkerGreeting = Pick<FrameGreeting, "tests" | "byteLimit">;
