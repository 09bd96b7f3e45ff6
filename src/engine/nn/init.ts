// Initial values of parameters. Each function overwrites a tensor in place and returns it.
import { noGrad } from "../autograd/tape.ts";
import { checkChoice, checkTensor } from "../check.ts";
import { OptionError, ShapeError, ValueError, checkNumber, checkOptions, formatShape } from "../errors.ts";
import { defaultGenerator, type Generator } from "../random/generator.ts";
import { sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";

export interface InitOptions {
  /** Default: the default generator. */
  generator?: Generator;
}

function overwrite(x: Tensor, values: Float64Array<ArrayBuffer>): Tensor {
  return noGrad(() => x.copy_(Tensor.adopt(values, x.shape, "float64")));
}

/** Refuses what is no tensor whose numbers could be overwritten. */
function checkTarget(owner: string, x: Tensor): void {
  checkTensor(owner, "the first argument", x);
}

/** Uniform on [low, high). */
export function uniform(x: Tensor, low = 0, high = 1, options: InitOptions = {}): Tensor {
  checkTarget("init.uniform", x);
  checkNumber("init.uniform", "low", low);
  checkNumber("init.uniform", "high", high, { min: low });
  checkOptions("init.uniform", options, ["generator"]);
  const values = (options.generator ?? defaultGenerator).uniformArray(x.size);
  return overwrite(
    x,
    values.map((u) => low + (high - low) * u),
  );
}

/** Normal with the given mean and standard deviation. */
export function normal(x: Tensor, mean = 0, std = 1, options: InitOptions = {}): Tensor {
  checkTarget("init.normal", x);
  checkNumber("init.normal", "mean", mean);
  checkNumber("init.normal", "std", std, { min: 0 });
  checkOptions("init.normal", options, ["generator"]);
  const values = (options.generator ?? defaultGenerator).normalArray(x.size);
  return overwrite(
    x,
    values.map((z) => mean + std * z),
  );
}

export interface TruncNormalOptions extends InitOptions {
  /** Mean of the normal distribution before it is cut. Default 0. */
  mean?: number;
  /** Its standard deviation. Default 1. */
  std?: number;
  /** No number lies below. Default −2. */
  a?: number;
  /** No number lies above. Default 2. */
  b?: number;
}

/** Beyond so many standard deviations a double-precision normal number does not come. */
const FARTHEST = 9;

/**
 * Normal, but only within [a, b]: numbers outside are drawn again (rejection, von Neumann, 1951), so the distribution is the
 * normal one cut at a and b, exactly. a and b are numbers, not multiples of std.
 * @throws OptionError if [a, b] lies more than 9 standard deviations from the mean
 */
export function truncNormal(x: Tensor, options: TruncNormalOptions = {}): Tensor {
  checkTarget("init.truncNormal", x);
  checkOptions("init.truncNormal", options, ["generator", "mean", "std", "a", "b"]);
  const { mean = 0, std = 1, a = -2, b = 2, generator = defaultGenerator } = options;
  for (const [name, value] of Object.entries({ mean, a, b })) checkNumber("init.truncNormal", name, value);
  checkNumber("init.truncNormal", "std", std, { min: 0 });
  if (!(a < b)) throw new OptionError(`init.truncNormal: a must lie below b, not a = ${a}, b = ${b}.`);
  const low = Math.max((a - mean) / std, -FARTHEST);
  const high = Math.min((b - mean) / std, FARTHEST);
  if (!(low < high)) {
    throw new OptionError(
      `init.truncNormal: [${a}, ${b}] lies more than ${FARTHEST} standard deviations (std = ${std}) from the mean ${mean}, where no normal number comes.`,
    );
  }
  // Where most normal numbers fall inside they are drawn themselves, else uniform ones that the density lets pass or not.
  const draw = low <= -1 && high >= 1 ? normalWithin : uniformThinned;
  const values = draw(x.size, low, high, generator);
  return overwrite(
    x,
    values.map((z) => Math.min(Math.max(mean + std * z, a), b)),
  );
}

function normalWithin(
  count: number,
  low: number,
  high: number,
  generator: Generator,
): Float64Array<ArrayBuffer> {
  const values = new Float64Array(count);
  for (let done = 0; done < count;) {
    for (const z of generator.normalArray(count - done)) if (z >= low && z <= high) values[done++] = z;
  }
  return values;
}

/** z uniform on [low, high], kept with probability e^((m² − z²)/2), where m is the likeliest number there. */
function uniformThinned(
  count: number,
  low: number,
  high: number,
  generator: Generator,
): Float64Array<ArrayBuffer> {
  const likeliest = Math.min(Math.max(0, low), high);
  const values = new Float64Array(count);
  for (let done = 0; done < count;) {
    const places = generator.uniformArray(count - done).map((u) => low + (high - low) * u);
    const chances = generator.uniformArray(places.length);
    const density = noGrad(
      () =>
        Tensor.adopt(
          places.map((z) => (likeliest * likeliest - z * z) / 2),
          [places.length],
          "float64",
        ).exp().data,
    );
    for (const [i, z] of places.entries()) if (chances[i]! < density[i]!) values[done++] = z;
  }
  return values;
}

/** All numbers equal. */
export function constant(x: Tensor, value: number): Tensor {
  checkTarget("init.constant", x);
  checkNumber("init.constant", "value", value);
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
function fans(owner: string, x: Tensor): { fanIn: number; fanOut: number } {
  checkTarget(owner, x);
  if (x.rank < 2) {
    throw new ShapeError(
      `${owner}: ${formatShape(x.shape)} has no fan-in and fan-out; they need at least two dimensions (out, in).`,
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
  const { fanIn, fanOut } = fans("init.xavierUniform", x);
  checkOptions("init.xavierUniform", options, ["generator", "gain"]);
  const { gain = 1, ...rest } = options;
  checkNumber("init.xavierUniform", "gain", gain, { min: 0 });
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return uniform(x, -bound, bound, rest);
}

/** Normal with standard deviation gain·√(2/(fanIn + fanOut)). */
export function xavierNormal(x: Tensor, options: XavierOptions = {}): Tensor {
  const { fanIn, fanOut } = fans("init.xavierNormal", x);
  checkOptions("init.xavierNormal", options, ["generator", "gain"]);
  const { gain = 1, ...rest } = options;
  checkNumber("init.xavierNormal", "gain", gain, { min: 0 });
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

function kaimingStd(owner: string, x: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  checkNumber(owner, "a", a);
  checkChoice(owner, "mode", mode, ["fanIn", "fanOut"]);
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(owner, x)[mode]);
}

/** Uniform on ±gain·√(3/fan) (He et al., 2015). */
export function kaimingUniform(x: Tensor, options: KaimingOptions = {}): Tensor {
  checkOptions("init.kaimingUniform", options, ["generator", "a", "mode", "nonlinearity"]);
  const bound = Math.sqrt(3) * kaimingStd("init.kaimingUniform", x, options);
  return uniform(x, -bound, bound, pickGenerator(options));
}

/** Normal with standard deviation gain/√fan (He et al., 2015). */
export function kaimingNormal(x: Tensor, options: KaimingOptions = {}): Tensor {
  checkOptions("init.kaimingNormal", options, ["generator", "a", "mode", "nonlinearity"]);
  return normal(x, 0, kaimingStd("init.kaimingNormal", x, options), pickGenerator(options));
}

/**
 * Orthonormal rows (or columns, whichever are fewer) times gain (Saxe et al., 2014): a weight that keeps the length of what
 * passes. Dims after the first count as columns. All orientations are equally likely.
 */
export function orthogonal(x: Tensor, options: XavierOptions = {}): Tensor {
  checkTarget("init.orthogonal", x);
  checkOptions("init.orthogonal", options, ["generator", "gain"]);
  const { gain = 1, generator = defaultGenerator } = options;
  checkNumber("init.orthogonal", "gain", gain);
  if (x.rank < 2 || x.size === 0) {
    throw new ShapeError(
      `init.orthogonal: needs a matrix, or more dims that count as columns, not ${formatShape(x.shape)}.`,
    );
  }
  const rows = x.shape[0]!;
  const columns = x.size / rows;
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const basis = orthonormalise(generator.normalArray(count * length), count, length);
  const values = new Float64Array(x.size);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < length; j++) {
      values[rows <= columns ? i * columns + j : j * columns + i] = gain * basis[i * length + j]!;
    }
  }
  return overwrite(x, values);
}

/**
 * `count` vectors of `length` numbers, one after the other, made orthonormal in place (Gram and Schmidt, each step twice: that
 * is enough for full precision, Giraud et al., 2005). It is the Q of a QR decomposition whose R has a positive diagonal, so
 * normal vectors give every orientation alike (Mezzadri, 2007).
 */
function orthonormalise(
  vectors: Float64Array<ArrayBuffer>,
  count: number,
  length: number,
): Float64Array<ArrayBuffer> {
  const at = (i: number) => vectors.subarray(i * length, (i + 1) * length);
  const dot = (u: Float64Array, v: Float64Array) => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += u[k]! * v[k]!;
    return sum;
  };
  for (let i = 0; i < count; i++) {
    const v = at(i);
    for (let round = 0; round < 2; round++) {
      for (let j = 0; j < i; j++) {
        const u = at(j);
        const share = dot(u, v);
        for (let k = 0; k < length; k++) v[k] = v[k]! - share * u[k]!;
      }
    }
    const norm = Math.sqrt(dot(v, v));
    for (let k = 0; k < length; k++) v[k] = v[k]! / norm;
  }
  return vectors;
}

/**
 * A convolution's weight (out, in/groups, …) that passes its inputs on unchanged: 1 in the middle of the kernel from input
 * channel i to output channel i, else 0 (Zagoruyko and Komodakis, 2017).
 */
export function dirac(x: Tensor, options: { groups?: number } = {}): Tensor {
  checkTarget("init.dirac", x);
  checkOptions("init.dirac", options, ["groups"]);
  const { groups = 1 } = options;
  checkNumber("init.dirac", "groups", groups, { min: 1, whole: true });
  const [out = 0, perGroup = 0, ...kernel] = x.shape;
  if (x.rank < 3 || x.rank > 5 || out % groups !== 0) {
    throw new ShapeError(
      `init.dirac: needs a convolution's weight (out, in/groups, …) of 3 to 5 dims whose first size is a multiple of groups ${groups}, not ${formatShape(x.shape)}.`,
    );
  }
  const field = sizeOf(kernel);
  const middle = kernel.reduce((position, size) => position * size + Math.floor(size / 2), 0);
  const values = new Float64Array(x.size);
  for (let o = 0; o < out; o++) {
    const channel = o % (out / groups);
    if (channel < perGroup) values[(o * perGroup + channel) * field + middle] = 1;
  }
  return overwrite(x, values);
}

function pickGenerator(options: InitOptions): InitOptions {
  return options.generator === undefined ? {} : { generator: options.generator };
}
