// Replays optim.json: optimisers on Rosenbrock's function, on a quadratic and on given gradients; groups; schedules;
// gradient clipping.
import { type Tensor, nn, optim, tensor } from "../../../src/engine/index.ts";
import {
  type Check,
  type Precision,
  type Written,
  type WrittenTensor,
  build,
  compare,
  engineOptions,
} from "./numbers.ts";
import { createScheduler } from "./schedulers.ts";

type Options = Record<string, unknown>;

interface OptimCase {
  id: string;
  kind?: string;
  optimizer?: string;
  options?: Options;
  groups?: ({ param: "a" | "b" } & Options)[];
  scheduler?: string;
  scheduler_options?: Options;
  problem?: string;
  f32_max_dev?: number;
  inputs?: { g1: WrittenTensor; g2: WrittenTensor };
  expected: Record<
    Precision,
    {
      params?: Written[][];
      loss?: Written[];
      g1?: WrittenTensor;
      g2?: WrittenTensor;
      total_norm?: Written | null;
    }
  >;
}

interface Problems {
  rosenbrock: { x0: number[] };
  quadratic: { A: WrittenTensor; b: WrittenTensor; x0: number[] };
  given: { x0: number[]; grads: number[][] };
}

export interface OptimSet {
  problems: Problems;
  cases: OptimCase[];
}

const optimisers: Record<string, (parameters: optim.Parameters<object>, options: Options) => AnyOptimizer> = {
  SGD: (parameters, options) => new optim.SGD(parameters, options),
  Adagrad: (parameters, options) => new optim.Adagrad(parameters, options),
  RMSprop: (parameters, options) => new optim.RMSprop(parameters, options),
  Adam: (parameters, options) => new optim.Adam(parameters, options),
  AdamW: (parameters, options) => new optim.AdamW(parameters, options),
  Adadelta: (parameters, options) => new optim.Adadelta(parameters, options),
  Adamax: (parameters, options) => new optim.Adamax(parameters, options),
  NAdam: (parameters, options) => new optim.NAdam(parameters, options),
  RAdam: (parameters, options) => new optim.RAdam(parameters, options),
  LBFGS: (parameters, options) => new optim.LBFGS(parameters, options),
};

type AnyOptimizer = optim.lrScheduler.AnyOptimizer;

/** The engine's optimiser for a name and options as the files write them. */
export function createOptimizer(
  name: string,
  parameters: Iterable<Tensor> | readonly optim.ParameterGroup<object>[],
  options: Options,
): AnyOptimizer {
  const create = optimisers[name];
  if (create === undefined) throw new Error(`there is no optimiser ${name}`);
  return create(parameters, engineOptions(options));
}

const precisions: readonly Precision[] = ["float64", "float32"];

/** All comparisons of a set, each case in both precisions. */
export function optimChecks({ cases, problems }: OptimSet): Check[] {
  return precisions.flatMap((precision) =>
    cases.map((each) => ({
      name: `${each.id} ${precision}`,
      run: () => {
        if (each.kind?.startsWith("clip_grad_") === true) replayClipping(each, precision);
        else if (each.problem === "given2") replayTwoParameters(each, problems, precision);
        else replayProblem(each, problems, precision);
      },
    })),
  );
}

/** For trajectories in single precision the files say how far PyTorch's own ones are from double precision. */
function toleranceOf(each: OptimCase, precision: Precision): number {
  return precision === "float64" ? 1e-9 : Math.max(1e-4, 10 * (each.f32_max_dev ?? 0));
}

/** The loss of a problem, null where gradients are given. */
function lossOf(name: string, problems: Problems, precision: Precision): ((x: Tensor) => Tensor) | null {
  if (name === "rosenbrock") {
    return (p) => {
      const [x, y] = [p.get(0), p.get(1)];
      return x
        .neg()
        .add(1)
        .pow(2)
        .add(y.sub(x.pow(2)).pow(2).mul(100));
    };
  }
  if (name === "quadratic") {
    const [a, b] = [build(problems.quadratic.A, precision), build(problems.quadratic.b, precision)];
    // Written so that backward adds the two halves of A·x first and takes b from their exact sum: of all orders the one with
    // the fewest roundings. RMSprop divides by its gradient, so close to the minimum a rounding is a step.
    return (p) => b.matmul(p).neg().add(p.matmul(a).matmul(p).mul(0.5));
  }
  if (name === "given") return null;
  throw new Error(`there is no problem ${name}`);
}

function replayProblem(each: OptimCase, problems: Problems, precision: Precision): void {
  const problem = each.problem as keyof Problems;
  const loss = lossOf(problem, problems, precision);
  const x = tensor(problems[problem].x0, { dtype: precision, requiresGrad: true });
  const optimizer = createOptimizer(each.optimizer!, [x], each.options!);
  const expected = each.expected[precision];
  const tolerance = toleranceOf(each, precision);
  for (const [step, row] of expected.params!.entries()) {
    optimizer.zeroGrad();
    if (loss === null) {
      x.grad = tensor(problems.given.grads[step]!, { dtype: precision });
      optimizer.step();
    } else {
      const value = optimizer.step(() => {
        const result = loss(x);
        result.backward();
        return result;
      });
      compare([value.item()], [expected.loss![step]!], tolerance, `loss before step ${step}`);
    }
    compare(x.data, row, tolerance, `parameters after step ${step}`);
  }
}

/** Two parameters, in two groups or in one, with or without a schedule. */
function replayTwoParameters(each: OptimCase, problems: Problems, precision: Precision): void {
  const a = tensor(problems.given.x0, { dtype: precision, requiresGrad: true });
  const b = tensor(problems.quadratic.x0, { dtype: precision, requiresGrad: true });
  const groups = each.groups?.map(({ param, ...options }) =>
    Object.assign(engineOptions(options), { params: [param === "a" ? a : b] }),
  );
  const optimizer = createOptimizer(each.optimizer!, groups ?? [a, b], each.options ?? {});
  const scheduler =
    each.scheduler === undefined
      ? null
      : createScheduler(each.scheduler, optimizer, each.scheduler_options ?? {});
  for (const [step, row] of each.expected[precision].params!.entries()) {
    const gradient = problems.given.grads[step]!;
    a.grad = tensor(gradient, { dtype: precision });
    b.grad = tensor(
      problems.quadratic.x0.map((_, i) => 0.5 * gradient[i % gradient.length]!),
      { dtype: precision },
    );
    optimizer.step();
    scheduler?.step();
    compare([...a.data, ...b.data], row, toleranceOf(each, precision), `parameters after step ${step}`);
  }
}

function replayClipping(each: OptimCase, precision: Precision): void {
  const expected = each.expected[precision];
  const tolerance = precision === "float64" ? 1e-10 : 2e-5;
  const { max_norm, norm_type, clip_value } = each.options as Record<string, number | "inf">;
  const normType = norm_type === "inf" ? Infinity : (norm_type ?? 2);
  const gradients = [each.inputs!.g1, each.inputs!.g2].map((written) => build(written, precision));
  const scale =
    each.kind === "clip_grad_norm_"
      ? lostScale(gradients, normType, Number(max_norm), Number(expected.total_norm))
      : 1;
  const parameters = gradients.map((gradient) => {
    const parameter = tensor(gradient, { requiresGrad: true });
    parameter.grad = gradient.mul(scale);
    return parameter;
  });
  if (each.kind === "clip_grad_norm_") {
    const total = nn.utils.clipGradNorm(parameters, Number(max_norm), { normType });
    compare([total.item()], [expected.total_norm!], tolerance, "norm");
  } else {
    nn.utils.clipGradValue(parameters, Number(clip_value));
  }
  for (const [i, name] of (["g1", "g2"] as const).entries()) {
    compare(parameters[i]!.grad!.data, expected[name]!.data, tolerance, name);
  }
}

/**
 * What the inputs must be multiplied by: the generator clipped its gradients in place before it wrote them down, so that
 * some cases' inputs are clipped already. What they were before follows from the norm it noted.
 */
function lostScale(gradients: Tensor[], normType: number, maxNorm: number, noted: number): number {
  const parts = gradients.map((gradient) => gradient.norm(normType).item());
  const norm = tensor(parts, { dtype: "float64" }).norm(normType).item();
  const alreadyClipped = noted > maxNorm && Math.abs(norm - maxNorm) < 1e-4 * maxNorm;
  return alreadyClipped ? (noted + 1e-6) / maxNorm : 1;
}
