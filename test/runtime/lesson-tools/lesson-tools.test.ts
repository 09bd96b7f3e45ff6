// The module "descent/lesson": what readers hand to it becomes plain, checked data, or an error that says what
// to write instead.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analysis, type Tensor, tensor } from "../../../src/engine/index.ts";
import type { Stage } from "../../../src/runtime/kernel/stage.ts";
import { stopSignal } from "../../../src/runtime/kernel/stage.ts";
import type { InputValue, Output } from "../../../src/runtime/output.ts";
import { parseKernelEvent } from "../../../src/runtime/protocol-schema.ts";
import { lessonTools } from "../../../src/runtime/lesson-tools/module.ts";
import * as tools from "../../../src/runtime/lesson-tools/index.ts";

class TestStage implements Stage {
  readonly outputs: Output[] = [];
  stopped = false;
  turns = 0;
  readonly #claimed = new Set<string>();
  readonly #inputs: Record<string, InputValue>;

  constructor(inputs: Record<string, InputValue> = {}) {
    this.#inputs = inputs;
  }

  show(output: Output): void {
    this.outputs.push(output);
  }

  input(key: string): InputValue | undefined {
    return this.#inputs[key];
  }

  claimInput(key: string): boolean {
    const first = !this.#claimed.has(key);
    this.#claimed.add(key);
    return first;
  }

  checkpoint(): void {
    if (this.stopped) throw stopSignal();
  }

  async turn(): Promise<void> {
    this.turns += 1;
    this.checkpoint();
  }
}

function open(inputs: Record<string, InputValue> = {}) {
  const stage = new TestStage(inputs);
  return { stage, ...(lessonTools({ stage }) as unknown as typeof tools) };
}

/** What went wrong, with its fix. */
function failure(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { message, fix } = error as Error & { fix?: string };
    return fix === undefined ? message : `${message} ${fix}`;
  }
  throw new Error("It did not fail.");
}

const f = (x: number, y: number): number => (1 - x * y) ** 2;
const square = { x: [-2, 2], y: [-2, 2] } as const;

describe("marks", () => {
  test("a line counts from 0 where x is left out, and takes arrays, typed arrays and tensors", () => {
    const { line } = open();
    const expected = { type: "line", x: [0, 1], y: [1.5, 2.5] };
    expect(line({ y: [1.5, 2.5] })).toEqual(expected);
    expect(line({ y: new Float32Array([1.5, 2.5]) })).toEqual(expected);
    expect(line({ y: tensor([1.5, 2.5]) })).toEqual(expected);
    expect(line({ y: [tensor(1.5), tensor(2.5)] })).toEqual(expected);
    expect(
      line({
        points: [
          [0, 1.5],
          [1, 2.5],
        ],
      }),
    ).toEqual(expected);
  });

  test("a function is sampled over its range, both ends included", () => {
    const { line } = open();
    expect(line({ f: (x) => 2 * x, x: [0, 1], steps: 3 })).toMatchObject({ x: [0, 0.5, 1], y: [0, 1, 2] });
  });

  test("a function may give tensors", () => {
    const { contour } = open();
    const { grid } = contour({ f: (x, y) => tensor(x + y), ...square, steps: 3 });
    expect(Array.from(grid.values)).toEqual([-4, -2, 0, -2, 0, 2, 0, 2, 4]);
  });

  test("a line has a gap where a number is not finite; a dot is left out", () => {
    const { line, dot } = open();
    expect(line({ y: [1, Infinity, 3] }).y).toEqual([1, Number.NaN, 3]);
    expect(dot({ x: [0, 1, 2], y: [1, Number.NaN, 3], value: [7, 8, 9] })).toMatchObject({
      x: [0, 2],
      y: [1, 3],
      value: [7, 9],
    });
  });

  test("grids come from functions, matrices, tensors and the engine's error surface", () => {
    const { contour, heat } = open();
    expect(contour({ f, ...square, steps: 3 }).grid).toEqual({
      x: [-2, 2],
      y: [-2, 2],
      columns: 3,
      rows: 3,
      values: [9, 1, 25, 1, 1, 1, 25, 1, 9],
    });
    expect(
      heat({
        grid: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      }).grid,
    ).toEqual({ x: [0, 2], y: [0, 1], columns: 3, rows: 2, values: [1, 2, 3, 4, 5, 6] });
    expect(
      heat({
        grid: tensor([
          [1, 2],
          [3, 4],
        ]),
        ...square,
      }).grid,
    ).toMatchObject({ x: [-2, 2], columns: 2, values: [1, 2, 3, 4] });
    const grid = analysis.errorSurface((w: Tensor) => w.mul(w).sum(), { ...square, steps: 3 });
    expect(contour({ grid }).grid.values).toEqual([8, 4, 8, 4, 0, 4, 8, 4, 8]);
  });

  test("arrows come one or many at a time", () => {
    const { arrow } = open();
    expect(arrow({ x: 0, y: 0, dx: 1, dy: 2 })).toEqual({ type: "arrow", x: [0], y: [0], dx: [1], dy: [2] });
    expect(arrow({ x: [0, 1], y: [0, 1], dx: [1, 1], dy: [2, 2] }).dy).toEqual([2, 2]);
  });
});

describe("mistakes", () => {
  const {
    line,
    dot,
    bar,
    contour,
    heat,
    rule,
    handle,
    plot,
    surface,
    slider,
    select,
    point,
    table,
    outcome,
    progress,
  } = open();
  test.each<[string, () => unknown, string[]]>([
    [
      "lengths that differ",
      () => line({ x: [1, 2, 3], y: [1, 2] }),
      ["“x” has 3 numbers and “y” has 2", "same length"],
    ],
    [
      "a misspelt option",
      () => line({ y: [1], lable: "x" } as never),
      ["no option “lable”", "Did you mean “label”?"],
    ],
    [
      "an option of nobody",
      () => line({ y: [1], zzz: 1 } as never),
      ["no option “zzz”", "Its options are x, y"],
    ],
    ["American spelling", () => line({ y: [1], color: "red" } as never), ["Did you mean “colour”?"]],
    [
      "an unknown colour",
      () => line({ y: [1], colour: "bleu" as never }),
      ["cannot be “bleu”", "Did you mean “blue”?"],
    ],
    [
      "a list instead of options",
      () => line([1, 2] as never),
      ["takes one object with options", "line({ y: losses })"],
    ],
    ["no data", () => line({}), ["“y” must be a list of numbers", "not undefined"]],
    ["text among numbers", () => line({ y: [1, "2"] as never }), ["y[1] must be a number, not the text “2”"]],
    [
      "a matrix for a list",
      () =>
        line({
          y: tensor([
            [1, 2],
            [3, 4],
          ]),
        }),
      ["shape (2, 2)", "one axis"],
    ],
    [
      "a promise as a value",
      () => contour({ f: (async () => 1) as never, ...square }),
      ["“f” must return a number", "not async"],
    ],
    [
      "a function without numbers",
      () => contour({ f: () => Number.NaN, ...square }),
      ["none of the grid's values is a finite number"],
    ],
    [
      "a range turned round",
      () => contour({ f, x: [2, -2], y: [-2, 2] }),
      ["from 2 to -2", "Write x: [-2, 2]"],
    ],
    ["neither f nor grid", () => contour({}), ["nothing to draw", "f: (x, y)"]],
    ["an uneven matrix", () => heat({ grid: [[1, 2], [3]] }), ["grid[1] has 1 numbers and grid[0] has 2"]],
    ["a rule of both", () => rule({ x: 1, y: 1 }), ["either x or y"]],
    [
      "a handle without a place",
      () => handle({ input: "ball", x: Number.NaN, y: 0 }),
      ["“x” must be a finite number"],
    ],
    ["bars of two lengths", () => bar({ x: ["a"], y: [1, 2] }), ["“x” has 1 number and “y” has 2 numbers"]],
    ["a dot's radius", () => dot({ y: [1], radius: -1 }), ["“radius” must be above 0"]],
    ["a plot without marks", () => plot({ title: "t" } as never), ["“marks” must be a list"]],
    [
      "a mark that is none",
      () => plot({ title: "t", marks: [[1, 2]] as never }),
      ["marks[0] must be a mark, not a list of 2"],
    ],
    [
      "a mark of an unknown type",
      () => plot({ title: "t", marks: [{ type: "lines", y: [1] }] as never }),
      ["Did you mean “line”?"],
    ],
    ["a plot without a title", () => plot({ marks: [] } as never), ["“title” must be text"]],
    [
      "a log axis that meets 0",
      () => plot({ title: "t", y: { scale: "log" }, marks: [line({ y: [1, 0], label: "loss" })] }),
      ["y has a log scale", "“loss” has y[1] = 0", "symlog"],
    ],
    [
      "a log domain from 0",
      () => plot({ title: "t", x: { scale: "log", domain: [0, 1] }, marks: [] }),
      ["begins at 0"],
    ],
    [
      "a misspelt scale",
      () => plot({ title: "t", x: { scale: "lgo" as never }, marks: [] }),
      ["Did you mean “log”?"],
    ],
    ["a surface without domains", () => surface({ title: "t", f }), ["needs the domain of x"]],
    ["a slider without a range", () => slider({ label: "l", min: 1, max: 1 }), ["which is no range"]],
    ["a log slider from 0", () => slider({ label: "l", min: 0, max: 1, scale: "log" }), ["min above 0"]],
    [
      "a slider that starts outside",
      () => slider({ label: "l", min: 0, max: 1, value: 2 }),
      ["“value” is 2, outside 0 … 1"],
    ],
    [
      "a select without options",
      () => select({ label: "l", options: [] }),
      ["“options” must be a list of texts"],
    ],
    [
      "a select of an unknown value",
      () => select({ label: "l", options: ["Adam", "SGD"], value: "Adm" as never }),
      ["Did you mean “Adam”?"],
    ],
    ["a point without a range", () => point({ label: "l", x: [0, 1] } as never), ["“y” must be [from, to]"]],
    ["a table of a number", () => table({ rows: 3 }), ["“rows” must be a list, not 3"]],
    [
      "an outcome of nothing",
      () => outcome("id", undefined as never),
      ["must be a number, a text or a curve"],
    ],
    ["progress over half a step", () => progress(1.5), ["whole number"]],
  ])("%s", (_, act, words) => {
    const said = failure(act);
    for (const word of words) expect(said).toContain(word);
  });

  test("outside a cell a tool says where it works", () => {
    expect(failure(() => tools.plot({ title: "t", marks: [] }))).toContain("works only in a cell");
  });
});

describe("pictures", () => {
  test("a plot becomes plain data, with its key", () => {
    const { stage, plot, line } = open();
    plot({
      title: "Loss",
      x: "step",
      y: { label: "loss", scale: "log" },
      marks: [line({ y: [2, 1] })],
      key: "live",
    });
    expect(stage.outputs).toEqual([
      {
        kind: "plot",
        key: "plot:live",
        plot: {
          version: 1,
          title: "Loss",
          x: { label: "step" },
          y: { label: "loss", scale: "log" },
          marks: [{ type: "line", x: [0, 1], y: [2, 1] }],
        },
      },
    ]);
  });

  test("a mark written by hand is checked like any other", () => {
    const { stage, plot } = open();
    plot({ title: "t", marks: [{ type: "line", x: [0, 1], y: [1, 2] }] });
    expect(stage.outputs).toMatchObject([{ plot: { marks: [{ type: "line" }] } }]);
    expect(failure(() => plot({ title: "t", marks: [{ type: "line", x: [0], y: [1, 2] }] }))).toContain(
      "has 1 number",
    );
  });

  test("a surface computes the heights it is not given", () => {
    const { stage, surface } = open();
    surface({
      title: "Loss",
      f,
      x: { label: "w₁", domain: [-2, 2] },
      y: { label: "w₂", domain: [-2, 2] },
      steps: 5,
      overlay: () => 1,
      trajectories: [{ label: "path", x: [0, 1], y: [0, 1] }],
      arrows: [{ from: [0, 0], to: [1, 1] }],
      handle: { input: "ball", x: 1, y: 1 },
    });
    expect(stage.outputs).toMatchObject([
      {
        surface: {
          grid: { columns: 5, rows: 5 },
          overlay: { columns: 5, rows: 5 },
          trajectories: [{ z: [1, 0] }],
          arrows: [{ from: [0, 0, 1], to: [1, 1, 1] }],
        },
      },
    ]);
  });

  test("over a grid the height of a path lies between the grid's points", () => {
    const { stage, surface } = open();
    surface({
      title: "Plane",
      grid: { x: [0, 1], y: [0, 1], columns: 2, rows: 2, values: [0, 1, 2, 3] },
      trajectories: [
        {
          label: "path",
          points: [
            [0.5, 0.5],
            [1, 1],
          ],
        },
      ],
    });
    expect(stage.outputs).toMatchObject([{ surface: { trajectories: [{ z: [1.5, 3] }] } }]);
  });

  test("whatever numbers a picture gets, the page accepts it or the reader is told", () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: -5, max: 5 }));
    const options = fc.record({
      x: fc.array(number, { maxLength: 6 }),
      y: fc.array(number, { maxLength: 6 }),
      scale: fc.constantFrom("linear", "log", "symlog"),
    });
    fc.assert(
      fc.property(options, ({ x, y, scale }) => {
        const { stage, plot, line, dot, trajectory, arrow } = open();
        let told = false;
        try {
          plot({
            title: "t",
            y: { scale: scale as "log" },
            marks: [line({ x, y }), dot({ x, y }), trajectory({ x, y }), arrow({ x, y, dx: x, dy: y })],
          });
        } catch (error) {
          told = (error as Error).name === "ToolError";
          if (!told) throw error;
        }
        expect(
          told ||
            parseKernelEvent({ type: "outputs", run: 1, outputs: structuredClone(stage.outputs) }).errors ===
              0,
        ).toBe(true);
      }),
    );
  });
});

describe("inputs", () => {
  test("begin with their own value and then give the reader's", () => {
    const first = open();
    expect(first.slider({ label: "η", min: 0.01, max: 1, value: 0.1 })).toBe(0.1);
    expect(first.select({ label: "method", options: ["SGD", "Adam"] })).toBe("SGD");
    expect(first.checkbox({ label: "momentum" })).toBe(false);
    expect(first.button({ label: "again" })).toBe(0);
    expect(first.point({ label: "ball", x: [-2, 2], y: [0, 1] })).toEqual([0, 0.5]);
    expect(first.stage.outputs.map((output) => output.key)).toEqual([
      "input:η",
      "input:method",
      "input:momentum",
      "input:again",
      "input:ball",
    ]);

    const later = open({ η: 0.5, method: "Adam", momentum: true, again: 2, ball: [1, 1] });
    expect(later.slider({ label: "η", min: 0.01, max: 1, value: 0.1 })).toBe(0.5);
    expect(later.select({ label: "method", options: ["SGD", "Adam"] })).toBe("Adam");
    expect(later.checkbox({ label: "momentum" })).toBe(true);
    expect(later.button({ label: "again" })).toBe(2);
    expect(later.point({ label: "ball", x: [-2, 2], y: [0, 1] })).toEqual([1, 1]);
  });

  test("a kept value that no longer fits is brought into range or left", () => {
    const { slider, select, checkbox, point } = open({ η: 7, method: "gone", box: "yes", ball: [9, -9] });
    expect(slider({ label: "η", min: 0, max: 1, value: 0.1 })).toBe(1);
    expect(select({ label: "method", options: ["SGD"] })).toBe("SGD");
    expect(checkbox({ label: "box", value: true })).toBe(true);
    expect(point({ label: "ball", x: [-2, 2], y: [0, 1] })).toEqual([2, 0]);
  });

  test("two with the same name in one run are told apart by a key", () => {
    const { slider } = open();
    slider({ label: "η", min: 0, max: 1 });
    expect(failure(() => slider({ label: "η", min: 0, max: 1 }))).toContain(
      "already shows an input named “η”",
    );
    expect(slider({ label: "η", key: "second", min: 0, max: 1 })).toBe(0);
  });
});

describe("tables, formulas, outcomes", () => {
  test("a table of lists takes its columns' titles", () => {
    const { stage, table } = open();
    table({
      rows: [
        [1, 2],
        [3, 4],
      ],
      columns: ["x", "y"],
    });
    table([{ a: 1 }]);
    expect(stage.outputs).toMatchObject([
      {
        kind: "table",
        columns: ["x", "y"],
        rows: [
          [{ text: "1" }, { text: "2" }],
          [{ text: "3" }, { text: "4" }],
        ],
      },
      { kind: "table", columns: ["a"] },
    ]);
  });

  test("formulas, Markdown and values are shown", () => {
    const { stage, formula, markdown, display } = open();
    formula("x^2");
    formula({ tex: "y", display: false });
    markdown("*so*");
    display([1]);
    expect(stage.outputs).toMatchObject([
      { kind: "formula", tex: "x^2", display: true },
      { kind: "formula", display: false },
      { kind: "markdown", text: "*so*" },
      { kind: "value", value: { kind: "array" } },
    ]);
  });

  test("an outcome is a number, a text or a curve", () => {
    const { stage, outcome } = open();
    outcome("n", tensor(3));
    outcome("t", "saddle");
    outcome("c", [[0, 1]]);
    outcome("xy", { x: [0, 1], y: new Float64Array([2, 3]) });
    expect(stage.outputs.map((output) => output.kind === "outcome" && output.value)).toEqual([
      3,
      "saddle",
      [[0, 1]],
      [
        [0, 2],
        [1, 3],
      ],
    ]);
  });
});

describe("progress", () => {
  test("counts its steps, over a number or a list", async () => {
    const { progress } = open();
    expect([...progress(3)]).toEqual([0, 1, 2]);
    const seen: string[] = [];
    for await (const item of progress(["a", "b"], "letters")) seen.push(item);
    expect(seen).toEqual(["a", "b"]);
  });

  test("its bar ends full, under one key", () => {
    const { stage, progress } = open();
    expect([...progress(100_000, "training")]).toHaveLength(100_000);
    expect(stage.outputs.at(-1)).toEqual({
      kind: "progress",
      label: "training",
      value: 100_000,
      max: 100_000,
      key: "progress:training",
    });
    expect(new Set(stage.outputs.map((output) => output.key)).size).toBe(1);
  });

  test("a loop ends when the reader stops it", async () => {
    const { stage, progress } = open();
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const step of progress(1000)) {
        seen.push(step);
        stage.stopped = step === 2;
      }
    };
    await expect(loop()).rejects.toThrow("Stopped.");
    expect(seen).toEqual([0, 1, 2]);
  });

  test("one update shows a bar and lets the page draw", async () => {
    const { stage, progress, sleep, nextFrame } = open();
    await progress({ value: 3, max: 10, label: "epochs" });
    await sleep(0);
    await nextFrame();
    expect(stage.outputs).toMatchObject([{ kind: "progress", value: 3, max: 10 }]);
    expect(stage.turns).toBe(3);
  });
});
