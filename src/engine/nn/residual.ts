// Residual blocks: what a module makes of its input is added to the input.
import { ShapeError, ValueError, checkNumber, checkOptions, describe, formatShape } from "../errors.ts";
import { sameShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { Module } from "./module.ts";

/**
 * y = x + scale·f(x) (He et al., 2015), or shortcut(x) + scale·f(x) where f changes the shape.
 *
 *     const block = new nn.Residual(new nn.Sequential(new nn.Linear(8, 8), new nn.ReLU(), new nn.Linear(8, 8)));
 *
 * The gradient passes the sum unchanged, so it reaches the first layers of a deep net whatever f does. In a chain of D blocks
 * a scale of 1/√D keeps the signal's size.
 */
export class Residual extends Module {
  readonly body: Module;
  readonly shortcut: Module | null;
  readonly scale: number;

  /** @param body f, any module */
  constructor(
    body: Module,
    options: {
      /** What x goes through beside f, e.g. a Linear or a 1 × 1 Conv2d that changes the size. Default: nothing. */
      shortcut?: Module | null;
      /** Factor of f(x). Default 1. */
      scale?: number;
    } = {},
  ) {
    super();
    checkOptions("nn.Residual", options, ["shortcut", "scale"]);
    const { shortcut = null, scale = 1 } = options;
    for (const module of shortcut === null ? [body] : [body, shortcut]) {
      if (!(module instanceof Module)) {
        throw new ValueError(
          `nn.Residual: takes a module such as new nn.Sequential(…), not ${describe(module)}.`,
        );
      }
    }
    checkNumber("nn.Residual", "scale", scale);
    this.body = body;
    this.shortcut = shortcut;
    this.scale = scale;
  }

  override forward(x: Tensor): Tensor {
    const made = this.body.forward(x);
    const kept = this.shortcut === null ? x : this.shortcut.forward(x);
    if (!sameShape(made.shape, kept.shape)) {
      throw new ShapeError(
        `nn.Residual: f(x) is ${formatShape(made.shape)}, what it is added to ${formatShape(kept.shape)}; they must have the same shape. ${this.shortcut === null ? "Give a shortcut that changes x's shape: { shortcut: new nn.Linear(…) }." : "Change the shortcut."}`,
      );
    }
    return kept.add(this.scale === 1 ? made : made.mul(this.scale));
  }

  protected override describe(): string {
    return this.scale === 1 ? "" : `scale ${this.scale}`;
  }
}
