// The tape. Each tensor computed from tensors that need a gradient remembers how it was made: the operation's inputs and,
// for each input, a vector–Jacobian product: given g = ∂L/∂output, return ∂L/∂input.
//
// A product is written with differentiable operations, so that the gradient can itself be differentiated (createGraph).
// Where that is slower than need be, an operation adds a fast form, used when nobody will differentiate further.
import { GradientError, ValueError, describe } from "../errors.ts";
import type { Tensor } from "../tensor.ts";

export type VectorJacobian = (gradient: Tensor) => Tensor;

/** How a tensor was made. */
export class TapeEntry {
  readonly operation: string;
  /** What it was made from; null once the graph has been freed. */
  inputs: readonly Tensor[] | null;
  /** Tensors that the products read; they must not have changed since. */
  readonly saved: readonly Tensor[];
  readonly versions: readonly number[];
  readonly products: readonly VectorJacobian[];
  readonly fastProducts: readonly VectorJacobian[];

  constructor(
    operation: string,
    inputs: readonly Tensor[],
    saved: readonly Tensor[],
    products: readonly VectorJacobian[],
    fastProducts: readonly VectorJacobian[],
  ) {
    this.operation = operation;
    this.inputs = inputs;
    this.saved = saved;
    const versions: number[] = [];
    for (let i = 0; i < saved.length; i++) versions.push(saved[i]!.storage.version);
    this.versions = versions;
    this.products = products;
    this.fastProducts = fastProducts;
  }

  /** Throws if a saved tensor was changed in place after the operation read it. */
  checkSaved(): void {
    const { saved, versions } = this;
    for (let i = 0; i < saved.length; i++) {
      const now = saved[i]!.storage.version;
      if (now !== versions[i]) {
        throw new GradientError(
          `backward: a tensor that ${this.operation} needs for its gradient was changed in place after ${this.operation} read it (version ${now}, expected ${versions[i]}). Change a .clone() of it, or compute a new tensor instead.`,
        );
      }
    }
  }
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

const none: readonly Tensor[] = [];

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
      output.history = new TapeEntry(operation, inputs, saved ?? none, products, fastProducts);
      return output;
    }
  }
  return output;
}
