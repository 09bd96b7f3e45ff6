// Two-dimensional convolution (as everywhere in deep learning: cross-correlation), direct: no copy of every window is made.
//
// A plane of the input is read as it lies, or packed once with its padding; a row of neighbouring outputs then reads a row
// of neighbouring inputs for every tap, so that vectors run along the columns of the output. A tile of 4 channels × 2
// vectors of outputs stays in registers while all input channels and taps go by. Every output has one accumulator to which
// the products are added in the order of input channel, row of the kernel, column of the kernel: tiles change no bit.
//
// The gradient of the input is the same sum over the outputs' gradients with the kernel turned round. With a stride only
// every stride-th tap meets an output, so the input's rows and columns fall into stride phases, each a sum of its own.
import {
  align16,
  batchOf,
  blockAt,
  dilationX,
  dilationY,
  gradientColumns,
  gradientPlane,
  gradientRows,
  groupsOf,
  hasRelu,
  heightOf,
  inChannels,
  inputPitch,
  inputPlane,
  kernelHeight,
  kernelWidth,
  lanes,
  madd,
  marginLeft,
  marginTop,
  outChannels,
  outHeight,
  outWidth,
  pack,
  packedBytes,
  padLeft,
  padTop,
  readyInput,
  strideX,
  strideY,
  widthOf,
  writeTaps,
} from "./conv-layout";

/** The number at p, the one after it … in every lane. The distance is part of the instruction, which takes a constant. */
@inline function splat0<T>(p: usize): v128 { return sizeof<T>() == 4 ? v128.load32_splat(p) : v128.load64_splat(p); }
@inline function splat1<T>(p: usize): v128 { return sizeof<T>() == 4 ? v128.load32_splat(p, 4) : v128.load64_splat(p, 8); }
@inline function splat2<T>(p: usize): v128 { return sizeof<T>() == 4 ? v128.load32_splat(p, 8) : v128.load64_splat(p, 16); }
@inline function splat3<T>(p: usize): v128 { return sizeof<T>() == 4 ? v128.load32_splat(p, 12) : v128.load64_splat(p, 24); }

// ---------------------------------------------------------------- the sum over channels and taps

/** Where `count` numbers of a row of outputs go: side by side, or `step` bytes apart. */
@inline
function storeRow<T>(out: usize, v: v128, count: i32, step: usize): void {
  if (count == lanes<T>() && step == sizeof<T>()) {
    v128.store(out, v);
    return;
  }
  store<T>(out, v128.extract_lane<T>(v, 0));
  if (count > 1) store<T>(out + step, v128.extract_lane<T>(v, 1));
  if (sizeof<T>() == 4) {
    if (count > 2) store<T>(out + 2 * step, v128.extract_lane<T>(v, 2));
    if (count > 3) store<T>(out + 3 * step, v128.extract_lane<T>(v, 3));
  }
}

/** max(x, 0), NaN for NaN: pmax is x < 0 ? 0 : x. */
@inline
function positive<T>(x: v128): v128 {
  return v128.pmax<T>(x, v128.splat<T>(<T>0));
}

/**
 * `rows` (a constant: 4, 2 or 1) channels of outputs at two places a and b of the input. `weights` holds, for each input
 * channel and tap, one number for each of the rows; `taps` the tap's distance from the place, in bytes.
 */
@inline
function tile<T>(
  rows: i32, a: usize, b: usize, depth: i32, plane: usize, taps: usize, tapCount: i32, weights: usize,
  bias: usize, relu: bool, outA: usize, outB: usize, outPlane: usize, count: i32, step: usize,
): void {
  let a0 = v128.splat<T>(<T>0);
  let b0 = a0;
  let a1 = a0;
  let b1 = a0;
  let a2 = a0;
  let b2 = a0;
  let a3 = a0;
  let b3 = a0;
  const end = taps + 4 * tapCount;
  for (let d = 0; d < depth; d++) {
    for (let t = taps; t < end; t += 4) {
      const offset = <usize>load<i32>(t);
      const u = v128.load(a + offset);
      const v = v128.load(b + offset);
      let x = splat0<T>(weights);
      a0 = madd<T>(a0, x, u);
      b0 = madd<T>(b0, x, v);
      if (rows > 1) {
        x = splat1<T>(weights);
        a1 = madd<T>(a1, x, u);
        b1 = madd<T>(b1, x, v);
      }
      if (rows > 2) {
        x = splat2<T>(weights);
        a2 = madd<T>(a2, x, u);
        b2 = madd<T>(b2, x, v);
        x = splat3<T>(weights);
        a3 = madd<T>(a3, x, u);
        b3 = madd<T>(b3, x, v);
      }
      weights += rows * sizeof<T>();
    }
    a += plane;
    b += plane;
  }
  if (bias != 0) {
    let x = splat0<T>(bias);
    a0 = v128.add<T>(a0, x);
    b0 = v128.add<T>(b0, x);
    if (rows > 1) {
      x = splat1<T>(bias);
      a1 = v128.add<T>(a1, x);
      b1 = v128.add<T>(b1, x);
    }
    if (rows > 2) {
      x = splat2<T>(bias);
      a2 = v128.add<T>(a2, x);
      b2 = v128.add<T>(b2, x);
      x = splat3<T>(bias);
      a3 = v128.add<T>(a3, x);
      b3 = v128.add<T>(b3, x);
    }
  }
  if (relu) {
    a0 = positive<T>(a0);
    b0 = positive<T>(b0);
    if (rows > 1) {
      a1 = positive<T>(a1);
      b1 = positive<T>(b1);
    }
    if (rows > 2) {
      a2 = positive<T>(a2);
      b2 = positive<T>(b2);
      a3 = positive<T>(a3);
      b3 = positive<T>(b3);
    }
  }
  storeRow<T>(outA, a0, count, step);
  storeRow<T>(outB, b0, count, step);
  if (rows > 1) {
    storeRow<T>(outA + outPlane, a1, count, step);
    storeRow<T>(outB + outPlane, b1, count, step);
  }
  if (rows > 2) {
    storeRow<T>(outA + 2 * outPlane, a2, count, step);
    storeRow<T>(outB + 2 * outPlane, b2, count, step);
    storeRow<T>(outA + 3 * outPlane, a3, count, step);
    storeRow<T>(outB + 3 * outPlane, b3, count, step);
  }
}

/**
 * All outputs (channels, height, width) of one sample and group. Neighbouring outputs of a row read neighbouring inputs;
 * rowIn and rowOut are the distances between rows, outStep between columns, in bytes. `weights` lies block by block of
 * channels, see packWeights; a row of fewer outputs than a vector holds needs readable memory behind the input.
 */
function correlate<T>(
  input: usize, depth: i32, plane: usize, rowIn: usize, taps: usize, tapCount: i32, weights: usize, bias: usize, relu: bool,
  out: usize, channels: i32, height: i32, width: i32, outPlane: usize, rowOut: usize, outStep: usize,
): void {
  if (rowIn == rowOut && rowOut == <usize>width * sizeof<T>() && outStep == sizeof<T>()) {
    // Rows follow each other without a gap on both sides: the plane is one long row.
    width *= height;
    height = 1;
  }
  // Vectors of a row; the last one ends with the row and may overlap the one before, which computes the same numbers.
  const count = min(width, lanes<T>());
  const perRow = (width + lanes<T>() - 1) / lanes<T>();
  const last = width - count;
  const total = height * perRow;
  for (let c = 0, rows = 0; c < channels; c += rows) {
    rows = blockAt(c, channels);
    const w = weights + <usize>(c * depth * tapCount) * sizeof<T>();
    const to = out + <usize>c * outPlane;
    const biasHere = bias == 0 ? 0 : bias + c * sizeof<T>();
    let y = 0;
    let k = 0;
    for (let i = 0; i < total; i += 2) {
      let x = min(k * lanes<T>(), last);
      const a = input + <usize>y * rowIn + <usize>x * sizeof<T>();
      const toA = to + <usize>y * rowOut + <usize>x * outStep;
      k++;
      if (k == perRow) {
        k = 0;
        y++;
      }
      let b = a;
      let toB = toA;
      if (i + 1 < total) {
        x = min(k * lanes<T>(), last);
        b = input + <usize>y * rowIn + <usize>x * sizeof<T>();
        toB = to + <usize>y * rowOut + <usize>x * outStep;
        k++;
        if (k == perRow) {
          k = 0;
          y++;
        }
      }
      if (rows == 4) tile<T>(4, a, b, depth, plane, taps, tapCount, w, biasHere, relu, toA, toB, outPlane, count, outStep);
      else if (rows == 2) tile<T>(2, a, b, depth, plane, taps, tapCount, w, biasHere, relu, toA, toB, outPlane, count, outStep);
      else tile<T>(1, a, b, depth, plane, taps, tapCount, w, biasHere, relu, toA, toB, outPlane, count, outStep);
    }
  }
}

// ---------------------------------------------------------------- forward

/** Bytes of working memory: taps, packed weights, one packed sample. */
@inline
function forwardWorkspace<T>(g: usize): i32 {
  const taps = kernelHeight(g) * kernelWidth(g);
  const weights = outChannels(g) * (inChannels(g) / groupsOf(g)) * taps;
  return <i32>(align16(taps * 4) + align16(<usize>weights * sizeof<T>()) + packedBytes<T>(g));
}

/** out[n, o] = bias[o] + Σ over input channels and taps of weight[o, i, ky, kx]·x[n, i, y·stride + ky·dilation − padding, …]. */
@inline
function forward<T>(g: usize, x: usize, weight: usize, bias: usize, out: usize, work: usize): void {
  const taps = kernelHeight(g) * kernelWidth(g);
  const depth = inChannels(g) / groupsOf(g);
  const channels = outChannels(g) / groupsOf(g);
  const length = depth * taps;
  const table = work;
  const packedWeights = table + align16(taps * 4);
  const packed = packedWeights + align16(<usize>(outChannels(g) * length) * sizeof<T>());
  memory.fill(packed, 0, packedBytes<T>(g));
  writeTaps<T>(g, table);
  let to = packedWeights;
  for (let group = 0; group < groupsOf(g); group++) {
    for (let c = 0, rows = 0; c < channels; c += rows) {
      rows = blockAt(c, channels);
      for (let k = 0; k < length; k++) {
        for (let r = 0; r < rows; r++) {
          store<T>(to, load<T>(weight + <usize>((group * channels + c + r) * length + k) * sizeof<T>()));
          to += sizeof<T>();
        }
      }
    }
  }
  const plane = <usize>inputPlane<T>(g) * sizeof<T>();
  const outPlane = <usize>(outHeight(g) * outWidth(g)) * sizeof<T>();
  const rowIn = <usize>(strideY(g) * inputPitch<T>(g)) * sizeof<T>();
  for (let n = 0; n < batchOf(g); n++) {
    const input = readyInput<T>(g, x, n, packed);
    for (let group = 0; group < groupsOf(g); group++) {
      correlate<T>(
        input + <usize>(group * depth) * plane, depth, plane, rowIn, table, taps,
        packedWeights + <usize>(group * channels * length) * sizeof<T>(),
        bias == 0 ? 0 : bias + <usize>(group * channels) * sizeof<T>(), hasRelu(g),
        out, channels, outHeight(g), outWidth(g), outPlane, <usize>outWidth(g) * sizeof<T>(), sizeof<T>(),
      );
      out += <usize>channels * outPlane;
    }
  }
}

// ---------------------------------------------------------------- backward to the input

@inline
function inputGradientWorkspace<T>(g: usize): i32 {
  const taps = kernelHeight(g) * kernelWidth(g);
  const weights = outChannels(g) * (inChannels(g) / groupsOf(g)) * taps;
  const packed = outChannels(g) * gradientPlane(g);
  return <i32>(align16(taps * 4) + align16(<usize>weights * sizeof<T>()) + align16(<usize>packed * sizeof<T>() + 16));
}

/**
 * ∂L/∂x: to x[n, i, y, x] goes weight[o, i, ky, kx]·gradient[n, o, (y + padding − ky·dilation)/stride, …] for every tap that
 * divides evenly.
 */
@inline
function inputGradient<T>(g: usize, gradient: usize, weight: usize, out: usize, work: usize): void {
  const kh = kernelHeight(g);
  const kw = kernelWidth(g);
  const sy = strideY(g);
  const sx = strideX(g);
  const height = heightOf(g);
  const width = widthOf(g);
  const groups = groupsOf(g);
  const depth = outChannels(g) / groups;
  const channels = inChannels(g) / groups;
  const table = work;
  const packedWeights = table + align16(kh * kw * 4);
  const packed = packedWeights + align16(<usize>(outChannels(g) * channels * kh * kw) * sizeof<T>());
  const columns = gradientColumns(g);
  const plane = <usize>gradientPlane(g) * sizeof<T>();
  const groupWeights = <usize>(depth * channels * kh * kw) * sizeof<T>();
  memory.fill(packed, 0, <usize>outChannels(g) * plane + 16);
  const phasesY = min(sy, height);
  const phasesX = min(sx, width);

  // The taps of each phase one after the other, and the weights in the same order.
  let tap = table;
  let to = packedWeights;
  for (let py = 0; py < phasesY; py++) {
    for (let px = 0; px < phasesX; px++) {
      const first = tap;
      for (let ky = 0; ky < kh; ky++) {
        const y = py + padTop(g) - ky * dilationY(g);
        if (y % sy != 0) continue;
        for (let kx = 0; kx < kw; kx++) {
          const x = px + padLeft(g) - kx * dilationX(g);
          if (x % sx != 0) continue;
          const at = (y / sy + marginTop(g)) * columns + x / sx + marginLeft(g);
          store<i32>(tap, at * <i32>sizeof<T>());
          tap += 4;
        }
      }
      const count = <i32>((tap - first) >> 2);
      for (let c = 0, block = 0; c < channels; c += block) {
        block = blockAt(c, channels);
        for (let o = 0; o < depth; o++) {
          for (let ky = 0; ky < kh; ky++) {
            if ((py + padTop(g) - ky * dilationY(g)) % sy != 0) continue;
            for (let kx = 0; kx < kw; kx++) {
              if ((px + padLeft(g) - kx * dilationX(g)) % sx != 0) continue;
              for (let r = 0; r < block; r++) {
                const from = weight + <usize>(((o * channels + c + r) * kh + ky) * kw + kx) * sizeof<T>();
                for (let group = 0; group < groups; group++) {
                  store<T>(to + <usize>group * groupWeights, load<T>(from + <usize>group * groupWeights));
                }
                to += sizeof<T>();
              }
            }
          }
        }
      }
    }
  }

  const outPlane = <usize>(height * width) * sizeof<T>();
  for (let n = 0; n < batchOf(g); n++) {
    pack<T>(
      gradient, packed, plane, outChannels(g), outHeight(g), outWidth(g), marginTop(g), marginLeft(g),
      gradientRows(g), outWidth(g) + marginLeft(g), columns, 1,
    );
    gradient += <usize>(outChannels(g) * outHeight(g) * outWidth(g)) * sizeof<T>();
    for (let group = 0; group < groups; group++) {
      let taps = table;
      let weights = packedWeights + <usize>group * groupWeights;
      for (let py = 0; py < phasesY; py++) {
        let rowTaps = 0;
        for (let ky = 0; ky < kh; ky++) if ((py + padTop(g) - ky * dilationY(g)) % sy == 0) rowTaps++;
        for (let px = 0; px < phasesX; px++) {
          let count = 0;
          for (let kx = 0; kx < kw; kx++) if ((px + padLeft(g) - kx * dilationX(g)) % sx == 0) count += rowTaps;
          correlate<T>(
            packed + <usize>(group * depth) * plane, depth, plane, <usize>columns * sizeof<T>(), taps, count, weights, 0, false,
            out + <usize>(py * width + px) * sizeof<T>(), channels,
            (height - py + sy - 1) / sy, (width - px + sx - 1) / sx,
            outPlane, <usize>(sy * width) * sizeof<T>(), <usize>sx * sizeof<T>(),
          );
          taps += 4 * count;
          weights += <usize>(channels * depth * count) * sizeof<T>();
        }
      }
      out += <usize>channels * outPlane;
    }
  }
}

export function conv_f32(g: usize, x: usize, weight: usize, bias: usize, out: usize, work: usize): void { forward<f32>(g, x, weight, bias, out, work); }
export function conv_f64(g: usize, x: usize, weight: usize, bias: usize, out: usize, work: usize): void { forward<f64>(g, x, weight, bias, out, work); }
export function convWorkspace_f32(g: usize): i32 { return forwardWorkspace<f32>(g); }
export function convWorkspace_f64(g: usize): i32 { return forwardWorkspace<f64>(g); }
export function convInputGradient_f32(g: usize, gradient: usize, weight: usize, out: usize, work: usize): void { inputGradient<f32>(g, gradient, weight, out, work); }
export function convInputGradient_f64(g: usize, gradient: usize, weight: usize, out: usize, work: usize): void { inputGradient<f64>(g, gradient, weight, out, work); }
export function convInputGradientWorkspace_f32(g: usize): i32 { return inputGradientWorkspace<f32>(g); }
export function convInputGradientWorkspace_f64(g: usize): i32 { return inputGradientWorkspace<f64>(g); }
