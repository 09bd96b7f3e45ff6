// Any value a cell can make, as data that a page can draw. The walk runs no getter of the reader's, survives
// values that throw when touched, and stops where the picture would be too large.
import type { Inspection } from "../output.ts";
import { formatNumber } from "./numbers.ts";
import { inspectTensor, isTensor } from "./tensor.ts";

export { isTensor } from "./tensor.ts";

export interface InspectLimits {
  depth: number;
  /** Items of an array, entries of an object, a map or a set. */
  width: number;
  /** Nodes of the whole picture. */
  nodes: number;
  /** Characters of the whole picture. */
  characters: number;
}

const defaultLimits: InspectLimits = { depth: 5, width: 100, nodes: 1000, characters: 20_000 };

/** A value as the page shows it. Never throws. */
export function inspect(value: unknown, limits: Partial<InspectLimits> = {}): Inspection {
  return new Walk({ ...defaultLimits, ...limits }).visit(value, 0);
}

class Walk {
  readonly #limits: InspectLimits;
  readonly #open = new Set<object>();
  #nodes = 0;
  #characters = 0;

  constructor(limits: InspectLimits) {
    this.#limits = limits;
  }

  visit(value: unknown, depth: number): Inspection {
    this.#nodes += 1;
    if (this.#nodes > this.#limits.nodes || this.#characters > this.#limits.characters) {
      return { kind: "cut", reason: "budget", text: "…" };
    }
    if ((typeof value !== "object" || value === null) && typeof value !== "function") {
      return this.#primitive(value);
    }
    if (this.#open.has(value)) return { kind: "cut", reason: "circular", text: "circular" };
    this.#open.add(value);
    try {
      return this.#object(value, depth);
    } catch {
      return { kind: "cut", reason: "budget", text: "cannot be read" };
    } finally {
      this.#open.delete(value);
    }
  }

  #primitive(value: unknown): Inspection {
    switch (typeof value) {
      case "number":
        return { kind: "primitive", type: "number", text: this.#text(formatNumber(value)) };
      case "string":
        return { kind: "primitive", type: "string", text: this.#text(value) };
      case "bigint":
        return { kind: "primitive", type: "bigint", text: this.#text(`${value}n`) };
      case "boolean":
        return { kind: "primitive", type: "boolean", text: String(value) };
      case "symbol":
        return { kind: "primitive", type: "symbol", text: this.#text(value.toString()) };
      default:
        return value === null
          ? { kind: "primitive", type: "null", text: "null" }
          : { kind: "primitive", type: "undefined", text: "undefined" };
    }
  }

  /** Text cut to what is left of the budget. */
  #text(text: string): string {
    const room = Math.max(0, this.#limits.characters - this.#characters);
    this.#characters += text.length;
    return text.length <= room ? text : `${text.slice(0, room)}… (${text.length - room} more characters)`;
  }

  #object(value: object, depth: number): Inspection {
    if (typeof value === "function") return this.#function(value as () => unknown);
    if (isTensor(value)) return inspectTensor(value);
    if (value instanceof Error) return this.#error(value);
    if (value instanceof Date) {
      const time = Date.prototype.getTime.call(value);
      const text = Number.isNaN(time) ? "invalid date" : new Date(time).toISOString();
      return this.#single("Date", text);
    }
    if (value instanceof RegExp) return this.#single("RegExp", RegExp.prototype.toString.call(value));
    if (depth >= this.#limits.depth) return { kind: "cut", reason: "depth", text: this.#summary(value) };
    if (Array.isArray(value)) return this.#array(value, "Array", value.length, depth);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const array = value as unknown as ArrayLike<unknown>;
      return this.#array(array, typeName(value), array.length, depth);
    }
    if (value instanceof Map) return this.#map(value, depth);
    if (value instanceof Set) return this.#set(value, depth);
    return this.#plain(value, depth);
  }

  #single(type: string, text: string): Inspection {
    const value: Inspection = { kind: "primitive", type: "string", text: this.#text(text) };
    return { kind: "object", type, entries: [{ key: "value", value }], omitted: 0 };
  }

  #function(value: () => unknown): Inspection {
    const name = ownText(value, "name") ?? "";
    let source = "";
    try {
      source = Function.prototype.toString.call(value).slice(0, 6);
    } catch {
      // A proxy of a function has no source; it is shown as a plain function.
    }
    return { kind: "function", name: this.#text(name), isClass: /^class\b/.test(source) };
  }

  #error(value: Error): Inspection {
    const name = ownText(value, "name") ?? typeName(value);
    return { kind: "error", name: this.#text(name), message: this.#text(ownText(value, "message") ?? "") };
  }

  #array(value: ArrayLike<unknown>, type: string, length: number, depth: number): Inspection {
    const items: Inspection[] = [];
    const count = Math.min(length, this.#limits.width);
    for (let index = 0; index < count && !this.#spent(); index += 1) {
      items.push(this.#property(value, String(index), depth));
    }
    return { kind: "array", type, length, items };
  }

  #map(value: Map<unknown, unknown>, depth: number): Inspection {
    const entries: { key: Inspection; value: Inspection }[] = [];
    const size = mapSize(value);
    Map.prototype.forEach.call(value, (item: unknown, key: unknown) => {
      if (entries.length >= this.#limits.width || this.#spent()) return;
      entries.push({ key: this.visit(key, depth + 1), value: this.visit(item, depth + 1) });
    });
    return { kind: "map", size, entries, omitted: size - entries.length };
  }

  #set(value: Set<unknown>, depth: number): Inspection {
    const items: Inspection[] = [];
    const size = setSize(value);
    Set.prototype.forEach.call(value, (item: unknown) => {
      if (items.length >= this.#limits.width || this.#spent()) return;
      items.push(this.visit(item, depth + 1));
    });
    return { kind: "set", size, items };
  }

  #plain(value: object, depth: number): Inspection {
    const keys = Reflect.ownKeys(value);
    const entries: { key: string; value: Inspection }[] = [];
    let visible = 0;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index]!;
      if (typeof key === "symbol") continue;
      visible += 1;
      if (entries.length >= this.#limits.width || this.#spent()) continue;
      entries.push({ key: this.#text(key), value: this.#property(value, key, depth) });
    }
    return { kind: "object", type: typeName(value), entries, omitted: visible - entries.length };
  }

  #property(value: object, key: string, depth: number): Inspection {
    const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
    if (!descriptor) return { kind: "cut", reason: "budget", text: "empty" };
    if (!("value" in descriptor)) return { kind: "cut", reason: "budget", text: "getter" };
    return this.visit(descriptor.value, depth + 1);
  }

  #spent(): boolean {
    return this.#nodes > this.#limits.nodes || this.#characters > this.#limits.characters;
  }

  #summary(value: object): string {
    if (Array.isArray(value)) return `Array(${value.length})`;
    return typeName(value);
  }
}

/** The name of a value's class; `Object` for a plain object. Runs no getter of the reader's. */
function typeName(value: object): string {
  const prototype: unknown = Reflect.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null) return "Object";
  const descriptor = Reflect.getOwnPropertyDescriptor(prototype, "constructor");
  if (typeof descriptor?.value !== "function") return "Object";
  return ownText(descriptor.value, "name")?.slice(0, 100) || "Object";
}

/** A text property found on the value or its prototypes as plain data. */
function ownText(value: object, key: string): string | null {
  for (let at: object | null = value, depth = 0; at !== null && depth < 20; depth += 1) {
    const descriptor = Reflect.getOwnPropertyDescriptor(at, key);
    if (descriptor) return typeof descriptor.value === "string" ? descriptor.value : null;
    at = Reflect.getPrototypeOf(at);
  }
  return null;
}

const mapSize = sizeGetter(Map.prototype) as (map: Map<unknown, unknown>) => number;
const setSize = sizeGetter(Set.prototype) as (set: Set<unknown>) => number;

function sizeGetter(prototype: object): (value: object) => number {
  const getter = Reflect.getOwnPropertyDescriptor(prototype, "size")!.get!;
  return (value) => Reflect.apply(getter, value, []) as number;
}
