// How numbers are written for readers: a true minus sign, thin spaces between thousands, powers of ten.

const superscripts: Record<string, string> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

/** `-12` → `⁻¹²`. */
export function superscript(exponent: number): string {
  return Array.from(String(exponent), (character) => superscripts[character] ?? character).join("");
}

/** 20000 → `20 000`, with narrow no-break spaces; four digits stay together. */
export function groupDigits(whole: string): string {
  return whole.length <= 4 ? whole : whole.replaceAll(/\B(?=(\d{3})+$)/g, "\u202F");
}

/**
 * A number for prose, tooltips and tables: at most `digits` significant digits, no padding zeros.
 * From a million up and below a ten-thousandth it is written as a power of ten.
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (value < 0) return `−${formatNumber(-value, digits)}`;
  if (value === Infinity) return "∞";
  if (value === 0) return "0";
  if (Number.isInteger(value) && value < 1e6) return groupDigits(String(value));
  const rounded = Number(value.toPrecision(digits));
  if (rounded >= 1e6 || rounded < 1e-4) {
    const [mantissa = "1", exponent = "0"] = value.toExponential(digits - 1).split("e");
    const short = stripZeros(mantissa);
    return `${short === "1" ? "" : `${short}×`}10${superscript(Number(exponent))}`;
  }
  const [whole = "0", fraction] = String(rounded).split(".");
  return fraction === undefined ? groupDigits(whole) : `${groupDigits(whole)}.${fraction}`;
}

function stripZeros(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

/** `1 line`, `2 lines`, `20 000 lines`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${formatNumber(amount)} ${amount === 1 ? one : many}`;
}

/** Reads what a person types: a decimal comma and a true minus sign are understood. `null` when it is no finite number. */
export function parseNumber(text: string): number | null {
  const plain = text
    .trim()
    .replaceAll("−", "-")
    .replaceAll(/[\u202F\u00A0 ]/g, "")
    .replace(",", ".");
  if (plain === "") return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
