// Progress bars and pauses: the places where a long cell lets the page draw, and where Stop reaches it.
import type { Stage } from "../kernel/stage.ts";
import { ToolError, describe, readNumber, readOptions, readText } from "./options.ts";
import { stageOf } from "./stage.ts";

/** Milliseconds between two pauses of a loop, and between two drawings of its bar. */
const frame = 16;
const redraw = 50;

/** Steps to loop over, with `for (…)` or, so that Stop and the page are let in, `for await (…)`. */
export interface ProgressSteps<Item> extends Iterable<Item>, AsyncIterable<Item> {}

export interface ProgressUpdate {
  value: number;
  /** 1 when left out. */
  max?: number;
  label?: string;
}

/**
 * A loop with a progress bar, over 0 … steps − 1 or over the items of a list; or one update of a bar.
 * With `for await` the page stays up to date and Stop keeps what was computed.
 *
 * @example
 * for await (const step of progress(1000, "training")) losses.push(trainStep());
 * await progress({ value: epoch, max: 20, label: "epochs" });
 */
export function progress(steps: number, label?: string): ProgressSteps<number>;
export function progress<Item>(items: readonly Item[], label?: string): ProgressSteps<Item>;
export function progress(update: ProgressUpdate): Promise<void>;
export function progress(
  work: number | readonly unknown[] | ProgressUpdate,
  label?: string,
): ProgressSteps<unknown> | Promise<void> {
  const stage = stageOf("progress");
  if (typeof work === "number") {
    if (!Number.isInteger(work) || work < 0) {
      throw new ToolError("progress", `the number of steps must be a whole number, not ${work}`);
    }
    return new Steps(stage, work, (step) => step, readLabel(label));
  }
  if (Array.isArray(work)) {
    const items: readonly unknown[] = work;
    return new Steps(stage, items.length, (step) => items[step], readLabel(label));
  }
  if (typeof work === "object" && work !== null) return update(stage, work as ProgressUpdate);
  throw new ToolError(
    "progress",
    `takes a number of steps or a list, not ${describe(work)}`,
    'Write for await (const step of progress(100, "training")) { … }.',
  );
}

function readLabel(label: unknown): string {
  return label === undefined ? "" : readText("progress", "label", label).slice(0, 200);
}

function showBar(stage: Stage, label: string, value: number, max: number): void {
  stage.show({ kind: "progress", label, value, max, key: `progress:${label}` });
}

async function update(stage: Stage, options: ProgressUpdate): Promise<void> {
  readOptions("progress", options, ["value", "max", "label"], "await progress({ value: 3, max: 10 })");
  const max = options.max === undefined ? 1 : readNumber("progress", "max", options.max);
  if (max <= 0) throw new ToolError("progress", `“max” must be above 0, not ${max}`);
  const value = Math.min(max, Math.max(0, readNumber("progress", "value", options.value)));
  showBar(stage, readLabel(options.label), value, max);
  await pause(stage);
}

const lastPause = new WeakMap<Stage, number>();

/** Lets messages in, but not more often than a screen is drawn. */
async function pause(stage: Stage): Promise<void> {
  const now = performance.now();
  if (now - (lastPause.get(stage) ?? -Infinity) < frame) {
    stage.checkpoint();
    return;
  }
  await stage.turn();
  lastPause.set(stage, performance.now());
}

class Steps implements ProgressSteps<unknown> {
  readonly #stage: Stage;
  readonly #count: number;
  readonly #item: (step: number) => unknown;
  readonly #label: string;

  constructor(stage: Stage, count: number, item: (step: number) => unknown, label: string) {
    this.#stage = stage;
    this.#count = count;
    this.#item = item;
    this.#label = label;
  }

  *[Symbol.iterator](): Iterator<unknown> {
    const bar = this.#bar();
    for (let step = 0; step < this.#count; step += 1) {
      this.#stage.checkpoint();
      bar.draw(step);
      yield this.#item(step);
    }
    bar.end();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<unknown> {
    const bar = this.#bar();
    for (let step = 0; step < this.#count; step += 1) {
      bar.draw(step);
      await pause(this.#stage);
      yield this.#item(step);
    }
    bar.end();
  }

  #bar(): { draw(step: number): void; end(): void } {
    let drawn = -Infinity;
    return {
      draw: (step) => {
        const now = performance.now();
        if (now - drawn < redraw) return;
        drawn = now;
        showBar(this.#stage, this.#label, step, this.#count);
      },
      end: () => {
        if (this.#count > 0) showBar(this.#stage, this.#label, this.#count, this.#count);
      },
    };
  }
}

/**
 * Waits. The page draws, and Stop is heard.
 *
 * @param milliseconds from 0 to a minute.
 * @example
 * for (const w of path) { plot({ …, key: "ball" }); await sleep(50); }
 */
export async function sleep(milliseconds: number): Promise<void> {
  const stage = stageOf("sleep");
  const wait = readNumber("sleep", "milliseconds", milliseconds);
  if (wait < 0 || wait > 60_000) {
    throw new ToolError("sleep", `waits from 0 to 60000 milliseconds, not ${wait}`);
  }
  const end = performance.now() + wait;
  await stage.turn();
  // Short naps, so that Stop need not wait for a long one.
  for (let left = end - performance.now(); left > 0; left = end - performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, 30)));
    await stage.turn();
  }
}

/**
 * Waits for about the time of one frame (1/60 s): for pictures that move.
 *
 * @example
 * for (let step = 0; step < 100; step += 1) { plot({ …, key: "live" }); await nextFrame(); }
 */
export async function nextFrame(): Promise<void> {
  const stage = stageOf("nextFrame");
  stage.checkpoint();
  await new Promise((resolve) => setTimeout(resolve, frame));
  await stage.turn();
}
