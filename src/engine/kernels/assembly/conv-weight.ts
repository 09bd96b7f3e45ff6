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
 * over a plane of gradient·input, lane by lane. The gradient is laid out by packGradient; `places` … `end` holds, for each of
 * its vectors, how far from the tap's first input the vector of inputs lies, in bytes.
 *
 * Where a row's last vector reaches over what another has counted, or over the row's end, the gradient is 0. As 0·Infinity is
 * not 0, inputs that are not finite need `careful` (a constant), which looks at each lane of the gradient's mask as well.
 */
@inline
function weightTile<T>(
  rows: i32, pair: bool, careful: bool, gradient: usize, x0: usize, x1: usize, places: usize, end: usize, masks: usize,
  totals: usize, rowTotals: usize,
): void {
  let a0 = v128.splat<T>(<T>0);
  let b0 = a0;
  let a1 = a0;
  let b1 = a0;
  let a2 = a0;
  let b2 = a0;
  let a3 = a0;
  let b3 = a0;
  for (let place = places; place < end; place += 4) {
    const offset = <usize>load<i32>(place);
    let u = v128.load(x0 + offset);
    const v = pair ? v128.load(x1 + offset) : u;
    let g = v128.load(gradient);
    if (careful) {
      u = v128.and(u, v128.load(masks));
      masks += 16;
    }
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
 * For each vector of a plane its distance in the input, whose rows lie `rowX` bytes apart, and the lanes that it counts: all but
 * in a row's last vector, which ends with the row and leaves out what the vector before has counted.
 */
@inline
function writePlaces<T>(places: usize, masks: usize, height: i32, width: i32, rowX: usize): void {
  const last = max(0, width - lanes<T>());
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x += lanes<T>()) {
      const at = min(x, last);
      store<i32>(places, <i32>(<usize>y * rowX) + at * <i32>sizeof<T>());
      memory.fill(masks, 0, 16);
      memory.fill(masks + (x - at) * sizeof<T>(), 0xff, min(lanes<T>(), width - x) * sizeof<T>());
      places += 4;
      masks += 16;
    }
  }
}

/**
 * Lays out `rows` planes of a gradient so that a tile reads them straight through: for each vector those of all rows. Lanes
 * that do not count are 0.
 */
@inline
function packGradient<T>(
  from: usize, plane: usize, rows: i32, height: i32, width: i32, masks: usize, to: usize, spare: usize,
): void {
  const last = max(0, width - lanes<T>());
  const line = <usize>width * sizeof<T>();
  const whole = width & ~(lanes<T>() - 1);
  for (let r = 0; r < rows; r++) {
    let source = from + <usize>r * plane;
    let target = to + 16 * <usize>r;
    let mask = masks;
    for (let y = 0; y < height; y++) {
      let x = 0;
      for (; x < whole; x += lanes<T>()) {
        v128.store(target, v128.load(source + <usize>x * sizeof<T>()));
        target += 16 * <usize>rows;
        mask += 16;
      }
      if (x < width) {
        let p = source + <usize>last * sizeof<T>();
        if (width < lanes<T>()) {
          // Nothing may be read beyond the plane's end.
          copyRow<T>(p, spare, width);
          p = spare;
        }
        v128.store(target, v128.and(v128.load(p), v128.load(mask)));
        target += 16 * <usize>rows;
        mask += 16;
      }
      source += line;
    }
  }
}

/** Are all of these numbers finite? */
function areFinite<T>(x: usize, count: i32): bool {
  const zero = v128.splat<T>(<T>0);
  const whole = count & ~(lanes<T>() - 1);
  let spoiled = zero;
  let i = 0;
  for (; i < whole; i += lanes<T>()) {
    const v = v128.load(x + <usize>i * sizeof<T>());
    spoiled = v128.or(spoiled, v128.ne<T>(v128.sub<T>(v, v), zero));
  }
  if (v128.any_true(spoiled)) return false;
  for (; i < count; i++) {
    const value = load<T>(x + <usize>i * sizeof<T>());
    if (value - value != 0) return false;
  }
  return true;
}

@inline
function weightGradientWorkspace<T>(g: usize): i32 {
  const taps = kernelHeight(g) * kernelWidth(g);
  const weights = outChannels(g) * (inChannels(g) / groupsOf(g)) * taps;
  return <i32>(align16(taps * 4) + 16 * weights + 16 + packedBytes<T>(g) + (16 * BLOCK + 20) * outHeight(g) * vectorsOfRow<T>(g));
}

/** Where tap k of the weight, counted over channels and taps, meets the first output. */
@inline
function inputAt(planes: usize, plane: usize, table: usize, taps: i32, k: i32): usize {
  return planes + <usize>(k / taps) * plane + <usize>load<i32>(table + 4 * (k % taps));
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
  const spare = totals + 16 * <usize>(outChannels(g) * length);
  const packed = spare + 16;
  const vectors = height * vectorsOfRow<T>(g);
  const gradients = packed + packedBytes<T>(g);
  const masks = gradients + 16 * BLOCK * <usize>vectors;
  const places = masks + 16 * <usize>vectors;
  const end = places + 4 * <usize>vectors;
  memory.fill(totals, 0, gradients - totals);
  writeTaps<T>(g, table);
  const rowX = <usize>(strideY(g) * inputPitch<T>(g)) * sizeof<T>();
  writePlaces<T>(places, masks, height, width, rowX);

  const plane = <usize>(height * width) * sizeof<T>();
  const inPlane = <usize>inputPlane<T>(g) * sizeof<T>();
  const rowTotals = 16 * <usize>length;
  for (let n = 0; n < batchOf(g); n++) {
    const input = readyInput<T>(g, x, n, packed);
    const finite = areFinite<T>(input, inChannels(g) * inputPlane<T>(g));
    for (let group = 0; group < groups; group++) {
      const planes = input + <usize>(group * depth) * inPlane;
      for (let c = 0, rows = 0; c < channels; c += rows) {
        rows = blockAt(c, channels);
        const o = group * channels + c;
        const from = gradient + <usize>(n * outChannels(g) + o) * plane;
        packGradient<T>(from, plane, rows, height, width, masks, gradients, spare);
        const to = totals + <usize>o * rowTotals;
        for (let k = 0; k < length; k += 2) {
          const x0 = inputAt(planes, inPlane, table, taps, k);
          const at = to + 16 * <usize>k;
          if (!finite) {
            for (let i = 0; i < 2 * rows; i++) {
              const tap = k + (i & 1);
              if (tap == length) continue;
              packGradient<T>(from + <usize>(i >> 1) * plane, plane, 1, height, width, masks, gradients, spare);
              const total = to + <usize>(i >> 1) * rowTotals + 16 * <usize>tap;
              const x1 = inputAt(planes, inPlane, table, taps, tap);
              weightTile<T>(1, false, true, gradients, x1, x1, places, end, masks, total, rowTotals);
            }
          } else if (k + 1 < length) {
            const x1 = inputAt(planes, inPlane, table, taps, k + 1);
            if (rows == 4) weightTile<T>(4, true, false, gradients, x0, x1, places, end, masks, at, rowTotals);
            else if (rows == 2) weightTile<T>(2, true, false, gradients, x0, x1, places, end, masks, at, rowTotals);
            else weightTile<T>(1, true, false, gradients, x0, x1, places, end, masks, at, rowTotals);
          } else {
            if (rows == 4) weightTile<T>(4, false, false, gradients, x0, x0, places, end, masks, at, rowTotals);
            else if (rows == 2) weightTile<T>(2, false, false, gradients, x0, x0, places, end, masks, at, rowTotals);
            else weightTile<T>(1, false, false, gradients, x0, x0, places, end, masks, at, rowTotals);
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
