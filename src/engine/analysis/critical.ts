// The search for critical points of any kind: not down the surface, but down the length of its gradient.
import { noGrad } from "../autograd/tape.ts";
import { isFloat } from "../dtype.ts";
import { ValueError, checkNumber, checkOptions } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { Vector } from "./basis.ts";
import { hessianEigenvalues, hessianProduct, kindOf, minimumRatio, type CriticalPoint } from "./curvature.ts";
import { spectralDensity } from "./density.ts";
import { checkFlag, checkFunction, checkPoint, valueAndGradient, type ScalarFunction } from "./function.ts";
import { dampedStep, smallProblem } from "./damped-step.ts";
import { krylov } from "./lanczos.ts";
import { extremeEigenvalues } from "./spectrum.ts";

/** Up to this many numbers all eigenvalues at the point found are computed, unless told otherwise. */
const ALL_EIGENVALUES = 500;
/** The search gives up when the gradient has not become shorter by this share in so many steps. */
const STALL_SHARE = 1e-3;
const STALL_STEPS = 40;
/** A gradient below its tolerance may take this many more steps until the Newton step is short too. */
const PATIENCE = 20;
/** A gradient counts as (nearly) in the kernel of H up to this flatness. */
const FLAT = 0.1;

/** When a search for a critical point ends, and how it looks at where it ended. */
export interface CriticalPointOptions {
  /** Up to this length the gradient counts as zero. Default 1e-9 in float64, 1e-5 in float32. */
  gradientTolerance?: number;
  /** The Newton step left at the point must not be longer than this times (1 + ‖x‖). Default 1e-3. */
  stepTolerance?: number;
  /** Up to this share of the largest an eigenvalue counts as zero. Default 1e-9 in float64, 1e-4 in float32. */
  eigenvalueTolerance?: number;
  /** Most steps. Default 400. */
  maxSteps?: number;
  /** Most Hessian-vector products for a step. Default min(n, 50). */
  basisSize?: number;
  /** Compute all eigenvalues at the end (n products), not only the two ends. Default: if n ≤ 500. */
  allEigenvalues?: boolean;
}

/** What findCriticalPoint finds. */
export interface CriticalPointSearch extends CriticalPoint {
  /**
   * "critical": the gradient is zero within the tolerance, and the point that it becomes zero at is near.
   * "gradient-flat": the search ended where the gradient is not zero but lies (nearly) in the kernel of the Hessian, so
   * that no step shortens it; this is not a critical point.
   * "not converged": neither; maxSteps reached, or a gradient that vanishes only at infinity, as that of e⁻ˣ does.
   */
  outcome: "critical" | "gradient-flat" | "not converged";
  /** Where it ended, of the shape of the start. */
  point: Tensor;
  /** f there. */
  loss: number;
  /** ‖H·g‖/(‖H‖·‖g‖) there, between 0 and 1. Near 0 away from a critical point, the place is gradient-flat. */
  flatness: number;
  /** Length of the (slightly damped) Newton step there: about how far away the critical point is. */
  newtonStep: number;
  /** The gradient's length at the start and after each step that helped. */
  gradientNorms: number[];
  /** Hessian-vector products used by the search. */
  products: number;
}

/**
 * Looks for a critical point of f, of any kind, near a start: minimises ½‖∇f‖² by Levenberg and Marquardt's method with
 * steps d = −(H² + μI)⁻¹·H·g, where μ falls after a step that helped and rises after one that did not. The steps are found
 * from Hessian-vector products alone, in the Krylov space of g, where one basis serves every μ.
 *
 *     const found = analysis.findCriticalPoint(f, tensor([0.3, -0.2], { dtype: "float64" }));
 *     found.kind; // "saddle"
 *
 * Such searches often end in places that are no critical points (Frye et al., 2021, "Critical point-finding methods reveal
 * gradient-flat regions of deep network losses"): always look at `outcome`. Then `kind` is "not critical".
 *
 * For large n (or allEigenvalues false) `eigenvalues` holds the smallest and the largest only, and `minimumRatio` is an
 * estimate from random vectors.
 */
export function findCriticalPoint(
  f: ScalarFunction,
  start: Tensor,
  options: CriticalPointOptions = {},
): CriticalPointSearch {
  const owner = "analysis.findCriticalPoint";
  checkFunction(owner, f);
  checkPoint(owner, start);
  checkOptions(owner, options, [
    "gradientTolerance",
    "stepTolerance",
    "eigenvalueTolerance",
    "maxSteps",
    "basisSize",
    "allEigenvalues",
  ]);
  const double = start.dtype === "float64";
  const n = start.size;
  const {
    gradientTolerance = double ? 1e-9 : 1e-5,
    stepTolerance = 1e-3,
    eigenvalueTolerance = double ? 1e-9 : 1e-4,
    maxSteps = 400,
    basisSize = Math.min(n, 50),
    allEigenvalues = n <= ALL_EIGENVALUES,
  } = options;
  checkNumber(owner, "gradientTolerance", gradientTolerance, { min: 0 });
  checkNumber(owner, "stepTolerance", stepTolerance, { min: 0 });
  checkNumber(owner, "eigenvalueTolerance", eigenvalueTolerance, { min: 0 });
  checkNumber(owner, "maxSteps", maxSteps, { min: 0, whole: true });
  checkNumber(owner, "basisSize", basisSize, { min: 1, whole: true });
  checkFlag(owner, "allEigenvalues", allEigenvalues);

  let place = isFloat(start.dtype) ? start.detach().clone() : start.to("float32");
  const lookAt = (x: Tensor) => {
    const { value, gradient } = valueAndGradient(owner, f, x);
    const slope = Vector.of(gradient.to("float64"));
    return { value, slope, size: slope.norm() };
  };
  let here = lookAt(place);
  if (!Number.isFinite(here.size) || !Number.isFinite(here.value)) {
    throw new ValueError(`${owner}: f or its gradient is not finite at the start.`);
  }
  const moved = (step: Vector): Tensor =>
    noGrad(() => place.add(step.toTensor().to(place.dtype).reshape(place.shape)));
  const gradientNorms = [here.size];
  let products = 0;
  /** μ as a share of the largest squared singular value. */
  let damping = 1e-3;
  /** ‖H·g‖/‖g‖. */
  let bend = 0;
  /** The largest singular value of H met in the Krylov space. */
  let curvature = 0;
  let newtonStep = 0;
  /** 1 + ‖x‖: a step longer than this leads out of where the quadratic model can be trusted. */
  let reach = 1;
  let critical = false;
  let stalled = 0;
  let stuck = false;
  let waiting = 0;
  for (let step = 0; ; step++) {
    if (here.size === 0) {
      critical = true;
      newtonStep = 0;
      break;
    }
    const run = krylov(owner, hessianProduct(f, place), Vector.of(here.slope.toTensor()), basisSize);
    products += run.diagonal.length;
    const problem = smallProblem(run, here.size);
    const largest = problem.squares.reduce((most, square) => Math.max(most, square), 0);
    curvature = Math.sqrt(largest);
    bend = Math.sqrt(run.diagonal[0]! * run.diagonal[0]! + run.offDiagonal[0]! * run.offDiagonal[0]!);
    newtonStep = dampedStep(problem, 1e-14 * largest).norm();
    reach = 1 + noGrad(() => place.to("float64").norm().item());
    const short = here.size <= gradientTolerance;
    critical = short && newtonStep <= stepTolerance * reach;
    stuck = stalled >= STALL_STEPS || largest === 0;
    if (short) waiting++;
    if (critical || stuck || step >= maxSteps || waiting > PATIENCE) {
      run.basis.free();
      break;
    }
    // With this basis, try ever shorter steps until one helps.
    let next: ReturnType<typeof lookAt> | null = null;
    let tried = place;
    for (let attempt = 0; attempt < 40; attempt++) {
      tried = moved(dampedStep(problem, damping * largest));
      const there = lookAt(tried);
      if (there.size < here.size) {
        next = there;
        break;
      }
      damping = Math.min(damping * 4, 1e12);
    }
    run.basis.free();
    // Rounding is all that is left of the slope of ‖g‖: this is as far as it goes.
    if (next === null) {
      stuck = true;
      break;
    }
    stalled = next.size > (1 - STALL_SHARE) * here.size ? stalled + 1 : 0;
    place = tried;
    here = next;
    gradientNorms.push(here.size);
    damping = Math.max(damping / (stalled > 0 ? 3 : 10), 1e-16);
  }
  const ends = atTheEnd(owner, f, place, allEigenvalues);
  const norm = Math.max(curvature, ...ends.eigenvalues.map(Math.abs));
  const flat = here.size === 0 || norm === 0 ? 0 : Math.min(1, bend / norm);
  const gradientFlat = here.size > gradientTolerance && (flat <= FLAT || (stuck && newtonStep > reach));
  return {
    kind: kindOf(critical, ends.eigenvalues, eigenvalueTolerance),
    outcome: critical ? "critical" : gradientFlat ? "gradient-flat" : "not converged",
    point: place,
    loss: here.value,
    gradientNorm: here.size,
    ...ends,
    flatness: flat,
    newtonStep,
    gradientNorms,
    products,
  };
}

/** All eigenvalues at a point, or the two ends and an estimate of the share of positive ones. */
function atTheEnd(
  owner: string,
  f: ScalarFunction,
  x: Tensor,
  all: boolean,
): { eigenvalues: number[]; minimumRatio: number } {
  if (all) {
    const eigenvalues = hessianEigenvalues(f, x);
    return { eigenvalues, minimumRatio: minimumRatio(eigenvalues) };
  }
  const multiply = hessianProduct(f, x);
  const eigenvalues = extremeEigenvalues(multiply, x.size, { tolerance: 1e-4 });
  const { nodes, weights } = spectralDensity(multiply, x.size);
  let positive = 0;
  for (const [i, node] of nodes.entries()) if (node > 0) positive += weights[i]!;
  return { eigenvalues, minimumRatio: positive };
}
