// Determinants, inverses, linear equations and factorisations of small matrices or stacks of them (…, n, n). Computed in
// float64, rounded once to the type of the argument, and differentiable twice.
import { record } from "../autograd/tape.ts";
import { checkFloat, checkTensor } from "../check.ts";
import { GradientError, ShapeError, ValueError, formatShape } from "../errors.ts";
import { add, mul, neg } from "../ops/elementwise.ts";
import { cat, expand, reshape, slice, transpose } from "../ops/layout.ts";
import { matmul } from "../ops/matmul.ts";
import { tril } from "../ops/rearrange.ts";
import { broadcastShapes, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { factorCholesky, factorLU, factorQR, solveFactored, type Factored } from "./factor.ts";

type Numbers = Float64Array<ArrayBuffer>;

/** Refuses what is no matrix of numbers, or no square one. */
export function checkMatrix(owner: string, a: Tensor, square: boolean): void {
  checkTensor(owner, "the matrix", a);
  checkFloat(owner, a);
  if (a.rank < 2 || (square && a.shape.at(-1) !== a.shape.at(-2))) {
    throw new ShapeError(
      `${owner}: needs a ${square ? "square " : ""}matrix or a stack of them, not ${formatShape(a.shape)}.`,
    );
  }
}

/** The matrices of a stack one by one, in float64. */
function matricesOf(a: Tensor): Numbers[] {
  const values = Float64Array.from(a.data);
  const size = a.shape.at(-1)! * a.shape.at(-2)!;
  return Array.from({ length: sizeOf(a.shape.slice(0, -2)) }, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  );
}

/** The results of a stack side by side, in the type of x. */
function joined(parts: readonly Numbers[], shape: Shape, x: Tensor): Tensor {
  const values = new Float64Array(sizeOf(shape));
  let start = 0;
  for (const part of parts) {
    values.set(part, start);
    start += part.length;
  }
  return Tensor.adopt(values, shape, "float64").to(x.dtype);
}

function factored(owner: string, matrix: Numbers, n: number): Factored {
  const factors = factorLU(matrix, n);
  if (factors.sign !== 0) return factors;
  throw new ValueError(`${owner}: the matrix (${n}, ${n}) is singular: its determinant is 0.`);
}

function identity(n: number): Numbers {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * (n + 1)] = 1;
  return out;
}

/** A⁻¹ of square matrices (…, n, n). ∂/∂A = −A⁻ᵀ·g·A⁻ᵀ. @throws ValueError if a matrix is singular */
export function inv(a: Tensor): Tensor {
  checkMatrix("linalg.inv", a, true);
  const n = a.shape.at(-1)!;
  const parts = matricesOf(a).map((matrix) =>
    solveFactored(factored("linalg.inv", matrix, n), identity(n), n, n),
  );
  const out = joined(parts, a.shape, a);
  return record(
    "inv",
    out,
    [a],
    [out],
    [
      (g) => {
        const turned = transpose(out);
        return neg(matmul(matmul(turned, g), turned));
      },
    ],
  );
}

/**
 * X with A·X = B for square A (…, n, n) and B (…, n, m) or a vector (n,). ∂/∂B = A⁻ᵀ·g, ∂/∂A = −(∂/∂B)·Xᵀ.
 * More exact than inv(A)·B. @throws ValueError if a matrix is singular
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  const owner = "linalg.solve";
  checkMatrix(owner, a, true);
  checkTensor(owner, "the right side", b);
  const n = a.shape.at(-1)!;
  if (b.dtype !== a.dtype || b.rank === 0 || b.shape[b.rank === 1 ? 0 : b.rank - 2] !== n) {
    throw new ShapeError(
      `${owner}: A is ${a.dtype} ${formatShape(a.shape)}, B ${b.dtype} ${formatShape(b.shape)}: B must be of the same type and (${n}, m) or (${n},).`,
    );
  }
  if (b.rank === 1) {
    const x = solve(a, reshape(b, [n, 1]));
    return reshape(x, x.shape.slice(0, -1));
  }
  const m = b.shape.at(-1)!;
  const stack = broadcastShapes(owner, a.shape.slice(0, -2), b.shape.slice(0, -2));
  return solveStack(expand(a, [...stack, n, n]), expand(b, [...stack, n, m]));
}

function solveStack(a: Tensor, b: Tensor): Tensor {
  const [n, m] = b.shape.slice(-2) as [number, number];
  const sides = matricesOf(b);
  const parts = matricesOf(a).map((matrix, i) =>
    solveFactored(factored("linalg.solve", matrix, n), sides[i]!, n, m),
  );
  const out = joined(parts, b.shape, a);
  return record(
    "solve",
    out,
    [a, b],
    [a, out],
    [(g) => neg(matmul(solveStack(transpose(a), g), transpose(out))), (g) => solveStack(transpose(a), g)],
  );
}

/**
 * The determinant of square matrices: (…, n, n) → (…). ∂/∂A = g·cofactors of A, which is g·det A·A⁻ᵀ where A is regular.
 */
export function det(a: Tensor): Tensor {
  checkMatrix("linalg.det", a, true);
  const n = a.shape.at(-1)!;
  const parts = matricesOf(a).map((matrix) => {
    const { lu, sign } = factorLU(matrix, n);
    let product: number = sign;
    for (let i = 0; i < n; i++) product *= lu[i * (n + 1)]!;
    return Float64Array.of(product);
  });
  const out = joined(parts, a.shape.slice(0, -2), a);
  const scaled = (g: Tensor, by: Tensor) => mul(reshape(g, [...g.shape, 1, 1]), by);
  return record(
    "det",
    out,
    [a],
    [a],
    [
      (g) =>
        parts.some(([value]) => value === 0)
          ? scaled(g, cofactors(a))
          : scaled(mul(g, det(a)), transpose(inv(a))),
    ],
  );
}

/** (−1)^(i+j)·(the determinant without row i and column j), right also for singular matrices. */
function cofactors(a: Tensor): Tensor {
  const n = a.shape.at(-1)!;
  const without = (x: Tensor, dim: number, i: number) =>
    cat([slice(x, dim, 0, i), slice(x, dim, i + 1)], dim);
  const entries: Tensor[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const minor = det(without(without(a, -2, i), -1, j));
      entries.push(reshape((i + j) % 2 === 0 ? minor : neg(minor), [...minor.shape, 1]));
    }
  }
  return reshape(cat(entries, -1), a.shape);
}

/**
 * The lower triangular L with A = L·Lᵀ of symmetric positive definite matrices (…, n, n), from their lower triangle.
 * The gradient is that of a symmetric A (Murray, "Differentiation of the Cholesky decomposition", 2016).
 * @throws ValueError if a matrix is not positive definite
 */
export function cholesky(a: Tensor): Tensor {
  checkMatrix("linalg.cholesky", a, true);
  const n = a.shape.at(-1)!;
  const parts = matricesOf(a).map((matrix) => {
    const l = factorCholesky(matrix, n);
    if (l !== null) return l;
    throw new ValueError(`linalg.cholesky: the matrix (${n}, ${n}) is not positive definite.`);
  });
  const out = joined(parts, a.shape, a);
  return record(
    "cholesky",
    out,
    [a],
    [out],
    [
      (g) => {
        // S = L⁻ᵀ·Φ(Lᵀ·g)·L⁻¹, where Φ keeps the lower triangle and half of the diagonal.
        const turned = transpose(out);
        const product = matmul(turned, g);
        const phi = mul(add(tril(product), tril(product, -1)), 0.5);
        const half = transpose(solveStack(turned, transpose(solveStack(turned, phi))));
        return mul(add(half, transpose(half)), 0.5);
      },
    ],
  );
}

/**
 * Q with orthonormal columns and upper triangular R, A = Q·R, of matrices (…, m, n): Q (…, m, k), R (…, k, n) with
 * k = min(m, n). Differentiable for m ≥ n (Walter and Lehmann, 2012).
 */
export function qr(a: Tensor): { Q: Tensor; R: Tensor } {
  checkMatrix("linalg.qr", a, false);
  const [m, n] = a.shape.slice(-2) as [number, number];
  const k = Math.min(m, n);
  const parts = matricesOf(a).map((matrix) => factorQR(matrix, m, n));
  const stack = a.shape.slice(0, -2);
  const q = joined(
    parts.map((part) => part.q),
    [...stack, m, k],
    a,
  );
  const r = joined(
    parts.map((part) => part.r),
    [...stack, k, n],
    a,
  );
  /** (gQ + Q·(the lower triangle of M, mirrored))·R⁻ᵀ with M = R·gRᵀ − gQᵀ·Q, one of gQ and gR being 0. */
  const product = (direct: Tensor | null, inner: Tensor): Tensor => {
    if (m < n) {
      throw new GradientError(
        `linalg.qr: only matrices with m ≥ n have a gradient here, not ${formatShape(a.shape)}.`,
      );
    }
    const mirrored = add(tril(inner), transpose(tril(inner, -1)));
    const along = matmul(q, mirrored);
    const total = direct === null ? along : add(direct, along);
    return transpose(solveStack(r, transpose(total)));
  };
  return {
    Q: record("qr", q, [a], [q, r], [(g) => product(g, neg(matmul(transpose(g), q)))]),
    R: record("qr", r, [a], [q, r], [(g) => product(null, matmul(r, transpose(g)))]),
  };
}
