// Pooling as layers: the options of nn.functional's poolings given once, and checked where they were written.
import type { Pair } from "../ops/conv-settings.ts";
import { adaptiveMeanWith, poolWith } from "../ops/pool.ts";
import {
  resolveOutputSize,
  resolvePooling,
  type AvgPoolOptions,
  type MaxPoolOptions,
  type OutputSize,
  type PoolSettings,
  type Single,
} from "../ops/pool-settings.ts";
import type { Tensor } from "../tensor.ts";
import { Module } from "./module.ts";

function describePool({ kernel, stride, padding, dilation }: PoolSettings, dims: 1 | 2): string {
  const show = (pair: readonly number[]) => pair.slice(-dims).join(" × ");
  const parts = [`kernel ${show(kernel)}`];
  if (show(stride) !== show(kernel)) parts.push(`stride ${show(stride)}`);
  if (padding.some((each) => each !== 0)) parts.push(`padding ${show(padding)}`);
  if (dilation.some((each) => each !== 1)) parts.push(`dilation ${show(dilation)}`);
  return parts.join(", ");
}

/** The largest number of each window of pictures (N, C, H, W) or (C, H, W); see nn.functional.maxPool2d. */
export class MaxPool2d extends Module {
  readonly #settings: PoolSettings;
  /** @param kernelSize one number or [height, width] */
  constructor(kernelSize: Pair, options: MaxPoolOptions = {}) {
    super();
    this.#settings = resolvePooling.maxPool2d("nn.MaxPool2d", kernelSize, options);
  }
  override forward(x: Tensor): Tensor {
    return poolWith("max", "nn.MaxPool2d", 2, x, this.#settings);
  }
  protected override describe(): string {
    return describePool(this.#settings, 2);
  }
}

/** The largest number of each window of sequences (N, C, L) or (C, L); see nn.functional.maxPool1d. */
export class MaxPool1d extends Module {
  readonly #settings: PoolSettings;
  constructor(kernelSize: Single, options: MaxPoolOptions<Single> = {}) {
    super();
    this.#settings = resolvePooling.maxPool1d("nn.MaxPool1d", kernelSize, options);
  }
  override forward(x: Tensor): Tensor {
    return poolWith("max", "nn.MaxPool1d", 1, x, this.#settings);
  }
  protected override describe(): string {
    return describePool(this.#settings, 1);
  }
}

/** The mean of each window of pictures (N, C, H, W) or (C, H, W); see nn.functional.avgPool2d. */
export class AvgPool2d extends Module {
  readonly #settings: PoolSettings;
  /** @param kernelSize one number or [height, width] */
  constructor(kernelSize: Pair, options: AvgPoolOptions & { divisorOverride?: number | null } = {}) {
    super();
    this.#settings = resolvePooling.avgPool2d("nn.AvgPool2d", kernelSize, options);
  }
  override forward(x: Tensor): Tensor {
    return poolWith("avg", "nn.AvgPool2d", 2, x, this.#settings);
  }
  protected override describe(): string {
    return describePool(this.#settings, 2);
  }
}

/** The mean of each window of sequences (N, C, L) or (C, L); see nn.functional.avgPool1d. */
export class AvgPool1d extends Module {
  readonly #settings: PoolSettings;
  constructor(kernelSize: Single, options: AvgPoolOptions<Single> = {}) {
    super();
    this.#settings = resolvePooling.avgPool1d("nn.AvgPool1d", kernelSize, options);
  }
  override forward(x: Tensor): Tensor {
    return poolWith("avg", "nn.AvgPool1d", 1, x, this.#settings);
  }
  protected override describe(): string {
    return describePool(this.#settings, 1);
  }
}

/** Means over windows chosen so that the result has a given size; see nn.functional.adaptiveAvgPool2d. */
export class AdaptiveAvgPool2d extends Module {
  readonly #sizes: readonly (number | null)[];
  /** @param outputSize one number or [height, width]; null keeps the input's size */
  constructor(outputSize: OutputSize) {
    super();
    this.#sizes = resolveOutputSize("nn.AdaptiveAvgPool2d", 2, outputSize);
  }
  override forward(x: Tensor): Tensor {
    return adaptiveMeanWith("nn.AdaptiveAvgPool2d", 2, x, this.#sizes);
  }
  protected override describe(): string {
    return this.#sizes.map((size) => size ?? "as the input").join(" × ");
  }
}

/** The same for sequences (N, C, L) or (C, L). */
export class AdaptiveAvgPool1d extends Module {
  readonly #sizes: readonly (number | null)[];
  constructor(outputSize: Single) {
    super();
    this.#sizes = resolveOutputSize("nn.AdaptiveAvgPool1d", 1, outputSize);
  }
  override forward(x: Tensor): Tensor {
    return adaptiveMeanWith("nn.AdaptiveAvgPool1d", 1, x, this.#sizes);
  }
  protected override describe(): string {
    return String(this.#sizes[1]);
  }
}
