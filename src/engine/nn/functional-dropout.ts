// Dropout and embedding as plain functions of tensors.
import { allocateArray, isFloat } from "../dtype.ts";
import {
  DtypeError,
  IndexError,
  OptionError,
  ShapeError,
  ValueError,
  checkNumber,
  checkOptions,
  checkSwitch,
  describe,
  formatShape,
} from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { place } from "../memory/heap.ts";
import { equal, mul, where } from "../ops/elementwise.ts";
import { indexSelect } from "../ops/indexing.ts";
import { reshape } from "../ops/layout.ts";
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

/** A row number that may count from the back, as a number from the front; null stays null. */
export function resolvePaddingIndex(owner: string, rows: number, index: unknown): number | null {
  if (index === null || index === undefined) return null;
  checkNumber(owner, "paddingIdx", index, { min: -rows, max: rows - 1, whole: true });
  return index < 0 ? index + rows : index;
}

/**
 * Rows of `weight` at the indices: (…) int32 and (rows, width) → (…, width). The gradient adds up over repeated indices.
 * @param options paddingIdx: a row that receives no gradient
 */
export function embedding(
  indices: Tensor,
  weight: Tensor,
  options: { paddingIdx?: number | null } = {},
): Tensor {
  checkOptions("embedding", options, ["paddingIdx"]);
  checkInput("embedding", indices);
  if (!(weight instanceof Tensor) || weight.rank !== 2) {
    throw new ShapeError(
      `embedding: the weight must be a matrix (rows, width), not ${weight instanceof Tensor ? formatShape(weight.shape) : describe(weight)}.`,
    );
  }
  const [rows] = weight.shape as [number, number];
  checkIndices(indices, rows);
  const padding = resolvePaddingIndex("embedding", rows, options.paddingIdx);
  const chosen = indexSelect(weight, 0, indices);
  if (padding === null) return chosen;
  return where(reshape(equal(indices, padding), [...indices.shape, 1]), chosen.detach(), chosen);
}

function checkIndices(indices: Tensor, rows: number): void {
  if (indices.dtype !== "int32") {
    throw new DtypeError(
      `embedding: the indices must be int32, not ${indices.dtype}. Create them with { dtype: "int32" } or convert with .to("int32").`,
    );
  }
  place(indices.storage);
  const bad = kernels.int32.badIndex(indices.storage.address, indices.size, rows);
  if (bad < 0) return;
  throw new IndexError(
    `embedding: index ${indices.data[bad]} at position ${bad} is out of range; the table has ${rows} rows, numbered 0 … ${rows - 1}.`,
  );
}
