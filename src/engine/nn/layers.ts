// Layers as modules: Linear, activations, Sequential, losses.
import { OptionError, ValueError, checkNumber, checkOptions, describe } from "../errors.ts";
import type { FloatDtype } from "../dtype.ts";
import { linear, linearRelu } from "../ops/matmul.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import * as functional from "./functional.ts";
import { kaimingUniform, uniform } from "./init.ts";
import { Module, Parameter } from "./module.ts";
import { Passage, isPlain, isSealed } from "./passage.ts";

export interface LinearOptions {
  /** Add a learned bias. Default true. */
  bias?: boolean;
  /** Default float32. */
  dtype?: FloatDtype;
  /** Where the initial values come from. Default: the default generator. */
  generator?: Generator;
}

/**
 * y = x·Wᵀ + b: input (…, inFeatures) → output (…, outFeatures).
 *
 * weight has shape (outFeatures, inFeatures), bias (outFeatures,). As in PyTorch both start uniform on
 * ±1/√inFeatures (for the weight that is kaimingUniform with a = √5).
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    checkNumber("nn.Linear", "inFeatures", inFeatures, { min: 1, whole: true });
    checkNumber("nn.Linear", "outFeatures", outFeatures, { min: 1, whole: true });
    checkOptions("nn.Linear", options, ["bias", "dtype", "generator"]);
    const { bias = true, dtype = "float32" } = options;
    const random = options.generator === undefined ? {} : { generator: options.generator };
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(Tensor.full([outFeatures, inFeatures], 0, dtype));
    this.bias = bias ? new Parameter(Tensor.full([outFeatures], 0, dtype)) : null;
    kaimingUniform(this.weight, { a: Math.sqrt(5), ...random });
    const bound = 1 / Math.sqrt(inFeatures);
    if (this.bias !== null) uniform(this.bias, -bound, bound, random);
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  /** relu(forward(x)) in one kernel call: what nn.Sequential uses where a ReLU follows. */
  forwardRelu(x: Tensor): Tensor {
    return linearRelu(x, this.weight, this.bias);
  }

  protected override describe(): string {
    return `${this.inFeatures} → ${this.outFeatures}${this.bias === null ? ", no bias" : ""}`;
  }
}

/** Modules applied one after the other. `model.get(0)` is the first; names in the state are "0", "1", … */
export class Sequential extends Module {
  readonly #modules: Module[];
  /** Which of them keep what they are given and what they make to themselves. */
  readonly #sealed: boolean[];

  constructor(...modules: Module[]) {
    super();
    for (const module of modules) {
      if (!(module instanceof Module)) {
        throw new ValueError(
          `nn.Sequential: takes modules one after the other (new nn.Linear(2, 8), new nn.Tanh()), not ${describe(module)}.`,
        );
      }
    }
    this.#modules = modules;
    this.#sealed = modules.map(isSealed);
  }

  override *namedChildren(): IterableIterator<[string, Module], void> {
    for (const [i, module] of this.#modules.entries()) yield [String(i), module];
  }

  /** How many modules it has. */
  get length(): number {
    return this.#modules.length;
  }

  /** The i-th module; negative from the back. */
  get(i: number): Module {
    const found = this.#modules.at(i);
    if (found === undefined)
      throw new ValueError(`nn.Sequential: there is no module ${i}; it has ${this.length}.`);
    return found;
  }

  /** The modules in order: `for (const module of model)`. */
  [Symbol.iterator](): IterableIterator<Module> {
    return this.#modules[Symbol.iterator]();
  }

  override forward(...inputs: Tensor[]): Tensor {
    let [x] = inputs;
    if (x === undefined) throw new ValueError("nn.Sequential: forward needs an input.");
    const modules = this.#modules;
    const passage = new Passage(x);
    for (let i = 0; i < modules.length; i++) {
      const module = modules[i]!;
      if (isPlain(module, Linear) && isPlain(modules[i + 1], ReLU)) {
        x = (module as Linear).forwardRelu(x);
        i++;
      } else {
        if (!this.#sealed[i]) passage.show(x);
        x = module.forward(x);
      }
      passage.enter(x, this.#sealed[i]!);
    }
    passage.leave(x);
    return x;
  }
}

// ---------------------------------------------------------------- activations

/** max(x, 0). */
export class ReLU extends Module {
  override forward(x: Tensor): Tensor {
    return functional.relu(x);
  }
}

/** x for x > 0, negativeSlope·x otherwise. Default slope 0.01. */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;
  constructor(options: { negativeSlope?: number } = {}) {
    super();
    checkOptions("nn.LeakyReLU", options, ["negativeSlope"]);
    this.negativeSlope = options.negativeSlope ?? 0.01;
  }
  override forward(x: Tensor): Tensor {
    return functional.leakyRelu(x, this.negativeSlope);
  }
}

/** x for x > 0, α(eˣ − 1) otherwise. Default α = 1. */
export class ELU extends Module {
  readonly alpha: number;
  constructor(options: { alpha?: number } = {}) {
    super();
    checkOptions("nn.ELU", options, ["alpha"]);
    this.alpha = options.alpha ?? 1;
  }
  override forward(x: Tensor): Tensor {
    return functional.elu(x, this.alpha);
  }
}

/** Scaled ELU. */
export class SELU extends Module {
  override forward(x: Tensor): Tensor {
    return functional.selu(x);
  }
}

/** x·Φ(x); approximate: "none" (default) or "tanh". */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";
  constructor(options: { approximate?: "none" | "tanh" } = {}) {
    super();
    checkOptions("nn.GELU", options, ["approximate"]);
    this.approximate = options.approximate ?? "none";
  }
  override forward(x: Tensor): Tensor {
    return functional.gelu(x, this.approximate);
  }
}

/** x·σ(x), also called swish. */
export class SiLU extends Module {
  override forward(x: Tensor): Tensor {
    return functional.silu(x);
  }
}

/** x·tanh(softplus(x)). */
export class Mish extends Module {
  override forward(x: Tensor): Tensor {
    return functional.mish(x);
  }
}

/** Hyperbolic tangent. */
export class Tanh extends Module {
  override forward(x: Tensor): Tensor {
    return functional.tanh(x);
  }
}

/** 1/(1 + e⁻ˣ). */
export class Sigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return functional.sigmoid(x);
  }
}

/** ln σ(x). */
export class LogSigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return functional.logSigmoid(x);
  }
}

/** ln(1 + e^(βx))/β; the identity where βx > threshold. Defaults β = 1, threshold = 20. */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;
  constructor(options: { beta?: number; threshold?: number } = {}) {
    super();
    checkOptions("nn.Softplus", options, ["beta", "threshold"]);
    this.beta = options.beta ?? 1;
    this.threshold = options.threshold ?? 20;
  }
  override forward(x: Tensor): Tensor {
    return functional.softplus(x, this.beta, this.threshold);
  }
}

/** x moved into [minVal, maxVal]; by default [−1, 1]. */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;
  constructor(options: { minVal?: number; maxVal?: number } = {}) {
    super();
    checkOptions("nn.Hardtanh", options, ["minVal", "maxVal"]);
    this.minVal = options.minVal ?? -1;
    this.maxVal = options.maxVal ?? 1;
    if (!(this.minVal < this.maxVal)) throw new OptionError("nn.Hardtanh: minVal must be below maxVal.");
  }
  override forward(x: Tensor): Tensor {
    return functional.hardtanh(x, this.minVal, this.maxVal);
  }
}

/** min(max(x, 0), 6). */
export class ReLU6 extends Module {
  override forward(x: Tensor): Tensor {
    return functional.relu6(x);
  }
}

/** eˣ/Σeˣ along dim (default the last). */
export class Softmax extends Module {
  readonly dim: number;
  constructor(options: { dim?: number } = {}) {
    super();
    checkOptions("nn.Softmax", options, ["dim"]);
    this.dim = options.dim ?? -1;
  }
  override forward(x: Tensor): Tensor {
    return functional.softmax(x, this.dim);
  }
}

/** ln of softmax along dim (default the last). */
export class LogSoftmax extends Module {
  readonly dim: number;
  constructor(options: { dim?: number } = {}) {
    super();
    checkOptions("nn.LogSoftmax", options, ["dim"]);
    this.dim = options.dim ?? -1;
  }
  override forward(x: Tensor): Tensor {
    return functional.logSoftmax(x, this.dim);
  }
}

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
