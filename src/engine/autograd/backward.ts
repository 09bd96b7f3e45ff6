// Running the tape backwards: gradients flow from the outputs to the leaves in reverse order of dependence.
import {
  AnomalyError,
  GradientError,
  ShapeError,
  ValueError,
  checkOptions,
  describe,
  formatShape,
} from "../errors.ts";
import { checkBoolean } from "../check.ts";
import { drop, hold, letOut, release, releaseUnheld, track, untrack, type Storage } from "../memory/heap.ts";
import { sameShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { enableGrad, isDetectingAnomalies, noGrad, type TapeEntry, type VectorJacobian } from "./tape.ts";

/** Visits are told apart by number, so that no set of visited tensors is needed. */
let visit = 0;

/** All tensors with a history or a gradient to receive below `outputs`, each after everything it was made from. */
function inOrderOfDependence(outputs: readonly Tensor[]): Tensor[] {
  visit++;
  const order: Tensor[] = [];
  // Depth first with an explicit stack: graphs can be far deeper than the call stack.
  const stack: Tensor[] = [];
  const nextInput: number[] = [];
  for (const output of outputs) {
    if (output.visit === visit || !output.requiresGrad) continue;
    output.visit = visit;
    stack.push(output);
    nextInput.push(0);
    while (stack.length > 0) {
      const tensor = stack[stack.length - 1]!;
      const inputs = tensor.history === null ? null : inputsOf(tensor.history);
      const i = nextInput[nextInput.length - 1]!;
      if (inputs !== null && i < inputs.length) {
        nextInput[nextInput.length - 1] = i + 1;
        const input = inputs[i]!;
        if (input.visit !== visit && input.requiresGrad) {
          input.visit = visit;
          stack.push(input);
          nextInput.push(0);
        }
      } else {
        order.push(tensor);
        stack.pop();
        nextInput.pop();
      }
    }
  }
  return order;
}

function inputsOf(entry: TapeEntry): readonly Tensor[] {
  if (entry.inputs !== null) return entry.inputs;
  throw new GradientError(
    `backward: the graph through ${entry.operation} was freed by an earlier backward. Compute the result again, or pass { retainGraph: true } the first time.`,
  );
}

/** The gradient that flows in at an output: ones for a scalar, else it must be given. */
function seedFor(owner: string, output: Tensor, given: Tensor | null | undefined): Tensor {
  if (!output.requiresGrad) {
    throw new GradientError(
      `${owner}: this tensor of shape ${formatShape(output.shape)} has no gradient: it was not computed from tensors with requiresGrad, or it was computed inside noGrad, or detached.`,
    );
  }
  if (given === null || given === undefined) {
    if (output.size !== 1) {
      throw new GradientError(
        `${owner}: the gradient of a tensor of shape ${formatShape(output.shape)} is ambiguous. Reduce it to one number first (e.g. .sum() or .mean()), or pass the gradient that flows in.`,
      );
    }
    return Tensor.full(output.shape, 1, output.dtype);
  }
  if (!(given instanceof Tensor)) {
    throw new ValueError(`${owner}: the gradient that flows in must be a tensor, not ${describe(given)}.`);
  }
  if (!sameShape(given.shape, output.shape)) {
    throw new ShapeError(
      `${owner}: the gradient that flows in has shape ${formatShape(given.shape)}, the output ${formatShape(output.shape)}; they must be the same.`,
    );
  }
  return given.to(output.dtype);
}

/**
 * Sends gradients from `outputs` down; `arrive` is told of every tensor that receives one. Unless the pass is recorded,
 * the gradients on their way are the engine's own: each is released as soon as the next ones have been computed from it.
 */
function propagate(
  outputs: readonly Tensor[],
  makeSeeds: () => readonly Tensor[],
  options: { createGraph: boolean; retainGraph: boolean },
  arrive: (tensor: Tensor, gradient: Tensor) => void,
): void {
  const { createGraph, retainGraph } = options;
  const order = inOrderOfDependence(outputs);
  const fresh: Storage[] = [];
  const before = createGraph ? null : track(fresh);
  try {
    const seeds = makeSeeds();
    for (let i = 0; i < outputs.length; i++) addPending(outputs[i]!, seeds[i]!);
    for (let i = order.length - 1; i >= 0; i--) {
      const tensor = order[i]!;
      const gradient = tensor.pendingGradient;
      if (gradient === null) continue;
      tensor.pendingGradient = null;
      arrive(tensor, gradient);
      const entry = tensor.history;
      if (entry !== null) {
        applyProducts(entry, gradient, createGraph);
        if (!retainGraph) {
          entry.free();
          if (tensor.isInternal) release(tensor.storage);
        }
      }
      if (!createGraph) releaseUnheld(fresh);
      drop(gradient.storage);
    }
  } finally {
    if (!createGraph) untrack(before);
    for (const tensor of order) tensor.pendingGradient = null;
  }
}

/** Sends a gradient through one operation. */
function applyProducts(entry: TapeEntry, gradient: Tensor, createGraph: boolean): void {
  entry.checkSaved();
  const inputs = inputsOf(entry);
  const products = createGraph ? entry.products : entry.fastProducts;
  for (let k = 0; k < inputs.length; k++) {
    const input = inputs[k]!;
    if (!input.requiresGrad) continue;
    const product = products[k]!;
    addPending(input, isDetectingAnomalies() ? watched(entry, product, gradient) : product(gradient, entry));
  }
}

/** A product whose NaN, wherever in it, is reported as one of the operation's backward. */
function watched(entry: TapeEntry, product: VectorJacobian, gradient: Tensor): Tensor {
  const owner = `The backward of ${entry.operation}`;
  try {
    const part = product(gradient, entry);
    part.checkForNaN(owner);
    return part;
  } catch (error) {
    if (!(error instanceof AnomalyError) || error.message.startsWith(owner)) throw error;
    throw new AnomalyError(`${owner} gave NaN: ${error.message}`);
  }
}

function addPending(tensor: Tensor, gradient: Tensor): void {
  const { pendingGradient } = tensor;
  const sum = pendingGradient === null ? gradient : pendingGradient.add(gradient);
  tensor.pendingGradient = sum;
  hold(sum.storage);
  if (pendingGradient !== null) drop(pendingGradient.storage);
}

export interface BackwardOptions {
  /** ∂L/∂(this tensor), of its shape; needed unless the tensor holds one number. */
  gradient?: Tensor;
  /** Keep the graph for another backward. Default: the value of createGraph. */
  retainGraph?: boolean;
  /** Record the backward pass, so that the gradients can be differentiated. Default false. */
  createGraph?: boolean;
}

/** Adds ∂output/∂leaf to the `grad` of every leaf; see Tensor#backward. */
export function backward(output: Tensor, options: BackwardOptions = {}): void {
  checkOptions("backward", options, ["gradient", "retainGraph", "createGraph"]);
  const createGraph = options.createGraph ?? false;
  const run = createGraph ? enableGrad : noGrad;
  run(() => {
    propagate(
      [output],
      () => [seedFor("backward", output, options.gradient)],
      { createGraph, retainGraph: options.retainGraph ?? createGraph },
      accumulate,
    );
  });
}

function accumulate(tensor: Tensor, gradient: Tensor): void {
  if (!tensor.isLeaf && !tensor.retainsGrad) return;
  const before = tensor.gradient;
  if (before !== null) tensor.setGradient(before.add(gradient));
  // Two leaves may receive one and the same gradient; each gets numbers of its own, which can be changed in place.
  else if (gradient.storage.holders > 1 || !gradient.storage.internal) tensor.setGradient(gradient.clone());
  else tensor.setGradient(gradient);
}

/** One tensor or an array of them, as an array. */
function listOf(owner: string, name: string, given: Tensor | readonly Tensor[]): readonly Tensor[] {
  const list = given instanceof Tensor ? [given] : given;
  if (!Array.isArray(list) || list.length === 0) {
    throw new ValueError(`${owner}: ${name} must be a tensor or an array of them, not ${describe(given)}.`);
  }
  for (const tensor of list as readonly unknown[]) {
    if (tensor instanceof Tensor) continue;
    throw new ValueError(`${owner}: ${name} must be tensors, not ${describe(tensor)}.`);
  }
  return list as readonly Tensor[];
}

export interface GradOptions {
  /** The gradients that flow in at the outputs; needed for outputs that hold more than one number. */
  gradOutputs?: Tensor | readonly (Tensor | null)[];
  /** Keep the graph for another backward. Default: the value of createGraph. */
  retainGraph?: boolean;
  /** Record the computation of the gradients, so that they can be differentiated. Default false. */
  createGraph?: boolean;
  /** Give zeros for inputs that the outputs do not depend on, instead of an error. Default false. */
  allowUnused?: boolean;
}

/**
 * The gradients of (the sum of) `outputs` with respect to `inputs`, without touching anybody's `grad`.
 *
 *     const [slope] = autograd.grad(y, [x], { createGraph: true });
 *     const [curvature] = autograd.grad(slope, [x]);
 *
 * @returns one tensor for each input, of the input's shape
 * @throws GradientError if an output does not depend on an input (unless allowUnused) or the graph was freed
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options?: GradOptions,
): Tensor[];
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor, options?: GradOptions): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): Tensor[] {
  checkOptions("autograd.grad", options, ["gradOutputs", "retainGraph", "createGraph", "allowUnused"]);
  const owner = "autograd.grad";
  for (const name of ["retainGraph", "createGraph", "allowUnused"] as const) {
    if (options[name] !== undefined) checkBoolean(owner, name, options[name]);
  }
  const from = listOf(owner, "outputs", outputs);
  const to = listOf(owner, "inputs", inputs);
  const { gradOutputs = [] } = options;
  const given = gradOutputs instanceof Tensor ? [gradOutputs] : gradOutputs;
  if (!Array.isArray(given) || given.length > from.length) {
    throw new ValueError(
      `${owner}: gradOutputs must be a tensor or one for each of the ${from.length} outputs, not ${describe(gradOutputs)}.`,
    );
  }
  const createGraph = options.createGraph ?? false;
  const found = new Map<Tensor, Tensor | null>();
  for (const input of to) {
    if (!input.requiresGrad) {
      throw new GradientError(
        `autograd.grad: the input of shape ${formatShape(input.shape)} does not require a gradient. Create it with { requiresGrad: true }.`,
      );
    }
    found.set(input, null);
  }
  const run = createGraph ? enableGrad : noGrad;
  run(() => {
    propagate(
      from,
      () => from.map((output, i) => seedFor(owner, output, given[i] as Tensor | null)),
      { createGraph, retainGraph: options.retainGraph ?? createGraph },
      (tensor, gradient) => {
        if (!found.has(tensor)) return;
        letOut(gradient.storage);
        found.set(tensor, gradient);
      },
    );
  });
  return to.map((input, i) => {
    const gradient = found.get(input);
    if (gradient !== null && gradient !== undefined) return gradient;
    if (options.allowUnused === true) return Tensor.full(input.shape, 0, input.dtype);
    throw new GradientError(
      `autograd.grad: the outputs do not depend on input ${i}. Pass { allowUnused: true } to get zeros for it.`,
    );
  });
}
