// The namespace `nn`: modules, losses, initial values, and functional forms.
import * as layers from "./layers.ts";
import { registerBuiltIn } from "./passage.ts";

registerBuiltIn(Object.values(layers));

export { Module, Parameter, type StateDict } from "./module.ts";
export * from "./layers.ts";
export * from "./losses.ts";
export * as functional from "./functional.ts";
export * as init from "./init.ts";
export * as utils from "./utils.ts";
