// What a cell can show: data only, drawn by the page. No HTML, style or function ever crosses.
import type { PlotDescription, SurfaceDescription } from "./plot.ts";

/** A value as the page shows it: enough to draw a first view, cut where it would be too much. */
export type Inspection =
  | {
      kind: "primitive";
      type: "number" | "string" | "boolean" | "bigint" | "symbol" | "undefined" | "null";
      text: string;
    }
  | {
      kind: "tensor";
      dtype: string;
      shape: number[];
      requiresGrad: boolean;
      excerpt: TensorExcerpt;
      statistics: TensorStatistics | null;
    }
  | { kind: "array"; type: string; length: number; items: Inspection[] }
  | { kind: "object"; type: string; entries: { key: string; value: Inspection }[]; omitted: number }
  | { kind: "map"; size: number; entries: { key: Inspection; value: Inspection }[]; omitted: number }
  | { kind: "set"; size: number; items: Inspection[] }
  | { kind: "function"; name: string; isClass: boolean }
  | { kind: "error"; name: string; message: string }
  /** A place where the walk stopped: too deep, or already shown above. */
  | { kind: "cut"; reason: "depth" | "circular" | "budget"; text: string };

/** The first and last entries along each axis; `null` stands for those left out between them. */
export type TensorExcerpt = string | null | TensorExcerpt[];

export interface TensorStatistics {
  min: number;
  max: number;
  mean: number;
  /** Population standard deviation. */
  std: number;
  notFinite: number;
}

export type InputValue = number | string | boolean | [number, number];

export type InputDescription =
  | {
      type: "slider";
      key: string;
      label: string;
      min: number;
      max: number;
      step: number;
      scale: "linear" | "log";
      value: number;
    }
  | { type: "select"; key: string; label: string; options: string[]; value: string }
  | { type: "checkbox"; key: string; label: string; value: boolean }
  /** A button; its value counts the presses. */
  | { type: "button"; key: string; label: string; value: number }
  /** A draggable point, drawn by the plot or surface that names its key. */
  | {
      type: "point";
      key: string;
      label: string;
      x: [number, number];
      y: [number, number];
      value: [number, number];
    };

export type LogLevel = "log" | "info" | "warn" | "error" | "debug";

export type Output = (
  | { kind: "log"; level: LogLevel; parts: Inspection[] }
  | { kind: "value"; value: Inspection }
  | { kind: "table"; title?: string; columns: string[]; rows: Inspection[][]; omitted: number }
  | { kind: "plot"; plot: PlotDescription }
  | { kind: "surface"; surface: SurfaceDescription }
  | { kind: "formula"; tex: string; display: boolean }
  | { kind: "markdown"; text: string }
  | { kind: "progress"; label: string; value: number; max: number }
  | { kind: "input"; input: InputDescription }
  /** What really happened, for a `predict` block to show beside the guess. */
  | { kind: "outcome"; predict: string; value: number | string | [number, number][] }
  | { kind: "dropped"; count: number }
) & {
  /** An output with the key of an earlier one of the same run takes its place: live plots, progress. */
  key?: string;
};

/** A place in the code the reader typed: which cell, and line and column from 1. */
export interface CellPlace {
  cell: string;
  line: number;
  column: number;
  endLine?: number;
  endColumn?: number;
}

export interface CellError {
  name: string;
  message: string;
  /** What to write instead, where that is known. */
  fix?: string;
  /** Innermost place in a cell's code; `null` when none is known. */
  place: CellPlace | null;
  frames: (CellPlace & { functionName: string | null })[];
}
