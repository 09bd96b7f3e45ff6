// From data to pixels along one axis, and the ticks that read well there.
import { ticks as linearTicks } from "d3-array";
import { scaleLinear, scaleLog, scaleSymlog } from "d3-scale";
import { formatNumber, superscript } from "../outputs/numbers.ts";

export type AxisKind = "linear" | "log" | "symlog" | "category";

export interface Tick {
  value: number;
  /** Empty for the small ticks between the powers of ten. */
  label: string;
}

export interface AxisScale {
  kind: AxisKind;
  domain: [number, number];
  categories: string[];
  /** The pixel for a value, NaN where the axis has no place for it (zero on a log axis). */
  place(value: number): number;
  /** The value at a pixel. */
  value(pixel: number): number;
  ticks(count: number): Tick[];
}

export interface AxisShape {
  kind: AxisKind;
  domain: [number, number];
  categories?: string[];
}

export function axisScale({ kind, domain, categories = [] }: AxisShape, range: [number, number]): AxisScale {
  const base = { kind, domain, categories };
  if (kind === "category") {
    const scale = scaleLinear().domain(domain).range(range);
    return {
      ...base,
      place: (value) => scale(value),
      value: (pixel) => scale.invert(pixel),
      ticks: () => categories.map((label, value) => ({ value, label })),
    };
  }
  const scale =
    kind === "log"
      ? scaleLog().domain(domain).range(range)
      : kind === "symlog"
        ? scaleSymlog().constant(symlogConstant(domain)).domain(domain).range(range)
        : scaleLinear().domain(domain).range(range);
  return {
    ...base,
    place: (value) => (Number.isFinite(value) && (kind !== "log" || value > 0) ? scale(value) : NaN),
    value: (pixel) => scale.invert(pixel),
    ticks: (count) =>
      kind === "log"
        ? logTicks(domain, count)
        : kind === "symlog"
          ? symlogTicks(domain, count)
          : labelled(linearTicks(domain[0], domain[1], count)),
  };
}

/** Where a symlog axis goes over from straight to logarithmic: three decades below its larger end. */
function symlogConstant([low, high]: [number, number]): number {
  return Math.max(Math.abs(low), Math.abs(high), 1e-12) / 1000;
}

/** Ticks written with the same number of decimals: 0.0, 0.5, 1.0. */
function labelled(values: number[]): Tick[] {
  const texts = values.map((value) => formatNumber(value, 6));
  const decimals = Math.max(0, ...texts.map((text) => text.split(".")[1]?.length ?? 0));
  const plain = texts.every((text) => !text.includes("10") || !/[⁰¹²³⁴-⁹]/.test(text));
  return values.map((value, index) => {
    const text = texts[index] ?? "";
    if (!plain || decimals === 0 || value === 0) return { value, label: text };
    const [whole = "", fraction = ""] = text.split(".");
    return { value, label: `${whole}.${fraction.padEnd(decimals, "0")}` };
  });
}

function logTicks([low, high]: [number, number], count: number): Tick[] {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const decades = Math.log10(high / low);
  const inside = (value: number): boolean => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  if (decades < 0.7) return labelled(linearTicks(low, high, count));
  const every = Math.max(1, Math.ceil((last - first) / Math.max(1, count)));
  const between = decades < 1.5 ? [1, 2, 5] : [1];
  const plain = low >= 0.0009 && high <= 99_999;
  const ticks: Tick[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    const power = Number(`1e${exponent}`);
    for (let digit = 1; digit <= 9; digit++) {
      const value = Number(`${digit}e${exponent}`);
      if (!inside(value)) continue;
      const main = digit === 1 ? (exponent - first) % every === 0 : decades < 1.5 && between.includes(digit);
      if (main)
        ticks.push({
          value,
          label: plain || digit > 1 ? formatNumber(value) : power === 1 ? "1" : powerLabel(exponent),
        });
      else if (decades <= 6 || digit === 1) ticks.push({ value, label: "" });
    }
  }
  return ticks;
}

function powerLabel(exponent: number): string {
  return exponent === 1 ? "10" : `10${superscript(exponent)}`;
}

function symlogTicks([low, high]: [number, number], count: number): Tick[] {
  const constant = symlogConstant([low, high]);
  const powers: number[] = [];
  const top = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high))) + 1e-9);
  const bottom = Math.ceil(Math.log10(constant) - 1e-9);
  const sides = (low < 0 ? 1 : 0) + (high > 0 ? 1 : 0);
  const every = Math.max(1, Math.ceil(((top - bottom + 1) * sides) / Math.max(1, count - 1)));
  for (let exponent = top; exponent >= bottom; exponent -= every) powers.push(Number(`1e${exponent}`));
  return [...powers.map((power) => -power), 0, ...powers.toReversed()]
    .filter((value) => value >= low && value <= high)
    .map((value) => ({ value, label: formatNumber(value, 3) }));
}
