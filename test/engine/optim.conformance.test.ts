// SGD, Adam and AdamW against PyTorch: 50 steps on Rosenbrock, on a quadratic, and on given gradients; groups; clipping.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import { describe, expect, test } from "vitest";
import { type Tensor, nn, optim, tensor } from "../../src/engine/index.ts";
import {
  type Precision,
  type WrittenTensor,
  build,
  expectClose,
  expectNumbersClose,
  precisions,
  readFixture,
} from "./conformance.ts";

interface OptimCase {
  id: string;
  optimizer?: string;
  kind?: string;
  options?: Record<string, unknown>;
  groups?: ({ param: "a" | "b" } & Record<string, unknown>)[];
  problem?: "rosenbrock" | "quadratic" | "given" | "given2";
  f32_max_dev?: number;
  inputs?: { g1: WrittenTensor; g2: WrittenTensor };
  expected: Record<
    Precision,
    {
      params?: number[][];
      loss?: number[];
      g1?: WrittenTensor;
      g2?: WrittenTensor;
      total_norm?: number | null;
    }
  >;
}

interface Problems {
  rosenbrock: { x0: number[] };
  quadratic: { A: WrittenTensor; b: WrittenTensor; x0: number[] };
  given: { x0: number[]; grads: number[][] };
}

const { cases, problems } = readFixture<{ cases: OptimCase[]; problems: Problems }>("optim");
const here = new Set(["SGD", "Adam", "AdamW"]);
const single = cases.filter((each) => here.has(each.optimizer ?? "") && each.kind === undefined);

/** weight_decay → weightDecay. */
function camelCase(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

function create(name: string, parameters: Tensor[], options: Record<string, unknown>) {
  const settings = camelCase(options);
  if (name === "SGD") return new optim.SGD(parameters, settings);
  return name === "Adam" ? new optim.Adam(parameters, settings) : new optim.AdamW(parameters, settings);
}

/** The loss of a problem, or null where gradients are given. */
function lossOf(problem: string, precision: Precision): ((x: Tensor) => Tensor) | null {
  if (problem === "rosenbrock") {
    return (p) => {
      const [x, y] = [p.get(0), p.get(1)];
      return x
        .neg()
        .add(1)
        .pow(2)
        .add(y.sub(x.pow(2)).pow(2).mul(100));
    };
  }
  if (problem === "quadratic") {
    const [a, b] = [build(problems.quadratic.A, precision), build(problems.quadratic.b, precision)];
    return (p) => p.matmul(a).matmul(p).mul(0.5).sub(b.matmul(p));
  }
  return null;
}

describe.each(precisions)("optimisers agree with PyTorch in %s", (precision) => {
  test.each(single.map((each) => [each.id, each] as const))("%s", (_, each) => {
    const problem = each.problem as keyof Problems;
    const x = tensor(problems[problem].x0, { dtype: precision, requiresGrad: true });
    const optimizer = create(each.optimizer!, [x], each.options!);
    const loss = lossOf(problem, precision);
    const expected = each.expected[precision];
    const tolerance = precision === "float64" ? 1e-9 : Math.max(1e-4, 10 * each.f32_max_dev!);
    for (let step = 0; step < 50; step++) {
      optimizer.zeroGrad();
      if (loss === null) {
        x.grad = tensor(problems.given.grads[step]!, { dtype: precision });
      } else {
        const value = loss(x);
        value.backward();
        expectNumbersClose([value.item()], [expected.loss![step]!], tolerance, `loss before step ${step}`);
      }
      optimizer.step();
      expectNumbersClose(x.data, expected.params![step]!, tolerance, `parameters after step ${step}`);
    }
  });

  test("each parameter group keeps its own options", () => {
    const each = cases.find(({ kind }) => kind === "param_groups")!;
    const a = tensor(problems.given.x0, { dtype: precision, requiresGrad: true });
    const b = tensor(problems.quadratic.x0, { dtype: precision, requiresGrad: true });
    const groups = each.groups!.map(({ param, ...options }) =>
      Object.assign(camelCase(options), { params: [param === "a" ? a : b] }),
    );
    const optimizer = new optim.SGD(groups, { lr: 0.1 });
    for (let step = 0; step < 50; step++) {
      const gradient = problems.given.grads[step]!;
      a.grad = tensor(gradient, { dtype: precision });
      b.grad = tensor(
        [0, 1, 2].map((i) => 0.5 * gradient[i % gradient.length]!),
        { dtype: precision },
      );
      optimizer.step();
      const tolerance = precision === "float64" ? 1e-9 : 1e-4;
      expectNumbersClose(
        [...a.data, ...b.data],
        each.expected[precision].params![step]!,
        tolerance,
        `step ${step}`,
      );
    }
  });

  const clipping = cases.filter(({ kind }) => kind?.startsWith("clip_grad"));
  test.each(clipping.map((each) => [each.id, each] as const))("%s", (_, each) => {
    const expected = each.expected[precision];
    const { max_norm, norm_type, clip_value } = each.options as Record<string, number | "inf">;
    // The generator clipped its float64 gradients in place before writing them down as inputs. What they were before
    // follows from the norm it noted.
    const excess =
      precision === "float64" ? Math.max(1, ((expected.total_norm ?? 0) + 1e-6) / Number(max_norm)) : 1;
    const parameters = (["g1", "g2"] as const).map((name) => {
      const gradient = build(each.inputs![name], precision).mul(each.kind === "clip_grad_norm_" ? excess : 1);
      const parameter = tensor(gradient, { requiresGrad: true });
      parameter.grad = gradient;
      return parameter;
    });
    const tolerance = precision === "float64" ? 1e-10 : 2e-5;
    if (each.kind === "clip_grad_norm_") {
      const normType = norm_type === "inf" ? Infinity : Number(norm_type);
      const total = nn.utils.clipGradNorm(parameters, Number(max_norm), { normType });
      expectNumbersClose([total.item()], [expected.total_norm!], tolerance, "norm");
    } else {
      nn.utils.clipGradValue(parameters, Number(clip_value));
    }
    expectClose(parameters[0]!.grad!, expected.g1!, tolerance, "g1");
    expectClose(parameters[1]!.grad!, expected.g2!, tolerance, "g2");
  });
});

test("the fixture has cases of every optimiser that exists so far", () => {
  expect(new Set(single.map(({ optimizer }) => optimizer))).toEqual(here);
});
