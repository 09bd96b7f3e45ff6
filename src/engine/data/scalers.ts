// Bringing features to one scale. A scaler learns its numbers from the training data (`fit`) and applies the same ones to
// everything else (`transform`), so that nothing of the test data leaks into training.
import { isFloat, type FloatDtype } from "../dtype.ts";
import { OptionError, ShapeError, ValueError, checkOptions, formatShape } from "../errors.ts";
import { sameShape, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { checkBoolean, checkExamples, checkNumbers } from "./common.ts";

/** An affine map of each feature: (x − centre)/scale, all in float64, of the shape of one example. */
abstract class Scaler {
  readonly #name: string;
  #centre: Tensor | null = null;
  #divisor: Tensor | null = null;

  protected constructor(name: string) {
    this.#name = name;
  }

  /** Learns from examples: (n, …features). Returns this scaler. */
  abstract fit(x: Tensor): this;

  /** What `transform` subtracts and then divides by. */
  protected setMap(centre: Tensor, divisor: Tensor): void {
    this.#centre = centre;
    this.#divisor = divisor;
  }

  /** The numbers of examples to fit to, as float64 (n, …features), once they are known to be finite. */
  protected checkFit(x: Tensor): Tensor {
    const owner = `${this.#name}.fit`;
    checkExamples(owner, "X", x);
    if (x.size === 0) throw new ShapeError(`${owner}: X ${formatShape(x.shape)} holds no numbers.`);
    const { data } = x;
    const features = x.size / x.shape[0]!;
    const bad = data.findIndex((value) => !(Math.abs(value) < Infinity));
    if (bad >= 0) {
      const where =
        x.rank === 1 ? `row ${bad}` : `row ${Math.floor(bad / features)}, feature ${bad % features}`;
      throw new ValueError(
        `${owner}: X holds ${data[bad]} (${where}, counted from 0); mean and range need finite numbers. Fill in or leave out such rows first.`,
      );
    }
    return x.detach().to("float64");
  }

  #map(method: string, x: Tensor): { centre: Tensor; divisor: Tensor; values: Tensor; dtype: FloatDtype } {
    const owner = `${this.#name}.${method}`;
    const centre = this.#centre;
    const divisor = this.#divisor;
    if (centre === null || divisor === null) {
      throw new ValueError(`${owner}: call fit(X) with the training data first.`);
    }
    checkExamples(owner, "X", x);
    const features: Shape = x.shape.slice(1);
    if (!sameShape(features, centre.shape)) {
      throw new ShapeError(
        `${owner}: X has features of shape ${formatShape(features)}, the scaler was fitted to ${formatShape(centre.shape)}.`,
      );
    }
    return { centre, divisor, values: x.to("float64"), dtype: isFloat(x.dtype) ? x.dtype : "float32" };
  }

  /** The scaled examples, in the float type of x (whole numbers become float32). Gradients flow through. */
  transform(x: Tensor): Tensor {
    const { centre, divisor, values, dtype } = this.#map("transform", x);
    return values.sub(centre).div(divisor).to(dtype);
  }

  /** Undoes `transform`. */
  inverseTransform(x: Tensor): Tensor {
    const { centre, divisor, values, dtype } = this.#map("inverseTransform", x);
    return values.mul(divisor).add(centre).to(dtype);
  }

  /** fit and transform in one. */
  fitTransform(x: Tensor): Tensor {
    return this.fit(x).transform(x);
  }

  /** A number that only exists after fit. */
  protected learned<T>(name: string, value: T | null): T {
    if (value !== null) return value;
    throw new ValueError(`${this.#name}.${name}: call fit(X) first.`);
  }
}

/**
 * Each feature to mean 0 and standard deviation 1: (x − mean)/√var, with the mean and the (biased) variance of the data it
 * was fitted to. A feature that is constant there is only centred.
 *
 *     const scaler = new data.StandardScaler();
 *     const train = scaler.fitTransform(XTrain);
 *     const test = scaler.transform(XTest);
 */
export class StandardScaler extends Scaler {
  readonly withMean: boolean;
  readonly withStd: boolean;
  #mean: Tensor | null = null;
  #variance: Tensor | null = null;
  #scale: Tensor | null = null;

  /** @param options withMean: centre (default true); withStd: divide by the standard deviation (default true) */
  constructor(options: { withMean?: boolean; withStd?: boolean } = {}) {
    super("StandardScaler");
    checkOptions("StandardScaler", options, ["withMean", "withStd"]);
    const { withMean = true, withStd = true } = options;
    checkBoolean("StandardScaler", "withMean", withMean);
    checkBoolean("StandardScaler", "withStd", withStd);
    this.withMean = withMean;
    this.withStd = withStd;
  }

  /** The mean of each feature (float64). */
  get mean(): Tensor {
    return this.learned("mean", this.#mean);
  }

  /** The variance of each feature, Σ(x − mean)²/n (float64). */
  get var(): Tensor {
    return this.learned("var", this.#variance);
  }

  /** What each feature is divided by: √var, or 1 where the feature is constant (float64). */
  get scale(): Tensor {
    return this.learned("scale", this.#scale);
  }

  override fit(x: Tensor): this {
    const values = this.checkFit(x);
    const n = values.shape[0]!;
    const mean = values.mean(0);
    const variance = values.var(0, { correction: 0 });
    // A constant feature has a variance of rounding errors only: n·ε·var + (n·mean·ε)², the error of the two sums.
    const noise = variance.mul(n * EPSILON).add(mean.mul(n * EPSILON).square());
    const constant = variance.lessEqual(noise);
    const scale = this.withStd
      ? variance.sqrt().maskedFill(constant, 1)
      : Tensor.full(mean.shape, 1, "float64");
    this.#mean = mean;
    this.#variance = variance;
    this.#scale = scale;
    this.setMap(this.withMean ? mean : Tensor.full(mean.shape, 0, "float64"), scale);
    return this;
  }
}

/** Distance of 1 to the next float64. */
const EPSILON = 2 ** -52;

/**
 * Each feature to the range [low, high], by default [0, 1]: low + (x − min)·(high − low)/(max − min), with the smallest and
 * the largest number of the data it was fitted to. A feature that is constant there becomes low.
 */
export class MinMaxScaler extends Scaler {
  readonly featureRange: readonly [low: number, high: number];
  readonly clip: boolean;
  #min: Tensor | null = null;
  #max: Tensor | null = null;

  /**
   * @param options featureRange: [low, high], default [0, 1]; clip: move what lies outside the range it was fitted to
   *   into the range (default false)
   */
  constructor(options: { featureRange?: readonly [low: number, high: number]; clip?: boolean } = {}) {
    super("MinMaxScaler");
    checkOptions("MinMaxScaler", options, ["featureRange", "clip"]);
    const { featureRange = [0, 1], clip = false } = options;
    checkNumbers("MinMaxScaler", "featureRange", featureRange, { length: 2 });
    checkBoolean("MinMaxScaler", "clip", clip);
    if (featureRange[0] >= featureRange[1]) {
      throw new OptionError(
        `MinMaxScaler: featureRange must be [low, high] with low < high, not [${featureRange.join(", ")}].`,
      );
    }
    this.featureRange = featureRange;
    this.clip = clip;
  }

  /** The smallest number of each feature (float64). */
  get dataMin(): Tensor {
    return this.learned("dataMin", this.#min);
  }

  /** The largest number of each feature (float64). */
  get dataMax(): Tensor {
    return this.learned("dataMax", this.#max);
  }

  override fit(x: Tensor): this {
    const values = this.checkFit(x);
    const [low, high] = this.featureRange;
    const min = values.amin(0);
    const max = values.amax(0);
    const range = max.sub(min);
    const divisor = range.maskedFill(range.equal(0), 1).div(high - low);
    this.#min = min;
    this.#max = max;
    // low + (x − min)/divisor = (x − (min − low·divisor))/divisor
    this.setMap(min.sub(divisor.mul(low)), divisor);
    return this;
  }

  override transform(x: Tensor): Tensor {
    const scaled = super.transform(x);
    return this.clip ? scaled.clamp(...this.featureRange) : scaled;
  }
}
