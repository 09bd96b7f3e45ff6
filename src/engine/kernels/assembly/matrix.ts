// Matrix product. Every output has one accumulator and k ascends, so the result does not depend on tiles or blocking.
//
// C (m×n) = A (m×k)·B (k×n) + bias. Any strides for A and B, so that a transpose costs nothing. B is copied panel by
// panel (k × two vectors) into `scratch`; then tiles of 5 rows × 2 vectors stay in registers while k runs: 10
// accumulators, 2 vectors of B and 1 of A make 13 of the 16 registers an x86 or ARM compiler has.

const ROWS = 5;

/** Columns of a panel: two vectors. */
@inline
function panelWidth<T>(): i32 {
  return 32 / sizeof<T>();
}

@inline
function madd<T>(sum: v128, a: v128, b: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(a, b));
}

@inline
function loadSplat<T>(p: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(p) : v128.load64_splat(p);
}

/** Writes `columns` numbers of the pair (low, high) to a row of C. */
@inline
function storeRow<T>(out: usize, columns: i32, low: v128, high: v128, scratch: usize): void {
  if (columns == panelWidth<T>()) {
    v128.store(out, low);
    v128.store(out, high, 16);
  } else {
    v128.store(scratch, low);
    v128.store(scratch, high, 16);
    memory.copy(out, scratch, columns * sizeof<T>());
  }
}

/** `rows` (a constant, 1 to 5) rows of C for one panel of B. */
@inline
function tile<T>(
  rows: i32, columns: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, stepB: usize,
  out: usize, rowOut: usize, biasLow: v128, biasHigh: v128, spill: usize,
): void {
  let l0 = v128.splat<T>(<T>0);
  let h0 = l0;
  let l1 = l0;
  let h1 = l0;
  let l2 = l0;
  let h2 = l0;
  let l3 = l0;
  let h3 = l0;
  let l4 = l0;
  let h4 = l0;
  for (let p = 0; p < k; p++) {
    const bl = v128.load(b);
    const bh = v128.load(b, 16);
    let x = loadSplat<T>(a);
    l0 = madd<T>(l0, x, bl);
    h0 = madd<T>(h0, x, bh);
    if (rows > 1) {
      x = loadSplat<T>(a + rowA);
      l1 = madd<T>(l1, x, bl);
      h1 = madd<T>(h1, x, bh);
    }
    if (rows > 2) {
      x = loadSplat<T>(a + 2 * rowA);
      l2 = madd<T>(l2, x, bl);
      h2 = madd<T>(h2, x, bh);
    }
    if (rows > 3) {
      x = loadSplat<T>(a + 3 * rowA);
      l3 = madd<T>(l3, x, bl);
      h3 = madd<T>(h3, x, bh);
    }
    if (rows > 4) {
      x = loadSplat<T>(a + 4 * rowA);
      l4 = madd<T>(l4, x, bl);
      h4 = madd<T>(h4, x, bh);
    }
    a += columnA;
    b += stepB;
  }
  storeRow<T>(out, columns, v128.add<T>(l0, biasLow), v128.add<T>(h0, biasHigh), spill);
  if (rows > 1) storeRow<T>(out + rowOut, columns, v128.add<T>(l1, biasLow), v128.add<T>(h1, biasHigh), spill);
  if (rows > 2) storeRow<T>(out + 2 * rowOut, columns, v128.add<T>(l2, biasLow), v128.add<T>(h2, biasHigh), spill);
  if (rows > 3) storeRow<T>(out + 3 * rowOut, columns, v128.add<T>(l3, biasLow), v128.add<T>(h3, biasHigh), spill);
  if (rows > 4) storeRow<T>(out + 4 * rowOut, columns, v128.add<T>(l4, biasLow), v128.add<T>(h4, biasHigh), spill);
}

/** Copies `columns` columns of B into a panel of full width, with zeros on the right. */
@inline
function pack<T>(b: usize, rowB: usize, columnB: usize, k: i32, columns: i32, panel: usize): void {
  if (columns < panelWidth<T>()) memory.fill(panel, 0, <usize>k * 32);
  if (columnB == sizeof<T>() && columns == panelWidth<T>()) {
    for (let p = 0; p < k; p++) {
      v128.store(panel, v128.load(b));
      v128.store(panel, v128.load(b, 16), 16);
      b += rowB;
      panel += 32;
    }
    return;
  }
  for (let j = 0; j < columns; j++) {
    let from = b + <usize>j * columnB;
    let to = panel + j * sizeof<T>();
    for (let p = 0; p < k; p++) {
      store<T>(to, load<T>(from));
      from += rowB;
      to += 32;
    }
  }
}

/** Strides in elements. `bias` (n numbers) may be 0 for none. `scratch` has room for k + 2 rows of 32 bytes. */
@inline
function multiply<T>(
  m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize,
  bias: usize, out: usize, scratch: usize,
): void {
  const width = panelWidth<T>();
  const spill = scratch;
  const padded = scratch + 32;
  const panel = scratch + 64;
  const rowOut = <usize>n * sizeof<T>();
  rowA *= sizeof<T>();
  columnA *= sizeof<T>();
  rowB *= sizeof<T>();
  columnB *= sizeof<T>();
  for (let j = 0; j < n; j += width) {
    const columns = min(width, n - j);
    let source = b + <usize>j * columnB;
    let step = rowB;
    // With few rows a panel is used too little to be worth copying; B's own rows will do if they are contiguous.
    if (columns < width || columnB != sizeof<T>() || m > 2 * ROWS) {
      pack<T>(source, rowB, columnB, k, columns, panel);
      source = panel;
      step = 32;
    }
    let biasLow = v128.splat<T>(<T>0);
    let biasHigh = biasLow;
    if (bias != 0) {
      memory.copy(padded, bias + j * sizeof<T>(), columns * sizeof<T>());
      biasLow = v128.load(padded);
      biasHigh = v128.load(padded, 16);
    }
    let row = a;
    let target = out + j * sizeof<T>();
    let i = 0;
    for (; i + ROWS <= m; i += ROWS) {
      tile<T>(5, columns, k, row, rowA, columnA, source, step, target, rowOut, biasLow, biasHigh, spill);
      row += <usize>ROWS * rowA;
      target += <usize>ROWS * rowOut;
    }
    const rest = m - i;
    if (rest == 4) tile<T>(4, columns, k, row, rowA, columnA, source, step, target, rowOut, biasLow, biasHigh, spill);
    else if (rest == 3) tile<T>(3, columns, k, row, rowA, columnA, source, step, target, rowOut, biasLow, biasHigh, spill);
    else if (rest == 2) tile<T>(2, columns, k, row, rowA, columnA, source, step, target, rowOut, biasLow, biasHigh, spill);
    else if (rest == 1) tile<T>(1, columns, k, row, rowA, columnA, source, step, target, rowOut, biasLow, biasHigh, spill);
  }
}

export function matmul_f32(
  m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize,
  bias: usize, out: usize, scratch: usize,
): void {
  multiply<f32>(m, n, k, a, rowA, columnA, b, rowB, columnB, bias, out, scratch);
}

export function matmul_f64(
  m: i32, n: i32, k: i32, a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, columnB: usize,
  bias: usize, out: usize, scratch: usize,
): void {
  multiply<f64>(m, n, k, a, rowA, columnA, b, rowB, columnB, bias, out, scratch);
}
