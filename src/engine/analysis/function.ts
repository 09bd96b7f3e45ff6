// What the analysis tools look at: a function of one tensor, or the loss of a model as a function of its parameters.
import { grad } from "../autograd/backward.ts";
import { GradientError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { isFloat } from "../dtype.ts";
import { parametersToVector } from "../nn/utils.ts";
import type { Module } from "../nn/module.ts";
import { Tensor } from "../tensor.ts";

/** A function from a tensor to one number, e.g. a loss of the weights. */
export type ScalarFunction = (x: Tensor) => Tensor;

/** A fresh leaf at the place of x, which is itself left alone. */
export function leafAt(owner: string, x: Tensor): Tensor {
  if (!(x instanceof Tensor)) {
    throw new ValueError(
      `${owner}: the point must be a tensor, not ${describe(x)}. Wrap arrays in tensor(…).`,
    );
  }
  const at = isFloat(x.dtype) ? x : x.to("float32");
  return at.detach().clone().requiresGrad_();
}

/** f(x), checked to be one number that depends on x. */
export function evaluate(owner: string, f: ScalarFunction, x: Tensor): Tensor {
  const y = f(x);
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
  if (!y.requiresGrad) {
    throw new GradientError(
      `${owner}: the function's result does not depend on its argument through tensor operations, so it has no gradient.`,
    );
  }
  return y;
}

/** ∇f(x), of the shape of x. */
export function gradient(f: ScalarFunction, x: Tensor): Tensor {
  const leaf = leafAt("analysis.gradient", x);
  return grad(evaluate("analysis.gradient", f, leaf), [leaf])[0]!;
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
 * While f runs, the model's parameters are replaced by pieces of its argument; afterwards they are as before.
 */
export function ofModel(model: Module, loss: () => Tensor): { f: ScalarFunction; x: Tensor } {
  const x = parametersToVector(model.parameters()).detach().clone();
  return { f: (vector) => withParameters(model, vector, loss), x };
}

/** Runs `body` while the fields that hold the model's parameters hold the matching pieces of `vector`. */
function withParameters<T>(model: Module, vector: Tensor, body: () => T): T {
  const originals = model.parameters();
  const count = originals.reduce((sum, parameter) => sum + parameter.size, 0);
  if (vector.rank !== 1 || vector.size !== count) {
    throw new ShapeError(
      `analysis: the model has ${count} parameters, the vector has shape ${formatShape(vector.shape)}.`,
    );
  }
  const pieces = new Map<unknown, Tensor>();
  let start = 0;
  for (const parameter of originals) {
    pieces.set(parameter, vector.slice(start, start + parameter.size).reshape(parameter.shape));
    start += parameter.size;
  }
  const restore: (() => void)[] = [];
  try {
    for (const [, module] of model.namedModules()) {
      const fields = module as unknown as Record<string, unknown>;
      for (const [name, value] of Object.entries(fields)) {
        const piece = pieces.get(value);
        if (piece === undefined) continue;
        fields[name] = piece;
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
