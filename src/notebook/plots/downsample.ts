// Long lines, drawn with few points: of all points that fall into one column of pixels the first, lowest, highest and last are kept,
// which gives the same picture. The data table keeps every point.

/** Lines of fewer points are drawn as they are. */
export const downsampleFrom = 5000;

/**
 * Indices of the points to draw, rising; the first and last point, and in every pixel column its lowest and highest, are among them.
 * @param columnOf the pixel column of a point
 */
export function keepVisible(
  y: ArrayLike<number>,
  columnOf: (index: number) => number,
  mostPoints = 4000,
): number[] {
  const kept = keepPerBucket(y, columnOf);
  if (kept.length <= mostPoints) return kept;
  // Points that jump to and fro in x fill no columns: fall back to equal runs of points.
  const run = Math.ceil(kept.length / Math.max(1, mostPoints / 4));
  const heights = kept.map((index) => y[index] ?? NaN);
  return keepPerBucket(heights, (index) => Math.floor(index / run)).map((index) => kept[index] ?? 0);
}

function keepPerBucket(y: ArrayLike<number>, bucketOf: (index: number) => number): number[] {
  const kept: number[] = [];
  let start = 0;
  while (start < y.length) {
    const bucket = bucketOf(start);
    let end = start + 1;
    while (end < y.length && bucketOf(end) === bucket) end++;
    let lowest = start;
    let highest = start;
    for (let index = start; index < end; index++) {
      const value = y[index] ?? NaN;
      if (value < (y[lowest] ?? NaN) || Number.isNaN(y[lowest])) lowest = index;
      if (value > (y[highest] ?? NaN) || Number.isNaN(y[highest])) highest = index;
    }
    kept.push(...[...new Set([start, lowest, highest, end - 1])].sort((left, right) => left - right));
    start = end;
  }
  return kept;
}
