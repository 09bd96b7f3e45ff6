// Dropout as plain functions of tensors.
import { allocateArray, isFloat } from "../dtype.ts";
import {
  DtypeError,
  OptionError,
  ShapeError,
  ValueError,
  checkNumber,
  checkOptions,
  checkSwitch,
  describe,
  formatShape,
} from "../errors.ts";
import { mul } from "../ops/elementwise.ts";
import { defaultGenerator, Generator } from "../random/generator.ts";
import { sameShape, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";

export interface DropoutOptions {
  /** Outside training the input passes unchanged. Default true. */
  training?: boolean;
  /** Where the random numbers come from. Default: the default generator, see manualSeed. */
  generator?: Generator;
  /** 1 where a number is kept, 0 where it is dropped, in place of random ones. */
  mask?: Tensor;
}

/** Refuses a generator that is none. */
export function checkGenerator(owner: string, generator: unknown): void {
  if (generator === undefined || generator instanceof Generator) return;
  throw new OptionError(
    `${owner}: generator must be a Generator, e.g. new Generator(1), not ${describe(generator)}.`,
  );
}

/** Kept entries are multiplied by 1/(1 − p), so that the expectation stays what it was ("inverted" dropout). */
function drop(owner: string, x: Tensor, p: number, options: DropoutOptions, shape: Shape): Tensor {
  checkOptions(owner, options, ["training", "generator", "mask"]);
  checkNumber(owner, "p", p, { min: 0, max: 1 });
  const { training = true, generator, mask } = options;
  checkGenerator(owner, generator);
  if (!isFloat(x.dtype)) {
    throw new DtypeError(
      `${owner}: works on float32 and float64, not int32. Convert the input with .to("float32").`,
    );
  }
  checkSwitch(owner, "training", training);
  if (!training) return x;
  const scale = p === 1 ? 0 : 1 / (1 - p);
  if (mask !== undefined) {
    if (!(mask instanceof Tensor)) {
      throw new ValueError(`${owner}: mask must be a tensor of zeros and ones, not ${describe(mask)}.`);
    }
    if (!sameShape(mask.shape, shape)) {
      throw new ShapeError(
        `${owner}: mask must have the shape ${formatShape(shape)}, not ${formatShape(mask.shape)}.`,
      );
    }
    return mul(x, mask.detach().to(x.dtype).mul(scale));
  }
  if (p === 0) return x;
  const chances = (generator ?? defaultGenerator).uniformArray(sizeOf(shape));
  const factors = allocateArray(x.dtype, chances.length);
  for (let i = 0; i < chances.length; i++) factors[i] = chances[i]! < p ? 0 : scale;
  return mul(x, Tensor.adopt(factors, shape, x.dtype));
}

function checkInput(owner: string, x: unknown): asserts x is Tensor {
  if (x instanceof Tensor) return;
  throw new ValueError(`${owner}: the input must be a tensor, not ${describe(x)}.`);
}

/**
 * Each number is dropped (becomes 0) with probability p, and otherwise multiplied by 1/(1 − p) (Srivastava et al., 2014).
 * A number is dropped where the generator's next uniform number lies below p, in row-major order.
 * @param p probability of dropping, default 0.5
 */
export function dropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  checkInput("dropout", x);
  return drop("dropout", x, p, options, x.shape);
}

/** Drops whole channels of x, which has `dims` dimensions after them. */
function dropChannels(owner: string, x: Tensor, p: number, options: DropoutOptions, dims: 1 | 2): Tensor {
  checkInput(owner, x);
  if (x.rank !== dims + 1 && x.rank !== dims + 2) {
    const [many, one] = dims === 2 ? ["(N, C, H, W)", "(C, H, W)"] : ["(N, C, L)", "(C, L)"];
    throw new ShapeError(
      `${owner}: the input must be ${many}, or ${one} for one example, not ${formatShape(x.shape)}.`,
    );
  }
  const shape = x.shape.map((size, i) => (i < x.rank - dims ? size : 1));
  return drop(owner, x, p, options, shape);
}

/** Dropout of whole channels of pictures, (N, C, H, W) or (C, H, W); a mask has size 1 in the last two dims (Tompson et al., 2015). */
export function dropout2d(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return dropChannels("dropout2d", x, p, options, 2);
}

/** Dropout of whole channels of sequences, (N, C, L) or (C, L); a mask has size 1 in the last dim. */
export function dropout1d(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  return dropChannels("dropout1d", x, p, options, 1);
}
