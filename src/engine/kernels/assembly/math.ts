// Elementary functions on two doubles at a time, accurate to 2 units in the last place.
// They use +, -, ×, ÷ and bit patterns only, so every engine that runs WebAssembly gives the same bits.
// float32 values are widened, computed here and rounded once.

const LOG2_E: f64 = 1.4426950408889634;
/** ln 2 = LN2_HIGH + LN2_LOW; the high part has 21 trailing zero bits, so k·LN2_HIGH is exact. */
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const TWO_52: f64 = 4503599627370496.0;
/** 1.5·2⁵²: added to a small whole number it leaves that number in the low bits. */
const SHIFTER: f64 = 6755399441055744.0;
const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;
const SMALLEST_NORMAL: f64 = 2.2250738585072014e-308;

@inline function c(x: f64): v128 { return f64x2.splat(x); }
@inline function add(a: v128, b: v128): v128 { return f64x2.add(a, b); }
@inline function sub(a: v128, b: v128): v128 { return f64x2.sub(a, b); }
@inline function mul(a: v128, b: v128): v128 { return f64x2.mul(a, b); }
@inline function div(a: v128, b: v128): v128 { return f64x2.div(a, b); }
/** constant + x·rest: one step of Horner's rule. */
@inline function horner(constant: f64, x: v128, rest: v128): v128 { return f64x2.add(c(constant), f64x2.mul(x, rest)); }
/** mask ? a : b, lane by lane. */
@inline function choose(mask: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, mask); }

/** 2^k for whole k in [-1022, 1023]. */
@inline
function powerOfTwo(k: v128): v128 {
  return i64x2.shl(add(k, c(TWO_52 + 1023)), 52);
}

/** y·2^k for whole k in [-2044, 2046], in two exact steps so that only a subnormal result is rounded. */
@inline
function scale(y: v128, k: v128): v128 {
  const half = f64x2.floor(mul(k, c(0.5)));
  return mul(mul(y, powerOfTwo(half)), powerOfTwo(sub(k, half)));
}

/** (eʳ − 1 − r)/r² for |r| ≤ ln(2)/2, its Taylor series up to r¹¹/13!. */
@inline
function exponentialTail(r: v128): v128 {
  let p = c(1.6059043836821613e-10);
  p = horner(2.08767569878681e-9, r, p);
  p = horner(2.505210838544172e-8, r, p);
  p = horner(2.755731922398589e-7, r, p);
  p = horner(2.7557319223985893e-6, r, p);
  p = horner(2.48015873015873e-5, r, p);
  p = horner(1.984126984126984e-4, r, p);
  p = horner(1.388888888888889e-3, r, p);
  p = horner(8.333333333333333e-3, r, p);
  p = horner(4.1666666666666664e-2, r, p);
  p = horner(1.6666666666666666e-1, r, p);
  return horner(0.5, r, p);
}

/** e^(x + low), where low is a correction far below x. */
@inline
function exponential(x: v128, low: v128): v128 {
  const bounded = f64x2.min(f64x2.max(x, c(-746)), c(710));
  const k = f64x2.nearest(mul(bounded, c(LOG2_E)));
  const high = sub(bounded, mul(k, c(LN2_HIGH)));
  const rest = sub(mul(k, c(LN2_LOW)), low);
  const r = sub(high, rest);
  const tail = sub(mul(mul(r, r), exponentialTail(r)), rest);
  return scale(add(c(1), add(high, tail)), k);
}

/** The same as a call, for functions that are not worth a copy of it. */
function exponentialOf(x: v128, low: v128): v128 {
  return exponential(x, low);
}

/** eˣ: x = k·ln 2 + r, eˣ = 2ᵏ·eʳ. */
export function exp(x: v128): v128 {
  return exponential(x, c(0));
}

/** eˣ − 1 = 2ᵏ(eʳ − 1) + (2ᵏ − 1), without the cancellation near 0. */
export function expm1(x: v128): v128 {
  const bounded = f64x2.min(f64x2.max(x, c(-60)), c(710));
  const k = f64x2.nearest(mul(bounded, c(LOG2_E)));
  const high = sub(bounded, mul(k, c(LN2_HIGH)));
  const low = mul(k, c(LN2_LOW));
  const r = sub(high, low);
  const lost = sub(sub(high, r), low);
  const p = add(r, add(mul(mul(r, r), exponentialTail(r)), lost));
  const half = powerOfTwo(sub(k, c(1)));
  const y = mul(add(mul(p, half), sub(half, c(0.5))), c(2));
  return choose(f64x2.eq(k, c(0)), choose(f64x2.eq(x, c(0)), x, p), y);
}

/** z·(2/3 + 2/5·z + 2/7·z² + …): with s = f/(2 + f) and z = s², ln(1 + f) = f − f²/2 + s·(f²/2 + this). */
function logarithmSeries(z: v128): v128 {
  let p = c(0.08695652173913043);
  p = horner(0.09523809523809523, z, p);
  p = horner(0.10526315789473684, z, p);
  p = horner(0.11764705882352941, z, p);
  p = horner(0.13333333333333333, z, p);
  p = horner(0.15384615384615385, z, p);
  p = horner(0.18181818181818182, z, p);
  p = horner(0.2222222222222222, z, p);
  p = horner(0.2857142857142857, z, p);
  p = horner(0.4, z, p);
  p = horner(0.6666666666666666, z, p);
  return mul(z, p);
}

/** ln x: x = 2ᵏ·m with m in [√½, √2); with s = (m−1)/(m+1), ln m = 2·(s + s³/3 + s⁵/5 + …). */
export function log(x: v128): v128 {
  const tiny = f64x2.lt(x, c(SMALLEST_NORMAL));
  const scaled = choose(tiny, mul(x, c(18014398509481984.0)), x);
  const exponent = i64x2.shr_s(i64x2.sub(scaled, i64x2.splat(SQRT_HALF_BITS)), 52);
  const m = i64x2.sub(scaled, i64x2.shl(exponent, 52));
  let k = sub(i64x2.add(exponent, c(SHIFTER)), c(SHIFTER));
  k = sub(k, v128.and(tiny, c(54)));
  const f = sub(m, c(1));
  const s = div(f, add(c(2), f));
  const series = logarithmSeries(mul(s, s));
  const halfSquare = mul(c(0.5), mul(f, f));
  const correction = add(mul(s, add(halfSquare, series)), mul(k, c(LN2_LOW)));
  let y = sub(mul(k, c(LN2_HIGH)), sub(sub(halfSquare, correction), f));
  y = choose(f64x2.eq(x, c(Infinity)), x, y);
  y = choose(f64x2.eq(x, c(0)), c(-Infinity), y);
  return choose(f64x2.ge(x, c(0)), y, c(NaN));
}

/** ln(1 + x): the logarithm of the rounded sum plus what the rounding lost. */
export function log1p(x: v128): v128 {
  const u = add(c(1), x);
  const big = f64x2.ge(u, c(2));
  const lost = choose(big, sub(c(1), sub(u, x)), sub(x, sub(u, c(1))));
  const y = add(log(u), div(lost, u));
  const unchanged = v128.or(f64x2.eq(u, c(1)), f64x2.eq(u, c(Infinity)));
  return choose(unchanged, x, choose(f64x2.eq(x, c(-1)), c(-Infinity), y));
}

/**
 * tanh x with t = e²ˣ − 1: 1 − 2/(t + 2) from 1 on, t/(t + 2) below; below ½ x + x³·P(x²), where the quotient would lose
 * a bit (P is a Chebyshev fit with an error below 10⁻¹⁶ of itself). The sign is put back at the end.
 */
export function tanh(x: v128): v128 {
  const magnitude = f64x2.min(f64x2.abs(x), c(22));
  const t = expm1(add(magnitude, magnitude));
  const middle = div(t, add(t, c(2)));
  const large = sub(c(1), div(c(2), add(t, c(2))));
  const z = mul(magnitude, magnitude);
  let p = c(-2.2941413645890225e-05);
  p = horner(8.818165748111549e-05, z, p);
  p = horner(-0.00023634650999443244, z, p);
  p = horner(0.0005894647564085684, z, p);
  p = horner(-0.0014557604809733108, z, p);
  p = horner(0.003592121762533611, z, p);
  p = horner(-0.008863235196502048, z, p);
  p = horner(0.021869488525790313, z, p);
  p = horner(-0.05396825396808835, z, p);
  p = horner(0.1333333333333323, z, p);
  p = horner(-0.3333333333333333, z, p);
  const small = add(magnitude, mul(mul(magnitude, z), p));
  let y = choose(f64x2.lt(magnitude, c(1)), middle, large);
  y = choose(f64x2.lt(magnitude, c(0.5)), small, y);
  return v128.or(y, v128.and(x, c(-0.0)));
}

/** 1/(1 + e⁻ˣ), by the form that never overflows: z = e^−|x|, then 1/(1+z) or z/(1+z). */
export function sigmoid(x: v128): v128 {
  const z = exp(f64x2.neg(f64x2.abs(x)));
  return div(choose(f64x2.lt(x, c(0)), z, c(1)), add(c(1), z));
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|). */
export function softplus(x: v128): v128 {
  return add(f64x2.max(x, c(0)), log1p(exp(f64x2.neg(f64x2.abs(x)))));
}

// ---------------------------------------------------------------- sine and cosine

const TWO_OVER_PI: f64 = 0.6366197723675814;
/** π/2 in four parts; the first three have 33 bits each, so that k times a part is exact for |k| < 2²⁰. */
const HALF_PI_1: f64 = 1.5707963267341256;
const HALF_PI_2: f64 = 6.077100506303966e-11;
const HALF_PI_3: f64 = 2.0222662487111665e-21;
const HALF_PI_3_TAIL: f64 = 8.478427660368899e-32;
/** Above this the four parts do not reach; see reduceLarge. */
const LARGE_ANGLE: f64 = 800000.0;

/** r − sin(r + low) for |r| ≤ π/4. */
function sineRest(r: v128, low: v128): v128 {
  const z = mul(r, r);
  let p = c(2.8114572543455206e-15);
  p = horner(-7.647163731819816e-13, z, p);
  p = horner(1.6059043836821613e-10, z, p);
  p = horner(-2.505210838544172e-8, z, p);
  p = horner(2.7557319223985893e-6, z, p);
  p = horner(-1.984126984126984e-4, z, p);
  p = horner(8.333333333333333e-3, z, p);
  const cube = mul(z, r);
  const inner = sub(mul(z, sub(mul(c(0.5), low), mul(cube, p))), low);
  return add(inner, mul(cube, c(1.6666666666666666e-1)));
}

/** cos(r + low) − (1 − r²/2), where 1 − r²/2 is rounded, for |r| ≤ π/4. */
function cosineRest(r: v128, low: v128): v128 {
  const z = mul(r, r);
  let p = c(4.779477332387385e-14);
  p = horner(-1.1470745597729725e-11, z, p);
  p = horner(2.08767569878681e-9, z, p);
  p = horner(-2.755731922398589e-7, z, p);
  p = horner(2.48015873015873e-5, z, p);
  p = horner(-1.388888888888889e-3, z, p);
  p = horner(4.1666666666666664e-2, z, p);
  const half = mul(c(0.5), z);
  const w = sub(c(1), half);
  return add(sub(sub(c(1), w), half), sub(mul(mul(z, z), p), mul(r, low)));
}

/** What `reduce` leaves: the angle in [−π/4, π/4] as angle + angleLow. */
let angle: v128 = i64x2(0, 0);
let angleLow: v128 = i64x2(0, 0);

/** Takes quarter turns away from x; returns how many in the low bits of each lane. */
function reduce(x: v128): v128 {
  const k = f64x2.nearest(mul(x, c(TWO_OVER_PI)));
  // π/2·k is taken away part by part; each step carries on what the previous one rounded away.
  const r0 = sub(x, mul(k, c(HALF_PI_1)));
  const w1 = mul(k, c(HALF_PI_2));
  const r1 = sub(r0, w1);
  const lost1 = sub(sub(r0, r1), w1);
  const w2 = sub(mul(k, c(HALF_PI_3)), lost1);
  const r2 = sub(r1, w2);
  const lost2 = sub(sub(r1, r2), w2);
  let low = sub(lost2, mul(k, c(HALF_PI_3_TAIL)));
  let r = r2;
  let quadrant = add(k, c(SHIFTER));
  if (v128.any_true(f64x2.ge(f64x2.abs(x), c(LARGE_ANGLE)))) {
    const x0 = f64x2.extract_lane(x, 0);
    const x1 = f64x2.extract_lane(x, 1);
    if (Math.abs(x0) >= LARGE_ANGLE) {
      const q = reduceLarge(x0);
      r = f64x2.replace_lane(r, 0, reducedHigh);
      low = f64x2.replace_lane(low, 0, reducedLow);
      quadrant = i64x2.replace_lane(quadrant, 0, q);
    }
    if (Math.abs(x1) >= LARGE_ANGLE) {
      const q = reduceLarge(x1);
      r = f64x2.replace_lane(r, 1, reducedHigh);
      low = f64x2.replace_lane(low, 1, reducedLow);
      quadrant = i64x2.replace_lane(quadrant, 1, q);
    }
  }
  angle = r;
  angleLow = low;
  return quadrant;
}

/** Sine or, in odd quadrants, cosine of the reduced angle, with the quadrant's sign. */
@inline
function circular(quadrant: v128): v128 {
  const odd = i64x2.neg(v128.and(quadrant, i64x2.splat(1)));
  const sign = i64x2.shl(v128.and(quadrant, i64x2.splat(2)), 62);
  const sine = sub(angle, sineRest(angle, angleLow));
  const cosine = add(sub(c(1), mul(c(0.5), mul(angle, angle))), cosineRest(angle, angleLow));
  return v128.xor(choose(odd, cosine, sine), sign);
}

export function sin(x: v128): v128 {
  return choose(f64x2.eq(x, c(0)), x, circular(reduce(x)));
}

export function cos(x: v128): v128 {
  return circular(i64x2.add(reduce(x), i64x2.splat(1)));
}

/** Sine over cosine, or −cosine over sine in odd quadrants; both are carried in two doubles, and so is the quotient. */
export function tan(x: v128): v128 {
  const odd = i64x2.neg(v128.and(reduce(x), i64x2.splat(1)));
  const d = sineRest(angle, angleLow);
  const sine = sub(angle, d);
  const sineLow = sub(sub(angle, sine), d);
  const w = sub(c(1), mul(c(0.5), mul(angle, angle)));
  const e = cosineRest(angle, angleLow);
  const cosine = add(w, e);
  const cosineLow = add(sub(w, cosine), e);
  const a = choose(odd, f64x2.neg(cosine), sine);
  const aLow = choose(odd, f64x2.neg(cosineLow), sineLow);
  const b = choose(odd, sine, cosine);
  const bLow = choose(odd, sineLow, cosineLow);
  const q = div(a, b);
  const product = mul(q, b);
  const rest = sub(sub(a, product), productErrors(q, b, product));
  return choose(f64x2.eq(x, c(0)), x, add(q, div(sub(add(rest, aLow), mul(q, bLow)), b)));
}

/** 2/π in binary, 32 bits an entry, after two entries of zeros. */
const TWO_OVER_PI_BITS: StaticArray<u32> = [
  0x00000000, 0x00000000, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041,
  0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e,
  0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b,
  0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d,
  0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab,
  0xf0cfbc20, 0x9af4361d, 0xa9e39161, 0x5ee61b08, 0x6599855f, 0x14a06840,
];

let reducedHigh: f64 = 0;
let reducedLow: f64 = 0;

/**
 * Payne and Hanek's reduction: x·2/π modulo 4, from the only bits of 2/π that matter for the exponent of x.
 * Returns the quadrant; the remainder times π/2 is left in reducedHigh + reducedLow.
 */
function reduceLarge(x: f64): i64 {
  const bits = reinterpret<u64>(x);
  const exponent = <i32>((bits >> 52) & 0x7ff) - 1075;
  if (exponent == 0x7ff - 1075) {
    reducedHigh = NaN;
    reducedLow = 0;
    return 0;
  }
  const mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
  // Bits of 2/π before position exponent − 1 contribute whole turns. Take the 192 bits from there.
  const first = exponent - 2 + 64;
  const word = first >> 5;
  const shift = <u64>(first & 31);
  let w0: u64 = 0;
  let w1: u64 = 0;
  let w2: u64 = 0;
  let w3: u64 = 0;
  let w4: u64 = 0;
  let w5: u64 = 0;
  // wi: 32-bit pieces of the window, w0 the least.
  w5 = piece(word, shift);
  w4 = piece(word + 1, shift);
  w3 = piece(word + 2, shift);
  w2 = piece(word + 3, shift);
  w1 = piece(word + 4, shift);
  w0 = piece(word + 5, shift);
  const m0 = mantissa & 0xffffffff;
  const m1 = mantissa >> 32;
  // (m1·2³² + m0) × window modulo 2¹⁹²; m1 has 21 bits, so no sum overflows 64.
  let t = m0 * w0;
  let carry = t >> 32;
  t = m0 * w1 + carry;
  let p1 = (t & 0xffffffff) + ((m1 * w0) & 0xffffffff);
  carry = (t >> 32) + ((m1 * w0) >> 32) + (p1 >> 32);
  t = m0 * w2 + carry;
  let p2 = (t & 0xffffffff) + ((m1 * w1) & 0xffffffff);
  carry = (t >> 32) + ((m1 * w1) >> 32) + (p2 >> 32);
  p2 &= 0xffffffff;
  t = m0 * w3 + carry;
  let p3 = (t & 0xffffffff) + ((m1 * w2) & 0xffffffff);
  carry = (t >> 32) + ((m1 * w2) >> 32) + (p3 >> 32);
  p3 &= 0xffffffff;
  t = m0 * w4 + carry;
  let p4 = (t & 0xffffffff) + ((m1 * w3) & 0xffffffff);
  carry = (t >> 32) + ((m1 * w3) >> 32) + (p4 >> 32);
  p4 &= 0xffffffff;
  t = m0 * w5 + carry;
  const p5 = ((t & 0xffffffff) + ((m1 * w4) & 0xffffffff)) & 0xffffffff;
  const top = (p5 << 32) | p4;
  let quadrant = <i64>(top >> 62);
  // The fraction has 190 bits; keep 62 + 64 of them, signed so that |fraction| ≤ ½.
  let high = <i64>(top << 2 | p3 >> 30);
  let low = (p3 << 34) | (p2 << 2) ;
  if (high < 0) quadrant += 1;
  const negative = high < 0;
  if (negative) {
    low = ~low + 1;
    high = ~high + (low == 0 ? 1 : 0);
  }
  // high·2⁻⁶⁴ + low·2⁻¹²⁸, times π/2, in double-double.
  const a = <f64>(high >> 11 << 11) * 5.421010862427522e-20;
  const b = <f64>(high & 0x7ff) * 5.421010862427522e-20 + <f64>low * 2.938735877055719e-39;
  const f = a + b;
  const g = b - (f - a);
  const h = f * 1.5707963267948966;
  const e = productError(f, 1.5707963267948966, h) + f * 6.123233995736766e-17 + g * 1.5707963267948966;
  const r = h + e;
  reducedLow = e - (r - h);
  reducedHigh = r;
  if (negative) {
    reducedHigh = -reducedHigh;
    reducedLow = -reducedLow;
  }
  if (x < 0) {
    reducedHigh = -reducedHigh;
    reducedLow = -reducedLow;
    quadrant = -quadrant;
  }
  return quadrant;
}

@inline
function piece(word: i32, shift: u64): u64 {
  const pair = (<u64>unchecked(TWO_OVER_PI_BITS[word]) << 32) | <u64>unchecked(TWO_OVER_PI_BITS[word + 1]);
  return (pair >> (32 - shift)) & 0xffffffff;
}

/**
 * Arc tangent. Above tan(π/8) the argument is turned back by π/4 or π/2: atan x = π/4 + atan((x−1)/(x+1)),
 * atan x = π/2 − atan(1/x); below, x + x³·P(x²) with a Chebyshev fit P whose error is below 10⁻¹⁷.
 */
export function atan(x: v128): v128 {
  const magnitude = f64x2.abs(x);
  const large = f64x2.gt(magnitude, c(2.414213562373095));
  const middle = v128.andnot(f64x2.gt(magnitude, c(0.41421356237309503)), large);
  const numerator = choose(large, c(-1), choose(middle, sub(magnitude, c(1)), magnitude));
  const denominator = choose(large, magnitude, choose(middle, add(magnitude, c(1)), c(1)));
  const t = div(numerator, denominator);
  const start = choose(large, c(1.5707963267948966), v128.and(middle, c(0.7853981633974483)));
  const startLow = choose(large, c(6.123233995736766e-17), v128.and(middle, c(3.061616997868383e-17)));
  const z = mul(t, t);
  let p = c(0.01627194475162406);
  p = horner(-0.034558092551413795, z, p);
  p = horner(0.04551108126325172, z, p);
  p = horner(-0.052303478730160745, z, p);
  p = horner(0.058789145444006215, z, p);
  p = horner(-0.06666423628069258, z, p);
  p = horner(0.0769229630497447, z, p);
  p = horner(-0.09090908751076636, z, p);
  p = horner(0.11111111105106705, z, p);
  p = horner(-0.14285714285659326, z, p);
  p = horner(0.199999999999998, z, p);
  p = horner(-0.3333333333333333, z, p);
  const y = add(start, add(t, add(mul(mul(z, t), p), startLow)));
  return v128.or(choose(f64x2.eq(magnitude, c(Infinity)), c(1.5707963267948966), y), v128.and(x, c(-0.0)));
}

/** asin t − t for 0 ≤ t ≤ ½, from z = t²: t³·P(t²) with a Chebyshev fit P whose error is below 2·10⁻¹⁷. */
function asinTail(t: v128, z: v128): v128 {
  let p = c(0.0287578719503479);
  p = horner(-0.01485191657576524, z, p);
  p = horner(0.017400897906395946, z, p);
  p = horner(0.005457500096744011, z, p);
  p = horner(0.010322815852320064, z, p);
  p = horner(0.01147917719077423, z, p);
  p = horner(0.01397121299584485, z, p);
  p = horner(0.017352392719417624, z, p);
  p = horner(0.022372172942209625, z, p);
  p = horner(0.030381944138529803, z, p);
  p = horner(0.04464285714635545, z, p);
  p = horner(0.07499999999998433, z, p);
  p = horner(0.16666666666666669, z, p);
  return mul(mul(t, z), p);
}

const HALF_PI: f64 = 1.5707963267948966;
const HALF_PI_LOW: f64 = 6.123233995736766e-17;

/**
 * π/2·turns − sign·2·asin √z for z in [0, ¼]. The root is carried in two doubles, the first with 26 bits, whose square is
 * exact.
 */
function turned(turns: f64, sign: f64, z: v128): v128 {
  const root = f64x2.sqrt(z);
  const high = v128.and(root, i64x2.splat(-134217728));
  const low = div(sub(z, mul(high, high)), add(root, high));
  const tail = add(choose(f64x2.eq(root, c(0)), c(0), low), asinTail(root, z));
  return sub(sub(c(turns * HALF_PI), mul(c(2 * sign), high)), sub(mul(c(2 * sign), tail), c(turns * HALF_PI_LOW)));
}

/** Arc sine: x + x³·P(x²) below ½; from ½ on, asin x = π/2 − 2·asin √((1−x)/2). */
export function asin(x: v128): v128 {
  const magnitude = f64x2.abs(x);
  const near = add(magnitude, asinTail(magnitude, mul(x, x)));
  const far = turned(1, 1, mul(sub(c(1), magnitude), c(0.5)));
  return v128.or(choose(f64x2.lt(magnitude, c(0.5)), near, far), v128.and(x, c(-0.0)));
}

/** Arc cosine: π/2 − asin x below ½, 2·asin √((1−|x|)/2) from ½ on, and π minus that for x ≤ −½. */
export function acos(x: v128): v128 {
  const magnitude = f64x2.abs(x);
  const near = sub(c(HALF_PI), sub(add(x, asinTail(x, mul(x, x))), c(HALF_PI_LOW)));
  const z = mul(sub(c(1), magnitude), c(0.5));
  const far = choose(f64x2.lt(x, c(0)), turned(2, 1, z), turned(0, -1, z));
  return choose(f64x2.lt(magnitude, c(0.5)), near, far);
}

/** The angle of the point (x, y), in [−π, π]: the arc tangent of the smaller over the larger coordinate, turned to its octant. */
export function atan2(y: f64, x: f64): f64 {
  if (x != x || y != y) return NaN;
  const high = Math.max(Math.abs(x), Math.abs(y));
  const low = Math.min(Math.abs(x), Math.abs(y));
  const ratio = high == 0 ? 0 : low == Infinity ? 1 : low / high;
  let angle = f64x2.extract_lane(atan(c(ratio)), 0);
  if (Math.abs(y) > Math.abs(x)) angle = HALF_PI - angle + HALF_PI_LOW;
  if (reinterpret<i64>(x) < 0) angle = 2 * HALF_PI - angle + 2 * HALF_PI_LOW;
  return reinterpret<i64>(y) < 0 ? -angle : angle;
}

// ---------------------------------------------------------------- hyperbolic functions, other bases

/**
 * sinh x: its Taylor series below 1; (eˣ − e⁻ˣ)/2 from there on; ½·e^(x/2)·e^(x/2) where eˣ itself would overflow.
 */
export function sinh(x: v128): v128 {
  const magnitude = f64x2.abs(x);
  const z = mul(x, x);
  let p = c(8.22063524662433e-18);
  p = horner(2.8114572543455206e-15, z, p);
  p = horner(7.647163731819816e-13, z, p);
  p = horner(1.6059043836821613e-10, z, p);
  p = horner(2.505210838544172e-8, z, p);
  p = horner(2.7557319223985893e-6, z, p);
  p = horner(1.984126984126984e-4, z, p);
  p = horner(8.333333333333333e-3, z, p);
  p = horner(1.6666666666666666e-1, z, p);
  const near = add(magnitude, mul(mul(magnitude, z), p));
  const t = exp(magnitude);
  const root = exp(mul(c(0.5), magnitude));
  let y = choose(f64x2.lt(magnitude, c(709)), mul(c(0.5), sub(t, div(c(1), t))), mul(mul(c(0.5), root), root));
  y = choose(f64x2.lt(magnitude, c(1)), near, y);
  return v128.or(y, v128.and(x, c(-0.0)));
}

/** cosh x = (eˣ + e⁻ˣ)/2; ½·e^(x/2)·e^(x/2) where eˣ itself would overflow. */
export function cosh(x: v128): v128 {
  const magnitude = f64x2.abs(x);
  const t = exp(magnitude);
  const near = mul(c(0.5), add(t, div(c(1), t)));
  const root = exp(mul(c(0.5), magnitude));
  return choose(f64x2.lt(magnitude, c(709)), near, mul(mul(c(0.5), root), root));
}

const LN2: f64 = 0.6931471805599453;
const LN2_TAIL: f64 = 2.3190468138462996e-17;

/** 2ˣ = 2ᵏ·e^(r·ln 2) for x = k + r; the product r·ln 2 is carried in two doubles. */
export function exp2(x: v128): v128 {
  const bounded = f64x2.min(f64x2.max(x, c(-1080)), c(1025));
  const k = f64x2.nearest(bounded);
  const r = sub(bounded, k);
  const t = mul(r, c(LN2));
  return scale(exponentialOf(t, add(productErrors(r, c(LN2), t), mul(r, c(LN2_TAIL)))), k);
}

/**
 * The logarithm to the base whose factor 1/ln(base) is factor + factorLow, and whose log 2 is two + twoLow. With x = 2ᵏ·m
 * and ln m = f + rest for the exact f = m − 1, only the small rest is rounded before the parts are added.
 */
function logarithm(x: v128, factor: f64, factorLow: f64, two: f64, twoLow: f64): v128 {
  const tiny = f64x2.lt(x, c(SMALLEST_NORMAL));
  const scaled = choose(tiny, mul(x, c(18014398509481984.0)), x);
  const exponent = i64x2.shr_s(i64x2.sub(scaled, i64x2.splat(SQRT_HALF_BITS)), 52);
  const m = i64x2.sub(scaled, i64x2.shl(exponent, 52));
  let k = sub(i64x2.add(exponent, c(SHIFTER)), c(SHIFTER));
  k = sub(k, v128.and(tiny, c(54)));
  const f = sub(m, c(1));
  const s = div(f, add(c(2), f));
  const halfSquare = mul(c(0.5), mul(f, f));
  const rest = sub(mul(s, add(halfSquare, logarithmSeries(mul(s, s)))), halfSquare);
  const main = mul(f, c(factor));
  const small = add(add(productErrors(f, c(factor), main), mul(f, c(factorLow))), mul(rest, c(factor)));
  const whole = mul(k, c(two));
  const high = add(whole, main);
  const lost = add(sub(whole, high), main);
  let y = add(high, add(add(lost, mul(k, c(twoLow))), small));
  y = choose(f64x2.eq(x, c(Infinity)), x, y);
  y = choose(f64x2.eq(x, c(0)), c(-Infinity), y);
  return choose(f64x2.ge(x, c(0)), y, c(NaN));
}

export function log2(x: v128): v128 {
  return logarithm(x, LOG2_E, 2.0355273740931033e-17, 1, 0);
}

/** log₁₀ 2 is split like ln 2, so that k times its high part is exact. */
export function log10(x: v128): v128 {
  return logarithm(x, 0.4342944819032518, 1.098319650216765e-17, 0.3010299955494702, 1.1451100898021838e-10);
}

// ---------------------------------------------------------------- error function

/**
 * erf x = 2/√π·∫₀ˣ e^−t² dt. Below 1, x·P(x²); above, 1 − e^−x²·Q(u)/(1 + 2x) with u = (x − 3.75)/(x + 3.75).
 * P and Q are Chebyshev fits made with 40 digits; their errors are below 10⁻¹⁷.
 */
export function erf(x: v128): v128 {
  const magnitude = f64x2.min(f64x2.abs(x), c(6.1));
  const y = choose(f64x2.lt(magnitude, c(1)), erfSmall(magnitude), erfLarge(magnitude));
  return v128.or(y, v128.and(x, c(-0.0)));
}

@inline
function erfSmall(x: v128): v128 {
  const z = mul(x, x);
  let p = c(5.957176147748911e-11);
  p = horner(-1.1372848856791674e-09, z, p);
  p = horner(1.4659775274047436e-08, z, p);
  p = horner(-1.6350312701054695e-07, z, p);
  p = horner(1.6461000484121368e-06, z, p);
  p = horner(-1.4925595266831182e-05, z, p);
  p = horner(0.0001205533111164271, z, p);
  p = horner(-0.000854832698083379, z, p);
  p = horner(0.0052239776248180145, z, p);
  p = horner(-0.026866170645076792, z, p);
  p = horner(0.11283791670954879, z, p);
  p = horner(-0.3761263890318375, z, p);
  p = horner(1.1283791670955126, z, p);
  return mul(x, p);
}

@inline
function erfLarge(x: v128): v128 {
  const u = div(sub(x, c(3.75)), add(x, c(3.75)));
  let p = c(-4.486297285458238e-06);
  p = horner(-1.4271937866412754e-05, u, p);
  p = horner(2.156133872411903e-05, u, p);
  p = horner(5.186727495958379e-05, u, p);
  p = horner(-0.000289953537670454, u, p);
  p = horner(0.00029373832727984774, u, p);
  p = horner(0.0017556131072215483, u, p);
  p = horner(-0.009746582899823848, u, p);
  p = horner(0.02836227769836171, u, p);
  p = horner(-0.05869339845093286, u, p);
  p = horner(0.09230432116030717, u, p);
  p = horner(-0.10880393014416179, u, p);
  p = horner(0.08227673849009702, u, p);
  p = horner(0.003585415485479588, u, p);
  p = horner(-0.14024059858554674, u, p);
  p = horner(1.2375126308378275, u, p);
  return sub(c(1), div(mul(exp(f64x2.neg(mul(x, x))), p), add(c(1), add(x, x))));
}

// ---------------------------------------------------------------- powers

/** a·b − product exactly (Dekker's split, since there is no fused multiply-add), for two numbers at a time. */
function productErrors(a: v128, b: v128, product: v128): v128 {
  const ta = mul(a, c(134217729.0));
  const ah = sub(ta, sub(ta, a));
  const al = sub(a, ah);
  const tb = mul(b, c(134217729.0));
  const bh = sub(tb, sub(tb, b));
  const bl = sub(b, bh);
  return add(add(add(sub(mul(ah, bh), product), mul(ah, bl)), mul(al, bh)), mul(al, bl));
}

/** The same for one. */
@inline
function productError(a: f64, b: f64, product: f64): f64 {
  const ta = a * 134217729.0;
  const ah = ta - (ta - a);
  const al = a - ah;
  const tb = b * 134217729.0;
  const bh = tb - (tb - b);
  const bl = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
}

/** xʸ with C's rules for special values: ln |x| is carried in two doubles, so that y·ln |x| keeps its last bits. */
export function pow(x: f64, y: f64): f64 {
  if (y == 0 || x == 1) return 1;
  if (x != x || y != y) return NaN;
  const magnitude = Math.abs(x);
  const whole = Math.floor(y) == y;
  const odd = whole && Math.abs(y) < 9007199254740992.0 && (<i64>y & 1) != 0;
  const sign: f64 = odd && reinterpret<i64>(x) < 0 ? -1 : 1;
  if (Math.abs(y) == Infinity) {
    if (magnitude == 1) return 1;
    return magnitude > 1 == y > 0 ? Infinity : 0;
  }
  if (magnitude == 0 || magnitude == Infinity) return sign * (magnitude == 0 == y > 0 ? 0 : Infinity);
  if (x < 0 && !whole) return NaN;
  if (y == 1) return x;
  if (y == 2) return x * x;
  if (y == 0.5) return Math.sqrt(x);
  if (y == -1) return 1 / x;

  const subnormal = magnitude < SMALLEST_NORMAL;
  const scaled = subnormal ? magnitude * 18014398509481984.0 : magnitude;
  const bits = reinterpret<i64>(scaled);
  const exponent = (bits - SQRT_HALF_BITS) >> 52;
  const m = reinterpret<f64>(bits - (exponent << 52));
  const k = <f64>(exponent - (subnormal ? 54 : 0));

  // s = f/(2 + f) in two doubles.
  const f = m - 1;
  const d = 2 + f;
  const dLow = f - (d - 2);
  const s = f / d;
  const sd = s * d;
  const sLow = (f - sd - productError(s, d, sd) - s * dLow) / d;
  // z = s², and ln m = 2s·(1 + z/3 + z²·(1/5 + z/7 + …)).
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;
  let q: f64 = 0.037037037037037035;
  q = 0.04 + z * q;
  q = 0.043478260869565216 + z * q;
  q = 0.047619047619047616 + z * q;
  q = 0.05263157894736842 + z * q;
  q = 0.058823529411764705 + z * q;
  q = 0.06666666666666667 + z * q;
  q = 0.07692307692307693 + z * q;
  q = 0.09090909090909091 + z * q;
  q = 0.1111111111111111 + z * q;
  q = 0.14285714285714285 + z * q;
  q = 0.2 + z * q;
  const third = 0.3333333333333333;
  const a = z * third;
  const aLow = productError(z, third, a) + zLow * third + z * 1.850371707708594e-17 + z * z * q;
  const w = 1 + a;
  const wLow = a - (w - 1) + aLow;
  const l = 2 * s * w;
  const lLow = productError(2 * s, w, l) + 2 * (s * wLow + sLow * w);
  // ln |x| = k·ln 2 + ln m.
  const kl = k * LN2_HIGH;
  const sum = kl + l;
  const back = sum - kl;
  const sumLow = kl - (sum - back) + (l - back) + (lLow + k * LN2_LOW);
  const lnHigh = sum + sumLow;
  const lnLow = sumLow - (lnHigh - sum) + k * LN2_LOWER;
  // y·ln |x|.
  const t = y * lnHigh;
  if (!(Math.abs(t) < 800)) return sign * (t > 0 ? Infinity : 0);
  const tLow = productError(y, lnHigh, t) + y * lnLow;
  return sign * f64x2.extract_lane(exponentialOf(f64x2.splat(t), f64x2.splat(tLow)), 0);
}

/** ln 2 − LN2_HIGH − LN2_LOW. */
const LN2_LOWER: f64 = 1.1612227229362532e-26;

/** One double through a two-lane function. */
export function expOne(x: f64): f64 {
  return f64x2.extract_lane(exp(f64x2.splat(x)), 0);
}
export function logOne(x: f64): f64 {
  return f64x2.extract_lane(log(f64x2.splat(x)), 0);
}
export function sinOne(x: f64): f64 {
  return f64x2.extract_lane(sin(f64x2.splat(x)), 0);
}
export function cosOne(x: f64): f64 {
  return f64x2.extract_lane(cos(f64x2.splat(x)), 0);
}
