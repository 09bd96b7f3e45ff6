// Takes an nn.Sequential apart behind its first linear layer; see head.ts.
import type { Tensor } from "../tensor.ts";
import type { Head } from "./head.ts";
import { Linear, Sequential } from "./layers.ts";
import type { Module } from "./module.ts";
import { Flatten, Identity } from "./reshape.ts";

/** The modules of a Sequential, with those of Sequentials inside it; other modules as they are. */
function flatten(model: Module): Module[] {
  return model.constructor === Sequential ? [...(model as Sequential)].flatMap(flatten) : [model];
}

/** The head of an nn.Sequential whose first layer, perhaps after nn.Flatten, is an nn.Linear that serves once. */
export function linearHead(model: Module, inputs: readonly Tensor[]): Head | null {
  if (model.constructor !== Sequential || inputs.length !== 1) return null;
  const modules = flatten(model);
  const at = modules.findIndex((module) => module.constructor !== Flatten && module.constructor !== Identity);
  const layer = modules[at];
  if (layer === undefined || layer.constructor !== Linear || modules.indexOf(layer, at + 1) > 0) return null;
  const found = layer as Linear;
  for (const module of modules.slice(at + 1)) {
    for (const [, inner] of module.namedModules()) {
      const fields = Object.values(inner) as unknown[];
      // A weight that serves twice must be in its place.
      if (fields.some((value) => value !== null && (value === found.weight || value === found.bias)))
        return null;
    }
  }
  const rest = modules.slice(at + 1);
  const input = modules.slice(0, at).reduce((x, module) => module.forward(x), inputs[0]!);
  const reusable = rest.some((module) => module.constructor === Linear);
  return { input, layer: found, rest: new Sequential(...rest), reusable };
}
