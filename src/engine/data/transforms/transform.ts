// What augmentations are: functions from a batch to a batch of the same shape, drawn anew at each call.
import { ShapeError, ValueError, checkNumber, checkOptions, describe, formatShape } from "../../errors.ts";
import { isFloat } from "../../dtype.ts";
import { DtypeError } from "../../errors.ts";
import { Tensor } from "../../tensor.ts";
import { checkFinite, generatorFrom, seedOptionNames, type SeedOptions } from "../common.ts";

/** A change of a batch of examples, drawn anew for each example at each call. It is not part of the gradient's graph. */
export type Transform = (x: Tensor) => Tensor;

/**
 * Several transforms, one after the other.
 *
 *     const augment = data.transforms.compose(
 *       data.transforms.randomHorizontalFlip({ seed: 1 }),
 *       data.transforms.gaussianNoise({ sigma: 0.05, seed: 2 }),
 *     );
 *     for (const [x, y] of loader) { const scores = model.forward(augment(x)); … }
 */
export function compose(...transforms: readonly Transform[]): Transform {
  for (const [i, each] of transforms.entries()) {
    if (typeof each !== "function") {
      throw new ValueError(`compose: transform ${i + 1} must be a function, not ${describe(each)}.`);
    }
  }
  return (x) => transforms.reduce((batch, transform) => transform(batch), x);
}

/** Refuses what is not a batch of float examples with one of the ranks. */
export function checkBatch(
  owner: string,
  x: unknown,
  what: string,
  ranks: readonly number[],
): asserts x is Tensor {
  if (!(x instanceof Tensor)) {
    throw new ValueError(`${owner}: needs a tensor of ${what}, not ${describe(x)}.`);
  }
  if (!isFloat(x.dtype)) {
    throw new DtypeError(`${owner}: needs float numbers, not int32. Convert with .to("float32").`);
  }
  if (ranks.length === 0 ? x.rank > 0 : ranks.includes(x.rank)) return;
  throw new ShapeError(`${owner}: needs a batch of ${what}, not ${formatShape(x.shape)}.`);
}

/** Refuses a probability outside [0, 1]. */
export function checkProbability(owner: string, name: string, p: unknown): asserts p is number {
  checkNumber(owner, name, p, { min: 0, max: 1 });
}

export interface NoiseOptions extends SeedOptions {
  /** Mean of the noise. Default 0. */
  mean?: number;
  /** Standard deviation of the noise. Default 0.1. */
  sigma?: number;
}

/** Normal noise on every number: for images, points or features of any shape. Nothing is clipped; add a `.clamp` for pixels. */
export function gaussianNoise(options: NoiseOptions = {}): Transform {
  const owner = "gaussianNoise";
  checkOptions(owner, options, ["mean", "sigma", ...seedOptionNames]);
  const { mean = 0, sigma = 0.1 } = options;
  checkNumber(owner, "mean", mean);
  checkFinite(owner, "mean", mean);
  checkNumber(owner, "sigma", sigma, { min: 0 });
  checkFinite(owner, "sigma", sigma);
  const generator = generatorFrom(owner, options);
  return (x) => {
    checkBatch(owner, x, "examples", []);
    const noise = Tensor.adopt(generator.normalArray(x.size), x.shape, "float64").mul(sigma).add(mean);
    return x.detach().add(noise.to(x.dtype));
  };
}
