// Wrong calls of layers, losses, initial values and the tools for parameters.
import {
  DtypeError,
  IndexError,
  OptionError,
  ShapeError,
  type Tensor,
  ValueError,
  linalg,
  nn,
  ones,
  tensor,
} from "../../../src/engine/index.ts";
import { type Groups, type Row, any, int, tensors } from "./rows.ts";

const { functional, init, utils } = nn;
const x = ones([2, 3]);
const v = ones([4]);

const activations = [
  "relu",
  "leakyRelu",
  "tanh",
  "sigmoid",
  "logSigmoid",
  "softplus",
  "softsign",
  "tanhshrink",
  "hardshrink",
  "softshrink",
  "hardsigmoid",
  "hardswish",
  "softmin",
  "celu",
  "silu",
  "gelu",
  "elu",
  "selu",
  "hardtanh",
  "relu6",
  "mish",
  "softmax",
  "logSoftmax",
] as const;

type Loss = (input: Tensor, target: Tensor, options?: object) => Tensor;

/** A loss of two tensors of one shape. */
const pairLoss = (loss: Loss): Row[] => [
  ...tensors((input) => loss(input, x)),
  ...tensors((target) => loss(x, target)),
  [() => loss(x, v), ShapeError, "(4,)"],
  [() => loss(ones([4, 1]), v), ShapeError, "(4, 1)"],
  [() => loss(x, x, { reduction: "avg" }), OptionError, '"avg"'],
  [() => loss(x, x, any({ reductions: "sum" })), OptionError, "reductions"],
  [() => loss(x, x, any("sum")), OptionError, '"sum"'],
];

/** A loss of scores and class numbers. */
const classLoss = (loss: Loss): Row[] => [
  ...tensors((input) => loss(input, int([0, 1]))),
  ...tensors((target) => loss(x, target)),
  [() => loss(x, tensor([0, 1])), DtypeError, "float32"],
  [() => loss(x, int([0, 3])), IndexError, " 3 at position 1"],
  [() => loss(x, int([0, -1])), IndexError, " -1 at position 1"],
  [() => loss(x, int([0])), ShapeError, "(1,)"],
  [() => loss(x, int([[0, 1]])), ShapeError, "(1, 2)"],
  [() => loss(tensor(1), int(0)), ShapeError, "(N, C)"],
  [() => loss(x, int([0, 1]), { reduction: "avg" }), OptionError, '"avg"'],
  [() => loss(x, int([0, 1]), { weight: v }), ShapeError, "(4,)"],
  [() => loss(x, int([0, 1]), any({ weight: [1, 2, 3] })), ValueError, "array of length 3"],
  [() => loss(x, int([0, 1]), any({ ignore_index: 0 })), OptionError, "ignoreIndex"],
  [() => loss(x, int([0, 1]), any({ ignoreIndex: "a" })), OptionError, '"a"'],
];

export const nnCalls: Groups = {
  ...Object.fromEntries(activations.map((name) => [name, tensors((input) => functional[name](input))])),
  leakyRelu: [
    [() => functional.leakyRelu(x, NaN), OptionError, "NaN"],
    [() => functional.leakyRelu(x, any("0.1")), OptionError, '"0.1"'],
    ...tensors((input) => functional.leakyRelu(input)),
  ],
  elu: [...tensors((input) => functional.elu(input)), [() => functional.elu(x, NaN), OptionError, "NaN"]],
  softplus: [
    ...tensors((input) => functional.softplus(input)),
    [() => functional.softplus(x, NaN), OptionError, "NaN"],
    [() => functional.softplus(x, 1, any("20")), OptionError, '"20"'],
  ],
  prelu: [
    ...tensors((input) => functional.prelu(input, v)),
    ...tensors((weight) => functional.prelu(x, weight)),
    [() => functional.prelu(x, v), ShapeError, "(4,)"],
  ],
  threshold: [
    ...tensors((input) => functional.threshold(input, 0, 0)),
    [() => functional.threshold(x, NaN, 0), OptionError, "NaN"],
    [() => functional.threshold(x, 0, any(undefined)), OptionError, "undefined"],
  ],
  hardtanh: [
    ...tensors((input) => functional.hardtanh(input)),
    [() => functional.hardtanh(x, NaN), OptionError, "NaN"],
    [() => functional.hardtanh(x, 0, any("1")), OptionError, '"1"'],
  ],
  gelu: [
    ...tensors((input) => functional.gelu(input)),
    [() => functional.gelu(x, any("exact")), OptionError, '"exact"'],
    [() => functional.gelu(x, any(true)), OptionError, "true"],
  ],
  linear: [
    ...tensors((input) => functional.linear(input, x)),
    ...tensors((weight) => functional.linear(x, weight)),
    [() => functional.linear(v, x), ShapeError, "(4,)"],
    [() => functional.linear(x, ones([2, 4])), ShapeError, "(2, 4)"],
    [() => functional.linear(x, v), ShapeError, "(4,)"],
    [() => functional.linear(x, x, v), ShapeError, "(4,)"],
    [() => functional.linear(x, ones([2, 3], { dtype: "float64" })), DtypeError, "float64"],
    [() => functional.linear(tensor(1), x), ShapeError, "()"],
  ],
  oneHot: [
    ...tensors((labels) => functional.oneHot(labels, 3)),
    [() => functional.oneHot(tensor([0]), 3), DtypeError, "float32"],
    [() => functional.oneHot(int([3]), 3), IndexError, "index 3"],
    [() => functional.oneHot(int([-1]), 3), IndexError, "index -1"],
    [() => functional.oneHot(int([0]), any(undefined)), OptionError, "undefined"],
    [() => functional.oneHot(int([0]), 1.5), OptionError, "1.5"],
    [() => functional.oneHot(int([0]), NaN), OptionError, "NaN"],
  ],
  mseLoss: pairLoss(functional.mseLoss),
  l1Loss: pairLoss(functional.l1Loss),
  huberLoss: [
    ...pairLoss(functional.huberLoss),
    [() => functional.huberLoss(x, x, { delta: -1 }), OptionError, "-1"],
    [() => functional.huberLoss(x, x, { delta: NaN }), OptionError, "NaN"],
  ],
  smoothL1Loss: [[() => functional.smoothL1Loss(x, x, any({ delta: 1 })), OptionError, "delta"]],
  crossEntropy: [
    ...classLoss(functional.crossEntropy),
    [() => functional.crossEntropy(x, int([0, 1]), { labelSmoothing: 2 }), OptionError, "not 2"],
    [() => functional.crossEntropy(x, int([0, 1]), { labelSmoothing: NaN }), OptionError, "NaN"],
  ],
  nllLoss: [
    ...classLoss(functional.nllLoss),
    [() => functional.nllLoss(x, int([0, 1]), any({ labelSmoothing: 0.1 })), OptionError, "labelSmoothing"],
  ],
  binaryCrossEntropyWithLogits: [
    ...pairLoss(functional.binaryCrossEntropyWithLogits),
    [
      () => functional.binaryCrossEntropyWithLogits(x, x, any({ posWeight: [1] })),
      ValueError,
      "array of length 1",
    ],
    [() => functional.binaryCrossEntropyWithLogits(x, x, any({ weight: 2 })), ValueError, "not 2"],
  ],
  binaryCrossEntropy: [
    ...pairLoss(functional.binaryCrossEntropy),
    [() => functional.binaryCrossEntropy(x, x, any({ weight: "a" })), ValueError, '"a"'],
  ],
  klDiv: [
    ...pairLoss(functional.klDiv),
    [() => functional.klDiv(x, x, any({ logTarget: 1 })), OptionError, "not 1"],
  ],

  // ---------------------------------------------------------------- modules
  "nn.Linear": [
    [() => new nn.Linear(0, 2), OptionError, "not 0"],
    [() => new nn.Linear(2, -1), OptionError, "-1"],
    [() => new nn.Linear(2.5, 1), OptionError, "2.5"],
    [() => new nn.Linear(any("2"), 1), OptionError, '"2"'],
    [() => new nn.Linear(2, any(undefined)), OptionError, "undefined"],
    [() => new nn.Linear(2, 2, any({ biases: false })), OptionError, "biases"],
    [() => new nn.Linear(2, 2, any(false)), OptionError, "false"],
    [() => new nn.Linear(2, 2, any({ bias: 0 })), OptionError, "not 0"],
  ],
  "Linear: dtype": [
    [() => new nn.Linear(2, 2, any({ dtype: "int32" })), DtypeError, "int32"],
    [() => new nn.Linear(2, 2, any({ dtype: "half" })), DtypeError, '"half"'],
  ],
  "linear: forward": [
    ...tensors((input) => new nn.Linear(3, 2).forward(input)),
    [() => new nn.Linear(3, 2).forward(ones([5, 4])), ShapeError, "(5, 4)"],
    [() => new nn.Linear(3, 2).forward(int([[1, 2, 3]])), DtypeError, "int32"],
  ],
  "nn.Sequential": [
    [() => new nn.Sequential(any([new nn.ReLU()])), ValueError, "array of length 1"],
    [() => new nn.Sequential(any(functional.relu)), ValueError, "relu"],
    [() => new nn.Sequential(any(undefined)), ValueError, "undefined"],
    [() => new nn.Sequential(any(nn.ReLU)), ValueError, "ReLU"],
    [() => new nn.Sequential(new nn.ReLU()).get(1), ValueError, "module 1"],
    [() => new nn.Sequential(new nn.ReLU()).get(NaN), ValueError, "NaN"],
    [() => new nn.Sequential().forward(), ValueError, "input"],
  ],
  "nn.LeakyReLU": [[() => new nn.LeakyReLU(any({ slope: 1 })), OptionError, "slope"]],
  "nn.ELU": [[() => new nn.ELU(any(1)), OptionError, "not 1"]],
  "nn.GELU": [[() => new nn.GELU(any({ approximation: "tanh" })), OptionError, "approximation"]],
  "nn.Softplus": [[() => new nn.Softplus(any({ b: 1 })), OptionError, "b"]],
  "nn.Hardtanh": [
    [() => new nn.Hardtanh({ minVal: 1, maxVal: 0 }), OptionError, "below maxVal"],
    [() => new nn.Hardtanh({ minVal: NaN }), OptionError, "minVal"],
  ],
  "nn.Softmax": [[() => new nn.Softmax(any({ axis: 1 })), OptionError, "Did you mean dim?"]],
  "nn.Flatten": [[() => new nn.Flatten(any({ start_dim: 1 })), OptionError, "startDim"]],
  "softmax: forward": [[() => new nn.Softmax({ dim: 5 }).forward(x), IndexError, "dim 5"]],
  Parameter: [
    [() => new nn.Parameter(int([1])), DtypeError, "int32"],
    [() => new nn.Parameter(any([1, 2])), ValueError, "array of length 2"],
    [() => new nn.Parameter(any(undefined)), ValueError, "undefined"],
    [() => new nn.Parameter(x, any({ grad: false })), OptionError, "grad"],
    [() => new nn.Parameter(x, any(null)), OptionError, "null"],
  ],
  loadStateDict: [
    [() => new nn.Linear(1, 1).loadStateDict({}), ValueError, "weight"],
    [() => new nn.Linear(1, 1).loadStateDict({ w: x }), ValueError, "w is unknown"],
    [() => new nn.Linear(1, 1).loadStateDict(any({ weight: 1, bias: v })), ValueError, "1"],
    [() => new nn.Linear(1, 1).loadStateDict({ weight: x, bias: v }), ShapeError, "(2, 3)"],
    [() => new nn.Linear(1, 1).loadStateDict(any(undefined)), ValueError, "undefined"],
    [() => new nn.Linear(1, 1).loadStateDict(any(null)), ValueError, "null"],
  ],
  buffer: [[() => new nn.Linear(1, 1).buffer("mean"), ValueError, "mean"]],

  // ---------------------------------------------------------------- initial values
  "init.uniform": [
    ...tensors((p) => init.uniform(p)),
    [() => init.uniform(x, NaN), OptionError, "NaN"],
    [() => init.uniform(x, 0, any("1")), OptionError, '"1"'],
    [() => init.uniform(x, 1, 0), OptionError, "not 0"],
    [() => init.uniform(x, 0, 1, any({ seed: 1 })), OptionError, "seed"],
  ],
  "init.normal": [
    ...tensors((p) => init.normal(p)),
    [() => init.normal(x, any("a")), OptionError, '"a"'],
    [() => init.normal(x, 0, NaN), OptionError, "NaN"],
    [() => init.normal(x, 0, -1), OptionError, "-1"],
  ],
  "init.constant": [
    ...tensors((p) => init.constant(p, 1)),
    ...tensors((p) => init.zeros(p)),
    [() => init.constant(x, any("a")), OptionError, '"a"'],
    [() => init.constant(x, NaN), OptionError, "NaN"],
  ],
  "init.xavierUniform": [
    ...tensors((p) => init.xavierUniform(p)),
    [() => init.xavierUniform(v), ShapeError, "(4,)"],
    [() => init.xavierUniform(x, { gain: NaN }), OptionError, "NaN"],
    [() => init.xavierUniform(x, any({ nonlinearity: "relu" })), OptionError, "nonlinearity"],
  ],
  "init.xavierNormal": tensors((p) => init.xavierNormal(p)),
  "init.kaimingUniform": [
    ...tensors((p) => init.kaimingUniform(p)),
    [() => init.kaimingUniform(x, any({ mode: "fan_in" })), OptionError, '"fan_in"'],
    [() => init.kaimingUniform(x, { a: NaN }), OptionError, "NaN"],
    [() => init.kaimingUniform(x, any({ gain: 1 })), OptionError, "gain"],
  ],
  "init.kaimingNormal": [
    ...tensors((p) => init.kaimingNormal(p)),
    [() => init.kaimingNormal(v), ShapeError, "(4,)"],
  ],
  "init.orthogonal": tensors((p) => init.orthogonal(p)),
  "init.dirac": [...tensors((p) => init.dirac(p)), [() => init.dirac(x), ShapeError, "(2, 3)"]],
  "init.truncNormal": tensors((p) => init.truncNormal(p)),
  init: [[() => init.calculateGain(any("softmax")), ValueError, "softmax"]],

  // ---------------------------------------------------------------- parameters as a vector, clipping
  vectorToParameters: [
    [() => utils.vectorToParameters(v, [x]), ShapeError, "(4,)"],
    ...tensors((vector) => utils.vectorToParameters(vector, [x])),
    [() => utils.vectorToParameters(v, any(undefined)), ValueError, "undefined"],
    [() => utils.vectorToParameters(v, any([1])), ValueError, "not 1"],
  ],
  parametersToVector: [
    [() => utils.parametersToVector(any(undefined)), ValueError, "undefined"],
    [() => utils.parametersToVector(any([1])), ValueError, "not 1"],
    [() => utils.parametersToVector([]), ValueError, "length 0"],
  ],
  clipGradNorm: [
    [() => utils.clipGradNorm([x], -1), OptionError, "-1"],
    [() => utils.clipGradNorm([x], NaN), OptionError, "NaN"],
    [() => utils.clipGradNorm([x], any(undefined)), OptionError, "undefined"],
    [() => utils.clipGradNorm([x], 1, any({ norm_type: 1 })), OptionError, "normType"],
    [() => utils.clipGradNorm([x], 1, { normType: NaN }), OptionError, "NaN"],
    [() => utils.clipGradNorm(any(undefined), 1), ValueError, "undefined"],
    [() => utils.clipGradNorm(any([1]), 1), ValueError, "not 1"],
  ],
  clipGradValue: [
    [() => utils.clipGradValue([x], -1), OptionError, "-1"],
    [() => utils.clipGradValue([x], NaN), OptionError, "NaN"],
    [() => utils.clipGradValue(any(null), 1), ValueError, "null"],
  ],
  "eigh: a layer": [[() => linalg.eigh(any(new nn.Linear(2, 2))), ValueError, "Linear"]],
};
