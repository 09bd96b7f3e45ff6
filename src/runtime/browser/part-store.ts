// The parts of the engine on their way from the site to its kernels: fetched once for the page, by the page, since a sandbox
// has no network.
import type { PartName } from "../parts.ts";
import type { KernelRequest } from "../protocol.ts";
import { partRequest } from "../protocol-schema.ts";

export interface PartFile {
  /** Address, relative to the page. */
  url: string;
  /** The digest of what the build wrote, as the attribute `integrity` has it. */
  integrity?: string;
}

export type PartFiles = Readonly<Record<PartName, PartFile>>;

type PartRequest = Extract<KernelRequest, { type: "part" }>;

/** A part cannot be had now. */
export class PartError extends Error {
  override name = "ImportError";
}

export class PartStore {
  readonly #files: PartFiles;
  readonly #parts = new Map<PartName, Promise<PartRequest>>();

  constructor(files: PartFiles) {
    this.#files = files;
  }

  /** The message that gives a kernel the part. Rejects with a `PartError`; the next call then tries again. */
  get(name: PartName): Promise<PartRequest> {
    const known = this.#parts.get(name);
    if (known) return known;
    const loading = this.#fetch(name);
    this.#parts.set(name, loading);
    loading.catch(() => this.#parts.delete(name));
    return loading;
  }

  async #fetch(name: PartName): Promise<PartRequest> {
    const { url, integrity } = this.#files[name];
    try {
      const response = await fetch(url, integrity === undefined ? {} : { integrity });
      if (!response.ok) throw new Error(`the site answered ${response.status}`);
      return partRequest(name, await response.text());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new PartError(`The part “${name}” of the engine could not be loaded — ${reason}`);
    }
  }
}
