import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { axisScale, type AxisKind } from "../../../src/notebook/plots/axis-scale.ts";
import { keepVisible } from "../../../src/notebook/plots/downsample.ts";
import { isolines } from "../../../src/notebook/plots/isolines.ts";
import { layOut, spread, textWidth } from "../../../src/notebook/plots/layout.ts";
import { chooseLevels } from "../../../src/notebook/plots/levels.ts";
import { arrowShape } from "../../../src/notebook/plots/mark-shapes.tsx";
import { interpolate } from "../../../src/notebook/plots/numbers-in.ts";
import { prepare } from "../../../src/notebook/plots/prepare.ts";
import { rampColour } from "../../../src/notebook/plots/ramp.ts";
import {
  eye,
  firstView,
  fitBox,
  halfAngle,
  outline,
  surfaceModel,
  turned,
} from "../../../src/notebook/plots/surface-model.ts";
import { plotOf, saddle } from "./samples.ts";

describe("long lines", () => {
  const columns = 300;
  const column = (index: number, length: number): number => Math.floor((index / length) * columns);

  test("keep both ends and, in every column, the lowest and the highest point", () => {
    const line = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 3000 });
    fc.assert(
      fc.property(line, (y) => {
        const kept = keepVisible(y, (index) => column(index, y.length));
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(y.length - 1);
        expect(kept).toEqual([...new Set(kept)].sort((left, right) => left - right));
        expect(kept.length).toBeLessThanOrEqual(4 * columns);
        const extremes = (indices: number[]): Map<number, [number, number]> => {
          const found = new Map<number, [number, number]>();
          for (const index of indices) {
            const value = y[index] ?? 0;
            const [low, high] = found.get(column(index, y.length)) ?? [value, value];
            found.set(column(index, y.length), [Math.min(low, value), Math.max(high, value)]);
          }
          return found;
        };
        expect(extremes(kept)).toEqual(extremes(y.map((_, index) => index)));
      }),
      { numRuns: 60 },
    );
  });

  test("stay bounded when the line jumps to and fro", () => {
    const y = Array.from({ length: 50_000 }, (_, index) => Math.sin(index));
    const kept = keepVisible(y, (index) => index % 2);
    expect(kept.length).toBeLessThanOrEqual(4100);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(y.length - 1);
  });
});

describe("the labels beside the vertical axis", () => {
  test("have room, signs and decimals included, whatever the values and the size", () => {
    const ends = fc.tuple(
      fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      fc.double({ min: 0.1, max: 1e4, noNaN: true }),
    );
    fc.assert(
      fc.property(ends, fc.integer({ min: 200, max: 1200 }), fc.boolean(), ([low, span], width, equal) => {
        const plot = plotOf([{ type: "line", x: [0, 1], y: [low, low + span] }], { equal });
        const { frame, yTicks } = layOut(prepare(plot), width);
        for (const { label } of yTicks) expect(frame.left).toBeGreaterThanOrEqual(textWidth(label) + 14);
      }),
    );
    const halves = plotOf([{ type: "line", x: [0, 1], y: [0, 0] }], { y: { domain: [-2.5, 2.5] } });
    const { frame, yTicks } = layOut(prepare(halves), 800);
    expect(yTicks.map(({ label }) => label)).toContain("−2.5");
    expect(frame.left).toBeGreaterThanOrEqual(textWidth("−2.5") + 14);
  });
});

describe("contour levels", () => {
  test("rise strictly within the values, whatever these are", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 400 }), (values) => {
        const levels = chooseLevels(values);
        const usable = values.filter((value) => Number.isFinite(value) && Math.abs(value) <= 1e150);
        expect(levels.length).toBeLessThanOrEqual(12);
        levels.forEach((level, index) => {
          expect(level).toBeGreaterThan(Math.min(...usable));
          expect(level).toBeLessThan(Math.max(...usable));
          expect(level).toBeGreaterThan(levels[index - 1] ?? -Infinity);
        });
      }),
    );
  });

  test("go by rank: the flat valley below a steep wall gets its share", () => {
    const values = Array.from({ length: 1000 }, (_, index) => Math.exp(index / 50));
    const below = chooseLevels(values).filter((level) => level < (values[500] ?? 0));
    expect(below.length).toBe(6);
  });

  test("a constant field has none", () => {
    expect(chooseLevels([3, 3, 3])).toEqual([]);
    expect(chooseLevels([])).toEqual([]);
  });

  test("a contour of the saddle at level 1 runs along its axes", () => {
    const [line] = isolines(saddle(41), [1 + 1e-9]);
    // (1 − xy)² = 1 is xy = 0 or xy = 2; every point of the ring lies on it or on the border.
    for (const [x, y] of line?.rings.flat() ?? []) {
      const toBorder = 2 - Math.max(Math.abs(x), Math.abs(y));
      expect(Math.min(Math.abs(x * y), Math.abs(x * y - 2), toBorder)).toBeLessThan(0.12);
    }
    expect(line?.rings.length).toBeGreaterThan(0);
  });
});

describe("axes", () => {
  const domain = (kind: AxisKind): fc.Arbitrary<[number, number]> =>
    fc
      .tuple(
        fc.double({ min: kind === "log" ? 1e-12 : -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1.001, max: 1e6, noNaN: true }),
      )
      .map(([low, size]) => (kind === "log" ? [low, low * size] : [low, low + size]));

  test.each(["linear", "log", "symlog"] as const)(
    "%s: a place leads back to its value, and ticks lie inside",
    (kind) => {
      fc.assert(
        fc.property(domain(kind), fc.double({ min: 0, max: 1, noNaN: true }), ([low, high], share) => {
          const scale = axisScale({ kind, domain: [low, high] }, [0, 600]);
          const back = scale.place(scale.value(share * 600));
          expect(back).toBeCloseTo(share * 600, 3);
          for (const tick of scale.ticks(6)) {
            expect(scale.place(tick.value)).toBeGreaterThanOrEqual(-0.01);
            expect(scale.place(tick.value)).toBeLessThanOrEqual(600.01);
          }
        }),
      );
    },
  );

  const labels = (kind: AxisKind, low: number, high: number, count = 6): string[] =>
    axisScale({ kind, domain: [low, high] }, [0, 600])
      .ticks(count)
      .map((tick) => tick.label)
      .filter((label) => label !== "");

  test("ticks are written alike", () => {
    expect(labels("linear", 0, 1)).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    expect(labels("linear", -2, 2, 4)).toEqual(["−2", "−1", "0", "1", "2"]);
    expect(labels("linear", 0, 20_000, 4)).toEqual([
      "0",
      "5000",
      "10\u202F000",
      "15\u202F000",
      "20\u202F000",
    ]);
    expect(labels("log", 0.001, 100)).toEqual(["0.001", "0.01", "0.1", "1", "10", "100"]);
    expect(labels("log", 1e-12, 0.1, 4)).toEqual(["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³"]);
    expect(labels("log", 20, 90, 3).length).toBeGreaterThan(1);
    expect(labels("symlog", -1000, 1000)).toContain("0");
  });

  test("a log axis has no place for zero", () => {
    expect(axisScale({ kind: "log", domain: [1, 10] }, [0, 1]).place(0)).toBeNaN();
  });
});

test("labels at the ends of lines do not overlap and stay in the frame", () => {
  const frame = { top: 0, bottom: 400 };
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 6 }), (heights) => {
      const placed = spread(
        heights.map((y) => ({ y })),
        frame,
      );
      expect(placed).toHaveLength(heights.length);
      placed.forEach(({ y }, index) => {
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(400);
        expect(y - (placed[index - 1]?.y ?? -Infinity)).toBeGreaterThanOrEqual(15.99);
      });
    }),
  );
});

test("an arrow too short to see keeps its direction and gets a least length", () => {
  const shape = arrowShape([10, 10], [10.3, 10.4]);
  const [x = 0, y = 0] = shape?.tip ?? [];
  expect(Math.hypot(x - 10, y - 10)).toBeCloseTo(7, 6);
  expect((y - 10) / (x - 10)).toBeCloseTo(4 / 3, 6);
  expect(arrowShape([10, 10], [10, 10])?.shaft).toBe("");
  expect(arrowShape([10, NaN], [10, 10])).toBeNull();
});

test("colours are mixtures of tokens, never raw colours", () => {
  fc.assert(
    fc.property(
      fc.double(),
      fc.constantFrom("sequential" as const, "wash" as const, "diverging" as const),
      (share, palette) => {
        expect(rampColour(share, palette)).toMatch(
          /^(var\(--[\w-]+\)|color-mix\(in oklab, var\(--[\w-]+\) \d+%, var\(--[\w-]+\)\))$/,
        );
      },
    ),
  );
});

test("between grid points the value is interpolated, outside there is none", () => {
  const grid = {
    x: [0, 1] as [number, number],
    y: [0, 1] as [number, number],
    columns: 2,
    rows: 2,
    values: [0, 1, 2, 3],
  };
  expect(interpolate(grid, 0.5, 0.5)).toBeCloseTo(1.5, 12);
  expect(interpolate(grid, 1, 1)).toBeCloseTo(3, 12);
  expect(interpolate(grid, 1.01, 0)).toBeNull();
});

test("however a surface is turned, the eye stays at distance one and near the upper side", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.double({ min: -50, max: 50, noNaN: true }),
      (a, e) => {
        const view = turned(firstView, a, e, 1.3);
        expect(Math.hypot(...eye(view))).toBeCloseTo(1, 9);
        expect(view.elevation).toBeLessThanOrEqual(1.5);
        expect(view.elevation).toBeGreaterThanOrEqual(-0.2);
      },
    ),
  );
});

describe("a surface of which one wall is steep", () => {
  const size = 41;
  const at = (index: number): number => -1.7 + (3.4 * index) / (size - 1);
  const values = Array.from(
    { length: size * size },
    (_, index) => (1 - at(index % size) * at(Math.floor(index / size))) ** 2,
  );
  const model = surfaceModel({
    version: 1,
    title: "valley",
    grid: { x: [-1.7, 1.7], y: [-1.7, 1.7], columns: size, rows: size, values },
    trajectories: [],
  });

  if (!model) throw new Error("The valley cannot be drawn.");

  test("has its colours by rank: half of it lies below the middle colour, and higher is never lower in colour", () => {
    const below = values.filter((value) => model.share(value) < 0.5).length;
    expect(Math.abs(below / values.length - 0.5)).toBeLessThan(0.02);
    expect(model.share(Math.min(...values))).toBe(0);
    expect(model.share(Math.max(...values))).toBe(1);
    expect(model.share(model.quantile(0.5))).toBeCloseTo(0.5, 2);
    const height = fc.double({ min: -1, max: 20, noNaN: true });
    fc.assert(
      fc.property(height, height, (a, b) => {
        expect(model.share(Math.max(a, b))).toBeGreaterThanOrEqual(model.share(Math.min(a, b)));
      }),
    );
  });

  test("fits its picture from every side, and fills it in one direction", () => {
    const points = outline(model);
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 4, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: 280, max: 1000 }),
        fc.integer({ min: 260, max: 540 }),
        (azimuth, elevation, width, height) => {
          const view = turned(firstView, azimuth, elevation);
          const { distance, shift } = fitBox(points, view, width, height);
          const toEye = eye(view);
          const right = [Math.cos(view.azimuth), Math.sin(view.azimuth), 0];
          const up = [
            -Math.sin(view.elevation) * Math.sin(view.azimuth),
            Math.sin(view.elevation) * Math.cos(view.azimuth),
            Math.cos(view.elevation),
          ];
          const along = (point: readonly number[], axis: readonly number[]): number =>
            point.reduce((sum, value, index) => sum + value * (axis[index] ?? 0), 0);
          const places = points.map((point) => {
            const reach = (distance - along(point, toEye)) * Math.tan(halfAngle);
            return [
              along(point, right) / (reach * (width / height)) + shift[0],
              along(point, up) / reach + shift[1],
            ] as const;
          });
          expect(Math.max(...places.flat().map(Math.abs))).toBeLessThan(1);
          const spanX = Math.max(...places.map(([x]) => x)) - Math.min(...places.map(([x]) => x));
          const spanY = Math.max(...places.map(([, y]) => y)) - Math.min(...places.map(([, y]) => y));
          expect(Math.max(spanX, spanY)).toBeGreaterThan(1.4);
        },
      ),
    );
  });
});
