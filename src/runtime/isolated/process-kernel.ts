// The kernel inside a process of its own: hardens the realm and serves the lines that come in over standard input.
// Every line, in and out, begins with a nonce that only the two ends know, so that nothing a cell might
// write to standard output passes for a message of the kernel.
import { manualSeed, setMemoryLimit } from "../../engine/core.ts";
import type { KernelEvent } from "../protocol.ts";
import { captureRealm, harden } from "../kernel/hardening.ts";
import { KernelCore } from "../kernel/kernel.ts";
import type { KernelModules } from "../kernel/stage.ts";
import { CodecError, createCodec } from "./codec.ts";
import { type Boot, type FromHost, lineLimit, NONCE_LENGTH } from "./pipe-protocol.ts";
import type { Stdio } from "./stdio.ts";

declare const descentBoot: Boot;

/** Seed of the engine's default generator in a fresh kernel, as after loading the engine. */
const FIRST_SEED = 0;

/**
 * Serves standard input from now on, and ends the process with it.
 *
 * @param modules what cells may import; a function makes its exports anew for each run.
 */
export async function startProcessKernel(modules: KernelModules): Promise<void> {
  const { stdio, greeting } = descentBoot;
  const { nonce, byteLimit } = greeting;
  if (byteLimit !== undefined) setMemoryLimit(byteLimit);
  await new KernelProcess(stdio, nonce, modules).serve();
  stdio.exit();
}

class KernelProcess {
  readonly #stdio: Stdio;
  readonly #nonce: string;
  readonly #modules: KernelModules;
  readonly #codec;
  readonly #realm = captureRealm();
  readonly #turn = captureTurn();
  #core: KernelCore;

  constructor(stdio: Stdio, nonce: string, modules: KernelModules) {
    this.#stdio = stdio;
    this.#nonce = nonce;
    this.#modules = modules;
    this.#codec = createCodec(stdio.base64);
    this.#core = this.#makeCore();
    const running = (): KernelCore => this.#core;
    Object.defineProperty(globalThis, "console", { value: running().globalConsole(), configurable: true });
    harden();
    this.#realm.onUnhandled((thrown) => running().reportUnhandled(thrown));
    this.#sayReady();
  }

  async serve(): Promise<void> {
    for (;;) {
      const line = await this.#stdio.readLine();
      if (line === null) return;
      this.#receive(this.#codec.decode(line.slice(NONCE_LENGTH)) as FromHost);
    }
  }

  #receive(message: FromHost): void {
    if (message.type !== "renew") return this.#core.receive(message);
    // A kernel as after the start; what the old one still says is nobody's.
    manualSeed(FIRST_SEED);
    this.#core = this.#makeCore();
    this.#sayReady();
  }

  #sayReady(): void {
    this.#send({ type: "ready", bootMs: this.#realm.now() });
  }

  /** Throws where an event cannot be sent; the kernel then says why instead. */
  #send(event: KernelEvent): void {
    const text = this.#encode(event);
    if (text.length > lineLimit) throw new TransferError(tooLarge);
    this.#stdio.write(`${this.#nonce}${text}\n`);
  }

  #encode(event: KernelEvent): string {
    try {
      return this.#codec.encode(event);
    } catch (error) {
      throw new TransferError(error instanceof CodecError ? error.message : tooLarge);
    }
  }

  #makeCore(): KernelCore {
    const core: KernelCore = new KernelCore({
      modules: this.#modules,
      send: (event) => {
        if (core === this.#core) this.#send(event);
      },
      now: this.#realm.now,
      turn: this.#turn,
    });
    return core;
  }
}

/** A turn in which input comes in: Deno reads none between two messages of a channel. */
function captureTurn(): () => Promise<void> {
  const { apply } = Reflect;
  const scope = globalThis;
  const wait = setTimeout;
  return () =>
    new Promise((resolve) => {
      apply(wait, scope, [resolve, 1]);
    });
}

const tooLarge = "the value is too large to hand over";

class TransferError extends Error {
  override name = "TransferError";
}
