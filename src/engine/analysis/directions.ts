// Directions in the space of all parameters: random ones of the right size, and the ones a trajectory takes.
import { noGrad } from "../autograd/tape.ts";
import {
  OptionError,
  ShapeError,
  ValueError,
  checkNumber,
  checkOptions,
  describe,
  formatShape,
} from "../errors.ts";
import type { FloatDtype } from "../dtype.ts";
import { eigh } from "../linalg/eigh.ts";
import type { Module } from "../nn/module.ts";
import { defaultGenerator, type Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import { checkFlag, checkModel } from "./function.ts";
import { generatorOf } from "./lanczos.ts";

/** How many random directions, and how long. */
export interface RandomDirectionsOptions {
  /**
   * "filter" (default): each filter of a direction (what makes one output: a row of a linear layer's weight, a kernel of a
   * convolution) gets the length of the model's own filter. "layer": each parameter tensor gets the length of the
   * model's own. "none": normal numbers as they are.
   */
  normalization?: "filter" | "layer" | "none";
  /**
   * Zeros for parameters of fewer than two dimensions: biases, scales and shifts of normalisation layers. Default true;
   * if false they are treated as one filter each.
   */
  zeroBiases?: boolean;
  /** How many directions. Default 2. */
  count?: number;
  /** Default: the default generator. */
  generator?: Generator;
}

/**
 * Random directions in the space of a model's parameters, as vectors (n,) in the order of parametersToVector.
 *
 * A ReLU network computes the same function when one layer is made larger and the next smaller, so a step of a fixed
 * length means nothing; filter normalisation takes that freedom out (Li, Xu, Taylor, Studer and Goldstein, 2018,
 * "Visualizing the loss landscape of neural nets", section 4):  d ← d/‖d‖·‖θ‖ for each filter.
 *
 *     const directions = analysis.randomDirections(model, { generator: new Generator(1) });
 */
export function randomDirections(model: Module, options: RandomDirectionsOptions = {}): Tensor[] {
  const owner = "analysis.randomDirections";
  checkModel(owner, model);
  checkOptions(owner, options, ["normalization", "zeroBiases", "count", "generator"]);
  const { normalization = "filter", zeroBiases = true, count = 2 } = options;
  if (normalization !== "filter" && normalization !== "layer" && normalization !== "none") {
    throw new OptionError(
      `${owner}: normalization must be "filter", "layer" or "none", not ${describe(normalization)}.`,
    );
  }
  checkFlag(owner, "zeroBiases", zeroBiases);
  checkNumber(owner, "count", count, { min: 1, max: 1e6, whole: true });
  const generator =
    options.generator === undefined ? defaultGenerator : generatorOf(owner, options.generator);
  const parameters = model.parameters();
  const size = parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  const dtype = parameters[0]!.dtype as FloatDtype;
  return Array.from({ length: count }, () => {
    const direction = new Float64Array(size);
    let start = 0;
    for (const parameter of parameters) {
      const part = direction.subarray(start, start + parameter.size);
      start += parameter.size;
      const flat = parameter.rank < 2;
      if (flat && zeroBiases) continue;
      part.set(generator.normalArray(parameter.size));
      if (normalization === "none") continue;
      const filters = flat || normalization === "layer" ? 1 : parameter.shape[0]!;
      matchLengths(part, parameter.data, filters);
    }
    return noGrad(() => Tensor.adopt(direction, [size], "float64").to(dtype));
  });
}

/** Scales each of the equal parts of `direction` to the length of the same part of `model`. */
function matchLengths(direction: Float64Array, model: ArrayLike<number>, parts: number): void {
  const length = direction.length / parts;
  for (let part = 0; part < parts; part++) {
    let own = 0;
    let wanted = 0;
    for (let i = part * length; i < (part + 1) * length; i++) {
      own += direction[i]! * direction[i]!;
      wanted += model[i]! * model[i]!;
    }
    const factor = own > 0 ? Math.sqrt(wanted / own) : 0;
    for (let i = part * length; i < (part + 1) * length; i++) direction[i]! *= factor;
  }
}

/** Points in the space of parameters: vectors, arrays of numbers (as in a trajectory), or the rows of one tensor. */
export type Points = readonly Tensor[] | readonly (readonly number[])[] | Tensor;

/** The points as float64 rows of one length. */
export function rowsOf(owner: string, points: unknown): Float64Array[] {
  let list: unknown[];
  if (points instanceof Tensor) {
    if (points.rank !== 2) {
      throw new ShapeError(
        `${owner}: points in one tensor must be its rows, (points, n), not ${formatShape(points.shape)}.`,
      );
    }
    list = [...points.detach()];
  } else if (Array.isArray(points)) list = points as unknown[];
  else {
    throw new ValueError(
      `${owner}: the points must be an array of vectors, or a tensor (points, n), not ${describe(points)}.`,
    );
  }
  const rows = list.map((point) => rowOf(owner, point));
  for (const row of rows) {
    if (row.length !== rows[0]!.length) {
      throw new ShapeError(
        `${owner}: all points must hold equally many numbers; one has ${rows[0]!.length}, another ${row.length}.`,
      );
    }
  }
  return rows;
}

/** One point as float64 numbers. */
export function rowOf(owner: string, point: unknown): Float64Array {
  if (point instanceof Tensor) return Float64Array.from(point.data);
  if (Array.isArray(point) && point.every((value) => typeof value === "number")) {
    return Float64Array.from(point);
  }
  throw new ValueError(`${owner}: a point must be a tensor or an array of numbers, not ${describe(point)}.`);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Which principal directions. */
export interface PcaOptions {
  /** How many directions. Default 2. */
  count?: number;
  /** What the points are compared with: the last of them (default, as Li et al. do) or their mean. */
  centre?: "last" | "mean";
}

/** What pcaDirections finds. */
export interface Pca {
  /** Orthonormal, (n,) float64, the most important first. */
  directions: Tensor[];
  /** The share of the points' spread around the centre that lies along each direction. */
  explained: number[];
  /** (n,) float64. */
  centre: Tensor;
  /** Each point's coordinates along the directions, seen from the centre. */
  coordinates: number[][];
}

/**
 * The directions along which a trajectory moves most: the principal components of its points, seen from the last one
 * (Li et al., 2018, section 7). Each direction's sign is chosen so that its largest component is positive.
 *
 *     const { directions, coordinates } = analysis.pcaDirections(path.points);
 *
 * High-dimensional random walks also look like this: their first components explain most of the spread (Antognini and
 * Sohl-Dickstein, 2018), so a high `explained` alone proves nothing.
 */
export function pcaDirections(points: Points, options: PcaOptions = {}): Pca {
  const owner = "analysis.pcaDirections";
  checkOptions(owner, options, ["count", "centre"]);
  const { count = 2, centre: which = "last" } = options;
  const rows = rowsOf(owner, points);
  if (rows.length < 2) {
    throw new ValueError(`${owner}: needs at least two points, not ${rows.length}.`);
  }
  const n = rows[0]!.length;
  checkNumber(owner, "count", count, {
    min: 1,
    max: Math.min(n, rows.length - (which === "last" ? 1 : 0)),
    whole: true,
  });
  if (which !== "last" && which !== "mean") {
    throw new OptionError(`${owner}: centre must be "last" or "mean", not ${describe(which)}.`);
  }
  const centre = which === "last" ? rows[rows.length - 1]!.slice() : meanOf(rows);
  const moved = rows.map((row) => row.map((value, i) => value - centre[i]!));
  return noGrad(() => {
    const matrix = Tensor.adopt(flatten(moved, n), [moved.length, n], "float64");
    // Eigenvectors of the smaller of M·Mᵀ and Mᵀ·M.
    const wide = moved.length <= n;
    const { eigenvalues, eigenvectors } = eigh(wide ? matrix.matmul(matrix.T) : matrix.T.matmul(matrix));
    const values = Array.from(eigenvalues.data, (value) => Math.max(0, value));
    const total = values.reduce((sum, value) => sum + value, 0);
    if (!(total > 0)) throw new ValueError(`${owner}: all points are equal, so there is no direction.`);
    const directions: Float64Array[] = [];
    const explained: number[] = [];
    for (let i = 0; i < count; i++) {
      const at = values.length - 1 - i;
      const column = eigenvectors.select(1, at);
      const raw = (wide ? matrix.T.matmul(column) : column).data as Float64Array;
      directions.push(asUnit(raw, directions));
      explained.push(values[at]! / total);
    }
    return {
      directions: directions.map((direction) => Tensor.adopt(direction.slice(), [n], "float64")),
      explained,
      centre: Tensor.adopt(centre, [n], "float64"),
      coordinates: moved.map((row) => directions.map((direction) => dot(row, direction))),
    };
  });
}

function meanOf(rows: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(rows[0]!.length);
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i]! += row[i]!;
  return mean.map((sum) => sum / rows.length);
}

function flatten(rows: readonly Float64Array[], n: number): Float64Array<ArrayBuffer> {
  const all = new Float64Array(rows.length * n);
  for (const [i, row] of rows.entries()) all.set(row, i * n);
  return all;
}

/** The vector made orthogonal to the others and of length 1, its largest component positive. */
function asUnit(vector: Float64Array, others: readonly Float64Array[]): Float64Array {
  const n = vector.length;
  let unit = vector;
  // Where the points span fewer dimensions than asked for, the vector is nothing but rounding: an axis has to serve.
  for (let axis = -1; axis < n; axis++) {
    const candidate =
      axis < 0 ? unit.slice() : Float64Array.from({ length: n }, (_, i) => (i === axis ? 1 : 0));
    const before = Math.sqrt(dot(candidate, candidate));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of others) {
        const along = dot(candidate, other);
        for (let i = 0; i < n; i++) candidate[i]! -= along * other[i]!;
      }
    }
    const length = Math.sqrt(dot(candidate, candidate));
    if (!(length > 1e-6 * before)) continue;
    unit = candidate.map((value) => value / length);
    break;
  }
  let largest = 0;
  for (const value of unit) if (Math.abs(value) > Math.abs(largest) * (1 + 1e-9)) largest = value;
  return largest < 0 ? unit.map((value) => -value) : unit;
}

/**
 * The coordinates of points along directions, seen from `origin`: the c that make ‖origin + Σ cᵢ·directionᵢ − point‖
 * smallest. The directions need not be orthogonal.
 * @returns one array of coordinates for each point
 */
export function project(
  points: Points,
  options: { origin: Tensor | readonly number[]; directions: readonly (Tensor | readonly number[])[] },
): number[][] {
  const owner = "analysis.project";
  checkOptions(owner, options, ["origin", "directions"]);
  const project = projector(owner, options.origin, options.directions);
  return rowsOf(owner, points).map(project);
}

/** A function that gives a point's coordinates. */
export function projector(
  owner: string,
  origin: unknown,
  directions: unknown,
): (point: Float64Array) => number[] {
  const from = rowOf(owner, origin);
  const axes = rowsOf(owner, directions);
  if (axes.length === 0) throw new ValueError(`${owner}: needs at least one direction.`);
  if (axes[0]!.length !== from.length) {
    throw new ShapeError(
      `${owner}: the origin has ${from.length} numbers, the directions have ${axes[0]!.length}; they must be equal.`,
    );
  }
  // Gram and Schmidt: each axis is Σ upper[i][j]·(orthonormal axis i); coordinates come back by substitution.
  const units: Float64Array[] = [];
  const upper: number[][] = [];
  for (const [j, axis] of axes.entries()) {
    const rest = axis.slice();
    const column = Array.from({ length: axes.length }, () => 0);
    for (let pass = 0; pass < 2; pass++) {
      for (const [i, unit] of units.entries()) {
        const along = dot(rest, unit);
        column[i]! += along;
        for (let k = 0; k < rest.length; k++) rest[k]! -= along * unit[k]!;
      }
    }
    const length = Math.sqrt(dot(rest, rest));
    if (!(length > 1e-12 * Math.sqrt(dot(axis, axis)))) {
      throw new ValueError(
        `${owner}: direction ${j} is ${length === 0 && dot(axis, axis) === 0 ? "zero" : "a combination of the ones before it"}, so coordinates along it mean nothing.`,
      );
    }
    column[j] = length;
    units.push(rest.map((value) => value / length));
    upper.push(column);
  }
  return (point) => {
    if (point.length !== from.length) {
      throw new ShapeError(
        `${owner}: a point has ${point.length} numbers, the origin ${from.length}; they must be equal.`,
      );
    }
    const moved = point.map((value, i) => value - from[i]!);
    const coordinates = units.map((unit) => dot(moved, unit));
    for (let j = coordinates.length - 1; j >= 0; j--) {
      for (let k = j + 1; k < coordinates.length; k++) coordinates[j]! -= upper[k]![j]! * coordinates[k]!;
      coordinates[j]! /= upper[j]![j]!;
    }
    return coordinates;
  };
}
