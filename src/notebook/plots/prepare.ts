// From a plot description, which may hold anything a cell computed, to a picture that can be laid out:
// every series with its name and colour, both axes with their extent, and notes on what could not be placed.
import { nice as niceTicks } from "d3-array";
import { count } from "../outputs/numbers.ts";
import type { Axis, Colour, Mark, PlotDescription } from "../../runtime/index.ts";
import type { AxisShape } from "./axis-scale.ts";
import { isRange, usable, usableExtent, usableGrid } from "./numbers-in.ts";

export interface Series<Kind extends Mark = Mark> {
  mark: Kind;
  /** Place in the description: the identity of the series. */
  index: number;
  /** The author's name, or `null`. */
  label: string | null;
  colour: Colour;
}

export interface Picture {
  title: string;
  series: Series[];
  x: AxisShape & { label: string };
  y: AxisShape & { label: string };
  /** The marks fill the plane (contour, heat): a frame instead of grid lines. */
  isMap: boolean;
  equal: boolean;
  aspect: number;
  /** What the reader should know about data that could not be drawn. */
  notes: string[];
}

const palette: Colour[] = ["blue", "orange", "green", "red", "purple", "teal", "pink", "grey"];

export function prepare(plot: PlotDescription): Picture {
  const marks = plot.marks.filter(isDrawable);
  const categories = categoriesOf(marks);
  const isMap = marks.some((mark) => mark.type === "contour" || mark.type === "heat");
  const notes = unplaced(plot, marks);
  if (marks.length < plot.marks.length) notes.push(emptyNote(plot.marks.length - marks.length, marks.length));
  return {
    title: plot.title,
    series: withColours(marks),
    x: axisShape(plot.x, "x", marks, isMap, categories),
    y: axisShape(plot.y, "y", marks, isMap, null),
    isMap,
    equal: plot.equal === true,
    aspect: usable(plot.aspect) ? Math.min(4, Math.max(0.1, plot.aspect)) : 0.62,
    notes,
  };
}

/** The series of one kind of mark. */
export function seriesOf<Type extends Mark["type"]>(
  picture: Picture,
  type: Type,
): Series<Extract<Mark, { type: Type }>>[] {
  return picture.series.filter(
    (series): series is Series<Extract<Mark, { type: Type }>> => series.mark.type === type,
  );
}

/** The name a series goes by in tables and texts. */
export function nameOf({ mark, label, index }: Series): string {
  return label ?? `${mark.type} ${index + 1}`;
}

function isDrawable(mark: Mark): boolean {
  switch (mark.type) {
    case "contour":
    case "heat":
      return usableGrid(mark.grid);
    case "line":
    case "dot":
    case "trajectory":
    case "arrow":
      return mark.x.some((x, index) => usable(x) && usable(mark.y[index]));
    case "bar":
      return mark.y.some(usable);
    case "rule":
      return usable(mark.x) || usable(mark.y);
    case "text":
    case "handle":
      return usable(mark.x) && usable(mark.y);
  }
}

function emptyNote(missing: number, drawn: number): string {
  return drawn === 0
    ? "There is nothing to draw: no finite values."
    : `${count(missing, "series", "series")} without finite values ${missing === 1 ? "is" : "are"} not drawn.`;
}

function withColours(marks: Mark[]): Series[] {
  const used = new Set(marks.map((mark) => mark.colour));
  const free = palette.filter((colour) => !used.has(colour));
  const order = free.length > 0 ? free : palette;
  let next = 0;
  return marks.map((mark, index) => ({
    mark,
    index,
    label: mark.label ?? null,
    colour: mark.colour ?? (isNeutral(mark) ? "ink" : (order[next++ % order.length] ?? "blue")),
  }));
}

/** Marks that annotate the others take the colour of text. */
function isNeutral({ type }: Mark): boolean {
  return type === "rule" || type === "text" || type === "contour" || type === "heat";
}

function categoriesOf(marks: Mark[]): string[] | null {
  const bars = marks.filter((mark) => mark.type === "bar");
  if (!bars.some((bar) => bar.x.some((x) => typeof x === "string"))) return null;
  return [...new Set(bars.flatMap((bar) => bar.x.map(String)))];
}

function axisShape(
  axis: Axis | undefined,
  direction: "x" | "y",
  marks: Mark[],
  isMap: boolean,
  categories: string[] | null,
): Picture["x"] {
  const label = axis?.label ?? "";
  if (categories) return { kind: "category", domain: [-0.5, categories.length - 0.5], categories, label };
  const kind = axis?.scale ?? "linear";
  const fits = (value: number): boolean => usable(value) && (kind !== "log" || value > 1e-150);
  const given = axis?.domain;
  if (given?.every(fits)) {
    const [low, high] = given[0] < given[1] ? given : [given[1], given[0]];
    if (isRange(low, high)) return { kind, domain: [low, high], label };
  }
  const grids = marks.flatMap((mark) => (mark.type === "contour" || mark.type === "heat" ? [mark.grid] : []));
  const placed = isMap
    ? grids.flatMap((grid) => grid[direction])
    : marks.flatMap((mark) => along(mark, direction));
  const found = usableExtent(placed.filter(fits));
  if (!found) return { kind, domain: kind === "log" ? [0.1, 10] : [0, 1], label };
  if (isMap && isRange(...found)) return { kind, domain: found, label };
  const tight = direction === "x" && marks.every(isContinuousInX);
  return { kind, domain: roomy(found, kind, tight, direction), label };
}

/** Lines may start at the frame; dots and bars need room. */
function isContinuousInX({ type }: Mark): boolean {
  return type === "line" || type === "rule" || type === "text";
}

function roomy(
  [low, high]: [number, number],
  kind: AxisShape["kind"],
  tight: boolean,
  direction: "x" | "y",
): [number, number] {
  if (kind === "log") {
    if (!isRange(low, high)) return [low / 3, high * 3];
    if (tight) return [low, high];
    const share = (high / low) ** 0.04;
    return [low / share, high * share];
  }
  if (!isRange(low, high)) {
    const room = Math.abs(low) > 1e-100 ? Math.abs(low) / 2 : 1;
    return [low - room, high + room];
  }
  if (tight || kind === "symlog") return [low, high];
  const room = (high - low) * 0.03;
  if (direction === "x") return [low - room, high + room];
  const padded = niceTicks(low === 0 ? 0 : low - room, high === 0 ? 0 : high + room, 5);
  return isRange(padded[0], padded[1]) ? [padded[0], padded[1]] : [low, high];
}

/** The values a mark places along one axis. */
function along(mark: Mark, direction: "x" | "y"): number[] {
  switch (mark.type) {
    case "line":
    case "dot":
    case "trajectory":
      return mark[direction];
    case "arrow": {
      const step = direction === "x" ? mark.dx : mark.dy;
      return [...mark[direction], ...mark[direction].map((from, index) => from + (step[index] ?? 0))];
    }
    case "bar":
      return direction === "y" ? [0, ...mark.y] : barEdges(mark.x.map(Number));
    case "rule": {
      const value = mark[direction];
      return value === undefined ? [] : [value];
    }
    case "text":
    case "handle":
      return [mark[direction]];
    case "contour":
    case "heat":
      return [...mark.grid[direction]];
  }
}

/** Width of bars on a numeric axis: the smallest distance between two of them. */
export function barStep(x: readonly number[]): number {
  const sorted = [...new Set(x.filter(usable))].sort((left, right) => left - right);
  let step = Infinity;
  for (let index = 1; index < sorted.length; index++)
    step = Math.min(step, (sorted[index] ?? 0) - (sorted[index - 1] ?? 0));
  return Number.isFinite(step) ? step : 1;
}

function barEdges(x: number[]): number[] {
  const half = barStep(x) / 2;
  return x.filter(usable).flatMap((value) => [value - half, value + half]);
}

function unplaced(plot: PlotDescription, marks: Mark[]): string[] {
  const notes: string[] = [];
  let notFinite = 0;
  let notPositive = 0;
  for (const mark of marks) {
    if (mark.type !== "line" && mark.type !== "dot" && mark.type !== "trajectory") continue;
    for (let index = 0; index < Math.min(mark.x.length, mark.y.length); index++) {
      const [x, y] = [mark.x[index], mark.y[index]];
      if (!usable(x) || !usable(y)) notFinite++;
      else if ((plot.x?.scale === "log" && x <= 0) || (plot.y?.scale === "log" && y <= 0)) notPositive++;
    }
  }
  if (notFinite > 0) notes.push(`${count(notFinite, "value")} not drawn: not a finite number.`);
  if (notPositive > 0)
    notes.push(`${count(notPositive, "value")} not drawn: a log axis has no place for zero and below.`);
  return notes;
}
