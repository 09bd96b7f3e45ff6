// Normalisation: numbers minus their mean, over their standard deviation, times a weight, plus a bias. Means, variances and
// the sums of the backward pass are taken in double precision, always in ascending order.
//
// Two arrangements. Channels: x is (batch, channels, size) and the numbers of one channel belong together (batch norm).
// Rows: x is (rows, size) and the numbers of one row belong together (layer norm, group norm); rows are channels with a batch
// of one, so their statistics come from the same kernels.
//
// Statistics are doubles: all means, then all (biased) variances.

@inline
function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

/** The first two numbers of a vector as doubles. */
@inline
function lowHalf<T>(v: v128): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v) : v;
}

/** The last two numbers of a float32 vector as doubles; zeros for float64, which has no more than two. */
@inline
function highHalf<T>(v: v128): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)) : f64x2.splat(0);
}

@inline
function loadSplat<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(p) : v128.load64_splat(p);
}

@inline
function addHalves(low: v128, high: v128): f64 {
  return f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
}

const PLAIN = 0;
const SQUARE = 1;
const PRODUCT = 2;

/** One term of a sum: x; (x − mean)²; or other·(x − mean). */
@inline
function term(kind: i32, x: v128, mean: v128, other: v128): v128 {
  if (kind == PLAIN) return x;
  const d = f64x2.sub(x, mean);
  return kind == SQUARE ? f64x2.mul(d, d) : f64x2.mul(other, d);
}

@inline
function termOne(kind: i32, x: f64, mean: f64, other: f64): f64 {
  if (kind == PLAIN) return x;
  const d = x - mean;
  return kind == SQUARE ? d * d : other * d;
}

/**
 * sums[c] = Σ of a term over one channel. Channels of one number an example lie side by side and are summed side by side,
 * others one after the other. `means` may be 0 where the term does not need them.
 */
@inline
function sumChannels<T>(kind: i32, x: usize, other: usize, means: usize, sums: usize, batch: i32, channels: i32, size: i32): void {
  const zero = f64x2.splat(0);
  let c = 0;
  if (size == 1) {
    const row = <usize>channels * sizeof<T>();
    for (; c + lanes<T>() <= channels; c += lanes<T>()) {
      const at = <usize>c * sizeof<T>();
      const meanLow = kind == PLAIN ? zero : v128.load(means + 8 * c);
      const meanHigh = kind == PLAIN || sizeof<T>() == 8 ? zero : v128.load(means + 8 * c, 16);
      let low = zero;
      let high = zero;
      let p = x + at;
      let q = other + at;
      for (let n = 0; n < batch; n++) {
        const v = v128.load(p);
        const w = kind == PRODUCT ? v128.load(q) : v;
        low = f64x2.add(low, term(kind, lowHalf<T>(v), meanLow, lowHalf<T>(w)));
        if (sizeof<T>() == 4) high = f64x2.add(high, term(kind, highHalf<T>(v), meanHigh, highHalf<T>(w)));
        p += row;
        q += row;
      }
      v128.store(sums + 8 * c, low);
      if (sizeof<T>() == 4) v128.store(sums + 8 * c, high, 16);
    }
  }
  const whole = size & ~(lanes<T>() - 1);
  for (; c < channels; c++) {
    const mean = kind == PLAIN ? 0 : load<f64>(means + 8 * c);
    const meanTwice = f64x2.splat(mean);
    let low = zero;
    let high = zero;
    let rest: f64 = 0;
    for (let n = 0; n < batch; n++) {
      const at = <usize>((n * channels + c) * size) * sizeof<T>();
      let p = x + at;
      let q = other + at;
      let i = 0;
      for (; i < whole; i += lanes<T>()) {
        const v = v128.load(p);
        const w = kind == PRODUCT ? v128.load(q) : v;
        low = f64x2.add(low, term(kind, lowHalf<T>(v), meanTwice, lowHalf<T>(w)));
        if (sizeof<T>() == 4) high = f64x2.add(high, term(kind, highHalf<T>(v), meanTwice, highHalf<T>(w)));
        p += 16;
        q += 16;
      }
      for (; i < size; i++) {
        rest += termOne(kind, <f64>load<T>(p), mean, kind == PRODUCT ? <f64>load<T>(q) : 0);
        p += sizeof<T>();
        q += sizeof<T>();
      }
    }
    store<f64>(sums + 8 * c, addHalves(low, high) + rest);
  }
}

function sumAll<T>(x: usize, sums: usize, batch: i32, channels: i32, size: i32): void {
  sumChannels<T>(PLAIN, x, x, 0, sums, batch, channels, size);
}

@inline
function divideAll(at: usize, count: i32, by: f64): void {
  for (let i = 0; i < count; i++) store<f64>(at + 8 * i, load<f64>(at + 8 * i) / by);
}

/** Means and variances of the channels of x (batch, channels, size). */
@inline
function moments<T>(x: usize, stats: usize, batch: i32, channels: i32, size: i32): void {
  const variances = stats + 8 * <usize>channels;
  const count = <f64>batch * <f64>size;
  sumAll<T>(x, stats, batch, channels, size);
  divideAll(stats, channels, count);
  sumChannels<T>(SQUARE, x, x, stats, variances, batch, channels, size);
  divideAll(variances, channels, count);
}

/** 1/√(variance + ε). */
@inline
function inverseDeviation(stats: usize, count: i32, i: i32, eps: f64): f64 {
  return 1 / Math.sqrt(load<f64>(stats + 8 * <usize>(count + i)) + eps);
}

/** a·(x − mean) + b·g + c for a run of numbers side by side, in the type of x; g may be 0 for none. */
function affineRun<T>(x: usize, g: usize, out: usize, count: i32, mean: T, a: T, b: T, c: T): void {
  const whole = count & ~(lanes<T>() - 1);
  const means = v128.splat<T>(mean);
  const as = v128.splat<T>(a);
  const bs = v128.splat<T>(b);
  const cs = v128.splat<T>(c);
  let i = 0;
  if (g == 0) {
    for (; i < whole; i += lanes<T>()) {
      v128.store(out, v128.add<T>(v128.mul<T>(v128.sub<T>(v128.load(x), means), as), cs));
      x += 16;
      out += 16;
    }
    for (; i < count; i++) {
      store<T>(out, (load<T>(x) - mean) * a + c);
      x += sizeof<T>();
      out += sizeof<T>();
    }
    return;
  }
  for (; i < whole; i += lanes<T>()) {
    const centred = v128.mul<T>(v128.sub<T>(v128.load(x), means), as);
    v128.store(out, v128.add<T>(v128.add<T>(centred, v128.mul<T>(v128.load(g), bs)), cs));
    x += 16;
    g += 16;
    out += 16;
  }
  for (; i < count; i++) {
    store<T>(out, (load<T>(x) - mean) * a + load<T>(g) * b + c);
    x += sizeof<T>();
    g += sizeof<T>();
    out += sizeof<T>();
  }
}

/**
 * out = a·(x − mean) + b·g + c for channels of one number an example, side by side: `factors` holds rows of mean, a, b and c,
 * one of each for every channel.
 */
function affineColumns<T>(x: usize, g: usize, out: usize, batch: i32, channels: i32, factors: usize): void {
  const row = <usize>channels * sizeof<T>();
  const whole = channels & ~(lanes<T>() - 1);
  for (let n = 0; n < batch; n++) {
    let f = factors;
    let i = 0;
    for (; i < whole; i += lanes<T>()) {
      let v = v128.mul<T>(v128.sub<T>(v128.load(x), v128.load(f)), v128.load(f + row));
      if (g != 0) {
        v = v128.add<T>(v, v128.mul<T>(v128.load(g), v128.load(f + 2 * row)));
        g += 16;
      }
      v128.store(out, v128.add<T>(v, v128.load(f + 3 * row)));
      f += 16;
      x += 16;
      out += 16;
    }
    for (; i < channels; i++) {
      let v = (load<T>(x) - load<T>(f)) * load<T>(f + row);
      if (g != 0) {
        v += load<T>(g) * load<T>(f + 2 * row);
        g += sizeof<T>();
      }
      store<T>(out, v + load<T>(f + 3 * row));
      f += sizeof<T>();
      x += sizeof<T>();
      out += sizeof<T>();
    }
  }
}

@inline
function numberAt<T>(values: usize, i: i32, otherwise: f64): f64 {
  return values == 0 ? otherwise : <f64>load<T>(values + <usize>i * sizeof<T>());
}

// ---------------------------------------------------------------- channels

/**
 * out = (x − mean)/√(variance + ε)·weight + bias, or, with a gradient g, ∂L/∂x of it:
 * weight/σ·(g − Σg/n − (x − mean)/σ²·Σg(x − mean)/n), where `sums` holds Σg and Σg(x − mean) of each channel.
 * `work` has room for 4·channels numbers. weight and bias may be 0 for none.
 */
@inline
function channels<T>(
  x: usize, g: usize, out: usize, stats: usize, sums: usize, weight: usize, bias: usize, work: usize,
  batch: i32, count: i32, size: i32, eps: f64,
): void {
  const n = <f64>batch * <f64>size;
  for (let c = 0; c < count; c++) {
    const inverse = inverseDeviation(stats, count, c, eps);
    const scale = inverse * numberAt<T>(weight, c, 1);
    let a = scale;
    let shift = numberAt<T>(bias, c, 0);
    if (g != 0) {
      a = (-scale * inverse * inverse * load<f64>(sums + 8 * <usize>(count + c))) / n;
      shift = (-scale * load<f64>(sums + 8 * c)) / n;
    }
    const at = work + <usize>c * sizeof<T>();
    const row = <usize>count * sizeof<T>();
    store<T>(at, <T>load<f64>(stats + 8 * c));
    store<T>(at + row, <T>a);
    store<T>(at + 2 * row, <T>scale);
    store<T>(at + 3 * row, <T>shift);
  }
  if (size == 1) {
    affineColumns<T>(x, g, out, batch, count, work);
    return;
  }
  const run = <usize>size * sizeof<T>();
  const row = <usize>count * sizeof<T>();
  for (let i = 0; i < batch; i++) {
    for (let c = 0; c < count; c++) {
      const at = work + <usize>c * sizeof<T>();
      affineRun<T>(x, g, out, size, load<T>(at), load<T>(at + row), load<T>(at + 2 * row), load<T>(at + 3 * row));
      x += run;
      out += run;
      if (g != 0) g += run;
    }
  }
}

/** Σg and Σg(x − mean) of each channel. */
@inline
function gradientSums<T>(x: usize, g: usize, stats: usize, sums: usize, batch: i32, count: i32, size: i32): void {
  sumAll<T>(g, sums, batch, count, size);
  sumChannels<T>(PRODUCT, x, g, stats, sums + 8 * <usize>count, batch, count, size);
}

/** ∂L/∂bias = Σg, or, where stats are given, ∂L/∂weight = Σg(x − mean)/σ. */
@inline
function parameterGradient<T>(sums: usize, stats: usize, out: usize, count: i32, eps: f64): void {
  for (let c = 0; c < count; c++) {
    const value = stats == 0
      ? load<f64>(sums + 8 * c)
      : load<f64>(sums + 8 * <usize>(count + c)) * inverseDeviation(stats, count, c, eps);
    store<T>(out + <usize>c * sizeof<T>(), <T>value);
  }
}

/**
 * running ← (1 − m)·running + m·(mean, variance·n/(n − 1)), and the count of batches + 1 where there is a counter.
 * A negative m stands for 1/count: the plain average of all batches.
 */
@inline
function updateRunning<T>(stats: usize, means: usize, variances: usize, counter: usize, count: i32, n: f64, momentum: f64): void {
  let m = momentum;
  if (counter != 0) {
    const batches = load<i32>(counter) + 1;
    store<i32>(counter, batches);
    if (m < 0) m = 1 / <f64>batches;
  }
  for (let c = 0; c < count; c++) {
    const p = means + <usize>c * sizeof<T>();
    const q = variances + <usize>c * sizeof<T>();
    const variance = (load<f64>(stats + 8 * <usize>(count + c)) * n) / (n - 1);
    store<T>(p, <T>((1 - m) * <f64>load<T>(p) + m * load<f64>(stats + 8 * c)));
    store<T>(q, <T>((1 - m) * <f64>load<T>(q) + m * variance));
  }
}

// ---------------------------------------------------------------- rows

/**
 * Rows of `parts`·`run` numbers, `groups` rows an example: weight and bias have one number for each of the groups' parts.
 * out = (x − mean)/√(variance + ε)·weight + bias, or, with a gradient g, ∂L/∂x of it:
 * (g·weight − Σgw/n − (x − mean)/σ²·Σgw(x − mean)/n)/σ.
 */
@inline
function rows<T>(
  x: usize, g: usize, out: usize, stats: usize, weight: usize, bias: usize,
  count: i32, groups: i32, parts: i32, run: i32, eps: f64,
): void {
  const n = <f64>parts * <f64>run;
  for (let r = 0; r < count; r++) {
    const inverse = inverseDeviation(stats, count, r, eps);
    const exact = load<f64>(stats + 8 * r);
    const mean = <T>exact;
    const first = (r % groups) * parts;
    let a = inverse;
    let shift: f64 = 0;
    if (g != 0) {
      let sum: f64 = 0;
      let product: f64 = 0;
      let p = x;
      let q = g;
      for (let j = 0; j < parts; j++) {
        const w = numberAt<T>(weight, first + j, 1);
        for (let i = 0; i < run; i++) {
          const term = <f64>load<T>(q) * w;
          sum += term;
          product += term * (<f64>load<T>(p) - exact);
          p += sizeof<T>();
          q += sizeof<T>();
        }
      }
      a = (-inverse * inverse * inverse * product) / n;
      shift = (-inverse * sum) / n;
    }
    if (run == 1) {
      rowOfSingles<T>(
        x, g, out, parts, mean, <T>a, <T>inverse, <T>shift,
        weight == 0 ? 0 : weight + <usize>first * sizeof<T>(), bias == 0 ? 0 : bias + <usize>first * sizeof<T>(),
      );
    } else {
      for (let j = 0; j < parts; j++) {
        const w = numberAt<T>(weight, first + j, 1);
        const at = <usize>(j * run) * sizeof<T>();
        if (g == 0) affineRun<T>(x + at, 0, out + at, run, mean, <T>(inverse * w), 0, <T>numberAt<T>(bias, first + j, 0));
        else affineRun<T>(x + at, g + at, out + at, run, mean, <T>a, <T>(inverse * w), <T>shift);
      }
    }
    const bytes = <usize>(parts * run) * sizeof<T>();
    x += bytes;
    out += bytes;
    if (g != 0) g += bytes;
  }
}

/** A row in which every number has a weight and a bias of its own. */
function rowOfSingles<T>(
  x: usize, g: usize, out: usize, count: i32, mean: T, a: T, inverse: T, shift: T, weight: usize, bias: usize,
): void {
  const whole = count & ~(lanes<T>() - 1);
  const means = v128.splat<T>(mean);
  const as = v128.splat<T>(a);
  const inverses = v128.splat<T>(inverse);
  const shifts = v128.splat<T>(shift);
  let at: usize = 0;
  for (let i = 0; i < whole; i += lanes<T>()) {
    let v = v128.mul<T>(v128.sub<T>(v128.load(x + at), means), as);
    if (g == 0) {
      if (weight != 0) v = v128.mul<T>(v, v128.load(weight + at));
      if (bias != 0) v = v128.add<T>(v, v128.load(bias + at));
    } else {
      let gw = v128.load(g + at);
      if (weight != 0) gw = v128.mul<T>(gw, v128.load(weight + at));
      v = v128.add<T>(v128.add<T>(v, v128.mul<T>(gw, inverses)), shifts);
    }
    v128.store(out + at, v);
    at += 16;
  }
  for (let i = whole; i < count; i++) {
    let v = (load<T>(x + at) - mean) * a;
    if (g == 0) {
      if (weight != 0) v *= load<T>(weight + at);
      if (bias != 0) v += load<T>(bias + at);
    } else {
      let gw = load<T>(g + at);
      if (weight != 0) gw *= load<T>(weight + at);
      v = v + gw * inverse + shift;
    }
    store<T>(out + at, v);
    at += sizeof<T>();
  }
}

/**
 * ∂L/∂weight (with stats) or ∂L/∂bias (stats 0): Σ over all rows and runs of g·(x − mean)/σ or of g. `work` has room for
 * groups·parts doubles.
 */
@inline
function rowParameterGradient<T>(
  x: usize, g: usize, stats: usize, out: usize, work: usize, count: i32, groups: i32, parts: i32, run: i32, eps: f64,
): void {
  memory.fill(work, 0, 8 * <usize>(groups * parts));
  for (let r = 0; r < count; r++) {
    const inverse = stats == 0 ? 1 : inverseDeviation(stats, count, r, eps);
    const mean = stats == 0 ? 0 : load<f64>(stats + 8 * r);
    let p = work + 8 * <usize>((r % groups) * parts);
    for (let j = 0; j < parts; j++) {
      let sum: f64 = 0;
      for (let i = 0; i < run; i++) {
        const value = <f64>load<T>(g);
        sum += stats == 0 ? value : value * ((<f64>load<T>(x) - mean) * inverse);
        g += sizeof<T>();
        x += sizeof<T>();
      }
      store<f64>(p, load<f64>(p) + sum);
      p += 8;
    }
  }
  for (let i = 0; i < groups * parts; i++) store<T>(out + <usize>i * sizeof<T>(), <T>load<f64>(work + 8 * <usize>i));
}

export function moments_f32(x: usize, stats: usize, batch: i32, count: i32, size: i32): void { moments<f32>(x, stats, batch, count, size); }
export function moments_f64(x: usize, stats: usize, batch: i32, count: i32, size: i32): void { moments<f64>(x, stats, batch, count, size); }
export function normaliseChannels_f32(x: usize, g: usize, out: usize, stats: usize, sums: usize, weight: usize, bias: usize, work: usize, batch: i32, count: i32, size: i32, eps: f64): void { channels<f32>(x, g, out, stats, sums, weight, bias, work, batch, count, size, eps); }
export function normaliseChannels_f64(x: usize, g: usize, out: usize, stats: usize, sums: usize, weight: usize, bias: usize, work: usize, batch: i32, count: i32, size: i32, eps: f64): void { channels<f64>(x, g, out, stats, sums, weight, bias, work, batch, count, size, eps); }
export function gradientSums_f32(x: usize, g: usize, stats: usize, sums: usize, batch: i32, count: i32, size: i32): void { gradientSums<f32>(x, g, stats, sums, batch, count, size); }
export function gradientSums_f64(x: usize, g: usize, stats: usize, sums: usize, batch: i32, count: i32, size: i32): void { gradientSums<f64>(x, g, stats, sums, batch, count, size); }
export function parameterGradient_f32(sums: usize, stats: usize, out: usize, count: i32, eps: f64): void { parameterGradient<f32>(sums, stats, out, count, eps); }
export function parameterGradient_f64(sums: usize, stats: usize, out: usize, count: i32, eps: f64): void { parameterGradient<f64>(sums, stats, out, count, eps); }
export function updateRunning_f32(stats: usize, means: usize, variances: usize, counter: usize, count: i32, n: f64, momentum: f64): void { updateRunning<f32>(stats, means, variances, counter, count, n, momentum); }
export function updateRunning_f64(stats: usize, means: usize, variances: usize, counter: usize, count: i32, n: f64, momentum: f64): void { updateRunning<f64>(stats, means, variances, counter, count, n, momentum); }
export function normaliseRows_f32(x: usize, g: usize, out: usize, stats: usize, weight: usize, bias: usize, count: i32, groups: i32, parts: i32, run: i32, eps: f64): void { rows<f32>(x, g, out, stats, weight, bias, count, groups, parts, run, eps); }
export function normaliseRows_f64(x: usize, g: usize, out: usize, stats: usize, weight: usize, bias: usize, count: i32, groups: i32, parts: i32, run: i32, eps: f64): void { rows<f64>(x, g, out, stats, weight, bias, count, groups, parts, run, eps); }
export function rowParameterGradient_f32(x: usize, g: usize, stats: usize, out: usize, work: usize, count: i32, groups: i32, parts: i32, run: i32, eps: f64): void { rowParameterGradient<f32>(x, g, stats, out, work, count, groups, parts, run, eps); }
export function rowParameterGradient_f64(x: usize, g: usize, stats: usize, out: usize, work: usize, count: i32, groups: i32, parts: i32, run: i32, eps: f64): void { rowParameterGradient<f64>(x, g, stats, out, work, count, groups, parts, run, eps); }
