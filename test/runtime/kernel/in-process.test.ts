// Kernels in this process: the engine and the lesson tools are there, each kernel is its own.
import { afterAll, expect, test } from "vitest";
import { compileCell } from "../../../src/runtime/compile/index.ts";
import { createInProcessHost, type InProcessKernel } from "../../../src/runtime/node.ts";
import type { Output } from "../../../src/runtime/output.ts";

const host = createInProcessHost();
afterAll(() => host.dispose());

async function run(kernel: InProcessKernel, cell: string, source: string) {
  const compiled = compileCell(cell, source);
  if (!compiled.ok) throw new Error(compiled.error.message);
  const outputs: Output[] = [];
  const result = await kernel.run(compiled.program, { onOutputs: (more) => outputs.push(...more) });
  return { result, outputs };
}

test("a cell trains with the engine and plots with the lesson tools", async () => {
  const kernel = await host.start();
  const { result, outputs } = await run(
    kernel,
    "train",
    `import { optim, tensor } from "descent";
     import { line, plot, progress, slider } from "descent/lesson";
     const lr = slider({ label: "η", min: 0.01, max: 1, value: 0.1 });
     const w = tensor([2], { requiresGrad: true });
     const optimizer = new optim.SGD([w], { lr });
     const losses: number[] = [];
     for await (const step of progress(20, "training")) {
       optimizer.zeroGrad();
       const loss = w.mul(w).sum();
       loss.backward();
       losses.push(loss.item());
       optimizer.step();
     }
     plot({ title: "Loss", y: { scale: "log" }, marks: [line({ y: losses })] });`,
  );
  expect(result).toMatchObject({ status: "ok", error: null, kernelLost: false });
  // The bar may have been drawn several times: only its key tells.
  expect([...new Set(outputs.map((output) => output.kind))]).toEqual(["input", "progress", "plot"]);
  const losses = kernel.names("train")["losses"] as number[];
  expect(losses).toHaveLength(20);
  expect(losses.at(-1)).toBeLessThan(0.01);
});

test("an engine error is at the reader's line", async () => {
  const kernel = await host.start();
  const { result } = await run(
    kernel,
    "shapes",
    `import { zeros } from "descent";\nconst a = zeros([2, 3]);\nconst b = zeros([2, 3]);\n  a.matmul(b);`,
  );
  expect(result.error).toMatchObject({ name: "ShapeError", place: { cell: "shapes", line: 4 } });
});

test("kernels of one host share no names", async () => {
  const [one, two] = await Promise.all([host.start(), host.start()]);
  await run(one, "a", "const w = 1;");
  expect(one.names("a")).toEqual({ w: 1 });
  expect(two.names("a")).toEqual({});
});

test("two kernels that run at the same time keep their outputs apart", async () => {
  const [one, two] = await Promise.all([host.start(), host.start()]);
  const source = (word: string) =>
    `import { markdown, sleep } from "descent/lesson";\nfor (let i = 0; i < 3; i += 1) { markdown("${word}"); await sleep(1); }`;
  const [first, second] = await Promise.all([run(one, "a", source("one")), run(two, "a", source("two"))]);
  expect(first.outputs.map((output) => output.kind === "markdown" && output.text)).toEqual([
    "one",
    "one",
    "one",
  ]);
  expect(second.outputs.map((output) => output.kind === "markdown" && output.text)).toEqual([
    "two",
    "two",
    "two",
  ]);
});

test("tensors cross from one realm to another as tensors", async () => {
  const kernel = await host.start();
  await run(
    kernel,
    "answer",
    `import { tensor, type Tensor } from "descent";
     export const make = () => tensor([[1, 2], [3, 4]], { dtype: "float64" });
     export const twice = (w: Tensor) => w.mul(2).toArray();`,
  );
  const made = await kernel.call("answer", { name: "make" }, []);
  expect(made).toMatchObject({
    ok: true,
    value: { shape: [2, 2], dtype: "float64", data: new Float64Array([1, 2, 3, 4]) },
  });
  if (!made.ok) return;
  expect(await kernel.call("answer", { name: "twice" }, [made.value])).toEqual({
    ok: true,
    value: [
      [2, 4],
      [6, 8],
    ],
  });
});

test("a value that refers to itself cannot be handed over, and says so", async () => {
  const kernel = await host.start();
  await run(
    kernel,
    "answer",
    "export function loop() { const list: unknown[] = []; list.push(list); return list; }",
  );
  const result = await kernel.call("answer", { name: "loop" }, []);
  expect(result).toMatchObject({ ok: false, error: { name: "TransferError" } });
});

test("a disposed kernel answers nothing any more, and says so", async () => {
  const kernel = await host.start();
  kernel.dispose();
  expect(await kernel.call("a", { name: "f" }, [])).toMatchObject({
    ok: false,
    error: { name: "KernelLost" },
  });
  const { result } = await run(kernel, "a", "1");
  expect(result).toMatchObject({ status: "stopped", kernelLost: true });
});
