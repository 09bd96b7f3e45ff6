// The document on the real kernel, with the engine and the lesson tools.
import { afterEach, expect, test } from "vitest";
import type { Output } from "../../../src/runtime/index.ts";
import { createInProcessHost } from "../../../src/runtime/node.ts";
import { type Cells, openOn, staleCells, statuses } from "./documents.ts";

const host = createInProcessHost();
const opened: { dispose(): void }[] = [];

function open(cells: Cells, options = {}) {
  const session = openOn(host, cells, options);
  opened.push(session);
  return session;
}

afterEach(() => {
  for (const session of opened.splice(0)) session.dispose();
});

function texts(outputs: readonly Output[]): string[] {
  return outputs.flatMap((output) => {
    if (output.kind === "value" && output.value.kind === "primitive") return [output.value.text];
    if (output.kind === "log")
      return output.parts.map((part) => (part.kind === "primitive" ? part.text : part.kind));
    return [];
  });
}

const descent = {
  setup: 'import { tensor } from "descent";\nimport { slider, sleep } from "descent/lesson";',
  rate: {
    source: 'const lr = slider({ label: "learning rate", min: 0, max: 1, step: 0.1, value: 0.1 });',
    live: true,
  },
  train: {
    source: [
      "const w = tensor([4], { requiresGrad: true });",
      "const losses: number[] = [];",
      "let x = 4 as number;",
      "for (let step = 0; step < 20; step++) {",
      "  losses.push(x * x);",
      "  x -= lr * 2 * x;",
      "}",
      "x.toFixed(6)",
    ].join("\n"),
    live: true,
  },
  look: "console.log(losses.length, w.shape.length);\nlosses.length",
};

test("a small lesson runs from the top, and again from any cell", async () => {
  const session = open(descent);
  await session.run("look");
  expect(statuses(session)).toEqual({ setup: "idle", rate: "ok", train: "ok", look: "ok" });
  expect(texts(session.cell("train").outputs)).toEqual(["0.046117"]);
  expect(texts(session.cell("look").outputs)).toEqual(["20", "1", "20"]);
});

test("a slider moves the live cells below it", async () => {
  const session = open(descent);
  await session.runAll();
  session.setInput("rate", "learning rate", 0.5);
  await session.whenIdle();
  expect(texts(session.cell("train").outputs)).toEqual(["0.000000"]);
  expect(staleCells(session)).toEqual(["look"]);
  session.setInput("rate", "learning rate", 0.1);
  await session.whenIdle();
  expect(staleCells(session)).toEqual([]);
});

test("an error leads to the line and column that the reader typed, also in another cell", async () => {
  const session = open({
    tools: "function half(x: { deep?: { value: number } }): number {\n  return x.deep!.value / 2;\n}",
    use: "const input: {} = {};\nhalf(input as never)",
  });
  const { error } = await session.run("use");
  expect(error).toMatchObject({ name: "TypeError", place: { cell: "tools", line: 2, column: 18 } });
  expect(error?.frames.map(({ cell, line, column }) => [cell, line, column])).toEqual([
    ["tools", 2, 18],
    ["use", 2, 1],
  ]);
});

test("stop ends a cell that waits, and what it needs is there afterwards", async () => {
  const session = open({
    a: "const x = 20; x",
    wait: 'import { sleep } from "descent/lesson";\nconsole.log("waiting");\nawait new Promise(() => {});\nsleep',
    b: "x + 1",
  });
  await session.run("a");
  const before = session.cell("a");
  const run = session.run("wait");
  await new Promise<void>((resolve) => {
    session.subscribe(() => {
      if (session.cell("wait").outputs.length > 0) resolve();
    });
  });
  await session.stop();
  expect((await run).status).toBe("stopped");
  expect(session.kernelStatus).toBe("ready");
  await session.run("b");
  expect(texts(session.cell("b").outputs)).toEqual(["21"]);
  expect(session.cell("a")).toEqual(before);
});

test("a name imported that the module does not have is an error of the cell that uses it", async () => {
  const session = open({ a: 'import { tensr } from "descent";', b: "tensr([1])" });
  const { error } = await session.run("b");
  expect(error?.message).toContain("tensr");
});

test("functions that close over variables stay live across cells", async () => {
  const session = open({
    a: "let count = 0;\nfunction bump() { return ++count }",
    b: "bump(); bump();",
    c: "count",
  });
  await session.run("b");
  await session.run("c");
  expect(texts(session.cell("c").outputs)).toEqual(["2"]);
});

test("data files come into the cell", async () => {
  const session = open(
    { a: 'import table from "./table.json";\ntable.rows[1]' },
    { loadData: (specifier: string) => Promise.resolve({ rows: [specifier, "second"] }) },
  );
  await session.run("a");
  expect(texts(session.cell("a").outputs)).toEqual(["second"]);
});
