// A grader must see the numbers that the student saw: one program, run in this process and in a page, to the last bit.
import { expect, it } from "vitest";
import { Session, type Output } from "../../src/runtime/index.ts";
import { createInProcessHost } from "../../src/runtime/node.ts";
import { BuiltSite } from "./support/built-site.ts";

const site = new BuiltSite();

/** Trains a small network with Adam, takes its Hessian's eigenvalues, and writes every bit as hexadecimal digits. */
const program = `
import { Generator, analysis, linalg, nn, optim, randn, tensor } from "descent";
const generator = new Generator(5);
const x = randn([32, 2], { generator });
const y = x.mul(1.7).sin().sum(1, true).exp().add(1).log();
const start = randn([4 * 2 + 4 + 4 + 1], { generator }).mul(0.5).toArray();
const loss = (p) => x.to(p.dtype).matmul(p.slice(0, 8).reshape([2, 4])).add(p.slice(8, 12)).tanh().matmul(p.slice(12, 16).reshape([4, 1])).sigmoid().add(p.get(16)).sub(y.to(p.dtype)).pow(2).mean();
function hash(numbers) {
  const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
  let value = 2166136261;
  for (const byte of bytes) value = Math.imul(value ^ byte, 16777619) >>> 0;
  return value.toString(16);
}
const hashes = ["float32", "float64"].map((dtype) => {
  const p = tensor(start, { dtype, requiresGrad: true });
  const adam = new optim.Adam([p], { lr: 0.03 });
  for (let step = 0; step < 200; step++) {
    adam.zeroGrad();
    loss(p).backward();
    adam.step();
  }
  const eigenvalues = linalg.eigh(analysis.hessian(loss, p.detach())).eigenvalues;
  return hash([...p.toArray(), ...eigenvalues.toArray(), loss(p).item()]);
});
"bits " + hashes.join(" ");
`;

function textOf(outputs: readonly Output[]): string {
  const value = outputs.find((output) => output.kind === "value");
  if (value?.kind !== "value" || value.value.kind !== "primitive")
    throw new Error("The program shows no text.");
  return value.value.text;
}

it("training and its curvature have the same bits in Node and in Chromium's sandbox", async () => {
  const session = new Session({
    cells: [{ id: "bits", source: program, run: "demand", live: false }],
    host: createInProcessHost(),
  });
  const cell = await session.run("bits");
  expect(cell.error?.message).toBeUndefined();
  const inNode = /bits [0-9a-f]+ [0-9a-f]+/.exec(textOf(cell.outputs))?.[0];
  expect(inNode).toBeDefined();
  session.dispose();

  const lesson = await site.workInChapter();
  await lesson.type(lesson.cell("network"), program);
  await lesson.page.keyboard.press("ControlOrMeta+Enter");
  await lesson.waitFor("network", "ok");
  await expect
    .poll(
      async () => /bits [0-9a-f]+ [0-9a-f]+/.exec((await lesson.cell("network").textContent()) ?? "")?.[0],
    )
    .toBe(inNode);
  await lesson.close();
});
