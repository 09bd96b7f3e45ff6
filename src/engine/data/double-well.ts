// A loss of one parameter with a sharp and a flat minimum, seen through noisy examples.
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
import { checkSize } from "../memory/heap.ts";
import { Tensor } from "../tensor.ts";
import { checkFinite, checkFloatDtype, generatorFrom, seedOptionNames, type SeedOptions } from "./common.ts";

/** A dip of a loss: −depth·exp(−(t − at)²/(2·width²)). */
export interface Well {
  at: number;
  width: number;
  /** Default 1. */
  depth?: number;
}

export interface DoubleWellOptions extends SeedOptions {
  /** How many examples. Default 256. */
  nSamples?: number;
  /** Standard deviation of the examples' tilts. Default 5. */
  noise?: number;
  /** The dips. Default: a narrow one at −1 (width 0.12) and a wide one at 1.5 (width 0.8), both of depth 1. */
  wells?: readonly Well[];
  /** The bowl (curvature/2)·(t − at)² that holds them. Default: at 0.25, curvature 0.1, which makes the wells equally deep. */
  bowl?: { at: number; curvature: number };
  /** Element type of the examples. Default float32. */
  dtype?: FloatDtype;
}

/**
 * Examples that all see the same loss f(t), each with a tilt of its own: example i has the loss f(t) + xᵢ·t. The tilts sum to
 * 0, so over all examples the loss is f; over a batch it is f tilted by the batch's mean, the noisier the smaller the batch.
 *
 *     const { X, loss } = data.makeDoubleWell({ seed: 1 });
 *     const t = tensor(-1, { requiresGrad: true });
 *     loss(t, batch).backward();            // batch: some rows of X
 *
 * f(t) = (curvature/2)·(t − at)² − Σ depth·exp(−(t − at)²/(2·width²)): the bowl and the wells.
 * @returns X: (n, 1), the tilts; loss: of t of any shape, elementwise, for the given rows of X (all when left out). With a batch of
 *   shape (examples, runs) and t of shape (runs,), every run has its own examples
 */
export function makeDoubleWell(options: DoubleWellOptions = {}): {
  X: Tensor;
  loss: (t: Tensor, batch?: Tensor) => Tensor;
} {
  const owner = "data.makeDoubleWell";
  checkOptions(owner, options, ["nSamples", "noise", "wells", "bowl", "dtype", ...seedOptionNames]);
  const {
    nSamples: n = 256,
    noise = 5,
    wells = [
      { at: -1, width: 0.12 },
      { at: 1.5, width: 0.8 },
    ],
    bowl = { at: 0.25, curvature: 0.1 },
    dtype = "float32",
  } = options;
  checkNumber(owner, "nSamples", n, { min: 1, whole: true });
  checkNumber(owner, "noise", noise, { min: 0 });
  checkFinite(owner, "noise", noise);
  checkFloatDtype(owner, dtype);
  if (!Array.isArray(wells)) {
    throw new OptionError(
      `${owner}: wells must be an array of { at, width, depth }, not ${describe(wells)}.`,
    );
  }
  checkOptions(`${owner}: bowl`, bowl, ["at", "curvature"]);
  checkNumber(owner, "bowl.at", bowl.at);
  checkNumber(owner, "bowl.curvature", bowl.curvature);
  for (const [i, well] of (wells as Well[]).entries()) {
    checkOptions(`${owner}: wells[${i}]`, well, ["at", "width", "depth"]);
    checkNumber(owner, `wells[${i}].at`, well.at);
    checkNumber(owner, `wells[${i}].width`, well.width, { min: Number.MIN_VALUE });
    checkNumber(owner, `wells[${i}].depth`, well.depth ?? 1);
  }
  checkSize(owner, "float64", n);
  const tilts = generatorFrom(owner, options).normalArray(n);
  let sum = 0;
  for (const tilt of tilts) sum += tilt;
  const X = Tensor.adopt(
    tilts.map((tilt) => noise * (tilt - sum / n)),
    [n, 1],
    "float64",
  ).to(dtype);
  const loss = (t: Tensor, batch?: Tensor): Tensor => {
    checkArguments(t, batch);
    let value = t
      .sub(bowl.at)
      .square()
      .mul(bowl.curvature / 2);
    for (const { at, width, depth = 1 } of wells as Well[]) {
      value = value.sub(
        t
          .sub(at)
          .square()
          .mul(-1 / (2 * width * width))
          .exp()
          .mul(depth),
      );
    }
    if (batch === undefined) return value;
    const tilt = batch.mean(0);
    return value.add((tilt.size === 1 ? tilt.reshape([]) : tilt).to(t.dtype).mul(t));
  };
  return { X, loss };
}

function checkArguments(t: unknown, batch: unknown): void {
  const owner = "data.makeDoubleWell: loss";
  if (!(t instanceof Tensor)) throw new ValueError(`${owner}: t must be a tensor, not ${describe(t)}.`);
  if (batch === undefined) return;
  if (!(batch instanceof Tensor)) {
    throw new ValueError(`${owner}: the batch must be rows of X, not ${describe(batch)}.`);
  }
  if (batch.rank === 2 && batch.shape[0]! > 0) return;
  throw new ShapeError(
    `${owner}: the batch must be rows of X, (examples, 1), not ${formatShape(batch.shape)}.`,
  );
}
