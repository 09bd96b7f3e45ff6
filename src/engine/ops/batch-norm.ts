// Batch normalisation: the numbers of one channel share a mean, over the batch and all places.
import type { FloatDtype } from "../dtype.ts";
import { ShapeError, ValueError, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import "../kernels/layers.ts";
import { Storage, moveBytes, place } from "../memory/heap.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { blank } from "./blank.ts";
import { reshape } from "./layout.ts";
import {
  checkFactor,
  checkOperands,
  composedProducts,
  recordNormalise,
  type Fixed,
  type Operands,
} from "./normalise.ts";

/** Averages over the batches so far, changed in place by training. */
export interface Running {
  mean: Tensor;
  variance: Tensor;
  /** How many batches there were (int32 scalar), or null if nobody counts. */
  counter: Tensor | null;
}

export interface BatchNormSettings {
  /** Use this batch's statistics, and let the running ones follow; else use the running ones. */
  training: boolean;
  /** Weight of this batch in the running statistics; null for the plain average of all batches. */
  momentum: number | null;
  eps: number;
}

/**
 * Normalises each channel of x (N, C, …) over the batch and all places.
 * The running variance is the unbiased one, as in PyTorch.
 */
export function batchNorm(
  owner: string,
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  running: Running | null,
  { training, momentum, eps }: BatchNormSettings,
): Tensor {
  const operands = { x, weight, bias, eps };
  checkOperands(owner, operands, (input) => {
    if (input.rank >= 2) return [input.shape[1]!];
    throw new ShapeError(`${owner}: the input must be (N, C, …), not ${formatShape(input.shape)}.`);
  });
  const [batch, channels] = x.shape as [number, number];
  const size = sizeOf(x.shape.slice(2));
  if (running !== null) {
    checkFactor(owner, "runningMean", running.mean, x, [channels]);
    checkFactor(owner, "runningVar", running.variance, x, [channels]);
  }
  const usesBatch = training || running === null;
  if (usesBatch && batch * size <= 1) {
    throw new ValueError(
      `${owner}: training needs more than one number for each channel, and the input ${formatShape(x.shape)} has ${batch * size}: a single number has no variance. Use a larger batch${training ? ", or switch to model.eval()" : ""}.`,
    );
  }
  const kernel = kernels[x.dtype as FloatDtype];
  // Means, variances, the two sums of the backward, and room to work in.
  const state = new Storage("float64", 8 * channels);
  const out = blank(owner, x.shape, x.dtype);
  let fixed: Fixed | null = null;
  if (usesBatch) {
    place(x.storage, state);
    kernel.moments(x.storage.address, state.address, batch, channels, size);
    if (running !== null) updateRunning(running, state, batch * size, momentum);
  } else {
    fixed = fixedStatistics(running, state, channels);
  }
  normaliseChannels(operands, null, out, state, [batch, channels, size]);
  const layout = { view: [batch, channels, size], dims: [0, 2], affine: [1, channels, 1] };
  const composed = composedProducts(operands, layout, fixed);
  if (fixed !== null) return recordNormalise("batchNorm", out, operands, composed, composed);

  const sums = gradientSums(x, state, [batch, channels, size]);
  return recordNormalise("batchNorm", out, operands, composed, {
    x: (g) => {
      sums(g);
      const gradient = blank("batchNorm", x.shape, x.dtype);
      normaliseChannels(operands, g, gradient, state, [batch, channels, size]);
      return gradient;
    },
    weight: (g) => {
      sums(g);
      return channelGradient(x.dtype as FloatDtype, state, channels, eps, true);
    },
    bias: (g) => {
      sums(g);
      return channelGradient(x.dtype as FloatDtype, state, channels, eps, false);
    },
  });
}

/** Copies of the running statistics: as constants for the tape, and as doubles for the kernel. */
function fixedStatistics(running: Running, state: Storage, channels: number): Fixed {
  const copy = (values: Tensor) => reshape(values.detach().clone(), [1, channels, 1]);
  const fixed = { mean: copy(running.mean), variance: copy(running.variance) };
  place(fixed.mean.storage, fixed.variance.storage, state);
  for (const [i, { storage }] of [fixed.mean, fixed.variance].entries()) {
    const to = state.address + 8 * i * channels;
    if (storage.dtype === "float32") kernels.float32.toF64(storage.address, to, channels);
    else moveBytes(storage.address, to, 8 * channels);
  }
  return fixed;
}

function updateRunning(running: Running, state: Storage, count: number, momentum: number | null): void {
  const { mean: means, variance, counter } = running;
  place(state, means.storage, variance.storage, counter?.storage ?? state);
  kernels[means.dtype as FloatDtype].updateRunning(
    state.address,
    means.storage.address,
    variance.storage.address,
    counter === null ? 0 : counter.storage.address,
    means.size,
    count,
    momentum ?? -1,
  );
  means.storage.version++;
  variance.storage.version++;
  if (counter !== null) counter.storage.version++;
}

/** The forward, or with g the gradient of x. */
function normaliseChannels(
  { x, weight, bias, eps }: Operands,
  g: Tensor | null,
  out: Tensor,
  state: Storage,
  [batch, channels, size]: readonly [number, number, number],
): void {
  const other = g ?? bias;
  place(x.storage, out.storage, state, weight?.storage ?? state, other?.storage ?? state);
  kernels[x.dtype as FloatDtype].normaliseChannels(
    x.storage.address,
    g === null ? 0 : g.storage.address,
    out.storage.address,
    state.address,
    state.address + 16 * channels,
    weight === null ? 0 : weight.storage.address,
    g === null && bias !== null ? bias.storage.address : 0,
    state.address + 32 * channels,
    batch,
    channels,
    size,
    eps,
  );
}

/** Computes Σg and Σg(x − mean) once for all gradients that need them. */
function gradientSums(
  x: Tensor,
  state: Storage,
  [batch, channels, size]: readonly [number, number, number],
): (g: Tensor) => void {
  let last: Tensor | null = null;
  let version = 0;
  return (g) => {
    if (last === g && version === g.storage.version) return;
    place(x.storage, g.storage, state);
    kernels[x.dtype as FloatDtype].gradientSums(
      x.storage.address,
      g.storage.address,
      state.address,
      state.address + 16 * channels,
      batch,
      channels,
      size,
    );
    last = g;
    ({ version } = g.storage);
  };
}

function channelGradient(
  dtype: FloatDtype,
  state: Storage,
  channels: number,
  eps: number,
  ofWeight: boolean,
): Tensor {
  const out = blank("batchNorm", [channels], dtype);
  place(state, out.storage);
  kernels[dtype].parameterGradient(
    state.address + 16 * channels,
    ofWeight ? state.address : 0,
    out.storage.address,
    channels,
    eps,
  );
  return out;
}
