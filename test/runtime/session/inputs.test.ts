// Moving an input: its cell runs again, then the live cells below.
import { expect, test } from "vitest";
import { open, shown, staleCells } from "./documents.ts";

const holder = 'import { gate, slider } from "descent/lesson"; const lr = slider({ label: "lr", value: 1 });';

test("the cell that shows it runs again, then the live cells below that depend on it", async () => {
  const { session, host } = open({
    a: holder,
    b: { source: "lr * 10", live: true },
    c: "lr + 1",
    d: { source: "7", live: true },
  });
  await session.runAll();
  host.takeRan();
  session.setInput("a", "lr", 3);
  await session.whenIdle();
  expect(host.takeRan()).toEqual(["a", "b"]);
  expect(shown(session, "b")).toEqual(["30"]);
  expect(staleCells(session)).toEqual(["c"]);
  expect(session.cell("a").inputValues).toEqual({ lr: 3 });
});

test("live cells follow through other live cells, not through ones that run on demand", async () => {
  const { session, host } = open({
    a: holder,
    b: { source: "const b = lr + 1;", live: true },
    c: { source: "b * 2", live: true },
    slow: "const trained = lr;",
    d: { source: "trained", live: true },
  });
  await session.runAll();
  host.takeRan();
  session.setInput("a", "lr", 2);
  await session.whenIdle();
  expect(host.takeRan()).toEqual(["a", "b", "c"]);
  expect(staleCells(session)).toEqual(["slow", "d"]);
});

test("a live cell that never ran waits for its first run", async () => {
  const { session, host } = open({ a: holder, b: { source: "lr", live: true } });
  await session.run("a");
  host.takeRan();
  session.setInput("a", "lr", 2);
  await session.whenIdle();
  expect(host.takeRan()).toEqual(["a"]);
});

test("putting an input back un-marks what was stale", async () => {
  const { session } = open({ a: holder, b: "lr" });
  await session.runAll();
  session.setInput("a", "lr", 5);
  await session.whenIdle();
  expect(staleCells(session)).toEqual(["b"]);
  session.setInput("a", "lr", 1);
  await session.whenIdle();
  expect(staleCells(session)).toEqual([]);
});

test("while a run is under way only the newest value is kept", async () => {
  const { session, host } = open({ a: `${holder} await gate("pass");`, b: { source: "lr", live: true } });
  const first = session.runAll();
  await new Promise<void>((resolve) => {
    const unsubscribe = session.subscribe(() => {
      if (session.kernelStatus !== "busy") return;
      unsubscribe();
      resolve();
    });
  });
  for (const value of [2, 3, 4, 5]) session.setInput("a", "lr", value);
  host.kernel.gate("pass").open();
  await first;
  await session.whenIdle();
  const values = host.ran.filter(({ cell }) => cell === "a").map(({ inputValues }) => inputValues["lr"]);
  expect(values.at(-1)).toBe(5);
  expect(values).not.toContain(3);
  expect(values).not.toContain(4);
  expect(shown(session, "b")).toEqual(["5"]);
});

test("an input of a cell that never ran is kept for its first run", async () => {
  const { session, host } = open({ a: `${holder} lr` });
  session.setInput("a", "lr", 8);
  await session.whenIdle();
  expect(host.takeRan()).toEqual([]);
  await session.run("a");
  expect(shown(session, "a")).toEqual(["8"]);
});

test("values of an earlier visit are there from the start", async () => {
  const { session } = open({ a: `${holder} lr` }, { inputValues: { a: { lr: 6 } } });
  await session.run("a");
  expect(shown(session, "a")).toEqual(["6"]);
  expect(session.cell("a").stale).toBe(false);
});

test("the same value again does nothing", async () => {
  const { session, host } = open({ a: holder });
  await session.run("a");
  session.setInput("a", "lr", 2);
  await session.whenIdle();
  host.takeRan();
  session.setInput("a", "lr", 2);
  await session.whenIdle();
  expect(host.takeRan()).toEqual([]);
});
