// Gradients of elementwise operations, first and second order; see gradients.ts.
/* oxlint-disable vitest/expect-expect -- the expectations are in the helpers */
import fc from "fast-check";
import { describe } from "vitest";
import { type Tensor, maximum, minimum, tensor, where } from "../../src/engine/index.ts";
import { type Operations, checkOperations, shape, size } from "./gradients.ts";

/** Into (−0.9, 0.9), smoothly. */
const inside = (x: Tensor): Tensor => x.tanh().mul(0.9);

const functions: Operations = {
  neg: ["all", (x) => x.neg().square()],
  abs: ["away from 0", (x) => x.abs()],
  sign: ["away from 0", (x) => x.sign().mul(x)],
  reciprocal: ["positive", (x) => x.reciprocal()],
  square: ["all", (x) => x.square()],
  sqrt: ["positive", (x) => x.sqrt()],
  rsqrt: ["positive", (x) => x.rsqrt()],
  exp: ["all", (x) => x.exp()],
  exp2: ["all", (x) => x.exp2()],
  expm1: ["all", (x) => x.expm1()],
  log: ["positive", (x) => x.log()],
  log2: ["positive", (x) => x.log2()],
  log10: ["positive", (x) => x.log10()],
  log1p: ["positive", (x) => x.log1p()],
  sin: ["all", (x) => x.sin()],
  cos: ["all", (x) => x.cos()],
  tan: ["all", (x) => inside(x).tan()],
  asin: ["all", (x) => inside(x).asin()],
  acos: ["all", (x) => inside(x).acos()],
  atan: ["all", (x) => x.atan()],
  sinh: ["all", (x) => x.sinh()],
  cosh: ["all", (x) => x.cosh()],
  tanh: ["all", (x) => x.tanh()],
  sigmoid: ["all", (x) => x.sigmoid()],
  logit: ["all", (x) => x.sigmoid().square().logit()],
  "logit with eps": ["all", (x) => x.sigmoid().logit(1e-6)],
  erf: ["all", (x) => x.erf()],
  relu: ["away from 0", (x) => x.relu()],
  "pow, number": ["positive", (x) => x.pow(-1.5)],
  "pow, cube": ["all", (x) => x.pow(3)],
  clone: ["all", (x) => x.clone().mul(x)],
  to: ["all", (x) => x.double().square()],
  "floor, ceil, round and trunc": [
    "positive",
    (x) => x.mul(0.37).floor().add(x.mul(0.37).trunc()).mul(x).square(),
  ],
  frac: ["all", (x) => inside(x).add(3).frac().square()],
  "clamp by numbers": ["all", (x) => x.clamp(-30, 30).square()],
  "clamp from below": ["away from 0", (x) => x.clamp({ min: 0 }).square()],
  nanToNum: ["all", (x) => x.nanToNum().square()],
};

describe("functions of one tensor of any shape", () => {
  checkOperations(
    functions,
    shape.map((sizes) => [sizes]),
    12,
  );
});

/** Two shapes that broadcast together. */
const broadcastPair = fc
  .array(fc.tuple(size, fc.constantFrom("both", "left", "right")), { minLength: 1, maxLength: 3 })
  .chain((dims) =>
    fc
      .integer({ min: 0, max: dims.length })
      .map((drop) => [
        dims.map(([n, who]) => (who === "right" ? 1 : n)),
        dims.map(([n, who]) => (who === "left" ? 1 : n)).slice(drop),
      ]),
  );

const pairs: Operations = {
  add: ["all", (a, b) => a.add(b).square()],
  sub: ["all", (a, b) => a.sub(b).square()],
  mul: ["all", (a, b) => a.mul(b)],
  div: ["positive", (a, b) => a.div(b)],
  pow: ["positive", (a, b) => a.pow(b)],
  atan2: ["positive", (a, b) => a.atan2(b.neg())],
  fmod: ["positive", (a, b) => a.fmod(b.add(10)).mul(b)],
  "remainder of opposite signs": ["positive", (a, b) => a.neg().remainder(b.add(10)).square()],
  maximum: ["all", (a, b) => maximum(a, b).square()],
  minimum: ["all", (a, b) => minimum(a, b).square()],
  where: ["all", (a, b) => where(a.greater(b), a.square(), b.exp())],
  "where, as a method": ["all", (a, b) => a.square().where(a.lt(b), b)],
  "clamp by tensors": ["all", (a, b) => a.clamp(b, b.add(0.7)).square()],
  "lerp by a number": ["all", (a, b) => a.lerp(b, 0.3).square()],
  "lerp by a tensor": ["all", (a, b) => a.lerp(b, b).square()],
  addcmul: ["all", (a, b) => a.addcmul(a, b, { value: 0.5 })],
  addcdiv: ["positive", (a, b) => a.addcdiv(a, b, { value: -2 })],
};

describe("functions of two tensors that broadcast", () => {
  checkOperations(pairs, broadcastPair, 15);
});

describe("a NaN that is not chosen spoils no gradient", () => {
  checkOperations(
    {
      nansum: ["all", (x) => where(tensor([1, 0, 1], { dtype: "int32" }), x.square(), NaN).nansum(-1)],
      nanmean: ["all", (x) => where(tensor([1, 0, 1], { dtype: "int32" }), x.square(), NaN).nanmean(-1)],
    },
    size.map((n) => [[n, 3]]),
  );
});
