// What the page takes from a kernel and what it drops: a kernel may say anything at all.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partLimit } from "../../../src/runtime/parts.ts";
import { parseKernelEvent, partRequest } from "../../../src/runtime/protocol-schema.ts";

const outputs = (...items: unknown[]) => parseKernelEvent({ type: "outputs", run: 1, outputs: items });
const log = { kind: "log", level: "log", parts: [{ kind: "primitive", type: "string", text: "hello" }] };
const plot = (plot: object) => ({ kind: "plot", plot: { version: 1, title: "t", marks: [], ...plot } });

describe("events", () => {
  test.each([
    { type: "ready", bootMs: 3 },
    { type: "started", run: 1 },
    { type: "finished", run: 1, status: "ok", error: null, durationMs: 2 },
    {
      type: "finished",
      run: 1,
      status: "error",
      error: {
        name: "E",
        message: "m",
        fix: "f",
        place: { cell: "a", line: 1, column: 2 },
        frames: [{ cell: "a", line: 1, column: 2, functionName: null }],
      },
      durationMs: 2,
    },
    { type: "result", call: 1, ok: true, value: { any: [1, "two"] } },
    { type: "result", call: 1, ok: true, value: undefined, object: 4 },
    { type: "host-call", call: 1, target: { name: "f" }, args: [1, 2] },
    { type: "pong", ping: 2 },
  ])("$type passes as it is", (event) => {
    expect(parseKernelEvent(event)).toEqual({ event, errors: 0 });
  });

  test.each([
    null,
    7,
    "ready",
    [],
    {},
    { type: "eval", code: "1" },
    { type: "finished", run: 1, status: "passed", error: null, durationMs: 1 },
    { type: "finished", run: -1, status: "ok", error: null, durationMs: 1 },
    { type: "finished", run: 1, status: "ok", error: null, durationMs: Number.NaN },
    { type: "finished", run: 1, status: "error", error: { name: "E" }, durationMs: 1 },
    { type: "result", call: "1", ok: true, value: 1 },
    { type: "outputs", run: 1, outputs: "many" },
  ])("%j is dropped and counted", (message) => {
    expect(parseKernelEvent(message)).toEqual({ event: null, errors: 1 });
  });

  test("unknown fields do not come along", () => {
    expect(parseKernelEvent({ type: "started", run: 1, html: "<b>" }).event).toEqual({
      type: "started",
      run: 1,
    });
  });

  test("it never throws, whatever arrives", () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(parseKernelEvent(message).errors).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("outputs", () => {
  test("a bad one is dropped alone", () => {
    const { event, errors } = outputs(log, { kind: "html", text: "<script>" }, log);
    expect(errors).toBe(1);
    expect(event).toEqual({ type: "outputs", run: 1, outputs: [log, log] });
  });

  test.each([
    ["line of two lengths", plot({ marks: [{ type: "line", x: [1, 2], y: [1] }] })],
    ["numbers that are text", plot({ marks: [{ type: "line", x: [1], y: ["1"] }] })],
    ["unknown mark", plot({ marks: [{ type: "svg", html: "<svg>" }] })],
    ["domain without end", plot({ x: { domain: [0, Infinity] } })],
    ["domain turned round", plot({ x: { domain: [1, 0] } })],
    [
      "colour with more in it",
      plot({ marks: [{ type: "rule", x: 1, colour: "red; background: url(//x)" }] }),
    ],
    [
      "grid that does not add up",
      plot({ marks: [{ type: "heat", grid: { x: [0, 1], y: [0, 1], columns: 2, rows: 2, values: [1] } }] }),
    ],
    ["other version", { kind: "plot", plot: { version: 2, title: "t", marks: [] } }],
    [
      "slider without a range",
      {
        kind: "input",
        input: { type: "slider", key: "k", label: "l", min: 1, max: 1, step: 1, scale: "linear", value: 1 },
      },
    ],
    [
      "log slider from 0",
      {
        kind: "input",
        input: { type: "slider", key: "k", label: "l", min: 0, max: 1, step: 1, scale: "log", value: 1 },
      },
    ],
    ["progress over nothing", { kind: "progress", label: "", value: 0, max: 0 }],
    ["endless title", plot({ title: "x".repeat(100_000) })],
  ])("%s is dropped", (_, output) => {
    expect(outputs(output)).toMatchObject({ event: { outputs: [] }, errors: 1 });
  });

  test("gaps in a line are numbers too", () => {
    expect(outputs(plot({ marks: [{ type: "line", x: [0, 1], y: [1, Number.NaN] }] })).errors).toBe(0);
  });
});

describe("size", () => {
  test("a value that holds itself ends its call with an error instead of a walk without end", () => {
    const value: unknown[] = [];
    for (let index = 0; index < 50; index += 1) value.push(value);
    expect(parseKernelEvent({ type: "result", call: 3, ok: true, value })).toMatchObject({
      event: { type: "result", call: 3, ok: false, error: { name: "TransferError" } },
      errors: 1,
    });
  });

  test("shared parts count each time they are reached", () => {
    let value: unknown = [1];
    for (let level = 0; level < 60; level += 1) value = [value, value];
    expect(parseKernelEvent({ type: "result", call: 3, ok: true, value }).event).toMatchObject({ ok: false });
  });

  test("too many outputs, too much text and too deep a nesting are dropped", () => {
    expect(outputs(...Array.from({ length: 10_000 }, () => log))).toEqual({ event: null, errors: 1 });
    const text = { kind: "markdown", text: "x".repeat(5_000_000) };
    expect(outputs(text)).toEqual({ event: null, errors: 1 });
    let deep: object = { kind: "array", type: "Array", length: 1, items: [] };
    for (let level = 0; level < 300; level += 1)
      deep = { kind: "array", type: "Array", length: 1, items: [deep] };
    expect(outputs({ kind: "value", value: deep })).toEqual({ event: null, errors: 1 });
  });
});

describe("parts of the engine", () => {
  test("a script under the name of a part is one", () => {
    expect(partRequest("data", '"use strict";')).toEqual({
      type: "part",
      name: "data",
      text: '"use strict";',
    });
  });

  test.each([
    ["an unknown name", "sandbox", "1"],
    ["a name of every object", "constructor", "1"],
    ["nothing", "data", ""],
    ["the page of a portal", "data", " \n<!doctype html><title>Log in</title>"],
    ["no text", "data", 7],
    ["too much", "data", "x".repeat(partLimit + 1)],
  ])("%s is none", (_, name, text) => {
    expect(() => partRequest(name, text)).toThrow("what arrived is no part of the engine");
  });
});
