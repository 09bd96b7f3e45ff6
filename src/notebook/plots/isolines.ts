// Contour lines of a grid, in data coordinates.
import { contours } from "d3-contour";
import type { Grid } from "../../runtime/index.ts";
import { usable } from "./numbers-in.ts";

export interface Isoline {
  level: number;
  /** Closed rings around everything at or above the level; holes included. */
  rings: [number, number][][];
}

export function isolines(grid: Grid, levels: readonly number[]): Isoline[] {
  const { columns, rows } = grid;
  const values = Array.from({ length: columns * rows }, (_, index) => {
    const value = grid.values[index] ?? NaN;
    // A value that overflowed is high or low, not missing.
    return usable(value) ? value : value > 0 ? 1e150 : value < 0 ? -1e150 : NaN;
  });
  const rising = [...levels].filter(usable).sort((left, right) => left - right);
  const find = contours().size([columns, rows]).smooth(true);
  // d3 puts value i at i + ½.
  const toX = (column: number): number =>
    grid.x[0] + ((grid.x[1] - grid.x[0]) * (column - 0.5)) / (columns - 1);
  const toY = (row: number): number => grid.y[0] + ((grid.y[1] - grid.y[0]) * (row - 0.5)) / (rows - 1);
  return rising.map((level) => ({
    level,
    rings: find
      .contour(values, level)
      .coordinates.flat()
      .map((ring) => ring.map(([column = 0, row = 0]): [number, number] => [toX(column), toY(row)])),
  }));
}
