// Tables, formulas, Markdown, single values, and the outcome that a `predict` block waits for.
import { inspect } from "../inspect/index.ts";
import { tableOf } from "../inspect/table.ts";
import { checkLengths, readNumbers } from "./numbers.ts";
import { ToolError, describe, readFlag, readNumber, readOptions, readText, scalarOf } from "./options.ts";
import { stageOf } from "./stage.ts";

export interface TableOptions {
  title?: string;
  /** Objects (one column for each key), lists, or a matrix. */
  rows: unknown;
  /** Which keys to show, in order; with rows that are lists, the columns' titles. */
  columns?: readonly string[];
}

/**
 * Shows a table.
 *
 * @example
 * table({ title: "Steps to leave the saddle", rows: [{ method: "SGD", steps: 159 }, { method: "Adam", steps: 22 }] });
 */
export function table(options: TableOptions | readonly unknown[]): void {
  const stage = stageOf("table");
  const { title, rows, columns } = Array.isArray(options)
    ? { rows: options as unknown }
    : readOptions(
        "table",
        options as TableOptions,
        ["title", "rows", "columns"],
        "table({ rows: [{ a: 1 }] })",
      );
  const titles = columns?.map((column, index) => readText("table", `columns[${index}]`, column));
  const positions = titles && rowsAreLists(rows) ? titles.map((_, index) => String(index)) : titles;
  const made = tableOf(rows, positions);
  if (!made) {
    throw new ToolError(
      "table",
      `“rows” must be a list, not ${describe(rows)}`,
      "Write rows: [{ … }, { … }].",
    );
  }
  stage.show({
    kind: "table",
    ...(title === undefined ? {} : { title: readText("table", "title", title) }),
    ...made,
    ...(titles
      ? { columns: [...made.columns.slice(0, made.columns.length - titles.length), ...titles] }
      : {}),
  });
}

function rowsAreLists(rows: unknown): boolean {
  const first: unknown = Array.isArray(rows) ? rows[0] : rows;
  return (
    Array.isArray(first) ||
    ArrayBuffer.isView(first) ||
    (typeof first === "object" && first !== null && "dtype" in first)
  );
}

export interface FormulaOptions {
  tex: string;
  /** On a line of its own; `true` when left out. */
  display?: boolean;
}

/**
 * Shows a formula, written in TeX.
 *
 * @example
 * formula(String.raw`\lambda = ${lambda.toFixed(2)}`);
 */
export function formula(options: string | FormulaOptions): void {
  const stage = stageOf("formula");
  const { tex, display } =
    typeof options === "string"
      ? { tex: options, display: undefined }
      : readOptions("formula", options, ["tex", "display"], "formula(String.raw`\\lambda = 2`)");
  stage.show({
    kind: "formula",
    tex: readText("formula", "tex", tex),
    display: display === undefined ? true : readFlag("formula", "display", display),
  });
}

/**
 * Shows Markdown, with formulas between dollar signs. HTML in it is shown as text.
 *
 * @example
 * markdown(`The smallest eigenvalue is **${smallest.toFixed(3)}**: a saddle.`);
 */
export function markdown(text: string): void {
  stageOf("markdown").show({ kind: "markdown", text: readText("markdown", "text", text) });
}

/**
 * Shows a value, as the last expression of a cell is shown.
 *
 * @example
 * display(model.weight);
 */
export function display(value: unknown): void {
  stageOf("display").show({ kind: "value", value: inspect(value) });
}

export type Outcome =
  | number
  | string
  | readonly (readonly [number, number])[]
  | { x: ArrayLike<number>; y: ArrayLike<number> };

/**
 * Says what really happened, for the `predict` block with this id to show beside the reader's guess.
 *
 * @example
 * outcome("how-many-steps", steps);
 * outcome("loss-curve", losses.map((loss, step) => [step, loss]));
 */
export function outcome(predict: string, value: Outcome | { item(): number }): void {
  const stage = stageOf("outcome");
  const id = readText("outcome", "predict", predict);
  stage.show({ kind: "outcome", predict: id, value: readOutcome(value), key: `outcome:${id}` });
}

function readOutcome(value: Outcome | { item(): number }): number | string | [number, number][] {
  if (typeof value === "string") return value.slice(0, 2_000);
  const number = scalarOf(value);
  if (number !== null) return readNumber("outcome", "value", number);
  if (Array.isArray(value)) {
    const pairs: readonly unknown[] = value;
    return pairs.map((pair, index): [number, number] => {
      if (Array.isArray(pair) && pair.length === 2) {
        return [
          readNumber("outcome", `value[${index}][0]`, pair[0]),
          readNumber("outcome", `value[${index}][1]`, pair[1]),
        ];
      }
      throw new ToolError("outcome", `value[${index}] must be [x, y], not ${describe(pair)}`);
    });
  }
  if (typeof value === "object" && value !== null && "x" in value && "y" in value) {
    const x = readNumbers("outcome", "x", value.x);
    const y = readNumbers("outcome", "y", value.y);
    checkLengths("outcome", { x, y });
    return x.map((at, index): [number, number] => [at, y[index]!]);
  }
  throw new ToolError("outcome", `the value must be a number, a text or a curve, not ${describe(value)}`);
}
