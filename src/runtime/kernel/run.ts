// One run of a cell: what it shows, what the reader chose for its inputs, and whether it should stop.
import type { CellError, InputValue, Output } from "../output.ts";
import { inspect } from "../inspect/index.ts";
import { createConsole } from "./console.ts";
import { OutputBuffer } from "./output-buffer.ts";
import { stopSignal, type Stage } from "./stage.ts";

export interface RunSetting {
  id: number;
  /** Runs for its names only; nothing is shown. */
  quiet: boolean;
  inputValues: Record<string, InputValue>;
  send: (outputs: Output[]) => void;
  now: () => number;
  turn: () => Promise<void>;
  /** The run that what this one shows belongs to just now. */
  route: (own: Run) => Run;
}

export class Run implements Stage {
  readonly id: number;
  readonly console: Record<string, (...values: unknown[]) => void>;
  stopRequested = false;
  readonly #setting: RunSetting;
  readonly #buffer: OutputBuffer;
  readonly #claimed = new Set<string>();

  constructor(setting: RunSetting) {
    this.id = setting.id;
    this.#setting = setting;
    this.#buffer = new OutputBuffer(setting.send, setting.now);
    this.console = createConsole(this);
  }

  show(output: Output): void {
    this.#setting.route(this).#accept(output);
  }

  input(key: string): InputValue | undefined {
    const { inputValues } = this.#setting.route(this).#setting;
    return Object.hasOwn(inputValues, key) ? inputValues[key] : undefined;
  }

  claimInput(key: string): boolean {
    const claimed = this.#setting.route(this).#claimed;
    return claimed.size !== claimed.add(key).size;
  }

  checkpoint(): void {
    if (this.stopRequested || this.#setting.route(this).stopRequested) throw stopSignal();
  }

  async turn(): Promise<void> {
    this.checkpoint();
    this.#setting.route(this).flush();
    await this.#setting.turn();
    this.checkpoint();
  }

  showValue(value: unknown): void {
    if (!this.#setting.quiet) this.#accept({ kind: "value", value: inspect(value) });
  }

  showError(heading: string, error: CellError): void {
    const message = `${heading}: ${error.name}: ${error.message}`;
    this.#accept({
      kind: "log",
      level: "error",
      parts: [{ kind: "primitive", type: "string", text: message }],
    });
  }

  flush(): void {
    this.#buffer.flush();
  }

  #accept(output: Output): void {
    if (!this.#setting.quiet) this.#buffer.push(output);
  }

  /** Whether another log would be refused. */
  get full(): boolean {
    return this.#setting.route(this).#buffer.full;
  }

  /** Counts a log that was refused. */
  drop(): void {
    const run = this.#setting.route(this);
    if (!run.#setting.quiet) run.#buffer.drop();
  }

  now(): number {
    return this.#setting.now();
  }
}
