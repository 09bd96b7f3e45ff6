// Builds `sandbox.html`: one page with the boot script, the worker's program as inert text, and a policy that
// allows neither of them any network; and the parts of the engine, which a page fetches and hands to the worker. They are
// written by the site's build and made on request while developing.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import {
  namespaceNames,
  namespaces,
  partLimit,
  partNames,
  partsOfNamespace,
  type PartName,
  testPart,
} from "../../runtime/parts.ts";
import { type Chunk, partText, workerProgram } from "./program.ts";

export interface Sandbox {
  /** `sandbox.html`. */
  page: string;
  /** Scripts that run nowhere but in this page's worker. */
  parts: Record<PartName, string>;
}

let cached: { files: readonly string[]; digest: string; sandbox: Sandbox } | null = null;

/** A second call builds again only when a source file has changed. */
export async function buildSandbox(): Promise<Sandbox> {
  if (cached && (await digestOf(cached.files)) === cached.digest) return cached.sandbox;
  const [boot, worker] = await Promise.all([bundleBoot(), bundleWorker()]);
  const sandbox = { page: sandboxPage(boot.code, worker.program), parts: worker.parts };
  const files = [...new Set([...boot.files, ...worker.files])];
  cached = { files, digest: await digestOf(files), sandbox };
  return sandbox;
}

/** Changes when one of the files does, or goes. */
async function digestOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file).catch(() => "missing"));
  return hash.digest("hex");
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function bundle(options: Rolldown.RolldownOptions): Promise<Rolldown.OutputChunk[]> {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    root: here("../../.."),
    build: {
      write: false,
      target: "es2023",
      minify: true,
      modulePreload: false,
      rolldownOptions: options,
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  return outputs
    .flatMap((output) => ("output" in output ? output.output : []))
    .filter((output) => output.type === "chunk");
}

/** A classic script with everything it needs inside. */
async function bundleBoot(): Promise<{ code: string; files: string[] }> {
  const chunks = await bundle({ input: here("boot.ts"), output: { format: "iife" } });
  const [script] = chunks;
  if (chunks.length !== 1 || !script) {
    const names = chunks.map((chunk) => chunk.fileName).join(", ");
    throw new Error(`The sandbox's boot.ts must be one script, but its bundle holds: ${names}.`);
  }
  return { code: script.code, files: filesOf(chunks) };
}

/** The files that the worker and the parts begin with. */
const workerEntry = here("worker-entry.ts");
const partEntries = new Map<PartName, string>([
  ...namespaceNames.flatMap((namespace): [PartName, string][] => {
    const { more } = namespaces[namespace];
    const file = (name: string) => here(`../../engine/${namespace}/${name}.ts`);
    return partsOfNamespace(namespace).map((part) => [
      part,
      file(part === more ? "more" : more === null ? "index" : "everyday"),
    ]);
  }),
  [testPart, here("../../grading/worker.ts")],
]);

const core = "core";

/** Begins the name of a chunk that goes with a part. */
const beside = "beside-";

/**
 * The worker's program and the parts, from one bundle, so that both have the same modules: one class of tensors, one heap.
 * What the worker has, and what parts of two namespaces have in common, is in the program; the rest is in its part.
 */
async function bundleWorker(): Promise<{
  program: string;
  parts: Record<PartName, string>;
  files: string[];
}> {
  const chunks = await bundle({
    input: { worker: workerEntry, ...Object.fromEntries(partEntries) },
    preserveEntrySignatures: "strict",
    output: {
      format: "cjs",
      entryFileNames: "[name]",
      // A part asks for what it shares by this name: one of another build finds nothing.
      chunkFileNames: "[name]-[hash]",
      codeSplitting: {
        // A group takes what its modules import along, so the program's comes first.
        groups: [true, false].map((isProgram) => ({
          debugName: isProgram ? "program" : "beside a part",
          priority: isProgram ? 2 : 1,
          name: (id, context) => {
            const chunk = sharedChunk(ownersOf(id, context));
            return (chunk === core) === isProgram ? chunk : null;
          },
        })),
      },
    },
  });
  const program: Chunk[] = [];
  const found = new Map<string, Chunk[]>(partNames.map((name) => [name, []]));
  for (const chunk of chunks) {
    const part = chunk.name.startsWith(beside) ? chunk.name.slice(beside.length) : chunk.name;
    (found.get(part) ?? program).push(chunk);
  }
  const parts = Object.fromEntries([...found].map(([name, its]) => [name, partText(its)]));
  for (const [name, text] of Object.entries(parts)) {
    if (text.length > partLimit)
      throw new Error(`The part “${name}” has ${text.length} characters; a kernel takes ${partLimit}.`);
  }
  return {
    program: workerProgram(program, "worker"),
    parts: parts as Record<PartName, string>,
    files: filesOf(chunks),
  };
}

/** Where a module goes that has several owners; `null` for one that stays with its only one. */
function sharedChunk(owners: ReadonlySet<PartName | "worker">): string | null {
  if (owners.size < 2) return null;
  // The second part of a namespace comes with the first.
  const namespace = namespaceNames.find((name) => {
    const parts: readonly unknown[] = partsOfNamespace(name);
    return [...owners].every((owner) => parts.includes(owner));
  });
  return namespace === undefined ? core : `${beside}${partsOfNamespace(namespace)[0]}`;
}

/** The entries that a module serves. */
function ownersOf(id: string, context: Rolldown.ChunkingContext): Set<PartName | "worker"> {
  const owners = new Set<PartName | "worker">();
  const seen = new Set<string>();
  const visit = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    if (module === workerEntry) owners.add("worker");
    for (const [name, entry] of partEntries) if (module === entry) owners.add(name);
    for (const importer of context.getModuleInfo(module)?.importers ?? []) visit(importer);
  };
  visit(id);
  return owners;
}

function filesOf(chunks: readonly Rolldown.OutputChunk[]): string[] {
  return chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => isAbsolute(id));
}

/**
 * The page around the two programs.
 *
 * The policy is the first element of the page's head, so that nothing stands outside it: one script, known by its hash;
 * workers only from what that script makes; no connection of any kind; `unsafe-eval` for cells, which run in
 * the worker, that inherits all of this.
 */
export function sandboxPage(boot: string, worker: string): string {
  const script = inert(boot);
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}' 'unsafe-eval' 'wasm-unsafe-eval'`,
    "worker-src blob: data:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta charset="utf-8">
<title>Sandbox</title>
</head>
<body>
<script type="text/plain" id="kernel">${inert(worker)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Code that means the same but holds nothing that would end or confuse the script element around it. */
function inert(code: string): string {
  return code.replaceAll(/<\/(script)/gi, String.raw`<\/$1`).replaceAll("<!--", String.raw`<\!--`);
}
