// `student` in a test: calls by message, objects by reference, and what it says when something is missing.
import { describe, expect, test } from "vitest";
import { Expectations } from "../../../src/grading/test-realm/expect.ts";
import { LOST_ERROR, type TestFailureError } from "../../../src/grading/test-realm/failure.ts";
import { given } from "../../../src/grading/test-realm/given.ts";
import { createStudent, StudentCalls } from "../../../src/grading/test-realm/student.ts";
import type { CallResult, CallTarget } from "../../../src/runtime/index.ts";

interface Sent {
  target: CallTarget;
  args: unknown[];
}

function setUp(answer: (target: CallTarget, args: unknown[]) => CallResult, declares = ["step", "Model"]) {
  const sent: Sent[] = [];
  const calls = new StudentCalls((target, args) => {
    sent.push({ target, args });
    return Promise.resolve(answer(target, args));
  });
  return { student: createStudent(calls, declares), expectations: new Expectations(calls), sent };
}

const threw = (name: string, message: string): CallResult => ({
  ok: false,
  error: { name, message, place: { cell: "answer", line: 3, column: 5 }, frames: [] },
});

describe("functions", () => {
  test("each call goes by message and gives a promise", async () => {
    const { student, sent } = setUp(() => ({ ok: true, value: 42 }));
    const { step } = student;
    const result = step!(1, [2]);
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe(42);
    expect(sent).toEqual([{ target: { name: "step" }, args: [1, [2]] }]);
  });

  test("a missing name is told with the names there are", () => {
    const { student } = setUp(() => ({ ok: true, value: null }));
    expect(() => student["hess"]).toThrow(
      "Your answer declares no function “hess”; it declares: “step”, “Model”.",
    );
    const { student: empty } = setUp(() => ({ ok: true, value: null }), []);
    expect(() => empty["hess"]).toThrow("it declares nothing");
  });

  test("what the answer threw arrives with its place", async () => {
    const { student } = setUp(() => threw("TypeError", "x is undefined"));
    const error = await student["step"]!().catch((error: unknown) => error);
    expect((error as TestFailureError).failure).toEqual({
      kind: "threw",
      error: { name: "TypeError", message: "x is undefined", line: 3, column: 5 },
    });
  });

  test("functions and promises among the arguments are refused with the way out", async () => {
    const { student, sent } = setUp(() => ({ ok: true, value: 1 }));
    await expect(student["step"]!(() => 1)).rejects.toThrow("given(");
    await expect(student["step"]!([Promise.resolve(1)])).rejects.toThrow("await");
    expect(sent).toEqual([]);
  });

  test("a given function goes as its source and its data, and can be called in the test", async () => {
    const { student, sent } = setUp(() => ({ ok: true, value: 1 }));
    const times = given(
      { a: 3 },
      ({ a }) =>
        (x: number) =>
          a * x,
    );
    expect(times(2)).toBe(6);
    await student["step"]!(times);
    expect(sent[0]!.args).toEqual([
      { "descent:function": expect.stringContaining("=> a * x"), data: { a: 3 } },
    ]);
  });
});

describe("objects", () => {
  test("a class is constructed at once, and its methods are called on the object by reference", async () => {
    const { student, sent } = setUp((target) =>
      "name" in target ? { ok: true, value: {}, object: 7 } : { ok: true, value: 5 },
    );
    const model = new student["Model"]!(2);
    expect(await model["predict"]!(1)).toBe(5);
    expect(sent).toEqual([
      { target: { name: "Model", construct: true }, args: [2] },
      { target: { object: 7, method: "predict" }, args: [1] },
    ]);
  });

  test("an object that a call gave back has its fields and its methods", async () => {
    const { student, expectations } = setUp((target) =>
      "name" in target ? { ok: true, value: { w: 1 }, object: 7 } : { ok: true, value: 5 },
    );
    const model = (await student["step"]!()) as { w: number; predict: () => Promise<unknown> };
    expect(model.w).toBe(1);
    expect(await model.predict()).toBe(5);
    expect(() => expectations.expect(model).toEqual({ w: 1 })).not.toThrow();
  });

  test("a constructor that threw shows at the first method call", async () => {
    const { student } = setUp(() => threw("RangeError", "no size"));
    const model = new student["Model"]!(-1);
    await expect(model["predict"]!()).rejects.toThrow("no size");
  });
});

describe("toThrow", () => {
  test("counts what the answer throws, functions and constructors", async () => {
    const { student, expectations } = setUp(() => threw("RangeError", "size must be positive"));
    await expectations.expect(() => student["step"]!(-1)).toThrow();
    await expectations.expect(() => student["step"]!(-1)).toThrow("positive");
    await expectations.expect(() => new student["Model"]!(-1)).toThrow("positive");
    await expect(expectations.expect(() => student["step"]!(-1)).toThrow("negative")).rejects.toThrow(
      "size must be positive",
    );
    await expect(expectations.expect(() => student["step"]!(-1)).not.toThrow()).rejects.toThrow("RangeError");
  });

  test("a call that returns is told with what it returned", async () => {
    const { student, expectations } = setUp(() => ({ ok: true, value: [1, 2] }));
    await expect(expectations.expect(() => student["step"]!()).toThrow()).rejects.toThrow(
      "it returned [1, 2]",
    );
    await expectations.expect(() => student["step"]!()).not.toThrow();
  });

  test("a lost kernel or a missing name never counts as thrown", async () => {
    const { student, expectations } = setUp(() => threw(LOST_ERROR, "gone"));
    await expect(expectations.expect(() => student["step"]!()).toThrow()).rejects.toThrow("gone");
    await expect(expectations.expect(() => student["missing"]!()).toThrow()).rejects.toThrow(
      "declares no function",
    );
  });

  test("a forgotten await is made good at the end of the test", async () => {
    const { student, expectations } = setUp(() => ({ ok: true, value: 1 }));
    void expectations.expect(() => student["step"]!()).toThrow();
    await expect(expectations.finish()).rejects.toThrow("it returned 1");
  });
});
