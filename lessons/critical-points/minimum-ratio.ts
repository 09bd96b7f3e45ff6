// Searches for critical points of tiny networks and counts the signs of their Hessians' eigenvalues.
// `npx tsx lessons/critical-points/minimum-ratio.ts` writes minimum-ratio.json beside this file, which the
// chapter imports. Everything random comes from one seed, and the engine gives the same bits everywhere.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Generator, type Tensor, analysis, linalg, linspace, randn, tensor } from "../../src/engine/index.ts";

const double = { dtype: "float64" } as const;

/** The wave that the networks fit: 24 points of y = sin 2.2x + 0.3x. */
const inputs = linspace(-2, 2, 24, double);
const x = inputs.toArray() as number[];
const y = inputs.mul(2.2).sin().add(inputs.mul(0.3)).toArray() as number[];

/** Random starts per network; their parameters are normal with this standard deviation. */
const starts = 400;
const spread = 1.5;
/** Steps of one search, and the norm of the gradient below which a point counts as critical. */
const maxSteps = 400;
const verifiedNorm = 1e-9;
/** Eigenvalues of this size or less count as zero. */
const zeroTolerance = 1e-7;

/** A group of verified critical points that agree in all of this. */
export interface CriticalPoints {
  units: number;
  /** Rounded to six digits after the point. */
  loss: number;
  positive: number;
  zero: number;
  negative: number;
  count: number;
}

export interface MinimumRatios {
  starts: number;
  spread: number;
  verifiedNorm: number;
  zeroTolerance: number;
  /** Searches that ended without a critical point, and the median of |Hg| / (|H| |g|) where they ended. */
  failed: { units: number; count: number; medianFlatness: number }[];
  points: CriticalPoints[];
}

interface Slope {
  gradient: number[];
  hessian: number[][];
}

/**
 * Gradient and Hessian of the mean squared error of a network with h tanh units, by formula.
 * Parameters: h output weights, h input weights, h biases, output bias.
 */
function slopeAt(parameters: number[], h: number): Slope {
  const n = parameters.length;
  const gradient = Array.from({ length: n }, () => 0);
  const hessian = gradient.map(() => gradient.slice());
  const hidden = tensor(
    x.map((input) =>
      Array.from({ length: h }, (_, j) => parameters[h + j]! * input + parameters[2 * h + j]!),
    ),
    double,
  )
    .tanh()
    .toArray() as number[][];
  hidden.forEach((t, i) => {
    const input = x[i]!;
    const output = t.reduce((sum, value, j) => sum + parameters[j]! * value, parameters[3 * h]!);
    const error = (2 / x.length) * (output - y[i]!);
    const outputSlope = Array.from({ length: n }, () => 1);
    for (let j = 0; j < h; j++) {
      const slope = 1 - t[j]! ** 2;
      const bend = -2 * t[j]! * slope;
      const weight = parameters[j]!;
      outputSlope[j] = t[j]!;
      outputSlope[h + j] = weight * slope * input;
      outputSlope[2 * h + j] = weight * slope;
      const addPair = (a: number, b: number, value: number) => {
        hessian[a]![b]! += value;
        if (a !== b) hessian[b]![a]! += value;
      };
      addPair(j, h + j, error * slope * input);
      addPair(j, 2 * h + j, error * slope);
      addPair(h + j, h + j, error * weight * bend * input ** 2);
      addPair(h + j, 2 * h + j, error * weight * bend * input);
      addPair(2 * h + j, 2 * h + j, error * weight * bend);
    }
    for (let a = 0; a < n; a++) {
      gradient[a]! += error * outputSlope[a]!;
      for (let b = 0; b < n; b++) hessian[a]![b]! += (2 / x.length) * outputSlope[a]! * outputSlope[b]!;
    }
  });
  return { gradient, hessian };
}

const times = (matrix: number[][], vector: number[]) =>
  matrix.map((row) => row.reduce((sum, entry, j) => sum + entry * vector[j]!, 0));
const norm = (vector: number[]) => Math.sqrt(vector.reduce((sum, entry) => sum + entry ** 2, 0));

/** Solves a linear system by elimination with pivoting. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let k = i + 1; k < n; k++) if (Math.abs(rows[k]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = k;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    for (let k = i + 1; k < n; k++) {
      const factor = rows[k]![i]! / rows[i]![i]!;
      for (let j = i; j <= n; j++) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  const solution = right.slice();
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i]![n]!;
    for (let j = i + 1; j < n; j++) rest -= rows[i]![j]! * solution[j]!;
    solution[i] = rest / rows[i]![i]!;
  }
  return solution;
}

/**
 * Levenberg–Marquardt on the gradient: makes |g|² small with steps (H² + μI) d = −H g, where μ falls after a step
 * that helped and rises after one that did not.
 */
export function searchCriticalPoint(start: number[], h: number): { parameters: number[]; slope: Slope } {
  let parameters = start;
  let slope = slopeAt(parameters, h);
  let size = norm(slope.gradient);
  let damping = 0.01;
  for (let step = 0; step < maxSteps && size > verifiedNorm / 100 && damping < 1e12; step++) {
    const { hessian, gradient } = slope;
    const matrix = hessian.map((row, i) =>
      times(hessian, row).map((entry, j) => entry + (i === j ? damping : 0)),
    );
    const move = solve(
      matrix,
      times(hessian, gradient).map((entry) => -entry),
    );
    const tried = parameters.map((value, i) => value + move[i]!);
    const triedSlope = slopeAt(tried, h);
    const triedSize = norm(triedSlope.gradient);
    if (triedSize < size) {
      [parameters, slope, size] = [tried, triedSlope, triedSize];
      damping = Math.max(damping / 3, 1e-15);
    } else damping *= 4;
  }
  return { parameters, slope };
}

/** The loss as the engine sees it, for a check that does not share the formulas above. */
function lossOf(p: Tensor, h: number): Tensor {
  const hidden = inputs
    .reshape([-1, 1])
    .mul(p.slice(h, 2 * h))
    .add(p.slice(2 * h, 3 * h))
    .tanh();
  return hidden
    .matmul(p.slice(0, h))
    .add(p.get(3 * h))
    .sub(tensor(y, double))
    .pow(2)
    .mean();
}

/** Searches from `count` starts with each of the numbers of hidden units. */
export function findCriticalPoints(unitCounts: readonly number[], count: number): MinimumRatios {
  const groups = new Map<string, CriticalPoints>();
  const failed = unitCounts.map((units) => {
    const generator = new Generator(units);
    const flatness: number[] = [];
    for (let start = 0; start < count; start++) {
      const from = randn([3 * units + 1], { ...double, generator })
        .mul(spread)
        .toArray() as number[];
      const { parameters, slope } = searchCriticalPoint(from, units);
      const point = tensor(parameters, double);
      const loss = (p: Tensor) => lossOf(p, units);
      const values = linalg.eigh(analysis.hessian(loss, point)).eigenvalues.toArray() as number[];
      if (analysis.gradientNorm(loss, point) >= verifiedNorm) {
        const largest = Math.max(...values.map(Math.abs));
        flatness.push(norm(times(slope.hessian, slope.gradient)) / (largest * norm(slope.gradient)));
        continue;
      }
      const group = {
        units,
        loss: Number(loss(point).item().toFixed(6)),
        positive: values.filter((value) => value > zeroTolerance).length,
        zero: values.filter((value) => Math.abs(value) <= zeroTolerance).length,
        negative: values.filter((value) => value < -zeroTolerance).length,
      };
      const key = JSON.stringify(group);
      groups.set(key, { ...group, count: (groups.get(key)?.count ?? 0) + 1 });
    }
    flatness.sort((a, b) => a - b);
    return {
      units,
      count: flatness.length,
      medianFlatness: Number((flatness[flatness.length >> 1] ?? 0).toPrecision(2)),
    };
  });
  const points = [...groups.values()].toSorted(
    (a, b) => a.units - b.units || a.loss - b.loss || b.positive - a.positive || a.zero - b.zero,
  );
  return { starts: count, spread, verifiedNorm, zeroTolerance, failed, points };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findCriticalPoints([1, 2, 3], starts);
  writeFileSync(new URL("minimum-ratio.json", import.meta.url), `${JSON.stringify(found, null, 2)}\n`);
}
