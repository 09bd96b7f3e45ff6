// What rearranging, indexing and scattering give: PyTorch's answers on small examples, and laws.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arange, diag, eye, meshgrid, ones, tensor, zeros } from "../../src/engine/index.ts";
import { whole, m, inf, draw, checkExamples } from "./operations.ts";

checkExamples("rearranging", {
  "split in pieces, chunk, unbind": [
    () => [
      arange(5).split(2),
      arange(5).split([1, 4]),
      arange(5).chunk(3),
      m().unbind(1),
      arange(2).chunk(3),
    ],
    [
      [[0, 1], [2, 3], [4]],
      [[0], [1, 2, 3, 4]],
      [[0, 1], [2, 3], [4]],
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
      [[0], [1]],
    ],
  ],
  "narrow from the back": [() => arange(5).narrow(0, -3, 2), [2, 3]],
  "view and its kin": [
    () => [m().view(3, 2), m().viewAs(zeros([6])), m().reshapeAs(zeros([3, 2]))],
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [1, 2, 3, 4, 5, 6],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
  ],
  "expand keeps a size with −1": [
    () => [
      tensor([[1], [2]]).expand(-1, 2),
      tensor([1, 2]).expandAs(zeros([2, 2])),
      tensor(1).broadcastTo([2]),
    ],
    [
      [
        [1, 1],
        [2, 2],
      ],
      [
        [1, 2],
        [1, 2],
      ],
      [1, 1],
    ],
  ],
  "movedim and swapaxes": [
    () => [
      zeros([2, 3, 4]).movedim(0, -1).shape,
      zeros([2, 3, 4]).movedim([0, 1], [1, 2]).shape,
      zeros([2, 3]).swapaxes(0, 1).shape,
    ],
    [
      [3, 4, 2],
      [4, 2, 3],
      [3, 2],
    ],
  ],
  unflatten: [
    () => arange(6).unflatten(0, [2, -1]),
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
  ],
  "repeat, tile, repeatInterleave": [
    () => [
      tensor([1, 2]).repeat(2, 2),
      m().tile(2).shape,
      tensor([1, 2]).repeatInterleave(2),
      m().repeatInterleave(whole([2, 1]), 0),
    ],
    [
      [
        [1, 2, 1, 2],
        [1, 2, 1, 2],
      ],
      [2, 6],
      [1, 1, 2, 2],
      [
        [1, 2, 3],
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
  ],
  roll: [
    () => [arange(4).roll(1), m().roll(1), m().roll([1, -1], [0, 1])],
    [
      [3, 0, 1, 2],
      [
        [6, 1, 2],
        [3, 4, 5],
      ],
      [
        [5, 6, 4],
        [2, 3, 1],
      ],
    ],
  ],
  "tril and triu": [
    () => [
      ones([2, 3]).tril(),
      ones([2, 3]).triu(1),
      tensor([
        [1, inf],
        [1, 1],
      ]).tril(),
    ],
    [
      [
        [1, 0, 0],
        [1, 1, 0],
      ],
      [
        [0, 1, 1],
        [0, 0, 1],
      ],
      [
        [1, 0],
        [1, 1],
      ],
    ],
  ],
  "diag off the main diagonal": [
    () => [diag(tensor([1, 2]), 1), diag(m(), -1)],
    [
      [
        [0, 1, 0],
        [0, 0, 2],
        [0, 0, 0],
      ],
      [4],
    ],
  ],
  meshgrid: [
    () => [
      meshgrid([tensor([1, 2]), tensor([3, 4, 5])])[0],
      meshgrid([tensor([1, 2]), tensor([3, 4, 5])], { indexing: "xy" })[0],
    ],
    [
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
    ],
  ],
  "flip takes a list too": [
    () => m().flip([0, 1]),
    [
      [6, 5, 4],
      [3, 2, 1],
    ],
  ],
});

checkExamples("indexing", {
  "two tensors are read in step": [() => m().index(whole([0, 1, 1]), whole([2, 0, 1])), [3, 4, 5]],
  "two tensors that broadcast make a grid": [
    () => m().index(whole([[0], [1]]), whole([2, 0])),
    [
      [3, 1],
      [6, 4],
    ],
  ],
  "tensors that are not neighbours go to the front": [
    () => zeros([2, 3, 4]).index(whole([0, 1, 0]), ":", whole([0, 1, 2])).shape,
    [3, 3],
  ],
  "neighbours stay where they are": [
    () => zeros([5, 3, 4]).index(":", whole([0, 1]), whole([2, 3])).shape,
    [5, 2],
  ],
  "an ellipsis and a new dimension": [
    () => [m().index("...", -1), m().index(null, 0).shape, m().index(0, "...", null).shape],
    [
      [3, 6],
      [1, 3],
      [3, 1],
    ],
  ],
  "gather by a smaller index": [() => m().gather(1, whole([[2, 0]])), [[3, 1]]],
  takeAlongDim: [
    () => [
      m().takeAlongDim(whole([5, 0])),
      m().takeAlongDim(m().argsort({ descending: true }), 1),
      m().takeAlongDim(whole([[1], [0]]), 1),
    ],
    [
      [6, 1],
      [
        [3, 2, 1],
        [6, 5, 4],
      ],
      [[2], [4]],
    ],
  ],
  scatter: [
    () => [
      zeros([2, 3]).scatter(1, whole([[2], [0]]), 1),
      zeros([3]).scatter(0, whole([0, 2]), tensor([5, 6, 7])),
    ],
    [
      [
        [0, 0, 1],
        [1, 0, 0],
      ],
      [5, 0, 6],
    ],
  ],
  "of two entries for one place the later is seen": [
    () => zeros([2]).scatter(0, whole([1, 1]), tensor([3, 4])),
    [0, 4],
  ],
  scatterAdd: [
    () =>
      ones([2, 2]).scatterAdd(
        0,
        whole([
          [1, 1],
          [1, 0],
        ]),
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
    [
      [1, 5],
      [5, 3],
    ],
  ],
  indexAdd: [
    () => zeros([2, 2]).indexAdd(0, whole([1, 1]), m().slice(0, 2, { dim: 1 }), { alpha: 2 }),
    [
      [0, 0],
      [10, 14],
    ],
  ],
  indexFill: [
    () => m().indexFill(1, whole([0, 2]), -1),
    [
      [-1, 2, -1],
      [-1, 5, -1],
    ],
  ],
  masks: [
    () => [m().maskedSelect(m().gt(3)), m().maskedFill(m().gt(3), 0), m().maskedSelect(tensor([[1], [0]]))],
    [
      [4, 5, 6],
      [
        [1, 2, 3],
        [0, 0, 0],
      ],
      [1, 2, 3],
    ],
  ],
  nonzero: [
    () => [eye(2).nonzero(), zeros([2, 2]).nonzero().shape],
    [
      [
        [0, 0],
        [1, 1],
      ],
      [0, 2],
    ],
  ],
  "where, as a method": [
    () => m().where(m().gt(2), 0),
    [
      [0, 0, 3],
      [4, 5, 6],
    ],
  ],
});

describe("laws", () => {
  const seeds = fc.integer({ min: 0, max: 1e6 });

  test("pieces put together give the whole", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (seed, n, size) => {
        const x = draw(seed, [n, 2]);
        expect(x.split(size).flatMap((piece) => piece.toArray())).toEqual(x.toArray());
        expect(x.chunk(size).length).toBeLessThanOrEqual(size);
        expect(x.roll(size, 0).roll(-size, 0).toArray()).toEqual(x.toArray());
        expect(x.tril().add(x.triu(1)).toArray()).toEqual(x.toArray());
      }),
    );
  });
});
