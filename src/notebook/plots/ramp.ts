// Colours for numbers. Each is a mixture of the theme's tokens, written as CSS, so that light and dark switch by themselves.
// Low values lie near the colour of the paper, high values far from it, in both themes.

export type Palette = "sequential" | "wash" | "relief" | "diverging";

/** Steps in which continuous values are coloured; more cannot be told apart. */
export const rampSteps = 32;

const stops: Record<Palette, string[]> = {
  sequential: ["--ramp-0", "--ramp-1", "--ramp-2", "--ramp-3", "--ramp-4"],
  /** A pale version, as ground for other marks. */
  wash: ["--wash-0", "--wash-1", "--wash-2"],
  /** Of a surface in three dimensions, which light and shadow colour as well. */
  relief: ["--relief-0", "--relief-1", "--relief-2", "--relief-3", "--relief-4"],
  diverging: [
    "--diverge-low",
    "--diverge-low-half",
    "--diverge-middle",
    "--diverge-high-half",
    "--diverge-high",
  ],
};

/** The colour for `share`, 0 (lowest) to 1 (highest). */
export function rampColour(share: number, palette: Palette): string {
  const names = stops[palette];
  const place = Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)) * (names.length - 1);
  const index = Math.min(names.length - 2, Math.floor(place));
  const percent = Math.round((place - index) * 100);
  if (percent === 0) return `var(${names[index]})`;
  if (percent === 100) return `var(${names[index + 1]})`;
  return `color-mix(in oklab, var(${names[index + 1]}) ${percent}%, var(${names[index]}))`;
}

/** A CSS gradient of the whole palette, for legends. */
export function rampGradient(palette: Palette): string {
  return `linear-gradient(in oklab to right, ${stops[palette].map((name) => `var(${name})`).join(", ")})`;
}

export function rampStops(palette: Palette): readonly string[] {
  return stops[palette];
}
