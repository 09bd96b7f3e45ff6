// What a picture can place: numbers that are finite and whose differences stay finite.
import { extent } from "d3-array";
import type { Grid } from "../../runtime/index.ts";

/** Differences and squares of larger numbers overflow in layout arithmetic. */
const largest = 1e150;

export function usable(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && Math.abs(value) <= largest;
}

/** Whether an axis can stand between two numbers: closer ones have no ticks between them. */
export function isRange(low: number, high: number): boolean {
  return high - low > Math.max(1e-150, 1e-9 * Math.max(Math.abs(low), Math.abs(high)));
}

/** Smallest and largest usable value, or `null` when there is none. */
export function usableExtent(values: ArrayLike<number>): [number, number] | null {
  const [low, high] = extent(Array.from(values).filter(usable));
  return low === undefined || high === undefined ? null : [low, high];
}

/** A grid that can be drawn: whole counts, enough values, ranges of positive width. */
export function usableGrid(grid: Grid): boolean {
  const { columns, rows, values, x, y } = grid;
  return (
    Number.isInteger(columns) &&
    Number.isInteger(rows) &&
    columns >= 2 &&
    rows >= 2 &&
    values.length >= columns * rows &&
    [...x, ...y].every(usable) &&
    isRange(...x) &&
    isRange(...y)
  );
}

export function gridX({ x, columns }: Grid, column: number): number {
  return x[0] + ((x[1] - x[0]) * column) / (columns - 1);
}

export function gridY({ y, rows }: Grid, row: number): number {
  return y[0] + ((y[1] - y[0]) * row) / (rows - 1);
}

/** The value between four grid points, or `null` outside the grid and beside values that cannot be used. */
export function interpolate(grid: Grid, x: number, y: number): number | null {
  const { columns, rows, values } = grid;
  const across = ((x - grid.x[0]) / (grid.x[1] - grid.x[0])) * (columns - 1);
  const up = ((y - grid.y[0]) / (grid.y[1] - grid.y[0])) * (rows - 1);
  if (!(across >= 0 && across <= columns - 1 && up >= 0 && up <= rows - 1)) return null;
  const column = Math.min(columns - 2, Math.floor(across));
  const row = Math.min(rows - 2, Math.floor(up));
  const [right, above] = [across - column, up - row];
  const at = (r: number, c: number): number => values[r * columns + c] ?? NaN;
  const value =
    (at(row, column) * (1 - right) + at(row, column + 1) * right) * (1 - above) +
    (at(row + 1, column) * (1 - right) + at(row + 1, column + 1) * right) * above;
  return usable(value) ? value : null;
}
