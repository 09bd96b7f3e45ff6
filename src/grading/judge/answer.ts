// An answer in a realm of its own: compiled alone, run once, called by message. What comes out is untrusted.
import {
  compileCell,
  type CallResult,
  type CallTarget,
  type CellError,
  type Kernel,
  type KernelLoss,
  type KernelHost,
  type Program,
} from "../../runtime/index.ts";
import { LOST_ERROR, MISUSE_ERROR, noSuchName, OWN_PREFIX, UNUSABLE_ERROR } from "../test-realm/failure.ts";
import { isSentFunction } from "../test-realm/given.ts";
import { holdsForgedTensor, isWithinSize } from "../values.ts";
import { ADAPTER, adapterArguments, adapterKey, compileAdapter } from "./adapter.ts";
import { within } from "./time.ts";

/** Longest answer that is judged, in characters. */
export const ANSWER_LIMIT = 200_000;

/** Most values (numbers, entries) that one call may give back. */
export const RESULT_LIMIT = 1_000_000;

export interface CompiledAnswer {
  program: Program;
  /** What a test can call. */
  declares: string[];
}

export type AnswerCompilation =
  | { ok: true; answer: CompiledAnswer }
  | { ok: false; status: "missing" | "refused" | "error"; error: CellError };

/** An error of our own, as a cell's error is written. */
export function plainError(name: string, message: string, fix?: string): CellError {
  return { name, message, ...(fix === undefined ? {} : { fix }), place: null, frames: [] };
}

/** Compiles an answer, as a cell that sees no other cell and imports the engine and the lesson tools only. */
export function compileAnswer(cell: string, source: string): AnswerCompilation {
  if (source.trim() === "") {
    return { ok: false, status: "missing", error: plainError("MissingAnswer", "There is no answer yet") };
  }
  if (source.length > ANSWER_LIMIT) {
    const message = `The answer is longer than ${ANSWER_LIMIT} characters`;
    return { ok: false, status: "refused", error: plainError("AnswerTooLong", message) };
  }
  const compiled = compileCell(cell, source, { modules: ["descent", "descent/lesson"], standalone: true });
  if (!compiled.ok) return { ok: false, status: "error", error: compiled.error };
  const [file] = compiled.dataImports;
  if (file !== undefined) {
    const error = plainError("ImportError", `An answer cannot import data files such as "${file}"`);
    return { ok: false, status: "error", error };
  }
  return { ok: true, answer: { program: compiled.program, declares: compiled.declares } };
}

export type AnswerStart =
  | { ok: true; realm: AnswerRealm }
  | { ok: false; status: "timeout" | LossStatus; error: CellError };

/** What the loss of an answer's kernel makes of a verdict. */
export type LossStatus = "memory" | "refused" | "error";

export class AnswerRealm {
  readonly #kernel: Kernel;
  readonly #answer: CompiledAnswer;
  /** The kernel is gone, and so is everything the answer declared: no later call may succeed. */
  lost = false;
  /** How it was lost. A page cannot know it; there it is memory as a rule. */
  lossStatus: LossStatus = "memory";
  #lostMessage = LOST_MESSAGE;
  /** Cells of the adapters that this kernel has, by what they serve. */
  readonly #adapters = new Map<string, string>();
  /** How many calls are under way. */
  waiting = 0;

  private constructor(kernel: Kernel, answer: CompiledAnswer) {
    this.#kernel = kernel;
    this.#answer = answer;
  }

  /** Starts a fresh kernel and runs the answer in it. Throws only when no kernel can be started. */
  static async start(
    host: KernelHost,
    answer: CompiledAnswer,
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<AnswerStart> {
    signal?.throwIfAborted();
    let lost = (): void => undefined;
    const kernel = await host.start({ onLost: () => lost() });
    const realm = new AnswerRealm(kernel, answer);
    lost = () => realm.#lose();
    try {
      const failure = await realm.#load(milliseconds, signal);
      if (failure === null) return { ok: true, realm };
      realm.dispose();
      return failure;
    } catch (error) {
      realm.dispose();
      throw error;
    }
  }

  async #load(
    milliseconds: number,
    signal: AbortSignal | undefined,
  ): Promise<(AnswerStart & { ok: false }) | null> {
    const run = this.#kernel.run(this.#answer.program, { quiet: true });
    const loaded = await within(run, milliseconds, signal);
    if (!loaded.ended) {
      const message = `The answer did not finish loading within ${formatSeconds(milliseconds)}: it takes too long or never ends`;
      return { ok: false, status: "timeout", error: plainError("Timeout", message) };
    }
    const { status, error, kernelLost } = loaded.value;
    if (status === "ok" && !kernelLost) return null;
    if (kernelLost) {
      this.#lose();
      return { ok: false, status: this.lossStatus, error: plainError("KernelLost", this.#lostMessage) };
    }
    return { ok: false, status: "error", error: error ?? plainError("Stopped", "The answer was stopped") };
  }

  /** Calls what the answer declares. Never rejects; a result that is too large is refused. */
  readonly call = async (target: CallTarget, args: unknown[]): Promise<CallResult> => {
    if (this.lost) return this.#refuseAsLost();
    if ("name" in target && !this.#answer.declares.includes(target.name)) {
      return refuse(UNUSABLE_ERROR, noSuchName(target.name, this.#answer.declares));
    }
    this.waiting += 1;
    const result = await this.#send(target, args);
    this.waiting -= 1;
    if (result.ok && isWithinSize(result.value, RESULT_LIMIT) && !holdsForgedTensor(result.value))
      return result;
    if (this.lost) return this.#refuseAsLost();
    if (!result.ok && !transferErrors.has(result.error.name)) return result;
    const called = "name" in target ? target.name : target.method;
    return refuse(
      UNUSABLE_ERROR,
      `What “${called}” gave back is too large, or of a kind that cannot be judged`,
    );
  };

  #lose(): void {
    this.lost = true;
    const loss = this.#kernel.lastLoss ?? null;
    if (loss === null) return;
    this.lossStatus = lossStatuses[loss.kind];
    this.#lostMessage = `${lossMessages[loss.kind]}: ${loss.message.replace(/\.$/, "")}`;
  }

  #refuseAsLost(): CallResult {
    return refuse(LOST_ERROR, this.#lostMessage);
  }

  async #send(target: CallTarget, args: unknown[]): Promise<CallResult> {
    try {
      if (args.some(isSentFunction)) return await this.#callWithFunctions(target, args);
      return await this.#callKernel(this.#answer.program.cell, target, args);
    } catch {
      this.#lose();
      return this.#refuseAsLost();
    }
  }

  async #callKernel(cell: string, target: CallTarget, args: unknown[]): Promise<CallResult> {
    const result = await this.#kernel.call(cell, target, args);
    if (result.ok) return result;
    // An answer that throws an error of this name itself only hurts its own case.
    if (result.error.name === "KernelLost") this.#lose();
    return { ok: false, error: this.#ownError(result.error) };
  }

  /** Calls through a small program of our own, which builds the functions among the arguments where the answer is. */
  async #callWithFunctions(target: CallTarget, args: unknown[]): Promise<CallResult> {
    const key = adapterKey(target, args);
    let cell = this.#adapters.get(key);
    if (cell === undefined) {
      cell = `given-${this.#adapters.size + 1}`;
      const adapter = compileAdapter(cell, this.#answer.program.cell, target, args);
      if (!adapter.ok) return refuse(MISUSE_ERROR, adapter.message);
      const run = await this.#kernel.run(adapter.program, { quiet: true });
      if (run.kernelLost) this.#lose();
      if (run.status !== "ok") return refuse(MISUSE_ERROR, "a function that it sends cannot be built");
      this.#adapters.set(key, cell);
    }
    return this.#callKernel(cell, { name: ADAPTER }, adapterArguments(args));
  }

  /** An error that the answer threw: with the innermost place in the answer, and never under a name of ours. */
  #ownError(error: CellError): CellError {
    const { cell } = this.#answer.program;
    const name = error.name.startsWith(OWN_PREFIX) ? "Error" : error.name;
    return { ...error, name, place: error.frames.find((frame) => frame.cell === cell) ?? null };
  }

  dispose(): void {
    this.#lose();
    this.#kernel.dispose();
  }
}

/** Names of the errors with which a kernel says that a result cannot leave it. */
const transferErrors: ReadonlySet<string> = new Set(["TransferError", "DataCloneError"]);

const lossStatuses: Record<KernelLoss["kind"], LossStatus> = {
  memory: "memory",
  ended: "error",
  misbehaved: "refused",
};
const lossMessages: Record<KernelLoss["kind"], string> = {
  memory: "Your answer took too much memory",
  ended: "Your answer ended the program that runs it",
  misbehaved: "Your answer attacked the program that runs it",
};
const LOST_MESSAGE = "Your answer ended the program that runs it: it closed itself or ran out of memory";

function refuse(name: string, message: string): CallResult {
  return { ok: false, error: plainError(name, message) };
}

export function formatSeconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
