// Moving numbers without changing them: strided copies (transpose, slice, expand, flip, pad), rows by index, gather.

/**
 * Copies an n-dimensional box. `layout` points at 3·rank int32: the sizes, the source's strides and the target's strides,
 * in elements. A stride of 0 repeats, a negative one walks backwards.
 */
@inline
function copy<T>(x: usize, out: usize, rank: i32, layout: usize): void {
  if (rank == 0) {
    store<T>(out, load<T>(x));
    return;
  }
  const inner = load<i32>(layout + (rank - 1) * 4);
  const from = load<i32>(layout + (2 * rank - 1) * 4) * <i32>sizeof<T>();
  const to = load<i32>(layout + (3 * rank - 1) * 4) * <i32>sizeof<T>();
  let rows = 1;
  for (let d = 0; d < rank - 1; d++) rows *= load<i32>(layout + d * 4);
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let source = x;
    let target = out;
    for (let d = rank - 2; d >= 0; d--) {
      const size = load<i32>(layout + d * 4);
      const index = rest % size;
      rest /= size;
      source += <usize>(index * load<i32>(layout + (rank + d) * 4) * <i32>sizeof<T>());
      target += <usize>(index * load<i32>(layout + (2 * rank + d) * 4) * <i32>sizeof<T>());
    }
    if (from == sizeof<T>() && to == sizeof<T>()) {
      memory.copy(target, source, <usize>inner * sizeof<T>());
    } else {
      for (let i = 0; i < inner; i++) {
        store<T>(target, load<T>(source));
        source += from;
        target += to;
      }
    }
  }
}

/** out[o, j, :] = x[o, index[j], :] for x of shape (outer, n, inner); index has m entries already checked. */
@inline
function take<T>(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void {
  const bytes = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < m; j++) {
      memory.copy(out, x + <usize>(o * n + load<i32>(index + j * 4)) * bytes, bytes);
      out += bytes;
    }
  }
}

/** out[o, index[j], :] += x[o, j, :]: the transpose of take. Repeated rows add up in the order of j. */
@inline
function takeBackward<T>(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void {
  const bytes = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < m; j++) {
      const row = out + <usize>(o * n + load<i32>(index + j * 4)) * bytes;
      for (let i: usize = 0; i < bytes; i += sizeof<T>()) store<T>(row + i, load<T>(row + i) + load<T>(x + i));
      x += bytes;
    }
  }
}

/** out[o, j, i] = x[o, index[o, j, i], i]. */
@inline
function gather<T>(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < m; j++) {
      for (let i = 0; i < inner; i++) {
        const k = load<i32>(index);
        store<T>(out, load<T>(x + <usize>((o * n + k) * inner + i) * sizeof<T>()));
        index += 4;
        out += sizeof<T>();
      }
    }
  }
}

/** out[o, index[o, j, i], i] += x[o, j, i]: the transpose of gather. */
@inline
function gatherBackward<T>(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < m; j++) {
      for (let i = 0; i < inner; i++) {
        const p = out + <usize>((o * n + load<i32>(index)) * inner + i) * sizeof<T>();
        store<T>(p, load<T>(p) + load<T>(x));
        index += 4;
        x += sizeof<T>();
      }
    }
  }
}

/** Position of the first index outside [0, n), or −1: checked here because it costs nothing next to the gather itself. */
export function badIndex_i32(index: usize, count: i32, n: i32): i32 {
  for (let i = 0; i < count; i++) {
    if (<u32>load<i32>(index + i * 4) >= <u32>n) return i;
  }
  return -1;
}

export function copy_f32(x: usize, out: usize, rank: i32, layout: usize): void { copy<f32>(x, out, rank, layout); }
export function take_f32(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { take<f32>(x, index, out, outer, n, inner, m); }
export function takeBackward_f32(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { takeBackward<f32>(x, index, out, outer, n, inner, m); }
export function gather_f32(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { gather<f32>(x, index, out, outer, n, inner, m); }
export function gatherBackward_f32(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { gatherBackward<f32>(x, index, out, outer, n, inner, m); }
export function copy_f64(x: usize, out: usize, rank: i32, layout: usize): void { copy<f64>(x, out, rank, layout); }
export function take_f64(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { take<f64>(x, index, out, outer, n, inner, m); }
export function takeBackward_f64(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { takeBackward<f64>(x, index, out, outer, n, inner, m); }
export function gather_f64(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { gather<f64>(x, index, out, outer, n, inner, m); }
export function gatherBackward_f64(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { gatherBackward<f64>(x, index, out, outer, n, inner, m); }
export function copy_i32(x: usize, out: usize, rank: i32, layout: usize): void { copy<i32>(x, out, rank, layout); }
export function take_i32(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { take<i32>(x, index, out, outer, n, inner, m); }
export function takeBackward_i32(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { takeBackward<i32>(x, index, out, outer, n, inner, m); }
export function gather_i32(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { gather<i32>(x, index, out, outer, n, inner, m); }
export function gatherBackward_i32(x: usize, index: usize, out: usize, outer: i32, n: i32, inner: i32, m: i32): void { gatherBackward<i32>(x, index, out, outer, n, inner, m); }
