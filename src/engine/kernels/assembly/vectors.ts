// Long vectors: components along the rows of a matrix, sums of its rows, points in a plane. What Lanczos' method and the
// error surface do most. The order of every sum is fixed.

/** out[j] = Σᵢ rows[j, i]·x[i] for `count` rows of n numbers. Four rows at a time share the reading of x. */
export function rowProducts_f64(rows: usize, count: i32, n: i32, x: usize, out: usize): void {
  const step = <usize>n << 3;
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    let p = rows + <usize>j * step;
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let q = x;
    let i = 0;
    for (; i + 2 <= n; i += 2) {
      const v = v128.load(q);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(p), v));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(p + step), v));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(p + 2 * step), v));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(p + 3 * step), v));
      p += 16;
      q += 16;
    }
    const last = i < n ? load<f64>(q) : 0;
    const target = out + (<usize>j << 3);
    store<f64>(target, total(s0) + (i < n ? load<f64>(p) * last : 0));
    store<f64>(target, total(s1) + (i < n ? load<f64>(p + step) * last : 0), 8);
    store<f64>(target, total(s2) + (i < n ? load<f64>(p + 2 * step) * last : 0), 16);
    store<f64>(target, total(s3) + (i < n ? load<f64>(p + 3 * step) * last : 0), 24);
  }
  for (; j < count; j++) {
    let p = rows + <usize>j * step;
    let s = f64x2.splat(0);
    let q = x;
    let i = 0;
    for (; i + 2 <= n; i += 2) {
      s = f64x2.add(s, f64x2.mul(v128.load(p), v128.load(q)));
      p += 16;
      q += 16;
    }
    store<f64>(out + (<usize>j << 3), total(s) + (i < n ? load<f64>(p) * load<f64>(q) : 0));
  }
}

@inline
function total(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** x ← x − Σⱼ factors[j]·rows[j], j ascending. */
export function subtractRows_f64(rows: usize, count: i32, n: i32, factors: usize, x: usize): void {
  const step = <usize>n << 3;
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const from = factors + (<usize>j << 3);
    const f0 = v128.load64_splat(from);
    const f1 = v128.load64_splat(from, 8);
    const f2 = v128.load64_splat(from, 16);
    const f3 = v128.load64_splat(from, 24);
    let p = rows + <usize>j * step;
    let q = x;
    let i = 0;
    for (; i + 2 <= n; i += 2) {
      let v = f64x2.sub(v128.load(q), f64x2.mul(f0, v128.load(p)));
      v = f64x2.sub(v, f64x2.mul(f1, v128.load(p + step)));
      v = f64x2.sub(v, f64x2.mul(f2, v128.load(p + 2 * step)));
      v128.store(q, f64x2.sub(v, f64x2.mul(f3, v128.load(p + 3 * step))));
      p += 16;
      q += 16;
    }
    if (i < n) {
      let v = load<f64>(q) - load<f64>(from) * load<f64>(p);
      v -= load<f64>(from, 8) * load<f64>(p + step);
      v -= load<f64>(from, 16) * load<f64>(p + 2 * step);
      store<f64>(q, v - load<f64>(from, 24) * load<f64>(p + 3 * step));
    }
  }
  for (; j < count; j++) {
    const f = load<f64>(factors + (<usize>j << 3));
    const splat = f64x2.splat(f);
    let p = rows + <usize>j * step;
    let q = x;
    let i = 0;
    for (; i + 2 <= n; i += 2) {
      v128.store(q, f64x2.sub(v128.load(q), f64x2.mul(splat, v128.load(p))));
      p += 16;
      q += 16;
    }
    if (i < n) store<f64>(q, load<f64>(q) - f * load<f64>(p));
  }
}

/** out[i] = factor·x[i]. */
export function scale_f64(x: usize, factor: f64, out: usize, count: i32): void {
  const splat = f64x2.splat(factor);
  let i = 0;
  for (; i + 2 <= count; i += 2) {
    v128.store(out, f64x2.mul(splat, v128.load(x)));
    x += 16;
    out += 16;
  }
  if (i < count) store<f64>(out, factor * load<f64>(x));
}

/** out = centre + a·u + b·v: a point of the plane through `centre` along u and v. */
@inline
function planePoint<T>(centre: usize, a: T, u: usize, b: T, v: usize, out: usize, count: i32): void {
  const fa = v128.splat<T>(a);
  const fb = v128.splat<T>(b);
  const lanes = 16 / sizeof<T>();
  let i = 0;
  for (; i + lanes <= count; i += lanes) {
    const along = v128.add<T>(v128.load(centre), v128.mul<T>(fa, v128.load(u)));
    v128.store(out, v128.add<T>(along, v128.mul<T>(fb, v128.load(v))));
    centre += 16;
    u += 16;
    v += 16;
    out += 16;
  }
  for (; i < count; i++) {
    store<T>(out, <T>(<T>(load<T>(centre) + a * load<T>(u)) + b * load<T>(v)));
    centre += sizeof<T>();
    u += sizeof<T>();
    v += sizeof<T>();
    out += sizeof<T>();
  }
}

export function planePoint_f32(centre: usize, a: f32, u: usize, b: f32, v: usize, out: usize, count: i32): void { planePoint<f32>(centre, a, u, b, v, out, count); }
export function planePoint_f64(centre: usize, a: f64, u: usize, b: f64, v: usize, out: usize, count: i32): void { planePoint<f64>(centre, a, u, b, v, out, count); }
