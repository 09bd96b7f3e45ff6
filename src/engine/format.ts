// A tensor as text: nested rows with aligned columns, an excerpt where it is long.
import { formatShape } from "./errors.ts";
import type { Tensor } from "./tensor.ts";

/** Entries shown at each end of a long dimension. */
const EDGE = 3;
const LONGEST = 2 * EDGE + 2;

/** Four significant decimals, without trailing zeros. */
function formatNumber(value: number, whole: boolean): string {
  if (whole || !Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e6)) return value.toExponential(4);
  return value.toFixed(4);
}

/** Which positions of a dimension are shown; −1 stands for the gap. */
function shownPositions(size: number): number[] {
  if (size <= LONGEST) return Array.from({ length: size }, (_, i) => i);
  return [0, 1, 2, -1, size - 3, size - 2, size - 1];
}

/** tensor([[1, 2], [3, 4]], shape (2, 2), float32) with long dimensions shortened. */
export function formatTensor(x: Tensor): string {
  const { data, shape } = x;
  const whole =
    x.dtype === "int32" || data.every((value) => Number.isInteger(value) && Math.abs(value) < 1e6);
  const texts = (dim: number, start: number): string => {
    if (dim === shape.length) return formatNumber(data[start]!, whole);
    const stride = shape.slice(dim + 1).reduce((product, size) => product * size, 1);
    const parts = shownPositions(shape[dim]!).map((i) => (i < 0 ? "…" : texts(dim + 1, start + i * stride)));
    const inner = shape.length - dim - 1;
    const separator = inner === 0 ? ", " : `,${"\n".repeat(inner)}${" ".repeat("tensor(".length + dim + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  const kind = x.requiresGrad ? `${x.dtype}, requiresGrad` : x.dtype;
  return `tensor(${texts(0, 0)}, shape ${formatShape(shape)}, ${kind})`;
}
