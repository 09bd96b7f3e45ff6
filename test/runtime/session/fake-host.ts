// A kernel in this process that runs programs as the compiler's contract says, with hooks for tests: gates that hold
// a run until the test opens them, a Stop that keeps or loses the names, and a record of everything it was asked.
import { BODY_PREFIX } from "../../../src/runtime/index.ts";
import type {
  CellError,
  InputValue,
  Kernel,
  KernelHost,
  KernelOptions,
  Output,
  Program,
  RunOptions,
  RunResult,
} from "../../../src/runtime/index.ts";

type Getters = Record<string, () => unknown>;
type Body = (...values: unknown[]) => Promise<[unknown, Getters]>;

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => Body;

export interface Ran {
  cell: string;
  quiet: boolean;
  inputs: Program["inputs"];
  inputValues: Record<string, InputValue>;
}

export class FakeHost implements KernelHost {
  /** Everything that was run, in order. */
  readonly ran: Ran[] = [];
  readonly forgotten: string[] = [];
  readonly kernels: FakeKernel[] = [];
  /** What Stop does to the names. */
  stopLosesNames = true;
  /** Makes the next start fail. */
  failStart: Error | null = null;

  start(options: KernelOptions = {}): Promise<Kernel> {
    if (this.failStart) return Promise.reject(this.failStart);
    const kernel = new FakeKernel(this, options);
    this.kernels.push(kernel);
    return Promise.resolve(kernel);
  }

  dispose(): void {}

  get kernel(): FakeKernel {
    const kernel = this.kernels.at(-1);
    if (!kernel) throw new Error("No kernel was started.");
    return kernel;
  }

  /** The cells that ran since the last call, quiet ones in brackets. */
  takeRan(): string[] {
    return this.ran.splice(0).map(({ cell, quiet }) => (quiet ? `(${cell})` : cell));
  }
}

export class FakeKernel implements Kernel {
  readonly #host: FakeHost;
  readonly #options: KernelOptions;
  #names = new Map<string, Getters>();
  #gates = new Map<
    string,
    { reached: () => void; whenReached: Promise<void>; open: () => void; whenOpen: Promise<void> }
  >();
  #end: ((result: RunResult) => void) | null = null;
  #emit: (outputs: Output[]) => void = () => {};
  isDisposed = false;

  constructor(host: FakeHost, options: KernelOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** The kernel is lost while nothing runs. */
  loseIdle(): void {
    this.#names.clear();
    this.#options.onLost?.();
  }

  async run(program: Program, options: RunOptions = {}): Promise<RunResult> {
    const { cell, inputs } = program;
    this.#host.ran.push({
      cell,
      quiet: options.quiet ?? false,
      inputs,
      inputValues: { ...options.inputValues },
    });
    const interrupted = new Promise<RunResult>((resolve) => {
      this.#end = resolve;
    });
    return Promise.race([interrupted, this.#evaluate(program, options)]);
  }

  async #evaluate(program: Program, options: RunOptions): Promise<RunResult> {
    const emit = (outputs: Output[]) => {
      if (!options.quiet) options.onOutputs?.(outputs);
    };
    this.#emit = emit;
    try {
      const scope = new Map<string, unknown>();
      for (const { local, imported, from } of program.imports)
        scope.set(local, this.#import(imported, from, options));
      for (const { name, cell } of program.inputs) {
        const getter = this.#names.get(cell)?.[name];
        if (!getter) throw new Error(`the kernel does not hold ${name} of ${cell}`);
        scope.set(name, getter());
      }
      const run = new AsyncFunction(...scope.keys(), BODY_PREFIX + program.body);
      const [value, getters] = await run(...scope.values());
      this.#names.set(program.cell, getters);
      if (value !== undefined) emit([shownValue(value)]);
      return { status: "ok", error: null, durationMs: 1, kernelLost: false };
    } catch (error) {
      return { status: "error", error: asCellError(error), durationMs: 1, kernelLost: false };
    }
  }

  #import(imported: string, from: string, options: RunOptions): unknown {
    if (from.startsWith("./")) return options.data?.[from];
    const tools: Record<string, unknown> = {
      show: (text: string, key?: string) => {
        this.#emit([key === undefined ? shownValue(text) : { ...shownValue(text), key }]);
      },
      slider: ({ label, value }: { label: string; value: number }) => {
        const current = options.inputValues?.[label] ?? value;
        this.#emit([
          {
            kind: "input",
            input: {
              type: "slider",
              key: label,
              label,
              min: 0,
              max: 9,
              step: 1,
              scale: "linear",
              value: Number(current),
            },
          },
        ]);
        return current;
      },
      gate: (name: string) => {
        const gate = this.gate(name);
        gate.reached();
        return gate.whenOpen;
      },
    };
    return tools[imported];
  }

  /** A place where a cell waits (`await gate("name")`) until the test opens it. */
  gate(name: string) {
    let gate = this.#gates.get(name);
    if (!gate) {
      let reached = () => {};
      let open = () => {};
      const whenReached = new Promise<void>((resolve) => (reached = resolve));
      const whenOpen = new Promise<void>((resolve) => (open = resolve));
      gate = { reached, whenReached, open, whenOpen };
      this.#gates.set(name, gate);
    }
    return gate;
  }

  /** The kernel dies by itself in the middle of a run. */
  die(): void {
    this.#names.clear();
    this.#end?.({ status: "error", error: null, durationMs: 1, kernelLost: true });
  }

  stop(): Promise<void> {
    const kernelLost = this.#host.stopLosesNames;
    if (kernelLost) this.#names.clear();
    this.#end?.({ status: "stopped", error: null, durationMs: 1, kernelLost });
    return Promise.resolve();
  }

  call(): never {
    throw new Error("not needed");
  }

  forget(cells: string[]): void {
    this.#host.forgotten.push(...cells);
    for (const cell of cells) this.#names.delete(cell);
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

function shownValue(value: unknown): Output {
  return { kind: "value", value: { kind: "primitive", type: "string", text: String(value) } };
}

function asCellError(error: unknown): CellError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message, place: null, frames: [] };
}
