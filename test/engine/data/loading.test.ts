// Datasets, samplers and the data loader: what comes in which order, how often, and as what.
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Generator, type Tensor, arange, data, manualSeed, tensor } from "../../../src/engine/index.ts";

const list = (x: Tensor): number[] => Array.from(x.data);
const sorted = (values: Iterable<number>): number[] => [...values].toSorted((a, b) => a - b);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const indices = (n: number): Tensor => arange(n, { dtype: "int32" });

/** Ten squares with their numbers, made of plain values. */
class Squares extends data.Dataset<{ at: number; half: number; name: string; row: Tensor }> {
  override readonly length = 10;
  override get(index: number) {
    return { at: index, half: index / 2, name: `no ${index}`, row: tensor([index, index * index]) };
  }
}

describe("datasets", () => {
  test("a TensorDataset gives rows, and batches of rows, without their order mattering", () => {
    const X = arange(12).reshape([6, 2]);
    const y = indices(6);
    const dataset = new data.TensorDataset(X, y);
    expect(dataset.length).toBe(6);
    const [x, label] = dataset.get(4);
    expect(list(x)).toEqual([8, 9]);
    expect(label.item()).toBe(4);
    for (const rows of [
      [1, 2, 3],
      [5, 0, 0],
    ]) {
      const [xs, labels] = dataset.batch(rows);
      expect(list(labels)).toEqual(rows);
      expect(xs.toArray()).toEqual(rows.map((i) => [2 * i, 2 * i + 1]));
    }
    expect([...dataset].map(([, label]) => label.item())).toEqual(range(6));
    expectTypeOf(dataset.batch([0])).toEqualTypeOf<[Tensor, Tensor]>();
  });

  test("subsets renumber, also of subsets, and may repeat", () => {
    const dataset = new data.TensorDataset(indices(10));
    const subset = new data.Subset(dataset, tensor([9, 7, 7, 1], { dtype: "int32" }));
    expect(subset.length).toBe(4);
    expect(subset.get(2)[0].item()).toBe(7);
    expect(list(new data.Subset(subset, [3, 0]).batch([0, 1])[0])).toEqual([1, 9]);
  });

  test("datasets one after the other", () => {
    const both = new data.ConcatDataset([
      new data.TensorDataset(tensor([1, 2])),
      new data.TensorDataset(tensor([3, 4, 5])),
    ]);
    expect(both.length).toBe(5);
    expect(list(both.batch([0, 1, 2, 4])[0])).toEqual([1, 2, 3, 5]);
  });

  test("collate stacks tensors, makes tensors of numbers, keeps texts, and looks into objects and arrays", () => {
    const batch = new Squares().batch([2, 3]);
    expect(list(batch.at)).toEqual([2, 3]);
    expect(batch.at.dtype).toBe("int32");
    expect(list(batch.half)).toEqual([1, 1.5]);
    expect(batch.half.dtype).toBe("float32");
    expect(batch.name).toEqual(["no 2", "no 3"]);
    expect(batch.row.toArray()).toEqual([
      [2, 4],
      [3, 9],
    ]);
    const pairs = data.collate<[number, string]>([
      [1, "a"],
      [2, "b"],
    ]);
    expect(list(pairs[0])).toEqual([1, 2]);
    expect(pairs[1]).toEqual(["a", "b"]);
  });
});

describe("the data loader", () => {
  const dataset = new data.TensorDataset(arange(20).reshape([10, 2]), indices(10));

  test("goes through the examples in order, the last batch with what is left", () => {
    const loader = new data.DataLoader(dataset, { batchSize: 4 });
    expect(loader.length).toBe(3);
    const labels = Array.from(loader, ([x, y]) => {
      expect(x.shape).toEqual([y.size, 2]);
      return list(y);
    });
    expect(labels).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
  });

  test("dropLast leaves the smaller batch out; batchSize is 1 by default", () => {
    const loader = new data.DataLoader(dataset, { batchSize: 4, dropLast: true });
    expect(loader.length).toBe(2);
    expect([...loader]).toHaveLength(2);
    expect(new data.DataLoader(dataset).length).toBe(10);
  });

  test("shuffle: each epoch in its own order, all repeated by the seed", () => {
    const epochs = (options: object): number[][] => {
      const loader = new data.DataLoader(dataset, { batchSize: 3, shuffle: true, ...options });
      return range(3).map(() => [...loader].flatMap(([, y]) => list(y)));
    };
    const [first, second] = epochs({ seed: 1 });
    expect(sorted(first!)).toEqual(range(10));
    expect(first).not.toEqual(range(10));
    expect(first).not.toEqual(second);
    expect(epochs({ seed: 1 })).toEqual(epochs({ generator: new Generator(1) }));
    expect(epochs({ seed: 1 })).not.toEqual(epochs({ seed: 2 }));
    manualSeed(3);
    const byDefault = epochs({});
    manualSeed(3);
    expect(epochs({})).toEqual(byDefault);
  });

  test("an epoch can be left early; the next one starts afresh", () => {
    const loader = new data.DataLoader(dataset, { batchSize: 4 });
    for (const [, y] of loader) {
      expect(list(y)).toEqual([0, 1, 2, 3]);
      break;
    }
    expect([...loader]).toHaveLength(3);
  });

  test("a sampler decides the order, an array can be a dataset, collateFn can make the batch", () => {
    const chosen = new data.DataLoader(dataset, { batchSize: 2, sampler: [3, 3, 9] });
    expect(chosen.length).toBe(2);
    expect(Array.from(chosen, ([, y]) => list(y))).toEqual([[3, 3], [9]]);
    const words = new data.DataLoader(["a", "b", "c"], { batchSize: 2 });
    expect([...words]).toEqual([["a", "b"], ["c"]]);
    const joined = new data.DataLoader(["a", "b", "c"], {
      batchSize: 2,
      collateFn: (items) => items.join("+"),
    });
    expect([...joined]).toEqual(["a+b", "c"]);
    expect(
      Array.from(new data.DataLoader(new Squares(), { batchSize: 5 }), (batch) => batch.at.size),
    ).toEqual([5, 5]);
  });

  test("a batch's rows belong together and every example comes once an epoch", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 0, max: 999 }),
        (n, batchSize, shuffle, dropLast, seed) => {
          const X = arange(2 * n).reshape([n, 2]);
          const loader = new data.DataLoader(new data.TensorDataset(X, indices(n)), {
            batchSize,
            shuffle,
            dropLast,
            seed,
          });
          for (let epoch = 0; epoch < 2; epoch++) {
            const seen: number[] = [];
            let batches = 0;
            for (const [x, y] of loader) {
              batches++;
              for (const [i, label] of list(y).entries()) {
                seen.push(label);
                expect(x.get(i, 0).item()).toBe(2 * label);
              }
            }
            expect(batches).toBe(loader.length);
            expect(new Set(seen).size).toBe(seen.length);
            expect(seen).toHaveLength(dropLast ? Math.floor(n / batchSize) * batchSize : n);
          }
        },
      ),
    );
  });
});

describe("samplers", () => {
  test("sequential and random; more numbers than examples come in whole rounds", () => {
    expect([...new data.SequentialSampler(3)]).toEqual([0, 1, 2]);
    const long = [...new data.RandomSampler(4, { numSamples: 10, seed: 1 })];
    expect(long).toHaveLength(10);
    expect(sorted(long.slice(0, 4))).toEqual(range(4));
    expect(sorted(long.slice(4, 8))).toEqual(range(4));
    const drawn = [...new data.RandomSampler(5, { replacement: true, numSamples: 200, seed: 1 })];
    expect(new Set(drawn)).toEqual(new Set(range(5)));
    expect(new data.RandomSampler(tensor([[1], [2]]), { seed: 1 }).length).toBe(2);
  });

  test("weights make examples as frequent as they say", () => {
    const weights = [1, 0, 3, 6];
    const sampler = new data.WeightedRandomSampler(weights, 20_000, { seed: 1 });
    const drawn = [...sampler];
    for (const [i, weight] of weights.entries()) {
      const share = drawn.filter((each) => each === i).length / drawn.length;
      expect(Math.abs(share - weight / 10)).toBeLessThan(0.015);
    }
    expect(drawn).not.toEqual([...sampler]);
    expect(drawn).toEqual([...new data.WeightedRandomSampler(tensor(weights), 20_000, { seed: 1 })]);
  });

  test("without replacement none comes twice, the first by its weight", () => {
    const first = [0, 0, 0, 0];
    const sampler = new data.WeightedRandomSampler([1, 0, 3, 6], 3, { replacement: false, seed: 2 });
    for (let i = 0; i < 4000; i++) {
      const drawn = [...sampler];
      expect(sorted(drawn)).toEqual([0, 2, 3]);
      first[drawn[0]!]!++;
    }
    for (const [i, share] of [0.1, 0, 0.3, 0.6].entries()) {
      expect(Math.abs(first[i]! / 4000 - share)).toBeLessThan(0.03);
    }
  });

  test("an example of weight 0 never comes, wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 0.1, 1, 1e-300), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 999 }),
        (weights, seed) => {
          fc.pre(weights.some((weight) => weight > 0));
          for (const i of new data.WeightedRandomSampler(weights, 50, { seed })) {
            expect(weights[i]).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});
