// Modules that only change a tensor's shape, or nothing at all.
import { ShapeError, checkNumber, checkOptions, describe, formatShape } from "../errors.ts";
import { resolveDim, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Module } from "./module.ts";

/** Gives its input back: a placeholder. */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/** Dims startDim … endDim merged into one; by default all but the first. */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;
  constructor(options: { startDim?: number; endDim?: number } = {}) {
    super();
    checkOptions("nn.Flatten", options, ["startDim", "endDim"]);
    this.startDim = options.startDim ?? 1;
    this.endDim = options.endDim ?? -1;
  }
  override forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }
}

/** One dim split into several: Flatten's opposite, e.g. `new nn.Unflatten(1, [3, 8, 8])`. One size may be −1. */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];
  /** @param unflattenedSize the sizes that take the place of `dim`; their product is its size */
  constructor(dim: number, unflattenedSize: readonly number[]) {
    super();
    checkNumber("nn.Unflatten", "dim", dim, { whole: true });
    if (!Array.isArray(unflattenedSize) || unflattenedSize.length === 0) {
      throw new ShapeError(
        `nn.Unflatten: the sizes must be an array such as [3, 8, 8], not ${describe(unflattenedSize)}.`,
      );
    }
    for (const size of unflattenedSize) checkNumber("nn.Unflatten", "size", size, { min: -1, whole: true });
    this.dim = dim;
    this.unflattenedSize = [...unflattenedSize];
  }
  override forward(x: Tensor): Tensor {
    const at = resolveDim("nn.Unflatten", this.dim, x.rank);
    const sizes = this.unflattenedSize;
    const known = sizeOf(sizes.filter((size) => size !== -1));
    const whole = x.shape[at]!;
    const open = sizes.filter((size) => size === -1).length;
    if (open > 1 || (open === 0 ? known !== whole : known === 0 || whole % known !== 0)) {
      throw new ShapeError(
        `nn.Unflatten: dim ${this.dim} of ${formatShape(x.shape)} has size ${whole}, which [${sizes.join(", ")}] cannot share out: the product of the sizes must be ${whole}.`,
      );
    }
    const filled = sizes.map((size) => (size === -1 ? whole / known : size));
    return x.reshape([...x.shape.slice(0, at), ...filled, ...x.shape.slice(at + 1)]);
  }
  protected override describe(): string {
    return `dim ${this.dim} → ${this.unflattenedSize.join(" × ")}`;
  }
}
