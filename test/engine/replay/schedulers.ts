// Replays schedulers.json: the rate (and momentum) in force for each of 60 updates.
import { optim, tensor } from "../../../src/engine/index.ts";
import { type Check, type Written, compare, engineOptions } from "./numbers.ts";

const { lrScheduler } = optim;
type AnyOptimizer = optim.lrScheduler.AnyOptimizer;
type Options = Record<string, unknown>;

interface SchedulerCase {
  id: string;
  scheduler: string;
  base_lr: number;
  options: Options;
  lambda_formula?: string;
  lrs: Written[];
  momentums?: Written[];
  metrics?: number[];
}

export interface SchedulerSet {
  cases: SchedulerCase[];
}

/** What all schedules have in common; only plateaus look at the value. */
interface Steps {
  step: (metric?: number) => void;
  getLastLr: () => number[];
}

const schedules: Record<string, (optimizer: AnyOptimizer, options: never) => unknown> = {
  MultiplicativeLR: (optimizer, options) => new lrScheduler.MultiplicativeLR(optimizer, options),
  StepLR: (optimizer, options) => new lrScheduler.StepLR(optimizer, options),
  MultiStepLR: (optimizer, options) => new lrScheduler.MultiStepLR(optimizer, options),
  ConstantLR: (optimizer, options) => new lrScheduler.ConstantLR(optimizer, options),
  LinearLR: (optimizer, options) => new lrScheduler.LinearLR(optimizer, options),
  ExponentialLR: (optimizer, options) => new lrScheduler.ExponentialLR(optimizer, options),
  PolynomialLR: (optimizer, options) => new lrScheduler.PolynomialLR(optimizer, options),
  CosineAnnealingLR: (optimizer, options) => new lrScheduler.CosineAnnealingLR(optimizer, options),
  CosineAnnealingWarmRestarts: (optimizer, options) =>
    new lrScheduler.CosineAnnealingWarmRestarts(optimizer, options),
  OneCycleLR: (optimizer, options) => new lrScheduler.OneCycleLR(optimizer, options),
  CyclicLR: (optimizer, options) => new lrScheduler.CyclicLR(optimizer, options),
  ReduceLROnPlateau: (optimizer, options) => new lrScheduler.ReduceLROnPlateau(optimizer, options),
};

/** The factors that the files describe by a formula in t, w (the option warmup), factor and total. */
const formulas: Record<string, (t: number, w: number, factor: number, total: number) => number> = {
  "t<w?factor:1": (t, w, factor) => (t < w ? factor : 1),
  "min(1,(t+1)/w)": (t, w) => Math.min(1, (t + 1) / w),
  "min((t+1)/w,sqrt(w/(t+1)))": (t, w) => Math.min((t + 1) / w, Math.sqrt(w / (t + 1))),
  "t<w?(t+1)/w:max(0,(total-t)/(total-w))": (t, w, _, total) =>
    t < w ? (t + 1) / w : Math.max(0, (total - t) / (total - w)),
  "t<w?(t+1)/w:0.5*(1+cos(pi*(t-w)/(total-w)))": (t, w, _, total) => {
    if (t < w) return (t + 1) / w;
    const angle = tensor((Math.PI * (t - w)) / (total - w), { dtype: "float64" });
    return 0.5 * (1 + angle.cos().item());
  },
};

function lambdaOf(formula: string, options: Options): (t: number) => number {
  const compute = formulas[formula.replaceAll(/\s/g, "")];
  if (compute === undefined) throw new Error(`there is no function for the formula ${formula}`);
  const { warmup, factor = 1, total = 60 } = options as Record<string, number>;
  return (t) => compute(t, warmup!, factor, total);
}

/** The engine's schedule for a name and options as the files write them. */
export function createScheduler(
  name: string,
  optimizer: AnyOptimizer,
  options: Options,
  formula?: string,
): Steps {
  const parts = () =>
    (options["schedulers"] as [string, Options][]).map(
      ([part, own]) => createScheduler(part, optimizer, own) as unknown as optim.lrScheduler.LRScheduler,
    );
  if (name === "SequentialLR") {
    const milestones = options["milestones"] as number[];
    return new lrScheduler.SequentialLR(optimizer, { schedulers: parts(), milestones });
  }
  if (name === "ChainedScheduler") return new lrScheduler.ChainedScheduler(parts());
  if (name === "LambdaLR") {
    return new lrScheduler.LambdaLR(optimizer, { lrLambda: lambdaOf(formula!, options) });
  }
  const create = schedules[name];
  if (create === undefined) throw new Error(`there is no schedule ${name}`);
  return create(optimizer, engineOptions(options) as never) as Steps;
}

/** All comparisons of a set. */
export function schedulerChecks({ cases }: SchedulerSet): Check[] {
  return cases.map((each) => ({ name: each.id, run: () => replay(each) }));
}

function replay(each: SchedulerCase): void {
  const parameter = tensor([0], { dtype: "float64", requiresGrad: true });
  const optimizer = new optim.SGD([parameter], { lr: each.base_lr, momentum: 0.9 });
  const scheduler = createScheduler(each.scheduler, optimizer, each.options, each.lambda_formula);
  const group = optimizer.paramGroups[0]!;
  for (const [t, lr] of each.lrs.entries()) {
    compare([group.lr], [lr], 1e-10, `${each.id}: lr of update ${t}`);
    compare(scheduler.getLastLr(), [lr], 1e-10, `${each.id}: last lr before update ${t}`);
    if (each.momentums !== undefined) {
      compare([group.momentum], [each.momentums[t]!], 1e-10, `${each.id}: momentum of update ${t}`);
    }
    optimizer.step();
    if (each.metrics === undefined) scheduler.step();
    else scheduler.step(each.metrics[t]);
  }
}
