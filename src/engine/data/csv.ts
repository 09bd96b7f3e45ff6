// Comma-separated values: text in, columns of numbers or texts out, then tensors. RFC 4180: fields may stand in quotes,
// a quote inside quotes is written twice, and quoted fields may hold delimiters and line ends.
import { tensor } from "../create.ts";
import { checkDtype, isFloat, type Dtype } from "../dtype.ts";
import { OptionError, ValueError, checkOptions, describe } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { checkBoolean } from "./common.ts";

export interface CSVOptions {
  /** Does the first line name the columns? Default true. Otherwise they are named "0", "1", … */
  header?: boolean;
  /** What stands between two fields, one character. Default a comma. */
  delimiter?: string;
  /** What a missing value looks like, besides an empty field. Default none. */
  missing?: readonly string[];
}

/** A number as people write it; `Number` alone would also take "0x10" and "". */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function isNumber(text: string): boolean {
  return NUMBER.test(text.trim()) && Number.isFinite(Number(text));
}

/**
 * The columns of a CSV text, each all numbers or all texts.
 *
 *     const table = data.parseCSV(text);
 *     const X = table.toTensor(["width", "height"]);
 *     const { labels, classes } = table.toLabels("species");
 */
export class Table {
  /** The columns' names, in order. */
  readonly columns: readonly string[];
  /** How many rows there are, without the header. */
  readonly length: number;
  readonly #values: Map<string, readonly number[] | readonly string[]>;

  /** @param values the columns by name, all equally long */
  constructor(values: ReadonlyMap<string, readonly number[] | readonly string[]>) {
    if (!(values instanceof Map)) {
      throw new ValueError(`Table: needs a Map from names to columns, not ${describe(values)}.`);
    }
    this.#values = new Map(values);
    this.columns = [...values.keys()];
    this.length = values.values().next().value?.length ?? 0;
  }

  /** A column's values: numbers (NaN where one is missing) if all its values are numbers, texts otherwise. */
  column(name: string): readonly number[] | readonly string[] {
    const values = this.#values.get(name);
    if (values !== undefined) return values;
    throw new ValueError(
      `Table: there is no column ${describe(name)}; the columns are ${this.columns.join(", ")}.`,
    );
  }

  /** Is this column made of numbers? */
  isNumeric(name: string): boolean {
    const values = this.column(name);
    return values.every((value) => typeof value === "number");
  }

  /**
   * Columns of numbers side by side: (rows, columns); all columns by default.
   * @param options dtype: float32 by default
   * @throws ValueError that names row and column if a value is not a number, or missing where the type cannot say so (int32)
   */
  toTensor(names: readonly string[] = this.columns, options: { dtype?: Dtype } = {}): Tensor {
    checkOptions("Table.toTensor", options, ["dtype"]);
    const { dtype = "float32" } = options;
    checkDtype("Table.toTensor", dtype);
    if (!Array.isArray(names)) {
      throw new ValueError(`Table.toTensor: names must be an array of column names, not ${describe(names)}.`);
    }
    const columns = names.map((name) => this.#numbers(name, dtype));
    const values = new Float64Array(this.length * columns.length);
    for (const [j, column] of columns.entries()) {
      for (let i = 0; i < this.length; i++) values[i * columns.length + j] = column[i]!;
    }
    return tensor(values, { dtype }).reshape([this.length, columns.length]);
  }

  #numbers(name: string, dtype: Dtype): readonly number[] {
    const values = this.column(name);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const place = `row ${i + 1}, column ${describe(name)}`;
      if (typeof value === "string") {
        const odd = (values as readonly string[]).findIndex((text) => !isNumber(text));
        throw new ValueError(
          `Table.toTensor: row ${odd + 1}, column ${describe(name)}: ${describe(values[odd])} is not a number. For a column of names use toLabels(${describe(name)}).`,
        );
      }
      if (isFloat(dtype)) continue;
      if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 31) {
        throw new ValueError(
          `Table.toTensor: ${place}: ${Number.isNaN(value) ? "the value is missing" : `${value} is not a whole number`}, which int32 cannot hold. Use float32.`,
        );
      }
    }
    return values as readonly number[];
  }

  /**
   * A column as class numbers: the different values in ascending order (numbers by size, texts by their characters) are
   * numbered 0, 1, ….
   * @returns labels: int32 (rows,); classes: the value that each number stands for
   * @throws ValueError if a value is missing
   */
  toLabels(name: string): { labels: Tensor; classes: (number | string)[] } {
    const values: readonly (number | string)[] = this.column(name);
    const missing = values.findIndex((value) => value === "" || Number.isNaN(value));
    if (missing >= 0) {
      throw new ValueError(
        `Table.toLabels: row ${missing + 1}, column ${describe(name)}: the value is missing.`,
      );
    }
    const classes = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
    const numbers = new Map(classes.map((value, i) => [value, i]));
    return {
      labels: tensor(
        values.map((value) => numbers.get(value)!),
        { dtype: "int32" },
      ),
      classes,
    };
  }

  /** One object a row, with the columns' names as keys. */
  toRows(): Record<string, number | string>[] {
    return Array.from({ length: this.length }, (_, i) =>
      Object.fromEntries(this.columns.map((name) => [name, this.#values.get(name)![i]!])),
    );
  }
}

/**
 * Reads a CSV text. A column is made of numbers when all its values are decimal numbers, with NaN for missing ones; otherwise
 * of texts, with "" for missing ones. Lines without any value are skipped, blanks around names and numbers do not count.
 * @throws ValueError that names row and column where the text is broken; rows are counted from 1, after the header
 */
export function parseCSV(text: string, options: CSVOptions = {}): Table {
  checkOptions("parseCSV", options, ["header", "delimiter", "missing"]);
  const { header = true, delimiter = ",", missing = [] } = options;
  checkBoolean("parseCSV", "header", header);
  if (typeof text !== "string") {
    throw new ValueError(`parseCSV: needs the text of a file, not ${describe(text)}.`);
  }
  if (typeof delimiter !== "string" || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw new OptionError(
      `parseCSV: delimiter must be one character other than a quote or a line end, not ${describe(delimiter)}.`,
    );
  }
  if (!Array.isArray(missing) || !missing.every((each) => typeof each === "string")) {
    throw new OptionError(`parseCSV: missing must be an array of texts, not ${describe(missing)}.`);
  }
  const rows = readRows(text.replace(/^\uFEFF/, ""), delimiter, header ? 1 : 0);
  const first = rows[0];
  if (first === undefined) {
    throw new ValueError(
      `parseCSV: the text is empty${header ? "; its first line must name the columns" : ""}.`,
    );
  }
  const names = header ? first.map((name) => name.trim()) : first.map((_, i) => String(i));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ValueError(`parseCSV: two columns are named ${describe(twice)}.`);
  const body = header ? rows.slice(1) : rows;
  for (const [i, row] of body.entries()) {
    if (row.length === names.length) continue;
    throw new ValueError(
      `parseCSV: row ${i + 1} has ${row.length} value${row.length === 1 ? "" : "s"}, where ${header ? "the first line names" : "the first row has"} ${names.length} column${names.length === 1 ? "" : "s"}.`,
    );
  }
  const absent = new Set(missing);
  return new Table(
    new Map(
      names.map((name, j) => {
        const texts = body.map((row) => (absent.has(row[j]!.trim()) ? "" : row[j]!));
        const numeric = texts.every((value) => value.trim() === "" || isNumber(value));
        return [name, numeric ? texts.map((value) => (value.trim() === "" ? NaN : Number(value))) : texts];
      }),
    ),
  );
}

/** The fields of each line that is not blank. `headerLines` only serves to count rows in messages. */
function readRows(text: string, delimiter: string, headerLines: number): string[][] {
  const rows: string[][] = [];
  const endsField = (at: number): boolean =>
    at >= text.length || text[at] === delimiter || text[at] === "\n" || text[at] === "\r";
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    let quoted = false;
    for (;;) {
      let end = at;
      if (text[at] === '"') {
        const number = rows.length + 1 - headerLines;
        const place = `${number === 0 ? "the header" : `row ${number}`}, column ${row.length + 1}`;
        const [field, behind] = readQuoted(text, at, place);
        quoted = true;
        end = behind;
        row.push(field);
        if (!endsField(end)) {
          throw new ValueError(
            `parseCSV: ${place}: there is text after the closing quote. A quote inside a quoted field is written twice ("").`,
          );
        }
      } else {
        while (!endsField(end)) end++;
        row.push(text.slice(at, end));
      }
      at = end;
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    if (quoted || row.some((field) => field.trim() !== "")) rows.push(row);
  }
  return rows;
}

/** The field that starts with the quote at `start`, and where it ends. */
function readQuoted(text: string, start: number, place: string): [field: string, end: number] {
  let field = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new ValueError(`parseCSV: ${place}: the quoted field has no closing quote.`);
    field += text.slice(from, quote);
    if (text[quote + 1] !== '"') return [field, quote + 1];
    field += '"';
    from = quote + 2;
  }
}
