// Second derivatives: the Hessian, its product with a vector, and what the two say about a critical point.
import { grad } from "../autograd/backward.ts";
import { noGrad } from "../autograd/tape.ts";
import { ShapeError, checkNumber, checkOptions, formatShape } from "../errors.ts";
import { eigvalsh } from "../linalg/eigh.ts";
import { Tensor } from "../tensor.ts";
import { evaluate, gradientNorm, leafAt, type ScalarFunction } from "./function.ts";

/** A linear map from vectors of n numbers to vectors of n numbers. */
export type LinearMap = (v: Tensor) => Tensor;

/**
 * v ↦ H·v for the Hessian H of f at x. The graph of the gradient is built once; every product then costs one more
 * backward pass through it (Pearlmutter, 1994) and never forms H.
 * @param v, and the product, have the shape of x
 */
export function hessianProduct(f: ScalarFunction, x: Tensor): LinearMap {
  const leaf = leafAt("analysis.hvp", x);
  const [slope] = grad(evaluate("analysis.hvp", f, leaf), [leaf], { createGraph: true });
  return (v) => {
    if (v.size !== leaf.size) {
      throw new ShapeError(
        `analysis.hvp: the vector ${formatShape(v.shape)} must have as many numbers as the point ${formatShape(leaf.shape)}.`,
      );
    }
    // A gradient without a graph is constant: f is linear, and H is zero.
    if (!slope!.requiresGrad) return Tensor.full(v.shape, 0, leaf.dtype);
    const gradOutputs = v.detach().to(leaf.dtype).reshape(leaf.shape);
    const [product] = grad(slope!, [leaf], { gradOutputs, retainGraph: true, allowUnused: true });
    return product!.reshape(v.shape);
  };
}

/** H·v for the Hessian H of f at x; for many products at one point use hessianProduct. */
export function hvp(f: ScalarFunction, x: Tensor, v: Tensor): Tensor {
  return hessianProduct(f, x)(v);
}

/**
 * The Hessian of f at x: entry (i, j) is ∂²f/∂xᵢ∂xⱼ, (n, n) for the n numbers of x in row-major order.
 * Costs n backward passes. Symmetric up to rounding; eigh uses its symmetric part.
 */
export function hessian(f: ScalarFunction, x: Tensor): Tensor {
  const multiply = hessianProduct(f, x);
  const n = x.size;
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const unit = new Float64Array(n);
    unit[i] = 1;
    values.set(multiply(Tensor.adopt(unit, [n], "float64")).data, i * n);
  }
  return noGrad(() =>
    Tensor.adopt(values, [n, n], "float64").to(x.dtype === "float64" ? "float64" : "float32"),
  );
}

/** The share of eigenvalues above zero (lectures: minimum ratio), from 0 at a maximum to 1 at a minimum. */
export function minimumRatio(eigenvalues: Tensor | ArrayLike<number>): number {
  const values = Array.from(eigenvalues instanceof Tensor ? eigenvalues.data : eigenvalues);
  return values.length === 0 ? 1 : values.filter((value) => value > 0).length / values.length;
}

/** What a point is; "inconclusive" where an eigenvalue is too near to 0 to tell. */
export type CriticalPointKind = "minimum" | "maximum" | "saddle" | "inconclusive" | "not critical";

/** What classifyCriticalPoint finds. */
export interface CriticalPoint {
  /** What the signs of the eigenvalues say. */
  kind: CriticalPointKind;
  gradientNorm: number;
  /** Ascending. */
  eigenvalues: number[];
  /** Share of positive eigenvalues. */
  minimumRatio: number;
}

/**
 * What kind of point x is: the gradient must vanish; then all eigenvalues of the Hessian positive means a minimum, all
 * negative a maximum, both signs a saddle. With an eigenvalue of (nearly) zero and no two signs the second derivatives
 * decide nothing: "inconclusive".
 * @param options gradientTolerance: up to this length the gradient counts as zero (default 1e-6);
 *   eigenvalueTolerance: up to this share of the largest an eigenvalue counts as zero (default 1e-9 in float64, 1e-4 in float32)
 */
export function classifyCriticalPoint(
  f: ScalarFunction,
  x: Tensor,
  options: { gradientTolerance?: number; eigenvalueTolerance?: number } = {},
): CriticalPoint {
  checkOptions("analysis.classifyCriticalPoint", options, ["gradientTolerance", "eigenvalueTolerance"]);
  const { gradientTolerance = 1e-6, eigenvalueTolerance = x.dtype === "float64" ? 1e-9 : 1e-4 } = options;
  checkNumber("analysis.classifyCriticalPoint", "gradientTolerance", gradientTolerance, { min: 0 });
  checkNumber("analysis.classifyCriticalPoint", "eigenvalueTolerance", eigenvalueTolerance, { min: 0 });
  const length = gradientNorm(f, x);
  const eigenvalues = Array.from(eigvalsh(hessian(f, x)).data);
  const zero = eigenvalueTolerance * Math.max(...eigenvalues.map(Math.abs));
  const positive = eigenvalues.filter((value) => value > zero).length;
  const negative = eigenvalues.filter((value) => value < -zero).length;
  return {
    kind: kindOf(length <= gradientTolerance, positive, negative, eigenvalues.length),
    gradientNorm: length,
    eigenvalues,
    minimumRatio: minimumRatio(eigenvalues),
  };
}

function kindOf(critical: boolean, positive: number, negative: number, count: number): CriticalPointKind {
  if (!critical) return "not critical";
  if (positive > 0 && negative > 0) return "saddle";
  if (positive === count) return "minimum";
  if (negative === count) return "maximum";
  return "inconclusive";
}
