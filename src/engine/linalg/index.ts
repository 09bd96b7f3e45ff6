// The namespace `linalg`.
export { eigh, eigvalsh, type Eigensystem } from "./eigh.ts";
export { norm, type LinalgNormOptions } from "./norm.ts";
export { cholesky, det, inv, qr, solve } from "./solve.ts";
