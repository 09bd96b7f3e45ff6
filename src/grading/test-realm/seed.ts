// `seed` in a test: random numbers that depend on the case's seed and on nothing else.
import { misuse } from "./failure.ts";

/** Uniform numbers in [0, 1) and standard normal ones. */
export interface NumberSource {
  uniform(): number;
  normal(): number;
}

export interface Seed {
  /** One normal number; mean 0 and standard deviation 1 unless given. */
  normal(mean?: number, std?: number): number;
  normals(n: number, mean?: number, std?: number): number[];
  /** One number from [min, max); [0, 1) unless given. */
  uniform(min?: number, max?: number): number;
  uniforms(n: number, min?: number, max?: number): number[];
  /** One integer from min to max, both included. */
  integer(min: number, max: number): number;
  integers(n: number, min: number, max: number): number[];
  /** The numbers 0 … n−1 in random order. */
  permutation(n: number): number[];
  /** One entry of an array that is not empty. */
  choice<T>(array: readonly T[]): T;
}

export function createSeed(source: NumberSource): Seed {
  const uniform = (min = 0, max = 1): number => {
    if (!(max >= min)) throw misuse(`seed: max (${max}) must not be below min (${min})`);
    return min + (max - min) * source.uniform();
  };
  const normal = (mean = 0, std = 1): number => mean + std * source.normal();
  const integer = (min: number, max: number): number => {
    if (!Number.isInteger(min) || !Number.isInteger(max) || max < min) {
      throw misuse(`seed.integer: needs integers min ≤ max, not ${min} and ${max}`);
    }
    return min + Math.floor(source.uniform() * (max - min + 1));
  };
  return {
    normal,
    normals: (n, mean, std) => repeat(n, () => normal(mean, std)),
    uniform,
    uniforms: (n, min, max) => repeat(n, () => uniform(min, max)),
    integer,
    integers: (n, min, max) => repeat(n, () => integer(min, max)),
    permutation: (n) => {
      const order = Array.from({ length: checkedCount(n) }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = integer(0, i);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
    choice: (array) => {
      if (array.length === 0) throw misuse("seed.choice: the array is empty");
      return array[integer(0, array.length - 1)]!;
    },
  };
}

function checkedCount(n: number): number {
  if (Number.isInteger(n) && n >= 0) return n;
  throw misuse(`seed: the count must be an integer from 0, not ${n}`);
}

function repeat(n: number, draw: () => number): number[] {
  return Array.from({ length: checkedCount(n) }, draw);
}

/** A whole number of 53 bits from a seed's text: two FNV-1a hashes from different starts, each with a final mix. */
export function hashText(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return (hash32(bytes, 0x811c9dc5) >>> 11) * 2 ** 32 + hash32(bytes, 0x9e3779b9);
}

function hash32(bytes: Uint8Array, start: number): number {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
