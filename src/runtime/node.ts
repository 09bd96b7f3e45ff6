// The public face of the runtime for Node: kernels in isolated processes, and kernels in this process.
//
// Those in this process have no sandbox: they are for an author's own lessons and for tests, never for what a
// student wrote. The same kernel runs the cells; names, outputs and stops behave as they do in a page.
import * as engine from "../engine/index.ts";
import type { Kernel, KernelHost, KernelOptions } from "./kernel.ts";
import type { KernelEvent } from "./protocol.ts";
import { KernelClient, type KernelLink } from "./client/kernel-client.ts";
import { KernelCore } from "./kernel/kernel.ts";
import type { KernelModules } from "./kernel/stage.ts";
import { lessonTools } from "./lesson-tools/module.ts";

export { type Bundle, bundleScript, projectFolder } from "./bundle.ts";
export { IsolationError } from "./isolated/deno.ts";
export {
  createIsolatedHost,
  type Isolation,
  type IsolatedHost,
  type IsolatedHostOptions,
} from "./isolated/isolated-host.ts";
export type { IsolationKind } from "./isolated/isolation.ts";
export { isCellGlobal } from "./kernel/globals.ts";
export type { KernelFace, KernelModule, KernelModules, Stage } from "./kernel/stage.ts";

export interface InProcessKernel extends Kernel {
  /** What a cell has declared, live. */
  names(cell: string): Record<string, unknown>;
}

export interface InProcessHost extends KernelHost {
  start(options?: KernelOptions): Promise<InProcessKernel>;
}

/**
 * @param options.modules modules that cells may import, added to `descent` and `descent/lesson`.
 *
 * A cell in an endless loop stops this whole process: `stop` can end only a cell that waits for something.
 */
export function createInProcessHost(options: { modules?: KernelModules } = {}): InProcessHost {
  const modules: KernelModules = { descent: engine, "descent/lesson": lessonTools, ...options.modules };
  const links = new Set<InProcessLink>();
  return {
    start(kernelOptions = {}) {
      const link = new InProcessLink(modules, () => links.delete(link));
      links.add(link);
      watchRejections();
      const client = new KernelClient(link, kernelOptions);
      link.client = client;
      const kernel: InProcessKernel = {
        run: (program, runOptions) => client.run(program, runOptions),
        call: (cell, target, args, callOptions) => client.call(cell, target, args, callOptions),
        forget: (cells) => client.forget(cells),
        stop: () => client.stop(),
        dispose: () => client.dispose(),
        names: (cell) => link.core.names(cell),
      };
      return Promise.resolve(kernel);
    },
    dispose() {
      for (const link of links) link.client?.dispose();
    },
  };
}

class InProcessLink implements KernelLink {
  client: KernelClient | null = null;
  core: KernelCore;
  readonly #modules: KernelModules;
  readonly #closed: () => void;

  constructor(modules: KernelModules, closed: () => void) {
    this.#modules = modules;
    this.#closed = closed;
    this.core = this.#makeCore();
  }

  post(request: Parameters<KernelLink["post"]>[0]): void {
    const { core } = this;
    const copy = structuredClone(request);
    setImmediate(() => core.receive(copy));
  }

  replace(): Promise<void> {
    cores.delete(this.core);
    this.core = this.#makeCore();
    return Promise.resolve();
  }

  close(): void {
    cores.delete(this.core);
    this.#closed();
  }

  #makeCore(): KernelCore {
    const core: KernelCore = new KernelCore({
      modules: this.#modules,
      send: (event: KernelEvent) => {
        // What an abandoned kernel still says is nobody's.
        if (this.core === core) this.client?.receive(structuredClone(event));
      },
      now: () => performance.now(),
      turn: () => new Promise((resolve) => setImmediate(resolve)),
    });
    cores.add(core);
    return core;
  }
}

const cores = new Set<KernelCore>();
let watching = false;

/** Without a listener Node ends the process at the first rejection that a cell leaves unhandled. */
function watchRejections(): void {
  if (watching) return;
  watching = true;
  process.on("unhandledRejection", (reason) => {
    for (const core of cores) {
      if (core.owns(reason)) return core.reportUnhandled(reason);
    }
    // Not a cell's: fail as Node does by itself.
    throw reason;
  });
}
