// Tells the pages where the parts of the engine are: in a build as files named by their content, with their digests; while
// developing at addresses that the server makes on request.
import { createHash } from "node:crypto";
import type { Plugin } from "vite";
import { type PartName, partNames } from "../../runtime/parts.ts";
import { buildSandbox } from "./index.ts";

const moduleName = "virtual:engine-parts";
const resolved = `\0${moduleName}`;

/** Where the development server has the parts, relative to the site. */
export const partsFolder = "sandbox-parts/";

/** The part that an address of the development server stands for. */
export function partAt(path: string): PartName | null {
  return partNames.find((name) => path === `/${partsFolder}${name}.js`) ?? null;
}

export function sandboxParts(): Plugin {
  let isBuild = false;
  return {
    name: "descent:sandbox-parts",
    configResolved({ command }) {
      isBuild = command === "build";
    },
    resolveId: (id) => (id === moduleName ? resolved : null),
    async load(id) {
      if (id !== resolved) return null;
      const files: Record<string, { url: string; integrity?: string }> = {};
      if (isBuild) {
        const { parts } = await buildSandbox();
        for (const name of partNames) {
          const digest = createHash("sha256").update(parts[name]).digest();
          const fileName = `assets/engine-${name}-${digest.toString("hex").slice(0, 8)}.js`;
          this.emitFile({ type: "asset", fileName, source: parts[name] });
          files[name] = { url: fileName, integrity: `sha256-${digest.toString("base64")}` };
        }
      } else {
        for (const name of partNames) files[name] = { url: `${partsFolder}${name}.js` };
      }
      return `export const partFiles = ${JSON.stringify(files)};`;
    },
  };
}
