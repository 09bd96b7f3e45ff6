// Wrong calls throw an error of the engine that names the operation, what it was given, and the rule. The tables are in
// wrong-calls/, one for each part of the public face; rows.ts says how they are written.
import { describe, expect, test } from "vitest";
import { EngineError } from "../../src/engine/index.ts";
import { autogradCalls } from "./wrong-calls/autograd.ts";
import { createCalls } from "./wrong-calls/create.ts";
import { layerCalls } from "./wrong-calls/layers.ts";
import { nnCalls } from "./wrong-calls/nn.ts";
import { productCalls } from "./wrong-calls/products.ts";
import { tensorCalls } from "./wrong-calls/tensor.ts";

const parts = {
  "methods of tensors": tensorCalls,
  "making tensors": createCalls,
  "products and linear algebra": productCalls,
  gradients: autogradCalls,
  "activations, losses and tools": nnCalls,
  layers: layerCalls,
};

describe.each(Object.entries(parts))("%s", (_, groups) => {
  const rows = Object.entries(groups).flatMap(([operation, calls]) =>
    calls.map(([call, error, fragment], i) => ({
      title: `${operation} ${i + 1} → ${fragment}`,
      operation,
      call,
      error,
      fragment,
    })),
  );

  test.each(rows)("$title", ({ operation, call, error, fragment }) => {
    let thrown: unknown = null;
    try {
      call();
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(EngineError);
    const { message } = thrown as EngineError;
    expect(thrown).toBeInstanceOf(error);
    expect(message).toContain(operation.replace(/:.*/, ""));
    expect(message).toContain(fragment);
  });
});
