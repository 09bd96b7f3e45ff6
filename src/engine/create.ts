// Functions that make tensors.
import { checkBoolean, checkFitsInt32, checkTensor } from "./check.ts";
import { allocateArray, checkDtype, isFloat, type Dtype, type TypedArray } from "./dtype.ts";
import {
  OptionError,
  ShapeError,
  ValueError,
  checkNumber,
  checkOptions,
  describe,
  formatShape,
} from "./errors.ts";
import { kernels } from "./kernels/kernels.ts";
import { Storage, checkSize, place } from "./memory/heap.ts";
import { embedded } from "./ops/rearrange.ts";
import { Generator, defaultGenerator } from "./random/generator.ts";
import { checkShape, sizeOf, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** What `tensor` understands: numbers or booleans in nested arrays, a typed array, another tensor, or arrays of tensors' rows. */
export type TensorData = number | boolean | readonly TensorData[] | ArrayLike<number> | Tensor;

export interface TensorOptions {
  /** Element type. Default float32. */
  dtype?: Dtype;
  /** Record what is computed from it, so that it can receive a gradient. Default false. */
  requiresGrad?: boolean;
}

function resolveOptions(owner: string, options: TensorOptions, fallback: Dtype = "float32"): Dtype {
  checkOptions(owner, options, ["dtype", "requiresGrad"]);
  const { dtype = fallback, requiresGrad = false } = options;
  checkDtype(owner, dtype);
  checkBoolean(owner, "requiresGrad", requiresGrad);
  return dtype;
}

function finish(out: Tensor, options: TensorOptions): Tensor {
  if (options.requiresGrad === true) out.requiresGrad = true;
  return out;
}

function isArrayLike(value: unknown): value is ArrayLike<TensorData> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** More dimensions than anybody means: an array that contains itself has no end. */
const MOST_DIMS = 64;

/** The shape that nested arrays have by their first entries. */
function shapeOf(values: TensorData, depth = 0): number[] {
  if (values instanceof Tensor) return [...values.shape];
  if (!isArrayLike(values)) return [];
  if (depth === MOST_DIMS) throw new ShapeError(`tensor: the arrays are nested more than ${MOST_DIMS} deep.`);
  return values.length === 0 ? [0] : [values.length, ...shapeOf(values[0]!, depth + 1)];
}

/** Writes nested arrays into `target`, checking that they are as regular as `shape` says. */
function fillFrom(values: TensorData, shape: Shape, target: TypedArray): void {
  let position = 0;
  const whole = target instanceof Int32Array;
  const put = (value: number): void => {
    if (whole) checkFitsInt32("tensor", value);
    target[position++] = value;
  };
  const visit = (value: TensorData, dim: number, path: string): void => {
    if (value instanceof Tensor) {
      if (formatShape(value.shape) !== formatShape(shape.slice(dim))) {
        throw new ShapeError(
          `tensor: entry ${path} has shape ${formatShape(value.shape)}; ${formatShape(shape.slice(dim))} was expected.`,
        );
      }
      for (const number of value.data) put(number);
      return;
    }
    if (isArrayLike(value)) {
      if (dim === shape.length || value.length !== shape[dim]) {
        const expected = dim === shape.length ? "a number" : `an array of length ${shape[dim]}`;
        throw new ShapeError(
          `tensor: the nested arrays are not regular: entry ${path} is an array of length ${value.length}, where the first entries have ${expected}.`,
        );
      }
      for (let i = 0; i < value.length; i++) visit(value[i]!, dim + 1, `${path}[${i}]`);
      return;
    }
    if (typeof value !== "number" && typeof value !== "boolean") {
      throw new ValueError(`tensor: entry ${path || "itself"} is ${describe(value)}, not a number.`);
    }
    if (dim !== shape.length) {
      throw new ShapeError(
        `tensor: the nested arrays are not regular: entry ${path} is a number, where the first entries have arrays of length ${shape[dim]}.`,
      );
    }
    put(Number(value));
  };
  visit(values, 0, "");
}

/**
 * A tensor with the given numbers.
 *
 *     const x = tensor([[1, 2], [3, 4]]);
 *     const w = tensor([0.5, -0.5], { dtype: "float64", requiresGrad: true });
 *
 * @param values a number, nested arrays of equal lengths, a typed array, or a tensor (copied, without its history)
 * @throws ShapeError if the nested arrays are not regular, ValueError if an entry is not a number
 */
export function tensor(values: TensorData, options: TensorOptions = {}): Tensor {
  const dtype = resolveOptions("tensor", options, values instanceof Tensor ? values.dtype : "float32");
  const shape = shapeOf(values);
  const length = sizeOf(shape);
  checkSize("tensor", dtype, length);
  const target = allocateArray(dtype, length);
  const numbers = isFloat(dtype) && (values instanceof Float32Array || values instanceof Float64Array);
  if (numbers) target.set(values);
  else fillFrom(values, shape, target);
  return finish(Tensor.adopt(target, shape, dtype), options);
}

function filled(owner: string, shape: Shape | number, value: number, options: TensorOptions): Tensor {
  const dtype = resolveOptions(owner, options);
  const sizes = [...checkShape(owner, shape)];
  checkSize(owner, dtype, sizeOf(sizes));
  if (typeof value !== "number") {
    throw new ValueError(`${owner}: the value must be a number, not ${describe(value)}.`);
  }
  return finish(Tensor.full(sizes, value, dtype), options);
}

/** The shape of another tensor, and options that take over its type. */
function likeThat(owner: string, x: Tensor, options: TensorOptions): [shape: Shape, options: TensorOptions] {
  checkTensor(owner, "the first argument", x);
  return [x.shape, { dtype: x.dtype, ...options }];
}

/** A tensor filled with one value. @param shape sizes, e.g. [2, 3]; [] for a scalar */
export function full(shape: Shape | number, value: number, options: TensorOptions = {}): Tensor {
  return filled("full", shape, value, options);
}

/** Zeros. */
export function zeros(shape: Shape | number, options: TensorOptions = {}): Tensor {
  return filled("zeros", shape, 0, options);
}

/** Ones. */
export function ones(shape: Shape | number, options: TensorOptions = {}): Tensor {
  return filled("ones", shape, 1, options);
}

/** Zeros of the shape and type of another tensor. */
export function zerosLike(x: Tensor, options: TensorOptions = {}): Tensor {
  const [shape, all] = likeThat("zerosLike", x, options);
  return filled("zerosLike", shape, 0, all);
}

/** Ones of the shape and type of another tensor. */
export function onesLike(x: Tensor, options: TensorOptions = {}): Tensor {
  const [shape, all] = likeThat("onesLike", x, options);
  return filled("onesLike", shape, 1, all);
}

/** A tensor of one value, of the shape and type of another. */
export function fullLike(x: Tensor, value: number, options: TensorOptions = {}): Tensor {
  const [shape, all] = likeThat("fullLike", x, options);
  return filled("fullLike", shape, value, all);
}

function ramp(
  owner: string,
  count: number,
  start: number,
  step: number,
  options: TensorOptions,
  fallback: Dtype,
): Tensor {
  const dtype = resolveOptions(owner, options, fallback);
  checkSize(owner, dtype, count);
  if (dtype === "int32" && count > 0) {
    for (const end of [start, start + (count - 1) * step]) checkFitsInt32(owner, end);
  }
  const out = new Tensor(new Storage(dtype, count), [count]);
  place(out.storage);
  kernels[dtype].ramp(out.storage.address, count, start, step);
  return finish(out, options);
}

/**
 * start, start + step, … below end: arange(5) is 0 … 4, arange(2, 5) is 2, 3, 4.
 * The type is float32 unless `dtype` says otherwise; int32 makes index lists.
 */
export function arange(end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor;
export function arange(...args: (number | TensorOptions | undefined)[]): Tensor {
  const last = args.at(-1);
  const options = typeof last === "object" ? last : {};
  const numbers = typeof last === "object" ? args.slice(0, -1) : args.slice();
  while (numbers.length > 1 && numbers.at(-1) === undefined) numbers.pop();
  const [start, end, step = 1] = (numbers.length === 1 ? [0, numbers[0]] : numbers) as number[];
  for (const [name, value] of Object.entries({ start, end, step })) {
    checkNumber("arange", name, value, { finite: true });
  }
  if (step === 0) throw new ValueError("arange: step must not be 0.");
  const count = Math.max(0, Math.ceil((end! - start!) / step));
  return ramp("arange", count, start!, step, options, "float32");
}

/** `steps` numbers from start to end, both included, evenly spaced. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  checkNumber("linspace", "start", start, { finite: true });
  checkNumber("linspace", "end", end, { finite: true });
  checkNumber("linspace", "steps", steps, { min: 0, whole: true });
  resolveOptions("linspace", options);
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  const out = ramp("linspace", steps, start, step, { ...options, requiresGrad: false }, "float32");
  if (steps > 1) {
    // The last number is exactly `end`, whatever the rounding of the step.
    const values = out.data;
    values[steps - 1] = end;
    return finish(Tensor.adopt(values, [steps], out.dtype), options);
  }
  return finish(out, options);
}

/** The n × n identity matrix (or n × m, ones on the main diagonal). */
export function eye(n: number, options: TensorOptions & { columns?: number } = {}): Tensor {
  checkOptions("eye", options, ["columns", "dtype", "requiresGrad"]);
  const { columns = n, ...rest } = options;
  const dtype = resolveOptions("eye", rest);
  checkNumber("eye", "n", n, { min: 0, whole: true });
  checkNumber("eye", "columns", columns, { min: 0, whole: true });
  checkSize("eye", dtype, n * columns);
  const ones = Tensor.full([Math.min(n, columns)], 1, dtype);
  return finish(embedded(ones, [n, columns], 0, [columns + 1]), rest);
}

export interface RandomOptions extends TensorOptions {
  /** Where the random numbers come from. Default: the default generator, see manualSeed. */
  generator?: Generator;
}

function splitGenerator(
  owner: string,
  options: RandomOptions,
): { generator: Generator; rest: TensorOptions; dtype: Dtype } {
  checkOptions(owner, options, ["dtype", "requiresGrad", "generator"]);
  const { generator = defaultGenerator, ...rest } = options;
  if (!(generator instanceof Generator)) {
    throw new OptionError(`${owner}: generator must be a Generator, not ${describe(generator)}.`);
  }
  return { generator, rest, dtype: resolveOptions(owner, rest) };
}

function random(
  owner: string,
  shape: Shape | number,
  options: RandomOptions,
  draw: (generator: Generator, length: number, dtype: Dtype) => Float64Array<ArrayBuffer>,
): Tensor {
  const { generator, rest, dtype } = splitGenerator(owner, options);
  const sizes = [...checkShape(owner, shape)];
  const length = sizeOf(sizes);
  checkSize(owner, "float64", length);
  const values = Tensor.adopt(draw(generator, length, dtype), sizes, "float64");
  return finish(values.to(dtype), rest);
}

/** Uniform random numbers in [0, 1). */
export function rand(shape: Shape | number, options: RandomOptions = {}): Tensor {
  return random("rand", shape, options, (generator, length, dtype) => {
    const values = generator.uniformArray(length);
    // In float32 a number just below 1 would round up to 1, which is not in the interval.
    if (dtype === "float32")
      for (let i = 0; i < length; i++) values[i] = Math.min(values[i]!, LARGEST_BELOW_ONE);
    return values;
  });
}

const LARGEST_BELOW_ONE = 1 - 2 ** -24;

/** Normal random numbers with mean 0 and standard deviation 1. */
export function randn(shape: Shape | number, options: RandomOptions = {}): Tensor {
  return random("randn", shape, options, (generator, length) => generator.normalArray(length));
}

/** Uniform random whole numbers in [low, high), int32. */
export function randint(
  low: number,
  high: number,
  shape: Shape | number,
  options: RandomOptions = {},
): Tensor {
  checkNumber("randint", "low", low, { whole: true });
  checkNumber("randint", "high", high, { min: low + 1, whole: true });
  checkOptions("randint", options, ["dtype", "requiresGrad", "generator"]);
  return random("randint", shape, { dtype: "int32", ...options }, (generator, length) => {
    const values = new Float64Array(length);
    for (let i = 0; i < length; i++) values[i] = generator.integer(low, high);
    return values;
  });
}

/** The numbers 0 … n − 1 in random order, int32. */
export function randperm(n: number, options: { generator?: Generator } = {}): Tensor {
  checkNumber("randperm", "n", n, { min: 0, whole: true });
  checkOptions("randperm", options, ["generator"]);
  checkSize("randperm", "int32", n);
  return tensor(splitGenerator("randperm", options).generator.permutation(n), { dtype: "int32" });
}
