// A host for hostile answers: answers run in threads, tests in this process. What a browser does with frames.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build, type Rolldown } from "vite";
import type { KernelEvent, KernelHost, KernelRequest } from "../../../src/runtime/index.ts";
import { KernelClient, type KernelLink } from "../../../src/runtime/client/kernel-client.ts";
import { testHost } from "../support.ts";

const entry = fileURLToPath(new URL("./kernel-thread.ts", import.meta.url));

/** The thread's program as one script. */
async function bundle(): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      ssr: entry,
      target: "node20",
      minify: false,
      rollupOptions: { output: { format: "cjs" } },
    },
    ssr: { noExternal: true },
  })) as Rolldown.RolldownOutput;
  return built.output[0].code;
}

export async function createThreadHost(): Promise<KernelHost> {
  const script = await bundle();
  const tests = testHost();
  const links = new Set<ThreadLink>();
  return {
    async start(options = {}) {
      if (options.onHostCall !== undefined) return tests.start(options);
      const link = new ThreadLink(script);
      links.add(link);
      link.client = new KernelClient(link, options);
      await link.online;
      return link.client;
    },
    dispose() {
      tests.dispose();
      for (const link of links) link.close();
    },
  };
}

class ThreadLink implements KernelLink {
  client: KernelClient | null = null;
  online: Promise<void> = Promise.resolve();
  readonly #script: string;
  #worker: Worker;

  constructor(script: string) {
    this.#script = script;
    this.#worker = this.#start();
  }

  #start(): Worker {
    const worker = new Worker(this.#script, {
      eval: true,
      resourceLimits: { maxOldGenerationSizeMb: 48 },
      stdout: true,
      stderr: true,
    });
    this.online = new Promise((resolve) => worker.once("online", () => resolve()));
    worker.on("message", (event: KernelEvent) => {
      if (worker === this.#worker) this.client?.receive(event);
    });
    worker.on("error", () => undefined);
    worker.on("exit", () => {
      if (worker === this.#worker) void this.client?.lose();
    });
    return worker;
  }

  post(request: KernelRequest): void {
    this.#worker.postMessage(request);
  }

  async replace(): Promise<void> {
    const old = this.#worker;
    this.#worker = this.#start();
    void old.terminate();
    await this.online;
  }

  close(): void {
    void this.#worker.terminate();
  }
}
