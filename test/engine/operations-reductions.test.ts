// What reductions and order statistics give: PyTorch's answers on small examples, and laws.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bincount,
  bucketize,
  eye,
  histc,
  searchsorted,
  tensor,
  varMean,
  zeros,
} from "../../src/engine/index.ts";
import { whole, double, m, row, nan, inf, checkExamples } from "./operations.ts";

checkExamples("reductions", {
  "norm in its forms": [
    () => [
      tensor([3, 0, -4]).norm(),
      tensor([3, 0, -4]).norm(0),
      tensor([3, 0, -4]).norm(1),
      tensor([3, 0, -4]).norm(inf),
      tensor([3, 0, -4]).norm(-inf),
      tensor([3, 0, -4]).norm("fro"),
    ],
    [5, 2, 7, 4, 0, 5],
  ],
  "norm over dims": [
    () => [m().norm(1, 0), m().norm({ p: inf, dim: [0, 1], keepdim: true })],
    [[5, 7, 9], [[6]]],
  ],
  "var and std by either name": [
    () => [
      row().var({ unbiased: false }),
      row().var(0, { correction: 0 }),
      row().var(),
      row().std({ dim: 0, keepdim: true }),
    ],
    [2 / 3, 2 / 3, 1, [1]].map((x) => (typeof x === "number" ? Math.fround(x) : x)),
  ],
  varMean: [
    () => varMean(m(), 1),
    [
      [1, 1],
      [2, 5],
    ],
  ],
  "any and all": [
    () => [
      zeros([2, 2]).any(),
      m().all(),
      tensor([
        [0, 1],
        [0, 0],
      ]).any(1),
      tensor([
        [0, 1],
        [1, 1],
      ]).all(0, true),
      zeros([0]).all(),
    ],
    [0, 1, [1, 0], [[0, 1]], 1],
  ],
  countNonzero: [() => [tensor([0, nan, 2]).countNonzero(), eye(3).countNonzero(0)], [2, [1, 1, 1]]],
  "nansum and nanmean": [() => [tensor([1, nan, 3]).nansum(), tensor([1, nan, 3]).nanmean()], [4, 2]],
  aminmax: [
    () => [m().aminmax(), m().aminmax({ dim: 0 })],
    [
      { min: 1, max: 6 },
      { min: [1, 2, 3], max: [4, 5, 6] },
    ],
  ],
  cumprod: [
    () => [m().cumprod(1), m().cumprod(0)],
    [
      [
        [1, 2, 6],
        [4, 20, 120],
      ],
      [
        [1, 2, 3],
        [4, 10, 18],
      ],
    ],
  ],
  "running sums of whole numbers stay whole": [
    () => [whole([16777217, 1]).cumsum(0), whole([3, 4]).prod()],
    [[16777217, 16777218], 12],
  ],
  "trace and diagonals": [() => [m().trace(), m().diagonal(1), m().diagonal(-1)], [6, [2, 6], [4]]],
});

checkExamples("order", {
  "sort puts NaN last": [() => tensor([nan, 2, 1]).sort(), { values: [1, 2, nan], indices: [2, 1, 0] }],
  "sort, largest first, puts NaN first": [
    () => tensor([1, nan, 2]).sort({ descending: true }),
    { values: [nan, 2, 1], indices: [1, 2, 0] },
  ],
  "equal numbers keep their order": [
    () => [whole([1, 0, 1, 0]).argsort(), whole([1, 0, 1, 0]).argsort({ descending: true, stable: true })],
    [
      [1, 3, 0, 2],
      [0, 2, 1, 3],
    ],
  ],
  "sort along another dim": [
    () =>
      tensor([
        [3, 1],
        [2, 5],
      ]).sort({ dim: 0 }).values,
    [
      [2, 1],
      [3, 5],
    ],
  ],
  topk: [() => row().topk(2), { values: [3, 2], indices: [0, 2] }],
  "topk, smallest": [
    () => m().topk(1, { dim: 0, largest: false }),
    { values: [[1, 2, 3]], indices: [[0, 0, 0]] },
  ],
  kthvalue: [() => m().kthvalue(2), { values: [2, 5], indices: [1, 1] }],
  "median is the lower of two": [
    () => [tensor([4, 1, 3, 2]).median(), m().median(0)],
    [2, { values: [1, 2, 3], indices: [0, 0, 0] }],
  ],
  "median of a NaN is NaN": [() => tensor([1, nan, 3]).median(), nan],
  unique: [
    () => [
      whole([3, 1, 3]).unique(),
      whole([
        [3, 1],
        [3, 2],
      ]).unique({ returnInverse: true, returnCounts: true }),
    ],
    [
      [1, 3],
      {
        values: [1, 2, 3],
        inverse: [
          [2, 0],
          [2, 1],
        ],
        counts: [1, 1, 2],
      },
    ],
  ],
  "searchsorted, left and right": [
    () => [
      searchsorted(tensor([1, 3, 3, 5]), tensor([3, 0, 9])),
      searchsorted(tensor([1, 3, 3, 5]), 3, { right: true }),
    ],
    [[1, 0, 4], 3],
  ],
  "searchsorted, row by row": [
    () =>
      searchsorted(
        tensor([
          [1, 2],
          [5, 6],
        ]),
        tensor([
          [2, 9],
          [5.5, 0],
        ]),
      ),
    [
      [1, 2],
      [1, 0],
    ],
  ],
  bucketize: [
    () =>
      bucketize(
        tensor([
          [0.5, 2],
          [1, 3],
        ]),
        tensor([1, 2]),
      ),
    [
      [0, 1],
      [0, 2],
    ],
  ],
  bincount: [
    () => [
      bincount(whole([0, 2, 2])),
      bincount(whole([0, 2]), { minlength: 5 }),
      bincount(whole([1, 1]), { weights: tensor([0.5, 2]) }),
    ],
    [
      [1, 0, 2],
      [1, 0, 1, 0, 0],
      [0, 2.5],
    ],
  ],
  histc: [
    () => [histc(tensor([0, 1, 2, 3, nan]), { bins: 3, max: 3 }), histc(tensor([1, 2, 3]), { bins: 2 })],
    [
      [1, 1, 2],
      [1, 2],
    ],
  ],
});

describe("laws", () => {
  test("sorted numbers ascend and are the same numbers", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        (values) => {
          const { values: sorted, indices } = double(values).sort();
          expect(sorted.toArray()).toEqual([...values].sort((a, b) => a - b || 0));
          expect([...indices.data].sort((a, b) => a - b)).toEqual(values.map((_, i) => i));
        },
      ),
    );
  });
});
