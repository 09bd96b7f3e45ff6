// The data loader: goes through a dataset in batches, once for each `for … of`.
import { OptionError, checkNumber, checkOptions, describe } from "../errors.ts";
import { checkBoolean, generatorFrom, seedOptionNames, type SeedOptions } from "./common.ts";
import { ListDataset, checkDataset, type Batch, type Dataset } from "./dataset.ts";
import { RandomSampler, SequentialSampler } from "./sampler.ts";

export interface DataLoaderOptions<Item, Collated = Batch<Item>> extends SeedOptions {
  /** Examples a batch; the last one holds what is left. Default 1. */
  batchSize?: number;
  /** A new random order each epoch. Default false. */
  shuffle?: boolean;
  /** Leave out the last batch if it is smaller than the others. Default false. */
  dropLast?: boolean;
  /** Numbers of examples in the order of an epoch, instead of `shuffle`: a sampler, an array or any iterable. */
  sampler?: Iterable<number> & { readonly length: number };
  /** Makes a batch from an array of examples. Default: as `data.collate` does. */
  collateFn?: (items: Item[]) => Collated;
}

const optionNames = ["batchSize", "shuffle", "dropLast", "sampler", "collateFn", ...seedOptionNames] as const;

/**
 * Batches of a dataset. Each `for … of` is an epoch: with `shuffle`, in a new random order drawn from the generator.
 *
 *     const loader = new data.DataLoader(new data.TensorDataset(X, y), { batchSize: 32, shuffle: true });
 *     for (const [x, labels] of loader) { … }
 *
 * Only the current batch is copied.
 */
export class DataLoader<Item, Collated = Batch<Item>> {
  readonly dataset: Dataset<Item>;
  readonly batchSize: number;
  readonly dropLast: boolean;
  /** The order in which examples are visited. */
  readonly sampler: Iterable<number> & { readonly length: number };
  readonly #collate: ((items: Item[]) => Collated) | undefined;

  /** @param dataset a Dataset, or an array of examples */
  constructor(dataset: Dataset<Item> | readonly Item[], options: DataLoaderOptions<Item, Collated> = {}) {
    checkOptions("DataLoader", options, optionNames);
    const { batchSize = 1, shuffle = false, dropLast = false, sampler, collateFn } = options;
    const source = Array.isArray(dataset)
      ? new ListDataset(dataset as readonly Item[])
      : (dataset as Dataset<Item>);
    checkDataset("DataLoader", source);
    checkNumber("DataLoader", "batchSize", batchSize, { min: 1, whole: true });
    checkBoolean("DataLoader", "shuffle", shuffle);
    checkBoolean("DataLoader", "dropLast", dropLast);
    if (collateFn !== undefined && typeof collateFn !== "function") {
      throw new OptionError(
        `DataLoader: collateFn must be a function of an array of examples, not ${describe(collateFn)}.`,
      );
    }
    const generator = generatorFrom("DataLoader", options);
    this.dataset = source;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.#collate = collateFn;
    if (sampler === undefined) {
      this.sampler = shuffle ? new RandomSampler(source, { generator }) : new SequentialSampler(source);
      return;
    }
    if (shuffle) {
      throw new OptionError("DataLoader: a sampler decides the order itself; leave out shuffle or sampler.");
    }
    if (typeof sampler?.[Symbol.iterator] !== "function" || typeof sampler.length !== "number") {
      throw new OptionError(
        `DataLoader: sampler must be a sampler or an array of numbers, not ${describe(sampler)}.`,
      );
    }
    this.sampler = sampler;
  }

  /** Batches an epoch. */
  get length(): number {
    const batches = this.sampler.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** One epoch. */
  *[Symbol.iterator](): Generator<Collated, void> {
    let indices: number[] = [];
    for (const index of this.sampler) {
      indices.push(index);
      if (indices.length < this.batchSize) continue;
      yield this.#batch(indices);
      indices = [];
    }
    if (indices.length > 0 && !this.dropLast) yield this.#batch(indices);
  }

  #batch(indices: number[]): Collated {
    if (this.#collate !== undefined) return this.#collate(indices.map((index) => this.dataset.get(index)));
    return this.dataset.batch(indices) as unknown as Collated;
  }
}
