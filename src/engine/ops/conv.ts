// Convolution in one and two dimensions. The output, the gradient of the input and the gradient of the weight are one sum of
// products read in three directions, so the gradients of each are the others, and any order of derivative runs on kernels.
import { record } from "../autograd/tape.ts";
import type { FloatDtype } from "../dtype.ts";
import { DtypeError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import "../kernels/layers.ts";
import { Storage, int32View, place, release, scratch } from "../memory/heap.ts";
import type { Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { blank } from "./blank.ts";
import {
  resolveConv1d,
  resolveConv2d,
  type Conv1dOptions,
  type Conv2dOptions,
  type ConvSettings,
} from "./conv-settings.ts";
import { recordRelu } from "./elementwise.ts";
import { reshape, sumDims } from "./layout.ts";

/** Everything a kernel needs to know, see assembly/conv.ts. */
interface Geometry {
  input: Shape;
  weight: Shape;
  output: Shape;
  /** As the kernels read them. */
  numbers: readonly number[];
}

function checkOperands(owner: string, x: unknown, weight: unknown, bias: unknown): void {
  const named: [string, unknown][] = [
    ["input", x],
    ["weight", weight],
  ];
  if (bias !== null) named.push(["bias", bias]);
  for (const [name, operand] of named) {
    if (!(operand instanceof Tensor)) {
      throw new ValueError(`${owner}: the ${name} must be a tensor, not ${describe(operand)}.`);
    }
    if (operand.dtype === "int32") {
      throw new DtypeError(
        `${owner}: works on float32 and float64; the ${name} is int32. Convert it with .to("float32").`,
      );
    }
    if (operand.dtype !== (x as Tensor).dtype) {
      throw new DtypeError(
        `${owner}: the input is ${(x as Tensor).dtype}, the ${name} ${operand.dtype}; both must have the same dtype. Convert one with .to("${(x as Tensor).dtype}").`,
      );
    }
  }
}

/** Shapes of a batch of pictures, checked. */
function geometryOf(
  owner: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  settings: ConvSettings,
): Geometry {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [out, perGroup, kernelHeight, kernelWidth] = weight.shape as [number, number, number, number];
  const { stride, dilation, groups } = settings;
  if (out % groups !== 0 || out === 0 || channels !== perGroup * groups || channels === 0) {
    const inGroups = groups === 1 ? "" : ` and groups ${groups}`;
    throw new ShapeError(
      `${owner}: the input has ${channels} channels, the weight ${formatShape(weight.shape)}${inGroups}: the weight's shape is (out, in/groups, …), so the input must have ${perGroup}·${groups} = ${perGroup * groups} channels, and groups must divide out = ${out}.`,
    );
  }
  if (bias !== null && (bias.rank !== 1 || bias.size !== out)) {
    throw new ShapeError(
      `${owner}: the bias must be (${out},), one number for each output channel, not ${formatShape(bias.shape)}.`,
    );
  }
  const reach = [dilation[0] * (kernelHeight - 1) + 1, dilation[1] * (kernelWidth - 1) + 1] as const;
  if (kernelHeight === 0 || kernelWidth === 0) {
    throw new ShapeError(`${owner}: the weight ${formatShape(weight.shape)} has an empty kernel.`);
  }
  const { padding } = settings;
  // What "same" needs in all; where that is odd, the extra zeros come after, as in PyTorch.
  const total =
    padding === "same"
      ? ([reach[0] - 1, reach[1] - 1] as const)
      : ([2 * padding[0], 2 * padding[1]] as const);
  const places = (size: number, i: 0 | 1) => Math.floor((size + total[i] - reach[i]) / stride[i]) + 1;
  const [outHeight, outWidth] = [places(height, 0), places(width, 1)];
  if (outHeight < 1 || outWidth < 1) {
    throw new ShapeError(
      `${owner}: a kernel that reaches over ${reach.join(" × ")} does not fit into an input of ${height} × ${width}${total[0] + total[1] > 0 ? ` with padding to ${height + total[0]} × ${width + total[1]}` : ""}. Use a smaller kernel or dilation, or more padding.`,
    );
  }
  const [top, left] = [Math.floor(total[0] / 2), Math.floor(total[1] / 2)];
  return {
    input: x.shape,
    weight: weight.shape,
    output: [batch, out, outHeight, outWidth],
    numbers: [
      batch,
      channels,
      height,
      width,
      out,
      outHeight,
      outWidth,
      kernelHeight,
      kernelWidth,
      ...stride,
      top,
      left,
      ...dilation,
      groups,
    ],
  };
}

// ---------------------------------------------------------------- the three kernels

type Direction = "conv" | "convInputGradient" | "convWeightGradient";

/** Runs a kernel on two operands, with a bias or without. */
function run(
  direction: Direction,
  geometry: Geometry,
  shape: Shape,
  a: Tensor,
  b: Tensor,
  bias: Tensor | null = null,
  relu = false,
): Tensor {
  const dtype = a.dtype as FloatDtype;
  const out = blank(direction, shape, dtype);
  const table = kernels[dtype];
  const { numbers } = geometry;
  int32View.set(numbers, scratch >>> 2);
  int32View[(scratch >>> 2) + numbers.length] = relu ? 1 : 0;
  const work = new Storage("float64", Math.ceil(table[`${direction}Workspace`](scratch) / 8));
  place(a.storage, b.storage, out.storage, work, bias?.storage ?? out.storage);
  const [x, y, to] = [a.storage.address, b.storage.address, out.storage.address];
  if (direction === "conv") {
    table.conv(scratch, x, y, bias === null ? 0 : bias.storage.address, to, work.address);
  } else {
    table[direction](scratch, x, y, to, work.address);
  }
  release(work);
  return out;
}

/** ∂L/∂x of a convolution: the transposed convolution of g. Linear in g and in the weight. */
function inputGradient(g: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const operands = [g, weight];
  return record(
    "convInputGradient",
    run("convInputGradient", geometry, geometry.input, g, weight),
    operands,
    operands,
    [(gg) => convolve(gg, weight, null, geometry), (gg) => weightGradient(gg, g, geometry)],
  );
}

/** ∂L/∂weight of a convolution: how g goes with each tap's inputs. Linear in x and in g. */
function weightGradient(x: Tensor, g: Tensor, geometry: Geometry): Tensor {
  const operands = [x, g];
  return record(
    "convWeightGradient",
    run("convWeightGradient", geometry, geometry.weight, x, g),
    operands,
    operands,
    [(gg) => inputGradient(g, gg, geometry), (gg) => convolve(x, gg, null, geometry)],
  );
}

/** ∂L/∂bias: g summed over everything but the channels, (N, C, …) → (C,). */
function biasGradient(g: Tensor): Tensor {
  const [batch, channels] = g.shape as [number, number];
  const out = blank("conv", [channels], g.dtype);
  place(g.storage, out.storage);
  kernels[g.dtype as FloatDtype].channelSum(
    g.storage.address,
    out.storage.address,
    batch,
    channels,
    g.size / (batch * channels) || 0,
  );
  return out;
}

function convolve(x: Tensor, weight: Tensor, bias: Tensor | null, geometry: Geometry, relu = false): Tensor {
  const out = run("conv", geometry, geometry.output, x, weight, bias, relu);
  const operands = [x, weight];
  const products = [
    (g: Tensor) => inputGradient(g, weight, geometry),
    (g: Tensor) => weightGradient(x, g, geometry),
  ];
  const note = (made: Tensor): Tensor =>
    bias === null
      ? record("conv", made, operands, operands, products)
      : record(
          "conv",
          made,
          [...operands, bias],
          operands,
          [...products, (g) => sumDims(g, [0, 2, 3])],
          [...products, biasGradient],
        );
  if (!relu) return note(out);
  // On the tape it is two operations. What passes between them is never written down: no backward reads it.
  return recordRelu(out, note(blank("conv", out.shape, out.dtype)));
}

// ---------------------------------------------------------------- the public forms

function conv2dWith(
  owner: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  settings: ConvSettings,
  relu: boolean,
): Tensor {
  checkOperands(owner, x, weight, bias);
  if (weight.rank !== 4) {
    throw new ShapeError(
      `${owner}: the weight must be (out, in/groups, height, width), not ${formatShape(weight.shape)}.`,
    );
  }
  if (x.rank !== 4 && x.rank !== 3) {
    throw new ShapeError(
      `${owner}: the input must be (N, C, H, W), or (C, H, W) for one picture, not ${formatShape(x.shape)}.${x.rank === 2 ? " A batch of flat pictures needs .reshape([-1, channels, height, width])." : ""}`,
    );
  }
  const batch = x.rank === 4 ? x : reshape(x, [1, ...x.shape]);
  const out = convolve(batch, weight, bias, geometryOf(owner, batch, weight, bias, settings), relu);
  return x.rank === 4 ? out : reshape(out, out.shape.slice(1));
}

function conv1dWith(
  owner: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  settings: ConvSettings,
  relu: boolean,
): Tensor {
  checkOperands(owner, x, weight, bias);
  if (weight.rank !== 3) {
    throw new ShapeError(
      `${owner}: the weight must be (out, in/groups, length), not ${formatShape(weight.shape)}.`,
    );
  }
  if (x.rank !== 3 && x.rank !== 2) {
    throw new ShapeError(
      `${owner}: the input must be (N, C, L), or (C, L) for one sequence, not ${formatShape(x.shape)}.`,
    );
  }
  const [out, perGroup, length] = weight.shape as [number, number, number];
  const batch = x.rank === 3 ? x.shape : [1, ...x.shape];
  const picture = reshape(x, [batch[0]!, batch[1]!, 1, batch[2]!]);
  const kernel = reshape(weight, [out, perGroup, 1, length]);
  const made = convolve(picture, kernel, bias, geometryOf(owner, picture, kernel, bias, settings), relu);
  const [n, c, , l] = made.shape as [number, number, number, number];
  return reshape(made, x.rank === 3 ? [n, c, l] : [c, l]);
}

/**
 * Convolution of pictures (cross-correlation, as everywhere in deep learning):
 *
 *     out[n, o, y, x] = bias[o] + Σᵢ Σ_ky Σ_kx weight[o, i, ky, kx]·input[n, i, y·s + ky·d − p, x·s + kx·d − p]
 *
 * with stride s, dilation d, padding p and zeros outside. Each height becomes ⌊(H + 2p − d·(k − 1) − 1)/s⌋ + 1.
 * @param x (N, C, H, W) or (C, H, W)
 * @param weight (out, C/groups, height, width)
 * @param bias (out,) or null
 * @throws ShapeError if channels do not match or the kernel does not fit into the padded input
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: Conv2dOptions = {},
): Tensor {
  return conv2dWith("conv2d", x, weight, bias, resolveConv2d("conv2d", options), false);
}

/**
 * Convolution of sequences; see conv2d.
 * @param x (N, C, L) or (C, L)
 * @param weight (out, C/groups, length)
 * @param bias (out,) or null
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: Conv1dOptions = {},
): Tensor {
  return conv1dWith("conv1d", x, weight, bias, resolveConv1d("conv1d", options), false);
}

/** A layer's convolution, its settings already read, with or without a ReLU in the same kernel call. */
export const convLayer: Record<
  "Conv1d" | "Conv2d",
  (x: Tensor, weight: Tensor, bias: Tensor | null, settings: ConvSettings, relu: boolean) => Tensor
> = {
  Conv1d: (...args) => conv1dWith("nn.Conv1d", ...args),
  Conv2d: (...args) => conv2dWith("nn.Conv2d", ...args),
};
