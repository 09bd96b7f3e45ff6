// A grader must see the numbers that the student saw, whatever browser that was: one program, run in this process, in
// the product's sandbox in Chromium, and in every other engine of JavaScript at hand, agrees to the last bit.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Session, type Output } from "../../src/runtime/index.ts";
import { createInProcessHost } from "../../src/runtime/node.ts";
import { bundleProgram } from "./support/bits/bundle.ts";
import { engines } from "./support/bits/engines.ts";
import { bits } from "./support/bits/program.ts";
import { BuiltSite } from "./support/built-site.ts";

const hashes = /bits [0-9a-f]{8} [0-9a-f]{8}/;
const here = bits();

it("the program ran through", () => {
  expect(here).toMatch(hashes);
});

describe("in the product", () => {
  const site = new BuiltSite();
  /** The program as a cell. */
  const cell = `${readFileSync(new URL("support/bits/program.ts", import.meta.url), "utf8")}\nbits();\n`;

  function textOf(outputs: readonly Output[]): string {
    const value = outputs.find((output) => output.kind === "value");
    if (value?.kind !== "value" || value.value.kind !== "primitive")
      throw new Error("The program shows no text.");
    return value.value.text;
  }

  it("a grader's process gives these bits", async () => {
    const session = new Session({
      cells: [{ id: "bits", source: cell, run: "demand", live: false }],
      host: createInProcessHost(),
    });
    const ran = await session.run("bits");
    expect(ran.error?.message).toBeUndefined();
    expect(hashes.exec(textOf(ran.outputs))?.[0]).toBe(here);
    session.dispose();
  });

  it("Chromium's sandbox gives these bits", async () => {
    const lesson = await site.workInChapter();
    await lesson.type(lesson.cell("network"), cell);
    await lesson.page.keyboard.press("ControlOrMeta+Enter");
    await lesson.waitFor("network", "ok");
    await expect
      .poll(async () => hashes.exec((await lesson.cell("network").textContent()) ?? "")?.[0])
      .toBe(here);
    await lesson.close();
  });
});

describe("elsewhere", () => {
  let program = "";
  beforeAll(async () => {
    program = await bundleProgram();
  });

  for (const engine of engines) {
    it(`${engine.name} gives these bits`, { timeout: 90_000 }, async ({ skip }) => {
      const path = engine.find();
      if (path === null) {
        if (process.env["CI"] === "true") throw new Error(engine.advice);
        console.warn(`Left out: ${engine.advice}`);
        return skip(engine.advice);
      }
      expect(await engine.run(path, program)).toBe(here);
    });
  }
});
