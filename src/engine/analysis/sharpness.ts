// How sharp a place is: by curvature, by the worst loss nearby, by the average loss nearby, and where training turns unstable.
import { noGrad } from "../autograd/tape.ts";
import { ValueError, checkNumber, checkOptions } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import { hessianProduct } from "./curvature.ts";
import { checkFlag, checkPoint, valueAndGradient, valueAt, leafAt, type ScalarFunction } from "./function.ts";
import { generatorOf } from "./lanczos.ts";
import { eigenpairs, type LanczosOptions } from "./spectrum.ts";

/**
 * The largest eigenvalue of the Hessian of f at x, by Lanczos' method from products.
 *
 *     analysis.sharpness(f, x) < analysis.stabilityThreshold(lr)
 *
 * Gradient descent with a fixed step lr on a quadratic diverges along an eigenvector as soon as its eigenvalue exceeds 2/lr.
 * A rescaling that leaves a ReLU network's function unchanged can make this number as large as one likes (Dinh et al., 2017).
 * @param options as for eigenpairs; the tolerance is 1e-4 by default, so that the value is good to about eight digits
 */
export function sharpness(f: ScalarFunction, x: Tensor, options: LanczosOptions = {}): number {
  const owner = "analysis.sharpness";
  checkOptions(owner, options, ["maxProducts", "tolerance", "basisSize", "generator"]);
  checkPoint(owner, x);
  const multiply = hessianProduct(f, x);
  return eigenpairs(multiply, x.size, { tolerance: 1e-4, ...options }).eigenvalues.item();
}

/**
 * The sharpness at which gradient descent with step size lr becomes unstable on a quadratic: 2/lr; with momentum β
 * (2 + 2β)/lr, with Nesterov's (2 + 2β)/((1 + 2β)·lr) (Cohen et al., 2021, "Gradient descent on neural networks typically
 * occurs at the edge of stability", section 2 and appendix B). Full-batch training often drives the sharpness up to
 * this number and then hovers there.
 *
 * The two numbers can change places: given a sharpness, it is the largest stable lr.
 */
export function stabilityThreshold(
  lr: number,
  options: { momentum?: number; nesterov?: boolean } = {},
): number {
  const owner = "analysis.stabilityThreshold";
  checkNumber(owner, "lr", lr, { min: Number.MIN_VALUE, max: Number.MAX_VALUE });
  checkOptions(owner, options, ["momentum", "nesterov"]);
  const { momentum = 0, nesterov = false } = options;
  checkNumber(owner, "momentum", momentum, { min: 0, below: 1 });
  checkFlag(owner, "nesterov", nesterov);
  return (2 + 2 * momentum) / (nesterov ? 1 + 2 * momentum : 1) / lr;
}

/** The worst place found near a point. */
export interface BallSharpness {
  /** f there. */
  loss: number;
  /** How much larger f is there than at the centre; never negative. */
  increase: number;
  /** What was added to the centre, of its shape. */
  perturbation: Tensor;
}

/** How hard to look for the worst place. */
export interface AscentOptions {
  /** Steps of projected gradient ascent. */
  steps?: number;
  /** Random starts in addition to the centre. Default 0; where the gradient at the centre is zero, at least one is made. */
  restarts?: number;
  generator?: Generator;
}

type Numbers = Float64Array<ArrayBuffer>;

/** A region around the centre, described by what ascent needs of it. */
interface Region {
  /** The way from the centre to the best point of the region for a linear f with this gradient. */
  best: (gradient: Numbers) => Numbers;
  /** Moves a displacement into the region, in place. */
  confine: (displacement: Numbers) => void;
}

const numbersOf = (x: Tensor): Numbers => Float64Array.from(x.data);

function lengthOf(values: Numbers): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** Looks for the largest f in a region by projected gradient ascent, with steps of a `steps`-th of the region and more. */
function ascend(
  owner: string,
  f: ScalarFunction,
  x: Tensor,
  region: Region,
  options: AscentOptions & { steps: number },
): BallSharpness {
  const { steps, restarts = 0 } = options;
  checkNumber(owner, "steps", steps, { min: 1, whole: true });
  checkNumber(owner, "restarts", restarts, { min: 0, whole: true });
  const generator = generatorOf(owner, options.generator);
  const centre = leafAt(owner, x).detach();
  const at = (displacement: Numbers): Tensor =>
    noGrad(() =>
      centre.add(
        Tensor.adopt(displacement.slice(), [displacement.length], "float64")
          .to(centre.dtype)
          .reshape(centre.shape),
      ),
    );
  const origin = valueAndGradient(owner, f, centre);
  const slope = numbersOf(origin.gradient);
  const starts: Numbers[] = [];
  // The first step from the centre goes all the way to the region's edge, as in sharpness-aware minimisation.
  if (lengthOf(slope) > 0) starts.push(region.best(slope));
  const randomStarts = starts.length === 0 ? Math.max(1, restarts) : restarts;
  for (let i = 0; i < randomStarts; i++) starts.push(region.best(generator.normalArray(x.size)));
  let loss = origin.value;
  let perturbation: Numbers = new Float64Array(x.size);
  const consider = (value: number, displacement: Numbers): void => {
    // NaN counts as the worst of all: a place where the loss is not even a number.
    if (!(value > loss) && !Number.isNaN(value)) return;
    loss = value;
    perturbation = displacement.slice();
  };
  for (const start of starts) {
    const displacement = start;
    for (let step = 1; step < steps; step++) {
      const { value, gradient } = valueAndGradient(owner, f, at(displacement));
      consider(value, displacement);
      const way = region.best(numbersOf(gradient));
      // Steps shrink from the size of the region to a fraction, so that the last ones settle on a place.
      const factor = 2 / (step + 1);
      for (let i = 0; i < way.length; i++) displacement[i]! += factor * way[i]!;
      region.confine(displacement);
    }
    consider(valueAt(owner, f, at(displacement)), displacement);
  }
  return {
    loss,
    increase: loss - origin.value,
    perturbation: noGrad(() =>
      Tensor.adopt(perturbation, [perturbation.length], "float64").to(centre.dtype).reshape(centre.shape),
    ),
  };
}

/**
 * The worst loss within a distance rho of x: max f(x + ε) − f(x) over ‖ε‖ ≤ rho, what sharpness-aware minimisation (SAM;
 * Foret, Kleiner, Mobahi and Neyshabur, 2020) keeps small. With steps 1 it is SAM's own first-order answer,
 * ε = rho·∇f/‖∇f‖; more steps of projected gradient ascent find worse places. A lower bound of the true maximum.
 * @param options rho: radius (default 0.05); steps (default 1), restarts, generator: see AscentOptions
 */
export function samSharpness(
  f: ScalarFunction,
  x: Tensor,
  options: AscentOptions & { rho?: number } = {},
): BallSharpness {
  const owner = "analysis.samSharpness";
  checkOptions(owner, options, ["rho", "steps", "restarts", "generator"]);
  const { rho = 0.05, steps = 1 } = options;
  checkNumber(owner, "rho", rho, { min: Number.MIN_VALUE, max: Number.MAX_VALUE });
  const scaleTo = (values: Numbers, length: number): void => {
    const own = lengthOf(values);
    const factor = own > 0 ? length / own : 0;
    for (let i = 0; i < values.length; i++) values[i]! *= factor;
  };
  const region: Region = {
    best: (gradient) => {
      const way = gradient.slice();
      scaleTo(way, rho);
      return way;
    },
    confine: (displacement) => {
      if (lengthOf(displacement) > rho) scaleTo(displacement, rho);
    },
  };
  return ascend(owner, f, x, region, { ...options, steps });
}

/**
 * Keskar's ε-sharpness in per cent: 100·(max f(x + z) − f(x))/(1 + f(x)) over the box |zᵢ| ≤ ε(|xᵢ| + 1) (Keskar et al.,
 * 2016, "On large-batch training for deep learning", metric 2.1 with A = I). A lower bound of the true maximum, by
 * projected gradient ascent.
 * @param options epsilon (default 1e-3); steps (default 10), restarts, generator: see AscentOptions
 */
export function epsilonSharpness(
  f: ScalarFunction,
  x: Tensor,
  options: AscentOptions & { epsilon?: number } = {},
): BallSharpness & { sharpness: number } {
  const owner = "analysis.epsilonSharpness";
  checkOptions(owner, options, ["epsilon", "steps", "restarts", "generator"]);
  const { epsilon = 1e-3, steps = 10 } = options;
  checkNumber(owner, "epsilon", epsilon, { min: Number.MIN_VALUE, max: Number.MAX_VALUE });
  checkPoint(owner, x);
  const bounds = numbersOf(x).map((value) => epsilon * (Math.abs(value) + 1));
  const region: Region = {
    best: (gradient) => gradient.map((slope, i) => (slope > 0 ? 1 : slope < 0 ? -1 : 0) * bounds[i]!),
    confine: (displacement) => {
      for (let i = 0; i < displacement.length; i++) {
        displacement[i] = Math.min(bounds[i]!, Math.max(-bounds[i]!, displacement[i]!));
      }
    },
  };
  const found = ascend(owner, f, x, region, { ...options, steps });
  return { ...found, sharpness: (100 * found.increase) / (1 + found.loss - found.increase) };
}

/** The noise to average over. */
export interface AverageSharpnessOptions {
  /** Standard deviation of the noise added to every number. Default 0.01. */
  sigma?: number;
  /** Noise in proportion to each number: sigma·|xᵢ|. Default false. */
  relative?: boolean;
  /** Random directions; f is evaluated on both sides of x along each. Default 20. */
  samples?: number;
  generator?: Generator;
}

/**
 * How much f rises on average under normal noise: E f(x + σξ) − f(x). For small σ it is σ²/2 times the trace of the
 * Hessian. Directions are used in pairs ±ξ, so that the slope at x cancels exactly.
 */
export function averageSharpness(
  f: ScalarFunction,
  x: Tensor,
  options: AverageSharpnessOptions = {},
): { increase: number; standardError: number } {
  const owner = "analysis.averageSharpness";
  checkOptions(owner, options, ["sigma", "relative", "samples", "generator"]);
  const { sigma = 0.01, relative = false, samples = 20 } = options;
  checkNumber(owner, "sigma", sigma, { min: Number.MIN_VALUE, max: Number.MAX_VALUE });
  checkNumber(owner, "samples", samples, { min: 2, max: 1e9, whole: true });
  checkFlag(owner, "relative", relative);
  const generator = generatorOf(owner, options.generator);
  const centre = leafAt(owner, x).detach();
  const base = valueAt(owner, f, centre);
  if (!Number.isFinite(base)) throw new ValueError(`${owner}: f is ${base} at the point itself.`);
  const rises: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const noise = noGrad(() => {
      const normal = Tensor.adopt(generator.normalArray(x.size), [x.size], "float64")
        .mul(sigma)
        .to(centre.dtype)
        .reshape(centre.shape);
      return relative ? normal.mul(centre.abs()) : normal;
    });
    const [up, down] = noGrad(() => [centre.add(noise), centre.sub(noise)] as const);
    rises.push((valueAt(owner, f, up) + valueAt(owner, f, down)) / 2 - base);
  }
  const increase = rises.reduce((sum, rise) => sum + rise, 0) / samples;
  const squares = rises.reduce((sum, rise) => sum + (rise - increase) * (rise - increase), 0);
  return { increase, standardError: Math.sqrt(squares / (samples - 1) / samples) };
}
