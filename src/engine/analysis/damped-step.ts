// Levenberg and Marquardt's step towards ∇f = 0, −(H² + μI)⁻¹·H·g, from a Krylov basis of the gradient g.
import { eigh } from "../linalg/eigh.ts";
import { Tensor } from "../tensor.ts";
import type { Vector } from "./basis.ts";
import type { KrylovRun } from "./lanczos.ts";

/** The least-squares problem ‖H·d + g‖² + μ‖d‖² in a Krylov basis, diagonalised once for all μ. */
export interface SmallProblem {
  run: KrylovRun;
  /** Squares of the singular values of H in the basis. */
  squares: number[];
  /** Right-hand side along the singular vectors. */
  coefficients: number[];
  /** Singular vectors in the basis. */
  vectors: number[][];
}

/** @param length of the gradient that the run started from */
export function smallProblem(run: KrylovRun, length: number): SmallProblem {
  const { diagonal, offDiagonal } = run;
  const count = diagonal.length;
  const beyond = offDiagonal[count - 1]!;
  const entry = (i: number, j: number): number => {
    if (i === j) return diagonal[i]!;
    return Math.abs(i - j) === 1 ? offDiagonal[Math.min(i, j)]! : 0;
  };
  // A closed basis: H there is the symmetric T itself, whose eigenvalues keep their digits. Otherwise T has one row more
  // than columns, and TᵀT serves.
  const closed = beyond === 0;
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = Math.max(0, i - 2); j <= Math.min(count - 1, i + 2); j++) {
      if (closed) matrix[i * count + j] = entry(i, j);
      else {
        let sum = i === count - 1 && j === count - 1 ? beyond * beyond : 0;
        for (let row = 0; row < count; row++) sum += entry(row, i) * entry(row, j);
        matrix[i * count + j] = sum;
      }
    }
  }
  const { eigenvalues, eigenvectors } = eigh(Tensor.adopt(matrix, [count, count], "float64"));
  const values = Array.from(eigenvalues.data);
  const columns = eigenvectors.data;
  const vectors = values.map((_, j) => Array.from({ length: count }, (__, i) => columns[i * count + j]!));
  // Tᵀ·(length·e₁) along each vector.
  const coefficients = values.map((value, j) => {
    const [first = 0, second = 0] = vectors[j]!;
    return closed
      ? length * value * first
      : length * (entry(0, 0) * first + (count > 1 ? entry(0, 1) * second : 0));
  });
  const squares = values.map((value) => (closed ? value * value : Math.max(0, value)));
  return { run, squares, coefficients, vectors };
}

/** d = −(H² + μI)⁻¹·H·g within the basis. */
export function dampedStep({ run, squares, coefficients, vectors }: SmallProblem, damping: number): Vector {
  const weights = new Float64Array(run.diagonal.length);
  for (const [j, vector] of vectors.entries()) {
    const below = squares[j]! + damping;
    if (below === 0) continue;
    const factor = -coefficients[j]! / below;
    for (let i = 0; i < weights.length; i++) weights[i]! += factor * vector[i]!;
  }
  return run.basis.combine(weights);
}
