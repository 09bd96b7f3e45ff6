// The tape. Each tensor computed from tensors that need a gradient remembers how it was made: the operation's inputs and,
// for each input, a vector–Jacobian product: given g = ∂L/∂output, return ∂L/∂input.
//
// A product is written with differentiable operations, so that the gradient can itself be differentiated (createGraph).
// Where that is slower than need be, an operation adds a fast form, used when nobody will differentiate further.
import { GradientError, ValueError, describe } from "../errors.ts";
import { release } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";

/** ∂L/∂input for ∂L/∂output; `made` tells what the operation read and gave. */
export type VectorJacobian = (gradient: Tensor, made: TapeEntry) => Tensor;

const none: readonly never[] = [];

/** How a tensor was made. */
export class TapeEntry {
  readonly operation: string;
  /** What it was made from; null once the graph has been freed. */
  inputs: readonly Tensor[] | null;
  readonly output: Tensor;
  /** Tensors that the products read; they must not have changed since. */
  saved: readonly Tensor[];
  products: readonly VectorJacobian[];
  fastProducts: readonly VectorJacobian[];
  /** The versions of the saved tensors, added up: they only grow, so an equal sum means equal versions. */
  readonly #version: number;

  constructor(
    operation: string,
    output: Tensor,
    inputs: readonly Tensor[],
    saved: readonly Tensor[],
    products: readonly VectorJacobian[],
    fastProducts: readonly VectorJacobian[],
  ) {
    this.operation = operation;
    this.output = output;
    this.inputs = inputs;
    this.saved = saved;
    this.products = products;
    this.fastProducts = fastProducts;
    this.#version = versionOf(saved);
  }

  /** Throws if a saved tensor was changed in place after the operation read it. */
  checkSaved(): void {
    if (versionOf(this.saved) === this.#version) return;
    throw new GradientError(
      `backward: a tensor that ${this.operation} needs for its gradient was changed in place after ${this.operation} read it. Change a .clone() of it, or compute a new tensor instead.`,
    );
  }

  /**
   * Lets go of everything, so that a kept loss does not keep the whole graph behind it. What the operation saved for itself
   * alone, internal and computed from nothing on the tape, is given back.
   */
  free(): void {
    const { saved } = this;
    for (let i = 0; i < saved.length; i++) {
      const tensor = saved[i]!;
      if (tensor.isInternal && tensor.history === null) release(tensor.storage);
    }
    this.inputs = null;
    this.saved = none;
    this.products = none;
    this.fastProducts = none;
  }
}

function versionOf(saved: readonly Tensor[]): number {
  let sum = 0;
  for (let i = 0; i < saved.length; i++) sum += saved[i]!.storage.version;
  return sum;
}

let recording = true;

/** Is the tape recording now? */
export function isRecording(): boolean {
  return recording;
}

function checkBody(owner: string, body: unknown): void {
  if (typeof body === "function") return;
  throw new ValueError(`${owner}: needs a function to run, ${owner}(() => …), not ${describe(body)}.`);
}

function withRecording<T>(owner: string, state: boolean, body: () => T): T {
  checkBody(owner, body);
  const before = recording;
  recording = state;
  try {
    return body();
  } finally {
    recording = before;
  }
}

/**
 * Runs `body` without recording operations: results have no history and do not require gradients.
 * Use it to measure a model or to change parameters by hand. Returns what `body` returns.
 * `body` must not be async: what runs after an `await` would be recorded again.
 */
export function noGrad<T>(body: () => T): T {
  return withRecording("noGrad", false, body);
}

/** Runs `body` with recording on, also inside `noGrad`. Returns what `body` returns. */
export function enableGrad<T>(body: () => T): T {
  return withRecording("enableGrad", true, body);
}

let anomalyDetection = false;

/** Does `detectAnomaly` watch now? */
export function isDetectingAnomalies(): boolean {
  return anomalyDetection;
}

/**
 * Runs `body`; the first operation, forward or backward, whose result contains a NaN throws an AnomalyError that names it.
 * Costs a look at every number, so use it for hunting only.
 */
export function detectAnomaly<T>(body: () => T): T {
  checkBody("detectAnomaly", body);
  const before = anomalyDetection;
  anomalyDetection = true;
  try {
    return body();
  } finally {
    anomalyDetection = before;
  }
}

/**
 * Notes on `output` how it was made, if anybody may ask for its gradient. Returns `output`.
 * @param saved tensors that the products read (inputs or the output)
 * @param products one for each input
 * @param fastProducts the same mathematically, for when no graph of the gradient is wanted
 */
export function record(
  operation: string,
  output: Tensor,
  inputs: readonly Tensor[],
  saved: readonly Tensor[] | null,
  products: readonly VectorJacobian[],
  fastProducts: readonly VectorJacobian[] = products,
): Tensor {
  if (anomalyDetection) output.checkForNaN(operation);
  if (!recording) return output;
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i]!.requiresGrad) {
      output.history = new TapeEntry(operation, output, inputs, saved ?? none, products, fastProducts);
      return output;
    }
  }
  return output;
}
