// Small pictures drawn with characters, under noise: the least image data set.
import type { FloatDtype } from "../dtype.ts";
import { OptionError, ValueError, checkNumber, checkOptions, describe } from "../errors.ts";
import { Tensor } from "../tensor.ts";
import {
  checkBoolean,
  checkFinite,
  checkFloatDtype,
  generatorFrom,
  seedOptionNames,
  type SeedOptions,
} from "./common.ts";
import { classCounts } from "./frame.ts";

/** Rows of one picture: "#" is 1, "." is 0. */
export type Glyph = readonly string[];

/**
 * Four letters of 5 × 5. Class 1 is class 0 upside down, so turning a picture upside down may change its class; none is its own
 * mirror image or another one's, so a picture and its mirror image belong to one class.
 */
const FOUR: readonly Glyph[] = [
  ["#####", "#....", "####.", "#....", "#...."],
  ["#....", "#....", "####.", "#....", "#####"],
  ["#####", "....#", "...#.", "..#..", "..#.."],
  ["#####", "...#.", "..#..", ".#...", "#####"],
];

export interface GlyphsOptions extends SeedOptions {
  /** How many pictures, in equal parts (or by `weights`) of each class; or the number for each class. Default 100. */
  nSamples?: number | readonly number[];
  /** The classes' shares, in any unit. Default: equal. */
  weights?: readonly number[];
  /** The pictures, one a class, all of one size. Default: four letters of 5 × 5. */
  glyphs?: readonly Glyph[];
  /** Standard deviation of the normal noise on every pixel. Default 0.5. */
  noise?: number;
  /** The probability that a picture is mirrored left to right: 0 (default) when all face one way, 0.5 when none prefers one. */
  mirrored?: number;
  /** Put the pictures in random order; otherwise they are sorted by class. Default true. */
  shuffle?: boolean;
  /** Element type of the images. Default float32. */
  dtype?: FloatDtype;
}

/**
 * Pictures of a few classes under noise.
 * @returns images: (n, 1, height, width), 0 … 1 plus noise; labels: (n,) int32
 */
export function makeGlyphs(options: GlyphsOptions = {}): { images: Tensor; labels: Tensor } {
  const owner = "data.makeGlyphs";
  checkOptions(owner, options, [
    "nSamples",
    "weights",
    "glyphs",
    "noise",
    "mirrored",
    "shuffle",
    "dtype",
    ...seedOptionNames,
  ]);
  const { glyphs = FOUR, noise = 0.5, mirrored = 0, shuffle = true, dtype = "float32" } = options;
  checkGlyphs(owner, glyphs);
  checkNumber(owner, "noise", noise, { min: 0 });
  checkFinite(owner, "noise", noise);
  checkNumber(owner, "mirrored", mirrored, { min: 0, max: 1 });
  checkBoolean(owner, "shuffle", shuffle);
  checkFloatDtype(owner, dtype);
  const generator = generatorFrom(owner, options);
  const counts = classCounts(owner, glyphs.length, options);
  const sorted = counts.flatMap((count, k) => Array.from({ length: count }, () => k));
  const labels = Int32Array.from(shuffle ? generator.shuffle(sorted) : sorted);
  const n = labels.length;
  const [height, width] = [glyphs[0]!.length, glyphs[0]![0]!.length];
  const pixels = new Float64Array(n * height * width);
  const turns = generator.uniformArray(n);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (const row of glyphs[labels[i]!]!) {
      for (let x = 0; x < width; x++) {
        pixels[at++] = row[turns[i]! < mirrored ? width - 1 - x : x] === "#" ? 1 : 0;
      }
    }
  }
  if (noise > 0) {
    const moves = generator.normalArray(pixels.length);
    for (let i = 0; i < pixels.length; i++) pixels[i]! += noise * moves[i]!;
  }
  const images = Tensor.adopt(pixels, [n, 1, height, width], "float64");
  return { images: images.to(dtype), labels: Tensor.adopt(labels, [n], "int32") };
}

function checkGlyphs(owner: string, glyphs: unknown): asserts glyphs is readonly Glyph[] {
  if (!Array.isArray(glyphs) || glyphs.length === 0) {
    throw new OptionError(`${owner}: glyphs must be an array of pictures, not ${describe(glyphs)}.`);
  }
  const [first] = glyphs as unknown[];
  for (const [k, glyph] of glyphs.entries()) {
    if (!Array.isArray(glyph) || glyph.length === 0) {
      throw new OptionError(
        `${owner}: glyphs[${k}] must be an array of rows such as ["##", "#."], not ${describe(glyph)}.`,
      );
    }
    for (const [row, text] of glyph.entries()) {
      if (typeof text !== "string" || !/^[#.]+$/.test(text)) {
        throw new ValueError(
          `${owner}: glyphs[${k}], row ${row}: a row is made of "#" and ".", not ${describe(text)}.`,
        );
      }
      const [height, width] = [(first as string[]).length, (first as string[])[0]!.length];
      if (glyph.length !== height || text.length !== width) {
        throw new ValueError(
          `${owner}: the glyphs must all have one size: glyphs[0] is ${height} × ${width}, glyphs[${k}] has ${glyph.length} rows and row ${row} has ${text.length} characters.`,
        );
      }
    }
  }
}
