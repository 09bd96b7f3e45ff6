// Second derivatives against PyTorch: gradients, Hessians, products with vectors, eigenvalues, a gradient penalty.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import { describe, test } from "vitest";
import { type Tensor, analysis, autograd, linalg, nn } from "../../src/engine/index.ts";
import {
  type Precision,
  type WrittenTensor,
  build,
  expectClose,
  expectNumbersClose,
  precisions,
  readFixture,
} from "./conformance.ts";

interface SecondOrderCase {
  id: string;
  kind?: "gradient_penalty";
  description: string;
  param_layout: [name: string, shape: number[]][];
  x0: WrittenTensor;
  v: WrittenTensor;
  constants: { X: WrittenTensor; Y: WrittenTensor };
  expected: Record<
    Precision,
    {
      loss: number;
      grad: WrittenTensor;
      hvp: WrittenTensor;
      grad_of_half_gradnorm2: WrittenTensor;
      hessian: WrittenTensor;
      eigenvalues: WrittenTensor;
      top_eigenvalue: number;
      min_eigenvalue: number;
      penalty: number;
      input_grad: WrittenTensor;
    }
  >;
}

const { cases } = readFixture<{ cases: SecondOrderCase[] }>("second_order");

/** The flat parameter vector cut into named pieces. */
function unpack(vector: Tensor, layout: SecondOrderCase["param_layout"]): Record<string, Tensor> {
  const pieces: Record<string, Tensor> = {};
  let start = 0;
  for (const [name, shape] of layout) {
    const size = shape.reduce((product, n) => product * n, 1);
    pieces[name] = vector.slice(start, start + size).reshape(shape);
    start += size;
  }
  return pieces;
}

/** Batch normalisation in training mode, written with plain operations. */
function standardise(z: Tensor): Tensor {
  return z.sub(z.mean(0)).div(z.var(0, { correction: 0 }).add(1e-5).sqrt());
}

function lossOf(each: SecondOrderCase, precision: Precision): (w: Tensor) => Tensor {
  const { id, description, constants, param_layout } = each;
  if (id.startsWith("toy-w1w2")) return (w) => w.get(0).mul(w.get(1)).neg().add(1).pow(2);
  if (id === "rosenbrock") {
    return (w) => {
      const [x, y] = [w.get(0), w.get(1)];
      return x
        .neg()
        .add(1)
        .pow(2)
        .add(y.sub(x.pow(2)).pow(2).mul(100));
    };
  }
  const inputs = build(constants.X, precision);
  if (id === "mlp-bn-train") {
    const targets = build(constants.Y, precision);
    return (w) => {
      const { W, gamma, beta, v } = unpack(w, param_layout);
      const hidden = standardise(inputs.matmul(W!)).mul(gamma!).add(beta!).tanh();
      return nn.functional.mseLoss(hidden.matmul(v!), targets);
    };
  }
  const activation = /x -> (\w+)\(/.exec(description)![1] as
    | "tanh"
    | "sigmoid"
    | "softplus"
    | "silu"
    | "relu"
    | "gelu"
    | "elu";
  const classify = description.includes("cross-entropy");
  const targets = build(constants.Y, classify ? "int32" : precision);
  return (w) => {
    const { W1, b1, W2, b2 } = unpack(w, param_layout);
    const hidden = nn.functional[activation](inputs.matmul(W1!).add(b1!));
    const output = hidden.matmul(W2!).add(b2!);
    return classify ? nn.functional.crossEntropy(output, targets) : nn.functional.mseLoss(output, targets);
  };
}

describe.each(precisions)("second derivatives agree with PyTorch in %s", (precision) => {
  const [first, second] = precision === "float64" ? [1e-10, 1e-10] : [2e-5, 1e-4];

  const surfaces = cases.filter(({ kind }) => kind === undefined);
  test.each(surfaces.map((each) => [each.id, each] as const))("%s", (_, each) => {
    const f = lossOf(each, precision);
    const x = build(each.x0, precision, true);
    const expected = each.expected[precision];
    const loss = f(x);
    expectNumbersClose([loss.item()], [expected.loss], first, "loss");
    const [slope] = autograd.grad(loss, [x], { createGraph: true });
    expectClose(slope!, expected.grad, first, "gradient");
    const halfSquare = slope!.square().sum().mul(0.5);
    const [hg] = autograd.grad(halfSquare, [x]);
    expectClose(hg!, expected.grad_of_half_gradnorm2, second, "gradient of ½‖g‖²");

    expectClose(analysis.hvp(f, x, build(each.v, precision)), expected.hvp, second, "H·v");
    const hessian = analysis.hessian(f, x);
    expectClose(hessian, expected.hessian, second, "Hessian");
    const tolerance = precision === "float64" ? 1e-9 : 1e-4;
    expectNumbersClose(linalg.eigvalsh(hessian).data, expected.eigenvalues.data, tolerance, "eigenvalues");
    const ends = analysis.extremeEigenvalues(analysis.hessianProduct(f, x), x.size);
    expectNumbersClose(ends, [expected.min_eigenvalue, expected.top_eigenvalue], tolerance, "Lanczos");
  });

  test("a loss of an input gradient can be differentiated (gradient penalty)", () => {
    const each = cases.find(({ kind }) => kind === "gradient_penalty")!;
    const w = build(each.x0, precision, true);
    const x = build(each.constants.X, precision, true);
    const { W1, b1, W2 } = unpack(w, each.param_layout);
    const output = x.matmul(W1!).add(b1!).tanh().matmul(W2!);
    const [slope] = autograd.grad(output.sum(), [x], { createGraph: true });
    const penalty = slope!.norm(2, 1).sub(1).square().mean();
    const expected = each.expected[precision];
    expectClose(slope!, expected.input_grad, first, "input gradient");
    expectNumbersClose([penalty.item()], [expected.penalty], first, "penalty");
    expectClose(autograd.grad(penalty, [w])[0]!, expected.grad, second, "gradient of the penalty");
  });
});
