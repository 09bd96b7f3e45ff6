// Wrong calls of layers throw an error of the engine that names the operation, what it was given, and the rule. The table is
// in wrong-calls/layers.ts.
import { describe, expect, test } from "vitest";
import { EngineError } from "../../src/engine/index.ts";
import { layerCalls } from "./wrong-calls/layers.ts";

describe.each(Object.entries(layerCalls))("%s", (operation, calls) => {
  const rows = calls.map(([call, error, fragment], i) => ({
    title: `${i + 1}: ${fragment}`,
    call,
    error,
    fragment,
  }));

  test.each(rows)("$title", ({ call, error, fragment }) => {
    let thrown: unknown = null;
    try {
      call();
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(EngineError);
    const { message } = thrown as EngineError;
    expect(thrown).toBeInstanceOf(error);
    expect(message).toContain(operation);
    expect(message).toContain(fragment);
  });
});
