// Second derivatives: the Hessian, its product with a vector, and what the two say about a critical point.
import { grad } from "../autograd/backward.ts";
import { noGrad } from "../autograd/tape.ts";
import { checkTensor } from "../check.ts";
import { ShapeError, ValueError, checkNumber, checkOptions, describe, formatShape } from "../errors.ts";
import { eigvalsh } from "../linalg/eigh.ts";
import { Tensor } from "../tensor.ts";
import { differentiable, gradientNorm, type ScalarFunction } from "./function.ts";

/** A linear map from vectors of n numbers to vectors of n numbers. */
export type LinearMap = (v: Tensor) => Tensor;

/**
 * v ↦ H·v for the Hessian H of f at x. The graph of the gradient is built once; every product then costs one more
 * backward pass through it (Pearlmutter, 1994) and never forms H. With an f of `ofModel` it is quickest.
 *
 * The second derivative of ReLU is zero everywhere, so for ReLU networks H holds what the loss bends, not the kinks.
 * @param v, and the product, have as many numbers as x
 */
export function hessianProduct(f: ScalarFunction, x: Tensor): LinearMap {
  const owner = "analysis.hvp";
  const { leaves, loss, split, join } = differentiable(owner, f, x);
  const slopes = grad(loss, leaves, { createGraph: true, allowUnused: leaves.length > 1 });
  // A gradient without a graph is constant: there f is linear, and its part of H is zero.
  const bent = slopes.flatMap((slope, i) => (slope.requiresGrad ? [i] : []));
  const outputs = bent.map((i) => slopes[i]!);
  return (v) => {
    if (!(v instanceof Tensor)) {
      throw new ValueError(
        `${owner}: the vector must be a tensor, not ${describe(v)}. Wrap arrays in tensor(…).`,
      );
    }
    if (v.size !== x.size) {
      throw new ShapeError(
        `${owner}: the vector ${formatShape(v.shape)} must have as many numbers as the point ${formatShape(x.shape)}.`,
      );
    }
    if (bent.length === 0) return Tensor.full(v.shape, 0, leaves[0]!.dtype);
    const parts = split(v);
    const gradOutputs = bent.map((i) => parts[i]!);
    return join(grad(outputs, leaves, { gradOutputs, retainGraph: true, allowUnused: true })).reshape(
      v.shape,
    );
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

/** The eigenvalues of the Hessian of f at x, ascending. */
export function hessianEigenvalues(f: ScalarFunction, x: Tensor): number[] {
  return noGrad(() => {
    // Where all of H is near zero, rounding may leave little of its symmetry, which eigvalsh would refuse.
    const H = hessian(f, x).to("float64");
    return Array.from(eigvalsh(H.add(H.T).div(2)).data);
  });
}

/** The share of eigenvalues above zero (lectures: minimum ratio), from 0 at a maximum to 1 at a minimum. */
export function minimumRatio(eigenvalues: Tensor | ArrayLike<number>): number {
  const given: unknown = eigenvalues instanceof Tensor ? eigenvalues.data : eigenvalues;
  if (typeof given !== "object" || given === null || !("length" in given)) {
    throw new ValueError(
      `analysis.minimumRatio: needs eigenvalues in a tensor or an array, not ${describe(eigenvalues)}.`,
    );
  }
  const values = Array.from(given as ArrayLike<number>);
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
  checkTensor("analysis.classifyCriticalPoint", "the point", x);
  checkOptions("analysis.classifyCriticalPoint", options, ["gradientTolerance", "eigenvalueTolerance"]);
  const { gradientTolerance = 1e-6, eigenvalueTolerance = x.dtype === "float64" ? 1e-9 : 1e-4 } = options;
  checkNumber("analysis.classifyCriticalPoint", "gradientTolerance", gradientTolerance, { min: 0 });
  checkNumber("analysis.classifyCriticalPoint", "eigenvalueTolerance", eigenvalueTolerance, { min: 0 });
  const length = gradientNorm(f, x);
  const eigenvalues = hessianEigenvalues(f, x);
  return {
    kind: kindOf(length <= gradientTolerance, eigenvalues, eigenvalueTolerance),
    gradientNorm: length,
    eigenvalues,
    minimumRatio: minimumRatio(eigenvalues),
  };
}

/** What the signs of the eigenvalues say; `tolerance` is a share of the largest. */
export function kindOf(
  critical: boolean,
  eigenvalues: readonly number[],
  tolerance: number,
): CriticalPointKind {
  if (!critical) return "not critical";
  const zero = tolerance * eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const positive = eigenvalues.filter((value) => value > zero).length;
  const negative = eigenvalues.filter((value) => value < -zero).length;
  if (positive > 0 && negative > 0) return "saddle";
  if (positive === eigenvalues.length) return "minimum";
  return negative === eigenvalues.length ? "maximum" : "inconclusive";
}
