// Eigenvalues of a symmetric linear map that is known only by its products, such as a Hessian too large to write down.
import { noGrad } from "../autograd/tape.ts";
import { ConvergenceError, ShapeError, checkNumber, checkOptions, formatShape } from "../errors.ts";
import { eigh } from "../linalg/eigh.ts";
import { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import type { LinearMap } from "./curvature.ts";

export interface LanczosOptions {
  /** Most products to make. Default min(n, 200). */
  maxProducts?: number;
  /** Relative accuracy at which to stop. Default 1e-10. */
  tolerance?: number;
  /** Where the first vector comes from. Default: a generator of its own with seed 0. */
  generator?: Generator;
}

type Vector = Float64Array<ArrayBuffer>;

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** y ← y + factor·x. */
function addScaled(y: Vector, factor: number, x: Vector): void {
  for (let i = 0; i < y.length; i++) y[i]! += factor * x[i]!;
}

/** Divides by the length; false if that is nearly zero beside `scale`. */
function normalise(v: Vector, scale: number): boolean {
  const length = Math.sqrt(dot(v, v));
  if (!(length > 1e-13 * scale)) return false;
  for (let i = 0; i < v.length; i++) v[i]! /= length;
  return true;
}

/** Takes away all components along the (orthonormal) basis, twice, because once leaves rounding errors behind. */
function orthogonalise(v: Vector, basis: readonly Vector[]): void {
  for (let pass = 0; pass < 2; pass++) for (const q of basis) addScaled(v, -dot(v, q), q);
}

function product(multiply: LinearMap, v: Vector): Vector {
  const n = v.length;
  const out = multiply(Tensor.adopt(v.slice(), [n], "float64"));
  if (out.size !== n) {
    throw new ShapeError(
      `analysis: the linear map must give ${n} numbers for ${n} numbers, not ${formatShape(out.shape)}.`,
    );
  }
  return noGrad(() => out.to("float64")).data as Vector;
}

/** The results of a Lanczos run: Ritz values (ascending) and the vectors of the two extreme ones. */
interface Ritz {
  values: number[];
  smallest: Vector;
  largest: Vector;
  products: number;
}

/**
 * Lanczos' method with complete reorthogonalisation: builds an orthonormal basis of v, H·v, H²·v …; the eigenvalues of
 * the small tridiagonal matrix in that basis approach those of H, the extreme ones first (Golub and Van Loan, 10.1).
 */
function lanczos(multiply: LinearMap, n: number, options: LanczosOptions): Ritz {
  checkOptions("analysis.extremeEigenvalues", options, ["maxProducts", "tolerance", "generator"]);
  checkNumber("analysis.extremeEigenvalues", "n", n, { min: 1, whole: true });
  const { maxProducts = Math.min(n, 200), tolerance = 1e-10, generator = new Generator(0) } = options;
  checkNumber("analysis.extremeEigenvalues", "maxProducts", maxProducts, { min: 1, whole: true });
  const most = Math.min(n, maxProducts);
  const basis: Vector[] = [];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  const fresh = (): Vector => {
    const v = generator.normalArray(n);
    orthogonalise(v, basis);
    normalise(v, 0);
    return v;
  };
  let v = fresh();
  let scale = 0;
  for (;;) {
    basis.push(v);
    const w = product(multiply, v);
    const alpha = dot(w, v);
    if (!Number.isFinite(alpha)) {
      throw new ConvergenceError("analysis.extremeEigenvalues: the products contain NaN or Infinity.");
    }
    diagonal.push(alpha);
    orthogonalise(w, basis);
    const beta = Math.sqrt(dot(w, w));
    scale = Math.max(scale, Math.abs(alpha), beta);
    const k = basis.length;
    const done = k === most;
    if (done || k % 5 === 0 || beta <= 1e-12 * scale) {
      const ritz = ritzOf(diagonal, offDiagonal);
      // The last components of the small eigenvectors times β bound the errors.
      const error = beta * Math.max(Math.abs(ritz.lastSmallest), Math.abs(ritz.lastLargest));
      const settled = beta > 1e-12 * scale && error <= tolerance * scale;
      if (done || settled) {
        return {
          values: ritz.values,
          smallest: combine(basis, ritz.smallest),
          largest: combine(basis, ritz.largest),
          products: k,
        };
      }
    }
    if (beta <= 1e-12 * scale) {
      // The basis is closed under H: go on in a new direction, which may hold further eigenvalues.
      offDiagonal.push(0);
      v = fresh();
    } else {
      offDiagonal.push(beta);
      normalise(w, 0);
      v = w;
    }
  }
}

/** Eigenvalues of the tridiagonal matrix, and the two extreme eigenvectors in the basis. */
function ritzOf(diagonal: readonly number[], offDiagonal: readonly number[]) {
  const k = diagonal.length;
  const matrix = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    matrix[i * k + i] = diagonal[i]!;
    if (i + 1 < k) {
      matrix[i * k + i + 1] = offDiagonal[i]!;
      matrix[(i + 1) * k + i] = offDiagonal[i]!;
    }
  }
  const { eigenvalues, eigenvectors } = eigh(Tensor.adopt(matrix, [k, k], "float64"));
  const vectors = eigenvectors.data;
  const column = (j: number): number[] => Array.from({ length: k }, (_, i) => vectors[i * k + j]!);
  const [smallest, largest] = [column(0), column(k - 1)];
  return {
    values: Array.from(eigenvalues.data),
    smallest,
    largest,
    lastSmallest: smallest[k - 1]!,
    lastLargest: largest[k - 1]!,
  };
}

function combine(basis: readonly Vector[], weights: readonly number[]): Vector {
  const out = new Float64Array(basis[0]!.length);
  for (let i = 0; i < basis.length; i++) addScaled(out, weights[i]!, basis[i]!);
  return out;
}

/**
 * The smallest and the largest eigenvalue of a symmetric map v ↦ H·v on n numbers, by Lanczos' method from products only.
 *
 *     const [low, high] = analysis.extremeEigenvalues(analysis.hessianProduct(f, x), x.size);
 *
 * Reliable when the extreme eigenvalues stand out from the rest or n ≤ maxProducts, when it is exact up to rounding.
 */
export function extremeEigenvalues(
  multiply: LinearMap,
  n: number,
  options: LanczosOptions = {},
): [smallest: number, largest: number] {
  const { values } = lanczos(multiply, n, options);
  return [values[0]!, values[values.length - 1]!];
}

/** An eigenvalue with its eigenvector of length 1, (n,) float64. */
export interface Eigenpair {
  value: number;
  vector: Tensor;
}

/** As extremeEigenvalues, with the eigenvectors: the directions of least and of greatest curvature. */
export function extremeEigenpairs(
  multiply: LinearMap,
  n: number,
  options: LanczosOptions = {},
): { smallest: Eigenpair; largest: Eigenpair; products: number } {
  const { values, smallest, largest, products } = lanczos(multiply, n, options);
  return {
    smallest: { value: values[0]!, vector: Tensor.adopt(smallest, [n], "float64") },
    largest: { value: values[values.length - 1]!, vector: Tensor.adopt(largest, [n], "float64") },
    products,
  };
}

/** When a power iteration ends, and where it begins. */
export interface PowerIterationOptions {
  /** Most products to make. Default 1000. */
  maxProducts?: number;
  /** Stop when the estimate changes by less than this share. Default 1e-10. */
  tolerance?: number;
  /** Find the eigenvalue of H − shift·I of largest size, and add shift again. Default 0. */
  shift?: number;
  generator?: Generator;
}

/**
 * The eigenvalue of largest *size* by repeated products: v ← H·v/‖H·v‖, estimate v·H·v. Simple and slow: the error shrinks
 * by |λ₂/λ₁| each product. `estimates` has the estimate after each product.
 */
export function powerIteration(
  multiply: LinearMap,
  n: number,
  options: PowerIterationOptions = {},
): Eigenpair & { estimates: number[] } {
  checkOptions("analysis.powerIteration", options, ["maxProducts", "tolerance", "shift", "generator"]);
  checkNumber("analysis.powerIteration", "n", n, { min: 1, whole: true });
  const { maxProducts = 1000, tolerance = 1e-10, shift = 0, generator = new Generator(0) } = options;
  let v = generator.normalArray(n);
  normalise(v, 0);
  const estimates: number[] = [];
  for (let k = 0; k < maxProducts; k++) {
    const w = product(multiply, v);
    addScaled(w, -shift, v);
    const estimate = dot(v, w) + shift;
    estimates.push(estimate);
    // A product of zero: v is an eigenvector of the eigenvalue `shift`.
    if (!normalise(w, 1e-300)) break;
    v = w;
    const previous = estimates.at(-2);
    if (previous !== undefined && Math.abs(estimate - previous) <= tolerance * Math.abs(estimate - shift))
      break;
  }
  return { value: estimates[estimates.length - 1]!, vector: Tensor.adopt(v, [n], "float64"), estimates };
}
