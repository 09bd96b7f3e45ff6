// One run at a time: the queue, Stop, restart, a kernel that dies, hot reload.
import { expect, test } from "vitest";
import type { CellState, Session, SessionChange } from "../../../src/runtime/index.ts";
import type { FakeHost } from "./fake-host.ts";
import { cellsOf, open, shown, staleCells, statuses } from "./documents.ts";

const tools = 'import { gate, show } from "descent/lesson";';

/** Resolves when the running cell waits at a gate. */
async function reached(session: Session, host: FakeHost, gate: string): Promise<void> {
  await changeTo(session, () => session.kernelStatus === "busy");
  await host.kernel.gate(gate).whenReached;
}

function changeTo(session: Session, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (holds()) {
      resolve();
      return;
    }
    const unsubscribe = session.subscribe(() => {
      if (!holds()) return;
      unsubscribe();
      resolve();
    });
  });
}

test("while one cell runs the others wait their turn", async () => {
  const { session, host } = open({ a: `${tools} await gate("a");`, b: "2", c: "3" });
  const runs = [session.run("a"), session.run("b"), session.run("c")];
  await reached(session, host, "a");
  expect(statuses(session)).toEqual({ a: "running", b: "queued", c: "queued" });
  host.kernel.gate("a").open();
  await Promise.all(runs);
  expect(statuses(session)).toEqual({ a: "ok", b: "ok", c: "ok" });
  expect(host.takeRan()).toEqual(["a", "b", "c"]);
});

test("the cells that a cell needs wait with it", async () => {
  const { session, host } = open({ a: `${tools} await gate("a"); const x = 1;`, b: "const y = x;", c: "y" });
  const run = session.run("c");
  await reached(session, host, "a");
  expect(statuses(session)).toEqual({ a: "running", b: "queued", c: "queued" });
  host.kernel.gate("a").open();
  await run;
});

test("asking again for a cell that waits changes nothing, for one that runs asks for another run", async () => {
  const { session, host } = open({ a: `${tools} await gate("a");`, b: "2" });
  const runs = [session.run("a"), session.run("b")];
  await reached(session, host, "a");
  runs.push(session.run("b"), session.run("b"), session.run("a"));
  host.kernel.gate("a").open();
  await Promise.all(runs);
  expect(host.takeRan()).toEqual(["a", "b", "a"]);
});

test("old outputs stay until the first new one comes", async () => {
  const source = `${tools} await gate("start"); show("new"); await gate("end");`;
  const { session, host } = open({ a: 'import { show } from "descent/lesson"; show("old"); show("older");' });
  await session.run("a");
  session.setSource("a", source);
  const run = session.run("a");
  await reached(session, host, "start");
  expect(shown(session, "a")).toEqual(["old", "older"]);
  host.kernel.gate("start").open();
  await host.kernel.gate("end").whenReached;
  expect(shown(session, "a")).toEqual(["new"]);
  host.kernel.gate("end").open();
  await run;
});

test("a run that shows nothing clears what was shown", async () => {
  const { session } = open({ a: "1" });
  await session.run("a");
  session.setSource("a", "1;\nlet x = 2;");
  await session.run("a");
  expect(session.cell("a").outputs).toEqual([]);
});

test("an output with the key of an earlier one takes its place", async () => {
  const { session } = open({
    a: `${tools} show("1", "loss"); show("other"); show("2", "loss"); show("3", "loss");`,
  });
  await session.run("a");
  expect(shown(session, "a")).toEqual(["3", "other"]);
});

test("what is edited while it runs is stale when it ends", async () => {
  const { session, host } = open({ a: `${tools} await gate("a"); const x = 1;`, b: "x" });
  const run = session.run("b");
  await reached(session, host, "a");
  session.setSource("a", "const x = 2;");
  host.kernel.gate("a").open();
  await run;
  expect(shown(session, "b")).toEqual(["1"]);
  expect(staleCells(session)).toEqual(["a", "b"]);
});

test("stop ends the running cell, empties the queue and leaves the rest as it was", async () => {
  const { session, host } = open({
    a: "const x = 1; x",
    b: `${tools} show("part"); await gate("b");`,
    c: "x",
  });
  await session.run("a");
  const runs = [session.run("b"), session.run("c")];
  await reached(session, host, "b");
  await session.stop();
  expect((await Promise.all(runs)).map(({ status }) => status)).toEqual(["stopped", "idle"]);
  expect(statuses(session)).toEqual({ a: "ok", b: "stopped", c: "idle" });
  expect(shown(session, "b")).toEqual(["part"]);
  expect(session.kernelStatus).toBe("ready");
});

test("stop while a needed cell runs leaves the cell that asked for it idle", async () => {
  const { session, host } = open({ a: `${tools} await gate("a"); const x = 1;`, b: "x" });
  const run = session.run("b");
  await reached(session, host, "a");
  await session.stop();
  expect((await run).status).toBe("idle");
  expect(statuses(session)).toEqual({ a: "stopped", b: "idle" });
});

test("stop with nothing to stop does nothing", async () => {
  const { session } = open({ a: "1" });
  await session.stop();
  expect(session.kernelStatus).toBe("off");
});

test("after a stop that lost the kernel, what is needed is replayed quietly and in place", async () => {
  const { session, host } = open({ a: "const x = 1; x", b: `${tools} await gate("b");`, c: "x + 1", d: "5" });
  await session.run("a");
  await session.run("d");
  const before = session.cell("a");
  const run = session.run("b");
  await reached(session, host, "b");
  await session.stop();
  await run;
  host.takeRan();
  await session.run("c");
  expect(host.takeRan()).toEqual(["(a)", "c"]);
  expect(shown(session, "c")).toEqual(["2"]);
  expect(session.cell("a")).toEqual(before);
});

test("after a stop that kept the kernel nothing is replayed", async () => {
  const { session, host } = open({ a: "const x = 1;", b: `${tools} await gate("b");`, c: "x" });
  host.stopLosesNames = false;
  await session.run("a");
  const run = session.run("b");
  await reached(session, host, "b");
  await session.stop();
  await run;
  host.takeRan();
  await session.run("c");
  expect(host.takeRan()).toEqual(["c"]);
});

test("a replay brings back what cells did to the objects of others", async () => {
  const { session, host } = open({
    model: "const model = { w: 0 };",
    train: "model.w += 1;",
    other: "const z = model.w;",
    hang: `${tools} await gate("hang");`,
    look: "model.w",
  });
  await session.run("train");
  await session.run("other");
  // It only reads: there is nothing to bring back.
  const run = session.run("hang");
  await reached(session, host, "hang");
  await session.stop();
  await run;
  host.takeRan();
  await session.run("look");
  expect(host.takeRan()).toEqual(["(model)", "(train)", "look"]);
  expect(shown(session, "look")).toEqual(["1"]);
});

test("a kernel that dies is an error of the running cell; the others are replayed when needed", async () => {
  const { session, host } = open({ a: "const x = 1;", b: `${tools} await gate("b");`, c: "x" });
  await session.run("a");
  const run = session.run("b");
  await reached(session, host, "b");
  host.kernel.die();
  const state = await run;
  expect(state).toMatchObject({ status: "error", error: { name: "KernelError" } });
  host.takeRan();
  await session.run("c");
  expect(host.takeRan()).toEqual(["(a)", "c"]);
});

test("a kernel lost while nothing runs is made good at the next run", async () => {
  const { session, host } = open({ a: "const x = 1;", b: "x" });
  await session.run("a");
  host.kernel.loseIdle();
  host.takeRan();
  await session.run("b");
  expect(host.takeRan()).toEqual(["(a)", "b"]);
});

test("outputs that come after the end of a run are shown until the cell runs again", async () => {
  const { session, host } = open({
    a: `${tools} (async () => { await gate("late"); show("late"); })(); show("now");`,
  });
  session.setSource("a", `${tools} void (async () => { await gate("late"); show("late"); })(); show("now");`);
  await session.run("a");
  host.kernel.gate("late").open();
  await changeTo(session, () => session.cell("a").outputs.length === 2);
  expect(shown(session, "a")).toEqual(["now", "late"]);
});

test("restart gives a new kernel and a clean page, and keeps sources and inputs", async () => {
  const { session, host } = open({
    a: 'import { slider } from "descent/lesson"; const x = slider({ label: "lr", value: 1 });',
    b: "x",
  });
  await session.runAll();
  session.setInput("a", "lr", 4);
  await session.whenIdle();
  await session.restart();
  expect(host.kernels[0]?.isDisposed).toBe(true);
  expect(session.kernelStatus).toBe("off");
  expect(session.cell("a")).toMatchObject({
    status: "idle",
    outputs: [],
    executionCount: null,
    inputValues: { lr: 4 },
  });
  await session.run("b");
  expect(shown(session, "b")).toEqual(["4"]);
});

test("restart ends a run that will not end", async () => {
  const { session, host } = open({ a: `${tools} await gate("never");`, b: "2" });
  const runs = [session.run("a"), session.run("b")];
  await reached(session, host, "never");
  await session.restart();
  await Promise.all(runs);
  expect(statuses(session)).toEqual({ a: "idle", b: "idle" });
  expect((await session.run("b")).status).toBe("ok");
});

test("new cells: those that stay keep what they show, the kernel forgets those that went", async () => {
  const { session, host } = open({ a: "const x = 1; x", b: "const y = 2; y", c: "x + y" });
  await session.runAll();
  const before = session.cell("a");
  session.setCells(cellsOf({ b: "const y = 2; y", a: "const x = 1; x", c: "x + y", d: "x" }));
  expect(session.cells.map(({ id }) => id)).toEqual(["b", "a", "c", "d"]);
  expect(session.cell("a")).toBe(before);
  expect(staleCells(session)).toEqual([]);
  session.setCells(cellsOf({ a: "const x = 1; x", c: "x + y" }));
  expect(staleCells(session)).toEqual(["c"]);
  await session.run("a");
  expect(host.forgotten).toEqual(["b", "d"]);
});

test("new text for a cell keeps its outputs and marks it stale", async () => {
  const { session } = open({ a: "1", b: "2" });
  await session.runAll();
  session.setCells(cellsOf({ a: "10", b: "2" }));
  expect(session.cell("a")).toMatchObject({ source: "10", stale: true });
  expect(shown(session, "a")).toEqual(["1"]);
  expect(session.cell("b").stale).toBe(false);
});

test("a cell that is removed while it runs or waits is let go", async () => {
  const { session, host } = open({ a: `${tools} await gate("a");`, b: "2", c: "3" });
  const runs = [session.run("a"), session.run("b"), session.run("c")];
  await reached(session, host, "a");
  session.setCells(cellsOf({ c: "3" }));
  await Promise.all(runs);
  expect((await session.run("c")).status).toBe("ok");
});

test("listeners hear of every change, once it is there, and snapshots never change", async () => {
  const { session } = open({ a: "const x = 1;", b: "x" });
  const heard: SessionChange[] = [];
  const seen = new Map<CellState, string>();
  const unsubscribe = session.subscribe((change) => {
    heard.push(change);
    for (const state of session.cells) {
      const text = JSON.stringify(state);
      expect(seen.get(state) ?? text).toBe(text);
      seen.set(state, text);
    }
  });
  await session.run("b");
  expect(heard).toContainEqual({ kernel: "starting" });
  expect(heard).toContainEqual({ kernel: "busy" });
  expect(heard).toContainEqual({ cell: "a" });
  expect(heard.slice(-2)).toEqual([{ cell: "b" }, { kernel: "ready" }]);
  const count = heard.length;
  unsubscribe();
  session.setSource("a", "const x = 2;");
  expect(heard.length).toBe(count);
  expect(session.cells.every((state) => state === session.cell(state.id))).toBe(true);
});

test("after dispose the kernel is gone and nothing runs any more", async () => {
  const { session, host } = open({ a: `${tools} await gate("never");` });
  const run = session.run("a");
  await reached(session, host, "never");
  session.dispose();
  await run;
  expect(host.kernel.isDisposed).toBe(true);
  expect(() => session.run("a")).toThrow("over");
});
