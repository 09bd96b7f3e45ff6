// Seeing a model as its first layer and all that follows, for whoever computes that layer in a way of their own. It knows no
// layer itself, so that a sandbox can look at functions without holding all of nn: nn/index.ts says how it is done.
import type { Tensor } from "../tensor.ts";
import type { Linear } from "./layers.ts";
import type { Module } from "./module.ts";

/** A model that begins with a linear layer, seen as that layer and all that follows. */
export interface Head {
  /** What the layer is given, once for all points. */
  input: Tensor;
  layer: Linear;
  rest: Module;
  /** Does `rest` make new tensors for sure, so that one tensor can serve as the layer's output at every point? */
  reusable: boolean;
}

type FindHead = (model: Module, inputs: readonly Tensor[]) => Head | null;

/** Before nn is there, no model is an nn.Sequential. */
let findHead: FindHead = () => null;

export function registerHeads(find: FindHead): void {
  findHead = find;
}

/** Takes a model apart where that changes nothing: where it is an nn.Sequential that begins with an nn.Linear. */
export function headOf(model: Module, inputs: readonly Tensor[]): Head | null {
  return findHead(model, inputs);
}
