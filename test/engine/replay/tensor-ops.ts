// Replays tensor_ops.json: each case names its computation by an expression of its inputs.
import type { Tensor } from "../../../src/engine/index.ts";
import { type PassCase, checksOf, replayPass } from "./compare.ts";
import { type Value, evaluateTensor } from "./expressions.ts";
import type { Check, WrittenTensor } from "./numbers.ts";

export interface TensorOpsSet {
  cases: PassCase[];
}

/**
 * The sizes that expressions call by letters: b, m, n are those of the input a from the back, d the width of the queries.
 * The target of an expansion is told by the result's shape only.
 */
function sizesOf({ op, inputs, expected }: PassCase): Record<string, number> {
  const sizes: Record<string, number> = {};
  const name = (letters: readonly string[], shape: readonly number[]): void => {
    for (const [i, letter] of letters.entries()) sizes[letter] = shape[i]!;
  };
  const shapeOf = (written: WrittenTensor | null | undefined): number[] => written?.shape ?? [];
  const a = shapeOf(inputs["a"]);
  name(["b", "m", "n"].slice(-a.length), a);
  const width = shapeOf(inputs["q"]).at(-1);
  if (width !== undefined) sizes["d"] = width;
  const target = /^expand\(a,\s*\[([^\]]*)\]/.exec(op);
  if (target !== null) name(target[1]!.split(/\s*,\s*/), expected.float64.output.shape);
  return sizes;
}

/** The computation that the case names. */
export function computeOf(each: PassCase): (operands: Record<string, Tensor>) => Tensor {
  return (operands) => {
    const names: Record<string, Value> = { ...sizesOf(each), ...operands };
    return evaluateTensor(each.op, names);
  };
}

/** Every case of the file in both precisions. */
export function tensorOpsChecks({ cases }: TensorOpsSet): Check[] {
  return checksOf(cases, (each, precision) => {
    replayPass(each, precision, precision === "float64" ? 1e-10 : 2e-5, computeOf(each));
  });
}
