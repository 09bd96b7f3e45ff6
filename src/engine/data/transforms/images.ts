// Augmentations of images, (n, channels, height, width), under torchvision's names. Every image of a batch draws its own.
import { OptionError, checkNumber, checkOptions } from "../../errors.ts";
import { where } from "../../ops/elementwise.ts";
import { Tensor } from "../../tensor.ts";
import {
  checkFinite,
  checkNumbers,
  computed,
  generatorFrom,
  seedOptionNames,
  type SeedOptions,
} from "../common.ts";
import { checkBatch, checkProbability, type Transform } from "./transform.ts";

const IMAGES = "images, (n, channels, height, width)";

export interface FlipOptions extends SeedOptions {
  /** The probability that an image is flipped. Default 0.5. */
  p?: number;
}

/** Mirrors images left to right. */
export function randomHorizontalFlip(options: FlipOptions = {}): Transform {
  return randomFlip("randomHorizontalFlip", 3, options);
}

/** Turns images upside down (mirrors them top to bottom). Ask first whether that changes their class. */
export function randomVerticalFlip(options: FlipOptions = {}): Transform {
  return randomFlip("randomVerticalFlip", 2, options);
}

function randomFlip(owner: string, dim: 2 | 3, options: FlipOptions): Transform {
  checkOptions(owner, options, ["p", ...seedOptionNames]);
  const { p = 0.5 } = options;
  checkProbability(owner, "p", p);
  const generator = generatorFrom(owner, options);
  return (x) => {
    checkBatch(owner, x, IMAGES, [4]);
    const n = x.shape[0]!;
    const images = x.detach();
    const flipped = Int32Array.from(generator.uniformArray(n), (u) => (u < p ? 1 : 0));
    return where(Tensor.adopt(flipped, [n, 1, 1, 1], "int32"), images.flip(dim), images);
  };
}

export interface AffineOptions extends SeedOptions {
  /** Largest angle of rotation in degrees, either way. Default 0. */
  degrees?: number;
  /** Largest move to either side, in parts of the width and of the height. Default [0, 0]. */
  translate?: readonly [horizontal: number, vertical: number];
  /** The range of the factor of size. Default [1, 1]. */
  scale?: readonly [min: number, max: number];
  /** Largest horizontal shear in degrees, either way. Default 0. */
  shear?: number;
  /** What is seen where there was no image. Default 0. */
  fill?: number;
}

/**
 * Turns, moves, scales and shears images around their centres, each by its own amount, all equally likely within the limits.
 * Pixels are interpolated bilinearly.
 *
 *     const augment = data.transforms.randomAffine({ degrees: 10, translate: [0.1, 0.1], seed: 1 });
 */
export function randomAffine(options: AffineOptions = {}): Transform {
  return affine("randomAffine", options, ["degrees", "translate", "scale", "shear", "fill"]);
}

/** Turns images around their centres by up to `degrees` either way. */
export function randomRotation(degrees: number, options: SeedOptions & { fill?: number } = {}): Transform {
  checkNumber("randomRotation", "degrees", degrees, { min: 0, max: 180 });
  return affine("randomRotation", { ...options, degrees }, ["degrees", "fill"]);
}

/** Moves images by up to these parts of the width and of the height to either side. */
export function randomShift(
  translate: readonly [horizontal: number, vertical: number],
  options: SeedOptions & { fill?: number } = {},
): Transform {
  return affine("randomShift", { ...options, translate }, ["translate", "fill"]);
}

function affine(owner: string, options: AffineOptions, names: readonly string[]): Transform {
  checkOptions(owner, options, [...names, ...seedOptionNames]);
  const { degrees = 0, translate = [0, 0], scale = [1, 1], shear = 0, fill = 0 } = options;
  checkNumber(owner, "degrees", degrees, { min: 0, max: 180 });
  checkNumbers(owner, "translate", translate, { min: 0, max: 1, length: 2 });
  checkNumbers(owner, "scale", scale, { min: 0, length: 2 });
  if (!(scale[0] > 0 && scale[0] <= scale[1])) {
    throw new OptionError(
      `${owner}: scale must be [min, max] with 0 < min ≤ max, not [${scale.join(", ")}].`,
    );
  }
  checkNumber(owner, "shear", shear, { min: 0, below: 90 });
  checkNumber(owner, "fill", fill);
  checkFinite(owner, "fill", fill);
  const generator = generatorFrom(owner, options);
  return (x) => {
    checkBatch(owner, x, IMAGES, [4]);
    const [n, channels, height, width] = x.shape as [number, number, number, number];
    const draws = generator.uniformArray(5 * n);
    const within = (k: number, limit: number): Float64Array<ArrayBuffer> =>
      Float64Array.from({ length: n }, (_, i) => limit * (2 * draws[5 * i + k]! - 1));
    const turns = within(0, (degrees * Math.PI) / 180);
    const shears = within(1, (shear * Math.PI) / 180);
    const [moveX, moveY] = [within(2, translate[0] * width), within(3, translate[1] * height)];
    const [cosines, sines] = [computed(turns, (a) => a.cos()), computed(turns, (a) => a.sin())];
    const tangents = computed(shears, (a) => a.sin().div(a.cos()));
    const values = x.data;
    const out = x.data.fill(fill);
    for (let i = 0; i < n; i++) {
      const size = scale[0] + (scale[1] - scale[0]) * draws[5 * i + 4]!;
      const [cos, sin, tan] = [cosines[i]! / size, sines[i]! / size, tangents[i]!];
      // The way back from a pixel to where it came from: undo the move, the turn and the scale, then the shear.
      const [a, b, c, d] = [cos + tan * sin, sin - tan * cos, -sin, cos];
      resample(values, out, i * channels, channels, height, width, [a, b, c, d], moveX[i]!, moveY[i]!);
    }
    return Tensor.adopt(out, x.shape, x.dtype);
  };
}

/** Fills the channels of one image with what lies at M·(pixel − centre − move) + centre in the source. */
function resample(
  source: ArrayLike<number>,
  out: Float32Array | Float64Array | Int32Array,
  firstChannel: number,
  channels: number,
  height: number,
  width: number,
  [a, b, c, d]: readonly [number, number, number, number],
  moveX: number,
  moveY: number,
): void {
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const plane = height * width;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const u = column - centreX - moveX;
      const v = row - centreY - moveY;
      const fromX = a * u + b * v + centreX;
      const fromY = c * u + d * v + centreY;
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      if (left < -1 || top < -1 || left >= width || top >= height) continue;
      const [tx, ty] = [fromX - left, fromY - top];
      for (let channel = 0; channel < channels; channel++) {
        const start = (firstChannel + channel) * plane;
        const at = start + row * width + column;
        // out holds the fill value, which stands in for neighbours outside the image.
        const fill = out[at]!;
        const pixel = (y: number, x: number): number =>
          x < 0 || y < 0 || x >= width || y >= height ? fill : source[start + y * width + x]!;
        const upper = pixel(top, left) * (1 - tx) + pixel(top, left + 1) * tx;
        const lower = pixel(top + 1, left) * (1 - tx) + pixel(top + 1, left + 1) * tx;
        out[at] = upper * (1 - ty) + lower * ty;
      }
    }
  }
}

export interface ErasingOptions extends SeedOptions {
  /** The probability that an image loses a patch. Default 0.5. */
  p?: number;
  /** The range of the patch's area, in parts of the image's. Default [0.02, 0.33]. */
  scale?: readonly [min: number, max: number];
  /** The range of the patch's ratio of height to width. Default [0.3, 3.3]. */
  ratio?: readonly [min: number, max: number];
  /** What the patch is filled with. Default 0. */
  value?: number;
}

/**
 * Covers a rectangle at a random place of an image (Zhong et al., "Random erasing data augmentation", 2017; with p 1, one area and
 * ratio 1 it is the cutout of DeVries and Taylor, 2017, except that the patch lies inside the image).
 */
export function randomErasing(options: ErasingOptions = {}): Transform {
  const owner = "randomErasing";
  checkOptions(owner, options, ["p", "scale", "ratio", "value", ...seedOptionNames]);
  const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = options;
  checkProbability(owner, "p", p);
  for (const [name, range] of Object.entries({ scale, ratio })) {
    checkNumbers(owner, name, range, { min: 0, ...(name === "scale" ? { max: 1 } : {}), length: 2 });
    if (!(range[0] > 0 && range[0] <= range[1])) {
      throw new OptionError(
        `${owner}: ${name} must be [min, max] with 0 < min ≤ max, not [${range.join(", ")}].`,
      );
    }
  }
  checkNumber(owner, "value", value);
  checkFinite(owner, "value", value);
  const generator = generatorFrom(owner, options);
  return (x) => {
    checkBatch(owner, x, IMAGES, [4]);
    const [n, channels, height, width] = x.shape as [number, number, number, number];
    const draws = generator.uniformArray(5 * n);
    // Ratios are drawn evenly on a logarithmic scale, so that tall and wide patches are equally likely.
    const [low, high] = computed(ratio, (r) => r.log()) as unknown as [number, number];
    const roots = computed(
      Float64Array.from({ length: n }, (_, i) => (low + (high - low) * draws[5 * i + 2]!) / 2),
      (r) => r.exp(),
    );
    const out = x.data;
    for (let i = 0; i < n; i++) {
      const [hit, share, , across, down] = draws.subarray(5 * i, 5 * i + 5) as unknown as number[];
      if (hit! >= p) continue;
      const side = Math.sqrt((scale[0] + (scale[1] - scale[0]) * share!) * height * width);
      const rows = Math.min(height, Math.max(1, Math.round(side * roots[i]!)));
      const columns = Math.min(width, Math.max(1, Math.round(side / roots[i]!)));
      const top = Math.floor(down! * (height - rows + 1));
      const left = Math.floor(across! * (width - columns + 1));
      for (let row = 0; row < channels * rows; row++) {
        const y = (i * channels + Math.floor(row / rows)) * height + top + (row % rows);
        out.fill(value, y * width + left, y * width + left + columns);
      }
    }
    return Tensor.adopt(out, x.shape, x.dtype);
  };
}
