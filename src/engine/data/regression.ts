// Made-up regression problems. Every function gives { X: (n, features), y: (n, targets) }: y is a matrix, as a layer's output
// is, also where there is one target. Names and defaults are scikit-learn's where it has the problem.
import type { FloatDtype } from "../dtype.ts";
import {
  OptionError,
  ShapeError,
  ValueError,
  checkNumber,
  checkOptions,
  describe,
  formatShape,
} from "../errors.ts";
import { checkSize } from "../memory/heap.ts";
import { cat } from "../ops/layout.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";
import {
  checkBoolean,
  checkFinite,
  checkFloatDtype,
  checkNumbers,
  generatorFrom,
  seedOptionNames,
  type SeedOptions,
} from "./common.ts";
import { shiftAndScale } from "./frame.ts";
import { checkMatrix } from "./mixtures.ts";

export interface RegressionOptions extends SeedOptions {
  /** How many examples. Default 100. */
  nSamples?: number;
  /** Standard deviation of the normal noise on y. Default 0. */
  noise?: number;
  /** Element type of X and y. Default float32. */
  dtype?: FloatDtype;
}

/** Examples (rows of X) and what is to be predicted for them (rows of y). */
export interface RegressionData {
  /** (n, features). */
  X: Tensor;
  /** (n, targets). */
  y: Tensor;
}

const sharedNames = ["nSamples", "noise", "dtype", ...seedOptionNames] as const;

interface Frame {
  owner: string;
  n: number;
  noise: number;
  dtype: FloatDtype;
  generator: Generator;
}

function begin(name: string, options: RegressionOptions, own: readonly string[]): Frame {
  const owner = `data.${name}`;
  checkOptions(owner, options, [...sharedNames, ...own]);
  const { nSamples = 100, noise = 0, dtype = "float32" } = options;
  checkNumber(owner, "nSamples", nSamples, { min: 1, whole: true });
  checkSize(owner, "float64", nSamples);
  checkNumber(owner, "noise", noise, { min: 0 });
  checkFinite(owner, "noise", noise);
  checkFloatDtype(owner, dtype);
  return { owner, n: nSamples, noise, dtype, generator: generatorFrom(owner, options) };
}

function float64(values: Float64Array<ArrayBuffer>, shape: readonly number[]): Tensor {
  return Tensor.adopt(values, shape, "float64");
}

/** Adds the noise and converts to the wanted type. */
function finish(frame: Frame, X: Tensor, clean: Tensor): RegressionData {
  const { noise, dtype, generator } = frame;
  const y =
    noise === 0 ? clean : clean.add(float64(generator.normalArray(clean.size), clean.shape).mul(noise));
  return { X: X.to(dtype), y: y.to(dtype) };
}

export interface MakeRegressionOptions extends RegressionOptions {
  /** Features, all standard normal before `shift` and `scale`. Default 100, or as many as `coef` has. */
  nFeatures?: number;
  /** Features that y depends on; the others have coefficient 0. Default 10, or all if there are fewer. */
  nInformative?: number;
  /** Numbers to predict for each example. Default 1. */
  nTargets?: number;
  /** Constant term. Default 0. */
  bias?: number;
  /**
   * The coefficients: one a feature, or a row [one a target] for each feature. Default: those of the first nInformative features
   * are uniform in [0, 100), then the features are put in random order.
   */
  coef?: readonly number[] | readonly (readonly number[])[];
  /** Put the features of random coefficients in random order. Default true. */
  shuffle?: boolean;
  /** Added to every feature, or to each its own, before scaling; y is computed from the result. Default 0. */
  shift?: number | readonly number[];
  /** Factor for every feature, or for each its own; y is computed from the result. Default 1. */
  scale?: number | readonly number[];
}

/**
 * A linear problem: y = X·coef + bias + noise.
 *
 *     const { X, y } = data.makeRegression({ nSamples: 50, coef: [2, -1], bias: 3, noise: 0.1, seed: 1 });
 *
 * With nInformative far below nFeatures it is a sparse one.
 * @returns also `coef`: (features, targets)
 */
export function makeRegression(options: MakeRegressionOptions = {}): RegressionData & { coef: Tensor } {
  const own = ["nFeatures", "nInformative", "nTargets", "bias", "coef", "shuffle", "shift", "scale"];
  const frame = begin("makeRegression", options, own);
  const { owner, n, generator, dtype } = frame;
  const { bias = 0, shuffle = true } = options;
  checkNumber(owner, "bias", bias);
  checkFinite(owner, "bias", bias);
  checkBoolean(owner, "shuffle", shuffle);
  const given = options.coef === undefined ? null : givenCoefficients(owner, options);
  const { nFeatures = given?.shape[0] ?? 100, nTargets = given?.shape[1] ?? 1 } = options;
  checkNumber(owner, "nFeatures", nFeatures, { min: 1, whole: true });
  checkNumber(owner, "nTargets", nTargets, { min: 1, whole: true });
  const { nInformative = Math.min(10, nFeatures) } = options;
  checkNumber(owner, "nInformative", nInformative, { min: 0, max: nFeatures, whole: true });
  checkSize(owner, "float64", n * nFeatures);
  const values = generator.normalArray(n * nFeatures);
  shiftAndScale(owner, values, nFeatures, options);
  const coef = given ?? randomCoefficients(generator, nFeatures, nInformative, nTargets, shuffle);
  const X = float64(values, [n, nFeatures]);
  return { ...finish(frame, X, X.matmul(coef).add(bias)), coef: coef.to(dtype) };
}

function givenCoefficients(owner: string, options: MakeRegressionOptions): Tensor {
  const { coef } = options;
  const rows = Array.isArray(coef) && typeof coef[0] === "number" ? coef.map((each) => [each]) : coef;
  checkMatrix(owner, "coef", rows);
  const shape = [rows.length, rows[0]!.length];
  const clash = (["nFeatures", "nTargets"] as const).find(
    (name, dim) => options[name] !== undefined && options[name] !== shape[dim],
  );
  if (clash !== undefined || options.nInformative !== undefined) {
    throw new OptionError(
      `${owner}: coef ${formatShape(shape)} says how many features and targets there are; leave out ${clash ?? "nInformative"}.`,
    );
  }
  return float64(Float64Array.from(rows.flat()), shape);
}

function randomCoefficients(
  generator: Generator,
  nFeatures: number,
  nInformative: number,
  nTargets: number,
  shuffle: boolean,
): Tensor {
  const drawn = generator.uniformArray(nInformative * nTargets);
  const order = shuffle ? generator.permutation(nFeatures) : null;
  const values = new Float64Array(nFeatures * nTargets);
  for (let feature = 0; feature < nInformative; feature++) {
    const row = order?.[feature] ?? feature;
    for (let t = 0; t < nTargets; t++) values[row * nTargets + t] = 100 * drawn[feature * nTargets + t]!;
  }
  return float64(values, [nFeatures, nTargets]);
}

// ---------------------------------------------------------------- curves

/** A function from (n, 1) to (n, 1), made of tensor operations. */
export type Curve = (x: Tensor) => Tensor;

export interface CurveOptions extends RegressionOptions {
  /** Where the interval of x begins. Default −1. */
  low?: number;
  /** Where it ends. Default 1. */
  high?: number;
  /** x drawn evenly at random, or evenly spaced in ascending order with both ends. Default "random". */
  spacing?: "random" | "even";
}

/**
 * Points on a curve: y = curve(x) + noise with x in [low, high].
 *
 *     const { X, y } = data.makeCurve(data.curves.wave({ frequency: 3, slope: 0.5 }), { nSamples: 12, noise: 0.2, seed: 1 });
 *     const own = data.makeCurve((x) => x.abs(), { spacing: "even" });
 *
 * The curve is computed in float64.
 * @returns X and y: (n, 1)
 */
export function makeCurve(curve: Curve, options: CurveOptions = {}): RegressionData {
  const frame = begin("makeCurve", options, ["low", "high", "spacing"]);
  const { owner, n, generator } = frame;
  const { low = -1, high = 1, spacing = "random" } = options;
  if (typeof curve !== "function") {
    throw new ValueError(
      `${owner}: the curve must be a function of a tensor, such as data.curves.wave() or (x) => x.square(), not ${describe(curve)}.`,
    );
  }
  for (const [name, value] of Object.entries({ low, high })) {
    checkNumber(owner, name, value);
    checkFinite(owner, name, value);
  }
  if (low >= high) throw new OptionError(`${owner}: low must lie below high, not ${low} and ${high}.`);
  if (spacing !== "random" && spacing !== "even") {
    throw new OptionError(`${owner}: spacing must be "random" or "even", not ${describe(spacing)}.`);
  }
  const shares =
    spacing === "random"
      ? generator.uniformArray(n)
      : Float64Array.from({ length: n }, (_, i) => (n === 1 ? 0.5 : i / (n - 1)));
  const X = float64(
    shares.map((t) => low * (1 - t) + high * t),
    [n, 1],
  );
  const clean = curve(X);
  if (!(clean instanceof Tensor)) {
    throw new ValueError(`${owner}: the curve must return a tensor, not ${describe(clean)}.`);
  }
  if (clean.rank !== 2 || clean.shape[0] !== n) {
    throw new ShapeError(
      `${owner}: the curve made ${formatShape(clean.shape)} of ${formatShape(X.shape)}; it must give a row for each row.`,
    );
  }
  return finish(frame, X, clean.detach().to("float64"));
}

/** Curves for makeCurve. */
export const curves = {
  /** amplitude·sin(frequency·x + phase) + slope·x + offset; amplitude and frequency are 1, the others 0 by default. */
  wave(
    options: { amplitude?: number; frequency?: number; phase?: number; slope?: number; offset?: number } = {},
  ): Curve {
    const owner = "data.curves.wave";
    checkOptions(owner, options, ["amplitude", "frequency", "phase", "slope", "offset"]);
    const { amplitude = 1, frequency = 1, phase = 0, slope = 0, offset = 0 } = options;
    for (const [name, value] of Object.entries({ amplitude, frequency, phase, slope, offset })) {
      checkNumber(owner, name, value);
      checkFinite(owner, name, value);
    }
    return (x) => x.mul(frequency).add(phase).sin().mul(amplitude).add(x.mul(slope)).add(offset);
  },

  /** sin x. */
  sine(): Curve {
    return (x) => x.sin();
  },

  /** c₀ + c₁x + c₂x² + … */
  polynomial(coefficients: readonly number[]): Curve {
    checkNumbers("data.curves.polynomial", "coefficients", coefficients);
    return (x) => coefficients.reduceRight<Tensor>((sum, c) => sum.mul(x).add(c), x.mul(0));
  },

  /**
   * Piecewise constant: levels[0] below at[0], levels[1] from there to below at[1], and so on; one level more than places.
   * Default: from 0 to 1 at 0.
   */
  step(options: { at?: readonly number[]; levels?: readonly number[] } = {}): Curve {
    const owner = "data.curves.step";
    checkOptions(owner, options, ["at", "levels"]);
    const { at = [0], levels = [0, 1] } = options;
    checkNumbers(owner, "at", at);
    checkNumbers(owner, "levels", levels, { length: at.length + 1 });
    const unordered = at.findIndex((place, i) => i > 0 && place <= at[i - 1]!);
    if (unordered > 0) {
      throw new OptionError(`${owner}: at must ascend; ${at[unordered]} follows ${at[unordered - 1]}.`);
    }
    return (x) =>
      at.reduce<Tensor>(
        (sum, place, i) =>
          sum.add(
            x
              .greaterEqual(place)
              .to("float64")
              .mul(levels[i + 1]! - levels[i]!),
          ),
        x.mul(0).add(levels[0]!),
      );
  },
};

// ---------------------------------------------------------------- Friedman's problems

/**
 * Friedman's first problem: y = 10·sin(πx₀x₁) + 20·(x₂ − ½)² + 10·x₃ + 5·x₄ + noise, features uniform in [0, 1); those after
 * the fifth say nothing. (Friedman, "Multivariate adaptive regression splines", 1991; Breiman, "Bagging predictors", 1996)
 * @param options nFeatures: at least 5, default 10
 */
export function makeFriedman1(options: RegressionOptions & { nFeatures?: number } = {}): RegressionData {
  const frame = begin("makeFriedman1", options, ["nFeatures"]);
  const { nFeatures = 10 } = options;
  checkNumber(frame.owner, "nFeatures", nFeatures, { min: 5, whole: true });
  checkSize(frame.owner, "float64", frame.n * nFeatures);
  const X = float64(frame.generator.uniformArray(frame.n * nFeatures), [frame.n, nFeatures]);
  const [x0, x1, x2, x3, x4] = columns(X, 5) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const wave = x0.mul(x1).mul(Math.PI).sin().mul(10);
  return finish(frame, X, wave.add(x2.sub(0.5).square().mul(20)).add(x3.mul(10)).add(x4.mul(5)));
}

/**
 * Friedman's second problem, the impedance of a circuit: y = √(x₀² + (x₁x₂ − 1/(x₁x₃))²) + noise, with features uniform in
 * [0, 100), [40π, 560π), [0, 1) and [1, 11).
 */
export function makeFriedman2(options: RegressionOptions = {}): RegressionData {
  const frame = begin("makeFriedman2", options, []);
  const { X, x0, reactance } = circuit(frame);
  return finish(frame, X, x0.square().add(reactance.square()).sqrt());
}

/** Friedman's third problem, the phase of that circuit: y = atan((x₁x₂ − 1/(x₁x₃))/x₀) + noise, features as in the second. */
export function makeFriedman3(options: RegressionOptions = {}): RegressionData {
  const frame = begin("makeFriedman3", options, []);
  const { X, x0, reactance } = circuit(frame);
  return finish(frame, X, reactance.div(x0).atan());
}

function circuit(frame: Frame): { X: Tensor; x0: Tensor; reactance: Tensor } {
  const uniform = float64(frame.generator.uniformArray(frame.n * 4), [frame.n, 4]);
  const [u0, u1, u2, u3] = columns(uniform, 4) as [Tensor, Tensor, Tensor, Tensor];
  const x0 = u0.mul(100);
  const x1 = u1.mul(520 * Math.PI).add(40 * Math.PI);
  const x3 = u3.mul(10).add(1);
  const reactance = x1.mul(u2).sub(x1.mul(x3).reciprocal());
  return { X: cat([x0, x1, u2, x3], 1), x0, reactance };
}

/** The first columns of a matrix, each (n, 1). */
function columns(X: Tensor, count: number): Tensor[] {
  return Array.from({ length: count }, (_, j) => X.slice(j, j + 1, { dim: 1 }));
}
