// Element types, and the JavaScript arrays that hold them.
import { DtypeError, describe } from "./errors.ts";

/** float32 is the default; float64 for analysis and checks; int32 for indices, class labels and the results of comparisons. */
export type Dtype = "float32" | "float64" | "int32";
export type FloatDtype = "float32" | "float64";
export type TypedArray = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Bytes an element takes. */
export const bytesOf: Record<Dtype, number> = { float32: 4, float64: 8, int32: 4 };

/** An array of zeros that holds this type. */
export function allocateArray(dtype: Dtype, length: number): TypedArray {
  if (dtype === "float32") return new Float32Array(length);
  return dtype === "float64" ? new Float64Array(length) : new Int32Array(length);
}

export function isFloat(dtype: Dtype): dtype is FloatDtype {
  return dtype !== "int32";
}

/** The type that holds both: int32 < float32 < float64, as in PyTorch. */
export function promote(a: Dtype, b: Dtype): Dtype {
  if (a === b) return a;
  if (a === "float64" || b === "float64") return "float64";
  return "float32";
}

export function checkDtype(owner: string, dtype: unknown): asserts dtype is Dtype {
  if (dtype === "float32" || dtype === "float64" || dtype === "int32") return;
  throw new DtypeError(`${owner}: dtype must be "float32", "float64" or "int32", not ${describe(dtype)}.`);
}
