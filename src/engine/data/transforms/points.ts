// Augmentation of points in the plane, (n, 2). Every point of a batch draws its own; noise is gaussianNoise.
import { checkNumber, checkOptions } from "../../errors.ts";
import { Tensor } from "../../tensor.ts";
import { checkNumbers, computed, generatorFrom, seedOptionNames, type SeedOptions } from "../common.ts";
import { checkBatch, checkProbability, type Transform } from "./transform.ts";

export interface PointsOptions extends SeedOptions {
  /** Largest angle of rotation around the origin in degrees, either way. Default 0. */
  degrees?: number;
  /** Largest move along x and along y, either way. Default [0, 0]. */
  translate?: readonly [x: number, y: number];
  /** The probability that x changes its sign, and that y does. Default [0, 0]. */
  flip?: readonly [x: number, y: number];
}

/** Flips, then turns, then moves points, each by its own amount, all equally likely within the limits. */
export function randomPoints(options: PointsOptions = {}): Transform {
  const owner = "randomPoints";
  checkOptions(owner, options, ["degrees", "translate", "flip", ...seedOptionNames]);
  const { degrees = 0, translate = [0, 0], flip = [0, 0] } = options;
  checkNumber(owner, "degrees", degrees, { min: 0, max: 180 });
  checkNumbers(owner, "translate", translate, { min: 0, length: 2 });
  checkNumbers(owner, "flip", flip, { length: 2 });
  for (const [i, p] of flip.entries()) checkProbability(owner, `flip[${i}]`, p);
  const generator = generatorFrom(owner, options);
  return (x) => {
    checkBatch(owner, x, "points, (n, 2)", x instanceof Tensor && x.shape[1] === 2 ? [2] : [-1]);
    const n = x.shape[0]!;
    const draws = generator.uniformArray(5 * n);
    const turns = Float64Array.from(
      { length: n },
      (_, i) => ((degrees * Math.PI) / 180) * (2 * draws[5 * i]! - 1),
    );
    const [cosines, sines] = [computed(turns, (a) => a.cos()), computed(turns, (a) => a.sin())];
    const out = x.data;
    for (let i = 0; i < n; i++) {
      const u = draws[5 * i + 1]! < flip[0] ? -out[2 * i]! : out[2 * i]!;
      const v = draws[5 * i + 2]! < flip[1] ? -out[2 * i + 1]! : out[2 * i + 1]!;
      out[2 * i] = cosines[i]! * u - sines[i]! * v + translate[0] * (2 * draws[5 * i + 3]! - 1);
      out[2 * i + 1] = sines[i]! * u + cosines[i]! * v + translate[1] * (2 * draws[5 * i + 4]! - 1);
    }
    return Tensor.adopt(out, x.shape, x.dtype);
  };
}
