// The namespace `nn`: modules, losses, initial values, and functional forms.
export { Module, Parameter, type StateDict } from "./module.ts";
export * from "./layers.ts";
export * from "./losses.ts";
export * as functional from "./functional.ts";
export * as init from "./init.ts";
export * as utils from "./utils.ts";
