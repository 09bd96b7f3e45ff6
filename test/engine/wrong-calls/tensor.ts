// Wrong calls of the methods of tensors.
import {
  AnomalyError,
  DtypeError,
  GradientError,
  IndexError,
  OptionError,
  ShapeError,
  type Tensor,
  ValueError,
  autograd,
  cat,
  diag,
  flip,
  maximum,
  meshgrid,
  minimum,
  noGrad,
  ones,
  stack,
  tensor,
  where,
  zeros,
} from "../../../src/engine/index.ts";
import {
  type Groups,
  type Row,
  any,
  dims,
  int,
  lists,
  manyDims,
  operands,
  positions,
  tensors,
} from "./rows.ts";

const x = ones([2, 3]);
const v = ones([4]);
const scalar = tensor(1);
const w = (): Tensor => tensor([1, 2], { requiresGrad: true });
const nothing = zeros([0]);

/** Methods that take one operand and broadcast. */
const binary = [
  ..."add sub mul div pow maximum minimum atan2 fmod remainder".split(" "),
  ..."less lessEqual greater greaterEqual equal notEqual".split(" "),
  ..."logicalAnd logicalOr logicalXor".split(" "),
] as "add"[];

const kept = (call: (keepdim: never) => unknown): Row[] => [
  [() => call(any("yes")), OptionError, '"yes"'],
  [() => call(any(1)), OptionError, "not 1"],
];

export const tensorCalls: Groups = {
  ...Object.fromEntries(
    binary.map((name) => [
      name,
      [
        ...operands((operand) => x[name](operand)),
        [() => x[name](v), ShapeError, "(2, 3) and (4,)"],
        [() => x[name](any(undefined)), ValueError, "undefined"],
      ] satisfies Row[],
    ]),
  ),
  "less: as lt": operands((operand) => x.lt(operand)),

  // ---------------------------------------------------------------- reading
  item: [
    [() => x.item(), ShapeError, "6 numbers"],
    [() => nothing.item(), ShapeError, "(0,)"],
  ],
  iterated: [[() => [...scalar], ShapeError, "item()"]],
  JavaScript: [
    [() => any(x) + any(1), ValueError, ".add()"],
    [() => any(x) < any(1), ValueError, ".less()"],
    [() => Number(x), ValueError, ".item()"],
  ],
  to: [
    [() => x.to(any("float16")), DtypeError, '"float16"'],
    [() => x.to(any(undefined)), DtypeError, "undefined"],
    [() => x.to(any("int64")), DtypeError, '"int64"'],
    [() => tensor([NaN]).to("int32"), ValueError, "NaN"],
    [() => tensor([Infinity]).int(), ValueError, "Infinity"],
    [() => tensor([3e9]).long(), ValueError, "3000000000"],
  ],

  // ---------------------------------------------------------------- in place
  copy_: [
    ...operands((operand) => zeros([2]).copy_(operand)),
    [() => zeros([2]).copy_(v), ShapeError, "(4,)"],
    [() => w().copy_(1), GradientError, "noGrad"],
  ],
  add_: [
    ...operands((operand) => zeros([2]).add_(operand)),
    [() => zeros([3]).add_(x), ShapeError, "(2, 3)"],
    [() => w().add_(1), GradientError, "noGrad"],
  ],
  sub_: [[() => w().sub_(1), GradientError, "noGrad"]],
  mul_: [
    [() => w().mul_(2), GradientError, "noGrad"],
    [() => ones([2, 1]).mul_(ones([1, 3])), ShapeError, "(1, 3)"],
  ],
  div_: [[() => w().div_(2), GradientError, "noGrad"]],

  // ---------------------------------------------------------------- functions
  logit: [
    [() => x.logit(any("a")), OptionError, '"a"'],
    [() => x.logit(NaN), OptionError, "NaN"],
    [() => x.logit(0.6), OptionError, "0.6"],
    [() => x.logit(-1), OptionError, "-1"],
  ],
  clamp: [
    [() => x.clamp(), OptionError, "min or max"],
    [() => x.clamp(NaN), OptionError, "NaN"],
    [() => x.clamp(0, NaN), OptionError, "NaN"],
    [() => x.clamp(any("a")), OptionError, '"a"'],
    [() => x.clamp(0, any([1])), OptionError, "array of length 1"],
    [() => x.clamp(any([0])), OptionError, "unknown option 0"],
    [() => x.clamp({}), OptionError, "min or max"],
    [() => x.clamp(any({ low: 1 })), OptionError, "low"],
    [() => x.clamp({ min: NaN }), OptionError, "NaN"],
    [() => x.clamp(any({ max: "a" })), OptionError, '"a"'],
  ],
  less: [[() => x.clamp(v), ShapeError, "(4,)"]],
  nanToNum: [
    [() => x.nanToNum({ nan: NaN }), OptionError, "NaN"],
    [() => x.nanToNum(any({ inf: 1 })), OptionError, "inf"],
    [() => x.nanToNum(any(0)), OptionError, "not 0"],
    [() => x.nanToNum(any({ posinf: "a" })), OptionError, '"a"'],
  ],
  lerp: [
    ...tensors((operand) => x.lerp(operand, 0.5)),
    [() => x.lerp(x, any(undefined)), ValueError, "undefined"],
    [() => x.lerp(x, any([1])), ValueError, "array of length 1"],
  ],
  addcmul: [
    ...tensors((operand) => x.addcmul(operand, x)),
    ...tensors((operand) => x.addcmul(x, operand)),
    [() => x.addcmul(x, x, { value: NaN }), OptionError, "NaN"],
    [() => x.addcmul(x, x, any({ values: 1 })), OptionError, "values"],
    [() => x.addcmul(x, x, any(null)), OptionError, "null"],
  ],
  addcdiv: [
    ...tensors((operand) => x.addcdiv(operand, x)),
    [() => x.addcdiv(x, x, any({ value: "2" })), OptionError, '"2"'],
    [() => x.addcdiv(x, x, any(2)), OptionError, "not 2"],
  ],
  "remainder: division": [[() => int([1]).remainder(0), ValueError, "by 0"]],
  "fmod: division": [[() => int([1]).fmod(int([0])), ValueError, "by 0"]],
  isclose: [
    ...tensors((operand) => x.isclose(operand)),
    [() => x.isclose(x, { rtol: -1 }), OptionError, "-1"],
    [() => x.isclose(x, { atol: NaN }), OptionError, "NaN"],
    [() => x.isclose(x, any({ equalNan: 1 })), OptionError, "not 1"],
  ],
  allclose: [
    ...tensors((operand) => x.allclose(operand)),
    [() => x.allclose(x, any({ equal_nan: true })), OptionError, "equalNan"],
    [() => x.allclose(x, any(1e-3)), OptionError, "0.001"],
  ],
  maximum: [
    ...tensors((operand) => maximum(operand, x)),
    [() => maximum(x, v), ShapeError, "(2, 3) and (4,)"],
  ],
  minimum: [
    ...tensors((operand) => minimum(operand, x)),
    [() => minimum(x, v), ShapeError, "(2, 3) and (4,)"],
  ],
  where: [
    ...tensors((operand) => where(operand, x, x)),
    ...operands((operand) => where(x, operand, x)),
    ...operands((operand) => where(x, x, operand)),
    ...operands((operand) => x.where(x, operand)),
    [() => where(x, v, x), ShapeError, "(4,)"],
    [() => where(v, x, x), ShapeError, "(4,)"],
    [() => where(x, x, v), ShapeError, "(4,)"],
  ],

  // ---------------------------------------------------------------- reductions
  sum: [
    ...manyDims((dim) => x.sum(dim)),
    ...kept((keepdim) => x.sum(0, keepdim)),
    [() => x.sum(any({ axis: 0 })), OptionError, "Did you mean dim?"],
    [() => x.sum(any({ dim: 0, keepdims: true })), OptionError, "Did you mean keepdim?"],
    [() => x.sum(any(x)), OptionError, "unknown option"],
    [() => scalar.sum(0), IndexError, "dim 0"],
  ],
  mean: [
    ...manyDims((dim) => x.mean(dim)),
    ...kept((keepdim) => x.mean(0, keepdim)),
    [() => x.mean(any({ dims: 0 })), OptionError, "dims"],
  ],
  var: [
    ...manyDims((dim) => x.var(dim)),
    [() => x.var(0, any({ ddof: 1 })), OptionError, "ddof"],
    [() => x.var(0, { correction: NaN }), OptionError, "NaN"],
    [() => x.var(0, any({ unbiased: 0 })), OptionError, "not 0"],
    [() => x.var(0, any(true)), OptionError, "true"],
    [() => x.var(any({ keepDim: true })), OptionError, "keepdim"],
  ],
  std: [
    ...manyDims((dim) => x.std(dim)),
    [() => x.std(0, any({ correction: "1" })), OptionError, '"1"'],
    [() => x.std(0, any({ keepdim: "no" })), OptionError, '"no"'],
  ],
  prod: [...dims((dim) => x.prod(dim)), ...kept((keepdim) => x.prod(0, keepdim))],
  logsumexp: [
    ...manyDims((dim) => x.logsumexp(dim)),
    ...kept((keepdim) => x.logsumexp(0, keepdim)),
    [() => nothing.logsumexp(), ShapeError, "(0,)"],
  ],
  softmax: dims((dim) => x.softmax(dim)),
  logSoftmax: dims((dim) => x.logSoftmax(dim)),
  cumsum: [...dims((dim) => x.cumsum(dim)), [() => x.cumsum(any(undefined)), IndexError, "undefined"]],
  cumprod: [...dims((dim) => x.cumprod(dim)), [() => x.cumprod(any(undefined)), IndexError, "undefined"]],
  nansum: [...manyDims((dim) => x.nansum(dim)), ...kept((keepdim) => x.nansum(0, keepdim))],
  nanmean: [...manyDims((dim) => x.nanmean(dim)), ...kept((keepdim) => x.nanmean(0, keepdim))],
  countNonzero: manyDims((dim) => x.countNonzero(dim)),
  any: [...manyDims((dim) => x.any(dim)), ...kept((keepdim) => x.any(0, keepdim))],
  all: [...manyDims((dim) => x.all(dim)), ...kept((keepdim) => x.all(0, keepdim))],
  max: [
    ...dims((dim) => x.max(dim)),
    ...kept((keepdim) => x.max(0, keepdim)),
    [() => nothing.max(), ShapeError, "(0,)"],
    [() => zeros([2, 0]).max(1), ShapeError, "(2, 0)"],
  ],
  min: [
    ...dims((dim) => x.min(dim)),
    ...kept((keepdim) => x.min(0, keepdim)),
    [() => nothing.min(), ShapeError, "(0,)"],
  ],
  amax: [
    ...manyDims((dim) => x.amax(dim)),
    ...kept((keepdim) => x.amax(0, keepdim)),
    [() => nothing.amax(), ShapeError, "(0,)"],
  ],
  amin: [
    ...manyDims((dim) => x.amin(dim)),
    ...kept((keepdim) => x.amin(0, keepdim)),
    [() => zeros([0, 2]).amin(0), ShapeError, "(0, 2)"],
  ],
  aminmax: [
    ...manyDims((dim) => x.aminmax({ dim })),
    [() => x.aminmax(any({ axis: 0 })), OptionError, "axis"],
    [() => x.aminmax(any({ keepdim: 1 })), OptionError, "not 1"],
    [() => nothing.aminmax(), ShapeError, "(0,)"],
  ],
  argmax: [
    ...dims((dim) => x.argmax(dim)),
    ...kept((keepdim) => x.argmax(0, keepdim)),
    [() => nothing.argmax(), ShapeError, "(0,)"],
  ],
  argmin: [...dims((dim) => x.argmin(dim)), [() => nothing.argmin(), ShapeError, "(0,)"]],
  norm: [
    ...manyDims((dim) => x.norm(2, dim)),
    ...kept((keepdim) => x.norm(2, 0, keepdim)),
    [() => x.norm(NaN), OptionError, "NaN"],
    [() => x.norm(any("nuc")), OptionError, '"nuc"'],
    [() => x.norm(any(null)), OptionError, "null"],
    [() => x.norm(any({ ord: 1 })), OptionError, "ord"],
    [() => nothing.norm(Infinity), ShapeError, "(0,)"],
  ],

  // ---------------------------------------------------------------- order
  median: [
    ...dims((dim) => x.median(dim)),
    ...kept((keepdim) => x.median(0, keepdim)),
    [() => nothing.median(), ShapeError, "(0,)"],
    [() => zeros([2, 0]).median(1), ShapeError, "(2, 0)"],
  ],
  sort: [
    ...dims((dim) => x.sort({ dim })),
    [() => x.sort(any({ descending: 1 })), OptionError, "not 1"],
    [() => x.sort(any({ reverse: true })), OptionError, "reverse"],
    [() => x.sort(any(0)), OptionError, "not 0"],
    [() => scalar.sort(), IndexError, "dim -1"],
  ],
  argsort: [
    ...dims((dim) => x.argsort({ dim })),
    [() => x.argsort(any({ stable: "yes" })), OptionError, '"yes"'],
    [() => x.argsort(any(null)), OptionError, "null"],
  ],
  topk: [
    ...dims((dim) => x.topk(1, { dim })),
    [() => x.topk(4), OptionError, "≤ 3, not 4"],
    [() => x.topk(-1), OptionError, "-1"],
    [() => x.topk(1.5), OptionError, "1.5"],
    [() => x.topk(NaN), OptionError, "NaN"],
    [() => x.topk(any(undefined)), OptionError, "undefined"],
    [() => x.topk(1, any({ largest: "no" })), OptionError, '"no"'],
    [() => x.topk(1, any({ axis: 1 })), OptionError, "axis"],
  ],
  kthvalue: [
    ...dims((dim) => x.kthvalue(1, dim)),
    [() => x.kthvalue(0), OptionError, "not 0"],
    [() => x.kthvalue(4), OptionError, "not 4"],
    [() => x.kthvalue(any("1")), OptionError, '"1"'],
    [() => x.kthvalue(1, 0, any(1)), OptionError, "not 1"],
  ],
  unique: [
    [() => x.unique(any({ sorted: false })), OptionError, "sorted"],
    [() => x.unique(any({ returnCounts: 1 })), OptionError, "not 1"],
    [() => x.unique(any({ returnInverse: null })), OptionError, "null"],
  ],

  // ---------------------------------------------------------------- layout
  reshape: [
    [() => x.reshape([4]), ShapeError, "6 numbers"],
    [() => x.reshape([4, -1]), ShapeError, "[4, -1]"],
    [() => x.reshape([-1, -1]), ShapeError, "-1"],
    [() => x.reshape(any("3")), ShapeError, '"3"'],
    [() => x.reshape(any(undefined)), ShapeError, "undefined"],
    [() => x.reshape(any(null)), ShapeError, "null"],
    [() => x.reshape([2.5, 2]), ShapeError, "2.5"],
    [() => x.reshape(NaN, 2), ShapeError, "NaN"],
    [() => x.reshape([-2, -3]), ShapeError, "-2"],
    [() => x.reshape(any([["6"]])), ShapeError, "6"],
    [() => x.reshape(any(x)), ShapeError, "Tensor"],
    [() => zeros([0, 3]).reshape([0, -1]), ShapeError, "-1"],
  ],
  view: [
    [() => x.view(5), ShapeError, "(5,)"],
    [() => x.view(any("3")), ShapeError, '"3"'],
    [() => x.view(4, -1), ShapeError, "[4, -1]"],
  ],
  viewAs: [...tensors((other) => x.viewAs(other)), [() => x.viewAs(v), ShapeError, "(4,)"]],
  reshapeAs: [...tensors((other) => x.reshapeAs(other)), [() => x.reshapeAs(v), ShapeError, "(4,)"]],
  flatten: [
    ...dims((dim) => x.flatten(dim)),
    ...dims((dim) => x.flatten(0, dim)),
    [() => x.flatten(1, 0), IndexError, "startDim 1"],
  ],
  unflatten: [
    ...dims((dim) => x.unflatten(dim, [1, -1])),
    [() => x.unflatten(1, [2, 2]), ShapeError, "[2, 2]"],
    [() => x.unflatten(1, [2, -1]), ShapeError, "[2, -1]"],
    [() => x.unflatten(1, any("3")), ShapeError, '"3"'],
    [() => x.unflatten(1, any(undefined)), ShapeError, "undefined"],
    [() => x.unflatten(1, [1.5, 2]), ShapeError, "1.5"],
  ],
  unsqueeze: [
    [() => x.unsqueeze(3), IndexError, "dim 3"],
    [() => x.unsqueeze(-4), IndexError, "dim -4"],
    [() => x.unsqueeze(any(undefined)), IndexError, "undefined"],
    [() => x.unsqueeze(NaN), IndexError, "NaN"],
    [() => x.unsqueeze(any("0")), IndexError, '"0"'],
  ],
  squeeze: dims((dim) => x.squeeze(dim)),
  transpose: [
    ...dims((dim) => x.transpose(dim, 0)),
    ...dims((dim) => x.transpose(0, dim)),
    [() => v.transpose(), ShapeError, "(4,)"],
    [() => scalar.T, ShapeError, "()"],
  ],
  swapaxes: [...dims((dim) => x.swapaxes(0, dim)), [() => v.swapaxes(0, 0), ShapeError, "(4,)"]],
  permute: [
    [() => x.permute([0]), ShapeError, "all 2 dims"],
    [() => x.permute(0, 0), ShapeError, "twice"],
    [() => x.permute(0, 2), IndexError, "dim 2"],
    [() => x.permute(any("01")), ShapeError, '"01"'],
    [() => x.permute(any(undefined)), ShapeError, "undefined"],
    [() => x.permute(), ShapeError, "length 0"],
    [() => x.permute(0, NaN), IndexError, "NaN"],
  ],
  movedim: [
    ...dims((dim) => x.movedim(dim, 0)),
    ...dims((dim) => x.movedim(0, dim)),
    [() => x.movedim([0, 1], [0]), IndexError, "[0, 1]"],
    [() => x.movedim([0, 0], [0, 1]), IndexError, "[0, 0]"],
    [() => x.movedim([0, 1], [1, -1]), IndexError, "[1, 1]"],
    [() => x.movedim(any(undefined), 0), IndexError, "undefined"],
  ],
  expand: [
    [() => x.expand([3]), ShapeError, "(2, 3)"],
    [() => x.expand([4, 3]), ShapeError, "(4, 3)"],
    [() => x.expand(-1, 3, 3), ShapeError, "-1"],
    [() => x.expand(any("3")), ShapeError, '"3"'],
    [() => x.expand(any(undefined)), ShapeError, "undefined"],
    [() => x.expand([2.5, 3]), ShapeError, "2.5"],
    [() => x.expand([NaN, 3]), ShapeError, "NaN"],
    [() => x.expand(any(x)), ShapeError, "Tensor"],
  ],
  expandAs: [...tensors((other) => x.expandAs(other)), [() => x.expandAs(v), ShapeError, "(4,)"]],
  broadcastTo: [
    [() => x.broadcastTo([2, 4]), ShapeError, "(2, 4)"],
    [() => x.broadcastTo(any(null)), ShapeError, "null"],
    [() => x.broadcastTo([3]), ShapeError, "(3,)"],
  ],
  repeat: [
    [() => x.repeat(2), ShapeError, "(2, 3)"],
    [() => x.repeat(2, -1), OptionError, "-1"],
    [() => x.repeat(2, 0.5), OptionError, "0.5"],
    [() => x.repeat(any("2")), ValueError, '"2"'],
    [() => x.repeat(any(undefined)), ValueError, "undefined"],
    [() => x.repeat(NaN, 1), OptionError, "NaN"],
  ],
  tile: [
    [() => x.tile(-2), OptionError, "-2"],
    [() => x.tile(any("2")), ValueError, '"2"'],
    [() => x.tile(any(null)), ValueError, "null"],
    [() => x.tile(1.5), OptionError, "1.5"],
  ],
  repeatInterleave: [
    ...dims((dim) => x.repeatInterleave(2, dim)),
    ...operands((counts) => x.repeatInterleave(counts, 0)),
    [() => x.repeatInterleave(-1), OptionError, "-1"],
    [() => x.repeatInterleave(NaN), OptionError, "NaN"],
    [() => x.repeatInterleave(1.5), OptionError, "1.5"],
    [() => x.repeatInterleave(int([1, 2, 3]), 0), ShapeError, "3 counts"],
    [() => x.repeatInterleave(int([1, -2]), 0), OptionError, "-2"],
    [() => x.repeatInterleave(tensor([1, 0.5]), 0), OptionError, "0.5"],
  ],
  split: [
    ...dims((dim) => x.split(1, dim)),
    [() => x.split(0), OptionError, "not 0"],
    [() => x.split(-1), OptionError, "-1"],
    [() => x.split(NaN), OptionError, "NaN"],
    [() => x.split(any(undefined)), OptionError, "undefined"],
    [() => x.split(any("1")), OptionError, '"1"'],
    [() => x.split([1, 2]), ShapeError, "add up to 3"],
    [() => x.split([3, -1]), OptionError, "-1"],
    [() => x.split([1.5, 0.5]), OptionError, "1.5"],
  ],
  chunk: [
    ...dims((dim) => x.chunk(2, dim)),
    [() => x.chunk(0), OptionError, "not 0"],
    [() => x.chunk(1.5), OptionError, "1.5"],
    [() => x.chunk(any(undefined)), OptionError, "undefined"],
    [() => x.chunk(Infinity), OptionError, "Infinity"],
  ],
  unbind: [...dims((dim) => x.unbind(dim)), [() => scalar.unbind(), IndexError, "dim 0"]],
  narrow: [
    ...dims((dim) => x.narrow(dim, 0, 1)),
    [() => x.narrow(0, 3, 1), OptionError, "not 3"],
    [() => x.narrow(0, 1, 2), OptionError, "not 2"],
    [() => x.narrow(0, -3, 1), OptionError, "-3"],
    [() => x.narrow(0, 0, -1), OptionError, "-1"],
    [() => x.narrow(0, NaN, 1), OptionError, "NaN"],
    [() => x.narrow(0, 0, any(undefined)), OptionError, "undefined"],
  ],
  slice: [
    [() => x.slice(NaN), IndexError, "NaN"],
    [() => x.slice(0, NaN), IndexError, "NaN"],
    [() => x.slice(0.5), IndexError, "0.5"],
    [() => x.slice(any("1")), IndexError, '"1"'],
    [() => x.slice(any(null)), IndexError, "null"],
    [() => x.slice(0, Infinity), IndexError, "Infinity"],
    [() => x.slice(0, 2, { step: 0 }), IndexError, "not 0"],
    [() => x.slice(0, 2, { step: -1 }), IndexError, "-1"],
    [() => x.slice(0, 2, { step: NaN }), IndexError, "NaN"],
    [() => x.slice(0, 2, any({ axis: 1 })), OptionError, "axis"],
    [() => x.slice(0, 2, any(1)), OptionError, "not 1"],
    [() => x.slice(0, 2, any(null)), OptionError, "null"],
    ...dims((dim) => x.slice(0, 1, { dim })),
  ],
  select: [
    ...dims((dim) => x.select(dim, 0)),
    [() => x.select(0, 2), IndexError, "index 2"],
    [() => x.select(0, -3), IndexError, "index -3"],
    [() => x.select(0, 0.5), IndexError, "0.5"],
    [() => x.select(0, NaN), IndexError, "NaN"],
    [() => x.select(0, any(undefined)), IndexError, "undefined"],
    [() => x.select(0, any("0")), IndexError, '"0"'],
  ],
  pad: [
    ...dims((dim) => x.pad(dim, 1, 1)),
    [() => x.pad(0, -1, 0), ValueError, "-1"],
    [() => x.pad(0, 0, 0.5), ValueError, "0.5"],
    [() => x.pad(0, NaN, 0), ValueError, "NaN"],
    [() => x.pad(0, any(undefined), 0), ValueError, "undefined"],
    [() => x.pad(0, 1, 1, any("a")), ValueError, '"a"'],
  ],
  flip: [
    ...dims((dim) => x.flip(dim)).filter(([, , shown]) => shown !== 'dim "a"' && shown !== "dim null"),
    [() => x.flip(0, 5), IndexError, "dim 5"],
    [() => x.flip(any("a")), ShapeError, '"a"'],
    [() => x.flip([0, 0]), IndexError, "named twice"],
    ...tensors((operand) => flip(operand, [0])),
    [() => flip(x, any(undefined)), ShapeError, "undefined"],
  ],
  roll: [
    ...dims((dim) => x.roll(1, dim)),
    [() => x.roll(0.5), OptionError, "0.5"],
    [() => x.roll(NaN), OptionError, "NaN"],
    [() => x.roll(any("1")), OptionError, '"1"'],
    [() => x.roll([1, 2], 0), ValueError, "2 shifts"],
    [() => x.roll([1, 2]), ValueError, "2 shifts"],
  ],
  diagonal: [
    [() => v.diagonal(), ShapeError, "(4,)"],
    ...dims((dim) => x.diagonal(0, dim)),
    [() => x.diagonal(0, 1, 1), IndexError, "both 1"],
    [() => x.diagonal(NaN), OptionError, "NaN"],
    [() => x.diagonal(0.5), OptionError, "0.5"],
  ],
  tril: [
    [() => v.tril(), ShapeError, "(4,)"],
    [() => x.tril(0.5), OptionError, "0.5"],
    [() => x.tril(any("1")), OptionError, '"1"'],
  ],
  triu: [
    [() => scalar.triu(), ShapeError, "()"],
    [() => x.triu(NaN), OptionError, "NaN"],
  ],
  trace: [
    [() => v.trace(), ShapeError, "(4,)"],
    [() => ones([2, 2, 2]).trace(), ShapeError, "(2, 2, 2)"],
  ],
  diag: [
    ...tensors((operand) => diag(operand)),
    [() => diag(scalar), ShapeError, "()"],
    [() => diag(ones([1, 1, 1])), ShapeError, "(1, 1, 1)"],
    [() => diag(v, NaN), OptionError, "NaN"],
  ],
  meshgrid: [
    ...lists((list) => meshgrid(list)),
    [() => meshgrid(any([1, 2])), ValueError, "not 1"],
    [() => meshgrid([]), ValueError, "length 0"],
    [() => meshgrid([x]), ShapeError, "(2, 3)"],
    [() => meshgrid([v], any({ indexing: "yx" })), OptionError, '"yx"'],
    [() => meshgrid([v], any({ index: "xy" })), OptionError, "index"],
  ],
  cat: [
    ...lists((list) => cat(list)),
    [() => cat(any([1, 2])), ValueError, "not 1"],
    [() => cat([]), ValueError, "length 0"],
    [() => cat([x, any(undefined)]), ValueError, "undefined"],
    [() => cat([x, ones([2, 4])]), ShapeError, "(2, 4)"],
    [() => cat([x, v]), ShapeError, "(4,)"],
    [() => cat([scalar, scalar]), IndexError, "dim 0"],
    ...dims((dim) => cat([x, x], dim)),
  ],
  stack: [
    ...lists((list) => stack(list)),
    [() => stack(any([1, 2])), ValueError, "not 1"],
    [() => stack([]), ValueError, "length 0"],
    [() => stack([x, v]), ShapeError, "(4,)"],
    [() => stack([x, x], 3), IndexError, "dim 3"],
    [() => stack([x, x], NaN), IndexError, "NaN"],
  ],

  // ---------------------------------------------------------------- indexing
  get: [
    [() => x.get(5), IndexError, "index 5"],
    [() => x.get(0, 3), IndexError, "index 3"],
    [() => x.get(0, 0, 0), IndexError, "3 indices"],
    [() => x.get(NaN), IndexError, "NaN"],
    [() => x.get(0.5), IndexError, "0.5"],
    [() => x.get(any("0")), IndexError, '"0"'],
    [() => x.get(any(undefined)), IndexError, "undefined"],
    [() => scalar.get(0), IndexError, "1 indices for ()"],
  ],
  index: [
    [() => x.index(2), IndexError, "index 2"],
    [() => x.index(0, 0, 0), IndexError, "3 indices"],
    [() => x.index(any("a")), IndexError, '"a"'],
    [() => x.index(any({})), IndexError, "an object"],
    [() => x.index(any(undefined)), IndexError, "undefined"],
    [() => x.index("...", "..."), IndexError, '"..."'],
    [() => x.index(int([0, 5])), IndexError, "index 5"],
    [() => x.index(tensor([0])), DtypeError, "float32"],
    [() => x.index(int([0, 1]), int([0, 1, 2])), ShapeError, "(2,) and (3,)"],
    [() => x.index(int([0, 1]), int([0, 7])), IndexError, "index 7"],
  ],
  "slice: positions": [
    [() => x.index([NaN, 2]), IndexError, "NaN"],
    [() => x.index(any(["a"])), IndexError, '"a"'],
  ],
  indexSelect: [
    ...dims((dim) => x.indexSelect(dim, int([0]))),
    ...positions((index) => x.indexSelect(0, index)),
  ],
  gather: [
    ...dims((dim) => x.gather(dim, int([[0]]))),
    ...positions((index) => x.gather(0, index)),
    [() => x.gather(0, int([0])), ShapeError, "(1,)"],
    [() => x.gather(1, int([[0], [0], [0]])), ShapeError, "(3, 1)"],
  ],
  takeAlongDim: [
    ...dims((dim) => x.takeAlongDim(int([[0]]), dim)),
    ...tensors((index) => x.takeAlongDim(index, 0)),
    [() => x.takeAlongDim(int([0]), 1), IndexError, "(1,)"],
    [() => x.takeAlongDim(int([[0], [0], [0]]), 1), ShapeError, "(3, 1)"],
  ],
  scatter: [
    ...dims((dim) => x.scatter(dim, int([[0]]), x)),
    ...positions((index) => x.scatter(0, index, 1)),
    ...operands((source) => x.scatter(0, int([[0]]), source)),
    [() => x.scatter(0, int([0]), x), ShapeError, "(1,)"],
    [() => x.scatter(0, int([[0, 1, 0]]), ones([1, 2])), ShapeError, "(1, 2)"],
    [() => x.scatter(1, int([[0], [0], [0]]), 1), ShapeError, "(3, 1)"],
  ],
  scatterAdd: [
    ...dims((dim) => x.scatterAdd(dim, int([[0]]), x)),
    ...positions((index) => x.scatterAdd(0, index, x)),
    ...tensors((source) => x.scatterAdd(0, int([[0]]), source)),
    [() => x.scatterAdd(0, int([[0, 1, 0]]), v), ShapeError, "(4,)"],
  ],
  indexAdd: [
    ...dims((dim) => x.indexAdd(dim, int([0]), x)),
    ...positions((index) => x.indexAdd(0, index, x)),
    ...tensors((source) => x.indexAdd(0, int([0]), source)),
    [() => x.indexAdd(0, int([0]), x), ShapeError, "(1, 3)"],
    [() => x.indexAdd(0, int([[0]]), x), ShapeError, "(1, 1)"],
    [() => x.indexAdd(0, int([0, 1]), x, { alpha: NaN }), OptionError, "NaN"],
    [() => x.indexAdd(0, int([0, 1]), x, any({ beta: 1 })), OptionError, "beta"],
  ],
  indexFill: [
    ...dims((dim) => x.indexFill(dim, int([0]), 1)),
    ...positions((index) => x.indexFill(0, index, 1)),
    [() => x.indexFill(0, int([0]), any("a")), ValueError, '"a"'],
    [() => x.indexFill(0, int([[0]]), 1), ShapeError, "(1, 1)"],
  ],
  maskedFill: [
    ...tensors((mask) => x.maskedFill(mask, 1)),
    ...operands((value) => x.maskedFill(x, value)),
    [() => x.maskedFill(v, 1), ShapeError, "(4,)"],
    [() => v.maskedFill(ones([2, 4]), 1), ShapeError, "(2, 4)"],
  ],
  maskedSelect: [...tensors((mask) => x.maskedSelect(mask)), [() => x.maskedSelect(v), ShapeError, "(4,)"]],

  // ---------------------------------------------------------------- gradients
  requiresGrad: [
    [() => int([1]).requiresGrad_(), DtypeError, "int32"],
    [
      () => {
        w().mul(2).requiresGrad = false;
      },
      GradientError,
      "detach()",
    ],
  ],
  backward: [
    [() => w().mul(2).backward(), GradientError, "(2,)"],
    [() => x.backward(), GradientError, "(2, 3)"],
    [() => noGrad(() => w().sum()).backward(), GradientError, "noGrad"],
    [
      () =>
        w()
          .sum()
          .backward(any({ retain_graph: true })),
      OptionError,
      "retainGraph",
    ],
    [() => w().sum().backward(any(null)), OptionError, "null"],
    [
      () =>
        w()
          .mul(2)
          .backward({ gradient: ones([3]) }),
      ShapeError,
      "(3,)",
    ],
    [
      () =>
        w()
          .mul(2)
          .backward(any({ gradient: 1 })),
      ValueError,
      "not 1",
    ],
    [
      () => {
        const y = w().square().sum();
        y.backward();
        y.backward();
      },
      GradientError,
      "retainGraph",
    ],
    [
      () => {
        const a = w();
        const y = a.square().sum();
        noGrad(() => a.add_(1));
        y.backward();
      },
      GradientError,
      "changed in place",
    ],
  ],
  log: [
    [() => autograd.detectAnomaly(() => tensor([-1], { requiresGrad: true }).log()), AnomalyError, "NaN"],
  ],
};
