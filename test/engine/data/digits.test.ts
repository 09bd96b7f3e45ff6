// Stroke digits: what is in the tensors, what the options do, and how hard the pictures are to learn.
import { describe, expect, test } from "vitest";
import { type Tensor, data, manualSeed, metrics, nn, noGrad, optim } from "../../../src/engine/index.ts";

const list = (x: Tensor): number[] => Array.from(x.data);
const average = (x: Tensor): number => x.mean().item();
const bare = {
  rotation: 0,
  slant: 0,
  scale: 0,
  stretch: 0,
  translation: 0,
  elastic: 0,
  wobble: 0,
  thicknessSpread: 0,
  pressure: 0,
  contrastSpread: 0,
  noise: 0,
} as const;

/** How far the ink's centre in the upper half lies to the right of that in the lower half, in pixels. */
function lean(images: Tensor): number {
  const size = images.shape[3]!;
  let [top, topInk, bottom, bottomInk] = [0, 0, 0, 0];
  for (const [i, value] of list(images).entries()) {
    const [row, column] = [Math.floor(i / size) % size, i % size];
    if (row < size / 2) {
      top += value * column;
      topInk += value;
    } else {
      bottom += value * column;
      bottomInk += value;
    }
  }
  return top / topInk - bottom / bottomInk;
}

describe("pictures", () => {
  test("shapes, types, range, equal numbers of each digit", () => {
    for (const size of [16, 28, 33]) {
      const { images, labels, styles } = data.strokeDigits({ nSamples: 50, size, seed: 1 });
      expect(images.shape).toEqual([50, 1, size, size]);
      expect([images.dtype, labels.dtype, styles.dtype]).toEqual(["float32", "int32", "int32"]);
      expect(Math.min(...list(images))).toBe(0);
      expect(Math.max(...list(images))).toBeLessThanOrEqual(1);
      for (let digit = 0; digit < 10; digit++) {
        expect(list(labels).filter((label) => label === digit)).toHaveLength(5);
      }
      expect(new Set(list(styles)).size).toBe(4);
    }
  });

  test("every digit in every style shows ink, away from the border, and all forty differ", () => {
    const seen = new Set<string>();
    for (const style of [0, 1, 2, 3]) {
      const { images } = data.strokeDigits({ ...bare, nSamples: 10, styles: [style], size: 20, seed: 1 });
      for (const image of images) {
        const ink = average(image);
        expect(ink).toBeGreaterThan(0.05);
        expect(ink).toBeLessThan(0.3);
        const pixels = list(image);
        const border = pixels.filter((_, i) => i < 20 || i >= 380 || i % 20 === 0 || i % 20 === 19);
        expect(Math.max(...border)).toBe(0);
        seen.add(pixels.join());
      }
    }
    expect(seen.size).toBe(40);
  });

  test("without any variation two pictures of one style are equal; with it no two are", () => {
    const same = data.strokeDigits({ ...bare, nSamples: 6, digits: [3], styles: [0], seed: 1 }).images;
    const different = data.strokeDigits({ nSamples: 6, digits: [3], styles: [0], noise: 0, seed: 1 }).images;
    expect(new Set([...same].map((each) => list(each).join())).size).toBe(1);
    expect(new Set([...different].map((each) => list(each).join())).size).toBe(6);
  });

  test("digits, weights, styles and order can be chosen", () => {
    const { labels, styles } = data.strokeDigits({
      nSamples: 40,
      digits: [7, 2],
      weights: [3, 1],
      styles: [1, 3],
      shuffle: false,
      seed: 1,
    });
    expect(list(labels)).toEqual([...Array<number>(30).fill(7), ...Array<number>(10).fill(2)]);
    expect(new Set(list(styles))).toEqual(new Set([1, 3]));
  });

  test("a seed writes the same digits at every size and shift", () => {
    const one = data.strokeDigits({ nSamples: 30, size: 16, noise: 0, seed: 5 });
    const large = data.strokeDigits({ nSamples: 30, size: 64, noise: 0, seed: 5 });
    const shifted = data.strokeDigits({ nSamples: 30, shift: 1, seed: 5 });
    for (const other of [large, shifted]) {
      expect(list(other.labels)).toEqual(list(one.labels));
      expect(list(other.styles)).toEqual(list(one.styles));
    }
    // The large picture, averaged over its 4 × 4 blocks, looks like the small one.
    const blocks = large.images.reshape([30, 16, 4, 16, 4]).mean([2, 4]);
    expect(average(blocks.sub(one.images.reshape([30, 16, 16])).abs())).toBeLessThan(0.03);
  });

  test("nothing is cut off, however large and far out the digit is asked to be", () => {
    const { images } = data.strokeDigits({
      ...bare,
      nSamples: 10,
      size: 32,
      shift: { scale: 1, translation: 0.5 },
    });
    const framed = data.strokeDigits({ ...bare, nSamples: 10, size: 32 });
    expect(average(images)).toBeGreaterThan(0.9 * average(framed.images));
  });
});

describe("what the options do", () => {
  const make = (options: object) =>
    data.strokeDigits({ ...bare, nSamples: 100, size: 24, seed: 1, ...options }).images;

  test("thickness, contrast, background and blur", () => {
    const plain = average(make({}));
    expect(average(make({ thickness: 0.15 })) / plain).toBeGreaterThan(1.3);
    expect(average(make({ contrast: 0.5 })) / plain).toBeCloseTo(0.5, 5);
    expect(Math.min(...list(make({ background: 0.25 })))).toBeCloseTo(0.25, 6);
    const gray = (x: Tensor): number => list(x).filter((value) => value > 0.05 && value < 0.95).length;
    expect(gray(make({ blur: 2 })) / gray(make({}))).toBeGreaterThan(1.3);
  });

  test("noise has its standard deviation on paper that leaves room for it", () => {
    const clean = make({ background: 0.4, contrast: 0.2 });
    const noisy = make({ background: 0.4, contrast: 0.2, noise: 0.05 });
    expect(noisy.sub(clean).std().item()).toBeCloseTo(0.05, 2);
  });

  test.each([
    { rotation: 7 },
    { slant: 10 },
    { scale: 0.1 },
    { stretch: 0.1 },
    { translation: 0.05 },
    { elastic: 0.05 },
    { wobble: 0.02 },
    { thicknessSpread: 0.2 },
    { pressure: 0.2 },
    { contrastSpread: 0.2 },
  ])("%o alone makes pictures of one digit differ", (spread) => {
    const images = make({ nSamples: 5, digits: [4], styles: [1], ...spread });
    expect(new Set([...images].map((each) => list(each).join())).size).toBe(5);
  });

  test("a shift moves what it names, in proportion", () => {
    const still = lean(make({}));
    const half = lean(make({ shift: { slant: 10 } }));
    const full = lean(make({ shift: { slant: 20 } }));
    expect(half - still).toBeGreaterThan(0.5);
    expect(full - half).toBeGreaterThan(0.5);
    expect(list(make({ shift: {} }))).toEqual(list(make({})));
    expect(list(make({ shift: 0 }))).toEqual(list(make({})));
    expect(average(make({ shift: { thickness: 0.5 } }))).toBeGreaterThan(1.2 * average(make({})));
    expect(average(make({ shift: { background: 0.2 } }))).toBeGreaterThan(average(make({})) + 0.1);
  });
});

test("a small network learns them, a linear model clearly less well, and shifted pictures are harder", () => {
  const flat = (images: Tensor): Tensor => images.reshape([images.shape[0]!, -1]);
  const training = data.strokeDigits({ nSamples: 6000, seed: 1 });
  const test = data.strokeDigits({ nSamples: 2000, seed: 2 });
  const elsewhere = data.strokeDigits({ nSamples: 1000, shift: 0.6, seed: 3 });
  const examples = new data.TensorDataset(flat(training.images), training.labels);

  const train = (model: nn.Module, lr: number, epochs: number): nn.Module => {
    const optimizer = new optim.Adam(model.parameters(), { lr });
    const loader = new data.DataLoader(examples, { batchSize: 64, shuffle: true, seed: 4 });
    const steps = epochs * loader.length;
    let step = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const [x, y] of loader) {
        optimizer.paramGroups[0]!.lr = lr * (1 - step++ / steps);
        optimizer.zeroGrad();
        nn.functional.crossEntropy(model.forward(x), y).backward();
        optimizer.step();
      }
    }
    return model;
  };
  const score = (model: nn.Module, { images, labels }: data.StrokeDigits): number =>
    noGrad(() => metrics.accuracy(model.forward(flat(images)), labels));

  manualSeed(5);
  const net = train(
    new nn.Sequential(new nn.Linear(256, 64), new nn.ReLU(), new nn.Linear(64, 10)),
    0.006,
    25,
  );
  const linear = Math.max(
    ...[0.002, 0.005, 0.01].map((lr) => score(train(new nn.Linear(256, 10), lr, 25), test)),
  );
  const own = score(net, test);
  expect(own).toBeGreaterThan(0.97);
  expect(own - linear).toBeGreaterThan(0.04);
  expect(linear).toBeGreaterThan(0.85);
  expect(own - score(net, elsewhere)).toBeGreaterThan(0.1);
}, 60_000);
