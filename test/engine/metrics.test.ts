// Metrics: accuracy, confusion matrix, class report, R².
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Tensor, metrics, tensor } from "../../src/engine/index.ts";

const labels = (values: number[]): Tensor => tensor(values, { dtype: "int32" });

describe("accuracy", () => {
  const scores = tensor([
    [2, 1, 0],
    [0, 1, 2],
    [0, 3, 1],
    [5, 5, 0],
  ]);

  test("of scores the highest counts, the first of equal ones; class numbers count as they are", () => {
    expect(metrics.accuracy(scores, labels([0, 2, 2, 0]))).toBe(0.75);
    expect(metrics.accuracy(scores, labels([0, 2, 2, 1]))).toBe(0.5);
    expect(metrics.accuracy(labels([1, 2]), labels([1, 1]))).toBe(0.5);
  });

  test("topk: among the k highest", () => {
    expect(metrics.accuracy(scores, labels([1, 1, 2, 1]), { topk: 2 })).toBe(1);
    expect(metrics.accuracy(scores, labels([2, 0, 0, 2]), { topk: 2 })).toBe(0);
    expect(metrics.accuracy(scores, labels([2, 0, 0, 2]), { topk: 3 })).toBe(1);
    expect(metrics.accuracy(tensor([[NaN, NaN]]), labels([0]), { topk: 2 })).toBe(0);
  });
});

describe("confusion matrix and class report", () => {
  const truth = labels([0, 0, 0, 1, 1, 2]);
  const guesses = labels([0, 0, 1, 1, 0, 1]);

  test("rows are true classes, columns predicted ones", () => {
    const matrix = metrics.confusionMatrix(guesses, truth);
    expect(matrix.dtype).toBe("int32");
    expect(matrix.toArray()).toEqual([
      [2, 1, 0],
      [1, 1, 0],
      [0, 1, 0],
    ]);
    expect(metrics.confusionMatrix(guesses, truth, { classes: 4 }).shape).toEqual([4, 4]);
    expect(metrics.confusionMatrix(tensor([[1, 0, 0, 0]]), labels([1])).shape).toEqual([4, 4]);
  });

  test("precision, recall and F1; 0 where there is nothing to divide by", () => {
    const { precision, recall, f1, support } = metrics.classReport(guesses, truth);
    expect(precision).toEqual([2 / 3, 1 / 3, 0]);
    expect(recall).toEqual([2 / 3, 1 / 2, 0]);
    expect(f1).toEqual([2 / 3, 2 / 5, 0]);
    expect(support).toEqual([3, 2, 1]);
  });

  test("its diagonal is the accuracy, its sum the number of examples", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(pairs, (list) => {
        const [y, z] = [labels(list.map(([a]) => a)), labels(list.map(([, b]) => b))];
        const matrix = metrics.confusionMatrix(z, y);
        expect(matrix.to("float64").sum().item()).toBe(list.length);
        const right = matrix.diagonal().to("float64").sum().item();
        expect(right / list.length).toBeCloseTo(metrics.accuracy(z, y), 12);
      }),
    );
  });
});

test("R² is 1 for perfect predictions, 0 for the mean, negative for worse, a mean over columns", () => {
  const y = tensor([1, 2, 3, 6]);
  expect(metrics.r2Score(y, y)).toBe(1);
  expect(metrics.r2Score(tensor([3, 3, 3, 3]), y)).toBe(0);
  expect(metrics.r2Score(tensor([6, 3, 2, 1]), y)).toBeLessThan(0);
  expect(metrics.r2Score(tensor([2, 2]), tensor([1, 1]))).toBe(0);
  const two = tensor([
    [1, 5],
    [2, 6],
    [3, 7],
  ]);
  const guess = tensor([
    [1, 6],
    [2, 6],
    [3, 6],
  ]);
  expect(metrics.r2Score(guess, two)).toBe(0.5);
});
