// How wrong calls are written down: groups by operation; each row is a call, the class of the error, and a piece of its
// message that shows what was given. Every message must also name the operation.
import {
  DtypeError,
  type EngineError,
  IndexError,
  type Tensor,
  ValueError,
  tensor,
} from "../../../src/engine/index.ts";

export type ErrorClass = new (message: string) => EngineError;
export type Row = [call: () => unknown, error: ErrorClass, fragment: string];
/** Rows by the name that their messages must contain; what follows a colon only tells groups apart. */
export type Groups = Record<string, Row[]>;

/** A value of a type that the compiler would refuse. */
export const any = (value: unknown): never => value as never;

/** An int32 tensor. */
export const int = (values: unknown): Tensor => tensor(values as number[], { dtype: "int32" });

/** Values that are no tensor and no number, and how a message shows them. */
const noOperands: [value: unknown, shown: string][] = [
  [undefined, "undefined"],
  [null, "null"],
  ["3", '"3"'],
  [[1, 2], "an array of length 2"],
  [{ x: 1 }, "an object"],
  [true, "true"],
];

/** A call that takes a tensor or a number, with everything else. */
export function operands(call: (operand: never) => unknown): Row[] {
  return noOperands.map(([value, shown]) => [() => call(value as never), ValueError, shown]);
}

/** A call that takes a tensor, with everything else. */
export function tensors(call: (tensor: never) => unknown): Row[] {
  return [...operands(call), [() => call(any(2)), ValueError, "not 2"]];
}

/** A call that takes a list of tensors, with everything else. */
export function lists(call: (list: never) => unknown): Row[] {
  return operands(call).filter(([, , shown]) => !shown.startsWith("an array"));
}

/** A call that takes a dimension of a tensor of rank 2, with dims that do not exist. */
export function dims(call: (dim: never) => unknown): Row[] {
  const wrong: [value: unknown, shown: string][] = [
    [2, "dim 2"],
    [-3, "dim -3"],
    [0.5, "dim 0.5"],
    [NaN, "dim NaN"],
    ["a", 'dim "a"'],
    [null, "dim null"],
  ];
  return wrong.map(([value, shown]) => [() => call(value as never), IndexError, shown]);
}

/** A call that takes dims: as one dim, and twice the same. */
export function manyDims(call: (dim: never) => unknown): Row[] {
  return [
    ...dims(call),
    [() => call(any([0, -2])), IndexError, "named twice"],
    [() => call(any([3])), IndexError, "dim 3"],
  ];
}

/** A call that takes int32 positions within a dimension of 2 entries. */
export function positions(call: (index: never) => unknown): Row[] {
  return [
    ...operands(call),
    [() => call(any(tensor([0, 1]))), DtypeError, "float32"],
    [() => call(any(int([0, 2]))), IndexError, "index 2 at position 1"],
    [() => call(any(int([-1]))), IndexError, "index -1 at position 0"],
  ];
}
