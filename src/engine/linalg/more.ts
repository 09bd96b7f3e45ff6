// The rest of the namespace `linalg`.
export { cholesky, det, inv, qr, solve } from "./solve.ts";
