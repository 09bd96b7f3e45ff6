// What all optimisers share: parameter groups with their options, gradients, saving and loading.
// Options are checked when they are given and whenever one is changed, so a step need not look at them again.
import { GradientError, OptionError, ValueError, checkOptions, describe } from "../errors.ts";
import { enableGrad } from "../autograd/tape.ts";
import { Tensor } from "../tensor.ts";
import { checkRate } from "./options.ts";
import { dictionary, type OptimizerStateDict, type SavedState } from "./state.ts";

/** Parameters with their own values for some options. */
export type ParameterGroup<Options> = {
  params: Iterable<Tensor>;
  /** The rate a schedule starts from; schedules set it themselves. */
  initialLr?: number;
} & Partial<Options>;

/** What an optimiser accepts: parameters, or groups of them. */
export type Parameters<Options> = Iterable<Tensor> | readonly ParameterGroup<Options>[];

/** A group with every option filled in. Options may be changed between steps, e.g. group.lr. */
export type ResolvedGroup<Options> = {
  readonly params: readonly Tensor[];
  /** The rate at which a schedule started, once there is one. */
  initialLr?: number;
} & Options;

/** The base of optimisers. `Options` are the options with all defaults filled in. */
export abstract class Optimizer<Options extends { lr: number }> {
  /** The groups; change an option of a group (e.g. `optimizer.paramGroups[0].lr = 0.01`) and it holds from the next step. */
  readonly paramGroups: readonly ResolvedGroup<Options>[] = [];
  /** The same groups without the guard that checks changes, for quick reading. */
  protected readonly groups: ResolvedGroup<Options>[] = [];
  /** What it is called in messages, e.g. "optim.SGD". */
  protected readonly owner: string;
  readonly #defaults: Options;

  protected constructor(
    owner: string,
    parameters: Parameters<Options>,
    options: Partial<Options>,
    defaults: Options,
  ) {
    this.owner = owner;
    checkOptions(owner, options, Object.keys(defaults));
    this.#defaults = { ...defaults, ...options };
    const items = listOf(owner, parameters);
    if (items.length === 0) {
      throw new ValueError(
        `${owner}: there are no parameters to optimise. Pass model.parameters() or [tensor, …].`,
      );
    }
    if (items.some((item) => item instanceof Tensor)) {
      this.addParamGroup({ params: items } as unknown as ParameterGroup<Options>);
    } else {
      for (const item of items) this.addParamGroup(item as ParameterGroup<Options>);
    }
  }

  /**
   * Adds a group of parameters, with its own values for some options.
   * @throws OptionError for an option that does not exist or a value it cannot have, or a parameter that is in a group
   *   already; GradientError for a tensor that is no leaf or requires no gradient
   */
  addParamGroup(group: ParameterGroup<Options>): void {
    const { owner } = this;
    if (typeof group !== "object" || group === null || !("params" in group)) {
      throw new ValueError(
        `${owner}: a group is { params: […], … }, not ${describe(group)}. For a model pass model.parameters().`,
      );
    }
    const { params, ...own } = group;
    checkOptions(owner, own, [...Object.keys(this.#defaults), "initialLr"]);
    const list = params instanceof Tensor ? [params] : listOf(owner, params);
    this.#checkParameters(list);
    const values = { ...this.#defaults, ...own } as Record<string, unknown>;
    for (const name of Object.keys(values)) values[name] = settled(values[name]);
    this.#check(values);
    const resolved = { ...values, params: Object.freeze(list) } as unknown as ResolvedGroup<Options>;
    this.groups.push(resolved);
    (this.paramGroups as ResolvedGroup<Options>[]).push(this.#guard(resolved));
  }

  /** Refuses option values that make no sense. */
  protected abstract checkOptions(options: Options): void;

  /**
   * Updates every parameter that has a gradient.
   * @param closure computes the loss and its gradients (zeroGrad, forward, backward); called once before the update
   * @returns what the closure returned, null without one
   */
  abstract step(): null;
  abstract step<Loss extends Tensor | number>(closure: () => Loss): Loss;

  /**
   * Forgets all gradients: call it once per step, before backward.
   * @param options setToNone: false keeps gradients as zeros instead of null, so that the next step still updates (and
   *   momentum still moves) parameters that got no gradient. Default true.
   */
  zeroGrad(options: { setToNone?: boolean } = {}): void {
    checkOptions("zeroGrad", options, ["setToNone"]);
    const { setToNone = true } = options;
    for (const { params } of this.groups) {
      for (const parameter of params) {
        if (setToNone || parameter.gradient === null) parameter.setGradient(null);
        else parameter.setGradient(Tensor.full(parameter.shape, 0, parameter.dtype));
      }
    }
  }

  /**
   * Everything needed to go on later exactly as if nothing had happened: what is remembered for each parameter, by its
   * number (counted through the groups), and the groups' options. Tensors are copies. It may go through JSON.
   */
  stateDict(): OptimizerStateDict {
    let count = 0;
    const paramGroups = this.groups.map(({ params, ...options }) =>
      Object.assign(structuredClone(options), { params: params.map(() => count++) }),
    );
    return { state: this.saveState(), paramGroups };
  }

  /**
   * Goes on from a saved state: the options and what was remembered come from there, the parameters stay as they are (save
   * and load them with the model). Options that the state does not name stay too.
   * @throws ValueError or ShapeError if the state is not of this optimiser with these parameters; nothing is changed then
   */
  loadStateDict(saved: OptimizerStateDict): void {
    const owner = `${this.owner}.loadStateDict`;
    const { state, paramGroups } = dictionary(owner, "the state", saved);
    if (!Array.isArray(paramGroups) || paramGroups.length !== this.groups.length) {
      throw new ValueError(
        `${owner}: there are ${this.groups.length} parameter groups here; the state has ${Array.isArray(paramGroups) ? paramGroups.length : describe(paramGroups)}.`,
      );
    }
    const options = this.groups.map((group, i) => {
      const { params, ...own } = dictionary(owner, `paramGroups[${i}]`, paramGroups[i]);
      if (!Array.isArray(params) || params.length !== group.params.length) {
        throw new ValueError(
          `${owner}: group ${i} has ${group.params.length} parameters here; in the state it has ${Array.isArray(params) ? params.length : describe(params)}.`,
        );
      }
      checkOptions(owner, own, [...Object.keys(this.#defaults), "initialLr"]);
      for (const name of Object.keys(own)) own[name] = settled(own[name]);
      this.#check({ ...group, ...own });
      return own;
    });
    this.restoreState(owner, dictionary(owner, "state", state) as Record<string, SavedState>);
    for (const [i, group] of this.groups.entries()) Object.assign(group, options[i]);
  }

  /** What is remembered, by the parameter's number. */
  protected abstract saveState(): Record<string, SavedState>;

  /** Takes over what saveState gave. Checks everything before it changes anything. */
  protected abstract restoreState(owner: string, saved: Record<string, SavedState>): void;

  /** The parameters of all groups in their order, which is how saved states number them. */
  protected allParameters(): Tensor[] {
    return this.groups.flatMap(({ params }) => params);
  }

  /** Runs the closure of `step`. */
  protected evaluate<Loss extends Tensor | number>(closure: () => Loss): Loss {
    if (typeof closure === "function") return enableGrad(closure);
    throw new ValueError(
      `${this.owner}: step takes a function that computes the loss and calls backward, or nothing; not ${describe(closure)}.`,
    );
  }

  /** The gradient a parameter moves by, in its type; null if it has none. */
  protected gradientOf({ gradient, dtype }: Tensor): Tensor | null {
    return gradient === null || gradient.dtype === dtype ? gradient : gradient.detach().to(dtype);
  }

  #check(options: object): void {
    const { initialLr } = options as { initialLr?: unknown };
    if (initialLr !== undefined) checkRate(this.owner, "initialLr", initialLr);
    this.checkOptions(options as Options);
  }

  /** A view of a group that checks every change. */
  #guard(group: ResolvedGroup<Options>): ResolvedGroup<Options> {
    return new Proxy(group, {
      set: (target, name, value) => {
        const { params: _, ...options } = target;
        if (name === "params") {
          throw new OptionError(`${this.owner}: the parameters of a group stay; use addParamGroup for more.`);
        }
        const own = { [name]: settled(value) };
        checkOptions(this.owner, own, [...Object.keys(this.#defaults), "initialLr"]);
        this.#check({ ...options, ...own });
        Object.assign(target, own);
        return true;
      },
      deleteProperty: () => false,
    });
  }

  #checkParameters(list: readonly unknown[]): void {
    const { owner } = this;
    const known = new Set<unknown>(this.allParameters());
    for (const parameter of list) {
      if (!(parameter instanceof Tensor)) {
        throw new ValueError(`${owner}: a parameter must be a tensor, not ${describe(parameter)}.`);
      }
      if (!parameter.isLeaf) {
        throw new GradientError(
          `${owner}: a parameter must be a leaf, but this tensor was computed from others. Create it directly, or use .detach().requiresGrad_().`,
        );
      }
      if (!parameter.requiresGrad) {
        throw new GradientError(
          `${owner}: a parameter does not require a gradient, so it would never change. Create it with { requiresGrad: true }.`,
        );
      }
      if (known.has(parameter)) {
        throw new OptionError(`${owner}: a parameter appears twice, in one group or in two.`);
      }
      known.add(parameter);
    }
  }
}

/** The items of an iterable, or an error that says what to pass. */
function listOf(owner: string, values: unknown): unknown[] {
  if (typeof values === "object" && values !== null && !(values instanceof Tensor)) {
    if (Symbol.iterator in values) return [...(values as Iterable<unknown>)];
  }
  throw new ValueError(
    `${owner}: parameters come as a list: model.parameters(), [tensor, …] or groups [{ params: […], lr: 0.1 }, …]; not ${describe(values)}.`,
  );
}

/** Lists in options are copied and frozen, so that no change escapes the check. */
function settled(value: unknown): unknown {
  return Array.isArray(value) ? Object.freeze([...value]) : value;
}
