// Many numbers in, one out. A tensor is seen as (outer, n, inner) and reduced along n, always in ascending order, so that
// the result does not depend on how the work is cut up. Sums are kept in double precision and rounded once.
import * as math from "./math";

@inline
export function sumRow<T>(x: usize, n: i32): f64 {
  // Four running sums hide the latency of the addition; they meet in a fixed order.
  let s0: f64 = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 += <f64>load<T>(x);
    s1 += <f64>load<T>(x, sizeof<T>());
    s2 += <f64>load<T>(x, 2 * sizeof<T>());
    s3 += <f64>load<T>(x, 3 * sizeof<T>());
    x += 4 * sizeof<T>();
  }
  for (; i < n; i++) {
    s0 += <f64>load<T>(x);
    x += sizeof<T>();
  }
  return s0 + s1 + (s2 + s3);
}

/** Two neighbouring numbers as doubles. */
@inline
function lowPair<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p);
}

/** Two doubles rounded to T and stored side by side. */
@inline
function storePair<T>(p: usize, pair: v128): void {
  if (sizeof<T>() == 4) v128.store64_lane(p, f32x4.demote_f64x2_zero(pair), 0);
  else v128.store(p, pair);
}

/** Sums of eight neighbouring columns, each in ascending order. */
@inline
function sumEight<T>(x: usize, out: usize, n: i32, row: usize): void {
  const pair = 2 * sizeof<T>();
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let k = 0; k < n; k++) {
    s0 = f64x2.add(s0, lowPair<T>(x));
    s1 = f64x2.add(s1, lowPair<T>(x + pair));
    s2 = f64x2.add(s2, lowPair<T>(x + 2 * pair));
    s3 = f64x2.add(s3, lowPair<T>(x + 3 * pair));
    x += row;
  }
  storePair<T>(out, s0);
  storePair<T>(out + pair, s1);
  storePair<T>(out + 2 * pair, s2);
  storePair<T>(out + 3 * pair, s3);
}

@inline
function sum<T>(x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
  const row = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      store<T>(out + o * sizeof<T>(), <T>sumRow<T>(x + <usize>o * n * sizeof<T>(), n));
      continue;
    }
    const block = x + <usize>o * n * row;
    const target = out + <usize>o * row;
    let i = 0;
    for (; i + 8 <= inner; i += 8) sumEight<T>(block + i * sizeof<T>(), target + i * sizeof<T>(), n, row);
    for (; i < inner; i++) {
      let s: f64 = 0;
      let p = block + i * sizeof<T>();
      for (let k = 0; k < n; k++) {
        s += <f64>load<T>(p);
        p += row;
      }
      store<T>(target + i * sizeof<T>(), <T>s);
    }
  }
}

/** Index of the first largest (sign 1) or smallest (sign −1) number; the first NaN wins, as it must not be hidden. */
@inline
function extreme<T>(x: usize, out: usize, outer: i32, n: i32, inner: i32, sign: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let p = x + <usize>(o * n * inner + i) * sizeof<T>();
      let best = load<T>(p);
      let index = 0;
      for (let k = 1; k < n && best == best; k++) {
        p += inner * sizeof<T>();
        const value = load<T>(p);
        if (value != value || (sign > 0 ? value > best : value < best)) {
          best = value;
          index = k;
        }
      }
      store<i32>(out + (o * inner + i) * 4, index);
    }
  }
}

@inline
function cumulativeSum<T>(x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let offset = <usize>(o * n * inner + i) * sizeof<T>();
      let s: f64 = 0;
      for (let k = 0; k < n; k++) {
        s += <f64>load<T>(x + offset);
        store<T>(out + offset, <T>s);
        offset += inner * sizeof<T>();
      }
    }
  }
}

@inline
function dot<T>(a: usize, b: usize, n: i32): f64 {
  let s0: f64 = 0;
  let s1: f64 = 0;
  let i = 0;
  for (; i + 2 <= n; i += 2) {
    s0 += <f64>load<T>(a) * <f64>load<T>(b);
    s1 += <f64>load<T>(a, sizeof<T>()) * <f64>load<T>(b, sizeof<T>());
    a += 2 * sizeof<T>();
    b += 2 * sizeof<T>();
  }
  if (i < n) s0 += <f64>load<T>(a) * <f64>load<T>(b);
  return s0 + s1;
}

/** Σ e^(x − shift) over neighbouring numbers, in ascending order; exponentials are taken two at a time. */
@inline
function sumOfExponentials<T>(x: usize, n: i32, shift: f64): f64 {
  let s: f64 = 0;
  let k = 0;
  for (; k + 2 <= n; k += 2) {
    const e = math.exp(f64x2.sub(lowPair<T>(x + k * sizeof<T>()), f64x2.splat(shift)));
    s += f64x2.extract_lane(e, 0);
    s += f64x2.extract_lane(e, 1);
  }
  if (k < n) s += math.expOne(<f64>load<T>(x + k * sizeof<T>()) - shift);
  return s;
}

/** x − ln Σ eˣ along n, shifted by the largest so that nothing overflows. */
@inline
export function logSoftmax<T>(x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
  const stride = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = (<usize>o * n * inner + i) * sizeof<T>();
      let largest = -Infinity;
      let p = x + start;
      for (let k = 0; k < n; k++, p += stride) largest = Math.max(largest, <f64>load<T>(p));
      let s: f64 = 0;
      if (inner == 1) {
        s = sumOfExponentials<T>(x + start, n, largest);
      } else {
        p = x + start;
        for (let k = 0; k < n; k++, p += stride) s += math.expOne(<f64>load<T>(p) - largest);
      }
      const logSum = math.logOne(s);
      p = x + start;
      let q = out + start;
      for (let k = 0; k < n; k++, p += stride, q += stride) store<T>(q, <T>(<f64>load<T>(p) - largest - logSum));
    }
  }
}

/** eˣ / Σ eˣ along n, shifted by the largest so that nothing overflows. */
@inline
function softmax<T>(x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
  const stride = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = <usize>(o * n * inner + i) * sizeof<T>();
      let largest = -Infinity;
      let p = x + start;
      for (let k = 0; k < n; k++, p += stride) largest = Math.max(largest, <f64>load<T>(p));
      let s: f64 = 0;
      p = x + start;
      for (let k = 0; k < n; k++, p += stride) s += math.expOne(<f64>load<T>(p) - largest);
      p = x + start;
      let q = out + start;
      for (let k = 0; k < n; k++, p += stride, q += stride) {
        store<T>(q, <T>(math.expOne(<f64>load<T>(p) - largest) / s));
      }
    }
  }
}

export function sum_f32(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { sum<f32>(x, out, outer, n, inner); }
export function cumsum_f32(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { cumulativeSum<f32>(x, out, outer, n, inner); }
export function softmax_f32(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { softmax<f32>(x, out, outer, n, inner); }
export function logSoftmax_f32(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { logSoftmax<f32>(x, out, outer, n, inner); }
export function dot_f32(a: usize, b: usize, n: i32): f64 { return dot<f32>(a, b, n); }
export function sum_f64(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { sum<f64>(x, out, outer, n, inner); }
export function cumsum_f64(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { cumulativeSum<f64>(x, out, outer, n, inner); }
export function softmax_f64(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { softmax<f64>(x, out, outer, n, inner); }
export function logSoftmax_f64(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { logSoftmax<f64>(x, out, outer, n, inner); }
export function dot_f64(a: usize, b: usize, n: i32): f64 { return dot<f64>(a, b, n); }
export function argmax_f32(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { extreme<f32>(x, out, outer, n, inner, 1); }
export function argmin_f32(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { extreme<f32>(x, out, outer, n, inner, -1); }
export function argmax_f64(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { extreme<f64>(x, out, outer, n, inner, 1); }
export function argmin_f64(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { extreme<f64>(x, out, outer, n, inner, -1); }
export function argmax_i32(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { extreme<i32>(x, out, outer, n, inner, 1); }
export function argmin_i32(x: usize, out: usize, outer: i32, n: i32, inner: i32): void { extreme<i32>(x, out, outer, n, inner, -1); }
