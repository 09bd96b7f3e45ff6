// Kernels in isolated processes are kernels like any other: cells run, names carry over, calls come and go, and Stop works.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test, vi } from "vitest";
import {
  compileCell,
  type Kernel,
  type Output,
  type RunResult,
  Session,
  type CellDefinition,
} from "../../../src/runtime/index.ts";
import { bits } from "../../browser/support/bits/program.ts";
import { processesBelow, startHost } from "./support.ts";

const host = await startHost();
afterAll(() => host.dispose());

const programOf = (cell: string, source: string) => {
  const compiled = compileCell(cell, source, { standalone: true });
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.program;
};

async function run(kernel: Kernel, cell: string, source: string) {
  const outputs: Output[] = [];
  const result = await kernel.run(programOf(cell, source), { onOutputs: (more) => outputs.push(...more) });
  return { result, outputs };
}

const cell = (id: string, source: string): CellDefinition => ({ id, source, run: "demand", live: false });

/** Runs a cell that logs once it has begun; resolves then, with the result to come. */
function begin(kernel: Kernel, cell: string, source: string): Promise<{ result: Promise<RunResult> }> {
  return new Promise((resolve) => {
    const result = kernel.run(programOf(cell, source), { onOutputs: () => resolve({ result }) });
  });
}

async function withKernel(use: (kernel: Kernel) => Promise<void>): Promise<void> {
  const kernel = await host.start();
  try {
    await use(kernel);
  } finally {
    kernel.dispose();
  }
}

test("cells run in order with names from one to the next, as in a page", { timeout: 60_000 }, async () => {
  const session = new Session({
    cells: [
      cell(
        "a",
        `import { tensor } from "descent"; const w = tensor([1, 2]); const f = (x: number) => x + 1;`,
      ),
      cell("b", "console.log('sum'); f(w.sum().item());"),
    ],
    host,
  });
  await session.run("a");
  const { status, outputs } = await session.run("b");
  expect(status).toBe("ok");
  expect(outputs.map(({ kind }) => kind)).toEqual(["log", "value"]);
  session.dispose();
});

test("an error names its place in the cell", { timeout: 60_000 }, async () => {
  await withKernel(async (kernel) => {
    const { result } = await run(kernel, "wrong", "const a = 1;\n\n  nothing.here;");
    expect(result).toMatchObject({
      status: "error",
      error: { name: "ReferenceError", message: "nothing is not defined", place: { line: 3, column: 3 } },
    });
  });
});

test("a rejection that nobody handles is shown and ends nothing", { timeout: 60_000 }, async () => {
  await withKernel(async (kernel) => {
    const { outputs } = await run(
      kernel,
      "late",
      "Promise.reject(new Error('late')); await new Promise((resolve) => setTimeout(resolve, 20)); 1",
    );
    expect(JSON.stringify(outputs)).toContain("Unhandled rejection: Error: late");
    expect((await run(kernel, "next", "1 + 1")).result.status).toBe("ok");
  });
});

describe("values that go in and come out", () => {
  test.each([
    ["NaN and signed zero", "[NaN, -0, Infinity, 5e-324]", [NaN, -0, Infinity, 5e-324]],
    ["undefined", "({ a: undefined })", { a: undefined }],
    ["maps and sets", "new Map([[1, new Set(['x'])]])", new Map([[1, new Set(["x"])]])],
    ["typed arrays", "Float32Array.of(0.1, 2)", Float32Array.of(0.1, 2)],
    ["dates", "new Date(5)", new Date(5)],
    ["texts of any kind", String.raw`"\n\u0000\ud800 é 漢"`, "\n\u0000\ud800 é 漢"],
    ["integers of many digits", "123456789012345678901234567890n", 123456789012345678901234567890n],
  ])("%s", { timeout: 60_000 }, async (_name, expression, value) => {
    await withKernel(async (kernel) => {
      await run(kernel, "values", `const give = () => ${expression}; const back = (value) => value;`);
      expect(await kernel.call("values", { name: "give" }, [])).toEqual({ ok: true, value });
      expect(await kernel.call("values", { name: "back" }, [value])).toEqual({ ok: true, value });
    });
  });
});

// A machine that is busy elsewhere may let the grace pass.
test("a cell that waits stops when asked, and names stay", { timeout: 60_000, retry: 2 }, async () => {
  await withKernel(async (kernel) => {
    await run(kernel, "names", "const kept = () => 5;");
    const { result } = await begin(
      kernel,
      "waits",
      `import { sleep } from "descent/lesson"; console.log("begun"); for (;;) await sleep(10);`,
    );
    await kernel.stop();
    expect(await result).toMatchObject({ status: "stopped", kernelLost: false });
    expect(await kernel.call("names", { name: "kept" }, [])).toEqual({ ok: true, value: 5 });
  });
});

test(
  "an endless loop is ended by force, and the next run has a fresh kernel",
  { timeout: 60_000 },
  async () => {
    await withKernel(async (kernel) => {
      const { result } = await begin(kernel, "loop", "for (;;) console.log('again');");
      await kernel.stop();
      expect(await result).toMatchObject({ status: "stopped", kernelLost: true });
      expect((await run(kernel, "next", "1 + 1")).result.status).toBe("ok");
    });
  },
);

test("two kernels know nothing of each other", { timeout: 60_000 }, async () => {
  const [one, other] = await Promise.all([host.start(), host.start()]);
  await run(one, "a", "globalThis.left = 5; const left2 = 6;");
  expect((await run(other, "a", "globalThis.left ?? 'nothing'")).outputs).toMatchObject([
    { kind: "value", value: { text: "nothing" } },
  ]);
  one.dispose();
  other.dispose();
});

test("a process of the tests is used again with a fresh kernel", { timeout: 60_000 }, async () => {
  const draw = `import { randn } from "descent"; globalThis.left ??= 0; const drawn = randn([3]).toArray(); drawn.join()`;
  const shown: unknown[] = [];
  for (let round = 0; round < 3; round += 1) {
    const kernel = await host.start({
      onHostCall: () => Promise.resolve({ ok: true, value: null }),
    });
    shown.push((await run(kernel, `round-${round}`, draw)).outputs);
    kernel.dispose();
  }
  // The engine's default generator begins anew, as in a process that has just started.
  expect(shown[1]).toEqual(shown[0]);
  expect(shown[2]).toEqual(shown[0]);
});

test("nothing of it is left when the host goes", { timeout: 60_000 }, async () => {
  const other = await startHost();
  const before = processesBelow().length;
  const kernel = await other.start();
  const tests = await other.start({ onHostCall: () => Promise.resolve({ ok: true, value: null }) });
  const { result } = await begin(kernel, "loop", "for (;;) console.log('again');");
  tests.dispose();
  expect(processesBelow().length).toBeGreaterThan(before);
  other.dispose();
  expect((await result).kernelLost).toBe(true);
  await vi.waitFor(() => expect(processesBelow().length).toBeLessThanOrEqual(before), { timeout: 10_000 });
  await expect(other.start()).rejects.toThrow("disposed");
});

test("training and its curvature have the same bits as in this process", { timeout: 120_000 }, async () => {
  const source = readFileSync(new URL("../../browser/support/bits/program.ts", import.meta.url), "utf8");
  const session = new Session({ cells: [cell("bits", `${source}\nbits();\n`)], host });
  const { outputs, error } = await session.run("bits");
  session.dispose();
  expect(error?.message).toBeUndefined();
  expect(outputs).toMatchObject([{ kind: "value", value: { kind: "primitive", text: bits() } }]);
});
