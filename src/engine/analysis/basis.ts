// Long vectors for Lanczos' method: an orthonormal basis that grows, kept on the engine's heap in float64.
import { MemoryError } from "../errors.ts";
import { kernels } from "../kernels/kernels.ts";
import {
  Storage,
  adopt,
  checkSize,
  copyOut,
  formatBytes,
  moveBytes,
  place,
  readOne,
  release,
} from "../memory/heap.ts";
import type { Generator } from "../random/generator.ts";
import { Tensor } from "../tensor.ts";

const { dot, planePoint, rowProducts, scale, subtractRows } = kernels.float64;

/** A vector of n float64 numbers that its owner may change in place. */
export class Vector {
  readonly storage: Storage;
  constructor(storage: Storage) {
    this.storage = storage;
  }

  /** A copy of a float64 tensor's numbers. */
  static of(tensor: Tensor): Vector {
    const copy = new Storage("float64", tensor.size);
    place(tensor.storage, copy);
    moveBytes(tensor.storage.address, copy.address, 8 * tensor.size);
    return new Vector(copy);
  }

  /** Takes over an array. */
  static adopt(values: Float64Array<ArrayBuffer>): Vector {
    return new Vector(adopt("float64", values));
  }

  static normal(n: number, generator: Generator): Vector {
    return Vector.adopt(generator.normalArray(n));
  }

  get size(): number {
    return this.storage.length;
  }

  /** The scalar product with another. */
  dot(other: Vector): number {
    place(this.storage, other.storage);
    return dot(this.storage.address, other.storage.address, this.size);
  }

  norm(): number {
    return Math.sqrt(this.dot(this));
  }

  /** Multiplies every number by a factor. */
  scale(factor: number): void {
    place(this.storage);
    scale(this.storage.address, factor, this.storage.address, this.size);
  }

  /** this ← this + factor·other. */
  addScaled(factor: number, other: Vector): void {
    place(this.storage, other.storage);
    planePoint(
      this.storage.address,
      factor,
      other.storage.address,
      0,
      other.storage.address,
      this.storage.address,
      this.size,
    );
  }

  /** Gives the memory back. Not to be used afterwards; what is large would else wait on the heap until that is full. */
  free(): void {
    release(this.storage);
  }

  /** A tensor (n,) of its own with these numbers. */
  toTensor(): Tensor {
    return Tensor.adopt(copyOut(this.storage), [this.size], "float64");
  }
}

/** Up to `capacity` orthonormal vectors of n numbers, as the rows of one matrix. */
export class Basis {
  readonly capacity: number;
  readonly n: number;
  /** How many vectors it has now. */
  count = 0;
  readonly #rows: Storage;
  readonly #factors: Storage;

  constructor(owner: string, capacity: number, n: number) {
    try {
      checkSize(owner, "float64", capacity * n);
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
      throw new MemoryError(
        `${owner}: ${capacity} vectors of ${n.toLocaleString("en")} numbers take ${formatBytes(8 * capacity * n)}, more than the limit (setMemoryLimit changes it). Use a smaller basisSize.`,
      );
    }
    this.capacity = capacity;
    this.n = n;
    this.#rows = new Storage("float64", capacity * n);
    this.#factors = new Storage("float64", capacity);
  }

  /** Adds a vector, which is copied. */
  push(vector: Vector): void {
    place(this.#rows, vector.storage);
    moveBytes(vector.storage.address, this.#rows.address + 8 * this.count * this.n, 8 * this.n);
    this.count++;
  }

  /** A copy of vector i. */
  get(i: number): Vector {
    const copy = new Storage("float64", this.n);
    place(this.#rows, copy);
    moveBytes(this.#rows.address + 8 * i * this.n, copy.address, 8 * this.n);
    return new Vector(copy);
  }

  /** Takes away all components of a vector along the basis, twice, because once leaves rounding errors behind. */
  orthogonalise(vector: Vector): void {
    if (this.count === 0) return;
    place(this.#rows, this.#factors, vector.storage);
    const [rows, factors, x] = [this.#rows.address, this.#factors.address, vector.storage.address];
    for (let pass = 0; pass < 2; pass++) {
      rowProducts(rows, this.count, this.n, x, factors);
      subtractRows(rows, this.count, this.n, factors, x);
    }
  }

  /** Σ weights[j]·(vector j). */
  combine(weights: ArrayLike<number>): Vector {
    const negative = adopt(
      "float64",
      Float64Array.from({ length: this.count }, (_, j) => -weights[j]!),
    );
    const out = Tensor.full([this.n], 0, "float64").storage;
    place(this.#rows, negative, out);
    subtractRows(this.#rows.address, this.count, this.n, negative.address, out.address);
    release(negative);
    return new Vector(out);
  }

  /** The components of a vector along the basis. */
  componentsOf(vector: Vector): number[] {
    place(this.#rows, this.#factors, vector.storage);
    rowProducts(this.#rows.address, this.count, this.n, vector.storage.address, this.#factors.address);
    return Array.from({ length: this.count }, (_, j) => readOne(this.#factors, j));
  }

  /** Replaces the vectors by combinations of them: new vector i is Σ weights[i][j]·(vector j). */
  replace(weights: readonly ArrayLike<number>[]): void {
    const combined = weights.map((row) => this.combine(row));
    this.count = 0;
    for (const vector of combined) {
      this.push(vector);
      vector.free();
    }
  }

  /** Gives the memory back. */
  free(): void {
    release(this.#rows);
    release(this.#factors);
    this.count = 0;
  }
}
