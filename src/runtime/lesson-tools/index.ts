// The module "descent/lesson": what a cell shows and asks, beyond its value and its logs.
export { arrow, bar, contour, dot, handle, heat, line, rule, text, trajectory } from "./marks.ts";
export { plot, surface } from "./plot.ts";
export { button, checkbox, point, select, slider } from "./inputs.ts";
export { display, formula, markdown, outcome, table } from "./show.ts";
export { nextFrame, progress, sleep } from "./progress.ts";
export type {
  ArrowOptions,
  BarOptions,
  ContourOptions,
  DotOptions,
  HandleOptions,
  HeatOptions,
  LineOptions,
  RuleOptions,
  TextOptions,
  TrajectoryOptions,
} from "./marks.ts";
export type { PlotOptions, SurfaceOptions } from "./plot.ts";
export type { CheckboxOptions, PointOptions, SelectOptions, SliderOptions } from "./inputs.ts";
export type { FormulaOptions, Outcome, TableOptions } from "./show.ts";
export type { ProgressSteps, ProgressUpdate } from "./progress.ts";
export type { Field, Matrix, Numbers, Points } from "./numbers.ts";
