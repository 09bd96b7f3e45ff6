// Splits and folds: nothing is lost, nothing comes twice, proportions hold.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Tensor, arange, data, tensor } from "../../../src/engine/index.ts";

const list = (x: Tensor): number[] => Array.from(x.data);
const sorted = (values: Iterable<number>): number[] => [...values].toSorted((a, b) => a - b);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const indices = (n: number): Tensor => arange(n, { dtype: "int32" });
const labels = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
const seeds = fc.integer({ min: 0, max: 9999 });

describe("randomSplit", () => {
  test("counts, and fractions whose remainder goes to the first", () => {
    const dataset = new data.TensorDataset(indices(10));
    const sizes = (lengths: number[]) =>
      data.randomSplit(dataset, lengths, { seed: 1 }).map((part) => part.length);
    expect(sizes([7, 3])).toEqual([7, 3]);
    expect(sizes([0.8, 0.2])).toEqual([8, 2]);
    expect(sizes([1 / 3, 1 / 3, 1 / 3])).toEqual([4, 3, 3]);
    expect(sizes([0.55, 0.45])).toEqual([6, 4]);
    expect(sizes([0.7, 0.2, 0.1])).toEqual([7, 2, 1]);
  });

  test("parts together are the whole, in an order of the seed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 5 }),
        seeds,
        (lengths, seed) => {
          const n = lengths.reduce((sum, length) => sum + length, 0);
          fc.pre(n > 0);
          const dataset = new data.TensorDataset(indices(n));
          const parts = data.randomSplit(dataset, lengths, { seed });
          expect(parts.map((part) => part.length)).toEqual(lengths);
          expect(sorted(parts.flatMap((part) => part.indices))).toEqual(range(n));
          const again = data.randomSplit(dataset, lengths, { seed });
          expect(again.map((part) => part.indices)).toEqual(parts.map((part) => part.indices));
        },
      ),
    );
  });
});

describe("trainTestSplit", () => {
  test("a quarter for testing by default; sizes as fractions or counts", () => {
    const X = arange(20).reshape([10, 2]);
    const sizes = (options: object): (number | undefined)[] =>
      data.trainTestSplit(X, { seed: 1, ...options }).map((part) => part.shape[0]);
    expect(sizes({})).toEqual([7, 3]);
    expect(sizes({ testSize: 0.3 })).toEqual([7, 3]);
    expect(sizes({ testSize: 4 })).toEqual([6, 4]);
    expect(sizes({ trainSize: 0.55 })).toEqual([5, 5]);
    expect(sizes({ trainSize: 3, testSize: 2 })).toEqual([3, 2]);
  });

  test("rows of all tensors stay together; without shuffle the last ones test", () => {
    const X = arange(24).reshape([12, 2]);
    const [XTrain, XTest, yTrain, yTest] = data.trainTestSplit(X, indices(12), { seed: 1 });
    expect(sorted([...list(yTrain), ...list(yTest)])).toEqual(range(12));
    expect(list(XTrain.select(1, 0))).toEqual(list(yTrain).map((i) => 2 * i));
    expect(list(XTest.select(1, 0))).toEqual(list(yTest).map((i) => 2 * i));
    const [before, after] = data.trainTestSplit(indices(8), { shuffle: false });
    expect([list(before), list(after)]).toEqual([range(6), [6, 7]]);
    const [a, , b, , c] = data.trainTestSplit(indices(8), X.slice(0, 8), indices(8));
    expect(list(a)).toEqual(list(c));
    expect(b.shape).toEqual([6, 2]);
  });

  test("stratify keeps the proportions of classes in both parts", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 30 }), { minLength: 2, maxLength: 4 }),
        fc.double({ min: 0.15, max: 0.85, noNaN: true }),
        seeds,
        (counts, testSize, seed) => {
          const y = labels(counts.flatMap((count, k) => Array<number>(count).fill(k)));
          const n = y.size;
          const tests = Math.ceil(testSize * n - 1e-9);
          fc.pre(Math.min(tests, n - tests) >= counts.length);
          const [train, test_] = data.trainTestSplit(indices(n), { testSize, stratify: y, seed });
          expect(test_.size).toBe(tests);
          expect(sorted([...list(train), ...list(test_)])).toEqual(range(n));
          for (const [k, count] of counts.entries()) {
            const own = list(test_).filter((i) => y.data[i] === k).length;
            expect(Math.abs(own - (count * tests) / n)).toBeLessThan(1);
          }
        },
      ),
    );
  });
});

describe("k-fold", () => {
  test("without shuffle the folds are runs; the first ones take the remainder", () => {
    const folds = new data.KFold({ nSplits: 3 }).split(10);
    expect(folds.map(([, test_]) => list(test_))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    expect(folds.map(([train]) => list(train))[1]).toEqual([0, 1, 2, 3, 7, 8, 9]);
    expect(new data.KFold().nSplits).toBe(5);
  });

  test("every example tests in exactly one fold and trains in all others", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 80 }),
        fc.integer({ min: 2, max: 12 }),
        fc.boolean(),
        seeds,
        (n, nSplits, shuffle, seed) => {
          fc.pre(nSplits <= n);
          const folds = new data.KFold({ nSplits, shuffle, ...(shuffle ? { seed } : {}) }).split(arange(n));
          expect(folds).toHaveLength(nSplits);
          expect(sorted(folds.flatMap(([, test_]) => list(test_)))).toEqual(range(n));
          for (const [train, test_] of folds) {
            expect(sorted([...list(train), ...list(test_)])).toEqual(range(n));
            expect([Math.floor(n / nSplits), Math.ceil(n / nSplits)]).toContain(test_.size);
          }
        },
      ),
    );
  });

  test("shuffle mixes, repeats by seed, and folds select rows", () => {
    const once = new data.KFold({ nSplits: 4, shuffle: true, seed: 3 }).split(20);
    expect(once.map(([, test_]) => list(test_))).toEqual(
      new data.KFold({ nSplits: 4, shuffle: true, seed: 3 }).split(20).map(([, test_]) => list(test_)),
    );
    expect(list(once[0]![1])).not.toEqual(range(5));
    const X = arange(40).reshape([20, 2]);
    expect(X.indexSelect(0, once[0]![0]).shape).toEqual([15, 2]);
    expect(new data.Subset(new data.TensorDataset(X), once[0]![1]).length).toBe(5);
  });

  test("stratified folds have each class, and all examples, evenly", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 60 }),
        fc.integer({ min: 2, max: 6 }),
        fc.boolean(),
        seeds,
        (classes, nSplits, shuffle, seed) => {
          const counts = [0, 1, 2, 3].map((k) => classes.filter((each) => each === k).length);
          fc.pre(Math.max(...counts) >= nSplits);
          const n = classes.length;
          const folds = new data.StratifiedKFold({ nSplits, shuffle, ...(shuffle ? { seed } : {}) }).split(
            n,
            labels(classes),
          );
          expect(sorted(folds.flatMap(([, test_]) => list(test_)))).toEqual(range(n));
          for (const [train, test_] of folds) {
            expect(train.size + test_.size).toBe(n);
            expect([Math.floor(n / nSplits), Math.ceil(n / nSplits)]).toContain(test_.size);
            for (const k of [0, 1, 2, 3]) {
              const own = list(test_).filter((i) => classes[i] === k).length;
              expect([Math.floor(counts[k]! / nSplits), Math.ceil(counts[k]! / nSplits)]).toContain(own);
            }
          }
        },
      ),
    );
  });
});

test("a bootstrap sample has as many examples as there are; about 37 % are left", () => {
  const [drawn, left] = data.bootstrap(2000, { seed: 1 });
  expect(drawn.size).toBe(2000);
  expect(sorted(new Set([...list(drawn), ...list(left)]))).toEqual(range(2000));
  expect(list(left).some((i) => list(drawn).includes(i))).toBe(false);
  expect(Math.abs(left.size / 2000 - Math.exp(-1))).toBeLessThan(0.03);
  expect(data.bootstrap(arange(5), { numSamples: 3, seed: 1 })[0].size).toBe(3);
});
