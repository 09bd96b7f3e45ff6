// Eigenvalues and eigenvectors of symmetric matrices.
import { ConvergenceError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, adopt, place, readOne } from "../memory/heap.ts";
import { Tensor } from "../tensor.ts";

export interface Eigensystem {
  /** Ascending, (n,), float64. */
  eigenvalues: Tensor;
  /** (n, n), float64: column i belongs to eigenvalue i; columns are orthonormal. */
  eigenvectors: Tensor;
}

function checkSymmetric(owner: string, matrix: Tensor): number {
  if (!(matrix instanceof Tensor)) {
    throw new ValueError(`${owner}: needs a tensor, not ${describe(matrix)}. Wrap arrays in tensor(…).`);
  }
  const [n] = matrix.shape;
  if (matrix.rank !== 2 || n !== matrix.shape[1]) {
    throw new ShapeError(`${owner}: needs a square matrix, not ${formatShape(matrix.shape)}.`);
  }
  return n!;
}

/** The values of the symmetric part (A + Aᵀ)/2 in float64, as a storage of its own. */
function symmetricPart(owner: string, matrix: Tensor, n: number): Storage {
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
  return adopt("float64", values);
}

/**
 * All eigenvalues λ (ascending) and orthonormal eigenvectors v of a symmetric matrix, A·v = λ·v, in float64.
 *
 * Cyclic Jacobi rotations (Golub and Van Loan, "Matrix Computations", 8.5): accurate to the last digits, meant for matrices
 * of up to a few hundred rows. Only the symmetric part of the matrix is used. An eigenvector's sign is chosen so that its
 * largest component is positive.
 * @throws ShapeError if the matrix is not square, ValueError if it is clearly not symmetric or not finite
 */
export function eigh(matrix: Tensor): Eigensystem {
  const n = checkSymmetric("eigh", matrix);
  const work = symmetricPart("eigh", matrix, n);
  const vectors = new Storage("float64", n * n);
  place(work, vectors);
  if (kernels.float64.jacobi(work.address, vectors.address, n) < 0) {
    throw new ConvergenceError("eigh: the rotations did not settle.");
  }
  const values = Array.from({ length: n }, (_, i) => readOne(work, i * n + i));
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const eigenvalues = new Float64Array(n);
  const eigenvectors = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    const row = order[column]!;
    eigenvalues[column] = values[row]!;
    let largest = 0;
    for (let k = 0; k < n; k++) {
      const x = readOne(vectors, row * n + k);
      if (Math.abs(x) > Math.abs(largest) * (1 + 1e-9)) largest = x;
    }
    const sign = largest < 0 ? -1 : 1;
    for (let k = 0; k < n; k++) eigenvectors[k * n + column] = sign * readOne(vectors, row * n + k);
  }
  return {
    eigenvalues: Tensor.adopt(eigenvalues, [n], "float64"),
    eigenvectors: Tensor.adopt(eigenvectors, [n, n], "float64"),
  };
}

/** The eigenvalues of a symmetric matrix, ascending, (n,), float64; see eigh. */
export function eigvalsh(matrix: Tensor): Tensor {
  return eigh(matrix).eigenvalues;
}
