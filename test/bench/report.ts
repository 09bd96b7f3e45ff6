// The bench's tables in plain text.
import type { Timing } from "./measure.ts";
import { DESCENT, PEAK, PYTORCH, TENSORFLOW_CPU, TENSORFLOW_WASM, type Row } from "./rows.ts";

export interface Result {
  row: Row;
  /** By the name of the program. */
  timings: ReadonlyMap<string, Timing>;
  aims: { text: string; met: boolean | null }[];
}

const NONE = "–";

/** Columns wide enough for what is in them; the first is aligned at the left, and so is the last. */
function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) =>
          i === 0 || i === line.length - 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function micros(value: number): string {
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}

function timing(found: Timing | undefined): string {
  return found === undefined ? NONE : `${micros(found.best)} (${micros(found.median)})`;
}

/** How many times ours another program takes, by best windows. */
function ratio(ours: Timing | undefined, theirs: Timing | undefined): string {
  if (ours === undefined || theirs === undefined) return NONE;
  const times = theirs.best / ours.best;
  return times < 10 ? times.toFixed(2) : times.toFixed(1);
}

function aims(result: Result): string {
  return result.aims
    .map(({ text, met }) => `${text} ${met === null ? NONE : met ? "met" : "missed"}`)
    .join(", ");
}

const others = [TENSORFLOW_WASM, TENSORFLOW_CPU, PYTORCH];

/** µs for every row against every other program. */
export function formatSteps(results: readonly Result[]): string {
  if (results.length === 0) return "";
  const head = ["µs", DESCENT, ...others.flatMap((name) => [name, "×"]), "aim"];
  const body = results.map((result) => {
    const { row, timings } = result;
    const ours = timings.get(DESCENT);
    return [
      row.name,
      timing(ours),
      ...others.flatMap((name) => [timing(timings.get(name)), ratio(ours, timings.get(name))]),
      aims(result),
    ];
  });
  return table([head, ...body]);
}

/** Matrix products in GFLOP/s, beside what multiplications and additions alone reach. */
export function formatProducts(results: readonly Result[]): string {
  if (results.length === 0) return "";
  const columns = [DESCENT, ...others, PEAK];
  const body = results.map((result) => {
    const n = Number(result.row.id.replace("gemm-", ""));
    const speed = (name: string): string => {
      const found = result.timings.get(name);
      return found === undefined ? NONE : ((2 * n ** 3) / found.best / 1000).toFixed(1);
    };
    const [ours, peak] = [result.timings.get(DESCENT), result.timings.get(PEAK)];
    const share = ours === undefined || peak === undefined ? NONE : (peak.best / ours.best).toFixed(2);
    return [result.row.name, ...columns.map(speed), share, aims(result)];
  });
  return table([["GFLOP/s, best window", ...columns, "of peak", "aim"], ...body]);
}

/** How a step grows with its batch. */
export function formatGrowth(results: readonly Result[]): string {
  if (results.length === 0) return "";
  const columns = [DESCENT, TENSORFLOW_WASM, PYTORCH];
  const body = results.map(({ row, timings }) => {
    const batch = Number(row.id.replace("growth-", ""));
    const ours = timings.get(DESCENT);
    return [
      row.name,
      ...columns.map((name) => timing(timings.get(name))),
      ours === undefined ? NONE : micros(ours.best / batch),
    ];
  });
  return table([["µs", ...columns, "Descent, µs an example"], ...body]);
}
