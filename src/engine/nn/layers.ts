// The two modules that every model has: Linear, and Sequential, which applies modules one after the other.
import { checkBoolean, checkFloatDtype } from "../check.ts";
import { ValueError, checkNumber, checkOptions, describe } from "../errors.ts";
import type { FloatDtype } from "../dtype.ts";
import { linear, linearRelu } from "../ops/matmul.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import { ReLU } from "./activations.ts";
import { Conv1d, Conv2d } from "./conv.ts";
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
    checkBoolean("nn.Linear", "bias", bias);
    checkFloatDtype("nn.Linear", dtype);
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

/** Can a ReLU behind it join its kernel call? */
function takesRelu(module: Module): module is Linear | Conv1d | Conv2d {
  return isPlain(module, Linear) || isPlain(module, Conv2d) || isPlain(module, Conv1d);
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
    const found = Number.isInteger(i) ? this.#modules.at(i) : undefined;
    if (found === undefined) {
      throw new ValueError(`nn.Sequential: there is no module ${describe(i)}; it has ${this.length}.`);
    }
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
      if (takesRelu(module) && isPlain(modules[i + 1], ReLU)) {
        x = module.forwardRelu(x);
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
