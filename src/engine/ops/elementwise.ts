// Elementwise arithmetic with broadcasting, and functions of one number. Forward and backward stand together.
import { record, type VectorJacobian } from "../autograd/tape.ts";
import { checkAllFitInt32, checkTensor } from "../check.ts";
import { isFloat, promote, type Dtype, type FloatDtype } from "../dtype.ts";
import { ValueError, describe } from "../errors.ts";
import { kernels, type BinaryName, type FloatKernels, type UnaryName } from "../kernels/kernels.ts";
import { Storage, float32View, float64View, place, scratch } from "../memory/heap.ts";
import { broadcastShapes, planBroadcast, sameShape, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { expand, sumTo } from "./layout.ts";

export type Operand = Tensor | number;

// ---------------------------------------------------------------- running a kernel

/** One kernel in both precisions, looked up once. */
interface KernelPair<Kernel> {
  float32: Kernel;
  float64: Kernel;
}

type UnaryKernel = KernelPair<FloatKernels[UnaryName]>;
type BinaryKernel = KernelPair<FloatKernels[BinaryName]> & { name: BinaryName };

function unaryKernel(name: UnaryName): UnaryKernel {
  return { float32: kernels.float32[name], float64: kernels.float64[name] };
}

function binaryKernel(name: BinaryName): BinaryKernel {
  return { name, float32: kernels.float32[name], float64: kernels.float64[name] };
}

const addition = binaryKernel("add");
const subtraction = binaryKernel("sub");
const multiplication = binaryKernel("mul");
const division = binaryKernel("div");
const power = binaryKernel("pow");
const larger = binaryKernel("maximum");
const smaller = binaryKernel("minimum");
const reluBackward = binaryKernel("reluBackward");
const tanhBackward = binaryKernel("tanhBackward");
const sigmoidBackward = binaryKernel("sigmoidBackward");
const unary = {
  abs: unaryKernel("abs"),
  atan: unaryKernel("atan"),
  ceil: unaryKernel("ceil"),
  cos: unaryKernel("cos"),
  erf: unaryKernel("erf"),
  exp: unaryKernel("exp"),
  expm1: unaryKernel("expm1"),
  floor: unaryKernel("floor"),
  log: unaryKernel("log"),
  log1p: unaryKernel("log1p"),
  neg: unaryKernel("neg"),
  relu: unaryKernel("relu"),
  round: unaryKernel("round"),
  sigmoid: unaryKernel("sigmoid"),
  sign: unaryKernel("sign"),
  sin: unaryKernel("sin"),
  softplus: unaryKernel("softplus"),
  sqrt: unaryKernel("sqrt"),
  tanh: unaryKernel("tanh"),
};
const comparisons = {
  less: binaryKernel("less"),
  lessEqual: binaryKernel("lessEqual"),
  equal: binaryKernel("equal"),
};

export function checkOperand(name: string, value: unknown): asserts value is Operand {
  if (value instanceof Tensor || typeof value === "number") return;
  throw new ValueError(
    `${name}: the operand must be a tensor or a number, not ${describe(value)}. Wrap arrays in tensor(…).`,
  );
}

/** The type an operation between two operands works in. A plain number has no say, but makes whole numbers real. */
export function commonDtype(a: Tensor, b: Operand): Dtype {
  if (typeof b !== "number") return promote(a.dtype, b.dtype);
  return a.dtype === "int32" && !Number.isInteger(b) ? "float32" : a.dtype;
}

/** Element type of a comparison is int32, whatever was compared. */
type ResultDtype = "same" | "int32";

/** a ∘ b, with no record on the tape. Both operands have the float type `dtype`. */
function runBinary(kernel: BinaryKernel, a: Tensor, b: Tensor, result: ResultDtype = "same"): Tensor {
  const dtype = a.dtype as FloatDtype;
  const outDtype = result === "int32" ? "int32" : dtype;
  const run = dtype === "float32" ? kernel.float32 : kernel.float64;
  if (sameShape(a.shape, b.shape)) {
    const out = new Tensor(new Storage(outDtype, a.size), a.shape);
    place(a.storage, b.storage, out.storage);
    run(a.storage.address, b.storage.address, out.storage.address, 1, a.size, 0, 1, 0, 1);
    return out;
  }
  const shape = broadcastShapes(kernel.name, a.shape, b.shape);
  const plan = planBroadcast(a.shape, b.shape, shape);
  if (plan === null) return runBinary(kernel, expand(a, shape), expand(b, shape), result);
  const out = new Tensor(new Storage(outDtype, sizeOf(shape)), shape);
  if (out.size === 0) return out;
  place(a.storage, b.storage, out.storage);
  const { outer, inner, aOuter, aStep, bOuter, bStep } = plan;
  run(a.storage.address, b.storage.address, out.storage.address, outer, inner, aOuter, aStep, bOuter, bStep);
  return out;
}

/** a ∘ number, or number ∘ a: the number is put where the kernel can read it. */
function runWithNumber(
  kernel: BinaryKernel,
  a: Tensor,
  value: number,
  numberFirst: boolean,
  result: ResultDtype = "same",
): Tensor {
  const dtype = a.dtype as FloatDtype;
  const single = dtype === "float32";
  const out = new Tensor(new Storage(result === "int32" ? "int32" : dtype, a.size), a.shape);
  place(a.storage, out.storage);
  if (single) float32View[scratch >>> 2] = value;
  else float64View[scratch >>> 3] = value;
  const run = single ? kernel.float32 : kernel.float64;
  if (numberFirst) run(scratch, a.storage.address, out.storage.address, 1, a.size, 0, 0, 0, 1);
  else run(a.storage.address, scratch, out.storage.address, 1, a.size, 0, 1, 0, 0);
  return out;
}

/** int32 arithmetic is done in float64, which holds every int32 and every sum, difference and product that fits one. */
function runWhole(
  kernel: BinaryKernel,
  a: Tensor,
  b: Operand,
  result: ResultDtype,
  numberFirst = false,
): Tensor {
  const wide = a.to("float64");
  const out =
    typeof b === "number"
      ? runWithNumber(kernel, wide, b, numberFirst, result)
      : runBinary(kernel, wide, b.to("float64"), result);
  if (result === "int32") return out;
  checkAllFitInt32(kernel.name, out);
  return out.to("int32");
}

// ---------------------------------------------------------------- arithmetic

/** The gradient as it came. */
const passOn: readonly VectorJacobian[] = [(g) => g];

const addProducts: readonly VectorJacobian[] = [
  (g, { inputs }) => sumTo(g, inputs![0]!.shape),
  (g, { inputs }) => sumTo(g, inputs![1]!.shape),
];

/** a + b. ∂/∂a = g, ∂/∂b = g. */
export function add(a: Tensor, b: Operand): Tensor {
  checkOperand("add", b);
  const dtype = commonDtype(a, b);
  if (dtype === "int32") return runWhole(addition, a, b, "same");
  const x = a.to(dtype);
  if (typeof b === "number") return record("add", runWithNumber(addition, x, b, false), [x], null, passOn);
  const y = b.to(dtype);
  const out = runBinary(addition, x, y);
  return record("add", out, [x, y], null, addProducts);
}

const subProducts: readonly VectorJacobian[] = [
  (g, { inputs }) => sumTo(g, inputs![0]!.shape),
  (g, { inputs }) => sumTo(neg(g), inputs![1]!.shape),
];

/** a − b. ∂/∂a = g, ∂/∂b = −g. */
export function sub(a: Tensor, b: Operand): Tensor {
  checkOperand("sub", b);
  const dtype = commonDtype(a, b);
  if (dtype === "int32") return runWhole(subtraction, a, b, "same");
  const x = a.to(dtype);
  if (typeof b === "number") return record("sub", runWithNumber(subtraction, x, b, false), [x], null, passOn);
  const y = b.to(dtype);
  const out = runBinary(subtraction, x, y);
  return record("sub", out, [x, y], null, subProducts);
}

/** number − a. */
export function subFrom(value: number, a: Tensor): Tensor {
  if (a.dtype === "int32" && Number.isInteger(value)) return runWhole(subtraction, a, value, "same", true);
  const x = toFloat(a);
  return record("sub", runWithNumber(subtraction, x, value, true), [x], null, [neg]);
}

const mulProducts: readonly VectorJacobian[] = [
  (g, { inputs }) => sumTo(mul(g, inputs![1]!), inputs![0]!.shape),
  (g, { inputs }) => sumTo(mul(g, inputs![0]!), inputs![1]!.shape),
];

/** a·b elementwise. ∂/∂a = g·b, ∂/∂b = g·a. */
export function mul(a: Tensor, b: Operand): Tensor {
  checkOperand("mul", b);
  const dtype = commonDtype(a, b);
  if (dtype === "int32") return runWhole(multiplication, a, b, "same");
  const x = a.to(dtype);
  if (typeof b === "number") {
    return record("mul", runWithNumber(multiplication, x, b, false), [x], null, [(g) => mul(g, b)]);
  }
  const y = b.to(dtype);
  const out = runBinary(multiplication, x, y);
  const operands = [x, y];
  return record("mul", out, operands, operands, mulProducts);
}

/** a/b elementwise, real division also for int32. ∂/∂a = g/b, ∂/∂b = −g·(a/b)/b. */
export function div(a: Tensor, b: Operand): Tensor {
  checkOperand("div", b);
  const dtype = commonDtype(a, b);
  const x = a.to(dtype === "int32" ? "float32" : dtype);
  if (typeof b === "number") {
    return record("div", runWithNumber(division, x, b, false), [x], null, [(g) => div(g, b)]);
  }
  const y = b.to(x.dtype);
  const out = runBinary(division, x, y);
  return record(
    "div",
    out,
    [x, y],
    [x, y],
    [(g) => sumTo(div(g, y), x.shape), (g) => sumTo(neg(mul(g, div(div(x, y), y))), y.shape)],
  );
}

/** number/a. ∂/∂a = −g·number/a². */
export function divInto(value: number, a: Tensor): Tensor {
  const x = toFloat(a);
  const out = runWithNumber(division, x, value, true);
  return record("div", out, [x], [x], [(g) => neg(mul(g, div(divInto(value, x), x)))]);
}

/** aᵇ. ∂/∂a = g·b·aᵇ⁻¹, ∂/∂b = g·aᵇ·ln a (0 where a = 0). */
export function pow(a: Tensor, b: Operand): Tensor {
  checkOperand("pow", b);
  const dtype = commonDtype(a, b);
  const x = a.to(dtype === "int32" ? "float32" : dtype);
  if (typeof b === "number") {
    if (b === 2) return square(x);
    const out = runWithNumber(power, x, b, false);
    return record(
      "pow",
      out,
      [x],
      [x],
      [(g) => (b === 0 ? mul(g, 0) : mul(g, mul(b === 1 ? onesLike(x) : pow(x, b - 1), b)))],
    );
  }
  const y = b.to(x.dtype);
  const out = runBinary(power, x, y);
  return record(
    "pow",
    out,
    [x, y],
    [x, y, out],
    [
      (g) => sumTo(mul(g, mul(y, pow(x, sub(y, 1)))), x.shape),
      (g) => {
        const logarithm = log(where(equal(x, 0), onesLike(x), x));
        return sumTo(mul(g, mul(out, logarithm)), y.shape);
      },
    ],
  );
}

/** number raised to a. ∂/∂a = g·number^a·ln number. */
export function powOf(base: number, a: Tensor): Tensor {
  const x = toFloat(a);
  const logarithm = base === 0 ? 0 : log(Tensor.full([], base, "float64")).item();
  const out = runWithNumber(power, x, base, true);
  return record("pow", out, [x], [out], [(g) => mul(g, mul(out, logarithm))]);
}

/** The larger of two numbers; where they are equal each gets half of the gradient. */
export function maximum(a: Tensor, b: Operand): Tensor {
  return choice("maximum", a, b, (x, y) => [greater(x, y), equal(x, y)]);
}

/** The smaller of two numbers; where they are equal each gets half of the gradient. */
export function minimum(a: Tensor, b: Operand): Tensor {
  return choice("minimum", a, b, (x, y) => [less(x, y), equal(x, y)]);
}

function choice(
  name: "maximum" | "minimum",
  a: Tensor,
  b: Operand,
  masks: (x: Tensor, y: Tensor) => [wins: Tensor, ties: Tensor],
): Tensor {
  checkTensor(name, "the first operand", a);
  checkOperand(name, b);
  const dtype = commonDtype(a, b);
  const kernel = name === "maximum" ? larger : smaller;
  if (dtype === "int32") return runWhole(kernel, a, b, "same");
  const x = a.to(dtype);
  const y = typeof b === "number" ? Tensor.full([], b, dtype) : b.to(dtype);
  const out = runBinary(kernel, x, y);
  /** 1 where the first wins, ½ where they tie, 0 elsewhere. */
  const share = (first: Tensor, second: Tensor) => {
    const [wins, ties] = masks(first, second);
    return add(wins.to(dtype), mul(ties.to(dtype), 0.5));
  };
  return record(
    name,
    out,
    [x, y],
    [x, y],
    [(g) => sumTo(mul(g, share(x, y)), x.shape), (g) => sumTo(mul(g, share(y, x)), y.shape)],
  );
}

/** Each number moved into [min, max]; the gradient passes inside and at the bounds, not outside. */
export function clamp(a: Tensor, min: number, max: number): Tensor {
  const x = toFloat(a);
  const out = runWithNumber(smaller, runWithNumber(larger, x, min, false), max, false);
  return record(
    "clamp",
    out,
    [x],
    [x],
    [(g) => mul(g, mul(lessEqual(x, max).to(x.dtype), greaterEqual(x, min).to(x.dtype)))],
  );
}

// ---------------------------------------------------------------- comparisons: int32 tensors of 0 and 1

type Comparison = "less" | "lessEqual" | "equal";

/** Errors must name what was called, not the kernel that would have answered. */
function checkComparison(owner: string, a: Tensor, b: Operand): void {
  checkOperand(owner, b);
  if (typeof b !== "number") broadcastShapes(owner, a.shape, b.shape);
}

function comparison(name: Comparison, a: Tensor, b: Operand, owner: string = name): Tensor {
  checkComparison(owner, a, b);
  const dtype = commonDtype(a, b);
  const kernel = comparisons[name];
  if (dtype === "int32") return runWhole(kernel, a, b, "int32");
  const x = a.to(dtype);
  return typeof b === "number"
    ? runWithNumber(kernel, x, b, false, "int32")
    : runBinary(kernel, x, b.to(dtype), "int32");
}

/** b < a or b ≤ a: the comparison turned round. */
function reversed(name: Comparison, a: Tensor, b: Operand, owner: string): Tensor {
  checkComparison(owner, a, b);
  if (typeof b !== "number") return comparison(name, b, a);
  return runWithNumber(comparisons[name], a.dtype === "int32" ? a.to("float64") : a, b, true, "int32");
}

export const less = (a: Tensor, b: Operand): Tensor => comparison("less", a, b);
export const lessEqual = (a: Tensor, b: Operand): Tensor => comparison("lessEqual", a, b);
export const greater = (a: Tensor, b: Operand): Tensor => reversed("less", a, b, "greater");
export const greaterEqual = (a: Tensor, b: Operand): Tensor => reversed("lessEqual", a, b, "greaterEqual");
export const equal = (a: Tensor, b: Operand): Tensor => comparison("equal", a, b);
export const notEqual = (a: Tensor, b: Operand): Tensor =>
  runWhole(subtraction, comparison("equal", a, b, "notEqual"), 1, "same", true);

/** condition ? a : b, number by number. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  checkTensor("where", "the condition (e.g. x.greater(0))", condition);
  checkOperand("where", a);
  checkOperand("where", b);
  const dtype = whereDtype(a, b);
  const x = typeof a === "number" ? Tensor.full([], a, dtype) : a.to(dtype);
  const y = typeof b === "number" ? Tensor.full([], b, dtype) : b.to(dtype);
  const mask = condition.dtype === "int32" ? condition : notEqual(condition, 0);
  const shape = broadcastShapes("where", broadcastShapes("where", x.shape, y.shape), mask.shape);
  const [c, p, q] = [expand(mask, shape), expand(x, shape), expand(y, shape)];
  const out = new Tensor(new Storage(dtype, c.size), shape);
  place(c.storage, p.storage, q.storage, out.storage);
  kernels[dtype].where(c.storage.address, p.storage.address, q.storage.address, out.storage.address, c.size);
  return record("where", out, [p, q], [c], [(g) => where(c, g, 0), (g) => where(c, 0, g)]);
}

function whereDtype(a: Operand, b: Operand): Dtype {
  if (typeof a !== "number") return commonDtype(a, b);
  return typeof b === "number" ? "float32" : commonDtype(b, a);
}

// ---------------------------------------------------------------- functions of one number

/** int32 becomes float32; float types stay. */
export function toFloat(x: Tensor): Tensor {
  return isFloat(x.dtype) ? x : x.to("float32");
}

function onesLike(x: Tensor): Tensor {
  return Tensor.full(x.shape, 1, x.dtype);
}

function runUnary(kernel: UnaryKernel, x: Tensor): Tensor {
  const { storage, size, shape } = x;
  const out = new Tensor(new Storage(storage.dtype, size), shape);
  place(storage, out.storage);
  const run = storage.dtype === "float32" ? kernel.float32 : kernel.float64;
  run(storage.address, out.storage.address, size);
  return out;
}

/** −x. */
export function neg(x: Tensor): Tensor {
  if (x.dtype === "int32") return runWhole(subtraction, x, 0, "same", true);
  return record("neg", runUnary(unary.neg, x), [x], null, [neg]);
}

/** |x|, with slope 0 at 0. */
export function abs(a: Tensor): Tensor {
  if (a.dtype === "int32") return maximum(a, neg(a));
  const x = toFloat(a);
  return record("abs", runUnary(unary.abs, x), [x], [x], [(g) => mul(g, sign(x))]);
}

/** −1, 0 or 1; its slope is 0. */
export function sign(a: Tensor): Tensor {
  return a.dtype === "int32" ? sub(greater(a, 0), less(a, 0)) : flat("sign", a);
}

/** Rounded down, up, or to the nearest (halves to even); the slope is 0. */
export const floor = (a: Tensor): Tensor => flat("floor", a);
export const ceil = (a: Tensor): Tensor => flat("ceil", a);
export const round = (a: Tensor): Tensor => flat("round", a);

function flat(name: "sign" | "floor" | "ceil" | "round", x: Tensor): Tensor {
  if (x.dtype === "int32") return x;
  return record(name, runUnary(unary[name], x), [x], null, [(g) => mul(g, 0)]);
}

/** x². */
export function square(a: Tensor): Tensor {
  if (a.dtype === "int32") return mul(a, a);
  const x = toFloat(a);
  return record("square", runBinary(multiplication, x, x), [x], [x], [(g) => mul(mul(g, x), 2)]);
}

/** √x; the slope at 0 is Infinity. */
export function sqrt(a: Tensor): Tensor {
  const x = toFloat(a);
  const out = runUnary(unary.sqrt, x);
  return record("sqrt", out, [x], [out], [(g) => div(mul(g, 0.5), out)]);
}

/** eˣ. */
export function exp(a: Tensor): Tensor {
  const x = toFloat(a);
  const out = runUnary(unary.exp, x);
  return record("exp", out, [x], [out], [(g) => mul(g, out)]);
}

/** eˣ − 1, exact near 0. */
export function expm1(a: Tensor): Tensor {
  const x = toFloat(a);
  const out = runUnary(unary.expm1, x);
  return record("expm1", out, [x], [out], [(g) => mul(g, add(out, 1))]);
}

/** Natural logarithm; −Infinity at 0, NaN below. */
export function log(a: Tensor): Tensor {
  const x = toFloat(a);
  return record("log", runUnary(unary.log, x), [x], [x], [(g) => div(g, x)]);
}

/** ln(1 + x), exact near 0. */
export function log1p(a: Tensor): Tensor {
  const x = toFloat(a);
  return record("log1p", runUnary(unary.log1p, x), [x], [x], [(g) => div(g, add(x, 1))]);
}

/** Sine of an angle in radians. */
export function sin(a: Tensor): Tensor {
  const x = toFloat(a);
  return record("sin", runUnary(unary.sin, x), [x], [x], [(g) => mul(g, cos(x))]);
}

/** Cosine of an angle in radians. */
export function cos(a: Tensor): Tensor {
  const x = toFloat(a);
  return record("cos", runUnary(unary.cos, x), [x], [x], [(g) => neg(mul(g, sin(x)))]);
}

/** Arc tangent, in (−π/2, π/2); slope 1/(1 + x²). */
export function atan(a: Tensor): Tensor {
  const x = toFloat(a);
  return record("atan", runUnary(unary.atan, x), [x], [x], [(g) => div(g, add(square(x), 1))]);
}

const tanhProducts: readonly VectorJacobian[] = [(g, { output }) => mul(g, subFrom(1, square(output)))];
const tanhFastProducts: readonly VectorJacobian[] = [(g, { output }) => runBinary(tanhBackward, g, output)];

/** Hyperbolic tangent; slope 1 − tanh². */
export function tanh(a: Tensor): Tensor {
  const x = toFloat(a);
  const out = runUnary(unary.tanh, x);
  return record("tanh", out, [x], [out], tanhProducts, tanhFastProducts);
}

const sigmoidProducts: readonly VectorJacobian[] = [
  (g, { output }) => mul(g, mul(output, subFrom(1, output))),
];
const sigmoidFastProducts: readonly VectorJacobian[] = [
  (g, { output }) => runBinary(sigmoidBackward, g, output),
];

/** σ(x) = 1/(1 + e⁻ˣ); slope σ(1 − σ). */
export function sigmoid(a: Tensor): Tensor {
  const x = toFloat(a);
  const out = runUnary(unary.sigmoid, x);
  return record("sigmoid", out, [x], [out], sigmoidProducts, sigmoidFastProducts);
}

const reluProducts: readonly VectorJacobian[] = [
  (g, { output }) => mul(g, greater(output, 0).to(output.dtype)),
];
const reluFastProducts: readonly VectorJacobian[] = [(g, { output }) => runBinary(reluBackward, g, output)];

/** Notes that `out` is relu(x), however it was computed. */
export function recordRelu(out: Tensor, x: Tensor): Tensor {
  return record("relu", out, [x], [out], reluProducts, reluFastProducts);
}

/** max(x, 0), with slope 0 at 0; the second derivative is 0 everywhere. */
export function relu(a: Tensor): Tensor {
  const x = toFloat(a);
  return recordRelu(runUnary(unary.relu, x), x);
}

/** ln(1 + eˣ), without overflow; slope σ(x). */
export function softplus(a: Tensor): Tensor {
  const x = toFloat(a);
  return record("softplus", runUnary(unary.softplus, x), [x], [x], [(g) => mul(g, sigmoid(x))]);
}

/** The error function 2/√π·∫₀ˣ e^−t² dt; slope 2/√π·e^−x². */
export function erf(a: Tensor): Tensor {
  const x = toFloat(a);
  const twoOverRootPi = 1.1283791670955126;
  return record(
    "erf",
    runUnary(unary.erf, x),
    [x],
    [x],
    [(g) => mul(mul(g, exp(neg(square(x)))), twoOverRootPi)],
  );
}

export type { Shape };
