// A line search for LBFGS: how far to go along a direction, by the strong Wolfe conditions.
import type { Tensor } from "../tensor.ts";

/** A place along the direction: distance, loss, the gradient there and its component along the direction. */
export interface Place {
  t: number;
  loss: number;
  gradient: Tensor;
  slope: number;
}

/** Enough descent: the loss must fall by this share of what the slope at the start promises. */
const ENOUGH_DESCENT = 1e-4;
/** Flat enough: |slope| must have fallen to this share. */
const FLAT_ENOUGH = 0.9;
const MOST_EVALUATIONS = 25;

/** A bracket keeps this share of its length between a trial and its ends. */
const MARGIN = 0.1;

/**
 * Looks for t with  f(t) ≤ f(0) + 10⁻⁴·t·f′(0)  and  |f′(t)| ≤ 0.9·|f′(0)|  (Nocedal and Wright, Numerical Optimization,
 * algorithms 3.5 and 3.6, with cubic interpolation): first strides outward until such a t lies between two places, then
 * narrows the bracket. Gives the best place found when the evaluations run out.
 * @param evaluate the place at t
 * @param start the place at t = 0, where the slope is negative
 * @param first the first t to try
 * @param smallest the shortest bracket worth narrowing
 */
export function strongWolfe(
  evaluate: (t: number) => Place,
  start: Place,
  first: number,
  smallest: number,
): { place: Place; evaluations: number } {
  // A loss that is NaN does not descend: the bracket then closes in on where it is a number.
  const descends = (place: Place): boolean =>
    place.loss <= start.loss + ENOUGH_DESCENT * place.t * start.slope;
  const isFlat = (place: Place): boolean => Math.abs(place.slope) <= -FLAT_ENOUGH * start.slope;

  // Stride until the places before and now have a good t between them.
  let before = start;
  let now = evaluate(first);
  let evaluations = 1;
  let bracketed = false;
  while (evaluations <= MOST_EVALUATIONS) {
    bracketed = !descends(now) || (evaluations > 2 && now.loss >= before.loss);
    if (bracketed) break;
    if (isFlat(now)) return { place: now, evaluations };
    bracketed = now.slope >= 0;
    if (bracketed) break;
    const shortest = now.t + 0.01 * (now.t - before.t);
    const t = cubicMinimum(before, now, shortest, 10 * now.t);
    before = now;
    now = evaluate(t);
    evaluations++;
  }
  if (!bracketed) before = start;

  // Narrow it: `low` is the better end.
  let [low, high] = now.loss < before.loss ? [now, before] : [before, now];
  let slow = false;
  while (evaluations <= MOST_EVALUATIONS) {
    const [left, right] = low.t <= high.t ? [low.t, high.t] : [high.t, low.t];
    if (right - left < smallest) break;
    let t = cubicMinimum(low, high, left, right);
    const margin = MARGIN * (right - left);
    if (Math.min(right - t, t - left) < margin) {
      // Near an end: once that may be right, twice it is too slow.
      if (slow || t >= right || t <= left) {
        t = right - t < t - left ? right - margin : left + margin;
        slow = false;
      } else {
        slow = true;
      }
    } else {
      slow = false;
    }
    const trial = evaluate(t);
    evaluations++;
    if (!descends(trial) || trial.loss >= low.loss) {
      high = trial;
      if (high.loss < low.loss) [low, high] = [high, low];
      continue;
    }
    if (isFlat(trial)) return { place: trial, evaluations };
    if (trial.slope * (high.t - low.t) >= 0) high = low;
    low = trial;
  }
  return { place: low, evaluations };
}

/**
 * Where the cubic through two places with their slopes is smallest, within [least, most]; the middle of that if it has
 * no minimum.
 */
function cubicMinimum(a: Place, b: Place, least: number, most: number): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const d = left.slope + right.slope - (3 * (left.loss - right.loss)) / (left.t - right.t);
  const square = d * d - left.slope * right.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const root = Math.sqrt(square);
  const t = right.t - (right.t - left.t) * ((right.slope + root - d) / (right.slope - left.slope + 2 * root));
  return Math.min(Math.max(t, least), most);
}
