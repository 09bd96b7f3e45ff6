/** Where the site keeps the parts of the engine, relative to its root; written by src/site/sandbox/plugin.ts. */
declare module "virtual:engine-parts" {
  import type { PartFiles } from "../../runtime/index.ts";

  export const partFiles: PartFiles;
}
