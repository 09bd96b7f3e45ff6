// The public gradcheck and gradgradcheck, and autograd.functional.
import { describe, expect, test } from "vitest";
import { type Tensor, autograd, noGrad, tensor } from "../../src/engine/index.ts";
import { double, plain } from "./operations.ts";

const { functional, gradcheck, gradgradcheck } = autograd;

const leaf = (values: unknown): Tensor => double(values).requiresGrad_();

/** The value is 3x, the recorded gradient that of 2x at position 1 of the input. */
const wrongAt1 = (x: Tensor): Tensor => {
  const off = x.mul(double([[0, 1, 0]]));
  return x.mul(3).sub(off).add(off.detach());
};

describe("gradcheck", () => {
  test("agrees with right gradients, of several inputs and outputs", () => {
    const inputs = [
      leaf([
        [0.5, -1],
        [2, 3],
      ]),
      leaf([0.3, 0.7]),
    ];
    expect(gradcheck((a, b) => [a.matmul(b), a.sin().mul(b)], inputs)).toBe(true);
    expect(gradgradcheck((a, b) => [a.matmul(b), a.sin().mul(b)], inputs)).toBe(true);
  });

  test("names input, position, numerical and analytic value where they disagree", () => {
    const call = () => gradcheck((_, x) => wrongAt1(x), [leaf([1]), leaf([[1, 2, 3]])]);
    expect(call).toThrow(/gradcheck: input 1 \(1, 3\) at \[0, 1\], output 0 \(1, 3\) at \[0, 1\]/);
    expect(call).toThrow(/numerical gradient 2\.99999\d*, analytic gradient 2\./);
  });

  test("answers false instead of throwing where that is wanted", () => {
    expect(gradcheck(wrongAt1, leaf([[1, 2, 3]]), { raiseException: false })).toBe(false);
    const detached = (x: Tensor) => x.mul(x.detach()).sum();
    expect(gradgradcheck(detached, leaf([2]), { raiseException: false })).toBe(false);
  });

  test("still throws when the function itself is at fault", () => {
    const broken = (x: Tensor) => x.matmul(double([[1]]));
    expect(() => gradcheck(broken, leaf([[1, 2]]), { raiseException: false })).toThrow(/matmul/);
  });

  test("accepts what atol and rtol allow", () => {
    const slightlyOff = (x: Tensor) => x.mul(3).add(x.detach().mul(0.001)).sum();
    expect(gradcheck(slightlyOff, leaf([1]), { atol: 0, rtol: 1e-5, raiseException: false })).toBe(false);
    expect(gradcheck(slightlyOff, leaf([1]), { atol: 0, rtol: 1e-3 })).toBe(true);
  });

  test("checks only inputs that require a gradient, and leaves them alone", () => {
    const x = leaf([1, 2]);
    const counts = tensor([1, 2], { dtype: "int32" });
    expect(gradcheck((a, n) => a.mul(n).sum(), [x, counts])).toBe(true);
    expect(x.grad).toBe(null);
    expect(x.toArray()).toEqual([1, 2]);
  });

  test("an output that does not depend on the input has gradient 0", () => {
    expect(gradcheck((x) => [x.sum(), double([1, 2])], leaf([1]))).toBe(true);
    expect(gradcheck((x) => x.detach().mul(2), leaf([1]), { raiseException: false })).toBe(false);
  });

  test("works inside noGrad too", () => {
    expect(noGrad(() => gradcheck((x) => x.square(), leaf([1, 2])))).toBe(true);
  });

  test("gradgradcheck takes the gradients that flow in", () => {
    const options = { gradOutputs: double([1, -1]) };
    expect(gradgradcheck((x) => x.exp(), leaf([0.1, 0.2]), options)).toBe(true);
  });
});

describe("autograd.functional", () => {
  const x = double([1, 2]);
  /** (x₀², x₀·x₁, 3·x₁) */
  const f = (p: Tensor): Tensor => {
    const [a, b] = p.unbind() as [Tensor, Tensor];
    return double([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 3],
    ]).matmul(
      a
        .square()
        .mul(double([1, 0, 0]))
        .add(a.mul(b).mul(double([0, 1, 0])))
        .add(b.mul(double([0, 0, 1]))),
    );
  };

  test("jacobian has the shape of the result, then that of the point", () => {
    expect(plain(functional.jacobian(f, x))).toEqual([
      [2, 0],
      [2, 1],
      [0, 3],
    ]);
    expect(
      functional.jacobian(
        (p) => p.sum(),
        double([
          [1, 2],
          [3, 4],
        ]),
      ).shape,
    ).toEqual([2, 2]);
    expect(
      functional.jacobian(
        (p) => p.matmul(p),
        double([
          [1, 2],
          [3, 4],
        ]),
      ).shape,
    ).toEqual([2, 2, 2, 2]);
  });

  test("of a constant it is zero", () => {
    expect(plain(functional.jacobian(() => double([5, 6]), x))).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(plain(functional.hessian((p) => p.sum(), x))).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("vjp and jvp are the products with the Jacobian", () => {
    const [output, pulled] = functional.vjp(f, x, double([1, 10, 100]));
    expect(plain([output, pulled])).toEqual([
      [1, 2, 6],
      [22, 310],
    ]);
    const [, pushed] = functional.jvp(f, x, double([1, 10]));
    expect(plain(pushed)).toEqual([2, 12, 30]);
  });

  test("hessian", () => {
    expect(plain(functional.hessian((p) => f(p).square().sum(), x))).toEqual([
      [20, 8],
      [8, 20],
    ]);
  });

  test("with createGraph the result can be differentiated", () => {
    const at = leaf([1, 2]);
    const trace = functional
      .jacobian((p) => p.pow(3), at, { createGraph: true })
      .diagonal()
      .sum();
    expect(plain(autograd.grad(trace, at))).toEqual([[6, 12]]);
    const [, pushed] = functional.jvp((p) => p.pow(3), at, double([1, 1]), { createGraph: true });
    expect(plain(autograd.grad(pushed.sum(), at))).toEqual([[6, 12]]);
  });

  test("works inside noGrad too", () => {
    expect(plain(noGrad(() => functional.jacobian(f, x)))).toEqual([
      [2, 0],
      [2, 1],
      [0, 3],
    ]);
    expect(plain(noGrad(() => functional.jvp(f, x, double([1, 10])))[1])).toEqual([2, 12, 30]);
  });

  test("without it nothing is recorded", () => {
    expect(functional.jacobian((p) => p.square(), leaf([1, 2])).requiresGrad).toBe(false);
    expect(functional.vjp((p) => p.square(), leaf([1]), double([1]))[0].requiresGrad).toBe(false);
  });
});
