// The path an optimiser takes over a surface.
import { ValueError, checkNumber, checkOptions, describe } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { evaluate, leafAt, type ScalarFunction } from "./function.ts";

/** What trajectory needs of an optimiser. */
export interface Stepper {
  step(): void;
  zeroGrad(): void;
}

export interface TrajectoryOptions {
  /** Where to start; left alone. */
  start: Tensor;
  /** Makes the optimiser for the moving point: (parameters) => new optim.SGD(parameters, { lr: 0.1 }). */
  optimizer: (parameters: Tensor[]) => Stepper;
  /** Most steps. Default 100. */
  steps?: number;
  /** Stop as soon as the loss is below this. */
  until?: number;
}

export interface Trajectory {
  /** The numbers of the point before the first step and after each step. */
  points: number[][];
  /** f at each of these points. */
  losses: number[];
  /** ‖∇f‖ at each of these points. */
  gradientNorms: number[];
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
  checkOptions(owner, options, ["start", "optimizer", "steps", "until"]);
  const { steps = 100, until = -Infinity } = options;
  checkNumber(owner, "steps", steps, { min: 0, whole: true });
  if (typeof options.optimizer !== "function") {
    throw new ValueError(
      `${owner}: optimizer must be a function that makes one, (p) => new optim.SGD(p, { lr: 0.1 }), not ${describe(options.optimizer)}.`,
    );
  }
  const point = leafAt(owner, options.start);
  const optimizer = options.optimizer([point]);
  const result: Trajectory = { points: [], losses: [], gradientNorms: [] };
  for (let step = 0; ; step++) {
    optimizer.zeroGrad();
    const loss = evaluate(owner, f, point);
    loss.backward();
    const value = loss.item();
    result.points.push(Array.from(point.data));
    result.losses.push(value);
    result.gradientNorms.push(point.grad!.norm().item());
    if (step === steps || value < until || !Number.isFinite(value)) return result;
    optimizer.step();
  }
}
