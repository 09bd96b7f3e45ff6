// One update of an optimiser, in place, for all numbers of one parameter. Formulas: see src/engine/optim.

/**
 * g ← ±gradient + weightDecay·p;  buffer ← first ? g : momentum·buffer + (1 − dampening)·g;
 * p ← p − lr·(nesterov ? g + momentum·buffer : buffer). Without momentum (buffer = 0) the step is −lr·g.
 */
@inline
function sgd<T>(
  p: usize, gradient: usize, buffer: usize, n: i32,
  lr: f64, momentum: f64, dampening: f64, weightDecay: f64, sign: f64, nesterov: i32, first: i32,
): void {
  for (let i = 0; i < n; i++) {
    const at = <usize>i * sizeof<T>();
    const x = load<T>(p + at);
    let g = <T>sign * load<T>(gradient + at);
    if (weightDecay != 0) g = g + <T>weightDecay * x;
    if (buffer != 0) {
      const b = first ? g : <T>momentum * load<T>(buffer + at) + <T>(1 - dampening) * g;
      store<T>(buffer + at, b);
      g = nesterov ? g + <T>momentum * b : b;
    }
    store<T>(p + at, x - <T>lr * g);
  }
}

/**
 * m ← β₁m + (1 − β₁)g;  v ← β₂v + (1 − β₂)g²;  p ← p − stepSize·m/(√v/√correction2 + ε),
 * where stepSize = lr/(1 − β₁ᵗ) and correction2 = 1 − β₂ᵗ. With AMSGrad the largest v so far takes the place of v.
 * decoupled: the decay multiplies p by 1 − lr·weightDecay (AdamW) instead of joining the gradient.
 */
@inline
function adam<T>(
  p: usize, gradient: usize, m: usize, v: usize, largest: usize, n: i32,
  beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, rootCorrection2: f64, weightDecay: f64, shrink: f64, sign: f64,
): void {
  for (let i = 0; i < n; i++) {
    const at = <usize>i * sizeof<T>();
    const x = <T>shrink * load<T>(p + at);
    let g = <T>sign * load<T>(gradient + at);
    if (weightDecay != 0) g = g + <T>weightDecay * x;
    const first = <T>beta1 * load<T>(m + at) + <T>(1 - beta1) * g;
    let second = <T>beta2 * load<T>(v + at) + <T>(1 - beta2) * g * g;
    store<T>(m + at, first);
    store<T>(v + at, second);
    if (largest != 0) {
      second = max(second, load<T>(largest + at));
      store<T>(largest + at, second);
    }
    store<T>(p + at, x - (<T>stepSize * first) / (sqrt<T>(second) / <T>rootCorrection2 + <T>epsilon));
  }
}

export function sgd_f32(p: usize, gradient: usize, buffer: usize, n: i32, lr: f64, momentum: f64, dampening: f64, weightDecay: f64, sign: f64, nesterov: i32, first: i32): void { sgd<f32>(p, gradient, buffer, n, lr, momentum, dampening, weightDecay, sign, nesterov, first); }
export function sgd_f64(p: usize, gradient: usize, buffer: usize, n: i32, lr: f64, momentum: f64, dampening: f64, weightDecay: f64, sign: f64, nesterov: i32, first: i32): void { sgd<f64>(p, gradient, buffer, n, lr, momentum, dampening, weightDecay, sign, nesterov, first); }
export function adam_f32(p: usize, gradient: usize, m: usize, v: usize, largest: usize, n: i32, beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, rootCorrection2: f64, weightDecay: f64, shrink: f64, sign: f64): void { adam<f32>(p, gradient, m, v, largest, n, beta1, beta2, epsilon, stepSize, rootCorrection2, weightDecay, shrink, sign); }
export function adam_f64(p: usize, gradient: usize, m: usize, v: usize, largest: usize, n: i32, beta1: f64, beta2: f64, epsilon: f64, stepSize: f64, rootCorrection2: f64, weightDecay: f64, shrink: f64, sign: f64): void { adam<f64>(p, gradient, m, v, largest, n, beta1, beta2, epsilon, stepSize, rootCorrection2, weightDecay, shrink, sign); }
