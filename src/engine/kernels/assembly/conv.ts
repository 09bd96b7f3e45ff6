// Two-dimensional convolution (as everywhere in deep learning: cross-correlation), direct: no copy of every window is made.
//
// A plane of the input is read as it lies, or packed once with its padding; a row of neighbouring outputs then reads a row
// of neighbouring inputs for every tap, so that vectors run along the columns of the output. A tile of 4 channels × 2
// vectors of outputs stays in registers while all input channels and taps go by. Every output has one accumulator to which
// the products are added in the order of input channel, row of the kernel, column of the kernel: tiles change no bit.
//
// The gradient of the input is the same sum over the outputs' gradients with the kernel turned round. With a stride only
// every stride-th tap meets an output, so the input's rows and columns fall into stride phases, each a sum of its own.

/** Channels of a tile. */
const BLOCK = 4;

@inline
function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

/** The number at p, the one after it … in every lane. The distance is part of the instruction, which takes a constant. */
@inline function splat0<T>(p: usize): v128 { return sizeof<T>() == 4 ? v128.load32_splat(p) : v128.load64_splat(p); }
@inline function splat1<T>(p: usize): v128 { return sizeof<T>() == 4 ? v128.load32_splat(p, 4) : v128.load64_splat(p, 8); }
@inline function splat2<T>(p: usize): v128 { return sizeof<T>() == 4 ? v128.load32_splat(p, 8) : v128.load64_splat(p, 16); }
@inline function splat3<T>(p: usize): v128 { return sizeof<T>() == 4 ? v128.load32_splat(p, 12) : v128.load64_splat(p, 24); }

@inline
function madd<T>(sum: v128, a: v128, b: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(a, b));
}

// ---------------------------------------------------------------- geometry

/** What a convolution looks like: int32 numbers in this order, written by src/engine/ops/conv.ts. */
@inline function batchOf(g: usize): i32 { return load<i32>(g); }
@inline function inChannels(g: usize): i32 { return load<i32>(g, 4); }
@inline function heightOf(g: usize): i32 { return load<i32>(g, 8); }
@inline function widthOf(g: usize): i32 { return load<i32>(g, 12); }
@inline function outChannels(g: usize): i32 { return load<i32>(g, 16); }
@inline function outHeight(g: usize): i32 { return load<i32>(g, 20); }
@inline function outWidth(g: usize): i32 { return load<i32>(g, 24); }
@inline function kernelHeight(g: usize): i32 { return load<i32>(g, 28); }
@inline function kernelWidth(g: usize): i32 { return load<i32>(g, 32); }
@inline function strideY(g: usize): i32 { return load<i32>(g, 36); }
@inline function strideX(g: usize): i32 { return load<i32>(g, 40); }
@inline function padTop(g: usize): i32 { return load<i32>(g, 44); }
@inline function padLeft(g: usize): i32 { return load<i32>(g, 48); }
@inline function dilationY(g: usize): i32 { return load<i32>(g, 52); }
@inline function dilationX(g: usize): i32 { return load<i32>(g, 56); }
@inline function groupsOf(g: usize): i32 { return load<i32>(g, 60); }
/** Is max(·, 0) taken of the outputs? */
@inline function hasRelu(g: usize): bool { return load<i32>(g, 64) != 0; }

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

/** max(x, 0), NaN for NaN. */
@inline
function positive<T>(x: v128): v128 {
  const zero = v128.splat<T>(<T>0);
  return v128.bitselect(zero, x, v128.lt<T>(x, zero));
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

/** How many channels the block at channel c of `channels` has: 4 while they last, then 2, then 1. */
@inline
function blockAt(c: i32, channels: i32): i32 {
  const left = channels - c;
  return left >= BLOCK ? BLOCK : left >= 2 ? 2 : 1;
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

// ---------------------------------------------------------------- packing

@inline
function align16(bytes: usize): usize {
  return (bytes + 15) & ~(<usize>15);
}

/** `count` numbers from one row to another. */
@inline
function copyRow<T>(from: usize, to: usize, count: i32): void {
  if (count < lanes<T>()) {
    for (let i = 0; i < count; i++) store<T>(to + i * sizeof<T>(), load<T>(from + i * sizeof<T>()));
    return;
  }
  const last = <usize>(count - lanes<T>()) * sizeof<T>();
  for (let at: usize = 0; at < last; at += 16) v128.store(to + at, v128.load(from + at));
  v128.store(to + last, v128.load(from + last));
}

/**
 * Copies planes of height × width numbers into packed ones of `plane` bytes, whose margins are zero already. `top` rows and
 * `left` columns come before; rows and columns beyond `rows` and `used` are left out. The columns of a packed row are
 * sorted by their remainder modulo `phases`, `columns` for each.
 */
@inline
function pack<T>(
  from: usize, to: usize, plane: usize, planes: i32, height: i32, width: i32,
  top: i32, left: i32, rows: i32, used: i32, columns: i32, phases: i32,
): void {
  const pitch = <usize>(columns * phases) * sizeof<T>();
  const lines = min(height, rows - top);
  const count = min(width, used - left);
  for (let p = 0; p < planes; p++) {
    let source = from;
    let target = to + <usize>top * pitch;
    for (let y = 0; y < lines; y++) {
      if (phases == 1) {
        copyRow<T>(source, target + <usize>left * sizeof<T>(), count);
      } else {
        let phase = left % phases;
        let column = left / phases;
        for (let x = 0; x < count; x++) {
          store<T>(target + <usize>(phase * columns + column) * sizeof<T>(), load<T>(source + <usize>x * sizeof<T>()));
          phase++;
          if (phase == phases) {
            phase = 0;
            column++;
          }
        }
      }
      source += <usize>width * sizeof<T>();
      target += pitch;
    }
    from += <usize>(height * width) * sizeof<T>();
    to += plane;
  }
}

/** Rows and columns of the padded input that some window covers. */
@inline function usedHeight(g: usize): i32 { return (outHeight(g) - 1) * strideY(g) + (kernelHeight(g) - 1) * dilationY(g) + 1; }
@inline function usedWidth(g: usize): i32 { return (outWidth(g) - 1) * strideX(g) + (kernelWidth(g) - 1) * dilationX(g) + 1; }
/** Columns of one stride phase of the packed input. */
@inline function phaseColumns(g: usize): i32 { return (usedWidth(g) + strideX(g) - 1) / strideX(g); }

/** Can the input be read as it lies? */
@inline
function isPlain<T>(g: usize): bool {
  return padTop(g) == 0 && padLeft(g) == 0 && strideX(g) == 1 && outWidth(g) >= lanes<T>() &&
    usedHeight(g) <= heightOf(g) && usedWidth(g) <= widthOf(g);
}

/** Numbers in one plane of the input as it is read: packed, or as it lies. */
@inline
function inputPlane<T>(g: usize): i32 {
  return isPlain<T>(g) ? heightOf(g) * widthOf(g) : usedHeight(g) * phaseColumns(g) * strideX(g);
}

/** Numbers in one row of the input as it is read. */
@inline
function inputPitch<T>(g: usize): i32 {
  return isPlain<T>(g) ? widthOf(g) : phaseColumns(g) * strideX(g);
}

/** The input of sample n, ready to be read: packed into `to` where need be. */
@inline
function readyInput<T>(g: usize, x: usize, n: i32, to: usize): usize {
  const sample = x + <usize>(n * inChannels(g) * heightOf(g) * widthOf(g)) * sizeof<T>();
  if (isPlain<T>(g)) return sample;
  pack<T>(
    sample, to, <usize>inputPlane<T>(g) * sizeof<T>(), inChannels(g), heightOf(g), widthOf(g), padTop(g), padLeft(g),
    usedHeight(g), usedWidth(g), phaseColumns(g), strideX(g),
  );
  return to;
}

/** Bytes of the packed input, with room behind for reading a whole vector at the end. */
@inline
function packedBytes<T>(g: usize): usize {
  return isPlain<T>(g) ? 0 : align16(<usize>(inChannels(g) * inputPlane<T>(g)) * sizeof<T>() + 16);
}

/** For each tap its distance in the input as it is read, in bytes. */
@inline
function writeTaps<T>(g: usize, taps: usize): void {
  const pitch = inputPitch<T>(g);
  const columns = phaseColumns(g);
  for (let ky = 0; ky < kernelHeight(g); ky++) {
    for (let kx = 0; kx < kernelWidth(g); kx++) {
      const x = kx * dilationX(g);
      const column = isPlain<T>(g) ? x : (x % strideX(g)) * columns + x / strideX(g);
      store<i32>(taps, (ky * dilationY(g) * pitch + column) * <i32>sizeof<T>());
      taps += 4;
    }
  }
}

/** Zero rows above a gradient, so that the kernel may hang over its edge. */
@inline function marginTop(g: usize): i32 { return max(0, ((kernelHeight(g) - 1) * dilationY(g) - padTop(g) + strideY(g) - 1) / strideY(g)); }
/** Zeros left of each row; those right of the row before serve, but for the first. */
@inline function marginLeft(g: usize): i32 { return max(0, ((kernelWidth(g) - 1) * dilationX(g) - padLeft(g) + strideX(g) - 1) / strideX(g)); }
/** Rows and columns of a packed gradient. */
@inline function gradientRows(g: usize): i32 { return marginTop(g) + max(outHeight(g), (heightOf(g) - 1 + padTop(g)) / strideY(g) + 1); }
@inline function gradientColumns(g: usize): i32 { return max(outWidth(g) + marginLeft(g), (widthOf(g) - 1 + padLeft(g)) / strideX(g) + 1); }
/** Numbers in one plane of a packed gradient. */
@inline function gradientPlane(g: usize): i32 { return marginLeft(g) + gradientRows(g) * gradientColumns(g); }

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

// ---------------------------------------------------------------- backward to the weight

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

export function conv_f32(g: usize, x: usize, weight: usize, bias: usize, out: usize, work: usize): void { forward<f32>(g, x, weight, bias, out, work); }
export function conv_f64(g: usize, x: usize, weight: usize, bias: usize, out: usize, work: usize): void { forward<f64>(g, x, weight, bias, out, work); }
export function convWorkspace_f32(g: usize): i32 { return forwardWorkspace<f32>(g); }
export function convWorkspace_f64(g: usize): i32 { return forwardWorkspace<f64>(g); }
export function convInputGradient_f32(g: usize, gradient: usize, weight: usize, out: usize, work: usize): void { inputGradient<f32>(g, gradient, weight, out, work); }
export function convInputGradient_f64(g: usize, gradient: usize, weight: usize, out: usize, work: usize): void { inputGradient<f64>(g, gradient, weight, out, work); }
export function convInputGradientWorkspace_f32(g: usize): i32 { return inputGradientWorkspace<f32>(g); }
export function convInputGradientWorkspace_f64(g: usize): i32 { return inputGradientWorkspace<f64>(g); }
export function convWeightGradient_f32(g: usize, x: usize, gradient: usize, out: usize, work: usize): void { weightGradient<f32>(g, x, gradient, out, work); }
export function convWeightGradient_f64(g: usize, x: usize, gradient: usize, out: usize, work: usize): void { weightGradient<f64>(g, x, gradient, out, work); }
export function convWeightGradientWorkspace_f32(g: usize): i32 { return weightGradientWorkspace<f32>(g); }
export function convWeightGradientWorkspace_f64(g: usize): i32 { return weightGradientWorkspace<f64>(g); }
export function channelSum_f32(x: usize, out: usize, batch: i32, channels: i32, size: i32): void { channelSum<f32>(x, out, batch, channels, size); }
export function channelSum_f64(x: usize, out: usize, batch: i32, channels: i32, size: i32): void { channelSum<f64>(x, out, batch, channels, size); }
