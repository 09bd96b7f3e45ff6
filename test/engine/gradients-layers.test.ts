// Gradients of convolutions, poolings, normalisations and of the layers' other functions, first and second order; see
// gradients.ts.
/* oxlint-disable vitest/expect-expect -- the expectations are in gradcheck */
import fc from "fast-check";
import { describe, test } from "vitest";
import { Generator, type Tensor, nn, rand, tensor } from "../../src/engine/index.ts";
import { type Operations, checkOperations, gradcheck, inputsFor, seed, shape } from "./gradients.ts";

const { functional } = nn;
const between = (min: number, max: number) => fc.integer({ min, max });
const runs = { numRuns: 25, seed: 7 };

/** Distinct numbers in random order, so that no maximum is a near tie. */
function distinct(shape: readonly number[], from: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(new Generator(from).permutation(size), { dtype: "float64" }).mul(0.1).reshape(shape);
}

describe("convolution", () => {
  const direction = fc.record({
    size: between(1, 6),
    kernel: between(1, 3),
    stride: between(1, 3),
    padding: between(0, 2),
    dilation: between(1, 2),
  });
  const fits = (d: { size: number; kernel: number; padding: number; dilation: number }) =>
    d.size + 2 * d.padding >= d.dilation * (d.kernel - 1) + 1;
  const channels = fc.record({
    batch: between(1, 2),
    groups: between(1, 2),
    in: between(1, 2),
    out: between(1, 5),
  });

  test("of pictures, with any stride, padding, dilation and groups", () => {
    fc.assert(
      fc.property(
        direction.filter(fits),
        direction.filter(fits),
        channels,
        fc.boolean(),
        seed,
        (y, x, c, bias, from) => {
          const options = {
            stride: [y.stride, x.stride],
            padding: [y.padding, x.padding],
            dilation: [y.dilation, x.dilation],
            groups: c.groups,
          } as const;
          const out = c.out * c.groups;
          const shapes = [[c.batch, c.in * c.groups, y.size, x.size], [out, c.in, y.kernel, x.kernel], [out]];
          const inputs = inputsFor(bias ? shapes : shapes.slice(0, 2), from, "all");
          gradcheck((input, weight, b) => functional.conv2d(input, weight, b ?? null, options), inputs);
        },
      ),
      runs,
    );
  });

  test("of rows wider than several vectors", () => {
    fc.assert(
      fc.property(between(7, 11), between(1, 3), between(1, 2), seed, (width, kernel, stride, from) => {
        const inputs = inputsFor([[1, 2, 3, width], [5, 2, 2, kernel], [5]], from, "all");
        gradcheck((x, w, b) => functional.conv2d(x, w, b, { stride: [1, stride], padding: [1, 0] }), inputs);
      }),
      { numRuns: 5, seed: 7 },
    );
  });

  test('of sequences, with padding "same", and of one example', () => {
    fc.assert(
      fc.property(between(1, 6), between(1, 4), between(1, 2), seed, (length, kernel, dilation, from) => {
        const inputs = inputsFor([[2, length], [3, 2, kernel], [3]], from, "all");
        gradcheck((x, w, b) => functional.conv1d(x, w, b, { padding: "same", dilation }), inputs);
      }),
      { numRuns: 10, seed: 7 },
    );
  });

  test("with a ReLU in the same kernel call", () => {
    fc.assert(
      fc.property(between(2, 5), seed, (width, from) => {
        const layer = new nn.Conv2d(2, 5, 2, { dtype: "float64", generator: new Generator(from) });
        const net = new nn.Sequential(layer, new nn.ReLU());
        // Moved far from zero, so that no difference steps over ReLU's kink.
        const [x] = inputsFor([[1, 2, 3, width]], from, "all") as [Tensor];
        const values = layer.forward(x).abs().min().item();
        if (values > 1e-3) gradcheck((input) => net.forward(input), [x]);
      }),
      { numRuns: 10, seed: 7 },
    );
  });
});

describe("pooling", () => {
  const direction = fc
    .record({ size: between(1, 6), kernel: between(1, 3), stride: between(1, 3), padding: between(0, 1) })
    .filter((d) => 2 * d.padding <= d.kernel && d.size + 2 * d.padding >= d.kernel);

  test("means", () => {
    fc.assert(
      fc.property(
        direction,
        direction,
        fc.boolean(),
        fc.boolean(),
        seed,
        (y, x, ceilMode, countIncludePad, from) => {
          const options = {
            stride: [y.stride, x.stride],
            padding: [y.padding, x.padding],
            ceilMode,
            countIncludePad,
          } as const;
          const inputs = inputsFor([[1, 2, y.size, x.size]], from, "all");
          gradcheck((input) => functional.avgPool2d(input, [y.kernel, x.kernel], options).square(), inputs);
        },
      ),
      runs,
    );
  });

  test("largest numbers", () => {
    fc.assert(
      fc.property(direction, direction, fc.boolean(), seed, (y, x, ceilMode, from) => {
        const options = { stride: [y.stride, x.stride], padding: [y.padding, x.padding], ceilMode } as const;
        gradcheck(
          (input) => functional.maxPool2d(input, [y.kernel, x.kernel], options).square(),
          [distinct([1, 2, y.size, x.size], from)],
        );
      }),
      runs,
    );
  });

  test("largest numbers of 2 × 2 squares, of windows with gaps, and of sequences", () => {
    fc.assert(
      fc.property(between(2, 11), between(3, 6), seed, (width, height, from) => {
        const x = distinct([2, height, width], from);
        gradcheck((input) => functional.maxPool2d(input, 2).square(), [x]);
        if (width > 2) gradcheck((input) => functional.maxPool2d(input, 2, { dilation: 2 }).square(), [x]);
        gradcheck((input) => functional.maxPool1d(input, 2).square(), [x]);
        gradcheck((input) => functional.avgPool1d(input, 2, { padding: 1 }).square(), [x]);
      }),
      { numRuns: 8, seed: 7 },
    );
  });

  test("means for a given size", () => {
    fc.assert(
      fc.property(between(1, 6), between(1, 6), between(1, 4), seed, (height, width, out, from) => {
        const inputs = inputsFor([[2, height, width]], from, "all");
        gradcheck((x) => functional.adaptiveAvgPool2d(x, [out, null]).square(), inputs);
        gradcheck((x) => functional.adaptiveAvgPool1d(x, out).square(), inputs);
      }),
      { numRuns: 10, seed: 7 },
    );
  });
});

describe("normalisation", () => {
  test("batch norm with the batch's statistics", () => {
    fc.assert(
      fc.property(between(2, 4), between(1, 5), between(0, 5), seed, (batch, channels, size, from) => {
        const input = size === 0 ? [batch, channels] : [batch, channels, size];
        const norm = (x: Tensor, w?: Tensor, b?: Tensor) =>
          functional.batchNorm(x, null, null, w ?? null, b ?? null, { training: true, eps: 0.1 });
        const inputs = inputsFor([input, [channels], [channels]], from, "all");
        gradcheck(norm, inputs);
        gradcheck((x) => norm(x), inputs.slice(0, 1));
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  test("batch norm with running statistics", () => {
    fc.assert(
      fc.property(between(1, 3), between(1, 5), seed, (batch, channels, from) => {
        const [x, w, b, mean, spread] = inputsFor(
          [[batch, channels, 2, 2], [channels], [channels], [channels], [channels]],
          from,
          "all",
        ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
        gradcheck(
          (...t) => functional.batchNorm(t[0]!, mean, spread.square(), t[1], t[2]).square(),
          [x, w, b],
        );
      }),
      { numRuns: 8, seed: 7 },
    );
  });

  test("layer norm over one dim and over two", () => {
    fc.assert(
      fc.property(between(1, 3), between(1, 3), between(2, 5), seed, (a, b, c, from) => {
        for (const own of [[c], [b, c]]) {
          const norm = (x: Tensor, w?: Tensor, bias?: Tensor) =>
            functional.layerNorm(x, own, w ?? null, bias ?? null, { eps: 0.1 });
          const inputs = inputsFor([[a, b, c], own, own], from, "all");
          gradcheck(norm, inputs);
          gradcheck((x) => norm(x), inputs.slice(0, 1));
        }
      }),
      { numRuns: 6, seed: 7 },
    );
  });

  test("group norm", () => {
    fc.assert(
      fc.property(
        between(1, 2),
        between(1, 2),
        between(1, 3),
        between(0, 5),
        seed,
        (batch, groups, each, size, from) => {
          const channels = groups * each;
          const input = size === 0 ? [batch, channels] : [batch, channels, size];
          const inputs = inputsFor([input, [channels], [channels]], from, "all");
          gradcheck((x, w, b) => functional.groupNorm(x, groups, w, b, { eps: 0.1 }), inputs);
        },
      ),
      { numRuns: 12, seed: 7 },
    );
  });
});

describe("activations", () => {
  const activations: Operations = {
    celu: ["away from 0", (x) => functional.celu(x, 0.7)],
    softsign: ["away from 0", (x) => functional.softsign(x)],
    tanhshrink: ["all", (x) => functional.tanhshrink(x)],
    hardshrink: ["away from 0", (x) => functional.hardshrink(x, 0.05).square()],
    softshrink: ["away from 0", (x) => functional.softshrink(x, 0.05).square()],
    hardsigmoid: ["away from 0", (x) => functional.hardsigmoid(x.mul(0.5)).square()],
    hardswish: ["away from 0", (x) => functional.hardswish(x.mul(0.5))],
    threshold: ["away from 0", (x) => functional.threshold(x, 0.01, -2).square()],
  };
  checkOperations(
    activations,
    shape.map((sizes) => [sizes]),
  );

  test("softmin, and a learned slope for each channel", () => {
    fc.assert(
      fc.property(between(1, 3), between(1, 3), seed, (batch, channels, from) => {
        const inputs = inputsFor([[batch, channels, 2], [channels], [1]], from, "away from 0") as [
          Tensor,
          Tensor,
          Tensor,
        ];
        gradcheck((x) => functional.softmin(x, 1), inputs.slice(0, 1));
        gradcheck((x, slopes) => functional.prelu(x, slopes), inputs.slice(0, 2));
        gradcheck((x, slope) => functional.prelu(x, slope), [inputs[0], inputs[2]]);
      }),
      { numRuns: 8, seed: 7 },
    );
  });
});

describe("dropout, embedding and residual blocks", () => {
  test("dropout by a mask", () => {
    fc.assert(
      fc.property(between(1, 3), between(1, 4), seed, (m, n, from) => {
        const mask = rand([m, n], { generator: new Generator(from) }).greater(0.4);
        gradcheck((x) => functional.dropout(x, 0.4, { mask }).square(), inputsFor([[m, n]], from, "all"));
      }),
      { numRuns: 8, seed: 7 },
    );
  });

  test("embedding with repeated rows", () => {
    fc.assert(
      fc.property(fc.array(between(0, 3), { minLength: 1, maxLength: 6 }), seed, (rows, from) => {
        const indices = tensor(rows, { dtype: "int32" });
        gradcheck(
          (weight) => functional.embedding(indices, weight).square(),
          inputsFor([[4, 3]], from, "all"),
        );
      }),
      { numRuns: 8, seed: 7 },
    );
  });

  test("a residual block", () => {
    const block = new nn.Residual(new nn.Tanh(), { scale: 0.5 });
    gradcheck((x) => block.forward(x), inputsFor([[2, 3]], 1, "all"));
  });
});
