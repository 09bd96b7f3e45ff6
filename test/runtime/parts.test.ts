// Which parts of the engine a program needs: what a page fetches before it runs.
import { describe, expect, test } from "vitest";
import * as engine from "../../src/engine/index.ts";
import * as core from "../../src/engine/core.ts";
import { compileCell } from "../../src/runtime/index.ts";
import { engineParts, namespaceNames, namespaces, partsOf } from "../../src/runtime/parts.ts";

function needed(source: string): string[] {
  const compiled = compileCell("one", source);
  if (!compiled.ok) throw new Error(compiled.error.message);
  return partsOf(compiled.program);
}

describe("the parts that a cell needs", () => {
  test("are the namespaces that it imports, and nothing for the rest of the engine", () => {
    expect(needed(`import { data, nn, tensor } from "descent"; data; nn; tensor;`)).toEqual(["data", "nn"]);
    expect(
      needed(`import { linalg, autograd, randn } from "descent"; linalg.eigh; autograd.grad; randn;`),
    ).toEqual([]);
    expect(needed("1 + 1")).toEqual([]);
  });

  test("are found under another name too", () => {
    expect(needed(`import { optim as o } from "descent"; o;`)).toEqual(["optim", "optim-more"]);
  });

  test("are only the everyday one where nothing else is read of a namespace", () => {
    expect(needed(`import { optim } from "descent"; new optim.SGD([], { lr: 1 });`)).toEqual(["optim"]);
    expect(needed(`import { optim as o } from "descent"; (x: o.Optimizer) => o?.Adam;`)).toEqual(["optim"]);
    expect(needed(`import { optim } from "descent"; 1`)).toEqual(["optim"]);
    expect(needed(`import { analysis, optim } from "descent"; analysis.hessian; optim.LBFGS;`)).toEqual([
      "analysis",
      "optim",
      "optim-more",
    ]);
  });

  test("are none for the everyday members of a namespace that the core has", () => {
    expect(needed(`import { linalg } from "descent"; linalg.solve;`)).toEqual(["linalg-more"]);
  });

  test.each([
    ["by a computed name", `optim["SGD"]`],
    ["handed on", "console.log(optim)"],
    ["taken apart", "const { SGD } = optim"],
    ["given another name", "const o = optim; o.SGD"],
    ["put into an object", "({ optim })"],
    ["reachable for eval", `eval("optim.LBFGS"); optim.SGD`],
    ["read for a name that it has not", "optim.Sgd"],
  ])("are both of a namespace that is %s", (_, code) => {
    expect(needed(`import { optim } from "descent"; ${code};`)).toEqual(["optim", "optim-more"]);
  });

  test("are all of them where the whole engine is one name", () => {
    expect(needed(`import * as d from "descent"; d;`)).toEqual([...engineParts]);
  });

  test("are none for an import that serves as a type only", () => {
    expect(needed(`import { type nn } from "descent"; let x: nn.Module | null = null; x;`)).toEqual([]);
    expect(needed(`import { nn } from "descent"; let x: nn.Module | null = null; x;`)).toEqual([]);
  });

  test("are not found in other modules", () => {
    expect(needed(`import data from "./data.json"; data;`)).toEqual([]);
  });
});

test("a test needs the module of tests, and what it imports", () => {
  const compiled = compileCell("test", `import { nn } from "descent"; expect(nn).toBe(nn);`, {
    ambient: { module: "descent/test", names: ["expect"] },
  });
  expect(compiled.ok && partsOf(compiled.program)).toEqual(["nn", "test"]);
});

test("the core and the namespaces of parts are the whole engine", () => {
  expect(Object.keys(engine).sort()).toEqual([...new Set([...Object.keys(core), ...namespaceNames])].sort());
});

test("what a namespace has for every day is what its file exports", async () => {
  const files = {
    analysis: await import("../../src/engine/analysis/everyday.ts"),
    autograd: await import("../../src/engine/autograd/everyday.ts"),
    linalg: await import("../../src/engine/linalg/everyday.ts"),
    optim: await import("../../src/engine/optim/everyday.ts"),
  };
  for (const [name, exports] of Object.entries(files)) {
    expect([name, ...namespaces[name as keyof typeof files].everyday]).toEqual([
      name,
      ...Object.keys(exports).sort(),
    ]);
  }
  const split = namespaceNames.filter((name) => namespaces[name].more !== null);
  expect(Object.keys(files)).toEqual(split);
});
