// A table of values: columns of numbers right-aligned, the header in view while the rows scroll.
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Inspection } from "../../runtime/index.ts";
import { InlineInspector } from "./inspector.tsx";
import { count, formatNumber } from "./numbers.ts";

const firstRows = 100;
const furtherRows = 1000;

interface TableProps {
  title?: string | undefined;
  columns: string[];
  rows: Inspection[][];
  omitted: number;
}

export function TableView({ title, columns, rows, omitted }: TableProps): JSX.Element {
  const id = useId();
  const [shown, setShown] = useState(firstRows);
  const numeric = columns.map((_, column) => isNumericColumn(rows, column));
  const visible = rows.slice(0, shown);
  return (
    <div class="table-output">
      {title !== undefined && (
        <div class="table-title" id={id}>
          {title}
        </div>
      )}
      <div
        class="table-scroll"
        role="region"
        tabIndex={0}
        {...(title === undefined ? { "aria-label": "Table" } : { "aria-labelledby": id })}
      >
        <table class="values">
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={index} scope="col" class={numeric[index] ? "numeric" : undefined}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {visible.map((row, index) => (
              <tr key={index}>
                {columns.map((_, column) => (
                  <td key={column} class={numeric[column] ? "numeric" : undefined}>
                    <TableCell value={row[column]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <button type="button" class="output-more" onClick={() => setShown(shown + furtherRows)}>
          Show {count(Math.min(furtherRows, rows.length - shown), "more row")}
        </button>
      )}
      {rows.length <= shown && omitted > 0 && (
        <p class="output-note">{count(omitted, "more row")} left out: too many to show.</p>
      )}
      {rows.length === 0 && <p class="output-note">No rows.</p>}
    </div>
  );
}

/** Texts up to this length, such as a pair of numbers, are not broken over lines: the table scrolls instead. */
const longestWhole = 18;

function TableCell({ value }: { value: Inspection | undefined }): JSX.Element | null {
  if (!value) return null;
  if (value.kind === "primitive") {
    if (value.type === "undefined") return null;
    if (value.type === "number") {
      const short = shortNumber(value.text);
      return short === value.text ? <>{short}</> : <span title={value.text}>{short}</span>;
    }
    return value.text.length <= longestWhole ? <span class="whole">{value.text}</span> : <>{value.text}</>;
  }
  return <InlineInspector value={value} />;
}

/** Numbers of more than six significant digits are shortened; the whole number stays in the tool tip. */
export function shortNumber(text: string): string {
  const value = Number(text);
  if (text === "NaN" || Number.isNaN(value)) return text;
  return formatNumber(value, 6);
}

/** Whether each cell that holds something holds a number. */
export function isNumericColumn(rows: readonly (readonly Inspection[])[], column: number): boolean {
  let numbers = 0;
  for (const row of rows) {
    const cell = row[column];
    if (!cell || (cell.kind === "primitive" && (cell.type === "undefined" || cell.type === "null"))) continue;
    if (cell.kind !== "primitive" || (cell.type !== "number" && cell.type !== "bigint")) return false;
    numbers++;
  }
  return numbers > 0;
}
