// The kernel: evaluates programs, keeps the names that each cell declared, and answers calls to them. It knows
// neither worker nor page; `send` takes its events and `receive` its requests.
import type { CellError } from "../output.ts";
import type { CallTarget, KernelEvent, KernelRequest, RunStatus } from "../protocol.ts";
import type { CallResult } from "../kernel.ts";
import { BODY_PREFIX } from "../compile/place.ts";
import { isTensor } from "../inspect/index.ts";
import { cellError } from "./cell-errors.ts";
import { createConsole } from "./console.ts";
import { ModuleShelf } from "./modules.ts";
import type { PartLoader } from "./parts.ts";
import { Run } from "./run.ts";
import { AsyncFunction, EvaluatedPrograms } from "./stack.ts";
import { isStopSignal, type KernelModules } from "./stage.ts";
import { pack, unpack } from "./transfer.ts";

export interface KernelCoreOptions {
  send: (event: KernelEvent) => void;
  modules: KernelModules;
  /** How parts of the engine that come later are taken; without it the kernel has everything. */
  parts?: PartLoader;
  /** Milliseconds, from any start. */
  now: () => number;
  /** Resolves in a later turn of the event loop, after waiting messages. */
  turn: () => Promise<void>;
}

type Getters = Record<string, () => unknown>;
type RunRequest = Extract<KernelRequest, { type: "run" }>;
type CallRequest = Extract<KernelRequest, { type: "call" }>;

const maxObjects = 10_000;
let kernels = 0;

export class KernelCore {
  readonly #options: KernelCoreOptions;
  readonly #modules: ModuleShelf;
  readonly #programs: EvaluatedPrograms;
  readonly #cells = new Map<string, Getters>();
  /** The newest run of each cell: what a function of the cell shows outside any run belongs there. */
  readonly #lastRuns = new Map<string, Run>();
  readonly #objects = new Map<number, object>();
  readonly #hostCalls = new Map<number, (result: CallResult) => void>();
  #current: Run | null = null;
  #latest: Run | null = null;
  #queue: Promise<void> = Promise.resolve();
  #queued: Run[] = [];
  #nextObject = 1;
  #nextHostCall = 1;

  constructor(options: KernelCoreOptions) {
    this.#options = options;
    kernels += 1;
    this.#programs = new EvaluatedPrograms(kernels);
    this.#modules = new ModuleShelf(options.modules, options.parts);
  }

  receive(request: KernelRequest): void {
    switch (request.type) {
      case "run": {
        const run = this.#makeRun(request);
        this.#queued.push(run);
        this.#queue = this.#queue.then(() => this.#execute(request, run));
        return;
      }
      case "part":
        // Between cells: a program in progress sees nothing of it.
        this.#queue = this.#queue.then(() => this.#modules.addPart(request.name, request.text));
        return;
      case "stop":
        for (const run of this.#queued) if (run.id === request.run) run.stopRequested = true;
        return;
      case "forget":
        for (const cell of request.cells) this.#cells.delete(cell);
        return;
      case "call":
        void this.#answer(request);
        return;
      case "host-result": {
        const settle = this.#hostCalls.get(request.call);
        this.#hostCalls.delete(request.call);
        settle?.(request);
        return;
      }
      case "ping":
        this.#options.send({ type: "pong", ping: request.ping });
    }
  }

  /** A console for code that is given none: it writes to the run in progress, or else to the last one. */
  globalConsole(): Record<string, (...values: unknown[]) => void> {
    const run = (): Run | null => this.#runFor(null);
    return createConsole({
      get full() {
        return run()?.full ?? true;
      },
      show: (output) => run()?.show(output),
      drop: () => run()?.drop(),
      now: this.#options.now,
    });
  }

  /** What a cell declares now. */
  names(cell: string): Record<string, unknown> {
    const getters = this.#cells.get(cell) ?? {};
    return Object.fromEntries(Object.entries(getters).map(([name, get]) => [name, get()]));
  }

  /** A rejection that nobody handled, or an error thrown outside any run: shown where it belongs. */
  reportUnhandled(thrown: unknown): void {
    if (isStopSignal(thrown)) return;
    const error = this.#errorOf(thrown);
    const run = this.#runFor(error.place ? (this.#lastRuns.get(error.place.cell) ?? null) : null);
    run?.showError("Unhandled rejection", error);
  }

  /** Whether an error was thrown by a cell of this kernel. */
  owns(thrown: unknown): boolean {
    return cellError(thrown, this.#programs).place !== null;
  }

  /** Sends what runs have shown and not sent yet. */
  flush(): void {
    for (const run of this.#lastRuns.values()) run.flush();
  }

  #makeRun(request: RunRequest): Run {
    const { send, now, turn } = this.#options;
    return new Run({
      id: request.run,
      quiet: request.quiet,
      inputValues: request.inputValues,
      send: (outputs) => send({ type: "outputs", run: request.run, outputs }),
      now,
      turn,
      route: (own) => this.#runFor(own) ?? own,
    });
  }

  /** While a cell runs everything shown is its own, even by functions of other cells; later, their own cell's. */
  #runFor(own: Run | null): Run | null {
    return this.#current ?? own ?? this.#latest;
  }

  async #execute(request: RunRequest, run: Run): Promise<void> {
    const { send, now } = this.#options;
    const { program } = request;
    send({ type: "started", run: run.id });
    const start = now();
    this.#cells.delete(program.cell);
    this.#current = run;
    this.#latest = run;
    this.#lastRuns.set(program.cell, run);
    const ended = await this.#evaluate(request, run);
    this.#current = null;
    this.#queued = this.#queued.filter((other) => other !== run);
    run.flush();
    send({ type: "finished", run: run.id, ...ended, durationMs: now() - start });
  }

  /** Never throws: whatever the cell throws, however it behaves when looked at, is an error of the cell. */
  async #evaluate(request: RunRequest, run: Run): Promise<{ status: RunStatus; error: CellError | null }> {
    const { program } = request;
    try {
      run.checkpoint();
      const values = this.#valuesFor(request, run);
      const address = this.#programs.add(program);
      const source = `${BODY_PREFIX}${program.body}\n//# sourceURL=${address}`;
      const evaluate = new AsyncFunction(...values.keys(), source);
      const result = await Reflect.apply(evaluate, undefined, [...values.values()]);
      const [value, getters] = result as [unknown, Getters];
      this.#cells.set(program.cell, getters);
      if (value !== undefined) run.showValue(value);
      return { status: "ok", error: null };
    } catch (thrown) {
      this.#cells.delete(program.cell);
      if (run.stopRequested && isStopSignal(thrown)) return { status: "stopped", error: null };
      return { status: "error", error: this.#errorOf(thrown) };
    }
  }

  #errorOf(thrown: unknown): CellError {
    return cellError(thrown, this.#programs, this.#modules.exporters);
  }

  /** The names a program is given, with their values. */
  #valuesFor(request: RunRequest, run: Run): Map<string, unknown> {
    const { program, data, ambientOptions } = request;
    const values = new Map<string, unknown>();
    // The compiler lists what a cell declares and is given; only a name that is neither may be added.
    values.set("console", run.console);
    const modules = this.#modules.forRun({
      stage: run,
      hostCall: (target, args) => this.#callHost(target, args),
    });
    for (const item of program.imports) values.set(item.local, modules.imported(item, data));
    if (program.ambient) {
      const names = modules.ambient(program.ambient.module, ambientOptions);
      for (const name of program.ambient.names) values.set(name, names[name]);
    }
    for (const input of program.inputs) values.set(input.name, this.#valueOf(input.cell, input.name));
    for (const name of program.declares) values.delete(name);
    return values;
  }

  #valueOf(cell: string, name: string): unknown {
    const getters = this.#cells.get(cell);
    const get = getters && Object.hasOwn(getters, name) ? getters[name] : undefined;
    if (!get) throw new MissingName(name, cell, getters ? "declares no such name" : "has not run");
    return get();
  }

  #callHost(target: CallTarget, args: unknown[]): Promise<CallResult> {
    const call = this.#nextHostCall;
    this.#nextHostCall += 1;
    return new Promise((resolve) => {
      const packed = pack(args) as unknown[];
      this.#hostCalls.set(call, (result) => resolve(this.#unpacked(result)));
      this.#options.send({ type: "host-call", call, target, args: packed });
    });
  }

  /** Never throws: an answer that cannot be taken is a call that failed. */
  #unpacked(result: CallResult): CallResult {
    if (!result.ok) return result;
    try {
      return { ...resultOf(result), value: unpack(result.value) };
    } catch (thrown) {
      return { ok: false, error: this.#errorOf(thrown) };
    }
  }

  async #answer(request: CallRequest): Promise<void> {
    const { call } = request;
    const { send } = this.#options;
    try {
      const result: unknown = await this.#invoke(request);
      const object = hasMethods(result) ? this.#remember(result) : undefined;
      const value = pack(result);
      this.#lastRuns.get(request.cell)?.flush();
      send({ type: "result", call, ok: true, value, ...(object === undefined ? {} : { object }) });
    } catch (thrown) {
      this.#lastRuns.get(request.cell)?.flush();
      send({ type: "result", call, ok: false, error: this.#errorOf(thrown) });
    }
  }

  #invoke({ cell, target, args: packedArgs }: CallRequest): unknown {
    const args = unpack(packedArgs) as unknown[];
    if ("object" in target) {
      const object = this.#objects.get(target.object);
      if (!object)
        throw new TypeError("This object is no longer there: make it anew before calling its methods.");
      const method: unknown = Reflect.get(object, target.method);
      if (typeof method !== "function")
        throw new TypeError(`${target.method} is not a method of the object.`);
      return Reflect.apply(method as () => unknown, object, args);
    }
    const value = this.#valueOf(cell, target.name);
    if (typeof value !== "function") {
      // Reading a constant is a call without arguments to whoever cannot see the difference from outside.
      if (args.length === 0 && target.construct !== true) return value;
      throw new TypeError(`${target.name} is not a function.`);
    }
    if (target.construct === true) return Reflect.construct(value, args);
    return Reflect.apply(value as () => unknown, undefined, args);
  }

  #remember(object: object): number {
    const id = this.#nextObject;
    this.#nextObject += 1;
    this.#objects.set(id, object);
    if (this.#objects.size > maxObjects) this.#objects.delete(id - maxObjects);
    return id;
  }
}

class MissingName extends Error {
  override name = "MissingName";
  readonly fix: string;
  constructor(name: string, cell: string, why: string) {
    super(`“${name}” comes from cell “${cell}”, which ${why}.`);
    this.fix = `Run cell “${cell}” first.`;
  }
}

/** Objects that a test may want to call: instances of the reader's classes, and objects that hold functions. */
function hasMethods(value: unknown): value is object {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null || isTensor(value)) return false;
  const prototype: unknown = Reflect.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    return Object.values(value).some((item) => typeof item === "function");
  }
  return !isBuiltIn(value);
}

function isBuiltIn(value: object): boolean {
  return (
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    value instanceof Map ||
    value instanceof Set ||
    value instanceof Date ||
    value instanceof RegExp ||
    value instanceof Error ||
    value instanceof Promise
  );
}

/** A host's answer without the fields of its message. */
function resultOf(result: Extract<CallResult, { ok: true }>): Extract<CallResult, { ok: true }> {
  return { ok: true, value: result.value, ...(result.object === undefined ? {} : { object: result.object }) };
}
