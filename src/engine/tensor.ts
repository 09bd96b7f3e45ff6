// The tensor: numbers (a storage), a shape, and, where gradients are wanted, how it was made. Its methods only forward to
// the operations in ops/, one file a family; those files hold the formulas.
import { backward, type BackwardOptions } from "./autograd/backward.ts";
import { isDetectingAnomalies, isRecording, noGrad, record, type TapeEntry } from "./autograd/tape.ts";
import { checkAllFitInt32, checkFitsInt32 } from "./check.ts";
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
import * as functions from "./ops/functions.ts";
import * as indexing from "./ops/indexing.ts";
import * as layout from "./ops/layout.ts";
import * as matrix from "./ops/matmul.ts";
import * as products from "./ops/products.ts";
import * as rearrange from "./ops/rearrange.ts";
import * as reduce from "./ops/reduce.ts";
import * as scattering from "./ops/scatter.ts";
import * as sorting from "./ops/sort.ts";
import type { Operand } from "./ops/elementwise.ts";
import type { ClampOptions, CloseOptions } from "./ops/functions.ts";
import type { Index } from "./ops/indexing.ts";
import type { Dim, Extremes, NormOptions, ReduceOptions, VarianceOptions } from "./ops/reduce.ts";
import type { SortOptions, TopkOptions, Unique, UniqueOptions } from "./ops/sort.ts";
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

  /** For the engine only; people make tensors with tensor, zeros, randn … */
  constructor(storage: Storage, shape: Shape) {
    if (!(storage instanceof Storage)) {
      throw new ValueError(`new Tensor: tensors are made with tensor([…]), not from ${describe(storage)}.`);
    }
    this.storage = storage;
    this.shape = shape;
    this.size = storage.length;
  }

  /** A tensor filled with one value. */
  static full(shape: Shape, value: number, dtype: Dtype = "float32"): Tensor {
    const length = sizeOf(shape);
    checkSize("full", dtype, length);
    if (dtype === "int32") checkFitsInt32("full", value);
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
  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }
  /** Number of dimensions. */
  dim(): number {
    return this.shape.length;
  }
  /** How many numbers it holds, the same as `size`. */
  numel(): number {
    return this.size;
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

  /** The same as toArray. */
  tolist(): NestedArray {
    return this.toArray();
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
    if (dtype === "int32") checkAllFitInt32("to", this);
    const out = new Tensor(new Storage(dtype, this.size), this.shape);
    place(this.storage, out.storage);
    convert(from, dtype)(this.storage.address, out.storage.address, this.size);
    if (!isFloat(dtype) || !isFloat(from)) return out;
    return record("to", out, [this], null, [(g) => g.to(from)]);
  }

  /** The same numbers as float32. */
  float(): Tensor {
    return this.to("float32");
  }
  /** The same numbers as float64. */
  double(): Tensor {
    return this.to("float64");
  }
  /** The same numbers as int32, fractions cut off. */
  int(): Tensor {
    return this.to("int32");
  }
  /** As int(): whole numbers have 32 bits here. */
  long(): Tensor {
    return this.to("int32");
  }

  // ---------------------------------------------------------------- changes in place

  /** Overwrites the numbers with those of `source`, broadcast and converted. Returns this tensor. */
  copy_(source: Tensor | number): this {
    elementwise.checkOperand("copy_", source);
    this.#checkInPlace("copy_");
    noGrad(() => {
      const values =
        typeof source === "number"
          ? Tensor.full(this.shape, source, this.dtype)
          : layout.expand(source.detach().to(this.dtype), this.shape, "copy_");
      if (values.storage !== this.storage) copyInto(values.storage, this.storage);
    });
    this.storage.version++;
    return this;
  }

  /** this ← this + other. Returns this tensor. Only inside noGrad if it requires a gradient. */
  add_(other: Operand): this {
    return this.#update("add_", other, elementwise.add);
  }
  /** this ← this − other. */
  sub_(other: Operand): this {
    return this.#update("sub_", other, elementwise.sub);
  }
  /** this ← this·other. */
  mul_(other: Operand): this {
    return this.#update("mul_", other, elementwise.mul);
  }
  /** this ← this/other. */
  div_(other: Operand): this {
    return this.#update("div_", other, elementwise.div);
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

  #update(name: string, other: Operand, compute: (x: Tensor, other: Operand) => Tensor): this {
    elementwise.checkOperand(name, other);
    if (typeof other !== "number") broadcastInto(name, other.shape, this.shape);
    this.#checkInPlace(name);
    return this.copy_(noGrad(() => compute(this, other)));
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
  /** 2 to the power of each number. */
  exp2(): Tensor {
    return functions.exp2(this);
  }
  /** Logarithm to base 2. */
  log2(): Tensor {
    return functions.log2(this);
  }
  /** Logarithm to base 10. */
  log10(): Tensor {
    return functions.log10(this);
  }
  /** Sine (radians). */
  sin(): Tensor {
    return elementwise.sin(this);
  }
  /** Cosine (radians). */
  cos(): Tensor {
    return elementwise.cos(this);
  }
  /** Tangent (radians). */
  tan(): Tensor {
    return functions.tan(this);
  }
  /** Arc sine, in [−π/2, π/2]. */
  asin(): Tensor {
    return functions.asin(this);
  }
  /** Arc cosine, in [0, π]. */
  acos(): Tensor {
    return functions.acos(this);
  }
  /** Arc tangent, in (−π/2, π/2). */
  atan(): Tensor {
    return elementwise.atan(this);
  }
  /** The angle of the points (other, this), in [−π, π]: y.atan2(x). */
  atan2(other: Operand): Tensor {
    return functions.atan2(this, other);
  }
  /** Hyperbolic sine. */
  sinh(): Tensor {
    return functions.sinh(this);
  }
  /** Hyperbolic cosine. */
  cosh(): Tensor {
    return functions.cosh(this);
  }
  /** Hyperbolic tangent. */
  tanh(): Tensor {
    return elementwise.tanh(this);
  }
  /** 1/(1 + e⁻ˣ). */
  sigmoid(): Tensor {
    return elementwise.sigmoid(this);
  }
  /** ln(x/(1 − x)), the inverse of sigmoid; with eps the numbers are first moved into [eps, 1 − eps]. */
  logit(eps?: number): Tensor {
    return functions.logit(this, eps);
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
  /** The part before the point. */
  trunc(): Tensor {
    return functions.trunc(this);
  }
  /** The part behind the point, with the sign of the number. */
  frac(): Tensor {
    return functions.frac(this);
  }
  /** this − other·trunc(this/other), exactly: the remainder with the sign of this. */
  fmod(other: Operand): Tensor {
    return functions.fmod(this, other);
  }
  /** this − other·floor(this/other), exactly: the remainder with the sign of other, as Python's %. */
  remainder(other: Operand): Tensor {
    return functions.remainder(this, other);
  }
  /**
   * Each number moved into [min, max]; bounds are numbers or tensors, and one may be left out: x.clamp(0, 1),
   * x.clamp({ max: 1 }). No gradient outside.
   */
  clamp(min?: Operand | ClampOptions | null, max?: Operand | null): Tensor {
    return functions.clamp(this, min, max);
  }
  /** NaN replaced by `nan` (0), infinities by `posinf` and `neginf` (the largest numbers of the type). */
  nanToNum(options: { nan?: number; posinf?: number; neginf?: number } = {}): Tensor {
    return functions.nanToNum(this, options);
  }
  /** The larger of two numbers, elementwise. */
  maximum(other: Operand): Tensor {
    return elementwise.maximum(this, other);
  }
  /** The smaller of two numbers, elementwise. */
  minimum(other: Operand): Tensor {
    return elementwise.minimum(this, other);
  }

  /** this + weight·(end − this). */
  lerp(end: Tensor, weight: Operand): Tensor {
    return functions.lerp(this, end, weight);
  }
  /** this + value·a·b, value 1 by default. */
  addcmul(a: Tensor, b: Tensor, options: { value?: number } = {}): Tensor {
    return functions.addcmul(this, a, b, options);
  }
  /** this + value·a/b, value 1 by default. */
  addcdiv(a: Tensor, b: Tensor, options: { value?: number } = {}): Tensor {
    return functions.addcdiv(this, a, b, options);
  }

  // ---------------------------------------------------------------- comparisons: 1 or 0, int32

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
  /** 1 where this < other; the same as less. */
  lt(other: Operand): Tensor {
    return elementwise.less(this, other);
  }
  /** 1 where this ≤ other; the same as lessEqual. */
  le(other: Operand): Tensor {
    return elementwise.lessEqual(this, other);
  }
  /** 1 where this > other; the same as greater. */
  gt(other: Operand): Tensor {
    return elementwise.greater(this, other);
  }
  /** 1 where this ≥ other; the same as greaterEqual. */
  ge(other: Operand): Tensor {
    return elementwise.greaterEqual(this, other);
  }
  /** 1 where this = other; the same as equal. */
  eq(other: Operand): Tensor {
    return elementwise.equal(this, other);
  }
  /** 1 where this ≠ other; the same as notEqual. */
  ne(other: Operand): Tensor {
    return elementwise.notEqual(this, other);
  }
  /** 1 where it is NaN. */
  isnan(): Tensor {
    return functions.isnan(this);
  }
  /** 1 where it is Infinity or −Infinity. */
  isinf(): Tensor {
    return functions.isinf(this);
  }
  /** 1 where it is neither NaN nor infinite. */
  isfinite(): Tensor {
    return functions.isfinite(this);
  }
  /** 1 where |this − other| ≤ atol + rtol·|other| (defaults 1e-8 and 1e-5). */
  isclose(other: Tensor, options: CloseOptions = {}): Tensor {
    return functions.isclose(this, other, options);
  }
  /** Are all numbers close? See isclose. */
  allclose(other: Tensor, options: CloseOptions = {}): boolean {
    return functions.allclose(this, other, options);
  }
  /** 1 where both are not 0. */
  logicalAnd(other: Operand): Tensor {
    return functions.logicalAnd(this, other);
  }
  /** 1 where one or both are not 0. */
  logicalOr(other: Operand): Tensor {
    return functions.logicalOr(this, other);
  }
  /** 1 where exactly one is not 0. */
  logicalXor(other: Operand): Tensor {
    return functions.logicalXor(this, other);
  }
  /** 1 where it is 0. */
  logicalNot(): Tensor {
    return functions.logicalNot(this);
  }

  // ---------------------------------------------------------------- matrices (ops/matmul.ts)

  /** Matrix product: (m, k)·(k, n) → (m, n); vectors are rows on the left and columns on the right; stacks broadcast. */
  matmul(other: Tensor): Tensor {
    return matrix.matmul(this, other);
  }
  /** Product of two matrices. */
  mm(other: Tensor): Tensor {
    return products.mm(this, other);
  }
  /** Product of a matrix and a vector. */
  mv(other: Tensor): Tensor {
    return products.mv(this, other);
  }
  /** Products of two stacks of matrices, (b, m, k)·(b, k, n) → (b, m, n). */
  bmm(other: Tensor): Tensor {
    return products.bmm(this, other);
  }
  /** Scalar product of two vectors. */
  dot(other: Tensor): Tensor {
    return products.dot(this, other);
  }
  /** (m,) and (n,) → (m, n). */
  outer(other: Tensor): Tensor {
    return matrix.outer(this, other);
  }
  /** Sum of the main diagonal of a matrix. */
  trace(): Tensor {
    return rearrange.trace(this);
  }

  // ---------------------------------------------------------------- reductions (ops/reduce.ts)

  /** Sum, of all numbers or along `dim`. */
  sum(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    const options = reduce.reduceOptions("sum", dim, keepdim);
    return reduce.sum(this, options.dim, options.keepdim);
  }
  /** Arithmetic mean, of all numbers or along `dim`. */
  mean(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    const options = reduce.reduceOptions("mean", dim, keepdim);
    return reduce.mean(this, options.dim, options.keepdim);
  }
  /** Σ(x − mean)²/(n − correction), correction 1 by default (unbiased). */
  var(dim?: Dim | VarianceOptions, options: VarianceOptions = {}): Tensor {
    return reduce.variance(this, dim, options);
  }
  /** √var. */
  std(dim?: Dim | VarianceOptions, options: VarianceOptions = {}): Tensor {
    return reduce.std(this, dim, options);
  }
  /** Product, of all numbers or along one dimension. */
  prod(dim?: number, keepdim?: boolean): Tensor {
    return reduce.prod(this, dim, keepdim);
  }
  /** ln Σ eˣ without overflow. */
  logsumexp(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    const options = reduce.reduceOptions("logsumexp", dim, keepdim);
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
  /** Running products along `dim`. */
  cumprod(dim: number): Tensor {
    return reduce.cumprod(this, dim);
  }
  /** Sum of all numbers that are not NaN. */
  nansum(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    return reduce.nansum(this, dim, keepdim);
  }
  /** Mean of all numbers that are not NaN. */
  nanmean(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    return reduce.nanmean(this, dim, keepdim);
  }
  /** How many numbers are not 0 (int32). */
  countNonzero(dim?: Dim): Tensor {
    return reduce.countNonzero(this, dim);
  }
  /** 1 where any number is not 0 (int32). */
  any(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    return reduce.any(this, dim, keepdim);
  }
  /** 1 where no number is 0 (int32). */
  all(dim?: Dim | ReduceOptions, keepdim?: boolean): Tensor {
    return reduce.all(this, dim, keepdim);
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
    return reduce.extreme("max", this, dim, keepdim, "amax");
  }
  /** The smallest along dims; equal numbers share the gradient. */
  amin(dim?: Dim, keepdim = false): Tensor {
    return reduce.extreme("min", this, dim, keepdim, "amin");
  }
  /** Position of the first largest number (int32), in row-major order or along `dim`. */
  argmax(dim?: number, keepdim = false): Tensor {
    return reduce.argmax(this, dim, keepdim);
  }
  /** Position of the first smallest number (int32), in row-major order or along `dim`. */
  argmin(dim?: number, keepdim = false): Tensor {
    return reduce.argmin(this, dim, keepdim);
  }
  /** The smallest and the largest number, of all or along one dimension: { min, max }. */
  aminmax(options: ReduceOptions = {}): { min: Tensor; max: Tensor } {
    return reduce.aminmax(this, options);
  }
  /** (Σ|x|ᵖ)^(1/p), p = 2 by default: x.norm(), x.norm(1, 0), x.norm({ p: Infinity, dim: [0, 1] }). */
  norm(p?: number | "fro" | NormOptions, dim?: Dim, keepdim?: boolean): Tensor {
    return reduce.norm(this, p, dim, keepdim);
  }

  // ---------------------------------------------------------------- order (ops/sort.ts)

  /** The middle number (the lower of two); along a dimension: { values, indices }. */
  median(): Tensor;
  median(dim: number, keepdim?: boolean): Extremes;
  median(dim?: number, keepdim = false): Tensor | Extremes {
    return dim === undefined ? sorting.median(this) : sorting.medianAlong(this, dim, keepdim);
  }
  /** The numbers along a dimension (the last) in order, and where they were: { values, indices }. NaN counts as largest. */
  sort(options: SortOptions = {}): Extremes {
    return sorting.sort(this, options);
  }
  /** Positions that sort a dimension (the last), int32. */
  argsort(options: SortOptions = {}): Tensor {
    return sorting.argsort(this, options);
  }
  /** The k largest numbers along a dimension (the last), in order, and where they are: { values, indices }. */
  topk(k: number, options: TopkOptions = {}): Extremes {
    return sorting.topk(this, k, options);
  }
  /** The k-th smallest number along a dimension, k from 1: { values, indices }. */
  kthvalue(k: number, dim = -1, keepdim = false): Extremes {
    return sorting.kthvalue(this, k, dim, keepdim);
  }
  /** The different numbers in ascending order; with options { values, inverse, counts }. */
  unique(): Tensor;
  unique(options: UniqueOptions): Unique;
  unique(options: UniqueOptions = {}): Tensor | Unique {
    return sorting.unique(this, options);
  }

  // ---------------------------------------------------------------- layout (ops/layout.ts, ops/indexing.ts)

  /** The same numbers under another shape; one size may be −1. Shares the numbers. */
  reshape(...shape: Sizes): Tensor {
    return layout.reshape(this, sizesOf(shape));
  }
  /** As reshape: the numbers always lie in order here, so every view exists. */
  view(...shape: Sizes): Tensor {
    return layout.reshape(this, sizesOf(shape), "view");
  }
  /** The same numbers under the shape of another tensor. */
  reshapeAs(other: Tensor): Tensor {
    return layout.reshape(this, layout.shapeLike("reshapeAs", other), "reshapeAs");
  }
  /** As reshapeAs. */
  viewAs(other: Tensor): Tensor {
    return layout.reshape(this, layout.shapeLike("viewAs", other), "viewAs");
  }
  /** Dims startDim … endDim merged into one; all by default. */
  flatten(startDim = 0, endDim = -1): Tensor {
    return layout.flatten(this, startDim, endDim);
  }
  /** A dimension cut into several; one of the sizes may be −1. */
  unflatten(dim: number, sizes: Shape): Tensor {
    return rearrange.unflatten(this, dim, sizes);
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
  /** As transpose, with both dimensions named. */
  swapaxes(dim0: number, dim1: number): Tensor {
    return layout.transpose(this, dim0, dim1, "swapaxes");
  }
  /** Dimensions in a new order. */
  permute(...dims: Sizes): Tensor {
    return layout.permute(this, sizesOf(dims));
  }
  /** Dimensions moved to other places; the rest keep their order. */
  movedim(source: number | readonly number[], destination: number | readonly number[]): Tensor {
    return rearrange.movedim(this, source, destination);
  }
  /** Repeated to a larger shape by the broadcasting rule; −1 keeps a size. */
  expand(...shape: Sizes): Tensor {
    return rearrange.expandTo(this, sizesOf(shape), "expand");
  }
  /** Repeated to the shape of another tensor. */
  expandAs(other: Tensor): Tensor {
    return rearrange.expandTo(this, layout.shapeLike("expandAs", other), "expandAs");
  }
  /** As expand. */
  broadcastTo(...shape: Sizes): Tensor {
    return rearrange.expandTo(this, sizesOf(shape), "broadcastTo");
  }
  /** The whole tensor repeated along each dimension; further counts at the front add dimensions. */
  repeat(...counts: Sizes): Tensor {
    return rearrange.repeat(this, sizesOf(counts));
  }
  /** As repeat, where missing counts at the front are 1. */
  tile(...counts: Sizes): Tensor {
    return rearrange.tile(this, sizesOf(counts));
  }
  /** Each entry repeated, all alike or by an int32 tensor of counts; of all numbers in a row without a dimension. */
  repeatInterleave(repeats: number | Tensor, dim?: number): Tensor {
    return rearrange.repeatInterleave(this, repeats, dim);
  }
  /** Pieces of `size` entries along a dimension (the last may be shorter), or of the sizes in a list. */
  split(size: number | readonly number[], dim = 0): Tensor[] {
    return rearrange.split(this, size, dim);
  }
  /** At most `chunks` equal pieces along a dimension; the last may be shorter. */
  chunk(chunks: number, dim = 0): Tensor[] {
    return rearrange.chunk(this, chunks, dim);
  }
  /** The slices along a dimension, which is dropped. */
  unbind(dim = 0): Tensor[] {
    return rearrange.unbind(this, dim);
  }
  /** `length` entries from `start` on along a dimension. */
  narrow(dim: number, start: number, length: number): Tensor {
    return rearrange.narrow(this, dim, start, length);
  }
  /**
   * Entries start … end (exclusive) along a dimension, every step-th, as `x[start:end:step]` in Python: `x.slice(2, 5)`,
   * `x.slice(-3)`, `x.slice(0, 4, { dim: 1 })`. The first dimension and every entry when left out.
   */
  slice(start?: number, end?: number, options: { dim?: number; step?: number } = {}): Tensor {
    checkOptions("slice", options, ["dim", "step"]);
    const { dim = 0, step } = options;
    return layout.slice(this, dim, start, end, step);
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
  flip(...dims: Sizes): Tensor {
    return layout.flip(this, sizesOf(dims));
  }
  /** Entries moved along dims by `shifts`; what leaves at the end comes in at the front. In one long row without dims. */
  roll(shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
    return rearrange.roll(this, shifts, dims);
  }
  /** The diagonal of two dimensions (the first two), as one dimension at the end; offset > 0 lies above the main one. */
  diagonal(offset = 0, dim1 = 0, dim2 = 1): Tensor {
    return rearrange.diagonal(this, offset, dim1, dim2);
  }
  /** The lower triangle: zeros above the k-th diagonal. */
  tril(k = 0): Tensor {
    return rearrange.tril(this, k);
  }
  /** The upper triangle: zeros below the k-th diagonal. */
  triu(k = 0): Tensor {
    return rearrange.triu(this, k);
  }

  // ---------------------------------------------------------------- indexing (ops/indexing.ts, ops/scatter.ts)

  /** x[i, j, …]: one position for each leading dimension. */
  get(...indices: number[]): Tensor {
    return indexing.index(this, indices, "get");
  }
  /**
   * Indexing dimension by dimension: a number, ":", "...", [start, end, step], an int32 tensor of positions, or null for a
   * new dimension. Several tensors broadcast together and are read in step: x.index(rows, columns).
   */
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
  /** As gather, where the other dims broadcast; of all numbers in a row without a dimension. */
  takeAlongDim(index: Tensor, dim?: number): Tensor {
    return scattering.takeAlongDim(this, index, dim);
  }
  /** A copy with out[i, index[i, j]] = source[i, j] for dim 1, likewise for others; the source may be one number. */
  scatter(dim: number, index: Tensor, source: Operand): Tensor {
    return scattering.scatter(this, dim, index, source);
  }
  /** A copy with out[i, index[i, j]] += source[i, j] for dim 1, likewise for others. */
  scatterAdd(dim: number, index: Tensor, source: Tensor): Tensor {
    return scattering.scatterAdd(this, dim, index, source);
  }
  /** A copy with alpha·source added to the slices at the positions along a dimension; they may repeat. */
  indexAdd(dim: number, index: Tensor, source: Tensor, options: { alpha?: number } = {}): Tensor {
    return scattering.indexAdd(this, dim, index, source, options);
  }
  /** A copy with a number in the slices at the positions along a dimension. */
  indexFill(dim: number, index: Tensor, value: number): Tensor {
    return scattering.indexFill(this, dim, index, value);
  }
  /** This tensor's numbers where the mask is 0, `value` elsewhere. */
  maskedFill(mask: Tensor, value: Operand): Tensor {
    return scattering.maskedFill(this, mask, value);
  }
  /** The numbers where the mask is not 0, in a row. */
  maskedSelect(mask: Tensor): Tensor {
    return scattering.maskedSelect(this, mask);
  }
  /** The indices of all numbers that are not 0: (count, rank), int32. */
  nonzero(): Tensor {
    return scattering.nonzero(this);
  }
  /** This where the condition is not 0, `other` elsewhere. */
  where(condition: Tensor, other: Operand): Tensor {
    return elementwise.where(condition, this, other);
  }
}

/** Sizes (or dims, or counts) one after the other, or in one array. */
type Sizes = [Shape] | number[];

function sizesOf(sizes: Sizes): Shape {
  return sizes.length === 1 && typeof sizes[0] !== "number" ? sizes[0] : (sizes as number[]);
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
  if (sameShape(broadcastShapes(name, to, from), to)) return;
  throw new ShapeError(
    `${name}: ${formatShape(from)} does not fit into ${formatShape(to)}; a change in place cannot change the shape.`,
  );
}
