// Second derivatives against PyTorch: gradients, Hessians, products with vectors, eigenvalues, a gradient penalty.
/* oxlint-disable vitest/expect-expect -- a check throws at the first number that differs */
import { describe, test } from "vitest";
import { readFixture } from "./conformance.ts";
import { type SecondOrderSet, secondOrderChecks } from "./replay/second-order.ts";

describe("second derivatives agree with PyTorch", () => {
  test.each(secondOrderChecks(readFixture<SecondOrderSet>("second_order")))("$name", ({ run }) => run());
});
