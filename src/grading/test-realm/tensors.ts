// Tensors in a received value as nested arrays, so that every matcher compares numbers.
import { isRecord, isTensorLike } from "../values.ts";

const DEPTH = 50;

/** The value with each tensor replaced by its nested array; the very same value where it holds none. */
export function withoutTensors(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > DEPTH) return value;
  if (isTensorLike(value)) return value.toArray();
  const plain = (part: unknown) => withoutTensors(part, depth + 1);
  if (Array.isArray(value)) {
    const copy = value.map(plain);
    return copy.some((part, i) => part !== value[i]) ? copy : value;
  }
  if (!isRecord(value)) return value;
  const entries = Object.keys(value).map((key): [string, unknown] => [key, plain(value[key])]);
  return entries.some(([key, part]) => part !== value[key]) ? Object.fromEntries(entries) : value;
}
