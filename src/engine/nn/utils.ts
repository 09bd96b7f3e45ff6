// Tools for the parameters of a model: as one vector and back, and gradient clipping.
import { noGrad } from "../autograd/tape.ts";
import { checkTensor } from "../check.ts";
import { ShapeError, ValueError, checkNumber, checkOptions, describe, formatShape } from "../errors.ts";
import { keepIn } from "../memory/heap.ts";
import { cat } from "../ops/layout.ts";
import { Tensor } from "../tensor.ts";

/** The parameters as an array, each a tensor. */
function listOf(owner: string, parameters: Iterable<Tensor>): Tensor[] {
  if (typeof parameters !== "object" || parameters === null || !(Symbol.iterator in parameters)) {
    throw new ValueError(
      `${owner}: needs parameters such as model.parameters(), not ${describe(parameters)}.`,
    );
  }
  const list = [...parameters];
  for (const parameter of list) checkTensor(owner, "a parameter", parameter);
  return list;
}

/** All numbers of the parameters as one vector (n,), in their order; gradients flow through. */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  const list = listOf("parametersToVector", parameters);
  if (list.length === 0) {
    throw new ValueError("parametersToVector: needs at least one parameter, not an array of length 0.");
  }
  return cat(list.map((parameter) => parameter.reshape([-1])));
}

/**
 * Overwrites the parameters with the numbers of a vector, in the order of parametersToVector.
 * @throws ShapeError if the vector does not have exactly as many numbers
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  checkTensor("vectorToParameters", "the vector", vector);
  const list = listOf("vectorToParameters", parameters);
  const count = list.reduce((sum, parameter) => sum + parameter.size, 0);
  if (vector.rank !== 1 || vector.size !== count) {
    throw new ShapeError(
      `vectorToParameters: the parameters hold ${count} numbers, the vector has shape ${formatShape(vector.shape)}.`,
    );
  }
  noGrad(() => {
    let start = 0;
    for (const parameter of list) {
      parameter.copy_(vector.slice(start, start + parameter.size).reshape(parameter.shape));
      start += parameter.size;
    }
  });
}

/** Replaces the gradient of each parameter that has one. */
function changeGradients(parameters: Iterable<Tensor>, change: (gradient: Tensor) => Tensor): void {
  noGrad(() => {
    for (const parameter of parameters) {
      if (parameter.gradient === null) continue;
      const changed = change(parameter.gradient);
      keepIn(changed.storage);
      parameter.setGradient(changed);
    }
  });
}

/**
 * Scales all gradients together so that their joint norm is at most maxNorm: by min(1, maxNorm/(norm + 10⁻⁶)).
 * @param options normType: 2 (default), 1, … or Infinity
 * @returns the joint norm before clipping
 */
export function clipGradNorm(
  parameters: Iterable<Tensor>,
  maxNorm: number,
  options: { normType?: number } = {},
): Tensor {
  checkOptions("clipGradNorm", options, ["normType"]);
  checkNumber("clipGradNorm", "maxNorm", maxNorm, { min: 0 });
  const { normType = 2 } = options;
  checkNumber("clipGradNorm", "normType", normType);
  const list = listOf("clipGradNorm", parameters);
  return noGrad(() => {
    const gradients = list.flatMap(({ gradient }) => gradient ?? []);
    if (gradients.length === 0) return Tensor.full([], 0);
    const norms = cat(gradients.map((gradient) => gradient.norm(normType).reshape([1])));
    const total = norms.norm(normType);
    const factor = Math.min(1, maxNorm / (total.item() + 1e-6));
    changeGradients(list, (gradient) => gradient.mul(factor));
    return total;
  });
}

/** Moves every number of the gradients into [−clipValue, clipValue]. */
export function clipGradValue(parameters: Iterable<Tensor>, clipValue: number): void {
  checkNumber("clipGradValue", "clipValue", clipValue, { min: 0 });
  changeGradients(listOf("clipGradValue", parameters), (gradient) => gradient.clamp(-clipValue, clipValue));
}
