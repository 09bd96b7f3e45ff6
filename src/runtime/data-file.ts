// Data that lies beside a lesson, as a cell imports it: JSON as it is, CSV as a list of rows.

/** A data file whose text is not what its name says. */
export class DataFileError extends Error {
  override name = "DataFileError";
}

/**
 * The value that `import data from "./file"` gives. A CSV file gives one object a row, with the names of the first
 * line as keys; a column is made of numbers when all its values are numbers, with `null` for the empty ones.
 *
 * @throws DataFileError when the text is broken; it names the file, and the line where there is one
 */
export async function readDataFile(name: string, text: string): Promise<unknown> {
  return name.endsWith(".csv") ? readCsv(name, text) : readJson(name, text);
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataFileError(`${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readCsv(name: string, text: string): Promise<Record<string, string | number | null>[]> {
  const { csvParseRows } = await import("d3-dsv");
  const [header, ...lines] = csvParseRows(text.replace(/^\uFEFF/, ""));
  if (header === undefined || header.every((column) => column.trim() === ""))
    throw new DataFileError(`${name} is empty: its first line must name the columns`);
  const columns = header.map((column) => column.trim());
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw new DataFileError(`${name} has two columns named “${twice}”`);
  const rows = lines.filter((line) => line.some((value) => value.trim() !== ""));
  rows.forEach((row, index) => {
    if (row.length !== columns.length)
      throw new DataFileError(
        `${name}, row ${index + 1}: ${row.length} values where the first line names ${columns.length} columns`,
      );
  });
  const isNumeric = columns.map((_, at) =>
    rows.every((row) => row[at]!.trim() === "" || Number.isFinite(Number(row[at]))),
  );
  return rows.map((row) =>
    Object.fromEntries(
      columns.map((column, at) => [column, isNumeric[at] ? numberOrNull(row[at]!) : row[at]!]),
    ),
  );
}

function numberOrNull(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}
