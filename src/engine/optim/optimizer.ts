// What all optimisers share: parameter groups, options, state, zeroGrad.
import { GradientError, OptionError, ValueError, checkOptions, describe } from "../errors.ts";
import { Tensor } from "../tensor.ts";

/** Parameters with their own values for some options. */
export type ParameterGroup<Options> = { params: Iterable<Tensor> } & Partial<Options>;

/** What an optimiser accepts: parameters, or groups of them. */
export type Parameters<Options> = Iterable<Tensor> | readonly ParameterGroup<Options>[];

/** A group with every option filled in. Options may be changed between steps, e.g. group.lr. */
export type ResolvedGroup<Options> = { params: Tensor[] } & Options;

/**
 * The base of optimisers. `Options` are the options with all defaults filled in, `State` what is remembered for each
 * parameter between steps.
 */
export abstract class Optimizer<Options extends object, State extends object> {
  /** The groups; change an option of a group (e.g. `optimizer.paramGroups[0].lr = 0.01`) and it holds from the next step. */
  readonly paramGroups: ResolvedGroup<Options>[] = [];
  protected readonly state = new Map<Tensor, State>();
  readonly #name: string;
  readonly #defaults: Options;

  protected constructor(
    name: string,
    parameters: Parameters<Options>,
    options: Partial<Options>,
    defaults: Options,
  ) {
    this.#name = name;
    checkOptions(name, options, Object.keys(defaults));
    this.#defaults = { ...defaults, ...options };
    const items = [...(parameters as Iterable<Tensor | ParameterGroup<Options>>)];
    if (items.length === 0) {
      throw new ValueError(
        `${name}: there are no parameters to optimise. Pass model.parameters() or [tensor, …].`,
      );
    }
    if (items.every((item) => item instanceof Tensor)) {
      this.addParamGroup({ params: items } as unknown as ParameterGroup<Options>);
    } else {
      for (const item of items) this.addParamGroup(item as unknown as ParameterGroup<Options>);
    }
  }

  /** Adds a group of parameters, with its own values for some options. */
  addParamGroup(group: ParameterGroup<Options>): void {
    const name = this.#name;
    if (typeof group !== "object" || group === null || !("params" in group)) {
      throw new ValueError(`${name}: a group is { params: […], … }, not ${describe(group)}.`);
    }
    const { params, ...own } = group;
    const resolved = { ...this.#defaults, ...own, params: [...params] } as ResolvedGroup<Options>;
    checkOptions(name, own, Object.keys(this.#defaults));
    this.checkOptions(resolved);
    for (const parameter of resolved.params) {
      if (!(parameter instanceof Tensor)) {
        throw new ValueError(`${name}: a parameter must be a tensor, not ${describe(parameter)}.`);
      }
      if (!parameter.isLeaf) {
        throw new GradientError(
          `${name}: a parameter must be a leaf, but this tensor was computed from others. Create it directly, or use .detach().requiresGrad_().`,
        );
      }
      if (!parameter.requiresGrad) {
        throw new GradientError(
          `${name}: a parameter does not require a gradient, so it would never change. Create it with { requiresGrad: true }.`,
        );
      }
      if (this.paramGroups.some((other) => other.params.includes(parameter))) {
        throw new OptionError(`${name}: a parameter appears in two groups.`);
      }
    }
    this.paramGroups.push(resolved);
  }

  /** Refuses option values that make no sense. */
  protected abstract checkOptions(options: Options): void;

  /** What is remembered for a parameter before its first step. */
  protected abstract createState(parameter: Tensor, options: Options): State;

  /** One update of one parameter, in place. */
  protected abstract update(parameter: Tensor, gradient: Tensor, state: State, options: Options): void;

  /** Updates every parameter that has a gradient. */
  step(): void {
    for (const group of this.paramGroups) {
      for (const parameter of group.params) {
        const { gradient } = parameter;
        if (gradient === null) continue;
        let state = this.state.get(parameter);
        if (state === undefined) {
          state = this.createState(parameter, group);
          this.state.set(parameter, state);
        }
        this.update(parameter, gradient.to(parameter.dtype), state, group);
        parameter.storage.version++;
      }
    }
  }

  /** Forgets all gradients: call it once per step, before backward. */
  zeroGrad(): void {
    for (const { params } of this.paramGroups) for (const parameter of params) parameter.setGradient(null);
  }
}
