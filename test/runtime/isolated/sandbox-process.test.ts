// What holds a program that has escaped from the kernel and has all of Deno's own means: it reaches nothing, it cannot
// speak for the kernel, and it ends when it is told to.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { CommandLine } from "../../../src/runtime/isolated/isolation.ts";
import { hasBubblewrap, type Heard, isolations, listen, runProgram } from "./support.ts";

let folder: string;
let secret: string;
let canary: string;
let server: Awaited<ReturnType<typeof listen>>;
let started: Heard[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "descent-isolated-"));
  secret = join(folder, "secret.txt");
  canary = join(folder, "canary.txt");
  await writeFile(secret, "the secret");
  server = await listen();
});
afterEach(() => {
  for (const one of started) one.process.kill();
  started = [];
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const run: typeof runProgram = async (...args) => {
  const heard = await runProgram(...args);
  started.push(heard);
  return heard;
};

/** Tries each way and tells what came of it. */
const tries = (ways: Record<string, string>): string =>
  `const told = {};
   ${Object.entries(ways)
     .map(
       ([name, code]) =>
         `try { told[${JSON.stringify(name)}] = String(await (async () => { ${code} })()); } catch (error) { told[${JSON.stringify(name)}] = "no"; }`,
     )
     .join("\n")}
   tell(JSON.stringify(told));`;

const outside = (): Record<string, string> => ({
  read: `return Deno.readTextFileSync(${JSON.stringify(secret)});`,
  passwords: `return Deno.readTextFileSync("/etc/passwd");`,
  list: `return [...Deno.readDirSync("/home")].length;`,
  write: `Deno.writeTextFileSync(${JSON.stringify(canary)}, "x"); return "wrote";`,
  fetch: `return (await fetch("http://127.0.0.1:${server.port}/")).status;`,
  connect: `await Deno.connect({ port: ${server.port}, hostname: "127.0.0.1" }); return "connected";`,
  spawn: `return new Deno.Command("/bin/sh", { args: ["-c", "echo hello"] }).outputSync().success;`,
  signal: `Deno.kill(${process.pid}, "SIGUSR2"); return "sent";`,
});

describe.each(isolations)("in %s", (kind) => {
  test("it reads, writes, connects, starts and signals nothing", { timeout: 60_000 }, async () => {
    const { told } = await run(kind, tries(outside()));
    const all = JSON.parse(await told) as Record<string, string>;
    expect(all).toEqual(Object.fromEntries(Object.keys(outside()).map((way) => [way, "no"])));
    expect(server.hits()).toBe(0);
    expect(existsSync(canary)).toBe(false);
  });

  test.each([
    ["lines without the nonce", 'raw(\'{"type":"finished"}\\n\');'],
    ["lines with a nonce of its own", "raw('0'.repeat(32) + '{}\\n');"],
    ["what is no JSON", "raw(greeting.nonce + 'nonsense\\n');"],
    ["values that no kernel writes", 'raw(greeting.nonce + \'{"$":"evil","value":1}\\n\');'],
    [
      "messages that break the protocol",
      "for (let i = 0; i < 50; i++) say({ type: 'finished', run: 'one' });",
    ],
    ["without end", "for (;;) raw('x'.repeat(1_000_000));"],
    ["messages without end", "for (;;) say({ type: 'pong', ping: 1 });"],
    ["a line of millions of parts", "raw(greeting.nonce + '[' + '[],'.repeat(8_000_000) + '[]]\\n');"],
  ])("writing %s ends it", { timeout: 60_000 }, async (_what, body) => {
    const { lost } = await run(kind, `${body}\nawait new Promise(() => {});`);
    expect(await lost).toMatchObject({ kind: "misbehaved" });
  });

  test.each(["Deno.exit(0);", "Deno.exit(7);", "throw new Error('on the loose');"])(
    "%s is told as its own end",
    { timeout: 60_000 },
    async (body) => {
      const { lost } = await run(kind, body);
      expect(await lost).toMatchObject({ kind: "ended" });
    },
  );

  test.each([
    ["objects", "const all = []; for (;;) all.push(new Array(10000).fill(1.5));"],
    ["typed arrays", "const all = []; for (;;) all.push(new Float64Array(1e6).fill(1));"],
    [
      "WebAssembly's memory",
      "const m = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true }); for (;;) { m.grow(256); new Uint8Array(m.buffer).fill(1); }",
    ],
  ])("%s beyond its memory end it", { timeout: 120_000 }, async (_what, body) => {
    const { lost } = await run(kind, body, { memoryMegabytes: 256 });
    expect(await lost).toEqual({
      kind: "memory",
      message: "The program ran out of memory: it may have 256 MB.",
    });
  });

  test("threads without end end it", { timeout: 60_000 }, async () => {
    const { lost } = await run(
      kind,
      `for (let i = 0; i < 10_000; i++) { new Worker("data:text/javascript,for(;;){}", { type: "module" }); await 0; }
       await new Promise(() => {});`,
    );
    expect(["misbehaved", "memory", "ended"]).toContain((await lost).kind);
  });

  test("a program in an endless loop is gone once it is ended, and nothing is heard of it", async () => {
    const heard = await run(kind, "tell('looping'); for (;;) {}");
    await heard.told;
    const { pid } = heard.process;
    expect(await alive(pid)).toBe(true);
    heard.process.kill();
    await vi.waitFor(async () => expect(await alive(pid)).toBe(false), { timeout: 10_000 });
  });

  test("a later program finds nothing that an earlier one left", { timeout: 60_000 }, async () => {
    const leave = tries({
      storage: `localStorage.setItem("left", "here"); return "left";`,
      caches: `await (await caches.open("left")).put("http://here/", new Response("here")); return "left";`,
      file: `Deno.writeTextFileSync("/left.txt", "here"); return "left";`,
    });
    await (
      await run(kind, leave)
    ).told;
    const { told } = await run(
      kind,
      tries({
        storage: `const found = localStorage.getItem("left"); if (found === null) throw 0; return found;`,
        caches: `const found = await (await caches.open("left")).match("http://here/"); if (!found) throw 0; return await found.text();`,
        file: `return Deno.readTextFileSync("/left.txt");`,
      }),
    );
    expect(JSON.parse(await told)).toEqual({ storage: "no", caches: "no", file: "no" });
  });
});

describe.runIf(hasBubblewrap)("bubblewrap by itself, with Deno allowed everything", () => {
  const allowed = (command: CommandLine): CommandLine => ({
    ...command,
    args: command.args.map((arg) => (arg === "--no-prompt" ? "--allow-all" : arg)),
  });

  test("it reads, writes, connects, starts and signals nothing", { timeout: 60_000 }, async () => {
    const { told } = await run("bubblewrap", tries(outside()), { change: allowed });
    const all = JSON.parse(await told) as Record<string, string>;
    expect(all).toEqual(Object.fromEntries(Object.keys(outside()).map((way) => [way, "no"])));
    expect(server.hits()).toBe(0);
    expect(existsSync(canary)).toBe(false);
  });

  test("the file system holds Deno, its libraries and the boot script, and takes nothing more", async () => {
    const { told } = await run(
      "bubblewrap",
      tries({
        root: `return [...Deno.readDirSync("/")].map((entry) => entry.name).sort().join();`,
        write: `Deno.writeTextFileSync("/new.txt", "x"); return "wrote";`,
        over: `Deno.writeTextFileSync("/boot.js", "x"); return "wrote";`,
        processes: `return [...Deno.readDirSync("/proc")].length;`,
        user: `return Deno.uid();`,
      }),
      { change: allowed },
    );
    const all = JSON.parse(await told) as Record<string, string>;
    expect(all["root"]?.split(",").filter((name) => !/^(lib|lib64|usr)$/.test(name))).toEqual([
      "boot.js",
      "deno",
    ]);
    expect(all).toMatchObject({ write: "no", over: "no", processes: "no", user: "65534" });
  });

  test("a bomb of processes ends, and leaves none behind", { timeout: 60_000 }, async () => {
    const heard = await run(
      "bubblewrap",
      `for (let i = 0; i < 500; i++) new Deno.Command("/deno", { args: ["eval", "for(;;){}"], env: { DENO_DIR: "/none" } }).spawn();
       await new Promise(() => {});`,
      { change: allowed },
    );
    const { pid } = heard.process;
    expect(await heard.lost).toMatchObject({ kind: "misbehaved" });
    await vi.waitFor(async () => expect(await alive(pid)).toBe(false), { timeout: 10_000 });
  });

  test(
    "without bubblewrap the same attempts get through: they are real ones",
    { timeout: 60_000 },
    async () => {
      const { told } = await run("deno", tries({ read: outside()["read"]!, fetch: outside()["fetch"]! }), {
        change: allowed,
      });
      expect(JSON.parse(await told)).toEqual({ read: "the secret", fetch: "200" });
    },
  );
});

/** Whether any process of the group that a process leads is still there. */
async function alive(leader: number): Promise<boolean> {
  try {
    process.kill(-leader, 0);
    // A dead one that nobody has asked about yet counts for nothing.
    const state = await readFile(`/proc/${leader}/stat`, "utf8").catch(() => "");
    return !/\) Z /.test(state);
  } catch {
    return false;
  }
}
