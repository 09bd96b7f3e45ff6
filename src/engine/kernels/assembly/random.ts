// Random numbers. The state of a generator is a few words owned by its TypeScript object (src/engine/random).
import * as math from "./math";

@inline
function rotateLeft(x: u64, k: u64): u64 {
  return (x << k) | (x >> (64 - k));
}

/** xoshiro256** (Blackman and Vigna, 2018). `state` points at four 64-bit words, not all zero. */
@inline
function next(state: usize): u64 {
  const s1 = load<u64>(state, 8);
  const result = rotateLeft(s1 * 5, 7) * 9;
  let s0 = load<u64>(state);
  let s2 = load<u64>(state, 16) ^ s0;
  let s3 = load<u64>(state, 24) ^ s1;
  store<u64>(state, s1 ^ s2, 8);
  s0 ^= s3;
  s2 ^= s1 << 17;
  s3 = rotateLeft(s3, 45);
  store<u64>(state, s0);
  store<u64>(state, s2, 16);
  store<u64>(state, s3, 24);
  return result;
}

/** The four words from one seed by splitmix64, as the authors recommend. */
export function seedXoshiro_f64(state: usize, low: u32, high: u32): void {
  let x = (<u64>high << 32) | <u64>low;
  for (let i = 0; i < 4; i++) {
    x += 0x9e3779b97f4a7c15;
    let z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    store<u64>(state + i * 8, z ^ (z >> 31));
  }
}

/** n doubles in [0, 1) with 53 random bits each. */
export function uniformXoshiro_f64(state: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<f64>(out + i * 8, <f64>(next(state) >> 11) * 1.1102230246251565e-16);
}

/** mulberry32: one 32-bit word of state, 32 random bits a draw, the generator of the lessons' published numbers. */
export function uniformMulberry_f64(state: usize, out: usize, n: i32): void {
  let a = load<u32>(state);
  for (let i = 0; i < n; i++) {
    a += 0x6d2b79f5;
    let t = (a ^ (a >> 15)) * (a | 1);
    t = (t + (t ^ (t >> 7)) * (t | 61)) ^ t;
    store<f64>(out + i * 8, <f64>(t ^ (t >> 14)) * 2.3283064365386963e-10);
  }
  store<u32>(state, a);
}

/**
 * Box and Muller: pairs (u, w) of uniform numbers in place become pairs of normal ones,
 * r·cos 2πw and r·sin 2πw with r = √(−2 ln u). u = 0 is replaced by the smallest step 2⁻⁵³.
 */
export function boxMuller_f64(pairs: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const u = load<f64>(pairs);
    const r = Math.sqrt(-2 * math.logOne(u > 0 ? u : 1.1102230246251565e-16));
    const angle = 6.283185307179586 * load<f64>(pairs, 8);
    store<f64>(pairs, r * math.cosOne(angle));
    store<f64>(pairs, r * math.sinOne(angle), 8);
    pairs += 16;
  }
}
