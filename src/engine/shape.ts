// Shapes as plain arrays of sizes: broadcasting, dimensions by (negative) number, and the layouts that kernels walk.
import { IndexError, ShapeError, describe, formatShape } from "./errors.ts";

/** The sizes along each dimension; [] for a scalar. */
export type Shape = readonly number[];

/** How many numbers a shape holds. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = Array.from<number>({ length: shape.length });
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** The shape as whole sizes ≥ 0. */
export function checkShape(owner: string, shape: unknown): Shape {
  if (typeof shape === "number") return checkShape(owner, [shape]);
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${owner}: a shape is an array of sizes such as [2, 3], not ${describe(shape)}.`);
  }
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) {
      throw new ShapeError(
        `${owner}: the shape [${shape.join(", ")}] has a size that is not a whole number ≥ 0.`,
      );
    }
  }
  return shape as number[];
}

/** A dimension counted from the front (0 …) or from the back (−1 …), as a number from the front. */
export function resolveDim(owner: string, dim: number, rank: number): number {
  const resolved = dim < 0 ? dim + rank : dim;
  if (Number.isInteger(dim) && resolved >= 0 && resolved < rank) return resolved;
  if (rank === 0)
    throw new IndexError(`${owner}: a scalar has no dimensions, so dim ${describe(dim)} does not exist.`);
  throw new IndexError(
    `${owner}: dim ${describe(dim)} does not exist; a tensor with ${rank} dimension${rank === 1 ? "" : "s"} has dims ${-rank} … ${rank - 1}.`,
  );
}

/** The dims to reduce, ascending; all where none are named. */
export function resolveDims(
  owner: string,
  dim: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (dim === undefined) return Array.from({ length: rank }, (_, i) => i);
  const dims = (Array.isArray(dim) ? dim : [dim]).map((d: number) => resolveDim(owner, d, rank));
  dims.sort((a, b) => a - b);
  for (let i = 1; i < dims.length; i++) {
    if (dims[i] === dims[i - 1]) throw new IndexError(`${owner}: dim ${dims[i]} is named twice.`);
  }
  return dims;
}

/** (outer, n, inner): a tensor seen around one of its dimensions. */
export function around(shape: Shape, dim: number): { outer: number; n: number; inner: number } {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < dim; i++) outer *= shape[i]!;
  for (let i = dim + 1; i < shape.length; i++) inner *= shape[i]!;
  return { outer, n: shape[dim]!, inner };
}

/**
 * The shape of an elementwise result: shapes are aligned at the right; two sizes must be equal or one of them 1.
 */
export function broadcastShapes(owner: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape = Array.from<number>({ length: rank });
  for (let i = 1; i <= rank; i++) {
    const x = i <= a.length ? a[a.length - i]! : 1;
    const y = i <= b.length ? b[b.length - i]! : 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${owner}: ${formatShape(a)} and ${formatShape(b)} cannot be broadcast: aligned at the right, sizes ${x} and ${y} differ and neither is 1.${broadcastHint(a, b)}`,
      );
    }
    shape[rank - i] = x === 1 ? y : x;
  }
  return shape;
}

function broadcastHint(a: Shape, b: Shape): string {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  if (long.length === 2 && short.length === 1 && long[0] === short[0]) {
    return ` To use one number per row, reshape the vector to a column: .reshape([${short[0]}, 1]).`;
  }
  if (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0]) {
    return " Did you mean .transpose()?";
  }
  return "";
}

/** How a binary kernel walks two broadcast operands: `outer` rows of `inner` numbers. */
export interface BroadcastPlan {
  outer: number;
  inner: number;
  aOuter: number;
  aStep: number;
  bOuter: number;
  bStep: number;
}

/**
 * Merges neighbouring dimensions in which the same operands vary. Up to two such groups are a plan; a pattern with more
 * (as (2,1,3) with (1,4,1)) gives null, and the operands must be expanded first.
 */
export function planBroadcast(a: Shape, b: Shape, shape: Shape): BroadcastPlan | null {
  // Groups from the right: how many numbers, and whether a and b vary in them.
  const sizes = [1, 1];
  const aVaries = [0, 0];
  const bVaries = [0, 0];
  let group = -1;
  for (let i = 1; i <= shape.length; i++) {
    const size = shape[shape.length - i]!;
    if (size === 1) continue;
    const inA = i <= a.length && a[a.length - i] === size ? 1 : 0;
    const inB = i <= b.length && b[b.length - i] === size ? 1 : 0;
    if (group < 0 || aVaries[group] !== inA || bVaries[group] !== inB) {
      group++;
      if (group === 2) return null;
      aVaries[group] = inA;
      bVaries[group] = inB;
    }
    sizes[group]! *= size;
  }
  const [inner, outer] = sizes as [number, number];
  const [aStep, aRows] = aVaries as [number, number];
  const [bStep, bRows] = bVaries as [number, number];
  return {
    outer,
    inner,
    aOuter: aRows === 0 ? 0 : aStep === 0 ? 1 : inner,
    aStep,
    bOuter: bRows === 0 ? 0 : bStep === 0 ? 1 : inner,
    bStep,
  };
}
