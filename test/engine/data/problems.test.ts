// Made-up problems: their geometry, their options, repetition by seed.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Generator, type Tensor, data, manualSeed, tensor } from "../../../src/engine/index.ts";

const rows = (x: Tensor): number[][] => x.toArray() as number[][];
const list = (x: Tensor): number[] => Array.from(x.data);
const countsOf = (y: Tensor, classes: number): number[] =>
  Array.from({ length: classes }, (_, k) => list(y).filter((value) => value === k).length);
const radius = ([a, b]: number[]): number => Math.sqrt(a! * a! + b! * b!);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

type Options = { nSamples?: number; seed?: number; generator?: Generator };
const problems: [name: string, make: (options: Options) => object][] = [
  ["makeMoons", (o) => data.makeMoons({ noise: 0.1, labelNoise: 0.1, ...o })],
  ["makeCircles", (o) => data.makeCircles({ noise: 0.1, ...o })],
  ["makeRings", (o) => data.makeRings({ noise: 0.1, ...o })],
  ["makeSpirals", (o) => data.makeSpirals({ nClasses: 3, noise: 0.02, ...o })],
  ["makeXor", (o) => data.makeXor(o)],
  ["makeCheckerboard", (o) => data.makeCheckerboard(o)],
  ["makeBlobs", (o) => data.makeBlobs(o)],
  [
    "makeGaussianMixture",
    (o) =>
      data.makeGaussianMixture({
        means: [
          [0, 0],
          [3, 3],
        ],
        ...o,
      }),
  ],
  ["makeRareFeatures", (o) => data.makeRareFeatures(o)],
  ["makeUniqueFeatures", (o) => data.makeUniqueFeatures(o)],
  ["makeRegression", (o) => data.makeRegression({ noise: 1, ...o })],
  ["makeCurve", (o) => data.makeCurve(data.curves.sine(), { noise: 0.1, ...o })],
  ["makeFriedman1", (o) => data.makeFriedman1(o)],
  ["makeFriedman2", (o) => data.makeFriedman2(o)],
  ["makeFriedman3", (o) => data.makeFriedman3(o)],
  ["makeGlyphs", (o) => data.makeGlyphs(o)],
  ["strokeDigits", (o) => data.strokeDigits(o)],
];

const bits = (made: object): number[][] =>
  Object.values(made).map((each: Tensor) => Array.from(new Uint8Array(each.data.buffer)));

describe.each(problems)("%s", (_name, make) => {
  test("the same seed gives the same bits, another seed others", () => {
    expect(bits(make({ nSamples: 40, seed: 3 }))).toEqual(bits(make({ nSamples: 40, seed: 3 })));
    expect(bits(make({ nSamples: 40, seed: 3 }))).not.toEqual(bits(make({ nSamples: 40, seed: 4 })));
  });

  test("a seed is a new generator of that seed; a generator goes on; without both the default one is used", () => {
    const generator = new Generator(8);
    const first = bits(make({ nSamples: 20, generator }));
    expect(first).toEqual(bits(make({ nSamples: 20, seed: 8 })));
    expect(bits(make({ nSamples: 20, generator }))).not.toEqual(first);
    manualSeed(8);
    expect(bits(make({ nSamples: 20 }))).toEqual(first);
  });

  test("as many examples as asked for, all numbers finite", () => {
    for (const nSamples of [1, 7, 100]) {
      for (const each of Object.values(make({ nSamples, seed: 1 })) as Tensor[]) {
        expect(list(each).every(Number.isFinite)).toBe(true);
      }
      const [x, y] = Object.values(make({ nSamples, seed: 1 })) as [Tensor, Tensor];
      expect(x.shape[0]).toBe(nSamples);
      expect(y.shape[0]).toBe(nSamples);
    }
  });
});

describe("points on curves", () => {
  test("moons are half circles of radius 1 around (0, 0) and (1, ½)", () => {
    const { X, y } = data.makeMoons({ nSamples: 101, seed: 1 });
    expect(X.shape).toEqual([101, 2]);
    expect(countsOf(y, 2)).toEqual([51, 50]);
    for (const [i, [a, b]] of rows(X).entries()) {
      const upper = y.data[i] === 0;
      expect(radius(upper ? [a!, b!] : [a! - 1, b! - 0.5])).toBeCloseTo(1, 5);
      expect(upper ? b! : 0.5 - b!).toBeGreaterThan(-1e-6);
    }
  });

  test("circles have radius 1 and factor", () => {
    const { X, y } = data.makeCircles({ nSamples: 60, factor: 0.3, seed: 1 });
    for (const [i, point] of rows(X).entries()) {
      expect(radius(point)).toBeCloseTo(y.data[i] === 0 ? 1 : 0.3, 5);
    }
  });

  test("rings have the given radii, one a class", () => {
    const { X, y } = data.makeRings({ nSamples: 90, radii: [0.5, 1, 4], seed: 1 });
    expect(countsOf(y, 3)).toEqual([30, 30, 30]);
    for (const [i, point] of rows(X).entries()) {
      expect(radius(point)).toBeCloseTo([0.5, 1, 4][y.data[i]!]!, 5);
    }
  });

  test("spiral arms start near the centre, end at radius 1 and are turned copies of each other", () => {
    const { X, y } = data.makeSpirals({
      nSamples: 120,
      nClasses: 3,
      turns: 1.5,
      shuffle: false,
      dtype: "float64",
    });
    const points = rows(X);
    expect(countsOf(y, 3)).toEqual([40, 40, 40]);
    for (let i = 0; i < 40; i++) {
      expect(radius(points[i]!)).toBeCloseTo((i + 1) / 40, 12);
      const [a, b] = points[i]!;
      const [cos, sin] = [Math.cos((2 * Math.PI) / 3), Math.sin((2 * Math.PI) / 3)];
      expect(points[40 + i]![0]).toBeCloseTo(cos * a! - sin * b!, 12);
      expect(points[40 + i]![1]).toBeCloseTo(sin * a! + cos * b!, 12);
    }
  });

  test("XOR without noise is the truth table, and parity for more features", () => {
    const { X, y } = data.makeXor({ nSamples: 8, noise: 0, seed: 1 });
    const table = new Set(rows(X).map(([a, b], i) => `${a},${b}:${y.data[i]}`));
    expect([...table].toSorted()).toEqual(["-1,-1:0", "-1,1:1", "1,-1:1", "1,1:0"]);
    const wide = data.makeXor({ nSamples: 50, nFeatures: 12, noise: 0, seed: 1 });
    for (const [i, row] of rows(wide.X).entries()) {
      expect(row.filter((value) => value < 0).length % 2).toBe(wide.y.data[i]);
    }
  });

  test("checkerboard tiles alternate", () => {
    const { X, y } = data.makeCheckerboard({ nSamples: 300, tiles: 3, seed: 1, dtype: "float64" });
    for (const [i, [a, b]] of rows(X).entries()) {
      const tile = (value: number): number => Math.floor(((value + 1) / 2) * 3);
      expect((tile(a!) + tile(b!)) % 2).toBe(y.data[i]);
    }
  });
});

describe("options of classification problems", () => {
  test("weights make classes unequal, nSamples can count each class", () => {
    expect(countsOf(data.makeMoons({ weights: [9, 1], seed: 1 }).y, 2)).toEqual([90, 10]);
    expect(countsOf(data.makeMoons({ nSamples: [5, 12], seed: 1 }).y, 2)).toEqual([5, 12]);
  });

  test("noise moves points by its standard deviation", () => {
    const clean = data.makeMoons({ nSamples: 2000, shuffle: false, seed: 1 }).X;
    const noisy = data.makeMoons({ nSamples: 2000, shuffle: false, noise: 0.3, seed: 1 }).X;
    expect(deviation(list(noisy.sub(clean)))).toBeCloseTo(0.3, 1);
  });

  test("labelNoise changes that share of labels, always to another class", () => {
    const options = { nSamples: 3000, centers: 3, seed: 1, shuffle: false };
    const clean = data.makeBlobs(options);
    const noisy = data.makeBlobs({ ...options, labelNoise: 0.2 });
    const changed = list(noisy.y).filter((k, i) => k !== clean.y.data[i]).length;
    expect(changed / 3000).toBeGreaterThan(0.17);
    expect(changed / 3000).toBeLessThan(0.23);
    expect(Math.max(...list(noisy.y))).toBe(2);
    const all = data.makeBlobs({ ...options, labelNoise: 1 });
    expect(list(all.y).every((k, i) => k !== clean.y.data[i])).toBe(true);
  });

  test("shift and scale: (x + shift)·scale, for all features or each its own", () => {
    const plain = data.makeMoons({ seed: 1, dtype: "float64" }).X;
    const moved = data.makeMoons({ seed: 1, dtype: "float64", shift: [0, 3], scale: [1, 300] }).X;
    for (const [i, [a, b]] of rows(moved).entries()) {
      expect(a).toBe(plain.get(i, 0).item());
      expect(b).toBeCloseTo((plain.get(i, 1).item() + 3) * 300, 10);
    }
  });

  test("without shuffle examples are sorted by class; with it the same points come in another order", () => {
    const sorted = data.makeCircles({ shuffle: false });
    expect(list(sorted.y)).toEqual(list(sorted.y).toSorted((a, b) => a - b));
    const mixed = data.makeCircles({ seed: 1 });
    expect(list(mixed.y)).not.toEqual(list(sorted.y));
    const key = ({ X, y }: { X: Tensor; y: Tensor }) => rows(X).map((row, i) => `${row.join()}:${y.data[i]}`);
    expect(key(mixed).toSorted()).toEqual(key(sorted).toSorted());
  });

  test("dtype is that of X", () => {
    expect(data.makeMoons({ dtype: "float64" }).X.dtype).toBe("float64");
    expect(data.makeMoons().X.dtype).toBe("float32");
    expect(data.makeMoons().y.dtype).toBe("int32");
  });

  test("counts always add up to nSamples and follow the weights to within one", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 5 }),
        (nSamples, weights) => {
          const sum = weights.reduce((all, weight) => all + weight, 0);
          fc.pre(sum > 0);
          const { y } = data.makeBlobs({ nSamples, centers: weights.length, weights, seed: 1 });
          const counts = countsOf(y, weights.length);
          expect(counts.reduce((all, count) => all + count, 0)).toBe(nSamples);
          for (const [k, count] of counts.entries()) {
            expect(Math.abs(count - (nSamples * weights[k]!) / sum)).toBeLessThan(1);
          }
        },
      ),
    );
  });
});

describe("normal distributions", () => {
  test("blobs lie around their centres with their own spread", () => {
    const { X, y, centers } = data.makeBlobs({
      nSamples: 4000,
      centers: [
        [0, 5],
        [10, -5],
      ],
      clusterStd: [0.5, 2],
      seed: 1,
    });
    expect(centers.toArray()).toEqual([
      [0, 5],
      [10, -5],
    ]);
    for (const k of [0, 1]) {
      const own = rows(X).filter((_, i) => y.data[i] === k);
      for (const j of [0, 1]) {
        const values = own.map((row) => row[j]!);
        expect(Math.abs(mean(values) - centers.get(k, j).item())).toBeLessThan(0.15);
        expect(deviation(values) / [0.5, 2][k]!).toBeCloseTo(1, 1);
      }
    }
  });

  test("random centres lie in centerBox; nSamples as a list says how many there are", () => {
    const { centers, y } = data.makeBlobs({
      nSamples: [3, 4, 5, 6],
      nFeatures: 3,
      centerBox: [2, 4],
      seed: 1,
    });
    expect(centers.shape).toEqual([4, 3]);
    expect(countsOf(y, 4)).toEqual([3, 4, 5, 6]);
    for (const value of list(centers)) {
      expect(value).toBeGreaterThanOrEqual(2);
      expect(value).toBeLessThanOrEqual(4);
    }
  });

  test("a mixture has the given means and covariances; components can share a class", () => {
    const covariance = [
      [2, 0.8],
      [0.8, 0.5],
    ];
    const { X, y, component } = data.makeGaussianMixture({
      nSamples: 6000,
      means: [
        [1, 2],
        [-3, 0],
        [9, 9],
      ],
      covariances: [
        covariance,
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ],
      classes: [0, 1, 0],
      weights: [4, 1, 1],
      seed: 2,
    });
    expect(countsOf(component, 3)).toEqual([4000, 1000, 1000]);
    expect(countsOf(y, 2)).toEqual([5000, 1000]);
    const own = rows(X).filter((_, i) => component.data[i] === 0);
    const means = [mean(own.map((row) => row[0]!)), mean(own.map((row) => row[1]!))];
    expect(Math.abs(means[0]! - 1)).toBeLessThan(0.1);
    expect(Math.abs(means[1]! - 2)).toBeLessThan(0.1);
    for (const i of [0, 1]) {
      for (const j of [0, 1]) {
        const product = mean(own.map((row) => (row[i]! - means[i]!) * (row[j]! - means[j]!)));
        expect(Math.abs(product - covariance[i]![j]!)).toBeLessThan(0.1);
      }
    }
  });
});

describe("sparse features", () => {
  test("features are −1, 0 or 1 with their frequencies, and the rare one decides where it is present", () => {
    const { X, y, coef } = data.makeRareFeatures({
      nSamples: 8000,
      frequency: [1, 0.3, 0.01],
      coef: [0.5, -1, 50],
      seed: 1,
    });
    expect(coef.toArray()).toEqual([[0.5], [-1], [50]]);
    const present = [0, 1, 2].map((j) => mean(rows(X).map((row) => Math.abs(row[j]!))));
    expect(present[0]).toBe(1);
    expect(Math.abs(present[1]! - 0.3)).toBeLessThan(0.02);
    expect(Math.abs(present[2]! - 0.01)).toBeLessThan(0.004);
    const plus = rows(X).filter((row) => row[1] === 1).length / (8000 * present[1]!);
    expect(Math.abs(plus - 0.5)).toBeLessThan(0.03);
    const wrong = rows(X).filter((row, i) => row[2] !== 0 && y.data[i] !== (row[2] === 1 ? 1 : 0));
    expect(wrong).toEqual([]);
  });

  test("labels follow the logistic probability", () => {
    const { y } = data.makeRareFeatures({ nSamples: 8000, nFeatures: 1, coef: [0], bias: 1, seed: 3 });
    expect(Math.abs(mean(list(y)) - 1 / (1 + Math.exp(-1)))).toBeLessThan(0.02);
  });

  test("unique features: the class in the first, nothing shared but the next two", () => {
    const { X, y } = data.makeUniqueFeatures({ nSamples: 20, seed: 1 });
    expect(X.shape).toEqual([20, 103]);
    for (const [i, row] of rows(X).entries()) {
      expect(row.slice(0, 3)).toEqual([y.data[i] === 1 ? 1 : -1, 1, 1]);
      const own = row.flatMap((value, j) => (j >= 3 && value === 1 ? [j] : []));
      expect(own).toEqual(Array.from({ length: y.data[i] === 1 ? 1 : 5 }, (_, j) => 3 + 5 * i + j));
    }
  });
});

describe("regression", () => {
  test("makeRegression without noise is exactly linear in its features, however they are scaled", () => {
    const { X, y, coef } = data.makeRegression({
      nSamples: 30,
      coef: [
        [2, 1],
        [-1, 0],
      ],
      bias: 3,
      scale: [1, 100],
      shift: [0, 5],
      dtype: "float64",
      seed: 1,
    });
    expect(y.shape).toEqual([30, 2]);
    const again = X.matmul(coef).add(3);
    for (const [i, value] of list(again).entries()) expect(y.data[i]).toBeCloseTo(value, 10);
    expect(Math.abs(mean(rows(X).map((row) => row[1]!)) - 500)).toBeLessThan(60);
  });

  test("only nInformative features have a coefficient", () => {
    const { coef, X } = data.makeRegression({ nFeatures: 50, nInformative: 5, seed: 2 });
    expect(X.shape).toEqual([100, 50]);
    const used = list(coef).filter((c) => c !== 0);
    expect(used).toHaveLength(5);
    expect(used.every((c) => c > 0 && c < 100)).toBe(true);
    const first = data.makeRegression({ nFeatures: 50, nInformative: 5, shuffle: false, seed: 2 }).coef;
    expect(
      list(first)
        .slice(5)
        .every((c) => c === 0),
    ).toBe(true);
  });

  test("noise is added to y alone", () => {
    const clean = data.makeRegression({ nSamples: 3000, nFeatures: 3, seed: 4 });
    const noisy = data.makeRegression({ nSamples: 3000, nFeatures: 3, noise: 2, seed: 4 });
    expect(list(noisy.X)).toEqual(list(clean.X));
    expect(Math.abs(deviation(list(noisy.y.sub(clean.y))) - 2)).toBeLessThan(0.1);
  });

  test("a wavy curve on an interval, evenly spaced or at random", () => {
    const curve = data.curves.wave({ frequency: 3, slope: 0.5 });
    const { X, y } = data.makeCurve(curve, {
      nSamples: 5,
      low: 0,
      high: 2,
      spacing: "even",
      dtype: "float64",
    });
    expect(list(X)).toEqual([0, 0.5, 1, 1.5, 2]);
    for (const [i, x] of list(X).entries()) expect(y.data[i]).toBeCloseTo(Math.sin(3 * x) + 0.5 * x, 12);
    const random = data.makeCurve(curve, { nSamples: 500, low: 1, high: 1.5, seed: 1 });
    expect(random.X.shape).toEqual([500, 1]);
    expect(Math.min(...list(random.X))).toBeGreaterThanOrEqual(1);
    expect(Math.max(...list(random.X))).toBeLessThanOrEqual(1.5);
    expect(Math.abs(mean(list(random.X)) - 1.25)).toBeLessThan(0.02);
  });

  test("polynomials, steps and functions of one's own", () => {
    const at = { nSamples: 5, spacing: "even", dtype: "float64" } as const;
    expect(list(data.makeCurve(data.curves.polynomial([1, 0, 2]), at).y)).toEqual([3, 1.5, 1, 1.5, 3]);
    const step = data.curves.step({ at: [-0.5, 0.5], levels: [3, 1, 2] });
    expect(list(data.makeCurve(step, at).y)).toEqual([3, 1, 1, 2, 2]);
    expect(list(data.makeCurve((x) => x.abs(), at).y)).toEqual([1, 0.5, 0, 0.5, 1]);
  });

  test("Friedman's formulas", () => {
    const first = data.makeFriedman1({ nSamples: 20, nFeatures: 6, dtype: "float64", seed: 1 });
    for (const [i, [a, b, c, d, e]] of rows(first.X).entries()) {
      const expected = 10 * Math.sin(Math.PI * a! * b!) + 20 * (c! - 0.5) ** 2 + 10 * d! + 5 * e!;
      expect(first.y.data[i]).toBeCloseTo(expected, 10);
    }
    const second = data.makeFriedman2({ nSamples: 20, dtype: "float64", seed: 1 });
    const third = data.makeFriedman3({ nSamples: 20, dtype: "float64", seed: 1 });
    for (const [i, [a, b, c, d]] of rows(second.X).entries()) {
      const reactance = b! * c! - 1 / (b! * d!);
      expect(second.y.data[i]).toBeCloseTo(Math.sqrt(a! ** 2 + reactance ** 2), 8);
      expect(third.y.data[i]).toBeCloseTo(Math.atan(reactance / a!), 10);
    }
  });
});

describe("glyphs", () => {
  test("pictures without noise are the drawings; class 1 is class 0 upside down", () => {
    const { images, labels } = data.makeGlyphs({ nSamples: 4, noise: 0, shuffle: false });
    expect(images.shape).toEqual([4, 1, 5, 5]);
    expect(list(labels)).toEqual([0, 1, 2, 3]);
    expect(list(images.get(1))).toEqual(list(images.get(0).flip(1)));
    const text = rows(images.get(0, 0)).map((row) => row.map((value) => (value === 1 ? "#" : ".")).join(""));
    expect(text).toEqual(["#####", "#....", "####.", "#....", "#...."]);
  });

  test("mirrored: the share of pictures that face the other way; no mirror image is another class", () => {
    const glyphs = [
      ["#..", "##."],
      ["..#", "#.#"],
    ];
    const { images, labels } = data.makeGlyphs({ glyphs, nSamples: 1000, noise: 0, mirrored: 0.3, seed: 1 });
    const turned = list(labels).filter((k, i) => {
      const first = glyphs[k]![0]!;
      return (
        list(images.get(i, 0, 0))
          .map((v) => (v === 1 ? "#" : "."))
          .join("") !== first
      );
    });
    expect(turned.length / 1000).toBeGreaterThan(0.25);
    expect(turned.length / 1000).toBeLessThan(0.35);
    const all = data.makeGlyphs({ nSamples: 4, noise: 0, shuffle: false }).images;
    const pictures = [...all].map((each) => list(each).join());
    for (const each of all) expect(pictures).not.toContain(list(each.flip(2)).join());
  });
});

describe("the double well", () => {
  test("two minima of equal depth, one sharp and one flat, and the given curvature", () => {
    const { loss } = data.makeDoubleWell({ dtype: "float64", seed: 1 });
    const f = (t: number): number => loss(tensor(t, { dtype: "float64" })).item();
    expect(f(-0.998)).toBeCloseTo(-0.93, 2);
    expect(f(1.42)).toBeCloseTo(-0.93, 2);
    const curvature = (t: number): number => (f(t + 1e-3) - 2 * f(t) + f(t - 1e-3)) / 1e-6;
    expect(curvature(-0.998)).toBeCloseTo(69.4, 0);
    expect(curvature(1.42)).toBeCloseTo(1.64, 1);
  });

  test("examples tilt the loss; all together they do not", () => {
    const { X, loss } = data.makeDoubleWell({ nSamples: 50, noise: 5, dtype: "float64", seed: 1 });
    const t = tensor([[0], [0.5], [1]], { dtype: "float64" });
    const plain = list(loss(t));
    for (const [i, value] of list(loss(t, X)).entries()) expect(value).toBeCloseTo(plain[i]!, 12);
    const one = X.slice(7, 8);
    for (const [i, value] of list(loss(t, one)).entries()) {
      expect(value).toBeCloseTo(plain[i]! + one.item() * t.data[i]!, 12);
    }
    expect(Math.abs(deviation(list(X)) - 5)).toBeLessThan(1.2);
    // Several runs at once, each with examples of its own.
    const runs = t.reshape([3]);
    const batch = X.slice(0, 6).reshape([2, 3]);
    for (const [i, value] of list(loss(runs, batch)).entries()) {
      const tilt = (batch.get(0, i).item() + batch.get(1, i).item()) / 2;
      expect(value).toBeCloseTo(plain[i]! + tilt * runs.data[i]!, 12);
    }
  });
});
