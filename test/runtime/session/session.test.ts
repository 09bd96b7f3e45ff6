// Running cells: what runs first, what is stale, what errors do.
import { expect, test } from "vitest";
import { cellsOf, open, shown, staleCells } from "./documents.ts";

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

test("a standalone cell sees no names and gives none", async () => {
  const { session, host } = open({
    a: "const x = 1;",
    answer: { source: "export const y = typeof x;", standalone: true },
    b: "typeof y",
  });
  await session.run("answer");
  await session.run("b");
  expect(host.takeRan()).toEqual(["answer", "b"]);
  expect(session.cell("answer")).toMatchObject({ needs: [], declares: ["y"] });
  expect(shown(session, "b")).toEqual(["undefined"]);
});

test("run all leaves standalone cells alone; cells that run on load do so when asked", async () => {
  const { session, host } = open({
    a: "const x = 1;",
    b: { source: "x", run: "load" },
    answer: { source: "1", standalone: true },
  });
  await session.runLoadCells();
  expect(host.takeRan()).toEqual(["a", "b"]);
  await session.runAll();
  expect(host.takeRan()).toEqual(["a", "b"]);
});

test("data files are loaded once and given to whoever imports them, also from above", async () => {
  const asked: string[] = [];
  const loadData = (specifier: string) => {
    asked.push(specifier);
    return Promise.resolve({ rows: 3 });
  };
  const { session, host } = open(
    { a: 'import table from "./table.json";', b: "table.rows", c: "table.rows + 1" },
    { loadData },
  );
  await session.run("b");
  await session.run("c");
  expect(host.takeRan()).toEqual(["b", "c"]);
  expect([shown(session, "b"), shown(session, "c")]).toEqual([["3"], ["4"]]);
  expect(asked).toEqual(["./table.json"]);
});

test("a data file that cannot be loaded is an error at its import; the next run tries again", async () => {
  let online = false;
  const loadData = () => (online ? Promise.resolve(5) : Promise.reject(new Error("404")));
  const { session } = open({ a: 'const a = 1;\nimport data from "./d.json";\ndata' }, { loadData });
  const failed = await session.run("a");
  expect(failed.error).toMatchObject({
    message: 'The data file "./d.json" could not be loaded: 404',
    place: { line: 2, column: 19 },
  });
  online = true;
  await session.run("a");
  expect(shown(session, "a")).toEqual(["5"]);
});

test("a cell that was blocked runs once what it needs does", async () => {
  let online = false;
  const loadData = () => (online ? Promise.resolve(5) : Promise.reject(new Error("404")));
  const { session } = open({ a: 'import data from "./d.json";\nconst x = data;', b: "x" }, { loadData });
  expect((await session.run("b")).error?.name).toBe("NeedsError");
  online = true;
  expect(await session.run("b")).toMatchObject({ status: "ok", error: null });
});

test("a host that cannot start a kernel is an error of the cell; the next run tries again", async () => {
  const { session, host } = open({ a: "1" });
  host.failStart = new Error("no workers here");
  expect((await session.run("a")).error?.message).toContain("no workers here");
  expect(session.kernelStatus).toBe("off");
  host.failStart = null;
  expect((await session.run("a")).status).toBe("ok");
});

test("runs are counted over the document", async () => {
  const { session } = open({ a: "const x = 1;", b: "x" });
  await session.run("b");
  await session.run("a");
  expect(session.cells.map(({ executionCount }) => executionCount)).toEqual([3, 2]);
});

test("two cells of one id and cells that are not there are refused", () => {
  const twice = cellsOf({ a: "1" });
  const { session } = open({ a: "1" });
  expect(() => {
    session.setCells([...twice, ...twice]);
  }).toThrow('Two cells have the id "a"');
  expect(() => session.cell("nope")).toThrow('no cell "nope"');
  expect(() => session.run("nope")).toThrow('no cell "nope"');
});
