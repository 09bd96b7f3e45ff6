// What the engine weighs on the wire: bundled and minified as the site's build does it, then compressed.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";

const engine = fileURLToPath(new URL("../../src/engine/index.ts", import.meta.url));

const gzipped = (bytes: string | Buffer): number => gzipSync(bytes, { level: 9 }).length;

/** In bytes, after gzip. */
export async function engineSize(): Promise<number> {
  const result = (await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: true,
      rolldownOptions: { input: engine, preserveEntrySignatures: "strict" },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = result.output.filter((part) => part.type === "chunk");
  return chunks.reduce((sum, chunk) => sum + gzipped(chunk.code), 0);
}

/** The sum over files, each compressed by itself. */
export function sizeOfFiles(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + gzipped(readFileSync(path)), 0);
}
