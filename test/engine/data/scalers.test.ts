// Scalers: the scale they bring features to, constant features, the way back, no leak from test data.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Tensor, data, tensor } from "../../../src/engine/index.ts";

const list = (x: Tensor): number[] => Array.from(x.data);
const X = tensor(
  [
    [1, 100, 7],
    [2, 200, 7],
    [3, 300, 7],
    [6, 600, 7],
  ],
  { dtype: "float64" },
);

const matrices = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: columns, maxLength: columns }),
      { minLength: rows, maxLength: rows },
    ),
  );

describe("StandardScaler", () => {
  test("mean 0, standard deviation 1, with the biased variance; a constant feature becomes 0", () => {
    const scaler = new data.StandardScaler();
    const scaled = scaler.fitTransform(X);
    expect(list(scaler.mean)).toEqual([3, 300, 7]);
    expect(list(scaler.var)).toEqual([3.5, 35_000, 0]);
    expect(scaler.scale.get(2).item()).toBe(1);
    for (const [i, value] of [-1.0690449676, -0.5345224838, 0, 1.6035674514].entries()) {
      expect(scaled.get(i, 0).item()).toBeCloseTo(value, 9);
      expect(scaled.get(i, 1).item()).toBeCloseTo(value, 9);
      expect(scaled.get(i, 2).item()).toBe(0);
    }
  });

  test("other data get the training data's numbers", () => {
    const scaler = new data.StandardScaler().fit(X);
    expect(scaler.transform(tensor([[3, 300, 9]])).toArray()).toEqual([[0, 0, 2]]);
  });

  test("parts of the map can be left out", () => {
    const centred = new data.StandardScaler({ withStd: false }).fitTransform(X);
    expect(list(centred.select(1, 0))).toEqual([-2, -1, 0, 3]);
    const divided = new data.StandardScaler({ withMean: false }).fitTransform(X);
    expect(divided.get(3, 1).item()).toBeCloseTo(600 / Math.sqrt(35_000), 12);
  });

  test("a feature that is constant up to rounding counts as constant", () => {
    const third = 0.1 + 0.2;
    const column = tensor(
      Array.from({ length: 1000 }, () => [third * 1e8]),
      { dtype: "float64" },
    );
    expect(new data.StandardScaler().fit(column).scale.item()).toBe(1);
  });

  test("features far from 0 in float32 keep their digits", () => {
    const far = tensor([[10_000.25], [10_000.5], [10_000.75]]);
    expect(list(new data.StandardScaler().fitTransform(far))).toEqual([
      Math.fround(-Math.sqrt(1.5)),
      0,
      Math.fround(Math.sqrt(1.5)),
    ]);
  });
});

describe("MinMaxScaler", () => {
  test("[0, 1] or another range; a constant feature becomes low; clip", () => {
    const scaler = new data.MinMaxScaler();
    expect(scaler.fitTransform(X).toArray()).toEqual([
      [0, 0, 0],
      [0.2, 0.2, 0],
      [0.4, 0.4, 0],
      [1, 1, 0],
    ]);
    expect(list(scaler.dataMin)).toEqual([1, 100, 7]);
    expect(list(scaler.dataMax)).toEqual([6, 600, 7]);
    const wide = new data.MinMaxScaler({ featureRange: [-1, 3] }).fitTransform(X);
    expect(list(wide.select(1, 0)).map((v) => Number(v.toFixed(12)))).toEqual([-1, -0.2, 0.6, 3]);
    expect(list(wide.select(1, 2))).toEqual([-1, -1, -1, -1]);
    expect(list(scaler.transform(tensor([[11, 100, 7]])))[0]).toBe(2);
    expect(list(new data.MinMaxScaler({ clip: true }).fit(X).transform(tensor([[11, -5, 7]])))).toEqual([
      1, 0, 0,
    ]);
  });
});

describe.each([
  ["StandardScaler", () => new data.StandardScaler()],
  ["MinMaxScaler", () => new data.MinMaxScaler({ featureRange: [-2, 5] })],
])("%s", (_name, make) => {
  test("inverseTransform undoes transform", () => {
    fc.assert(
      fc.property(matrices, (rows) => {
        const x = tensor(rows, { dtype: "float64" });
        const scaler = make().fit(x);
        const back = list(scaler.inverseTransform(scaler.transform(x)));
        for (const [i, value] of list(x).entries()) {
          const size = Math.max(...list(x).map(Math.abs));
          expect(Math.abs(back[i]! - value)).toBeLessThanOrEqual(1e-12 * (1 + size));
        }
      }),
    );
  });

  test("keeps the float type, makes whole numbers float32, passes gradients on", () => {
    const scaler = make().fit(X);
    expect(scaler.transform(X).dtype).toBe("float64");
    expect(scaler.transform(X.to("float32")).dtype).toBe("float32");
    expect(scaler.transform(X.to("int32")).dtype).toBe("float32");
    const x = tensor([[2, 200, 7]], { requiresGrad: true });
    scaler.inverseTransform(scaler.transform(x)).sum().backward();
    for (const value of list(x.grad!)) expect(value).toBeCloseTo(1, 5);
  });

  test("features may have any shape", () => {
    const images = tensor([...Array(24).keys()]).reshape([3, 1, 2, 4]);
    expect(make().fitTransform(images).shape).toEqual([3, 1, 2, 4]);
    expect(make().fitTransform(tensor([1, 2, 3])).shape).toEqual([3]);
  });
});
