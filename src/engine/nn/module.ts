// Module: the base of layers and models. Whatever parameters and modules are stored in its fields belong to it.
import { noGrad } from "../autograd/tape.ts";
import { checkTensor } from "../check.ts";
import { isFloat, type FloatDtype } from "../dtype.ts";
import { DtypeError, ShapeError, ValueError, checkOptions, describe, formatShape } from "../errors.ts";
import { sameShape } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** A tensor that a model learns: stored in a Module's field it is found by parameters(). */
export class Parameter extends Tensor {
  /** @param values initial numbers; shared, not copied */
  constructor(values: Tensor, options: { requiresGrad?: boolean } = {}) {
    checkTensor("Parameter", "the values", values);
    if (!isFloat(values.dtype)) throw new DtypeError("Parameter: needs a float tensor, not int32.");
    checkOptions("Parameter", options, ["requiresGrad"]);
    super(values.storage, values.shape);
    this.requiresGrad = options.requiresGrad ?? true;
  }
}

/** The numbers of a module by name, e.g. "0.weight". */
export type StateDict = Record<string, Tensor>;

/**
 * The base of everything with parameters.
 *
 *     class Net extends nn.Module {
 *       hidden = new nn.Linear(2, 16);
 *       output = new nn.Linear(16, 1);
 *       override forward(x: Tensor) {
 *         return this.output.forward(this.hidden.forward(x).tanh());
 *       }
 *     }
 *
 * Fields that hold a Parameter, a Module, or an array of modules are found by themselves.
 */
export abstract class Module {
  /** True while training: layers such as dropout behave differently then. Set by train() and eval(). */
  training = true;
  readonly #buffers = new Map<string, Tensor>();

  /** The output for an input. */
  abstract forward(...inputs: Tensor[]): Tensor;

  /** The same as forward. */
  call(...inputs: Tensor[]): Tensor {
    return this.forward(...inputs);
  }

  /** Registers a tensor that belongs to the state but is not learned (e.g. a running mean). */
  registerBuffer(name: string, values: Tensor): void {
    this.#buffers.set(name, values);
  }

  /** Its own buffer of this name. */
  buffer(name: string): Tensor {
    const found = this.#buffers.get(name);
    if (found === undefined) throw new ValueError(`${this.constructor.name} has no buffer ${name}.`);
    return found;
  }

  /** Replaces the numbers of a buffer. */
  setBuffer(name: string, values: Tensor): void {
    this.#buffers.set(name, values.detach());
  }

  /** Modules in its fields (and in arrays in its fields), by name. */
  *namedChildren(): IterableIterator<[string, Module], void> {
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Module) yield [name, value];
      else if (Array.isArray(value)) {
        for (const [i, item] of value.entries()) if (item instanceof Module) yield [`${name}.${i}`, item];
      }
    }
  }

  /** Itself and all modules inside, each once, outer ones first. */
  *namedModules(prefix = "", seen: Set<Module> = new Set()): Generator<[string, Module], void> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) {
      yield* child.namedModules(prefix === "" ? name : `${prefix}.${name}`, seen);
    }
  }

  /** All parameters with their names, each once, in the order in which they were created. */
  *namedParameters(): Generator<[string, Parameter], void> {
    const seen = new Set<Parameter>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of Object.entries(module)) {
        if (!(value instanceof Parameter) || seen.has(value)) continue;
        seen.add(value);
        yield [prefix === "" ? name : `${prefix}.${name}`, value];
      }
    }
  }

  /** All parameters. */
  parameters(): Parameter[] {
    return Array.from(this.namedParameters(), ([, parameter]) => parameter);
  }

  /** All buffers with their names. */
  *namedBuffers(): Generator<[string, Tensor], void> {
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of module.#buffers) yield [prefix === "" ? name : `${prefix}.${name}`, value];
    }
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.setGradient(null);
  }

  /** Training mode, for it and all modules inside. Returns this module. */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  /** Evaluation mode, for it and all modules inside. Returns this module. */
  eval(): this {
    return this.train(false);
  }

  /** Calls a function with it and every module inside. Returns this module. */
  apply(visit: (module: Module) => void): this {
    for (const [, module] of this.namedModules()) visit(module);
    return this;
  }

  /** Parameters (and buffers) in another float type: the same Parameter objects are kept by new ones in their fields. */
  to(dtype: FloatDtype): this {
    for (const [, module] of this.namedModules()) {
      for (const [name, value] of Object.entries(module)) {
        if (!(value instanceof Parameter) || value.dtype === dtype) continue;
        const converted = new Parameter(
          noGrad(() => value.to(dtype)),
          { requiresGrad: value.requiresGrad },
        );
        (module as unknown as Record<string, unknown>)[name] = converted;
      }
      for (const [name, value] of module.#buffers) {
        if (isFloat(value.dtype)) module.#buffers.set(name, value.to(dtype));
      }
    }
    return this;
  }

  /** A copy of all parameters and buffers by name. */
  stateDict(): StateDict {
    const state: StateDict = {};
    for (const [name, value] of [...this.namedParameters(), ...this.namedBuffers()]) {
      state[name] = value.detach().clone();
    }
    return state;
  }

  /**
   * Copies numbers from a state into the parameters and buffers of the same names.
   * @throws ValueError if a name is missing or unknown, ShapeError if a shape differs
   */
  loadStateDict(state: StateDict): void {
    const own = new Map<string, Tensor>([...this.namedParameters(), ...this.namedBuffers()]);
    if (typeof state !== "object" || state === null) {
      throw new ValueError(`loadStateDict: needs a state from stateDict(), not ${describe(state)}.`);
    }
    for (const name of Object.keys(state)) {
      if (!own.has(name)) {
        throw new ValueError(
          `loadStateDict: ${name} is unknown here; the names are ${[...own.keys()].join(", ")}.`,
        );
      }
    }
    for (const [name, target] of own) {
      const source = state[name];
      if (!(source instanceof Tensor)) {
        throw new ValueError(`loadStateDict: the state has no tensor ${name} (found ${describe(source)}).`);
      }
      if (!sameShape(source.shape, target.shape)) {
        throw new ShapeError(
          `loadStateDict: ${name} is ${formatShape(target.shape)} here and ${formatShape(source.shape)} in the state.`,
        );
      }
      noGrad(() => target.copy_(source));
    }
  }

  /** Its name, and its modules one a line. */
  toString(): string {
    const children = [...this.namedChildren()];
    const title = `${this.constructor.name}(${this.describe()}`;
    if (children.length === 0) return `${title})`;
    const lines = children.map(
      ([name, child]) => `  (${name}): ${child.toString().replaceAll("\n", "\n  ")}`,
    );
    return `${title}\n${lines.join("\n")}\n)`;
  }

  /** What toString shows in the brackets. */
  protected describe(): string {
    return "";
  }
}
