// Cross-entropy of scores and class numbers in one pass forward and one backward. Each step rounds as the same loss composed
// of logSoftmax, gather and mean does, so both ways give the same bits.
import * as math from "./math";
import { logSoftmax, sumRow } from "./reduce";

/**
 * Rows of scores (rows × classes). Writes ln softmax, the loss −ln softmax[target] of each row (0 where the target is
 * `ignored`), and their sum, divided by the number of rows that count if `mean`.
 * Returns that number, or −1 − (position of a target that is no class).
 */
@inline
function crossEntropy<T>(
  x: usize, target: usize, logProbabilities: usize, losses: usize, out: usize, rows: i32, classes: i32, ignored: i32, mean: i32,
): i32 {
  logSoftmax<T>(x, logProbabilities, rows, classes, 1);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const t = load<i32>(target + i * 4);
    let loss: T = 0;
    if (t != ignored) {
      if (t < 0 || t >= classes) return -1 - i;
      loss = -load<T>(logProbabilities + (<usize>i * classes + t) * sizeof<T>());
      count++;
    }
    store<T>(losses + i * sizeof<T>(), loss);
  }
  const sum = <T>sumRow<T>(losses, rows);
  store<T>(out, mean ? sum / <T>count : sum);
  return count;
}

/** (softmax − one-hot)·g/divisor for each row, 0 where the target is `ignored`; g is the one number at `gradient`. */
@inline
function crossEntropyBackward<T>(
  gradient: usize, logProbabilities: usize, target: usize, out: usize, rows: i32, classes: i32, ignored: i32, divisor: f64,
): void {
  const scale = load<T>(gradient) / <T>divisor;
  for (let i = 0; i < rows; i++) {
    const t = load<i32>(target + i * 4);
    if (t == ignored) {
      memory.fill(out, 0, <usize>classes * sizeof<T>());
    } else {
      for (let j = 0; j < classes; j += 2) {
        const at = <usize>j * sizeof<T>();
        const pair = j + 1 < classes;
        const first = <f64>load<T>(logProbabilities + at);
        const second = pair ? <f64>load<T>(logProbabilities + at, sizeof<T>()) : first;
        const e = math.exp(f64x2.replace_lane(f64x2.splat(first), 1, second));
        store<T>(out + at, <T>f64x2.extract_lane(e, 0) * scale);
        if (pair) store<T>(out + at, <T>f64x2.extract_lane(e, 1) * scale, sizeof<T>());
      }
      const hit = out + <usize>t * sizeof<T>();
      store<T>(hit, load<T>(hit) - scale);
    }
    logProbabilities += <usize>classes * sizeof<T>();
    out += <usize>classes * sizeof<T>();
  }
}

export function crossEntropy_f32(x: usize, target: usize, logProbabilities: usize, losses: usize, out: usize, rows: i32, classes: i32, ignored: i32, mean: i32): i32 { return crossEntropy<f32>(x, target, logProbabilities, losses, out, rows, classes, ignored, mean); }
export function crossEntropy_f64(x: usize, target: usize, logProbabilities: usize, losses: usize, out: usize, rows: i32, classes: i32, ignored: i32, mean: i32): i32 { return crossEntropy<f64>(x, target, logProbabilities, losses, out, rows, classes, ignored, mean); }
export function crossEntropyBackward_f32(gradient: usize, logProbabilities: usize, target: usize, out: usize, rows: i32, classes: i32, ignored: i32, divisor: f64): void { crossEntropyBackward<f32>(gradient, logProbabilities, target, out, rows, classes, ignored, divisor); }
export function crossEntropyBackward_f64(gradient: usize, logProbabilities: usize, target: usize, out: usize, rows: i32, classes: i32, ignored: i32, divisor: f64): void { crossEntropyBackward<f64>(gradient, logProbabilities, target, out, rows, classes, ignored, divisor); }
