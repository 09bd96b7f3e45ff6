// The namespace `metrics`: how good predictions are, as plain numbers and small tables. Nothing here has a gradient.
import { isFloat } from "../dtype.ts";
import {
  DtypeError,
  ShapeError,
  ValueError,
  checkNumber,
  checkOptions,
  describe,
  formatShape,
} from "../errors.ts";
import { sameShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** One class number an example, from class numbers or, for scores (n, classes), the class with the highest score. */
function predictedClasses(owner: string, predictions: unknown): Int32Array {
  if (!(predictions instanceof Tensor)) {
    throw new ValueError(`${owner}: the predictions must be a tensor, not ${describe(predictions)}.`);
  }
  const { shape, dtype } = predictions;
  if (isFloat(dtype) && predictions.rank === 2 && shape[1]! > 1) {
    return predictions.detach().argmax(1).data as Int32Array;
  }
  if (!isFloat(dtype) && predictions.rank === 1) return predictions.data as Int32Array;
  const binary =
    isFloat(dtype) && (predictions.rank === 1 || shape[1] === 1)
      ? " For two classes and one score z compare it first: z.reshape([-1]).greater(0)."
      : "";
  throw new ShapeError(
    `${owner}: the predictions must be scores (n, classes) or int32 class numbers (n,), not ${dtype} ${formatShape(shape)}.${binary}`,
  );
}

function trueClasses(owner: string, labels: unknown, count: number): Int32Array {
  if (!(labels instanceof Tensor)) {
    throw new ValueError(`${owner}: the labels must be a tensor, not ${describe(labels)}.`);
  }
  if (labels.dtype !== "int32") {
    throw new DtypeError(
      `${owner}: the labels must be class numbers with dtype int32, not ${labels.dtype}. Convert with .to("int32").`,
    );
  }
  if (labels.rank !== 1 || labels.size !== count) {
    throw new ShapeError(
      `${owner}: the labels must be one class number for each of the ${count} predictions, (${count},), not ${formatShape(labels.shape)}.`,
    );
  }
  if (count === 0) throw new ShapeError(`${owner}: there are no examples.`);
  return labels.data as Int32Array;
}

/**
 * The share of examples whose predicted class is right, 0 … 1.
 *
 *     metrics.accuracy(model.forward(XTest), yTest)
 *
 * @param predictions scores or probabilities (n, classes), of which the highest counts, or int32 class numbers (n,)
 * @param labels the true classes, int32 (n,)
 * @param options topk: right if the true class is among the k highest scores (of equal scores the first ones); default 1
 */
export function accuracy(predictions: Tensor, labels: Tensor, options: { topk?: number } = {}): number {
  const owner = "metrics.accuracy";
  checkOptions(owner, options, ["topk"]);
  const { topk = 1 } = options;
  const guesses = predictedClasses(owner, predictions);
  const truth = trueClasses(owner, labels, guesses.length);
  const classes = predictions.rank === 2 ? predictions.shape[1]! : 1;
  checkNumber(owner, "topk", topk, { min: 1, max: classes, whole: true });
  let right = 0;
  if (topk === 1) {
    for (let i = 0; i < truth.length; i++) if (guesses[i] === truth[i]) right++;
    return right / truth.length;
  }
  const scores = predictions.data;
  for (let i = 0; i < truth.length; i++) {
    const k = truth[i]!;
    if (k < 0 || k >= classes) continue;
    const own = scores[i * classes + k]!;
    let ahead = 0;
    for (let j = 0; j < classes; j++) {
      const other = scores[i * classes + j]!;
      if (other > own || (other === own && j < k)) ahead++;
    }
    // Not true of NaN either way, so that a score of NaN is never right.
    if (ahead < topk && own === own) right++;
  }
  return right / truth.length;
}

/**
 * How often which class was taken for which: entry (i, j) counts the examples of class i that were predicted as class j.
 * @param predictions scores (n, classes) or int32 class numbers (n,)
 * @param labels the true classes, int32 (n,)
 * @param options classes: their number; default: of the scores, or up to the largest class number that occurs
 * @returns int32 (classes, classes); its diagonal holds what was right
 */
export function confusionMatrix(
  predictions: Tensor,
  labels: Tensor,
  options: { classes?: number } = {},
): Tensor {
  const owner = "metrics.confusionMatrix";
  checkOptions(owner, options, ["classes"]);
  const guesses = predictedClasses(owner, predictions);
  const truth = trueClasses(owner, labels, guesses.length);
  let needed = predictions.rank === 2 ? predictions.shape[1]! : 1;
  for (let i = 0; i < truth.length; i++) {
    for (const [name, value] of [
      ["label", truth[i]!],
      ["prediction", guesses[i]!],
    ] as const) {
      if (value < 0) {
        throw new ValueError(
          `${owner}: the ${name} at position ${i} is ${value}; classes are numbered from 0.`,
        );
      }
      needed = Math.max(needed, value + 1);
    }
  }
  const { classes = needed } = options;
  checkNumber(owner, "classes", classes, { min: needed, whole: true });
  const counts = new Int32Array(classes * classes);
  for (let i = 0; i < truth.length; i++) counts[truth[i]! * classes + guesses[i]!]!++;
  return Tensor.adopt(counts, [classes, classes], "int32");
}

/** Each class's numbers, in the order of the classes. */
export interface ClassReport {
  /** Of those predicted as this class, the share that is. 0 if none was. */
  precision: number[];
  /** Of those of this class, the share that was predicted so. 0 if there are none. */
  recall: number[];
  /** 2·precision·recall/(precision + recall), 0 if both are 0. */
  f1: number[];
  /** How many examples the class has. */
  support: number[];
}

/** Precision, recall and F1 of each class: what accuracy hides when classes are unequal. Arguments as for confusionMatrix. */
export function classReport(
  predictions: Tensor,
  labels: Tensor,
  options: { classes?: number } = {},
): ClassReport {
  const matrix = confusionMatrix(predictions, labels, options);
  const classes = matrix.shape[0]!;
  const counts = matrix.data;
  const report: ClassReport = { precision: [], recall: [], f1: [], support: [] };
  const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  for (let k = 0; k < classes; k++) {
    let [support, predicted] = [0, 0];
    for (let j = 0; j < classes; j++) {
      support += counts[k * classes + j]!;
      predicted += counts[j * classes + k]!;
    }
    const right = counts[k * classes + k]!;
    report.precision.push(ratio(right, predicted));
    report.recall.push(ratio(right, support));
    report.f1.push(ratio(2 * right, support + predicted));
    report.support.push(support);
  }
  return report;
}

/**
 * The share of the targets' variance that predictions explain, R² = 1 − Σ(y − ŷ)²/Σ(y − ȳ)²: 1 is perfect, 0 no better than the
 * mean. Of several columns the mean; 0 for a constant target that is not met exactly.
 * @param predictions and targets of one shape, (n,) or (n, columns)
 */
export function r2Score(predictions: Tensor, targets: Tensor): number {
  const owner = "metrics.r2Score";
  for (const [name, each] of Object.entries({ predictions, targets })) {
    if (!(each instanceof Tensor)) {
      throw new ValueError(`${owner}: the ${name} must be a tensor, not ${describe(each)}.`);
    }
  }
  if (!sameShape(predictions.shape, targets.shape)) {
    throw new ShapeError(
      `${owner}: predictions ${formatShape(predictions.shape)} and targets ${formatShape(targets.shape)} must have the same shape.`,
    );
  }
  if (predictions.rank < 1 || predictions.rank > 2 || predictions.size === 0 || predictions.shape[0]! < 2) {
    throw new ShapeError(
      `${owner}: needs (n,) or (n, columns) with at least two examples, not ${formatShape(predictions.shape)}.`,
    );
  }
  const [guess, truth] = [predictions.data, targets.data];
  const n = predictions.shape[0]!;
  const columns = predictions.size / n;
  let total = 0;
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += truth[i * columns + j]! / n;
    let [left, all] = [0, 0];
    for (let i = 0; i < n; i++) {
      const y = truth[i * columns + j]!;
      const miss = y - guess[i * columns + j]!;
      left += miss * miss;
      all += (y - mean) * (y - mean);
    }
    total += all > 0 ? 1 - left / all : left === 0 ? 1 : left > 0 ? 0 : NaN;
  }
  return total / columns;
}
