// Cross-entropy of scores and class numbers as one operation: one kernel forward, one backward.
import { record, type TapeEntry } from "../autograd/tape.ts";
import type { FloatDtype } from "../dtype.ts";
import { IndexError } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import { Storage, place, readOne, release } from "../memory/heap.ts";
import { Tensor } from "../tensor.ts";
import { div, mul, notEqual, sub } from "./elementwise.ts";
import { oneHot } from "./indexing.ts";
import { reshape } from "./layout.ts";
import { softmax } from "./reduce.ts";

/**
 * Σ −ln softmax(x)[target] over the rows whose target is not `ignored`, or their mean. ∂/∂x = (softmax − one-hot)·g/n.
 * @param x scores (rows, classes)
 * @param target class numbers (rows,), int32
 */
export function crossEntropyOfClasses(
  x: Tensor,
  target: Tensor,
  options: { ignored: number; mean: boolean },
): Tensor {
  const { ignored, mean } = options;
  const dtype = x.dtype as FloatDtype;
  const [rows, classes] = x.shape as [number, number];
  const out = new Tensor(new Storage(dtype, 1), []);
  const logProbabilities = new Storage(dtype, x.size);
  const losses = new Storage(dtype, rows);
  place(x.storage, target.storage, logProbabilities, losses, out.storage);
  const count = kernels[dtype].crossEntropy(
    x.storage.address,
    target.storage.address,
    logProbabilities.address,
    losses.address,
    out.storage.address,
    rows,
    classes,
    ignored,
    mean ? 1 : 0,
  );
  release(losses);
  if (count < 0) {
    const position = -1 - count;
    throw new IndexError(
      `crossEntropy: target ${readOne(target.storage, position)} at position ${position} is no class; scores of shape (${rows}, ${classes}) have the classes 0 … ${classes - 1}.`,
    );
  }
  const divisor = mean ? count : 1;
  return record(
    "crossEntropy",
    out,
    [x],
    [x, target],
    [
      (g) => {
        const hits = reshape(notEqual(target, ignored), [rows, 1]).to(dtype);
        const classesHit = oneHot(mul(target, notEqual(target, ignored)), classes).to(dtype);
        return mul(mul(sub(softmax(x, 1), classesHit), hits), div(g, divisor));
      },
    ],
    [(g, made) => backward(g, made, logProbabilities, ignored, divisor)],
  );
}

function backward(
  g: Tensor,
  { saved }: TapeEntry,
  logProbabilities: Storage,
  ignored: number,
  divisor: number,
): Tensor {
  const [x, target] = saved as [Tensor, Tensor];
  const [rows, classes] = x.shape as [number, number];
  const out = new Tensor(new Storage(x.dtype, x.size), x.shape);
  place(g.storage, logProbabilities, target.storage, out.storage);
  kernels[x.dtype as FloatDtype].crossEntropyBackward(
    g.storage.address,
    logProbabilities.address,
    target.storage.address,
    out.storage.address,
    rows,
    classes,
    ignored,
    divisor,
  );
  return out;
}
