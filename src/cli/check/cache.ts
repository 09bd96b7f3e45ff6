// What was found before, kept by the content it was found in: a result is used again only where the lesson's files, what it
// refers to, the engine, the tools and this check itself are the same to the byte.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Rooms whose code decides what is found. */
const rooms = ["engine", "lesson", "runtime", "grading", "site/content", "cli"];

/** Results kept; the oldest are dropped. */
const most = 1000;

export interface Cache {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** For `--no-cache`: what is found is kept, but nothing that was. */
export class FileCache implements Cache {
  readonly #folder: string;
  readonly #reads: boolean;

  constructor(options: { folder?: string; reads: boolean }) {
    this.#folder = options.folder ?? join(root, ".cache/check");
    this.#reads = options.reads;
  }

  get(key: string): unknown {
    if (!this.#reads) return undefined;
    try {
      return JSON.parse(readFileSync(this.#file(key), "utf8"));
    } catch {
      // Never stored, or cut short: it is found anew.
      return undefined;
    }
  }

  set(key: string, value: unknown): void {
    mkdirSync(this.#folder, { recursive: true });
    const file = this.#file(key);
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(value));
    renameSync(draft, file);
  }

  /** Drops the oldest results. */
  tidy(): void {
    try {
      const files = readdirSync(this.#folder).map((name) => join(this.#folder, name));
      if (files.length <= most) return;
      const byAge = files
        .map((file) => ({ file, time: statSync(file).mtimeMs }))
        .sort((a, b) => b.time - a.time);
      for (const { file } of byAge.slice(most)) rmSync(file, { force: true });
    } catch {
      // Another check tidies at this moment, or nothing was ever kept.
    }
  }

  #file(key: string): string {
    return join(this.#folder, `${key}.json`);
  }
}

/** One key for several things that JSON can write. */
export function keyOf(...parts: unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

let program: string | null = null;

/** The engine, the tools and this check, with the libraries and the Node that they run on. */
export function programDigest(): string {
  program ??= keyOf(
    process.version,
    digestOf(join(root, "package-lock.json")),
    rooms.map((room) => folderDigest(join(root, "src", room))),
  );
  return program;
}

/** All files of a folder by name and content, but those that begin with a dot and what is installed. */
export function folderDigest(folder: string): string {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => relative(folder, join(item.parentPath, item.name)).split(sep).join("/"))
    .filter((name) => !name.split("/").some((part) => part.startsWith(".") || part === "node_modules"))
    .sort();
  return keyOf(names.map((name) => [name, digestOf(join(folder, name))]));
}

/** A file by its content; `null` where there is none, `folder` where it is one. */
export function digestOf(file: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EISDIR" ? "folder" : null;
  }
}
