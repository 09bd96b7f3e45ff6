// Wrong calls of products, einsum, distances, counts and linear algebra.
import {
  DtypeError,
  GradientError,
  OptionError,
  ShapeError,
  ValueError,
  addmm,
  allclose,
  autograd,
  baddbmm,
  bincount,
  bmm,
  bucketize,
  cdist,
  dot,
  einsum,
  eye,
  histc,
  linalg,
  logsumexp,
  matmul,
  mm,
  mv,
  ones,
  outer,
  searchsorted,
  softmax,
  tensor,
  varMean,
} from "../../../src/engine/index.ts";
import { type Groups, type Row, any, int, lists, tensors } from "./rows.ts";

const x = ones([2, 3]);
const v = ones([4]);
const scalar = tensor(1);
const wide = ones([2, 3], { dtype: "float64" });
const stack = ones([2, 3, 4]);

/** A product of two operands of the same float type. */
const product = (call: (a: never, b: never) => unknown): Row[] => [
  ...tensors((a) => call(a, any(x))),
  ...tensors((b) => call(any(x), b)),
];

/** A function of square matrices. */
const square = (call: (a: never) => unknown): Row[] => [
  ...tensors(call),
  [() => call(any(x)), ShapeError, "(2, 3)"],
  [() => call(any(v)), ShapeError, "(4,)"],
  [() => call(any(scalar)), ShapeError, "()"],
  [() => call(any(int([[1]]))), DtypeError, "int32"],
];

export const productCalls: Groups = {
  matmul: [
    ...product((a, b) => matmul(a, b)),
    ...tensors((b) => x.matmul(b)),
    [() => x.matmul(ones([2, 3])), ShapeError, "(2, 3) × (2, 3)"],
    [() => ones([32, 784]).matmul(ones([256, 784])), ShapeError, "transpose()"],
    [() => x.matmul(v), ShapeError, "(4,)"],
    [() => v.matmul(x), ShapeError, "(4,)"],
    [() => x.matmul(scalar), ShapeError, "scalar"],
    [() => scalar.matmul(x), ShapeError, "scalar"],
    [() => x.matmul(wide.T), DtypeError, "float32 × float64"],
    [() => int([[1]]).matmul(int([[1]])), DtypeError, "float32 and float64"],
    [() => ones([2, 3, 4]).matmul(ones([3, 4, 2])), ShapeError, "(2,) and (3,)"],
  ],
  outer: [
    ...product((a, b) => outer(a, b)),
    ...tensors((b) => v.outer(b)),
    [() => outer(x, v), ShapeError, "(2, 3)"],
    [() => outer(v, scalar), ShapeError, "()"],
  ],
  dot: [
    ...product((a, b) => dot(a, b)),
    ...tensors((b) => v.dot(b)),
    [() => v.dot(ones([3])), ShapeError, "(4,) × (3,)"],
    [() => x.dot(x), ShapeError, "(2, 3)"],
    [() => v.dot(tensor([1, 1, 1, 1], { dtype: "float64" })), DtypeError, "float64"],
  ],
  mv: [
    ...product((a, b) => mv(a, b)),
    [() => mv(v, v), ShapeError, "(4,)"],
    [() => x.mv(v), ShapeError, "(2, 3) × (4,)"],
  ],
  mm: [
    ...product((a, b) => mm(a, b)),
    [() => mm(stack, x), ShapeError, "(2, 3, 4)"],
    [() => x.mm(x), ShapeError, "(2, 3) × (2, 3)"],
    [() => x.mm(v), ShapeError, "(4,)"],
  ],
  bmm: [
    ...product((a, b) => bmm(a, b)),
    [() => bmm(x, x), ShapeError, "(2, 3)"],
    [() => bmm(stack, ones([3, 4, 2])), ShapeError, "(3, 4, 2)"],
    [() => stack.bmm(stack), ShapeError, "(2, 3, 4) × (2, 3, 4)"],
  ],
  addmm: [
    ...tensors((a) => addmm(a, x, x.T)),
    ...product((a, b) => addmm(x, a, b)),
    [() => addmm(x, x, x.T, any({ gamma: 1 })), OptionError, "gamma"],
    [() => addmm(x, x, x.T, { beta: NaN }), OptionError, "NaN"],
    [() => addmm(x, x, x.T, any({ alpha: "2" })), OptionError, '"2"'],
    [() => addmm(x, x, x.T, any(2)), OptionError, "not 2"],
    [() => addmm(v, x, v), ShapeError, "(4,)"],
  ],
  baddbmm: [
    ...tensors((a) => baddbmm(a, stack, stack.transpose())),
    [() => baddbmm(x, x, x), ShapeError, "(2, 3)"],
    [() => baddbmm(x, stack, stack.transpose(), { alpha: Infinity - Infinity }), OptionError, "NaN"],
  ],
  cdist: [
    ...product((a, b) => cdist(a, b)),
    [() => cdist(x, ones([2, 4])), ShapeError, "(2, 4)"],
    [() => cdist(v, v), ShapeError, "(4,)"],
    [() => cdist(x, x, -1), OptionError, "-1"],
    [() => cdist(x, x, NaN), OptionError, "NaN"],
    [() => cdist(x, x, any("2")), OptionError, '"2"'],
  ],
  einsum: [
    ...lists((list) => einsum("i", list)),
    [() => einsum(any(undefined), x), ValueError, "undefined"],
    [() => einsum(any(x), x), ValueError, "Tensor"],
    [() => einsum("ij", any([1, 2])), ValueError, "not 1"],
    [() => einsum("ij", [x, x]), ValueError, "2 were given"],
    [() => einsum("ij,jk->ik", x), ValueError, "1 were given"],
    [() => einsum("ij"), ValueError, "0 were given"],
    [() => einsum("ijk", x), ShapeError, "names 3 dims"],
    [() => einsum("i", x), ShapeError, "(2, 3)"],
    [() => einsum("i...jk", x), ShapeError, "names 3 dims"],
    [() => einsum("ij,jk->ik", x, x), ShapeError, "j is 3"],
    [() => einsum("ii", x), ShapeError, "i is 2 and 3"],
    [() => einsum("ij->ijk", x), ValueError, "k"],
    [() => einsum("ij->ii", x), ValueError, "twice"],
    [() => einsum("ij->i->j", x), ValueError, '"->"'],
    [() => einsum("i1", x), ValueError, "letters"],
    [() => einsum("i.j", x), ValueError, "letters"],
    [() => einsum("i......", x), ValueError, '"..."'],
    [() => einsum("...,...->...", x, v), ShapeError, "(4,)"],
    [() => einsum("ij,jk->ik", x, wide.T), DtypeError, "float64"],
    [() => einsum("ij->ji", int([[1]])), DtypeError, "int32"],
  ],
  searchsorted: [
    ...tensors((a) => searchsorted(a, x)),
    [() => searchsorted(v, any("a")), ValueError, '"a"'],
    [() => searchsorted(v, any(undefined)), ValueError, "undefined"],
    [() => searchsorted(scalar, v), ShapeError, "()"],
    [() => searchsorted(x, ones([3, 1])), ShapeError, "(3, 1)"],
    [() => searchsorted(v, v, any({ side: "right" })), OptionError, "side"],
    [() => searchsorted(v, v, any({ right: 1 })), OptionError, "not 1"],
  ],
  bucketize: [
    ...tensors((a) => bucketize(v, a)),
    [() => bucketize(v, x), ShapeError, "(2, 3)"],
    [() => bucketize(any(null), v), ValueError, "null"],
    [() => bucketize(v, v, any({ right: "no" })), OptionError, '"no"'],
  ],
  bincount: [
    ...tensors((a) => bincount(a)),
    [() => bincount(v), ValueError, "float32"],
    [() => bincount(int([[1]])), ValueError, "(1, 1)"],
    [() => bincount(int([-1])), OptionError, "-1"],
    [() => bincount(int([1]), { minlength: -1 }), OptionError, "-1"],
    [() => bincount(int([1]), { minlength: NaN }), OptionError, "NaN"],
    [() => bincount(int([1]), { weights: v }), ShapeError, "(4,)"],
    [() => bincount(int([1]), any({ weights: [1] })), ValueError, "array of length 1"],
    [() => bincount(int([1]), any({ bins: 3 })), OptionError, "bins"],
  ],
  histc: [
    ...tensors((a) => histc(a)),
    [() => histc(int([1])), DtypeError, "int32"],
    [() => histc(v, { bins: 0 }), OptionError, "not 0"],
    [() => histc(v, { bins: 1.5 }), OptionError, "1.5"],
    [() => histc(v, { min: 2, max: 1 }), OptionError, "not 1"],
    [() => histc(v, { min: NaN }), OptionError, "NaN"],
    [() => histc(tensor([Infinity])), ValueError, "Infinity"],
    [() => histc(tensor([NaN])), ValueError, "NaN"],
    [() => histc(v, any({ range: 1 })), OptionError, "range"],
  ],
  varMean: [...tensors((a) => varMean(a)), [() => varMean(x, any({ axis: 0 })), OptionError, "dim"]],
  logsumexp: tensors((a) => logsumexp(a)),
  softmax: tensors((a) => softmax(a, 0)),
  allclose: [...tensors((a) => allclose(a, x)), ...tensors((b) => allclose(x, b))],

  // ---------------------------------------------------------------- linear algebra
  "linalg.det": square((a) => linalg.det(a)),
  "linalg.inv": [
    ...square((a) => linalg.inv(a)),
    [() => linalg.inv(ones([2, 2])), ValueError, "singular"],
    [() => linalg.inv(ones([3, 2, 2])), ValueError, "(2, 2)"],
  ],
  "linalg.solve": [
    ...square((a) => linalg.solve(a, v)),
    ...tensors((b) => linalg.solve(eye(2), b)),
    [() => linalg.solve(eye(2), v), ShapeError, "(4,)"],
    [() => linalg.solve(eye(2), scalar), ShapeError, "()"],
    [() => linalg.solve(eye(2), wide), ShapeError, "float64"],
    [() => linalg.solve(ones([2, 2]), ones([2])), ValueError, "singular"],
    [() => linalg.solve(ones([3, 2, 2]), ones([4, 2, 1])), ShapeError, "(3,) and (4,)"],
  ],
  "linalg.cholesky": [
    ...square((a) => linalg.cholesky(a)),
    [() => linalg.cholesky(eye(2).neg()), ValueError, "positive definite"],
    [() => linalg.cholesky(tensor([[NaN]])), ValueError, "positive definite"],
  ],
  "linalg.qr": [
    ...tensors((a) => linalg.qr(a)),
    [() => linalg.qr(v), ShapeError, "(4,)"],
    [() => linalg.qr(int([[1]])), DtypeError, "int32"],
    [
      () => {
        const a = ones([2, 3], { requiresGrad: true });
        linalg.qr(a).R.sum().backward();
      },
      GradientError,
      "(2, 3)",
    ],
  ],
  "linalg.norm": [
    ...tensors((a) => linalg.norm(a)),
    [() => linalg.norm(x, 2), OptionError, "not 2"],
    [() => linalg.norm(x, any("nuc")), OptionError, '"nuc"'],
    [() => linalg.norm(stack, 1), ShapeError, "(2, 3, 4)"],
    [() => linalg.norm(scalar, 1), ShapeError, "()"],
    [() => linalg.norm(x, 1, any({ axis: 0 })), OptionError, "dim"],
    [() => linalg.norm(x, 1, any({ keepdim: 1 })), OptionError, "not 1"],
    [() => linalg.norm(v, NaN), OptionError, "NaN"],
    [() => linalg.norm(v, 1, any(0)), OptionError, "not 0"],
  ],
  eigh: [
    ...tensors((a) => linalg.eigh(a)),
    [() => linalg.eigh(x), ShapeError, "(2, 3)"],
    [() => linalg.eigh(v), ShapeError, "(4,)"],
    [
      () =>
        linalg.eigh(
          tensor([
            [0, 1],
            [0, 0],
          ]),
        ),
      ValueError,
      "not symmetric",
    ],
    [() => linalg.eigh(tensor([[NaN]])), ValueError, "NaN"],
  ],
  eigvalsh: [...tensors((a) => linalg.eigvalsh(a)), [() => linalg.eigvalsh(x), ShapeError, "(2, 3)"]],
  "matmul: through autograd": [[() => autograd.grad(matmul(x, x), [x]), ShapeError, "(2, 3)"]],
};
