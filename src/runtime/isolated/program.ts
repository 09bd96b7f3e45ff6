// The programs that processes run, bundled once and kept until one of their source files changes.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { bundleScript, projectFolder } from "../bundle.ts";

const cacheFolder = join(projectFolder, "node_modules/.cache/descent");

const manifestSchema = v.object({ files: v.array(v.string()), digest: v.string(), script: v.string() });
type Manifest = v.InferOutput<typeof manifestSchema>;

const day = 24 * 60 * 60 * 1000;

/**
 * The script of a program, as a file's absolute path; made anew only when a source file has changed. Names stay as they
 * are written, so that errors read as they do in this process.
 */
export async function programScript(entry: string): Promise<string> {
  const name = basename(entry).replace(/\.\w+$/, "");
  const manifestFile = join(cacheFolder, `${name}.json`);
  const known = await readManifest(manifestFile);
  if (known !== null && (await digestOf(known.files)) === known.digest && (await exists(known.script)))
    return known.script;
  const { code, files } = await bundleScript(entry, { names: true });
  await mkdir(cacheFolder, { recursive: true });
  const script = join(
    cacheFolder,
    `${name}-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.js`,
  );
  await writeWhole(script, code);
  // The way of bundling is a source as well.
  files.push(fileURLToPath(new URL("../bundle.ts", import.meta.url)));
  const manifest: Manifest = { files, digest: await digestOf(files), script };
  await writeWhole(manifestFile, JSON.stringify(manifest));
  await forgetOld(name, script);
  return script;
}

async function readManifest(file: string): Promise<Manifest | null> {
  try {
    return v.parse(manifestSchema, JSON.parse(await readFile(file, "utf8")));
  } catch {
    return null;
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

/** Changes when one of the files does, or goes. */
async function digestOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file).catch(() => "missing"));
  return hash.digest("hex");
}

/** Another run of the tool never sees half a file. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, file);
}

/** Scripts of earlier sources; those of today may still be run by somebody. */
async function forgetOld(name: string, current: string): Promise<void> {
  for (const file of await readdir(cacheFolder)) {
    const path = join(cacheFolder, file);
    if (!file.startsWith(`${name}-`) || path === current) continue;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > day) await rm(path, { force: true });
  }
}
