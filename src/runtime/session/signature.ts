// A cell's signature: equal signatures mean the same code, the same inputs and the same from above.

/** Hashes what a cell is made of to 106 bits of text; two different cells agree only by a chance nobody meets. */
export function signatureOf(parts: unknown): string {
  const text = JSON.stringify(parts);
  return `${hash(text, 0x2545f491).toString(36)}-${hash(text, 0x9e3779b9).toString(36)}`;
}

/** Two lanes of multiply-and-mix, 53 bits together. */
function hash(text: string, seed: number): number {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return 4294967296 * (b & 0x1fffff) + (a >>> 0);
}
