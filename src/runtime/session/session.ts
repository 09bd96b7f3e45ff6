// A document of cells and the kernel that runs them: what is stale, what has to run first, one run at a time.
//
// Staleness is by content. A cell is stale when its code, its inputs or what it needs from above differ from those of
// the run it shows; putting them back un-marks it. Running a cell again unchanged therefore leaves the cells below as
// they are, although it makes new objects; they see those when they run next.
import { compileCell, type CompiledCell, type CompileOptions, withMembers } from "../compile/index.ts";
import { isDataFile } from "../compile/modules.ts";
import { cellPlace } from "../compile/problem.ts";
import type { KernelHost, RunResult } from "../kernel.ts";
import type { CellError, InputValue } from "../output.ts";
import type { Program } from "../protocol.ts";
import { Attempt } from "./attempt.ts";
import { CellRecord } from "./cell-record.ts";
import { declarersFor, documentSignatures, linkCells, type Links } from "./document.ts";
import { blockedError, dataError, declaredBelowError, kernelError, lostKernelError } from "./errors.ts";
import { Interrupted, Interruptible } from "./interruptible.ts";
import { KernelSlot } from "./kernel-slot.ts";
import { closure, type PlanCell, type PlanStep, stepsBefore } from "./plan.ts";
import type { CellDefinition, CellState, KernelStatus, SessionChange, SessionOptions } from "./types.ts";

/** Cells asked for together: one that failed is not tried again for each that needs it. */
type Attempts = Map<string, "ok" | "failed">;

type Job =
  | { kind: "cell"; record: CellRecord; attempts: Attempts; done: Promise<CellState>; settle: () => void }
  /** Inputs were moved: run the cells that hold them, then the live cells below. */
  | { kind: "inputs"; holders: Set<string> };

export class Session {
  readonly #host: KernelHost;
  readonly #kernel: KernelSlot;
  readonly #loadData: ((specifier: string) => Promise<unknown>) | null;
  readonly #compileOptions: CompileOptions;
  readonly #listeners = new Set<(change: SessionChange) => void>();

  #records: CellRecord[] = [];
  #links = new Map<string, Links>();
  /** What each cell's signature is now. */
  #signatures = new Map<string, string>();
  #states: readonly CellState[] = [];

  readonly #queue: Job[] = [];
  #draining: Promise<void> | null = null;
  /** Grows with each stop; a run that began under an earlier number is over. */
  #epoch = 0;
  #executions = 0;
  #disposed = false;
  readonly #data = new Map<string, Promise<unknown>>();
  /** Waiting for the kernel to start and for data. */
  readonly #waits = new Interruptible();
  #running: CellRecord | null = null;
  /** Cells that the present chain of runs still has before it. */
  #chain: ReadonlySet<CellRecord> = new Set();

  constructor(options: SessionOptions) {
    this.#host = options.host;
    this.#loadData = options.loadData ?? null;
    this.#compileOptions = options.modules ? { modules: options.modules } : {};
    this.#kernel = new KernelSlot(options.host, {
      status: (kernel) => {
        this.#tell({ kernel });
      },
      lost: () => {
        this.#derive();
      },
    });
    this.#records = this.#makeRecords(options.cells, options.inputValues ?? {});
    this.#derive();
  }

  /** Snapshots of all cells, in document order. */
  get cells(): readonly CellState[] {
    return this.#states;
  }

  /** @throws RangeError when the document has no such cell. */
  cell(id: string): CellState {
    const state = this.#states.find((candidate) => candidate.id === id);
    if (!state) throw noSuchCell(id);
    return state;
  }

  /** Starts the kernel and fetches what the cells import, before anything runs, so that the first result waits for neither. */
  async warm(): Promise<void> {
    const programs = this.#records.flatMap(({ id, compiled }) =>
      compiled.ok ? [withLinks(compiled, this.#links.get(id) ?? NO_LINKS)] : [],
    );
    await Promise.all([this.#kernel.ready(), this.#host.prepare?.(programs)]);
  }

  get kernelStatus(): KernelStatus {
    return this.#kernel.status;
  }

  /** Calls `listener` after each change; returns the function that ends this. */
  subscribe(listener: (change: SessionChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  setSource(id: string, source: string): void {
    const record = this.#record(id);
    if (record.source === source) return;
    record.setSource(source, this.#compileOptions);
    this.#derive();
  }

  /**
   * Moves an input. The cell that shows it runs again, then the `live` cells below that depend on it; others become
   * stale. While that goes on only the newest value is kept.
   */
  setInput(id: string, key: string, value: InputValue): void {
    const record = this.#record(id);
    if (sameInput(record.inputValues[key], value)) return;
    record.inputValues = { ...record.inputValues, [key]: value };
    if (record.shown || record === this.#running) {
      const waiting = this.#queue.find((job) => job.kind === "inputs");
      if (waiting) waiting.holders.add(id);
      else this.#enqueue({ kind: "inputs", holders: new Set([id]) });
    }
    this.#derive();
  }

  /** Runs a cell, and first what it needs. Asked for again before it began, it runs once. */
  run(id: string): Promise<CellState> {
    const done = this.#enqueueCell(this.#record(id), new Map());
    this.#refresh();
    return done;
  }

  /** Runs all cells from the top, but the standalone ones. A cell that fails stops only those that need it. */
  async runAll(): Promise<void> {
    await this.#runTogether(this.#records.filter((record) => !record.standalone));
  }

  /** Runs the cells that run when the page opens. */
  async runLoadCells(): Promise<void> {
    await this.#runTogether(this.#records.filter((record) => record.run === "load"));
  }

  /** Ends the present run and drops what waits. Resolves when the kernel can run again. */
  async stop(): Promise<void> {
    if (!this.#draining) return;
    this.#epoch += 1;
    this.#dropJobs(() => true);
    await this.#kernel.stop();
    this.#waits.interrupt();
    await this.#draining;
  }

  /** A new kernel and a clean page: nothing has run, nothing is shown. Sources and inputs stay. */
  async restart(): Promise<void> {
    this.#endEverything();
    await this.#draining;
    for (const record of this.#records) record.clear();
    this.#executions = 0;
    this.#data.clear();
    this.#derive();
  }

  /** Resolves when nothing runs and nothing waits. */
  async whenIdle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  /**
   * Replaces the document. Cells with the id of an earlier one keep what they show and what the kernel holds of
   * them; those that are gone are forgotten.
   *
   * @param inputValues for cells that were not there before.
   */
  setCells(
    definitions: readonly CellDefinition[],
    inputValues: NonNullable<SessionOptions["inputValues"]> = {},
  ): void {
    const before = new Map(this.#records.map((record) => [record.id, record]));
    this.#records = this.#makeRecords(definitions, inputValues, before);
    const present = new Set(this.#records);
    const gone = [...before.values()].filter((record) => !present.has(record));
    this.#dropJobs((job) => job.kind === "cell" && gone.includes(job.record));
    if (gone.length > 0) this.#kernel.forget(gone.map((record) => record.id));
    this.#derive({ cells: true });
    // Nobody could stop it any more.
    if (this.#running && gone.includes(this.#running)) void this.stop();
  }

  /** Ends everything. The host stays: it belongs to whoever made it. */
  dispose(): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#endEverything();
  }

  // What waits and what runs

  async #runTogether(records: readonly CellRecord[]): Promise<void> {
    const attempts: Attempts = new Map();
    const runs = records.map((record) => this.#enqueueCell(record, attempts));
    this.#refresh();
    await Promise.all(runs);
  }

  #enqueueCell(record: CellRecord, attempts: Attempts): Promise<CellState> {
    const waiting = this.#queue.find((job) => job.kind === "cell" && job.record === record);
    if (waiting?.kind === "cell") return waiting.done;
    let settle = () => {};
    const done = new Promise<CellState>((resolve) => {
      settle = () => {
        resolve(record.lastSnapshot ?? this.cell(record.id));
      };
    });
    this.#enqueue({ kind: "cell", record, attempts, done, settle });
    return done;
  }

  #enqueue(job: Job): void {
    if (this.#disposed) throw new Error("This session is over: it was disposed of.");
    this.#queue.push(job);
    this.#draining ??= this.#drain();
  }

  #dropJobs(drops: (job: Job) => boolean): void {
    const dropped = this.#queue.filter(drops);
    const kept = this.#queue.filter((job) => !dropped.includes(job));
    this.#queue.splice(0, this.#queue.length, ...kept);
    this.#refresh();
    for (const job of dropped) if (job.kind === "cell") job.settle();
  }

  #endEverything(): void {
    this.#epoch += 1;
    this.#dropJobs(() => true);
    this.#kernel.close();
    this.#waits.interrupt();
  }

  async #drain(): Promise<void> {
    // Whoever asks for several things in one turn gets them in order, and the queue shows them first.
    await Promise.resolve();
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      if (job.kind === "cell") await this.#runChain(job.record, job.attempts);
      else await this.#runInputs(job.holders);
      this.#chain = new Set();
      this.#refresh();
      if (job.kind === "cell") job.settle();
    }
    this.#draining = null;
    this.#kernel.rest();
  }

  /** Runs what a cell needs, one after the other, then the cell. */
  async #runChain(target: CellRecord, attempts: Attempts): Promise<void> {
    const epoch = this.#epoch;
    while (epoch === this.#epoch && this.#records.includes(target)) {
      // Looked at anew before each step: the reader may have edited meanwhile.
      const steps = this.#stepsBefore(target).filter(({ id }) => attempts.get(id) !== "ok");
      const failed = steps.find(({ id }) => attempts.get(id) === "failed");
      if (failed) {
        const { blocked, shown } = this.#record(failed.id);
        const error = blocked?.error ?? blockedError(failed.id, shown?.error ?? null);
        target.blocked = {
          signature: this.#signatures.get(target.id) ?? "",
          failed: blocked?.failed ?? failed.id,
          holds: true,
          error,
        };
        attempts.set(target.id, "failed");
        return;
      }
      this.#chain = new Set([...steps.map(({ id }) => this.#record(id)), target]);
      const [next] = steps;
      const record = next ? this.#record(next.id) : target;
      const isOk = await this.#runCell(record, next?.quiet ?? false);
      attempts.set(record.id, isOk ? "ok" : "failed");
      if (record === target) return;
    }
  }

  async #runInputs(holders: ReadonlySet<string>): Promise<void> {
    const epoch = this.#epoch;
    const attempts: Attempts = new Map();
    const records = this.#records;
    for (const record of records) {
      if (epoch !== this.#epoch) return;
      if (holders.has(record.id) || this.#followsLive(record, holders))
        await this.#runChain(record, attempts);
    }
  }

  /** A live cell that ran before, was made stale by one of the holders, and needs no other cell to be run for it. */
  #followsLive(record: CellRecord, holders: ReadonlySet<string>): boolean {
    if (!record.live || !record.shown || !record.isStale(this.#signatures.get(record.id) ?? "")) return false;
    const cells = this.#planCells();
    const needed = closure([record.id], new Map(cells.map((cell) => [cell.id, cell])), () => true);
    return (
      [...needed].some((id) => holders.has(id)) && stepsBefore(record.id, cells).every(({ quiet }) => quiet)
    );
  }

  #stepsBefore(target: CellRecord): PlanStep[] {
    return stepsBefore(target.id, this.#planCells());
  }

  #planCells(): PlanCell[] {
    const { generation } = this.#kernel;
    return this.#records.map((record) => {
      const signature = this.#signatures.get(record.id) ?? "";
      const isFresh = record.isFresh(signature, generation);
      const isLost = record.isLost(signature, generation);
      const { needs, changes } = this.#links.get(record.id) ?? NO_LINKS;
      return { id: record.id, needs, changes, state: isFresh ? "fresh" : isLost ? "lost" : "due" };
    });
  }

  // One run

  /** @returns whether the kernel holds the cell's names now. */
  async #runCell(record: CellRecord, quiet: boolean): Promise<boolean> {
    this.#running = record;
    record.blocked = null;
    this.#refresh();
    const links = this.#links.get(record.id) ?? NO_LINKS;
    const attempt = new Attempt(record, quiet, links, (id) => {
      const names = this.#records.find((candidate) => candidate.id === id)?.names;
      return names?.generation === this.#kernel.generation ? names.signature : null;
    });
    const result = await this.#resultOf(record, links, quiet, attempt);
    this.#running = null;
    this.#executions += quiet ? 0 : 1;
    const isHeld = attempt.finish(result, this.#kernel.generation, this.#executions);
    this.#derive();
    return isHeld;
  }

  async #resultOf(record: CellRecord, links: Links, quiet: boolean, attempt: Attempt): Promise<RunResult> {
    const epoch = this.#epoch;
    try {
      const program = this.#link(record, links);
      // On its way while the kernel starts. What fails here is tried again, and told, by the run itself.
      this.#host.prepare?.([program]).catch(() => undefined);
      await this.#waits.guard(this.#kernel.ready());
      const data = await this.#waits.guard(this.#dataFor(record, program));
      if (epoch !== this.#epoch) return STOPPED;
      const result = await this.#kernel.run(program, {
        inputValues: attempt.inputValues,
        data,
        quiet,
        onOutputs: (outputs) => {
          if (attempt.take(outputs)) this.#refresh();
        },
      });
      // Nobody asked for a stop: the kernel died.
      const died = result.status !== "error" && result.kernelLost && epoch === this.#epoch;
      return died ? { ...result, status: "error", error: lostKernelError() } : result;
    } catch (error) {
      if (error instanceof Interrupted) return STOPPED;
      const cellError = error instanceof CellFailure ? error.error : kernelError(error);
      return { status: "error", error: cellError, durationMs: 0, kernelLost: false };
    }
  }

  /** The program with its names joined to the cells above. @throws CellFailure when the cell cannot run at all. */
  #link(record: CellRecord, links: Links): Program {
    let { compiled } = record;
    if (!compiled.ok && compiled.assigns.length > 0) {
      const declaredElsewhere = declarersFor(this.#records, record.id);
      compiled = compileCell(record.id, record.source, {
        ...this.#compileOptions,
        declaredElsewhere,
        standalone: record.standalone,
      });
    }
    if (!compiled.ok) throw new CellFailure(compiled.error);
    const [below] = links.below;
    if (below) throw new CellFailure(declaredBelowError(below.name, below.cell, below.place));
    return withLinks(compiled, links);
  }

  async #dataFor(record: CellRecord, program: Program): Promise<Record<string, unknown>> {
    const specifiers = new Set(program.imports.map(({ from }) => from).filter(isDataFile));
    const loaded = await Promise.all(
      [...specifiers].map(async (specifier) => [specifier, await this.#loadOnce(record, specifier)] as const),
    );
    return Object.fromEntries(loaded);
  }

  async #loadOnce(record: CellRecord, specifier: string): Promise<unknown> {
    const loadData = this.#loadData ?? (() => Promise.reject(new Error("there are no data files here.")));
    let loading = this.#data.get(specifier);
    if (!loading) {
      loading = loadData(specifier);
      this.#data.set(specifier, loading);
    }
    try {
      return await loading;
    } catch (error) {
      this.#data.delete(specifier);
      const start = record.source.indexOf(specifier);
      const place =
        start < 0 ? null : cellPlace(record.id, record.source, { start, end: start + specifier.length });
      throw new CellFailure(dataError(specifier, place, error));
    }
  }

  // Cells and what is known of them

  #record(id: string): CellRecord {
    const record = this.#records.find((candidate) => candidate.id === id);
    if (!record) throw noSuchCell(id);
    return record;
  }

  #makeRecords(
    definitions: readonly CellDefinition[],
    inputValues: NonNullable<SessionOptions["inputValues"]>,
    before: ReadonlyMap<string, CellRecord> = new Map(),
  ): CellRecord[] {
    const ids = new Set<string>();
    return definitions.map((definition) => {
      const { id, source } = definition;
      if (ids.has(id)) throw new RangeError(`Two cells have the id "${id}"; give one of them another.`);
      ids.add(id);
      const record = before.get(id);
      if (!record || record.standalone !== (definition.standalone ?? false)) {
        return new CellRecord(definition, inputValues[id] ?? {}, this.#compileOptions);
      }
      record.run = definition.run;
      record.live = definition.live;
      if (record.source !== source) record.setSource(source, this.#compileOptions);
      return record;
    });
  }

  /** Works out anew who gives which name to whom, and what is stale. */
  #derive(change?: { cells: true }): void {
    this.#links = linkCells(this.#records);
    this.#signatures = documentSignatures(this.#records, this.#links);
    const blocked = this.#records.filter((record) => record.blocked);
    if (blocked.length > 0) {
      const byId = new Map(this.#planCells().map((cell) => [cell.id, cell]));
      for (const record of blocked) {
        // Another cell may stand in its place now.
        const needed = closure([record.id], byId, () => true);
        if (record.blocked) record.blocked.holds = needed.has(record.blocked.failed);
      }
    }
    this.#refresh(change);
  }

  /** Makes new snapshots of the cells that changed and tells the listeners. */
  #refresh(change?: { cells: true }): void {
    const queued = new Set(this.#chain);
    const moved = new Set<string>();
    for (const job of this.#queue) {
      if (job.kind === "cell") queued.add(job.record);
      else for (const id of job.holders) moved.add(id);
    }
    const before = new Set(this.#states);
    const states = this.#records.map((record) => {
      const isQueued = queued.has(record) || moved.has(record.id);
      const activity = record === this.#running ? "running" : isQueued ? "queued" : null;
      return record.snapshot(
        this.#signatures.get(record.id) ?? "",
        this.#links.get(record.id) ?? NO_LINKS,
        activity,
      );
    });
    const changed = states.filter((state) => !before.has(state));
    if (changed.length === 0 && !change) return;
    this.#states = states;
    if (change) this.#tell(change);
    for (const { id } of changed) this.#tell({ cell: id });
  }

  #tell(change: SessionChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        // A view that fails must not end the run that it was told of.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

const NO_LINKS: Links = { inputs: [], imports: [], below: [], needs: [], changes: [] };

/** A cell's program with the names that it has from the cells above. */
function withLinks({ program, membersOf }: CompiledCell & { ok: true }, links: Links): Program {
  const imports = [...program.imports, ...withMembers(links.imports, membersOf)];
  return { ...program, inputs: links.inputs, imports };
}

const STOPPED: RunResult = { status: "stopped", error: null, durationMs: 0, kernelLost: false };

/** A cell that cannot run, for a reason known before it is sent to the kernel. */
class CellFailure extends Error {
  readonly error: CellError;

  constructor(error: CellError) {
    super(error.message);
    this.error = error;
  }
}

function noSuchCell(id: string): RangeError {
  return new RangeError(`This document has no cell "${id}".`);
}

function sameInput(a: InputValue | undefined, b: InputValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
