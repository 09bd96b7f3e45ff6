// What the picture says at a place: the values nearest to the pointer, or to the cursor moved by keys.
import { bisectCenter } from "d3-array";
import { formatNumber } from "../outputs/numbers.ts";
import type { Layout } from "./layout.ts";
import { interpolate, usable } from "./numbers-in.ts";
import { nameOf, type Picture, type Series } from "./prepare.ts";

export interface ReadValue {
  series: Series;
  name: string;
  text: string;
  /** Where the value stands, for a mark on it; `null` when it is off the frame. */
  pixel: [number, number] | null;
}

export interface Reading {
  /** Such as `step 200`. */
  head: string;
  values: ReadValue[];
  /** The place read, in pixels. */
  x: number;
  y: number;
}

/** Reads along x when there are curves, a value of the plane in a map, and single points otherwise. */
export function readAt(picture: Picture, layout: Layout, x: number, y: number): Reading | null {
  const curves = picture.series.filter(({ mark }) => mark.type === "line" || mark.type === "bar");
  if (curves.length > 0) return readCurves(picture, layout, curves, x);
  if (picture.isMap) return readMap(picture, layout, x, y);
  return readPoint(picture, layout, x, y);
}

export function readingText({ head, values }: Reading): string {
  const read = values.map(({ name, text }) => `${name} ${text}`).join(", ");
  return [head, read].filter(Boolean).join(": ");
}

function axisName(label: string, otherwise: string): string {
  return label === "" ? otherwise : label;
}

function readCurves(picture: Picture, layout: Layout, curves: Series[], pixel: number): Reading | null {
  let best: { x: number; distance: number } | null = null;
  for (const curve of curves) {
    const index = nearestIndex(xOf(curve, layout), layout, pixel);
    const x = xOf(curve, layout)[index];
    if (x === undefined) continue;
    const distance = Math.abs(layout.x.place(x) - pixel);
    if (Number.isFinite(distance) && (!best || distance < best.distance)) best = { x, distance };
  }
  if (!best) return null;
  const at = best.x;
  const place = layout.x.place(at);
  const values = curves.flatMap((series): ReadValue[] => {
    if (series.mark.type !== "line" && series.mark.type !== "bar") return [];
    const all = xOf(series, layout);
    const index = nearestIndex(all, layout, place);
    const value = series.mark.y[index];
    const own = all[index];
    // A curve sampled elsewhere answers only if it has a point close by.
    if (own === undefined || !usable(value) || Math.abs(layout.x.place(own) - place) > 8) return [];
    return [
      {
        series,
        name: series.label ?? axisName(picture.y.label, "y"),
        text: formatNumber(value),
        pixel: inFrame(layout, layout.x.place(own), layout.y.place(value)),
      },
    ];
  });
  const category = layout.x.kind === "category" ? layout.x.categories[Math.round(at)] : undefined;
  return {
    head: category ?? `${axisName(picture.x.label, "x")} ${formatNumber(at)}`,
    values,
    x: place,
    y: values.find((value) => value.pixel)?.pixel?.[1] ?? layout.frame.top,
  };
}

const sortedCache = new WeakMap<object, boolean>();

/** x values of a line or bar series as numbers on the axis. */
function xOf({ mark }: Series, layout: Layout): number[] {
  if (mark.type === "line") return mark.x;
  if (mark.type !== "bar") return [];
  return layout.x.kind === "category"
    ? mark.x.map((x) => layout.x.categories.indexOf(String(x)))
    : mark.x.map(Number);
}

function nearestIndex(values: number[], layout: Layout, pixel: number): number {
  let sorted = sortedCache.get(values);
  if (sorted === undefined) {
    sorted = values.every((value, index) => index === 0 || value >= (values[index - 1] ?? Infinity));
    sortedCache.set(values, sorted);
  }
  if (sorted && values.length > 64) return bisectCenter(values, layout.x.value(pixel));
  let best = -1;
  let distance = Infinity;
  values.forEach((value, index) => {
    const next = Math.abs(layout.x.place(value) - pixel);
    if (next < distance) [best, distance] = [index, next];
  });
  return best;
}

function readMap(picture: Picture, layout: Layout, px: number, py: number): Reading | null {
  const [x, y] = [layout.x.value(px), layout.y.value(py)];
  const values = picture.series.flatMap((series): ReadValue[] => {
    const { mark } = series;
    if (mark.type !== "contour" && mark.type !== "heat") return [];
    const value = interpolate(mark.grid, x, y);
    return value === null
      ? []
      : [{ series, name: series.label ?? "value", text: formatNumber(value), pixel: [px, py] }];
  });
  if (!usable(x) || !usable(y)) return null;
  const head = `${axisName(picture.x.label, "x")} ${formatNumber(x, 3)}, ${axisName(picture.y.label, "y")} ${formatNumber(y, 3)}`;
  return { head, values, x: px, y: py };
}

function readPoint(picture: Picture, layout: Layout, px: number, py: number): Reading | null {
  let best: { series: Series; index: number; distance: number; pixel: [number, number] } | null = null;
  for (const series of picture.series) {
    const { mark } = series;
    if (mark.type !== "dot" && mark.type !== "trajectory" && mark.type !== "arrow") continue;
    for (let index = 0; index < Math.min(mark.x.length, mark.y.length); index++) {
      const pixel = inFrame(
        layout,
        layout.x.place(mark.x[index] ?? NaN),
        layout.y.place(mark.y[index] ?? NaN),
      );
      if (!pixel) continue;
      const distance = Math.hypot(pixel[0] - px, pixel[1] - py);
      if (!best || distance < best.distance) best = { series, index, distance, pixel };
    }
  }
  if (!best || best.distance > 60) return null;
  return pointReading(picture, best.series, best.index, best.pixel);
}

function pointReading(
  picture: Picture,
  series: Series,
  index: number,
  pixel: [number, number],
): Reading | null {
  const { mark } = series;
  if (mark.type !== "dot" && mark.type !== "trajectory" && mark.type !== "arrow") return null;
  const [x = NaN, y = NaN] = [mark.x[index], mark.y[index]];
  const value = mark.type === "dot" ? mark.value?.[index] : undefined;
  const text = `${axisName(picture.x.label, "x")} ${formatNumber(x)}, ${axisName(picture.y.label, "y")} ${formatNumber(y)}`;
  return {
    head: mark.type === "trajectory" ? `step ${index}` : "",
    values: [
      {
        series,
        name: nameOf(series),
        text: value === undefined ? text : `${text}, value ${formatNumber(value)}`,
        pixel,
      },
    ],
    x: pixel[0],
    y: pixel[1],
  };
}

function inFrame({ frame }: Layout, x: number, y: number): [number, number] | null {
  const inside = x >= frame.left - 1 && x <= frame.right + 1 && y >= frame.top - 1 && y <= frame.bottom + 1;
  return inside ? [x, y] : null;
}

/** The places that the arrow keys walk through: x positions of curves, or points from left to right. Maps are walked freely. */
export function stops(picture: Picture, layout: Layout): [number, number][] {
  const places: [number, number][] = [];
  for (const series of picture.series) {
    const { mark } = series;
    if (mark.type === "line" || mark.type === "bar")
      for (const x of thin(xOf(series, layout))) places.push([layout.x.place(x), layout.frame.top]);
    else if ((mark.type === "dot" || mark.type === "trajectory" || mark.type === "arrow") && !picture.isMap)
      for (const index of thin(mark.x.map((_, place) => place)))
        places.push([layout.x.place(mark.x[index] ?? NaN), layout.y.place(mark.y[index] ?? NaN)]);
  }
  const hasCurves = picture.series.some(({ mark }) => mark.type === "line" || mark.type === "bar");
  const inside = places.filter(([x, y]) => inFrame(layout, x, y) !== null);
  const sorted = inside.sort((left, right) => left[0] - right[0] || left[1] - right[1]);
  return hasCurves
    ? sorted.filter(([x], index) => index === 0 || x - (sorted[index - 1]?.[0] ?? 0) > 0.5)
    : sorted;
}

/** Nobody walks through 20 000 steps one by one. */
function thin<Value>(values: readonly Value[], most = 400): Value[] {
  if (values.length <= most) return [...values];
  return Array.from(
    { length: most },
    (_, index) => values[Math.round((index * (values.length - 1)) / (most - 1))],
  ).filter((value): value is Value => value !== undefined);
}
