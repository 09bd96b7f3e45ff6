// Replays losses.json: every loss as a module made from the case's options.
import { type Tensor, nn } from "../../../src/engine/index.ts";
import { type PassCase, checksOf, replayPass } from "./compare.ts";
import { type Check, engineOptions } from "./numbers.ts";

type Options = Record<string, unknown>;
type Operands = Record<string, Tensor>;

export interface LossCase extends PassCase {
  options: Options;
}

export interface LossSet {
  cases: LossCase[];
}

type Loss = (input: Tensor, target: Tensor, options: never) => Tensor;

/** Losses of class numbers, whose targets stay whole. */
const ofClasses: Record<string, Loss> = {
  CrossEntropyLoss: (input, target, options) => new nn.CrossEntropyLoss(options).forward(input, target),
  NLLLoss: (input, target, options) => new nn.NLLLoss(options).forward(input, target),
};

/** Losses of real targets. */
const ofNumbers: Record<string, Loss> = {
  MSELoss: (input, target, options) => new nn.MSELoss(options).forward(input, target),
  L1Loss: (input, target, options) => new nn.L1Loss(options).forward(input, target),
  SmoothL1Loss: (input, target, options) => new nn.SmoothL1Loss(options).forward(input, target),
  HuberLoss: (input, target, options) => new nn.HuberLoss(options).forward(input, target),
  BCEWithLogitsLoss: (input, target, options) => new nn.BCEWithLogitsLoss(options).forward(input, target),
  BCELoss: (input, target, options) => new nn.BCELoss(options).forward(input, target),
  KLDivLoss: (input, target, options) => new nn.KLDivLoss(options).forward(input, target),
};

/** Losses that the files write as a formula. */
const formulas: Record<string, (input: Tensor, target: Tensor) => Tensor> = {
  "sum((softmax(input,1)-target)^2)": (input, target) => input.softmax(1).sub(target).pow(2).sum(),
};

/** Names of tensors among the options: true there means that the constants have them. */
const tensorOptions = { weight: "weight", posWeight: "pos_weight" } as const;

/** The loss of a case. */
export function computeLoss({ op, options: written }: LossCase): (operands: Operands) => Tensor {
  return (t) => {
    const { note: _note, softTargets = false, expr, ...options } = engineOptions(written);
    const input = t["input"]!;
    const real = (values: Tensor) => values.to(input.dtype);
    if (op === "composite") {
      const formula = formulas[written["expr"] as string];
      if (formula === undefined) throw new Error(`there is no formula ${String(expr)}`);
      return formula(input, real(t["target"]!));
    }
    for (const [name, constant] of Object.entries(tensorOptions)) {
      delete options[name];
      if (t[constant] !== undefined) options[name] = real(t[constant]);
    }
    const withClasses = ofClasses[op];
    if (withClasses !== undefined) {
      const target = softTargets === true ? real(t["target"]!) : t["target"]!;
      return withClasses(input, target, options as never);
    }
    const withNumbers = ofNumbers[op];
    if (withNumbers === undefined) throw new Error(`there is no loss ${op}`);
    return withNumbers(input, real(t["target"]!), options as never);
  };
}

/** Every case of the file in both precisions. */
export function lossChecks({ cases }: LossSet): Check[] {
  return checksOf(cases, (each, precision) => {
    replayPass(each, precision, precision === "float64" ? 1e-10 : 2e-5, computeLoss(each));
  });
}
