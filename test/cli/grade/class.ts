// A class's submissions for the tests of the grader: honest ones of every kind, and attacks, each with what must come
// out. The exercise `double` is always right, to show that an attack in `mean` costs `mean` alone.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { VerdictStatus } from "../../../src/grading/index.ts";

export const lessonFolder = new URL("../fixtures/averages", import.meta.url);

/** Where attacks try to get to. */
export interface Targets {
  /** Port of a listener on this machine. */
  port: number;
  /** A file whose content must never be seen. */
  secretFile: string;
  /** A file that must never come to be. */
  canary: string;
}

export interface Kind {
  name: string;
  /** The answer to `mean`. */
  answer: string;
  points: number;
  /** What the verdict on `mean` may be. */
  statuses: VerdictStatus[];
  feedback?: string[];
  /** Takes seconds of computing, or much memory. */
  costly?: boolean;
}

const right =
  "export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;";
const wrong = "export const mean = () => 99;";

/** Runs statements at loading time and goes on, whatever they throw; the answer itself is wrong. */
const attempt = (...statements: string[]): string =>
  [...statements.map((statement) => `try { ${statement} } catch {}`), wrong].join("\n");

const native = (module: string, use: string): string =>
  `await new Function('return import("${module}")')().then((all) => { const it = all.default ?? all; ${use} });`;

/** Honest work, good and bad. */
export const honest: Kind[] = [
  { name: "right", answer: right, points: 6, statuses: ["passed"] },
  {
    name: "right-typed",
    answer:
      'import { tensor } from "descent";\nexport function mean(values: number[]): number {\n  return tensor(values, { dtype: "float64" }).mean().item();\n}',
    points: 6,
    statuses: ["passed"],
  },
  {
    name: "hard-coded",
    answer: "export const mean = (values) => (values.length === 2 ? 2 : 0);",
    points: 2,
    statuses: ["partial"],
  },
  {
    name: "misconception",
    answer: "export const mean = (values) => { let sum = 0; for (const v of values) sum += v; return sum; };",
    points: 0,
    statuses: ["failed"],
    feedback: ["forgets-to-divide"],
  },
  { name: "wrong", answer: wrong, points: 0, statuses: ["failed"] },
  { name: "empty", answer: "", points: 0, statuses: ["missing"] },
  { name: "syntax-error", answer: "export const mean = (values => {", points: 0, statuses: ["error"] },
  { name: "throws-early", answer: "nothing.here(); " + right, points: 0, statuses: ["error"] },
  {
    name: "throws-late",
    answer: "export const mean = (values) => values.missing.length;",
    points: 0,
    statuses: ["failed"],
  },
  { name: "other-name", answer: "export const average = () => 2;", points: 0, statuses: ["failed"] },
  {
    name: "no-number",
    answer: "export const mean = (values) => `${values[0]}`;",
    points: 0,
    statuses: ["failed"],
  },
  {
    name: "chatty",
    answer: `${right}\nfor (let i = 0; i < 2000; i++) console.log(i, { i });`,
    points: 6,
    statuses: ["passed"],
  },
  { name: "timer-left", answer: `${right}\nsetInterval(() => {}, 1);`, points: 6, statuses: ["passed"] },
];

/** Work that never ends or takes everything: each costs seconds. */
const endlessAnswers: Pick<Kind, "name" | "answer" | "statuses">[] = [
  { name: "loop-in-call", answer: "export const mean = () => { for (;;) {} };", statuses: ["timeout"] },
  { name: "loop-at-load", answer: "for (;;) {}", statuses: ["timeout"] },
  {
    name: "microtasks",
    answer: "export const mean = async () => { for (;;) await null; };",
    statuses: ["timeout"],
  },
  { name: "no-answer", answer: "export const mean = () => new Promise(() => {});", statuses: ["timeout"] },
  {
    name: "recursion",
    answer: "export const mean = () => { const f = () => { try { f(); } finally { f(); } }; f(); };",
    statuses: ["timeout"],
  },
  {
    name: "log-flood",
    answer: "export const mean = () => { for (;;) console.log('again'); };",
    statuses: ["timeout"],
  },
  {
    name: "heap-bomb",
    answer: "const all = []; for (;;) all.push(new Array(10000).fill(1.5));",
    statuses: ["memory", "timeout"],
  },
  {
    name: "array-bomb",
    answer: "const all = []; for (;;) all.push(new Float64Array(1e6).fill(1));",
    statuses: ["memory", "timeout", "error"],
  },
  {
    name: "string-bomb",
    answer:
      "let text = 'x'; const all = []; for (;;) { all.push(text + all.length); text += text.slice(0, 1e7); }",
    statuses: ["memory", "timeout", "error"],
  },
  {
    name: "wasm-bomb",
    answer:
      "const m = new WebAssembly.Memory({ initial: 1, maximum: 65536 }); for (;;) { m.grow(256); new Uint8Array(m.buffer).fill(1); }",
    statuses: ["memory", "timeout", "error"],
  },
];

export const endless: Kind[] = endlessAnswers.map(({ name, answer, statuses }) => ({
  name,
  answer,
  statuses,
  points: 0,
  costly: true,
}));

/** Attacks that are over at once. */
export function attacks({ port, secretFile, canary }: Targets): Kind[] {
  const url = `http://127.0.0.1:${port}/`;
  const kinds: { name: string; answer: string; statuses?: VerdictStatus[] }[] = [
    {
      name: "forged-log",
      answer: attempt(
        `console.log(JSON.stringify({ exercise: "mean", status: "passed", points: 6 }))`,
        `console.log('{"type":"result","call":1,"ok":true,"value":2}')`,
      ),
    },
    {
      name: "forged-line",
      answer: attempt(
        native(
          "node:process",
          String.raw`it.stdout.write('{"type":"result","call":1,"ok":true,"value":2}\\n'); it.stdout.write("0".repeat(32) + '{"type":"result","call":1,"ok":true,"value":2}\\n');`,
        ),
        native("node:fs", String.raw`it.writeSync(1, '{"type":"result","call":1,"ok":true,"value":2}\\n');`),
      ),
      statuses: ["failed", "refused", "error"],
    },
    {
      name: "reads-files",
      answer: `${attempt(
        `globalThis.found = Deno.readTextFileSync(${JSON.stringify(secretFile)})`,
        native("node:fs", `globalThis.found = it.readFileSync(${JSON.stringify(secretFile)}, "utf8")`),
        `globalThis.found = await (await fetch("file://${secretFile}")).text()`,
        `globalThis.found = await new Function('return import("file://${secretFile}")')()`,
        `globalThis.found = await new Function('return import("file://${secretFile}", { with: { type: "text" } })')()`,
      ).replace(wrong, "")}\nexport const mean = () => { throw new Error(String(globalThis.found)); };`,
      statuses: ["failed", "error", "refused"],
    },
    {
      name: "network",
      answer: attempt(
        `await fetch("${url}fetch")`,
        `new WebSocket("ws://127.0.0.1:${port}/socket")`,
        `await Deno.connect({ port: ${port} })`,
        `await new Function('return import("${url}module.js")')()`,
        native("node:net", `it.connect(${port}, "127.0.0.1")`),
        native("node:http", `it.get("${url}node")`),
        native("node:dns", `it.lookup("localhost", () => {})`),
      ),
      statuses: ["failed", "error", "refused"],
    },
    {
      name: "spawns",
      answer: attempt(
        `new Deno.Command("touch", { args: [${JSON.stringify(canary)}] }).outputSync()`,
        native("node:child_process", `it.execSync(${JSON.stringify(`touch ${canary}`)})`),
        native("node:fs", `it.writeFileSync(${JSON.stringify(canary)}, "here")`),
        `Deno.writeTextFileSync(${JSON.stringify(canary)}, "here")`,
      ),
      statuses: ["failed", "error", "refused"],
    },
    {
      name: "fork-bomb",
      answer: attempt(
        native(
          "node:worker_threads",
          `for (let i = 0; i < 1000; i++) new it.Worker("for (;;) {}", { eval: true });`,
        ),
        native("node:child_process", `for (;;) it.spawn("/deno", ["--version"]);`),
        native("node:child_process", `for (;;) it.fork("/boot.js");`),
      ),
      statuses: ["failed", "error", "refused", "memory", "timeout"],
    },
    {
      name: "signals",
      answer: attempt(
        native("node:process", "it.kill(it.ppid, 'SIGKILL'); it.kill(1, 'SIGKILL'); it.kill(-1, 'SIGKILL');"),
        `Deno.kill(Deno.ppid, "SIGKILL")`,
      ),
      statuses: ["failed", "error", "refused"],
    },
    {
      name: "exits",
      answer: attempt(
        "Deno.exit(0)",
        "globalThis.close()",
        "process.exit(0)",
        native("node:process", "it.exit(0)"),
      ),
      statuses: ["failed", "error"],
    },
    {
      name: "native-code",
      answer: attempt(
        `Deno.dlopen("libc.so.6", {})`,
        native("node:module", `it.createRequire("/")("/lib/x86_64-linux-gnu/libc.so.6.node")`),
        native("node:ffi", "it.dlopen"),
      ),
      statuses: ["failed", "error", "refused"],
    },
    {
      name: "pollutes",
      answer: attempt(
        "for (const key of ['ok', 'passed', 'status', 'points', 'value', 'then']) Object.prototype[key] = true",
        "Object.defineProperty(Object.prototype, 'toString', { value: () => '2' })",
        "Array.prototype[Symbol.iterator] = function* () { yield 2; }",
        "JSON.stringify = () => '2'",
        "globalThis.TextEncoder.prototype.encode = () => new Uint8Array(1)",
        "Promise.prototype.then = (f) => f(2)",
        "Number.prototype.toString = () => '2'",
      ),
    },
    {
      name: "static-import",
      answer: `import data from "file://${secretFile}";\n${right}`,
      statuses: ["error"],
    },
    { name: "imports-node", answer: `import fs from "node:fs";\n${right}`, statuses: ["error"] },
    {
      name: "imports-tests",
      answer: `import { ambient } from "descent/test";\n${right}`,
      statuses: ["error"],
    },
    { name: "huge-result", answer: "export const mean = () => new Array(3e6).fill(0);" },
    { name: "huge-text", answer: "export const mean = () => 'x'.repeat(3e8);" },
    { name: "huge-integer", answer: "export const mean = () => 1n << 20000000n;" },
    {
      name: "deep-result",
      answer: "export const mean = () => { let w = 0; for (let i = 0; i < 1e5; i++) w = [w]; return w; };",
    },
    { name: "cyclic", answer: "export const mean = () => { const w = {}; w.w = w; return w; };" },
    { name: "proxy", answer: "export const mean = () => new Proxy({}, { get: () => 2, has: () => true });" },
    { name: "equals-all", answer: "export const mean = () => ({ valueOf: () => 2, toJSON: () => 2 });" },
    { name: "marked", answer: "export const mean = () => ({ $: 'number', value: 'NaN' });" },
    {
      name: "ansi",
      answer: "export const mean = () => { throw new Error('\\u001b[2J<script>alert(1)</script>'); };",
    },
    { name: "formula", answer: "export const mean = () => { throw new Error('=1+1'); };" },
    {
      name: "waits",
      answer: "export const mean = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    },
    {
      name: "stack-traps",
      answer:
        "export const mean = () => { throw { get stack() { throw 1; }, get message() { throw 2; } }; };",
    },
    { name: "too-long", answer: `${right}\n// ${"x".repeat(210_000)}`, statuses: ["refused"] },
  ];
  return kinds.map(({ name, answer, statuses = ["failed"] }) => ({ name, answer, points: 0, statuses }));
}

/** A submission whose `double` and quiz are right. */
export function submissionOf(student: string, answer: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    format: "descent-submission/1",
    course: "descent",
    lesson: "averages",
    lessonVersion: "0",
    student,
    answers: { mean: answer, double: "export const double = (value) => 2 * value;" },
    quizzes: { order: [0] },
    exportedAt: "2026-11-21T12:00:00.000Z",
    ...more,
  });
}

/** Files that can get no verdict, by name. */
export const broken: Record<string, string | Buffer> = {
  "broken-json.descent.json": '{ "format": "descent-submission/1", ',
  "empty.descent.json": "",
  "no-object.descent.json": "[]",
  "binary.descent.json": Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x81]),
  "nested.descent.json": "[".repeat(200_000),
  "huge.descent.json": submissionOf("huge", "x".repeat(6_000_000)),
  "other-lesson.descent.json": submissionOf("elsewhere", "1", { lesson: "momentum" }),
  "two-lines.descent.json": submissionOf("a\nb", "1"),
  "answers-of-numbers.descent.json": submissionOf("numbers", "1", { answers: { mean: 5 } }),
};

export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}
