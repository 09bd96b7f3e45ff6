import { describe, expect, test } from "vitest";
import { arrange, holdEarlier } from "../../../src/notebook/outputs/arrange.ts";
import type { Inspection, Output } from "../../../src/runtime/index.ts";

const text = (value: string): Inspection => ({ kind: "primitive", type: "string", text: value });
const log = (value: string, level: "log" | "warn" = "log"): Output => ({
  kind: "log",
  level,
  parts: [text(value)],
});
const value = (shown: string): Output => ({ kind: "value", value: text(shown) });

describe("arranging outputs", () => {
  test("lines of log that follow one another are one block, and a repeated line is counted", () => {
    const [block, ...rest] = arrange([log("a"), log("a"), log("a", "warn"), log("b")]);
    expect(rest).toEqual([]);
    expect(block).toMatchObject({
      kind: "logs",
      lines: [
        { level: "log", times: 2 },
        { level: "warn", times: 1 },
        { level: "log", times: 1 },
      ],
    });
  });

  test("a value between two logs divides them", () => {
    expect(arrange([log("a"), value("b"), log("c")]).map((item) => item.id)).toEqual([
      "log-0",
      "value-0",
      "log-1",
    ]);
  });

  test("an output with the key of an earlier one takes its place", () => {
    const progress = (done: number): Output => ({
      kind: "progress",
      label: "p",
      value: done,
      max: 10,
      key: "p",
    });
    const drawn = arrange([progress(1), value("x"), progress(7)]);
    expect(drawn.map((item) => item.id)).toEqual(["key:p", "value-0"]);
    expect(drawn[0]).toMatchObject({ output: { value: 7 } });
  });

  test("an outcome for a predict block is not drawn", () => {
    expect(arrange([{ kind: "outcome", predict: "p", value: 1 }])).toEqual([]);
  });

  test("an input keeps its identity when the cell shows something new above it", () => {
    const input: Output = {
      kind: "input",
      input: { type: "checkbox", key: "show", label: "Show", value: true },
    };
    const ids = (outputs: Output[]): string[] => arrange(outputs).map((item) => item.id);
    expect(ids([input])).toEqual(["input:show"]);
    expect(ids([value("a"), log("b"), input])).toContain("input:show");
  });
});

describe("while a cell runs again", () => {
  const ids = (earlier: Output[], current: Output[]): string[] =>
    holdEarlier(arrange(earlier), arrange(current)).map((item) => item.id);
  const slider: Output = { kind: "input", input: { type: "checkbox", key: "s", label: "s", value: true } };

  test("what it showed before stays until it is replaced", () => {
    expect(ids([slider, value("a"), log("b")], [])).toEqual(["input:s", "value-0", "log-0"]);
    expect(ids([slider, value("a"), log("b")], [slider])).toEqual(["input:s", "value-0", "log-0"]);
  });

  test("nothing is shown twice when the order changes", () => {
    const shown = ids([value("a"), slider], [slider]);
    expect(new Set(shown).size).toBe(shown.length);
  });
});
