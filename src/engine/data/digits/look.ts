// How digits look: the spreads of hand, pen and paper, and the ways in which another world can differ.
import { OptionError, checkNumber, checkOptions, describe } from "../../errors.ts";
import { checkFinite } from "../common.ts";

/** How the digits look. Spreads are standard deviations; what is drawn is kept within 2.5 of them, so that digits stay readable. */
export interface Handwriting {
  /** Spread of the rotation, in degrees. Default 7. */
  rotation: number;
  /** Spread of the slant of upright lines, in degrees. Default 10. */
  slant: number;
  /** Spread of the size, relative. Default 0.1. */
  scale: number;
  /** Spread of the ratio of width to height, relative. Default 0.12. */
  stretch: number;
  /** Spread of the place in x and in y, in parts of the picture's side. Default 0.05. */
  translation: number;
  /** Spread of the 5 × 5 knots of the smooth distortion, in parts of the side; points move about half as far. Default 0.05. */
  elastic: number;
  /** Spread of the strokes' control points, in parts of the side. Default 0.015. */
  wobble: number;
  /** Width of the pen, in parts of the side. Default 0.1. */
  thickness: number;
  /** Spread of the width from picture to picture, relative. Default 0.2. */
  thicknessSpread: number;
  /** Spread of the width along a stroke, relative. Default 0.15. */
  pressure: number;
  /** Brightness of the ink above the paper's. Default 1. */
  contrast: number;
  /** Spread of that brightness, downwards. Default 0.1. */
  contrastSpread: number;
  /** Brightness of the paper. Default 0. */
  background: number;
  /** Width in pixels by which the edges of lines are smeared. Default 0. */
  blur: number;
  /** Standard deviation of the normal noise on every pixel. Default 0.03. */
  noise: number;
}

const defaults: Handwriting = {
  rotation: 7,
  slant: 10,
  scale: 0.1,
  stretch: 0.12,
  translation: 0.05,
  elastic: 0.05,
  wobble: 0.015,
  thickness: 0.1,
  thicknessSpread: 0.2,
  pressure: 0.15,
  contrast: 1,
  contrastSpread: 0.1,
  background: 0,
  blur: 0,
  noise: 0.03,
};

/** How another world differs: what is added for every picture alike. */
export interface DigitShift {
  /** Degrees, clockwise. */
  rotation?: number;
  /** Degrees, to the right. */
  slant?: number;
  /** Relative: 0.2 makes digits a fifth larger. */
  scale?: number;
  /** Relative: 0.2 makes digits a fifth wider. */
  stretch?: number;
  /** Parts of the side, to the right and down. */
  translation?: number;
  /** Relative: 0.5 makes the pen half as wide again. */
  thickness?: number;
  /** Usually negative: −0.4 makes the ink paler. */
  contrast?: number;
  background?: number;
  /** Pixels. */
  blur?: number;
  noise?: number;
}

/** What `shift: 1` means; a number in between takes that part of everything. */
const fullShift: Required<DigitShift> = {
  rotation: 10,
  slant: 22,
  scale: -0.12,
  stretch: 0,
  translation: 0.03,
  thickness: 0.6,
  contrast: -0.35,
  background: 0.2,
  blur: 0.6,
  noise: 0.09,
};

export const lookNames = Object.keys(defaults) as (keyof Handwriting)[];

/** The look that options ask for, with all defaults filled in. */
export function resolveLook(owner: string, options: Partial<Handwriting>): Handwriting {
  const look = { ...defaults };
  for (const name of lookNames) {
    const value = options[name] ?? defaults[name];
    checkNumber(owner, name, value, { min: 0 });
    checkFinite(owner, name, value);
    look[name] = value;
  }
  return look;
}

/** A shift as amounts of everything that can move. */
export function resolveShift(owner: string, shift: number | DigitShift): Required<DigitShift> {
  const names = Object.keys(fullShift) as (keyof DigitShift)[];
  if (typeof shift === "number") {
    checkNumber(owner, "shift", shift, { min: 0, max: 1 });
    return Object.fromEntries(
      names.map((name) => [name, shift * fullShift[name]]),
    ) as unknown as Required<DigitShift>;
  }
  if (typeof shift !== "object" || shift === null) {
    throw new OptionError(
      `${owner}: shift must be a number from 0 to 1 or an object such as { slant: 20, thickness: 0.5 }, not ${describe(shift)}.`,
    );
  }
  checkOptions(`${owner}: shift`, shift, names);
  const resolved = { ...fullShift };
  for (const name of names) {
    const value = shift[name] ?? 0;
    checkNumber(owner, `shift.${name}`, value);
    checkFinite(owner, `shift.${name}`, value);
    resolved[name] = value;
  }
  return resolved;
}
