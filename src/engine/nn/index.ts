// The namespace `nn`: modules, losses, initial values, and functional forms.
import * as activations from "./activations.ts";
import * as conv from "./conv.ts";
import * as dropout from "./dropout.ts";
import * as embedding from "./embedding.ts";
import { registerHeads } from "./head.ts";
import * as layers from "./layers.ts";
import { linearHead } from "./linear-head.ts";
import * as norm from "./norm.ts";
import { registerBuiltIn } from "./passage.ts";
import * as pool from "./pool.ts";
import * as reshape from "./reshape.ts";
import * as residual from "./residual.ts";

for (const family of [activations, conv, dropout, embedding, layers, norm, pool, reshape, residual]) {
  registerBuiltIn(Object.values(family));
}
registerHeads(linearHead);

export { Module, Parameter, type StateDict } from "./module.ts";
export * from "./layers.ts";
export * from "./activations.ts";
export * from "./conv.ts";
export * from "./pool.ts";
export * from "./norm.ts";
export * from "./dropout.ts";
export * from "./embedding.ts";
export * from "./residual.ts";
export * from "./reshape.ts";
export * from "./losses.ts";
export * as functional from "./functional.ts";
export * as init from "./init.ts";
export * as utils from "./utils.ts";
