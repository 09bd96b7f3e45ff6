// A grader must see the numbers that the student saw: one program, run in this process and in a page, to the last bit.
import { expect, it } from "vitest";
import { Session } from "../../src/runtime/index.ts";
import { createInProcessHost } from "../../src/runtime/node.ts";
import { bitsOf, bitsProgram } from "./support/bits.ts";
import { BuiltSite } from "./support/built-site.ts";

const site = new BuiltSite();

it("training and its curvature have the same bits in Node and in Chromium's sandbox", async () => {
  const session = new Session({
    cells: [{ id: "bits", source: bitsProgram, run: "demand", live: false }],
    host: createInProcessHost(),
  });
  const cell = await session.run("bits");
  expect(cell.error?.message).toBeUndefined();
  const inNode = /bits [0-9a-f]+ [0-9a-f]+/.exec(bitsOf(cell.outputs))?.[0];
  expect(inNode).toBeDefined();
  session.dispose();

  const lesson = await site.workInChapter();
  await lesson.type(lesson.cell("network"), bitsProgram);
  await lesson.page.keyboard.press("ControlOrMeta+Enter");
  await lesson.waitFor("network", "ok");
  await expect
    .poll(
      async () => /bits [0-9a-f]+ [0-9a-f]+/.exec((await lesson.cell("network").textContent()) ?? "")?.[0],
    )
    .toBe(inNode);
  await lesson.close();
});
