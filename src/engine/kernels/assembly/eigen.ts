// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations: slow for large matrices, but the most
// accurate and the simplest method, and quick below a hundred rows.

/**
 * `a` (n×n) is destroyed; its diagonal becomes the eigenvalues. `v` (n×n) receives the eigenvectors as rows.
 * Returns the number of sweeps, or −1 if 60 did not suffice (which only NaN or Infinity can cause).
 */
export function jacobi_f64(a: usize, v: usize, n: i32): i32 {
  const row = <usize>n * 8;
  memory.fill(v, 0, <usize>n * row);
  for (let i = 0; i < n; i++) store<f64>(v + <usize>i * (row + 8), 1);
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const app = load<f64>(a + <usize>p * row + p * 8);
        const aqq = load<f64>(a + <usize>q * row + q * 8);
        const apq = load<f64>(a + <usize>p * row + q * 8);
        // Zero to working accuracy beside its two diagonal entries?
        if (apq == 0) continue;
        if (
          sweep > 3 &&
          Math.abs(app) + Math.abs(apq) * 0.01 == Math.abs(app) &&
          Math.abs(aqq) + Math.abs(apq) * 0.01 == Math.abs(aqq)
        ) {
          store<f64>(a + <usize>p * row + q * 8, 0);
          store<f64>(a + <usize>q * row + p * 8, 0);
          continue;
        }
        rotated = true;
        const theta = (aqq - app) / (2 * apq);
        const t = (theta >= 0 ? 1.0 : -1.0) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cosine = 1 / Math.sqrt(t * t + 1);
        const sine = t * cosine;
        for (let k = 0; k < n; k++) {
          if (k == p || k == q) continue;
          const akp = load<f64>(a + <usize>k * row + p * 8);
          const akq = load<f64>(a + <usize>k * row + q * 8);
          const x = cosine * akp - sine * akq;
          const y = sine * akp + cosine * akq;
          store<f64>(a + <usize>k * row + p * 8, x);
          store<f64>(a + <usize>p * row + k * 8, x);
          store<f64>(a + <usize>k * row + q * 8, y);
          store<f64>(a + <usize>q * row + k * 8, y);
        }
        store<f64>(a + <usize>p * row + p * 8, app - t * apq);
        store<f64>(a + <usize>q * row + q * 8, aqq + t * apq);
        store<f64>(a + <usize>p * row + q * 8, 0);
        store<f64>(a + <usize>q * row + p * 8, 0);
        for (let k = 0; k < n; k++) {
          const vp = v + <usize>p * row + k * 8;
          const vq = v + <usize>q * row + k * 8;
          const x = load<f64>(vp);
          const y = load<f64>(vq);
          store<f64>(vp, cosine * x - sine * y);
          store<f64>(vq, sine * x + cosine * y);
        }
      }
    }
    if (!rotated) return sweep;
  }
  return -1;
}
