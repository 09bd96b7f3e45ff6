// What the analysis tools look at: a function of one tensor, or the loss of a model as a function of its parameters.
import { grad } from "../autograd/backward.ts";
import { enableGrad, noGrad } from "../autograd/tape.ts";
import { GradientError, OptionError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { bytesOf, isFloat } from "../dtype.ts";
import { Storage, moveBytes, place } from "../memory/heap.ts";
import { Module, Parameter } from "../nn/module.ts";
import { parametersToVector } from "../nn/utils.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** A function from a tensor to one number, e.g. a loss of the weights. */
export type ScalarFunction = (x: Tensor) => Tensor;
/** The same with further arguments, e.g. the number of an example. */
type FunctionOf<Rest extends unknown[]> = (x: Tensor, ...rest: Rest) => Tensor;

export function checkPoint(owner: string, x: unknown): asserts x is Tensor {
  if (!(x instanceof Tensor)) {
    throw new ValueError(
      `${owner}: the point must be a tensor, not ${describe(x)}. Wrap arrays in tensor(…).`,
    );
  }
  if (x.size === 0) throw new ShapeError(`${owner}: the point ${formatShape(x.shape)} holds no numbers.`);
}

export function checkFunction(owner: string, f: unknown): void {
  if (typeof f !== "function") {
    throw new ValueError(
      `${owner}: needs a function of a tensor, (x) => x.square().sum(), not ${describe(f)}.`,
    );
  }
}

/** Refuses an option that is neither true nor false. */
export function checkFlag(owner: string, name: string, value: unknown): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw new OptionError(`${owner}: ${name} must be true or false, not ${describe(value)}.`);
}

/** A fresh leaf at the place of x, which is itself left alone. */
export function leafAt(owner: string, x: Tensor): Tensor {
  checkPoint(owner, x);
  const at = isFloat(x.dtype) ? x : x.to("float32");
  return at.detach().clone().requiresGrad_();
}

/** f's result, checked to be one number. */
function checkNumberResult(owner: string, y: unknown): asserts y is Tensor {
  if (!(y instanceof Tensor)) {
    throw new ValueError(
      `${owner}: the function must return a tensor, so that it can be differentiated, not ${describe(y)}.`,
    );
  }
  if (y.size !== 1) {
    throw new ShapeError(
      `${owner}: the function must return one number, not a tensor of shape ${formatShape(y.shape)}. Reduce it with .sum() or .mean().`,
    );
  }
}

function checkDifferentiable(owner: string, y: Tensor): void {
  if (!y.requiresGrad) {
    throw new GradientError(
      `${owner}: the function's result does not depend on its argument through tensor operations, so it has no gradient.`,
    );
  }
}

/** f(x), recorded also inside noGrad, and checked to be one number that depends on x. */
export function evaluate<Rest extends unknown[]>(
  owner: string,
  f: FunctionOf<Rest>,
  x: Tensor,
  ...rest: Rest
): Tensor {
  checkFunction(owner, f);
  const y: unknown = enableGrad(() => f(x, ...rest));
  checkNumberResult(owner, y);
  checkDifferentiable(owner, y);
  return y;
}

/** f(x) as a plain number, without a tape. */
export function valueAt(owner: string, f: ScalarFunction, x: Tensor): number {
  checkFunction(owner, f);
  return noGrad(() => {
    const y: unknown = f(x);
    if (typeof y === "number") return y;
    checkNumberResult(owner, y);
    return y.item();
  });
}

/** What ofModel knows of the function it made: it can be asked piece by piece, without cutting up a vector. */
interface PiecewiseLoss {
  shapes: readonly Shape[];
  count: number;
  at: (pieces: readonly Tensor[], rest: unknown[]) => Tensor;
}

const piecewise = new WeakMap<object, PiecewiseLoss>();

/** A function at a point, with the leaves that its gradient is taken for. */
export interface Differentiable {
  leaves: readonly Tensor[];
  loss: Tensor;
  /** A vector like x, cut to the leaves' shapes. */
  split: (v: Tensor) => Tensor[];
  /** The pieces, one for each leaf, put together to the shape of x. */
  join: (pieces: readonly Tensor[]) => Tensor;
}

/**
 * f(x) ready for differentiation. For a function of ofModel the leaves are the parameters themselves: cutting a vector
 * up and padding its gradient again can cost more than all the rest.
 */
export function differentiable<Rest extends unknown[]>(
  owner: string,
  f: FunctionOf<Rest>,
  x: Tensor,
  ...rest: Rest
): Differentiable {
  const known = piecewise.get(f);
  if (known === undefined || !(x instanceof Tensor) || x.rank !== 1 || x.size !== known.count) {
    const leaf = leafAt(owner, x);
    const { dtype, shape } = leaf;
    return {
      leaves: [leaf],
      loss: evaluate(owner, f, leaf, ...rest),
      split: (v) => [v.detach().to(dtype).reshape(shape)],
      join: ([piece]) => piece!,
    };
  }
  const cut = (v: Tensor): Tensor[] =>
    cutUp(
      noGrad(() => v.detach().to(x.dtype)),
      known.shapes,
    );
  const leaves = cut(x).map((piece) => new Parameter(piece));
  const loss: unknown = enableGrad(() => known.at(leaves, rest));
  checkNumberResult(owner, loss);
  checkDifferentiable(owner, loss);
  return {
    leaves,
    loss,
    split: cut,
    join: (parts) => putTogether(parts, known.count),
  };
}

/** f(x) and ∇f(x), of the shape of x. */
export function valueAndGradient<Rest extends unknown[]>(
  owner: string,
  f: FunctionOf<Rest>,
  x: Tensor,
  ...rest: Rest
): { value: number; gradient: Tensor } {
  const { leaves, loss, join } = differentiable(owner, f, x, ...rest);
  return { value: loss.item(), gradient: join(grad(loss, leaves, { allowUnused: leaves.length > 1 })) };
}

/** ∇f(x), of the shape of x. */
export function gradient(f: ScalarFunction, x: Tensor): Tensor {
  return valueAndGradient("analysis.gradient", f, x).gradient;
}

/** ‖∇f(x)‖, the length of the gradient, as a plain number. */
export function gradientNorm(f: ScalarFunction, x: Tensor): number {
  return gradient(f, x).to("float64").norm().item();
}

/**
 * The loss of a model as a function of one vector of all its parameters, in the order of `parametersToVector`, with the
 * vector's own gradient: what `hessian`, `hvp` and the others need.
 *
 *     const { f, x } = analysis.ofModel(model, () => mseLoss(model.forward(X), Y));
 *     const curvature = analysis.hessian(f, x);
 *
 * While f runs, the model's parameters are replaced by pieces of its argument; afterwards they, and its buffers (running
 * means), are as before. Further arguments of f are handed to the loss: `f(x, i)` calls `loss(i)`.
 */
export function ofModel<Arguments extends unknown[]>(
  model: Module,
  loss: (...rest: Arguments) => Tensor,
): { f: (vector: Tensor, ...rest: Arguments) => Tensor; x: Tensor } {
  const owner = "analysis.ofModel";
  checkModel(owner, model);
  if (typeof loss !== "function") {
    throw new ValueError(
      `${owner}: the loss must be a function, () => mseLoss(model.forward(X), Y), not ${describe(loss)}.`,
    );
  }
  const parameters = model.parameters();
  const shapes = parameters.map(({ shape }) => shape);
  const x = noGrad(() => parametersToVector(parameters).detach().clone());
  const f = (vector: Tensor, ...rest: Arguments): Tensor => {
    checkVector("analysis", vector, x.size);
    return withParameters(model, pieces(vector, shapes).map(asParameter), () => loss(...rest));
  };
  piecewise.set(f, {
    shapes,
    count: x.size,
    at: (leaves, rest) => withParameters(model, leaves, () => loss(...(rest as Arguments))),
  });
  return { f, x };
}

/** Refuses what is no module, and a module without parameters. */
export function checkModel(owner: string, model: unknown): asserts model is Module {
  if (!(model instanceof Module)) {
    throw new ValueError(
      `${owner}: needs a model (an nn.Module such as nn.Sequential), not ${describe(model)}.`,
    );
  }
  if (model.parameters().length === 0) throw new ValueError(`${owner}: the model has no parameters.`);
}

/** Refuses what does not have one number for each parameter of a model. */
export function checkVector(owner: string, vector: unknown, count: number): asserts vector is Tensor {
  if (vector instanceof Tensor && vector.rank === 1 && vector.size === count) return;
  const found =
    vector instanceof Tensor ? `the vector has shape ${formatShape(vector.shape)}` : describe(vector);
  throw new ShapeError(`${owner}: the model has ${count} parameters, ${found}.`);
}

/** A vector cut into tensors of these shapes. */
export function pieces(vector: Tensor, shapes: readonly Shape[]): Tensor[] {
  let start = 0;
  return shapes.map((shape) => {
    const end = start + sizeOf(shape);
    const piece = vector.slice(start, end).reshape(shape);
    start = end;
    return piece;
  });
}

/** As pieces, but plain copies of the numbers, off the tape. */
export function cutUp(vector: Tensor, shapes: readonly Shape[]): Tensor[] {
  const width = bytesOf[vector.dtype];
  let start = 0;
  return shapes.map((shape) => {
    const piece = new Storage(vector.dtype, sizeOf(shape));
    place(vector.storage, piece);
    moveBytes(vector.storage.address + start * width, piece.address, piece.length * width);
    start += piece.length;
    return new Tensor(piece, shape);
  });
}

/** The numbers of all parts one after the other, off the tape. */
function putTogether(parts: readonly Tensor[], count: number): Tensor {
  const { dtype } = parts[0]!;
  const width = bytesOf[dtype];
  const out = new Storage(dtype, count);
  let start = 0;
  for (const { storage } of parts) {
    place(storage, out);
    moveBytes(storage.address, out.address + start * width, storage.length * width);
    start += storage.length;
  }
  return new Tensor(out, [count]);
}

/** The same tensor, history included, as a Parameter, so that the model still finds it among its parameters. */
function asParameter(piece: Tensor): Parameter {
  const parameter = new Parameter(piece, { requiresGrad: piece.requiresGrad });
  parameter.history = piece.history;
  return parameter;
}

/** Runs `body` while the fields that hold the model's parameters hold these tensors, in the order of parameters(). */
export function withParameters<T>(model: Module, replacements: readonly Tensor[], body: () => T): T {
  const byOriginal = new Map<unknown, Tensor>();
  for (const [i, parameter] of model.parameters().entries()) byOriginal.set(parameter, replacements[i]!);
  const restore: (() => void)[] = [];
  try {
    for (const [, module] of model.namedModules()) {
      keepBuffers(module, restore);
      const fields = module as unknown as Record<string, unknown>;
      for (const [name, value] of Object.entries(fields)) {
        const replacement = byOriginal.get(value);
        if (replacement === undefined) continue;
        fields[name] = replacement;
        restore.push(() => {
          fields[name] = value;
        });
      }
    }
    return body();
  } finally {
    for (const undo of restore) undo();
  }
}

/** Notes how to put back a module's own buffers, which a forward pass in training mode may replace or overwrite. */
function keepBuffers(module: Module, restore: (() => void)[]): void {
  for (const [name, buffer] of module.namedBuffers()) {
    if (name.includes(".")) continue;
    const { version } = buffer.storage;
    const copy = buffer.detach().clone();
    restore.push(() => {
      if (buffer.storage.version !== version) noGrad(() => buffer.copy_(copy));
      if (module.buffer(name) !== buffer) module.setBuffer(name, buffer);
    });
  }
}
