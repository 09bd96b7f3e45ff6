// A tensor as a reader wants it: its kind and shape, the corner entries as an aligned matrix, and what the numbers are like.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Inspection, TensorExcerpt, TensorStatistics } from "../../runtime/index.ts";
import { count, formatNumber } from "./numbers.ts";

type Tensor = Extract<Inspection, { kind: "tensor" }>;

/** `Tensor f32 (32, 784)`; a scalar has the shape `()`. */
export function tensorTitle({ dtype, shape }: Pick<Tensor, "dtype" | "shape">): string {
  return `Tensor ${dtype} (${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

export function TensorView({ tensor, inline = false }: { tensor: Tensor; inline?: boolean }): JSX.Element {
  const [open, setOpen] = useState(!inline);
  const title = (
    <>
      <span class="tensor-title">{tensorTitle(tensor)}</span>
      {tensor.requiresGrad && <span class="tensor-flag">requires grad</span>}
    </>
  );
  if (typeof tensor.excerpt === "string")
    return (
      <span class="tensor">
        {title} <span class="inspect-number">{tensor.excerpt}</span>
      </span>
    );
  return (
    <div class={inline ? "tensor tensor-inline" : "tensor"}>
      {inline ? (
        <button type="button" class="inspect-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span class="inspect-arrow" aria-hidden="true" />
          {title}
        </button>
      ) : (
        <div class="tensor-head">{title}</div>
      )}
      {open && (
        <>
          <Slices excerpt={tensor.excerpt} shape={tensor.shape} prefix={[]} />
          {tensor.statistics && tensor.shape.reduce((product, size) => product * size, 1) > 1 && (
            <Statistics statistics={tensor.statistics} />
          )}
        </>
      )}
    </div>
  );
}

/** One or two axes are a matrix; further axes are matrices one below the other, each with its index. */
function Slices({
  excerpt,
  shape,
  prefix,
}: {
  excerpt: TensorExcerpt;
  shape: number[];
  prefix: (number | string)[];
}): JSX.Element {
  if (!Array.isArray(excerpt)) return <span class="inspect-note">…</span>;
  if (excerpt.length === 0) return <span class="inspect-note">no entries</span>;
  if (shape.length <= 2)
    return <Matrix rows={toRows(excerpt)} caption={prefix} column={shape.length === 1} />;
  const positions = indices(excerpt, shape[0] ?? excerpt.length);
  return (
    <>
      {excerpt.map((part, index) =>
        part === null ? (
          <div key={index} class="tensor-gap" aria-label="slices left out">
            ⋮
          </div>
        ) : (
          <Slices
            key={index}
            excerpt={part}
            shape={shape.slice(1)}
            prefix={[...prefix, positions[index] ?? "…"]}
          />
        ),
      )}
    </>
  );
}

/** The index of each entry of an excerpt along its axis: those after the gap count from the end. */
export function indices(excerpt: readonly TensorExcerpt[], size: number): (number | null)[] {
  const gap = excerpt.indexOf(null);
  return excerpt.map((part, index) =>
    part === null ? null : gap < 0 || index < gap ? index : size - (excerpt.length - index),
  );
}

function toRows(excerpt: TensorExcerpt[]): (TensorExcerpt[] | null)[] {
  return excerpt.some((part) => Array.isArray(part))
    ? excerpt.map((part) => (Array.isArray(part) ? part : null))
    : [excerpt];
}

function Matrix({
  rows,
  caption,
}: {
  rows: (TensorExcerpt[] | null)[];
  caption: (number | string)[];
  column: boolean;
}): JSX.Element {
  const aligned = alignMatrix(rows);
  const columns = Math.max(1, ...aligned.map((row) => row?.length ?? 0));
  return (
    <div class="tensor-slice">
      {caption.length > 0 && <div class="tensor-index">[{[...caption, ":", ":"].join(", ")}]</div>}
      <table class="matrix" aria-label="entries">
        <tbody>
          {aligned.map((row, index) => (
            <tr key={index}>
              {row === null ? (
                <td colSpan={columns} class="matrix-gap" aria-label="rows left out">
                  ⋮
                </td>
              ) : (
                row.map((cell, column) =>
                  cell === null ? (
                    <td key={column} class="matrix-gap" aria-label="columns left out">
                      ⋯
                    </td>
                  ) : (
                    <td key={column}>{cell}</td>
                  ),
                )
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Pads the entries of each column after the point, so that right-aligned figures have their points below one another. */
export function alignMatrix(
  rows: readonly (readonly TensorExcerpt[] | null)[],
): ((string | null)[] | null)[] {
  const tails = new Map<number, number>();
  const text = rows.map(
    (row) => row && row.map((cell) => (typeof cell === "string" ? cell.replace(/^-/, "−") : null)),
  );
  for (const row of text)
    row?.forEach((cell, column) => {
      if (cell !== null) tails.set(column, Math.max(tails.get(column) ?? 0, tail(cell)));
    });
  return text.map(
    (row) =>
      row && row.map((cell, column) => cell && cell + "\u2007".repeat((tails.get(column) ?? 0) - tail(cell))),
  );
}

function tail(number: string): number {
  const point = number.indexOf(".");
  return point < 0 ? 0 : number.length - point;
}

function Statistics({ statistics }: { statistics: TensorStatistics }): JSX.Element {
  const { min, max, mean, std, notFinite } = statistics;
  const entries: [string, number][] = [
    ["min", min],
    ["mean", mean],
    ["max", max],
    ["std", std],
  ];
  return (
    <dl class="tensor-statistics">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{formatNumber(value)}</dd>
        </div>
      ))}
      {notFinite > 0 && (
        <div class="tensor-warning">
          <dt>not finite</dt>
          <dd>{count(notFinite, "entry", "entries")}</dd>
        </div>
      )}
    </dl>
  );
}
