// Normalisation as layers: batch norm with its running statistics, layer norm, group norm.
import type { FloatDtype } from "../dtype.ts";
import { OptionError, ShapeError, checkNumber, checkOptions, checkSwitch, formatShape } from "../errors.ts";
import * as batch from "../ops/batch-norm.ts";
import * as row from "../ops/row-norm.ts";
import type { Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { checkNormalizedShape } from "./functional-norm.ts";
import { Module, Parameter } from "./module.ts";

/** Ones and zeros to learn, or null for none. */
function affineParameters(
  shape: Shape,
  learned: { weight: boolean; bias: boolean },
  dtype: FloatDtype,
): { weight: Parameter | null; bias: Parameter | null } {
  return {
    weight: learned.weight ? new Parameter(Tensor.full(shape, 1, dtype)) : null,
    bias: learned.bias ? new Parameter(Tensor.full(shape, 0, dtype)) : null,
  };
}

export interface BatchNormLayerOptions {
  /** Added to the variance. Default 10⁻⁵. */
  eps?: number;
  /** Weight of each batch in the running statistics (default 0.1); null takes the plain average of all batches. */
  momentum?: number | null;
  /** Learn a weight and a bias for each channel. Default true. */
  affine?: boolean;
  /** Keep running statistics and use them in eval mode. Default true; without, each batch uses its own in both modes. */
  trackRunningStats?: boolean;
  /** Default float32. */
  dtype?: FloatDtype;
}

/** What both batch norms share; they differ in the inputs they take. */
abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(owner: string, numFeatures: number, options: BatchNormLayerOptions) {
    super();
    checkOptions(owner, options, ["eps", "momentum", "affine", "trackRunningStats", "dtype"]);
    const {
      eps = 1e-5,
      momentum = 0.1,
      affine = true,
      trackRunningStats = true,
      dtype = "float32",
    } = options;
    checkNumber(owner, "numFeatures", numFeatures, { min: 1, whole: true });
    checkNumber(owner, "eps", eps, { min: 0 });
    if (momentum !== null) checkNumber(owner, "momentum", momentum, { min: 0, max: 1 });
    checkSwitch(owner, "affine", affine);
    checkSwitch(owner, "trackRunningStats", trackRunningStats);
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    ({ weight: this.weight, bias: this.bias } = affineParameters(
      [numFeatures],
      { weight: affine, bias: affine },
      dtype,
    ));
    if (!trackRunningStats) return;
    this.registerBuffer("runningMean", Tensor.full([numFeatures], 0, dtype));
    this.registerBuffer("runningVar", Tensor.full([numFeatures], 1, dtype));
    this.registerBuffer("numBatchesTracked", Tensor.full([], 0, "int32"));
  }

  /** Average of the batches' means (numFeatures,); null if it is not tracked. */
  get runningMean(): Tensor | null {
    return this.trackRunningStats ? this.buffer("runningMean") : null;
  }

  /** Average of the batches' unbiased variances (numFeatures,); null if it is not tracked. */
  get runningVar(): Tensor | null {
    return this.trackRunningStats ? this.buffer("runningVar") : null;
  }

  /** How many batches there were in training mode (int32 scalar); null if it is not tracked. */
  get numBatchesTracked(): Tensor | null {
    return this.trackRunningStats ? this.buffer("numBatchesTracked") : null;
  }

  /** Forgets the running statistics: mean 0, variance 1, no batches. */
  resetRunningStats(): void {
    this.runningMean?.zero_();
    this.runningVar?.fill_(1);
    this.numBatchesTracked?.zero_();
  }

  protected normalise(owner: string, x: Tensor): Tensor {
    if (x.shape[1] !== this.numFeatures) {
      throw new ShapeError(
        `${owner}: made for ${this.numFeatures} features, but the input ${formatShape(x.shape)} has ${x.shape[1]} in dim 1.`,
      );
    }
    const running = this.trackRunningStats
      ? {
          mean: this.buffer("runningMean"),
          variance: this.buffer("runningVar"),
          counter: this.buffer("numBatchesTracked"),
        }
      : null;
    return batch.batchNorm(owner, x, this.weight, this.bias, running, {
      training: this.training,
      momentum: this.momentum,
      eps: this.eps,
    });
  }

  protected override describe(): string {
    const parts = [String(this.numFeatures)];
    if (this.eps !== 1e-5) parts.push(`eps ${this.eps}`);
    if (this.momentum !== 0.1) parts.push(`momentum ${this.momentum}`);
    if (!this.affine) parts.push("not affine");
    if (!this.trackRunningStats) parts.push("no running statistics");
    return parts.join(", ");
  }
}

/**
 * Batch normalisation (Ioffe and Szegedy, 2015) of (N, C) or (N, C, L): each feature minus its mean, over √(variance + eps),
 * times weight (starts at 1), plus bias (starts at 0).
 *
 * In training mode mean and (biased) variance are the batch's, and the buffers runningMean and runningVar follow them:
 * running ← (1 − momentum)·running + momentum·batch, with the unbiased variance. In eval mode the running ones are used.
 * @throws ValueError in training mode if there is only one number for each feature
 */
export class BatchNorm1d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super("nn.BatchNorm1d", numFeatures, options);
  }
  override forward(x: Tensor): Tensor {
    if (x.rank !== 2 && x.rank !== 3) {
      throw new ShapeError(
        `nn.BatchNorm1d: the input must be (N, C) or (N, C, L), not ${formatShape(x.shape)}.`,
      );
    }
    return this.normalise("nn.BatchNorm1d", x);
  }
}

/** Batch normalisation of pictures (N, C, H, W): each channel over the batch and all places; see nn.BatchNorm1d. */
export class BatchNorm2d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super("nn.BatchNorm2d", numFeatures, options);
  }
  override forward(x: Tensor): Tensor {
    if (x.rank !== 4) {
      throw new ShapeError(`nn.BatchNorm2d: the input must be (N, C, H, W), not ${formatShape(x.shape)}.`);
    }
    return this.normalise("nn.BatchNorm2d", x);
  }
}

/**
 * Layer normalisation (Ba et al., 2016): the numbers of the last dims minus their mean, over √(variance + eps), times weight
 * (starts at 1), plus bias (starts at 0); both have the shape of these dims. Each example by itself, alike in both modes.
 */
export class LayerNorm extends Module {
  readonly normalizedShape: Shape;
  readonly eps: number;
  readonly elementwiseAffine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  /** @param normalizedShape the sizes of the last dims, e.g. 64 or [3, 8] */
  constructor(
    normalizedShape: Shape | number,
    options: {
      /** Added to the variance. Default 10⁻⁵. */
      eps?: number;
      /** Learn a weight and a bias. Default true. */
      elementwiseAffine?: boolean;
      /** Without it only a weight is learned. Default true. */
      bias?: boolean;
      /** Default float32. */
      dtype?: FloatDtype;
    } = {},
  ) {
    super();
    checkOptions("nn.LayerNorm", options, ["eps", "elementwiseAffine", "bias", "dtype"]);
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype = "float32" } = options;
    checkNumber("nn.LayerNorm", "eps", eps, { min: 0 });
    checkSwitch("nn.LayerNorm", "elementwiseAffine", elementwiseAffine);
    checkSwitch("nn.LayerNorm", "bias", bias);
    this.normalizedShape = checkNormalizedShape("nn.LayerNorm", normalizedShape);
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    ({ weight: this.weight, bias: this.bias } = affineParameters(
      this.normalizedShape,
      { weight: elementwiseAffine, bias: elementwiseAffine && bias },
      dtype,
    ));
  }

  override forward(x: Tensor): Tensor {
    return row.layerNorm("nn.LayerNorm", x, this.normalizedShape, this.weight, this.bias, this.eps);
  }

  protected override describe(): string {
    return `${formatShape(this.normalizedShape)}${this.elementwiseAffine ? "" : ", not affine"}`;
  }
}

/**
 * Group normalisation (Wu and He, 2018) of (N, C, …): the channels fall into groups, each normalised by itself in every
 * example; weight (starts at 1) and bias (starts at 0) have one number for each channel. Alike in both modes.
 */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly affine: boolean;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(
    numGroups: number,
    numChannels: number,
    options: {
      /** Added to the variance. Default 10⁻⁵. */
      eps?: number;
      /** Learn a weight and a bias for each channel. Default true. */
      affine?: boolean;
      /** Default float32. */
      dtype?: FloatDtype;
    } = {},
  ) {
    super();
    checkOptions("nn.GroupNorm", options, ["eps", "affine", "dtype"]);
    const { eps = 1e-5, affine = true, dtype = "float32" } = options;
    checkNumber("nn.GroupNorm", "numGroups", numGroups, { min: 1, whole: true });
    checkNumber("nn.GroupNorm", "numChannels", numChannels, { min: 1, whole: true });
    checkNumber("nn.GroupNorm", "eps", eps, { min: 0 });
    checkSwitch("nn.GroupNorm", "affine", affine);
    if (numChannels % numGroups !== 0) {
      throw new OptionError(
        `nn.GroupNorm: numGroups ${numGroups} must divide numChannels ${numChannels}, so that all groups are equal.`,
      );
    }
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.affine = affine;
    ({ weight: this.weight, bias: this.bias } = affineParameters(
      [numChannels],
      { weight: affine, bias: affine },
      dtype,
    ));
  }

  override forward(x: Tensor): Tensor {
    if (x.shape[1] !== this.numChannels) {
      throw new ShapeError(
        `nn.GroupNorm: made for ${this.numChannels} channels, but the input ${formatShape(x.shape)} has ${x.shape[1] ?? "none"} in dim 1.`,
      );
    }
    return row.groupNorm("nn.GroupNorm", x, this.numGroups, this.weight, this.bias, this.eps);
  }

  protected override describe(): string {
    return `${this.numGroups} groups of ${this.numChannels} channels${this.affine ? "" : ", not affine"}`;
  }
}
