// Made-up classification problems: points from normal distributions.
import { allocateArray, type FloatDtype } from "../dtype.ts";
import { OptionError, checkNumber, describe } from "../errors.ts";
import { checkSize } from "../memory/heap.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import { checkFinite, checkNumbers } from "./common.ts";
import { begin, checkNames, finish, type ClassificationData, type ClassificationOptions } from "./frame.ts";

export interface BlobsOptions extends ClassificationOptions {
  /** How many blobs, or where their centres are, one row each. Default 3 (or as many as nSamples or clusterStd name). */
  centers?: number | readonly (readonly number[])[];
  /** Features, where the centres are drawn at random. Default 2. */
  nFeatures?: number;
  /** Standard deviation of every blob, or of each its own. Default 1. */
  clusterStd?: number | readonly number[];
  /** The interval from which coordinates of random centres are drawn. Default [−10, 10]. */
  centerBox?: readonly [low: number, high: number];
}

/**
 * Round normal blobs, one a class.
 * @returns also `centers`: (blobs, features)
 */
export function makeBlobs(options: BlobsOptions = {}): ClassificationData & { centers: Tensor } {
  const owner = checkNames("makeBlobs", options, ["centers", "nFeatures", "clusterStd", "centerBox"]);
  const named = [options.nSamples, options.clusterStd, options.weights].find((each) => Array.isArray(each));
  const {
    centers = Array.isArray(named) ? named.length : 3,
    clusterStd = 1,
    centerBox = [-10, 10],
  } = options;
  if (typeof centers === "number") checkNumber(owner, "centers", centers, { min: 1, whole: true });
  else checkMatrix(owner, "centers", centers);
  const frame = begin(owner, options, typeof centers === "number" ? centers : centers.length);
  const { generator, counts } = frame;
  const { nFeatures = typeof centers === "number" ? 2 : centers[0]!.length } = options;
  checkNumber(owner, "nFeatures", nFeatures, { min: 1, whole: true });
  checkNumbers(owner, "centerBox", centerBox, { length: 2 });
  checkSize(owner, "float64", counts.reduce((sum, count) => sum + count, 0) * nFeatures);
  const means =
    typeof centers === "number"
      ? Array.from({ length: centers }, () =>
          Array.from({ length: nFeatures }, () => generator.uniform(...centerBox)),
        )
      : centers;
  if (means[0]!.length !== nFeatures) {
    throw new OptionError(
      `${owner}: the centers have ${means[0]!.length} coordinates, nFeatures is ${nFeatures}; leave nFeatures out.`,
    );
  }
  const deviations = perClass(owner, "clusterStd", clusterStd, counts.length);
  const points = normalPoints(
    generator,
    counts,
    nFeatures,
    (k, z, j) => means[k]![j]! + deviations[k]! * z[j]!,
  );
  const { X, y } = finish(frame, points, nFeatures);
  return { X, y, centers: matrix(means, options.dtype) };
}

function perClass(owner: string, name: string, value: number | readonly number[], classes: number): number[] {
  if (typeof value !== "number") {
    checkNumbers(owner, name, value, { min: 0, length: classes });
    return [...value];
  }
  checkNumber(owner, name, value, { min: 0 });
  checkFinite(owner, name, value);
  return Array.from({ length: classes }, () => value);
}

/** Refuses what is not a list of equally long lists of numbers. */
export function checkMatrix(owner: string, name: string, rows: unknown): asserts rows is readonly number[][] {
  if (!Array.isArray(rows) || rows.length === 0 || !Array.isArray(rows[0]) || rows[0].length === 0) {
    throw new OptionError(
      `${owner}: ${name} must be an array of rows of numbers, such as [[0, 0], [3, 3]], not ${describe(rows)}.`,
    );
  }
  for (const [i, row] of rows.entries()) {
    checkNumbers(owner, `${name}[${i}]`, row, { length: rows[0].length });
  }
}

function matrix(rows: readonly (readonly number[])[], dtype: FloatDtype = "float32"): Tensor {
  const values = allocateArray(dtype, rows.length * rows[0]!.length);
  values.set(rows.flat());
  return Tensor.adopt(values, [rows.length, rows[0]!.length], dtype);
}

/** Points made of as many independent standard normal numbers as they have coordinates, class by class. */
function normalPoints(
  generator: Generator,
  counts: readonly number[],
  features: number,
  place: (k: number, z: Float64Array<ArrayBuffer>, j: number) => number,
): Float64Array<ArrayBuffer> {
  const points: number[] = [];
  for (const [k, count] of counts.entries()) {
    for (let i = 0; i < count; i++) {
      const z = generator.normalArray(features);
      for (let j = 0; j < features; j++) points.push(place(k, z, j));
    }
  }
  return Float64Array.from(points);
}

export interface GaussianMixtureOptions extends ClassificationOptions {
  /** The components' means, one row each. */
  means: readonly (readonly number[])[];
  /**
   * Their covariance matrices (symmetric, positive definite); or a variance for all directions, the same for all components or
   * each its own. Default 1.
   */
  covariances?: number | readonly number[] | readonly (readonly (readonly number[])[])[];
  /** The class of each component. Default: each is a class of its own. */
  classes?: readonly number[];
}

/**
 * A mixture of normal distributions with given means and covariances. `weights` (and nSamples, when a list) count components.
 * Points are mean + L·z with standard normal z and the Cholesky factor L of the covariance.
 * @returns also `component`: (n,) int32, the component that each point comes from
 */
export function makeGaussianMixture(
  options: GaussianMixtureOptions,
): ClassificationData & { component: Tensor } {
  const owner = checkNames("makeGaussianMixture", options, ["means", "covariances", "classes"]);
  const { means, covariances = 1, classes } = options;
  checkMatrix(owner, "means", means);
  const frame = begin(owner, options, means.length);
  const { generator, counts } = frame;
  const features = means[0]!.length;
  if (classes !== undefined) {
    checkNumbers(owner, "classes", classes, { min: 0, whole: true, length: means.length });
  }
  const factors = choleskyFactors(owner, covariances, means.length, features);
  const points = normalPoints(generator, counts, features, (k, z, j) => {
    let value = means[k]![j]!;
    for (let i = 0; i <= j; i++) value += factors[k]![j]![i]! * z[i]!;
    return value;
  });
  const { X, y, group } = finish(frame, points, features, classes);
  return { X, y, component: group };
}

function choleskyFactors(
  owner: string,
  covariances: NonNullable<GaussianMixtureOptions["covariances"]>,
  components: number,
  features: number,
): number[][][] {
  const variances = Array.isArray(covariances) && typeof covariances[0] === "number";
  if (typeof covariances === "number" || variances) {
    return perClass(owner, "covariances", covariances as number | number[], components).map((variance) =>
      Array.from({ length: features }, (_, i) =>
        Array.from({ length: features }, (_, j) => (i === j ? Math.sqrt(variance) : 0)),
      ),
    );
  }
  if (!Array.isArray(covariances) || covariances.length !== components) {
    throw new OptionError(
      `${owner}: covariances must hold one matrix for each of the ${components} means, not ${describe(covariances)}.`,
    );
  }
  return covariances.map((each: unknown, k) => {
    checkMatrix(owner, `covariances[${k}]`, each);
    if (each.length !== features || each[0]!.length !== features) {
      throw new OptionError(
        `${owner}: covariances[${k}] must be ${features} × ${features}, as the means have ${features} coordinates; it is ${each.length} × ${each[0]!.length}.`,
      );
    }
    return cholesky(owner, `covariances[${k}]`, each);
  });
}

/** The lower triangular L with L·Lᵀ = a. */
function cholesky(owner: string, name: string, a: readonly (readonly number[])[]): number[][] {
  const n = a.length;
  const factor = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      if (a[i]![j] !== a[j]![i]) {
        throw new OptionError(
          `${owner}: ${name} is not symmetric: entries (${i}, ${j}) and (${j}, ${i}) differ.`,
        );
      }
      let sum = a[i]![j]!;
      for (let k = 0; k < j; k++) sum -= factor[i]![k]! * factor[j]![k]!;
      if (i !== j) factor[i]![j] = sum / factor[j]![j]!;
      else if (sum > 0) factor[i]![i] = Math.sqrt(sum);
      else
        throw new OptionError(`${owner}: ${name} is not positive definite, so it is no covariance matrix.`);
    }
  }
  return factor;
}
