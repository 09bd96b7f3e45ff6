// Random numbers repeat by seed, follow their published algorithms and have the right distribution.
import { describe, expect, test } from "vitest";
import { Generator, manualSeed, nn, rand, randint, randn, randperm } from "../../src/engine/index.ts";

/** mulberry32 as it is usually published. */
function mulberry32(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe("generators", () => {
  test("mulberry32 gives the published sequence", () => {
    const generator = Generator.mulberry32(21);
    const reference = mulberry32(21);
    for (let i = 0; i < 1000; i++) expect(generator.uniform()).toBe(reference());
  });

  test("normal numbers are Box and Muller's, cosine first", () => {
    const generator = Generator.mulberry32(5);
    const reference = mulberry32(5);
    for (let i = 0; i < 50; i++) {
      const [u, w] = [reference(), reference()];
      const radius = Math.sqrt(-2 * Math.log(u));
      expect(generator.normal()).toBeCloseTo(radius * Math.cos(2 * Math.PI * w), 12);
      expect(generator.normal()).toBeCloseTo(radius * Math.sin(2 * Math.PI * w), 12);
    }
  });

  test("one draw at a time or many at once is the same sequence", () => {
    const [a, b] = [new Generator(7), new Generator(7)];
    const many = a.normalArray(9001);
    const single = Array.from({ length: 9001 }, () => b.normal());
    expect(Array.from(many)).toEqual(single);
  });

  test("a state can be taken and put back", () => {
    const generator = new Generator(3);
    generator.normal();
    const state = generator.getState();
    const first = generator.normalArray(5);
    generator.setState(state);
    expect(generator.normalArray(5)).toEqual(first);
  });

  test("permutations hold every number once; integers stay in range", () => {
    const generator = new Generator(1);
    expect(generator.permutation(50).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    );
    for (let i = 0; i < 200; i++) expect([2, 3, 4]).toContain(generator.integer(2, 5));
    expect(() => generator.integer(3, 3)).toThrow(/high/);
  });
});

describe("random tensors", () => {
  test("the same seed gives the same model", () => {
    const weights = () => {
      manualSeed(42);
      return new nn.Linear(3, 4).weight.toArray();
    };
    expect(weights()).toEqual(weights());
  });

  test("mean and spread are those of the distribution", () => {
    const generator = new Generator(9);
    const normal = randn([20_000], { generator });
    expect(normal.mean().item()).toBeCloseTo(0, 1);
    expect(normal.std().item()).toBeCloseTo(1, 1);
    const uniform = rand([20_000], { generator });
    expect(uniform.mean().item()).toBeCloseTo(0.5, 1);
    expect(uniform.min().item()).toBeGreaterThanOrEqual(0);
    expect(uniform.max().item()).toBeLessThan(1);
    expect(randint(0, 3, [100], { generator }).dtype).toBe("int32");
    expect(randperm(10, { generator }).sum().item()).toBe(45);
  });

  test("Linear starts uniform on ±1/√in", () => {
    const { weight, bias } = new nn.Linear(16, 400, { generator: new Generator(2) });
    expect(weight.abs().max().item()).toBeLessThanOrEqual(0.25);
    expect(weight.abs().max().item()).toBeGreaterThan(0.245);
    expect(bias!.abs().max().item()).toBeLessThanOrEqual(0.25);
  });
});
