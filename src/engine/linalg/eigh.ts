// Eigenvalues and eigenvectors of symmetric matrices.
import { record } from "../autograd/tape.ts";
import type { FloatDtype } from "../dtype.ts";
import { ConvergenceError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, adopt, copyOut, place, release } from "../memory/heap.ts";
import { Tensor } from "../tensor.ts";

/** What eigh finds. */
export interface Eigensystem {
  /** Ascending, (n,), float64. */
  eigenvalues: Tensor;
  /** (n, n), float64: column i belongs to eigenvalue i; columns are orthonormal. */
  eigenvectors: Tensor;
}

/** Up to this size Jacobi's rotations are as quick as the other way, and more accurate. */
const JACOBI_ROWS = 32;

function checkSymmetric(owner: string, matrix: Tensor): number {
  if (!(matrix instanceof Tensor)) {
    throw new ValueError(`${owner}: needs a tensor, not ${describe(matrix)}. Wrap arrays in tensor(…).`);
  }
  const [n] = matrix.shape;
  if (matrix.rank !== 2 || n !== matrix.shape[1]) {
    throw new ShapeError(`${owner}: needs a square matrix, not ${formatShape(matrix.shape)}.`);
  }
  if (n === 0) throw new ShapeError(`${owner}: the matrix is empty, (0, 0).`);
  return n!;
}

/** The values of the symmetric part (A + Aᵀ)/2 in float64, and the size of the largest. */
function symmetricPart(
  owner: string,
  matrix: Tensor,
  n: number,
): { values: Float64Array<ArrayBuffer>; size: number } {
  // Plain loops: for the small matrices of most callers they beat a handful of tensor operations.
  const values = Float64Array.from(matrix.data);
  let asymmetry = 0;
  let size = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const a = values[i * n + j]!;
      const b = values[j * n + i]!;
      size = Math.max(size, Math.abs(a), Math.abs(b));
      asymmetry = Math.max(asymmetry, Math.abs(a - b));
      values[i * n + j] = (a + b) / 2;
      values[j * n + i] = (a + b) / 2;
    }
  }
  if (!Number.isFinite(size)) throw new ValueError(`${owner}: the matrix contains NaN or Infinity.`);
  if (asymmetry > 2e-3 * size) {
    throw new ValueError(
      `${owner}: the matrix is not symmetric: it differs from its transpose by up to ${asymmetry}.`,
    );
  }
  return { values, size };
}

/** Eigenvalues in any order, and, if asked for, the eigenvectors as rows. */
interface Unsorted {
  values: ArrayLike<number>;
  rows: ArrayLike<number> | null;
}

function byJacobi(owner: string, matrix: Float64Array<ArrayBuffer>, n: number): Unsorted {
  const work = adopt("float64", matrix);
  const vectors = new Storage("float64", n * n);
  place(work, vectors);
  if (kernels.float64.jacobi(work.address, vectors.address, n) < 0) {
    throw new ConvergenceError(`${owner}: the rotations did not settle.`);
  }
  const left = copyOut(work);
  const rows = copyOut(vectors);
  release(vectors);
  release(work);
  return { values: Array.from({ length: n }, (_, i) => left[i * n + i]!), rows };
}

function byTridiagonal(
  owner: string,
  matrix: Float64Array<ArrayBuffer>,
  n: number,
  wantVectors: boolean,
): Unsorted {
  const work = adopt("float64", matrix);
  const vectors = wantVectors ? new Storage("float64", n * n) : null;
  /** Diagonal, off-diagonal, and room for two more vectors. */
  const bands = new Storage("float64", 4 * n);
  place(work, bands, vectors ?? bands);
  const diagonal = bands.address;
  const offDiagonal = diagonal + 8 * n;
  const q = vectors?.address ?? 0;
  kernels.float64.tridiagonalise(work.address, n, diagonal, offDiagonal, q, diagonal + 16 * n);
  if (kernels.float64.tridiagonalEigen(diagonal, offDiagonal, n, q) < 0) {
    throw new ConvergenceError(`${owner}: the QR steps did not settle.`);
  }
  const values = copyOut(bands).subarray(0, n);
  const rows = vectors === null ? null : copyOut(vectors);
  release(bands);
  if (vectors !== null) release(vectors);
  release(work);
  return { values, rows };
}

/** A power of two that brings a matrix of extreme size near 1, so that no square in the kernels over- or underflows. */
function scaleFor(size: number): number {
  let scale = 1;
  if (size > 0) {
    while (size * scale > 1e20) scale /= 4294967296;
    while (size * scale < 1e-20) scale *= 4294967296;
  }
  return scale;
}

function solve(owner: string, matrix: Tensor, wantVectors: boolean): Unsorted & { order: number[] } {
  const n = checkSymmetric(owner, matrix);
  const { values: entries, size } = symmetricPart(owner, matrix, n);
  const scale = scaleFor(size);
  if (scale !== 1) for (let i = 0; i < entries.length; i++) entries[i]! *= scale;
  const { values, rows } =
    n <= JACOBI_ROWS ? byJacobi(owner, entries, n) : byTridiagonal(owner, entries, n, wantVectors);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => values[i]! - values[j]! || i - j);
  return { values: scale === 1 ? values : Array.from(values, (value) => value / scale), rows, order };
}

/** The rows in this order as columns, each with the sign that makes its largest component positive. */
function columnsOf(rows: ArrayLike<number>, order: readonly number[]): Float64Array<ArrayBuffer> {
  const n = order.length;
  const columns = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    const row = order[column]! * n;
    let largest = 0;
    for (let k = 0; k < n; k++) {
      const x = rows[row + k]!;
      // The margin keeps the choice when two components are equal but for rounding.
      if (Math.abs(x) > Math.abs(largest) * (1 + 1e-9)) largest = x;
    }
    const sign = largest < 0 ? -1 : 1;
    for (let k = 0; k < n; k++) columns[k * n + column] = sign * rows[row + k]!;
  }
  return columns;
}

/**
 * All eigenvalues λ (ascending) and orthonormal eigenvectors v of a symmetric matrix, A·v = λ·v, in float64.
 *
 * Only the symmetric part of the matrix is used. An eigenvector's sign is chosen so that its largest component is
 * positive. Up to 32 rows: cyclic Jacobi rotations, accurate to the last digits (Golub and Van Loan, "Matrix
 * Computations", 8.5); above: Householder reflections to tridiagonal form and implicit QR steps (there, 8.3), with errors
 * of some 10⁻¹⁵ times the largest |λ|.
 *
 * Gradients flow back: ∂L/∂A = V·(diag(∂L/∂λ) + F∘(Vᵀ·∂L/∂V))·Vᵀ with Fᵢⱼ = 1/(λⱼ − λᵢ), Fᵢᵢ = 0. Where eigenvalues are
 * equal their vectors have no derivative, and a gradient through the vectors is not finite.
 * @throws ShapeError if the matrix is not square, ValueError if it is clearly not symmetric or not finite
 */
export function eigh(matrix: Tensor): Eigensystem {
  const { values, rows, order } = solve("eigh", matrix, true);
  const n = order.length;
  const eigenvalues = Tensor.adopt(
    Float64Array.from(order, (i) => values[i]!),
    [n],
    "float64",
  );
  const eigenvectors = Tensor.adopt(columnsOf(rows!, order), [n, n], "float64");
  recordEigensystem("eigh", matrix, eigenvalues, eigenvectors);
  return { eigenvalues, eigenvectors };
}

/** Both results on the tape; the products read both, so that they can be differentiated themselves. */
function recordEigensystem(operation: string, matrix: Tensor, values: Tensor, vectors: Tensor): void {
  const dtype = matrix.dtype as FloatDtype;
  const saved = [values, vectors];
  /** V·M·Vᵀ, its symmetric part, because that is all of A that eigh reads. */
  const back = (middle: Tensor): Tensor => {
    const full = vectors.matmul(middle).matmul(vectors.T);
    return full.add(full.T).mul(0.5).to(dtype);
  };
  record(operation, values, [matrix], saved, [(g) => vectors.mul(g).matmul(vectors.T).to(dtype)]);
  record(operation, vectors, [matrix], saved, [
    (g) => {
      const n = values.size;
      const unit = Tensor.adopt(
        Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
        [n, n],
        "float64",
      );
      // λⱼ − λᵢ, with 1 on the diagonal in place of 0; then the diagonal is taken out of the quotient.
      const gaps = values.sub(values.reshape([n, 1])).add(unit);
      return back(vectors.T.matmul(g).mul(unit.neg().add(1)).div(gaps));
    },
  ]);
}

/** The eigenvalues of a symmetric matrix, ascending, (n,), float64; see eigh. Quicker for large ones. */
export function eigvalsh(matrix: Tensor): Tensor {
  if (matrix instanceof Tensor && matrix.requiresGrad) return eigh(matrix).eigenvalues;
  const { values, order } = solve("eigvalsh", matrix, false);
  return Tensor.adopt(
    Float64Array.from(order, (i) => values[i]!),
    [order.length],
    "float64",
  );
}
