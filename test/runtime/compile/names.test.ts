// Which names a cell declares and which it reads from outside.
import { describe, expect, test } from "vitest";
import { compileCell } from "../../../src/runtime/index.ts";

const STANDARD = new Set(["Math", "Error", "console", "Promise"]);

function namesOf(source: string) {
  const { declares, reads } = compileCell("cell", source);
  return { declares, reads: reads.filter((name) => !STANDARD.has(name)) };
}

const declares = (source: string) => namesOf(source).declares;
const reads = (source: string) => namesOf(source).reads;

describe("declared names", () => {
  test("variables, functions and classes at the top level", () => {
    expect(declares("const a = 1; let b; var c; function d() {} class E {} async function* f() {}")).toEqual([
      "a",
      "b",
      "c",
      "d",
      "E",
      "f",
    ]);
  });

  test("destructuring, however deep", () => {
    expect(declares("const { a, b: { c, ...d }, [k]: e = 1 } = o, [f, , [g], ...h] = p;")).toEqual([
      "a",
      "c",
      "d",
      "e",
      "f",
      "g",
      "h",
    ]);
  });

  test("not what is declared inside functions and blocks, but `var` leaves a block", () => {
    expect(
      declares("function f() { const x = 1; } { let y = 2; var z = 3; } for (var i = 0; i < 1; i++) {}"),
    ).toEqual(["f", "z", "i"]);
  });

  test("not types, and not imports", () => {
    expect(
      declares(
        'import { tensor } from "descent"; type A = 1; interface B {} declare const c: 1; const d = 1',
      ),
    ).toEqual(["d"]);
  });

  test("exported names", () => {
    expect(declares("export const a = 1; export function b() {} export class C {}")).toEqual(["a", "b", "C"]);
  });
});

describe("names read", () => {
  test("anywhere, also inside functions and classes that run later", () => {
    expect(
      reads(
        "a; const f = () => b + (() => c)(); class D extends e { x = g; m() { return h } static { i() } }",
      ),
    ).toEqual(["a", "b", "c", "e", "g", "h", "i"]);
  });

  test("globals are names like any other", () => {
    expect(compileCell("cell", "Math.max(x)")).toMatchObject({ reads: ["Math", "x"] });
  });

  test("not what the cell declares itself, before or after", () => {
    expect(reads("f(); function f() { return x } const x = 1;")).toEqual([]);
  });

  test("not keys, members, labels and types", () => {
    expect(
      reads("const o = { key: 1, m() {} }; o.member; out: for (;;) break out; let t: Type; t = o as Other;"),
    ).toEqual([]);
  });

  test("computed keys, shorthands, defaults, tags and spreads are reads", () => {
    expect(reads("({ [a]: 1, b, ...c }); const { [d]: e = f } = g; h`x`; (i = j) => i; k?.[l]")).toEqual([
      "a",
      "b",
      "c",
      "d",
      "f",
      "g",
      "h",
      "j",
      "k",
      "l",
    ]);
  });

  test.each([
    ["a parameter", "(x) => x; function f(x) { return x }"],
    ["a destructured parameter", "({ x, y: [z] }) => x + z"],
    ["a variable of a block", "{ const x = 1; x }"],
    ["a variable of a loop", "for (const x of [1]) x; for (let x = 0; x < 1; x++) {} for (const x in {}) x"],
    ["a caught error", "try {} catch (x) { x } try {} catch ({ x }) { x }"],
    ["a named function expression", "(function x() { return x })"],
    ["a named class expression", "(class x { m() { return x } })"],
    ["a variable hoisted in a function", "function f() { return x; var x }"],
    ["a case of a switch", "switch (1) { case 1: let x = 1; default: x }"],
    ["a static block", "class A { static { var x = 1; x } }"],
    ["`arguments` of a function", "function f() { return arguments.length }"],
    ["a function declared in a block", "{ x(); function x() {} }"],
  ])("%s shadows", (_, source) => {
    expect(reads(source)).toEqual([]);
  });

  test.each([
    ["beside a block", "{ const x = 1 } x"],
    ["beside a loop", "for (const x of [1]) {} x"],
    ["beside a catch", "try {} catch (x) {} x"],
    ["beside a function", "((x) => x)(1); x"],
    ["beside a class expression", "(class x {}); x"],
    ["in a parameter's default, which does not see the body", "function f(a = x) { var x }"],
    ["in the head of a switch", "switch (x) { default: let x }"],
    ["beside a static block", "class A { static { var x } }; x"],
  ])("%s a name does not shadow", (_, source) => {
    expect(reads(source)).toEqual(["x"]);
  });

  test("each name has the place where it is read first", () => {
    const compiled = compileCell("cell", "const a = 1;\nconst b =   lr * a + lr;");
    if (!compiled.ok) throw new Error("does not compile");
    expect(compiled.readPlaces.get("lr")).toEqual({
      cell: "cell",
      line: 2,
      column: 13,
      endLine: 2,
      endColumn: 15,
    });
  });
});

test("names whose objects a cell may change are told apart from those it only reads", () => {
  const compiled = compileCell(
    "cell",
    "a.x = 1; b[0]++; delete c.d.e; f.push(g); new H(i); (k) => k.l(); [m.n] = [o.p]; q?.r(); s + t.u; v(); w`x`;",
  );
  expect(compiled).toMatchObject({ mayChange: ["a", "b", "c", "f", "g", "i", "m", "q"] });
});

describe("imports", () => {
  test("become injected names", () => {
    const compiled = compileCell(
      "cell",
      'import { tensor as t, nn } from "descent";\nimport * as tools from "descent/lesson";\nimport data from "./table.json";\nt; nn; tools; data',
    );
    expect(compiled).toMatchObject({
      ok: true,
      reads: [],
      dataImports: ["./table.json"],
      program: {
        imports: [
          { local: "t", imported: "tensor", from: "descent" },
          { local: "nn", imported: "nn", from: "descent" },
          { local: "tools", imported: "*", from: "descent/lesson" },
          { local: "data", imported: "default", from: "./table.json" },
        ],
      },
    });
  });

  test("used only as types are gone, used nowhere are still checked", () => {
    const compiled = compileCell(
      "cell",
      'import { Tensor, tensor, type Grid } from "descent"; let x: Tensor | Grid;',
    );
    expect(compiled).toMatchObject({
      program: { imports: [{ local: "tensor" }] },
      imports: [{ local: "Tensor" }, { local: "tensor" }],
    });
  });

  test("of other modules are allowed where the host has them", () => {
    expect(compileCell("cell", 'import { x } from "extra"; x', { modules: ["extra"] }).ok).toBe(true);
  });
});

describe("names given by the surroundings", () => {
  const ambient = { module: "tests", names: ["student", "expect", "seed"] };

  test("only those that are read are asked for", () => {
    const compiled = compileCell("cell", "expect(await student.f(x))", { ambient });
    expect(compiled).toMatchObject({
      reads: ["x"],
      program: { ambient: { module: "tests", names: ["expect", "student"] } },
    });
  });

  test("a cell may declare such a name itself", () => {
    expect(compileCell("cell", "const seed = 1; seed", { ambient })).toMatchObject({
      declares: ["seed"],
      program: { ambient: null },
    });
  });
});
