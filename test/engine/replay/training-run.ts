// Whole training runs against PyTorch's (training_run.json): the same start, the same batches, every loss on the way, and
// the state at the end. The model, the optimiser and the schedule are built from what the file's configuration says.
import { nn, noGrad, tensor } from "../../../src/engine/index.ts";
import { checksOf, compareTensor } from "./compare.ts";
import { type Check, type Precision, type WrittenTensor, build, camelCase, compare } from "./numbers.ts";
import { createOptimizer } from "./optim.ts";
import { createScheduler } from "./schedulers.ts";

interface Configuration {
  /** How many hidden layers, and how wide they are. */
  layers: number;
  hidden: number;
  din: number;
  classes: number;
  act: keyof typeof activations;
  /** Batch normalisation, before the activation (default) or after it. */
  bn: boolean;
  bn_pos?: "before" | "after";
  optimizer: string;
  opt_options: Record<string, unknown>;
  scheduler?: string;
  sched_options?: Record<string, unknown>;
  /** Largest joint norm of the gradients. */
  clip?: number;
  label_smoothing?: number;
}

interface Outcome {
  losses: number[];
  final_state: Record<string, WrittenTensor>;
  eval_logits: WrittenTensor;
  train_acc_eval_mode: number;
}

interface TrainingCase {
  id: string;
  config: Configuration;
  data: { X: WrittenTensor; Y: WrittenTensor; X_eval: WrittenTensor };
  init: Record<string, WrittenTensor>;
  batches: number[][];
  expected: Record<Precision, Outcome>;
}

export interface TrainingRunSet {
  cases: TrainingCase[];
}

const activations = {
  relu: () => new nn.ReLU(),
  tanh: () => new nn.Tanh(),
  silu: () => new nn.SiLU(),
  gelu: () => new nn.GELU(),
};

/** Linear, [BatchNorm1d], activation, …, Linear, with the weights of the file. */
function modelOf({ config, init }: TrainingCase, precision: Precision): nn.Sequential {
  const { din, hidden, layers, classes, act, bn, bn_pos = "before" } = config;
  const sizes = [din, ...Array.from({ length: layers }, () => hidden), classes];
  const modules: nn.Module[] = [];
  for (let i = 0; i + 1 < sizes.length; i++) {
    const linear = new nn.Linear(sizes[i]!, sizes[i + 1]!);
    linear.to(precision);
    noGrad(() => {
      linear.weight.copy_(build(init[`W${i}`]!, precision));
      linear.bias!.copy_(build(init[`b${i}`]!, precision));
    });
    modules.push(linear);
    if (i + 2 === sizes.length) break;
    const activation = activations[act]();
    const norm = bn ? [new nn.BatchNorm1d(hidden).to(precision)] : [];
    modules.push(...(bn_pos === "before" ? [...norm, activation] : [activation, ...norm]));
  }
  return new nn.Sequential(...modules);
}

/** The largest difference between PyTorch's own runs in the two precisions. */
function ownDeviation(a: WrittenTensor, b: WrittenTensor): number {
  return a.data.reduce<number>(
    (most, value, i) => Math.max(most, Math.abs(Number(value) - Number(b.data[i]))),
    0,
  );
}

function replayRun(each: TrainingCase, precision: Precision): void {
  const { config, data, batches, expected } = each;
  const wanted = expected[precision];
  const base = precision === "float64" ? 1e-9 : 1e-5;
  // A bias before batch normalisation has no gradient but rounding, which some optimisers scale up to whole steps: in
  // float32 PyTorch itself strays from its float64 run. Ten times that is what another order of summation may do.
  const tolerance = (read: (outcome: Outcome) => WrittenTensor): number =>
    precision === "float64"
      ? base
      : Math.max(base, 10 * ownDeviation(read(expected.float32), read(expected.float64)));

  const model = modelOf(each, precision);
  const optimizer = createOptimizer(config.optimizer, model.parameters(), config.opt_options);
  const scheduler =
    config.scheduler === undefined
      ? null
      : createScheduler(config.scheduler, optimizer, config.sched_options ?? {});
  const inputs = build(data.X, precision);
  const targets = build(data.Y, "int32");
  model.train();
  const losses = batches.map((batch) => {
    const rows = tensor(batch, { dtype: "int32" });
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(
      model.forward(inputs.indexSelect(0, rows)),
      targets.indexSelect(0, rows),
      { labelSmoothing: config.label_smoothing ?? 0 },
    );
    loss.backward();
    if (config.clip !== undefined) nn.utils.clipGradNorm(model.parameters(), config.clip);
    optimizer.step();
    scheduler?.step();
    return loss.item();
  });
  compare(losses, wanted.losses, base, "loss before update");

  const state = model.stateDict();
  for (const name of Object.keys(wanted.final_state)) {
    const own = state[camelCase(name)];
    if (own === undefined) throw new Error(`The model's state has no ${name}.`);
    compareTensor(
      own,
      wanted.final_state[name]!,
      tolerance((outcome) => outcome.final_state[name]!),
      name,
    );
  }
  model.eval();
  noGrad(() => {
    const logits = model.forward(build(data.X_eval, precision));
    compareTensor(
      logits,
      wanted.eval_logits,
      tolerance((outcome) => outcome.eval_logits),
      "logits in eval mode",
    );
    const right = model.forward(inputs).argmax(1).equal(targets).to("float64").mean().item();
    compare([right], [wanted.train_acc_eval_mode], 1e-12, "accuracy in eval mode");
  });
}

/** Every run of the file in both precisions. */
export function trainingRunChecks({ cases }: TrainingRunSet): Check[] {
  return checksOf(cases, replayRun);
}
