// How a convolution slides over its input: stride, padding, dilation and groups, checked and written out in full.
import { OptionError, checkNumber, checkOptions, describe } from "../errors.ts";

/** One number for both directions, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

/** Zeros around the input: a number, [vertical, horizontal], "valid" for none, "same" for as many as keep the size. */
export type Padding<Size> = Size | "same" | "valid";

export interface Conv2dOptions {
  /** Distance between neighbouring windows. Default 1. */
  stride?: Pair;
  /** Zeros added on each side. Default 0. "same" keeps height and width (stride 1 only). */
  padding?: Padding<Pair>;
  /** Distance between neighbouring taps of the kernel. Default 1. */
  dilation?: Pair;
  /** The channels fall into so many groups that do not see each other. Default 1. */
  groups?: number;
}

export interface Conv1dOptions {
  /** Distance between neighbouring windows. Default 1. */
  stride?: number | readonly [number];
  /** Zeros added at each end. Default 0. "same" keeps the length (stride 1 only). */
  padding?: Padding<number | readonly [number]>;
  /** Distance between neighbouring taps of the kernel. Default 1. */
  dilation?: number | readonly [number];
  /** The channels fall into so many groups that do not see each other. Default 1. */
  groups?: number;
}

const optionNames = ["stride", "padding", "dilation", "groups"] as const;

/** Two whole numbers from one or two. */
export function resolvePair(owner: string, name: string, value: unknown, min: number): [number, number] {
  const both: unknown = typeof value === "number" ? [value, value] : value;
  if (!Array.isArray(both) || both.length !== 2) {
    throw new OptionError(
      `${owner}: ${name} must be one number or [vertical, horizontal], not ${describe(value)}.`,
    );
  }
  for (const each of both) checkNumber(owner, name, each, { min, whole: true });
  return both as [number, number];
}

/** One whole number, alone or in an array. */
export function resolveSingle(owner: string, name: string, value: unknown, min: number): number {
  const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  checkNumber(owner, name, single, { min, whole: true });
  return single;
}

/** Options with every default filled in and every pair written out. */
export interface ConvSettings {
  stride: [number, number];
  padding: [number, number] | "same";
  dilation: [number, number];
  groups: number;
}

/**
 * Reads the options of a convolution, for the layer too, so that a wrong one is noticed where it was written.
 * @param others names of options that the layer adds
 */
export function resolveConv2d(
  owner: string,
  options: Conv2dOptions,
  others: readonly string[] = [],
): ConvSettings {
  checkOptions(owner, options, [...optionNames, ...others]);
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  checkNumber(owner, "groups", groups, { min: 1, whole: true });
  const settings = {
    stride: resolvePair(owner, "stride", stride, 1),
    dilation: resolvePair(owner, "dilation", dilation, 1),
    groups,
  };
  if (typeof padding !== "string") return { ...settings, padding: resolvePair(owner, "padding", padding, 0) };
  return { ...settings, padding: resolveNamedPadding(owner, padding, settings.stride) };
}

/** The same for one dimension, seen as a picture of height 1. */
export function resolveConv1d(
  owner: string,
  options: Conv1dOptions,
  others: readonly string[] = [],
): ConvSettings {
  checkOptions(owner, options, [...optionNames, ...others]);
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  checkNumber(owner, "groups", groups, { min: 1, whole: true });
  const settings = {
    stride: [1, resolveSingle(owner, "stride", stride, 1)] as [number, number],
    dilation: [1, resolveSingle(owner, "dilation", dilation, 1)] as [number, number],
    groups,
  };
  if (typeof padding !== "string") {
    return { ...settings, padding: [0, resolveSingle(owner, "padding", padding, 0)] };
  }
  return { ...settings, padding: resolveNamedPadding(owner, padding, settings.stride) };
}

function resolveNamedPadding(
  owner: string,
  padding: string,
  stride: readonly [number, number],
): [number, number] | "same" {
  if (padding === "valid") return [0, 0];
  if (padding !== "same") {
    throw new OptionError(
      `${owner}: padding must be a number, a pair, "same" or "valid", not ${describe(padding)}.`,
    );
  }
  if (stride[0] !== 1 || stride[1] !== 1) {
    throw new OptionError(
      `${owner}: padding "same" keeps the size, which a stride of ${stride.join(" × ")} cannot. Use stride 1, or give the padding as a number.`,
    );
  }
  return "same";
}
