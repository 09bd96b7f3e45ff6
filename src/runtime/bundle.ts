// A program with everything it needs in one classic script: for a sandbox, which can load nothing by itself.
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";

export interface Bundle {
  code: string;
  /** The source files it was made of, absolute. */
  files: string[];
}

/** The folder that the sources are in, absolute. */
export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/** Only comments and spaces go. */
const withNames = { mangle: false, compress: false, codegen: true } as const;

/**
 * @param entry the program's file, absolute
 * @param options.names whether functions and classes keep theirs, so that errors read as in the sources
 */
export async function bundleScript(entry: string, { names }: { names: boolean }): Promise<Bundle> {
  // Loaded only where something is to be bundled: it takes a while.
  const { build } = await import("vite");
  const result = await build({
    configFile: false,
    logLevel: "warn",
    root: projectFolder,
    build: {
      write: false,
      target: "es2023",
      minify: !names,
      modulePreload: false,
      rolldownOptions: { input: entry, output: { format: "iife", ...(names ? { minify: withNames } : {}) } },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  const chunks = outputs.flatMap((output) => ("output" in output ? output.output : []));
  const [script] = chunks;
  if (chunks.length !== 1 || script?.type !== "chunk") {
    const names = chunks.map((chunk) => chunk.fileName).join(", ");
    throw new Error(`${entry} must become one script, but its bundle holds: ${names}.`);
  }
  return { code: script.code, files: script.moduleIds.filter((id) => isAbsolute(id)) };
}
