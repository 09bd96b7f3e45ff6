// "Did you mean …?": the known name nearest to a misspelt one.
import { distance } from "fastest-levenshtein";

/** The candidate that differs from `name` by the fewest edits, or `null` when none is close. */
export function suggest(name: string, candidates: readonly string[]): string | null {
  const limit = Math.max(2, Math.floor(name.length / 3));
  const nearest = candidates
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return nearest !== undefined && nearest.edits <= Math.min(limit, name.length - 1)
    ? nearest.candidate
    : null;
}
