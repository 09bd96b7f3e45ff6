// Comparing tensors and gradients with reference cases: what replays of forward and backward passes share.
import { type Tensor, autograd } from "../../../src/engine/index.ts";
import { type Check, type Precision, type WrittenTensor, build, compare } from "./numbers.ts";

export const precisions: readonly Precision[] = ["float64", "float32"];

/** One case of a forward and backward pass. */
export interface PassCase {
  id: string;
  op: string;
  inputs: Record<string, WrittenTensor | null>;
  constants?: Record<string, WrittenTensor>;
  grad_output: WrittenTensor;
  expected: Record<Precision, { output: WrittenTensor; grads: Record<string, WrittenTensor | null> }>;
}

/** The same shape, and |a − b| ≤ tolerance·(1 + |b|) number by number. */
export function compareTensor(
  actual: Tensor,
  expected: WrittenTensor,
  tolerance: number,
  what: string,
): void {
  compare(actual.shape, expected.shape, 0, `shape of ${what}`);
  compare(actual.data, expected.data, tolerance, what);
}

/** The inputs as leaves, and the constants: whole numbers as int32, others in the precision of the case. */
export function operandsOf(each: PassCase, precision: Precision): Record<string, Tensor> {
  const operands: Record<string, Tensor> = {};
  for (const [name, written] of Object.entries(each.inputs)) {
    if (written !== null) operands[name] = build(written, precision).requiresGrad_();
  }
  for (const [name, written] of Object.entries(each.constants ?? {})) {
    operands[name] = build(written, written.data.every(Number.isInteger) ? "int32" : precision);
  }
  return operands;
}

/** Output, then the gradients of Σ output·grad_output. */
export function replayPass(
  each: PassCase,
  precision: Precision,
  tolerance: number,
  compute: (operands: Record<string, Tensor>) => Tensor,
): void {
  const operands = operandsOf(each, precision);
  const output = compute(operands);
  const expected = each.expected[precision];
  compareTensor(output, expected.output, tolerance, "output");
  const names = Object.keys(each.inputs).filter((name) => each.inputs[name] !== null);
  const gradients = autograd.grad(
    output,
    names.map((name) => operands[name]!),
    { gradOutputs: build(each.grad_output, precision).reshape(output.shape), allowUnused: true },
  );
  for (const [i, name] of names.entries()) {
    const wanted = expected.grads[name];
    if (wanted) compareTensor(gradients[i]!, wanted, tolerance, `gradient of ${name}`);
  }
}

/** One check for each case and precision, named by both. */
export function checksOf<C extends { id: string }>(
  cases: readonly C[],
  replay: (each: C, precision: Precision) => void,
): Check[] {
  return cases.flatMap((each) =>
    precisions.map((precision) => ({
      name: `${each.id} ${precision}`,
      run: () => replay(each, precision),
    })),
  );
}
