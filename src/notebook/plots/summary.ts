// What a picture shows, in words, for readers who do not see it: written from the data where the author wrote none.
import { deviation, mean } from "d3-array";
import { count, formatNumber } from "../outputs/numbers.ts";
import type {
  ArrowMark,
  BarMark,
  DotMark,
  Grid,
  PlotDescription,
  SurfaceDescription,
  TrajectoryMark,
} from "../../runtime/index.ts";
import { gridX, gridY, usable, usableExtent } from "./numbers-in.ts";
import { nameOf, prepare, type Picture, type Series } from "./prepare.ts";

const number = (value: number): string => formatNumber(value, 3);
const point = (x: number, y: number): string => `(${number(x)}, ${number(y)})`;

/** Two or three sentences at most per series; never fails, whatever the data are. */
export function summarise(plot: PlotDescription): string {
  if (plot.summary !== undefined && plot.summary.trim() !== "") return plot.summary.trim();
  const picture = prepare(plot);
  if (picture.series.length === 0) return "Empty picture: there is nothing to draw.";
  const kinds = [
    ...new Set(picture.series.map((series) => chartKinds[series.mark.type]).filter((kind) => kind !== "")),
  ];
  const shown = picture.series
    .slice(0, 8)
    .map((series) => describe(series, picture))
    .filter((text) => text !== "");
  const more =
    picture.series.length > 8 ? [`${count(picture.series.length - 8, "more series", "more series")}.`] : [];
  const first = kinds[0] ?? "Picture";
  const kind = kinds.length > 1 ? `${first} with ${kinds.slice(1).map(lowerFirst).join(" and ")}` : first;
  return [`${kind}${axesText(picture)}.`, ...shown, ...more].join(" ");
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

const chartKinds = {
  line: "Line chart",
  dot: "Scatter plot",
  bar: "Bar chart",
  contour: "Contour plot",
  heat: "Heat map",
  arrow: "Arrows",
  trajectory: "Trajectory",
  rule: "",
  text: "",
  handle: "",
} as const;

function axesText({ x, y }: Picture): string {
  const axes = [x.label && `${x.label} across`, y.label && `${y.label} upwards`].filter(Boolean);
  const scales = [x.kind === "log" && "logarithmic x axis", y.kind === "log" && "logarithmic y axis"].filter(
    Boolean,
  );
  const text = [...axes, ...scales].join(", ");
  return text === "" ? "" : `: ${text}`;
}

function describe(series: Series, picture: Picture): string {
  const { mark } = series;
  const name = nameOf(series);
  switch (mark.type) {
    case "line":
      return `${name}: ${describeCurve(mark.x, mark.y, picture.x.label)}.`;
    case "dot":
      return `${name}: ${describeDots(mark)}.`;
    case "bar":
      return `${name}: ${describeBars(mark)}.`;
    case "contour":
    case "heat":
      return `${series.label ?? "Values"}: ${describeGrid(mark.grid)}.`;
    case "arrow":
      return describeArrows(mark, name);
    case "trajectory":
      return `${name}: ${describePath(mark)}.`;
    case "rule": {
      if (mark.x === undefined && mark.y === undefined) return "";
      const place = mark.x === undefined ? `y = ${number(mark.y ?? NaN)}` : `x = ${number(mark.x)}`;
      return `Line at ${place}${series.label === null ? "" : ` (${series.label})`}.`;
    }
    case "text":
      return `“${mark.text}” at ${point(mark.x, mark.y)}.`;
    case "handle":
      return `Movable point ${series.label ?? mark.input} at ${point(mark.x, mark.y)}.`;
  }
}

/** `falls from 1 to 0.056 over 20 000 steps, lowest 0.05 at 812`. */
export function describeCurve(x: readonly number[], y: readonly number[], label: string): string {
  const points: [number, number][] = [];
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const [a, b] = [x[index], y[index]];
    if (usable(a) && usable(b)) points.push([a, b]);
  }
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "no finite values";
  if (points.length === 1) return `one point, ${point(...first)}`;
  const low = points.reduce((best, next) => (next[1] < best[1] ? next : best));
  const high = points.reduce((best, next) => (next[1] > best[1] ? next : best));
  const span = high[1] - low[1];
  const unit = label === "" ? "x" : label;
  const over = `over ${unit} from ${number(first[0])} to ${number(last[0])}`;
  if (span === 0 || span <= 1e-9 * Math.max(Math.abs(high[1]), Math.abs(low[1])))
    return `stays at ${number(first[1])} ${over}`;
  const change = last[1] - first[1];
  const moves =
    Math.abs(change) < span * 0.02
      ? `begins and ends near ${number(last[1])} ${over}`
      : `${change < 0 ? "falls" : "rises"} from ${number(first[1])} to ${number(last[1])} ${over}`;
  const extremes: string[] = [];
  const ends = Math.min(first[1], last[1]);
  if (low[1] < ends - span * 0.02) extremes.push(`lowest ${number(low[1])} at ${number(low[0])}`);
  if (high[1] > Math.max(first[1], last[1]) + span * 0.02)
    extremes.push(`highest ${number(high[1])} at ${number(high[0])}`);
  return [moves, ...extremes].join(", ");
}

function describeDots({ x, y }: DotMark): string {
  const pairs = x.flatMap((value, index): [number, number][] => {
    const other = y[index];
    return usable(value) && usable(other) ? [[value, other]] : [];
  });
  const [first] = pairs;
  if (!first) return "no finite values";
  if (pairs.length <= 4)
    return `${count(pairs.length, "point")}: ${pairs.map((pair) => point(...pair)).join(", ")}`;
  const [lowX, highX] = usableExtent(pairs.map(([a]) => a)) ?? [0, 0];
  const [lowY, highY] = usableExtent(pairs.map(([, b]) => b)) ?? [0, 0];
  const rank = rankCorrelation(pairs);
  const relation =
    pairs.length < 8 || rank === null ? "" : `; ${relationText(rank)} (rank correlation ${number(rank)})`;
  return `${count(pairs.length, "point")}, x from ${number(lowX)} to ${number(highX)}, y from ${number(lowY)} to ${number(highY)}${relation}`;
}

function relationText(rank: number): string {
  if (Math.abs(rank) < 0.2) return "no clear relation";
  const strength = Math.abs(rank) > 0.8 ? "closely " : "";
  return rank < 0 ? `y ${strength}falls as x grows` : `y ${strength}grows with x`;
}

/** Spearman's rank correlation, equal values sharing their mean rank; `null` when a coordinate is constant. */
export function rankCorrelation(pairs: readonly [number, number][]): number | null {
  const [a, b] = [ranks(pairs.map(([x]) => x)), ranks(pairs.map(([, y]) => y))];
  const [meanA = 0, meanB = 0] = [mean(a), mean(b)];
  const [sdA, sdB] = [deviation(a), deviation(b)];
  if (!sdA || !sdB) return null;
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += ((a[index] ?? 0) - meanA) * ((b[index] ?? 0) - meanB);
  return Math.min(1, Math.max(-1, sum / ((a.length - 1) * sdA * sdB)));
}

function ranks(values: readonly number[]): number[] {
  const order = values
    .map((_, index) => index)
    .sort((left, right) => (values[left] ?? 0) - (values[right] ?? 0));
  const result = Array.from({ length: values.length }, () => 0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1] ?? 0] === values[order[start] ?? 0]) end++;
    for (let place = start; place <= end; place++) result[order[place] ?? 0] = (start + end) / 2;
    start = end + 1;
  }
  return result;
}

function describeBars({ x, y }: BarMark): string {
  const bars = y.flatMap((value, index) => (usable(value) ? [{ name: barName(x[index]), value }] : []));
  const [first] = bars;
  if (!first) return "no finite values";
  if (bars.length <= 6) return bars.map(({ name, value }) => `${name} ${number(value)}`).join(", ");
  const high = bars.reduce((best, bar) => (bar.value > best.value ? bar : best));
  const low = bars.reduce((best, bar) => (bar.value < best.value ? bar : best));
  return `${count(bars.length, "bar")}, highest ${number(high.value)} at ${high.name}, lowest ${number(low.value)} at ${low.name}`;
}

function barName(x: number | string | undefined): string {
  return typeof x === "number" ? number(x) : (x ?? "");
}

function describeGrid(grid: Grid): string {
  let low = -1;
  let high = -1;
  for (let index = 0; index < grid.columns * grid.rows; index++) {
    const value = grid.values[index];
    if (!usable(value)) continue;
    if (low < 0 || value < (grid.values[low] ?? 0)) low = index;
    if (high < 0 || value > (grid.values[high] ?? 0)) high = index;
  }
  const range = `x from ${number(grid.x[0])} to ${number(grid.x[1])}, y from ${number(grid.y[0])} to ${number(grid.y[1])}`;
  if (low < 0) return `no finite values, ${range}`;
  const at = (index: number): string =>
    point(gridX(grid, index % grid.columns), gridY(grid, Math.floor(index / grid.columns)));
  const [least = NaN, most = NaN] = [grid.values[low], grid.values[high]];
  if (least === most) return `${number(least)} everywhere, ${range}`;
  return `lowest ${number(least)} near ${at(low)}, highest ${number(most)} near ${at(high)}, ${range}`;
}

function describeArrows({ x, y, dx, dy }: ArrowMark, name: string): string {
  const amount = Math.min(x.length, y.length, dx.length, dy.length);
  if (amount > 3) return `${name}: ${count(amount, "arrow")}.`;
  const arrows = Array.from({ length: amount }, (_, index) => {
    const [a = NaN, b = NaN, c = NaN, d = NaN] = [x[index], y[index], dx[index], dy[index]];
    return `from ${point(a, b)} to ${point(a + c, b + d)}`;
  });
  return `${name}: ${arrows.join(", ")}.`;
}

function describePath({ x, y }: TrajectoryMark): string {
  const steps = Math.min(x.length, y.length) - 1;
  const [a = NaN, b = NaN, c = NaN, d = NaN] = [x[0], y[0], x[steps], y[steps]];
  return steps === 0
    ? `stays at ${point(a, b)}`
    : `from ${point(a, b)} to ${point(c, d)} in ${count(steps, "step")}`;
}

export function summariseSurface(surface: SurfaceDescription): string {
  if (surface.summary !== undefined && surface.summary.trim() !== "") return surface.summary.trim();
  const parts = [
    `Surface of ${surface.z?.label ?? "z"} over ${surface.x?.label ?? "x"} and ${surface.y?.label ?? "y"}: ${describeGrid(surface.grid)}.`,
  ];
  if (surface.overlay) parts.push("A second, translucent surface lies over it.");
  for (const { label, x, y, z } of surface.trajectories.slice(0, 6)) {
    const [from, to] = [z[0], z.at(-1)];
    const heights = usable(from) && usable(to) ? `, height from ${number(from)} to ${number(to)}` : "";
    parts.push(`${label}: ${describePath({ type: "trajectory", x, y })}${heights}.`);
  }
  for (const arrow of surface.arrows?.slice(0, 4) ?? [])
    parts.push(
      `Arrow${arrow.label === undefined ? "" : ` ${arrow.label}`} from ${point(arrow.from[0], arrow.from[1])} to ${point(arrow.to[0], arrow.to[1])}.`,
    );
  if (surface.handle)
    parts.push(`Movable point ${surface.handle.input} at ${point(surface.handle.x, surface.handle.y)}.`);
  return parts.join(" ");
}
