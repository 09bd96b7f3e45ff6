// Convolutions as layers.
import type { FloatDtype } from "../dtype.ts";
import { OptionError, checkNumber, checkSwitch } from "../errors.ts";
import { convLayer } from "../ops/conv.ts";
import {
  resolveConv1d,
  resolveConv2d,
  resolvePair,
  resolveSingle,
  type Conv1dOptions,
  type Conv2dOptions,
  type ConvSettings,
  type Pair,
} from "../ops/conv-settings.ts";
import type { Generator } from "../random/generator.ts";
import { sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { checkGenerator } from "./functional-dropout.ts";
import { kaimingUniform, uniform } from "./init.ts";
import { Module, Parameter } from "./module.ts";

interface LearnedOptions {
  /** Add a learned bias. Default true. */
  bias?: boolean;
  /** Default float32. */
  dtype?: FloatDtype;
  /** Where the initial values come from. Default: the default generator. */
  generator?: Generator;
}

const learnedNames = ["bias", "dtype", "generator"] as const;

/** Weight and bias with PyTorch's initial values: uniform on ±1/√fanIn. */
function createParameters(
  owner: string,
  shape: readonly number[],
  { bias = true, dtype = "float32", generator }: LearnedOptions,
): { weight: Parameter; bias: Parameter | null } {
  checkSwitch(owner, "bias", bias);
  checkGenerator(owner, generator);
  const random = generator === undefined ? {} : { generator };
  const weight = new Parameter(Tensor.full(shape, 0, dtype));
  kaimingUniform(weight, { a: Math.sqrt(5), ...random });
  if (!bias) return { weight, bias: null };
  const values = new Parameter(Tensor.full([shape[0]!], 0, dtype));
  const bound = 1 / Math.sqrt(sizeOf(shape.slice(1)));
  uniform(values, -bound, bound, random);
  return { weight, bias: values };
}

function checkChannels(owner: string, inChannels: number, outChannels: number, groups: number): void {
  checkNumber(owner, "inChannels", inChannels, { min: 1, whole: true });
  checkNumber(owner, "outChannels", outChannels, { min: 1, whole: true });
  if (inChannels % groups === 0 && outChannels % groups === 0) return;
  throw new OptionError(
    `${owner}: groups ${groups} must divide inChannels ${inChannels} and outChannels ${outChannels}.`,
  );
}

/** What toString shows: sizes, and whatever is not the default. */
function describeConv(layer: Conv1d | Conv2d, settings: ConvSettings, dims: 1 | 2): string {
  const show = (pair: readonly number[]) => pair.slice(-dims).join(" × ");
  const { stride, padding, dilation, groups } = settings;
  const parts = [`${layer.inChannels} → ${layer.outChannels}`, `kernel ${layer.kernelSize.join(" × ")}`];
  if (stride.some((each) => each !== 1)) parts.push(`stride ${show(stride)}`);
  if (padding === "same") parts.push("padding same");
  else if (padding.some((each) => each !== 0)) parts.push(`padding ${show(padding)}`);
  if (dilation.some((each) => each !== 1)) parts.push(`dilation ${show(dilation)}`);
  if (groups !== 1) parts.push(`${groups} groups`);
  if (layer.bias === null) parts.push("no bias");
  return parts.join(", ");
}

/**
 * Convolution of pictures (N, C, H, W), or (C, H, W) for one; see nn.functional.conv2d for the formula.
 *
 * weight has shape (outChannels, inChannels/groups, height, width), bias (outChannels,). As in PyTorch both start uniform on
 * ±1/√fanIn, fanIn = inChannels/groups·height·width.
 */
export class Conv2d extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly [number, number];
  weight: Parameter;
  bias: Parameter | null;
  readonly #settings: ConvSettings;

  /** @param kernelSize one number or [height, width] */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: Conv2dOptions & LearnedOptions = {},
  ) {
    super();
    this.#settings = resolveConv2d("nn.Conv2d", options, learnedNames);
    checkChannels("nn.Conv2d", inChannels, outChannels, this.#settings.groups);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = resolvePair("nn.Conv2d", "kernelSize", kernelSize, 1);
    const shape = [outChannels, inChannels / this.#settings.groups, ...this.kernelSize];
    ({ weight: this.weight, bias: this.bias } = createParameters("nn.Conv2d", shape, options));
  }

  override forward(x: Tensor): Tensor {
    return convLayer.Conv2d(x, this.weight, this.bias, this.#settings, false);
  }

  /** relu(forward(x)) in one kernel call: what nn.Sequential uses where a ReLU follows. */
  forwardRelu(x: Tensor): Tensor {
    return convLayer.Conv2d(x, this.weight, this.bias, this.#settings, true);
  }

  protected override describe(): string {
    return describeConv(this, this.#settings, 2);
  }
}

/**
 * Convolution of sequences (N, C, L), or (C, L) for one.
 *
 * weight has shape (outChannels, inChannels/groups, length), bias (outChannels,); initial values as those of nn.Conv2d.
 */
export class Conv1d extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly [number];
  weight: Parameter;
  bias: Parameter | null;
  readonly #settings: ConvSettings;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly [number],
    options: Conv1dOptions & LearnedOptions = {},
  ) {
    super();
    this.#settings = resolveConv1d("nn.Conv1d", options, learnedNames);
    checkChannels("nn.Conv1d", inChannels, outChannels, this.#settings.groups);
    const length = resolveSingle("nn.Conv1d", "kernelSize", kernelSize, 1);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = [length];
    const shape = [outChannels, inChannels / this.#settings.groups, length];
    ({ weight: this.weight, bias: this.bias } = createParameters("nn.Conv1d", shape, options));
  }

  override forward(x: Tensor): Tensor {
    return convLayer.Conv1d(x, this.weight, this.bias, this.#settings, false);
  }

  /** relu(forward(x)) in one kernel call: what nn.Sequential uses where a ReLU follows. */
  forwardRelu(x: Tensor): Tensor {
    return convLayer.Conv1d(x, this.weight, this.bias, this.#settings, true);
  }

  protected override describe(): string {
    return describeConv(this, this.#settings, 1);
  }
}
