// Gradients of rearranging, indexing, scattering and joining, first and second order; see gradients.ts. Results are squared
// or multiplied, so that the second derivative is not trivially zero.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import fc from "fast-check";
import { describe } from "vitest";
import { type Tensor, cat, diag, meshgrid, stack, tensor } from "../../src/engine/index.ts";
import { type Operations, checkOperations } from "./gradients.ts";

const whole = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });
const size = fc.integer({ min: 2, max: 4 });

const rearranged: Operations = {
  reshape: ["all", (x) => x.reshape([-1]).square()],
  view: ["all", (x) => x.view(-1, 1).square()],
  "flatten and unflatten": ["all", (x) => x.flatten().unflatten(0, [-1, x.shape[1]!]).square()],
  "squeeze and unsqueeze": ["all", (x) => x.unsqueeze(1).squeeze(1).square()],
  transpose: ["all", (x) => x.T.square()],
  swapaxes: ["all", (x) => x.swapaxes(0, 1).square()],
  permute: ["all", (x) => x.permute(1, 0).square()],
  movedim: ["all", (x) => x.unsqueeze(0).movedim(0, -1).square()],
  expand: ["all", (x) => x.expand(2, -1, -1).square()],
  broadcastTo: ["all", (x) => x.unsqueeze(1).broadcastTo(x.shape[0]!, 3, x.shape[1]!).square()],
  repeat: ["all", (x) => x.repeat(2, 1, 2).square()],
  tile: ["all", (x) => x.tile(2).square()],
  "repeatInterleave by a number": ["all", (x) => x.repeatInterleave(2, 1).square()],
  "repeatInterleave by a tensor": [
    "all",
    (x) =>
      x
        .slice(0, 2)
        .repeatInterleave(whole([2, 0]), 0)
        .square(),
  ],
  split: ["all", (x) => x.split(1, 1).reduce((a, b) => a.mul(b))],
  chunk: [
    "all",
    (x) => x.chunk(2, 0).reduce((a, b) => a.add(b.sum().square()), tensor(0, { dtype: "float64" })),
  ],
  unbind: ["all", (x) => x.unbind(1).reduce((a, b) => a.mul(b))],
  narrow: ["all", (x) => x.narrow(1, 1, 1).square()],
  roll: ["all", (x) => x.roll(1, 1).mul(x)],
  "roll all": ["all", (x) => x.roll(-2).mul(x)],
  slice: ["all", (x) => x.slice(1, undefined, { dim: 1 }).square()],
  "slice with steps": ["all", (x) => x.slice(0, undefined, { step: 2 }).square()],
  select: ["all", (x) => x.get(-1).square()],
  flip: ["all", (x) => x.flip(0, 1).mul(x)],
  pad: ["all", (x) => x.pad(1, 1, 2).square()],
  "pad with a number": ["all", (x) => x.pad(0, 1, 0, 3).square()],
  diagonal: ["all", (x) => x.diagonal().square()],
  "diagonal above": ["all", (x) => x.diagonal(1).square()],
  "diagonal of a stack": ["all", (x) => stack([x, x.square()]).diagonal(-1, 1, 2)],
  "diag of a vector": ["all", (x) => diag(x.get(0), -1).square()],
  trace: ["all", (x) => x.trace().square()],
  tril: ["all", (x) => x.tril(-1).square()],
  triu: ["all", (x) => x.triu(1).square()],
  meshgrid: ["all", (x) => meshgrid([x.get(0), x.get(1).square()]).reduce((a, b) => a.mul(b))],
  cat: ["all", (x) => cat([x, x.square()], 1)],
  stack: ["all", (x) => stack([x, x.square()], 1)],
};

describe("rearranging a matrix", () => {
  checkOperations(
    rearranged,
    fc.tuple(size, size).map((sizes) => [[...sizes]]),
  );
});

const chosen: Operations = {
  "indexSelect with repeats": ["all", (x) => x.indexSelect(0, whole([0, 1, 0])).square()],
  "index with a range and positions": ["all", (x) => x.index([0, 2], whole([1, 1])).square()],
  "index by two tensors in step": ["all", (x) => x.index(whole([0, 1, 0]), whole([1, 0, 1])).square()],
  "index by tensors that broadcast": ["all", (x) => x.index(whole([[0], [1]]), whole([1, 0])).square()],
  "index with an ellipsis and a new dim": ["all", (x) => x.index("...", null, 1).square()],
  gather: ["all", (x) => x.gather(1, x.argmax(1, true)).square()],
  "gather by a smaller index": ["all", (x) => x.gather(1, whole([[1, 0, 1]])).square()],
  takeAlongDim: ["all", (x) => x.takeAlongDim(whole([[1, 0]]), 1).square()],
  maskedSelect: ["all", (x) => x.maskedSelect(x.gt(0)).square()],
  maskedFill: ["all", (x) => x.maskedFill(x.gt(0), 3).square()],
  indexFill: ["all", (x) => x.indexFill(1, whole([0]), 2).square()],
};

describe("choosing from a matrix", () => {
  checkOperations(
    chosen,
    fc.tuple(size, size).map((sizes) => [[...sizes]]),
  );
});

const written: Operations = {
  scatter: ["all", (x, y) => x.scatter(1, whole([[1, 0]]), y).square()],
  "scatter twice to one place": [
    "all",
    (x, y) =>
      x
        .scatter(
          1,
          whole([
            [1, 1],
            [0, 1],
          ]),
          y,
        )
        .square(),
  ],
  "scatter a number": ["all", (x, y) => x.scatter(0, whole([[1, 0]]), 2).mul(y)],
  scatterAdd: [
    "all",
    (x, y) =>
      x
        .scatterAdd(
          1,
          whole([
            [1, 1],
            [0, 1],
          ]),
          y,
        )
        .square(),
  ],
  indexAdd: ["all", (x, y) => x.indexAdd(0, whole([1, 1]), y.slice(0, 2), { alpha: 0.5 }).square()],
};

describe("writing one matrix into another", () => {
  checkOperations(
    written,
    fc.tuple(size, size).map(([m, n]) => [
      [m, n],
      [m, n],
    ]),
  );
});
