// The sandbox in a real browser: what a cell may not reach, what it may not break, and what it cannot fake.
// Every list below is also run where the walls are missing, so that a test which could not fail would be seen.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import type { Output } from "../../src/runtime/index.ts";
import { launchChromium } from "./support/chromium.ts";
import type { Ran } from "./support/sandbox-page.ts";
import { openSandboxSite, type SandboxSite } from "./support/sandbox-site.ts";
import { attacks, frameAttacks } from "./support/sandbox-attacks.ts";

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
  site.heard.length = 0;
  site.asked.length = 0;
});

const start = (name: string, options: { student?: string } = {}) =>
  page.evaluate(([kernel, given]) => window.bench.start(kernel, given), [name, options] as const);
const run = (name: string, cell: string, source: string) =>
  page.evaluate(([kernel, id, code]) => window.bench.run(kernel, id, code), [name, cell, source] as const);
const runBody = (name: string, cell: string, body: string): Promise<Ran> =>
  page.evaluate(([kernel, id, code]) => window.bench.runBody(kernel, id, code), [name, cell, body] as const);

/** Starts a cell and does not wait for its end. */
const launch = (name: string, cell: string, body: string) =>
  page.evaluate(([kernel, id, code]) => window.bench.launch(kernel, id, code), [name, cell, body] as const);

const stop = (name: string) => page.evaluate((kernel) => window.bench.stop(kernel), name);

/** Texts of what was logged, and of the value. */
function texts(outputs: Output[]): string[] {
  return outputs.flatMap((output) => {
    const parts = output.kind === "log" ? output.parts : output.kind === "value" ? [output.value] : [];
    return parts.map((part) => ("text" in part ? part.text : part.kind));
  });
}

/** Whether the kernel does, now or soon, what a kernel is for. */
async function answers(name: string): Promise<boolean> {
  // A kernel that is just being replaced ends the run that meets it as stopped.
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const { outputs } = await run(name, "alive", "1 + 1");
    if (texts(outputs).join() === "2") return true;
  }
  return false;
}

/** A request that is allowed, after which every earlier one would have been heard. */
async function sentinel(): Promise<void> {
  await fetch(`${site.listener}/sentinel`);
  await expect.poll(() => site.heard).toContain("/sentinel");
}

function escaped(): string[] {
  return site.heard.filter((path) => path !== "/sentinel");
}

describe("a cell", () => {
  test("runs, sees names of other cells and the engine, and shows what it did", async () => {
    await start("a");
    await run(
      "a",
      "one",
      `import { tensor } from "descent";\nconst w = tensor([1, 2, 3]);\nconsole.log("made");`,
    );
    const { result, outputs } = await run("a", "two", "w.mul(2)");
    expect(result).toMatchObject({ status: "ok", kernelLost: false });
    expect(outputs).toMatchObject([{ kind: "value", value: { kind: "tensor", shape: [3] } }]);
  });

  test("has its errors at the line and column the reader typed", async () => {
    await start("a");
    const { result } = await run("a", "one", "const n: number = 1;\n\n  null!.x;");
    expect(result.error?.place).toMatchObject({ cell: "one", line: 3 });
  });

  test("that leaves a rejection unhandled says so under itself", async () => {
    await start("a");
    const seen = await page.evaluate(async () => {
      const { outputs } = await window.bench.runBody(
        "a",
        "one",
        "void Promise.reject(new Error('left alone'));",
      );
      while (outputs.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      return outputs;
    });
    expect(texts(seen).join()).toContain("left alone");
  });
});

describe("no request leaves", () => {
  test.each(attacks)("$name", async ({ code }) => {
    await start("a");
    await runBody("a", "attack", code(site));
    await sentinel();
    expect(escaped()).toEqual([]);
    expect(site.asked).not.toContain("/secret.txt");
  });

  test("the policy alone holds all of it back, without any hardening of the worker", async () => {
    const frame = await page.evaluate(() => window.bench.openRaw("./raw.html"));
    for (const { code } of attacks) {
      const answer = await page.evaluate(([id, text]) => window.bench.tellRaw(id, text), [
        frame,
        code(site),
      ] as const);
      expect(answer).toBeDefined();
    }
    await sentinel();
    expect(escaped()).toEqual([]);
    expect(site.asked).not.toContain("/secret.txt");
  });

  test("without the policy the same code does reach the listener", async () => {
    const frame = await page.evaluate(() => window.bench.openRaw("./control.html"));
    for (const { code } of attacks) {
      await page.evaluate(([id, text]) => window.bench.tellRaw(id, text), [frame, code(site)] as const);
    }
    await sentinel();
    const expected = attacks.flatMap(({ path }) => (path === null ? [] : [path]));
    expect(expected.filter((path) => !site.heard.includes(path))).toEqual([]);
    expect(site.asked).toContain("/secret.txt");
  });
});

describe("the page is out of reach", () => {
  test("a cell finds no global that reaches outside its realm", async () => {
    await start("a");
    const { outputs } = await runBody(
      "a",
      "look",
      `const found = [];
       for (let at = globalThis; at; at = Object.getPrototypeOf(at)) found.push(...Reflect.ownKeys(at).map(String));
       const reaching = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "Worker",
         "SharedWorker", "BroadcastChannel", "indexedDB", "caches", "CacheStorage", "postMessage", "close", "navigator",
         "location", "onmessage", "MessageChannel", "FontFace", "document", "window", "localStorage", "RTCPeerConnection"];
       console.log(reaching.filter((name) => found.includes(name) || name in globalThis).join());
       console.log(typeof globalThis.constructor.prototype.postMessage);`,
    );
    expect(texts(outputs)).toEqual(["", "undefined"]);
  });

  test("its origin is opaque and its storage is closed, even to code that gets around the hardening", async () => {
    const frame = await page.evaluate(() => window.bench.openRaw("./raw.html"));
    const tell = (code: string) =>
      page.evaluate(([id, text]) => window.bench.tellRaw(id, text), [frame, code] as const);
    expect(await tell("return self.origin")).toEqual({ done: "null" });
    expect(await tell("return await caches.open('x')")).toHaveProperty("failed");
    expect(
      await tell(
        `return await new Promise((resolve) => {
           const request = indexedDB.open("x");
           request.onsuccess = () => resolve("open");
           request.onerror = () => resolve("refused");
         }).catch(() => "refused")`,
      ),
    ).not.toEqual({ done: "open" });
    expect(await tell("return typeof document + typeof parent + typeof localStorage")).toEqual({
      done: "undefinedundefinedundefined",
    });
  });

  test("a broadcast is heard neither by the page nor by another sandbox", async () => {
    const [one, two] = await page.evaluate(async () => {
      const heard: unknown[] = [];
      new BroadcastChannel("x").addEventListener("message", (event) => heard.push(event.data));
      Object.assign(window, { heard });
      return [await window.bench.openRaw("./raw.html"), await window.bench.openRaw("./raw.html")] as const;
    });
    const tell = (id: number, code: string) =>
      page.evaluate(([frame, text]) => window.bench.tellRaw(frame, text), [id, code] as const);
    await tell(
      two,
      `self.heard = []; new BroadcastChannel("x").onmessage = (event) => heard.push(event.data);`,
    );
    await tell(
      one,
      `self.heard = []; const own = new BroadcastChannel("x"); own.onmessage = (event) => heard.push(event.data);`,
    );
    // A second channel of the same realm hears it: the message was sent, and has arrived everywhere it can.
    expect(
      await tell(
        one,
        `new BroadcastChannel("x").postMessage("hello");
         while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
         return heard;`,
      ),
    ).toEqual({ done: ["hello"] });
    expect(await tell(two, "return heard")).toEqual({ done: [] });
    expect(await page.evaluate("window.heard")).toEqual([]);
  });

  test("opened by itself, or in a frame that is not sandboxed, the sandbox does nothing", async () => {
    await page.goto(`${site.page}sandbox.html`);
    expect(await page.locator("body").innerText()).toContain("does nothing by itself");
    expect(page.workers()).toEqual([]);
    await page.goto(`${site.page}unsandboxed.html`);
    const inner = page.frameLocator("iframe").locator("body");
    await expect.poll(() => inner.innerText()).toContain("does nothing by itself");
    expect(page.workers()).toEqual([]);
  });

  test("the frame's policy stops what a script in the frame itself would try", async () => {
    // The boot script runs no text at all; here it is made to, by a debugger, to show what is behind it.
    const frame = await page.evaluate(() => window.bench.openRaw("./raw.html"));
    expect(await page.evaluate((id) => window.bench.rawAnswers(id, 10_000), frame)).toBe(true);
    const inner = page.frames().find((candidate) => candidate.url().endsWith("raw.html"))!;
    const reached: string[] = [];
    for (const { name, code } of frameAttacks) {
      const answer = await inner.evaluate(code(site)).catch(() => "refused");
      if (answer === "reached") reached.push(name);
    }
    expect(reached).toEqual([]);
    await sentinel();
    expect(escaped()).toEqual([]);
    expect(page.url()).toBe(site.page);
  });
});

describe("the page stays alive and the kernel comes back", () => {
  test.each([
    ["an endless loop", "for (;;) {}"],
    ["an endless loop of microtasks", "const again = () => Promise.resolve().then(again); await again();"],
    ["an endless loop that logs", "for (;;) console.log('again and again');"],
    ["an endless loop that throws and catches", "for (;;) try { null.x } catch {}"],
    [
      "recursion that catches its own overflow",
      "function deep() { try { deep(); } finally { deep(); } } deep();",
    ],
    ["a wait without end", "await new Promise(() => {});"],
    [
      "a wait on shared memory",
      `const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
      for (;;) new Int32Array(memory.buffer)[0] += 1;`,
    ],
    ["a regular expression that never ends", "/(a+)+$/.test('a'.repeat(60) + 'b');"],
    ["a sort without end", "[1, 2, 3].sort(() => { for (;;) {} });"],
  ])("%s", async (_, body) => {
    await start("a");
    await runBody("a", "warm", "");
    await launch("a", "bad", body);
    // The page answers while the cell runs.
    expect(await page.evaluate(() => document.getElementById("secret")?.textContent)).toBe("of the page");
    await stop("a");
    expect(await answers("a")).toBe(true);
  });

  test.each([
    ["a million logs", "for (let i = 0; i < 1e6; i += 1) console.log('line', i);"],
    ["a flood of rejections", "for (let i = 0; i < 1e5; i += 1) void Promise.reject(new Error('no'));"],
    ["closing its own worker", "globalThis.close?.(); self.constructor.prototype.close?.call(self);"],
    ["posting without end", "try { for (;;) globalThis.postMessage('flood'); } catch {}"],
    ["three million objects as a value", "return [Array.from({ length: 3e6 }, (_, i) => ({ i })), {}];"],
    [
      "a list that pretends to be endless",
      "return [new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 32 - 1 : Reflect.get(t, k) }), {}];",
    ],
    [
      "a value that throws when touched",
      "return [new Proxy({}, { getPrototypeOf() { throw 1 }, ownKeys() { throw 2 } }), {}];",
    ],
  ])("%s", async (_, body) => {
    await start("a");
    await runBody("a", "bad", body);
    expect(await answers("a")).toBe(true);
  });

  test.each([
    ["objects", "kept.push(new Array(1e4).fill(0).map((_, x) => ({ x })));", 300],
    ["typed arrays", "kept.push(new Float64Array(1 << 20).fill(1));", 60],
  ])("filling the memory with %s", async (_, step, enough) => {
    await start("a");
    // It tells when it has filled half a gigabyte or so, and goes on.
    await launch(
      "a",
      "bad",
      `const kept = []; for (let n = 0; ; n += 1) { ${step} if (n > ${enough}) console.log(n); }`,
    );
    await expect
      .poll(() => page.evaluate(() => window.bench.shown("a")), { timeout: 30_000 })
      .toBeGreaterThan(0);
    expect(await page.evaluate(() => document.getElementById("secret")?.textContent)).toBe("of the page");
    await stop("a");
    expect(await answers("a")).toBe(true);
  });

  test("a loop left behind by a cell that has ended is noticed, and the kernel replaced", async () => {
    await start("a");
    await runBody("a", "bad", "setTimeout(() => { for (;;) {} }, 0);");
    expect(await answers("a")).toBe(true);
  });

  test("a kernel that was stopped by force has lost its names, and says so", async () => {
    await start("a");
    await run("a", "one", "const w = 3;");
    const [lost] = await page.evaluate(() =>
      Promise.all([
        window.bench.runBody("a", "bad", "for (;;) {}").then(({ result }) => result),
        new Promise((resolve) => setTimeout(resolve, 50)).then(() => window.bench.stop("a")),
      ]),
    );
    expect(lost).toMatchObject({ status: "stopped", kernelLost: true });
    const { result } = await run("a", "two", "w");
    expect(result.error?.message).toContain("“w” comes from cell “one”");
  });

  test("messages without end, from a worker that got hold of its port, are cut off by the frame", async () => {
    const frame = await page.evaluate(() => window.bench.openRaw("./raw.html"));
    await page.evaluate((id) => void window.bench.tellRaw(id, "for (;;) port.postMessage('flood');"), frame);
    const said = await page.evaluate(async (id) => {
      for (;;) {
        const message = await window.bench.hearRaw(id);
        if (message !== "flood") return message;
      }
    }, frame);
    expect(said).toMatchObject({ lost: 1, reason: "too many messages" });
    await page.evaluate((id) => window.bench.replaceRaw(id, 2), frame);
    const again = await page.evaluate(async (id) => {
      let message = await window.bench.hearRaw(id);
      while (message === "flood") message = await window.bench.hearRaw(id);
      return [message, await window.bench.tellRaw(id, "return 1 + 1", 2)];
    }, frame);
    expect(again).toEqual([{ replaced: 2 }, { done: 2 }]);
  });

  test("everything that an honest cell shows passes the page's checks", async () => {
    await start("a");
    const { outputs } = await run(
      "a",
      "one",
      `import { plot, line, slider, table, formula, markdown, display, outcome } from "descent/lesson";
       plot({ title: "p", marks: [line({ y: [1, NaN, 3] })] });
       slider({ label: "s", min: 0, max: 1 });
       table({ rows: [{ a: 1 }] });
       formula("x");
       markdown("*m*");
       display(new Map([[1, { deep: [new Set([2])] }]]));
       outcome("o", [[0, 1]]);`,
    );
    expect(outputs.map((output) => output.kind)).toEqual([
      "plot",
      "input",
      "table",
      "formula",
      "markdown",
      "value",
      "outcome",
    ]);
  });
});

describe("nothing can be faked", () => {
  /** What a student's cell may try before its function is called; the answer must stay what the function gives. */
  const tampering = [
    ["JSON.stringify", "try { JSON.stringify = () => '42' } catch {}"],
    ["MessagePort.prototype.postMessage", "try { MessagePort.prototype.postMessage = () => {} } catch {}"],
    [
      "MessageEvent.data",
      "try { Object.defineProperty(MessageEvent.prototype, 'data', { get: () => 42 }) } catch {}",
    ],
    ["postMessage", "try { globalThis.postMessage = () => {} } catch {}"],
    [
      "Array.prototype[Symbol.iterator]",
      "try { Array.prototype[Symbol.iterator] = function* () { yield 42 } } catch {}",
    ],
    ["Map.prototype.get", "try { Map.prototype.get = () => () => 42 } catch {}"],
    ["Promise.prototype.then", "try { Promise.prototype.then = (f) => f(42) } catch {}"],
    ["Reflect.apply", "try { Reflect.apply = () => 42 } catch {}"],
    [
      "a setter on Object.prototype",
      "try { Object.defineProperty(Object.prototype, 'ok', { set() {}, get: () => true }) } catch {}",
    ],
    [
      "an index setter on Array.prototype",
      "try { Object.defineProperty(Array.prototype, '0', { set() {} }) } catch {}",
    ],
    [
      "Error.prepareStackTrace",
      "try { Error.prepareStackTrace = () => 'descent-cell://k1/other/1:1:1' } catch {}",
    ],
    [
      "Function.prototype.call",
      "try { Function.prototype.call = () => 42; Function.prototype.apply = () => 42 } catch {}",
    ],
  ] as const;

  test.each(tampering)("by a patched %s", async (_, code) => {
    await start("student");
    const source = `${code}\nfunction twice(x) { return 2 * x }\nfunction fails() { throw new Error("mine") }`;
    const ran = await page.evaluate(
      (body) =>
        window.bench.runProgram("student", {
          cell: "answer",
          body: `${body}\n;return [undefined, { twice: () => twice, fails: () => fails }];`,
          declares: ["twice", "fails"],
          inputs: [],
          imports: [],
          ambient: null,
          insertions: [],
        }),
      source,
    );
    expect(ran.result.status).toBe("ok");
    const call = (name: string) =>
      page.evaluate((wanted) => window.bench.call("student", "answer", { name: wanted }, [4]), name);
    expect(await call("twice")).toEqual({ ok: true, value: 8 });
    expect(await call("fails")).toMatchObject({
      ok: false,
      error: { message: "mine", place: { cell: "answer" } },
    });
  });

  test("by a thenable, a proxy, toJSON or a thrown thing that lies", async () => {
    await start("student");
    await run(
      "student",
      "answer",
      `export const thenable = () => ({ then(give: (x: unknown) => void) { give({ ok: true, points: 10 }); } });
       export const proxy = () => new Proxy({ a: 1 }, { get: () => { throw new Error("no look"); } });
       export const json = () => ({ toJSON: () => 42, a: 1 });
       export const thrown = () => { throw { get message() { throw 1; }, get stack() { throw 2; } }; };
       export const never = () => new Promise(() => {});`,
    );
    const call = (name: string, timeoutMs?: number) =>
      page.evaluate(
        ([wanted, limit]) => window.bench.call("student", "answer", { name: wanted }, [], limit),
        [name, timeoutMs] as const,
      );
    // A thenable gives what it gives: data, which the test compares like any other.
    expect(await call("thenable")).toEqual({ ok: true, value: { ok: true, points: 10 } });
    expect(await call("proxy")).toMatchObject({ ok: false, error: { message: "no look" } });
    expect(await call("json")).toMatchObject({ ok: true, value: { a: 1 } });
    expect(await call("thrown")).toMatchObject({ ok: false });
    expect(await call("never", 100)).toMatchObject({ ok: false, error: { name: "Timeout" } });
  });

  test("a test runs in a realm of its own: what the student patches does not reach it", async () => {
    await start("student");
    await start("tests", { student: "student" });
    const graded = () =>
      page.evaluate(() =>
        window.bench.runProgram(
          "tests",
          {
            cell: "test",
            body: `expect(await student.half(6)).toBeCloseTo(3, 1e-9); await finishTest(); return [undefined, {}];`,
            declares: [],
            inputs: [],
            imports: [],
            ambient: { module: "descent/test", names: ["student", "expect", "finishTest"] },
            insertions: [],
          },
          { ambientOptions: { seed: "s", declares: ["half"] } },
        ),
      );
    await run("student", "answer", "export const half = (x: number) => x / 2;");
    expect((await graded()).result).toMatchObject({ status: "ok", error: null });
    await run(
      "student",
      "answer",
      `try { Math.abs = () => 0; } catch {}
       try { Object.is = () => true; Number.isFinite = () => true; } catch {}
       export const half = (x: number) => x / 3;`,
    );
    expect((await graded()).result).toMatchObject({ status: "error" });
    const call = { target: { name: "half" }, args: [6] };
    expect(await page.evaluate(() => window.bench.hostCalls())).toEqual([call, call]);
  });

  test("a student's kernel does not hold the module of tests", async () => {
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

  test("HTML and terminal codes in a log are only text", async () => {
    await start("a");
    const { outputs } = await runBody(
      "a",
      "one",
      String.raw`console.log("<img src=x onerror=alert(1)>\u001b[31m");`,
    );
    expect(texts(outputs)).toEqual(["<img src=x onerror=alert(1)>\u001b[31m"]);
  });
});
