// Tensor operations against PyTorch: values and gradients in both precisions.
/* oxlint-disable vitest/expect-expect -- a check throws at the first number that differs */
import { describe, expect, test } from "vitest";
import { readFixture } from "./conformance.ts";
import { evaluate } from "./replay/expressions.ts";
import { type TensorOpsSet, tensorOpsChecks } from "./replay/tensor-ops.ts";
import { tensor } from "../../src/engine/index.ts";

describe("tensor operations agree with PyTorch", () => {
  test.each(tensorOpsChecks(readFixture<TensorOpsSet>("tensor_ops")))("$name", ({ run }) => run());
});

describe("the expressions in which cases name their computation", () => {
  const a = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const names = { a, b: a.T, idx: tensor([1, 0], { dtype: "int32" }), m: 2, n: 3 };
  const expressions: [text: string, expected: unknown][] = [
    ["a[1,-1]", 6],
    [
      "a[:,::2]",
      [
        [1, 3],
        [4, 6],
      ],
    ],
    ["a[-1:]", [[4, 5, 6]]],
    ["a[arange(m),idx]", [2, 4]],
    [
      "a[[1,0]] (rows in another order)",
      [
        [4, 5, 6],
        [1, 2, 3],
      ],
    ],
    [
      "2(a-1)^2",
      [
        [0, 2, 8],
        [18, 32, 50],
      ],
    ],
    [
      "a b",
      [
        [14, 32],
        [32, 77],
      ],
    ],
    [
      "a a^T / 2",
      [
        [7, 16],
        [16, 38.5],
      ],
    ],
    ["1 - sum(a,dim=[1],keepdim=True)/3", [[-1], [-4]]],
    ["max(a,dim=0).values", [4, 5, 6]],
    [
      "pad(a,[1,0,0,1]) zeros",
      [
        [0, 1, 2, 3],
        [0, 4, 5, 6],
        [0, 0, 0, 0],
      ],
    ],
    ["reshape(permute(a,[1,0]),[m*n])", [1, 4, 2, 5, 3, 6]],
    [
      "cat([a,-a],dim=1)",
      [
        [1, 2, 3, -1, -2, -3],
        [4, 5, 6, -4, -5, -6],
      ],
    ],
    [
      "masked_fill(a,idx[0]-a,0) where a is 1",
      [
        [1, 0, 0],
        [0, 0, 0],
      ],
    ],
  ];
  test.each(expressions)("%s", (text, expected) => {
    const value = evaluate(text, names);
    expect(JSON.parse(JSON.stringify(value))).toEqual(expected);
  });

  test("an unknown function or name is an error, not a pass", () => {
    expect(() => evaluate("frobnicate(a)", names)).toThrow(/frobnicate/);
    expect(() => evaluate("add(a,zz)", names)).toThrow(/zz/);
  });
});
