// Matrix product. Every output has one accumulator and k ascends, so the result depends neither on tiles and blocks nor on
// how many rows are multiplied at once: a row of a batch gives the bits that it gives alone.
//
// C (m×n) = A (m×k)·B (k×n) + bias, any strides for A and B, so that a transpose costs nothing. Blocks of A and B are first
// copied ("packed") in the order in which they will be read; then tiles of 5 rows × 2 vectors stay in registers while k runs:
// 10 accumulators, 2 vectors of B, 1 of A and 1 product make 14 of the 15 registers that V8 hands out.

const ROWS = 5;
/** Bytes of a row of a tile: two vectors. */
const TILE_ROW = 32;
/** A block of A is BLOCK_M × BLOCK_K, of B BLOCK_K × (BLOCK_N vectors); the first stays in the L2 cache, a panel of the second in L1. */
const BLOCK_M = 120;
const BLOCK_K = 256;
const BLOCK_PANELS = 32;

/** Bytes that `matmul` needs to work in: a tile, a block of A (f64), a block of B, the bias of a panel, zeros. */
export function packBytes(): i32 {
  return ROWS * TILE_ROW + BLOCK_M * BLOCK_K * 8 + BLOCK_PANELS * BLOCK_K * TILE_ROW + 2 * TILE_ROW;
}

const NONE = 0;
const RELU = 1;

@inline
function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

@inline
function madd<T>(sum: v128, a: v128, b: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(a, b));
}

@inline
function loadSplat<T>(p: usize, offset: usize = 0): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(p + offset) : v128.load64_splat(p + offset);
}

@inline
function activate<T>(activation: i32, x: v128): v128 {
  if (activation == NONE) return x;
  const zero = v128.splat<T>(<T>0);
  return v128.bitselect(zero, x, v128.lt<T>(x, zero));
}

// ---------------------------------------------------------------- packing

/** Turns a square of 4×4 (f32) or 2×2 (f64) numbers: rows at `from`, `from + step` … are written as columns, `stepTo` apart. */
@inline
function turnSquare<T>(from: usize, step: usize, to: usize, stepTo: usize): void {
  if (sizeof<T>() == 4) {
    const a = v128.load(from);
    const b = v128.load(from + step);
    const c = v128.load(from + 2 * step);
    const d = v128.load(from + 3 * step);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
    v128.store(to + stepTo, v128.shuffle<f64>(ab, cd, 1, 3));
    v128.store(to + 2 * stepTo, v128.shuffle<f64>(abHigh, cdHigh, 0, 2));
    v128.store(to + 3 * stepTo, v128.shuffle<f64>(abHigh, cdHigh, 1, 3));
  } else {
    const a = v128.load(from);
    const b = v128.load(from + step);
    v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(to + stepTo, v128.shuffle<f64>(a, b, 1, 3));
  }
}

/** `count` lines of k numbers, strides in bytes, side by side: to[p·width + i] = from[i·line + p·step]. */
@inline
function interleave<T>(from: usize, line: usize, step: usize, count: i32, k: i32, to: usize, width: usize): void {
  for (let i = 0; i < count; i++) {
    let source = from + <usize>i * line;
    let target = to + i * sizeof<T>();
    for (let p = 0; p < k; p++) {
      store<T>(target, load<T>(source));
      source += step;
      target += width;
    }
  }
}

/** Like interleave for `count` lines whose numbers are neighbours: squares are turned in registers. */
@inline
function interleaveTurning<T>(from: usize, line: usize, count: i32, k: i32, to: usize, width: usize): void {
  const whole = k & ~(lanes<T>() - 1);
  let i = 0;
  for (; i + lanes<T>() <= count; i += lanes<T>()) {
    const source = from + <usize>i * line;
    const target = to + i * sizeof<T>();
    for (let p = 0; p < whole; p += lanes<T>()) {
      turnSquare<T>(source + p * sizeof<T>(), line, target + <usize>p * width, width);
    }
  }
  const rest = from + <usize>whole * sizeof<T>();
  interleave<T>(rest, line, sizeof<T>(), i, k - whole, to + <usize>whole * width, width);
  interleave<T>(from + <usize>i * line, line, sizeof<T>(), count - i, k, to + i * sizeof<T>(), width);
}

/** Rows of a block of A, five at a time, so that a tile reads them in one stream; missing rows are zeros. */
@inline
function packA<T>(a: usize, rowA: usize, columnA: usize, m: i32, k: i32, to: usize): void {
  const width = ROWS * sizeof<T>();
  for (let i = 0; i < m; i += ROWS) {
    const rows = min(ROWS, m - i);
    const from = a + <usize>i * rowA;
    if (rows < ROWS) memory.fill(to, 0, <usize>k * width);
    if (columnA == sizeof<T>()) {
      interleaveTurning<T>(from, rowA, rows, k, to, width);
    } else if (rowA == sizeof<T>() && rows == ROWS) {
      let source = from;
      let target = to;
      for (let p = 0; p < k; p++) {
        v128.store(target, v128.load(source));
        if (sizeof<T>() == 8) v128.store(target, v128.load(source, 16), 16);
        store<T>(target + 4 * sizeof<T>(), load<T>(source + 4 * sizeof<T>()));
        source += columnA;
        target += width;
      }
    } else {
      interleave<T>(from, rowA, columnA, rows, k, to, width);
    }
    to += <usize>k * width;
  }
}

/** Columns of a block of B, two vectors at a time; missing columns are zeros. */
@inline
function packB<T>(b: usize, rowB: usize, columnB: usize, k: i32, n: i32, to: usize): void {
  const width = TILE_ROW / sizeof<T>();
  for (let j = 0; j < n; j += width) {
    const columns = min(width, n - j);
    const from = b + <usize>j * columnB;
    if (columns < width) memory.fill(to, 0, <usize>k * TILE_ROW);
    if (rowB == sizeof<T>()) {
      interleaveTurning<T>(from, columnB, columns, k, to, TILE_ROW);
    } else if (columnB == sizeof<T>() && columns == width) {
      let source = from;
      let target = to;
      for (let p = 0; p < k; p++) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
        source += rowB;
        target += TILE_ROW;
      }
    } else {
      interleave<T>(from, columnB, rowB, columns, k, to, TILE_ROW);
    }
    to += <usize>k * TILE_ROW;
  }
}

// ---------------------------------------------------------------- tiles

/**
 * Five rows × two vectors: out = start + A·B. Nothing but the loop: with anything more to do before or after it (a bias, an
 * activation, a branch) V8 no longer keeps the tile in registers, and it runs at half the speed.
 */
@inline
function tile<T>(k: i32, a: usize, b: usize, start: usize, rowStart: usize, out: usize, rowOut: usize): void {
  let l0 = v128.load(start);
  let h0 = v128.load(start, 16);
  let l1 = v128.load(start + rowStart);
  let h1 = v128.load(start + rowStart, 16);
  let l2 = v128.load(start + 2 * rowStart);
  let h2 = v128.load(start + 2 * rowStart, 16);
  let l3 = v128.load(start + 3 * rowStart);
  let h3 = v128.load(start + 3 * rowStart, 16);
  let l4 = v128.load(start + 4 * rowStart);
  let h4 = v128.load(start + 4 * rowStart, 16);
  for (let p = 0; p < k; p++) {
    const low = v128.load(b);
    const high = v128.load(b, 16);
    let x = loadSplat<T>(a);
    l0 = madd<T>(l0, x, low);
    h0 = madd<T>(h0, x, high);
    x = loadSplat<T>(a, sizeof<T>());
    l1 = madd<T>(l1, x, low);
    h1 = madd<T>(h1, x, high);
    x = loadSplat<T>(a, 2 * sizeof<T>());
    l2 = madd<T>(l2, x, low);
    h2 = madd<T>(h2, x, high);
    x = loadSplat<T>(a, 3 * sizeof<T>());
    l3 = madd<T>(l3, x, low);
    h3 = madd<T>(h3, x, high);
    x = loadSplat<T>(a, 4 * sizeof<T>());
    l4 = madd<T>(l4, x, low);
    h4 = madd<T>(h4, x, high);
    a += ROWS * sizeof<T>();
    b += TILE_ROW;
  }
  v128.store(out, l0);
  v128.store(out, h0, 16);
  v128.store(out + rowOut, l1);
  v128.store(out + rowOut, h1, 16);
  v128.store(out + 2 * rowOut, l2);
  v128.store(out + 2 * rowOut, h2, 16);
  v128.store(out + 3 * rowOut, l3);
  v128.store(out + 3 * rowOut, h3, 16);
  v128.store(out + 4 * rowOut, l4);
  v128.store(out + 4 * rowOut, h4, 16);
}

// Functions of their own for the same reason, and exported so that the compiler does not put them into their caller.
export function tile_f32(k: i32, a: usize, b: usize, start: usize, rowStart: usize, out: usize, rowOut: usize): void {
  tile<f32>(k, a, b, start, rowStart, out, rowOut);
}

export function tile_f64(k: i32, a: usize, b: usize, start: usize, rowStart: usize, out: usize, rowOut: usize): void {
  tile<f64>(k, a, b, start, rowStart, out, rowOut);
}

/** Adds the bias of a panel (two vectors) to the rows of a finished tile, and applies the activation. */
@inline
function finishTile<T>(rows: i32, out: usize, rowOut: usize, bias: usize, activation: i32): void {
  const low = v128.load(bias);
  const high = v128.load(bias, 16);
  for (let r = 0; r < rows; r++) {
    v128.store(out, activate<T>(activation, v128.add<T>(v128.load(out), low)));
    v128.store(out, activate<T>(activation, v128.add<T>(v128.load(out, 16), high)), 16);
    out += rowOut;
  }
}

/** Some rows and bytes of a matrix copied to or from a tile. */
@inline
function copyRows(rows: i32, bytes: i32, from: usize, rowFrom: usize, to: usize, rowTo: usize): void {
  for (let r = 0; r < rows; r++) {
    memory.copy(to, from, bytes);
    from += rowFrom;
    to += rowTo;
  }
}

/** C = activation(A·B + bias) for sizes that are worth packing. */
@inline
function multiplyBlocks<T>(
  m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize,
  bias: usize, activation: i32, out: usize, rowOut: usize, pack: usize,
): void {
  const width = TILE_ROW / sizeof<T>();
  const edge = pack;
  const packedA = edge + ROWS * TILE_ROW;
  const packedB = packedA + BLOCK_M * BLOCK_K * 8;
  const padded = packedB + BLOCK_PANELS * BLOCK_K * TILE_ROW;
  const zeros = padded + TILE_ROW;
  const blockN = BLOCK_PANELS * width;
  memory.fill(zeros, 0, TILE_ROW);
  for (let j0 = 0; j0 < n; j0 += blockN) {
    const columnsHere = min(blockN, n - j0);
    for (let p0 = 0; p0 < k; p0 += BLOCK_K) {
      const depth = min(BLOCK_K, k - p0);
      const begun = p0 > 0;
      const done = p0 + depth == k && (bias != 0 || activation != NONE);
      packB<T>(b + <usize>p0 * rowB + <usize>j0 * columnB, rowB, columnB, depth, columnsHere, packedB);
      for (let i0 = 0; i0 < m; i0 += BLOCK_M) {
        const rowsHere = min(BLOCK_M, m - i0);
        packA<T>(a + <usize>i0 * rowA + <usize>p0 * columnA, rowA, columnA, rowsHere, depth, packedA);
        let panel = packedB;
        for (let j = 0; j < columnsHere; j += width) {
          const columns = min(width, columnsHere - j);
          if (done) {
            memory.fill(padded, 0, TILE_ROW);
            if (bias != 0) memory.copy(padded, bias + <usize>(j0 + j) * sizeof<T>(), columns * sizeof<T>());
          }
          let rowsOfA = packedA;
          let target = out + <usize>i0 * rowOut + <usize>(j0 + j) * sizeof<T>();
          for (let i = 0; i < rowsHere; i += ROWS) {
            const rows = min(ROWS, rowsHere - i);
            // A tile that would stick out over the edge of C is computed beside it.
            const whole = rows == ROWS && columns == width;
            const place = whole ? target : edge;
            const step = whole ? rowOut : TILE_ROW;
            if (!whole && begun) copyRows(rows, columns * sizeof<T>(), target, rowOut, edge, TILE_ROW);
            if (sizeof<T>() == 4) tile_f32(depth, rowsOfA, panel, begun ? place : zeros, begun ? step : 0, place, step);
            else tile_f64(depth, rowsOfA, panel, begun ? place : zeros, begun ? step : 0, place, step);
            if (done) finishTile<T>(rows, place, step, padded, activation);
            if (!whole) copyRows(rows, columns * sizeof<T>(), edge, TILE_ROW, target, rowOut);
            rowsOfA += <usize>depth * ROWS * sizeof<T>();
            target += ROWS * rowOut;
          }
          panel += <usize>depth * TILE_ROW;
        }
      }
    }
  }
}

// ---------------------------------------------------------------- one row

@inline
function storeStrided<T>(out: usize, stepOut: usize, y: v128): void {
  if (stepOut == sizeof<T>()) {
    v128.store(out, y);
    return;
  }
  store<T>(out, v128.extract_lane<T>(y, 0));
  store<T>(out + stepOut, v128.extract_lane<T>(y, 1));
  if (sizeof<T>() == 4) {
    store<T>(out + 2 * stepOut, v128.extract_lane<T>(y, 2));
    store<T>(out + 3 * stepOut, v128.extract_lane<T>(y, 3));
  }
}

/** Adds the bias, which is one number for all columns if stepBias is 0, and writes a vector of the row. */
@inline
function finish<T>(sum: v128, bias: usize, stepBias: usize, activation: i32, out: usize, stepOut: usize): void {
  const shift = stepBias == 0 ? loadSplat<T>(bias) : v128.load(bias);
  storeStrided<T>(out, stepOut, activate<T>(activation, v128.add<T>(sum, shift)));
}

/** As many steps of k as a vector has lanes, for a vector of columns whose numbers are neighbours along k. */
@inline
function turnedStep<T>(sum: v128, b: usize, columnB: usize, x0: v128, x1: v128, x2: v128, x3: v128): v128 {
  const p = v128.load(b);
  const q = v128.load(b + columnB);
  if (sizeof<T>() == 8) {
    sum = madd<T>(sum, x0, v128.shuffle<f64>(p, q, 0, 2));
    return madd<T>(sum, x1, v128.shuffle<f64>(p, q, 1, 3));
  }
  const r = v128.load(b + 2 * columnB);
  const s = v128.load(b + 3 * columnB);
  const pq = v128.shuffle<f32>(p, q, 0, 4, 1, 5);
  const rs = v128.shuffle<f32>(r, s, 0, 4, 1, 5);
  sum = madd<T>(sum, x0, v128.shuffle<f64>(pq, rs, 0, 2));
  sum = madd<T>(sum, x1, v128.shuffle<f64>(pq, rs, 1, 3));
  const pqHigh = v128.shuffle<f32>(p, q, 2, 6, 3, 7);
  const rsHigh = v128.shuffle<f32>(r, s, 2, 6, 3, 7);
  sum = madd<T>(sum, x2, v128.shuffle<f64>(pqHigh, rsHigh, 0, 2));
  return madd<T>(sum, x3, v128.shuffle<f64>(pqHigh, rsHigh, 1, 3));
}

/** One step of k for a vector of columns, number by number. */
@inline
function columnsStep<T>(sum: v128, b: usize, columnB: usize, x: v128): v128 {
  let column = v128.splat<T>(load<T>(b));
  column = v128.replace_lane<T>(column, 1, load<T>(b + columnB));
  if (sizeof<T>() == 4) {
    column = v128.replace_lane<T>(column, 2, load<T>(b + 2 * columnB));
    column = v128.replace_lane<T>(column, 3, load<T>(b + 3 * columnB));
  }
  return madd<T>(sum, x, column);
}

/** Four vectors of columns that are rows in memory. */
@inline
function fourTurned<T>(
  k: i32, x: usize, stepX: usize, b: usize, columnB: usize, bias: usize, stepBias: usize, activation: i32, out: usize, stepOut: usize,
): void {
  const group = lanes<T>() * columnB;
  let s0 = v128.splat<T>(<T>0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const whole = k & ~(lanes<T>() - 1);
  let p = 0;
  for (; p < whole; p += lanes<T>()) {
    const x0 = loadSplat<T>(x);
    const x1 = loadSplat<T>(x + stepX);
    const x2 = sizeof<T>() == 4 ? loadSplat<T>(x + 2 * stepX) : x0;
    const x3 = sizeof<T>() == 4 ? loadSplat<T>(x + 3 * stepX) : x0;
    s0 = turnedStep<T>(s0, b, columnB, x0, x1, x2, x3);
    s1 = turnedStep<T>(s1, b + group, columnB, x0, x1, x2, x3);
    s2 = turnedStep<T>(s2, b + 2 * group, columnB, x0, x1, x2, x3);
    s3 = turnedStep<T>(s3, b + 3 * group, columnB, x0, x1, x2, x3);
    x += lanes<T>() * stepX;
    b += 16;
  }
  for (; p < k; p++) {
    const y = loadSplat<T>(x);
    s0 = columnsStep<T>(s0, b, columnB, y);
    s1 = columnsStep<T>(s1, b + group, columnB, y);
    s2 = columnsStep<T>(s2, b + 2 * group, columnB, y);
    s3 = columnsStep<T>(s3, b + 3 * group, columnB, y);
    x += stepX;
    b += sizeof<T>();
  }
  const next = lanes<T>() * stepOut;
  const nextBias = lanes<T>() * stepBias;
  finish<T>(s0, bias, stepBias, activation, out, stepOut);
  finish<T>(s1, bias + nextBias, stepBias, activation, out + next, stepOut);
  finish<T>(s2, bias + 2 * nextBias, stepBias, activation, out + 2 * next, stepOut);
  finish<T>(s3, bias + 3 * nextBias, stepBias, activation, out + 3 * next, stepOut);
}

/** Four vectors of columns that are neighbours in memory. */
@inline
function fourStraight<T>(
  k: i32, x: usize, stepX: usize, b: usize, rowB: usize, bias: usize, stepBias: usize, activation: i32, out: usize, stepOut: usize,
): void {
  let s0 = v128.splat<T>(<T>0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let p = 0; p < k; p++) {
    const y = loadSplat<T>(x);
    s0 = madd<T>(s0, y, v128.load(b));
    s1 = madd<T>(s1, y, v128.load(b, 16));
    s2 = madd<T>(s2, y, v128.load(b, 32));
    s3 = madd<T>(s3, y, v128.load(b, 48));
    x += stepX;
    b += rowB;
  }
  const next = lanes<T>() * stepOut;
  const nextBias = lanes<T>() * stepBias;
  finish<T>(s0, bias, stepBias, activation, out, stepOut);
  finish<T>(s1, bias + nextBias, stepBias, activation, out + next, stepOut);
  finish<T>(s2, bias + 2 * nextBias, stepBias, activation, out + 2 * next, stepOut);
  finish<T>(s3, bias + 3 * nextBias, stepBias, activation, out + 3 * next, stepOut);
}

/** One row of C, its columns stepOut apart: x (k)·B (k×n) + bias. Every number of B is used once, so nothing is packed. */
@inline
function multiplyRow<T>(
  n: i32, k: i32, x: usize, stepX: usize, b: usize, rowB: usize, columnB: usize, bias: usize, stepBias: usize, activation: i32, out: usize, stepOut: usize,
): void {
  const four = 4 * lanes<T>();
  const turned = rowB == sizeof<T>();
  let j = 0;
  if (turned || columnB == sizeof<T>()) {
    for (; j + four <= n; j += four) {
      const target = out + <usize>j * stepOut;
      const shift = bias + <usize>j * stepBias;
      if (turned) fourTurned<T>(k, x, stepX, b + <usize>j * columnB, columnB, shift, stepBias, activation, target, stepOut);
      else fourStraight<T>(k, x, stepX, b + <usize>j * columnB, rowB, shift, stepBias, activation, target, stepOut);
    }
  }
  for (; j < n; j++) {
    let sum: T = 0;
    let px = x;
    let pb = b + <usize>j * columnB;
    for (let p = 0; p < k; p++) {
      sum = sum + load<T>(px) * load<T>(pb);
      px += stepX;
      pb += rowB;
    }
    sum = sum + load<T>(bias + <usize>j * stepBias);
    store<T>(out + <usize>j * stepOut, v128.extract_lane<T>(activate<T>(activation, v128.splat<T>(sum)), 0));
  }
}

/** C = activation(a·b + bias) for a column a (m) and a row b (n) whose numbers are neighbours: k is 1. */
@inline
function multiplyColumnByRow<T>(m: i32, n: i32, a: usize, rowA: usize, b: usize, bias: usize, activation: i32, out: usize, rowOut: usize): void {
  const whole = n & ~(lanes<T>() - 1);
  const zero = v128.splat<T>(<T>0);
  for (let i = 0; i < m; i++) {
    const x = loadSplat<T>(a);
    let j = 0;
    for (; j < whole; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      let y = madd<T>(zero, x, v128.load(b + at));
      if (bias != 0) y = v128.add<T>(y, v128.load(bias + at));
      v128.store(out + at, activate<T>(activation, y));
    }
    for (; j < n; j++) {
      const at = <usize>j * sizeof<T>();
      let y = madd<T>(zero, x, loadSplat<T>(b + at));
      if (bias != 0) y = v128.add<T>(y, loadSplat<T>(bias + at));
      store<T>(out + at, v128.extract_lane<T>(activate<T>(activation, y), 0));
    }
    a += rowA;
    out += rowOut;
  }
}

// ---------------------------------------------------------------- any sizes

/**
 * C = activation(A·B + bias). Strides of A and B in elements; C is row-major. `bias` (n numbers) may be 0 for none;
 * activation 0 is none, 1 is ReLU; `pack` has packBytes() bytes.
 */
@inline
function multiply<T>(
  m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize,
  bias: usize, activation: i32, out: usize, pack: usize,
): void {
  const size = sizeof<T>();
  const rowOut = <usize>n * size;
  rowA *= size;
  columnA *= size;
  rowB *= size;
  columnB *= size;
  if (k == 1 && columnB == size) {
    multiplyColumnByRow<T>(m, n, a, rowA, b, bias, activation, out, rowOut);
    return;
  }
  const few = 3;
  if (m > few && n > few && k > 0) {
    multiplyBlocks<T>(m, n, k, a, rowA, columnA, b, rowB, columnB, bias, activation, out, rowOut, pack);
    return;
  }
  let stepBias = size;
  if (bias == 0) {
    store<T>(pack, 0);
    bias = pack;
    stepBias = 0;
  }
  if (m <= n) {
    for (let i = 0; i < m; i++) {
      multiplyRow<T>(n, k, a + <usize>i * rowA, columnA, b, rowB, columnB, bias, stepBias, activation, out + <usize>i * rowOut, size);
    }
  } else {
    // A column of C is a row of its transpose Bᵀ·Aᵀ.
    for (let j = 0; j < n; j++) {
      multiplyRow<T>(m, k, b + <usize>j * columnB, rowB, a, columnA, rowA, bias + <usize>j * stepBias, 0, activation, out + <usize>j * size, rowOut);
    }
  }
}

export function matmul_f32(
  m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize,
  bias: usize, activation: i32, out: usize, pack: usize,
): void {
  multiply<f32>(m, n, k, a, rowA, columnA, b, rowB, columnB, bias, activation, out, pack);
}

export function matmul_f64(
  m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize,
  bias: usize, activation: i32, out: usize, pack: usize,
): void {
  multiply<f64>(m, n, k, a, rowA, columnA, b, rowB, columnB, bias, activation, out, pack);
}
