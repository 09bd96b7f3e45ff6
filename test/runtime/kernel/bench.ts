// A kernel core with a client beside it and no engine, to try cells on.
import type { KernelOptions, RunOptions, RunResult } from "../../../src/runtime/kernel.ts";
import type { Output } from "../../../src/runtime/output.ts";
import type { KernelEvent, KernelRequest, Program } from "../../../src/runtime/protocol.ts";
import { KernelClient, type KernelLink } from "../../../src/runtime/client/kernel-client.ts";
import { compileCell } from "../../../src/runtime/compile/index.ts";
import { KernelCore } from "../../../src/runtime/kernel/kernel.ts";
import type { PartLoader } from "../../../src/runtime/kernel/parts.ts";
import type { KernelModules } from "../../../src/runtime/kernel/stage.ts";
import { isPartName, type PartName } from "../../../src/runtime/parts.ts";
import { lessonTools } from "../../../src/runtime/lesson-tools/module.ts";

interface BenchOptions extends KernelOptions {
  modules?: KernelModules;
  parts?: PartLoader;
  /** How parts that a program needs get here: a text for each, or a failure. */
  fetchPart?: (name: PartName) => Promise<string>;
}

export class KernelBench implements KernelLink {
  readonly client: KernelClient;
  readonly events: KernelEvent[] = [];
  readonly #declared = new Map<string, string>();
  readonly #modules: KernelModules;
  readonly #waiting: { cell: string; resolve: () => void }[] = [];
  readonly #cells: string[] = [];
  readonly #parts: PartLoader | undefined;
  readonly #fetchPart: ((name: PartName) => Promise<string>) | undefined;
  readonly #given = new Set<PartName>();
  core: KernelCore;

  constructor({ modules, parts, fetchPart, ...options }: BenchOptions = {}) {
    this.#parts = parts;
    this.#fetchPart = fetchPart;
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

  provide(names: readonly PartName[]): Promise<void> | null {
    const fetchPart = this.#fetchPart;
    const missing = names.filter((name) => !this.#given.has(name));
    if (fetchPart === undefined || missing.length === 0) return null;
    return (async () => {
      const texts = await Promise.all(missing.map(fetchPart));
      for (const [at, name] of missing.entries()) this.givePart(name, texts[at]!);
    })();
  }

  /** Sends a part, whatever it is. */
  givePart(name: string, text: string): void {
    if (isPartName(name)) this.#given.add(name);
    this.post({ type: "part", name: name as PartName, text });
  }

  replace(): Promise<void> {
    this.#given.clear();
    this.core = this.#makeCore();
    return Promise.resolve();
  }

  close(): void {}

  #makeCore(): KernelCore {
    const core: KernelCore = new KernelCore({
      modules: this.#modules,
      ...(this.#parts === undefined ? {} : { parts: this.#parts }),
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
