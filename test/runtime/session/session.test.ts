import { expect, test } from "vitest";
import { type CellDefinition, Session, type SessionOptions } from "../../../src/runtime/index.ts";
import { FakeHost } from "./fake-host.ts";

/** A document from the sources of its cells; an entry is a source or a whole definition. */
function open(
  sources: Record<string, string | Partial<CellDefinition>>,
  options: Partial<SessionOptions> = {},
): { session: Session; host: FakeHost } {
  const host = new FakeHost();
  return { session: new Session({ cells: cellsOf(sources), host, ...options }), host };
}

function cellsOf(sources: Record<string, string | Partial<CellDefinition>>): CellDefinition[] {
  return Object.entries(sources).map(([id, entry]) => ({
    id,
    source: "",
    run: "demand",
    live: false,
    ...(typeof entry === "string" ? { source: entry } : entry),
  }));
}

function shown(session: Session, id: string): string[] {
  return session
    .cell(id)
    .outputs.flatMap((output) =>
      output.kind === "value" && output.value.kind === "primitive" ? [output.value.text] : [],
    );
}

const staleCells = (session: Session) => session.cells.filter(({ stale }) => stale).map(({ id }) => id);

test("running a cell first runs what it needs and never ran, in document order", async () => {
  const { session, host } = open({
    a: "const x = 1;",
    other: "const z = 0;",
    b: "const y = x + 1;",
    c: "x + y",
  });
  const state = await session.run("c");
  expect(host.takeRan()).toEqual(["a", "b", "c"]);
  expect(state.status).toBe("ok");
  expect(shown(session, "c")).toEqual(["3"]);
  expect(session.cell("c").needs).toEqual(["a", "b"]);
  expect(session.cell("other").status).toBe("idle");
});

test("what ran and is not stale does not run again", async () => {
  const { session, host } = open({ a: "const x = 1;", b: "x" });
  await session.run("b");
  host.takeRan();
  await session.run("b");
  expect(host.takeRan()).toEqual(["b"]);
});

test("a name comes from the nearest cell above that declares it", async () => {
  const { session } = open({ a: "const x = 1;", b: "x", c: "const x = 2;", d: "x" });
  await session.runAll();
  expect(shown(session, "b")).toEqual(["1"]);
  expect(shown(session, "d")).toEqual(["2"]);
});

test("a cell may declare again what it reads from no one", async () => {
  const { session } = open({ a: "const x = 1;", b: "const x = 5; x" });
  await session.run("b");
  expect(session.cell("b").needs).toEqual([]);
  expect(shown(session, "b")).toEqual(["5"]);
});

test("a name declared only below is an error that says where", async () => {
  const { session, host } = open({ a: "1;\nx + 1", b: "const x = 1;" });
  const state = await session.run("a");
  expect(state.error).toMatchObject({
    message: "`x` is declared below, in cell b.",
    fix: expect.stringContaining("Move cell b up"),
    place: { cell: "a", line: 2, column: 1 },
  });
  expect(host.takeRan()).toEqual([]);
});

test("assigning to another cell's name is an error that says which cell", async () => {
  const { session } = open({ train: "let loss = 1;", b: "loss = 2;" });
  const state = await session.run("b");
  expect(state.error?.message).toContain("`loss` is declared in cell train");
  expect(state.error?.fix).toContain("let loss = …");
});

test("imports of a cell are seen by those below without running it", async () => {
  const { session, host } = open({
    a: 'import { show } from "descent/lesson";\nshow("a");',
    b: 'show("b");',
  });
  await session.run("b");
  expect(host.takeRan()).toEqual(["b"]);
  expect(shown(session, "b")).toEqual(["b"]);
});

test("an edit makes the cell and those that depend on it stale, and undoing it un-marks them", async () => {
  const { session } = open({ a: "const x = 1;", b: "const y = x;", c: "y", d: "const unrelated = 1;" });
  await session.runAll();
  session.setSource("a", "const x = 2;");
  expect(staleCells(session)).toEqual(["a", "b", "c"]);
  session.setSource("a", "const x = 1;");
  expect(staleCells(session)).toEqual([]);
});

test("comments, layout and annotations of types change nothing", async () => {
  const { session } = open({ a: "const x = 1;", b: "x" });
  await session.runAll();
  session.setSource("a", "// the first number\nconst x: number  =  1;");
  expect(staleCells(session)).toEqual([]);
});

test("undoing after a run in between un-marks those that never saw the change", async () => {
  const { session, host } = open({ a: "const x = 1;", b: "x" });
  await session.runAll();
  session.setSource("a", "const x = 2;");
  await session.run("a");
  session.setSource("a", "const x = 1;");
  expect(staleCells(session)).toEqual(["a"]);
  host.takeRan();
  await session.run("b");
  expect(host.takeRan()).toEqual(["a", "b"]);
});

test("running a cell again unchanged leaves those below as they are", async () => {
  const { session } = open({ a: "const x = 1;", b: "x" });
  await session.runAll();
  await session.run("a");
  expect(staleCells(session)).toEqual([]);
});

test("a stale cell that is needed runs again", async () => {
  const { session, host } = open({ a: "const x = 1;", b: "x" });
  await session.runAll();
  session.setSource("a", "const x = 7;");
  host.takeRan();
  await session.run("b");
  expect(host.takeRan()).toEqual(["a", "b"]);
  expect(shown(session, "b")).toEqual(["7"]);
});

test("a new cell above that declares the name makes those below stale", async () => {
  const { session } = open({ a: "const x = 1;", b: "x" });
  await session.runAll();
  session.setCells(cellsOf({ a: "const x = 1;", between: "const x = 3;", b: "x" }));
  expect(staleCells(session)).toEqual(["b"]);
  await session.run("b");
  expect(shown(session, "b")).toEqual(["3"]);
});

test("an error in a needed cell stops the chain and is named", async () => {
  const { session, host } = open({
    a: 'throw new Error("no data");\nconst x = 1;',
    b: "const y = x;",
    c: "y",
  });
  const state = await session.run("c");
  expect(host.takeRan()).toEqual(["a"]);
  expect(session.cell("a").status).toBe("error");
  expect(session.cell("b").status).toBe("idle");
  expect(state.status).toBe("error");
  expect(state.error?.message).toBe("Cell a, which this cell needs, failed: no data");
  expect(state.error?.frames[0]?.cell).toBe("a");
});

test("a cell blocked by another returns to what it showed once that is put back", async () => {
  const { session } = open({ a: "const x = 1;", b: "x" });
  await session.runAll();
  session.setSource("a", 'const x = 1; throw new Error("oh");');
  await session.run("b");
  expect(session.cell("b")).toMatchObject({ status: "error", stale: true });
  session.setSource("a", "const x = 1;");
  expect(session.cell("b")).toMatchObject({ status: "ok", stale: false, error: null });
});

test("run all goes on after an error with the cells that do not need the failed one", async () => {
  const { session, host } = open({ a: "const x = 1; x.y.z;", b: "x", c: "5", d: "x" });
  await session.runAll();
  expect(host.takeRan()).toEqual(["a", "c"]);
  expect(session.cells.map(({ status }) => status)).toEqual(["error", "error", "ok", "error"]);
});

test("code that does not parse is an error with its place, and the cells below keep their names", async () => {
  const { session } = open({ a: "const x = 1;", b: "x" });
  await session.runAll();
  session.setSource("a", "const x = ;");
  expect(session.cell("b")).toMatchObject({ needs: ["a"], stale: true });
  const state = await session.run("b");
  expect(session.cell("a").error?.place).toMatchObject({ line: 1, column: 11 });
  expect(state.error?.frames[0]).toMatchObject({ cell: "a", line: 1, column: 11 });
});

test("old outputs stay until the first new one", async () => {
  const { session, host } = open({
    a: 'import { gate, show } from "descent/lesson"; await gate("start"); show("new"); await gate("end");',
  });
  const first = session.run("a");
  await host.kernels[0]?.gate("x").whenOpen.constructor;
  await expect.poll(() => host.kernels.length).toBe(1);
  host.kernel.gate("start").open();
  host.kernel.gate("end").open();
  await first;
  expect(shown(session, "a")).toEqual(["new"]);
});
