// Which windows a pooling takes: kernel size, stride, padding and the rest, checked and written out in full.
import { OptionError, checkNumber, checkOptions, checkSwitch, describe } from "../errors.ts";
import { resolvePair, resolveSingle, type Pair } from "./conv-settings.ts";

/** One number, alone or in an array, for poolings of sequences. */
export type Single = number | readonly [number];

export interface MaxPoolOptions<Size = Pair> {
  /** Distance between neighbouring windows. Default: the kernel's size. */
  stride?: Size | null;
  /** −Infinity is imagined so far around the input, at most half a kernel. Default 0. */
  padding?: Size;
  /** Distance between neighbouring numbers of a window. Default 1. */
  dilation?: Size;
  /** Add a last window that reaches over the edge, where numbers would be left out. Default false. */
  ceilMode?: boolean;
}

export interface AvgPoolOptions<Size = Pair> {
  /** Distance between neighbouring windows. Default: the kernel's size. */
  stride?: Size | null;
  /** Zeros imagined around the input, at most half a kernel. Default 0. */
  padding?: Size;
  /** Add a last window that reaches over the edge, where numbers would be left out. Default false. */
  ceilMode?: boolean;
  /** Do the zeros of the padding count in the mean? Default true. */
  countIncludePad?: boolean;
}

/** The size of an adaptive pooling's result: one number or [height, width]; null keeps the input's. */
export type OutputSize = number | null | readonly [number | null, number | null];

/** A pooling, as the kernels read it; see assembly/pool.ts. */
export interface PoolSettings {
  kernel: [number, number];
  stride: [number, number];
  padding: [number, number];
  dilation: [number, number];
  ceilMode: boolean;
  countIncludePad: boolean;
  divisor: number;
}

type PoolOptions = MaxPoolOptions<Pair | Single> &
  AvgPoolOptions<Pair | Single> & { divisorOverride?: number | null };

/** Reads the kernel's size and the options of a pooling, for the layers too. */
function resolvePool(
  owner: string,
  dims: 1 | 2,
  kernelSize: unknown,
  options: PoolOptions,
  known: readonly string[],
): PoolSettings {
  checkOptions(owner, options, known);
  // A sequence is a picture of height 1.
  const pair = (name: string, value: unknown, min: number, filler: number) =>
    dims === 2
      ? resolvePair(owner, name, value, min)
      : ([filler, resolveSingle(owner, name, value, min)] as [number, number]);
  const kernel = pair("kernelSize", kernelSize, 1, 1);
  const stride =
    options.stride === undefined || options.stride === null ? kernel : pair("stride", options.stride, 1, 1);
  const padding = pair("padding", options.padding ?? 0, 0, 0);
  const dilation = pair("dilation", options.dilation ?? 1, 1, 1);
  const { ceilMode = false, countIncludePad = true, divisorOverride = null } = options;
  checkSwitch(owner, "ceilMode", ceilMode);
  checkSwitch(owner, "countIncludePad", countIncludePad);
  if (divisorOverride !== null)
    checkNumber(owner, "divisorOverride", divisorOverride, { min: 1, whole: true });
  for (const i of [0, 1] as const) {
    const reach = dilation[i] * (kernel[i] - 1) + 1;
    if (2 * padding[i] > reach) {
      throw new OptionError(
        `${owner}: a padding of ${padding[i]} is more than half of the window's reach of ${reach}, so that a window could lie outside the input. Use at most ${Math.floor(reach / 2)}.`,
      );
    }
  }
  return { kernel, stride, padding, dilation, ceilMode, countIncludePad, divisor: divisorOverride ?? 0 };
}

const maxOptions = ["stride", "padding", "dilation", "ceilMode"] as const;
const avgOptions = ["stride", "padding", "ceilMode", "countIncludePad"] as const;

/** Settings of each pooling with a kernel, from what its user wrote. */
export const resolvePooling = {
  maxPool1d: (owner: string, kernelSize: Single, options: MaxPoolOptions<Single>): PoolSettings =>
    resolvePool(owner, 1, kernelSize, options, maxOptions),
  maxPool2d: (owner: string, kernelSize: Pair, options: MaxPoolOptions): PoolSettings =>
    resolvePool(owner, 2, kernelSize, options, maxOptions),
  avgPool1d: (owner: string, kernelSize: Single, options: AvgPoolOptions<Single>): PoolSettings =>
    resolvePool(owner, 1, kernelSize, options, avgOptions),
  avgPool2d: (
    owner: string,
    kernelSize: Pair,
    options: AvgPoolOptions & { divisorOverride?: number | null },
  ): PoolSettings => resolvePool(owner, 2, kernelSize, options, [...avgOptions, "divisorOverride"]),
};

/** The sizes an adaptive pooling was asked for, checked; null stands for the input's own. */
export function resolveOutputSize(owner: string, dims: 1 | 2, outputSize: unknown): (number | null)[] {
  const sizes: unknown = Array.isArray(outputSize)
    ? outputSize
    : Array.from({ length: dims }, () => outputSize);
  if (!Array.isArray(sizes) || sizes.length !== dims) {
    throw new OptionError(
      `${owner}: outputSize must be ${dims === 2 ? "one number or [height, width]" : "one number"}, not ${describe(outputSize)}.`,
    );
  }
  for (const size of sizes)
    if (size !== null) checkNumber(owner, "outputSize", size, { min: 1, whole: true });
  return dims === 2 ? (sizes as (number | null)[]) : [1, sizes[0] as number | null];
}
