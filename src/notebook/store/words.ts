// How durations, points and counts are written.

/** `20 ms`, `1.4 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return "under 1 ms";
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 point`, `2.5 points`. */
export function formatPoints(points: number): string {
  return `${formatCount(points)} ${points === 1 ? "point" : "points"}`;
}

/** A number with at most two decimals: sums of points would show their rounding otherwise. */
export function formatCount(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** `1 cell`, `3 cells`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
