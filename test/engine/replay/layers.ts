// Replays layers.json: every layer as a module made from the case's options, its parameters those of the case.
import { Tensor, autograd, nn } from "../../../src/engine/index.ts";
import { type PassCase, checksOf, compareTensor, replayPass } from "./compare.ts";
import { type Check, type Precision, type WrittenTensor, build, compare, engineOptions } from "./numbers.ts";

type Options = Record<string, unknown>;
type Operands = Record<string, Tensor>;

export interface LayerCase extends PassCase {
  options: Options;
}

/** What batch norm shows after one batch. */
interface BatchState {
  output: WrittenTensor;
  grads: Record<string, WrittenTensor | null>;
  running_mean?: WrittenTensor | null;
  running_var?: WrittenTensor | null;
  num_batches_tracked?: number | null;
}

/** Batches in training mode one after the other, then one in evaluation mode. */
export interface BatchNormCase {
  id: string;
  op: string;
  options: Options;
  inputs: {
    weight: WrittenTensor | null;
    bias: WrittenTensor | null;
    train: WrittenTensor[];
    eval: WrittenTensor;
  };
  grad_output: { train: WrittenTensor[]; eval: WrittenTensor };
  expected: Record<Precision, { train: BatchState[]; eval: BatchState }>;
}

export interface LayerSet {
  cases: (LayerCase | BatchNormCase)[];
}

const toleranceOf = (precision: Precision): number => (precision === "float64" ? 1e-10 : 2e-5);

/** Options, of which some are taken as arguments; what is left goes to the constructor, which refuses what it does not know. */
class Given {
  readonly rest: Options;
  constructor(options: Options) {
    this.rest = engineOptions(options);
  }
  take<T>(name: string, fallback?: T): T {
    const value = this.rest[name] ?? fallback;
    if (value === undefined) throw new Error(`the case has no option ${name}`);
    delete this.rest[name];
    return value as T;
  }
  /** The rest, for a constructor whose own check of options says what it takes. */
  get options(): never {
    return this.rest as never;
  }
  /** For constructors that take nothing else. */
  end(): void {
    const names = Object.keys(this.rest);
    if (names.length > 0) throw new Error(`options that the replay does not know: ${names.join(", ")}`);
  }
}

/** Gives a module the parameters of a case. */
function withParameters<M extends nn.Module>(module: M, { weight, bias }: Operands): M {
  const fields = module as unknown as Record<string, Tensor | null>;
  for (const [name, values] of Object.entries({ weight, bias })) {
    const own = fields[name];
    if (own instanceof Tensor !== (values !== undefined)) {
      throw new Error(
        `the case has ${values === undefined ? "no" : "a"} ${name}, the layer has ${own instanceof Tensor ? "one" : "none"}`,
      );
    }
    if (values === undefined) continue;
    if (own!.shape.join() !== values.shape.join()) {
      throw new Error(
        `${name} is (${own!.shape.join(", ")}) in the layer, (${values.shape.join(", ")}) in the case`,
      );
    }
    fields[name] = values;
  }
  return module;
}

const activations: Record<string, new (options: never) => nn.Module> = {
  LeakyReLU: nn.LeakyReLU,
  ELU: nn.ELU,
  CELU: nn.CELU,
  GELU: nn.GELU,
  Softplus: nn.Softplus,
  Hardtanh: nn.Hardtanh,
  Hardshrink: nn.Hardshrink,
  Softshrink: nn.Softshrink,
  Softmax: nn.Softmax,
  LogSoftmax: nn.LogSoftmax,
  Softmin: nn.Softmin,
  Flatten: nn.Flatten,
};

const activationsWithoutOptions: Record<string, new () => nn.Module> = {
  ReLU: nn.ReLU,
  ReLU6: nn.ReLU6,
  SELU: nn.SELU,
  SiLU: nn.SiLU,
  Mish: nn.Mish,
  Tanh: nn.Tanh,
  Sigmoid: nn.Sigmoid,
  LogSigmoid: nn.LogSigmoid,
  Softsign: nn.Softsign,
  Tanhshrink: nn.Tanhshrink,
  Hardsigmoid: nn.Hardsigmoid,
  Hardswish: nn.Hardswish,
  Identity: nn.Identity,
};

type Compute = (t: Operands, given: Given) => Tensor;

const pooling =
  (Pool: new (kernelSize: never, options: never) => nn.Module): Compute =>
  (t, given) =>
    new Pool(given.take("kernelSize"), given.options).forward(t["input"]!);

const convolution =
  (
    Conv: new (inChannels: number, outChannels: number, kernelSize: never, options: never) => nn.Module,
  ): Compute =>
  (t, given) => {
    const [out, perGroup] = t["weight"]!.shape as [number, number];
    const inChannels = given.take(
      "inChannels",
      perGroup * ((given.rest["groups"] as number | undefined) ?? 1),
    );
    const outChannels = given.take("outChannels", out);
    return withParameters(
      new Conv(inChannels, outChannels, given.take("kernelSize"), given.options),
      t,
    ).forward(t["input"]!);
  };

const layers: Record<string, Compute> = {
  Linear: (t, given) =>
    withParameters(
      new nn.Linear(given.take("inFeatures"), given.take("outFeatures"), given.options),
      t,
    ).forward(t["input"]!),
  Conv1d: convolution(nn.Conv1d),
  Conv2d: convolution(nn.Conv2d),
  MaxPool1d: pooling(nn.MaxPool1d),
  MaxPool2d: pooling(nn.MaxPool2d),
  AvgPool1d: pooling(nn.AvgPool1d),
  AvgPool2d: pooling(nn.AvgPool2d),
  AdaptiveAvgPool1d: (t, given) => new nn.AdaptiveAvgPool1d(given.take("outputSize")).forward(t["input"]!),
  AdaptiveAvgPool2d: (t, given) => new nn.AdaptiveAvgPool2d(given.take("outputSize")).forward(t["input"]!),
  LayerNorm: (t, given) =>
    withParameters(new nn.LayerNorm(given.take("normalizedShape"), given.options), t).forward(t["input"]!),
  GroupNorm: (t, given) =>
    withParameters(
      new nn.GroupNorm(given.take("numGroups"), given.take("numChannels"), given.options),
      t,
    ).forward(t["input"]!),
  Embedding: (t, given) => {
    const layer = new nn.Embedding(given.take("numEmbeddings"), given.take("embeddingDim"), given.options);
    return withParameters(layer, { weight: t["weight"]! }).forward(t["indices"] ?? t["input"]!);
  },
  PReLU: (t, given) =>
    withParameters(new nn.PReLU(given.options), { weight: t["weight"]! }).forward(t["input"]!),
  Threshold: (t, given) =>
    new nn.Threshold(given.take("threshold"), given.take("value")).forward(t["input"]!),
  Dropout: (t, given) => {
    const p = given.take("p", 0.5);
    const mode = given.take("mode", "eval");
    given.end();
    const layer = new nn.Dropout(p);
    if (mode === "eval") return layer.eval().forward(t["input"]!);
    // In training mode the file names the numbers that are kept.
    return nn.functional.dropout(t["input"]!, p, { mask: t["mask"]! });
  },
};

/** The output of a case's layer. */
export function computeLayer({ op, options }: LayerCase): (operands: Operands) => Tensor {
  return (t) => {
    const given = new Given(options);
    const compute = layers[op];
    if (compute !== undefined) return compute(t, given);
    const WithOptions = activations[op];
    if (WithOptions !== undefined) return new WithOptions(given.options).forward(t["input"]!);
    const Plain = activationsWithoutOptions[op];
    if (Plain === undefined) throw new Error(`there is no layer ${op}`);
    given.end();
    return new Plain().forward(t["input"]!);
  };
}

/** A batch norm's output, gradients and running statistics, batch after batch. */
function replayBatchNorm(each: BatchNormCase, precision: Precision): void {
  const given = new Given(each.options);
  const Layer = { BatchNorm1d: nn.BatchNorm1d, BatchNorm2d: nn.BatchNorm2d }[each.op];
  if (Layer === undefined) throw new Error(`there is no layer ${each.op}`);
  const layer = new Layer(given.take("numFeatures"), given.options).to(precision);
  const parameters: Operands = {};
  for (const name of ["weight", "bias"] as const) {
    const written = each.inputs[name];
    if (written !== null) parameters[name] = build(written, precision).requiresGrad_();
  }
  withParameters(layer, parameters);
  const pass = (input: WrittenTensor, gradient: WrittenTensor, expected: BatchState, what: string): void => {
    const tolerance = toleranceOf(precision);
    const operands: Operands = { input: build(input, precision).requiresGrad_(), ...parameters };
    const output = layer.forward(operands["input"]!);
    compareTensor(output, expected.output, tolerance, `${what}: output`);
    const names = Object.keys(operands);
    const gradients = autograd.grad(
      output,
      names.map((name) => operands[name]!),
      { gradOutputs: build(gradient, precision) },
    );
    for (const [i, name] of names.entries()) {
      const wanted = expected.grads[name];
      if (wanted) compareTensor(gradients[i]!, wanted, tolerance, `${what}: gradient of ${name}`);
    }
    const buffers: [Tensor | null, WrittenTensor | null | undefined, string][] = [
      [layer.runningMean, expected.running_mean, "running mean"],
      [layer.runningVar, expected.running_var, "running variance"],
    ];
    for (const [buffer, wanted, name] of buffers) {
      if ((buffer === null) !== (wanted === null || wanted === undefined)) {
        throw new Error(`${what}: the layer has ${buffer === null ? "no" : "a"} ${name}, the case differs`);
      }
      if (buffer !== null) compareTensor(buffer, wanted!, tolerance, `${what}: ${name}`);
    }
    const count = expected.num_batches_tracked ?? null;
    if (count !== null) compare(layer.numBatchesTracked!.data, [count], 0, `${what}: number of batches`);
  };
  const expected = each.expected[precision];
  for (const [i, batch] of each.inputs.train.entries()) {
    pass(batch, each.grad_output.train[i]!, expected.train[i]!, `batch ${i}`);
  }
  layer.eval();
  pass(each.inputs.eval, each.grad_output.eval, expected.eval, "evaluation");
}

/** Every case of the file in both precisions. */
export function layerChecks({ cases }: LayerSet): Check[] {
  return checksOf(cases, (each, precision) => {
    if ("train" in each.inputs) replayBatchNorm(each as BatchNormCase, precision);
    else replayPass(each as LayerCase, precision, toleranceOf(precision), computeLayer(each as LayerCase));
  });
}
