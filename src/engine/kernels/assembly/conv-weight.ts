// The gradients of a convolution's weight and bias: sums over the samples of a batch and all places of the output.
//
// Vectors run along the rows of the gradient. Within a sample each lane adds up its own column after column, row after row; the
// samples are added in order, and the lanes last, in a fixed order. So tiles of 4 channels × 2 taps change no bit.
import {
  BLOCK,
  align16,
  batchOf,
  blockAt,
  copyRow,
  groupsOf,
  inChannels,
  inputPitch,
  inputPlane,
  kernelHeight,
  kernelWidth,
  lanes,
  madd,
  outChannels,
  outHeight,
  outWidth,
  packedBytes,
  readyInput,
  strideY,
  writeTaps,
} from "./conv-layout";

/**
 * Adds to `totals`, for `rows` (a constant: 4, 2 or 1) output channels and one or two taps (`pair`, a constant), the sums
 * over a plane of gradient·input, lane by lane. The gradient is laid out by packGradient. A row has `whole` full vectors;
 * of one more, `last` bytes from the row's start, only the lanes of `mask` count (none if there is no such vector).
 */
@inline
function weightTile<T>(
  rows: i32, pair: bool, gradient: usize, x0: usize, x1: usize, rowX: usize,
  height: i32, whole: usize, ragged: bool, last: usize, mask: v128, totals: usize, rowTotals: usize,
): void {
  let a0 = v128.splat<T>(<T>0);
  let b0 = a0;
  let a1 = a0;
  let b1 = a0;
  let a2 = a0;
  let b2 = a0;
  let a3 = a0;
  let b3 = a0;
  for (let y = 0; y < height; y++) {
    let p = x0;
    let q = x1;
    const end = x0 + whole;
    while (p < end) {
      const u = v128.load(p);
      const v = pair ? v128.load(q) : u;
      let g = v128.load(gradient);
      a0 = madd<T>(a0, g, u);
      if (pair) b0 = madd<T>(b0, g, v);
      if (rows > 1) {
        g = v128.load(gradient, 16);
        a1 = madd<T>(a1, g, u);
        if (pair) b1 = madd<T>(b1, g, v);
      }
      if (rows > 2) {
        g = v128.load(gradient, 32);
        a2 = madd<T>(a2, g, u);
        if (pair) b2 = madd<T>(b2, g, v);
        g = v128.load(gradient, 48);
        a3 = madd<T>(a3, g, u);
        if (pair) b3 = madd<T>(b3, g, v);
      }
      gradient += 16 * rows;
      p += 16;
      if (pair) q += 16;
    }
    if (ragged) {
      const u = v128.and(v128.load(x0 + last), mask);
      const v = pair ? v128.and(v128.load(x1 + last), mask) : u;
      let g = v128.load(gradient);
      a0 = madd<T>(a0, g, u);
      if (pair) b0 = madd<T>(b0, g, v);
      if (rows > 1) {
        g = v128.load(gradient, 16);
        a1 = madd<T>(a1, g, u);
        if (pair) b1 = madd<T>(b1, g, v);
      }
      if (rows > 2) {
        g = v128.load(gradient, 32);
        a2 = madd<T>(a2, g, u);
        if (pair) b2 = madd<T>(b2, g, v);
        g = v128.load(gradient, 48);
        a3 = madd<T>(a3, g, u);
        if (pair) b3 = madd<T>(b3, g, v);
      }
      gradient += 16 * rows;
    }
    x0 += rowX;
    x1 += rowX;
  }
  addTo<T>(totals, a0);
  if (pair) addTo<T>(totals + 16, b0);
  if (rows > 1) {
    addTo<T>(totals + rowTotals, a1);
    if (pair) addTo<T>(totals + rowTotals + 16, b1);
  }
  if (rows > 2) {
    addTo<T>(totals + 2 * rowTotals, a2);
    if (pair) addTo<T>(totals + 2 * rowTotals + 16, b2);
    addTo<T>(totals + 3 * rowTotals, a3);
    if (pair) addTo<T>(totals + 3 * rowTotals + 16, b3);
  }
}

@inline
function addTo<T>(at: usize, v: v128): void {
  v128.store(at, v128.add<T>(v128.load(at), v));
}

/** The lanes of a vector added up in a fixed order. */
@inline
function horizontal<T>(v: v128): T {
  const pair = v128.extract_lane<T>(v, 0) + v128.extract_lane<T>(v, 1);
  if (sizeof<T>() == 8) return pair;
  return pair + (v128.extract_lane<T>(v, 2) + v128.extract_lane<T>(v, 3));
}

/** Vectors that cover a row of outputs. */
@inline
function vectorsOfRow<T>(g: usize): i32 {
  return (outWidth(g) + lanes<T>() - 1) / lanes<T>();
}

/**
 * Lays out `rows` planes of a gradient so that a tile reads it straight through: for each vector of the plane those of all
 * rows. The last vector of a line ends with it; what the vector before has counted already is zero in it.
 */
@inline
function packGradient<T>(from: usize, plane: usize, rows: i32, height: i32, whole: usize, ragged: bool, last: usize, mask: v128, to: usize, line: usize, spare: usize): void {
  for (let r = 0; r < rows; r++) {
    let source = from + <usize>r * plane;
    let target = to + 16 * r;
    for (let y = 0; y < height; y++) {
      for (let at: usize = 0; at < whole; at += 16) {
        v128.store(target, v128.load(source + at));
        target += 16 * rows;
      }
      if (ragged) {
        let p = source + last;
        if (line < 16) {
          // Nothing may be read beyond the plane's end.
          copyRow<T>(source, spare, <i32>(line / sizeof<T>()));
          p = spare;
        }
        v128.store(target, v128.and(v128.load(p), mask));
        target += 16 * rows;
      }
      source += line;
    }
  }
}

@inline
function weightGradientWorkspace<T>(g: usize): i32 {
  const taps = kernelHeight(g) * kernelWidth(g);
  const weights = outChannels(g) * (inChannels(g) / groupsOf(g)) * taps;
  return <i32>(align16(taps * 4) + 16 * weights + 32 + packedBytes<T>(g) + 16 * BLOCK * outHeight(g) * vectorsOfRow<T>(g));
}

/**
 * ∂L/∂weight[o, i, ky, kx] = Σ over samples and places of gradient[n, o, y, x]·x[n, i, y·stride + ky·dilation − padding, …].
 * Each sample's sum is taken lane by lane, columns and then rows ascending; samples are added in order, lanes at the end.
 */
@inline
function weightGradient<T>(g: usize, x: usize, gradient: usize, out: usize, work: usize): void {
  const taps = kernelHeight(g) * kernelWidth(g);
  const groups = groupsOf(g);
  const depth = inChannels(g) / groups;
  const channels = outChannels(g) / groups;
  const length = depth * taps;
  const height = outHeight(g);
  const width = outWidth(g);
  const table = work;
  const totals = table + align16(taps * 4);
  const maskAt = totals + 16 * <usize>(outChannels(g) * length);
  const spare = maskAt + 16;
  const packed = spare + 16;
  const gradients = packed + packedBytes<T>(g);
  memory.fill(totals, 0, gradients - totals);
  writeTaps<T>(g, table);

  const rest = width % lanes<T>();
  const ragged = rest != 0;
  const whole = <usize>(width - rest) * sizeof<T>();
  // In a row shorter than a vector the first lanes count, else those that the vector before has not counted.
  const last = <usize>max(0, width - lanes<T>()) * sizeof<T>();
  const firstLane = width < lanes<T>() ? 0 : lanes<T>() - rest;
  memory.fill(maskAt + <usize>firstLane * sizeof<T>(), 0xff, <usize>rest * sizeof<T>());
  const mask = v128.load(maskAt);

  const line = <usize>width * sizeof<T>();
  const plane = <usize>height * line;
  const inPlane = <usize>inputPlane<T>(g) * sizeof<T>();
  const rowX = <usize>(strideY(g) * inputPitch<T>(g)) * sizeof<T>();
  const rowTotals = 16 * <usize>length;
  for (let n = 0; n < batchOf(g); n++) {
    const input = readyInput<T>(g, x, n, packed);
    for (let group = 0; group < groups; group++) {
      const planes = input + <usize>(group * depth) * inPlane;
      for (let c = 0, rows = 0; c < channels; c += rows) {
        rows = blockAt(c, channels);
        const o = group * channels + c;
        packGradient<T>(gradient + <usize>(n * outChannels(g) + o) * plane, plane, rows, height, whole, ragged, last, mask, gradients, line, spare);
        const to = totals + <usize>o * rowTotals;
        for (let k = 0; k < length; k += 2) {
          const x0 = planes + <usize>(k / taps) * inPlane + <usize>load<i32>(table + 4 * (k % taps));
          const at = to + 16 * <usize>k;
          const next = k + 1;
          if (next < length) {
            const x1 = planes + <usize>(next / taps) * inPlane + <usize>load<i32>(table + 4 * (next % taps));
            if (rows == 4) weightTile<T>(4, true, gradients, x0, x1, rowX, height, whole, ragged, last, mask, at, rowTotals);
            else if (rows == 2) weightTile<T>(2, true, gradients, x0, x1, rowX, height, whole, ragged, last, mask, at, rowTotals);
            else weightTile<T>(1, true, gradients, x0, x1, rowX, height, whole, ragged, last, mask, at, rowTotals);
          } else {
            if (rows == 4) weightTile<T>(4, false, gradients, x0, x0, rowX, height, whole, ragged, last, mask, at, rowTotals);
            else if (rows == 2) weightTile<T>(2, false, gradients, x0, x0, rowX, height, whole, ragged, last, mask, at, rowTotals);
            else weightTile<T>(1, false, gradients, x0, x0, rowX, height, whole, ragged, last, mask, at, rowTotals);
          }
        }
      }
    }
  }
  const count = outChannels(g) * length;
  for (let i = 0; i < count; i++) store<T>(out + <usize>i * sizeof<T>(), horizontal<T>(v128.load(totals + 16 * <usize>i)));
}

// ---------------------------------------------------------------- backward to the bias

/** out[c] = Σ x[n, c, s] of x (batch, channels, size): each plane lane by lane, the planes in double precision. */
@inline
function channelSum<T>(x: usize, out: usize, batch: i32, channels: i32, size: i32): void {
  const whole = size & ~(4 * lanes<T>() - 1);
  for (let c = 0; c < channels; c++) {
    let total: f64 = 0;
    for (let n = 0; n < batch; n++) {
      let p = x + <usize>((n * channels + c) * size) * sizeof<T>();
      let a = v128.splat<T>(<T>0);
      let b = a;
      let d = a;
      let e = a;
      let i = 0;
      for (; i < whole; i += 4 * lanes<T>()) {
        a = v128.add<T>(a, v128.load(p));
        b = v128.add<T>(b, v128.load(p, 16));
        d = v128.add<T>(d, v128.load(p, 32));
        e = v128.add<T>(e, v128.load(p, 48));
        p += 64;
      }
      let rest: f64 = 0;
      for (; i < size; i++) {
        rest += <f64>load<T>(p);
        p += sizeof<T>();
      }
      total += <f64>horizontal<T>(v128.add<T>(v128.add<T>(a, b), v128.add<T>(d, e))) + rest;
    }
    store<T>(out + c * sizeof<T>(), <T>total);
  }
}

export function convWeightGradient_f32(g: usize, x: usize, gradient: usize, out: usize, work: usize): void { weightGradient<f32>(g, x, gradient, out, work); }
export function convWeightGradient_f64(g: usize, x: usize, gradient: usize, out: usize, work: usize): void { weightGradient<f64>(g, x, gradient, out, work); }
export function convWeightGradientWorkspace_f32(g: usize): i32 { return weightGradientWorkspace<f32>(g); }
export function convWeightGradientWorkspace_f64(g: usize): i32 { return weightGradientWorkspace<f64>(g); }
export function channelSum_f32(x: usize, out: usize, batch: i32, channels: i32, size: i32): void { channelSum<f32>(x, out, batch, channels, size); }
export function channelSum_f64(x: usize, out: usize, batch: i32, channels: i32, size: i32): void { channelSum<f64>(x, out, batch, channels, size); }
