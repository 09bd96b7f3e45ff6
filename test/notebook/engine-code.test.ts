// What the editor knows of the engine's names at a place of a cell: marked with | in the code below.
import { parser } from "@lezer/javascript";
import { describe, expect, it } from "vitest";
import { nameAt, offerAt } from "../../src/notebook/code/engine-code.ts";
import { NameIndex } from "../../src/notebook/code/engine-names.ts";

const index = new NameIndex({
  pages: ["/tensor/", "/nn/", "/optim/"],
  names: [
    ["nn", "n", "", "Layers.", 1, ""],
    ["optim", "n", "", "Optimisers.", 2, ""],
    ["tensor", "f", "tensor(values: TensorData): Tensor", "Makes one.", 0],
    ["Tensor", "c", "class Tensor", "Numbers.", 0],
    ["Tensor.full", "m", "Tensor.full(shape: Shape): Tensor", "", 0],
    ["Tensor.matmul", "m", "matmul(other: Tensor): Tensor", "The product.", 0],
    ["Tensor.item", "m", "item(): number", "", 0],
    ["Tensor.grad", "p", "grad: Tensor | null", "", 0],
    ["Tensor.to", "m", "to(dtype: Dtype): Tensor", "", 0],
    ["nn.Module", "c", "class nn.Module", "", 1],
    ["nn.Module.parameters", "m", "parameters(): Parameter[]", "", 1],
    ["nn.Module.to", "m", "to(dtype: Dtype): this", "", 1],
    ["nn.Linear", "c", "new nn.Linear(inFeatures: number, outFeatures: number)", "", 1],
    ["nn.Linear.weight", "p", "weight: Parameter", "", 1],
    ["nn.functional", "n", "", "Functions.", 1, ""],
    ["nn.functional.relu", "f", "nn.functional.relu(x: Tensor): Tensor", "", 1],
    ["optim.SGD", "c", "new optim.SGD(parameters: Parameters)", "", 2],
    ["optim.SGD.step", "m", "step(): void", "", 2],
    ["optim.Adam", "c", "new optim.Adam(parameters: Parameters)", "", 2],
    ["optim.Adam.step", "m", "step(): void", "", 2],
    ["autograd.noGrad", "f", "noGrad<T>(body: () => T): T", "", 0, "noGrad"],
  ],
  bases: { "nn.Linear": "nn.Module" },
});

function place(marked: string): [ReturnType<typeof parser.parse>, string, number] {
  const at = marked.indexOf("|");
  const code = marked.slice(0, at) + marked.slice(at + 1);
  return [parser.configure({ dialect: "ts" }).parse(code), code, at];
}

const named = (marked: string) => nameAt(...place(marked), index)?.names.map(([path]) => path) ?? [];
const offered = (marked: string) => offerAt(...place(marked), index)?.names.map(([path]) => path) ?? [];

describe("the name at a place", () => {
  it.each([
    ["nn.Lin|ear", ["nn.Linear"]],
    ["new |nn.Linear(2, 3)", ["nn"]],
    ["nn.functional.re|lu(x)", ["nn.functional.relu"]],
    ['import { ten|sor } from "descent"', ["tensor"]],
    ['import { tensor as t } from "descent"; t|([1])', ["tensor"]],
    ['import * as engine from "descent"; engine.nn.Lin|ear', ["nn.Linear"]],
    ["const { functional: F } = nn; F.relu|(x)", ["nn.functional.relu"]],
    ["const layers = nn; layers.Linear|", ["nn.Linear"]],
    ["x.mat|mul(y)", ["Tensor.matmul"]],
    ["let x: Ten|sor;", ["Tensor"]],
    ["Tensor.fu|ll([2])", ["Tensor.full"]],
  ])("%s is the engine's", (code, paths) => {
    expect(named(code)).toEqual(paths);
  });

  it("is looked for in the class of what `new` or a call has made", () => {
    expect(named("const model = new nn.Linear(1, 2); model.t|o(d)")).toEqual(["nn.Module.to"]);
    expect(named("const model = new nn.Linear(1, 2).to(d); model.param|eters()")).toEqual([
      "nn.Module.parameters",
    ]);
    expect(named("tensor([1]).matmul(x).it|em()")).toEqual(["Tensor.item"]);
    expect(named("const loss = tensor(1); loss.grad!.it|em()")).toEqual(["Tensor.item"]);
  });

  it("is one of several where nothing tells whose it is", () => {
    expect(named("optimizer.st|ep()")).toEqual(["optim.SGD.step", "optim.Adam.step"]);
  });

  it.each([
    "const tensor = 3; tens|or",
    'import { tensor } from "elsewhere"; ten|sor',
    "function f(nn) { return n|n; }",
    "Math.to|(1)",
    "[1, 2].to|()",
    "const list = []; list.to|()",
    "tensor(1).item().to|()",
    "// nn.Lin|ear",
    '"nn.Lin|ear"',
    "nn.Unknown|",
    "const a = b; const b = a; a.nothing|",
  ])("%s is none of the engine's", (code) => {
    expect(named(code)).toEqual([]);
  });
});

describe("what is offered", () => {
  it("after a namespace are its names", () => {
    expect(offered("nn.|")).toEqual(["nn.Module", "nn.Linear", "nn.functional"]);
    expect(offered("const a = new optim.A|")).toEqual(["optim.SGD", "optim.Adam"]);
  });

  it("in an import from the engine is what it exports", () => {
    for (const code of ['import { | } from "descent"', 'import { nn, te| } from "descent";', "import { te|"])
      expect(offered(code)).toEqual(["nn", "optim", "tensor", "Tensor"]);
    expect(offered('import { | } from "./data.csv"')).toEqual([]);
  });

  it("after anything else are a tensor's methods, or those of its class", () => {
    const ofTensor = ["Tensor.matmul", "Tensor.item", "Tensor.grad", "Tensor.to"];
    expect(offered("x.|")).toEqual(ofTensor);
    expect(offered("x\n  .ma|")).toEqual(ofTensor);
    expect(offered("f(x)?.|")).toEqual(ofTensor);
    expect(offered("const model = new nn.Linear(1, 2);\nmodel.|\nmodel.to(d);")).toEqual([
      "nn.Linear.weight",
      "nn.Module.parameters",
      "nn.Module.to",
    ]);
    expect(offered("Tensor.|")).toEqual(["Tensor.full"]);
  });

  it.each(["Math.|", "[1].|", "3.|", '"x.|"', "// x.|", "const list = []; list.|", "x|", "new |"])(
    "at %s is nothing",
    (code) => {
      expect(offered(code)).toEqual([]);
    },
  );
});

describe("a name", () => {
  it("leads to its place on its page, also under another name", () => {
    expect(index.hrefOf(index.find("nn.Linear")!)).toBe("/nn/#nn.Linear");
    expect(index.hrefOf(index.find("autograd.noGrad")!)).toBe("/tensor/#noGrad");
    expect(index.hrefOf(index.find("nn")!)).toBe("/nn/");
  });
});
