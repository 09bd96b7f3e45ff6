// What is wrong with a cell is told in plain words, with the place and what to write instead.
import { describe, expect, test } from "vitest";
import { compileCell, type CompileOptions } from "../../../src/runtime/index.ts";

function errorOf(source: string, options: CompileOptions = {}) {
  const compiled = compileCell("cell", source, options);
  if (compiled.ok) throw new Error("it compiled");
  return compiled.error;
}

/** The text that an error's place marks. */
function markedText(source: string, options: CompileOptions = {}): string {
  const { place } = errorOf(source, options);
  const lines = source.split("\n");
  const { line, column, endLine, endColumn } = place ?? { line: 0, column: 0 };
  if (endLine === line) return lines[line - 1]?.slice(column - 1, (endColumn ?? 0) - 1) ?? "";
  return `${lines[line - 1]?.slice(column - 1)} … ${lines[(endLine ?? 0) - 1]?.slice(0, (endColumn ?? 0) - 1)}`;
}

describe("TypeScript that is more than types", () => {
  test.each([
    ["enum Kind { saddle, minimum }", "`enum`", "const Kind = {", "enum Kind { saddle, minimum }"],
    ["const enum K { a }", "`enum`", "as const", "const enum K { a }"],
    ["namespace N { export const x = 1 }", "`namespace`", "object", "namespace N { export const x = 1 }"],
    ["class A { constructor(private x: number) {} }", "property `x`", "this.x = x", "private x: number"],
    ["class A { constructor(readonly y = 1) {} }", "property `y`", "this.y = y", "readonly y = 1"],
    ['import fs = require("fs")', "`import … =`", "import { name }", 'import fs = require("fs")'],
    ["const x = 1; export = x;", "`export =`", "const name", "export = x;"],
    ["export as namespace Lib;", "`export as namespace`", "Remove", "export as namespace Lib;"],
    ["const x = <number>y;", "`<T>value`", "value as T", "<number>y"],
    ["@log\nclass A {}", "Decorators", "Call the function", "@"],
    ["class A { @log m() {} }", "Decorators", "Call the function", "@"],
  ])("%s", (source, message, fix, marked) => {
    expect(errorOf(source).message).toContain(message);
    expect(errorOf(source).fix).toContain(fix);
    expect(markedText(source)).toBe(marked);
  });
});

describe("modules", () => {
  test("an unknown one: the error names those there are", () => {
    const source = 'import * as tf from "tensorflow";';
    expect(errorOf(source).message).toBe('There is no module "tensorflow" here.');
    expect(errorOf(source).fix).toContain('"descent", "descent/lesson"');
    expect(markedText(source)).toBe('"tensorflow"');
  });

  test.each([
    ['import x from "./code.ts"', "must be JSON or CSV"],
    ['import x from "https://example.org/x.js"', "no module"],
    ['import x from "../other/table.json"', "must be JSON or CSV"],
    ['import { ratio } from "./table.json"', "it is one value"],
    ['const m = await import("descent")', "`import()`"],
    ["const f = () => import(url)", "`import()`"],
    ["import.meta.url", "`import.meta`"],
    ["export default 5", "no default export"],
    ["export default function f() {}", "no default export"],
    ['export { tensor } from "descent"', "export from another module"],
    ['export * from "descent"', "export from another module"],
    ["const a = 1; export { a as b }", "under another name"],
  ])("%s", (source, message) => {
    expect(errorOf(source).message).toContain(message);
    expect(errorOf(source).fix).toBeTruthy();
  });
});

describe("assignments to names the cell does not declare", () => {
  const declaredElsewhere = new Map([["model", "train"]]);

  test.each([
    "model = 1",
    "model += 1",
    "model++",
    "[model] = [1]",
    "({ a: model = 2 } = {})",
    "for (model of []) {}",
    "for (model in {}) {}",
    "(() => { model ??= 1 })()",
  ])("%s", (source) => {
    const { message, fix } = errorOf(source, { declaredElsewhere });
    expect(message).toContain("declared in cell train");
    expect(fix).toContain("let model = …");
    expect(fix).toContain("change the object in place");
    expect(markedText(source, { declaredElsewhere })).toBe("model");
  });

  test("declared nowhere", () => {
    expect(errorOf("total = 1")).toMatchObject({
      message: "`total` is assigned to but declared nowhere.",
      fix: expect.stringContaining("let total"),
      place: { line: 1, column: 1, endColumn: 6 },
    });
  });

  test("imported", () => {
    expect(errorOf('import { tensor } from "descent"; tensor = 1').message).toContain("imported");
  });

  test("changing the object is no assignment to its name", () => {
    expect(compileCell("cell", "model.lr = 2; model.steps++; [model[0]] = [1];").ok).toBe(true);
  });

  test("names of its own, however nested, may be assigned to", () => {
    expect(compileCell("cell", "let a; const f = () => { a = 1; let b; b = 2; }; a++;").ok).toBe(true);
  });
});

describe("code that does not parse", () => {
  test.each([
    ["const = 5", "`=` cannot stand here.", 1, 7],
    ["const a = [1, 2\nconst b = 3", "`,` is expected here, but there is `const`.", 2, 1],
    ["function f() {\n  return 1;\n", "The code ends too early", 3, 1],
    ["plot({ a: 1 ", "The code ends too early", 1, 13],
    ["const a 5", "needs its value", 1, 8],
    ["let a 5", "cannot follow", 1, 6],
    ["return 5", "`return` has no place here", 1, 1],
    ["const a = 1;\nconst a = 2;", "`a` is declared twice", 2, 7],
    ["const f = () => { await g() }", "not `async`", 1, 19],
    ['const s = "open', "no closing quote", 1, 11],
    ["const s = `open", "no closing", 1, 12],
    ["1 + /* open", "no closing `*/`", 1, 5],
    ["const c;", "needs its value", 1, 8],
    ["/(/.test(x)", "regular expression is not valid", 1, 1],
    ["arguments.length", "no `arguments`", 1, 1],
    ["const x = 08;", "Legacy", 1, 11],
    ["using x = open();", "`using` is not supported", 1, 1],
    ["await using x = open();", "`await using` is not supported", 1, 1],
    ["const m = module { };", "not supported in cells", 1, 11],
    ["const f = do { 1 };", "not supported in cells", 1, 11],
    ["let let = 1", "let", 1, 5],
  ])("%j", (source, message, line, column) => {
    const error = errorOf(source);
    expect(error.name).toBe("SyntaxError");
    expect(error.message).toContain(message);
    expect(error.place).toMatchObject({ cell: "cell", line, column });
  });
});

test("code nested without measure is an error like any other", () => {
  expect(errorOf(`${"(".repeat(50_000)}1${")".repeat(50_000)}`).message).toBe(
    "The code is nested too deeply.",
  );
});
