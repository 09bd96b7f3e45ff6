// Handwritten-looking digits with a known recipe: strokes, the hand's variations, the pen, the paper.
import { OptionError, checkNumber, checkOptions } from "../../errors.ts";
import { checkSize } from "../../memory/heap.ts";
import type { Generator } from "../../random/generator.ts";
import { Tensor } from "../../tensor.ts";
import {
  checkBoolean,
  checkNumbers,
  computed,
  generatorFrom,
  seedOptionNames,
  type SeedOptions,
} from "../common.ts";
import { classCounts } from "../frame.ts";
import { KNOTS, bend, emptyLine, follow, ink, keepInside, place } from "./pen.ts";
import { lookNames, resolveLook, resolveShift, type DigitShift, type Handwriting } from "./look.ts";
import { MOST_COORDINATES, STYLES, writing } from "./strokes.ts";

export interface StrokeDigitsOptions extends Partial<Handwriting>, SeedOptions {
  /** How many pictures, in equal parts (or by `weights`) of each digit; or the number for each digit. Default 1000. */
  nSamples?: number | readonly number[];
  /** Pixels along each side. Default 16. */
  size?: number;
  /** Which digits. Labels are always the digits themselves. Default 0 … 9. */
  digits?: readonly number[];
  /** The digits' shares, in any unit. Default: equal. */
  weights?: readonly number[];
  /** Which of the four writing styles of each digit, 0 … 3. Default all. */
  styles?: readonly number[];
  /**
   * Distribution shift: 0 (default) for none, 1 for another hand, pen and paper (slanted, turned, smaller, with a thicker and
   * paler pen on grey and grainy paper), or what is in between; or an object that says what moves and by how much.
   */
  shift?: number | DigitShift;
  /** Put the pictures in random order; otherwise they are sorted by digit. Default true. */
  shuffle?: boolean;
}

export interface StrokeDigits {
  /** (n, 1, size, size) float32 in [0, 1]: bright ink on dark paper. */
  images: Tensor;
  /** (n,) int32: the digits. */
  labels: Tensor;
  /** (n,) int32: the writing styles, 0 … 3. */
  styles: Tensor;
}

const ownNames = [
  "nSamples",
  "size",
  "digits",
  "weights",
  "styles",
  "shift",
  "shuffle",
  ...seedOptionNames,
] as const;

/** Numbers a picture draws for its own: 11 for place, pen and ink, then the field, then the control points. */
const SINGLE = 11;
const FIELD = 2 * KNOTS * KNOTS;
const DRAWS = SINGLE + FIELD + MOST_COORDINATES;

/** Drawn numbers are kept within so many standard deviations. */
const LIMIT = 2.5;

/**
 * Pictures of handwritten-looking digits, from a recipe instead of a scan: each digit has four writing styles made of Bézier
 * strokes; their control points wobble, the whole is bent, scaled, slanted, turned and moved at random, and drawn with a pen of
 * changing width.
 *
 *     const { images, labels } = data.strokeDigits({ nSamples: 2000, seed: 1 });
 *     const elsewhere = data.strokeDigits({ nSamples: 500, shift: 0.7, seed: 2 });
 *     const thick = data.strokeDigits({ shift: { thickness: 1 }, seed: 3 });
 *
 * The same seed writes the same digits whatever the look: `size`, `shift` and the spreads change how a picture is drawn, not
 * which digit it shows in which style and whose hand's numbers it has.
 */
export function strokeDigits(options: StrokeDigitsOptions = {}): StrokeDigits {
  const owner = "data.strokeDigits";
  checkOptions(owner, options, [...ownNames, ...lookNames]);
  const { size = 16, digits = TEN, styles = FOUR, shift = 0, shuffle = true } = options;
  checkNumber(owner, "size", size, { min: 8, max: 512, whole: true });
  checkChoice(owner, "digits", digits, 9);
  checkChoice(owner, "styles", styles, STYLES - 1);
  checkBoolean(owner, "shuffle", shuffle);
  const look = resolveLook(owner, options);
  const moved = resolveShift(owner, shift);
  const counts = classCounts(owner, digits.length, options, 1000);
  const generator = generatorFrom(owner, options);
  const total = counts.reduce((sum, count) => sum + count, 0);
  checkSize(owner, "float64", total * Math.max(DRAWS, size * size));

  const sorted = counts.flatMap((count, k) => Array.from({ length: count }, () => digits[k]!));
  const labels = Int32Array.from(shuffle ? generator.shuffle(sorted) : sorted);
  const n = labels.length;
  const chosen = Int32Array.from(generator.uniformArray(n), (u) => styles[Math.floor(u * styles.length)]!);
  const draws = generator.normalArray(n * DRAWS).map((z) => Math.min(Math.max(z, -LIMIT), LIMIT));
  const pictures = drawAll(labels, chosen, draws, size, look, moved);

  // Noise comes last, so that the size of the pictures does not change which digits are written.
  const grain = Math.max(0, look.noise + moved.noise);
  const images =
    grain > 0 ? pictures.add(normal(generator, pictures.size).reshape(pictures.shape).mul(grain)) : pictures;
  return {
    images: images.clamp(0, 1),
    labels: Tensor.adopt(labels, [n], "int32"),
    styles: Tensor.adopt(chosen, [n], "int32"),
  };
}

const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const FOUR = [0, 1, 2, 3] as const;

function normal(generator: Generator, count: number): Tensor {
  return Tensor.adopt(generator.normalArray(count), [count], "float64").to("float32");
}

/** A digit that leans further is no digit any more. */
const STEEPEST = 60;

/** All pictures before the grain of the paper: (n, 1, size, size). */
function drawAll(
  labels: Int32Array,
  styles: Int32Array,
  draws: Float64Array<ArrayBuffer>,
  size: number,
  look: Handwriting,
  shift: Required<DigitShift>,
): Tensor {
  const n = labels.length;
  const turns = Float64Array.from({ length: n }, (_, i) =>
    radians(look.rotation * draws[i * DRAWS]! + shift.rotation),
  );
  const slants = Float64Array.from({ length: n }, (_, i) => {
    const degrees = look.slant * draws[i * DRAWS + 1]! + shift.slant;
    return radians(Math.min(Math.max(degrees, -STEEPEST), STEEPEST));
  });
  const [cosTurn, sinTurn] = [computed(turns, (a) => a.cos()), computed(turns, (a) => a.sin())];
  const tanSlant = computed(slants, (a) => a.sin().div(a.cos()));
  const steps = 4 + Math.ceil(size / 4);
  const line = emptyLine(MOST_COORDINATES * steps);
  const picture = new Float64Array(size * size);
  const pixels = new Float32Array(n * size * size);
  const moves = new Float64Array(MOST_COORDINATES);
  const background = look.background + shift.background;
  for (let i = 0; i < n; i++) {
    const own = draws.subarray(i * DRAWS, (i + 1) * DRAWS);
    const at = (k: number): number => own[k]!;
    for (let k = 0; k < MOST_COORDINATES; k++) moves[k] = look.wobble * at(SINGLE + FIELD + k);
    follow(writing[labels[i]!]![styles[i]!]!, steps, moves, line);
    bend(line, own.subarray(SINGLE, SINGLE + FIELD), look.elastic);
    // Scale and stretch, then slant, then turn; y points down, so a positive slant leans the top to the right.
    const scale = positive(1 + look.scale * at(2)) * positive(1 + shift.scale);
    const stretch = positive(1 + look.stretch * at(3)) * positive(1 + shift.stretch);
    const [cos, sin, tan] = [cosTurn[i]!, sinTurn[i]!, tanSlant[i]!];
    place(line, {
      a: scale * stretch * cos,
      b: scale * (-tan * cos - sin),
      c: scale * stretch * sin,
      d: scale * (-tan * sin + cos),
      e: look.translation * at(4) + shift.translation,
      f: look.translation * at(5) + shift.translation,
    });
    const width = look.thickness * positive(1 + look.thicknessSpread * at(6)) * positive(1 + shift.thickness);
    keepInside(line, Math.min(width / 2, 0.25));
    const pen = {
      radius: (width * size) / 2,
      start: look.pressure * at(7),
      middle: look.pressure * at(8),
      end: look.pressure * at(9),
      edge: 1 + Math.max(0, look.blur + shift.blur),
    };
    ink(line, pen, size, picture);
    const bright = look.contrast - look.contrastSpread * Math.abs(at(10)) + shift.contrast;
    const start = i * size * size;
    for (let k = 0; k < picture.length; k++) pixels[start + k] = background + bright * picture[k]!;
  }
  return Tensor.adopt(pixels, [n, 1, size, size], "float32");
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** A factor that extreme options must not bring to nothing. */
function positive(factor: number): number {
  return Math.max(factor, 0.1);
}

function checkChoice(owner: string, name: string, values: unknown, max: number): void {
  checkNumbers(owner, name, values, { min: 0, max, whole: true });
  if (values.length === 0) throw new OptionError(`${owner}: ${name} must not be empty.`);
  if (new Set(values).size !== values.length) {
    throw new OptionError(`${owner}: ${name} [${values.join(", ")}] names one twice.`);
  }
}
