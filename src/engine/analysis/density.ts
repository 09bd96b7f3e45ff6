// The whole spectrum at a glance, from products with random vectors: its density and its sum.
import { ConvergenceError, checkNumber, checkOptions } from "../errors.ts";
import { noGrad } from "../autograd/tape.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import { Vector } from "./basis.ts";
import type { LinearMap } from "./curvature.ts";
import { checkMap, generatorOf, krylov, product, tridiagonalEigen } from "./lanczos.ts";
import { checkRange } from "./surface.ts";

/** How finely a spectrum is sampled and drawn. */
export interface SpectralDensityOptions {
  /** Lanczos products for each probe. Default min(n, 80). */
  steps?: number;
  /** Random vectors to average over. Default 10. */
  probes?: number;
  /** Cells of the grid. Default 256. */
  points?: number;
  /** Standard deviation of the bell that each Ritz value becomes. Default 1 % of the spectrum's width. */
  sigma?: number;
  /** Ends of the grid. Default: the Ritz values' range and 6 sigma on both sides. */
  range?: readonly [min: number, max: number];
  generator?: Generator;
}

/** A spectrum as a smooth curve on a grid, and the numbers behind it. */
export interface SpectralDensity {
  /** Centres of the grid's cells, ascending. */
  x: number[];
  /** Mean density in each cell; its sum times the cell's width is 1 (less what lies outside a `range` that was given). */
  density: number[];
  /** Ritz values of all probes, in the order of the probes, and their weights, whose sum is 1. */
  nodes: number[];
  weights: number[];
  sigma: number;
  products: number;
}

/**
 * The density of the eigenvalues of a symmetric map on n numbers, by stochastic Lanczos quadrature (Ghorbani, Krishnan and
 * Xiao, 2019, "An investigation into neural net optimization via Hessian eigenvalue density").
 *
 * For a random unit vector v the measure Σ (vᵢ)²·δ(λ − λᵢ) has the density as its mean; m Lanczos steps from v give its
 * Gauss quadrature: the Ritz values θ with the squared first components of their vectors as weights. Averaged over the
 * probes and smoothed by a bell of width sigma:  φ(t) = Σ w·N(t; θ, sigma²).
 *
 *     const { x, density } = analysis.spectralDensity(analysis.hessianProduct(f, point), point.size);
 *
 * Costs probes·steps products.
 */
export function spectralDensity(
  multiply: LinearMap,
  n: number,
  options: SpectralDensityOptions = {},
): SpectralDensity {
  const owner = "analysis.spectralDensity";
  checkMap(owner, multiply);
  checkNumber(owner, "n", n, { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true });
  checkOptions(owner, options, ["steps", "probes", "points", "sigma", "range", "generator"]);
  const { steps = Math.min(n, 80), probes = 10, points = 256 } = options;
  checkNumber(owner, "steps", steps, { min: 1, whole: true });
  checkNumber(owner, "probes", probes, { min: 1, max: 1e6, whole: true });
  checkNumber(owner, "points", points, { min: 2, max: 1e6, whole: true });
  if (options.sigma !== undefined) {
    checkNumber(owner, "sigma", options.sigma, { min: Number.MIN_VALUE, max: Number.MAX_VALUE });
  }
  const given = options.range === undefined ? null : checkRange(owner, "range", options.range);
  const generator = generatorOf(owner, options.generator);
  const nodes: number[] = [];
  const weights: number[] = [];
  let products = 0;
  for (let probe = 0; probe < probes; probe++) {
    const run = krylov(owner, multiply, Vector.normal(n, generator), steps);
    products += run.diagonal.length;
    run.basis.free();
    const { values, first } = tridiagonalEigen(run);
    for (let i = 0; i < values.length; i++) {
      nodes.push(values[i]!);
      weights.push((first[i]! * first[i]!) / probes);
    }
  }
  const low = nodes.reduce((a, b) => Math.min(a, b));
  const high = nodes.reduce((a, b) => Math.max(a, b));
  // A spectrum of one point has no width; its size, or 1 for zero, stands in.
  const size = Math.max(Math.abs(low), Math.abs(high));
  const width = high - low > 1e-6 * size ? high - low : size > 0 ? size : 1;
  const sigma = options.sigma ?? 0.01 * width;
  const [from, to] = given ?? [low - 6 * sigma, high + 6 * sigma];
  const cell = (to - from) / points;
  const edges = Array.from({ length: points + 1 }, (_, i) => from + i * cell);
  const below = shareBelow(edges, nodes, weights, sigma);
  return {
    x: edges.slice(0, -1).map((edge) => edge + cell / 2),
    density: edges.slice(0, -1).map((_, i) => Math.max(0, below[i + 1]! - below[i]!) / cell),
    nodes,
    weights,
    sigma,
    products,
  };
}

/** Σ w·Φ((edge − θ)/sigma) for each edge: how much of the smoothed spectrum lies below it. */
function shareBelow(
  edges: readonly number[],
  nodes: readonly number[],
  weights: readonly number[],
  sigma: number,
): ArrayLike<number> {
  return noGrad(() => {
    const column = Tensor.adopt(Float64Array.from(edges), [edges.length, 1], "float64");
    const row = Tensor.adopt(Float64Array.from(nodes), [1, nodes.length], "float64");
    const share = column
      .sub(row)
      .mul(Math.SQRT1_2 / sigma)
      .erf()
      .add(1)
      .mul(0.5);
    return share.matmul(Tensor.adopt(Float64Array.from(weights), [weights.length], "float64")).data;
  });
}

/** How a trace is estimated. */
export interface TraceOptions {
  /** Random vectors. Default 100. With n or more the trace is exact: the unit vectors are used. */
  samples?: number;
  generator?: Generator;
}

/** A trace and how far to trust it. */
export interface TraceEstimate {
  trace: number;
  /** Standard error of the estimate; 0 if it is exact. */
  standardError: number;
  products: number;
}

/**
 * The trace of a symmetric map on n numbers, the sum of its eigenvalues, by Hutchinson's estimator (1989): the mean of
 * v·H·v over vectors v of random signs. Its variance is 2·Σᵢ≠ⱼ Hᵢⱼ² for one vector.
 */
export function trace(multiply: LinearMap, n: number, options: TraceOptions = {}): TraceEstimate {
  const owner = "analysis.trace";
  checkMap(owner, multiply);
  checkNumber(owner, "n", n, { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true });
  checkOptions(owner, options, ["samples", "generator"]);
  const { samples = 100 } = options;
  checkNumber(owner, "samples", samples, { min: 2, whole: true });
  const generator = generatorOf(owner, options.generator);
  const exact = samples >= n;
  const products = exact ? n : samples;
  const found: number[] = [];
  for (let sample = 0; sample < products; sample++) {
    const v = exact ? unit(n, sample) : signs(n, generator);
    const w = product(owner, multiply, v);
    const value = v.dot(w);
    w.free();
    v.free();
    if (!Number.isFinite(value)) {
      throw new ConvergenceError(`${owner}: the products contain NaN or Infinity.`);
    }
    found.push(value);
  }
  const sum = found.reduce((total, value) => total + value, 0);
  if (exact) return { trace: sum, standardError: 0, products };
  const mean = sum / samples;
  const squares = found.reduce((total, value) => total + (value - mean) * (value - mean), 0);
  return { trace: mean, standardError: Math.sqrt(squares / (samples - 1) / samples), products };
}

function unit(n: number, at: number): Vector {
  const values = new Float64Array(n);
  values[at] = 1;
  return Vector.adopt(values);
}

function signs(n: number, generator: Generator): Vector {
  const values = generator.uniformArray(n);
  for (let i = 0; i < n; i++) values[i] = values[i]! < 0.5 ? -1 : 1;
  return Vector.adopt(values);
}
