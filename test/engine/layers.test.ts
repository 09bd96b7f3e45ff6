// What the layers do: convolution and pooling against their definitions, statistics and their running averages, dropout's
// random masks, embedding, residual blocks, initial values.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Generator,
  type Tensor,
  autograd,
  manualSeed,
  memoryUse,
  nn,
  noGrad,
  ones,
  optim,
  rand,
  randint,
  randn,
  tensor,
  zeros,
} from "../../src/engine/index.ts";

const { functional } = nn;
const between = (min: number, max: number) => fc.integer({ min, max });
const int = (values: number[]) => tensor(values, { dtype: "int32" });

/** The largest difference between two tensors, relative to 1 + |b|. */
function distance(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  const [p, q] = [a.data, b.data];
  let most = 0;
  for (let i = 0; i < p.length; i++) most = Math.max(most, Math.abs(p[i]! - q[i]!) / (1 + Math.abs(q[i]!)));
  return most;
}

interface Geometry {
  batch: number;
  groups: number;
  perGroup: number;
  out: number;
  size: [number, number];
  kernel: [number, number];
  stride: [number, number];
  padding: [number, number];
  dilation: [number, number];
}

const pairOf = (min: number, max: number) => fc.tuple(between(min, max), between(min, max));
const geometry: fc.Arbitrary<Geometry> = fc
  .record({
    batch: between(1, 2),
    groups: between(1, 3),
    perGroup: between(1, 3),
    out: between(1, 7),
    size: fc.tuple(between(1, 8), between(1, 21)),
    kernel: pairOf(1, 4),
    stride: pairOf(1, 3),
    padding: pairOf(0, 3),
    dilation: pairOf(1, 3),
  })
  .filter(({ size, kernel, padding, dilation }) =>
    [0, 1].every((i) => size[i]! + 2 * padding[i]! >= dilation[i]! * (kernel[i]! - 1) + 1),
  );

/** Convolution by its definition, in double precision. */
function convolve(x: Tensor, weight: Tensor, bias: Tensor, g: Geometry): { shape: number[]; data: number[] } {
  const [X, W, B] = [x.data, weight.data, bias.data];
  const channels = g.groups * g.perGroup;
  const places = ([0, 1] as const).map(
    (i) =>
      Math.floor((g.size[i] + 2 * g.padding[i] - g.dilation[i] * (g.kernel[i] - 1) - 1) / g.stride[i]) + 1,
  ) as [number, number];
  const outs = g.groups * g.out;
  const data: number[] = [];
  for (let n = 0; n < g.batch; n++) {
    for (let o = 0; o < outs; o++) {
      const firstChannel = Math.floor(o / g.out) * g.perGroup;
      for (let y = 0; y < places[0]; y++) {
        for (let z = 0; z < places[1]; z++) {
          let sum = 0;
          for (let c = 0; c < g.perGroup; c++) {
            for (let ky = 0; ky < g.kernel[0]; ky++) {
              for (let kx = 0; kx < g.kernel[1]; kx++) {
                const row = y * g.stride[0] + ky * g.dilation[0] - g.padding[0];
                const column = z * g.stride[1] + kx * g.dilation[1] - g.padding[1];
                if (row < 0 || column < 0 || row >= g.size[0] || column >= g.size[1]) continue;
                const at = ((n * channels + firstChannel + c) * g.size[0] + row) * g.size[1] + column;
                sum += X[at]! * W[((o * g.perGroup + c) * g.kernel[0] + ky) * g.kernel[1] + kx]!;
              }
            }
          }
          data.push(sum + B[o]!);
        }
      }
    }
  }
  return { shape: [g.batch, outs, ...places], data };
}

function operandsOf(g: Geometry, seed: number, dtype: "float32" | "float64"): [Tensor, Tensor, Tensor] {
  const generator = new Generator(seed);
  const make = (shape: number[]) => randn(shape, { generator }).to(dtype);
  return [
    make([g.batch, g.groups * g.perGroup, ...g.size]),
    make([g.groups * g.out, g.perGroup, ...g.kernel]),
    make([g.groups * g.out]),
  ];
}

const optionsOf = ({ stride, padding, dilation, groups }: Geometry) => ({
  stride,
  padding,
  dilation,
  groups,
});

describe("convolution", () => {
  test.each(["float64", "float32"] as const)("is what its definition says, %s", (dtype) => {
    fc.assert(
      fc.property(geometry, between(0, 1e6), (g, seed) => {
        const [x, weight, bias] = operandsOf(g, seed, dtype);
        const { shape, data } = convolve(x, weight, bias, g);
        const wanted = tensor(data, { dtype: "float64" }).reshape(shape);
        const out = functional.conv2d(x, weight, bias, optionsOf(g));
        expect(out.dtype).toBe(dtype);
        expect(distance(out.to("float64"), wanted)).toBeLessThan(dtype === "float64" ? 1e-12 : 1e-5);
      }),
      { numRuns: 60 },
    );
  });

  test("has the same gradients in both precisions", () => {
    fc.assert(
      fc.property(geometry, between(0, 1e6), (g, seed) => {
        const gradients = (["float32", "float64"] as const).map((dtype) => {
          const leaves = operandsOf(g, seed, dtype).map((each) => each.requiresGrad_());
          const out = functional.conv2d(leaves[0]!, leaves[1]!, leaves[2], optionsOf(g));
          const gradOutputs = randn(out.shape, { generator: new Generator(seed + 1) }).to(dtype);
          return autograd.grad(out, leaves, { gradOutputs });
        });
        for (const [i, single] of gradients[0]!.entries()) {
          expect(distance(single.to("float64"), gradients[1]![i]!)).toBeLessThan(2e-5);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("gives a picture the same bits alone and in a batch, a channel the same bits alone and among others", () => {
    fc.assert(
      fc.property(geometry, between(0, 1e6), (g, seed) => {
        const wide = { ...g, groups: 1, batch: 2 };
        const [x, weight, bias] = operandsOf(wide, seed, "float32");
        const together = functional.conv2d(x, weight, bias, optionsOf(wide));
        const alone = functional.conv2d(x.slice(1), weight, bias, optionsOf(wide));
        expect(together.slice(1).data).toEqual(alone.data);
        const last = functional.conv2d(x, weight.slice(-1), bias.slice(-1), optionsOf(wide));
        expect(together.slice(-1, undefined, { dim: 1 }).data).toEqual(last.data);
      }),
      { numRuns: 30 },
    );
  });

  test("of one picture, of sequences, and with padding that keeps the size", () => {
    const x = randn([3, 6, 5]);
    const weight = randn([2, 3, 3, 2]);
    expect(functional.conv2d(x, weight).shape).toEqual([2, 4, 4]);
    expect(functional.conv2d(x, weight, null, { padding: "same" }).shape).toEqual([2, 6, 5]);
    expect(functional.conv2d(x, weight, null, { padding: "valid" }).shape).toEqual([2, 4, 4]);
    // Of an even kernel the extra zero comes after, as in PyTorch.
    const same = functional.conv1d(tensor([[1, 2, 3]]), tensor([[[1, 10]]]), null, { padding: "same" });
    expect(same.toArray()).toEqual([[21, 32, 3]]);
    const sequence = randn([2, 3, 9]);
    const kernel = randn([4, 3, 2]);
    const flat = functional.conv1d(sequence, kernel, null, { stride: 2, dilation: 3 });
    const picture = functional.conv2d(sequence.unsqueeze(2), kernel.unsqueeze(2), null, {
      stride: [1, 2],
      dilation: [1, 3],
    });
    expect(flat.data).toEqual(picture.data);
  });

  test("keeps infinities where they belong", () => {
    const x = zeros([1, 1, 3, 9]).add(1);
    const spoiled = x.copy_(x.mul(tensor([1, 1, 1, 1, 1, 1, 1, 1, Infinity])));
    const weight = ones([1, 1, 1, 2]).requiresGrad_();
    const out = functional.conv2d(spoiled, weight, null, { stride: [1, 3] });
    expect(out.toArray()).toEqual([[Array.from({ length: 3 }, () => [2, 2, 2])]]);
    out.sum().backward();
    expect(weight.grad!.toArray()).toEqual([[[[9, 9]]]]);
  });

  test("as a layer: initial values, sizes, and what it shows", () => {
    const layer = new nn.Conv2d(4, 6, [3, 5], { groups: 2, stride: 2, generator: new Generator(1) });
    expect(layer.weight.shape).toEqual([6, 2, 3, 5]);
    expect(layer.bias!.shape).toEqual([6]);
    const bound = 1 / Math.sqrt(2 * 3 * 5);
    for (const values of [layer.weight, layer.bias!]) {
      expect(values.abs().max().item()).toBeLessThanOrEqual(bound);
      expect(values.abs().max().item()).toBeGreaterThan(bound / 2);
    }
    expect(layer.toString()).toBe("Conv2d(4 → 6, kernel 3 × 5, stride 2 × 2, 2 groups)");
    expect(new nn.Conv1d(1, 2, 3, { bias: false, padding: "same" }).toString()).toBe(
      "Conv1d(1 → 2, kernel 3, padding same, no bias)",
    );
    expect(layer.forward(zeros([1, 4, 7, 9])).shape).toEqual([1, 6, 3, 3]);
  });

  test("in a Sequential with a ReLU behind has the bits of the two one after the other", () => {
    for (const conv of [new nn.Conv2d(2, 5, 3), new nn.Conv1d(2, 5, 3)]) {
      const x = randn(conv instanceof nn.Conv2d ? [2, 2, 6, 9] : [2, 2, 9]).requiresGrad_();
      const [one, two] = [
        new nn.Sequential(conv, new nn.ReLU()),
        (input: Tensor) => conv.forward(input).relu(),
      ];
      const [fused, apart] = [one.forward(x), two(x)];
      expect(fused.data).toEqual(apart.data);
      const leaves = [x, conv.weight, conv.bias!];
      const gradients = [fused, apart].map((out) => autograd.grad(out.square().sum(), leaves));
      for (const [i, each] of gradients[0]!.entries()) expect(each.data).toEqual(gradients[1]![i]!.data);
    }
  });
});

describe("pooling", () => {
  test.each(["float64", "float32"] as const)(
    "takes the largest number or the mean of each window, %s",
    (dtype) => {
      fc.assert(
        fc.property(
          fc.tuple(between(1, 8), between(1, 21)),
          pairOf(1, 4),
          pairOf(1, 3),
          fc.boolean(),
          fc.boolean(),
          between(0, 1e6),
          (size, kernel, stride, ceilMode, padded, seed) => {
            const padding: [number, number] = padded
              ? [Math.floor(kernel[0] / 2), Math.floor(kernel[1] / 2)]
              : [0, 0];
            if ([0, 1].some((i) => size[i]! + 2 * padding[i]! < kernel[i]!)) return;
            const x = randn([2, ...size], { generator: new Generator(seed) }).to(dtype);
            const values = x.to("float64").toArray() as number[][][];
            const largest = functional.maxPool2d(x, kernel, { stride, padding, ceilMode });
            const mean = functional.avgPool2d(x, kernel, {
              stride,
              padding,
              ceilMode,
              countIncludePad: false,
            });
            expect(largest.shape).toEqual(mean.shape);
            const means = mean.to("float64").toArray() as number[][][];
            for (const [c, plane] of (largest.to("float64").toArray() as number[][][]).entries()) {
              for (const [y, row] of plane.entries()) {
                for (const [z, value] of row.entries()) {
                  const [top, left] = [y * stride[0] - padding[0], z * stride[1] - padding[1]];
                  const window = values[c]!.slice(Math.max(0, top), Math.max(0, top + kernel[0])).flatMap(
                    (line) => line.slice(Math.max(0, left), Math.max(0, left + kernel[1])),
                  );
                  expect(value).toBe(Math.max(...window));
                  const wanted = window.reduce((a, b) => a + b, 0) / window.length;
                  expect(Math.abs(means[c]![y]![z]! - wanted)).toBeLessThan(
                    dtype === "float64" ? 1e-14 : 1e-6,
                  );
                }
              }
            }
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  test("the first of equal numbers gets the whole gradient, and NaN is not hidden", () => {
    const x = tensor(
      [
        [
          [1, 3, 0, 0, 2],
          [3, 2, 0, 0, 2],
        ],
      ],
      { requiresGrad: true },
    );
    functional.maxPool2d(x, 2).sum().backward();
    expect(x.grad!.toArray()).toEqual([
      [
        [0, 1, 1, 0, 0],
        [0, 0, 0, 0, 0],
      ],
    ]);
    const spoiled = tensor([Array.from({ length: 2 }, () => [0, 1, NaN, 2, 3, 4, 5, 6])]);
    expect(functional.maxPool2d(spoiled, 2).toArray()).toEqual([[[1, NaN, 4, 6]]]);
    expect(functional.maxPool2d(spoiled, [2, 3], { stride: 2 }).toArray()).toEqual([[[NaN, NaN, 5]]]);
  });

  test("ceilMode, dilation, the divisor, and adaptive sizes", () => {
    const x = tensor([[[1, 2, 3, 4, 5]]]);
    expect(functional.maxPool1d(x, 2).toArray()).toEqual([[[2, 4]]]);
    expect(functional.maxPool1d(x, 2, { ceilMode: true }).toArray()).toEqual([[[2, 4, 5]]]);
    expect(functional.maxPool1d(x, 2, { dilation: 3, stride: 1 }).toArray()).toEqual([[[4, 5]]]);
    expect(functional.avgPool1d(x, 2, { padding: 1 }).toArray()).toEqual([[[0.5, 2.5, 4.5]]]);
    expect(functional.avgPool1d(x, 2, { padding: 1, countIncludePad: false }).toArray()).toEqual([
      [[1, 2.5, 4.5]],
    ]);
    expect(functional.avgPool2d(x, [1, 2], { divisorOverride: 1 }).toArray()).toEqual([[[3, 7]]]);
    expect(functional.adaptiveAvgPool1d(x, 2).toArray()).toEqual([[[2, 4]]]);
    expect(functional.adaptiveAvgPool1d(x, 7).shape).toEqual([1, 1, 7]);
    expect(functional.adaptiveAvgPool2d(x, 1).toArray()).toEqual([[[3]]]);
    expect(functional.adaptiveAvgPool2d(randn([2, 3, 4, 5]), [null, 2]).shape).toEqual([2, 3, 4, 2]);
    expect(new nn.AdaptiveAvgPool2d([null, 2]).toString()).toBe("AdaptiveAvgPool2d(as the input × 2)");
    expect(new nn.MaxPool2d(3, { stride: 2, padding: 1 }).toString()).toBe(
      "MaxPool2d(kernel 3 × 3, stride 2 × 2, padding 1 × 1)",
    );
  });
});

describe("batch norm", () => {
  test("has mean 0 and variance 1 in training, whatever comes in", () => {
    fc.assert(
      fc.property(
        between(4, 9),
        between(1, 9),
        between(1, 9),
        between(0, 1e6),
        (batch, channels, size, seed) => {
          const x = randn([batch, channels, size], { generator: new Generator(seed) })
            .mul(30)
            .add(1000);
          const y = new nn.BatchNorm1d(channels, { affine: false }).forward(x).permute(1, 0, 2).flatten(1);
          expect(y.mean(1).abs().max().item()).toBeLessThan(1e-3);
          expect(y.var(1, { correction: 0 }).sub(1).abs().max().item()).toBeLessThan(1e-3);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("running statistics follow the batches; null averages them all", () => {
    const batches = [
      [1, 3],
      [4, 8],
      [0, 6],
    ].map((values) => tensor(values.map((value) => [value])));
    const moving = new nn.BatchNorm1d(1, { momentum: 0.5, dtype: "float32" });
    const average = new nn.BatchNorm1d(1, { momentum: null });
    for (const batch of batches) for (const layer of [moving, average]) layer.forward(batch);
    // Means 2, 6, 3; unbiased variances 2, 8, 18.
    expect(moving.runningMean!.item()).toBe(0.5 * (0.5 * (0.5 * 2) + 0.5 * 6) + 0.5 * 3);
    expect(moving.runningVar!.item()).toBe(0.5 * (0.5 * (0.5 * 1 + 0.5 * 2) + 0.5 * 8) + 0.5 * 18);
    expect(average.runningMean!.item()).toBeCloseTo(11 / 3, 6);
    expect(average.runningVar!.item()).toBeCloseTo(28 / 3, 6);
    expect(average.numBatchesTracked!.item()).toBe(3);

    average.eval();
    const x = tensor([[1], [5]]);
    const expected = x.sub(11 / 3).div(Math.sqrt(28 / 3 + 1e-5));
    expect(distance(average.forward(x), expected)).toBeLessThan(1e-6);
    expect(average.numBatchesTracked!.item()).toBe(3);
    // One example is enough outside training.
    expect(average.forward(tensor([[1]])).shape).toEqual([1, 1]);
    average.resetRunningStats();
    expect([
      average.runningMean!.item(),
      average.runningVar!.item(),
      average.numBatchesTracked!.item(),
    ]).toEqual([0, 1, 0]);
  });

  test("its state has PyTorch's names and comes back", () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
    net.forward(randn([5, 2]));
    const state = net.stateDict();
    expect(Object.keys(state)).toEqual([
      "0.weight",
      "0.bias",
      "1.weight",
      "1.bias",
      "1.runningMean",
      "1.runningVar",
      "1.numBatchesTracked",
    ]);
    const other = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
    other.loadStateDict(state);
    const x = randn([4, 2]);
    expect(other.eval().forward(x).data).toEqual(net.eval().forward(x).data);
    expect(other.to("float64").forward(x.to("float64")).dtype).toBe("float64");
  });

  test("without running statistics evaluates by the batch's own", () => {
    const layer = new nn.BatchNorm1d(2, { trackRunningStats: false });
    const x = randn([4, 2]);
    expect(layer.eval().forward(x).data).toEqual(layer.train().forward(x).data);
    expect(layer.runningMean).toBeNull();
    expect(Object.keys(layer.stateDict())).toEqual(["weight", "bias"]);
  });

  test("a backward pass in evaluation mode uses the statistics of its own forward", () => {
    const layer = new nn.BatchNorm1d(1);
    layer.forward(tensor([[1], [5]]));
    layer.eval();
    const x = tensor([[2]], { requiresGrad: true });
    const wanted = 1 / Math.sqrt(layer.runningVar!.item() + 1e-5);
    const out = layer.forward(x);
    layer.train().forward(tensor([[100], [500]]));
    out.sum().backward();
    expect(x.grad!.item()).toBeCloseTo(wanted, 6);
  });

  test("two backward passes through one forward give twice the gradient", () => {
    const layer = new nn.BatchNorm1d(3);
    const x = randn([4, 3], { requiresGrad: true });
    const g = randn([4, 3]);
    const out = layer.forward(x);
    out.backward({ gradient: g, retainGraph: true });
    const once = layer.weight!.grad!.clone();
    out.backward({ gradient: g });
    expect(distance(layer.weight!.grad!, once.mul(2))).toBeLessThan(1e-6);
  });
});

describe("layer norm and group norm", () => {
  test("each example has mean 0 and variance 1", () => {
    const x = randn([4, 6, 5]).mul(7).add(100);
    for (const [layer, rows] of [
      [new nn.LayerNorm([6, 5]), 4],
      [new nn.LayerNorm(5), 24],
      [new nn.GroupNorm(3, 6), 12],
    ] as const) {
      const y = layer.forward(x).reshape([rows, -1]);
      expect(y.mean(1).abs().max().item()).toBeLessThan(1e-4);
      expect(y.var(1, { correction: 0 }).sub(1).abs().max().item()).toBeLessThan(1e-3);
      // An example's result does not depend on the others.
      expect(layer.forward(x.slice(2, 3)).data).toEqual(layer.forward(x).slice(2, 3).data);
    }
  });

  test("one group is layer norm over all channels, and the bias can be left out", () => {
    const x = randn([3, 4, 5], { dtype: "float64" });
    const group = functional.groupNorm(x, 1);
    expect(distance(group, functional.layerNorm(x, [4, 5]))).toBeLessThan(1e-14);
    expect(new nn.LayerNorm(3, { bias: false }).parameters().length).toBe(1);
    expect(new nn.LayerNorm(3, { elementwiseAffine: false }).parameters().length).toBe(0);
    expect(new nn.GroupNorm(1, 3, { affine: false }).parameters().length).toBe(0);
  });
});

describe("dropout", () => {
  test("drops with probability p, scales what it keeps, and repeats itself by its seed", () => {
    const make = () => new nn.Dropout(0.3, { generator: new Generator(4) });
    const x = ones([100, 100]);
    const y = make().forward(x);
    const kept = y.data.filter((value) => value !== 0);
    expect(Math.abs(kept.length / x.size - 0.7)).toBeLessThan(0.02);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.7)]));
    expect(make().forward(x).data).toEqual(y.data);
    expect(new nn.Dropout({ p: 0.3, generator: new Generator(4) }).forward(x).data).toEqual(y.data);
    const layer = make();
    layer.forward(x);
    expect(layer.forward(x).data).not.toEqual(y.data);
  });

  test("follows the default generator where none is given", () => {
    manualSeed(3);
    const first = functional.dropout(ones([20]));
    manualSeed(3);
    expect(functional.dropout(ones([20])).data).toEqual(first.data);
  });

  test("does nothing in evaluation, and with p = 0; drops all with p = 1", () => {
    const x = randn([3, 4], { requiresGrad: true });
    expect(new nn.Dropout().eval().forward(x)).toBe(x);
    expect(functional.dropout(x, 0).data).toEqual(x.data);
    const gone = functional.dropout(x, 1);
    expect(gone.abs().max().item()).toBe(0);
    gone.sum().backward();
    expect(x.grad!.abs().max().item()).toBe(0);
  });

  test("the gradient passes where the number passed", () => {
    const x = ones([50]).requiresGrad_();
    const y = functional.dropout(x, 0.5, { generator: new Generator(1) });
    y.sum().backward();
    expect(x.grad!.data).toEqual(y.data);
  });

  test("of channels drops whole planes", () => {
    const x = ones([6, 5, 3, 2]);
    for (const [layer, input] of [
      [new nn.Dropout2d(0.5, { generator: new Generator(2) }), x],
      [new nn.Dropout1d(0.5, { generator: new Generator(2) }), x.flatten(2)],
    ] as const) {
      const planes = layer.forward(input).reshape([30, 6]).toArray() as number[][];
      for (const plane of planes) expect(new Set(plane).size).toBe(1);
      expect(new Set(planes.flat())).toEqual(new Set([0, 2]));
    }
  });
});

describe("embedding", () => {
  test("reads rows; a padding row is zero and gets no gradient", () => {
    const table = new nn.Embedding(5, 3, { paddingIdx: -1, generator: new Generator(1) });
    expect(table.paddingIdx).toBe(4);
    const indices = int(
      [
        [1, 4],
        [1, 0],
      ].flat(),
    ).reshape([2, 2]);
    const rows = table.forward(indices);
    expect(rows.shape).toEqual([2, 2, 3]);
    expect(rows.get(0, 1).toArray()).toEqual([0, 0, 0]);
    expect(rows.get(0, 0).data).toEqual(table.weight.get(1).data);
    rows.sum().backward();
    expect(table.weight.grad!.sum(1).toArray()).toEqual([3, 6, 0, 0, 0]);
  });
});

describe("residual blocks and shapes", () => {
  test("what a module makes is added to its input", () => {
    const x = randn([2, 3]);
    const body = new nn.Linear(3, 3);
    const block = new nn.Residual(body, { scale: 0.25 });
    expect(block.forward(x).data).toEqual(x.add(body.forward(x).mul(0.25)).data);
    const wide = new nn.Residual(new nn.Linear(3, 5), { shortcut: new nn.Linear(3, 5, { bias: false }) });
    expect(wide.forward(x).shape).toEqual([2, 5]);
    expect(Object.keys(wide.stateDict())).toEqual(["body.weight", "body.bias", "shortcut.weight"]);
  });

  test("inside a Sequential it needs no more than outside, with and without a tape", () => {
    const parts = [new nn.Linear(4, 4), new nn.Tanh()] as const;
    const net = new nn.Sequential(
      new nn.Linear(4, 4),
      new nn.Residual(new nn.Sequential(...parts)),
      new nn.ReLU(),
    );
    const x = randn([3, 4]);
    const hidden = net.get(0).forward(x);
    const wanted = hidden.add(parts[1].forward(parts[0].forward(hidden))).relu();
    expect(net.forward(x).data).toEqual(wanted.data);
    expect(noGrad(() => net.forward(x)).data).toEqual(wanted.data);
    net.forward(x).sum().backward();
    expect(net.parameters().every(({ grad }) => grad !== null)).toBe(true);
  });

  test("Unflatten undoes Flatten", () => {
    const x = randn([2, 3, 4, 5]);
    const flat = new nn.Flatten().forward(x);
    expect(new nn.Unflatten(1, [3, -1, 5]).forward(flat).shape).toEqual(x.shape);
    expect(new nn.Unflatten(-1, [3, 4, 5]).forward(flat).data).toEqual(x.data);
  });
});

describe("initial values", () => {
  test("orthogonal: rows or columns are orthonormal, times gain", () => {
    fc.assert(
      fc.property(between(1, 9), between(1, 9), between(0, 1e6), (m, n, seed) => {
        const x = nn.init.orthogonal(zeros([m, n], { dtype: "float64" }), {
          gain: 2,
          generator: new Generator(seed),
        });
        const product = m <= n ? x.matmul(x.T) : x.T.matmul(x);
        const k = Math.min(m, n);
        for (let i = 0; i < k; i++) {
          for (let j = 0; j < k; j++) {
            expect(Math.abs(product.get(i, j).item() - (i === j ? 4 : 0))).toBeLessThan(1e-13);
          }
        }
      }),
      { numRuns: 20 },
    );
    expect(nn.init.orthogonal(zeros([4, 2, 3])).shape).toEqual([4, 2, 3]);
  });

  test("orthogonal: all directions are equally likely", () => {
    const generator = new Generator(5);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 400; i++) {
      const value = nn.init
        .orthogonal(zeros([3, 3]), { generator })
        .get(0, 0)
        .item();
      sum += value / 400;
      squares += (value * value) / 400;
    }
    expect(Math.abs(sum)).toBeLessThan(0.1);
    expect(Math.abs(squares - 1 / 3)).toBeLessThan(0.05);
  });

  test("dirac: the convolution passes its input on", () => {
    const x = randn([2, 3, 5, 6]);
    const weight = nn.init.dirac(zeros([3, 3, 3, 3]));
    expect(functional.conv2d(x, weight, null, { padding: 1 }).data).toEqual(x.data);
    const grouped = nn.init.dirac(zeros([4, 2, 1]), { groups: 2 });
    const sequence = randn([1, 4, 5]);
    expect(functional.conv1d(sequence, grouped, null, { groups: 2 }).data).toEqual(sequence.data);
  });

  test.each([
    ["between −2 and 2", {}, 0, 0.8796],
    ["wide", { mean: 1, std: 0.5, a: -10, b: 10 }, 1, 0.5],
    ["a half", { a: 0, b: Infinity }, 0.7979, 0.6028],
    ["a tail", { a: 3, b: 8 }, 3.2831, 0.2659],
  ])(
    "truncNormal, %s: mean and standard deviation of the cut distribution",
    (_, options, mean, deviation) => {
      const x = nn.init.truncNormal(zeros([20_000], { dtype: "float64" }), {
        ...options,
        generator: new Generator(3),
      });
      const { a = -2, b = 2 } = options as { a?: number; b?: number };
      expect(x.min().item()).toBeGreaterThanOrEqual(a);
      expect(x.max().item()).toBeLessThanOrEqual(b);
      expect(Math.abs(x.mean().item() - mean)).toBeLessThan(0.02);
      expect(Math.abs(x.std().item() - deviation)).toBeLessThan(0.02);
    },
  );
});

describe("activations at their corners", () => {
  const at = (f: (x: Tensor) => Tensor, values: number[]) =>
    Array.from(f(tensor(values, { dtype: "float64" })).data);
  test("are straight where they should be", () => {
    expect(at(functional.hardsigmoid, [-4, -3, 0, 3, 4])).toEqual([0, 0, 0.5, 1, 1]);
    expect(at(functional.hardswish, [-4, -3, 0, 3, 4, Infinity])).toEqual([-0, -0, 0, 3, 4, Infinity]);
    expect(at(functional.softshrink, [-2, -0.5, 0.25, 0.5, 2])).toEqual([-1.5, 0, 0, 0, 1.5]);
    expect(at(functional.hardshrink, [-2, -0.5, 0.25, 0.5, 2])).toEqual([-2, 0, 0, 0, 2]);
    expect(at((x) => functional.threshold(x, 1, -7), [0, 1, 1.5])).toEqual([-7, -7, 1.5]);
    expect(at(functional.softsign, [-1, 0, 3])).toEqual([-0.5, 0, 0.75]);
    expect(at((x) => functional.prelu(x, tensor([0.5], { dtype: "float64" })), [-2, 0, 3])).toEqual([
      -1, 0, 3,
    ]);
    expect(new nn.PReLU({ numParameters: 3 }).weight.toArray()).toEqual([0.25, 0.25, 0.25]);
  });
});

describe("a convolutional net", () => {
  const build = () =>
    new nn.Sequential(
      new nn.Conv2d(1, 4, 3, { generator: new Generator(1) }),
      new nn.BatchNorm2d(4),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Conv2d(4, 6, 3, { padding: 1, generator: new Generator(2) }),
      new nn.ReLU(),
      new nn.AvgPool2d(2),
      new nn.Dropout(0.1, { generator: new Generator(3) }),
      new nn.Flatten(),
      new nn.Linear(6 * 3 * 3, 2, { generator: new Generator(4) }),
    );
  // A bright spot left or right of the middle.
  const generator = new Generator(9);
  const labels = randint(0, 2, [40], { generator });
  const columns = labels.mul(9).add(2).toArray() as number[];
  const pictures = rand([40, 1, 14, 14], { generator }).data;
  for (const [i, column] of columns.entries()) pictures[i * 196 + 7 * 14 + column] = 4;
  const x = tensor(pictures).reshape([40, 1, 14, 14]);

  const train = (net: nn.Sequential, steps: number) => {
    const optimizer = new optim.Adam(net.parameters(), { lr: 0.01 });
    for (let i = 0; i < steps; i++) {
      optimizer.zeroGrad();
      functional.crossEntropy(net.forward(x), labels).backward();
      optimizer.step();
    }
  };

  test("learns, and the same way each time", () => {
    const [net, again] = [build(), build()];
    train(net, 30);
    train(again, 30);
    expect(net.eval().forward(x).argmax(1).equal(labels).sum().item()).toBeGreaterThanOrEqual(38);
    for (const [i, parameter] of net.parameters().entries()) {
      expect(parameter.data).toEqual(again.parameters()[i]!.data);
    }
  });

  test("takes constant memory", () => {
    const net = build();
    train(net, 20);
    const { heap } = memoryUse();
    train(net, 200);
    expect(memoryUse().heap).toBe(heap);
  });
});
