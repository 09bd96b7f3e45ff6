// What products and linear algebra give: PyTorch's answers on small examples, and laws.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Tensor,
  addmm,
  baddbmm,
  cdist,
  einsum,
  eye,
  linalg,
  ones,
  tensor,
} from "../../src/engine/index.ts";
import { double, m, row, nan, inf, draw, checkExamples } from "./operations.ts";

checkExamples("products", {
  addmm: [
    () =>
      addmm(
        tensor([1, 1]),
        eye(2),
        tensor([
          [1, 2],
          [3, 4],
        ]),
        { beta: 2, alpha: 10 },
      ),
    [
      [12, 22],
      [32, 42],
    ],
  ],
  "beta 0 ignores NaN": [
    () => addmm(tensor([nan, nan]), eye(2), eye(2), { beta: 0 }),
    [
      [1, 0],
      [0, 1],
    ],
  ],
  baddbmm: [() => baddbmm(tensor(1), ones([2, 1, 2]), ones([2, 2, 1])), [[[3]], [[3]]]],
  "mm, mv, bmm, dot": [
    () => [m().mm(eye(3)), m().mv(tensor([1, 0, 1])), ones([2, 1, 2]).bmm(ones([2, 2, 1])), row().dot(row())],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [4, 10],
      [[[2]], [[2]]],
      14,
    ],
  ],
  cdist: [
    () => [
      cdist(
        tensor([[0, 0]]),
        tensor([
          [3, 4],
          [0, 0],
        ]),
      ),
      cdist(tensor([[0, 0]]), tensor([[3, 4]]), 1),
    ],
    [[[5, 0]], [[7]]],
  ],
  "einsum, trace": [() => einsum("ii", m().matmul(m().T)), 91],
  "einsum, ellipsis": [() => einsum("...i,i->...", m(), tensor([1, 0, 2])), [7, 16]],
  "einsum without an output sorts letters": [
    () => einsum("ba", m()),
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  ],
  "einsum of a list": [() => einsum("i,i", [row(), row()]), 14],
  "einsum over a size of 1": [() => einsum("ij,ij->i", tensor([[1], [2]]), m()), [6, 30]],
});

checkExamples("linear algebra", {
  "det, also of singular matrices": [
    () => [
      linalg.det(
        double([
          [1, 2],
          [3, 4],
        ]),
      ),
      linalg.det(
        double([
          [1, 2],
          [2, 4],
        ]),
      ),
      linalg.det(ones([2, 2, 2])),
    ],
    [-2, 0, [0, 0]],
  ],
  solve: [
    () =>
      linalg.solve(
        double([
          [2, 0],
          [0, 4],
        ]),
        double([2, 4]),
      ),
    [1, 1],
  ],
  cholesky: [
    () =>
      linalg.cholesky(
        double([
          [4, 2],
          [2, 5],
        ]),
      ),
    [
      [2, 0],
      [1, 2],
    ],
  ],
  norm: [
    () => [
      linalg.norm(m(), 1),
      linalg.norm(m(), inf),
      linalg.norm(m(), -1),
      linalg.norm(row(), 1),
      linalg.norm(m(), 1, { dim: 1 }),
    ],
    [9, 15, 5, 6, [6, 15]],
  ],
});

describe("laws", () => {
  const seeds = fc.integer({ min: 0, max: 1e6 });

  test("einsum agrees with a sum over all indices", () => {
    const letters = ["i", "j", "k"];
    const term = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        seeds,
        fc.array(term, { minLength: 1, maxLength: 3 }),
        fc.subarray(letters),
        (seed, terms, wanted) => {
          const sizes: Record<string, number> = { i: 2, j: 3, k: 2 };
          const used = letters.filter((letter) => terms.some((each) => each.includes(letter)));
          const output = wanted.filter((letter) => used.includes(letter));
          const operands = terms.map((each, n) =>
            draw(
              seed + n,
              each.map((letter) => sizes[letter]!),
            ),
          );
          const equation = `${terms.map((each) => each.join("")).join(",")}->${output.join("")}`;
          const result = einsum(equation, ...operands);
          const expected = new Map<string, number>();
          const visit = (at: Record<string, number>, rest: string[]): void => {
            const [letter, ...more] = rest;
            if (letter !== undefined) {
              for (let i = 0; i < sizes[letter]!; i++) visit({ ...at, [letter]: i }, more);
              return;
            }
            const product = operands.reduce(
              (p, x, n) => p * x.get(...terms[n]!.map((l) => at[l]!)).item(),
              1,
            );
            const key = output.map((l) => at[l]!).join();
            expected.set(key, (expected.get(key) ?? 0) + product);
          };
          visit({}, used);
          expect(result.shape).toEqual(output.map((letter) => sizes[letter]));
          for (const [key, value] of expected) {
            const place = key === "" ? [] : key.split(",").map(Number);
            expect(result.get(...place).item()).toBeCloseTo(value, 10);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("inverse, solution, factors and determinant belong together", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 7 }), (seed, n) => {
        const a = draw(seed, [n, n]).add(eye(n, { dtype: "float64" }).mul(3));
        const close = (x: Tensor, y: Tensor) => expect(x.allclose(y, { rtol: 1e-9, atol: 1e-9 })).toBe(true);
        const identity = eye(n, { dtype: "float64" });
        close(a.matmul(linalg.inv(a)), identity);
        close(linalg.solve(a, a), identity);
        const { Q, R } = linalg.qr(a);
        close(Q.matmul(R), a);
        close(Q.T.matmul(Q), identity);
        close(R, R.triu());
        const s = a.matmul(a.T);
        const l = linalg.cholesky(s);
        close(l.matmul(l.T), s);
        close(linalg.det(s), l.diagonal().prod().square());
        close(linalg.det(a).square(), linalg.det(s));
      }),
      { numRuns: 25 },
    );
  });

  test("a tall matrix has a thin Q, a wide one a wide R", () => {
    const shapes = (rows: number, columns: number) => {
      const { Q, R } = linalg.qr(draw(1, [rows, columns]));
      expect(Q.matmul(R).allclose(draw(1, [rows, columns]))).toBe(true);
      return [Q.shape, R.shape];
    };
    expect(shapes(5, 2)).toEqual([
      [5, 2],
      [2, 2],
    ]);
    expect(shapes(2, 5)).toEqual([
      [2, 2],
      [2, 5],
    ]);
  });
});
