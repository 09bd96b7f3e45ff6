// The data of a picture as tables: what a reader copies into a spreadsheet, and what a screen reader walks through.
import type { Grid, PlotDescription, SurfaceDescription } from "../../runtime/index.ts";
import { gridX, gridY } from "./numbers-in.ts";
import { nameOf, prepare, type Series } from "./prepare.ts";

export type DataCell = number | string | null;

export interface DataTable {
  title: string;
  columns: string[];
  rows: DataCell[][];
}

/** Tables of a plot: lines over the same x share one. Marks that only annotate have none. */
export function dataTables(plot: PlotDescription): DataTable[] {
  const picture = prepare(plot);
  const x = picture.x.label || "x";
  const y = picture.y.label || "y";
  const tables: DataTable[] = [];
  const shared: { x: readonly (number | string)[]; table: DataTable }[] = [];
  for (const series of picture.series) {
    const { mark } = series;
    if (mark.type === "line" || mark.type === "bar") {
      const known = shared.find((other) => sameValues(other.x, mark.x));
      if (known) {
        known.table.columns.push(nameOf(series));
        known.table.rows.forEach((row, index) => row.push(mark.y[index] ?? null));
        known.table.title = "Values";
        continue;
      }
      const table = {
        title: nameOf(series),
        columns: [x, series.label ?? y],
        rows: mark.x.map((value, index): DataCell[] => [value, mark.y[index] ?? null]),
      };
      shared.push({ x: mark.x, table });
      tables.push(table);
      continue;
    }
    const table = ownTable(series, x, y);
    if (table) tables.push(table);
  }
  return tables;
}

function ownTable(series: Series, x: string, y: string): DataTable | null {
  const { mark } = series;
  const title = nameOf(series);
  switch (mark.type) {
    case "dot": {
      const { value } = mark;
      return {
        title,
        columns: value ? [x, y, "value"] : [x, y],
        rows: mark.x.map((a, index): DataCell[] =>
          value ? [a, mark.y[index] ?? null, value[index] ?? null] : [a, mark.y[index] ?? null],
        ),
      };
    }
    case "trajectory":
      return {
        title,
        columns: ["step", x, y],
        rows: mark.x.map((a, index): DataCell[] => [index, a, mark.y[index] ?? null]),
      };
    case "arrow":
      return {
        title,
        columns: [x, y, `Δ${x}`, `Δ${y}`],
        rows: mark.x.map((a, index): DataCell[] => [
          a,
          mark.y[index] ?? null,
          mark.dx[index] ?? null,
          mark.dy[index] ?? null,
        ]),
      };
    case "contour":
    case "heat":
      return { title, columns: [x, y, series.label ?? "value"], rows: gridRows(mark.grid) };
    case "line":
    case "bar":
    case "rule":
    case "text":
    case "handle":
      return null;
  }
}

function gridRows(grid: Grid): DataCell[][] {
  const rows: DataCell[][] = [];
  for (let row = 0; row < grid.rows; row++)
    for (let column = 0; column < grid.columns; column++)
      rows.push([gridX(grid, column), gridY(grid, row), grid.values[row * grid.columns + column] ?? null]);
  return rows;
}

export function surfaceTables(surface: SurfaceDescription): DataTable[] {
  const [x, y, z] = [surface.x?.label ?? "x", surface.y?.label ?? "y", surface.z?.label ?? "z"];
  const tables = surface.trajectories.map(({ label, ...path }) => ({
    title: label,
    columns: ["step", x, y, z],
    rows: path.x.map((a, index): DataCell[] => [index, a, path.y[index] ?? null, path.z[index] ?? null]),
  }));
  tables.push({ title: "Surface", columns: [x, y, z], rows: gridRows(surface.grid) });
  if (surface.overlay)
    tables.push({ title: "Second surface", columns: [x, y, z], rows: gridRows(surface.overlay) });
  return tables;
}

function sameValues(left: readonly (number | string)[], right: readonly (number | string)[]): boolean {
  return (
    left === right ||
    (left.length === right.length && left.every((value, index) => Object.is(value, right[index])))
  );
}

/** Comma-separated values as spreadsheets read them; several tables are divided by an empty line. */
export function toCsv(tables: readonly DataTable[]): string {
  return tables
    .map((table) => {
      const head = tables.length > 1 ? [csvCell(table.title)] : [];
      return [
        ...head,
        table.columns.map(csvCell).join(","),
        ...table.rows.map((row) => row.map(csvCell).join(",")),
      ].join("\r\n");
    })
    .join("\r\n\r\n");
}

function csvCell(value: DataCell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  // A leading = + - @ would be run as a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
