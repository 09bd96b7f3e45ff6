// One sandbox frame in the page: the element, its port, and whether it is alive. The frame's own script is
// trusted no further than to carry messages: what arrives here is looked at with care.
import type { FrameGreeting, FromFrame, ToFrame } from "./frame-protocol.ts";

export interface FrameListener {
  /** A message of the kernel with this number, unchecked. */
  onKernelMessage: (generation: number, message: unknown) => void;
  onReplaced: (generation: number) => void;
  onLost: (generation: number, reason: string) => void;
}

export interface FrameOptions {
  document: Document;
  sandboxUrl: string;
  tests: boolean;
  generation: number;
  byteLimit?: number;
  listener: FrameListener;
}

/** How long a frame may take to load, in milliseconds: a slow line has to fetch it. */
const loadLimit = 60_000;

export class SandboxFrame {
  readonly #element: HTMLIFrameElement;
  readonly #port: MessagePort;
  readonly #listener: FrameListener;
  readonly #pings = new Map<number, () => void>();
  #nextPing = 1;
  /** Settles when the frame has its port, or could not be loaded. */
  readonly loaded: Promise<void>;

  constructor({ document, sandboxUrl, tests, generation, byteLimit, listener }: FrameOptions) {
    this.#listener = listener;
    this.#element = createFrameElement(document, sandboxUrl);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.addEventListener("message", (event) => this.#receive(event.data));
    port1.start();
    const greeting: FrameGreeting = {
      type: "descent-sandbox",
      tests,
      generation,
      ...(byteLimit === undefined ? {} : { byteLimit }),
    };
    this.loaded = new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`The sandbox did not load from ${sandboxUrl}.`)),
        loadLimit,
      );
      this.#element.addEventListener(
        "load",
        () => {
          clearTimeout(timer);
          // The frame's origin is opaque, so no narrower target can be named; nothing in the greeting is secret.
          this.#element.contentWindow?.postMessage(greeting, "*", [port2]);
          resolve();
        },
        { once: true },
      );
    });
    document.body.append(this.#element);
  }

  post(message: ToFrame): void {
    this.#port.postMessage(message);
  }

  /** Whether the boot script answers within so many milliseconds. */
  answersWithin(milliseconds: number): Promise<boolean> {
    const ping = this.#nextPing;
    this.#nextPing += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#pings.delete(ping);
        resolve(false);
      }, milliseconds);
      this.#pings.set(ping, () => {
        clearTimeout(timer);
        resolve(true);
      });
      this.post({ to: "boot", type: "ping", ping });
    });
  }

  remove(): void {
    this.#port.close();
    this.#element.remove();
  }

  #receive(data: unknown): void {
    if (typeof data !== "object" || data === null || !("from" in data)) return;
    const message = data as FromFrame;
    if (message.from === "kernel") {
      if (typeof message.generation === "number")
        this.#listener.onKernelMessage(message.generation, message.message);
      return;
    }
    switch (message.type) {
      case "replaced":
        return this.#listener.onReplaced(message.generation);
      case "lost":
        return this.#listener.onLost(message.generation, message.reason);
      case "pong": {
        const settle = this.#pings.get(message.ping);
        this.#pings.delete(message.ping);
        settle?.();
      }
    }
  }
}

/** In the page but out of sight: a frame with `display: none` would be slowed down by some browsers. */
function createFrameElement(document: Document, sandboxUrl: string): HTMLIFrameElement {
  const element = document.createElement("iframe");
  element.setAttribute("sandbox", "allow-scripts");
  element.setAttribute("aria-hidden", "true");
  element.setAttribute("title", "Sandbox");
  element.tabIndex = -1;
  Object.assign(element.style, {
    position: "fixed",
    insetBlockStart: "0",
    insetInlineStart: "0",
    inlineSize: "1px",
    blockSize: "1px",
    border: "0",
    opacity: "0",
    pointerEvents: "none",
  });
  element.src = sandboxUrl;
  return element;
}
