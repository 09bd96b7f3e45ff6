// The base of optimisers that treat every parameter by itself: all but LBFGS.
import type { FloatDtype } from "../dtype.ts";
import { ValueError } from "../errors.ts";
import { kernels, type FloatKernels } from "../kernels/kernels.ts";
import "../kernels/optimizer.ts";
import type { Storage } from "../memory/heap.ts";
import { Tensor } from "../tensor.ts";
import { Optimizer, type ParameterGroup, type ResolvedGroup } from "./optimizer.ts";
import { restoreMemory, saveMemory, type Memory, type SavedState } from "./state.ts";

/**
 * An optimiser that updates each parameter from its own gradient and what it remembers for it. `State` is that memory: an
 * object of numbers and of storages as long as the parameter, null where one is not needed yet.
 */
export abstract class PerParameterOptimizer<
  Options extends { lr: number },
  State extends object,
> extends Optimizer<Options> {
  /** What is remembered for each parameter of each group; null before its first step. */
  readonly #states: (State | null)[][] = this.groups.map(({ params }) => params.map(() => null));

  override addParamGroup(group: ParameterGroup<Options>): void {
    super.addParamGroup(group);
    // While the base is being constructed the states do not exist yet; they are then made for all groups at once.
    if (!(#states in this)) return;
    const { params } = this.groups[this.groups.length - 1]!;
    this.#states.push(params.map(() => null));
  }

  /** What is remembered for a parameter before its first step. */
  protected abstract createState(parameter: Tensor, options: Options): State;

  /** One update of one parameter, in place. */
  protected abstract update(parameter: Tensor, gradient: Tensor, state: State, options: Options): void;

  override step(): null;
  override step<Loss extends Tensor | number>(closure: () => Loss): Loss;
  override step(closure?: () => Tensor | number): Tensor | number | null {
    const loss = closure === undefined ? null : this.evaluate(closure);
    const { groups } = this;
    for (let i = 0; i < groups.length; i++) this.updateGroup(groups[i]!, this.#states[i]!, i);
    return loss;
  }

  /** One update of all parameters of a group. */
  protected updateGroup(group: ResolvedGroup<Options>, states: (State | null)[], _position: number): void {
    const { params } = group;
    for (let i = 0; i < params.length; i++) {
      const parameter = params[i]!;
      const gradient = this.gradientOf(parameter);
      if (gradient === null) continue;
      const state = (states[i] ??= this.createState(parameter, group));
      this.update(parameter, gradient, state, group);
      parameter.storage.version++;
    }
  }

  /**
   * A copy of what is remembered for a parameter (e.g. `expAvg`, `step`), null before its first step.
   * @throws ValueError if the parameter is not this optimiser's
   */
  stateOf(parameter: Tensor): SavedState | null {
    const state = this.memoryOf(parameter);
    return state === null ? null : saveMemory(state as Memory, parameter.shape);
  }

  /** What is remembered for a parameter, itself. */
  protected memoryOf(parameter: Tensor): State | null {
    for (const [i, { params }] of this.groups.entries()) {
      const at = params.indexOf(parameter);
      if (at >= 0) return this.#states[i]![at]!;
    }
    throw new ValueError(`${this.owner}: this tensor is none of the optimiser's parameters.`);
  }

  protected override saveState(): Record<string, SavedState> {
    const saved: Record<string, SavedState> = {};
    for (const [number, parameter] of this.allParameters().entries()) {
      const state = this.stateOf(parameter);
      if (state !== null) saved[number] = state;
    }
    return saved;
  }

  protected override restoreState(owner: string, saved: Record<string, SavedState>): void {
    const parameters = this.allParameters();
    for (const number of Object.keys(saved)) {
      if (!(number in parameters)) {
        throw new ValueError(
          `${owner}: there is no parameter ${number}; they are numbered 0 … ${parameters.length - 1}.`,
        );
      }
    }
    let number = 0;
    const restored = this.groups.map((group) =>
      group.params.map((parameter) => {
        const values = saved[number++];
        if (values === undefined) return null;
        const fresh = this.createState(parameter, group) as Memory;
        return restoreMemory(owner, String(number - 1), values, fresh, parameter) as State;
      }),
    );
    for (const [i, states] of restored.entries()) this.#states[i] = states;
  }
}

/** The kernels for a parameter's type; parameters require gradients, so they are floats. */
export function kernelsOf(storage: Storage): FloatKernels {
  return kernels[storage.dtype as FloatDtype];
}

/** A buffer as long as a storage, filled with one value. */
export function filled(storage: Storage, value = 0): Storage {
  return Tensor.full([storage.length], value, storage.dtype).storage;
}
