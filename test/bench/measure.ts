// Measuring several programs that do the same work: each is warmed up, then windows of a fixed length alternate between
// them, so that whatever else the machine does meets all of them alike. Gives times and asserts nothing about them.

/** One program's way of doing one row's work. */
export interface Work {
  /** Does it `calls` times and gives the time taken, in µs. */
  run(calls: number): number | Promise<number>;
  /** How many of what the row counts (steps, points) one call does. Default 1. */
  units?: number;
  /** Gives back what the work holds. */
  release?(): void | Promise<void>;
}

/** A program that may know how to do a row's work. */
export interface Contestant {
  readonly name: string;
  /** Makes the work of a row ready; null where this program has no such work. */
  prepare(row: string): Promise<Work | null>;
  close(): Promise<void>;
}

/** µs for one unit of work. */
export interface Timing {
  best: number;
  median: number;
  windows: number[];
}

export interface MeasureOptions {
  /** Length of a window. */
  seconds: number;
  /** Windows of each program. A program whose single call is longer than a window gets fewer. */
  rounds: number;
}

/** V8 runs fresh WebAssembly and fresh JavaScript slowly for some hundred calls. */
const WARM_CALLS = 400;

/** Times a function that does its work synchronously in this process. */
export function inProcess(body: () => unknown, rest: Omit<Work, "run"> = {}): Work {
  return {
    ...rest,
    run(calls) {
      const start = performance.now();
      for (let i = 0; i < calls; i++) body();
      return (performance.now() - start) * 1000;
    },
  };
}

/** Runs until the work is warm; gives the µs a call takes then. */
async function warmUp(work: Work, seconds: number): Promise<number> {
  let calls = 1;
  let spent = 0;
  let done = 0;
  for (;;) {
    const taken = await work.run(calls);
    spent += taken;
    done += calls;
    const enough = done >= WARM_CALLS && spent >= seconds * 1e6;
    if (enough || spent >= 4 * seconds * 1e6) return taken / calls;
    calls = Math.min(2 * calls, 100);
  }
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

/** Measures all works in alternating windows; the order turns by one in each round. */
export async function alternate(
  works: ReadonlyMap<string, Work>,
  { seconds, rounds }: MeasureOptions,
): Promise<Map<string, Timing>> {
  const entries = [...works].map(([name, work]) => ({
    name,
    work,
    calls: 1,
    spent: 0,
    windows: [] as number[],
  }));
  for (const entry of entries) {
    entry.calls = Math.max(1, Math.round((seconds * 1e6) / (await warmUp(entry.work, seconds))));
  }
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[(i + round) % entries.length]!;
      // Who needs many times a window for one call would hold up all the others.
      if (entry.spent > 2 * rounds * seconds * 1e6) continue;
      const taken = await entry.work.run(entry.calls);
      entry.spent += taken;
      entry.windows.push(taken / entry.calls / (entry.work.units ?? 1));
    }
  }
  return new Map(
    entries.map(({ name, windows }) => [
      name,
      { best: Math.min(...windows), median: median(windows), windows },
    ]),
  );
}
