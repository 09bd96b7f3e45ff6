// How a convolution's operands are laid out for its sums: what it looks like, and the input and the gradient of the output as
// they are read, as they lie or packed with zeros around.

@inline
export function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

@inline
export function madd<T>(sum: v128, a: v128, b: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(a, b));
}

/** Channels of a tile. */
export const BLOCK = 4;

/** How many channels the block at channel c of `channels` has: 4 while they last, then 2, then 1. */
@inline
export function blockAt(c: i32, channels: i32): i32 {
  const left = channels - c;
  return left >= BLOCK ? BLOCK : left >= 2 ? 2 : 1;
}

// ---------------------------------------------------------------- geometry

/** What a convolution looks like: int32 numbers in this order, written by src/engine/ops/conv.ts. */
@inline export function batchOf(g: usize): i32 { return load<i32>(g); }
@inline export function inChannels(g: usize): i32 { return load<i32>(g, 4); }
@inline export function heightOf(g: usize): i32 { return load<i32>(g, 8); }
@inline export function widthOf(g: usize): i32 { return load<i32>(g, 12); }
@inline export function outChannels(g: usize): i32 { return load<i32>(g, 16); }
@inline export function outHeight(g: usize): i32 { return load<i32>(g, 20); }
@inline export function outWidth(g: usize): i32 { return load<i32>(g, 24); }
@inline export function kernelHeight(g: usize): i32 { return load<i32>(g, 28); }
@inline export function kernelWidth(g: usize): i32 { return load<i32>(g, 32); }
@inline export function strideY(g: usize): i32 { return load<i32>(g, 36); }
@inline export function strideX(g: usize): i32 { return load<i32>(g, 40); }
@inline export function padTop(g: usize): i32 { return load<i32>(g, 44); }
@inline export function padLeft(g: usize): i32 { return load<i32>(g, 48); }
@inline export function dilationY(g: usize): i32 { return load<i32>(g, 52); }
@inline export function dilationX(g: usize): i32 { return load<i32>(g, 56); }
@inline export function groupsOf(g: usize): i32 { return load<i32>(g, 60); }
/** Is max(·, 0) taken of the outputs? */
@inline export function hasRelu(g: usize): bool { return load<i32>(g, 64) != 0; }

// ---------------------------------------------------------------- packing

@inline
export function align16(bytes: usize): usize {
  return (bytes + 15) & ~(<usize>15);
}

/** `count` numbers from one row to another. */
@inline
export function copyRow<T>(from: usize, to: usize, count: i32): void {
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
export function pack<T>(
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
@inline export function usedHeight(g: usize): i32 { return (outHeight(g) - 1) * strideY(g) + (kernelHeight(g) - 1) * dilationY(g) + 1; }
@inline export function usedWidth(g: usize): i32 { return (outWidth(g) - 1) * strideX(g) + (kernelWidth(g) - 1) * dilationX(g) + 1; }
/** Columns of one stride phase of the packed input. */
@inline export function phaseColumns(g: usize): i32 { return (usedWidth(g) + strideX(g) - 1) / strideX(g); }

/** Can the input be read as it lies? */
@inline
export function isPlain<T>(g: usize): bool {
  return padTop(g) == 0 && padLeft(g) == 0 && strideX(g) == 1 && outWidth(g) >= lanes<T>() &&
    usedHeight(g) <= heightOf(g) && usedWidth(g) <= widthOf(g);
}

/** Numbers in one plane of the input as it is read: packed, or as it lies. */
@inline
export function inputPlane<T>(g: usize): i32 {
  return isPlain<T>(g) ? heightOf(g) * widthOf(g) : usedHeight(g) * phaseColumns(g) * strideX(g);
}

/** Numbers in one row of the input as it is read. */
@inline
export function inputPitch<T>(g: usize): i32 {
  return isPlain<T>(g) ? widthOf(g) : phaseColumns(g) * strideX(g);
}

/** The input of sample n, ready to be read: packed into `to` where need be. */
export function readyInput<T>(g: usize, x: usize, n: i32, to: usize): usize {
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
export function packedBytes<T>(g: usize): usize {
  return isPlain<T>(g) ? 0 : align16(<usize>(inChannels(g) * inputPlane<T>(g)) * sizeof<T>() + 16);
}

/** For each tap its distance in the input as it is read, in bytes. */
export function writeTaps<T>(g: usize, taps: usize): void {
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
@inline export function marginTop(g: usize): i32 { return max(0, ((kernelHeight(g) - 1) * dilationY(g) - padTop(g) + strideY(g) - 1) / strideY(g)); }
/** Zeros left of each row; those right of the row before serve, but for the first. */
@inline export function marginLeft(g: usize): i32 { return max(0, ((kernelWidth(g) - 1) * dilationX(g) - padLeft(g) + strideX(g) - 1) / strideX(g)); }
/** Rows and columns of a packed gradient. */
@inline export function gradientRows(g: usize): i32 { return marginTop(g) + max(outHeight(g), (heightOf(g) - 1 + padTop(g)) / strideY(g) + 1); }
@inline export function gradientColumns(g: usize): i32 { return max(outWidth(g) + marginLeft(g), (widthOf(g) - 1 + padLeft(g)) / strideX(g) + 1); }
/** Numbers in one plane of a packed gradient. */
@inline export function gradientPlane(g: usize): i32 { return marginLeft(g) + gradientRows(g) * gradientColumns(g); }
