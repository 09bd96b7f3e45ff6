// More functions of numbers, elementwise: trigonometry, other bases, remainders, tests and logic, and combinations of
// three tensors. The everyday ones are in elementwise.ts.
import { record } from "../autograd/tape.ts";
import { checkBoolean, checkTensor } from "../check.ts";
import type { FloatDtype } from "../dtype.ts";
import { OptionError, ValueError, checkNumber, checkOptions, describe } from "../errors.ts";
import { kernels, type UnaryName } from "../kernels/kernels.ts";
import { Storage, place } from "../memory/heap.ts";
import { broadcastShapes } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import {
  abs,
  add,
  checkOperand,
  clamp as clampNumbers,
  commonDtype,
  div,
  divInto,
  equal,
  greater,
  less,
  lessEqual,
  log,
  log1p,
  mul,
  neg,
  notEqual,
  round,
  square,
  sqrt,
  sub,
  subFrom,
  toFloat,
  where,
  type Operand,
} from "./elementwise.ts";
import { expand } from "./layout.ts";

// ---------------------------------------------------------------- functions of one number

function run(name: UnaryName, x: Tensor): Tensor {
  const out = new Tensor(new Storage(x.dtype, x.size), x.shape);
  place(x.storage, out.storage);
  kernels[x.dtype as FloatDtype][name](x.storage.address, out.storage.address, x.size);
  return out;
}

/** A function whose slope is known from its input. */
function ofInput(name: UnaryName, slope: (x: Tensor) => Tensor): (a: Tensor) => Tensor {
  return (a) => {
    const x = toFloat(a);
    return record(name, run(name, x), [x], [x], [(g) => mul(g, slope(x))]);
  };
}

/** A function whose slope is known from its output. */
function ofOutput(name: UnaryName, slope: (y: Tensor) => Tensor): (a: Tensor) => Tensor {
  return (a) => {
    const x = toFloat(a);
    const out = run(name, x);
    return record(name, out, [x], [out], [(g) => mul(g, slope(out))]);
  };
}

/** Tangent of an angle in radians; slope 1 + tan². */
export const tan = ofOutput("tan", (y) => add(square(y), 1));
/** Arc sine, in [−π/2, π/2]; slope 1/√(1 − x²). */
export const asin = ofInput("asin", (x) => divInto(1, sqrt(subFrom(1, square(x)))));
/** Arc cosine, in [0, π]; slope −1/√(1 − x²). */
export const acos = ofInput("acos", (x) => divInto(-1, sqrt(subFrom(1, square(x)))));
/** Hyperbolic sine; slope cosh. */
export const sinh = ofInput("sinh", (x) => cosh(x));
/** Hyperbolic cosine; slope sinh. */
export const cosh = ofInput("cosh", (x) => sinh(x));
/** 2ˣ; slope ln 2·2ˣ. */
export const exp2 = ofOutput("exp2", (y) => mul(y, Math.LN2));
/** Logarithm to base 2; slope 1/(x·ln 2). */
export const log2 = ofInput("log2", (x) => divInto(1, mul(x, Math.LN2)));
/** Logarithm to base 10; slope 1/(x·ln 10). */
export const log10 = ofInput("log10", (x) => divInto(1, mul(x, Math.LN10)));

/** The part before the point; slope 0. */
export function trunc(a: Tensor): Tensor {
  if (a.dtype === "int32") return a;
  return record("trunc", run("trunc", a), [a], null, [(g) => mul(g, 0)]);
}

/** The part behind the point, with the sign of x; slope 1. */
export function frac(a: Tensor): Tensor {
  return sub(a, trunc(a));
}

/** ln(x/(1 − x)), the inverse of sigmoid; x is first moved into [eps, 1 − eps] if eps is given. */
export function logit(a: Tensor, eps?: number): Tensor {
  let x = toFloat(a);
  if (eps !== undefined) {
    checkNumber("logit", "eps", eps, { min: 0, max: 0.5 });
    x = clampNumbers(x, eps, 1 - eps);
  }
  return sub(log(x), log1p(neg(x)));
}

// ---------------------------------------------------------------- functions of two numbers

/** Both operands as tensors of one shape and type. */
function together(name: string, a: Tensor, b: Operand, least: "int32" | "float32"): [Tensor, Tensor] {
  checkOperand(name, b);
  const common = commonDtype(a, b);
  const dtype = common === "int32" ? least : common;
  const other = typeof b === "number" ? Tensor.full([], b, dtype) : b.to(dtype);
  const shape = broadcastShapes(name, a.shape, other.shape);
  return [expand(a.to(dtype), shape), expand(other, shape)];
}

function pairwise(name: "atan2" | "fmod", x: Tensor, y: Tensor): Tensor {
  const out = new Tensor(new Storage(x.dtype, x.size), x.shape);
  place(x.storage, y.storage, out.storage);
  const kernel = kernels[x.dtype as FloatDtype][name];
  kernel(x.storage.address, y.storage.address, out.storage.address, x.size);
  return out;
}

/** The angle of the point (x, y) = (b, a), in [−π, π]. ∂/∂a = b/(a² + b²), ∂/∂b = −a/(a² + b²). */
export function atan2(a: Tensor, b: Operand): Tensor {
  const [y, x] = together("atan2", a, b, "float32");
  const scaled = (g: Tensor) => div(g, add(square(x), square(y)));
  return record(
    "atan2",
    pairwise("atan2", y, x),
    [y, x],
    [y, x],
    [(g) => mul(scaled(g), x), (g) => neg(mul(scaled(g), y))],
  );
}

function refuseZero(name: string, y: Tensor): void {
  if (equal(y, 0).data.includes(1)) throw new ValueError(`${name}: division of int32 by 0.`);
}

/** The exact remainder a − b·trunc(a/b), with the sign of a. ∂/∂a = g, ∂/∂b = −g·trunc(a/b). */
export function fmod(a: Tensor, b: Operand, name = "fmod"): Tensor {
  const [x, y] = together(name, a, b, "int32");
  if (x.dtype === "int32") {
    refuseZero(name, y);
    return pairwise("fmod", x.to("float64"), y.to("float64")).to("int32");
  }
  const out = pairwise("fmod", x, y);
  const quotient = () => round(div(sub(x, out), y)).detach();
  return record(name, out, [x, y], [x, y, out], [(g) => g, (g) => neg(mul(g, quotient()))]);
}

/** The exact remainder a − b·floor(a/b), with the sign of b, as Python's %. */
export function remainder(a: Tensor, b: Operand): Tensor {
  const rest = fmod(a, b, "remainder");
  // Remainder and divisor of opposite signs: one more b.
  const opposite = logicalXor(less(rest, 0), typeof b === "number" ? less(fullLike(rest, b), 0) : less(b, 0));
  return where(logicalAnd(opposite, rest), add(rest, b), rest);
}

function fullLike(x: Tensor, value: number): Tensor {
  return Tensor.full([], value, x.dtype);
}

/** a + weight·(b − a). */
export function lerp(a: Tensor, end: Tensor, weight: Operand): Tensor {
  checkTensor("lerp", "the end", end);
  checkOperand("lerp", weight);
  return add(a, mul(sub(end, a), weight));
}

/** a + value·b·c. */
export function addcmul(a: Tensor, b: Tensor, c: Tensor, options: { value?: number } = {}): Tensor {
  return combine("addcmul", mul, a, b, c, options);
}

/** a + value·b/c. */
export function addcdiv(a: Tensor, b: Tensor, c: Tensor, options: { value?: number } = {}): Tensor {
  return combine("addcdiv", div, a, b, c, options);
}

function combine(
  name: string,
  operation: (b: Tensor, c: Tensor) => Tensor,
  a: Tensor,
  b: Tensor,
  c: Tensor,
  options: { value?: number },
): Tensor {
  for (const operand of [b, c]) checkTensor(name, "the operand", operand);
  checkOptions(name, options, ["value"]);
  const { value = 1 } = options;
  checkNumber(name, "value", value);
  return add(a, mul(operation(b, c), value));
}

// ---------------------------------------------------------------- bounds

export interface ClampOptions {
  min?: Operand;
  max?: Operand;
}

function checkBound(name: string, bound: unknown): void {
  if (bound === undefined || bound instanceof Tensor) return;
  if (typeof bound === "number" && !Number.isNaN(bound)) return;
  throw new OptionError(`clamp: ${name} must be a number or a tensor, not ${describe(bound)}.`);
}

/**
 * Each number moved into [min, max]; where min > max it becomes max. The gradient passes inside and at the bounds;
 * outside it goes to the bound, if that is a tensor.
 */
export function clamp(x: Tensor, min?: Operand | ClampOptions | null, max?: Operand | null): Tensor {
  let low = min ?? undefined;
  let high = max ?? undefined;
  if (typeof low === "object" && !(low instanceof Tensor)) {
    checkOptions("clamp", low, ["min", "max"]);
    ({ min: low, max: high = high } = low);
  }
  checkBound("min", low);
  checkBound("max", high);
  if (low === undefined && high === undefined) {
    throw new OptionError("clamp: needs min or max, e.g. x.clamp(0, 1) or x.clamp({ min: 0 }).");
  }
  const lower: Operand | undefined = low;
  if (!(lower instanceof Tensor) && !(high instanceof Tensor) && x.dtype !== "int32") {
    return clampNumbers(x, lower ?? -Infinity, high ?? Infinity);
  }
  const raised = lower === undefined || lower === -Infinity ? x : where(less(x, lower), lower, x);
  return high === undefined || high === Infinity ? raised : where(greater(raised, high), high, raised);
}

/** NaN replaced by `nan` (default 0), ±Infinity by `posinf` and `neginf` (default: the largest numbers of the type). */
export function nanToNum(
  a: Tensor,
  options: { nan?: number; posinf?: number; neginf?: number } = {},
): Tensor {
  checkOptions("nanToNum", options, ["nan", "posinf", "neginf"]);
  const x = toFloat(a);
  const largest = x.dtype === "float32" ? 3.4028234663852886e38 : Number.MAX_VALUE;
  const { nan = 0, posinf = largest, neginf = -largest } = options;
  for (const [name, value] of Object.entries({ nan, posinf, neginf })) checkNumber("nanToNum", name, value);
  return where(isnan(x), nan, where(equal(x, Infinity), posinf, where(equal(x, -Infinity), neginf, x)));
}

// ---------------------------------------------------------------- tests: int32 tensors of 0 and 1

/** 1 where x is NaN. */
export const isnan = (x: Tensor): Tensor => notEqual(x, x);
/** 1 where x is Infinity or −Infinity. */
export const isinf = (x: Tensor): Tensor => equal(abs(x), Infinity);
/** 1 where x is neither NaN nor infinite. */
export const isfinite = (x: Tensor): Tensor => less(abs(x), Infinity);

/** 1 where x is not 0 (NaN counts as not 0). */
export const truth = (x: Tensor): Tensor => notEqual(x, 0);

function logic(name: string, a: Tensor, b: Operand, join: (x: Tensor, y: Tensor) => Tensor): Tensor {
  checkOperand(name, b);
  if (typeof b !== "number") broadcastShapes(name, a.shape, b.shape);
  return join(truth(a), typeof b === "number" ? Tensor.full([], b === 0 ? 0 : 1, "int32") : truth(b));
}

/** 1 where both are not 0. */
export const logicalAnd = (a: Tensor, b: Operand): Tensor => logic("logicalAnd", a, b, mul);
/** 1 where one or both are not 0. */
export const logicalOr = (a: Tensor, b: Operand): Tensor =>
  logic("logicalOr", a, b, (x, y) => truth(add(x, y)));
/** 1 where exactly one is not 0. */
export const logicalXor = (a: Tensor, b: Operand): Tensor => logic("logicalXor", a, b, notEqual);
/** 1 where x is 0. */
export const logicalNot = (x: Tensor): Tensor => equal(x, 0);

export interface CloseOptions {
  /** Allowed error relative to the other number. Default 1e-5. */
  rtol?: number;
  /** Allowed absolute error. Default 1e-8. */
  atol?: number;
  /** Does NaN equal NaN? Default false. */
  equalNan?: boolean;
}

/** 1 where |a − b| ≤ atol + rtol·|b|, or both are the same infinity. */
export function isclose(a: Tensor, b: Tensor, options: CloseOptions = {}, name = "isclose"): Tensor {
  for (const operand of [a, b]) checkTensor(name, "the operand", operand);
  checkOptions(name, options, ["rtol", "atol", "equalNan"]);
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  checkNumber(name, "rtol", rtol, { min: 0 });
  checkNumber(name, "atol", atol, { min: 0 });
  checkBoolean(name, "equalNan", equalNan);
  const x = a.detach().to("float64");
  const y = b.detach().to("float64");
  const near = logicalAnd(isfinite(y), lessEqual(abs(sub(x, y)), add(mul(abs(y), rtol), atol)));
  const close = logicalOr(near, equal(x, y));
  return equalNan ? logicalOr(close, logicalAnd(isnan(x), isnan(y))) : close;
}

/** Are all numbers close? See isclose. */
export function allclose(a: Tensor, b: Tensor, options: CloseOptions = {}): boolean {
  return !isclose(a, b, options, "allclose").data.includes(0);
}
