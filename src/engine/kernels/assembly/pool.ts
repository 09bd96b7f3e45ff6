// Pooling of planes: the largest number or the mean of each window. Windows are walked row by row.

/** What a pooling looks like: int32 numbers in this order, written by src/engine/ops/pool.ts. */
@inline function heightOf(g: usize): i32 { return load<i32>(g); }
@inline function widthOf(g: usize): i32 { return load<i32>(g, 4); }
@inline function outHeight(g: usize): i32 { return load<i32>(g, 8); }
@inline function outWidth(g: usize): i32 { return load<i32>(g, 12); }
@inline function kernelHeight(g: usize): i32 { return load<i32>(g, 16); }
@inline function kernelWidth(g: usize): i32 { return load<i32>(g, 20); }
@inline function strideY(g: usize): i32 { return load<i32>(g, 24); }
@inline function strideX(g: usize): i32 { return load<i32>(g, 28); }
@inline function padTop(g: usize): i32 { return load<i32>(g, 32); }
@inline function padLeft(g: usize): i32 { return load<i32>(g, 36); }
@inline function dilationY(g: usize): i32 { return load<i32>(g, 40); }
@inline function dilationX(g: usize): i32 { return load<i32>(g, 44); }
/** For means: 0 counts what lies inside the input, 1 the padding too, 2 shares the input out among the outputs. */
@inline function meanMode(g: usize): i32 { return load<i32>(g, 48); }
/** For means: what to divide by, 0 for the count. */
@inline function divisorOf(g: usize): i32 { return load<i32>(g, 52); }

@inline
function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

// ---------------------------------------------------------------- largest

/** Are the windows 2 × 2 squares side by side, all inside? */
@inline
function isSquares(g: usize): bool {
  return kernelHeight(g) == 2 && kernelWidth(g) == 2 && strideY(g) == 2 && strideX(g) == 2 &&
    padTop(g) == 0 && padLeft(g) == 0 && dilationY(g) == 1 && dilationX(g) == 1 &&
    2 * outHeight(g) <= heightOf(g) && 2 * outWidth(g) <= widthOf(g);
}

/** The largest number of one window and its position in the plane: the first of equal ones; a NaN wins, the last of several. */
@inline
function largest<T>(x: usize, g: usize, y: i32, column: i32, out: usize, index: usize): void {
  const width = widthOf(g);
  const bottom = min(y + kernelHeight(g) * dilationY(g), heightOf(g));
  const right = min(column + kernelWidth(g) * dilationX(g), width);
  while (y < 0) y += dilationY(g);
  while (column < 0) column += dilationX(g);
  let at = y * width + column;
  let best = load<T>(x + <usize>at * sizeof<T>());
  for (; y < bottom; y += dilationY(g)) {
    for (let c = column; c < right; c += dilationX(g)) {
      const here = y * width + c;
      const value = load<T>(x + <usize>here * sizeof<T>());
      if (value > best || value != value) {
        best = value;
        at = here;
      }
    }
  }
  store<T>(out, best);
  store<i32>(index, at);
}

/** Every other lane of two vectors: the first, third … (`odd` 0) or the second, fourth … */
@inline
function everyOther<T>(a: v128, b: v128, odd: bool): v128 {
  if (sizeof<T>() == 4) return odd ? v128.shuffle<f32>(a, b, 1, 3, 5, 7) : v128.shuffle<f32>(a, b, 0, 2, 4, 6);
  return odd ? v128.shuffle<f64>(a, b, 1, 3) : v128.shuffle<f64>(a, b, 0, 2);
}

/** A whole number as wide as T in every lane. */
@inline
function splatWhole<T>(x: i32): v128 {
  return sizeof<T>() == 4 ? i32x4.splat(x) : i64x2.splat(x);
}

/** Positions base, base + 2, … as whole numbers as wide as T: those of the first numbers of neighbouring squares. */
@inline
function positions<T>(base: i32): v128 {
  if (sizeof<T>() == 4) return i32x4.add(i32x4.splat(base), i32x4(0, 2, 4, 6));
  return i64x2.add(i64x2.splat(base), i64x2(0, 2));
}

@inline
function addWhole<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.add(a, b) : i64x2.add(a, b);
}

/**
 * Outputs of a row of 2 × 2 squares, a vector of them at a time; the last vector ends with the row and may overlap the one
 * before. Returns false where the row is shorter than a vector.
 */
@inline
function largestOfSquares<T>(g: usize, x: usize, width: i32, y: i32, count: i32, out: usize, index: usize): bool {
  if (count < lanes<T>()) return false;
  const row = x + <usize>(y * width) * sizeof<T>();
  const next = <usize>width * sizeof<T>();
  const last = count - lanes<T>();
  const right = splatWhole<T>(1);
  const below = splatWhole<T>(width);
  const belowRight = splatWhole<T>(width + 1);
  for (let k = 0; k < count; k += lanes<T>()) {
    const i = min(k, last);
    const p = row + 2 * <usize>i * sizeof<T>();
    const to = out + <usize>i * sizeof<T>();
    const indexTo = index + 4 * <usize>i;
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p + next);
    const d = v128.load(p + next, 16);
    // Sums of numbers are numbers, but for those of unlike infinities; NaN itself needs a closer look.
    const sum = v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d));
    if (v128.any_true(v128.ne<T>(sum, sum))) {
      for (let j = 0; j < lanes<T>(); j++) {
        largest<T>(x, g, y, 2 * (i + j), to + <usize>j * sizeof<T>(), indexTo + 4 * <usize>j);
      }
      continue;
    }
    let best = everyOther<T>(a, b, false);
    let value = everyOther<T>(a, b, true);
    let at = v128.and(right, v128.gt<T>(value, best));
    best = v128.pmax<T>(best, value);
    value = everyOther<T>(c, d, false);
    at = v128.bitselect(below, at, v128.gt<T>(value, best));
    best = v128.pmax<T>(best, value);
    value = everyOther<T>(c, d, true);
    at = v128.bitselect(belowRight, at, v128.gt<T>(value, best));
    v128.store(to, v128.pmax<T>(best, value));
    at = addWhole<T>(at, positions<T>(y * width + 2 * i));
    if (sizeof<T>() == 4) v128.store(indexTo, at);
    else v128.store64_lane(indexTo, i32x4.shuffle(at, at, 0, 2, 0, 2), 0);
  }
  return true;
}

@inline
function maxPool<T>(g: usize, x: usize, out: usize, index: usize, planes: i32): void {
  const squares = isSquares(g);
  const width = outWidth(g);
  const size = <usize>(heightOf(g) * widthOf(g)) * sizeof<T>();
  for (let plane = 0; plane < planes; plane++) {
    for (let y = 0; y < outHeight(g); y++) {
      if (!squares || !largestOfSquares<T>(g, x, widthOf(g), 2 * y, width, out, index)) {
        for (let i = 0; i < width; i++) {
          largest<T>(
            x, g, y * strideY(g) - padTop(g), i * strideX(g) - padLeft(g),
            out + <usize>i * sizeof<T>(), index + 4 * <usize>i,
          );
        }
      }
      out += <usize>width * sizeof<T>();
      index += 4 * <usize>width;
    }
    x += size;
  }
}

/** Spreads a row of outputs' gradients over two rows of 2 × 2 squares: vectors as in largestOfSquares. */
@inline
function spreadSquares<T>(gradient: usize, index: usize, width: i32, y: i32, count: i32, out: usize): void {
  const row = <usize>width * sizeof<T>();
  const top = out + <usize>y * row;
  if (count < lanes<T>()) {
    memory.fill(top, 0, 2 * row);
    for (let i = 0; i < count; i++) {
      store<T>(out + <usize>load<i32>(index + 4 * i) * sizeof<T>(), load<T>(gradient + <usize>i * sizeof<T>()));
    }
    return;
  }
  const last = count - lanes<T>();
  const right = splatWhole<T>(1);
  const below = splatWhole<T>(width);
  const belowRight = splatWhole<T>(width + 1);
  for (let k = 0; k < count; k += lanes<T>()) {
    const i = min(k, last);
    const v = v128.load(gradient + <usize>i * sizeof<T>());
    const first = positions<T>(y * width + 2 * i);
    const p = top + 2 * <usize>i * sizeof<T>();
    if (sizeof<T>() == 4) {
      // Which of the four the number came from.
      const at = i32x4.sub(v128.load(index + 4 * i), first);
      let even = v128.and(v, i32x4.eq(at, i32x4.splat(0)));
      let odd = v128.and(v, i32x4.eq(at, right));
      v128.store(p, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
      v128.store(p, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
      even = v128.and(v, i32x4.eq(at, below));
      odd = v128.and(v, i32x4.eq(at, belowRight));
      v128.store(p + row, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
      v128.store(p + row, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
    } else {
      const at = i64x2.sub(i64x2.extend_low_i32x4_s(v128.load64_zero(index + 4 * i)), first);
      let even = v128.and(v, i64x2.eq(at, i64x2.splat(0)));
      let odd = v128.and(v, i64x2.eq(at, right));
      v128.store(p, v128.shuffle<f64>(even, odd, 0, 2));
      v128.store(p, v128.shuffle<f64>(even, odd, 1, 3), 16);
      even = v128.and(v, i64x2.eq(at, below));
      odd = v128.and(v, i64x2.eq(at, belowRight));
      v128.store(p + row, v128.shuffle<f64>(even, odd, 0, 2));
      v128.store(p + row, v128.shuffle<f64>(even, odd, 1, 3), 16);
    }
  }
  // What the squares leave over of the two rows.
  for (let x = 2 * count; x < width; x++) {
    store<T>(top + <usize>x * sizeof<T>(), 0);
    store<T>(top + row + <usize>x * sizeof<T>(), 0);
  }
}

/** Every output's gradient goes to where its number came from; there they add up in the order of the outputs. */
@inline
function maxPoolGradient<T>(g: usize, gradient: usize, index: usize, out: usize, planes: i32): void {
  const width = outWidth(g);
  const size = <usize>(heightOf(g) * widthOf(g)) * sizeof<T>();
  const count = outHeight(g) * width;
  if (isSquares(g)) {
    const covered = <usize>(2 * outHeight(g) * widthOf(g)) * sizeof<T>();
    for (let plane = 0; plane < planes; plane++) {
      for (let y = 0; y < outHeight(g); y++) {
        spreadSquares<T>(gradient, index, widthOf(g), 2 * y, width, out);
        gradient += <usize>width * sizeof<T>();
        index += 4 * <usize>width;
      }
      memory.fill(out + covered, 0, size - covered);
      out += size;
    }
    return;
  }
  memory.fill(out, 0, <usize>planes * size);
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < count; i++) {
      const p = out + <usize>load<i32>(index) * sizeof<T>();
      store<T>(p, load<T>(p) + load<T>(gradient));
      gradient += sizeof<T>();
      index += 4;
    }
    out += size;
  }
}

// ---------------------------------------------------------------- mean

/** First index of a window along one direction, before it is cut to the input. */
@inline
function startOf(mode: i32, i: i32, size: i32, outSize: i32, stride: i32, pad: i32): i32 {
  return mode == 2 ? <i32>((<i64>i * size) / outSize) : i * stride - pad;
}

/** One past the last index of a window, before it is cut to the input; it may reach over the padding but not beyond. */
@inline
function endOf(mode: i32, i: i32, size: i32, outSize: i32, stride: i32, pad: i32, kernel: i32): i32 {
  return mode == 2 ? <i32>((<i64>(i + 1) * size + outSize - 1) / outSize) : min(i * stride - pad + kernel, size + pad);
}

/** Means (`spread` false), or each output's share of its gradient added to every number of its window. */
@inline
function meanWindows<T>(spread: bool, g: usize, x: usize, out: usize, planes: i32): void {
  const mode = meanMode(g);
  const height = heightOf(g);
  const width = widthOf(g);
  const size = <usize>(height * width) * sizeof<T>();
  if (spread) memory.fill(out, 0, <usize>planes * size);
  let plane = spread ? out : x;
  let each = spread ? x : out;
  for (let i = 0; i < planes; i++) {
    for (let y = 0; y < outHeight(g); y++) {
      const fromY = startOf(mode, y, height, outHeight(g), strideY(g), padTop(g));
      const toY = endOf(mode, y, height, outHeight(g), strideY(g), padTop(g), kernelHeight(g));
      const top = max(fromY, 0);
      const bottom = min(toY, height);
      for (let c = 0; c < outWidth(g); c++) {
        const fromX = startOf(mode, c, width, outWidth(g), strideX(g), padLeft(g));
        const toX = endOf(mode, c, width, outWidth(g), strideX(g), padLeft(g), kernelWidth(g));
        const left = max(fromX, 0);
        const right = min(toX, width);
        const count = mode == 1 ? (toY - fromY) * (toX - fromX) : (bottom - top) * (right - left);
        const divisor = <f64>(divisorOf(g) == 0 ? count : divisorOf(g));
        if (spread) {
          const share = <T>(<f64>load<T>(each) / divisor);
          for (let line = top; line < bottom; line++) {
            let p = plane + <usize>(line * width + left) * sizeof<T>();
            for (let k = left; k < right; k++) {
              store<T>(p, load<T>(p) + share);
              p += sizeof<T>();
            }
          }
        } else {
          let sum: f64 = 0;
          for (let line = top; line < bottom; line++) {
            let p = plane + <usize>(line * width + left) * sizeof<T>();
            for (let k = left; k < right; k++) {
              sum += <f64>load<T>(p);
              p += sizeof<T>();
            }
          }
          store<T>(each, <T>(sum / divisor));
        }
        each += sizeof<T>();
      }
    }
    plane += size;
  }
}

export function maxPool_f32(g: usize, x: usize, out: usize, index: usize, planes: i32): void { maxPool<f32>(g, x, out, index, planes); }
export function maxPool_f64(g: usize, x: usize, out: usize, index: usize, planes: i32): void { maxPool<f64>(g, x, out, index, planes); }
export function maxPoolGradient_f32(g: usize, gradient: usize, index: usize, out: usize, planes: i32): void { maxPoolGradient<f32>(g, gradient, index, out, planes); }
export function maxPoolGradient_f64(g: usize, gradient: usize, index: usize, out: usize, planes: i32): void { maxPoolGradient<f64>(g, gradient, index, out, planes); }
export function meanPool_f32(g: usize, x: usize, out: usize, planes: i32): void { meanWindows<f32>(false, g, x, out, planes); }
export function meanPool_f64(g: usize, x: usize, out: usize, planes: i32): void { meanWindows<f64>(false, g, x, out, planes); }
export function meanPoolGradient_f32(g: usize, gradient: usize, out: usize, planes: i32): void { meanWindows<f32>(true, g, gradient, out, planes); }
export function meanPoolGradient_f64(g: usize, gradient: usize, out: usize, planes: i32): void { meanWindows<f64>(true, g, gradient, out, planes); }
