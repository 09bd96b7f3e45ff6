// The marks of a plot: each function takes what a reader has and gives plain data, checked.
import type {
  ArrowMark,
  BarMark,
  Colour,
  ContourMark,
  DotMark,
  HandleMark,
  HeatMark,
  LineMark,
  Mark,
  RuleMark,
  TextMark,
  TrajectoryMark,
} from "../plot.ts";
import {
  checkLengths,
  readGrid,
  readNumbers,
  readSeries,
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
  readText,
  scalarOf,
} from "./options.ts";

interface Series {
  /** Name of the series in the legend, the summary and the data table. */
  label?: string;
  /** blue, orange, green, red, purple, teal, pink, grey or ink; the next unused one when left out. */
  colour?: Colour;
}

const series = ["label", "colour"] as const;
const points = ["x", "y", "points"] as const;
const field = ["f", "grid", "x", "y", "steps"] as const;

/** Marks that were made here; anything else handed to a plot is made again, so that it is checked. */
const made = new WeakSet<object>();

function make<Made extends Mark>(mark: Made): Made {
  made.add(mark);
  return mark;
}

function readSeriesOptions(tool: string, { label, colour }: Series): Series {
  return {
    ...(label === undefined ? {} : { label: readText(tool, "label", label) }),
    ...(colour === undefined ? {} : { colour: readColour(tool, colour) }),
  };
}

export interface LineOptions extends Points, Series {
  dash?: boolean;
}

/**
 * A line through points. Numbers that are not finite leave a gap.
 *
 * @example
 * plot({ title: "Loss", marks: [line({ y: losses, label: "gradient descent" })] });
 * plot({ title: "A parabola", marks: [line({ f: (x) => x * x, x: [-2, 2] })] });
 */
export function line(options: LineOptions): LineMark {
  readOptions("line", options, [...points, "f", "steps", ...series, "dash"], "line({ y: losses })");
  return make({
    type: "line",
    ...readSeries("line", options),
    ...readSeriesOptions("line", options),
    ...(options.dash === undefined ? {} : { dash: readFlag("line", "dash", options.dash) }),
  });
}

export interface DotOptions extends Omit<Points, "f" | "steps">, Series {
  /** In CSS pixels; 3 when left out. */
  radius?: number;
  /** A number for each dot, shown as its colour. */
  value?: Numbers;
}

/**
 * A dot for each point. Points that are not finite are left out.
 *
 * @example
 * plot({ title: "Critical points", marks: [dot({ x: losses, y: ratios, value: norms })] });
 */
export function dot(options: DotOptions): DotMark {
  readOptions("dot", options, [...points, ...series, "radius", "value"], "dot({ x, y })");
  const all = readSeries("dot", options);
  const value = options.value === undefined ? null : readNumbers("dot", "value", options.value);
  if (value) checkLengths("dot", { x: all.x, value });
  const kept = all.x.flatMap((x, index) =>
    Number.isNaN(x + all.y[index]! + (value?.[index] ?? 0)) ? [] : [index],
  );
  return make({
    type: "dot",
    x: kept.map((index) => all.x[index]!),
    y: kept.map((index) => all.y[index]!),
    ...(value ? { value: kept.map((index) => value[index]!) } : {}),
    ...(options.radius === undefined ? {} : { radius: readRadius(options.radius) }),
    ...readSeriesOptions("dot", options),
  });
}

function readRadius(value: unknown): number {
  const radius = readNumber("dot", "radius", value);
  if (radius > 0 && radius <= 50) return radius;
  throw new ToolError("dot", `“radius” must be above 0 and at most 50 pixels, not ${radius}`);
}

export interface BarOptions extends Series {
  /** Numbers or names; 0, 1, 2, … when left out. */
  x?: Numbers | readonly string[];
  y: Numbers;
}

/**
 * A bar for each value.
 *
 * @example
 * plot({ title: "Steps to leave the saddle", marks: [bar({ x: ["SGD", "Adam"], y: [159, 22] })] });
 */
export function bar(options: BarOptions): BarMark {
  readOptions("bar", options, ["x", "y", ...series], 'bar({ x: ["a", "b"], y: [1, 2] })');
  const y = readNumbers("bar", "y", options.y).map((value) => (Number.isNaN(value) ? 0 : value));
  const x = options.x === undefined ? y.map((_, index) => index) : readNames(options.x);
  checkLengths("bar", { x, y });
  return make({ type: "bar", x, y, ...readSeriesOptions("bar", options) });
}

function readNames(value: unknown): (number | string)[] {
  if (Array.isArray(value) && value.some((item) => typeof item === "string")) return value.map(String);
  return readNumbers("bar", "x", value);
}

export interface ContourOptions extends Field, Series {
  /** Values of the lines; chosen from the data when left out. */
  levels?: Numbers;
  filled?: boolean;
}

/**
 * Lines of equal height of a function of two variables.
 *
 * @example
 * plot({ title: "Loss", marks: [contour({ f: (x, y) => (1 - x * y) ** 2, x: [-2, 2], y: [-2, 2] })] });
 */
export function contour(options: ContourOptions): ContourMark {
  readOptions("contour", options, [...field, ...series, "levels", "filled"], contourExample);
  const levels =
    options.levels === undefined
      ? null
      : readNumbers("contour", "levels", options.levels)
          .filter((level) => !Number.isNaN(level))
          .sort((a, b) => a - b);
  return make({
    type: "contour",
    grid: readGrid("contour", options),
    ...(levels ? { levels } : {}),
    ...(options.filled === undefined ? {} : { filled: readFlag("contour", "filled", options.filled) }),
    ...readSeriesOptions("contour", options),
  });
}

const contourExample = "contour({ f: (x, y) => x * y, x: [-2, 2], y: [-2, 2] })";

export interface HeatOptions extends Field, Series {
  /** `diverging` is centred on 0. */
  palette?: "sequential" | "diverging";
}

/**
 * A function of two variables, or a matrix, as colours.
 *
 * @example
 * plot({ title: "Hessian", marks: [heat({ grid: hessian, palette: "diverging" })] });
 */
export function heat(options: HeatOptions): HeatMark {
  readOptions("heat", options, [...field, ...series, "palette"], "heat({ grid: matrix })");
  const palettes = ["sequential", "diverging"] as const;
  return make({
    type: "heat",
    grid: readGrid("heat", options),
    ...(options.palette === undefined
      ? {}
      : { palette: readChoice("heat", "palette", options.palette, palettes) }),
    ...readSeriesOptions("heat", options),
  });
}

export interface ArrowOptions extends Series {
  x: number | Numbers;
  y: number | Numbers;
  /** From (x, y) to (x + dx, y + dy), in data units. */
  dx: number | Numbers;
  dy: number | Numbers;
}

/**
 * One arrow or many.
 *
 * @example
 * plot({ title: "The gradient", marks: [arrow({ x: 1, y: 1, dx: -0.2, dy: -0.2, label: "−gradient" })] });
 */
export function arrow(options: ArrowOptions): ArrowMark {
  readOptions("arrow", options, ["x", "y", "dx", "dy", ...series], "arrow({ x: 0, y: 0, dx: 1, dy: 1 })");
  const lists = {
    x: oneOrMany("x", options.x),
    y: oneOrMany("y", options.y),
    dx: oneOrMany("dx", options.dx),
    dy: oneOrMany("dy", options.dy),
  };
  checkLengths("arrow", lists);
  return make({ type: "arrow", ...lists, ...readSeriesOptions("arrow", options) });
}

function oneOrMany(option: string, value: unknown): number[] {
  const number = scalarOf(value);
  return number === null
    ? readNumbers("arrow", option, value).map((entry) => (Number.isNaN(entry) ? 0 : entry))
    : [readNumber("arrow", option, number)];
}

export interface RuleOptions extends Series {
  /** A vertical line at this x … */
  x?: number;
  /** … or a horizontal one at this y. */
  y?: number;
  dash?: boolean;
}

/**
 * A straight line over the whole width or height.
 *
 * @example
 * plot({ title: "Sharpness", marks: [line({ y: sharpness }), rule({ y: 2 / lr, label: "2/η", dash: true })] });
 */
export function rule(options: RuleOptions): RuleMark {
  readOptions("rule", options, ["x", "y", "dash", ...series], "rule({ y: 0 })");
  if ((options.x === undefined) === (options.y === undefined)) {
    throw new ToolError("rule", "needs either x or y", "Write rule({ y: 0 }) for a horizontal line.");
  }
  return make({
    type: "rule",
    ...(options.x === undefined ? {} : { x: readNumber("rule", "x", options.x) }),
    ...(options.y === undefined ? {} : { y: readNumber("rule", "y", options.y) }),
    ...(options.dash === undefined ? {} : { dash: readFlag("rule", "dash", options.dash) }),
    ...readSeriesOptions("rule", options),
  });
}

export interface TextOptions extends Series {
  x: number;
  y: number;
  text: string;
}

/**
 * Words at a place of the plot.
 *
 * @example
 * plot({ title: "The valley", marks: [text({ x: 1, y: 1, text: "minimum" })] });
 */
export function text(options: TextOptions): TextMark {
  readOptions("text", options, ["x", "y", "text", ...series], 'text({ x: 0, y: 0, text: "saddle" })');
  return make({
    type: "text",
    x: readNumber("text", "x", options.x),
    y: readNumber("text", "y", options.y),
    text: readText("text", "text", options.text).slice(0, 500),
    ...readSeriesOptions("text", options),
  });
}

export interface TrajectoryOptions extends Omit<Points, "f" | "steps">, Series {
  /** `false` shows only where it is, not where it was, and smaller: for many that move together. */
  trail?: boolean;
}

/**
 * A path in time, which the reader can play, scrub and restart.
 *
 * @example
 * plot({ title: "Descent", marks: [trajectory({ x: path.map((w) => w[0]), y: path.map((w) => w[1]) })] });
 */
export function trajectory(options: TrajectoryOptions): TrajectoryMark {
  readOptions("trajectory", options, [...points, ...series, "trail"], "trajectory({ x, y })");
  if (options.points === undefined && options.x === undefined) {
    throw new ToolError("trajectory", "needs x and y, or points", "Write trajectory({ x, y }).");
  }
  return make({
    type: "trajectory",
    ...readSeries("trajectory", options),
    ...readSeriesOptions("trajectory", options),
    ...(options.trail === undefined ? {} : { trail: readFlag("trajectory", "trail", options.trail) }),
  });
}

export interface HandleOptions extends Series {
  /** The key (the label, unless it was given another) of the `point` that this handle moves. */
  input: string;
  x: number;
  y: number;
}

/**
 * A point that the reader drags; its place is the value of a `point`.
 *
 * @example
 * const [w1, w2] = point({ label: "ball", x: [-2, 2], y: [-2, 2], value: [0.5, 0.5] });
 * plot({ title: "Loss", marks: [contour({ f: loss, x: [-2, 2], y: [-2, 2] }), handle({ input: "ball", x: w1, y: w2 })] });
 */
export function handle(options: HandleOptions): HandleMark {
  readOptions("handle", options, ["input", "x", "y", ...series], 'handle({ input: "ball", x, y })');
  return make({
    type: "handle",
    input: readText("handle", "input", options.input),
    x: readNumber("handle", "x", options.x),
    y: readNumber("handle", "y", options.y),
    ...readSeriesOptions("handle", options),
  });
}

const makers = { line, dot, bar, contour, heat, arrow, rule, text, trajectory, handle } as const;
const markTypes = Object.keys(makers) as (keyof typeof makers)[];

/** A mark of a plot, checked, whether a function above made it or the reader wrote the object. */
export function readMark(value: unknown, index: number): Mark {
  if (typeof value !== "object" || value === null || !("type" in value)) {
    const fix =
      value instanceof Promise
        ? "Await it first."
        : "Use line({ … }), dot({ … }), contour({ … }) and the like.";
    throw new ToolError("plot", `marks[${index}] must be a mark, not ${describe(value)}`, fix);
  }
  if (made.has(value)) return value as Mark;
  const { type, ...options } = value;
  const maker = makers[readChoice("plot", `marks[${index}].type`, type, markTypes)];
  return (maker as (options: object) => Mark)(options);
}
