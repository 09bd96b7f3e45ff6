// One update of an optimiser, in place, for all numbers of one parameter. Formulas: see src/engine/optim.
//
// Each kernel is written once, as a function …At for the numbers at one address. `loop` kernels call it for whole vectors
// and then, with `whole` false, for the numbers that are left over, one at a time. Options become vectors before the loop.
// All of them begin with g ← sign·gradient + weightDecay·p: sign −1 goes uphill.

@inline function add<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
@inline function sub<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); }
@inline function mul<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); }
@inline function div<T>(a: v128, b: v128): v128 { return v128.div<T>(a, b); }
@inline function sqrt<T>(a: v128): v128 { return v128.sqrt<T>(a); }
/** An option in every lane. */
@inline function all<T>(x: f64): v128 { return v128.splat<T>(<T>x); }

@inline
function get<T>(p: usize, whole: bool): v128 {
  return whole ? v128.load(p) : v128.splat<T>(load<T>(p));
}

@inline
function put<T>(p: usize, x: v128, whole: bool): void {
  if (whole) v128.store(p, x);
  else store<T>(p, v128.extract_lane<T>(x, 0));
}

/** Bytes of whole vectors among n numbers. */
@inline
function wholeBytes<T>(n: i32): usize {
  return (<usize>n * sizeof<T>()) & ~15;
}

/** sign·gradient + weightDecay·x. */
@inline
function effective<T>(gradient: v128, x: v128, sign: v128, decay: v128, decays: bool): v128 {
  const g = mul<T>(sign, gradient);
  return decays ? add<T>(g, mul<T>(decay, x)) : g;
}

// ---------------------------------------------------------------- SGD

/**
 * buffer ← first ? g : momentum·buffer + gain·g;  p ← p − lr·(nesterov ? g + momentum·buffer : buffer).
 * Without momentum (buffer = 0) the step is −lr·g. gain is 1 − dampening.
 */
@inline
function sgd<T>(
  p: usize, gradient: usize, buffer: usize, n: i32,
  lr: f64, momentum: f64, gain: f64, weightDecay: f64, sign: f64, nesterov: i32, first: i32,
): void {
  const rate = all<T>(lr), inertia = all<T>(momentum), share = all<T>(gain), decay = all<T>(weightDecay), signs = all<T>(sign);
  const end = <usize>n * sizeof<T>(), last = wholeBytes<T>(n);
  let at: usize = 0;
  for (; at < last; at += 16) sgdAt<T>(true, p + at, gradient + at, buffer == 0 ? 0 : buffer + at, rate, inertia, share, decay, weightDecay != 0, signs, nesterov, first);
  for (; at < end; at += sizeof<T>()) sgdAt<T>(false, p + at, gradient + at, buffer == 0 ? 0 : buffer + at, rate, inertia, share, decay, weightDecay != 0, signs, nesterov, first);
}

@inline
function sgdAt<T>(
  whole: bool, p: usize, gradient: usize, buffer: usize,
  lr: v128, momentum: v128, gain: v128, decay: v128, decays: bool, sign: v128, nesterov: i32, first: i32,
): void {
  const x = get<T>(p, whole);
  let g = effective<T>(get<T>(gradient, whole), x, sign, decay, decays);
  if (buffer != 0) {
    const b = first ? g : add<T>(mul<T>(momentum, get<T>(buffer, whole)), mul<T>(gain, g));
    put<T>(buffer, b, whole);
    g = nesterov ? add<T>(g, mul<T>(momentum, b)) : b;
  }
  put<T>(p, sub<T>(x, mul<T>(lr, g)), whole);
}

// ---------------------------------------------------------------- the Adam family

/**
 * m ← β₁m + (1 − β₁)g;  v ← β₂v + (1 − β₂)g²;  p ← shrink·p − (stepSize·m + gradientStep·g)/(√v/rootCorrection2 + ε).
 * With AMSGrad (largest ≠ 0) the largest v so far takes the place of v. shrink is 1 − lr·weightDecay where the decay is
 * decoupled; gradientStep is for NAdam.
 */
@inline
function adam<T>(
  p: usize, gradient: usize, m: usize, v: usize, largest: usize, n: i32,
  beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, gradientStep: f64, rootCorrection2: f64,
  weightDecay: f64, shrink: f64, sign: f64,
): void {
  const keep1 = all<T>(beta1), gain1 = all<T>(1 - beta1), keep2 = all<T>(beta2), gain2 = all<T>(1 - beta2);
  const eps = all<T>(epsilon), rate = all<T>(stepSize), correction = all<T>(rootCorrection2);
  const decay = all<T>(weightDecay), shrinks = all<T>(shrink), signs = all<T>(sign), direct = all<T>(gradientStep);
  const end = <usize>n * sizeof<T>(), last = wholeBytes<T>(n);
  let at: usize = 0;
  for (; at < last; at += 16) adamAt<T>(true, at, p, gradient, m, v, largest, keep1, gain1, keep2, gain2, eps, rate, direct, gradientStep != 0, correction, decay, weightDecay != 0, shrinks, signs);
  for (; at < end; at += sizeof<T>()) adamAt<T>(false, at, p, gradient, m, v, largest, keep1, gain1, keep2, gain2, eps, rate, direct, gradientStep != 0, correction, decay, weightDecay != 0, shrinks, signs);
}

@inline
function adamAt<T>(
  whole: bool, at: usize, p: usize, gradient: usize, m: usize, v: usize, largest: usize,
  keep1: v128, gain1: v128, keep2: v128, gain2: v128, eps: v128, rate: v128, direct: v128, directly: bool,
  correction: v128, decay: v128, decays: bool, shrink: v128, sign: v128,
): void {
  const x = mul<T>(shrink, get<T>(p + at, whole));
  const g = effective<T>(get<T>(gradient + at, whole), x, sign, decay, decays);
  const first = add<T>(mul<T>(keep1, get<T>(m + at, whole)), mul<T>(gain1, g));
  let second = add<T>(mul<T>(keep2, get<T>(v + at, whole)), mul<T>(mul<T>(gain2, g), g));
  put<T>(m + at, first, whole);
  put<T>(v + at, second, whole);
  if (largest != 0) {
    second = v128.max<T>(second, get<T>(largest + at, whole));
    put<T>(largest + at, second, whole);
  }
  let step = mul<T>(rate, first);
  if (directly) step = add<T>(step, mul<T>(direct, g));
  put<T>(p + at, sub<T>(x, div<T>(step, add<T>(div<T>(sqrt<T>(second), correction), eps))), whole);
}

/**
 * A step of Adam, as above, that also measures itself: with the step d (p ← p + d) it leaves Σd² and Σd·g at `sums`,
 * two doubles, summed in double precision: even and odd positions apart, then together.
 */
@inline
function swats<T>(
  p: usize, gradient: usize, m: usize, v: usize, sums: usize, n: i32,
  beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, rootCorrection2: f64, weightDecay: f64, sign: f64,
): void {
  const keep1 = all<T>(beta1), gain1 = all<T>(1 - beta1), keep2 = all<T>(beta2), gain2 = all<T>(1 - beta2);
  const eps = all<T>(epsilon), rate = all<T>(stepSize), correction = all<T>(rootCorrection2);
  const decay = all<T>(weightDecay), signs = all<T>(sign);
  let squares = f64x2.splat(0), products = f64x2.splat(0);
  const end = <usize>n * sizeof<T>();
  // Two numbers at a time, in double precision lanes; an odd one is paired with zeros.
  for (let at: usize = 0; at < end; at += 2 * sizeof<T>()) {
    const alone = at + sizeof<T>() == end;
    const x = pair<T>(p + at, alone);
    const g = effective<T>(pair<T>(gradient + at, alone), x, signs, decay, weightDecay != 0);
    const first = add<T>(mul<T>(keep1, pair<T>(m + at, alone)), mul<T>(gain1, g));
    const second = add<T>(mul<T>(keep2, pair<T>(v + at, alone)), mul<T>(mul<T>(gain2, g), g));
    putPair<T>(m + at, first, alone);
    putPair<T>(v + at, second, alone);
    let d = div<T>(mul<T>(rate, first), add<T>(div<T>(sqrt<T>(second), correction), eps));
    // Where ε is 0 the missing partner of an odd number has made 0/0.
    if (alone) d = v128.replace_lane<T>(all<T>(0), 0, v128.extract_lane<T>(d, 0));
    putPair<T>(p + at, sub<T>(x, d), alone);
    const step = widen<T>(d);
    squares = f64x2.add(squares, f64x2.mul(step, step));
    products = f64x2.sub(products, f64x2.mul(step, widen<T>(g)));
  }
  store<f64>(sums, f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
  store<f64>(sums, f64x2.extract_lane(products, 0) + f64x2.extract_lane(products, 1), 8);
}

/** Two numbers in the first lanes, or one and zeros. */
@inline
function pair<T>(p: usize, alone: bool): v128 {
  if (sizeof<T>() == 4) return alone ? v128.load32_zero(p) : v128.load64_zero(p);
  return alone ? v128.load64_zero(p) : v128.load(p);
}

@inline
function putPair<T>(p: usize, x: v128, alone: bool): void {
  if (alone) store<T>(p, v128.extract_lane<T>(x, 0));
  else if (sizeof<T>() == 4) v128.store64_lane(p, x, 0);
  else v128.store(p, x);
}

@inline
function widen<T>(x: v128): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(x) : x;
}

/** m ← β₁m + (1 − β₁)g;  u ← max(β₂u, |g| + ε);  p ← p − stepSize·m/u. */
@inline
function adamax<T>(
  p: usize, gradient: usize, m: usize, u: usize, n: i32,
  beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, weightDecay: f64, sign: f64,
): void {
  const keep1 = all<T>(beta1), gain1 = all<T>(1 - beta1), keep2 = all<T>(beta2), eps = all<T>(epsilon);
  const rate = all<T>(stepSize), decay = all<T>(weightDecay), signs = all<T>(sign);
  const end = <usize>n * sizeof<T>(), last = wholeBytes<T>(n);
  let at: usize = 0;
  for (; at < last; at += 16) adamaxAt<T>(true, at, p, gradient, m, u, keep1, gain1, keep2, eps, rate, decay, weightDecay != 0, signs);
  for (; at < end; at += sizeof<T>()) adamaxAt<T>(false, at, p, gradient, m, u, keep1, gain1, keep2, eps, rate, decay, weightDecay != 0, signs);
}

@inline
function adamaxAt<T>(
  whole: bool, at: usize, p: usize, gradient: usize, m: usize, u: usize,
  keep1: v128, gain1: v128, keep2: v128, eps: v128, rate: v128, decay: v128, decays: bool, sign: v128,
): void {
  const x = get<T>(p + at, whole);
  const g = effective<T>(get<T>(gradient + at, whole), x, sign, decay, decays);
  const first = add<T>(mul<T>(keep1, get<T>(m + at, whole)), mul<T>(gain1, g));
  const largest = v128.max<T>(mul<T>(keep2, get<T>(u + at, whole)), add<T>(v128.abs<T>(g), eps));
  put<T>(m + at, first, whole);
  put<T>(u + at, largest, whole);
  put<T>(p + at, sub<T>(x, div<T>(mul<T>(rate, first), largest)), whole);
}

// ---------------------------------------------------------------- scaled by the root of squares

/**
 * v ← keep·v + gain·g²;  σ = √(scale·v) + ε;  p ← p − lr·g/σ.
 * Adagrad: keep = gain = 1. RMSprop: keep = α, gain = 1 − α. The mean of all squares: keep = gain = 1, scale = 1/t.
 * Centered (mean ≠ 0): mean ← keep·mean + gain·g, and mean² is taken from v under the root.
 * With momentum (buffer ≠ 0): buffer ← momentum·buffer + g/σ;  p ← p − lr·buffer.
 */
@inline
function rms<T>(
  p: usize, gradient: usize, v: usize, mean: usize, buffer: usize, n: i32,
  keep: f64, gain: f64, scale: f64, epsilon: f64, lr: f64, momentum: f64, weightDecay: f64, sign: f64,
): void {
  const kept = all<T>(keep), share = all<T>(gain), scales = all<T>(scale), eps = all<T>(epsilon), rate = all<T>(lr);
  const inertia = all<T>(momentum), decay = all<T>(weightDecay), signs = all<T>(sign);
  const end = <usize>n * sizeof<T>(), last = wholeBytes<T>(n);
  let at: usize = 0;
  for (; at < last; at += 16) rmsAt<T>(true, at, p, gradient, v, mean, buffer, kept, share, scales, eps, rate, inertia, decay, weightDecay != 0, signs);
  for (; at < end; at += sizeof<T>()) rmsAt<T>(false, at, p, gradient, v, mean, buffer, kept, share, scales, eps, rate, inertia, decay, weightDecay != 0, signs);
}

@inline
function rmsAt<T>(
  whole: bool, at: usize, p: usize, gradient: usize, v: usize, mean: usize, buffer: usize,
  keep: v128, gain: v128, scale: v128, eps: v128, rate: v128, momentum: v128, decay: v128, decays: bool, sign: v128,
): void {
  const x = get<T>(p + at, whole);
  const g = effective<T>(get<T>(gradient + at, whole), x, sign, decay, decays);
  let square = add<T>(mul<T>(keep, get<T>(v + at, whole)), mul<T>(mul<T>(gain, g), g));
  put<T>(v + at, square, whole);
  if (mean != 0) {
    const average = add<T>(mul<T>(keep, get<T>(mean + at, whole)), mul<T>(gain, g));
    put<T>(mean + at, average, whole);
    // A variance; rounding may leave it just below zero.
    square = v128.max<T>(sub<T>(square, mul<T>(average, average)), v128.splat<T>(<T>0));
  }
  const sigma = add<T>(sqrt<T>(mul<T>(scale, square)), eps);
  if (buffer != 0) {
    const b = add<T>(mul<T>(momentum, get<T>(buffer + at, whole)), div<T>(g, sigma));
    put<T>(buffer + at, b, whole);
    put<T>(p + at, sub<T>(x, mul<T>(rate, b)), whole);
  } else {
    put<T>(p + at, sub<T>(x, div<T>(mul<T>(rate, g), sigma)), whole);
  }
}

/** v ← ρv + (1 − ρ)g²;  d = √(u + ε)/√(v + ε)·g;  u ← ρu + (1 − ρ)d²;  p ← p − lr·d. */
@inline
function adadelta<T>(
  p: usize, gradient: usize, v: usize, u: usize, n: i32,
  rho: f64, epsilon: f64, lr: f64, weightDecay: f64, sign: f64,
): void {
  const keep = all<T>(rho), gain = all<T>(1 - rho), eps = all<T>(epsilon), rate = all<T>(lr);
  const decay = all<T>(weightDecay), signs = all<T>(sign);
  const end = <usize>n * sizeof<T>(), last = wholeBytes<T>(n);
  let at: usize = 0;
  for (; at < last; at += 16) adadeltaAt<T>(true, at, p, gradient, v, u, keep, gain, eps, rate, decay, weightDecay != 0, signs);
  for (; at < end; at += sizeof<T>()) adadeltaAt<T>(false, at, p, gradient, v, u, keep, gain, eps, rate, decay, weightDecay != 0, signs);
}

@inline
function adadeltaAt<T>(
  whole: bool, at: usize, p: usize, gradient: usize, v: usize, u: usize,
  keep: v128, gain: v128, eps: v128, rate: v128, decay: v128, decays: bool, sign: v128,
): void {
  const x = get<T>(p + at, whole);
  const g = effective<T>(get<T>(gradient + at, whole), x, sign, decay, decays);
  const square = add<T>(mul<T>(keep, get<T>(v + at, whole)), mul<T>(mul<T>(gain, g), g));
  const moved = get<T>(u + at, whole);
  const d = mul<T>(div<T>(sqrt<T>(add<T>(moved, eps)), sqrt<T>(add<T>(square, eps))), g);
  put<T>(v + at, square, whole);
  put<T>(u + at, add<T>(mul<T>(keep, moved), mul<T>(mul<T>(gain, d), d)), whole);
  put<T>(p + at, sub<T>(x, mul<T>(rate, d)), whole);
}

export function sgd_f32(p: usize, gradient: usize, buffer: usize, n: i32, lr: f64, momentum: f64, gain: f64, weightDecay: f64, sign: f64, nesterov: i32, first: i32): void { sgd<f32>(p, gradient, buffer, n, lr, momentum, gain, weightDecay, sign, nesterov, first); }
export function sgd_f64(p: usize, gradient: usize, buffer: usize, n: i32, lr: f64, momentum: f64, gain: f64, weightDecay: f64, sign: f64, nesterov: i32, first: i32): void { sgd<f64>(p, gradient, buffer, n, lr, momentum, gain, weightDecay, sign, nesterov, first); }
export function adam_f32(p: usize, gradient: usize, m: usize, v: usize, largest: usize, n: i32, beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, gradientStep: f64, rootCorrection2: f64, weightDecay: f64, shrink: f64, sign: f64): void { adam<f32>(p, gradient, m, v, largest, n, beta1, beta2, epsilon, stepSize, gradientStep, rootCorrection2, weightDecay, shrink, sign); }
export function adam_f64(p: usize, gradient: usize, m: usize, v: usize, largest: usize, n: i32, beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, gradientStep: f64, rootCorrection2: f64, weightDecay: f64, shrink: f64, sign: f64): void { adam<f64>(p, gradient, m, v, largest, n, beta1, beta2, epsilon, stepSize, gradientStep, rootCorrection2, weightDecay, shrink, sign); }
export function swats_f32(p: usize, gradient: usize, m: usize, v: usize, sums: usize, n: i32, beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, rootCorrection2: f64, weightDecay: f64, sign: f64): void { swats<f32>(p, gradient, m, v, sums, n, beta1, beta2, epsilon, stepSize, rootCorrection2, weightDecay, sign); }
export function swats_f64(p: usize, gradient: usize, m: usize, v: usize, sums: usize, n: i32, beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, rootCorrection2: f64, weightDecay: f64, sign: f64): void { swats<f64>(p, gradient, m, v, sums, n, beta1, beta2, epsilon, stepSize, rootCorrection2, weightDecay, sign); }
export function adamax_f32(p: usize, gradient: usize, m: usize, u: usize, n: i32, beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, weightDecay: f64, sign: f64): void { adamax<f32>(p, gradient, m, u, n, beta1, beta2, epsilon, stepSize, weightDecay, sign); }
export function adamax_f64(p: usize, gradient: usize, m: usize, u: usize, n: i32, beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, weightDecay: f64, sign: f64): void { adamax<f64>(p, gradient, m, u, n, beta1, beta2, epsilon, stepSize, weightDecay, sign); }
export function rms_f32(p: usize, gradient: usize, v: usize, mean: usize, buffer: usize, n: i32, keep: f64, gain: f64, scale: f64, epsilon: f64, lr: f64, momentum: f64, weightDecay: f64, sign: f64): void { rms<f32>(p, gradient, v, mean, buffer, n, keep, gain, scale, epsilon, lr, momentum, weightDecay, sign); }
export function rms_f64(p: usize, gradient: usize, v: usize, mean: usize, buffer: usize, n: i32, keep: f64, gain: f64, scale: f64, epsilon: f64, lr: f64, momentum: f64, weightDecay: f64, sign: f64): void { rms<f64>(p, gradient, v, mean, buffer, n, keep, gain, scale, epsilon, lr, momentum, weightDecay, sign); }
export function adadelta_f32(p: usize, gradient: usize, v: usize, u: usize, n: i32, rho: f64, epsilon: f64, lr: f64, weightDecay: f64, sign: f64): void { adadelta<f32>(p, gradient, v, u, n, rho, epsilon, lr, weightDecay, sign); }
export function adadelta_f64(p: usize, gradient: usize, v: usize, u: usize, n: i32, rho: f64, epsilon: f64, lr: f64, weightDecay: f64, sign: f64): void { adadelta<f64>(p, gradient, v, u, n, rho, epsilon, lr, weightDecay, sign); }
