// The modules that cells may import, and the values their imports get.
import {
  namespaceNames,
  type PartName,
  partsOfNamespace,
  partsOfImport,
  testModule,
  testPart,
} from "../parts.ts";
import type { Program } from "../protocol.ts";
import { suggest } from "../suggest.ts";
import { type PartLoader, Parts } from "./parts.ts";
import type { KernelFace, KernelModule, KernelModules } from "./stage.ts";

type Import = Program["imports"][number] & { optional?: boolean };
type Exports = Record<string, unknown>;

class ImportError extends Error {
  override name = "ImportError";
  readonly fix: string | undefined;
  constructor(message: string, fix?: string) {
    super(message);
    this.fix = fix;
  }
}

export class ModuleShelf {
  readonly #modules: KernelModules;
  readonly #parts: Parts;
  /** What there is of the engine from the start. */
  readonly #core: Exports;
  /** Names that modules export, each with its module: for the fix of a name that was not imported. */
  readonly exporters = new Map<string, string>();

  constructor(modules: KernelModules, loader: PartLoader | null = null) {
    this.#modules = { ...modules };
    this.#parts = new Parts(loader);
    const engine = modules["descent"];
    this.#core = typeof engine === "object" ? engine : {};
    if (loader) for (const name of namespaceNames) this.exporters.set(name, "descent");
  }

  /** Takes a part of the engine, or the module of tests. A part that is there stays what it is. */
  addPart(name: unknown, text: unknown): void {
    if (!this.#parts.add(name, text)) return;
    const tests = this.#parts.get(testPart);
    if (tests) this.#modules[testModule] = tests["testModule"] as KernelModule;
    // Made anew and frozen, so that no cell can put something in the place of a part that others will import.
    const exports: Exports = { ...this.#core };
    for (const namespace of namespaceNames) {
      const parts = partsOfNamespace(namespace).flatMap((part) => this.#parts.get(part) ?? []);
      if (parts.length === 0) continue;
      const whole = Object.assign(Object.create(null), this.#core[namespace], ...parts) as Exports;
      exports[namespace] = Object.freeze(whole);
    }
    this.#modules["descent"] = Object.freeze(exports);
  }

  forRun(face: KernelFace): RunModules {
    const made = new Map<string, Exports>();
    for (const [specifier, module] of Object.entries(this.#modules)) {
      const exports = typeof module === "function" ? module(face) : module;
      made.set(specifier, exports);
      for (const name of Object.keys(exports)) {
        if (!this.exporters.has(name)) this.exporters.set(name, specifier);
      }
    }
    return new RunModules(made, this.#parts);
  }
}

class RunModules {
  readonly #modules: ReadonlyMap<string, Exports>;
  readonly #parts: Parts;

  constructor(modules: ReadonlyMap<string, Exports>, parts: Parts) {
    this.#modules = modules;
    this.#parts = parts;
  }

  imported(item: Import, data: Record<string, unknown>): unknown {
    if (item.from.startsWith("./")) {
      if (Object.hasOwn(data, item.from)) return data[item.from];
      throw new ImportError(`The file “${item.from}” was not found beside the lesson.`);
    }
    const exports = this.#modules.get(item.from);
    if (!exports) {
      const known = [...this.#modules.keys()];
      const near = suggest(item.from, known);
      const fix = near === null ? `Import from one of: ${known.join(", ")}.` : `Did you mean “${near}”?`;
      throw new ImportError(`There is no module “${item.from}”.`, fix);
    }
    for (const part of partsOfImport(item)) if (!this.#parts.has(part)) throw this.#missing(item, part);
    if (item.imported === "*") return exports;
    if (Object.hasOwn(exports, item.imported)) return exports[item.imported];
    if (item.optional === true) return undefined;
    const known = item.from === "descent" ? namespaceNames : [];
    const near = suggest(item.imported, [...Object.keys(exports), ...known]);
    throw new ImportError(
      `“${item.from}” has no export “${item.imported}”.`,
      near === null ? undefined : `Did you mean “${near}”?`,
    );
  }

  #missing({ imported }: Import, part: PartName): ImportError {
    const what = `The part “${imported === "*" ? part : imported}” of the engine`;
    return this.#parts.isRefused(part)
      ? new ImportError(
          `${what} could not be loaded — it belongs to another version of this site.`,
          "Reload the page.",
        )
      : new ImportError(`${what} was not loaded.`, "Run the cell again.");
  }

  ambient(specifier: string, options: unknown): Exports {
    const make = this.#modules.get(specifier)?.["ambient"];
    if (typeof make !== "function")
      throw new ImportError(`The module “${specifier}” gives no ambient names.`);
    return (make as (options: unknown) => Exports)(options);
  }
}
