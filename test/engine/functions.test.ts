// The engine's own exp, log, sin …: at most 2 units in the last place from the truth in both precisions.
//
// The truth is a 200-bit fixed-point number computed here with BigInt from the Taylor series alone.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Tensor, tensor } from "../../src/engine/index.ts";

const BITS = 1400n;
const ONE = 1n << BITS;
const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** A double as a fixed-point number, exactly (for magnitudes from 2⁻¹⁰⁰⁰ up). */
function fixed(x: number): bigint {
  if (x === 0) return 0n;
  const exponent = Math.floor(Math.log2(Math.abs(x))) - 60;
  // Scaled in two steps so that no power of two overflows.
  const whole = BigInt(x / 2 ** Math.trunc(exponent / 2) / 2 ** (exponent - Math.trunc(exponent / 2)));
  const shift = BITS + BigInt(exponent);
  return shift >= 0n ? whole << shift : whole >> -shift;
}

/** Σ xⁿ/n! from the terms of which `keep` says whether and with what sign they count. */
function series(x: bigint, keep: (n: number) => bigint): bigint {
  let sum = 0n;
  let term = ONE;
  for (let n = 1; term !== 0n; n++) {
    sum += keep(n - 1) * term;
    term = times(term, x) / BigInt(n);
  }
  return sum;
}

/** eˣ: the argument is halved until the series is short, the result squared as often. */
function exp(x: bigint): bigint {
  if (x < 0n) return over(ONE, exp(-x));
  let halvings = 0;
  let small = x;
  while (small > ONE >> 4n) {
    small >>= 1n;
    halvings++;
  }
  let y = series(small, () => 1n);
  for (let i = 0; i < halvings; i++) y = times(y, y);
  return y;
}

/** ln y by Newton's steps y ← y + 2·(v − eʸ)/(v + eʸ), from the double's own logarithm. */
function log(v: bigint, guess: number): bigint {
  let y = fixed(guess);
  for (let i = 0; i < 6; i++) {
    const e = exp(y);
    y += (2n * ((v - e) << BITS)) / (v + e);
  }
  return y;
}

const sin = (x: bigint): bigint => series(x, (n) => (n % 2 === 0 ? 0n : n % 4 === 1 ? 1n : -1n));
const cos = (x: bigint): bigint => series(x, (n) => (n % 2 === 1 ? 0n : n % 4 === 0 ? 1n : -1n));

/** Error of `value` against the truth, in units in the last place of a format with `digits` binary digits. */
function ulps(value: number, truth: bigint, digits: number): number {
  const error = fixed(value) - truth;
  const magnitude = truth < 0n ? -truth : truth;
  if (magnitude === 0n) return value === 0 ? 0 : Infinity;
  // 2^position ≤ truth; a unit in the last place is 2^(position − digits + 1).
  const position = magnitude.toString(2).length - 1;
  const unit = 1n << BigInt(Math.max(0, position - digits + 1));
  return Number((error * 1000n) / unit) / 1000;
}

interface Specimen {
  apply: (x: Tensor) => Tensor;
  truth: (x: bigint, number: number) => bigint;
  domain: [number, number];
}

const specimens: Record<string, Specimen> = {
  exp: { apply: (x) => x.exp(), truth: exp, domain: [-80, 80] },
  expm1: { apply: (x) => x.expm1(), truth: (x) => exp(x) - ONE, domain: [-40, 40] },
  log: { apply: (x) => x.log(), truth: (x, number) => log(x, Math.log(number)), domain: [1e-30, 1e30] },
  log1p: {
    apply: (x) => x.log1p(),
    truth: (x, number) => log(ONE + x, Math.log1p(number)),
    domain: [-0.999, 1e6],
  },
  sin: { apply: (x) => x.sin(), truth: sin, domain: [-60, 60] },
  cos: { apply: (x) => x.cos(), truth: cos, domain: [-60, 60] },
  tanh: {
    apply: (x) => x.tanh(),
    truth: (x) => over(exp(2n * x) - ONE, exp(2n * x) + ONE),
    domain: [-20, 20],
  },
  sigmoid: { apply: (x) => x.sigmoid(), truth: (x) => over(ONE, ONE + exp(-x)), domain: [-80, 80] },
  erf: {
    apply: (x) => x.erf(),
    // 2/√π·Σ (−1)ⁿ x²ⁿ⁺¹/(n!·(2n+1)); π from Machin's formula.
    truth: (x) => {
      let sum = 0n;
      let term = x;
      for (let n = 0n; term !== 0n; n++) {
        sum += term / (2n * n + 1n);
        term = -times(times(term, x), x) / (n + 1n);
      }
      return over(2n * sum, root(pi));
    },
    domain: [-5, 5],
  },
  atan: {
    apply: (x) => x.atan(),
    truth: (x, number) => atan(x, Math.atan(number)),
    domain: [-50, 50],
  },
  tan: { apply: (x) => x.tan(), truth: (x) => over(sin(x), cos(x)), domain: [-60, 60] },
  asin: { apply: (x) => x.asin(), truth: asin, domain: [-1, 1] },
  acos: {
    apply: (x) => x.acos(),
    truth: (x, number) => (number === 1 ? 0n : pi / 2n - asin(x, number)),
    domain: [-1, 1],
  },
  sinh: { apply: (x) => x.sinh(), truth: (x) => (exp(x) - exp(-x)) / 2n, domain: [-80, 80] },
  cosh: { apply: (x) => x.cosh(), truth: (x) => (exp(x) + exp(-x)) / 2n, domain: [-80, 80] },
  exp2: { apply: (x) => x.exp2(), truth: (x) => exp(times(x, ln(2))), domain: [-120, 120] },
  log2: {
    apply: (x) => x.log2(),
    truth: (x, number) => over(log(x, Math.log(number)), ln(2)),
    domain: [1e-30, 1e30],
  },
  log10: {
    apply: (x) => x.log10(),
    truth: (x, number) => over(log(x, Math.log(number)), ln(10)),
    domain: [1e-30, 1e30],
  },
};

const ln = (x: number): bigint => log(fixed(x), Math.log(x));

function arctanOfInverse(n: bigint): bigint {
  let sum = 0n;
  let power = ONE / n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += (k % 4n === 1n ? 1n : -1n) * (power / k);
    power /= n * n;
  }
  return sum;
}
const pi = 4n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n));

/** √x: Newton's steps for the whole square root come down from above. */
function root(x: bigint): bigint {
  if (x === 0n) return 0n;
  const square = x << BITS;
  let y = 1n << BigInt((square.toString(2).length >> 1) + 1);
  for (let next = (y + square / y) >> 1n; next < y; next = (y + square / y) >> 1n) y = next;
  return y;
}

/** Newton's steps on tan y = x. */
function atan(x: bigint, guess: number): bigint {
  let y = fixed(guess);
  for (let i = 0; i < 6; i++) y -= times(times(sin(y) - times(x, cos(y)), cos(y)), ONE);
  return y;
}

/** asin x = 2·atan(x/(1 + √(1 − x²))). */
function asin(x: bigint, number: number): bigint {
  const half = over(x, ONE + root(ONE - times(x, x)));
  return 2n * atan(half, Math.asin(number) / 2);
}

/** Numbers spread over a domain, many of them near its smaller magnitudes. */
function numbersIn([low, high]: [number, number]): fc.Arbitrary<number> {
  const anywhere = fc.double({ min: low, max: high, noNaN: true });
  const scaled = fc
    .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -30, max: 6 }))
    .map(([x, exponent]) => x * 2 ** exponent)
    .filter((x) => x >= low && x <= high);
  return fc.oneof(anywhere, scaled).filter((x) => Math.abs(x) > 1e-30);
}

describe("within 2 ulp of the truth", () => {
  test.each(Object.entries(specimens))("%s, float64", (_, { apply, truth, domain }) => {
    fc.assert(
      fc.property(numbersIn(domain), (x) => {
        const y = apply(tensor(x, { dtype: "float64" })).item();
        expect(Math.abs(ulps(y, truth(fixed(x), x), 53))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test.each(Object.entries(specimens))("%s, float32", (_, { apply, truth, domain }) => {
    fc.assert(
      fc.property(numbersIn(domain), (wide) => {
        const x = Math.fround(wide);
        const y = apply(tensor(x)).item();
        expect(Math.abs(ulps(y, truth(fixed(x), x), 24))).toBeLessThanOrEqual(0.6);
      }),
      { numRuns: 40, seed: 12 },
    );
  });

  test("pow, also where the exponent magnifies the last bits of the logarithm", () => {
    const exponents = fc.double({ min: -60, max: 60, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), exponents, (x, y) => {
        const value = tensor(x, { dtype: "float64" })
          .pow(tensor(y, { dtype: "float64" }))
          .item();
        const truth = exp(times(fixed(y), log(fixed(x), Math.log(x))));
        expect(Math.abs(ulps(value, truth, 53))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 60, seed: 13 },
    );
  });

  test("atan2 in all four quadrants", () => {
    const coordinate = fc.double({ min: -1e3, max: 1e3, noNaN: true }).filter((x) => Math.abs(x) > 1e-6);
    fc.assert(
      fc.property(coordinate, coordinate, (y, x) => {
        const value = tensor(y, { dtype: "float64" })
          .atan2(tensor(x, { dtype: "float64" }))
          .item();
        const angle = atan(over(fixed(y), fixed(x)), Math.atan(y / x));
        const truth = x > 0 ? angle : y > 0 ? angle + pi : angle - pi;
        expect(Math.abs(ulps(value, truth, 53))).toBeLessThanOrEqual(2);
      }),
      { numRuns: 60, seed: 14 },
    );
  });

  test("sine and cosine of very large angles", () => {
    for (const x of [1e6, 12345678.9, 1e15, 2 ** 70 + 2 ** 30, 6.02214076e23]) {
      const angle = fixed(x) % (2n * pi);
      // π itself must have as many correct digits as the angle takes away.
      const point = tensor(x, { dtype: "float64" });
      expect(Math.abs(ulps(point.sin().item(), sin(angle), 53))).toBeLessThanOrEqual(2);
      expect(Math.abs(ulps(point.cos().item(), cos(angle), 53))).toBeLessThanOrEqual(2);
    }
  });
});

describe("at the ends of their domains", () => {
  const at = (x: number) => tensor(x, { dtype: "float64" });
  const cases: [name: string, value: Tensor, expected: number][] = [
    ["exp(−Infinity)", at(-Infinity).exp(), 0],
    ["exp(Infinity)", at(Infinity).exp(), Infinity],
    ["exp(710)", at(710).exp(), Infinity],
    ["exp(−746)", at(-746).exp(), 0],
    ["exp(−745)", at(-745).exp(), 5e-324],
    ["log(0)", at(0).log(), -Infinity],
    ["log(−1)", at(-1).log(), NaN],
    ["log(Infinity)", at(Infinity).log(), Infinity],
    ["log(5e-324)", at(5e-324).log(), -744.4400719213812],
    ["log1p(−1)", at(-1).log1p(), -Infinity],
    ["log1p(Infinity)", at(Infinity).log1p(), Infinity],
    ["expm1(−Infinity)", at(-Infinity).expm1(), -1],
    ["expm1(Infinity)", at(Infinity).expm1(), Infinity],
    ["tanh(Infinity)", at(Infinity).tanh(), 1],
    ["tanh(−0)", at(-0).tanh(), -0],
    ["sigmoid(−Infinity)", at(-Infinity).sigmoid(), 0],
    ["sigmoid(Infinity)", at(Infinity).sigmoid(), 1],
    ["sin(Infinity)", at(Infinity).sin(), NaN],
    ["sin(−0)", at(-0).sin(), -0],
    ["cos(NaN)", at(NaN).cos(), NaN],
    ["atan(−Infinity)", at(-Infinity).atan(), -Math.PI / 2],
    ["erf(Infinity)", at(Infinity).erf(), 1],
    ["tan(−0)", at(-0).tan(), -0],
    ["tan(Infinity)", at(Infinity).tan(), NaN],
    ["asin(1)", at(1).asin(), Math.PI / 2],
    ["asin(1.1)", at(1.1).asin(), NaN],
    ["acos(1)", at(1).acos(), 0],
    ["acos(−1)", at(-1).acos(), Math.PI],
    ["acos(−1.1)", at(-1.1).acos(), NaN],
    ["sinh(710)", at(710).sinh(), 1.1169973830808557e308],
    ["sinh(−Infinity)", at(-Infinity).sinh(), -Infinity],
    ["cosh(−711)", at(-711).cosh(), Infinity],
    ["exp2(10)", at(10).exp2(), 1024],
    ["exp2(−1074)", at(-1074).exp2(), 5e-324],
    ["exp2(1024)", at(1024).exp2(), Infinity],
    ["log2(2⁻¹⁰⁷⁴)", at(5e-324).log2(), -1074],
    ["log10(1000)", at(1000).log10(), 3],
    ["log10(0)", at(0).log10(), -Infinity],
    ["log2(−1)", at(-1).log2(), NaN],
    ["atan2(0, −1)", at(0).atan2(-1), Math.PI],
    ["atan2(−0, −1)", at(-0).atan2(-1), -Math.PI],
    ["atan2(0, 0)", at(0).atan2(0), 0],
    ["atan2(Infinity, −Infinity)", at(Infinity).atan2(-Infinity), 2.356194490192345],
    ["fmod(−7, 3)", at(-7).fmod(3), -1],
    ["remainder(−7, 3)", at(-7).remainder(3), 2],
    ["remainder(7, −3)", at(7).remainder(-3), -2],
    ["remainder(−6, 3)", at(-6).remainder(3), -0],
    ["fmod(1, 0)", at(1).fmod(0), NaN],
    ["NaN ** 0", at(NaN).pow(at(0)), 1],
    ["(−2) ** 3", at(-2).pow(at(3)), -8],
    ["(−2) ** 0.5", at(-2).pow(at(0.5)), NaN],
    ["0 ** −1", at(0).pow(at(-1)), Infinity],
    ["2 ** 1024", at(2).pow(at(1024)), Infinity],
    ["2 ** −1074", at(2).pow(at(-1074)), 5e-324],
    ["0.5 ** Infinity", at(0.5).pow(at(Infinity)), 0],
  ];
  test.each(cases)("%s", (_, value, expected) => {
    expect(value.item()).toBe(expected);
  });
});

test("remainders are exact, however large the quotient", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(number, number, (a, b) => {
      const x = tensor(a, { dtype: "float64" });
      expect(x.fmod(tensor(b, { dtype: "float64" })).item()).toBe(a % b);
    }),
    { numRuns: 200, seed: 15 },
  );
});

test("powers of ten and of two have whole logarithms", () => {
  for (let n = -22; n <= 22; n++) {
    expect(
      tensor(Number(`1e${n}`), { dtype: "float64" })
        .log10()
        .item(),
    ).toBe(n);
    expect(
      tensor(2 ** n, { dtype: "float64" })
        .log2()
        .item(),
    ).toBe(n);
  }
});

test("a number gives the same bits alone and in the middle of a long tensor", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 9 }),
      (values) => {
        for (const { apply } of Object.values(specimens)) {
          const together = apply(tensor(values)).data;
          for (const [i, x] of values.entries()) expect(apply(tensor(x)).item()).toBe(together[i]);
        }
      },
    ),
    { numRuns: 20, seed: 5 },
  );
});
