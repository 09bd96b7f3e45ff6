// Normalisation as plain functions of tensors, with PyTorch's arguments; the layers in norm.ts keep the state.
import { OptionError, ValueError, checkNumber, checkOptions, checkSwitch } from "../errors.ts";
import * as batch from "../ops/batch-norm.ts";
import * as row from "../ops/row-norm.ts";
import { checkShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** The sizes of the last dims, as a shape with at least one number. */
export function checkNormalizedShape(owner: string, shape: Shape | number): Shape {
  const sizes = [...checkShape(owner, shape)];
  if (sizes.length > 0 && !sizes.includes(0)) return sizes;
  throw new OptionError(
    `${owner}: normalizedShape names the sizes of the last dimensions, at least one and none of them 0, e.g. 64 or [3, 8].`,
  );
}

export interface BatchNormOptions {
  /** Use the batch's own statistics and let the running ones follow. Default false. */
  training?: boolean;
  /** Weight of this batch in the running statistics. Default 0.1. */
  momentum?: number;
  /** Added to the variance. Default 10⁻⁵. */
  eps?: number;
}

/**
 * (x − mean)/√(variance + ε)·weight + bias for each channel (Ioffe and Szegedy, 2015).
 *
 * In training mean and (biased) variance are the batch's, over all dims but 1, and the running ones change in place:
 * running ← (1 − momentum)·running + momentum·batch, with the unbiased variance. Otherwise the running ones are used.
 * @param x (N, C) or (N, C, …)
 * @param runningMean (C,) or null
 * @param runningVar (C,) or null
 * @param weight (C,) or null
 * @param bias (C,) or null
 * @throws ValueError in training if there is only one number for each channel
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: BatchNormOptions = {},
): Tensor {
  checkOptions("batchNorm", options, ["training", "momentum", "eps"]);
  const { training = false, momentum = 0.1, eps = 1e-5 } = options;
  checkSwitch("batchNorm", "training", training);
  checkNumber("batchNorm", "momentum", momentum, { min: 0, max: 1 });
  if ((runningMean === null) !== (runningVar === null)) {
    throw new ValueError("batchNorm: runningMean and runningVar go together: give both or neither.");
  }
  if (!training && runningMean === null) {
    throw new ValueError(
      "batchNorm: outside training it needs runningMean and runningVar. Pass them, or { training: true } to use the batch's own statistics.",
    );
  }
  const running =
    runningMean === null || runningVar === null
      ? null
      : { mean: runningMean, variance: runningVar, counter: null };
  return batch.batchNorm("batchNorm", x, weight, bias, running, { training, momentum, eps });
}

/**
 * (x − mean)/√(variance + ε)·weight + bias, with mean and (biased) variance over the last dims (Ba et al., 2016).
 * @param normalizedShape the sizes of the last dims; weight and bias have this shape
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: Shape | number,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: { eps?: number } = {},
): Tensor {
  checkOptions("layerNorm", options, ["eps"]);
  const shape = checkNormalizedShape("layerNorm", normalizedShape);
  return row.layerNorm("layerNorm", x, shape, weight, bias, options.eps ?? 1e-5);
}

/**
 * (x − mean)/√(variance + ε)·weight + bias, with mean and (biased) variance over groups of channels, example by example
 * (Wu and He, 2018).
 * @param x (N, C, …)
 * @param weight (C,) or null
 * @param bias (C,) or null
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: { eps?: number } = {},
): Tensor {
  checkOptions("groupNorm", options, ["eps"]);
  return row.groupNorm("groupNorm", x, numGroups, weight, bias, options.eps ?? 1e-5);
}
