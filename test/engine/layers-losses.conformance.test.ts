// Linear, activations, softmax and losses against PyTorch: values and gradients in both precisions.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import { describe, expect, test } from "vitest";
import { type Tensor, nn } from "../../src/engine/index.ts";
import { type Case, precisions, readFixture, replay } from "./conformance.ts";

const { functional } = nn;
type Operands = Record<string, Tensor>;
type Compute = (t: Operands, integers: (name: string) => Tensor) => Tensor;

/** Layers that later parts of the engine bring; everything else in the file must be known here. */
const later = new Set([
  "Conv2d",
  "MaxPool2d",
  "AvgPool2d",
  "BatchNorm1d",
  "BatchNorm2d",
  "LayerNorm",
  "GroupNorm",
  "Dropout",
  "Embedding",
]);

function layerOf({ op, options }: Case): Compute {
  const number = (name: string) => options[name] as number;
  const layers: Record<string, (x: Tensor, t: Operands) => Tensor> = {
    Linear: (x, t) => functional.linear(x, t["weight"]!, t["bias"] ?? null),
    ReLU: (x) => new nn.ReLU().forward(x),
    LeakyReLU: (x) => new nn.LeakyReLU({ negativeSlope: number("negative_slope") }).forward(x),
    GELU: (x) => new nn.GELU({ approximate: options["approximate"] as "none" | "tanh" }).forward(x),
    SiLU: (x) => new nn.SiLU().forward(x),
    Tanh: (x) => new nn.Tanh().forward(x),
    Sigmoid: (x) => new nn.Sigmoid().forward(x),
    LogSigmoid: (x) => new nn.LogSigmoid().forward(x),
    Softplus: (x) => new nn.Softplus({ beta: number("beta"), threshold: number("threshold") }).forward(x),
    ELU: (x) => new nn.ELU({ alpha: number("alpha") }).forward(x),
    SELU: (x) => new nn.SELU().forward(x),
    Hardtanh: (x) => new nn.Hardtanh({ minVal: number("min_val"), maxVal: number("max_val") }).forward(x),
    Mish: (x) => new nn.Mish().forward(x),
    ReLU6: (x) => new nn.ReLU6().forward(x),
    Softmax: (x) => new nn.Softmax({ dim: number("dim") }).forward(x),
    LogSoftmax: (x) => new nn.LogSoftmax({ dim: number("dim") }).forward(x),
  };
  const layer = layers[op];
  if (layer === undefined) throw new Error(`The fixture has a layer this test does not know: ${op}.`);
  return (t) => layer(t["input"]!, t);
}

const layerCases = readFixture<{ cases: Case[] }>("layers").cases.filter(({ op }) => !later.has(op));

describe.each(precisions)("layers agree with PyTorch in %s", (precision) => {
  test.each(layerCases.map((each) => [each.id, each] as const))("%s", (_, each) => {
    replay(each, precision, precision === "float64" ? 1e-10 : 2e-5, layerOf(each));
  });
});

function lossOf({ op, options, constants }: Case): Compute {
  const number = (name: string) => options[name] as number | undefined;
  const reduction = (options["reduction"] ?? "mean") as "mean" | "sum" | "none";
  const batchable = reduction as "mean" | "sum" | "none" | "batchmean";
  const weightOf = (t: Operands) =>
    options["weight"] === true || "weight" in (constants ?? {}) ? { weight: t["weight"]! } : {};
  const losses: Record<string, Compute> = {
    CrossEntropyLoss: (t, integers) =>
      functional.crossEntropy(
        t["input"]!,
        options["soft_targets"] === true ? t["target"]! : integers("target"),
        {
          reduction,
          labelSmoothing: number("label_smoothing") ?? 0,
          ignoreIndex: number("ignore_index") ?? -100,
          ...weightOf(t),
        },
      ),
    NLLLoss: (t, integers) =>
      functional.nllLoss(t["input"]!, integers("target"), { reduction, ...weightOf(t) }),
    MSELoss: (t) => functional.mseLoss(t["input"]!, t["target"]!, { reduction }),
    L1Loss: (t) => functional.l1Loss(t["input"]!, t["target"]!, { reduction }),
    SmoothL1Loss: (t) =>
      functional.smoothL1Loss(t["input"]!, t["target"]!, { reduction, beta: number("beta")! }),
    HuberLoss: (t) => functional.huberLoss(t["input"]!, t["target"]!, { reduction, delta: number("delta")! }),
    BCEWithLogitsLoss: (t) =>
      functional.binaryCrossEntropyWithLogits(t["input"]!, t["target"]!, {
        reduction,
        ...weightOf(t),
        ...(options["pos_weight"] === true ? { posWeight: t["pos_weight"]! } : {}),
      }),
    BCELoss: (t) => functional.binaryCrossEntropy(t["input"]!, t["target"]!, { reduction }),
    KLDivLoss: (t) =>
      functional.klDiv(t["input"]!, t["target"]!, {
        reduction: batchable,
        logTarget: options["log_target"] === true,
      }),
    composite: (t) => {
      expect(options["expr"]).toBe("sum((softmax(input,1)-target)^2)");
      return t["input"]!.softmax(1).sub(t["target"]!).pow(2).sum();
    },
  };
  const loss = losses[op];
  if (loss === undefined) throw new Error(`The fixture has a loss this test does not know: ${op}.`);
  return loss;
}

const lossCases = readFixture<{ cases: Case[] }>("losses").cases;

describe.each(precisions)("losses agree with PyTorch in %s", (precision) => {
  test.each(lossCases.map((each) => [each.id, each] as const))("%s", (_, each) => {
    replay(each, precision, precision === "float64" ? 1e-10 : 2e-5, lossOf(each));
  });
});
