// Threads for large matrix products. Every number of a product is one sum in ascending order, so that it does not matter who
// computes which rows: any number of threads gives the bits of one.
//
// A product is cut into pieces of rows that threads take one after the other from a common counter, the calling thread too.
// A thread that the machine does not schedule takes fewer pieces and holds up nobody for longer than one.
import { ValueError, checkNumber } from "../errors.ts";
import { type FloatKernels, isShared, kernelModule, kernels, memory, packBytes } from "../kernels/kernels.ts";
import { pack, reserve } from "./heap.ts";
import type { FloatDtype } from "../dtype.ts";

/** What is needed of a worker: a Web Worker's or a node:worker_threads Worker's own methods. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): unknown;
}

/** The words that threads share: the number of the job, its next piece, how many pieces are done. Then the job's arguments. */
const JOB = 0;
const NEXT = 1;
const DONE = 2;
const WORDS = 4;
const ARGUMENTS = 14;
/** Rounds of looking before a thread goes to sleep: some 20 µs, less than waking one takes. */
const SPINS = 4000;
/** Pieces of a job are numbered below this; above it stands the job's number, so that nobody takes a piece of another job. */
const PIECES = 4096;
const JOBS = 0x7ffff;

/**
 * A helper's program, as text, since a worker is started from text everywhere; takePieces stands before it. It waits for a
 * job, takes pieces of it until none is left, and waits for the next.
 */
const program = `
const port = typeof require === "function" ? require("node:worker_threads").parentPort : self;
port.onmessage = ({ data: { module, memory, control, pack } }) => {
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const words = new Int32Array(control, 0, ${WORDS});
  const job = new Float64Array(control, ${WORDS * 4}, ${ARGUMENTS});
  let number = 0;
  for (;;) {
    for (let spins = 0; Atomics.load(words, ${JOB}) === number; spins++) {
      if (spins >= ${SPINS}) Atomics.wait(words, ${JOB}, number);
    }
    number = Atomics.load(words, ${JOB});
    const { matmul_f32, matmul_f64 } = exports;
    takePieces(job[0] === 4 ? matmul_f32 : matmul_f64, words, Array.from(job), number, pack);
  }
};
`;

/**
 * Computes pieces of a job until none is left. A piece is taken only while the job is still `number`: a helper that comes
 * late may have read the arguments of two jobs mixed, but then finds nothing to take.
 *
 * Its text is part of the helpers' program, so it uses nothing from outside.
 */
function takePieces(
  matmul: (...numbers: number[]) => void,
  words: Int32Array,
  job: readonly number[],
  number: number,
  pack: number,
): void {
  const [width, rows, m, n, k, a, rowA, columnA, b, rowB, columnB, bias, activation, out] = job;
  for (;;) {
    const next = Atomics.load(words, 1);
    const first = (next % 4096) * rows!;
    if (Math.floor(next / 4096) !== number || first >= m!) return;
    if (Atomics.compareExchange(words, 1, next, next + 1) !== next) continue;
    const count = Math.min(rows!, m! - first);
    const from = a! + first * rowA! * width!;
    const to = out! + first * n! * width!;
    matmul(count, n!, k!, from, rowA!, columnA!, b!, rowB!, columnB!, bias!, activation!, to, pack);
    Atomics.add(words, 2, 1);
  }
}

let helpers: WorkerLike[] = [];
/** Where each helper packs its blocks; these places stay when helpers go. */
const packs: number[] = [];
let words: Int32Array = new Int32Array(WORDS);
let shared: Float64Array = new Float64Array(ARGUMENTS);
let number = 0;

/** The arguments of a matrix product, as its kernel takes them, but for the last, where to pack. */
type MatmulJob =
  Parameters<FloatKernels["matmul"]> extends [...infer Job extends number[], number] ? Job : never;

/** How many threads work on a large matrix product. */
export function getNumThreads(): number {
  return helpers.length + 1;
}

/** Web Workers start from a text by way of an address for it. */
function startWebWorker(text: string): WorkerLike {
  if (typeof Worker === "undefined") {
    throw new ValueError(
      'setNumThreads: there are no Web Workers here. In Node pass (text) => new Worker(text, { eval: true }), with Worker from "node:worker_threads".',
    );
  }
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}

/**
 * Lets `count` threads, this one included, work on large matrix products. The numbers stay the same to the last bit.
 *
 * Threads share memory, which browsers allow only in pages that are cross-origin isolated; a lesson's sandbox is not, and uses
 * one thread. Helpers sleep while there is nothing to do.
 * @param start makes a worker that runs a text; default: a Web Worker. In Node: (text) => new Worker(text, { eval: true })
 * @throws ValueError where there is no SharedArrayBuffer
 */
export function setNumThreads(count: number, start: (text: string) => WorkerLike = startWebWorker): void {
  checkNumber("setNumThreads", "count", count, { min: 1, max: 64, whole: true });
  if (count > 1 && !isShared) {
    throw new ValueError(
      "setNumThreads: this page may not share memory between threads (no SharedArrayBuffer); it would need the headers for cross-origin isolation.",
    );
  }
  for (const helper of helpers) void helper.terminate();
  helpers = [];
  if (count === 1) return;
  const control = new SharedArrayBuffer(WORDS * 4 + ARGUMENTS * 8);
  words = new Int32Array(control, 0, WORDS);
  shared = new Float64Array(control, WORDS * 4, ARGUMENTS);
  number = 0;
  while (packs.length < count - 1) packs.push(reserve(packBytes));
  for (let i = 0; i < count - 1; i++) {
    // The name is given here, since a minifier may have changed it in the text.
    const helper = start(`const takePieces = ${takePieces.toString()};\n${program}`);
    helper.postMessage({ module: kernelModule, memory, control, pack: packs[i] });
    helpers.push(helper);
  }
}

/** Is a product large enough for several threads? Waking one takes as long as some 400 000 multiplications. */
export function isWorthThreads(m: number, n: number, k: number): boolean {
  return helpers.length > 0 && m >= 40 && m * n * k >= 2_000_000;
}

/** `matmul` by all threads. */
export function matmulThreaded(dtype: FloatDtype, ...job: MatmulJob): void {
  const [m] = job;
  const share = Math.ceil(m / (4 * getNumThreads()));
  // Whole tiles of five rows; too few of them would not pay for packing B again.
  const rows = Math.max(40, Math.ceil(share / 5) * 5, Math.ceil(m / (PIECES - helpers.length - 1)));
  number = (number % JOBS) + 1;
  Atomics.store(words, NEXT, 0);
  Atomics.store(words, DONE, 0);
  const all = [dtype === "float32" ? 4 : 8, rows, ...job];
  shared.set(all);
  Atomics.store(words, NEXT, number * PIECES);
  Atomics.store(words, JOB, number);
  Atomics.notify(words, JOB);
  takePieces(kernels[dtype].matmul, words, all, number, pack);
  const pieces = Math.ceil(m / rows);
  while (Atomics.load(words, DONE) < pieces);
}
