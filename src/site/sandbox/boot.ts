// The only script of a sandbox frame. It carries messages between the page and the kernels' workers, and ends
// a worker when the page asks. It never looks into a message of a kernel, let alone runs one; and it does
// nothing at all unless it stands in a frame of an opaque origin.
import type { FrameGreeting, FromFrame, ToFrame, WorkerGreeting } from "../../runtime/index.ts";

/** No honest kernel sends so many messages in a second beyond those it was asked for: outputs go in batches. */
const maxUnaskedPerSecond = 1_000;

/** Milliseconds between a first request and the making of a spare kernel: the first result goes before. */
const spareDelay = 300;

interface Kernel {
  worker: Worker;
  port: MessagePort;
  /** `null` while it is the spare. */
  generation: number | null;
  /** Whether it has said anything: its program then runs. */
  spoke: boolean;
  /** What a spare said before its time: that it is ready. */
  early: unknown[];
  /** Messages it sent, less those the page sent it, in the present second. */
  unasked: number;
  secondStart: number;
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

function serve(page: MessagePort, greeting: FrameGreeting): void {
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
      unasked: 0,
      secondStart: 0,
    };
    port1.onmessage = (event) => receive(kernel, event.data);
    kernel.worker.onerror = (event) => fail(kernel, event.message || "the worker could not be started");
    kernel.worker.postMessage(greeting satisfies WorkerGreeting, [port2]);
    return kernel;
  };

  /** The next kernel is made ready while the reader looks at the first result, not before. */
  let preparing = false;
  const prepareSpare = (): void => {
    if (spare || preparing) return;
    preparing = true;
    setTimeout(() => {
      preparing = false;
      spare ??= start(null);
    }, spareDelay);
  };

  const receive = (kernel: Kernel, message: unknown): void => {
    kernel.spoke = true;
    if (kernel.generation === null) {
      if (kernel.early.length < 10) kernel.early.push(message);
      return;
    }
    if (kernel !== current) return;
    const now = performance.now();
    if (now - kernel.secondStart > 1_000) {
      kernel.secondStart = now;
      kernel.unasked = 0;
    }
    kernel.unasked += 1;
    if (kernel.unasked > maxUnaskedPerSecond) return fail(kernel, "too many messages");
    toPage({ from: "kernel", generation: kernel.generation, message });
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
      if (!current || data.generation !== current.generation) return;
      current.unasked -= 1;
      current.port.postMessage(data.message);
      prepareSpare();
    } else if (data.type === "replace") {
      replace(data.generation);
    } else {
      toPage({ from: "boot", type: "pong", ping: data.ping });
    }
  };
  current = start(greeting.generation);
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
