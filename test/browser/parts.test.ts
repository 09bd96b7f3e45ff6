// A page loads of the engine what its cells import: parts come from the site as files of their own, also when a cell imports
// one that the lesson never mentions, and no cell can pass something else off as a part.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AuthorsCourse } from "./support/author.ts";
import { BuiltSite } from "./support/built-site.ts";
import { launchChromium } from "./support/chromium.ts";
import { builtFolder, LessonPage } from "./support/lesson-page.ts";
import { openSandboxSite, type SandboxSite } from "./support/sandbox-site.ts";

const useData = `import { data } from "descent";
data.makeMoons({ nSamples: 7, seed: 1 }).X.shape[0]! * 111;`;

describe("in a lesson of the built site", () => {
  const site = new BuiltSite();

  /** Parts that a page has fetched, by name. */
  function watch(lesson: LessonPage): string[] {
    const parts: string[] = [];
    lesson.page.on("request", (request) => {
      const part = /\/assets\/engine-([\w-]+)-[0-9a-f]+\.js$/.exec(request.url())?.[1];
      if (part !== undefined) parts.push(part);
    });
    return parts;
  }

  async function runInCell(lesson: LessonPage, source: string): Promise<void> {
    await lesson.type(lesson.cell("by-machine"), source);
    await lesson.page.keyboard.press("ControlOrMeta+Enter");
  }

  const result = (lesson: LessonPage) => lesson.cell("by-machine").textContent();

  test("a part that no cell of the lesson imports comes when one does; it works again after Stop and after a reload", async () => {
    const lesson = await site.openChapter();
    const parts = watch(lesson);
    await lesson.ready();
    await lesson.waitFor("local-model", "ok");
    expect(parts).not.toContain("data");
    await runInCell(lesson, useData);
    await lesson.waitFor("by-machine", "ok");
    expect(await result(lesson)).toContain("777");
    expect(parts.filter((part) => part === "data")).toEqual(["data"]);

    await runInCell(lesson, "for (;;) {}");
    await lesson.waitFor("by-machine", "running");
    await lesson.cell("by-machine").getByRole("button", { name: /^Stop/ }).click();
    await lesson.waitFor("by-machine", "stopped");
    await runInCell(lesson, useData.replace("111", "112"));
    await lesson.waitFor("by-machine", "ok");
    expect(await result(lesson)).toContain("784");
    // The page has it; a new kernel is given it again.
    expect(parts.filter((part) => part === "data")).toEqual(["data"]);

    await lesson.page.reload();
    await lesson.ready();
    await lesson.run("by-machine");
    await lesson.waitFor("by-machine", "ok");
    expect(await result(lesson)).toContain("784");
    expect(lesson.complaints).toEqual([]);
    await lesson.close();
  }, 120_000);

  test("a part that cannot be had is an error of the cell that says so; other cells run, and the next try works", async () => {
    const lesson = await site.openChapter();
    await lesson.page.route(/\/assets\/engine-data-/, (route) => route.abort());
    await lesson.ready();
    await lesson.waitFor("local-model", "ok");
    await runInCell(lesson, useData);
    await lesson.waitFor("by-machine", "error");
    expect(await result(lesson)).toContain("The part “data” of the engine could not be loaded — ");
    expect(await result(lesson)).toContain("Run the cell again");
    await lesson.run("network");
    await lesson.waitFor("network", "ok");
    await lesson.page.unroute(/\/assets\/engine-data-/);
    await lesson.run("by-machine");
    await lesson.waitFor("by-machine", "ok");
    expect(await result(lesson)).toContain("777");
    await lesson.close();
  }, 120_000);

  test("what something between page and site puts in a part's place is refused", async () => {
    const lesson = await site.openChapter();
    await lesson.page.route(/\/assets\/engine-data-/, (route) =>
      route.fulfill({ contentType: "text/javascript", body: "{__proto__:null}" }),
    );
    await lesson.ready();
    await lesson.waitFor("local-model", "ok");
    await runInCell(lesson, useData);
    await lesson.waitFor("by-machine", "error");
    expect(await result(lesson)).toContain("The part “data” of the engine could not be loaded — ");
    await lesson.close();
  }, 120_000);

  test("no page but those with cells asks for parts, and every part is a file of its own", async () => {
    const files = readdirSync(join(builtFolder, "assets")).filter((name) => name.startsWith("engine-"));
    expect(files.length).toBeGreaterThan(5);
    const course = await site.openCourse();
    const parts = watch(course);
    await course.page.reload();
    await course.page.waitForLoadState("networkidle");
    expect(parts).toEqual([]);
    await course.close();
  });
});

test("in a lesson that its author is writing", { timeout: 120_000 }, async () => {
  const course = await AuthorsCourse.make({
    "course.yaml": "id: author\ntitle: Course\nsummary: Still being written.\n",
    "moons/lesson.md": `---
title: Moons
summary: Two half circles.
objectives:
  - draw
minutes: 5
---

Moons.

\`\`\`ts name=moons
${useData}
\`\`\`
`,
  });
  const [url, browser] = await Promise.all([course.serve(), launchChromium()]);
  const lesson = await LessonPage.open(browser, `${url}moons/`);
  await lesson.ready();
  // Hundreds of modules are on their way.
  await lesson.page.waitForLoadState("networkidle");
  await lesson.run("moons");
  await lesson.waitFor("moons", "ok");
  expect(await lesson.cell("moons").textContent()).toContain("777");
  await browser.close();
  await course.dispose();
});

describe("in a sandbox", () => {
  let site: SandboxSite;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [site, browser] = await Promise.all([openSandboxSite(), launchChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage();
    await page.goto(site.page);
    site.asked.length = 0;
  });

  const start = (name: string, options: { student?: string } = {}) =>
    page.evaluate(([kernel, given]) => window.bench.start(kernel, given), [name, options] as const);
  const run = (name: string, source: string) =>
    page.evaluate(([kernel, code]) => window.bench.run(kernel, "one", code), [name, source] as const);
  const askedParts = () => site.asked.filter((path) => path.startsWith("/engine/"));

  async function value(name: string, source: string): Promise<string> {
    const { result, outputs } = await run(name, source);
    const shown = outputs.find((output) => output.kind === "value")?.value;
    return result.error?.message ?? (shown && "text" in shown ? shown.text : "nothing");
  }

  test("parts are built on the engine that the core is: one class of tensors, one memory", async () => {
    await start("a");
    expect(
      await value(
        "a",
        `import { data, nn, optim, analysis, metrics, Tensor, memoryUse, tensor } from "descent";
         const { X } = data.makeMoons({ nSamples: 4, seed: 1 });
         const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 2));
         const optimiser = new optim.LBFGS(model.parameters());
         [X instanceof Tensor, model.forward(X) instanceof Tensor, optimiser instanceof optim.Optimizer,
          metrics.accuracy(model.forward(X), tensor([0, 1, 0, 1], { dtype: "int32" })) >= 0,
          analysis.hessian((x: Tensor) => x.square().sum(), tensor([1, 2])).shape.join()].join()`,
      ),
    ).toBe("true,true,true,true,2,2");
  });

  test("a namespace of two parts is one for a cell that looks at all of it", async () => {
    await start("a");
    expect(await value("a", `import { optim } from "descent"; typeof optim.SGD`)).toBe("function");
    expect(askedParts()).toEqual(["/engine/optim.js"]);
    expect(
      await value(
        "a",
        `import { optim } from "descent"; Object.keys(optim).filter((key) => /^(SGD|LBFGS)$/.test(key)).sort().join()`,
      ),
    ).toBe("LBFGS,SGD");
    expect(askedParts()).toEqual(["/engine/optim.js", "/engine/optim-more.js"]);
    expect(
      await value("a", `import * as d from "descent"; [d.optim, d.nn, d.data, d.tensor].every(Boolean)`),
    ).toBe("true");
  });

  test("a kernel of a student's holds no tests, though the page could bring them", async () => {
    await start("student");
    const { result } = await page.evaluate(() =>
      window.bench.runProgram("student", {
        cell: "answer",
        body: "return [undefined, {}];",
        declares: [],
        inputs: [],
        imports: [{ local: "tests", imported: "*", from: "descent/test" }],
        ambient: null,
        insertions: [],
      }),
    );
    expect(result.error?.message).toContain("There is no module “descent/test”");
  });

  /** What a cell may try, before anybody imports `data`, to have its own text taken for that part. */
  const forged = "{__proto__:null, './data'(require, exports) { exports.makeMoons = () => 'forged'; }}";
  const attempts: [string, string][] = [
    [
      "posting it to every port and target in reach",
      `const message = { type: "part", name: "data", text };
       for (const target of [globalThis, self]) {
         try { target.postMessage(message); } catch {}
         try { target.dispatchEvent(new MessageEvent("message", { data: message })); } catch {}
         try { const event = new Event("message"); Object.defineProperty(event, "data", { value: message }); target.dispatchEvent(event); } catch {}
       }
       try { const { port1, port2 } = new MessageChannel(); port1.postMessage(message); port2.start(); } catch {}`,
    ],
    [
      "patching what evaluates it",
      `try { globalThis.Function = () => () => text; } catch {}
       try { Function.prototype.constructor = () => () => text; } catch {}
       try { Object.assign = () => ({ makeMoons: () => "forged" }); } catch {}
       try { Object.create = () => ({ makeMoons: () => "forged" }); } catch {}
       try { Object.freeze = () => ({ makeMoons: () => "forged" }); } catch {}
       try { Map.prototype.get = () => ({ makeMoons: () => "forged" }); } catch {}`,
    ],
    [
      "leaving names for it to find",
      `for (const name of ["require", "exports", "evaluatePart", "makers", "made", "requireChunk"])
         try { Object.defineProperty(globalThis, name, { get() { console.log("seen"); return () => "forged"; } }); } catch {}
       for (const name of ["./data", "data", "makeMoons", "get", "set", "value"])
         try { Object.defineProperty(Object.prototype, name, { get() { console.log("seen"); return () => "forged"; }, set() { console.log("seen"); } }); } catch {}`,
    ],
  ];

  test.each(attempts)("a cell cannot put its own text in a part's place by %s", async (_, code) => {
    await start("a");
    await start("b");
    const attack = await page.evaluate(
      (body) => window.bench.runBody("a", "attack", body),
      `const text = ${JSON.stringify(forged)};\n${code}`,
    );
    expect(attack.result.status).toBe("ok");
    for (const kernel of ["a", "b"]) expect(await value(kernel, useData)).toBe("777");
    const late = await run("a", "1");
    expect(JSON.stringify([attack.outputs, late.outputs])).not.toContain("seen");
  });

  test("a cell cannot change a part for the cells after it", async () => {
    await start("a");
    await run("a", useData);
    await page.evaluate(() =>
      window.bench.runProgram("a", {
        cell: "attack",
        body: `for (const attempt of [
            () => { data.makeMoons = () => "forged"; },
            () => { d.data = { makeMoons: () => "forged" }; },
            () => Object.defineProperty(d, "data", { value: 1 }),
            () => Object.setPrototypeOf(data, { makeMoons: 1 }),
          ]) try { attempt(); } catch {}
          return [undefined, {}];`,
        declares: [],
        inputs: [],
        imports: [
          { local: "d", imported: "*", from: "descent" },
          { local: "data", imported: "data", from: "descent" },
        ],
        ambient: null,
        insertions: [],
      }),
    );
    expect(await value("a", useData)).toBe("777");
  });

  test("the functions that a part is made with are out of a cell's reach", async () => {
    await start("a");
    await run("a", useData);
    expect(
      await page.evaluate(() =>
        window.bench.runBody(
          "a",
          "names",
          `for (const name of ["require", "exports", "evaluatePart", "makers", "made", "requireChunk"])
             if ((0, eval)("typeof " + name) !== "undefined") throw new Error(name + " is in reach");
           try { throw new Error((function () { return arguments.callee.caller; })()); } catch (error) { if (!(error instanceof TypeError)) throw error; }`,
        ),
      ),
    ).toMatchObject({ result: { status: "ok" } });
  });
});
