// Lanczos' method: extreme eigenvalues of a symmetric map that is known only by its products. Invariant: the basis is
// orthonormal, and `projected` is the map in it, exactly as far as rounding allows.
import { noGrad } from "../autograd/tape.ts";
import { ConvergenceError, OptionError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { eigh } from "../linalg/eigh.ts";
import { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import { Basis, Vector } from "./basis.ts";
import type { LinearMap } from "./curvature.ts";

/** Beside the largest number seen, a rest this small is nothing but rounding: the basis is closed under the map. */
const CLOSED = 1e-12;
/** Two searches found the same value if they agree to this share of the scale; float32 products are no better. */
const UNCHANGED = 1e-5;

/** The option `generator`, or one of its own with seed 0. */
export function generatorOf(owner: string, given: unknown): Generator {
  if (given === undefined) return new Generator(0);
  if (given instanceof Generator) return given;
  throw new OptionError(
    `${owner}: generator must be a Generator (new Generator(1)), not ${describe(given)}. It is what gives random numbers.`,
  );
}

/** Refuses what is no map. */
export function checkMap(owner: string, multiply: unknown): asserts multiply is LinearMap {
  if (typeof multiply === "function") return;
  throw new ValueError(
    `${owner}: needs a function that multiplies a vector, such as analysis.hessianProduct(f, x) or (v) => A.matmul(v), not ${describe(multiply)}.`,
  );
}

/** multiply(v), checked, as a vector of its own. */
export function product(owner: string, multiply: LinearMap, v: Vector): Vector {
  const n = v.size;
  const out = multiply(v.toTensor());
  if (!(out instanceof Tensor)) {
    throw new ValueError(`${owner}: the linear map must return a tensor, not ${describe(out)}.`);
  }
  if (out.size !== n) {
    throw new ShapeError(
      `${owner}: the linear map must give ${n} numbers for ${n} numbers, not ${formatShape(out.shape)}.`,
    );
  }
  return Vector.of(noGrad(() => out.detach().to("float64")));
}

/** A random direction orthogonal to the basis, of length 1. */
function freshVector(basis: Basis, generator: Generator): Vector {
  const v = Vector.normal(basis.n, generator);
  basis.orthogonalise(v);
  v.scale(1 / v.norm());
  // Near the end of the space little is left of a random vector, and rounding errors loom large in it.
  basis.orthogonalise(v);
  v.scale(1 / v.norm());
  return v;
}

/** Which end of the spectrum: largest, smallest, largest in size, both ends in turn (smallest first). */
export type SpectrumEnd = "LA" | "SA" | "LM" | "BE";

export interface LanczosRequest {
  owner: string;
  k: number;
  which: SpectrumEnd;
  basisSize: number;
  maxProducts: number;
  tolerance: number;
  generator: Generator;
}

export interface RitzPairs {
  /** In the order of `which`. */
  values: number[];
  /** Unit vectors, one for each value. */
  vectors: Vector[];
  /** Bounds for ‖H·v − λ·v‖ by Lanczos' own bookkeeping. */
  residuals: number[];
  products: number;
  /** Did all residuals come down to the tolerance? */
  converged: boolean;
}

/** The map in the basis, diagonalised: values ascending, vectors[i] belongs to values[i]. */
interface Ritz {
  values: number[];
  vectors: number[][];
}

function diagonalise(projected: Float64Array, stride: number, count: number): Ritz {
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) matrix[i * count + j] = projected[i * stride + j]!;
  }
  const { eigenvalues, eigenvectors } = eigh(Tensor.adopt(matrix, [count, count], "float64"));
  const columns = eigenvectors.data;
  return {
    values: Array.from(eigenvalues.data),
    vectors: Array.from({ length: count }, (_, i) =>
      Array.from({ length: count }, (__, row) => columns[row * count + i]!),
    ),
  };
}

/** Positions of ascending values, the most wanted first. */
function preference(values: readonly number[], which: SpectrumEnd): number[] {
  const count = values.length;
  const positions = Array.from({ length: count }, (_, i) => i);
  if (which === "SA") return positions;
  if (which === "LA") return positions.toReversed();
  if (which === "BE") return positions.map((i) => (i % 2 === 0 ? i / 2 : count - 1 - (i - 1) / 2));
  return positions.sort((i, j) => Math.abs(values[j]!) - Math.abs(values[i]!) || j - i);
}

/**
 * Thick-restart Lanczos (Wu and Simon, 2000) with complete two-pass reorthogonalisation. The basis grows by products;
 * when it is full, the best Ritz vectors are kept, with their coupling to the next vector, and it grows again.
 *
 * One start vector shows only one eigenvector of a repeated eigenvalue. So where more than one pair is wanted from an end,
 * the pairs found are locked and the search goes on from a random vector orthogonal to them, until nothing new turns up.
 */
export function lanczos(multiply: LinearMap, n: number, request: LanczosRequest): RitzPairs {
  const { owner, which, basisSize, maxProducts, tolerance, generator } = request;
  const k = Math.min(request.k, n);
  const repeats = which === "BE" ? k > 2 : k > 1;
  const basis = new Basis(owner, basisSize, n);
  const projected = new Float64Array(basisSize * basisSize);
  const connect = (i: number, j: number, value: number): void => {
    projected[i * basisSize + j] = value;
    projected[j * basisSize + i] = value;
  };
  let v = freshVector(basis, generator);
  let scale = 0;
  let products = 0;
  let closedRuns = 0;
  let locked: number[] | null = null;
  /** What locking has neglected of the residuals. */
  let neglected = 0;
  for (;;) {
    const last = basis.count;
    basis.push(v);
    const w = product(owner, multiply, v);
    products++;
    const alpha = w.dot(v);
    v.free();
    if (!Number.isFinite(alpha)) {
      throw new ConvergenceError(`${owner}: the products contain NaN or Infinity.`);
    }
    connect(last, last, alpha);
    basis.orthogonalise(w);
    const rest = w.norm();
    scale = Math.max(scale, Math.abs(alpha), rest);
    const { count } = basis;
    const closed = rest <= CLOSED * scale || count === n;
    const beta = closed ? 0 : rest;
    if (closed) closedRuns++;
    const full = count === basisSize;
    const stop = products >= maxProducts || count === n;
    if (!full && !closed && !stop && products % 5 !== 0) {
      connect(last, count, beta);
      w.scale(1 / beta);
      v = w;
      continue;
    }
    const ritz = diagonalise(projected, basisSize, count);
    const order = preference(ritz.values, which);
    const residual = (i: number): number => Math.abs(beta * ritz.vectors[i]![count - 1]!);
    const wanted = order.slice(0, k);
    const settled = wanted.length === k && wanted.every((i) => residual(i) <= tolerance * scale);
    const finish = (): RitzPairs => {
      w.free();
      const vectors = wanted.map((i) => basis.combine(ritz.vectors[i]!));
      basis.free();
      return {
        values: wanted.map((i) => ritz.values[i]!),
        vectors,
        residuals: wanted.map((i) => residual(i) + neglected),
        products,
        converged: settled,
      };
    };
    // After r closed runs every eigenvalue has been met r times, or as often as there is one.
    if (stop || (closed && closedRuns > k && settled)) return finish();
    let keep: number[] | null = null;
    let fresh = closed;
    if (settled && !closed) {
      if (!repeats) return finish();
      const found = wanted.map((i) => ritz.values[i]!);
      const same = locked?.every((value, i) => Math.abs(value - found[i]!) <= UNCHANGED * scale);
      const next = order[k];
      const gap = next === undefined ? 0 : Math.abs(ritz.values[next]! - ritz.values[wanted[k - 1]!]!);
      const nextKnown =
        next !== undefined &&
        residual(next) <= Math.max(tolerance * scale, Math.min(0.1 * gap, 0.01 * scale));
      if (same === true && nextKnown) return finish();
      if (same !== true) {
        locked = found;
        neglected += Math.sqrt(wanted.reduce((sum, i) => sum + residual(i) * residual(i), 0));
        keep = wanted;
        fresh = true;
      }
    }
    if (keep === null && full) {
      // Half of the room beyond the wanted pairs goes to the next best: they speed up what follows.
      keep = order.slice(0, Math.min(basisSize - 2, k + ((basisSize - k) >> 1)));
    }
    if (keep !== null) {
      projected.fill(0);
      basis.replace(keep.map((i) => ritz.vectors[i]!));
      for (const [row, i] of keep.entries()) {
        connect(row, row, ritz.values[i]!);
        if (!fresh) connect(row, keep.length, beta * ritz.vectors[i]![count - 1]!);
      }
    } else if (!fresh) connect(last, count, beta);
    if (fresh) {
      w.free();
      v = freshVector(basis, generator);
    } else {
      w.scale(1 / beta);
      v = w;
    }
  }
}

/** A Lanczos run from a given vector, without restart: the map in the basis of v, H·v, H²·v … */
export interface KrylovRun {
  diagonal: number[];
  /** One number longer than needed for the square matrix: the last is what leads out of the basis, 0 if it is closed. */
  offDiagonal: number[];
  basis: Basis;
}

/** At most `steps` products, fewer if the basis closes. `start` must not be zero; it is used up. */
export function krylov(owner: string, multiply: LinearMap, start: Vector, steps: number): KrylovRun {
  const basis = new Basis(owner, Math.min(steps, start.size), start.size);
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let scale = 0;
  let v = start;
  v.scale(1 / v.norm());
  for (;;) {
    basis.push(v);
    const w = product(owner, multiply, v);
    const alpha = w.dot(v);
    v.free();
    if (!Number.isFinite(alpha)) {
      throw new ConvergenceError(`${owner}: the products contain NaN or Infinity.`);
    }
    basis.orthogonalise(w);
    const rest = w.norm();
    scale = Math.max(scale, Math.abs(alpha), rest);
    const closed = rest <= CLOSED * scale || basis.count === basis.n;
    diagonal.push(alpha);
    offDiagonal.push(closed ? 0 : rest);
    if (closed || basis.count === basis.capacity) {
      w.free();
      return { diagonal, offDiagonal, basis };
    }
    w.scale(1 / rest);
    v = w;
  }
}

/** Eigenvalues of the tridiagonal matrix of a run, ascending, and the first component of each unit eigenvector. */
export function tridiagonalEigen(run: Pick<KrylovRun, "diagonal" | "offDiagonal">): {
  values: number[];
  first: number[];
} {
  const count = run.diagonal.length;
  const matrix = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    matrix[i * count + i] = run.diagonal[i]!;
    if (i + 1 < count) {
      matrix[i * count + i + 1] = run.offDiagonal[i]!;
      matrix[(i + 1) * count + i] = run.offDiagonal[i]!;
    }
  }
  const { eigenvalues, eigenvectors } = eigh(Tensor.adopt(matrix, [count, count], "float64"));
  return {
    values: Array.from(eigenvalues.data),
    first: Array.from(eigenvectors.data.subarray(0, count)),
  };
}
