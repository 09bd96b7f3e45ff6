// The error surface as numbers on a grid: of a function of two numbers, or along two directions from a point.
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
import { Tensor } from "../tensor.ts";
import { checkFunction, checkPoint, type ScalarFunction } from "./function.ts";

/** Values on a regular grid: values[row·columns + column], row 0 at y[0], column 0 at x[0]. */
export interface Grid {
  x: [min: number, max: number];
  y: [min: number, max: number];
  columns: number;
  rows: number;
  values: number[];
}

/** Which rectangle, and how fine. */
export interface SurfaceOptions {
  /** Range of the first number. */
  x: readonly [number, number];
  /** Range of the second. */
  y: readonly [number, number];
  /** Points along each axis, or [along x, along y]. Default 50. */
  steps?: number | readonly [columns: number, rows: number];
}

interface Resolved {
  x: [number, number];
  y: [number, number];
  columns: number;
  rows: number;
}

export function resolve(owner: string, options: SurfaceOptions, more: readonly string[] = []): Resolved {
  checkOptions(owner, options, ["x", "y", "steps", ...more]);
  const [columns, rows] = counts(owner, options.steps ?? 50);
  return { x: checkRange(owner, "x", options.x), y: checkRange(owner, "y", options.y), columns, rows };
}

function counts(owner: string, steps: unknown): [columns: number, rows: number] {
  if (Array.isArray(steps) && steps.length !== 2) {
    throw new OptionError(
      `${owner}: steps must be a whole number, or two of them, [along x, along y], not ${describe(steps)}.`,
    );
  }
  const [columns, rows] = Array.isArray(steps) ? (steps as unknown[]) : [steps, steps];
  checkNumber(owner, "steps", columns, { min: 2, whole: true });
  checkNumber(owner, "steps", rows, { min: 2, whole: true });
  return [columns, rows];
}

/** The option as a range of finite numbers. */
export function checkRange(owner: string, name: string, value: unknown): [number, number] {
  if (Array.isArray(value) && value.length === 2) {
    const [min, max] = value as [unknown, unknown];
    if (Number.isFinite(min) && Number.isFinite(max) && (min as number) < (max as number)) {
      return [min as number, max as number];
    }
  }
  throw new OptionError(`${owner}: ${name} must be a range [min, max] with min < max, e.g. [-2, 2].`);
}

/** Runs over the grid and collects f at each point. */
export function sample({ x, y, columns, rows }: Resolved, f: (x: number, y: number) => number): Grid {
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const b = y[0] + ((y[1] - y[0]) * row) / (rows - 1);
    for (let column = 0; column < columns; column++) {
      values.push(f(x[0] + ((x[1] - x[0]) * column) / (columns - 1), b));
    }
  }
  return { x, y, columns, rows, values };
}

export function toNumber(owner: string, value: unknown): number {
  if (typeof value === "number") return value;
  if (value instanceof Tensor) return value.item();
  throw new ValueError(
    `${owner}: the function must return a number or a tensor with one number, not ${describe(value)}.`,
  );
}

/**
 * f over a rectangle. f gets the two numbers, or, if it takes one argument, a float64 tensor (2,).
 *
 *     analysis.errorSurface((w) => w.get(0).mul(w.get(1)).sub(1).square(), { x: [-2, 2], y: [-2, 2], steps: 60 })
 */
export function errorSurface(
  f: ((x: number, y: number) => number | Tensor) | ScalarFunction,
  options: SurfaceOptions,
): Grid {
  const owner = "analysis.errorSurface";
  const grid = resolve(owner, options);
  if (typeof f !== "function") throw new ValueError(`${owner}: needs a function, not ${describe(f)}.`);
  const both = f as (x: number, y: number) => number | Tensor;
  const one = f as ScalarFunction;
  return noGrad(() =>
    sample(grid, (x, y) => {
      const value = f.length >= 2 ? both(x, y) : one(Tensor.adopt(Float64Array.of(x, y), [2], "float64"));
      return toNumber(owner, value);
    }),
  );
}

/** Which plane, and which rectangle of it. */
export interface DirectionOptions extends SurfaceOptions {
  /** Two directions of the shape of the centre. */
  directions: readonly [Tensor, Tensor];
}

/**
 * f(centre + a·d₁ + b·d₂) over a rectangle of (a, b): a slice through the error surface of any number of parameters.
 * For a model take f and the centre from analysis.ofModel.
 */
export function errorSurfaceAlong(f: ScalarFunction, centre: Tensor, options: DirectionOptions): Grid {
  const owner = "analysis.errorSurfaceAlong";
  const grid = resolve(owner, options, ["directions"]);
  checkFunction(owner, f);
  checkPoint(owner, centre);
  const [first, second] = checkPair(owner, options.directions);
  for (const direction of [first, second]) {
    if (direction.size !== centre.size) {
      throw new ShapeError(
        `${owner}: each direction must have as many numbers as the centre ${formatShape(centre.shape)}, not ${formatShape(direction.shape)}.`,
      );
    }
  }
  return noGrad(() => {
    const from = centre.detach();
    const along = first.detach().to(centre.dtype).reshape(centre.shape);
    const across = second.detach().to(centre.dtype).reshape(centre.shape);
    return sample(grid, (a, b) => toNumber(owner, f(from.add(along.mul(a)).add(across.mul(b)))));
  });
}

function checkPair(owner: string, directions: unknown): [Tensor, Tensor] {
  if (Array.isArray(directions) && directions.length === 2) {
    const [first, second] = directions as unknown[];
    if (first instanceof Tensor && second instanceof Tensor) return [first, second];
  }
  throw new OptionError(
    `${owner}: directions must be two tensors of the centre's shape, not ${describe(directions)}.`,
  );
}
