// Gradients of matrix products, einsum, distances and linear algebra, first and second order; see gradients.ts.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import fc from "fast-check";
import { describe } from "vitest";
import { addmm, baddbmm, cdist, einsum, eye, linalg, nn } from "../../src/engine/index.ts";
import { type Operation, type Operations, checkOperations, size } from "./gradients.ts";

type Shapes = (m: number, k: number, n: number) => number[][];

/** Operations whose operands' shapes share sizes. */
function checkProducts(products: Record<string, [shapes: Shapes, operation: Operation]>): void {
  for (const [name, [shapes, operation]] of Object.entries(products)) {
    checkOperations(
      { [name]: ["all", operation] },
      fc.tuple(size, size, size).map(([m, k, n]) => shapes(m, k, n)),
    );
  }
}

describe("matrix products in all ranks", () => {
  const matmul: Operation = (a, b) => a.matmul(b);
  checkProducts({
    "matrix · matrix": [
      (m, k, n) => [
        [m, k],
        [k, n],
      ],
      matmul,
    ],
    "matrix · vector": [(m, k) => [[m, k], [k]], matmul],
    "vector · matrix": [(_, k, n) => [[k], [k, n]], matmul],
    "vector · vector": [(_, k) => [[k], [k]], matmul],
    "stack · matrix": [
      (m, k, n) => [
        [2, m, k],
        [k, n],
      ],
      matmul,
    ],
    "matrix · stack": [
      (m, k, n) => [
        [m, k],
        [2, k, n],
      ],
      matmul,
    ],
    "stack · stack, broadcast": [
      (m, k, n) => [
        [2, 1, m, k],
        [3, k, n],
      ],
      matmul,
    ],
    "stack · vector": [(m, k) => [[2, m, k], [k]], matmul],
    "a matrix with its transpose": [(m, k) => [[m, k]], (x) => x.matmul(x.T)],
    mm: [
      (m, k, n) => [
        [m, k],
        [k, n],
      ],
      (a, b) => a.mm(b),
    ],
    mv: [(m, k) => [[m, k], [k]], (a, b) => a.mv(b)],
    bmm: [
      (m, k, n) => [
        [2, m, k],
        [2, k, n],
      ],
      (a, b) => a.bmm(b),
    ],
    dot: [(_, k) => [[k], [k]], (a, b) => a.dot(b)],
    outer: [(m, k) => [[m], [k]], (a, b) => a.outer(b)],
    addmm: [(m, k, n) => [[n], [m, k], [k, n]], (x, a, b) => addmm(x, a, b, { beta: 0.5, alpha: -2 })],
    baddbmm: [
      (m, k, n) => [
        [2, 1, n],
        [2, m, k],
        [2, k, n],
      ],
      (x, a, b) => baddbmm(x, a, b),
    ],
    linear: [
      (m, k, n) => [
        [m, k],
        [n, k],
      ],
      (x, w) => nn.functional.linear(x, w),
    ],
    "linear with a bias": [(m, k, n) => [[m, k], [n, k], [n]], (x, w, b) => nn.functional.linear(x, w, b)],
    cdist: [
      (m, k, n) => [
        [m, k],
        [n, k],
      ],
      (a, b) => cdist(a, b.add(5)),
    ],
    "cdist, p = 1": [
      (m, k, n) => [
        [m, k],
        [n, k],
      ],
      (a, b) => cdist(a, b.add(5), 1).square(),
    ],
  });
});

describe("einsum", () => {
  const of =
    (equation: string): Operation =>
    (...operands) =>
      einsum(equation, ...operands).square();
  checkProducts({
    "ij,jk->ik": [
      (m, k, n) => [
        [m, k],
        [k, n],
      ],
      of("ij,jk->ik"),
    ],
    "ij,kj": [
      (m, k, n) => [
        [m, k],
        [n, k],
      ],
      of("ij,kj"),
    ],
    "ii->i": [(m) => [[m, m]], of("ii->i")],
    ii: [(m) => [[m, m]], of("ii")],
    "ijk->kj": [(m, k, n) => [[m, k, n]], of("ijk->kj")],
    "...ij,...jk->...ik": [
      (m, k, n) => [
        [2, m, k],
        [k, n],
      ],
      of("...ij,...jk->...ik"),
    ],
    "bmk,kn->bn": [
      (m, k, n) => [
        [2, m, k],
        [k, n],
      ],
      of("bmk,kn->bn"),
    ],
    "i,j,k->kij": [(m, k, n) => [[m], [k], [n]], of("i,j,k->kij")],
    "ij,ij,j->": [(m, k) => [[m, k], [m, k], [k]], of("ij,ij,j->")],
    "iij,ji->j": [
      (m, k) => [
        [m, m, k],
        [k, m],
      ],
      of("iij,ji->j"),
    ],
  });
});

const wellConditioned: Operations = {
  det: ["all", (x) => linalg.det(x)],
  "det of a singular matrix": ["zeros in front", (x) => linalg.det(x)],
  inv: ["all", (x) => linalg.inv(x.matmul(x.T).add(eye(x.shape[0]!, { dtype: "float64" })))],
  cholesky: ["all", (x) => linalg.cholesky(x.matmul(x.T).add(eye(x.shape[0]!, { dtype: "float64" })))],
  "qr, Q": ["positive", (x) => linalg.qr(x.add(eye(x.shape[0]!, { dtype: "float64" }).mul(5))).Q],
  "qr, R": ["positive", (x) => linalg.qr(x.add(eye(x.shape[0]!, { dtype: "float64" }).mul(5))).R],
  norm: ["all", (x) => linalg.norm(x)],
  "norm, largest column sum": ["away from 0", (x) => linalg.norm(x, 1).square()],
};

describe("linear algebra", () => {
  checkOperations(
    wellConditioned,
    size.map((n) => [[n, n]]),
  );
  checkProducts({
    solve: [
      (m, k) => [
        [m, m],
        [m, k],
      ],
      (a, b) => linalg.solve(a.matmul(a.T).add(eye(a.shape[0]!, { dtype: "float64" })), b),
    ],
    "solve for a vector": [
      (m) => [[m, m], [m]],
      (a, b) => linalg.solve(a.matmul(a.T).add(eye(a.shape[0]!, { dtype: "float64" })), b),
    ],
    "solve stacks": [
      (m) => [
        [2, m, m],
        [m, 2],
      ],
      (a, b) => linalg.solve(a.matmul(a.transpose()).add(eye(a.shape[1]!, { dtype: "float64" })), b),
    ],
    "qr of a tall matrix": [
      (m) => [[m + 2, m]],
      (x) => {
        const { Q, R } = linalg.qr(x);
        return Q.add(1).matmul(R);
      },
    ],
  });
});
