// What elementwise operations give: PyTorch's answers on small examples.
import { describe, expect, test } from "vitest";
import { type Tensor, allclose, autograd, tensor } from "../../src/engine/index.ts";
import { whole, double, m, row, nan, inf, plain, checkExamples } from "./operations.ts";

checkExamples("arithmetic and tests", {
  "trunc and frac": [
    () => [double([-1.5, 2.25]).trunc(), double([-1.5, 2.25]).frac()],
    [
      [-1, 2],
      [-0.5, 0.25],
    ],
  ],
  "remainder has the sign of the divisor": [() => whole([-7, 7]).remainder(3), [2, 1]],
  "fmod has the sign of the number": [() => whole([-7, 7]).fmod(3), [-1, 1]],
  "remainder by a tensor": [() => tensor([5, -5, 5]).remainder(tensor([3, 3, -3])), [2, 1, -1]],
  "clamp from one side": [
    () => [row().clamp({ max: 2 }), row().clamp(2)],
    [
      [2, 1, 2],
      [3, 2, 2],
    ],
  ],
  "clamp by tensors": [() => row().clamp(tensor([0, 2, 0]), tensor([1, 3, 9])), [1, 2, 2]],
  "clamp with min above max gives max": [() => row().clamp(5, 1), [1, 1, 1]],
  "clamp keeps NaN": [() => tensor([nan, 5]).clamp(tensor(0), tensor(1)), [nan, 1]],
  "clamp of whole numbers stays whole": [() => whole([1, 9]).clamp(2, 5).dtype, "int32"],
  lerp: [() => tensor([0, 10]).lerp(tensor([10, 20]), 0.5), [5, 15]],
  addcmul: [() => tensor([1]).addcmul(tensor([2]), tensor([3]), { value: 10 }), [61]],
  addcdiv: [() => tensor([1]).addcdiv(tensor([6]), tensor([3])), [3]],
  nanToNum: [() => double([nan, inf, -inf, 1]).nanToNum({ nan: 7, posinf: 8 }), [7, 8, -Number.MAX_VALUE, 1]],
  "isnan, isinf, isfinite": [
    () => [tensor([nan, -inf, 0]).isnan(), tensor([nan, -inf, 0]).isinf(), tensor([nan, -inf, 0]).isfinite()],
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  ],
  "the logical operations": [
    () => {
      const [a, b] = [tensor([0, 0, 2, nan]), tensor([0, 3, 0, 1])];
      return [a.logicalAnd(b), a.logicalOr(b), a.logicalXor(b), a.logicalNot()];
    },
    [
      [0, 0, 0, 1],
      [0, 1, 1, 1],
      [0, 1, 1, 0],
      [1, 1, 0, 0],
    ],
  ],
  "PyTorch's short names": [
    () => ["eq", "ne", "lt", "le", "gt", "ge"].map((name) => row()[name as "eq"](2)),
    [
      [0, 0, 1],
      [1, 1, 0],
      [0, 1, 0],
      [0, 1, 1],
      [1, 0, 0],
      [1, 0, 1],
    ],
  ],
  "isclose and allclose": [
    () => [
      tensor([1, 1e-9, inf, nan]).isclose(tensor([1.000001, 0, inf, nan])),
      allclose(tensor([1]), tensor([1.1])),
      tensor([nan]).allclose(tensor([nan]), { equalNan: true }),
      tensor([1]).allclose(tensor([1.1]), { rtol: 0.1 }),
    ],
    [[1, 1, 1, 0], false, true, true],
  ],
  "int32 stays int32": [
    () =>
      [whole([-2]).abs(), whole([-2]).sign(), whole([-2]).square(), whole([-2]).floor()].map((x) => [
        x.item(),
        x.dtype,
      ]),
    [
      [2, "int32"],
      [-1, "int32"],
      [4, "int32"],
      [-2, "int32"],
    ],
  ],
  "large whole numbers keep their last digit": [
    () => whole([16777217, -16777217]).abs(),
    [16777217, 16777217],
  ],
  "the types' methods": [
    () =>
      [tensor([1.7]).int(), tensor([1.7]).long(), whole([1]).float(), whole([1]).double()].map(
        (x) => x.dtype,
      ),
    ["int32", "int32", "float32", "float64"],
  ],
  "sizes and lists": [
    () => [m().numel(), m().dim(), m().ndim, m().tolist()],
    [
      6,
      2,
      2,
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
  ],
});

describe("gradients where the formula has none", () => {
  const slope = (f: (x: Tensor) => Tensor, values: number[]): unknown => {
    const x = tensor(values, { dtype: "float64", requiresGrad: true });
    return autograd.grad(f(x), x)[0]!.toArray();
  };

  test("std of equal numbers has gradient 0", () => {
    expect(slope((x) => x.std(), [2, 2, 2])).toEqual([0, 0, 0]);
  });

  test("a norm with p below 1 has gradient 0 at zeros", () => {
    expect(slope((x) => x.norm(0.5), [0, 4])).toEqual([0, 1]);
    expect(slope((x) => x.norm(0), [0, 4])).toEqual([0, 0]);
  });

  test("equal numbers share the gradient of the median", () => {
    expect(slope((x) => x.median(), [1, 2, 2, 5])).toEqual([0, 0.5, 0.5, 0]);
  });

  test("at a bound clamp lets the gradient pass, as in PyTorch", () => {
    expect(slope((x) => x.clamp(0, 1).sum(), [0, 1, 2])).toEqual([1, 1, 0]);
    expect(slope((x) => x.clamp(double(0), double(1)).sum(), [0, 1, 2])).toEqual([1, 1, 0]);
  });

  test("beyond a bound the gradient goes to the bound", () => {
    const [low, high] = [double([1]).requiresGrad_(), double([2]).requiresGrad_()];
    const gradients = autograd.grad(double([0, 5]).clamp(low, high).sum(), [low, high]);
    expect(plain(gradients)).toEqual([[1], [1]]);
  });
});

describe("whole numbers", () => {
  test("refuse what they cannot hold instead of wrapping round", () => {
    expect(() => whole([2147483647]).add(1)).toThrow(/add: 2147483648 does not fit int32/);
    expect(() => whole([65536]).mul(whole([65536]))).toThrow(/mul: 4294967296 does not fit int32/);
    expect(() => whole([2147483647, 1]).sum()).toThrow(/sum: .*int32/);
    expect(() => tensor([3e9]).int()).toThrow(/to: 3000000000 does not fit int32/);
    expect(() => tensor([nan]).long()).toThrow(/to: NaN does not fit int32/);
    expect(() => whole([1e10])).toThrow(/tensor: 10000000000 does not fit int32/);
  });

  test("cut off fractions, as in PyTorch", () => {
    expect(tensor([1.9, -1.9]).int().toArray()).toEqual([1, -1]);
    expect(whole([1.9, -1.9]).toArray()).toEqual([1, -1]);
  });
});
