// The only script of a sandbox frame. It carries messages between the page and the kernels' workers, and ends
// a worker when the page asks. It never looks into a message of a kernel, let alone runs one; and it does
// nothing at all unless it stands in a frame of an opaque origin.
import type { FrameGreeting, FromFrame, ToFrame, WorkerGreeting } from "../../runtime/index.ts";

/** No honest kernel sends so many messages in a second: outputs go in batches, twenty a second. */
const maxMessagesPerSecond = 20_000;

interface Kernel {
  worker: Worker;
  port: MessagePort;
  /** `null` while it is the spare. */
  generation: number | null;
  /** Whether it has said anything: its program then runs. */
  spoke: boolean;
  /** What a spare said before its time: that it is ready. */
  early: unknown[];
  messages: number;
  windowStart: number;
}

function boot(): void {
  if (window === window.top || self.origin !== "null") {
    document.body.textContent = "This page is a part of the lessons and does nothing by itself.";
    return;
  }
  addEventListener("message", function greet(event: MessageEvent<FrameGreeting>) {
    const [port] = event.ports;
    if (event.source !== window.parent || event.data?.type !== "descent-sandbox" || !port) return;
    removeEventListener("message", greet);
    serve(port, event.data);
  });
}

function serve(page: MessagePort, { tests, generation: first }: FrameGreeting): void {
  let current: Kernel | null = null;
  let spare: Kernel | null = null;
  const toPage = (message: FromFrame): void => page.postMessage(message);

  const start = (generation: number | null): Kernel => {
    const { port1, port2 } = new MessageChannel();
    const kernel: Kernel = {
      worker: startWorker(),
      port: port1,
      generation,
      spoke: false,
      early: [],
      messages: 0,
      windowStart: 0,
    };
    port1.onmessage = (event) => receive(kernel, event.data);
    kernel.worker.onerror = (event) => fail(kernel, event.message || "the worker could not be started");
    kernel.worker.postMessage({ tests } satisfies WorkerGreeting, [port2]);
    return kernel;
  };

  const receive = (kernel: Kernel, message: unknown): void => {
    kernel.spoke = true;
    if (kernel.generation === null) {
      if (kernel.early.length < 10) kernel.early.push(message);
      return;
    }
    if (kernel !== current) return;
    const now = performance.now();
    if (now - kernel.windowStart > 1_000) {
      kernel.windowStart = now;
      kernel.messages = 0;
    }
    kernel.messages += 1;
    if (kernel.messages > maxMessagesPerSecond) return fail(kernel, "too many messages");
    toPage({ from: "kernel", generation: kernel.generation, message });
    // The next one is made ready while the reader looks at the first result.
    if (kernel.messages > 1) spare ??= start(null);
  };

  const end = (kernel: Kernel): void => {
    kernel.port.onmessage = null;
    kernel.port.close();
    kernel.worker.onerror = null;
    kernel.worker.terminate();
  };

  const fail = (kernel: Kernel, reason: string): void => {
    end(kernel);
    if (kernel === spare) spare = null;
    if (kernel.generation === null) return;
    if (!kernel.spoke && useBlob) {
      useBlob = false;
      current = start(kernel.generation);
      return;
    }
    toPage({ from: "boot", type: "lost", generation: kernel.generation, reason });
  };

  const replace = (generation: number): void => {
    if (current) end(current);
    if (spare) {
      current = spare;
      spare = null;
      current.generation = generation;
      for (const message of current.early.splice(0)) toPage({ from: "kernel", generation, message });
    } else {
      current = start(generation);
    }
    toPage({ from: "boot", type: "replaced", generation });
  };

  page.onmessage = ({ data }: MessageEvent<ToFrame>) => {
    if (data.to === "kernel") {
      if (current && data.generation === current.generation) current.port.postMessage(data.message);
    } else if (data.type === "replace") {
      replace(data.generation);
    } else {
      toPage({ from: "boot", type: "pong", ping: data.ping });
    }
  };
  current = start(first);
}

/** Whether this browser takes a worker from a blob; if not, it gets the same program as a data: address. */
let useBlob = true;
let blobUrl: string | null = null;

/** A worker from the program that stands in this page as inert text. */
function startWorker(): Worker {
  const source = document.getElementById("kernel")?.textContent ?? "";
  if (useBlob) {
    try {
      blobUrl ??= URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      return new Worker(blobUrl);
    } catch {
      useBlob = false;
    }
  }
  return new Worker(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);
}

boot();
