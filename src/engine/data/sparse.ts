// Made-up classification problems with sparse features: ones that are silent in most examples.
import type { FloatDtype } from "../dtype.ts";
import { checkNumber, checkOptions } from "../errors.ts";
import { checkSize } from "../memory/heap.ts";
import { Tensor } from "../tensor.ts";
import {
  checkFinite,
  checkFloatDtype,
  checkNumbers,
  computed,
  generatorFrom,
  seedOptionNames,
  type SeedOptions,
} from "./common.ts";
import type { ClassificationData } from "./frame.ts";

export interface RareFeaturesOptions extends SeedOptions {
  /** How many examples. Default 1000. */
  nSamples?: number;
  /** Features. Default 20, or as many as `frequency` or `coef` name. */
  nFeatures?: number;
  /** The probability that a feature is present in an example, for all features or each its own. Default 0.02. */
  frequency?: number | readonly number[];
  /** The features' true coefficients. Default: normal with standard deviation 3. */
  coef?: readonly number[];
  /** The true constant term. Default 0. */
  bias?: number;
  /** Element type of X. Default float32. */
  dtype?: FloatDtype;
}

/**
 * A logistic problem in which features are rare: feature j of an example is 0, or with probability frequency[j] one of −1 and
 * +1, and y is 1 with probability σ(X·coef + bias). A rare feature with a large coefficient decides the few examples that have
 * it, which is where optimisers with a learning rate for each parameter differ from plain descent.
 *
 *     const { X, y } = data.makeRareFeatures({ frequency: [1, 1, 0.01], coef: [0.5, -0.5, 20], seed: 1 });
 *
 * @returns also `coef`: (features, 1)
 */
export function makeRareFeatures(options: RareFeaturesOptions = {}): ClassificationData & { coef: Tensor } {
  const owner = "data.makeRareFeatures";
  checkOptions(owner, options, [
    "nSamples",
    "nFeatures",
    "frequency",
    "coef",
    "bias",
    "dtype",
    ...seedOptionNames,
  ]);
  const { nSamples: n = 1000, frequency = 0.02, bias = 0, dtype = "float32" } = options;
  const named = options.coef ?? (typeof frequency === "number" ? undefined : frequency);
  const { nFeatures = named?.length ?? 20 } = options;
  checkNumber(owner, "nSamples", n, { min: 1, whole: true });
  checkNumber(owner, "nFeatures", nFeatures, { min: 1, whole: true });
  checkNumber(owner, "bias", bias);
  checkFinite(owner, "bias", bias);
  checkFloatDtype(owner, dtype);
  const frequencies =
    typeof frequency === "number" ? Array.from({ length: nFeatures }, () => frequency) : frequency;
  checkNumbers(owner, "frequency", frequencies, { min: 0, max: 1, length: nFeatures });
  const generator = generatorFrom(owner, options);
  if (options.coef !== undefined) checkNumbers(owner, "coef", options.coef, { length: nFeatures });
  const coef = options.coef ?? Array.from(generator.normalArray(nFeatures), (z) => 3 * z);
  checkSize(owner, "float64", n * nFeatures);
  const presence = generator.uniformArray(n * nFeatures);
  const values = presence.map((u, i) => {
    const p = frequencies[i % nFeatures]!;
    // The lower half of the numbers below p means −1, the upper half +1.
    return u >= p ? 0 : 2 * u < p ? -1 : 1;
  });
  const scores = Array.from({ length: n }, (_, i) => {
    let score = bias;
    for (let j = 0; j < nFeatures; j++) score += values[i * nFeatures + j]! * coef[j]!;
    return score;
  });
  const probability = computed(scores, (z) => z.sigmoid());
  const draws = generator.uniformArray(n);
  const y = Int32Array.from(draws, (u, i) => (u < probability[i]! ? 1 : 0));
  return {
    X: Tensor.adopt(values, [n, nFeatures], "float64").to(dtype),
    y: Tensor.adopt(y, [n], "int32"),
    coef: Tensor.adopt(Float64Array.from(coef), [nFeatures, 1], "float64").to(dtype),
  };
}

export interface UniqueFeaturesOptions extends SeedOptions {
  /** How many examples. Default 60. */
  nSamples?: number;
  /** The share of class 1, above one half in the construction. Default 0.64. */
  positive?: number;
  /** Element type of X. Default float32. */
  dtype?: FloatDtype;
}

/**
 * Data on which methods with a learning rate for each parameter learn by heart: of 3 + 5n features the first is the class as
 * ±1, the next two are always 1, and every example has features of its own, one if it belongs to class 1 and five if to
 * class 0, that are 1 for it alone. Gradient descent finds the first feature, adaptive methods weigh all equally and then
 * say "class 1" to everything new. (Wilson et al., "The marginal value of adaptive gradient methods in machine learning",
 * 2017, section 3.3)
 *
 * Take some of the rows for training and the others for testing.
 */
export function makeUniqueFeatures(options: UniqueFeaturesOptions = {}): ClassificationData {
  const owner = "data.makeUniqueFeatures";
  checkOptions(owner, options, ["nSamples", "positive", "dtype", ...seedOptionNames]);
  const { nSamples: n = 60, positive = 0.64, dtype = "float32" } = options;
  checkNumber(owner, "nSamples", n, { min: 1, whole: true });
  checkNumber(owner, "positive", positive, { min: 0, max: 1 });
  checkFloatDtype(owner, dtype);
  const features = 3 + 5 * n;
  checkSize(owner, dtype, n * features);
  const draws = generatorFrom(owner, options).uniformArray(n);
  const y = Int32Array.from(draws, (u) => (u < positive ? 1 : 0));
  const X = Tensor.full([n, features], 0, dtype).data;
  for (let i = 0; i < n; i++) {
    const row = i * features;
    X[row] = 2 * y[i]! - 1;
    X[row + 1] = 1;
    X[row + 2] = 1;
    const own = y[i] === 1 ? 1 : 5;
    for (let j = 0; j < own; j++) X[row + 3 + 5 * i + j] = 1;
  }
  return { X: Tensor.adopt(X, [n, features], dtype), y: Tensor.adopt(y, [n], "int32") };
}
