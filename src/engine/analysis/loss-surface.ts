// The error surface of a model: its loss over a plane in the space of its parameters. The invariant: while the grid is
// walked, the model's fields hold working copies of the parameters, which move from point to point; nothing else changes.
import { noGrad } from "../autograd/tape.ts";
import type { FloatDtype } from "../dtype.ts";
import { OptionError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, place } from "../memory/heap.ts";
import { headOf, type Head } from "../nn/head.ts";
import { Parameter, type Module } from "../nn/module.ts";
import { parametersToVector } from "../nn/utils.ts";
import { linear } from "../ops/matmul.ts";
import { Tensor } from "../tensor.ts";
import { checkModel, checkVector, cutUp, withParameters } from "./function.ts";
import { resolve, sample, toNumber, type Grid, type SurfaceOptions } from "./surface.ts";

/** Which plane, and which part of it. */
export interface LossSurfaceOptions extends Partial<SurfaceOptions> {
  /** Two vectors (n,) in the order of parametersToVector, e.g. from randomDirections or pcaDirections. */
  directions: readonly [Tensor, Tensor];
  /** The parameters at (0, 0), as one vector. Default: the model's own. */
  centre?: Tensor;
}

/** A tensor that moves over the plane centre + a·along + b·across. */
class Mover {
  readonly point: Tensor;
  readonly #centre: Tensor;
  readonly #along: Tensor;
  readonly #across: Tensor;

  constructor(point: Tensor, centre: Tensor, along: Tensor, across: Tensor) {
    this.point = point;
    this.#centre = centre;
    this.#along = along;
    this.#across = across;
  }

  moveTo(a: number, b: number): void {
    const [centre, along, across] = [this.#centre.storage, this.#along.storage, this.#across.storage];
    const { storage, size } = this.point;
    place(centre, along, across, storage);
    kernels[storage.dtype as FloatDtype].planePoint(
      centre.address,
      a,
      along.address,
      b,
      across.address,
      storage.address,
      size,
    );
    storage.version++;
  }
}

const isZero = (x: Tensor): boolean => x.data.every((value) => value === 0);

/** Input, weight and bias go together? If not, the model's own forward shall say so. */
function fits({ input, layer }: Head): boolean {
  return input.rank > 0 && input.shape.at(-1) === layer.inFeatures && input.dtype === layer.weight.dtype;
}

/**
 * The loss of a model over a plane in the space of its parameters: loss(model(inputs)) at θ + a·d₁ + b·d₂ for (a, b) over a
 * rectangle, by default [−1, 1] × [−1, 1] with 50 × 50 points. The model is left as it was.
 *
 *     const directions = analysis.randomDirections(model);
 *     analysis.lossSurface(model, X, (scores) => crossEntropy(scores, Y), { directions, steps: 64 });
 *
 * A layer X·Wᵀ + b is linear in its weights, so for an nn.Sequential that begins with nn.Linear (perhaps after
 * nn.Flatten) its products with the data, X·Wᵀ, X·D₁ᵀ and X·D₂ᵀ, are computed once and only combined at each point.
 * For a wide input that is most of the work; the values agree with the long way to rounding.
 * @param inputs what forward takes: one tensor, or an array of them
 * @param loss from the model's output to one number
 */
export function lossSurface(
  model: Module,
  inputs: Tensor | readonly Tensor[],
  loss: (output: Tensor) => Tensor | number,
  options: LossSurfaceOptions,
): Grid {
  const owner = "analysis.lossSurface";
  checkModel(owner, model);
  const given = checkInputs(owner, inputs);
  if (typeof loss !== "function") {
    throw new ValueError(
      `${owner}: the loss must be a function of the model's output, (scores) => crossEntropy(scores, Y), not ${describe(loss)}.`,
    );
  }
  const grid = resolve(owner, { x: [-1, 1], y: [-1, 1], ...options }, ["directions", "centre"]);
  const parameters = model.parameters();
  const count = parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  const [first, second] = checkDirections(owner, options.directions);
  for (const vector of [first, second]) checkVector(owner, vector, count);
  if (options.centre !== undefined) checkVector(owner, options.centre, count);
  return noGrad(() => {
    const shapes = parameters.map(({ shape }) => shape);
    const cut = (vector: Tensor): Tensor[] =>
      cutUp(vector, shapes).map((piece, i) => piece.to(parameters[i]!.dtype));
    const centre = cut(options.centre ?? parametersToVector(parameters));
    const along = cut(first);
    const across = cut(second);
    const working = parameters.map(
      ({ dtype, shape, size }, i) =>
        new Parameter(
          isZero(along[i]!) && isZero(across[i]!) ? centre[i]! : new Tensor(new Storage(dtype, size), shape),
        ),
    );
    const moving = working.flatMap((point, i) =>
      point.storage === centre[i]!.storage ? [] : [new Mover(point, centre[i]!, along[i]!, across[i]!)],
    );
    const head = headOf(model, given);
    if (head === null || !fits(head)) {
      return withParameters(model, working, () =>
        sample(grid, (a, b) => {
          for (const mover of moving) mover.moveTo(a, b);
          return toNumber(owner, loss(model.forward(...given)));
        }),
      );
    }
    const { input, layer, rest, reusable } = head;
    const weight = parameters.indexOf(layer.weight);
    const bias = layer.bias === null ? null : parameters.indexOf(layer.bias);
    const outputs = [centre, along, across].map((vector) =>
      linear(input, vector[weight]!, bias === null ? null : vector[bias]!),
    ) as [Tensor, Tensor, Tensor];
    const others = moving.filter(
      ({ point }) => point !== working[weight] && (bias === null || point !== working[bias]),
    );
    const fresh = () => new Tensor(new Storage(outputs[0].dtype, outputs[0].size), outputs[0].shape);
    let output = new Mover(fresh(), ...outputs);
    return withParameters(model, working, () =>
      sample(grid, (a, b) => {
        for (const mover of others) mover.moveTo(a, b);
        if (!reusable) output = new Mover(fresh(), ...outputs);
        output.moveTo(a, b);
        return toNumber(owner, loss(rest.forward(output.point)));
      }),
    );
  });
}

function checkInputs(owner: string, inputs: unknown): readonly Tensor[] {
  const list: unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  for (const input of list) {
    if (!(input instanceof Tensor)) {
      throw new ValueError(
        `${owner}: the inputs must be the tensor (or tensors) that the model's forward takes, not ${describe(input)}.`,
      );
    }
  }
  return list as Tensor[];
}

function checkDirections(owner: string, directions: unknown): readonly [Tensor, Tensor] {
  if (Array.isArray(directions) && directions.length === 2) {
    const [first, second] = directions as unknown[];
    if (first instanceof Tensor && second instanceof Tensor) return [first, second];
  }
  if (Array.isArray(directions) && directions.every((direction) => direction instanceof Tensor)) {
    throw new ShapeError(
      `${owner}: directions must be two vectors, not ${directions.map(({ shape }) => formatShape(shape)).join(", ") || "none"}.`,
    );
  }
  throw new OptionError(
    `${owner}: directions must be two vectors, e.g. analysis.randomDirections(model), not ${describe(directions)}.`,
  );
}
