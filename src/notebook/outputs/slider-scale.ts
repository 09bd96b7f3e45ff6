// Between the value of a slider and the place of its thumb. Thumbs stand at whole places 0 … `positions`.
// On a log scale equal distances are equal factors, and values are rounded to three significant digits.

export interface SliderRange {
  min: number;
  max: number;
  step: number;
  scale: "linear" | "log";
}

const placesPerDecade = 60;
const mostPlaces = 10_000;

/** Smaller numbers have no three significant digits left: a slider from there is linear. */
const leastLog = 1e-300;

function isLog({ scale, min, max }: SliderRange): boolean {
  return scale === "log" && min >= leastLog && max > min;
}

/** The natural logarithm of the factor between the ends; their quotient itself may be too large for a number. */
function logSpan({ min, max }: SliderRange): number {
  return Math.log(max) - Math.log(min);
}

function stepOf({ min, max, step }: SliderRange): number {
  const span = Math.abs(max - min);
  return step > 0 && span / step <= mostPlaces ? step : span / 200;
}

/** The number of the last place; the first is 0. */
export function positions(range: SliderRange): number {
  const { min, max } = range;
  if (!(max > min)) return 0;
  if (isLog(range))
    return Math.min(mostPlaces, Math.max(1, Math.ceil((logSpan(range) / Math.LN10) * placesPerDecade)));
  return Math.max(1, Math.ceil((max - min) / stepOf(range) - 1e-9));
}

/** The value at a place, free of the noise of binary fractions (0.30000000000000004). */
export function fromPosition(position: number, range: SliderRange): number {
  const last = positions(range);
  if (position <= 0 || last === 0) return range.min;
  if (position >= last) return range.max;
  if (isLog(range))
    return limit(Number((range.min * Math.exp((logSpan(range) * position) / last)).toPrecision(3)), range);
  return limit(Number((range.min + position * stepOf(range)).toPrecision(12)), range);
}

/** The place nearest to a value. */
export function toPosition(value: number, range: SliderRange): number {
  const last = positions(range);
  if (last === 0 || Number.isNaN(value)) return 0;
  const inside = limit(value, range);
  if (inside === range.max) return last;
  if (isLog(range)) return Math.round((last * (Math.log(inside) - Math.log(range.min))) / logSpan(range));
  return Math.min(last, Math.round((inside - range.min) / stepOf(range)));
}

export function limit(value: number, { min, max }: Pick<SliderRange, "min" | "max">): number {
  return Math.min(max, Math.max(min, value));
}

/** The value with as many decimals as the step has, so that its width does not dance while one drags. */
export function inputText(value: number, range: SliderRange): string {
  if (!Number.isFinite(value)) return String(value).replace("-", "−");
  if (isLog(range)) return String(Number(value.toPrecision(3))).replace("-", "−");
  const step = stepOf(range);
  const decimals = Math.min(8, Math.max(decimalsOf(step), 0));
  const fixed = value.toFixed(decimals);
  // A typed value may lie between two steps: show it as it is.
  const text = Math.abs(Number(fixed) - value) > step * 1e-6 ? String(Number(value.toPrecision(8))) : fixed;
  return text.replace("-", "−");
}

function decimalsOf(step: number): number {
  const [mantissa = "", exponent = "0"] = String(Number(step.toPrecision(6))).split("e");
  return (mantissa.split(".")[1]?.length ?? 0) - Number(exponent);
}
