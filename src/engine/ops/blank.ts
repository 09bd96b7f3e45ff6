// A tensor whose numbers a kernel is about to write.
import type { Dtype } from "../dtype.ts";
import { Storage, checkSize } from "../memory/heap.ts";
import { sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** A tensor without numbers yet: whoever asks for it writes every one of them. */
export function blank(owner: string, shape: Shape, dtype: Dtype): Tensor {
  const length = sizeOf(shape);
  checkSize(owner, dtype, length);
  return new Tensor(new Storage(dtype, length), shape);
}
