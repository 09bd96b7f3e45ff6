// Checks of arguments at the door of an operation, each with the message that teaches.
import { checkDtype, isFloat, type FloatDtype } from "./dtype.ts";
import { DtypeError, OptionError, ValueError, describe } from "./errors.ts";
import { kernels } from "./kernels/kernels.ts";
import { place } from "./memory/heap.ts";
import { Tensor } from "./tensor.ts";

/** Refuses what is no tensor. @param name what the argument is, e.g. "the condition" */
export function checkTensor(owner: string, name: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  const hint = typeof value === "number" || Array.isArray(value) ? " Wrap it in tensor(…)." : "";
  throw new ValueError(`${owner}: ${name} must be a tensor, not ${describe(value)}.${hint}`);
}

/** Refuses int32 where an operation computes with real numbers only. */
export function checkFloat(owner: string, x: Tensor): void {
  if (isFloat(x.dtype)) return;
  throw new DtypeError(`${owner}: works on float32 and float64, not int32. Convert with .to("float32").`);
}

/** Refuses a dtype that parameters cannot have. */
export function checkFloatDtype(owner: string, dtype: unknown): asserts dtype is FloatDtype {
  checkDtype(owner, dtype);
  if (isFloat(dtype)) return;
  throw new DtypeError(`${owner}: dtype must be "float32" or "float64", not "int32".`);
}

/** Refuses an option or argument that is not true or false. */
export function checkBoolean(owner: string, name: string, value: unknown): asserts value is boolean {
  if (typeof value === "boolean") return;
  throw new OptionError(`${owner}: ${name} must be true or false, not ${describe(value)}.`);
}

/** Refuses an option that is none of a few names. */
export function checkChoice<T extends string>(
  owner: string,
  name: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  if (choices.includes(value as T)) return;
  const names = choices.map((choice) => JSON.stringify(choice)).join(" or ");
  throw new OptionError(`${owner}: ${name} must be ${names}, not ${describe(value)}.`);
}

/** Refuses a number that no int32 holds; fractions may be cut off, but nothing wraps round or saturates unnoticed. */
export function checkFitsInt32(owner: string, value: number): void {
  if (value > -2147483649 && value < 2147483648) return;
  throw new ValueError(
    `${owner}: ${value} does not fit int32, which holds whole numbers from −2147483648 to 2147483647. Use dtype float64.`,
  );
}

/** The same for all numbers of a float tensor. */
export function checkAllFitInt32(owner: string, x: Tensor): void {
  if (!isFloat(x.dtype) || x.size === 0) return;
  place(x.storage);
  const bad = kernels[x.dtype].badWhole(x.storage.address, x.size);
  if (bad >= 0) checkFitsInt32(owner, x.data[bad]!);
}
