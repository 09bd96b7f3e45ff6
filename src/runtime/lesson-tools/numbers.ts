// Lists of numbers and grids, from whatever a reader has: arrays, typed arrays, tensors, points, functions.
import type { Grid } from "../plot.ts";
import type { Tensor } from "../../engine/core.ts";
import { isTensor } from "../inspect/index.ts";
import { ToolError, describe, readNumber, readRange, scalarOf } from "./options.ts";

/** A list of numbers: an array (its entries may be tensors of one entry), a typed array, or a tensor of one axis. */
export type Numbers = ArrayLike<number> | readonly { item(): number }[] | Tensor;

/** A matrix: rows from the smallest y up, columns from the smallest x. */
export type Matrix = readonly ArrayLike<number>[] | Tensor;

export const maxNumbers = 500_000;

/**
 * Numbers as a plain array. What is not finite becomes NaN, which a line leaves out as a gap.
 */
export function readNumbers(tool: string, option: string, value: unknown): number[] {
  if (isTensor(value)) {
    const axes = value.shape.filter((size) => size !== 1);
    if (axes.length > 1) {
      throw new ToolError(
        tool,
        `“${option}” is a tensor of shape (${value.shape.join(", ")}), but a list of numbers has one axis`,
        "Take one row or column of it, or .reshape([-1]).",
      );
    }
    return finite(value.data);
  }
  if (!isList(value)) {
    throw new ToolError(
      tool,
      `“${option}” must be a list of numbers (array, typed array or tensor), not ${describe(value)}`,
      value === undefined ? `Write ${option}: […].` : undefined,
    );
  }
  if (value.length > maxNumbers) {
    throw new ToolError(
      tool,
      `“${option}” has ${value.length} numbers, more than a picture can show (${maxNumbers})`,
      "Keep every hundredth, say: values.filter((_, i) => i % 100 === 0).",
    );
  }
  const numbers: number[] = [];
  for (let index = 0; index < value.length; index += 1) {
    const number = scalarOf(value[index]);
    if (number === null) {
      throw new ToolError(tool, `${option}[${index}] must be a number, not ${describe(value[index])}`);
    }
    numbers.push(Number.isFinite(number) ? number : Number.NaN);
  }
  return numbers;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function finite(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : Number.NaN));
}

/** Checks that lists which belong together are equally long. */
export function checkLengths(tool: string, lists: Record<string, ArrayLike<unknown>>): void {
  const entries = Object.entries(lists);
  const [first] = entries;
  if (!first) return;
  for (const [name, list] of entries) {
    if (list.length === first[1].length) continue;
    throw new ToolError(
      tool,
      `“${first[0]}” has ${count(first[1].length)} and “${name}” has ${count(list.length)}`,
      "Give both the same length, one number for each point.",
    );
  }
}

function count(length: number): string {
  return `${length} ${length === 1 ? "number" : "numbers"}`;
}

export interface Points {
  /** 0, 1, 2, … when left out; `[from, to]` together with `f`. */
  x?: Numbers;
  y?: Numbers;
  /** The points as [x, y], instead of x and y. */
  points?: readonly (readonly number[])[];
  /** A function to sample over `x: [from, to]`, instead of y. */
  f?: (x: number) => number | { item(): number };
  /** How many samples of `f`; 200 when left out. */
  steps?: number;
}

/** x and y of a series, however they were given. */
export function readSeries(tool: string, options: Points): { x: number[]; y: number[] } {
  if (options.points !== undefined) return readPoints(tool, options.points);
  if (options.f !== undefined) return sampleLine(tool, options);
  const y = readNumbers(tool, "y", options.y);
  const x = options.x === undefined ? y.map((_, index) => index) : readNumbers(tool, "x", options.x);
  checkLengths(tool, { x, y });
  return { x, y };
}

function readPoints(tool: string, points: unknown): { x: number[]; y: number[] } {
  if (!Array.isArray(points)) {
    throw new ToolError(tool, `“points” must be a list of [x, y], not ${describe(points)}`);
  }
  const pairs: readonly unknown[] = points;
  const wrong = pairs.findIndex((pair) => !isList(pair) || pair.length !== 2);
  if (wrong >= 0) {
    throw new ToolError(tool, `points[${wrong}] must be [x, y], not ${describe(pairs[wrong])}`);
  }
  const column = (index: 0 | 1): unknown[] => (pairs as ArrayLike<unknown>[]).map((pair) => pair[index]);
  return { x: readNumbers(tool, "points (x)", column(0)), y: readNumbers(tool, "points (y)", column(1)) };
}

function sampleLine(tool: string, { f, x: range, steps: wanted }: Points): { x: number[]; y: number[] } {
  const [from, to] = readRange(tool, "x", range);
  const steps = readSteps(tool, wanted ?? 200, 20_000);
  const x = Array.from({ length: steps }, (_, step) => from + ((to - from) * step) / (steps - 1));
  return { x, y: x.map((value) => sample(tool, f, [value])) };
}

function readSteps(tool: string, value: unknown, most: number): number {
  const steps = readNumber(tool, "steps", value);
  if (Number.isInteger(steps) && steps >= 2 && steps <= most) return steps;
  throw new ToolError(tool, `“steps” must be a whole number from 2 to ${most}, not ${steps}`);
}

/** f at a place; what is not finite becomes NaN. */
export function sample(tool: string, f: unknown, place: number[]): number {
  if (typeof f !== "function") throw new ToolError(tool, `“f” must be a function, not ${describe(f)}`);
  const value: unknown = (f as (...numbers: number[]) => unknown)(...place);
  const number = scalarOf(value);
  if (number === null) {
    throw new ToolError(
      tool,
      `“f” must return a number, but f(${place.map((at) => Number(at.toPrecision(4))).join(", ")}) is ${describe(value)}`,
      value instanceof Promise ? "Use a function that is not async." : undefined,
    );
  }
  return Number.isFinite(number) ? number : Number.NaN;
}

export interface Field {
  /** A function to sample, or values on a grid: one of `f` and `grid`. */
  f?: (x: number, y: number) => number | { item(): number };
  /** A grid such as `analysis.errorSurface` gives, or a matrix whose first row has the smallest y. */
  grid?: Grid | Matrix;
  x?: readonly [number, number];
  y?: readonly [number, number];
  /** Samples of `f` along each axis; 60 when left out. */
  steps?: number | readonly [number, number];
}

/** A grid of numbers, from a function, a matrix, a tensor of two axes or a grid. */
export function readGrid(tool: string, { f, grid, x, y, steps }: Field): Grid {
  if (f !== undefined) return sampleGrid(tool, f, x, y, steps);
  if (grid === undefined) {
    throw new ToolError(tool, "has nothing to draw", "Give f: (x, y) => …, or grid: ….");
  }
  if (isTensor(grid) || Array.isArray(grid)) return gridOfMatrix(tool, grid as Matrix, x, y);
  return checkedGrid(tool, grid as Grid);
}

function sampleGrid(tool: string, f: unknown, x: unknown, y: unknown, steps: Field["steps"]): Grid {
  const across = readRange(tool, "x", x);
  const up = readRange(tool, "y", y);
  const pair: readonly unknown[] = Array.isArray(steps) ? steps : [steps ?? 60, steps ?? 60];
  const columns = readSteps(tool, pair[0], 500);
  const rows = readSteps(tool, pair[1], 500);
  const values: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const atY = up[0] + ((up[1] - up[0]) * row) / (rows - 1);
    for (let column = 0; column < columns; column += 1) {
      const atX = across[0] + ((across[1] - across[0]) * column) / (columns - 1);
      values.push(sample(tool, f, [atX, atY]));
    }
  }
  return checkedValues(tool, { x: across, y: up, columns, rows, values });
}

function gridOfMatrix(tool: string, matrix: Matrix, x: unknown, y: unknown): Grid {
  if (isTensor(matrix)) {
    const [rows, columns, ...rest] = matrix.shape;
    if (rows === undefined || columns === undefined || rest.length > 0) {
      throw new ToolError(
        tool,
        `“grid” is a tensor of shape (${matrix.shape.join(", ")}), but a grid has two axes`,
        "Reshape it to (rows, columns).",
      );
    }
    return gridOf(tool, finite(matrix.data), rows, columns, x, y);
  }
  const rows = matrix.map((row, index) => readNumbers(tool, `grid[${index}]`, row));
  const columns = rows[0]?.length ?? 0;
  const uneven = rows.findIndex((row) => row.length !== columns);
  if (uneven >= 0) {
    throw new ToolError(
      tool,
      `grid[${uneven}] has ${rows[uneven]!.length} numbers and grid[0] has ${columns}`,
    );
  }
  return gridOf(tool, rows.flat(), rows.length, columns, x, y);
}

function gridOf(tool: string, values: number[], rows: number, columns: number, x: unknown, y: unknown): Grid {
  return checkedGrid(tool, {
    x: x === undefined ? [0, Math.max(1, columns - 1)] : readRange(tool, "x", x),
    y: y === undefined ? [0, Math.max(1, rows - 1)] : readRange(tool, "y", y),
    columns,
    rows,
    values,
  });
}

function checkedGrid(tool: string, grid: Grid): Grid {
  const rows = readNumber(tool, "grid.rows", grid.rows);
  const columns = readNumber(tool, "grid.columns", grid.columns);
  const values = readNumbers(tool, "grid.values", isTensor(grid.values) ? grid.values.data : grid.values);
  if (rows < 2 || columns < 2) {
    throw new ToolError(tool, `the grid has ${rows} × ${columns} values, but it needs at least 2 × 2`);
  }
  if (values.length !== rows * columns) {
    throw new ToolError(
      tool,
      `the grid has ${values.length} values, but ${rows} rows of ${columns} are ${rows * columns}`,
    );
  }
  const x = readRange(tool, "grid.x", grid.x);
  const y = readRange(tool, "grid.y", grid.y);
  return checkedValues(tool, { x, y, columns, rows, values });
}

function checkedValues(tool: string, grid: Grid): Grid {
  const values = Array.from(grid.values);
  if (values.some((value) => !Number.isNaN(value))) return grid;
  throw new ToolError(
    tool,
    "none of the grid's values is a finite number",
    "Check the function and its range.",
  );
}

/** The height of a grid at a place, between its points linear in both directions; NaN outside. */
export function interpolate(grid: Grid, x: number, y: number): number {
  const column = ((x - grid.x[0]) / (grid.x[1] - grid.x[0])) * (grid.columns - 1);
  const row = ((y - grid.y[0]) / (grid.y[1] - grid.y[0])) * (grid.rows - 1);
  const left = Math.min(Math.floor(column), grid.columns - 2);
  const below = Math.min(Math.floor(row), grid.rows - 2);
  if (!(column >= 0 && row >= 0 && column <= grid.columns - 1 && row <= grid.rows - 1)) return Number.NaN;
  const value = (dRow: number, dColumn: number): number =>
    grid.values[(below + dRow) * grid.columns + left + dColumn] ?? Number.NaN;
  const s = column - left;
  const t = row - below;
  return (1 - t) * ((1 - s) * value(0, 0) + s * value(0, 1)) + t * ((1 - s) * value(1, 0) + s * value(1, 1));
}
