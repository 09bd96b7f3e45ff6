// Factorisations of one matrix of float64 numbers in row-major order, in plain loops: for the small matrices they are meant
// for these beat a handful of tensor operations. Every sum runs in ascending order.
type Numbers = Float64Array<ArrayBuffer>;

/** P·A = L·U: both triangles in one array (L has ones on its diagonal), the rows' order, and the sign of that order. */
export interface Factored {
  lu: Numbers;
  order: number[];
  /** 1 or −1; 0 if a pivot is 0, when the matrix is singular. */
  sign: number;
}

/** Gaussian elimination with the largest pivot of each column (Golub and Van Loan, "Matrix Computations", 3.4). */
export function factorLU(a: Numbers, n: number): Factored {
  const lu = a.slice();
  const order = Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(lu[i * n + k]!) > Math.abs(lu[pivot * n + k]!)) pivot = i;
    }
    if (pivot !== k) {
      for (let j = 0; j < n; j++) {
        [lu[k * n + j], lu[pivot * n + j]] = [lu[pivot * n + j]!, lu[k * n + j]!];
      }
      [order[k], order[pivot]] = [order[pivot]!, order[k]!];
      sign = -sign;
    }
    const diagonal = lu[k * n + k]!;
    if (diagonal === 0) {
      sign = 0;
      continue;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i * n + k]! / diagonal;
      lu[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) lu[i * n + j]! -= factor * lu[k * n + j]!;
    }
  }
  return { lu, order, sign };
}

/** X with A·X = B for a factored A (n × n) and B (n × m). */
export function solveFactored({ lu, order }: Factored, b: Numbers, n: number, m: number): Numbers {
  const x = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let s = b[order[i]! * m + j]!;
      for (let k = 0; k < i; k++) s -= lu[i * n + k]! * x[k * m + j]!;
      x[i * m + j] = s;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = 0; j < m; j++) {
      let s = x[i * m + j]!;
      for (let k = i + 1; k < n; k++) s -= lu[i * n + k]! * x[k * m + j]!;
      x[i * m + j] = s / lu[i * n + i]!;
    }
  }
  return x;
}

/** L with A = L·Lᵀ from the lower triangle of A; null if A is not positive definite. */
export function factorCholesky(a: Numbers, n: number): Numbers | null {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = a[i * n + j]!;
      for (let k = 0; k < j; k++) s -= l[i * n + k]! * l[j * n + k]!;
      if (i !== j) l[i * n + j] = s / l[j * n + j]!;
      else if (s > 0) l[i * n + i] = Math.sqrt(s);
      else return null;
    }
  }
  return l;
}

/**
 * Q (m × k) with orthonormal columns and R (k × n) upper triangular, A = Q·R, k = min(m, n), by Householder reflections
 * (Golub and Van Loan, 5.2), with the signs that LAPACK and so PyTorch give.
 */
export function factorQR(a: Numbers, m: number, n: number): { q: Numbers; r: Numbers } {
  const k = Math.min(m, n);
  const work = a.slice();
  const factors = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    let rest = 0;
    for (let i = c + 1; i < m; i++) rest += work[i * n + c]! * work[i * n + c]!;
    if (rest === 0) continue;
    const head = work[c * n + c]!;
    const length = Math.sqrt(head * head + rest);
    const beta = head < 0 ? length : -length;
    factors[c] = (beta - head) / beta;
    for (let i = c + 1; i < m; i++) work[i * n + c]! /= head - beta;
    work[c * n + c] = beta;
    reflect(work, n, c + 1, n, work, n, c, m, factors[c]!);
  }
  const r = new Float64Array(k * n);
  for (let i = 0; i < k; i++) for (let j = i; j < n; j++) r[i * n + j] = work[i * n + j]!;
  const q = new Float64Array(m * k);
  for (let i = 0; i < k; i++) q[i * k + i] = 1;
  for (let c = k - 1; c >= 0; c--) reflect(q, k, c, k, work, n, c, m, factors[c]!);
  return { q, r };
}

/** Columns from … to of `x` minus factor·v·vᵀ times themselves; v is 1 in row c and column c of `vs` below it. */
function reflect(
  x: Numbers,
  width: number,
  from: number,
  to: number,
  vs: Numbers,
  vWidth: number,
  c: number,
  m: number,
  factor: number,
): void {
  if (factor === 0) return;
  for (let j = from; j < to; j++) {
    let s = x[c * width + j]!;
    for (let i = c + 1; i < m; i++) s += vs[i * vWidth + c]! * x[i * width + j]!;
    s *= factor;
    x[c * width + j]! -= s;
    for (let i = c + 1; i < m; i++) x[i * width + j]! -= s * vs[i * vWidth + c]!;
  }
}
