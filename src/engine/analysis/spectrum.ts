// Eigenvalues of a symmetric linear map that is known only by its products, such as a Hessian too large to write down.
import { ConvergenceError, OptionError, checkNumber, checkOptions, describe } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import { Vector } from "./basis.ts";
import type { LinearMap } from "./curvature.ts";
import { checkMap, generatorOf, lanczos, product, type RitzPairs, type SpectrumEnd } from "./lanczos.ts";

/** How Lanczos' method runs, and when it ends. */
export interface LanczosOptions {
  /**
   * Most products to make. Given: it stops there and returns the best it has. Left out: as many as the tolerance takes,
   * and a ConvergenceError after 1000, or after min(10·n, 10000) if that is more.
   */
  maxProducts?: number;
  /** Bound for ‖H·v − λ·v‖, as a share of the largest |λ|. The error of λ itself is about its square. Default 1e-10. */
  tolerance?: number;
  /**
   * Vectors kept at a time; memory is 8·n·basisSize bytes. A larger basis needs fewer products.
   * Default min(n, max(60, 2k + 20)), fewer where that would take more than 128 MB.
   */
  basisSize?: number;
  /** Where the first vector comes from. Default: a generator of its own with seed 0. */
  generator?: Generator;
}

const lanczosOptions = ["maxProducts", "tolerance", "basisSize", "generator"] as const;

function defaultBasisSize(n: number, k: number): number {
  const affordable = Math.floor((128 * 1024 * 1024) / (8 * n));
  return Math.min(n, Math.max(2 * k + 10, Math.min(affordable, Math.max(60, 2 * k + 20))));
}

function runLanczos(
  owner: string,
  multiply: LinearMap,
  n: number,
  k: number,
  which: SpectrumEnd,
  options: LanczosOptions,
): RitzPairs {
  checkMap(owner, multiply);
  checkNumber(owner, "n", n, { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true });
  const { tolerance = 1e-10, maxProducts, basisSize = defaultBasisSize(n, k) } = options;
  if (maxProducts !== undefined) checkNumber(owner, "maxProducts", maxProducts, { min: 1, whole: true });
  checkNumber(owner, "tolerance", tolerance, { min: 0 });
  checkNumber(owner, "basisSize", basisSize, { min: Math.min(n, k + 2), whole: true });
  const most = maxProducts ?? Math.max(1000, Math.min(10 * n, 10_000));
  const pairs = lanczos(multiply, n, {
    owner,
    k,
    which,
    basisSize: Math.min(n, basisSize),
    maxProducts: most,
    tolerance,
    generator: generatorOf(owner, options.generator),
  });
  if (!pairs.converged && maxProducts === undefined) {
    throw new ConvergenceError(
      `${owner}: after ${most} products the residuals are up to ${Math.max(...pairs.residuals).toExponential(1)}. Loosen the tolerance (1e-4 is enough for a picture), enlarge basisSize, or give maxProducts to take the best there is.`,
    );
  }
  return pairs;
}

/**
 * The smallest and the largest eigenvalue of a symmetric map v ↦ H·v on n numbers, by Lanczos' method from products only.
 *
 *     const [low, high] = analysis.extremeEigenvalues(analysis.hessianProduct(f, x), x.size);
 *
 * Quick when the extreme eigenvalues stand out from the rest; exact up to rounding after n products at the latest if
 * n ≤ basisSize.
 * @throws ConvergenceError if they do not settle and no maxProducts was given, or a product contains NaN
 */
export function extremeEigenvalues(
  multiply: LinearMap,
  n: number,
  options: LanczosOptions = {},
): [smallest: number, largest: number] {
  const { values } = bothEnds("analysis.extremeEigenvalues", multiply, n, options);
  return [values[0]!, values[values.length - 1]!];
}

function bothEnds(owner: string, multiply: LinearMap, n: number, options: LanczosOptions): RitzPairs {
  checkOptions(owner, options, lanczosOptions);
  return runLanczos(owner, multiply, n, 2, "BE", options);
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
  const { values, vectors, products } = bothEnds("analysis.extremeEigenpairs", multiply, n, options);
  const pair = (i: number): Eigenpair => ({ value: values[i]!, vector: vectors[i]!.toTensor() });
  return { smallest: pair(0), largest: pair(values.length - 1), products };
}

/** Which eigenpairs, and how to look for them. */
export interface EigenpairsOptions extends LanczosOptions {
  /** How many pairs. Default 1. */
  k?: number;
  /** "LA": the largest (default); "SA": the smallest (most negative); "LM": the largest in size. */
  which?: "LA" | "SA" | "LM";
}

/** What `eigenpairs` found; everything in the order of `which`: the most wanted first. */
export interface Eigenpairs {
  /** (k,), float64. */
  eigenvalues: Tensor;
  /** (n, k), float64: column i belongs to eigenvalue i; columns are orthonormal. */
  eigenvectors: Tensor;
  /** Bounds for ‖H·v − λ·v‖. */
  residuals: number[];
  /** Products made. */
  products: number;
  /** Did all residuals come down to the tolerance? False only if maxProducts was given. */
  converged: boolean;
}

/**
 * The k top eigenvalues of a symmetric map v ↦ H·v on n numbers, with eigenvectors, from products only: Lanczos' method
 * with thick restart (Wu and Simon, 2000) and complete reorthogonalisation, in float64 and bounded memory.
 *
 *     const { eigenvalues } = analysis.eigenpairs(analysis.hessianProduct(f, x), x.size, { k: 5 });
 *
 * An eigenvalue that occurs several times is found several times.
 * @throws ConvergenceError if they do not settle and no maxProducts was given, or a product contains NaN
 */
export function eigenpairs(multiply: LinearMap, n: number, options: EigenpairsOptions = {}): Eigenpairs {
  const owner = "analysis.eigenpairs";
  checkOptions(owner, options, ["k", "which", ...lanczosOptions]);
  const { k = 1, which = "LA" } = options;
  if (which !== "LA" && which !== "SA" && which !== "LM") {
    throw new OptionError(
      `${owner}: which must be "LA" (largest), "SA" (smallest) or "LM" (largest in size), not ${describe(which)}.`,
    );
  }
  checkNumber(owner, "n", n, { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true });
  checkNumber(owner, "k", k, { min: 1, max: n, whole: true });
  const { values, vectors, ...rest } = runLanczos(owner, multiply, n, k, which, options);
  const found = values.length;
  const columns = new Float64Array(n * found);
  for (const [j, vector] of vectors.entries()) {
    const { data } = vector.toTensor();
    for (let i = 0; i < n; i++) columns[i * found + j] = data[i]!;
  }
  return {
    eigenvalues: Tensor.adopt(Float64Array.from(values), [found], "float64"),
    eigenvectors: Tensor.adopt(columns, [n, found], "float64"),
    ...rest,
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
  const owner = "analysis.powerIteration";
  checkMap(owner, multiply);
  checkOptions(owner, options, ["maxProducts", "tolerance", "shift", "generator"]);
  checkNumber(owner, "n", n, { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true });
  const { maxProducts = 1000, tolerance = 1e-10, shift = 0 } = options;
  checkNumber(owner, "maxProducts", maxProducts, { min: 1, whole: true });
  checkNumber(owner, "tolerance", tolerance, { min: 0 });
  checkNumber(owner, "shift", shift, { min: -Number.MAX_VALUE, max: Number.MAX_VALUE });
  let v = Vector.normal(n, generatorOf(owner, options.generator));
  v.scale(1 / v.norm());
  const estimates: number[] = [];
  for (let k = 0; k < maxProducts; k++) {
    const w = product(owner, multiply, v);
    if (shift !== 0) w.addScaled(-shift, v);
    const estimate = v.dot(w) + shift;
    if (!Number.isFinite(estimate)) {
      throw new ConvergenceError(`${owner}: the products contain NaN or Infinity.`);
    }
    estimates.push(estimate);
    const length = w.norm();
    // A product of zero: v is an eigenvector of the eigenvalue `shift`.
    if (!(length > 1e-300)) break;
    w.scale(1 / length);
    v.free();
    v = w;
    const previous = estimates.at(-2);
    if (previous !== undefined && Math.abs(estimate - previous) <= tolerance * Math.abs(estimate - shift))
      break;
  }
  return { value: estimates[estimates.length - 1]!, vector: v.toTensor(), estimates };
}
