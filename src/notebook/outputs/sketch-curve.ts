// The arithmetic of a curve drawn by hand: heights at equally spaced columns.

export interface SketchAxis {
  label: string;
  domain: [number, number];
}

export type Curve = [number, number][];

/** Columns of a sketch: fine enough for a drawn curve, few enough to walk through with arrow keys. */
export const sketchColumns = 41;

/** The column nearest to a fraction of the width. */
export function columnAt(fraction: number): number {
  return Math.min(sketchColumns - 1, Math.max(0, Math.round(fraction * (sketchColumns - 1))));
}

/** The x value of a column. */
export function columnX(column: number, [low, high]: [number, number]): number {
  return low + ((high - low) * column) / (sketchColumns - 1);
}

/** The heights of a stored curve at the columns; `null` where it says nothing. */
export function heightsOf(curve: Curve | null, domain: [number, number]): (number | null)[] {
  const heights: (number | null)[] = Array.from({ length: sketchColumns }, () => null);
  const span = domain[1] - domain[0] || 1;
  for (const [x, y] of curve ?? []) {
    const fraction = (x - domain[0]) / span;
    if (fraction >= -1e-9 && fraction <= 1 + 1e-9 && Number.isFinite(y)) heights[columnAt(fraction)] = y;
  }
  return heights;
}

/** The curve of the columns that have a height. */
export function curveOf(heights: readonly (number | null)[], domain: [number, number]): Curve {
  return heights.flatMap((y, column): Curve => (y === null ? [] : [[columnX(column, domain), y]]));
}

/** Draws a straight stroke between two columns, both included. */
export function stroke(
  heights: readonly (number | null)[],
  from: { column: number; y: number },
  to: { column: number; y: number },
): (number | null)[] {
  const next = [...heights];
  const steps = Math.abs(to.column - from.column);
  for (let step = 0; step <= steps; step++) {
    const share = steps === 0 ? 1 : step / steps;
    next[from.column + Math.sign(to.column - from.column) * step] = from.y + (to.y - from.y) * share;
  }
  return next;
}

/** Heights with the gaps between drawn columns filled by straight lines and the ends extended level. */
export function filled(heights: readonly (number | null)[], otherwise: number): number[] {
  const known = heights.flatMap((y, column) => (y === null ? [] : [{ column, y }]));
  return heights.map((y, column) => {
    if (y !== null) return y;
    const before = known.findLast((point) => point.column < column);
    const after = known.find((point) => point.column > column);
    if (before && after)
      return before.y + ((after.y - before.y) * (column - before.column)) / (after.column - before.column);
    return before?.y ?? after?.y ?? otherwise;
  });
}
