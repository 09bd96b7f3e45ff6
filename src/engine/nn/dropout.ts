// Dropout as layers: at work in training mode, the identity in eval mode.
import { checkNumber, checkOptions } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import type { Tensor } from "../tensor.ts";
import { checkGenerator, dropout, dropout1d, dropout2d, type DropoutOptions } from "./functional-dropout.ts";
import { Module } from "./module.ts";

export interface DropoutLayerOptions {
  /** Probability of dropping, in place of the first argument. Default 0.5. */
  p?: number;
  /** Where the random numbers come from. Default: the default generator, see manualSeed. */
  generator?: Generator;
}

abstract class DropoutBase extends Module {
  /** Probability of dropping. */
  readonly p: number;
  readonly #generator: Generator | undefined;

  constructor(owner: string, p: number | DropoutLayerOptions, options: DropoutLayerOptions) {
    super();
    const { p: chance = 0.5, generator } = typeof p === "number" ? { ...options, p } : { ...options, ...p };
    checkOptions(owner, options, ["p", "generator"]);
    if (typeof p !== "number") checkOptions(owner, p, ["p", "generator"]);
    checkNumber(owner, "p", chance, { min: 0, max: 1 });
    checkGenerator(owner, generator);
    this.p = chance;
    this.#generator = generator;
  }

  /** What the functional form needs. */
  protected get settings(): DropoutOptions {
    const generator = this.#generator;
    return { training: this.training, ...(generator === undefined ? {} : { generator }) };
  }

  protected override describe(): string {
    return `p = ${this.p}`;
  }
}

/**
 * In training mode each number is dropped (becomes 0) with probability p and otherwise multiplied by 1/(1 − p), so that the
 * expectation stays what it was (Srivastava et al., 2014); in eval mode nothing happens.
 *
 *     new nn.Dropout(0.2)
 *     new nn.Dropout(0.2, { generator: new Generator(1) })
 */
export class Dropout extends DropoutBase {
  /** @param p probability of dropping, default 0.5 */
  constructor(p: number | DropoutLayerOptions = 0.5, options: DropoutLayerOptions = {}) {
    super("nn.Dropout", p, options);
  }
  override forward(x: Tensor): Tensor {
    return dropout(x, this.p, this.settings);
  }
}

/** Dropout of whole channels of pictures, (N, C, H, W) or (C, H, W). */
export class Dropout2d extends DropoutBase {
  /** @param p probability of dropping, default 0.5 */
  constructor(p: number | DropoutLayerOptions = 0.5, options: DropoutLayerOptions = {}) {
    super("nn.Dropout2d", p, options);
  }
  override forward(x: Tensor): Tensor {
    return dropout2d(x, this.p, this.settings);
  }
}

/** Dropout of whole channels of sequences, (N, C, L) or (C, L). */
export class Dropout1d extends DropoutBase {
  /** @param p probability of dropping, default 0.5 */
  constructor(p: number | DropoutLayerOptions = 0.5, options: DropoutLayerOptions = {}) {
    super("nn.Dropout1d", p, options);
  }
  override forward(x: Tensor): Tensor {
    return dropout1d(x, this.p, this.settings);
  }
}
