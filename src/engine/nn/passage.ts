// What passes between the modules of an nn.Sequential: where no code but the engine's can have seen a tensor, its numbers
// are given back as soon as they have served, forward at once without a tape, else after the backward pass.
import { isRecording } from "../autograd/tape.ts";
import { release } from "../memory/heap.ts";
import type { Tensor } from "../tensor.ts";
import type { Module } from "./module.ts";

/** The engine's own classes of modules; nn/index.ts registers them. */
const builtIn = new Set<unknown>();

export function registerBuiltIn(candidates: Iterable<unknown>): void {
  for (const candidate of candidates) builtIn.add(candidate);
}

/** Is it an instance of exactly this class, with the class's own forward? */
export function isPlain(module: Module | undefined, type: new (...args: never[]) => Module): boolean {
  return module !== undefined && module.constructor === type && module.forward === type.prototype.forward;
}

/** Is it, with everything inside it, of the engine's own classes, so that nobody else sees what goes through it? */
export function isSealed(module: Module): boolean {
  for (const [, part] of module.namedModules()) {
    const { constructor } = part;
    if (!builtIn.has(constructor) || part.forward !== (constructor.prototype as Module).forward) return false;
  }
  return true;
}

/** One run through a list of modules. */
export class Passage {
  /** Made by a sealed module and seen by no other so far. */
  #unseen: Tensor[] = [];
  #last: Tensor;
  readonly #recording = isRecording();

  constructor(input: Tensor) {
    this.#last = input;
  }

  /** Notes what a module made of the tensor before. */
  enter(made: Tensor, sealed: boolean): void {
    const before = this.#last;
    this.#last = made;
    // A reshape shares its numbers with what is known already.
    if (made.storage === before.storage) return;
    if (!this.#recording && this.#unseen.at(-1) === before) {
      this.#unseen.pop();
      release(before.storage);
    }
    if (sealed) this.#unseen.push(made);
  }

  /** A tensor is handed to code that may keep it. */
  show(x: Tensor): void {
    this.#unseen = this.#unseen.filter(({ storage }) => storage !== x.storage);
  }

  /** The end: whatever nobody has seen belongs to the tape alone. */
  leave(result: Tensor): void {
    this.show(result);
    if (this.#recording) for (const tensor of this.#unseen) tensor.isInternal = tensor.history !== null;
  }
}
