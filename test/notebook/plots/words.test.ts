import { describe, expect, test } from "vitest";
import { dataTables, surfaceTables, toCsv } from "../../../src/notebook/plots/data-tables.ts";
import { fileName } from "../../../src/notebook/plots/save.ts";
import {
  describeCurve,
  rankCorrelation,
  summarise,
  summariseSurface,
} from "../../../src/notebook/plots/summary.ts";
import { plotOf, saddle, surface } from "./samples.ts";

describe("summaries", () => {
  test("an author's summary is left alone", () => {
    expect(summarise(plotOf([], { summary: "The loss falls." }))).toBe("The loss falls.");
  });

  test("a falling curve", () => {
    const x = [0, 5000, 20_000];
    expect(describeCurve(x, [1, 0.06, 0.056], "step")).toBe(
      "falls from 1 to 0.056 over step from 0 to 20\u202F000",
    );
  });

  test("a curve that dips and comes back names its lowest point", () => {
    expect(describeCurve([0, 1, 2], [1, -3, 1], "")).toBe(
      "begins and ends near 1 over x from 0 to 2, lowest −3 at 1",
    );
    expect(describeCurve([0, 1], [2, 2], "t")).toBe("stays at 2 over t from 0 to 1");
    expect(describeCurve([0, 1], [NaN, NaN], "t")).toBe("no finite values");
  });

  test("two lines on a logarithmic axis", () => {
    const plot = plotOf(
      [
        { type: "line", label: "loss", x: [0, 1], y: [1, 0.1] },
        { type: "line", label: "gradient norm", x: [0, 1], y: [0.2, 0.5] },
      ],
      { x: { label: "step" }, y: { label: "value", scale: "log" } },
    );
    expect(summarise(plot)).toBe(
      "Line chart: step across, value upwards, logarithmic y axis. loss: falls from 1 to 0.1 over step from 0 to 1. gradient norm: rises from 0.2 to 0.5 over step from 0 to 1.",
    );
  });

  test("dots say how they are related", () => {
    const x = Array.from({ length: 20 }, (_, index) => index);
    const text = summarise(plotOf([{ type: "dot", label: "points", x, y: x.map((value) => -value) }]));
    expect(text).toContain("y closely falls as x grows (rank correlation −1)");
  });

  test("a field names its lowest and highest place", () => {
    const text = summarise(plotOf([{ type: "contour", label: "loss", grid: saddle(9) }]));
    expect(text).toContain("Contour plot. loss: lowest 0 near");
    expect(text).toContain("highest 25 near (2, −2)");
  });

  test("a surface tells of its paths, arrows and movable point", () => {
    expect(summariseSurface(surface)).toContain(
      "descent: from (0.1, 0.1) to (1, 1) in 2 steps, height from 0.98 to 0",
    );
    expect(summariseSurface(surface)).toContain("Arrow λ = −2");
    expect(summariseSurface(surface)).toContain("Movable point ball at (0.5, 0.5)");
  });

  test("ranks that are equal share their mean", () => {
    expect(
      rankCorrelation([
        [1, 1],
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    ).toBeCloseTo(1, 12);
    expect(
      rankCorrelation([
        [1, 1],
        [2, 1],
      ]),
    ).toBeNull();
  });
});

describe("data tables", () => {
  test("lines over the same x share a table", () => {
    const plot = plotOf(
      [
        { type: "line", label: "a", x: [1, 2], y: [3, 4] },
        { type: "line", label: "b", x: [1, 2], y: [5, 6] },
        { type: "rule", y: 4 },
      ],
      { x: { label: "step" } },
    );
    expect(dataTables(plot)).toEqual([
      {
        title: "Values",
        columns: ["step", "a", "b"],
        rows: [
          [1, 3, 5],
          [2, 4, 6],
        ],
      },
    ]);
  });

  test("the table holds every point of a line that is drawn with fewer", () => {
    const x = Array.from({ length: 20_000 }, (_, index) => index);
    expect(dataTables(plotOf([{ type: "line", x, y: x }]))[0]?.rows).toHaveLength(20_000);
  });

  test("a grid is a row for each of its points", () => {
    const [table] = dataTables(plotOf([{ type: "heat", grid: saddle(3), label: "loss" }]));
    expect(table?.columns).toEqual(["x", "y", "loss"]);
    expect(table?.rows[0]).toEqual([-2, -2, 9]);
    expect(table?.rows).toHaveLength(9);
    expect(surfaceTables(surface).map(({ title }) => title)).toEqual(["descent", "Surface"]);
  });

  test("CSV keeps commas and quotes in their cells and starts no formula", () => {
    const table = {
      title: "t",
      columns: ["a,b", "c"],
      rows: [
        ['say "x"', 1],
        ["=1+1", null],
      ],
    };
    expect(toCsv([table])).toBe('"a,b",c\r\n"say ""x""",1\r\n\'=1+1,');
  });

  test("file names are plain", () => {
    expect(fileName("Loss & gradient norm, η = 0.1", "csv")).toBe("loss-gradient-norm-η-0-1.csv");
    expect(fileName("???", "svg")).toBe("plot.svg");
  });
});
