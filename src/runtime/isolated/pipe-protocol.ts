// What a host and the kernel in a process agree on beyond the kernel's own messages.
import type { KernelRequest } from "../protocol.ts";
import type { Stdio } from "./stdio.ts";

/** The first line to a process, as plain JSON; the second is the program, as a JSON string. */
export interface Greeting {
  /** What every later line in either direction begins with. */
  nonce: string;
  /** Most bytes of the engine's tensors; the engine's own limit when left out. */
  byteLimit?: number;
}

/** What the boot script hands to the program, as the value of the free name `descentBoot`. */
export interface Boot {
  stdio: Stdio;
  greeting: Greeting;
}

/** `renew` throws all names away and starts a kernel anew in the same process, which answers `ready`. */
export type FromHost = KernelRequest | { type: "renew" };

/** Characters of a nonce. */
export const NONCE_LENGTH = 32;

/** Most characters of a line from a kernel: a million numbers with all their digits fit in. */
export const lineLimit = 32 * 1024 * 1024;
