// Eigenvalues and eigenvectors of a large symmetric matrix: Householder reflections make it tridiagonal, implicit QR steps
// make that diagonal (Golub and Van Loan, "Matrix Computations", 8.3). Everything runs along rows, two numbers at a time.

@inline
function at(a: usize, row: i32, column: i32, n: i32): usize {
  return a + ((<usize>row * n + column) << 3);
}

/** Σ xᵢ·yᵢ. */
@inline
function product(x: usize, y: usize, count: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(x), v128.load(y)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)));
    x += 32;
    y += 32;
  }
  s0 = f64x2.add(s0, s1);
  let s = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; i < count; i++) {
    s += load<f64>(x) * load<f64>(y);
    x += 8;
    y += 8;
  }
  return s;
}

/** y ← y + factor·x. */
@inline
function addScaled(y: usize, factor: f64, x: usize, count: i32): void {
  const f = f64x2.splat(factor);
  let i = 0;
  for (; i + 2 <= count; i += 2) {
    v128.store(y, f64x2.add(v128.load(y), f64x2.mul(f, v128.load(x))));
    x += 16;
    y += 16;
  }
  if (i < count) store<f64>(y, load<f64>(y) + factor * load<f64>(x));
}

/** Adds the part of A·v that the upper triangle's row i knows: y ← y + (row i)·vᵢ, yᵢ ← yᵢ + (row i)·v, in one pass. */
@inline
function symmetricRow(a: usize, v: usize, y: usize, count: i32): void {
  // a, v and y point at the diagonal entry; what lies right of it counts twice.
  const vi = load<f64>(v);
  const splat = f64x2.splat(vi);
  let sum = f64x2.splat(0);
  let p = a + 8;
  let q = v + 8;
  let r = y + 8;
  let i = 1;
  for (; i + 2 <= count; i += 2) {
    const x = v128.load(p);
    sum = f64x2.add(sum, f64x2.mul(x, v128.load(q)));
    v128.store(r, f64x2.add(v128.load(r), f64x2.mul(x, splat)));
    p += 16;
    q += 16;
    r += 16;
  }
  let s = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (i < count) {
    const x = load<f64>(p);
    s += x * load<f64>(q);
    store<f64>(r, load<f64>(r) + x * vi);
  }
  store<f64>(y, load<f64>(y) + (load<f64>(a) * vi + s));
}

/** row ← row − a·w − b·v. */
@inline
function subtractTwo(row: usize, a: f64, w: usize, b: f64, v: usize, count: i32): void {
  const fa = f64x2.splat(a);
  const fb = f64x2.splat(b);
  let i = 0;
  for (; i + 2 <= count; i += 2) {
    const both = f64x2.add(f64x2.mul(fa, v128.load(w)), f64x2.mul(fb, v128.load(v)));
    v128.store(row, f64x2.sub(v128.load(row), both));
    row += 16;
    w += 16;
    v += 16;
  }
  if (i < count) store<f64>(row, load<f64>(row) - (a * load<f64>(w) + b * load<f64>(v)));
}

/**
 * A = Q·T·Qᵀ with T tridiagonal. Reads the upper triangle of `a` (n×n), which is destroyed; `diagonal` (n) and
 * `offDiagonal` (n) receive T. If `q` ≠ 0, it (n×n) receives Qᵀ. `work` has room for 2·n numbers.
 */
export function tridiagonalise_f64(
  a: usize, n: i32, diagonal: usize, offDiagonal: usize, q: usize, work: usize,
): void {
  const betas = work;
  const w = work + (<usize>n << 3);
  memory.fill(betas, 0, <usize>n << 3);
  store<f64>(offDiagonal + (<usize>(n - 1) << 3), 0);
  for (let k = 0; k < n - 1; k++) {
    store<f64>(diagonal + (<usize>k << 3), load<f64>(at(a, k, k, n)));
    // The reflection I − β·v·vᵀ turns row k right of the diagonal into (±length, 0, 0 …); v takes the row's place.
    const v = at(a, k, k + 1, n);
    const m = n - k - 1;
    const first = load<f64>(v);
    const rest = product(v + 8, v + 8, m - 1);
    if (rest == 0) {
      store<f64>(offDiagonal + (<usize>k << 3), first);
      continue;
    }
    const length = Math.sqrt(first * first + rest);
    const end = first > 0 ? -length : length;
    const beta = 1 / (length * (length + Math.abs(first)));
    store<f64>(v, first - end);
    store<f64>(betas + (<usize>k << 3), beta);
    store<f64>(offDiagonal + (<usize>k << 3), end);
    // The rest of A becomes A − v·wᵀ − w·vᵀ with p = β·A·v and w = p − (β/2)(p·v)·v.
    memory.fill(w, 0, <usize>m << 3);
    for (let i = 0; i < m; i++) {
      const step = <usize>i << 3;
      symmetricRow(at(a, k + 1 + i, k + 1 + i, n), v + step, w + step, m - i);
    }
    const half = -0.5 * beta * beta * product(w, v, m);
    for (let i = 0; i < m; i++) {
      const wi = w + (<usize>i << 3);
      store<f64>(wi, beta * load<f64>(wi) + half * load<f64>(v + (<usize>i << 3)));
    }
    for (let i = 0; i < m; i++) {
      const step = <usize>i << 3;
      subtractTwo(
        at(a, k + 1 + i, k + 1 + i, n), load<f64>(v + step), w + step, load<f64>(w + step), v + step, m - i,
      );
    }
  }
  store<f64>(diagonal + (<usize>(n - 1) << 3), load<f64>(at(a, n - 1, n - 1, n)));
  if (q == 0) return;
  // Q = H₀·H₁ ⋯ applied to the identity from the last to the first, so that each works on a small corner only.
  memory.fill(q, 0, (<usize>n * n) << 3);
  for (let i = 0; i < n; i++) store<f64>(at(q, i, i, n), 1);
  for (let k = n - 2; k >= 0; k--) {
    const beta = load<f64>(betas + (<usize>k << 3));
    if (beta == 0) continue;
    const v = at(a, k, k + 1, n);
    const m = n - k - 1;
    memory.fill(w, 0, <usize>m << 3);
    for (let i = 0; i < m; i++) addScaled(w, load<f64>(v + (<usize>i << 3)), at(q, k + 1 + i, k + 1, n), m);
    for (let i = 0; i < m; i++) {
      addScaled(at(q, k + 1 + i, k + 1, n), -beta * load<f64>(v + (<usize>i << 3)), w, m);
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const x = load<f64>(at(q, i, j, n));
      store<f64>(at(q, i, j, n), load<f64>(at(q, j, i, n)));
      store<f64>(at(q, j, i, n), x);
    }
  }
}

/** (x, y) ← (c·x + s·y, c·y − s·x) along two rows. */
@inline
function rotate(x: usize, y: usize, c: f64, s: f64, count: i32): void {
  const cc = f64x2.splat(c);
  const ss = f64x2.splat(s);
  let i = 0;
  for (; i + 2 <= count; i += 2) {
    const a = v128.load(x);
    const b = v128.load(y);
    v128.store(x, f64x2.add(f64x2.mul(cc, a), f64x2.mul(ss, b)));
    v128.store(y, f64x2.sub(f64x2.mul(cc, b), f64x2.mul(ss, a)));
    x += 16;
    y += 16;
  }
  if (i < count) {
    const a = load<f64>(x);
    const b = load<f64>(y);
    store<f64>(x, c * a + s * b);
    store<f64>(y, c * b - s * a);
  }
}

/** Is an entry beside the diagonal zero to working accuracy? */
@inline
function negligible(d: usize, e: usize, k: i32): bool {
  const x = Math.abs(load<f64>(e + (<usize>k << 3)));
  const size = Math.abs(load<f64>(d + (<usize>k << 3))) + Math.abs(load<f64>(d + (<usize>(k + 1) << 3)));
  // The matrix is scaled to about 1, so squares of what is left cannot vanish.
  return x <= 1.1102230246251565e-16 * size || x < 1e-150;
}

/**
 * Eigenvalues of the tridiagonal matrix (d, e), left in `d` in no particular order; `e` is destroyed. If `q` ≠ 0, its n
 * rows of n numbers are turned along: with Qᵀ from tridiagonalise, row i becomes the eigenvector of eigenvalue i.
 * Returns the number of steps, or −1 if 30·n did not suffice.
 */
export function tridiagonalEigen_f64(d: usize, e: usize, n: i32, q: usize): i32 {
  let steps = 0;
  let high = n - 1;
  while (high > 0) {
    if (negligible(d, e, high - 1)) {
      high--;
      continue;
    }
    if (++steps > 30 * n) return -1;
    let low = high - 1;
    while (low > 0 && !negligible(d, e, low - 1)) low--;
    // Wilkinson's shift: the eigenvalue of the last 2×2 block that is nearer to its last entry.
    const last = load<f64>(d + (<usize>high << 3));
    const beside = load<f64>(e + (<usize>(high - 1) << 3));
    const delta = (load<f64>(d + (<usize>(high - 1) << 3)) - last) / 2;
    const root = Math.sqrt(delta * delta + beside * beside);
    const shift = last - (beside * beside) / (delta >= 0 ? delta + root : delta - root);
    let x = load<f64>(d + (<usize>low << 3)) - shift;
    let z = load<f64>(e + (<usize>low << 3));
    for (let k = low; k < high; k++) {
      const dk = d + (<usize>k << 3);
      const ek = e + (<usize>k << 3);
      const r = Math.sqrt(x * x + z * z);
      // r = 0 only where both are (nearly) zero: nothing to turn.
      const c = r == 0 ? 1.0 : x / r;
      const s = r == 0 ? 0.0 : z / r;
      if (k > low) store<f64>(ek - 8, r);
      const upper = load<f64>(dk);
      const lower = load<f64>(dk + 8);
      const between = load<f64>(ek);
      const t = s * (lower - upper) + 2 * c * between;
      store<f64>(dk, upper + s * t);
      store<f64>(dk + 8, lower - s * t);
      x = c * t - between;
      store<f64>(ek, x);
      if (k < high - 1) {
        const next = load<f64>(ek + 8);
        z = s * next;
        store<f64>(ek + 8, c * next);
      }
      if (q != 0) rotate(at(q, k, 0, n), at(q, k + 1, 0, n), c, s, n);
    }
  }
  return steps;
}
