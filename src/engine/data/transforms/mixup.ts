// Mixup: training on blends of two examples and of their labels.
import { tensor } from "../../create.ts";
import { isFloat } from "../../dtype.ts";
import { ShapeError, checkNumber, checkOptions, formatShape } from "../../errors.ts";
import { oneHot } from "../../ops/indexing.ts";
import type { Generator } from "../../random/generator.ts";
import type { Tensor } from "../../tensor.ts";
import {
  checkExamples,
  checkFinite,
  computed,
  generatorFrom,
  seedOptionNames,
  type SeedOptions,
} from "../common.ts";
import { checkBatch } from "./transform.ts";

export interface MixupOptions extends SeedOptions {
  /** The share λ comes from Beta(alpha, alpha): small values blend little, 1 makes all shares equally likely. Default 1. */
  alpha?: number;
  /** How many classes there are, where labels are class numbers. */
  classes?: number;
}

/**
 * Blends every example of a batch with another of it, and their targets alike (Zhang et al., "mixup: Beyond empirical risk
 * minimization", 2017): x ← λx + (1 − λ)x′, y ← λy + (1 − λ)y′, with one λ a batch from Beta(alpha, alpha).
 *
 *     const mix = data.transforms.mixup({ alpha: 0.2, classes: 10, seed: 1 });
 *     const [mixed, targets] = mix(x, labels);
 *     const loss = nn.functional.crossEntropy(model.forward(mixed), targets);
 *
 * Targets are int32 class numbers, which become rows of probabilities, or float rows (probabilities or numbers to predict).
 */
export function mixup(options: MixupOptions = {}): (x: Tensor, y: Tensor) => [x: Tensor, y: Tensor] {
  const owner = "mixup";
  checkOptions(owner, options, ["alpha", "classes", ...seedOptionNames]);
  const { alpha = 1, classes } = options;
  checkNumber(owner, "alpha", alpha, { min: 0.01 });
  checkFinite(owner, "alpha", alpha);
  if (classes !== undefined) checkNumber(owner, "classes", classes, { min: 1, whole: true });
  const generator = generatorFrom(owner, options);
  return (x, y) => {
    checkBatch(owner, x, "examples", []);
    checkExamples(owner, "y", y);
    if (y.shape[0] !== x.shape[0]) {
      throw new ShapeError(
        `${owner}: ${formatShape(x.shape)} has ${x.shape[0]} examples and the targets ${formatShape(y.shape)} ${y.shape[0]}.`,
      );
    }
    if (!isFloat(y.dtype))
      checkNumber(owner, "classes (needed for labels that are class numbers)", classes, { min: 1 });
    const targets = isFloat(y.dtype) ? y.detach() : oneHot(y, classes!).to(x.dtype);
    const share = beta(generator, alpha);
    const others = tensor(generator.permutation(x.shape[0]!), { dtype: "int32" });
    const blend = (a: Tensor): Tensor => a.mul(share).add(a.indexSelect(0, others).mul(1 - share));
    return [blend(x.detach()), blend(targets)];
  };
}

/** A number from Beta(alpha, alpha): G/(G + G′) of two numbers from the gamma distribution. */
function beta(generator: Generator, alpha: number): number {
  if (alpha === 1) return generator.uniform();
  const logs = [logGamma(generator, alpha), logGamma(generator, alpha)] as const;
  // 1/(1 + G′/G); by logarithms, since for small alpha the numbers themselves may be too small to hold.
  return computed([logs[0] - logs[1]], (z) => z.sigmoid())[0]!;
}

/**
 * The logarithm of a number from the gamma distribution of this shape (Marsaglia and Tsang, "A simple method for generating gamma
 * variables", 2000); below shape 1 by their relation G(a) = G(a + 1)·U^(1/a).
 */
function logGamma(generator: Generator, shape: number): number {
  const log = (u: number): number => computed([u], (v) => v.log())[0]!;
  if (shape < 1) return logGamma(generator, shape + 1) + log(1 - generator.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = generator.normal();
    const root = 1 + c * z;
    if (root <= 0) continue;
    const v = root * root * root;
    if (log(1 - generator.uniform()) < 0.5 * z * z + d - d * v + d * log(v)) return log(d) + log(v);
  }
}
