/** @jsxImportSource preact */
import fc from "fast-check";
import { renderToString } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { layOut } from "../../../src/notebook/plots/layout.ts";
import { legendEntries } from "../../../src/notebook/plots/legend.tsx";
import { Plot } from "../../../src/notebook/plots/plot.tsx";
import { prepare } from "../../../src/notebook/plots/prepare.ts";
import { readAt, readingText, stops } from "../../../src/notebook/plots/readings.ts";
import { Surface } from "../../../src/notebook/plots/surface.tsx";
import { asPlot } from "../../../src/notebook/plots/surface-as-plot.ts";
import {
  boxPath,
  gridMesh,
  gridNet,
  progressAt,
  surfaceModel,
  tube,
} from "../../../src/notebook/plots/surface-model.ts";
import type { Mark, PlotDescription } from "../../../src/runtime/index.ts";
import { plotOf, saddle, surface } from "./samples.ts";

const handling = { points: new Map(), inputValues: {}, onInput: () => undefined };

function html(plot: PlotDescription): string {
  return renderToString(<Plot plot={plot} {...handling} />);
}

/** The drawn marks alone, without axes, ids and controls. */
function marks(plot: PlotDescription): string {
  const drawn = /<g class="plot-ground">.*?(?=<g class="plot-axes")|<g class="plot-marks">.*?(?=<\/svg>)/gs;
  return (html(plot).match(drawn) ?? [])
    .join("\n")
    .replaceAll(/clip-path="[^"]*"/g, "")
    .replaceAll(/(?=<(path|circle|rect|line|text|g))/g, "\n");
}

describe("each mark", () => {
  const samples: Record<string, Mark> = {
    line: { type: "line", label: "loss", x: [0, 1, 2], y: [1, 0.5, 0.25] },
    "dashed line with a gap": { type: "line", x: [0, 1, 2, 3, 4], y: [1, 2, NaN, 2, 1], dash: true },
    dot: { type: "dot", x: [0, 1], y: [0, 1], value: [0, 10] },
    bar: { type: "bar", x: ["a", "b"], y: [1, 3] },
    contour: { type: "contour", grid: saddle(5), levels: [1] },
    heat: { type: "heat", grid: saddle(3), palette: "diverging" },
    arrow: { type: "arrow", x: [0], y: [0], dx: [1], dy: [1], label: "λ = 2", colour: "purple" },
    rule: { type: "rule", y: 0.5, label: "start" },
    text: { type: "text", x: 0, y: 0, text: "saddle" },
    trajectory: { type: "trajectory", x: [0, 1], y: [0, 1], label: "descent" },
    "trajectory without a trail": { type: "trajectory", x: [0, 1], y: [0, 1], trail: false },
  };
  test.each(Object.keys(samples))("%s", (name) => {
    const mark = samples[name];
    expect(mark && marks(plotOf([mark]))).toMatchSnapshot();
  });
});

describe("a plot", () => {
  test("is named by its title and described by its summary", () => {
    const page = html(plotOf([{ type: "line", x: [0, 1], y: [0, 1] }], { title: "Loss by step" }));
    const name = /role="img" aria-labelledby="([^"]+)" aria-describedby="([^"]+)"/.exec(page);
    expect(page).toContain(`id="${name?.[1]}">Loss by step<`);
    expect(page).toContain(`id="${name?.[2]}">Line chart. line 1: rises`);
  });

  test("never contains markup of its data", () => {
    const evil = "<script>alert(1)</script>";
    const page = html(
      plotOf(
        [
          { type: "text", x: 0, y: 0, text: evil },
          { type: "bar", x: [evil], y: [1], label: evil },
        ],
        { title: evil, x: { label: evil }, y: { label: evil } },
      ),
    );
    expect(page).not.toContain("<script");
  });

  test("names its lines at their ends on a wide page, in a legend on a narrow one", () => {
    const picture = prepare(
      plotOf([
        { type: "line", label: "gd", x: [0, 1], y: [0, 1] },
        { type: "line", label: "Adam", x: [0, 1], y: [0, 3] },
      ]),
    );
    const wide = layOut(picture, 720);
    expect(wide.endLabels.map((label) => label.text)).toEqual(["Adam", "gd"]);
    expect(legendEntries(picture, wide)).toEqual([]);
    const narrow = layOut(picture, 340);
    expect(narrow.endLabels).toEqual([]);
    expect(legendEntries(picture, narrow)).toHaveLength(2);
  });

  test("names lines that end together in the legend: beside the frame nobody could tell them apart", () => {
    const lines: Mark[] = ["a", "b", "c", "d"].map((label) => ({
      type: "line",
      label,
      x: [0, 1],
      y: [0, 1],
    }));
    expect(layOut(prepare(plotOf(lines)), 720).endLabels).toEqual([]);
  });

  test("with `equal` a unit of x is as long as a unit of y", () => {
    const layout = layOut(prepare(plotOf([{ type: "contour", grid: saddle(5) }], { equal: true })), 600);
    const x = layout.x.place(1) - layout.x.place(0);
    const y = layout.y.place(0) - layout.y.place(1);
    expect(x).toBeCloseTo(y, 6);
  });

  test("gives every series its own colour and leaves chosen ones alone", () => {
    const line: Mark = { type: "line", x: [0, 1], y: [0, 1] };
    const colours = prepare(plotOf([line, { ...line, colour: "blue" }, line])).series.map(
      ({ colour }) => colour,
    );
    expect(colours[1]).toBe("blue");
    expect(new Set(colours).size).toBe(3);
  });

  test("says what a log axis cannot show", () => {
    const picture = prepare(plotOf([{ type: "line", x: [0, 1, 2], y: [0, 1, 2] }], { y: { scale: "log" } }));
    expect(picture.notes).toEqual(["1 value not drawn: a log axis has no place for zero and below."]);
  });
});

describe("reading values", () => {
  test("curves answer with all their values at the nearest x", () => {
    const picture = prepare(
      plotOf(
        [
          { type: "line", label: "a", x: [0, 1, 2], y: [1, 2, 3] },
          { type: "line", label: "b", x: [0, 1, 2], y: [5, 6, 7] },
        ],
        { x: { label: "step" } },
      ),
    );
    const layout = layOut(picture, 640);
    const reading = readAt(picture, layout, layout.x.place(1.2), 0);
    expect(reading && readingText(reading)).toBe("step 1: a 2, b 6");
    expect(stops(picture, layout)).toHaveLength(3);
  });

  test("a map answers with the value below the pointer", () => {
    const picture = prepare(plotOf([{ type: "heat", grid: saddle(41), label: "loss" }]));
    const layout = layOut(picture, 640);
    const reading = readAt(picture, layout, layout.x.place(1), layout.y.place(-1));
    expect(Number(reading?.values[0]?.text)).toBeCloseTo(4, 1);
  });

  test("dots answer one by one", () => {
    const picture = prepare(plotOf([{ type: "dot", label: "d", x: [0, 1], y: [0, 5] }]));
    const layout = layOut(picture, 640);
    expect(readAt(picture, layout, layout.x.place(1), layout.y.place(5))?.values[0]?.text).toBe("x 1, y 5");
  });
});

describe("surfaces", () => {
  const model = surfaceModel(surface);

  test("stand in the page as a named picture even before their code has come", () => {
    const page = renderToString(<Surface surface={surface} {...handling} />);
    expect(page).toContain("The saddle");
    expect(page).toContain('role="img"');
    expect(page).toContain('aria-label="Play"');
  });

  test("have a mesh of two triangles per cell, without those at values that are not finite", () => {
    expect(model && gridMesh(model.grid, model).index).toHaveLength(8 * 8 * 6);
    const values = Array.from(saddle(9).values);
    values[40] = NaN;
    const holed = surfaceModel({ ...surface, grid: { ...saddle(9), values } });
    const index = holed ? Array.from(gridMesh(holed.grid, holed).index) : [40];
    expect(index).not.toContain(40);
    expect(index.length).toBeLessThan(8 * 8 * 6);
  });

  test("draw no line of the second surface to where it has no value", () => {
    const values = Array.from(saddle(9).values, (value, index) => (index % 9 < 3 ? NaN : value));
    const patch = { ...saddle(9), values };
    const net = model ? gridNet(patch, gridMesh(patch, model)) : [];
    const xs = net.filter((_, index) => index % 3 === 0);
    expect(xs.length).toBeGreaterThan(0);
    expect(Math.min(...xs)).toBeCloseTo(-0.25, 6);
  });

  test("play their paths step by step", () => {
    const path = model && surface.trajectories[0] && boxPath(surface.trajectories[0], model, 0);
    expect(path?.points).toHaveLength(3);
    expect(path && progressAt(path, 1.5)).toBe(1.5);
    expect(path && progressAt(path, 9)).toBe(2);
    expect(tube(path?.points ?? [], 0.01, 8).index).toHaveLength(2 * 8 * 6);
    expect(
      tube(
        [
          [0, 0, 0],
          [0, 0, 0],
        ],
        0.01,
      ).positions.every(Number.isFinite),
    ).toBe(true);
  });

  test("are a contour plot with the same data where there is no WebGL", () => {
    expect(asPlot(surface).marks.map((mark) => mark.type)).toEqual([
      "contour",
      "trajectory",
      "arrow",
      "handle",
    ]);
  });
});

describe("hostile data", () => {
  const value = fc.oneof(
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e308, -1e308, 5e-324, 1e150),
  );
  const values = fc.array(value, { maxLength: 12 });
  const grid = fc.record({
    x: fc.tuple(value, value),
    y: fc.tuple(value, value),
    columns: fc.integer({ min: -1, max: 5 }),
    rows: fc.integer({ min: -1, max: 5 }),
    values: fc.array(value, { maxLength: 25 }),
  });
  const mark: fc.Arbitrary<Mark> = fc.oneof(
    fc.record({ type: fc.constant("line" as const), x: values, y: values }),
    fc.record({ type: fc.constant("dot" as const), x: values, y: values, value: values }),
    fc.record({ type: fc.constant("bar" as const), x: fc.array(fc.oneof(value, fc.string())), y: values }),
    fc.record({ type: fc.constant("contour" as const), grid, filled: fc.boolean() }),
    fc.record({ type: fc.constant("heat" as const), grid }),
    fc.record({ type: fc.constant("arrow" as const), x: values, y: values, dx: values, dy: values }),
    fc.record({ type: fc.constant("rule" as const), x: value, y: value }),
    fc.record({ type: fc.constant("text" as const), x: value, y: value, text: fc.string() }),
    fc.record({ type: fc.constant("trajectory" as const), x: values, y: values }),
    fc.record({ type: fc.constant("handle" as const), input: fc.string(), x: value, y: value }),
  );
  const scale = fc.constantFrom("linear" as const, "log" as const, "symlog" as const);
  const axis = fc.record({ scale, domain: fc.tuple(value, value) });
  const anyPlot = fc
    .record({ marks: fc.array(mark, { maxLength: 4 }), x: axis, y: axis, equal: fc.boolean(), aspect: value })
    .map(({ marks, ...rest }) => plotOf(marks, rest));

  test("never breaks a plot, and no coordinate of it is NaN", () => {
    fc.assert(
      fc.property(anyPlot, (plot) => {
        const page = html(plot);
        const drawing = page.slice(page.indexOf("<svg"), page.lastIndexOf("</svg>"));
        expect(
          drawing.match(/ (?:[xyrd]|[cxy][xy12]|width|height|transform)="[^"]*(?:NaN|Infinity)/),
        ).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test("never breaks a surface", () => {
    const path = fc.record({ label: fc.string(), x: values, y: values, z: values });
    fc.assert(
      fc.property(grid, fc.array(path, { maxLength: 2 }), axis, (grid, trajectories, z) => {
        const hostile = { ...surface, grid, trajectories, z };
        expect(renderToString(<Surface surface={hostile} {...handling} />)).toContain("The saddle");
        const model = surfaceModel(hostile);
        expect(!model || gridMesh(model.grid, model).positions.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
