// The error surface cut along a line: in a direction from a point, or from one point to another.
import { ShapeError, ValueError, checkNumber, checkOptions, describe, formatShape } from "../errors.ts";
import { isFloat } from "../dtype.ts";
import { noGrad } from "../autograd/tape.ts";
import { Tensor } from "../tensor.ts";
import { checkPoint, valueAt, type ScalarFunction } from "./function.ts";
import { checkRange } from "./surface.ts";

/** Values along a line: values[i] at x[i]. */
export interface Curve {
  x: number[];
  values: number[];
}

/** Which stretch of the line. */
export interface LineOptions {
  /** Range of the distance, in lengths of the direction. */
  x?: readonly [number, number];
  /** Points along the line. Default 50. */
  steps?: number;
}

function sample(
  owner: string,
  f: ScalarFunction,
  from: Tensor,
  direction: Tensor,
  options: LineOptions,
  standard: readonly [number, number],
): Curve {
  checkOptions(owner, options, ["x", "steps"]);
  const { steps = 50 } = options;
  checkNumber(owner, "steps", steps, { min: 2, max: 1e7, whole: true });
  const [start, end] = checkRange(owner, "x", options.x ?? standard);
  const x = Array.from({ length: steps }, (_, i) => start + ((end - start) * i) / (steps - 1));
  const values = x.map((t) =>
    valueAt(
      owner,
      f,
      noGrad(() => from.add(direction.mul(t))),
    ),
  );
  return { x, values };
}

/** Two vectors that must lie in one space. */
function checkSameSize(owner: string, name: string, a: Tensor, b: unknown): asserts b is Tensor {
  if (!(b instanceof Tensor)) {
    throw new ValueError(
      `${owner}: the ${name} must be a tensor, not ${describe(b)}. Wrap arrays in tensor(…).`,
    );
  }
  if (a.size === b.size) return;
  throw new ShapeError(
    `${owner}: the ${name} ${formatShape(b.shape)} must have as many numbers as the point ${formatShape(a.shape)}.`,
  );
}

/**
 * f(centre + t·direction) for t over a range, by default [−1, 1].
 *
 *     analysis.lossAlong(f, x, analysis.gradient(f, x), { x: [-0.5, 0.5], steps: 101 })
 */
export function lossAlong(
  f: ScalarFunction,
  centre: Tensor,
  direction: Tensor,
  options: LineOptions = {},
): Curve {
  const owner = "analysis.lossAlong";
  checkPoint(owner, centre);
  checkSameSize(owner, "direction", centre, direction);
  const at = isFloat(centre.dtype) ? centre.detach() : centre.to("float32");
  const along = direction.detach().to(at.dtype).reshape(at.shape);
  return sample(owner, f, at, along, options, [-1, 1]);
}

/**
 * f on the straight line between two points, f((1 − t)·from + t·to), for t over a range, by default [0, 1] (Goodfellow,
 * Vinyals and Saxe, 2015). For two states of a model take f from ofModel and the vectors from parametersToVector.
 *
 *     analysis.interpolate(f, before, after, { x: [-0.25, 1.25], steps: 60 })
 */
export function interpolate(f: ScalarFunction, from: Tensor, to: Tensor, options: LineOptions = {}): Curve {
  const owner = "analysis.interpolate";
  checkPoint(owner, from);
  checkSameSize(owner, "other end", from, to);
  const start = isFloat(from.dtype) ? from.detach() : from.to("float32");
  const difference = noGrad(() => to.detach().to(start.dtype).reshape(start.shape).sub(start));
  return sample(owner, f, start, difference, options, [0, 1]);
}
