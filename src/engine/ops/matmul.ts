// Matrix products in all combinations of ranks, and the fused linear layer x·Wᵀ + b.
import { record, type VectorJacobian } from "../autograd/tape.ts";
import type { FloatDtype } from "../dtype.ts";
import { DtypeError, ShapeError, ValueError, describe, formatShape } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, pack, place } from "../memory/heap.ts";
import { isWorthThreads, matmulThreaded } from "../memory/threads.ts";
import { broadcastShapes, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { recordRelu } from "./elementwise.ts";
import { expand, reshape, sumDims } from "./layout.ts";

function checkPair(name: string, a: Tensor, b: Tensor): void {
  for (const operand of [a, b]) {
    if (!(operand instanceof Tensor)) {
      throw new ValueError(`${name}: the operands must be tensors, not ${describe(operand)}.`);
    }
  }
  if (a.dtype !== b.dtype) {
    throw new DtypeError(
      `${name}: ${a.dtype} × ${b.dtype}: both must have the same dtype. Convert one with .to("${a.dtype}").`,
    );
  }
  if (a.dtype === "int32") {
    throw new DtypeError(`${name}: works on float32 and float64. Convert with .to("float32").`);
  }
}

function innerSizeError(name: string, a: Tensor, b: Tensor, k: number, other: number): ShapeError {
  const { shape } = b;
  const turned = b.rank >= 2 && shape[shape.length - 1] === k;
  const hint = turned
    ? " nn.Linear keeps its weight as (out, in); did you mean the second operand's .transpose()?"
    : " The last size of the first operand must equal the last but one of the second.";
  return new ShapeError(
    `${name}: ${formatShape(a.shape)} × ${formatShape(b.shape)}: inner sizes ${k} and ${other} differ.${hint}`,
  );
}

/** What is applied to the result while it is still at hand. */
type Activation = "none" | "relu";

/** One or many products of matrices that lie one after the other; `turned` operands are used transposed. */
function multiply(
  a: Tensor,
  b: Tensor,
  shape: Shape,
  sizes: { batch: number; m: number; n: number; k: number },
  turned: { a: boolean; b: boolean },
  bias: Tensor | null = null,
  activation: Activation = "none",
): Tensor {
  const dtype = a.dtype as FloatDtype;
  const { batch, m, n, k } = sizes;
  const width = dtype === "float32" ? 4 : 8;
  const out = new Tensor(new Storage(dtype, batch * m * n), shape);
  if (out.size === 0) return out;
  place(a.storage, b.storage, out.storage, bias?.storage ?? out.storage);
  const kernel = kernels[dtype].matmul;
  const threaded = isWorthThreads(m, n, k);
  for (let i = 0; i < batch; i++) {
    const job = [
      m,
      n,
      k,
      a.storage.address + i * m * k * width,
      turned.a ? 1 : k,
      turned.a ? m : 1,
      b.storage.address + i * k * n * width,
      turned.b ? 1 : n,
      turned.b ? k : 1,
      bias === null ? 0 : bias.storage.address,
      activation === "relu" ? 1 : 0,
      out.storage.address + i * m * n * width,
    ] as const;
    if (threaded) matmulThreaded(dtype, ...job);
    else kernel(...job, pack);
  }
  return out;
}

/** The products of op(a)·op(b), by whether a and b are used transposed: they are of the same kind. */
const productsOf = (turnA: boolean, turnB: boolean): readonly VectorJacobian[] => [
  (g, { inputs }) => (turnA ? mm(inputs![1]!, g, turnB, true) : mm(g, inputs![1]!, false, !turnB)),
  (g, { inputs }) => (turnB ? mm(g, inputs![0]!, true, turnA) : mm(inputs![0]!, g, !turnA, false)),
];
const mmProducts = [
  [productsOf(false, false), productsOf(false, true)],
  [productsOf(true, false), productsOf(true, true)],
] as const;

/** op(a)·op(b) of two matrices, where op may transpose. */
export function mm(a: Tensor, b: Tensor, turnA = false, turnB = false): Tensor {
  const [m, k] = turnA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [other, n] = turnB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  if (k !== other) throw innerSizeError("matmul", a, b, k, other);
  const out = multiply(a, b, [m, n], { batch: 1, m, n, k }, { a: turnA, b: turnB });
  const operands = [a, b];
  return record("matmul", out, operands, operands, mmProducts[turnA ? 1 : 0][turnB ? 1 : 0]);
}

/** Products of matrices at the same place of two stacks, (batch, m, k) × (batch, k, n). */
function bmm(a: Tensor, b: Tensor, turnA = false, turnB = false): Tensor {
  const [batch, a1, a2] = a.shape as [number, number, number];
  const [, b1, b2] = b.shape as [number, number, number];
  const [m, k] = turnA ? [a2, a1] : [a1, a2];
  const n = turnB ? b1 : b2;
  const out = multiply(a, b, [batch, m, n], { batch, m, n, k }, { a: turnA, b: turnB });
  return record(
    "matmul",
    out,
    [a, b],
    [a, b],
    [
      (g) => (turnA ? bmm(b, g, turnB, true) : bmm(g, b, false, !turnB)),
      (g) => (turnB ? bmm(g, a, true, turnA) : bmm(a, g, !turnA, false)),
    ],
  );
}

/**
 * Matrix product. (m, k)·(k, n) → (m, n); a vector on the left is a row, on the right a column, and its dimension is
 * dropped from the result; leading dimensions are stacks of matrices and broadcast.
 */
export function matmul(a: Tensor, b: Tensor, owner = "matmul"): Tensor {
  checkPair(owner, a, b);
  if (a.rank === 0 || b.rank === 0) {
    throw new ShapeError(
      `${owner}: ${formatShape(a.shape)} × ${formatShape(b.shape)}: a scalar is no matrix. Use .mul() to scale.`,
    );
  }
  const k = a.shape[a.rank - 1]!;
  const other = b.rank === 1 ? b.shape[0]! : b.shape[b.rank - 2]!;
  if (k !== other) throw innerSizeError(owner, a, b, k, other);
  if (a.rank === 2 && b.rank === 2) return mm(a, b);
  if (a.rank === 1) {
    const product = matmul(reshape(a, [1, k]), b);
    return reshape(product, b.rank === 1 ? [] : product.shape.toSpliced(-2, 1));
  }
  if (b.rank === 1) {
    const product = matmul(a, reshape(b, [k, 1]));
    return reshape(product, product.shape.slice(0, -1));
  }
  const m = a.shape[a.rank - 2]!;
  const n = b.shape[b.rank - 1]!;
  // One matrix on the right serves the whole stack: the stack's rows are one tall matrix.
  if (b.rank === 2) return reshape(mm(reshape(a, [-1, k]), b), [...a.shape.slice(0, -1), n]);
  const stackShape = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const left = reshape(expand(a, [...stackShape, m, k]), [sizeOf(stackShape), m, k]);
  const right = reshape(expand(b, [...stackShape, k, n]), [sizeOf(stackShape), k, n]);
  return reshape(bmm(left, right), [...stackShape, m, n]);
}

function checkLinear(x: Tensor, weight: Tensor, bias: Tensor | null): void {
  checkPair("linear", x, weight);
  if (bias !== null) checkPair("linear", x, bias);
  if (weight.rank !== 2) {
    throw new ShapeError(`linear: the weight must be (out, in), not ${formatShape(weight.shape)}.`);
  }
  const [n, k] = weight.shape as [number, number];
  if (x.rank === 0 || x.shape[x.rank - 1] !== k) {
    throw new ShapeError(
      `linear: input ${formatShape(x.shape)}, weight ${formatShape(weight.shape)}: the input's last size must be ${k}, the weight's "in".`,
    );
  }
  if (bias !== null && (bias.rank !== 1 || bias.shape[0] !== n)) {
    throw new ShapeError(
      `linear: the bias must be (${n},) for weight ${formatShape(weight.shape)}, not ${formatShape(bias.shape)}.`,
    );
  }
}

function runLinear(x: Tensor, weight: Tensor, bias: Tensor | null, activation: Activation): Tensor {
  checkLinear(x, weight, bias);
  const [n, k] = weight.shape as [number, number];
  const shape = x.shape.with(x.rank - 1, n);
  const sizes = { batch: 1, m: x.size / k || 0, n, k };
  return multiply(x, weight, shape, sizes, { a: false, b: true }, bias, activation);
}

/** x seen as a matrix with rows of its last size. */
function rows(x: Tensor): Tensor {
  if (x.rank === 2) return x;
  const width = x.shape[x.rank - 1]!;
  return reshape(x, [x.size / width || 0, width]);
}

const linearProducts: readonly VectorJacobian[] = [
  (g, { inputs }) => reshape(mm(rows(g), inputs![1]!), inputs![0]!.shape),
  (g, { inputs }) => mm(rows(g), rows(inputs![0]!), true, false),
  (g) => sumDims(rows(g), [0]),
];

function recordLinear(out: Tensor, x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  const saved = [x, weight];
  return record("linear", out, bias === null ? saved : [x, weight, bias], saved, linearProducts);
}

/**
 * x·Wᵀ + b in one kernel call: x (…, in), weight (out, in), bias (out,) or null → (…, out).
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  return recordLinear(runLinear(x, weight, bias, "none"), x, weight, bias);
}

/** relu(linear(x, weight, bias)) in one kernel call. */
export function linearRelu(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  const out = runLinear(x, weight, bias, "relu");
  // On the tape it is two operations. What passes between them is never written down: no backward reads it.
  const between = new Tensor(new Storage(out.dtype, out.size), out.shape);
  return recordRelu(out, recordLinear(between, x, weight, bias));
}

/** The outer product of two vectors: (m,) and (n,) → (m, n). */
export function outer(a: Tensor, b: Tensor): Tensor {
  checkPair("outer", a, b);
  if (a.rank !== 1 || b.rank !== 1) {
    throw new ShapeError(
      `outer: needs two vectors, not ${formatShape(a.shape)} and ${formatShape(b.shape)}.`,
    );
  }
  return mm(reshape(a, [-1, 1]), reshape(b, [1, -1]));
}
