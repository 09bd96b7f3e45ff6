// The path an optimiser takes over a surface.
import { OptionError, ValueError, checkNumber, checkOptions, describe } from "../errors.ts";
import { noGrad } from "../autograd/tape.ts";
import { parametersToVector } from "../nn/utils.ts";
import { Tensor } from "../tensor.ts";
import { projector } from "./directions.ts";
import { checkFlag, evaluate, leafAt, type ScalarFunction } from "./function.ts";

/** What trajectory needs of an optimiser. */
export interface Stepper {
  step(): void;
  zeroGrad(): void;
}

/** A plane (or more) to look at a path in. */
export interface ProjectionOptions {
  /** Directions to project on, e.g. from pcaDirections or randomDirections. */
  directions?: readonly (Tensor | readonly number[])[];
  /** The point that gets the coordinates 0. Default: the first point. */
  origin?: Tensor | readonly number[];
}

/** What moves, for how long, and what is written down. */
export interface TrajectoryOptions extends ProjectionOptions {
  /** Where to start; left alone. */
  start: Tensor;
  /** Makes the optimiser for the moving point: (parameters) => new optim.SGD(parameters, { lr: 0.1 }). */
  optimizer: (parameters: Tensor[]) => Stepper;
  /** Most steps. Default 100. */
  steps?: number;
  /** Stop as soon as the loss is below this. */
  until?: number;
  /** Write down every so many steps, and the last. Default 1. */
  every?: number;
}

/** What trajectory writes down. */
export interface Trajectory {
  /** The numbers of the point before the first step and after each step (or every so many). */
  points: number[][];
  /** f at each of these points. */
  losses: number[];
  /** ‖∇f‖ at each of these points. */
  gradientNorms: number[];
  /** Each point's coordinates along the directions, if there are any. */
  projected?: number[][];
}

/**
 * Lets an optimiser minimise f from a start and writes down where it goes.
 *
 *     analysis.trajectory(f, { start: tensor([0.5, 0.5]), optimizer: (p) => new optim.Adam(p, { lr: 0.1 }), steps: 50 })
 *
 * Stops early when a number is no longer finite.
 */
export function trajectory(f: ScalarFunction, options: TrajectoryOptions): Trajectory {
  const owner = "analysis.trajectory";
  checkOptions(owner, options, ["start", "optimizer", "steps", "until", "every", "directions", "origin"]);
  const { steps = 100, until = -Infinity, every = 1 } = options;
  checkNumber(owner, "steps", steps, { min: 0, whole: true });
  checkNumber(owner, "until", until);
  checkNumber(owner, "every", every, { min: 1, whole: true });
  if (typeof options.optimizer !== "function") {
    throw new ValueError(
      `${owner}: optimizer must be a function that makes one, (p) => new optim.SGD(p, { lr: 0.1 }), not ${describe(options.optimizer)}.`,
    );
  }
  const point = leafAt(owner, options.start);
  const project = projection(owner, options, () => point.detach());
  const optimizer = options.optimizer([point]);
  const result: Trajectory = { points: [], losses: [], gradientNorms: [] };
  if (project !== null) result.projected = [];
  for (let step = 0; ; step++) {
    optimizer.zeroGrad();
    const loss = evaluate(owner, f, point);
    loss.backward();
    const value = loss.item();
    const last = step === steps || value < until || !Number.isFinite(value);
    if (last || step % every === 0) {
      const numbers = Array.from(point.data);
      result.points.push(numbers);
      result.losses.push(value);
      result.gradientNorms.push(point.grad!.norm().item());
      if (project !== null) result.projected!.push(project(Float64Array.from(numbers)));
    }
    if (last) return result;
    optimizer.step();
  }
}

/** What projects a point, or null if no directions were given. */
function projection(
  owner: string,
  { directions, origin }: ProjectionOptions,
  first: () => Tensor,
): ((point: Float64Array) => number[]) | null {
  if (directions !== undefined) return projector(owner, origin ?? first(), directions);
  if (origin === undefined) return null;
  throw new OptionError(`${owner}: origin is where the directions begin; give directions as well.`);
}

/** What a recorder writes down. */
export interface TrajectoryRecorderOptions extends ProjectionOptions {
  /** Keep every so many records. Default 1. */
  every?: number;
  /** Keep the points themselves: n numbers each. Default: only if there are no directions. */
  keepPoints?: boolean;
}

/**
 * Writes down where the parameters of a model go while a training loop of your own runs.
 *
 *     const path = new analysis.TrajectoryRecorder(model.parameters(), { every: 10 });
 *     for (…) { …; optimizer.step(); path.record(loss); }
 *     const { directions, coordinates } = analysis.pcaDirections(path.points);
 *
 * With `directions` only the coordinates along them are kept, so that a long run of a large model takes no memory.
 */
export class TrajectoryRecorder {
  /** The parameters as vectors (n,), in the order of parametersToVector. */
  readonly points: Tensor[] = [];
  /** Coordinates along the directions; empty without directions. */
  readonly projected: number[][] = [];
  /** The losses handed to record, NaN where there was none. */
  readonly losses: number[] = [];
  /** The number of each record kept: 0 for the first call. */
  readonly steps: number[] = [];
  readonly #parameters: Tensor[];
  readonly #every: number;
  readonly #keepPoints: boolean;
  readonly #project: ((point: Float64Array) => number[]) | null;
  #calls = 0;

  constructor(parameters: Iterable<Tensor>, options: TrajectoryRecorderOptions = {}) {
    const owner = "analysis.TrajectoryRecorder";
    checkOptions(owner, options, ["every", "keepPoints", "directions", "origin"]);
    const { every = 1, keepPoints = options.directions === undefined } = options;
    checkNumber(owner, "every", every, { min: 1, whole: true });
    checkFlag(owner, "keepPoints", keepPoints);
    this.#parameters = parametersOf(owner, parameters);
    this.#every = every;
    this.#keepPoints = keepPoints;
    this.#project = projection(owner, options, () => this.#vector());
  }

  /** Writes down the parameters as they are now. Returns this recorder. */
  record(loss: Tensor | number = Number.NaN): this {
    const call = this.#calls++;
    if (call % this.#every !== 0) return this;
    const vector = this.#vector();
    // Projecting checks the sizes: nothing is written down before.
    if (this.#project !== null) this.projected.push(this.#project(Float64Array.from(vector.data)));
    if (this.#keepPoints) this.points.push(vector);
    this.losses.push(typeof loss === "number" ? loss : loss.item());
    this.steps.push(call);
    return this;
  }

  #vector(): Tensor {
    return noGrad(() => parametersToVector(this.#parameters).detach().clone());
  }
}

function parametersOf(owner: string, parameters: unknown): Tensor[] {
  if (typeof parameters === "object" && parameters !== null && Symbol.iterator in parameters) {
    const list = [...(parameters as Iterable<unknown>)];
    if (!(parameters instanceof Tensor) && list.length > 0 && list.every((item) => item instanceof Tensor)) {
      return list;
    }
  }
  throw new ValueError(
    `${owner}: needs the parameters to follow, model.parameters() or an array of tensors, not ${describe(parameters)}.`,
  );
}
