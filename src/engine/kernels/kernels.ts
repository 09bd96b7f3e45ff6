// The one door to WebAssembly: the memory, and a typed table of all kernels by element type.
// Kernels take byte addresses and counts; nothing here checks them, the operations do.
import { kernelBytes } from "./generated/kernels.ts";

type Unary = (x: number, out: number, count: number) => void;
/** Rows of `inner` numbers; an operand's step is 0 or 1, its outer stride in elements. */
type Binary = (
  a: number,
  b: number,
  out: number,
  outer: number,
  inner: number,
  aOuter: number,
  aStep: number,
  bOuter: number,
  bStep: number,
) => void;
type Pairwise = (a: number, b: number, out: number, count: number) => void;
/** The tensor seen as (outer, n, inner), reduced along n. */
type Reduction = (x: number, out: number, outer: number, n: number, inner: number) => void;
/** x seen as (outer, n, inner), with m indices along n. */
type Indexed = (
  x: number,
  index: number,
  out: number,
  outer: number,
  n: number,
  inner: number,
  m: number,
) => void;

type ConvGradient = (geometry: number, a: number, b: number, out: number, work: number) => void;

type MeanPool = (geometry: number, x: number, out: number, planes: number) => void;

/** Kernels that exist for every element type. */
interface AnyKernels {
  fill: (out: number, count: number, value: number) => void;
  ramp: (out: number, count: number, start: number, step: number) => void;
  where: (condition: number, a: number, b: number, out: number, count: number) => void;
  argmax: Reduction;
  argmin: Reduction;
  copy: (x: number, out: number, rank: number, layout: number) => void;
  take: Indexed;
  takeBackward: Indexed;
  gather: Indexed;
  gatherBackward: Indexed;
}

const unaryNames = [
  "neg",
  "abs",
  "sign",
  "sqrt",
  "relu",
  "floor",
  "ceil",
  "round",
  "trunc",
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tanh",
  "sigmoid",
  "softplus",
  "erf",
  "atan",
  "tan",
  "asin",
  "acos",
  "sinh",
  "cosh",
  "exp2",
  "log2",
  "log10",
] as const;
export type UnaryName = (typeof unaryNames)[number];

export type BinaryName =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "maximum"
  | "minimum"
  | "pow"
  | "reluBackward"
  | "tanhBackward"
  | "sigmoidBackward"
  | "less"
  | "lessEqual"
  | "equal";

/** Kernels of the two float types. */
export interface FloatKernels extends AnyKernels, Record<UnaryName, Unary>, Record<BinaryName, Binary> {
  /** out = centre + a·u + b·v. */
  planePoint: (
    centre: number,
    a: number,
    u: number,
    b: number,
    v: number,
    out: number,
    count: number,
  ) => void;
  sum: Reduction;
  cumsum: Reduction;
  softmax: Reduction;
  logSoftmax: Reduction;
  dot: (a: number, b: number, count: number) => number;
  atan2: Pairwise;
  fmod: Pairwise;
  badWhole: (x: number, count: number) => number;
  /** C (m×n) = activation(A (m×k)·B (k×n) + bias); strides in elements; bias 0 for none; activation 0 none, 1 ReLU; `pack` has packBytes. */
  matmul: (
    m: number,
    n: number,
    k: number,
    a: number,
    rowA: number,
    columnA: number,
    b: number,
    rowB: number,
    columnB: number,
    bias: number,
    activation: number,
    out: number,
    pack: number,
  ) => void;
  /** Returns how many rows count, or −1 − (position of a target that is no class). */
  crossEntropy: (
    x: number,
    target: number,
    logProbabilities: number,
    losses: number,
    out: number,
    rows: number,
    classes: number,
    ignored: number,
    mean: number,
  ) => number;
  crossEntropyBackward: (
    gradient: number,
    logProbabilities: number,
    target: number,
    out: number,
    rows: number,
    classes: number,
    ignored: number,
    divisor: number,
  ) => void;
  /** Convolution: `geometry` points at 16 int32, see ops/conv.ts; `work` at as many bytes as …Workspace says. */
  conv: (geometry: number, x: number, weight: number, bias: number, out: number, work: number) => void;
  convInputGradient: ConvGradient;
  convWeightGradient: ConvGradient;
  convWorkspace: (geometry: number) => number;
  convInputGradientWorkspace: (geometry: number) => number;
  convWeightGradientWorkspace: (geometry: number) => number;
  /** Largest number of each window and where it is; `geometry` points at 14 int32, see ops/pool.ts. */
  maxPool: (geometry: number, x: number, out: number, index: number, planes: number) => void;
  maxPoolGradient: (geometry: number, gradient: number, index: number, out: number, planes: number) => void;
  meanPool: MeanPool;
  meanPoolGradient: MeanPool;
  /** Means, then variances, of the channels of x (batch, channels, size), as doubles. */
  moments: (x: number, stats: number, batch: number, channels: number, size: number) => void;
  /** Batch norm, or with a gradient (else 0) its backward; `sums` and `work` hold 2 and 4 numbers a channel. */
  normaliseChannels: (
    x: number,
    gradient: number,
    out: number,
    stats: number,
    sums: number,
    weight: number,
    bias: number,
    work: number,
    batch: number,
    channels: number,
    size: number,
    eps: number,
  ) => void;
  /** Σg and Σg(x − mean) of each channel. */
  gradientSums: (
    x: number,
    gradient: number,
    stats: number,
    sums: number,
    batch: number,
    channels: number,
    size: number,
  ) => void;
  /** The gradient of the bias, or with stats (else 0) of the weight, from these sums. */
  parameterGradient: (sums: number, stats: number, out: number, channels: number, eps: number) => void;
  updateRunning: (
    stats: number,
    means: number,
    variances: number,
    counter: number,
    channels: number,
    count: number,
    momentum: number,
  ) => void;
  /** Layer or group norm, or with a gradient (else 0) its backward; see assembly/normalise.ts. */
  normaliseRows: (
    x: number,
    gradient: number,
    out: number,
    stats: number,
    weight: number,
    bias: number,
    count: number,
    groups: number,
    parts: number,
    run: number,
    eps: number,
  ) => void;
  /** The gradient of the bias, or with stats (else 0) of the weight; `work` holds groups·parts doubles. */
  rowParameterGradient: (
    x: number,
    gradient: number,
    stats: number,
    out: number,
    work: number,
    count: number,
    groups: number,
    parts: number,
    run: number,
    eps: number,
  ) => void;
  /** x (batch, channels, size) summed to (channels,). */
  channelSum: (x: number, out: number, batch: number, channels: number, size: number) => void;
  // The optimisers' kernels change `parameter` and what they remember in place; 0 where there is nothing to remember.
  sgd: (
    parameter: number,
    gradient: number,
    buffer: number,
    count: number,
    lr: number,
    momentum: number,
    gain: number,
    weightDecay: number,
    sign: number,
    nesterov: number,
    first: number,
  ) => void;
  adam: (
    parameter: number,
    gradient: number,
    first: number,
    second: number,
    largest: number,
    count: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    stepSize: number,
    gradientStep: number,
    rootCorrection2: number,
    weightDecay: number,
    shrink: number,
    sign: number,
  ) => void;
  swats: (
    parameter: number,
    gradient: number,
    first: number,
    second: number,
    sums: number,
    count: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    stepSize: number,
    rootCorrection2: number,
    weightDecay: number,
    sign: number,
  ) => void;
  adamax: (
    parameter: number,
    gradient: number,
    first: number,
    largest: number,
    count: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    stepSize: number,
    weightDecay: number,
    sign: number,
  ) => void;
  rms: (
    parameter: number,
    gradient: number,
    square: number,
    mean: number,
    buffer: number,
    count: number,
    keep: number,
    gain: number,
    scale: number,
    epsilon: number,
    lr: number,
    momentum: number,
    weightDecay: number,
    sign: number,
  ) => void;
  adadelta: (
    parameter: number,
    gradient: number,
    square: number,
    moved: number,
    count: number,
    rho: number,
    epsilon: number,
    lr: number,
    weightDecay: number,
    sign: number,
  ) => void;
}

export interface KernelTable {
  float32: FloatKernels & { toF64: Unary; toI32: Unary };
  float64: FloatKernels & {
    toF32: Unary;
    toI32: Unary;
    jacobi: (matrix: number, vectors: number, n: number) => number;
    tridiagonalise: (
      matrix: number,
      n: number,
      diagonal: number,
      offDiagonal: number,
      vectors: number,
      work: number,
    ) => void;
    tridiagonalEigen: (diagonal: number, offDiagonal: number, n: number, vectors: number) => number;
    /** out[j] = (row j)·x. */
    rowProducts: (rows: number, count: number, n: number, x: number, out: number) => void;
    /** x ← x − Σ factors[j]·(row j). */
    subtractRows: (rows: number, count: number, n: number, factors: number, x: number) => void;
    scale: (x: number, factor: number, out: number, count: number) => void;
    seedXoshiro: (state: number, low: number, high: number) => void;
    uniformXoshiro: (state: number, out: number, count: number) => void;
    uniformMulberry: (state: number, out: number, count: number) => void;
    boxMuller: (pairs: number, count: number) => void;
  };
  int32: AnyKernels & {
    toF32: Unary;
    toF64: Unary;
    badIndex: (index: number, count: number, n: number) => number;
  };
}

function decodeHexadecimal(digits: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Bytes of the import of the memory up to its limits: kind 2, then 1 for "has a maximum". */
const memoryImport = [3, ...new TextEncoder().encode("env"), 6, ...new TextEncoder().encode("memory"), 2, 1];

/** The same module for a memory that threads share: one flag says so, nothing else differs. */
function withSharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const at = bytes.findIndex((_, i) => memoryImport.every((byte, j) => bytes[i + j] === byte));
  return bytes.with(at + memoryImport.length - 1, 3);
}

/** Can threads work on the engine's memory? Only where the host allows a SharedArrayBuffer. */
export const isShared = typeof SharedArrayBuffer !== "undefined";

/** Synchronous, so that the engine can be imported without waiting; workers and Node allow that for any size. */
function compile(digits: string): WebAssembly.Module {
  const bytes = decodeHexadecimal(digits);
  return new WebAssembly.Module(isShared ? withSharedMemory(bytes) : bytes);
}

export const kernelModule = compile(kernelBytes);

/** The memory that all kernels work on. It only grows. */
export const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: isShared });

const instance = new WebAssembly.Instance(kernelModule, { env: { memory } });

/** First address that the module itself does not use. */
export const heapBase = (instance.exports["heapBase"] as () => number)();

/** How many bytes `matmul` needs to work in. */
export const packBytes = (instance.exports["packBytes"] as () => number)();

const tables: Record<string, Record<string, unknown>> = { f32: {}, f64: {}, i32: {} };

/** Exports are called name_type; the table has them by type, then by name. */
function enter(exports: WebAssembly.Exports): void {
  for (const [name, value] of Object.entries(exports)) {
    const at = name.lastIndexOf("_");
    const table = tables[name.slice(at + 1)];
    if (at > 0 && table !== undefined) table[name.slice(0, at)] = value;
  }
}

enter(instance.exports);

/** Adds the kernels of another module, which works on the same memory and has no constants of its own there. */
export function addKernels(digits: string): void {
  enter(new WebAssembly.Instance(compile(digits), { env: { memory } }).exports);
}

/** All kernels; those of layers and of optimisers once `layers.ts` and `optimizer.ts` beside this file are imported. */
export const kernels = {
  float32: tables["f32"],
  float64: tables["f64"],
  int32: tables["i32"],
} as unknown as KernelTable;
