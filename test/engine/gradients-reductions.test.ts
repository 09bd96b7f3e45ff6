// Gradients of reductions, running sums and order statistics, first and second order; see gradients.ts.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import fc from "fast-check";
import { describe } from "vitest";
import { varMean } from "../../src/engine/index.ts";
import { type Operations, checkOperations, shape } from "./gradients.ts";

const overall: Operations = {
  "sum and mean": ["all", (x) => x.square().sum().add(x.mean().square())],
  logsumexp: ["all", (x) => x.logsumexp()],
  norm: ["away from 0", (x) => x.norm()],
  "norm, p = 1": ["away from 0", (x) => x.norm(1).square()],
  "norm, p = 3": ["away from 0", (x) => x.norm(3)],
  "norm, p = ½": ["away from 0", (x) => x.norm(0.5)],
  "norm, p = −1": ["away from 0", (x) => x.norm(-1)],
  "norm, p = Infinity": ["away from 0", (x) => x.norm(Infinity).square()],
  "norm, p = −Infinity": ["away from 0", (x) => x.norm(-Infinity).square()],
  prod: ["all", (x) => x.prod()],
  max: ["all", (x) => x.max().square()],
  min: ["all", (x) => x.amin().square()],
  aminmax: ["all", (x) => x.aminmax().min.mul(x.aminmax().max)],
  median: ["all", (x) => x.median().square()],
};

describe("of all numbers of a tensor of any shape", () => {
  checkOperations(
    overall,
    shape.map((sizes) => [sizes]),
    12,
  );
});

const along: Operations = {
  "sum along a dim": ["all", (x) => x.square().sum(0)],
  "mean along a dim, kept": ["all", (x) => x.square().mean(1, true)],
  var: ["all", (x) => x.var(1)],
  std: ["all", (x) => x.std({ dim: 0, correction: 0 })],
  varMean: ["all", (x) => varMean(x, 1).reduce((a, b) => a.mul(b))],
  softmax: ["all", (x) => x.softmax(1)],
  logSoftmax: ["all", (x) => x.logSoftmax(0)],
  logsumexp: ["all", (x) => x.logsumexp({ dim: [0, 1], keepdim: true })],
  "norm along a dim": ["away from 0", (x) => x.norm({ dim: 1 })],
  "norm, p = 1.5": ["away from 0", (x) => x.norm(1.5, 0, true)],
  cumsum: ["all", (x) => x.cumsum(1).square()],
  cumprod: ["all", (x) => x.cumprod(0)],
  "cumprod past a zero": ["zeros in front", (x) => x.cumprod(0)],
  "prod along a dim": ["all", (x) => x.prod(1)],
  "prod with a zero": ["zeros in front", (x) => x.prod(0)],
  "prod with many zeros": ["zeros in front", (x) => x.prod(1)],
  "max along a dim": ["all", (x) => x.max(1).values.square()],
  "amax along dims": ["all", (x) => x.amax([0, 1]).square()],
  "sort, ascending": ["all", (x) => x.sort().values.cumsum(-1).square()],
  "sort, descending": ["all", (x) => x.sort({ dim: 0, descending: true }).values.cumsum(0).square()],
  topk: ["all", (x) => x.topk(2, { dim: 1 }).values.cumprod(1)],
  "the smallest by topk": ["all", (x) => x.topk(1, { dim: 0, largest: false }).values.square()],
  kthvalue: ["all", (x) => x.kthvalue(2, 1, true).values.mul(x)],
  "median along a dim": ["all", (x) => x.median(0).values.square()],
};

const matrix = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 }));

describe("along dimensions of a matrix", () => {
  checkOperations(
    along,
    matrix.map((sizes) => [[...sizes]]),
  );
});
