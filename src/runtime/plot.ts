// The plot description: a picture as plain data, which a cell makes and a page draws.
// Version 1. A change that an older page could not draw gets a new version number.

/** Numbers on a regular grid, row by row; the first row is the smallest y, the first column the smallest x. */
export interface Grid {
  x: [number, number];
  y: [number, number];
  columns: number;
  rows: number;
  values: ArrayLike<number>;
}

export interface Axis {
  label?: string;
  scale?: "linear" | "log" | "symlog";
  /** From the data when left out. */
  domain?: [number, number];
}

/** The series colours of the page's theme: legible in light and dark, and told apart by colour-blind readers. */
export type Colour = "blue" | "orange" | "green" | "red" | "purple" | "teal" | "pink" | "grey" | "ink";

interface MarkBase {
  /** Name of the series in the legend, the summary and the data table. */
  label?: string;
  /** The next unused series colour when left out. */
  colour?: Colour;
}

export interface LineMark extends MarkBase {
  type: "line";
  x: number[];
  y: number[];
  dash?: boolean;
}

export interface DotMark extends MarkBase {
  type: "dot";
  x: number[];
  y: number[];
  /** In CSS pixels; 3 when left out. */
  radius?: number;
  /** A number for each dot, shown as its colour on a sequential scale. */
  value?: number[];
}

export interface BarMark extends MarkBase {
  type: "bar";
  x: (number | string)[];
  y: number[];
}

export interface ContourMark extends MarkBase {
  type: "contour";
  grid: Grid;
  /** Values of the lines; chosen from the data when left out (evenly in rank, so that flat and steep regions both show). */
  levels?: number[];
  filled?: boolean;
}

export interface HeatMark extends MarkBase {
  type: "heat";
  grid: Grid;
  /** `diverging` is centred on 0. */
  palette?: "sequential" | "diverging";
}

/** Arrows from (x, y) to (x + dx, y + dy), in data units. */
export interface ArrowMark extends MarkBase {
  type: "arrow";
  x: number[];
  y: number[];
  dx: number[];
  dy: number[];
}

/** A straight line over the whole width or height. */
export interface RuleMark extends MarkBase {
  type: "rule";
  x?: number;
  y?: number;
  dash?: boolean;
}

export interface TextMark extends MarkBase {
  type: "text";
  x: number;
  y: number;
  text: string;
}

/** A path in time that the reader can play, scrub and restart. */
export interface TrajectoryMark extends MarkBase {
  type: "trajectory";
  x: number[];
  y: number[];
  /** `false`: only where it is, not where it was, and smaller; for many that move together. */
  trail?: boolean;
}

/** A point that the reader drags (or moves with the arrow keys); its place is the value of the input named `input`. */
export interface HandleMark extends MarkBase {
  type: "handle";
  input: string;
  x: number;
  y: number;
}

export type Mark =
  | LineMark
  | DotMark
  | BarMark
  | ContourMark
  | HeatMark
  | ArrowMark
  | RuleMark
  | TextMark
  | TrajectoryMark
  | HandleMark;

export interface PlotDescription {
  version: 1;
  title: string;
  /** What the picture shows, for those who do not see it; written from the data when left out. */
  summary?: string;
  x?: Axis;
  y?: Axis;
  /** Height over width; 0.62 when left out. */
  aspect?: number;
  /** One unit of x is as long as one unit of y. */
  equal?: boolean;
  marks: Mark[];
}

export interface SurfaceTrajectory {
  label: string;
  colour?: Colour;
  x: number[];
  y: number[];
  z: number[];
}

/** z over a grid of x and y, seen in perspective and turned by the reader. */
export interface SurfaceDescription {
  version: 1;
  title: string;
  summary?: string;
  x?: Axis;
  y?: Axis;
  z?: Axis;
  grid: Grid;
  /** A second, translucent surface over the same x and y, such as a local quadratic model. */
  overlay?: Grid;
  trajectories: SurfaceTrajectory[];
  /** Arrows on the surface, such as eigenvectors. */
  arrows?: {
    label?: string;
    colour?: Colour;
    from: [number, number, number];
    to: [number, number, number];
  }[];
  /** A point on the surface that the reader drags; its place is the value of the input named `input`. */
  handle?: { input: string; x: number; y: number };
}
