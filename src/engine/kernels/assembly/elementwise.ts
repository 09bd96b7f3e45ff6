// One number out for each number in. A binary kernel walks `outer` rows of `inner` numbers; for each operand an outer
// stride (in elements) and an inner step (0 or 1) say how it is repeated, which covers every two-level broadcast.
import * as math from "./math";

// ---------------------------------------------------------------- two operands

const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;
const MAX = 4;
const MIN = 5;
/** Backward of a unary function: a is the incoming gradient, b the function's own output. */
const RELU_BACKWARD = 6;
const TANH_BACKWARD = 7;
const SIGMOID_BACKWARD = 8;

@inline
function combine<T>(op: i32, a: v128, b: v128): v128 {
  if (op == ADD) return v128.add<T>(a, b);
  if (op == SUB) return v128.sub<T>(a, b);
  if (op == MUL) return v128.mul<T>(a, b);
  if (op == DIV) return v128.div<T>(a, b);
  if (op == MAX) return v128.max<T>(a, b);
  if (op == MIN) return v128.min<T>(a, b);
  const one = v128.splat<T>(<T>1);
  if (op == RELU_BACKWARD) return v128.and(a, v128.gt<T>(b, v128.splat<T>(<T>0)));
  if (op == TANH_BACKWARD) return v128.mul<T>(a, v128.sub<T>(one, v128.mul<T>(b, b)));
  return v128.mul<T>(a, v128.mul<T>(b, v128.sub<T>(one, b)));
}

@inline
function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

@inline
function loadSplat<T>(p: usize): v128 {
  return v128.splat<T>(load<T>(p));
}

@inline
function storeOne<T>(p: usize, v: v128): void {
  store<T>(p, v128.extract_lane<T>(v, 0));
}

@inline
function binary<T>(
  op: i32, a: usize, b: usize, out: usize, outer: i32, inner: i32,
  aOuter: i32, aStep: i32, bOuter: i32, bStep: i32,
): void {
  const whole = inner & ~(lanes<T>() - 1);
  for (let row = 0; row < outer; row++) {
    let pa = a + <usize>(row * aOuter) * sizeof<T>();
    let pb = b + <usize>(row * bOuter) * sizeof<T>();
    let i = 0;
    if (aStep == bStep) {
      for (; i < whole; i += lanes<T>()) {
        v128.store(out, combine<T>(op, v128.load(pa), v128.load(pb)));
        pa += 16;
        pb += 16;
        out += 16;
      }
    } else if (aStep == 0) {
      const left = loadSplat<T>(pa);
      for (; i < whole; i += lanes<T>()) {
        v128.store(out, combine<T>(op, left, v128.load(pb)));
        pb += 16;
        out += 16;
      }
    } else {
      const right = loadSplat<T>(pb);
      for (; i < whole; i += lanes<T>()) {
        v128.store(out, combine<T>(op, v128.load(pa), right));
        pa += 16;
        out += 16;
      }
    }
    for (; i < inner; i++) {
      storeOne<T>(out, combine<T>(op, loadSplat<T>(pa), loadSplat<T>(pb)));
      pa += aStep * sizeof<T>();
      pb += bStep * sizeof<T>();
      out += sizeof<T>();
    }
  }
}

export function add_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(ADD, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function add_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(ADD, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function sub_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(SUB, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function sub_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(SUB, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function mul_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(MUL, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function mul_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(MUL, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function div_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(DIV, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function div_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(DIV, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function maximum_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(MAX, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function maximum_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(MAX, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function minimum_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(MIN, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function minimum_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(MIN, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function reluBackward_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(RELU_BACKWARD, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function reluBackward_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(RELU_BACKWARD, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function tanhBackward_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(TANH_BACKWARD, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function tanhBackward_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(TANH_BACKWARD, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function sigmoidBackward_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f32>(SIGMOID_BACKWARD, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function sigmoidBackward_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { binary<f64>(SIGMOID_BACKWARD, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }

/** aᵇ. */
@inline
function power<T>(
  a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32,
): void {
  for (let row = 0; row < outer; row++) {
    let pa = a + <usize>(row * aOuter) * sizeof<T>();
    let pb = b + <usize>(row * bOuter) * sizeof<T>();
    for (let i = 0; i < inner; i++) {
      store<T>(out, <T>math.pow(<f64>load<T>(pa), <f64>load<T>(pb)));
      pa += aStep * sizeof<T>();
      pb += bStep * sizeof<T>();
      out += sizeof<T>();
    }
  }
}

/** Functions of two doubles, number by number: operands of one shape. */
@inline
function pairwise<T>(op: i32, a: usize, b: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const x = <f64>load<T>(a);
    const y = <f64>load<T>(b);
    store<T>(out, <T>(op == ATAN2 ? math.atan2(x, y) : NativeMath.mod(x, y)));
    a += sizeof<T>();
    b += sizeof<T>();
    out += sizeof<T>();
  }
}

const ATAN2 = 0;
const FMOD = 1;

export function atan2_f32(a: usize, b: usize, out: usize, n: i32): void { pairwise<f32>(ATAN2, a, b, out, n); }
export function atan2_f64(a: usize, b: usize, out: usize, n: i32): void { pairwise<f64>(ATAN2, a, b, out, n); }
export function fmod_f32(a: usize, b: usize, out: usize, n: i32): void { pairwise<f32>(FMOD, a, b, out, n); }
export function fmod_f64(a: usize, b: usize, out: usize, n: i32): void { pairwise<f64>(FMOD, a, b, out, n); }

const LESS = 0;
const LESS_EQUAL = 1;
const EQUAL = 2;

/** Comparisons give int32 zeros and ones; a > b is b < a. */
@inline
function compare<T>(
  op: i32, a: usize, b: usize, out: usize, outer: i32, inner: i32,
  aOuter: i32, aStep: i32, bOuter: i32, bStep: i32,
): void {
  for (let row = 0; row < outer; row++) {
    let pa = a + <usize>(row * aOuter) * sizeof<T>();
    let pb = b + <usize>(row * bOuter) * sizeof<T>();
    for (let i = 0; i < inner; i++) {
      const x = load<T>(pa);
      const y = load<T>(pb);
      store<i32>(out, op == LESS ? i32(x < y) : op == LESS_EQUAL ? i32(x <= y) : i32(x == y));
      pa += aStep * sizeof<T>();
      pb += bStep * sizeof<T>();
      out += 4;
    }
  }
}

export function pow_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { power<f32>(a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function pow_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { power<f64>(a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function less_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { compare<f32>(LESS, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function less_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { compare<f64>(LESS, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function lessEqual_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { compare<f32>(LESS_EQUAL, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function lessEqual_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { compare<f64>(LESS_EQUAL, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function equal_f32(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { compare<f32>(EQUAL, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }
export function equal_f64(a: usize, b: usize, out: usize, outer: i32, inner: i32, aOuter: i32, aStep: i32, bOuter: i32, bStep: i32): void { compare<f64>(EQUAL, a, b, out, outer, inner, aOuter, aStep, bOuter, bStep); }

// ---------------------------------------------------------------- one operand

const NEG = 0;
const ABS = 1;
const SIGN = 2;
const SQRT = 3;
const RELU = 4;
const FLOOR = 5;
const CEIL = 6;
const ROUND = 7;
const TRUNC = 8;

@inline
function apply<T>(op: i32, x: v128): v128 {
  if (op == NEG) return v128.neg<T>(x);
  if (op == ABS) return v128.abs<T>(x);
  if (op == SQRT) return v128.sqrt<T>(x);
  if (op == FLOOR) return v128.floor<T>(x);
  if (op == CEIL) return v128.ceil<T>(x);
  if (op == ROUND) return v128.nearest<T>(x);
  if (op == TRUNC) return v128.trunc<T>(x);
  const zero = v128.splat<T>(<T>0);
  if (op == RELU) return v128.bitselect(zero, x, v128.lt<T>(x, zero));
  const one = v128.splat<T>(<T>1);
  const signed = v128.sub<T>(v128.and(v128.gt<T>(x, zero), one), v128.and(v128.lt<T>(x, zero), one));
  return v128.bitselect(signed, x, v128.eq<T>(x, x));
}

@inline
function unary<T>(op: i32, x: usize, out: usize, n: i32): void {
  const whole = n & ~(lanes<T>() - 1);
  let i = 0;
  for (; i < whole; i += lanes<T>()) {
    v128.store(out, apply<T>(op, v128.load(x)));
    x += 16;
    out += 16;
  }
  for (; i < n; i++) {
    storeOne<T>(out, apply<T>(op, loadSplat<T>(x)));
    x += sizeof<T>();
    out += sizeof<T>();
  }
}

const EXP = 0;
const EXPM1 = 1;
const LOG = 2;
const LOG1P = 3;
const SIN = 4;
const COS = 5;
const TANH = 6;
const SIGMOID = 7;
const SOFTPLUS = 8;
const ERF = 9;
const ATAN = 10;
const TAN = 11;
const ASIN = 12;
const ACOS = 13;
const SINH = 14;
const COSH = 15;
const EXP2 = 16;
const LOG2 = 17;
const LOG10 = 18;

@inline
function evaluate(op: i32, x: v128): v128 {
  if (op == EXP) return math.exp(x);
  if (op == EXPM1) return math.expm1(x);
  if (op == LOG) return math.log(x);
  if (op == LOG1P) return math.log1p(x);
  if (op == SIN) return math.sin(x);
  if (op == COS) return math.cos(x);
  if (op == TANH) return math.tanh(x);
  if (op == SIGMOID) return math.sigmoid(x);
  if (op == SOFTPLUS) return math.softplus(x);
  if (op == ATAN) return math.atan(x);
  if (op == TAN) return math.tan(x);
  if (op == ASIN) return math.asin(x);
  if (op == ACOS) return math.acos(x);
  if (op == SINH) return math.sinh(x);
  if (op == COSH) return math.cosh(x);
  if (op == EXP2) return math.exp2(x);
  if (op == LOG2) return math.log2(x);
  if (op == LOG10) return math.log10(x);
  return math.erf(x);
}

/** The function in double precision; float32 is widened, and rounded once at the end. */
@inline
function transcendental<T>(op: i32, x: usize, out: usize, n: i32): void {
  const whole = n & ~1;
  let i = 0;
  for (; i < whole; i += 2) {
    if (sizeof<T>() == 4) {
      const y = evaluate(op, f64x2.promote_low_f32x4(v128.load64_zero(x)));
      v128.store64_lane(out, f32x4.demote_f64x2_zero(y), 0);
    } else {
      v128.store(out, evaluate(op, v128.load(x)));
    }
    x += 2 * sizeof<T>();
    out += 2 * sizeof<T>();
  }
  if (i < n) store<T>(out, <T>f64x2.extract_lane(evaluate(op, f64x2.splat(<f64>load<T>(x))), 0));
}

export function neg_f32(x: usize, out: usize, n: i32): void { unary<f32>(NEG, x, out, n); }
export function neg_f64(x: usize, out: usize, n: i32): void { unary<f64>(NEG, x, out, n); }
export function abs_f32(x: usize, out: usize, n: i32): void { unary<f32>(ABS, x, out, n); }
export function abs_f64(x: usize, out: usize, n: i32): void { unary<f64>(ABS, x, out, n); }
export function sign_f32(x: usize, out: usize, n: i32): void { unary<f32>(SIGN, x, out, n); }
export function sign_f64(x: usize, out: usize, n: i32): void { unary<f64>(SIGN, x, out, n); }
export function sqrt_f32(x: usize, out: usize, n: i32): void { unary<f32>(SQRT, x, out, n); }
export function sqrt_f64(x: usize, out: usize, n: i32): void { unary<f64>(SQRT, x, out, n); }
export function relu_f32(x: usize, out: usize, n: i32): void { unary<f32>(RELU, x, out, n); }
export function relu_f64(x: usize, out: usize, n: i32): void { unary<f64>(RELU, x, out, n); }
export function floor_f32(x: usize, out: usize, n: i32): void { unary<f32>(FLOOR, x, out, n); }
export function floor_f64(x: usize, out: usize, n: i32): void { unary<f64>(FLOOR, x, out, n); }
export function ceil_f32(x: usize, out: usize, n: i32): void { unary<f32>(CEIL, x, out, n); }
export function ceil_f64(x: usize, out: usize, n: i32): void { unary<f64>(CEIL, x, out, n); }
export function round_f32(x: usize, out: usize, n: i32): void { unary<f32>(ROUND, x, out, n); }
export function round_f64(x: usize, out: usize, n: i32): void { unary<f64>(ROUND, x, out, n); }
export function trunc_f32(x: usize, out: usize, n: i32): void { unary<f32>(TRUNC, x, out, n); }
export function trunc_f64(x: usize, out: usize, n: i32): void { unary<f64>(TRUNC, x, out, n); }
export function exp_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(EXP, x, out, n); }
export function exp_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(EXP, x, out, n); }
export function expm1_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(EXPM1, x, out, n); }
export function expm1_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(EXPM1, x, out, n); }
export function log_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(LOG, x, out, n); }
export function log_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(LOG, x, out, n); }
export function log1p_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(LOG1P, x, out, n); }
export function log1p_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(LOG1P, x, out, n); }
export function sin_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(SIN, x, out, n); }
export function sin_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(SIN, x, out, n); }
export function cos_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(COS, x, out, n); }
export function cos_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(COS, x, out, n); }
export function tanh_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(TANH, x, out, n); }
export function tanh_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(TANH, x, out, n); }
export function sigmoid_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(SIGMOID, x, out, n); }
export function sigmoid_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(SIGMOID, x, out, n); }
export function softplus_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(SOFTPLUS, x, out, n); }
export function softplus_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(SOFTPLUS, x, out, n); }
export function atan_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(ATAN, x, out, n); }
export function atan_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(ATAN, x, out, n); }
export function erf_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(ERF, x, out, n); }
export function erf_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(ERF, x, out, n); }
export function tan_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(TAN, x, out, n); }
export function tan_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(TAN, x, out, n); }
export function asin_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(ASIN, x, out, n); }
export function asin_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(ASIN, x, out, n); }
export function acos_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(ACOS, x, out, n); }
export function acos_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(ACOS, x, out, n); }
export function sinh_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(SINH, x, out, n); }
export function sinh_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(SINH, x, out, n); }
export function cosh_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(COSH, x, out, n); }
export function cosh_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(COSH, x, out, n); }
export function exp2_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(EXP2, x, out, n); }
export function exp2_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(EXP2, x, out, n); }
export function log2_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(LOG2, x, out, n); }
export function log2_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(LOG2, x, out, n); }
export function log10_f32(x: usize, out: usize, n: i32): void { transcendental<f32>(LOG10, x, out, n); }
export function log10_f64(x: usize, out: usize, n: i32): void { transcendental<f64>(LOG10, x, out, n); }

// ---------------------------------------------------------------- filling, choosing, converting

@inline
function fill<T>(out: usize, n: i32, value: f64): void {
  for (let i = 0; i < n; i++) store<T>(out + i * sizeof<T>(), <T>value);
}

/** out[i] = i·step + start, each computed on its own so that no error adds up. */
@inline
function ramp<T>(out: usize, n: i32, start: f64, step: f64): void {
  for (let i = 0; i < n; i++) store<T>(out + i * sizeof<T>(), <T>(start + <f64>i * step));
}

@inline
function where<T>(condition: usize, a: usize, b: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const from = load<i32>(condition + i * 4) != 0 ? a : b;
    store<T>(out + i * sizeof<T>(), load<T>(from + i * sizeof<T>()));
  }
}

@inline
function convert<From, To>(x: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<To>(out + i * sizeof<To>(), <To>load<From>(x + i * sizeof<From>()));
}

/** Position of the first number that no int32 holds (too large, NaN), or −1; fractions are cut off when converting. */
@inline
function badWhole<T>(x: usize, n: i32): i32 {
  for (let i = 0; i < n; i++) {
    const value = <f64>load<T>(x + i * sizeof<T>());
    if (!(value > -2147483649.0 && value < 2147483648.0)) return i;
  }
  return -1;
}

export function badWhole_f32(x: usize, n: i32): i32 { return badWhole<f32>(x, n); }
export function badWhole_f64(x: usize, n: i32): i32 { return badWhole<f64>(x, n); }
export function fill_f32(out: usize, n: i32, value: f64): void { fill<f32>(out, n, value); }
export function ramp_f32(out: usize, n: i32, start: f64, step: f64): void { ramp<f32>(out, n, start, step); }
export function where_f32(condition: usize, a: usize, b: usize, out: usize, n: i32): void { where<f32>(condition, a, b, out, n); }
export function toF64_f32(x: usize, out: usize, n: i32): void { convert<f32, f64>(x, out, n); }
export function toI32_f32(x: usize, out: usize, n: i32): void { convert<f32, i32>(x, out, n); }
export function fill_f64(out: usize, n: i32, value: f64): void { fill<f64>(out, n, value); }
export function ramp_f64(out: usize, n: i32, start: f64, step: f64): void { ramp<f64>(out, n, start, step); }
export function where_f64(condition: usize, a: usize, b: usize, out: usize, n: i32): void { where<f64>(condition, a, b, out, n); }
export function toF32_f64(x: usize, out: usize, n: i32): void { convert<f64, f32>(x, out, n); }
export function toI32_f64(x: usize, out: usize, n: i32): void { convert<f64, i32>(x, out, n); }
export function fill_i32(out: usize, n: i32, value: f64): void { fill<i32>(out, n, value); }
export function ramp_i32(out: usize, n: i32, start: f64, step: f64): void { ramp<i32>(out, n, start, step); }
export function where_i32(condition: usize, a: usize, b: usize, out: usize, n: i32): void { where<i32>(condition, a, b, out, n); }
export function toF32_i32(x: usize, out: usize, n: i32): void { convert<i32, f32>(x, out, n); }
export function toF64_i32(x: usize, out: usize, n: i32): void { convert<i32, f64>(x, out, n); }
