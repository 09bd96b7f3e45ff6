// Are gradients right? The analytic ones, by the tape, against numerical ones, by central differences.
import { checkBoolean } from "../check.ts";
import { isFloat } from "../dtype.ts";
import {
  DtypeError,
  GradientError,
  ValueError,
  checkNumber,
  checkOptions,
  describe,
  formatShape,
} from "../errors.ts";
import { Tensor } from "../tensor.ts";
import { grad } from "./backward.ts";
import { enableGrad, noGrad } from "./tape.ts";

/** A function of tensors that gives a tensor or several. */
export type TensorFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

export interface GradcheckOptions {
  /** Half the distance of the two points of a difference. Default 1e-6. */
  eps?: number;
  /** Allowed absolute error. Default 1e-5. */
  atol?: number;
  /** Allowed error relative to the numerical value. Default 1e-3. */
  rtol?: number;
  /** Throw where they disagree; with false the answer is false. Default true. */
  raiseException?: boolean;
}

interface Resolved {
  owner: string;
  eps: number;
  atol: number;
  rtol: number;
}

/** The result of the function as a list, checked. */
export function outputsOf(owner: string, f: TensorFunction, inputs: readonly Tensor[]): Tensor[] {
  const result: unknown = f(...inputs);
  const outputs = (Array.isArray(result) ? result : [result]) as unknown[];
  for (const output of outputs) {
    if (!(output instanceof Tensor)) {
      throw new ValueError(
        `${owner}: the function must return a tensor or an array of them, not ${describe(output)}.`,
      );
    }
  }
  return outputs as Tensor[];
}

/** The inputs as a list, checked. */
export function inputsOf(owner: string, f: unknown, inputs: unknown): Tensor[] {
  if (typeof f !== "function") {
    throw new ValueError(`${owner}: needs a function of tensors first, not ${describe(f)}.`);
  }
  const list = (Array.isArray(inputs) ? inputs : [inputs]) as unknown[];
  for (const input of list) {
    if (!(input instanceof Tensor)) {
      throw new ValueError(
        `${owner}: the inputs must be a tensor or an array of them, not ${describe(input)}.`,
      );
    }
  }
  if (list.length === 0)
    throw new ValueError(`${owner}: needs at least one input, not an array of length 0.`);
  return list as Tensor[];
}

function resolve(owner: string, options: GradcheckOptions): Resolved & { raiseException: boolean } {
  checkOptions(owner, options, ["eps", "atol", "rtol", "raiseException"]);
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3, raiseException = true } = options;
  checkNumber(owner, "eps", eps, { min: Number.MIN_VALUE });
  checkNumber(owner, "atol", atol, { min: 0 });
  checkNumber(owner, "rtol", rtol, { min: 0 });
  checkBoolean(owner, "raiseException", raiseException);
  return { owner, eps, atol, rtol, raiseException };
}

/** x with one number moved. */
function moved(x: Tensor, position: number, by: number): Tensor {
  const values = x.data;
  values[position]! += by;
  return Tensor.adopt(values, x.shape, x.dtype).requiresGrad_(x.requiresGrad);
}

/** The inputs that are to be checked; there must be one. */
function checkWanted(owner: string, inputs: readonly Tensor[]): Tensor[] {
  const wanted = inputs.filter((x) => x.requiresGrad);
  if (wanted.length === 0) {
    throw new GradientError(
      `${owner}: no input requires a gradient. Create them with { requiresGrad: true }.`,
    );
  }
  return wanted;
}

/** Throws at the first entry of a Jacobian that differs. */
function compare(f: TensorFunction, inputs: readonly Tensor[], how: Resolved): void {
  const { owner, eps, atol, rtol } = how;
  const leaves = inputs.map((x) => x.detach().clone().requiresGrad_(x.requiresGrad));
  const wanted = checkWanted(owner, leaves);
  for (const [i, x] of wanted.entries()) {
    if (x.dtype !== "float64") {
      throw new DtypeError(
        `${owner}: input ${i} is ${x.dtype}; differences need float64. Create it with { dtype: "float64" }.`,
      );
    }
  }
  const outputs = outputsOf(owner, f, leaves);
  const numbersAt = (points: Tensor[]): Float64Array[] =>
    outputsOf(owner, f, points).map((output) => Float64Array.from(output.data));

  /** Rows ∂(number of output)/∂(numbers of the inputs), by the tape. */
  const analytic = outputs.map((output) =>
    Array.from({ length: output.size }, (_, i) => {
      if (!output.requiresGrad || !isFloat(output.dtype)) return wanted.map((x) => new Float64Array(x.size));
      const seed = new Float64Array(output.size);
      seed[i] = 1;
      const gradOutputs = Tensor.adopt(seed, output.shape, "float64").to(output.dtype);
      const slopes = grad(output, wanted, { gradOutputs, retainGraph: true, allowUnused: true });
      return slopes.map((slope) => slope.data);
    }),
  );
  for (const [which, x] of wanted.entries()) {
    const at = leaves.indexOf(x);
    for (let position = 0; position < x.size; position++) {
      const above = numbersAt(leaves.with(at, moved(x, position, eps)));
      const below = numbersAt(leaves.with(at, moved(x, position, -eps)));
      for (const [o, output] of outputs.entries()) {
        for (let i = 0; i < output.size; i++) {
          const numerical = (above[o]![i]! - below[o]![i]!) / (2 * eps);
          const value = analytic[o]![i]![which]![position]!;
          if (Math.abs(value - numerical) <= atol + rtol * Math.abs(numerical)) continue;
          throw new GradientError(
            `${owner}: input ${at} ${formatShape(x.shape)} at ${placeOf(position, x)}, output ${o} ${formatShape(output.shape)} at ${placeOf(i, output)}: numerical gradient ${numerical}, analytic gradient ${value}. They may differ by atol + rtol·|numerical| = ${atol + rtol * Math.abs(numerical)}.`,
          );
        }
      }
    }
  }
}

/** The index of a number, [1, 2]. */
function placeOf(position: number, { shape }: Tensor): string {
  const index: number[] = [];
  let rest = position;
  for (const size of shape.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${index.join(", ")}]`;
}

function run(check: () => void, raiseException: boolean): boolean {
  try {
    enableGrad(check);
    return true;
  } catch (error) {
    if (raiseException || !(error instanceof GradientError) || !error.message.includes("numerical"))
      throw error;
    return false;
  }
}

/**
 * Compares the gradients of f at the inputs with central differences (f(x + eps) − f(x − eps))/(2·eps), number by number.
 *
 *     autograd.gradcheck((x) => x.sin().sum(), [randn([3], { dtype: "float64", requiresGrad: true })])
 *
 * @param inputs float64; only those that require a gradient are checked
 * @returns true, or with raiseException: false whether they agree
 * @throws GradientError that names input, position, numerical and analytic value where they disagree
 */
export function gradcheck(
  f: TensorFunction,
  inputs: Tensor | readonly Tensor[],
  options: GradcheckOptions = {},
): boolean {
  const { raiseException, ...how } = resolve("autograd.gradcheck", options);
  const list = inputsOf(how.owner, f, inputs);
  return run(() => compare(f, list, how), raiseException);
}

/**
 * The same for second derivatives: gradcheck of the gradients of f, as functions of the inputs and of the gradients that
 * flow in at the outputs.
 * @param gradOutputs the gradients that flow in, one for each output; fixed numbers around 1 by default
 */
export function gradgradcheck(
  f: TensorFunction,
  inputs: Tensor | readonly Tensor[],
  options: GradcheckOptions & { gradOutputs?: Tensor | readonly Tensor[] } = {},
): boolean {
  const owner = "autograd.gradgradcheck";
  checkOptions(owner, options, ["eps", "atol", "rtol", "raiseException", "gradOutputs"]);
  const { gradOutputs, ...rest } = options;
  const { raiseException, ...how } = resolve(owner, rest);
  const list = inputsOf(owner, f, inputs);
  checkWanted(owner, list);
  const outputs = noGrad(() => outputsOf(owner, f, list));
  const seeds =
    gradOutputs === undefined
      ? outputs.map((output) => seedOf(output))
      : inputsOf(owner, f, gradOutputs).map((seed) => seed.detach().clone().requiresGrad_());
  const slopes: TensorFunction = (...all) => {
    const points = all.slice(0, list.length);
    const flowing = all.slice(list.length);
    // Only what depends on an input has a gradient to check.
    const found = outputsOf(owner, f, points);
    const live = found.flatMap((output, i) => (output.requiresGrad ? [i] : []));
    return grad(
      live.map((i) => found[i]!),
      points.filter((x) => x.requiresGrad),
      { gradOutputs: live.map((i) => flowing[i]!), createGraph: true, allowUnused: true },
    );
  };
  return run(() => compare(slopes, [...list, ...seeds], how), raiseException);
}

/** Numbers around 1 that are all different, so that no gradient cancels by symmetry. */
function seedOf(output: Tensor): Tensor {
  const values = Float64Array.from({ length: output.size }, (_, i) => 0.75 + ((i * 7919) % 101) / 202);
  return Tensor.adopt(values, output.shape, "float64").requiresGrad_();
}
