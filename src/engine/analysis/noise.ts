// How much the gradients of single examples differ: what a mini-batch adds to gradient descent.
import { OptionError, ValueError, checkNumber, checkOptions } from "../errors.ts";
import type { FloatDtype } from "../dtype.ts";
import { noGrad } from "../autograd/tape.ts";
import { Tensor } from "../tensor.ts";
import { checkFlag, checkFunction, checkPoint, valueAndGradient } from "./function.ts";

/** Which examples, and what batches to speak of. */
export interface GradientNoiseOptions {
  /** How many examples there are, numbered from 0, or which of them to use. */
  examples: number | readonly number[];
  /** Size of the mini-batches that `batchStd` speaks of. Default 1. */
  batchSize?: number;
  /** Are a batch's examples drawn with replacement? Default false. */
  replacement?: boolean;
}

/** What gradientNoise finds. */
export interface GradientNoise {
  /** The mean of the examples' gradients, of the shape of x. */
  gradient: Tensor;
  /** Its length. */
  gradientNorm: number;
  /** Unbiased variance of each component over the examples, of the shape of x. */
  variances: Tensor;
  /** The sum of the variances: tr Σ, the mean squared distance of an example's gradient from the mean. */
  variance: number;
  /** tr Σ/‖gradient‖²: about the batch size at which noise and signal are equal; Infinity where the gradient is zero. */
  noiseScale: number;
  /**
   * Root mean square length of the error of a mini-batch's gradient, for batches of B of these N examples: without
   * replacement √(tr Σ/B·(1 − B/N)), which is 0 for the whole set; with replacement √(tr Σ/B·(1 − 1/N)).
   */
  batchStd: number;
}

/**
 * The noise in the gradient of a mean over examples, from the gradient of every single one (McCandlish et al., 2018, "An
 * empirical model of large-batch training", section 2.2, for the noise scale).
 *
 *     const { f, x } = analysis.ofModel(model, (i: number) => mseLoss(model.forward(X.slice(i, i + 1)), Y.slice(i, i + 1)));
 *     const { noiseScale } = analysis.gradientNoise(f, x, { examples: X.shape[0], batchSize: 32 });
 *
 * Sums are kept in float64. Costs one backward pass for each example.
 * @param f the loss of example i at x
 */
export function gradientNoise(
  f: (x: Tensor, example: number) => Tensor,
  x: Tensor,
  options: GradientNoiseOptions,
): GradientNoise {
  const owner = "analysis.gradientNoise";
  checkFunction(owner, f);
  checkPoint(owner, x);
  checkOptions(owner, options, ["examples", "batchSize", "replacement"]);
  const examples = checkExamples(owner, options.examples);
  const count = examples.length;
  const { batchSize = 1, replacement = false } = options;
  checkFlag(owner, "replacement", replacement);
  checkNumber(owner, "batchSize", batchSize, { min: 1, max: replacement ? Infinity : count, whole: true });
  const mean = new Float64Array(x.size);
  const squares = new Float64Array(x.size);
  for (const [seen, example] of examples.entries()) {
    const { gradient } = valueAndGradient(owner, f, x, example);
    const slope = gradient.data;
    // Welford's update: no difference of large sums.
    for (let i = 0; i < mean.length; i++) {
      const before = slope[i]! - mean[i]!;
      mean[i]! += before / (seen + 1);
      squares[i]! += before * (slope[i]! - mean[i]!);
    }
  }
  let variance = 0;
  let length = 0;
  for (let i = 0; i < mean.length; i++) {
    squares[i]! /= count - 1;
    variance += squares[i]!;
    length += mean[i]! * mean[i]!;
  }
  if (!Number.isFinite(variance)) {
    throw new ValueError(`${owner}: the gradients of the examples contain NaN or Infinity.`);
  }
  const dtype: FloatDtype = x.dtype === "float64" ? "float64" : "float32";
  const shaped = (values: Float64Array<ArrayBuffer>): Tensor =>
    noGrad(() => Tensor.adopt(values, x.shape, "float64").to(dtype));
  return {
    gradient: shaped(mean),
    gradientNorm: Math.sqrt(length),
    variances: shaped(squares),
    variance,
    noiseScale: variance === 0 ? 0 : variance / length,
    batchStd: Math.sqrt((variance / batchSize) * (1 - (replacement ? 1 : batchSize) / count)),
  };
}

function checkExamples(owner: string, examples: unknown): readonly number[] {
  if (Array.isArray(examples)) {
    if (examples.length < 2) {
      throw new OptionError(`${owner}: examples must name at least two, not ${examples.length}.`);
    }
    for (const example of examples as unknown[]) {
      checkNumber(owner, "an example's number", example, { min: 0, whole: true });
    }
    return examples as number[];
  }
  checkNumber(owner, "examples", examples, { min: 2, max: 1e9, whole: true });
  return Array.from({ length: examples }, (_, i) => i);
}
