// Pooling: the largest number or the mean of each window of a picture.
import { record } from "../autograd/tape.ts";
import type { FloatDtype } from "../dtype.ts";
import { ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import "../kernels/layers.ts";
import { int32View, place, scratch } from "../memory/heap.ts";
import type { Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { blank } from "./blank.ts";
import type { Pair } from "./conv-settings.ts";
import { toFloat } from "./elementwise.ts";
import { scatterAdd } from "./indexing.ts";
import { reshape } from "./layout.ts";
import {
  resolveOutputSize,
  resolvePooling,
  type AvgPoolOptions,
  type MaxPoolOptions,
  type OutputSize,
  type PoolSettings,
  type Single,
} from "./pool-settings.ts";

/** The input as (N, C, H, W), and the way back from a result. */
function asPictures(
  owner: string,
  dims: 1 | 2,
  x: unknown,
): { pictures: Tensor; back: (out: Tensor) => Tensor } {
  if (!(x instanceof Tensor)) {
    throw new ValueError(`${owner}: the input must be a tensor, not ${describe(x)}.`);
  }
  if (x.rank !== dims + 1 && x.rank !== dims + 2) {
    const [many, one] = dims === 2 ? ["(N, C, H, W)", "(C, H, W)"] : ["(N, C, L)", "(C, L)"];
    throw new ShapeError(
      `${owner}: the input must be ${many}, or ${one} for one example, not ${formatShape(x.shape)}.`,
    );
  }
  const input = toFloat(x);
  const lead = input.shape.slice(0, -dims);
  const [batch, channels] = lead.length === 2 ? lead : [1, lead[0]];
  const size = dims === 2 ? input.shape.slice(-2) : [1, input.shape.at(-1)!];
  return {
    pictures: reshape(input, [batch, channels!, ...size]),
    back: (out) => reshape(out, [...lead, ...out.shape.slice(-dims)]),
  };
}

/** How many windows there are along one direction. */
function windowsAlong(owner: string, shape: Shape, settings: PoolSettings, i: 0 | 1): number {
  const size = shape[2 + i]!;
  const stride = settings.stride[i];
  const padding = settings.padding[i];
  const reach = settings.dilation[i] * (settings.kernel[i] - 1) + 1;
  const room = size + 2 * padding - reach;
  let count = (settings.ceilMode ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // A window that would start in the padding behind the input is left out.
  if (settings.ceilMode && (count - 1) * stride >= size + padding) count--;
  if (size === 0 || count < 1) {
    throw new ShapeError(
      `${owner}: windows that reach over ${settings.kernel.map((k, d) => settings.dilation[d as 0 | 1] * (k - 1) + 1).join(" × ")} do not fit into ${shape.slice(2).join(" × ")}${padding > 0 ? " with its padding" : ""}. Use a smaller kernelSize.`,
    );
  }
  if (settings.dilation[i] > 1 && padding > 0) checkInside(owner, shape, settings, i, count);
  return count;
}

/** With gaps and padding a window's numbers can all fall beside a small input. */
function checkInside(owner: string, shape: Shape, settings: PoolSettings, i: 0 | 1, count: number): void {
  for (let w = 0; w < count; w++) {
    let at = w * settings.stride[i] - settings.padding[i];
    while (at < 0) at += settings.dilation[i];
    if (at < shape[2 + i]!) continue;
    throw new ShapeError(
      `${owner}: window ${w} of an input of ${shape.slice(2).join(" × ")} holds only padding. Use less padding or dilation.`,
    );
  }
}

interface Plan {
  input: Shape;
  output: Shape;
  planes: number;
  numbers: readonly number[];
}

function planPool(owner: string, shape: Shape, settings: PoolSettings): Plan {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const [h, w] = [windowsAlong(owner, shape, settings, 0), windowsAlong(owner, shape, settings, 1)];
  const { kernel, stride, padding, dilation, countIncludePad, divisor } = settings;
  return {
    input: shape,
    output: [batch, channels, h, w],
    planes: batch * channels,
    numbers: [
      height,
      width,
      h,
      w,
      ...kernel,
      ...stride,
      ...padding,
      ...dilation,
      countIncludePad ? 1 : 0,
      divisor,
    ],
  };
}

// ---------------------------------------------------------------- largest

/** Puts each number of g at its index of a plane; equal indices add up. */
function spreadLargest(g: Tensor, index: Tensor, plan: Plan): Tensor {
  const out = blank("maxPool", plan.input, g.dtype);
  place(g.storage, index.storage, out.storage);
  int32View.set(plan.numbers, scratch >>> 2);
  kernels[g.dtype as FloatDtype].maxPoolGradient(
    scratch,
    g.storage.address,
    index.storage.address,
    out.storage.address,
    plan.planes,
  );
  return out;
}

function maxPool(x: Tensor, plan: Plan): Tensor {
  const out = blank("maxPool", plan.output, x.dtype);
  const index = blank("maxPool", plan.output, "int32");
  place(x.storage, out.storage, index.storage);
  int32View.set(plan.numbers, scratch >>> 2);
  kernels[x.dtype as FloatDtype].maxPool(
    scratch,
    x.storage.address,
    out.storage.address,
    index.storage.address,
    plan.planes,
  );
  // Only the tape knows the positions, unless a recorded backward passes them on.
  index.isInternal = true;
  const [, , height, width] = plan.input as [number, number, number, number];
  const rows = (tensor: Tensor) =>
    reshape(tensor, [plan.planes, (plan.output[2] ?? 0) * (plan.output[3] ?? 0)]);
  return record(
    "maxPool",
    out,
    [x],
    [index],
    [
      (g) => {
        index.isInternal = false;
        return reshape(scatterAdd(rows(g), 1, rows(index), [plan.planes, height * width]), plan.input);
      },
    ],
    [(g) => spreadLargest(g, index, plan)],
  );
}

// ---------------------------------------------------------------- mean

function runMean(name: "meanPool" | "meanPoolGradient", x: Tensor, shape: Shape, plan: Plan): Tensor {
  const out = blank(name, shape, x.dtype);
  place(x.storage, out.storage);
  int32View.set(plan.numbers, scratch >>> 2);
  kernels[x.dtype as FloatDtype][name](scratch, x.storage.address, out.storage.address, plan.planes);
  return out;
}

/** The mean of each window. It is linear: its gradient shares each g out over its window. */
function meanPool(x: Tensor, plan: Plan): Tensor {
  return record("avgPool", runMean("meanPool", x, plan.output, plan), [x], null, [(g) => shareOut(g, plan)]);
}

/** The transpose of meanPool. */
function shareOut(g: Tensor, plan: Plan): Tensor {
  const out = runMean("meanPoolGradient", g, plan.input, plan);
  return record("avgPoolGradient", out, [g], null, [(gg) => meanPool(gg, plan)]);
}

// ---------------------------------------------------------------- for the functional forms and the layers

/** Pools an input of one or two dimensions with settings that have been read. */
export function poolWith(
  kind: "max" | "avg",
  owner: string,
  dims: 1 | 2,
  x: Tensor,
  settings: PoolSettings,
): Tensor {
  const { pictures, back } = asPictures(owner, dims, x);
  const plan = planPool(owner, pictures.shape, settings);
  return back(kind === "max" ? maxPool(pictures, plan) : meanPool(pictures, plan));
}

/** Means over windows chosen so that the result has a given size: window i is ⌊i·n/m⌋ … ⌈(i + 1)·n/m⌉. */
export function adaptiveMeanWith(
  owner: string,
  dims: 1 | 2,
  x: Tensor,
  sizes: readonly (number | null)[],
): Tensor {
  const { pictures, back } = asPictures(owner, dims, x);
  const [batch, channels, height, width] = pictures.shape as [number, number, number, number];
  if (height === 0 || width === 0) {
    throw new ShapeError(`${owner}: an input of ${formatShape(x.shape)} holds no numbers to take a mean of.`);
  }
  const [h, w] = [sizes[0] ?? height, sizes[1] ?? width];
  const plan: Plan = {
    input: pictures.shape,
    output: [batch, channels, h, w],
    planes: batch * channels,
    numbers: [height, width, h, w, 1, 1, 1, 1, 0, 0, 1, 1, 2, 0],
  };
  return back(meanPool(pictures, plan));
}

/**
 * The largest number of each window; the first of equal ones gets the whole gradient.
 * Each size becomes ⌊(n + 2·padding − dilation·(kernelSize − 1) − 1)/stride⌋ + 1 (rounded up with ceilMode).
 * @param x (N, C, H, W) or (C, H, W)
 */
export function maxPool2d(x: Tensor, kernelSize: Pair, options: MaxPoolOptions = {}): Tensor {
  return poolWith("max", "maxPool2d", 2, x, resolvePooling.maxPool2d("maxPool2d", kernelSize, options));
}

/** The largest number of each window of a sequence, (N, C, L) or (C, L); see maxPool2d. */
export function maxPool1d(x: Tensor, kernelSize: Single, options: MaxPoolOptions<Single> = {}): Tensor {
  return poolWith("max", "maxPool1d", 1, x, resolvePooling.maxPool1d("maxPool1d", kernelSize, options));
}

/**
 * The mean of each window. countIncludePad (default true) counts the zeros of the padding; divisorOverride divides by
 * another number than the count.
 * @param x (N, C, H, W) or (C, H, W)
 */
export function avgPool2d(
  x: Tensor,
  kernelSize: Pair,
  options: AvgPoolOptions & { divisorOverride?: number | null } = {},
): Tensor {
  return poolWith("avg", "avgPool2d", 2, x, resolvePooling.avgPool2d("avgPool2d", kernelSize, options));
}

/** The mean of each window of a sequence, (N, C, L) or (C, L); see avgPool2d. */
export function avgPool1d(x: Tensor, kernelSize: Single, options: AvgPoolOptions<Single> = {}): Tensor {
  return poolWith("avg", "avgPool1d", 1, x, resolvePooling.avgPool1d("avgPool1d", kernelSize, options));
}

/**
 * Means over windows chosen so that the result has the size asked for: `adaptiveAvgPool2d(x, 1)` is one mean for each
 * channel, whatever the picture's size. Window i of m over n numbers is ⌊i·n/m⌋ … ⌈(i + 1)·n/m⌉ − 1.
 * @param x (N, C, H, W) or (C, H, W)
 * @param outputSize one number or [height, width]; null keeps the input's size
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: OutputSize): Tensor {
  return adaptiveMeanWith("adaptiveAvgPool2d", 2, x, resolveOutputSize("adaptiveAvgPool2d", 2, outputSize));
}

/** The same for sequences, (N, C, L) or (C, L). */
export function adaptiveAvgPool1d(x: Tensor, outputSize: Single): Tensor {
  return adaptiveMeanWith("adaptiveAvgPool1d", 1, x, resolveOutputSize("adaptiveAvgPool1d", 1, outputSize));
}
