// Augmentation: what each transform does to a batch, and that it repeats by seed.
import { describe, expect, test } from "vitest";
import { type Tensor, arange, data, ones, tensor, zeros } from "../../../src/engine/index.ts";

const { transforms } = data;
const list = (x: Tensor): number[] => Array.from(x.data);
const image = (values: number[][]): Tensor => tensor([[values]]);
const numbered = arange(2 * 3 * 4 * 5).reshape([2, 3, 4, 5]);

const all: [name: string, make: (seed: number) => data.transforms.Transform, batch: Tensor][] = [
  ["gaussianNoise", (seed) => transforms.gaussianNoise({ seed }), numbered],
  [
    "randomHorizontalFlip",
    (seed) => transforms.randomHorizontalFlip({ seed }),
    arange(640).reshape([40, 1, 4, 4]),
  ],
  [
    "randomVerticalFlip",
    (seed) => transforms.randomVerticalFlip({ seed }),
    arange(640).reshape([40, 1, 4, 4]),
  ],
  ["randomRotation", (seed) => transforms.randomRotation(20, { seed }), numbered],
  ["randomShift", (seed) => transforms.randomShift([0.3, 0.3], { seed }), numbered],
  ["randomAffine", (seed) => transforms.randomAffine({ scale: [0.5, 1.5], shear: 20, seed }), numbered],
  ["randomErasing", (seed) => transforms.randomErasing({ seed }), arange(2560).reshape([40, 1, 8, 8])],
  [
    "randomPoints",
    (seed) => transforms.randomPoints({ degrees: 90, flip: [0.5, 0.5], seed }),
    arange(20).reshape([10, 2]),
  ],
];

describe.each(all)("%s", (_name, make, batch) => {
  test("repeats by seed, draws anew at each call, leaves its input and the shape alone", () => {
    const before = list(batch);
    const transform = make(1);
    const first = transform(batch);
    expect(first.shape).toEqual(batch.shape);
    expect(list(first)).not.toEqual(list(batch));
    expect(list(transform(batch))).not.toEqual(list(first));
    expect(list(make(1)(batch))).toEqual(list(first));
    expect(list(batch)).toEqual(before);
    expect(make(1)(batch.to("float64")).dtype).toBe("float64");
  });
});

describe("images", () => {
  test("flips mirror whole images with the given probability", () => {
    const picture = image([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(transforms.randomHorizontalFlip({ p: 1 })(picture).toArray()).toEqual([
      [
        [
          [3, 2, 1],
          [6, 5, 4],
        ],
      ],
    ]);
    expect(list(transforms.randomVerticalFlip({ p: 1 })(picture))).toEqual([4, 5, 6, 1, 2, 3]);
    expect(list(transforms.randomHorizontalFlip({ p: 0 })(picture))).toEqual(list(picture));
    const many = arange(2).reshape([1, 1, 1, 2]).expand([2000, 1, 1, 2]);
    const share = transforms.randomHorizontalFlip({ p: 0.3, seed: 1 })(many).select(3, 0).mean().item();
    expect(Math.abs(share - 0.3)).toBeLessThan(0.04);
  });

  test("without limits affine changes nothing", () => {
    expect(list(transforms.randomAffine()(numbered))).toEqual(list(numbered));
  });

  test("turns by at most the given angle around the centre", () => {
    const bar = zeros([200, 1, 21, 21]);
    const values = bar.data;
    for (let i = 0; i < 200; i++) values[i * 441 + 10 * 21 + 18] = 1;
    const turned = transforms.randomRotation(45, { seed: 1 })(tensor(values).reshape([200, 1, 21, 21]));
    const angles = [...turned].map((each) => {
      const pixels = list(each);
      let [x, y, ink] = [0, 0, 0];
      for (const [i, value] of pixels.entries()) {
        x += value * ((i % 21) - 10);
        y += value * (Math.floor(i / 21) - 10);
        ink += value;
      }
      expect(Math.hypot(x / ink, y / ink)).toBeCloseTo(8, 0);
      return (Math.atan2(y, x) * 180) / Math.PI;
    });
    expect(Math.max(...angles)).toBeLessThan(46);
    expect(Math.max(...angles)).toBeGreaterThan(35);
    expect(Math.min(...angles)).toBeLessThan(-35);
  });

  test("moves by up to parts of the sides and fills what comes in", () => {
    const moved = transforms.randomShift([0.5, 0], { fill: 9, seed: 3 })(ones([50, 1, 4, 8]));
    for (const each of moved) {
      const rows = each.reshape([4, 8]).toArray() as number[][];
      const filled = rows[0]!.filter((value) => value === 9).length;
      expect(filled).toBeLessThanOrEqual(4);
      expect(rows[3]).toEqual(rows[0]);
    }
    expect(list(moved)).toContain(9);
  });

  test("scales around the centre", () => {
    const block = zeros([1, 1, 16, 16]).data;
    for (let row = 4; row < 12; row++) block.fill(1, row * 16 + 4, row * 16 + 12);
    const picture = tensor(block).reshape([1, 1, 16, 16]);
    const half = transforms.randomAffine({ scale: [0.5, 0.5] })(picture);
    expect(half.sum().item()).toBeCloseTo(16, 0);
    expect(half.get(0, 0, 7, 7).item()).toBe(1);
    const sheared = transforms.randomAffine({ shear: 30, seed: 1 })(picture);
    expect(Math.abs(sheared.sum().item() - 64)).toBeLessThan(4);
  });

  test("erases one rectangle of the given area in all channels", () => {
    const erase = transforms.randomErasing({ p: 1, scale: [0.25, 0.25], ratio: [1, 1], value: -1, seed: 1 });
    const places = new Set<number>();
    for (const each of erase(ones([30, 2, 8, 8]))) {
      const pixels = list(each);
      const holes = pixels.flatMap((value, i) => (value === -1 ? [i] : []));
      expect(holes).toHaveLength(2 * 16);
      const start = holes[0]!;
      places.add(start);
      const square = [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((column) => start + 8 * row + column));
      expect(holes).toEqual([...square, ...square.map((i) => i + 64)]);
    }
    expect(places.size).toBeGreaterThan(5);
    expect(list(transforms.randomErasing({ p: 0 })(ones([2, 1, 3, 3])))).toEqual(list(ones([2, 1, 3, 3])));
  });
});

describe("points and numbers", () => {
  test("rotation keeps distances from the origin, moves stay within their limits", () => {
    const points = tensor([
      [3, 4],
      [0, -2],
    ]);
    const turned = transforms.randomPoints({ degrees: 180, seed: 1 })(points);
    expect(Math.hypot(...list(turned).slice(0, 2))).toBeCloseTo(5, 5);
    expect(Math.hypot(...list(turned).slice(2))).toBeCloseTo(2, 5);
    const moved = transforms
      .randomPoints({ translate: [0.5, 0], seed: 1 })(points)
      .sub(points);
    expect(list(moved)[1]).toBe(0);
    expect(Math.abs(list(moved)[0]!)).toBeLessThanOrEqual(0.5);
    expect(list(transforms.randomPoints({ flip: [1, 0] })(points))).toEqual([-3, 4, 0, -2]);
  });

  test("noise has its mean and standard deviation", () => {
    const noise = transforms.gaussianNoise({ mean: 1, sigma: 0.5, seed: 1 })(zeros([5000]));
    expect(Math.abs(noise.mean().item() - 1)).toBeLessThan(0.03);
    expect(Math.abs(noise.std().item() - 0.5)).toBeLessThan(0.03);
  });

  test("compose applies one after the other", () => {
    const both = transforms.compose(
      transforms.randomHorizontalFlip({ p: 1 }),
      transforms.randomVerticalFlip({ p: 1 }),
      (x) => x.mul(10),
    );
    expect(
      list(
        both(
          image([
            [1, 2],
            [3, 4],
          ]),
        ),
      ),
    ).toEqual([40, 30, 20, 10]);
  });
});

describe("mixup", () => {
  test("blends examples and targets by one share, and targets stay probabilities", () => {
    const x = tensor([[0], [1], [2]]);
    const y = tensor([0, 1, 2], { dtype: "int32" });
    const mix = transforms.mixup({ classes: 3, seed: 4 });
    for (let i = 0; i < 20; i++) {
      const [mixed, targets] = mix(x, y);
      expect(targets.shape).toEqual([3, 3]);
      for (const [row, probabilities] of (targets.toArray() as number[][]).entries()) {
        expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
        // The example is blended as its class is.
        const expected = probabilities.reduce((sum, p, k) => sum + p * k, 0);
        expect(mixed.get(row, 0).item()).toBeCloseTo(expected, 6);
      }
    }
  });

  test.each([0.1, 0.4, 1, 3])("the share comes from Beta(%d, %d)", (alpha) => {
    const mix = transforms.mixup({ alpha, seed: 5 });
    const x = tensor([[0], [1]]);
    const shares: number[] = [];
    while (shares.length < 3000) {
      const [mixed] = mix(x, x);
      // Of two examples every other batch is blended with itself and says nothing.
      const share = mixed.get(1, 0).item();
      if (Math.abs(share + mixed.get(0, 0).item() - 1) > 1e-6 || mixed.get(0, 0).item() !== 0)
        shares.push(share);
    }
    const mean = shares.reduce((sum, value) => sum + value, 0) / shares.length;
    const variance = shares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / shares.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
    expect(variance * 4 * (2 * alpha + 1)).toBeCloseTo(1, 1);
  });

  test("numbers to predict are blended as they are", () => {
    const y = tensor([[10], [20]]);
    const [mixed, targets] = transforms.mixup({ seed: 1 })(y, y);
    expect(list(targets)).toEqual(list(mixed));
  });
});
