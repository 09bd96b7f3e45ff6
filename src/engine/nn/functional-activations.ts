// Activations as plain functions of tensors.
import { checkTensor } from "../check.ts";
import { OptionError, ShapeError, checkNumber, describe, formatShape } from "../errors.ts";
import { expm1, softplus as softplusOf, where } from "../ops/elementwise.ts";
import { reshape } from "../ops/layout.ts";
import type { Tensor } from "../tensor.ts";

/** max(x, 0); slope 0 at 0. */
export function relu(x: Tensor): Tensor {
  checkTensor("relu", "the input", x);
  return x.relu();
}

/** x for x > 0, negativeSlope·x otherwise. */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  checkTensor("leakyRelu", "the input", x);
  checkNumber("leakyRelu", "negativeSlope", negativeSlope);
  return where(x.greater(0), x, x.mul(negativeSlope));
}

/** Hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  checkTensor("tanh", "the input", x);
  return x.tanh();
}

/** 1/(1 + e⁻ˣ). */
export function sigmoid(x: Tensor): Tensor {
  checkTensor("sigmoid", "the input", x);
  return x.sigmoid();
}

/** ln σ(x) = −ln(1 + e⁻ˣ), without overflow. */
export function logSigmoid(x: Tensor): Tensor {
  checkTensor("logSigmoid", "the input", x);
  return softplusOf(x.neg()).neg();
}

/** ln(1 + e^(βx))/β, a smooth ReLU; the identity where βx > threshold. */
export function softplus(x: Tensor, beta = 1, threshold = 20): Tensor {
  checkTensor("softplus", "the input", x);
  checkNumber("softplus", "beta", beta);
  checkNumber("softplus", "threshold", threshold);
  const scaled = x.mul(beta);
  return where(scaled.greater(threshold), x, softplusOf(scaled).div(beta));
}

/** x·σ(x), also called swish (Elfwing et al., 2017; Ramachandran et al., 2017). */
export function silu(x: Tensor): Tensor {
  checkTensor("silu", "the input", x);
  return x.mul(x.sigmoid());
}

/**
 * x·Φ(x) with the normal distribution function Φ (Hendrycks and Gimpel, 2016).
 * approximate "tanh": x/2·(1 + tanh(√(2/π)(x + 0.044715x³))).
 */
export function gelu(x: Tensor, approximate: "none" | "tanh" = "none"): Tensor {
  checkTensor("gelu", "the input", x);
  if (approximate === "none") return x.mul(0.5).mul(x.mul(Math.SQRT1_2).erf().add(1));
  if (approximate !== "tanh") {
    throw new OptionError(`gelu: approximate must be "none" or "tanh", not ${describe(approximate)}.`);
  }
  const inner = x.add(x.square().mul(x).mul(0.044715)).mul(0.7978845608028654);
  return x.mul(0.5).mul(inner.tanh().add(1));
}

/** x for x > 0, α(eˣ − 1) otherwise (Clevert et al., 2015). */
export function elu(x: Tensor, alpha = 1): Tensor {
  checkTensor("elu", "the input", x);
  checkNumber("elu", "alpha", alpha);
  // Only negative numbers go through expm1, so that no Infinity·0 arises in the gradient.
  return where(x.greater(0), x, expm1(where(x.greater(0), 0, x)).mul(alpha));
}

/** Scaled ELU (Klambauer et al., 2017). */
export function selu(x: Tensor): Tensor {
  checkTensor("selu", "the input", x);
  return elu(x, 1.6732632423543772).mul(1.0507009873554805);
}

/** x moved into [min, max]. */
export function hardtanh(x: Tensor, min = -1, max = 1): Tensor {
  checkTensor("hardtanh", "the input", x);
  checkNumber("hardtanh", "min", min);
  checkNumber("hardtanh", "max", max);
  return x.clamp(min, max);
}

/** min(max(x, 0), 6). */
export function relu6(x: Tensor): Tensor {
  checkTensor("relu6", "the input", x);
  return where(x.greaterEqual(6), 6, x.relu());
}

/** x·tanh(softplus(x)) (Misra, 2019). */
export function mish(x: Tensor): Tensor {
  checkTensor("mish", "the input", x);
  return x.mul(softplusOf(x).tanh());
}

/** x for x > 0, α(e^(x/α) − 1) otherwise: an ELU with slope 1 on both sides of 0 (Barron, 2017). */
export function celu(x: Tensor, alpha = 1): Tensor {
  checkTensor("celu", "the input", x);
  checkNumber("celu", "alpha", alpha);
  return where(x.greater(0), x, expm1(where(x.greater(0), 0, x).div(alpha)).mul(alpha));
}

/**
 * x for x > 0, weight·x otherwise, with learned slopes (He et al., 2015).
 * @param weight (1,), or (C,) for one slope for each channel (dim 1)
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  checkTensor("prelu", "the input", x);
  checkTensor("prelu", "the weight", weight);
  return where(x.greater(0), x, x.mul(slopesFor(x, weight)));
}

function slopesFor(x: Tensor, weight: Tensor): Tensor {
  const channels = x.rank < 2 ? 1 : x.shape[1]!;
  if (weight.rank > 1 || (weight.size !== 1 && weight.size !== channels)) {
    throw new ShapeError(
      `prelu: the weight must hold one slope, or one for each of the ${channels} channels of ${formatShape(x.shape)}, not ${formatShape(weight.shape)}.`,
    );
  }
  if (weight.size === 1) return reshape(weight, []);
  return reshape(weight, [weight.size, ...x.shape.slice(2).map(() => 1)]);
}

/** x/(1 + |x|). */
export function softsign(x: Tensor): Tensor {
  checkTensor("softsign", "the input", x);
  return x.div(x.abs().add(1));
}

/** x − tanh x. */
export function tanhshrink(x: Tensor): Tensor {
  checkTensor("tanhshrink", "the input", x);
  return x.sub(x.tanh());
}

/** x where |x| > lambda, else 0. */
export function hardshrink(x: Tensor, lambda = 0.5): Tensor {
  checkTensor("hardshrink", "the input", x);
  checkNumber("hardshrink", "lambda", lambda);
  return where(x.abs().greater(lambda), x, 0);
}

/** x moved towards 0 by lambda, and 0 where that would cross it. */
export function softshrink(x: Tensor, lambda = 0.5): Tensor {
  checkTensor("softshrink", "the input", x);
  checkNumber("softshrink", "lambda", lambda);
  return where(x.greater(lambda), x.sub(lambda), where(x.less(-lambda), x.add(lambda), 0));
}

/** min(max(x + 3, 0), 6)/6: a sigmoid of straight lines. */
export function hardsigmoid(x: Tensor): Tensor {
  checkTensor("hardsigmoid", "the input", x);
  return relu6(x.add(3)).div(6);
}

/** x·hardsigmoid(x) (Howard et al., 2019). */
export function hardswish(x: Tensor): Tensor {
  checkTensor("hardswish", "the input", x);
  const near = x.clamp(-3, 3);
  return where(x.greater(3), x, near.mul(near.add(3)).div(6));
}

/** x where x > threshold, else value. */
export function threshold(x: Tensor, threshold: number, value: number): Tensor {
  checkTensor("threshold", "the input", x);
  checkNumber("threshold", "threshold", threshold);
  checkNumber("threshold", "value", value);
  return where(x.greater(threshold), x, value);
}

/** e⁻ˣ/Σe⁻ˣ along `dim`. */
export function softmin(x: Tensor, dim = -1): Tensor {
  checkTensor("softmin", "the input", x);
  return x.neg().softmax(dim);
}

/** eˣ/Σeˣ along `dim`. */
export function softmax(x: Tensor, dim = -1): Tensor {
  checkTensor("softmax", "the input", x);
  return x.softmax(dim);
}

/** ln of softmax along `dim`, without overflow. */
export function logSoftmax(x: Tensor, dim = -1): Tensor {
  checkTensor("logSoftmax", "the input", x);
  return x.logSoftmax(dim);
}
