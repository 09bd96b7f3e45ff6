// The frame that every picture shares: title, picture, notes, and a disclosure with the description, the data and the ways to save them.
import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { count, formatNumber } from "../outputs/numbers.ts";
import { toCsv, type DataCell, type DataTable } from "./data-tables.ts";
import { download, fileName } from "./save.ts";

interface FigureProps {
  title: string;
  summary: string;
  notes?: string[];
  tables: () => DataTable[];
  /** Ways to save the picture, as buttons beside those for the data. */
  saves?: ComponentChildren;
  /** The picture; it is given the ids of the elements that name and describe it. */
  children: (ids: { title: string; summary: string }) => ComponentChildren;
}

export function Figure({ title, summary, notes = [], tables, saves, children }: FigureProps): JSX.Element {
  const id = useId();
  const [open, setOpen] = useState(false);
  const ids = { title: `${id}-title`, summary: `${id}-summary` };
  return (
    <figure class="plot" aria-labelledby={ids.title}>
      <figcaption class="plot-title" id={ids.title}>
        {title}
      </figcaption>
      {children(ids)}
      {notes.map((note) => (
        <p key={note} class="output-note">
          {note}
        </p>
      ))}
      <details class="plot-data" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          Show data<span class="visually-hidden"> of {title}</span>
        </summary>
        <p class="plot-summary" id={ids.summary}>
          {summary}
        </p>
        {open && <Data title={title} tables={tables()} saves={saves} />}
      </details>
    </figure>
  );
}

function Data({
  title,
  tables,
  saves,
}: {
  title: string;
  tables: DataTable[];
  saves: ComponentChildren;
}): JSX.Element {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  const copy = (): void => {
    navigator.clipboard.writeText(toCsv(tables)).then(
      () => setCopied("yes"),
      () => setCopied("failed"),
    );
  };
  return (
    <>
      {tables.map((table, index) => (
        <DataTableView key={index} table={table} single={tables.length === 1} title={title} />
      ))}
      <div class="plot-saves">
        {tables.length > 0 && (
          <>
            <button
              type="button"
              class="output-more"
              onClick={() =>
                download(fileName(title, "csv"), new Blob([toCsv(tables)], { type: "text/csv" }))
              }
            >
              Download CSV
            </button>
            <button type="button" class="output-more" onClick={copy}>
              Copy data
            </button>
          </>
        )}
        {saves}
        <span role="status" class="output-note">
          {copied === "yes" ? "Copied." : copied === "failed" ? "The browser did not allow copying." : ""}
        </span>
      </div>
    </>
  );
}

const firstRows = 200;

function DataTableView({
  table,
  single,
  title,
}: {
  table: DataTable;
  single: boolean;
  title: string;
}): JSX.Element {
  const name = single ? `Data of ${title}` : `${table.title}: data of ${title}`;
  return (
    <>
      {!single && <div class="plot-table-title">{table.title}</div>}
      <div class="table-scroll" role="region" aria-label={name} tabIndex={0}>
        <table class="values" aria-label={name}>
          <thead>
            <tr>
              {table.columns.map((column, index) => (
                <th key={index} scope="col" class="numeric">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(0, firstRows).map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column} class="numeric">
                    {cellText(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {table.rows.length > firstRows && (
        <p class="output-note">{count(table.rows.length - firstRows, "more row")} in the CSV.</p>
      )}
    </>
  );
}

function cellText(cell: DataCell): string {
  return typeof cell === "number" ? formatNumber(cell, 6) : (cell ?? "");
}
