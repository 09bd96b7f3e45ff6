// Batch, layer and group normalisation: y = (x − mean)/√(variance + ε)·weight + bias. What they differ in is which numbers
// share a mean. Forward and backward are fused kernels; for higher derivatives the backward is written out in operations.
import { record, type VectorJacobian } from "../autograd/tape.ts";
import type { FloatDtype } from "../dtype.ts";
import { DtypeError, ShapeError, ValueError, checkNumber, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, moveBytes, place, release } from "../memory/heap.ts";
import { sameShape, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { blank } from "./blank.ts";
import { add, divInto, mul, sqrt, square, sub } from "./elementwise.ts";
import { reshape, sumTo } from "./layout.ts";
import { mean } from "./reduce.ts";

/** x under the shape `view`, in which the numbers along `dims` share a mean; weight and bias broadcast as `affine`. */
interface Layout {
  view: Shape;
  dims: readonly number[];
  affine: Shape;
}

/** Constants in place of the batch's own statistics, of shape `affine`. */
interface Fixed {
  mean: Tensor;
  variance: Tensor;
}

interface Operands {
  x: Tensor;
  weight: Tensor | null;
  bias: Tensor | null;
  eps: number;
}

function checkOperands(owner: string, { x, weight, bias, eps }: Operands, shape: (x: Tensor) => Shape): void {
  checkNumber(owner, "eps", eps, { min: 0 });
  if (!(x instanceof Tensor))
    throw new ValueError(`${owner}: the input must be a tensor, not ${describe(x)}.`);
  if (x.dtype === "int32") {
    throw new DtypeError(
      `${owner}: works on float32 and float64, not int32. Convert the input with .to("float32").`,
    );
  }
  const wanted = shape(x);
  for (const [name, values] of Object.entries({ weight, bias })) {
    if (values !== null) checkFactor(owner, name, values, x, wanted);
  }
}

/** A tensor that goes with the input: of its dtype and of the shape it must have. */
function checkFactor(owner: string, name: string, values: unknown, x: Tensor, shape: Shape): void {
  if (!(values instanceof Tensor)) {
    throw new ValueError(`${owner}: ${name} must be a tensor or null, not ${describe(values)}.`);
  }
  if (!sameShape(values.shape, shape)) {
    throw new ShapeError(
      `${owner}: ${name} must have the shape ${formatShape(shape)} for an input ${formatShape(x.shape)}, not ${formatShape(values.shape)}.`,
    );
  }
  if (values.dtype !== x.dtype) {
    throw new DtypeError(
      `${owner}: the input is ${x.dtype}, ${name} ${values.dtype}; both must have the same dtype. Convert the input with .to("${values.dtype}") or the layer with .to("${x.dtype}").`,
    );
  }
}

/**
 * The backward in differentiable operations. With x̂ = (x − mean)/σ and gw = g·weight:
 * ∂L/∂x = (gw − mean(gw) − x̂·mean(gw·x̂))/σ, or gw/σ for fixed statistics; ∂L/∂weight = Σ g·x̂; ∂L/∂bias = Σ g.
 */
function composedProducts(
  { x, weight, eps }: Operands,
  { view, dims, affine }: Layout,
  fixed: Fixed | null,
): { x: VectorJacobian; weight: VectorJacobian; bias: VectorJacobian } {
  const seen = (tensor: Tensor) => reshape(tensor, view);
  const average = (tensor: Tensor) => mean(tensor, dims, true);
  const standardise = () => {
    const values = seen(x);
    const centred = sub(values, fixed === null ? average(values) : fixed.mean);
    const variance = fixed === null ? average(square(centred)) : fixed.variance;
    const inverse = divInto(1, sqrt(add(variance, eps)));
    return { standard: mul(centred, inverse), inverse };
  };
  return {
    x: (g) => {
      const { standard, inverse } = standardise();
      const gw = weight === null ? seen(g) : mul(seen(g), reshape(weight, affine));
      const own = fixed === null ? sub(sub(gw, average(gw)), mul(standard, average(mul(gw, standard)))) : gw;
      return reshape(mul(own, inverse), x.shape);
    },
    weight: (g) => reshape(sumTo(mul(seen(g), standardise().standard), affine), weight!.shape),
    bias: (g) => reshape(sumTo(seen(g), affine), [sizeOf(affine)]),
  };
}

/** Notes the operation with the inputs that there are. */
function recordNormalise(
  name: string,
  out: Tensor,
  { x, weight, bias }: Operands,
  products: Record<"x" | "weight" | "bias", VectorJacobian>,
  fast: Record<"x" | "weight" | "bias", VectorJacobian>,
): Tensor {
  const inputs = [x];
  const saved = [x];
  const names: ("x" | "weight" | "bias")[] = ["x"];
  if (weight !== null) {
    inputs.push(weight);
    saved.push(weight);
    names.push("weight");
  }
  if (bias !== null) {
    inputs.push(bias);
    names.push("bias");
  }
  return record(
    name,
    out,
    inputs,
    saved,
    names.map((each) => products[each]),
    names.map((each) => fast[each]),
  );
}

// ---------------------------------------------------------------- channels: batch norm

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

// ---------------------------------------------------------------- rows: layer norm, group norm

/** `count` rows of parts·run numbers; weight and bias have one number for each of the groups' parts. */
interface Rows {
  count: number;
  groups: number;
  parts: number;
  run: number;
}

function normaliseRows(name: string, operands: Operands, layout: Layout, rows: Rows): Tensor {
  const { x, weight, bias, eps } = operands;
  const { count, groups, parts, run } = rows;
  const dtype = x.dtype as FloatDtype;
  const kernel = kernels[dtype];
  const stats = new Storage("float64", 2 * count);
  const fill = (g: Tensor | null): Tensor => {
    const out = blank(name, x.shape, dtype);
    const other = g ?? bias;
    place(x.storage, out.storage, stats, weight?.storage ?? stats, other?.storage ?? stats);
    if (g === null) kernel.moments(x.storage.address, stats.address, 1, count, parts * run);
    kernel.normaliseRows(
      x.storage.address,
      g === null ? 0 : g.storage.address,
      out.storage.address,
      stats.address,
      weight === null ? 0 : weight.storage.address,
      g === null && bias !== null ? bias.storage.address : 0,
      count,
      groups,
      parts,
      run,
      eps,
    );
    return out;
  };
  const parameterGradient = (g: Tensor, shape: Shape, ofWeight: boolean): Tensor => {
    const out = blank(name, shape, dtype);
    const work = new Storage("float64", groups * parts);
    place(x.storage, g.storage, stats, out.storage, work);
    kernel.rowParameterGradient(
      x.storage.address,
      g.storage.address,
      ofWeight ? stats.address : 0,
      out.storage.address,
      work.address,
      count,
      groups,
      parts,
      run,
      eps,
    );
    release(work);
    return out;
  };
  const composed = composedProducts(operands, layout, null);
  return recordNormalise(
    name,
    fill(null),
    operands,
    { ...composed, bias: (g, made) => reshape(composed.bias(g, made), bias!.shape) },
    {
      x: fill,
      weight: (g) => parameterGradient(g, weight!.shape, true),
      bias: (g) => parameterGradient(g, bias!.shape, false),
    },
  );
}

/** Normalises over the last dims, whose sizes are `shape`; weight and bias have that shape. */
export function layerNorm(
  owner: string,
  x: Tensor,
  shape: Shape,
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): Tensor {
  const operands = { x, weight, bias, eps };
  checkOperands(owner, operands, (input) => {
    const lead = input.rank - shape.length;
    if (lead >= 0 && sameShape(input.shape.slice(lead), shape)) return shape;
    throw new ShapeError(
      `${owner}: the input ${formatShape(input.shape)} must end with the normalizedShape ${formatShape(shape)}.`,
    );
  });
  const parts = sizeOf(shape);
  const count = x.size / parts || 0;
  const layout = { view: [count, parts], dims: [1], affine: [1, parts] };
  return normaliseRows("layerNorm", operands, layout, { count, groups: 1, parts, run: 1 });
}

/** Normalises the channels of x (N, C, …) in groups, example by example; weight and bias are (C,). */
export function groupNorm(
  owner: string,
  x: Tensor,
  groups: number,
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): Tensor {
  const operands = { x, weight, bias, eps };
  checkNumber(owner, "numGroups", groups, { min: 1, whole: true });
  checkOperands(owner, operands, (input) => {
    if (input.rank < 2) {
      throw new ShapeError(`${owner}: the input must be (N, C, …), not ${formatShape(input.shape)}.`);
    }
    const channels = input.shape[1]!;
    if (channels % groups === 0 && sizeOf(input.shape.slice(1)) > 0) return [channels];
    throw new ShapeError(
      `${owner}: ${channels} channels of the input ${formatShape(input.shape)} cannot be cut into ${groups} equal groups.`,
    );
  });
  const [batch, channels] = x.shape as [number, number];
  const parts = channels / groups;
  const run = sizeOf(x.shape.slice(2));
  const layout = { view: [batch, groups, parts, run], dims: [2, 3], affine: [1, groups, parts, 1] };
  return normaliseRows("groupNorm", operands, layout, { count: batch * groups, groups, parts, run });
}
