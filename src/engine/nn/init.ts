// Initial values of parameters. Each function overwrites a tensor in place and returns it.
import { noGrad } from "../autograd/tape.ts";
import { ShapeError, ValueError, checkOptions, formatShape } from "../errors.ts";
import { defaultGenerator, type Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";

export interface InitOptions {
  /** Default: the default generator. */
  generator?: Generator;
}

function overwrite(x: Tensor, values: Float64Array<ArrayBuffer>): Tensor {
  return noGrad(() => x.copy_(Tensor.adopt(values, x.shape, "float64")));
}

/** Uniform on [low, high). */
export function uniform(x: Tensor, low = 0, high = 1, options: InitOptions = {}): Tensor {
  checkOptions("init.uniform", options, ["generator"]);
  const values = (options.generator ?? defaultGenerator).uniformArray(x.size);
  return overwrite(
    x,
    values.map((u) => low + (high - low) * u),
  );
}

/** Normal with the given mean and standard deviation. */
export function normal(x: Tensor, mean = 0, std = 1, options: InitOptions = {}): Tensor {
  checkOptions("init.normal", options, ["generator"]);
  const values = (options.generator ?? defaultGenerator).normalArray(x.size);
  return overwrite(
    x,
    values.map((z) => mean + std * z),
  );
}

/** All numbers equal. */
export function constant(x: Tensor, value: number): Tensor {
  return noGrad(() => x.fill_(value));
}

/** All zeros. */
export function zeros(x: Tensor): Tensor {
  return constant(x, 0);
}

/** All ones. */
export function ones(x: Tensor): Tensor {
  return constant(x, 1);
}

/** How many inputs each output of a weight (out, in, …) sees, and how many outputs each input feeds. */
function fans(x: Tensor): { fanIn: number; fanOut: number } {
  if (x.rank < 2) {
    throw new ShapeError(
      `init: ${formatShape(x.shape)} has no fan-in and fan-out; they need at least two dimensions (out, in).`,
    );
  }
  const field = x.size / (x.shape[0]! * x.shape[1]!);
  return { fanIn: x.shape[1]! * field, fanOut: x.shape[0]! * field };
}

/** An activation by the name that calculateGain knows. */
export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leakyRelu" | "selu";

/** The factor that keeps the variance of signals through a nonlinearity, as PyTorch's calculate_gain. */
export function calculateGain(nonlinearity: Nonlinearity, negativeSlope = 0.01): number {
  switch (nonlinearity) {
    case "linear":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leakyRelu":
      return Math.sqrt(2 / (1 + negativeSlope ** 2));
    case "selu":
      return 3 / 4;
    default:
      throw new ValueError(
        `init: unknown nonlinearity ${String(nonlinearity)}; known are linear, sigmoid, tanh, relu, leakyRelu, selu.`,
      );
  }
}

/** How Xavier's rule is scaled. */
export interface XavierOptions extends InitOptions {
  gain?: number;
}

/** Uniform on ±gain·√(6/(fanIn + fanOut)) (Glorot and Bengio, 2010). */
export function xavierUniform(x: Tensor, options: XavierOptions = {}): Tensor {
  const { gain = 1, ...rest } = options;
  const { fanIn, fanOut } = fans(x);
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return uniform(x, -bound, bound, rest);
}

/** Normal with standard deviation gain·√(2/(fanIn + fanOut)). */
export function xavierNormal(x: Tensor, options: XavierOptions = {}): Tensor {
  const { gain = 1, ...rest } = options;
  const { fanIn, fanOut } = fans(x);
  return normal(x, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), rest);
}

export interface KaimingOptions extends InitOptions {
  /** Slope below zero of a leaky ReLU. Default 0. */
  a?: number;
  /** Keep the variance going forward (fanIn, the default) or backward (fanOut). */
  mode?: "fanIn" | "fanOut";
  /** Default leakyRelu, which with a = 0 is ReLU. */
  nonlinearity?: Nonlinearity;
}

function kaimingStd(x: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(x)[mode]);
}

/** Uniform on ±gain·√(3/fan) (He et al., 2015). */
export function kaimingUniform(x: Tensor, options: KaimingOptions = {}): Tensor {
  checkOptions("init.kaimingUniform", options, ["generator", "a", "mode", "nonlinearity"]);
  const bound = Math.sqrt(3) * kaimingStd(x, options);
  return uniform(x, -bound, bound, pickGenerator(options));
}

/** Normal with standard deviation gain/√fan (He et al., 2015). */
export function kaimingNormal(x: Tensor, options: KaimingOptions = {}): Tensor {
  checkOptions("init.kaimingNormal", options, ["generator", "a", "mode", "nonlinearity"]);
  return normal(x, 0, kaimingStd(x, options), pickGenerator(options));
}

function pickGenerator(options: InitOptions): InitOptions {
  return options.generator === undefined ? {} : { generator: options.generator };
}
