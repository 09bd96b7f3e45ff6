// A kernel core with a client beside it and no engine, to try cells on.
import type { KernelOptions, RunOptions, RunResult } from "../../../src/runtime/kernel.ts";
import type { Output } from "../../../src/runtime/output.ts";
import type { KernelEvent, KernelRequest, Program } from "../../../src/runtime/protocol.ts";
import { KernelClient, type KernelLink } from "../../../src/runtime/client/kernel-client.ts";
import { compileCell } from "../../../src/runtime/compile/index.ts";
import { KernelCore } from "../../../src/runtime/kernel/kernel.ts";
import type { KernelModules } from "../../../src/runtime/kernel/stage.ts";
import { lessonTools } from "../../../src/runtime/lesson-tools/module.ts";

interface BenchOptions extends KernelOptions {
  modules?: KernelModules;
}

export class KernelBench implements KernelLink {
  readonly client: KernelClient;
  readonly events: KernelEvent[] = [];
  readonly #declared = new Map<string, string>();
  readonly #modules: KernelModules;
  readonly #waiting: { cell: string; resolve: () => void }[] = [];
  readonly #cells: string[] = [];
  core: KernelCore;

  constructor({ modules, ...options }: BenchOptions = {}) {
    this.#modules = { "descent/lesson": lessonTools, ...modules };
    this.core = this.#makeCore();
    this.client = new KernelClient(this, options);
  }

  /** Compiles and runs a cell; names come from the cells run before, unless `inputs` says otherwise. */
  async run(
    cell: string,
    source: string,
    options: RunOptions & { inputs?: Program["inputs"] } = {},
  ): Promise<{ result: RunResult; outputs: Output[] }> {
    const compiled = compileCell(cell, source, {
      modules: ["descent/lesson", ...Object.keys(this.#modules)],
    });
    if (!compiled.ok) throw new Error(compiled.error.message);
    const inputs = compiled.reads.flatMap((name) => {
      const from = this.#declared.get(name);
      return from === undefined || from === cell ? [] : [{ name, cell: from }];
    });
    for (const name of compiled.declares) this.#declared.set(name, cell);
    this.#cells.push(cell);
    const outputs: Output[] = [];
    const result = await this.client.run(
      { ...compiled.program, inputs: options.inputs ?? inputs },
      {
        ...options,
        onOutputs: (more) => {
          outputs.push(...more);
          options.onOutputs?.(more);
        },
      },
    );
    return { result, outputs };
  }

  /** Resolves when the next run of a cell has begun. */
  started(cell: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ cell, resolve }));
  }

  post(request: KernelRequest): void {
    const { core } = this;
    const copy = structuredClone(request);
    setImmediate(() => core.receive(copy));
  }

  replace(): Promise<void> {
    this.core = this.#makeCore();
    return Promise.resolve();
  }

  close(): void {}

  #makeCore(): KernelCore {
    const core: KernelCore = new KernelCore({
      modules: this.#modules,
      send: (event) => {
        if (core !== this.core) return;
        this.events.push(event);
        if (event.type === "started") this.#waiting.shift()?.resolve();
        this.client.receive(structuredClone(event));
      },
      now: () => performance.now(),
      turn: () => new Promise((resolve) => setImmediate(resolve)),
    });
    return core;
  }
}
