// The modules that cells may import, and the values their imports get.
import type { Program } from "../protocol.ts";
import { suggest } from "../suggest.ts";
import type { KernelFace, KernelModules } from "./stage.ts";

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
  /** Names that modules export, each with its module: for the fix of a name that was not imported. */
  readonly exporters = new Map<string, string>();

  constructor(modules: KernelModules) {
    this.#modules = modules;
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
    return new RunModules(made);
  }
}

class RunModules {
  readonly #modules: ReadonlyMap<string, Exports>;

  constructor(modules: ReadonlyMap<string, Exports>) {
    this.#modules = modules;
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
    if (item.imported === "*") return exports;
    if (Object.hasOwn(exports, item.imported)) return exports[item.imported];
    if (item.optional === true) return undefined;
    const near = suggest(item.imported, Object.keys(exports));
    throw new ImportError(
      `“${item.from}” has no export “${item.imported}”.`,
      near === null ? undefined : `Did you mean “${near}”?`,
    );
  }

  ambient(specifier: string, options: unknown): Exports {
    const make = this.#modules.get(specifier)?.["ambient"];
    if (typeof make !== "function")
      throw new ImportError(`The module “${specifier}” gives no ambient names.`);
    return (make as (options: unknown) => Exports)(options);
  }
}
