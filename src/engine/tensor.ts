// The tensor: numbers (a storage), a shape, and, where gradients are wanted, how it was made. Its methods only forward to
// the operations in ops/, one file a family; those files hold the formulas.
import { backward, type BackwardOptions } from "./autograd/backward.ts";
import { isDetectingAnomalies, isRecording, noGrad, record, type TapeEntry } from "./autograd/tape.ts";
import { bytesOf, checkDtype, isFloat, type Dtype, type TypedArray } from "./dtype.ts";
import {
  AnomalyError,
  DtypeError,
  GradientError,
  ShapeError,
  ValueError,
  checkOptions,
  describe,
  formatShape,
} from "./errors.ts";
import { formatTensor } from "./format.ts";
import { kernels } from "./kernels/kernels.ts";
import {
  Storage,
  adopt,
  checkSize,
  copyOut,
  drop,
  hold,
  letOut,
  moveBytes,
  place,
  readOne,
} from "./memory/heap.ts";
import * as elementwise from "./ops/elementwise.ts";
import * as indexing from "./ops/indexing.ts";
import * as layout from "./ops/layout.ts";
import * as matrix from "./ops/matmul.ts";
import * as reduce from "./ops/reduce.ts";
import type { Operand } from "./ops/elementwise.ts";
import type { Index } from "./ops/indexing.ts";
import type { Dim, Extremes, ReduceOptions } from "./ops/reduce.ts";
import { broadcastShapes, sameShape, sizeOf, type Shape } from "./shape.ts";

/** Numbers in arrays in arrays, as deep as the tensor has dimensions. */
export type NestedArray = number | NestedArray[];

/**
 * An n-dimensional array of numbers that can be differentiated.
 *
 * Make one with `tensor`, `zeros`, `randn` …; every operation gives a new tensor. Operations between tensors of different
 * shapes broadcast: shapes are aligned at the right, and sizes must be equal or 1.
 */
export class Tensor {
  /** The numbers; shared with reshapes of this tensor. For the engine only. */
  readonly storage: Storage;
  readonly shape: Shape;
  /** How many numbers it holds. */
  readonly size: number;
  /** How it was made, while a backward pass may still need to know. For the engine only. */
  history: TapeEntry | null = null;
  /** The same as grad; reading it does not let it out, so that its memory can be used again. For the engine only. */
  gradient: Tensor | null = null;
  /** Can nobody but the tape reach it? Then its numbers go once the backward pass is through. For the engine only. */
  isInternal = false;
  /** Keep `grad` although this is not a leaf; see retainGrad. */
  retainsGrad = false;
  /** For the backward pass only. */
  pendingGradient: Tensor | null = null;
  /** For the backward pass only. */
  visit = 0;
  private needsGrad = false;

  constructor(storage: Storage, shape: Shape) {
    this.storage = storage;
    this.shape = shape;
    this.size = storage.length;
  }

  /** A tensor filled with one value. */
  static full(shape: Shape, value: number, dtype: Dtype = "float32"): Tensor {
    const length = sizeOf(shape);
    checkSize("full", dtype, length);
    const out = new Tensor(new Storage(dtype, length), shape);
    place(out.storage);
    kernels[dtype].fill(out.storage.address, length, value);
    return out;
  }

  /** A tensor that takes over a typed array of the right type; nobody else may write to it afterwards. */
  static adopt(values: TypedArray, shape: Shape, dtype: Dtype): Tensor {
    return new Tensor(adopt(dtype, values), shape);
  }

  /** "float32", "float64" or "int32". */
  get dtype(): Dtype {
    return this.storage.dtype;
  }

  /** Number of dimensions. */
  get rank(): number {
    return this.shape.length;
  }

  /** The transpose of a matrix. */
  get T(): Tensor {
    return layout.transpose(this);
  }

  // ---------------------------------------------------------------- reading numbers

  /** All numbers in row-major order, as a typed array of their own (a copy). */
  get data(): TypedArray {
    return copyOut(this.storage);
  }

  /** The number of a tensor that holds exactly one. */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(
        `item: a tensor of shape ${formatShape(this.shape)} holds ${this.size} numbers; item() reads exactly one. Use toArray() or data for all of them, or index first.`,
      );
    }
    return readOne(this.storage, 0);
  }

  /** The numbers in nested arrays; a plain number for a scalar. */
  toArray(): NestedArray {
    const { data, shape } = this;
    let position = 0;
    const build = (dim: number): NestedArray =>
      dim === shape.length ? data[position++]! : Array.from({ length: shape[dim]! }, () => build(dim + 1));
    return build(0);
  }

  /** A readable excerpt with shape and type. */
  toString(): string {
    return formatTensor(this);
  }

  /** JSON sees the nested arrays. */
  toJSON(): NestedArray {
    return this.toArray();
  }

  /** In a template string a tensor prints itself; in arithmetic it must not turn into a number or a text unnoticed. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new ValueError(
      "JavaScript's + − * / < do not work on tensors. Use .add(), .sub(), .mul(), .div(), .less(), or .item() to get a plain number.",
    );
  }

  /** The slices along the first dimension, one after the other: `for (const row of matrix)`. */
  *[Symbol.iterator](): Generator<Tensor, void> {
    if (this.rank === 0)
      throw new ShapeError("A scalar tensor cannot be iterated. Use .item() to get its number.");
    for (let i = 0; i < this.shape[0]!; i++) yield layout.select(this, 0, i);
  }

  // ---------------------------------------------------------------- gradients

  /** Does anything record what is computed from this tensor? Can be set on leaves of float type. */
  get requiresGrad(): boolean {
    return this.needsGrad || this.history !== null;
  }

  set requiresGrad(value: boolean) {
    if (value && !isFloat(this.dtype)) {
      throw new DtypeError("requiresGrad: only float tensors have gradients, not int32.");
    }
    if (!value && this.history !== null) {
      throw new GradientError(
        "requiresGrad: only a leaf can be told not to need a gradient. Use .detach() instead.",
      );
    }
    this.needsGrad = value;
  }

  /** Was it created directly (or detached), not computed from tensors that need gradients? Leaves receive `grad`. */
  get isLeaf(): boolean {
    return this.history === null;
  }

  /** ∂L/∂(this tensor), summed over all `backward` calls since the last zeroGrad; null before the first. */
  get grad(): Tensor | null {
    const { gradient } = this;
    if (gradient !== null) letOut(gradient.storage);
    return gradient;
  }

  set grad(value: Tensor | null) {
    if (value !== null) {
      if (!(value instanceof Tensor)) {
        throw new ValueError(`grad: must be a tensor or null, not ${describe(value)}.`);
      }
      if (!isFloat(value.dtype)) throw new DtypeError("grad: a gradient must be a float tensor, not int32.");
      if (!sameShape(value.shape, this.shape)) {
        throw new ShapeError(
          `grad: a gradient has the shape of its tensor, ${formatShape(this.shape)}, not ${formatShape(value.shape)}.`,
        );
      }
      letOut(value.storage);
    }
    this.setGradient(value);
  }

  /** Replaces the gradient; the old one's memory is given back if nobody has seen it. For the engine only. */
  setGradient(value: Tensor | null): void {
    const before = this.gradient;
    if (value !== null) hold(value.storage);
    this.gradient = value;
    if (before !== null) drop(before.storage);
  }

  /** Sets requiresGrad and returns this tensor. */
  requiresGrad_(value = true): this {
    this.requiresGrad = value;
    return this;
  }

  /**
   * Computes ∂(this)/∂(leaf) for every leaf it was computed from and adds it to that leaf's `grad`.
   * This tensor must hold one number, or `gradient` must be given. The graph is freed afterwards unless retainGraph.
   * @throws GradientError if it needs no gradient, or the graph was freed, or a saved tensor was changed in place
   */
  backward(options: BackwardOptions = {}): void {
    backward(this, options);
  }

  /** Keep `grad` on this computed tensor too. Returns this tensor. */
  retainGrad(): this {
    this.retainsGrad = true;
    return this;
  }

  /** The same numbers without history: a leaf that needs no gradient. Shares the numbers. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape);
  }

  /** A copy with its own numbers, through which gradients flow. */
  clone(): Tensor {
    const out = new Tensor(new Storage(this.dtype, this.size), this.shape);
    copyInto(this.storage, out.storage);
    return record("clone", out, [this], null, [(g) => g]);
  }

  /** Throws if a number is NaN; see autograd.detectAnomaly. For the engine only. */
  checkForNaN(operation: string): void {
    if (!isDetectingAnomalies() || !isFloat(this.dtype)) return;
    const { data } = this;
    for (let i = 0; i < data.length; i++) {
      if (Number.isNaN(data[i])) {
        throw new AnomalyError(
          `${operation} gave NaN at position ${i} of its result ${formatShape(this.shape)}.`,
        );
      }
    }
  }

  /** The same numbers in another type; itself if it has that type already. Gradients are converted back. */
  to(dtype: Dtype): Tensor {
    const from = this.dtype;
    if (dtype === from) return this;
    checkDtype("to", dtype);
    const out = new Tensor(new Storage(dtype, this.size), this.shape);
    place(this.storage, out.storage);
    convert(from, dtype)(this.storage.address, out.storage.address, this.size);
    if (!isFloat(dtype) || !isFloat(from)) return out;
    return record("to", out, [this], null, [(g) => g.to(from)]);
  }

  // ---------------------------------------------------------------- changes in place

  /** Overwrites the numbers with those of `source`, broadcast and converted. Returns this tensor. */
  copy_(source: Tensor | number): this {
    this.#checkInPlace("copy_");
    noGrad(() => {
      const values =
        typeof source === "number"
          ? Tensor.full(this.shape, source, this.dtype)
          : layout.expand(source.detach().to(this.dtype), this.shape);
      if (values.storage !== this.storage) copyInto(values.storage, this.storage);
    });
    this.storage.version++;
    return this;
  }

  /** this ← this + other. Returns this tensor. Only inside noGrad if it requires a gradient. */
  add_(other: Operand): this {
    return this.#update("add_", () => elementwise.add(this, other));
  }
  /** this ← this − other. */
  sub_(other: Operand): this {
    return this.#update("sub_", () => elementwise.sub(this, other));
  }
  /** this ← this·other. */
  mul_(other: Operand): this {
    return this.#update("mul_", () => elementwise.mul(this, other));
  }
  /** this ← this/other. */
  div_(other: Operand): this {
    return this.#update("div_", () => elementwise.div(this, other));
  }
  /** Every number ← value. */
  fill_(value: number): this {
    return this.copy_(value);
  }
  /** Every number ← 0. */
  zero_(): this {
    return this.copy_(0);
  }

  #checkInPlace(name: string): void {
    if (!isRecording() || !this.requiresGrad) return;
    throw new GradientError(
      `${name}: this tensor requires a gradient; changing it in place would make the tape wrong. Do it inside noGrad(() => …), or compute a new tensor.`,
    );
  }

  #update(name: string, compute: () => Tensor): this {
    this.#checkInPlace(name);
    const result = noGrad(compute);
    broadcastInto(name, result.shape, this.shape);
    return this.copy_(result);
  }

  // ---------------------------------------------------------------- arithmetic (ops/elementwise.ts)

  /** this + other, broadcast. */
  add(other: Operand): Tensor {
    return elementwise.add(this, other);
  }
  /** this − other, broadcast. */
  sub(other: Operand): Tensor {
    return elementwise.sub(this, other);
  }
  /** this·other elementwise, broadcast. For the matrix product see matmul. */
  mul(other: Operand): Tensor {
    return elementwise.mul(this, other);
  }
  /** this/other elementwise, broadcast; real division also for int32. */
  div(other: Operand): Tensor {
    return elementwise.div(this, other);
  }
  /** this raised to the power, elementwise. */
  pow(exponent: Operand): Tensor {
    return elementwise.pow(this, exponent);
  }
  /** −this. */
  neg(): Tensor {
    return elementwise.neg(this);
  }
  /** |this|; slope 0 at 0. */
  abs(): Tensor {
    return elementwise.abs(this);
  }
  /** −1, 0 or 1. */
  sign(): Tensor {
    return elementwise.sign(this);
  }
  /** 1/this. */
  reciprocal(): Tensor {
    return elementwise.divInto(1, this);
  }
  /** this². */
  square(): Tensor {
    return elementwise.square(this);
  }
  /** √this. */
  sqrt(): Tensor {
    return elementwise.sqrt(this);
  }
  /** 1/√this. */
  rsqrt(): Tensor {
    return elementwise.divInto(1, elementwise.sqrt(this));
  }
  /** e to the power of each number. */
  exp(): Tensor {
    return elementwise.exp(this);
  }
  /** e to the power of each number, minus 1, exact near 0. */
  expm1(): Tensor {
    return elementwise.expm1(this);
  }
  /** Natural logarithm. */
  log(): Tensor {
    return elementwise.log(this);
  }
  /** ln(1 + x), exact near 0. */
  log1p(): Tensor {
    return elementwise.log1p(this);
  }
  /** Sine (radians). */
  sin(): Tensor {
    return elementwise.sin(this);
  }
  /** Cosine (radians). */
  cos(): Tensor {
    return elementwise.cos(this);
  }
  /** Arc tangent, in (−π/2, π/2). */
  atan(): Tensor {
    return elementwise.atan(this);
  }
  /** Hyperbolic tangent. */
  tanh(): Tensor {
    return elementwise.tanh(this);
  }
  /** 1/(1 + e⁻ˣ). */
  sigmoid(): Tensor {
    return elementwise.sigmoid(this);
  }
  /** max(x, 0); slope 0 at 0. */
  relu(): Tensor {
    return elementwise.relu(this);
  }
  /** The error function. */
  erf(): Tensor {
    return elementwise.erf(this);
  }
  /** Rounded down. */
  floor(): Tensor {
    return elementwise.floor(this);
  }
  /** Rounded up. */
  ceil(): Tensor {
    return elementwise.ceil(this);
  }
  /** Rounded to the nearest whole number, halves to even. */
  round(): Tensor {
    return elementwise.round(this);
  }
  /** Each number moved into [min, max]; no gradient outside. */
  clamp(min: number, max = Infinity): Tensor {
    return elementwise.clamp(this, min, max);
  }
  /** The larger of two numbers, elementwise. */
  maximum(other: Operand): Tensor {
    return elementwise.maximum(this, other);
  }
  /** The smaller of two numbers, elementwise. */
  minimum(other: Operand): Tensor {
    return elementwise.minimum(this, other);
  }

  /** 1 where this < other, else 0 (int32). */
  less(other: Operand): Tensor {
    return elementwise.less(this, other);
  }
  /** 1 where this ≤ other, else 0 (int32). */
  lessEqual(other: Operand): Tensor {
    return elementwise.lessEqual(this, other);
  }
  /** 1 where this > other, else 0 (int32). */
  greater(other: Operand): Tensor {
    return elementwise.greater(this, other);
  }
  /** 1 where this ≥ other, else 0 (int32). */
  greaterEqual(other: Operand): Tensor {
    return elementwise.greaterEqual(this, other);
  }
  /** 1 where the numbers are equal, else 0 (int32). */
  equal(other: Operand): Tensor {
    return elementwise.equal(this, other);
  }
  /** 1 where the numbers differ, else 0 (int32). */
  notEqual(other: Operand): Tensor {
    return elementwise.notEqual(this, other);
  }
  /** This tensor's numbers where the mask is 0, `value` elsewhere. */
  maskedFill(mask: Tensor, value: number): Tensor {
    return elementwise.where(mask, value, this);
  }

  // ---------------------------------------------------------------- matrices (ops/matmul.ts)

  /** Matrix product: (m, k)·(k, n) → (m, n); vectors are rows on the left and columns on the right; stacks broadcast. */
  matmul(other: Tensor): Tensor {
    return matrix.matmul(this, other);
  }
  /** Scalar product of two vectors. */
  dot(other: Tensor): Tensor {
    return matrix.matmul(this, other);
  }
  /** (m,) and (n,) → (m, n). */
  outer(other: Tensor): Tensor {
    return matrix.outer(this, other);
  }

  // ---------------------------------------------------------------- reductions (ops/reduce.ts)

  /** Sum, of all numbers or along `dim`. */
  sum(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    const options = reduce.reduceOptions(dim, keepdim);
    return reduce.sum(this, options.dim, options.keepdim);
  }
  /** Arithmetic mean, of all numbers or along `dim`. */
  mean(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    const options = reduce.reduceOptions(dim, keepdim);
    return reduce.mean(this, options.dim, options.keepdim);
  }
  /** Σ(x − mean)²/(n − correction), correction 1 by default (unbiased). */
  var(dim?: Dim, options: { correction?: number; keepdim?: boolean } = {}): Tensor {
    return reduce.variance(this, dim, options);
  }
  /** √var. */
  std(dim?: Dim, options: { correction?: number; keepdim?: boolean } = {}): Tensor {
    return reduce.std(this, dim, options);
  }
  /** Product, of all numbers or along one dimension. */
  prod(dim?: number, keepdim?: boolean): Tensor {
    return reduce.prod(this, dim, keepdim);
  }
  /** ln Σ eˣ without overflow. */
  logsumexp(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    const options = reduce.reduceOptions(dim, keepdim);
    return reduce.logsumexp(this, options.dim, options.keepdim);
  }
  /** eˣ/Σeˣ along `dim`. */
  softmax(dim = -1): Tensor {
    return reduce.softmax(this, dim);
  }
  /** ln of softmax, without overflow. */
  logSoftmax(dim = -1): Tensor {
    return reduce.logSoftmax(this, dim);
  }
  /** Running sums along `dim`. */
  cumsum(dim: number): Tensor {
    return reduce.cumsum(this, dim);
  }
  /** The largest number; along a dimension: { values, indices }, where the first of equal numbers counts. */
  max(): Tensor;
  max(dim: number, keepdim?: boolean): Extremes;
  max(dim?: number, keepdim = false): Tensor | Extremes {
    return dim === undefined ? reduce.extreme("max", this) : reduce.extremesAlong("max", this, dim, keepdim);
  }
  /** The smallest number; along a dimension: { values, indices }, where the first of equal numbers counts. */
  min(): Tensor;
  min(dim: number, keepdim?: boolean): Extremes;
  min(dim?: number, keepdim = false): Tensor | Extremes {
    return dim === undefined ? reduce.extreme("min", this) : reduce.extremesAlong("min", this, dim, keepdim);
  }
  /** The largest along dims; equal numbers share the gradient. */
  amax(dim?: Dim, keepdim = false): Tensor {
    return reduce.extreme("max", this, dim, keepdim);
  }
  /** The smallest along dims; equal numbers share the gradient. */
  amin(dim?: Dim, keepdim = false): Tensor {
    return reduce.extreme("min", this, dim, keepdim);
  }
  /** Position of the first largest number (int32), in row-major order or along `dim`. */
  argmax(dim?: number, keepdim = false): Tensor {
    return reduce.argmax(this, dim, keepdim);
  }
  /** Position of the first smallest number (int32), in row-major order or along `dim`. */
  argmin(dim?: number, keepdim = false): Tensor {
    return reduce.argmin(this, dim, keepdim);
  }
  /** (Σ|x|ᵖ)^(1/p), p = 2 by default. */
  norm(p = 2, dim?: Dim, keepdim = false): Tensor {
    return reduce.norm(this, p, dim, keepdim);
  }
  /** The middle number (the lower of two). */
  median(): Tensor {
    return reduce.median(this);
  }

  // ---------------------------------------------------------------- layout (ops/layout.ts, ops/indexing.ts)

  /** The same numbers under another shape; one size may be −1. Shares the numbers. */
  reshape(...shape: [Shape] | number[]): Tensor {
    return layout.reshape(this, typeof shape[0] === "number" ? (shape as number[]) : shape[0]);
  }
  /** Dims startDim … endDim merged into one; all by default. */
  flatten(startDim = 0, endDim = -1): Tensor {
    return layout.flatten(this, startDim, endDim);
  }
  /** A dimension of size 1 added before `dim`. */
  unsqueeze(dim: number): Tensor {
    return layout.unsqueeze(this, dim);
  }
  /** Dimensions of size 1 removed. */
  squeeze(dim?: number): Tensor {
    return layout.squeeze(this, dim);
  }
  /** Two dimensions exchanged; the last two by default. */
  transpose(dim0 = -2, dim1 = -1): Tensor {
    return layout.transpose(this, dim0, dim1);
  }
  /** Dimensions in a new order. */
  permute(...dims: [readonly number[]] | number[]): Tensor {
    return layout.permute(this, typeof dims[0] === "number" ? (dims as number[]) : (dims[0] ?? []));
  }
  /** Repeated to a larger shape by the broadcasting rule. */
  expand(shape: Shape): Tensor {
    return layout.expand(this, shape);
  }
  /**
   * Entries start … end (exclusive) along a dimension, every step-th, as `x[start:end:step]` in Python: `x.slice(2, 5)`,
   * `x.slice(-3)`, `x.slice(0, 4, { dim: 1 })`. The first dimension and every entry when left out.
   */
  slice(start?: number, end?: number, options: { dim?: number; step?: number } = {}): Tensor {
    checkOptions("slice", options, ["dim", "step"]);
    return layout.slice(this, options.dim ?? 0, start, end, options.step);
  }
  /** One index along a dimension, which is dropped. */
  select(dim: number, index: number): Tensor {
    return layout.select(this, dim, index);
  }
  /** Zeros (or `value`) added before and after along a dimension. */
  pad(dim: number, before: number, after: number, value = 0): Tensor {
    return layout.pad(this, dim, before, after, value);
  }
  /** Reversed along the dims. */
  flip(...dims: number[]): Tensor {
    return layout.flip(this, dims);
  }
  /** The main diagonal of a matrix. */
  diagonal(): Tensor {
    return layout.diagonal(this);
  }
  /** x[i, j, …]: one position for each leading dimension. */
  get(...indices: number[]): Tensor {
    return indexing.index(this, indices);
  }
  /** Indexing dimension by dimension: a number, ":", [start, end, step] or an int32 tensor of positions. */
  index(...indices: Index[]): Tensor {
    return indexing.index(this, indices);
  }
  /** Slices at the positions of an int32 tensor along a dimension; they may repeat. */
  indexSelect(dim: number, index: Tensor): Tensor {
    return indexing.indexSelect(this, dim, index);
  }
  /** out[i, j] = this[i, index[i, j]] for dim 1, likewise for others. */
  gather(dim: number, index: Tensor): Tensor {
    return indexing.gather(this, dim, index);
  }
}

function convert(from: Dtype, to: Dtype): (x: number, out: number, count: number) => void {
  if (from === "float32") return to === "float64" ? kernels.float32.toF64 : kernels.float32.toI32;
  if (from === "float64") return to === "float32" ? kernels.float64.toF32 : kernels.float64.toI32;
  return to === "float32" ? kernels.int32.toF32 : kernels.int32.toF64;
}

/** Copies all numbers between two storages of one type and length. */
function copyInto(from: Storage, to: Storage): void {
  if (from.length === 0) return;
  place(from, to);
  moveBytes(from.address, to.address, from.length * bytesOf[from.dtype]);
}

function broadcastInto(name: string, from: Shape, to: Shape): void {
  if (broadcastShapes(name, from, to).length === to.length && sizeOf(from) <= sizeOf(to)) return;
  throw new ShapeError(
    `${name}: the result ${formatShape(from)} does not fit into ${formatShape(to)}; a change in place cannot change the shape.`,
  );
}
