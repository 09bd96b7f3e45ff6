// Losses as plain functions of predictions and targets.
import { checkBoolean, checkTensor } from "../check.ts";
import {
  DtypeError,
  OptionError,
  ShapeError,
  checkNumber,
  checkOptions,
  describe,
  formatShape,
} from "../errors.ts";
import { crossEntropyOfClasses } from "../ops/cross-entropy.ts";
import { exp, mul, softplus as softplusOf, toFloat, where } from "../ops/elementwise.ts";
import { checkIndex, gather } from "../ops/indexing.ts";
import { reshape } from "../ops/layout.ts";
import { sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** How the losses of the examples become one number: their mean (default), their sum, or not at all. */
export type Reduction = "mean" | "sum" | "none";

/** What every loss can be told. */
export interface LossOptions {
  reduction?: Reduction;
}

function reduceLoss(owner: string, losses: Tensor, reduction: Reduction = "mean"): Tensor {
  if (reduction === "mean") return losses.mean();
  if (reduction === "sum") return losses.sum();
  if (reduction === "none") return losses;
  throw unknownReduction(owner, reduction);
}

function unknownReduction(owner: string, reduction: unknown): OptionError {
  return new OptionError(`${owner}: reduction must be "mean", "sum" or "none", not ${describe(reduction)}.`);
}

/** Predictions and targets must have one shape: broadcasting here is nearly always a mistake. */
function checkSameShape(owner: string, input: Tensor, target: Tensor): void {
  checkTensor(owner, "the prediction", input);
  checkTensor(owner, "the target", target);
  if (sameShape(input.shape, target.shape)) return;
  const column =
    input.size === target.size ? ` Use .reshape([${input.shape.join(", ")}]) on the target.` : "";
  throw new ShapeError(
    `${owner}: predictions ${formatShape(input.shape)} and targets ${formatShape(target.shape)} must have the same shape.${column}`,
  );
}

/** (prediction − target)², by default its mean over all numbers. */
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("mseLoss", options, ["reduction"]);
  checkSameShape("mseLoss", input, target);
  return reduceLoss("mseLoss", input.sub(target).square(), options.reduction);
}

/** |prediction − target|. */
export function l1Loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("l1Loss", options, ["reduction"]);
  checkSameShape("l1Loss", input, target);
  return reduceLoss("l1Loss", input.sub(target).abs(), options.reduction);
}

/** d²/2 where |d| < delta, delta·(|d| − delta/2) beyond, d = prediction − target (Huber, 1964). */
export function huberLoss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { delta?: number } = {},
): Tensor {
  checkOptions("huberLoss", options, ["reduction", "delta"]);
  const { delta = 1 } = options;
  checkNumber("huberLoss", "delta", delta, { min: 0 });
  checkSameShape("huberLoss", input, target);
  const difference = input.sub(target);
  const size = difference.abs();
  const losses = where(size.less(delta), difference.square().mul(0.5), size.sub(delta / 2).mul(delta));
  return reduceLoss("huberLoss", losses, options.reduction);
}

/** huberLoss/beta: d²/(2·beta) where |d| < beta, |d| − beta/2 beyond. */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { beta?: number } = {},
): Tensor {
  checkOptions("smoothL1Loss", options, ["reduction", "beta"]);
  const { beta = 1, ...rest } = options;
  checkNumber("smoothL1Loss", "beta", beta, { min: 0 });
  checkSameShape("smoothL1Loss", input, target);
  if (beta === 0) return l1Loss(input, target, rest);
  return huberLoss(input, target, { ...rest, delta: beta }).div(beta);
}

/** How examples and classes count in a loss over classes. */
export interface CrossEntropyOptions extends LossOptions {
  /** One weight for each class; the mean divides by the sum of the weights used. */
  weight?: Tensor;
  /** Examples with this target count nothing. Default −100. */
  ignoreIndex?: number;
  /** Share of the target spread evenly over all classes. Default 0. */
  labelSmoothing?: number;
}

/** Moves the classes of (N, C, d₁ …) to the end and flattens the rest: (examples, C). */
function classesLast(x: Tensor): Tensor {
  if (x.rank <= 2) return reshape(x, [-1, x.shape[x.rank - 1]!]);
  const order = [0, ...x.shape.slice(2).map((_, i) => i + 2), 1];
  return reshape(x.permute(order), [-1, x.shape[1]!]);
}

function checkLogits(owner: string, input: Tensor, target: Tensor, options: CrossEntropyOptions): number {
  checkTensor(owner, "the input", input);
  checkTensor(owner, "the target", target);
  const { weight, ignoreIndex = -100 } = options;
  if (weight !== undefined) checkTensor(owner, "weight", weight);
  checkNumber(owner, "ignoreIndex", ignoreIndex, { whole: true });
  if (input.rank === 0)
    throw new ShapeError(`${owner}: the scores must have a dimension of classes, (N, C).`);
  return input.shape[input.rank === 1 ? 0 : 1]!;
}

/**
 * −ln softmax(input)[target], by default its mean over the examples.
 * @param input scores (logits) of shape (N, C), (C,) or (N, C, d₁ …), not probabilities
 * @param target class numbers, int32 (N,), or probabilities of the same shape as input
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkOptions("crossEntropy", options, ["reduction", "weight", "ignoreIndex", "labelSmoothing"]);
  const { labelSmoothing = 0, weight, reduction = "mean" } = options;
  checkNumber("crossEntropy", "labelSmoothing", labelSmoothing, { min: 0, max: 1 });
  const classes = checkLogits("crossEntropy", input, target, options);
  if (target.dtype === "int32" && weight === undefined && labelSmoothing === 0 && reduction !== "none") {
    checkClassNumbers("crossEntropy", input, target);
    if (reduction !== "mean" && reduction !== "sum") throw unknownReduction("crossEntropy", reduction);
    return crossEntropyOfClasses(classesLast(toFloat(input)), reshape(target, [-1]), {
      ignored: options.ignoreIndex ?? -100,
      mean: reduction === "mean",
    });
  }
  const logProbabilities = classesLast(toFloat(input)).logSoftmax(1);
  if (target.dtype !== "int32" && sameShape(target.shape, input.shape)) {
    return softCrossEntropy(input, target, logProbabilities, classes, options);
  }
  const hard = negativeLogLikelihood("crossEntropy", input, logProbabilities, target, options);
  if (labelSmoothing === 0) return reduceWeighted("crossEntropy", hard, reduction);
  // The smoothed part: the weighted mean of −ln p over all classes.
  const spread = weight === undefined ? logProbabilities : logProbabilities.mul(weight);
  const smooth = spread.sum(1).neg().mul(hard.counts).reshape(hard.losses.shape).div(classes);
  const losses = hard.losses.mul(1 - labelSmoothing).add(smooth.mul(labelSmoothing));
  return reduceWeighted("crossEntropy", { ...hard, losses }, reduction);
}

function softCrossEntropy(
  input: Tensor,
  target: Tensor,
  logProbabilities: Tensor,
  classes: number,
  options: CrossEntropyOptions,
): Tensor {
  const { labelSmoothing = 0, weight, reduction = "mean" } = options;
  const probabilities = classesLast(target)
    .mul(1 - labelSmoothing)
    .add(labelSmoothing / classes);
  const weighted = weight === undefined ? probabilities : probabilities.mul(weight);
  const losses = logProbabilities.mul(weighted).sum(1).neg();
  if (reduction === "none") return losses.reshape(exampleShape(input));
  // With probabilities the mean divides by the number of examples, whatever the weights.
  return reduceLoss("crossEntropy", losses, reduction);
}

/** The shape of one number per example. */
function exampleShape(input: Tensor): number[] {
  return input.rank === 1 ? [] : input.shape.toSpliced(1, 1);
}

interface WeightedLosses {
  /** One loss for each example, weighted, 0 for ignored ones. */
  losses: Tensor;
  /** 1 for each example that counts, 0 for ignored ones (flat). */
  counts: Tensor;
  /** What the mean divides by. */
  total: Tensor;
}

/** Class numbers: int32, one for each example. */
function checkClassNumbers(owner: string, input: Tensor, target: Tensor): void {
  const shape = exampleShape(input);
  if (target.dtype !== "int32") {
    throw new DtypeError(
      `${owner}: class numbers must be an int32 tensor of shape ${formatShape(shape)} (tensor(labels, { dtype: "int32" })); probabilities must have the scores' shape ${formatShape(input.shape)}. This target is ${target.dtype} ${formatShape(target.shape)}.`,
    );
  }
  if (!sameShape(target.shape, shape)) {
    throw new ShapeError(
      `${owner}: scores ${formatShape(input.shape)} need targets ${formatShape(shape)}, one class number for each example, not ${formatShape(target.shape)}.`,
    );
  }
}

/** −weight[target]·logProbability[target] for each example. */
function negativeLogLikelihood(
  owner: string,
  input: Tensor,
  logProbabilities: Tensor,
  target: Tensor,
  options: CrossEntropyOptions,
): WeightedLosses {
  const { weight, ignoreIndex = -100 } = options;
  const shape = exampleShape(input);
  checkClassNumbers(owner, input, target);
  const classes = logProbabilities.shape[1]!;
  if (weight !== undefined && (weight.rank !== 1 || weight.size !== classes)) {
    throw new ShapeError(
      `${owner}: weight must have one number for each of the ${classes} classes, not ${formatShape(weight.shape)}.`,
    );
  }
  const flat = reshape(target, [-1]);
  const keeps = flat.notEqual(ignoreIndex);
  const counts = keeps.to(logProbabilities.dtype);
  const safe = checkIndex(owner, where(keeps, flat, 0), classes);
  const chosen = gather(logProbabilities, 1, reshape(safe, [-1, 1])).reshape([-1]);
  const weights = weight === undefined ? counts : mul(weight.indexSelect(0, safe), counts);
  return { losses: chosen.neg().mul(weights).reshape(shape), counts, total: weights.sum() };
}

function reduceWeighted(owner: string, { losses, total }: WeightedLosses, reduction: Reduction): Tensor {
  if (reduction !== "mean") return reduceLoss(owner, losses, reduction);
  return losses.sum().div(total);
}

/** −input[target] for log-probabilities (N, C): crossEntropy without the softmax. */
export function nllLoss(
  input: Tensor,
  target: Tensor,
  options: Omit<CrossEntropyOptions, "labelSmoothing"> = {},
): Tensor {
  checkOptions("nllLoss", options, ["reduction", "weight", "ignoreIndex"]);
  checkLogits("nllLoss", input, target, options);
  const losses = negativeLogLikelihood("nllLoss", input, classesLast(input), target, options);
  return reduceWeighted("nllLoss", losses, options.reduction ?? "mean");
}

/** What the losses for yes and no can be told. */
export interface BinaryOptions extends LossOptions {
  /** A factor for each example or number, broadcast. */
  weight?: Tensor;
}

/**
 * Binary cross-entropy of scores z and targets y in [0, 1]: −p·y·ln σ(z) − (1 − y)·ln(1 − σ(z)), without overflow;
 * p is posWeight (default 1).
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: BinaryOptions & { posWeight?: Tensor } = {},
): Tensor {
  checkOptions("binaryCrossEntropyWithLogits", options, ["reduction", "weight", "posWeight"]);
  checkSameShape("binaryCrossEntropyWithLogits", input, target);
  const { weight, posWeight } = options;
  if (weight !== undefined) checkTensor("binaryCrossEntropyWithLogits", "weight", weight);
  if (posWeight !== undefined) checkTensor("binaryCrossEntropyWithLogits", "posWeight", posWeight);
  const y = target.to(input.dtype);
  // (1 − y)·z + (1 + (p − 1)·y)·ln(1 + e⁻ᶻ)
  const softened = softplusOf(input.neg());
  const positive = posWeight === undefined ? softened : y.mul(posWeight.sub(1)).add(1).mul(softened);
  const losses = y.neg().add(1).mul(input).add(positive);
  return reduceLoss(
    "binaryCrossEntropyWithLogits",
    weight === undefined ? losses : losses.mul(weight),
    options.reduction,
  );
}

/** Binary cross-entropy of probabilities; logarithms are kept above −100. */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BinaryOptions = {}): Tensor {
  checkOptions("binaryCrossEntropy", options, ["reduction", "weight"]);
  checkSameShape("binaryCrossEntropy", input, target);
  if (options.weight !== undefined) checkTensor("binaryCrossEntropy", "weight", options.weight);
  const y = target.to(input.dtype);
  const positive = input.log().maximum(-100).mul(y);
  const negative = input.neg().log1p().maximum(-100).mul(y.neg().add(1));
  const losses = positive.add(negative).neg();
  return reduceLoss(
    "binaryCrossEntropy",
    options.weight === undefined ? losses : losses.mul(options.weight),
    options.reduction,
  );
}

/**
 * Kullback–Leibler divergence target·(ln target − input), where input is log-probabilities; 0 where the target is 0.
 * "batchmean" divides the sum by the number of rows, which is the mathematical mean; "mean" divides by all numbers.
 */
export function klDiv(
  input: Tensor,
  target: Tensor,
  options: { reduction?: Reduction | "batchmean"; logTarget?: boolean } = {},
): Tensor {
  checkOptions("klDiv", options, ["reduction", "logTarget"]);
  checkSameShape("klDiv", input, target);
  const { reduction = "mean", logTarget = false } = options;
  checkBoolean("klDiv", "logTarget", logTarget);
  const positive = target.greater(0);
  const losses = logTarget
    ? exp(target).mul(target.sub(input))
    : where(positive, target.mul(where(positive, target, 1).log().sub(input)), 0);
  if (reduction === "batchmean") return losses.sum().div(input.shape[0] ?? 1);
  return reduceLoss("klDiv", losses, reduction);
}
