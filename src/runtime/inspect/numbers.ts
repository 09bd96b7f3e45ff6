// Numbers written to be read: a few digits, and one common form for all numbers that stand together.

/** Numbers of one tensor: whole numbers as they are, else four decimals, or powers of ten where those would hide them. */
export function formatTogether(values: ArrayLike<number>): (value: number) => string {
  let smallest = Infinity;
  let largest = 0;
  let whole = true;
  for (let index = 0; index < values.length; index += 1) {
    const size = Math.abs(values[index]!);
    if (!Number.isFinite(size)) continue;
    if (!Number.isInteger(size)) whole = false;
    if (size > 0 && size < smallest) smallest = size;
    if (size > largest) largest = size;
  }
  if (whole && largest < 1e9) return (value) => special(value) ?? String(value);
  if (largest >= 1e6 || (largest > 0 && (smallest < 1e-3 || largest / smallest > 1e5))) {
    return (value) => special(value) ?? (value === 0 ? "0" : value.toExponential(3));
  }
  return (value) => special(value) ?? value.toFixed(4);
}

function special(value: number): string | null {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? null : String(value);
}

/** A single number in full, as JavaScript writes it, `-0` told apart from `0`. */
export function formatNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
