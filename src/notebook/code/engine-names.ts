// The engine's public names with a line of documentation each: what pop-ups of the editor show. Made at build time from
// the engine's docstrings; loaded when the first editor gets the focus.

/** Class, function, method, property, value, type, namespace. */
export type EngineNameKind = "c" | "f" | "m" | "p" | "v" | "t" | "n";

/** A short row, since there are hundreds: path, kind, signatures (a line each), summary, index of its page, anchor if not its path. */
export type EngineName = [
  path: string,
  kind: EngineNameKind,
  signature: string,
  summary: string,
  page: number,
  anchor?: string,
];

export interface EngineNames {
  /** Addresses of the pages of the reference. */
  pages: string[];
  names: EngineName[];
  /** The class that a class extends. */
  bases: Record<string, string>;
}

/** Names by path and by what they belong to. */
export class NameIndex {
  readonly #pages: readonly string[];
  readonly #bases: ReadonlyMap<string, string>;
  readonly #byPath = new Map<string, EngineName>();
  readonly #inside = new Map<string, EngineName[]>();
  readonly #members = new Map<string, EngineName[]>();

  constructor({ pages, names, bases }: EngineNames) {
    this.#pages = pages;
    this.#bases = new Map(Object.entries(bases));
    for (const name of names) {
      const [path, kind] = name;
      this.#byPath.set(path, name);
      append(this.#inside, path.slice(0, Math.max(0, path.lastIndexOf("."))), name);
      if (kind === "m" || kind === "p") append(this.#members, lastOf(path), name);
    }
  }

  find(path: string): EngineName | null {
    return this.#byPath.get(path) ?? null;
  }

  /** What is written after a namespace and a dot; "" for what a cell can import. */
  namesIn(path: string): readonly EngineName[] {
    return this.#inside.get(path) ?? [];
  }

  /** What is written after the name of a class and a dot. */
  staticsOf(path: string): EngineName[] {
    return this.namesIn(path).filter(isStatic);
  }

  /** What an object of a class has, its own members before inherited ones. */
  membersOf(path: string): EngineName[] {
    const own = this.namesIn(path).filter((name) => !isStatic(name));
    const base = this.#bases.get(path);
    if (base === undefined) return own;
    const known = new Set(own.map(([path]) => lastOf(path)));
    return [...own, ...this.membersOf(base).filter(([path]) => !known.has(lastOf(path)))];
  }

  /** Members of this name, of whatever class; a tensor's alone if tensors have one. */
  membersNamed(name: string): EngineName[] {
    const found = (this.#members.get(name) ?? []).filter((member) => !isStatic(member));
    const ofTensor = found.filter(([path]) => path === `Tensor.${name}`);
    return ofTensor.length > 0 ? ofTensor : found;
  }

  /** A class by the name that signatures give it: `Module` for `nn.Module`. */
  classNamed(name: string): string | null {
    if (this.find(name)?.[1] === "c") return name;
    for (const [path, [, kind]] of this.#byPath) if (kind === "c" && path.endsWith(`.${name}`)) return path;
    return null;
  }

  hrefOf([path, , , , page, anchor = path]: EngineName): string {
    const address = this.#pages[page] ?? "";
    return anchor === "" ? address : `${address}#${encodeURIComponent(anchor)}`;
  }
}

/** The last part of a path: `matmul` of `Tensor.matmul`. */
export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** A static member's signature names its class, as a caller does. */
function isStatic([path, kind, signature]: EngineName): boolean {
  return (kind === "m" || kind === "p") && signature.startsWith(path);
}

function append(map: Map<string, EngineName[]>, key: string, name: EngineName): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [name]);
  else list.push(name);
}
