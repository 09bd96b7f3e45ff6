// Values on their way from one realm to another. Plain data is cloned; a tensor travels as its entries and is
// made anew on the other side; what cannot travel (functions, symbols) is left out of the copy.
import { type Dtype, type Tensor, tensor } from "../../engine/core.ts";
import { isTensor } from "../inspect/index.ts";

/** A tensor on its way. */
interface PackedTensor {
  "descent:tensor": 1;
  dtype: Dtype;
  shape: number[];
  data: Float64Array;
}

const dtypes: readonly unknown[] = ["float32", "float64", "int32"] satisfies Dtype[];

const limits = { nodes: 2_000_000, depth: 200 };

/** A copy that structured clone accepts. Throws `TransferError` where the value is too large or too deep. */
export function pack(value: unknown): unknown {
  return new Packer().visit(value, 0);
}

export class TransferError extends Error {
  override name = "TransferError";
}

class Packer {
  #nodes = 0;

  visit(value: unknown, depth: number): unknown {
    if (typeof value === "function" || typeof value === "symbol") return undefined;
    if (typeof value !== "object" || value === null) return value;
    this.#count(depth);
    if (isTensor(value)) return packTensor(value);
    if (Array.isArray(value)) return this.#array(value, depth);
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (value instanceof ArrayBuffer) return value.slice(0);
    if (value instanceof Date) return new Date(value.getTime());
    if (value instanceof Map) return this.#map(value, depth);
    if (value instanceof Set) return this.#set(value, depth);
    if (value instanceof Error) {
      return { name: value.name, message: value.message };
    }
    return this.#plain(value, depth);
  }

  #count(depth: number, nodes = 1): void {
    this.#nodes += nodes;
    if (this.#nodes > limits.nodes) {
      throw new TransferError(`the value has more than ${limits.nodes} parts: too large to hand over`);
    }
    if (depth > limits.depth) {
      throw new TransferError(`the value is nested more than ${limits.depth} deep, or refers to itself`);
    }
  }

  #array(value: readonly unknown[], depth: number): unknown[] {
    this.#count(depth, value.length);
    const copy: unknown[] = [];
    for (let index = 0; index < value.length; index += 1) copy.push(this.visit(value[index], depth + 1));
    return copy;
  }

  #view(value: ArrayBufferView): unknown {
    this.#count(0, value.byteLength / 8);
    if (value instanceof DataView) {
      const bytes = value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength);
      return new DataView(bytes as ArrayBuffer);
    }
    return (value as Float64Array).slice();
  }

  #map(value: Map<unknown, unknown>, depth: number): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>();
    for (const [key, item] of value) copy.set(this.visit(key, depth + 1), this.visit(item, depth + 1));
    return copy;
  }

  #set(value: Set<unknown>, depth: number): Set<unknown> {
    const copy = new Set<unknown>();
    for (const item of value) copy.add(this.visit(item, depth + 1));
    return copy;
  }

  #plain(value: object, depth: number): Record<string, unknown> {
    const copy = Object.create(null) as Record<string, unknown>;
    for (const key of Object.keys(value)) {
      const item: unknown = (value as Record<string, unknown>)[key];
      if (typeof item !== "function" && typeof item !== "symbol") copy[key] = this.visit(item, depth + 1);
    }
    return copy;
  }
}

function packTensor(tensor: Tensor): PackedTensor {
  return {
    "descent:tensor": 1,
    dtype: tensor.dtype,
    shape: tensor.shape.slice(),
    data: Float64Array.from(tensor.data),
  };
}

/**
 * A value that arrived: the same, with its tensors made by this realm's engine. Throws `TransferError` where something
 * poses as a tensor and is none: whoever sent it did not pack it.
 */
export function unpack(value: unknown): unknown {
  const seen = new Set<object>();
  const visit = (item: unknown): unknown => {
    if (typeof item !== "object" || item === null || ArrayBuffer.isView(item) || seen.has(item)) return item;
    if (Object.hasOwn(item, "descent:tensor")) return unpackTensor(item);
    seen.add(item);
    if (Array.isArray(item)) {
      for (let index = 0; index < item.length; index += 1) item[index] = visit(item[index]);
    } else if (item instanceof Map) {
      for (const [key, entry] of item) item.set(key, visit(entry));
    } else if (!(item instanceof Set)) {
      const record = item as Record<string, unknown>;
      for (const key of Object.keys(record)) record[key] = visit(record[key]);
    }
    return item;
  };
  return visit(value);
}

function unpackTensor(item: object): Tensor {
  if (!isPackedTensor(item)) throw new TransferError("the value poses as a tensor, but is none");
  return tensor(item.data, { dtype: item.dtype }).reshape(item.shape);
}

function isPackedTensor(item: object): item is PackedTensor {
  if (!("data" in item && "shape" in item && "dtype" in item)) return false;
  if (!(item.data instanceof Float64Array) || !Array.isArray(item.shape)) return false;
  const sizes: unknown[] = item.shape;
  if (!sizes.every((size) => Number.isSafeInteger(size) && (size as number) >= 0)) return false;
  const count = (sizes as number[]).reduce((product, size) => product * size, 1);
  return count === item.data.length && dtypes.includes(item.dtype);
}
