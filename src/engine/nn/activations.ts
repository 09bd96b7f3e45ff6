// Activations as modules: the functions of nn.functional with their options given once.
import type { FloatDtype } from "../dtype.ts";
import { OptionError, checkNumber, checkOptions } from "../errors.ts";
import { Tensor } from "../tensor.ts";
import * as functional from "./functional.ts";
import { Module, Parameter } from "./module.ts";

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

/** x for x > 0, α(e^(x/α) − 1) otherwise. Default α = 1. */
export class CELU extends Module {
  readonly alpha: number;
  constructor(options: { alpha?: number } = {}) {
    super();
    checkOptions("nn.CELU", options, ["alpha"]);
    this.alpha = options.alpha ?? 1;
    checkNumber("nn.CELU", "alpha", this.alpha);
    if (this.alpha === 0) throw new OptionError("nn.CELU: alpha must not be 0.");
  }
  override forward(x: Tensor): Tensor {
    return functional.celu(x, this.alpha);
  }
}

/**
 * x for x > 0, weight·x otherwise, with learned slopes: one, or with numParameters = C one for each channel (dim 1).
 * They start at `init` (default 0.25). Weight decay would pull them to 0, that is towards ReLU.
 */
export class PReLU extends Module {
  readonly numParameters: number;
  weight: Parameter;
  constructor(options: { numParameters?: number; init?: number; dtype?: FloatDtype } = {}) {
    super();
    checkOptions("nn.PReLU", options, ["numParameters", "init", "dtype"]);
    const { numParameters = 1, init = 0.25, dtype = "float32" } = options;
    checkNumber("nn.PReLU", "numParameters", numParameters, { min: 1, whole: true });
    checkNumber("nn.PReLU", "init", init);
    this.numParameters = numParameters;
    this.weight = new Parameter(Tensor.full([numParameters], init, dtype));
  }
  override forward(x: Tensor): Tensor {
    return functional.prelu(x, this.weight);
  }
  protected override describe(): string {
    return String(this.numParameters);
  }
}

/** x/(1 + |x|). */
export class Softsign extends Module {
  override forward(x: Tensor): Tensor {
    return functional.softsign(x);
  }
}

/** x − tanh x. */
export class Tanhshrink extends Module {
  override forward(x: Tensor): Tensor {
    return functional.tanhshrink(x);
  }
}

/** x where |x| > lambda, else 0. Default lambda = 0.5. */
export class Hardshrink extends Module {
  readonly lambda: number;
  constructor(options: { lambda?: number } = {}) {
    super();
    checkOptions("nn.Hardshrink", options, ["lambda"]);
    this.lambda = options.lambda ?? 0.5;
    checkNumber("nn.Hardshrink", "lambda", this.lambda);
  }
  override forward(x: Tensor): Tensor {
    return functional.hardshrink(x, this.lambda);
  }
}

/** x moved towards 0 by lambda, and 0 where that would cross it. Default lambda = 0.5. */
export class Softshrink extends Module {
  readonly lambda: number;
  constructor(options: { lambda?: number } = {}) {
    super();
    checkOptions("nn.Softshrink", options, ["lambda"]);
    this.lambda = options.lambda ?? 0.5;
    checkNumber("nn.Softshrink", "lambda", this.lambda, { min: 0 });
  }
  override forward(x: Tensor): Tensor {
    return functional.softshrink(x, this.lambda);
  }
}

/** min(max(x + 3, 0), 6)/6. */
export class Hardsigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return functional.hardsigmoid(x);
  }
}

/** x·hardsigmoid(x). */
export class Hardswish extends Module {
  override forward(x: Tensor): Tensor {
    return functional.hardswish(x);
  }
}

/** x where x > threshold, else value. */
export class Threshold extends Module {
  readonly threshold: number;
  readonly value: number;
  constructor(threshold: number, value: number) {
    super();
    checkNumber("nn.Threshold", "threshold", threshold);
    checkNumber("nn.Threshold", "value", value);
    this.threshold = threshold;
    this.value = value;
  }
  override forward(x: Tensor): Tensor {
    return functional.threshold(x, this.threshold, this.value);
  }
}

/** e⁻ˣ/Σe⁻ˣ along dim (default the last). */
export class Softmin extends Module {
  readonly dim: number;
  constructor(options: { dim?: number } = {}) {
    super();
    checkOptions("nn.Softmin", options, ["dim"]);
    this.dim = options.dim ?? -1;
  }
  override forward(x: Tensor): Tensor {
    return functional.softmin(x, this.dim);
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
