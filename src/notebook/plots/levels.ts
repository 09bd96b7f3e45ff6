// Which contour lines to draw when the author names none: evenly in rank, so that a steep wall does not take
// all the lines away from the flat valley in which the interesting things happen.
import { quantileSorted } from "d3-array";
import { usable } from "./numbers-in.ts";

export const defaultLevelCount = 12;

/** At most `count` rising levels strictly between the smallest and the largest value, as round as they can be while they differ. */
export function chooseLevels(values: ArrayLike<number>, count = defaultLevelCount): number[] {
  const sorted = Float64Array.from(Array.from(values).filter(usable)).sort();
  const low = sorted[0];
  const high = sorted.at(-1);
  if (low === undefined || high === undefined || !(high > low)) return [];
  // Equal values count once: a large plateau must not swallow the ranks.
  const distinct = [...new Set(sorted)];
  const quantiles: number[] = [];
  for (let index = 1; index <= count; index++) {
    const level = quantileSorted(distinct, index / (count + 1));
    if (level !== undefined && level > low && level < high) quantiles.push(level);
  }
  if (quantiles.length === 0) {
    // Neighbouring numbers have none between them.
    const middle = low + (high - low) / 2;
    return middle > low && middle < high ? [middle] : [];
  }
  return roundApart(quantiles, low, high);
}

/** Rounds rising numbers to as few significant digits (at least two) as keep them rising and within the bounds. */
function roundApart(rising: readonly number[], low: number, high: number): number[] {
  for (let digits = 2; digits <= 8; digits++) {
    const rounded = rising.map((level) => Number(level.toPrecision(digits)));
    const apart = rounded.every(
      (level, index) => level > (index === 0 ? low : (rounded[index - 1] ?? low)) && level < high,
    );
    if (apart) return rounded;
  }
  return [...new Set(rising)];
}
