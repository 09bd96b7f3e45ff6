// Layers and losses against PyTorch: values, gradients and states in both precisions.
/* oxlint-disable vitest/expect-expect -- a check throws at the first number that differs */
import { describe, expect, test } from "vitest";
import { readFixture } from "./conformance.ts";
import { type LayerSet, layerChecks } from "./replay/layers.ts";
import { type LossSet, lossChecks } from "./replay/losses.ts";

const layerSet = readFixture<LayerSet>("layers");
const lossSet = readFixture<LossSet>("losses");

describe("layers agree with PyTorch", () => {
  test.each(layerChecks(layerSet))("$name", ({ run }) => run());
});

describe("losses agree with PyTorch", () => {
  test.each(lossChecks(lossSet))("$name", ({ run }) => run());
});

test("the files have the layers that the engine is built for", () => {
  const ops = new Set(layerSet.cases.map(({ op }) => op));
  for (const op of [
    "Linear",
    "Conv2d",
    "MaxPool2d",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "LayerNorm",
  ]) {
    expect(ops).toContain(op);
  }
  for (const op of ["GroupNorm", "Dropout", "Embedding", "Softmax", "GELU"]) expect(ops).toContain(op);
});
