// What batch, layer and group normalisation share: y = (x − mean)/√(variance + ε)·weight + bias. They differ in which numbers share
// a mean. Forward and backward are fused kernels; for higher derivatives the backward is written out in operations here.
import { record, type VectorJacobian } from "../autograd/tape.ts";
import { DtypeError, ShapeError, ValueError, checkNumber, describe, formatShape } from "../errors.ts";
import { sameShape, sizeOf, type Shape } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { add, divInto, mul, sqrt, square, sub } from "./elementwise.ts";
import { reshape, sumTo } from "./layout.ts";
import { mean } from "./reduce.ts";

/** x under the shape `view`, in which the numbers along `dims` share a mean; weight and bias broadcast as `affine`. */
export interface Layout {
  view: Shape;
  dims: readonly number[];
  affine: Shape;
}

/** Constants in place of the batch's own statistics, of shape `affine`. */
export interface Fixed {
  mean: Tensor;
  variance: Tensor;
}

export interface Operands {
  x: Tensor;
  weight: Tensor | null;
  bias: Tensor | null;
  eps: number;
}

export function checkOperands(
  owner: string,
  { x, weight, bias, eps }: Operands,
  shape: (x: Tensor) => Shape,
): void {
  checkNumber(owner, "eps", eps, { min: 0 });
  if (!(x instanceof Tensor))
    throw new ValueError(`${owner}: the input must be a tensor, not ${describe(x)}.`);
  if (x.dtype === "int32") {
    throw new DtypeError(
      `${owner}: works on float32 and float64, not int32. Convert the input with .to("float32").`,
    );
  }
  const wanted = shape(x);
  for (const [name, values] of Object.entries({ weight, bias })) {
    if (values !== null) checkFactor(owner, name, values, x, wanted);
  }
}

/** A tensor that goes with the input: of its dtype and of the shape it must have. */
export function checkFactor(owner: string, name: string, values: unknown, x: Tensor, shape: Shape): void {
  if (!(values instanceof Tensor)) {
    throw new ValueError(`${owner}: ${name} must be a tensor or null, not ${describe(values)}.`);
  }
  if (!sameShape(values.shape, shape)) {
    throw new ShapeError(
      `${owner}: ${name} must have the shape ${formatShape(shape)} for an input ${formatShape(x.shape)}, not ${formatShape(values.shape)}.`,
    );
  }
  if (values.dtype !== x.dtype) {
    throw new DtypeError(
      `${owner}: the input is ${x.dtype}, ${name} ${values.dtype}; both must have the same dtype. Convert the input with .to("${values.dtype}") or the layer with .to("${x.dtype}").`,
    );
  }
}

/**
 * The backward in differentiable operations. With x̂ = (x − mean)/σ and gw = g·weight:
 * ∂L/∂x = (gw − mean(gw) − x̂·mean(gw·x̂))/σ, or gw/σ for fixed statistics; ∂L/∂weight = Σ g·x̂; ∂L/∂bias = Σ g.
 */
export function composedProducts(
  { x, weight, eps }: Operands,
  { view, dims, affine }: Layout,
  fixed: Fixed | null,
): { x: VectorJacobian; weight: VectorJacobian; bias: VectorJacobian } {
  const seen = (tensor: Tensor) => reshape(tensor, view);
  const average = (tensor: Tensor) => mean(tensor, dims, true);
  const standardise = () => {
    const values = seen(x);
    const centred = sub(values, fixed === null ? average(values) : fixed.mean);
    const variance = fixed === null ? average(square(centred)) : fixed.variance;
    const inverse = divInto(1, sqrt(add(variance, eps)));
    return { standard: mul(centred, inverse), inverse };
  };
  return {
    x: (g) => {
      const { standard, inverse } = standardise();
      const gw = weight === null ? seen(g) : mul(seen(g), reshape(weight, affine));
      const own = fixed === null ? sub(sub(gw, average(gw)), mul(standard, average(mul(gw, standard)))) : gw;
      return reshape(mul(own, inverse), x.shape);
    },
    weight: (g) => reshape(sumTo(mul(seen(g), standardise().standard), affine), weight!.shape),
    bias: (g) => reshape(sumTo(seen(g), affine), [sizeOf(affine)]),
  };
}

/** Notes the operation with the inputs that there are. */
export function recordNormalise(
  name: string,
  out: Tensor,
  { x, weight, bias }: Operands,
  products: Record<"x" | "weight" | "bias", VectorJacobian>,
  fast: Record<"x" | "weight" | "bias", VectorJacobian>,
): Tensor {
  const inputs = [x];
  const saved = [x];
  const names: ("x" | "weight" | "bias")[] = ["x"];
  if (weight !== null) {
    inputs.push(weight);
    saved.push(weight);
    names.push("weight");
  }
  if (bias !== null) {
    inputs.push(bias);
    names.push("bias");
  }
  return record(
    name,
    out,
    inputs,
    saved,
    names.map((each) => products[each]),
    names.map((each) => fast[each]),
  );
}
