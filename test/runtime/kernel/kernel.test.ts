// The kernel core: names between cells, outputs, errors with their place, calls, stops.
import { describe, expect, test } from "vitest";
import { compileCell } from "../../../src/runtime/compile/index.ts";
import type { RunResult } from "../../../src/runtime/kernel.ts";
import type { Output } from "../../../src/runtime/output.ts";
import { KernelBench } from "./bench.ts";

describe("names", () => {
  test("a cell sees what cells above declared", async () => {
    const bench = new KernelBench();
    await bench.run("a", "const w = 3; function twice(x: number) { return 2 * x; }");
    const { outputs } = await bench.run("b", "twice(w)");
    expect(outputs).toEqual([{ kind: "value", value: { kind: "primitive", type: "number", text: "6" } }]);
  });

  test("a variable that a function changes later is read anew by the next cell", async () => {
    const bench = new KernelBench();
    await bench.run("a", "let steps = 0; function step() { steps += 1; }");
    await bench.run("b", "step(); step();");
    const { outputs } = await bench.run("c", "steps");
    expect(outputs).toMatchObject([{ value: { text: "2" } }]);
  });

  test("reading a name of a cell that has not run says which cell", async () => {
    const bench = new KernelBench();
    const { result } = await bench.run("b", "w + 1", { inputs: [{ name: "w", cell: "a" }] });
    expect(result.status).toBe("error");
    expect(result.error?.message).toContain("“w” comes from cell “a”");
    expect(result.error?.fix).toContain("Run cell “a” first");
  });

  test("a cell that fails gives no names", async () => {
    const bench = new KernelBench();
    await bench.run("a", "const w = 3;");
    await bench.run("a", "const w = 4; throw new Error('no');");
    const { result } = await bench.run("b", "w", { inputs: [{ name: "w", cell: "a" }] });
    expect(result.status).toBe("error");
  });
});

describe("errors", () => {
  test("name line and column of what the reader typed, through types and functions", async () => {
    const bench = new KernelBench();
    await bench.run(
      "a",
      "function inner(x: number): number {\n  if (x > 1) throw new RangeError('too far');\n  return x;\n}",
    );
    const { result } = await bench.run("b", "const n: number = 2;\nconst y: number = inner(n);");
    expect(result.error).toMatchObject({
      name: "RangeError",
      message: "too far",
      place: { cell: "a", line: 2, column: 20 },
    });
    expect(result.error?.frames).toMatchObject([
      { cell: "a", line: 2, functionName: "inner" },
      { cell: "b", line: 2, column: 19 },
    ]);
  });

  test("after an await the place is still known", async () => {
    const bench = new KernelBench();
    const { result } = await bench.run("a", "await Promise.resolve();\n\n  null!.x;");
    expect(result.error?.place).toMatchObject({ cell: "a", line: 3 });
  });

  test("the column of a last expression, which the compiler rewrites, is the reader's", async () => {
    const bench = new KernelBench();
    const { result } = await bench.run("a", "const a = 1;\nundefinedName + a");
    expect(result.error?.place).toMatchObject({ cell: "a", line: 2, column: 1 });
  });

  test("a thrown text is shown, with advice", async () => {
    const bench = new KernelBench();
    const { result } = await bench.run("a", "throw 'no luck'");
    expect(result.error).toMatchObject({ name: "Thrown value", message: "no luck", place: null });
    expect(result.error?.fix).toContain("throw new Error");
  });

  test("a thrown object whose every property throws is survived", async () => {
    const bench = new KernelBench();
    const { result } = await bench.run(
      "a",
      `throw new Proxy({}, { get() { throw 1 }, has() { throw 2 }, getPrototypeOf() { throw 3 }, ownKeys() { throw 4 } });`,
    );
    expect(result.status).toBe("error");
    expect(result.error?.place).toBeNull();
  });

  test("an error's own fix is passed on", async () => {
    const bench = new KernelBench();
    const { result } = await bench.run(
      "a",
      "throw Object.assign(new Error('shapes differ'), { fix: 'Transpose it.' })",
    );
    expect(result.error?.fix).toBe("Transpose it.");
  });

  test("an unknown export names the nearest one", async () => {
    const bench = new KernelBench();
    const { result } = await bench.run("a", `import { slidr } from "descent/lesson"; slidr`);
    expect(result.error).toMatchObject({ name: "ImportError", fix: "Did you mean “slider”?" });
  });

  test("a name that a module exports but the cell did not import comes with the import", async () => {
    const bench = new KernelBench();
    const { result } = await bench.run("a", `plot({ title: "x", marks: [] })`);
    expect(result.error?.fix).toBe(`import { plot } from "descent/lesson";`);
  });
});

describe("console", () => {
  test("levels, placeholders, tables and counts become outputs", async () => {
    const bench = new KernelBench();
    const { outputs } = await bench.run(
      "a",
      `console.log("a", 1); console.warn("%d of %s", 2.7, "ten", { x: 1 }); console.table([{ a: 1, b: 2 }, { a: 3 }]); console.count(); console.assert(1 > 2, "order");`,
    );
    expect(outputs.map((output) => output.kind)).toEqual(["log", "log", "table", "log", "log"]);
    expect(outputs[1]).toMatchObject({ level: "warn", parts: [{ text: "2 of ten" }, { kind: "object" }] });
    expect(outputs[2]).toMatchObject({ columns: ["a", "b"], omitted: 0 });
    expect(outputs[3]).toMatchObject({ parts: [{ text: "default: 1" }] });
    expect(outputs[4]).toMatchObject({ level: "error" });
  });

  test("what a function of another cell logs appears under the cell that called it", async () => {
    const bench = new KernelBench();
    await bench.run("a", "function say() { console.log('hello'); }");
    const { outputs } = await bench.run("b", "say();");
    expect(outputs).toMatchObject([{ kind: "log", parts: [{ text: "hello" }] }]);
  });

  test("a flood is cut at 5000 lines and the rest counted", async () => {
    const bench = new KernelBench();
    const { outputs } = await bench.run("a", "for (let i = 0; i < 20000; i += 1) console.log(i);");
    expect(outputs.filter((output) => output.kind === "log")).toHaveLength(5000);
    expect(outputs.at(-1)).toMatchObject({ kind: "dropped", count: 15000 });
  });

  test("few lines of much text are cut too", async () => {
    const bench = new KernelBench();
    const { outputs } = await bench.run(
      "a",
      "for (let i = 0; i < 100; i += 1) console.log('x'.repeat(10000));",
    );
    expect(outputs.filter((output) => output.kind === "log").length).toBeLessThanOrEqual(21);
    expect(outputs.at(-1)).toMatchObject({ kind: "dropped" });
  });
});

describe("stop", () => {
  test("a loop over progress ends at its next pause and the kernel keeps its names", async () => {
    const bench = new KernelBench();
    await bench.run("a", "const w = 3;");
    let stopping: Promise<void> | undefined;
    const { result } = await bench.run(
      "b",
      `import { progress } from "descent/lesson";\nfor await (const step of progress(1e9)) { if (step === 0) console.log("begun"); }`,
      {
        onOutputs: () => {
          stopping ??= bench.client.stop();
        },
      },
    );
    await stopping;
    expect(result).toMatchObject({ status: "stopped", kernelLost: false } satisfies Partial<RunResult>);
    const { outputs } = await bench.run("c", "w");
    expect(outputs).toMatchObject([{ value: { text: "3" } }]);
  });

  test("a cell that waits for ever is given up with its kernel", async () => {
    const bench = new KernelBench();
    const running = bench.run("a", "await new Promise(() => {});");
    await bench.started("a");
    await bench.client.stop();
    expect((await running).result).toMatchObject({ status: "stopped", kernelLost: true });
    const { outputs } = await bench.run("b", "1 + 1");
    expect(outputs).toMatchObject([{ value: { text: "2" } }]);
  });
});

describe("calls", () => {
  test("functions are called with copies and give copies", async () => {
    const bench = new KernelBench();
    await bench.run(
      "a",
      "export const seen: unknown[] = []; export function keep(list: number[]) { list.push(9); seen.push(list); return list; }",
    );
    const mine = [1];
    expect(await bench.client.call("a", { name: "keep" }, [mine])).toEqual({ ok: true, value: [1, 9] });
    expect(mine).toEqual([1]);
  });

  test("promises are awaited, errors have their place", async () => {
    const bench = new KernelBench();
    await bench.run(
      "a",
      "async function later(x: number) { await null; return x + 1; }\nfunction fail() {\n  throw new Error('mine');\n}",
    );
    expect(await bench.client.call("a", { name: "later" }, [1])).toEqual({ ok: true, value: 2 });
    expect(await bench.client.call("a", { name: "fail" }, [])).toMatchObject({
      ok: false,
      error: { message: "mine", place: { cell: "a", line: 3 } },
    });
  });

  test("classes are constructed and their methods called by reference", async () => {
    const bench = new KernelBench();
    await bench.run(
      "a",
      "class Counter { n: number; constructor(n: number) { this.n = n; } add(k: number) { this.n += k; return this.n; } }",
    );
    const made = await bench.client.call("a", { name: "Counter", construct: true }, [5]);
    expect(made).toMatchObject({ ok: true, value: { n: 5 }, object: expect.any(Number) });
    if (!made.ok || made.object === undefined) return;
    expect(await bench.client.call("a", { object: made.object, method: "add" }, [2])).toEqual({
      ok: true,
      value: 7,
    });
  });

  test("a name that is not there, and one that is no function", async () => {
    const bench = new KernelBench();
    await bench.run("a", "const three = 3;");
    expect(await bench.client.call("a", { name: "missing" }, [])).toMatchObject({ ok: false });
    expect(await bench.client.call("a", { name: "three" }, [1])).toMatchObject({
      ok: false,
      error: { message: "three is not a function." },
    });
  });

  test("a call without an answer ends at its limit", async () => {
    const bench = new KernelBench();
    await bench.run("a", "const never = () => new Promise(() => {});");
    const result = await bench.client.call("a", { name: "never" }, [], { timeoutMs: 20 });
    expect(result).toMatchObject({ ok: false, error: { name: "Timeout" } });
  });
});

describe("test realms", () => {
  test("ambient names are made from the options, and calls to the student go through the host", async () => {
    const bench = new KernelBench({
      modules: {
        "grading/test": ({ hostCall }) => ({
          ambient: (options: { factor: number }) => ({
            factor: options.factor,
            student: (name: string, ...args: unknown[]) => hostCall({ name }, args),
          }),
        }),
      },
      onHostCall: (target, args) =>
        Promise.resolve({
          ok: true,
          value: `${"name" in target ? target.name : ""}:${JSON.stringify(args)}`,
        }),
    });
    const compiled = compileCell("t", "const answer = await student('f', factor);\nanswer", {
      ambient: { module: "grading/test", names: ["student", "factor"] },
    });
    if (!compiled.ok) throw new Error(compiled.error.message);
    const outputs: unknown[] = [];
    const result = await bench.client.run(compiled.program, {
      ambientOptions: { factor: 4 },
      onOutputs: (more) => outputs.push(...more),
    });
    expect(result.status).toBe("ok");
    expect(outputs).toMatchObject([{ value: { kind: "object" } }]);
  });
});

const entries = new Float64Array(1);

describe.each([
  ["no dtype of the engine", { "descent:tensor": 1, dtype: "evil", shape: [1], data: entries }],
  ["negative sizes", { "descent:tensor": 1, dtype: "float64", shape: [-1, -1], data: entries }],
  [
    "sizes that its entries do not fill",
    { "descent:tensor": 1, dtype: "float64", shape: [2], data: entries },
  ],
  ["no entries", { "descent:tensor": 1, dtype: "evil" }],
  ["fractions for whole numbers", { "descent:tensor": 1, dtype: "int32", shape: [1], data: [0.5] }],
  ["a forged tensor inside", { w: [{ "descent:tensor": 1, dtype: "evil" }] }],
])("a value that poses as a tensor with %s", (_name, forged) => {
  test("is refused as an answer from the host: the call fails, the realm goes on", async () => {
    const bench = new KernelBench({
      modules: {
        "grading/test": ({ hostCall }) => ({
          ambient: () => ({ student: (name: string) => hostCall({ name }, []) }),
        }),
      },
      onHostCall: () => Promise.resolve({ ok: true, value: forged }),
    });
    const compiled = compileCell(
      "t",
      "const { ok, error } = await student('f');\nconsole.log(ok, error.name);",
      {
        ambient: { module: "grading/test", names: ["student"] },
      },
    );
    if (!compiled.ok) throw new Error(compiled.error.message);
    const outputs: Output[] = [];
    const result = await bench.client.run(compiled.program, { onOutputs: (more) => outputs.push(...more) });
    expect(result).toMatchObject({ status: "ok", error: null });
    expect(outputs).toMatchObject([{ parts: [{ text: "false" }, { text: "TransferError" }] }]);
  });

  test("is refused as an argument", async () => {
    const bench = new KernelBench();
    await bench.run("a", "const take = (value: unknown) => 'taken';");
    expect(await bench.client.call("a", { name: "take" }, [forged])).toMatchObject({
      ok: false,
      error: { name: "TransferError" },
    });
  });
});

test("a quiet run gives names and shows nothing", async () => {
  const bench = new KernelBench();
  const { outputs, result } = await bench.run("a", "const w = 1; console.log(w); w", { quiet: true });
  expect(result.status).toBe("ok");
  expect(outputs).toEqual([]);
  expect((await bench.run("b", "w")).outputs).toHaveLength(1);
});

test("what a timer shows after the run still reaches its cell", async () => {
  const bench = new KernelBench();
  const shown: unknown[] = [];
  let arrived = (): void => {};
  const late = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  await bench.run("a", "void setTimeout(() => console.log('late'), 1);", {
    onOutputs: (outputs) => {
      shown.push(...outputs);
      arrived();
    },
  });
  await late;
  expect(shown).toMatchObject([{ kind: "log", parts: [{ text: "late" }] }]);
});
