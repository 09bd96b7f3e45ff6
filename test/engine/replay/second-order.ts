// Replays second_order.json: gradients, Hessians, products with vectors and eigenvalues of small losses, and a gradient
// penalty. The loss is read from the case's description.
import { type Tensor, analysis, autograd, linalg, nn } from "../../../src/engine/index.ts";
import { checksOf, compareTensor } from "./compare.ts";
import { evaluateTensor } from "./expressions.ts";
import { type Check, type Precision, type Written, type WrittenTensor, build, compare } from "./numbers.ts";

interface SecondOrderCase {
  id: string;
  kind?: "gradient_penalty";
  description: string;
  param_layout: [name: string, shape: number[]][];
  x0: WrittenTensor;
  v: WrittenTensor;
  constants: Record<string, WrittenTensor>;
  expected: Record<
    Precision,
    {
      loss: Written;
      grad: WrittenTensor;
      hvp: WrittenTensor;
      grad_of_half_gradnorm2: WrittenTensor;
      hessian: WrittenTensor;
      eigenvalues: WrittenTensor;
      top_eigenvalue: Written;
      min_eigenvalue: Written;
      trace: Written;
      penalty: Written;
      input_grad: WrittenTensor;
    }
  >;
}

export interface SecondOrderSet {
  cases: SecondOrderCase[];
}

/** The flat parameter vector cut into named pieces. */
function unpack(vector: Tensor, layout: SecondOrderCase["param_layout"]): Record<string, Tensor> {
  const sizes = layout.map(([, shape]) => shape.reduce((product, n) => product * n, 1));
  const pieces = vector.split(sizes);
  return Object.fromEntries(layout.map(([name, shape], i) => [name, pieces[i]!.reshape(shape)]));
}

/** The numbers of a single vector by the names that formulas use: w1, w2 … for w, and x, y. */
function entries(vector: Tensor): Record<string, Tensor> {
  const parts = vector.unbind();
  const numbered = parts.map((part, i) => [`w${i + 1}`, part] as const);
  return Object.fromEntries([...numbered, ["x", parts[0]!], ["y", parts[1] ?? parts[0]!]]);
}

/** The loss as a function of the flat parameter vector. */
function lossOf(each: SecondOrderCase, precision: Precision): (w: Tensor) => Tensor {
  const { description, constants, param_layout } = each;
  const network = /^x -> (.*?), (cross-entropy|mean of squared errors|MSE)/.exec(description);
  // "L = (1 - w1*w2)^2": a formula of the parameters alone.
  if (network === null) {
    const formula = description.replace(/^\w+ = /, "");
    return (w) => evaluateTensor(formula, entries(w));
  }
  const [, formula, loss] = network as unknown as [string, string, string];
  const x = build(constants["X"]!, precision);
  const classify = loss === "cross-entropy";
  const targets = build(constants["Y"]!, classify ? "int32" : precision);
  return (w) => {
    const output = evaluateTensor(formula, { x, ...unpack(w, param_layout) });
    return classify ? nn.functional.crossEntropy(output, targets) : nn.functional.mseLoss(output, targets);
  };
}

function replaySurface(each: SecondOrderCase, precision: Precision): void {
  const [first, second, eigen] = precision === "float64" ? [1e-10, 1e-10, 1e-9] : [2e-5, 1e-4, 1e-4];
  const expected = each.expected[precision];
  const f = lossOf(each, precision);
  const x = build(each.x0, precision).requiresGrad_();
  const loss = f(x);
  compare([loss.item()], [expected.loss], first, "loss");
  const [slope] = autograd.grad(loss, [x], { createGraph: true });
  compareTensor(slope!, expected.grad, first, "gradient");
  const [hg] = autograd.grad(slope!.square().sum().mul(0.5), [x]);
  compareTensor(hg!, expected.grad_of_half_gradnorm2, second, "gradient of ½‖g‖²");
  compareTensor(analysis.hvp(f, x, build(each.v, precision)), expected.hvp, second, "H·v");
  const hessian = analysis.hessian(f, x);
  compareTensor(hessian, expected.hessian, second, "Hessian");
  compareTensor(
    autograd.functional.hessian(f, x),
    expected.hessian,
    second,
    "Hessian by autograd.functional",
  );
  compare([hessian.trace().item()], [expected.trace], second, "trace");
  compare(linalg.eigvalsh(hessian).data, expected.eigenvalues.data, eigen, "eigenvalues");
  const ends = analysis.extremeEigenvalues(analysis.hessianProduct(f, x), x.size);
  compare(ends, [expected.min_eigenvalue, expected.top_eigenvalue], eigen, "extreme eigenvalues by Lanczos");
}

/** mean over rows of (‖∂o/∂x‖ − 1)²: a loss of an input gradient, differentiated. */
function replayPenalty(each: SecondOrderCase, precision: Precision): void {
  const [first, second] = precision === "float64" ? [1e-10, 1e-10] : [2e-5, 1e-4];
  const formula = / with o = (.*)$/.exec(each.description)![1]!;
  const expected = each.expected[precision];
  const w = build(each.x0, precision).requiresGrad_();
  const x = build(each.constants["X"]!, precision).requiresGrad_();
  const output = evaluateTensor(formula, { x, ...unpack(w, each.param_layout) });
  const [slope] = autograd.grad(output.sum(), [x], { createGraph: true });
  compareTensor(slope!, expected.input_grad, first, "input gradient");
  const penalty = slope!.norm(2, 1).sub(1).square().mean();
  compare([penalty.item()], [expected.penalty], first, "penalty");
  compareTensor(autograd.grad(penalty, [w])[0]!, expected.grad, second, "gradient of the penalty");
}

/** Every case of the file in both precisions. */
export function secondOrderChecks({ cases }: SecondOrderSet): Check[] {
  return checksOf(cases, (each, precision) => {
    if (each.kind === "gradient_penalty") replayPenalty(each, precision);
    else replaySurface(each, precision);
  });
}
