// Wrong calls throw errors that name the operation, what it was given, the rule and the fix.
import { describe, expect, test } from "vitest";
import {
  EngineError,
  type Tensor,
  arange,
  autograd,
  cat,
  linalg,
  linspace,
  nn,
  noGrad,
  ones,
  optim,
  stack,
  tensor,
  where,
  zeros,
} from "../../src/engine/index.ts";

const untyped = (value: unknown) => value as never;
const labels = (values: number[]) => tensor(values, { dtype: "int32" });
const w = () => tensor([1, 2], { requiresGrad: true });

const calls: [name: string, call: () => unknown, code: EngineError["code"], message: RegExp][] = [
  [
    "adding shapes that do not broadcast",
    () => ones([2, 3]).add(ones([2])),
    "shape",
    /add: \(2, 3\) and \(2,\).*sizes 3 and 2 differ.*reshape\(\[2, 1\]\)/,
  ],
  [
    "matmul with a weight that must be turned",
    () => ones([32, 784]).matmul(ones([256, 784])),
    "shape",
    /matmul: \(32, 784\) × \(256, 784\): inner sizes 784 and 256 differ\..*transpose\(\)/,
  ],
  [
    "matmul of two types",
    () => ones([2, 2]).matmul(ones([2, 2], { dtype: "float64" })),
    "dtype",
    /float32 × float64/,
  ],
  ["matmul of whole numbers", () => labels([1, 2]).matmul(labels([1, 2])), "dtype", /float32 and float64/],
  ["matmul with a scalar", () => ones([2, 2]).matmul(tensor(2)), "shape", /scalar/],
  [
    "an operand that is an array",
    () => ones([2]).add(untyped([1, 2])),
    "value",
    /add: .*array of length 2.*tensor\(/,
  ],
  ["JavaScript's plus", () => untyped(ones([2])) + untyped(1), "value", /\.add\(\)/],
  ["reshape to another count", () => ones([2, 3]).reshape([4]), "shape", /holds 6 numbers.*would hold 4/],
  ["reshape with −1 that cannot be", () => ones([2, 3]).reshape([4, -1]), "shape", /do not divide/],
  ["a dim that does not exist", () => ones([2, 3]).sum(2), "index", /dim 2 does not exist.*-2 … 1/],
  ["a dim named twice", () => ones([2, 3]).sum([0, -2]), "index", /named twice/],
  [
    "an unknown reduction option",
    () => ones([2]).sum(untyped({ axis: 0 })),
    "option",
    /sum: unknown option axis\. Did you mean dim\?/,
  ],
  ["an index out of range", () => ones([2, 3]).get(5), "index", /index 5 is out of range.*2 entries/],
  ["too many indices", () => ones([2]).get(0, 0), "index", /2 indices/],
  ["item of many numbers", () => ones([2]).item(), "shape", /item:.*2 numbers/],
  ["transposing a vector", () => ones([3]).T, "shape", /reshape/],
  ["permuting with too few dims", () => ones([2, 3]).permute([0]), "shape", /all 2 dims/],
  ["ragged arrays", () => tensor([[1, 2], [3]]), "shape", /not regular: entry \[1\]/],
  ["text in arrays", () => tensor(untyped([["1"]])), "value", /entry \[0\]\[0\] is "1"/],
  ["an unknown dtype", () => tensor([1], untyped({ dtype: "float16" })), "dtype", /float16/],
  [
    "an unknown tensor option",
    () => tensor([1], untyped({ requires_grad: true })),
    "option",
    /requires_grad\. Did you mean requiresGrad\?/,
  ],
  ["a negative size", () => zeros([-1]), "shape", /-1/],
  ["a step of zero", () => arange(0, 1, 0), "value", /step/],
  ["half a step", () => linspace(0, 1, 2.5), "option", /steps must be a whole number/],
  [
    "joining shapes that differ",
    () => cat([ones([2, 3]), ones([2, 4])], 0),
    "shape",
    /cat: \(2, 3\) and \(2, 4\)/,
  ],
  ["stacking shapes that differ", () => stack([ones([2]), ones([3])]), "shape", /stack: \(2,\) and \(3,\)/],
  ["joining nothing", () => cat([]), "value", /at least one/],
  ["a condition that is no tensor", () => where(untyped(true), 1, 2), "value", /greater/],
  ["float indices", () => ones([3]).indexSelect(0, tensor([1])), "dtype", /int32, not float32/],
  [
    "an index beyond the end",
    () => ones([3]).indexSelect(0, labels([0, 3])),
    "index",
    /index 3 at position 1/,
  ],
  ["backward of a vector", () => w().mul(2).backward(), "gradient", /ambiguous.*\.sum\(\)/],
  ["backward without a leaf", () => ones([1]).backward(), "gradient", /requiresGrad/],
  ["backward of a result of noGrad", () => noGrad(() => w().sum()).backward(), "gradient", /noGrad/],
  ["an unused input", () => autograd.grad(w().sum(), [w()]), "gradient", /allowUnused/],
  ["gradients of whole numbers", () => labels([1]).requiresGrad_(), "dtype", /float/],
  [
    "an unknown optimiser option",
    () => new optim.SGD([w()], untyped({ learningRate: 1 })),
    "option",
    /optim\.SGD: unknown option learningRate\. Did you mean lr\?.*momentum/,
  ],
  [
    "a negative learning rate",
    () => new optim.SGD([w()], { lr: -1 }),
    "option",
    /lr must be a number ≥ 0, not -1/,
  ],
  [
    "nesterov without momentum",
    () => new optim.SGD([w()], { nesterov: true }),
    "option",
    /nesterov needs momentum/,
  ],
  ["betas out of range", () => new optim.Adam([w()], { betas: [0.9, 1] }), "option", /< 1, not 1/],
  ["an optimiser without parameters", () => new optim.Adam([]), "value", /no parameters/],
  ["an optimiser of a computed tensor", () => new optim.SGD([w().mul(2)]), "gradient", /leaf/],
  ["an optimiser of a constant", () => new optim.SGD([ones([2])]), "gradient", /would never change/],
  ["a layer without size", () => new nn.Linear(0, 2), "option", /inFeatures must be a whole number ≥ 1/],
  [
    "an input of the wrong width",
    () => new nn.Linear(3, 2).forward(ones([5, 4])),
    "shape",
    /input \(5, 4\), weight \(2, 3\)/,
  ],
  [
    "a list given to Sequential",
    () => new nn.Sequential(untyped([new nn.ReLU()])),
    "value",
    /one after the other/,
  ],
  [
    "targets that would broadcast",
    () => nn.functional.mseLoss(ones([4, 1]), ones([4])),
    "shape",
    /\(4, 1\).*\(4,\).*reshape\(\[4, 1\]\)/,
  ],
  ["float class numbers", () => nn.functional.crossEntropy(ones([2, 3]), tensor([0, 1])), "dtype", /int32/],
  [
    "a class that does not exist",
    () => nn.functional.crossEntropy(ones([2, 3]), labels([0, 3])),
    "index",
    /target 3 at position 1/,
  ],
  [
    "an unknown reduction",
    () => nn.functional.mseLoss(ones([1]), ones([1]), untyped({ reduction: "avg" })),
    "option",
    /"mean", "sum" or "none", not "avg"/,
  ],
  ["a state with a missing name", () => new nn.Linear(1, 1).loadStateDict({}), "value", /no tensor weight/],
  ["eigenvalues of a rectangle", () => linalg.eigh(ones([2, 3])), "shape", /square/],
  [
    "eigenvalues of an asymmetric matrix",
    () =>
      linalg.eigh(
        tensor([
          [0, 1],
          [0, 0],
        ]),
      ),
    "value",
    /not symmetric/,
  ],
];

describe("wrong calls", () => {
  test.each(calls)("%s", (_, call, code, message) => {
    let thrown: unknown = null;
    try {
      call();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(EngineError);
    expect((thrown as EngineError).code).toBe(code);
    expect((thrown as EngineError).message).toMatch(message);
  });
});

test("a template string shows the tensor instead of failing", () => {
  const x: Tensor = tensor([
    [1, 2.5],
    [3, 4],
  ]);
  expect(String(x)).toContain("shape (2, 2), float32");
});
