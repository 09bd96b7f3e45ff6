// Parts of the engine on their way into a kernel: taken once, between cells, before the programs that import them.
import { describe, expect, test } from "vitest";
import type { PartLoader } from "../../../src/runtime/kernel/parts.ts";
import { partLimit, type PartName } from "../../../src/runtime/parts.ts";
import { KernelBench } from "./bench.ts";

/** Parts here are JSON: what they export. */
function loader(names: readonly PartName[] = ["data", "nn"]): PartLoader & { evaluated: string[] } {
  const evaluated: string[] = [];
  return {
    names,
    evaluated,
    evaluate: (_, text) => {
      evaluated.push(text);
      return JSON.parse(text) as Record<string, unknown>;
    },
  };
}

const descent = { descent: { tensor: 1 } };
const useData = `import { data } from "descent"; data.x`;
const shown = (outputs: unknown[]) =>
  outputs.map((output) => (output as { value: { text: string } }).value.text);

describe("a kernel", () => {
  test("gives a program what a part brought", async () => {
    const bench = new KernelBench({ modules: descent, parts: loader() });
    bench.givePart("data", '{"x":5}');
    expect(shown((await bench.run("a", useData)).outputs)).toEqual(["5"]);
  });

  test("says which part a program lacks, and what to do", async () => {
    const bench = new KernelBench({ modules: descent, parts: loader() });
    const { result } = await bench.run("a", useData);
    expect(result.error).toMatchObject({
      name: "ImportError",
      message: "The part “data” of the engine was not loaded.",
      fix: "Run the cell again.",
    });
  });

  test("knows the names of parts that it lacks, for the fix of a slip", async () => {
    const bench = new KernelBench({ modules: descent, parts: loader() });
    const misspelt = await bench.run("a", `import { daat } from "descent"; daat`);
    expect(misspelt.result.error?.fix).toBe("Did you mean “data”?");
    const missing = await bench.run("b", "data.x");
    expect(missing.result.error?.fix).toBe(`import { data } from "descent";`);
  });

  test("takes the first text of a part and no other", async () => {
    const parts = loader();
    const bench = new KernelBench({ modules: descent, parts });
    bench.givePart("data", '{"x":5}');
    bench.givePart("data", '{"x":6}');
    expect(shown((await bench.run("a", useData)).outputs)).toEqual(["5"]);
    expect(parts.evaluated).toEqual(['{"x":5}']);
  });

  test("evaluates nothing that is no part, is too long, or is not meant for it", async () => {
    const parts = loader();
    const bench = new KernelBench({ modules: descent, parts });
    for (const name of ["test", "optim", "descent", "__proto__", "constructor", ""])
      bench.givePart(name, "{}");
    bench.givePart("data", `"${"x".repeat(partLimit)}"`);
    bench.givePart("nn", 7 as unknown as string);
    const { result } = await bench.run("a", useData);
    expect(parts.evaluated).toEqual([]);
    expect(result.error?.message).toContain("it belongs to another version of this site");
    expect(result.error?.fix).toBe("Reload the page.");
  });

  test("survives a part that breaks, and tells who imports it", async () => {
    const bench = new KernelBench({ modules: descent, parts: loader() });
    bench.givePart("data", "not a part");
    const broken = await bench.run("a", useData);
    expect(broken.result.error?.message).toContain("The part “data” of the engine could not be loaded");
    expect((await bench.run("b", "1 + 1")).result.status).toBe("ok");
  });

  test("takes a part between cells, not during one", async () => {
    const parts = loader();
    const bench = new KernelBench({ modules: descent, parts });
    const started = bench.started("a");
    const running = bench.run("a", "await new Promise((resolve) => setTimeout(resolve, 30));");
    await started;
    bench.givePart("data", '{"x":5}');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(parts.evaluated).toEqual([]);
    await running;
    expect(shown((await bench.run("b", useData)).outputs)).toEqual(["5"]);
  });

  test("does not let a cell put something in a part's place", async () => {
    const bench = new KernelBench({ modules: descent, parts: loader() });
    bench.givePart("data", '{"x":5}');
    bench.givePart("nn", "{}");
    const whole = await bench.run("whole", `import * as d from "descent"; d.data.x`);
    expect(shown(whole.outputs)).toEqual(["5"]);
    await bench.run(
      "attack",
      `import * as d from "descent";
       import { data } from "descent";
       const forged: any = { x: 42 };
       for (const attempt of [
         () => ((d as any).data = forged),
         () => Object.defineProperty(d, "data", { value: forged }),
         () => ((data as any).x = 42),
         () => delete (d as any).data,
       ]) try { attempt(); } catch {}`,
    );
    expect(shown((await bench.run("b", useData)).outputs)).toEqual(["5"]);
  });
});

describe("a namespace of two parts", () => {
  const setUp = () => {
    const bench = new KernelBench({ modules: descent, parts: loader(["optim", "optim-more"]) });
    bench.givePart("optim", '{"SGD":1}');
    return bench;
  };

  test("does with its first where a program reads nothing else", async () => {
    const { outputs } = await setUp().run("a", `import { optim } from "descent"; optim.SGD`);
    expect(shown(outputs)).toEqual(["1"]);
  });

  test("is whole for every other program, or the program does not run", async () => {
    const bench = setUp();
    const source = `import { optim } from "descent"; Object.keys(optim).join()`;
    expect((await bench.run("a", source)).result.error?.message).toContain("The part “optim” of the engine");
    bench.givePart("optim-more", '{"LBFGS":2}');
    expect(shown((await bench.run("a", source)).outputs)).toEqual(["SGD,LBFGS"]);
  });
});

describe("a page", () => {
  test("brings the parts of a program before the program, once for each kernel", async () => {
    const asked: string[] = [];
    const parts = loader();
    const bench = new KernelBench({
      modules: descent,
      parts,
      fetchPart: async (name) => {
        asked.push(name);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return '{"x":5}';
      },
    });
    expect(shown((await bench.run("a", useData)).outputs)).toEqual(["5"]);
    expect(shown((await bench.run("b", useData)).outputs)).toEqual(["5"]);
    expect(asked).toEqual(["data"]);
    await bench.client.lose();
    expect(shown((await bench.run("c", useData)).outputs)).toEqual(["5"]);
    expect(asked).toEqual(["data", "data"]);
  });

  test("runs what was asked for first before the rest, though it waits for a part", async () => {
    let arrive: (text: string) => void = () => undefined;
    const bench = new KernelBench({
      modules: descent,
      parts: loader(),
      fetchPart: () => new Promise((resolve) => (arrive = resolve)),
    });
    const ended: string[] = [];
    const first = bench.run("a", useData).then(() => ended.push("a"));
    const second = bench.run("b", "2").then(() => ended.push("b"));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ended).toEqual([]);
    arrive('{"x":5}');
    await Promise.all([first, second]);
    expect(ended).toEqual(["a", "b"]);
  });

  test("tells a run that its part cannot be had; the next run asks again", async () => {
    let fails = true;
    const bench = new KernelBench({
      modules: descent,
      parts: loader(),
      fetchPart: () =>
        fails
          ? Promise.reject(new Error("The part “data” of the engine could not be loaded — no network"))
          : Promise.resolve('{"x":5}'),
    });
    const failed = await bench.run("a", useData);
    expect(failed.result).toMatchObject({
      status: "error",
      kernelLost: false,
      error: {
        message: "The part “data” of the engine could not be loaded — no network",
        fix: "Run the cell again.",
      },
    });
    expect((await bench.run("b", "2")).result.status).toBe("ok");
    fails = false;
    expect(shown((await bench.run("a", useData)).outputs)).toEqual(["5"]);
  });

  test("can stop a run that waits for its part, and keeps the kernel", async () => {
    let arrive: (text: string) => void = () => undefined;
    const parts = loader();
    const bench = new KernelBench({
      modules: descent,
      parts,
      fetchPart: () => new Promise((resolve) => (arrive = resolve)),
    });
    await bench.run("a", "const kept = 1;");
    const running = bench.run("b", `${useData}; console.log("it ran");`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await bench.client.stop();
    const { result, outputs } = await running;
    expect(result).toMatchObject({ status: "stopped", kernelLost: false });
    arrive('{"x":5}');
    expect(shown((await bench.run("c", "kept")).outputs)).toEqual(["1"]);
    expect(outputs).toEqual([]);
  });
});
