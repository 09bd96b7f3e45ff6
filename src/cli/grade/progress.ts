// How far a run has come, in one line: a bar, counts, and the time that is left.

export interface Tally {
  total: number;
  done: number;
  /** How many of the done were known from an earlier run. */
  kept: number;
  timeouts: number;
  unjudged: number;
}

const WIDTH = 24;

/** @param elapsedMs since the first was begun */
export function progressLine(tally: Tally, elapsedMs: number): string {
  const { total, done, timeouts, unjudged } = tally;
  const filled = total === 0 ? WIDTH : Math.floor((WIDTH * done) / total);
  const parts = [`[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${done}/${total}`];
  if (timeouts > 0) parts.push(`${timeouts} with a timeout`);
  if (unjudged > 0) parts.push(`${unjudged} not judged`);
  const left = timeLeft(tally, elapsedMs);
  if (left !== null) parts.push(`${left} left`);
  return parts.join(" · ");
}

function timeLeft({ total, done, kept }: Tally, elapsedMs: number): string | null {
  const judged = done - kept;
  // The first few tell nothing yet.
  if (judged < 3 || done === total) return null;
  return duration(((total - done) * elapsedMs) / judged);
}

/** `40 s`, `3 min`, `2 h 10 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
