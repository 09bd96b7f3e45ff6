// Wrong calls of layers, of their functional forms, and of initial values.
import {
  DtypeError,
  IndexError,
  OptionError,
  ShapeError,
  ValueError,
  nn,
  ones,
  tensor,
  zeros,
} from "../../../src/engine/index.ts";
import { type Groups, any, int, tensors } from "./rows.ts";

const { functional, init } = nn;
const picture = () => ones([2, 3, 5, 5]);
const kernel = () => ones([4, 3, 3, 3]);
const double = (shape: number[]) => ones(shape, { dtype: "float64" });

/** Values that are no whole number from 1 up. */
const notCounts: [value: unknown, shown: string][] = [
  [0, "not 0"],
  [-1, "not -1"],
  [1.5, "not 1.5"],
  [NaN, "not NaN"],
  [Infinity, "not Infinity"],
  ["3", 'not "3"'],
  [null, "not null"],
  [undefined, "not undefined"],
];
const counts = (call: (value: never) => unknown): Groups[string] =>
  notCounts.map(([value, shown]) => [() => call(any(value)), OptionError, shown]);

/** Values that are no probability. */
const chances = (call: (value: never) => unknown): Groups[string] =>
  [-0.1, 1.1, NaN, "0.5"].map((value) => [() => call(any(value)), OptionError, "p must be a number ≥ 0 ≤ 1"]);

export const layerCalls: Groups = {
  conv2d: [
    ...tensors((x) => functional.conv2d(x, kernel())),
    ...tensors((weight) => functional.conv2d(picture(), weight)),
    [
      () => functional.conv2d(picture(), ones([4, 2, 3, 3])),
      ShapeError,
      "3 channels, the weight (4, 2, 3, 3)",
    ],
    [() => functional.conv2d(picture(), ones([4, 3, 3])), ShapeError, "(4, 3, 3)"],
    [() => functional.conv2d(ones([5, 5]), kernel()), ShapeError, ".reshape([-1, channels, height, width])"],
    [() => functional.conv2d(picture(), kernel(), ones([3])), ShapeError, "bias must be (4,)"],
    [() => functional.conv2d(picture(), kernel(), any(1)), ValueError, "the bias must be a tensor, not 1"],
    [() => functional.conv2d(picture(), double([4, 3, 3, 3])), DtypeError, "float32, the weight float64"],
    [() => functional.conv2d(int([1]).reshape([1, 1, 1]), ones([1, 1, 1, 1])), DtypeError, "int32"],
    [
      () => functional.conv2d(picture(), ones([4, 3, 6, 1])),
      ShapeError,
      "6 × 1 does not fit into an input of 5 × 5",
    ],
    [
      () => functional.conv2d(picture(), kernel(), null, { dilation: 4, padding: [1, 0] }),
      ShapeError,
      "9 × 9 does not fit into an input of 5 × 5 with padding to 7 × 5",
    ],
    [() => functional.conv2d(picture(), ones([4, 3, 0, 1])), ShapeError, "empty kernel"],
    [() => functional.conv2d(ones([2, 0, 5, 5]), ones([4, 0, 3, 3])), ShapeError, "channels"],
    [() => functional.conv2d(picture(), kernel(), null, { groups: 2 }), ShapeError, "groups 2"],
    [
      () => functional.conv2d(picture(), kernel(), null, { stride: 0 }),
      OptionError,
      "stride must be a whole number ≥ 1",
    ],
    [
      () => functional.conv2d(picture(), kernel(), null, { stride: any([1, 2, 3]) }),
      OptionError,
      "[vertical, horizontal]",
    ],
    [() => functional.conv2d(picture(), kernel(), null, { stride: NaN }), OptionError, "not NaN"],
    [
      () => functional.conv2d(picture(), kernel(), null, { padding: -1 }),
      OptionError,
      "padding must be a whole number ≥ 0",
    ],
    [
      () => functional.conv2d(picture(), kernel(), null, { padding: any("full") }),
      OptionError,
      '"same" or "valid", not "full"',
    ],
    [
      () => functional.conv2d(picture(), kernel(), null, { padding: "same", stride: 2 }),
      OptionError,
      "stride of 2 × 2",
    ],
    [() => functional.conv2d(picture(), kernel(), null, { dilation: [1, 0] }), OptionError, "dilation"],
    [
      () => functional.conv2d(picture(), kernel(), null, any({ strides: 2 })),
      OptionError,
      "unknown option strides",
    ],
  ],
  conv1d: [
    [() => functional.conv1d(picture(), ones([1, 3, 2])), ShapeError, "(N, C, L), or (C, L)"],
    [() => functional.conv1d(ones([3, 5]), kernel()), ShapeError, "(out, in/groups, length)"],
    [
      () => functional.conv1d(ones([3, 5]), ones([1, 3, 2]), null, { stride: any([1, 1]) }),
      OptionError,
      "stride",
    ],
    [
      () => functional.conv1d(ones([3, 5]), ones([1, 3, 2]), null, { padding: any([1, 1]) }),
      OptionError,
      "padding",
    ],
  ],
  "nn.Conv2d": [
    ...counts((value) => new nn.Conv2d(value, 1, 1)),
    ...counts((value) => new nn.Conv2d(1, value, 1)),
    ...counts((value) => new nn.Conv2d(1, 1, value)).filter(
      ([, , shown]) => !/"3"|null|undefined/.test(shown),
    ),
    [() => new nn.Conv2d(1, 1, any([1, 2, 3])), OptionError, "kernelSize"],
    [() => new nn.Conv2d(3, 4, 1, { groups: 2 }), OptionError, "groups 2 must divide inChannels 3"],
    [() => new nn.Conv2d(3, 4, 1, { bias: any(1) }), OptionError, "bias must be true or false, not 1"],
    [() => new nn.Conv2d(3, 4, 1, { generator: any(1) }), OptionError, "generator must be a Generator"],
    [() => new nn.Conv2d(3, 4, 1, any({ in_channels: 1 })), OptionError, "unknown option in_channels"],
    [() => new nn.Conv2d(3, 4, 1, any({ paddingMode: "zeros" })), OptionError, "unknown option paddingMode"],
    [() => new nn.Conv2d(2, 4, 1).forward(picture()), ShapeError, "3 channels"],
    [() => new nn.Conv2d(3, 4, 1).forward(double([3, 2, 2])), DtypeError, "float64"],
  ],
  "nn.Conv1d": [
    ...counts((value) => new nn.Conv1d(1, 1, value)),
    [() => new nn.Conv1d(1, 1, 1, { stride: any([1, 1]) }), OptionError, "stride"],
  ],
  maxPool2d: [
    ...tensors((x) => functional.maxPool2d(x, 2)),
    ...counts((size) => functional.maxPool2d(picture(), size)).filter(
      ([, , shown]) => !/"3"|null|undefined/.test(shown),
    ),
    [() => functional.maxPool2d(ones([4, 4]), 2), ShapeError, "(N, C, H, W)"],
    [() => functional.maxPool2d(picture(), 6), ShapeError, "6 × 6 do not fit into 5 × 5"],
    [() => functional.maxPool2d(ones([1, 0, 3]), 1), ShapeError, "0 × 3"],
    [
      () => functional.maxPool2d(picture(), 2, { padding: 2 }),
      OptionError,
      "more than half of the window's reach of 2",
    ],
    [
      () => functional.maxPool2d(ones([1, 1, 1, 1]), 2, { padding: 1, dilation: 2 }),
      ShapeError,
      "only padding",
    ],
    [() => functional.maxPool2d(picture(), 2, { stride: 0 }), OptionError, "stride"],
    [
      () => functional.maxPool2d(picture(), 2, { ceilMode: any(1) }),
      OptionError,
      "ceilMode must be true or false",
    ],
    [
      () => functional.maxPool2d(picture(), 2, any({ countIncludePad: true })),
      OptionError,
      "countIncludePad",
    ],
  ],
  avgPool2d: [
    [() => functional.avgPool2d(picture(), 2, { divisorOverride: 0 }), OptionError, "divisorOverride"],
    [() => functional.avgPool2d(picture(), 2, { countIncludePad: any("yes") }), OptionError, '"yes"'],
    [() => functional.avgPool2d(picture(), 2, any({ dilation: 2 })), OptionError, "unknown option dilation"],
  ],
  avgPool1d: [
    [() => functional.avgPool1d(picture(), 2), ShapeError, "(N, C, L)"],
    [() => functional.avgPool1d(ones([1, 4]), any([2, 2])), OptionError, "kernelSize"],
  ],
  adaptiveAvgPool2d: [
    ...tensors((x) => functional.adaptiveAvgPool2d(x, 1)),
    [() => functional.adaptiveAvgPool2d(picture(), 0), OptionError, "outputSize must be a whole number ≥ 1"],
    [() => functional.adaptiveAvgPool2d(picture(), any([1])), OptionError, "[height, width]"],
    [() => functional.adaptiveAvgPool2d(picture(), NaN), OptionError, "NaN"],
    [() => functional.adaptiveAvgPool2d(ones([1, 0, 2]), 1), ShapeError, "holds no numbers"],
  ],
  "nn.MaxPool2d": [
    [() => new nn.MaxPool2d(2, any({ kernelSize: 2 })), OptionError, "unknown option kernelSize"],
    [() => new nn.MaxPool2d(2).forward(ones([4])), ShapeError, "(4,)"],
  ],
  batchNorm: [
    ...tensors((x) => functional.batchNorm(x, null, null, null, null, { training: true })),
    [
      () => functional.batchNorm(ones([3]), null, null, null, null, { training: true }),
      ShapeError,
      "(N, C, …)",
    ],
    [() => functional.batchNorm(ones([2, 3]), null, null), ValueError, "runningMean and runningVar"],
    [() => functional.batchNorm(ones([2, 3]), zeros([3]), null), ValueError, "both or neither"],
    [
      () => functional.batchNorm(ones([2, 3]), zeros([2]), ones([3])),
      ShapeError,
      "runningMean must have the shape (3,)",
    ],
    [() => functional.batchNorm(ones([2, 3]), zeros([3]), double([3])), DtypeError, "runningVar float64"],
    [
      () => functional.batchNorm(ones([2, 3]), zeros([3]), ones([3]), ones([1])),
      ShapeError,
      "weight must have the shape",
    ],
    [
      () => functional.batchNorm(ones([2, 3]), zeros([3]), ones([3]), null, any(2)),
      ValueError,
      "bias must be a tensor or null",
    ],
    [
      () => functional.batchNorm(ones([1, 3]), null, null, null, null, { training: true }),
      ValueError,
      "more than one number for each channel",
    ],
    [
      () => functional.batchNorm(ones([2, 3]), null, null, null, null, { training: any(1) }),
      OptionError,
      "training",
    ],
    [
      () => functional.batchNorm(ones([2, 3]), zeros([3]), ones([3]), null, null, { eps: NaN }),
      OptionError,
      "eps",
    ],
    [
      () => functional.batchNorm(ones([2, 3]), zeros([3]), ones([3]), null, null, { momentum: 2 }),
      OptionError,
      "momentum",
    ],
    [() => functional.batchNorm(int([1, 2]).reshape([2, 1]), zeros([1]), ones([1])), DtypeError, "int32"],
  ],
  "nn.BatchNorm1d": [
    ...counts((features) => new nn.BatchNorm1d(features)),
    [() => new nn.BatchNorm1d(3).forward(ones([1, 3])), ValueError, "model.eval()"],
    [
      () => new nn.BatchNorm1d(3).forward(ones([2, 4])),
      ShapeError,
      "made for 3 features, but the input (2, 4) has 4",
    ],
    [() => new nn.BatchNorm1d(3).forward(picture()), ShapeError, "(N, C) or (N, C, L)"],
    [() => new nn.BatchNorm1d(3, { momentum: -1 }), OptionError, "momentum"],
    [() => new nn.BatchNorm1d(3, { eps: -1 }), OptionError, "eps"],
    [
      () => new nn.BatchNorm1d(3, { affine: any(null) }),
      OptionError,
      "affine must be true or false, not null",
    ],
    [
      () => new nn.BatchNorm1d(3, any({ track_running_stats: true })),
      OptionError,
      "Did you mean trackRunningStats?",
    ],
    [() => new nn.BatchNorm1d(3).forward(double([2, 3])), DtypeError, "float64"],
  ],
  "nn.BatchNorm2d": [[() => new nn.BatchNorm2d(3).forward(ones([2, 3])), ShapeError, "(N, C, H, W)"]],
  layerNorm: [
    ...tensors((x) => functional.layerNorm(x, 2)),
    [
      () => functional.layerNorm(ones([2, 3]), 2),
      ShapeError,
      "(2, 3) must end with the normalizedShape (2,)",
    ],
    [() => functional.layerNorm(ones([3]), [2, 3]), ShapeError, "(2, 3)"],
    [() => functional.layerNorm(ones([2, 3]), []), OptionError, "at least one"],
    [() => functional.layerNorm(ones([2, 0]), 0), OptionError, "none of them 0"],
    [() => functional.layerNorm(ones([2, 3]), 3, ones([2])), ShapeError, "weight"],
    [() => functional.layerNorm(ones([2, 3]), 3, null, null, { eps: -1 }), OptionError, "eps"],
  ],
  "nn.LayerNorm": [
    [() => new nn.LayerNorm(any("3")), ShapeError, '"3"'],
    [() => new nn.LayerNorm(3, { bias: any(0) }), OptionError, "bias"],
    [() => new nn.LayerNorm(3).forward(ones([2, 4])), ShapeError, "(2, 4)"],
  ],
  groupNorm: [
    ...tensors((x) => functional.groupNorm(x, 1)),
    ...counts((groups) => functional.groupNorm(ones([2, 4]), groups)),
    [
      () => functional.groupNorm(ones([2, 4]), 3),
      ShapeError,
      "4 channels of the input (2, 4) cannot be cut into 3",
    ],
    [() => functional.groupNorm(ones([4]), 1), ShapeError, "(N, C, …)"],
  ],
  "nn.GroupNorm": [
    [() => new nn.GroupNorm(3, 4), OptionError, "numGroups 3 must divide numChannels 4"],
    [() => new nn.GroupNorm(2, 4).forward(ones([2, 6])), ShapeError, "made for 4 channels"],
    [() => new nn.GroupNorm(2, 4).forward(ones([4])), ShapeError, "none in dim 1"],
  ],
  dropout: [
    ...tensors((x) => functional.dropout(x)),
    ...chances((p) => functional.dropout(ones([2]), p)),
    [() => functional.dropout(int([1])), DtypeError, "int32"],
    [
      () => functional.dropout(ones([2]), 0.5, { mask: ones([3]) }),
      ShapeError,
      "mask must have the shape (2,)",
    ],
    [() => functional.dropout(ones([2]), 0.5, { mask: any([1, 0]) }), ValueError, "mask must be a tensor"],
    [() => functional.dropout(ones([2]), 0.5, { training: any("no") }), OptionError, "training"],
    [() => functional.dropout(ones([2]), 0.5, { generator: any(7) }), OptionError, "new Generator(1)"],
    [() => functional.dropout(ones([2]), 0.5, any({ inplace: true })), OptionError, "unknown option inplace"],
  ],
  dropout2d: [[() => functional.dropout2d(ones([2])), ShapeError, "(N, C, H, W)"]],
  "nn.Dropout": [
    ...chances((p) => new nn.Dropout(any({ p }))),
    [() => new nn.Dropout(2), OptionError, "not 2"],
    [() => new nn.Dropout(any({ rate: 0.5 })), OptionError, "unknown option rate"],
    [() => new nn.Dropout(any(null)), OptionError, "null"],
  ],
  embedding: [
    ...tensors((indices) => functional.embedding(indices, ones([2, 3]))),
    [() => functional.embedding(int([0]), ones([3])), ShapeError, "(rows, width), not (3,)"],
    [() => functional.embedding(int([0]), any([[1]])), ShapeError, "array of length 1"],
    [() => functional.embedding(tensor([0]), ones([2, 3])), DtypeError, "int32, not float32"],
    [() => functional.embedding(int([0, 2]), ones([2, 3])), IndexError, "index 2 at position 1"],
    [() => functional.embedding(int([-1]), ones([2, 3])), IndexError, "2 rows, numbered 0 … 1"],
    [() => functional.embedding(int([0]), ones([2, 3]), { paddingIdx: 2 }), OptionError, "paddingIdx"],
  ],
  "nn.Embedding": [
    ...counts((rows) => new nn.Embedding(rows, 1)),
    ...counts((width) => new nn.Embedding(1, width)),
    [() => new nn.Embedding(2, 3, { paddingIdx: -3 }), OptionError, "paddingIdx"],
  ],
  "nn.Residual": [
    [() => new nn.Residual(any((x: unknown) => x)), ValueError, "takes a module"],
    [() => new nn.Residual(new nn.ReLU(), { shortcut: any(2) }), ValueError, "not 2"],
    [() => new nn.Residual(new nn.ReLU(), { scale: NaN }), OptionError, "scale"],
    [() => new nn.Residual(new nn.Linear(2, 3)).forward(ones([1, 2])), ShapeError, "f(x) is (1, 3)"],
  ],
  "nn.Unflatten": [
    [() => new nn.Unflatten(1, any(3)), ShapeError, "not 3"],
    [() => new nn.Unflatten(1, []), ShapeError, "array of length 0"],
    [() => new nn.Unflatten(1, [-2]), OptionError, "size"],
    [
      () => new nn.Unflatten(1, [2, 2]).forward(ones([1, 6])),
      ShapeError,
      "size 6, which [2, 2] cannot share out",
    ],
    [() => new nn.Unflatten(1, [-1, 4]).forward(ones([1, 6])), ShapeError, "[-1, 4]"],
    [() => new nn.Unflatten(1, [-1, -1]).forward(ones([1, 6])), ShapeError, "[-1, -1]"],
    [() => new nn.Unflatten(2, [1, 6]).forward(ones([1, 6])), IndexError, "dim 2 does not exist"],
  ],
  "nn.PReLU": [
    [() => new nn.PReLU({ numParameters: 0 }), OptionError, "numParameters"],
    [() => new nn.PReLU({ init: NaN }), OptionError, "init"],
  ],
  prelu: [[() => functional.prelu(ones([2, 3]), ones([2])), ShapeError, "3 channels"]],
  "nn.Threshold": [[() => new nn.Threshold(any(undefined), 0), OptionError, "threshold"]],
  "nn.Softshrink": [[() => new nn.Softshrink({ lambda: -1 }), OptionError, "lambda"]],
  "nn.CELU": [[() => new nn.CELU({ alpha: 0 }), OptionError, "alpha"]],
  "init.orthogonal": [
    [() => init.orthogonal(ones([3])), ShapeError, "(3,)"],
    [() => init.orthogonal(ones([0, 3])), ShapeError, "(0, 3)"],
    [() => init.orthogonal(ones([2, 3]), { gain: NaN }), OptionError, "gain"],
  ],
  "init.dirac": [
    [() => init.dirac(ones([2, 3])), ShapeError, "(2, 3)"],
    [() => init.dirac(ones([3, 3, 3]), { groups: 2 }), ShapeError, "groups 2"],
  ],
  "init.truncNormal": [
    [() => init.truncNormal(ones([2]), { a: 1, b: 1 }), OptionError, "a must lie below b"],
    [() => init.truncNormal(ones([2]), { std: -1 }), OptionError, "std"],
    [() => init.truncNormal(ones([2]), { a: 10, b: 11 }), OptionError, "9 standard deviations"],
    [() => init.truncNormal(ones([2]), { mean: NaN }), OptionError, "mean"],
  ],
};
