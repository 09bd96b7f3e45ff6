// `plot` and `surface`: whole pictures, from options to plain data that a page can draw.
import type {
  Axis,
  Colour,
  Grid,
  Mark,
  PlotDescription,
  SurfaceDescription,
  SurfaceTrajectory,
} from "../plot.ts";
import { readMark } from "./marks.ts";
import {
  checkLengths,
  interpolate,
  maxNumbers,
  readGrid,
  readNumbers,
  readSeries,
  sample,
  type Field,
  type Numbers,
  type Points,
} from "./numbers.ts";
import {
  ToolError,
  describe,
  readChoice,
  readColour,
  readFlag,
  readNumber,
  readOptions,
  readPair,
  readRange,
  readText,
} from "./options.ts";
import { stageOf } from "./stage.ts";

export interface PlotOptions {
  /** What the picture is of; also its name for those who do not see it. */
  title: string;
  /** What the picture shows, in a sentence; written from the data when left out. */
  summary?: string;
  /** The horizontal axis: its label, its scale ("linear", "log" or "symlog") and its domain. */
  x?: Axis | string;
  y?: Axis | string;
  /** Height over width; 0.62 when left out. */
  aspect?: number;
  /** One unit of x is as long as one unit of y. */
  equal?: boolean;
  marks: readonly Mark[];
  /** A plot with the key of an earlier one of the same run takes its place: for plots that move. */
  key?: string;
}

/**
 * Shows a plot.
 *
 * @throws when lists that belong together differ in length, an option is unknown, or a log axis meets a
 * number that is not above 0.
 * @example
 * plot({ title: "Loss", x: { label: "step" }, y: { label: "loss", scale: "log" }, marks: [line({ y: losses })] });
 */
export function plot(options: PlotOptions): void {
  const stage = stageOf("plot");
  readOptions(
    "plot",
    options,
    ["title", "summary", "x", "y", "aspect", "equal", "marks", "key"],
    'plot({ title: "Loss", marks: [line({ y: losses })] })',
  );
  const { marks, key } = options;
  if (!Array.isArray(marks)) {
    throw new ToolError(
      "plot",
      `“marks” must be a list of marks, not ${describe(marks)}`,
      "Write marks: [line({ … })].",
    );
  }
  const description: PlotDescription = {
    version: 1,
    ...readHead("plot", options),
    ...readAxes("plot", options, ["x", "y"]),
    ...(options.aspect === undefined ? {} : { aspect: readAspect(options.aspect) }),
    ...(options.equal === undefined ? {} : { equal: readFlag("plot", "equal", options.equal) }),
    marks: marks.map(readMark),
  };
  checkLogAxes(description);
  checkSize("plot", description);
  stage.show({ kind: "plot", plot: description, ...outputKey("plot", key) });
}

function outputKey(tool: string, key: unknown): { key: string } | Record<string, never> {
  return key === undefined ? {} : { key: `${tool}:${readText(tool, "key", key)}` };
}

function readHead(tool: string, options: { title: string; summary?: string }) {
  return {
    title: readText(tool, "title", options.title).slice(0, 500),
    ...(options.summary === undefined
      ? {}
      : { summary: readText(tool, "summary", options.summary).slice(0, 2_000) }),
  };
}

function readAxes<Name extends "x" | "y" | "z">(
  tool: string,
  options: { [Key in Name]?: Axis | string },
  names: readonly Name[],
): { [Key in Name]?: Axis } {
  const axes: { [Key in Name]?: Axis } = {};
  for (const name of names) {
    const axis = options[name];
    if (axis !== undefined) axes[name] = readAxis(tool, name, axis);
  }
  return axes;
}

function readAxis(tool: string, name: string, axis: Axis | string): Axis {
  if (typeof axis === "string") return { label: axis };
  readOptions(`${tool}, axis ${name}`, axis, ["label", "scale", "domain"], `${name}: { label: "step" }`);
  const scale =
    axis.scale === undefined
      ? undefined
      : readChoice(tool, `${name}.scale`, axis.scale, ["linear", "log", "symlog"] as const);
  const domain = axis.domain === undefined ? undefined : readRange(tool, `${name}.domain`, axis.domain);
  if (scale === "log" && domain && domain[0] <= 0) {
    throw new ToolError(
      tool,
      `${name} has a log scale, but its domain begins at ${domain[0]}`,
      'Begin above 0, or use scale: "symlog".',
    );
  }
  return {
    ...(axis.label === undefined ? {} : { label: readText(tool, `${name}.label`, axis.label).slice(0, 200) }),
    ...(scale === undefined ? {} : { scale }),
    ...(domain === undefined ? {} : { domain }),
  };
}

function readAspect(value: unknown): number {
  const aspect = readNumber("plot", "aspect", value);
  if (aspect >= 0.1 && aspect <= 5) return aspect;
  throw new ToolError("plot", `“aspect” (height over width) must be from 0.1 to 5, not ${aspect}`);
}

function checkLogAxes(plot: PlotDescription): void {
  for (const name of ["x", "y"] as const) {
    if (plot[name]?.scale !== "log") continue;
    plot.marks.forEach((mark, index) => {
      const bad = placesOf(mark, name).findIndex((value) => value <= 0);
      if (bad < 0) return;
      const which = mark.label === undefined ? `marks[${index}] (${mark.type})` : `“${mark.label}”`;
      throw new ToolError(
        "plot",
        `${name} has a log scale, which shows only numbers above 0, but ${which} has ${name}[${bad}] = ${placesOf(mark, name)[bad]}`,
        'Use scale: "symlog", or leave these values out.',
      );
    });
  }
}

/** Where a mark lies along an axis; bars stand on 0 by nature and are drawn from the axis instead. */
function placesOf(mark: Mark, axis: "x" | "y"): number[] {
  switch (mark.type) {
    case "line":
    case "dot":
    case "trajectory":
    case "arrow":
      return mark[axis];
    case "bar":
      return axis === "y" ? mark.y : mark.x.filter((value) => typeof value === "number");
    case "rule":
      return mark[axis] === undefined ? [] : [mark[axis]];
    case "text":
    case "handle":
      return [mark[axis]];
    case "contour":
    case "heat":
      return [mark.grid[axis][0]];
  }
}

function checkSize(tool: string, description: PlotDescription): void {
  let numbers = 0;
  for (const mark of description.marks) {
    numbers += "grid" in mark ? mark.grid.values.length : placesOf(mark, "x").length * 2;
  }
  if (numbers <= maxNumbers && description.marks.length <= 200) return;
  throw new ToolError(
    tool,
    description.marks.length > 200
      ? `has ${description.marks.length} marks, more than a picture can show (200)`
      : `has ${numbers} numbers, more than a picture can show (${maxNumbers})`,
    "Show fewer points: every hundredth, say.",
  );
}

/** A path on a surface: x and y, or points as [x, y]. */
export interface SurfacePath extends Omit<Points, "f" | "steps"> {
  label: string;
  colour?: Colour;
  z?: Numbers;
}

export interface SurfaceOptions extends Pick<Field, "f" | "grid" | "steps"> {
  title: string;
  summary?: string;
  /** The axes: label and domain. With `f` the domains are needed: they say where to sample. */
  x?: Axis | string;
  y?: Axis | string;
  z?: Axis | string;
  /** A second, translucent surface over the same x and y: a function or a grid. */
  overlay?: Field["f"] | Field["grid"];
  /** Paths on the surface, which the reader can play; z is computed where it is left out. */
  trajectories?: readonly SurfacePath[];
  /** Arrows from [x, y] or [x, y, z] to the like. Without z they start on the surface and lie flat. */
  arrows?: readonly { label?: string; colour?: Colour; from: readonly number[]; to: readonly number[] }[];
  /** A point that the reader drags; its place is the value of the `point` named `input`. */
  handle?: { input: string; x: number; y: number };
  key?: string;
}

/**
 * Shows z over x and y in perspective.
 *
 * @example
 * surface({
 *   title: "Loss of w₁w₂", f: (w1, w2) => (1 - w1 * w2) ** 2,
 *   x: { label: "w₁", domain: [-2, 2] }, y: { label: "w₂", domain: [-2, 2] },
 *   trajectories: [{ label: "gradient descent", x: path1, y: path2 }],
 * });
 */
export function surface(options: SurfaceOptions): void {
  const stage = stageOf("surface");
  readOptions(
    "surface",
    options,
    [
      "title",
      "summary",
      "f",
      "grid",
      "steps",
      "x",
      "y",
      "z",
      "overlay",
      "trajectories",
      "arrows",
      "handle",
      "key",
    ],
    'surface({ title: "Loss", f: (x, y) => x * y, x: { domain: [-2, 2] }, y: { domain: [-2, 2] } })',
  );
  const axes = readAxes("surface", options, ["x", "y", "z"]);
  const grid = readGrid("surface", { ...options, ...domainsOf(axes, options) } as Field);
  const height = heightOf(options.f, grid);
  const description: SurfaceDescription = {
    version: 1,
    ...readHead("surface", options),
    ...axes,
    grid,
    ...(options.overlay === undefined ? {} : { overlay: readOverlay(options.overlay, grid) }),
    trajectories: (options.trajectories ?? []).map((path, index) => readTrajectory(path, index, height)),
    ...(options.arrows === undefined
      ? {}
      : { arrows: options.arrows.map((arrow) => readArrow(arrow, height)) }),
    ...(options.handle === undefined ? {} : { handle: readHandle(options.handle) }),
  };
  stage.show({ kind: "surface", surface: description, ...outputKey("surface", options.key) });
}

function domainsOf(axes: { x?: Axis; y?: Axis }, options: SurfaceOptions) {
  for (const name of ["x", "y"] as const) {
    if (options.f === undefined || axes[name]?.domain) continue;
    throw new ToolError(
      "surface",
      `needs the domain of ${name}, over which to draw f`,
      `Write ${name}: { label: "${name}", domain: [-2, 2] }.`,
    );
  }
  return { x: axes.x?.domain, y: axes.y?.domain };
}

function heightOf(f: SurfaceOptions["f"], grid: Grid): (x: number, y: number) => number {
  return f === undefined ? (x, y) => interpolate(grid, x, y) : (x, y) => sample("surface", f, [x, y]);
}

function readOverlay(overlay: NonNullable<SurfaceOptions["overlay"]>, grid: Grid): Grid {
  const over = { x: grid.x, y: grid.y };
  return typeof overlay === "function"
    ? readGrid("surface, overlay", { ...over, f: overlay, steps: [grid.columns, grid.rows] })
    : readGrid("surface, overlay", { ...over, grid: overlay });
}

function readTrajectory(
  path: SurfacePath,
  index: number,
  height: (x: number, y: number) => number,
): SurfaceTrajectory {
  const tool = `surface, trajectories[${index}]`;
  readOptions(tool, path, ["label", "colour", "x", "y", "z", "points"], '{ label: "Adam", x, y }');
  const { x, y } = readSeries(tool, path);
  const z = path.z === undefined ? x.map((at, step) => height(at, y[step]!)) : readNumbers(tool, "z", path.z);
  checkLengths(tool, { x, z });
  return {
    label: readText(tool, "label", path.label),
    ...(path.colour === undefined ? {} : { colour: readColour(tool, path.colour) }),
    x,
    y,
    z,
  };
}

type Place = [number, number, number];

function readArrow(
  arrow: NonNullable<SurfaceOptions["arrows"]>[number],
  height: (x: number, y: number) => number,
): NonNullable<SurfaceDescription["arrows"]>[number] {
  const tool = "surface, arrows";
  readOptions(tool, arrow, ["label", "colour", "from", "to"], "{ from: [0, 0], to: [1, 1] }");
  const from = readPlace(tool, "from", arrow.from, height);
  return {
    ...(arrow.label === undefined ? {} : { label: readText(tool, "label", arrow.label) }),
    ...(arrow.colour === undefined ? {} : { colour: readColour(tool, arrow.colour) }),
    from,
    to: readPlace(tool, "to", arrow.to, () => from[2]),
  };
}

function readPlace(
  tool: string,
  option: string,
  value: unknown,
  height: (x: number, y: number) => number,
): Place {
  const numbers = readNumbers(tool, option, value);
  if (numbers.length !== 2 && numbers.length !== 3) {
    throw new ToolError(tool, `“${option}” must be [x, y] or [x, y, z], not ${describe(value)}`);
  }
  const [x, y] = readPair(tool, option, numbers.slice(0, 2));
  return [x, y, readNumber(tool, `${option}[2]`, numbers[2] ?? height(x, y))];
}

function readHandle(handle: NonNullable<SurfaceOptions["handle"]>) {
  readOptions("surface, handle", handle, ["input", "x", "y"], '{ input: "ball", x, y }');
  return {
    input: readText("surface, handle", "input", handle.input),
    x: readNumber("surface, handle", "x", handle.x),
    y: readNumber("surface, handle", "y", handle.y),
  };
}
