// Datasets: numbered examples. A dataset gives one example (`get`) or the batch of several (`batch`).
import { IndexError, ShapeError, ValueError, describe } from "../errors.ts";
import { tensor } from "../create.ts";
import { stack } from "../ops/layout.ts";
import { Tensor } from "../tensor.ts";
import { checkExamples } from "./common.ts";

/**
 * What becomes of an example when several are put into a batch: tensors are stacked and numbers become a tensor; tuples
 * and objects are put together field by field; anything else (a text, say) becomes an array.
 */
export type Batch<Item> = Item extends Tensor | number | boolean
  ? Tensor
  : Item extends readonly unknown[]
    ? { -readonly [Key in keyof Item]: Batch<Item[Key]> }
    : Item extends (...args: never) => unknown
      ? Item[]
      : Item extends object
        ? { [Key in keyof Item]: Batch<Item[Key]> }
        : Item[];

/**
 * Numbered examples. A class of your own needs two members:
 *
 *     class Squares extends data.Dataset<[number, number]> {
 *       length = 100;
 *       get(index: number): [number, number] {
 *         return [index, index * index];
 *       }
 *     }
 */
export abstract class Dataset<Item = Tensor[]> {
  /** How many examples there are. */
  abstract readonly length: number;

  /** The example of this number, 0 … length − 1. */
  abstract get(index: number): Item;

  /** The examples of these numbers put together, see `collate`. A dataset that can do so at once overrides this. */
  batch(indices: readonly number[]): Batch<Item> {
    return collate(indices.map((index) => this.get(index)));
  }

  /** All examples, in order. */
  *[Symbol.iterator](): Generator<Item, void> {
    for (let i = 0; i < this.length; i++) yield this.get(i);
  }
}

/** Refuses a number that no example has. */
export function checkPosition(owner: string, index: unknown, length: number): asserts index is number {
  if (Number.isInteger(index) && (index as number) >= 0 && (index as number) < length) return;
  throw new IndexError(
    length === 0
      ? `${owner}: there are no examples.`
      : `${owner}: example ${describe(index)} does not exist; there are ${length}, numbered 0 … ${length - 1}.`,
  );
}

/** Refuses what is not a dataset. */
export function checkDataset(owner: string, dataset: unknown): asserts dataset is Dataset<unknown> {
  if (dataset instanceof Dataset) return;
  const hint = dataset instanceof Tensor ? " Wrap tensors: new data.TensorDataset(X, y)." : "";
  throw new ValueError(`${owner}: needs a Dataset, not ${describe(dataset)}.${hint}`);
}

/**
 * Tensors of the same length whose rows belong together: example i is [X[i], y[i], …].
 *
 *     const examples = new data.TensorDataset(X, y);
 *
 * The tensors are not copied.
 * @throws ShapeError if their first sizes differ
 */
export class TensorDataset<Tensors extends Tensor[]> extends Dataset<Tensors> {
  readonly tensors: Tensors;
  override readonly length: number;

  constructor(...tensors: Tensors) {
    super();
    if (tensors.length === 0) throw new ValueError("TensorDataset: needs at least one tensor.");
    for (const [i, each] of tensors.entries()) checkExamples("TensorDataset", `argument ${i + 1}`, each);
    this.length = tensors[0]!.shape[0]!;
    const odd = tensors.findIndex((each) => each.shape[0] !== this.length);
    if (odd >= 0) {
      throw new ShapeError(
        `TensorDataset: the tensors must have the same number of rows: argument 1 has ${this.length}, argument ${odd + 1} has ${tensors[odd]!.shape[0]}.`,
      );
    }
    this.tensors = tensors;
  }

  override get(index: number): Tensors {
    checkPosition("TensorDataset.get", index, this.length);
    return this.tensors.map((each) => each.select(0, index)) as Tensors;
  }

  override batch(indices: readonly number[]): Batch<Tensors> {
    for (const index of indices) checkPosition("TensorDataset.batch", index, this.length);
    const first = indices[0] ?? 0;
    // Neighbouring rows are copied in one piece.
    const consecutive = indices.every((index, i) => index === first + i);
    const rows = consecutive ? null : tensor(indices, { dtype: "int32" });
    return this.tensors.map((each) =>
      rows === null ? each.slice(first, first + indices.length) : each.indexSelect(0, rows),
    ) as Batch<Tensors>;
  }
}

/** An array as a dataset. */
export class ListDataset<Item> extends Dataset<Item> {
  readonly items: readonly Item[];

  constructor(items: readonly Item[]) {
    super();
    this.items = items;
  }

  override get length(): number {
    return this.items.length;
  }

  override get(index: number): Item {
    checkPosition("ListDataset.get", index, this.length);
    return this.items[index]!;
  }
}

/**
 * Some examples of another dataset, under new numbers: example i is example indices[i] there.
 * @param indices an array or an int32 tensor, as KFold gives; numbers may repeat
 */
export class Subset<Item> extends Dataset<Item> {
  readonly dataset: Dataset<Item>;
  readonly indices: readonly number[];

  constructor(dataset: Dataset<Item>, indices: ArrayLike<number> | Tensor) {
    super();
    checkDataset("Subset", dataset);
    const isList = Array.isArray(indices) || ArrayBuffer.isView(indices) || indices instanceof Tensor;
    if (!isList) {
      throw new ValueError(`Subset: indices must be an array or an int32 tensor, not ${describe(indices)}.`);
    }
    this.indices = Array.from(indices instanceof Tensor ? indices.data : indices);
    for (const index of this.indices) checkPosition("Subset", index, dataset.length);
    this.dataset = dataset;
  }

  override get length(): number {
    return this.indices.length;
  }

  override get(index: number): Item {
    checkPosition("Subset.get", index, this.length);
    return this.dataset.get(this.indices[index]!);
  }

  override batch(indices: readonly number[]): Batch<Item> {
    return this.dataset.batch(
      indices.map((index) => {
        checkPosition("Subset.batch", index, this.length);
        return this.indices[index]!;
      }),
    );
  }
}

/** Several datasets one after the other. */
export class ConcatDataset<Item> extends Dataset<Item> {
  readonly datasets: readonly Dataset<Item>[];
  override readonly length: number;

  constructor(datasets: readonly Dataset<Item>[]) {
    super();
    if (!Array.isArray(datasets) || datasets.length === 0) {
      throw new ValueError("ConcatDataset: needs an array of at least one dataset.");
    }
    for (const each of datasets) checkDataset("ConcatDataset", each);
    this.datasets = datasets;
    this.length = this.datasets.reduce((sum, each) => sum + each.length, 0);
  }

  override get(index: number): Item {
    checkPosition("ConcatDataset.get", index, this.length);
    let rest = index;
    for (const each of this.datasets) {
      if (rest < each.length) return each.get(rest);
      rest -= each.length;
    }
    throw new IndexError(
      `ConcatDataset.get: example ${index} does not exist any more: a dataset has shrunk.`,
    );
  }
}

/**
 * Several examples as one batch: tensors are stacked along a new first dimension; numbers become a tensor (int32 if all are
 * whole, as class numbers are, otherwise float32); tuples and objects are put together field by field; anything else
 * becomes an array.
 * @throws ValueError if the examples are of different kinds, ShapeError if their tensors have different shapes
 */
export function collate<Item>(items: readonly Item[]): Batch<Item> {
  if (!Array.isArray(items) || items.length === 0) {
    throw new ValueError(`collate: needs an array of at least one example, not ${describe(items)}.`);
  }
  return collateFields(items, "the examples") as Batch<Item>;
}

function collateFields(items: readonly unknown[], place: string): unknown {
  const first = items[0];
  const same = (test: (item: unknown) => boolean): boolean => {
    const odd = items.findIndex((item) => !test(item));
    if (odd < 0) return true;
    throw new ValueError(
      `collate: ${place} must all be of one kind: the first is ${describe(first)}, number ${odd} is ${describe(items[odd])}.`,
    );
  };
  if (first instanceof Tensor) {
    same((item) => item instanceof Tensor);
    return stack(items as Tensor[]);
  }
  if (typeof first === "number" || typeof first === "boolean") {
    same((item) => typeof item === typeof first);
    const numbers = items.map(Number);
    const whole = numbers.every((value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31);
    return tensor(numbers, { dtype: whole ? "int32" : "float32" });
  }
  if (Array.isArray(first)) {
    same((item) => Array.isArray(item) && item.length === first.length);
    return first.map((_, i) =>
      collateFields(
        items.map((item) => (item as unknown[])[i]),
        `entries ${i} of ${place}`,
      ),
    );
  }
  if (typeof first === "object" && first !== null && Object.getPrototypeOf(first) === Object.prototype) {
    const keys = Object.keys(first);
    same((item) => typeof item === "object" && item !== null && keys.every((key) => key in item));
    return Object.fromEntries(
      keys.map((key) => [
        key,
        collateFields(
          items.map((item) => (item as Record<string, unknown>)[key]),
          `fields ${key} of ${place}`,
        ),
      ]),
    );
  }
  return [...items];
}
