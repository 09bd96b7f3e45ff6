// Made-up classification problems: points on curves and tiles. Every function gives { X: (n, features) float, y: (n,) int32 }.
// Names and defaults are scikit-learn's where it has the problem; y counts classes from 0.
import { OptionError, checkNumber } from "../errors.ts";
import { checkFinite, checkNumbers, computed } from "./common.ts";
import {
  begin,
  checkNames,
  finish,
  type ClassificationData,
  type ClassificationOptions,
  type Frame,
} from "./frame.ts";

const TWO_PI = 2 * Math.PI;

/** Points (r·cos a, r·sin a) of given radii and angles, one after the other. */
function polar(radii: readonly number[], angles: readonly number[]): Float64Array<ArrayBuffer> {
  const cosines = computed(angles, (a) => a.cos());
  const sines = computed(angles, (a) => a.sin());
  const points = new Float64Array(2 * radii.length);
  for (let i = 0; i < radii.length; i++) {
    points[2 * i] = radii[i]! * cosines[i]!;
    points[2 * i + 1] = radii[i]! * sines[i]!;
  }
  return points;
}

function examples(frame: Frame, points: Float64Array<ArrayBuffer>, features: number): ClassificationData {
  const { X, y } = finish(frame, points, features);
  return { X, y };
}

/** `count` numbers from 0 to 1, both included. */
function fractions(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : i / (count - 1)));
}

/**
 * Two half circles that reach into each other: class 0 is the upper one around (0, 0), class 1 the lower one around
 * (1, ½), both of radius 1. No straight line separates them.
 */
export function makeMoons(options: ClassificationOptions = {}): ClassificationData {
  const frame = begin(checkNames("makeMoons", options, []), options, 2);
  const [outer, inner] = frame.counts as [number, number];
  const angles = [...fractions(outer), ...fractions(inner)].map((t) => Math.PI * t);
  const points = polar(
    angles.map(() => 1),
    angles,
  );
  for (let i = outer; i < outer + inner; i++) {
    points[2 * i] = 1 - points[2 * i]!;
    points[2 * i + 1] = 0.5 - points[2 * i + 1]!;
  }
  return examples(frame, points, 2);
}

/**
 * A circle within a circle around the origin: class 0 has radius 1, class 1 radius `factor`. For more rings see makeRings.
 * @param options factor: radius of the inner circle, 0 ≤ factor < 1; default 0.8
 */
export function makeCircles(options: ClassificationOptions & { factor?: number } = {}): ClassificationData {
  const owner = checkNames("makeCircles", options, ["factor"]);
  const { factor = 0.8 } = options;
  const frame = begin(owner, options, 2);
  checkNumber(owner, "factor", factor, { min: 0, below: 1 });
  return examples(frame, rings(frame.counts, [1, factor]), 2);
}

/**
 * Rings around the origin, one a class, from the inside out.
 * @param options radii: of the rings; default [1, 2, 3]
 */
export function makeRings(
  options: ClassificationOptions & { radii?: readonly number[] } = {},
): ClassificationData {
  const owner = checkNames("makeRings", options, ["radii"]);
  const { radii = [1, 2, 3] } = options;
  checkNumbers(owner, "radii", radii, { min: 0 });
  if (radii.length === 0) throw new OptionError(`${owner}: radii must not be empty.`);
  const frame = begin(owner, options, radii.length);
  return examples(frame, rings(frame.counts, radii), 2);
}

function rings(counts: readonly number[], radii: readonly number[]): Float64Array<ArrayBuffer> {
  const each = counts.map((count) => Array.from({ length: count }, (_, i) => i / count));
  return polar(
    each.flatMap((ring, k) => ring.map(() => radii[k]!)),
    each.flatMap((ring) => ring.map((t) => TWO_PI * t)),
  );
}

/**
 * Interleaved spiral arms, one a class: the radius grows from near 0 to 1 while the arm turns.
 * @param options nClasses: arms, default 2; turns: full turns of an arm, default 1
 */
export function makeSpirals(
  options: ClassificationOptions & { nClasses?: number; turns?: number } = {},
): ClassificationData {
  const owner = checkNames("makeSpirals", options, ["nClasses", "turns"]);
  const { nClasses = 2, turns = 1 } = options;
  checkNumber(owner, "nClasses", nClasses, { min: 1, whole: true });
  checkNumber(owner, "turns", turns);
  checkFinite(owner, "turns", turns);
  const frame = begin(owner, options, nClasses);
  // The centre itself belongs to all arms, so an arm starts one step away from it.
  const each = frame.counts.map((count) => Array.from({ length: count }, (_, i) => (i + 1) / count));
  const points = polar(
    each.flat(),
    each.flatMap((arm, k) => arm.map((t) => TWO_PI * (turns * t + k / nClasses))),
  );
  return examples(frame, points, 2);
}

/**
 * The corners of the cube [−1, 1]ⁿ with normal noise; the class is the parity of the number of negative coordinates, so for two
 * features exclusive or: equal signs are class 0, different signs class 1. No single feature says anything about the class.
 * @param options nFeatures: default 2; noise: default 0.2
 */
export function makeXor(options: ClassificationOptions & { nFeatures?: number } = {}): ClassificationData {
  const owner = checkNames("makeXor", options, ["nFeatures"]);
  const { nFeatures = 2, noise = 0.2 } = options;
  checkNumber(owner, "nFeatures", nFeatures, { min: 1, max: 30, whole: true });
  const frame = begin(owner, { ...options, noise }, 2);
  const points: number[] = [];
  const corners = 2 ** (nFeatures - 1);
  for (const [k, count] of frame.counts.entries()) {
    for (let i = 0; i < count; i++) {
      // All corners of the class in turn where there are enough examples, otherwise some of them.
      const corner = corners <= count ? i % corners : frame.generator.integer(corners);
      // The last sign makes the parity right.
      let sign = k === 0 ? 1 : -1;
      for (let bit = 0; bit < nFeatures - 1; bit++) {
        const own = (corner >> bit) & 1 ? -1 : 1;
        points.push(own);
        sign *= own;
      }
      points.push(sign);
    }
  }
  return examples(frame, Float64Array.from(points), nFeatures);
}

/**
 * Points spread evenly over the square [−1, 1]², which is tiled like a chess board: the class of tile (row, column) is
 * (row + column) mod nClasses.
 * @param options tiles: along each side, default 4; nClasses: default 2
 */
export function makeCheckerboard(
  options: ClassificationOptions & { tiles?: number; nClasses?: number } = {},
): ClassificationData {
  const owner = checkNames("makeCheckerboard", options, ["tiles", "nClasses"]);
  const { tiles = 4, nClasses = 2 } = options;
  checkNumber(owner, "tiles", tiles, { min: 2, max: 1000, whole: true });
  checkNumber(owner, "nClasses", nClasses, { min: 2, max: 2 * tiles - 1, whole: true });
  const frame = begin(owner, options, nClasses);
  const { generator } = frame;
  const tilesOf: [row: number, column: number][][] = Array.from({ length: nClasses }, () => []);
  for (let row = 0; row < tiles; row++) {
    for (let column = 0; column < tiles; column++) tilesOf[(row + column) % nClasses]!.push([row, column]);
  }
  const points: number[] = [];
  for (const [k, count] of frame.counts.entries()) {
    for (let i = 0; i < count; i++) {
      const [row, column] = generator.choice(tilesOf[k]!);
      points.push(
        (2 * (column + generator.uniform())) / tiles - 1,
        (2 * (row + generator.uniform())) / tiles - 1,
      );
    }
  }
  return examples(frame, Float64Array.from(points), 2);
}
