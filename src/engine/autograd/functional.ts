// The namespace `autograd.functional`: whole Jacobians and Hessians, and their products with vectors.
import { checkBoolean, checkFloat, checkTensor } from "../check.ts";
import { ShapeError, checkOptions, formatShape } from "../errors.ts";
import { reshape, stack } from "../ops/layout.ts";
import { sameShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { grad } from "./backward.ts";
import { inputsOf, outputsOf } from "./gradcheck.ts";
import { enableGrad } from "./tape.ts";

/** A function of one tensor. */
export type OneToOne = (x: Tensor) => Tensor;

export interface FunctionalOptions {
  /** Record the computation, so that the result can be differentiated. Default false. */
  createGraph?: boolean;
}

/** A leaf at x (or x itself where the result must depend on it), and f there. */
function evaluate(
  owner: string,
  f: OneToOne,
  x: Tensor,
  options: FunctionalOptions,
): { at: Tensor; y: Tensor; createGraph: boolean } {
  checkTensor(owner, "the point", x);
  inputsOf(owner, f, x);
  checkFloat(owner, x);
  checkOptions(owner, options, ["createGraph"]);
  const { createGraph = false } = options;
  checkBoolean(owner, "createGraph", createGraph);
  // Derivatives are wanted also inside noGrad.
  return enableGrad(() => {
    const at = createGraph && x.requiresGrad ? x.mul(1) : x.detach().clone().requiresGrad_();
    return { at, y: outputsOf(owner, f, [at])[0]!, createGraph };
  });
}

/** ∂(Σ weights·y)/∂x; zeros where y does not depend on x. */
function pulledBack(y: Tensor, x: Tensor, weights: Tensor, createGraph: boolean): Tensor {
  if (!y.requiresGrad) return Tensor.full(x.shape, 0, x.dtype);
  return grad(y, [x], { gradOutputs: weights, createGraph, retainGraph: true, allowUnused: true })[0]!;
}

/** The Jacobian ∂f/∂x: the shape of f(x) followed by the shape of x. One backward pass for each number of f(x). */
export function jacobian(f: OneToOne, x: Tensor, options: FunctionalOptions = {}): Tensor {
  const { at, y, createGraph } = evaluate("autograd.functional.jacobian", f, x, options);
  return rows(y, at, createGraph);
}

function rows(y: Tensor, at: Tensor, createGraph: boolean): Tensor {
  const shape = [...y.shape, ...at.shape];
  if (y.size === 0) return Tensor.full(shape, 0, at.dtype);
  const slopes = Array.from({ length: y.size }, (_, i) => {
    const unit = new Float64Array(y.size);
    unit[i] = 1;
    return pulledBack(y, at, Tensor.adopt(unit, y.shape, "float64").to(y.dtype), createGraph);
  });
  return reshape(stack(slopes), shape);
}

/** The Hessian of a function with one number as its result: the shape of x twice. See also analysis.hessian. */
export function hessian(f: OneToOne, x: Tensor, options: FunctionalOptions = {}): Tensor {
  const owner = "autograd.functional.hessian";
  const { at, y, createGraph } = evaluate(owner, f, x, options);
  if (y.size !== 1) {
    throw new ShapeError(
      `${owner}: the function must return one number, not a tensor of shape ${formatShape(y.shape)}. Reduce it with .sum() or .mean().`,
    );
  }
  const slope = pulledBack(y, at, Tensor.full(y.shape, 1, y.dtype), true);
  return rows(slope, at, createGraph);
}

function checkVector(owner: string, v: Tensor, like: Tensor, what: string): void {
  checkTensor(owner, "the vector", v);
  if (sameShape(v.shape, like.shape)) return;
  throw new ShapeError(
    `${owner}: the vector has shape ${formatShape(v.shape)}, ${what} ${formatShape(like.shape)}; they must be the same.`,
  );
}

/** vᵀ·J: f(x) and the vector, of its shape, times the Jacobian. One backward pass. */
export function vjp(
  f: OneToOne,
  x: Tensor,
  v: Tensor,
  options: FunctionalOptions = {},
): [output: Tensor, product: Tensor] {
  const owner = "autograd.functional.vjp";
  const { at, y, createGraph } = evaluate(owner, f, x, options);
  checkVector(owner, v, y, "the result of the function");
  return [createGraph ? y : y.detach(), pulledBack(y, at, v.to(y.dtype), createGraph)];
}

/**
 * J·v: f(x) and the Jacobian times a vector of the shape of x, the slope of f along v. By two backward passes: vᵀ·(∂/∂w)
 * of the gradient of Σ w·f, which is linear in w.
 */
export function jvp(
  f: OneToOne,
  x: Tensor,
  v: Tensor,
  options: FunctionalOptions = {},
): [output: Tensor, product: Tensor] {
  const owner = "autograd.functional.jvp";
  const { at, y, createGraph } = evaluate(owner, f, x, options);
  checkVector(owner, v, at, "the point");
  const weights = Tensor.full(y.shape, 1, y.dtype).requiresGrad_();
  const slope = pulledBack(y, at, weights, true);
  return [createGraph ? y : y.detach(), pulledBack(slope, weights, v.to(at.dtype), createGraph)];
}
