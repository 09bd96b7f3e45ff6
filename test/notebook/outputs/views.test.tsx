/** @jsxImportSource preact */
import { lexer } from "marked";
import { renderToString } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { ErrorView, placeText } from "../../../src/notebook/outputs/error.tsx";
import { Inspector } from "../../../src/notebook/outputs/inspector.tsx";
import { isSafeLink, renderTokens } from "../../../src/notebook/outputs/markdown.tsx";
import { Outputs } from "../../../src/notebook/outputs/outputs.tsx";
import { isNumericColumn, shortNumber } from "../../../src/notebook/outputs/table.tsx";
import { alignMatrix, indices, tensorTitle } from "../../../src/notebook/outputs/tensor.tsx";
import type { Inspection, Output } from "../../../src/runtime/index.ts";

const number = (text: string): Inspection => ({ kind: "primitive", type: "number", text });
const string = (text: string): Inspection => ({ kind: "primitive", type: "string", text });
const shown = (outputs: Output[]): string =>
  renderToString(<Outputs cell="c" outputs={outputs} inputValues={{}} onInput={() => undefined} />);
const text = (html: string): string => html.replaceAll(/<[^>]+>/g, "").replaceAll("&quot;", '"');

describe("values", () => {
  test("an object is one line, with the types of what is nested deeper", () => {
    const value: Inspection = {
      kind: "object",
      type: "Object",
      omitted: 0,
      entries: [
        { key: "name", value: string("valley") },
        {
          key: "losses",
          value: { kind: "array", type: "Float64Array", length: 500, items: [number("1"), number("2")] },
        },
      ],
    };
    expect(text(renderToString(<Inspector value={value} />))).toBe(
      '{name: "valley", losses: Float64Array(500) [1, 2, …]}',
    );
  });

  test("a place where the walk stopped says so", () => {
    expect(
      text(renderToString(<Inspector value={{ kind: "cut", reason: "circular", text: "[circular]" }} />)),
    ).toBe("[circular]");
  });

  test("a tensor names its type and shape; a vector has the comma of a tuple", () => {
    expect(tensorTitle({ dtype: "f32", shape: [32, 784] })).toBe("Tensor f32 (32, 784)");
    expect(tensorTitle({ dtype: "f64", shape: [3] })).toBe("Tensor f64 (3,)");
    expect(tensorTitle({ dtype: "f64", shape: [] })).toBe("Tensor f64 ()");
  });

  test("the entries of a matrix have their points below one another", () => {
    const [first, second] = alignMatrix([
      ["1.5", null],
      ["-2", null],
    ]);
    expect(first?.[0]).toBe("1.5");
    expect(second?.[0]).toBe("−2\u2007\u2007");
    expect(first?.[1]).toBeNull();
  });

  test("slices after the gap are counted from the end", () => {
    expect(indices(["a", "b", null, "c"], 10)).toEqual([0, 1, null, 9]);
  });

  test("a tensor of three axes shows the index of each slice it shows", () => {
    const html = shown([
      {
        kind: "value",
        value: {
          kind: "tensor",
          dtype: "f32",
          shape: [5, 1, 2],
          requiresGrad: true,
          excerpt: [[["1", "2"]], null, [["3", "4"]]],
          statistics: null,
        },
      },
    ]);
    expect(html).toContain("[0, :, :]");
    expect(html).toContain("[4, :, :]");
    expect(html).toContain("requires grad");
  });
});

describe("tables", () => {
  test("a column is numeric when everything in it is a number, empty cells aside", () => {
    const rows: Inspection[][] = [
      [number("1"), number("2")],
      [{ kind: "primitive", type: "undefined", text: "undefined" }, string("two")],
    ];
    expect(isNumericColumn(rows, 0)).toBe(true);
    expect(isNumericColumn(rows, 1)).toBe(false);
    expect(isNumericColumn([], 0)).toBe(false);
  });

  test("long numbers are shortened and keep the whole in the tool tip", () => {
    expect(shortNumber("0.30000000000000004")).toBe("0.3");
    const html = shown([
      { kind: "table", columns: ["x"], rows: [[number("0.30000000000000004")]], omitted: 0 },
    ]);
    expect(html).toContain('title="0.30000000000000004"');
  });

  test("what was left out is said", () => {
    const html = shown([{ kind: "table", columns: ["x"], rows: [[number("1")]], omitted: 41 }]);
    expect(text(html)).toContain("41 more rows left out");
  });
});

describe("what comes from a cell is never markup", () => {
  const html = (markdown: string): string => renderToString(<div>{renderTokens(lexer(markdown))}</div>);

  test.each([
    ["<img src=x onerror=alert(1)>"],
    ["text <script>alert(1)</script> text"],
    ["<div onclick='x'>\n\n**bold**\n\n</div>"],
    ["[a](javascript:alert(1))"],
    ["[a](JaVaScRiPt:alert(1))"],
    ["![p](https://example.org/x.png)"],
    ["<svg/onload=alert(1)>"],
    ['<https://example.org/"onmouseover=alert(1)>'],
  ])("%s", (markdown) => {
    const result = html(markdown);
    expect(result).not.toMatch(/<(img|script|svg|iframe|object)/i);
    expect(result).not.toMatch(/<[^>]* on\w+=/i);
    expect(result).not.toMatch(/href="\s*javascript/i);
  });

  test("links lead to the web or within the page", () => {
    expect(isSafeLink("https://example.org")).toBe(true);
    expect(isSafeLink("#beat-3")).toBe(true);
    expect(isSafeLink("data:text/html,x")).toBe(false);
    expect(isSafeLink("//example.org")).toBe(false);
  });

  test("strings in logs, tables, names and errors are text", () => {
    const evil = "<b onclick=alert(1)>";
    const everything = shown([
      { kind: "log", level: "log", parts: [string(evil)] },
      { kind: "table", title: evil, columns: [evil], rows: [[string(evil)]], omitted: 0 },
      { kind: "value", value: { kind: "error", name: evil, message: evil } },
      { kind: "progress", label: evil, value: 1, max: 2 },
      { kind: "markdown", text: evil },
      { kind: "formula", tex: evil, display: false },
    ]);
    expect(everything).not.toContain("<b onclick");
    expect(everything).toContain("&lt;b onclick");
  });
});

describe("errors", () => {
  const error = {
    name: "TypeError",
    message: "cannot call `step`",
    fix: "Write `step(1)`.",
    place: { cell: "train", line: 3, column: 7 },
    frames: [],
  };

  test("the place is a button when there is a way to it, and names the cell when it is another one", () => {
    expect(renderToString(<ErrorView error={error} cell="train" onGoTo={() => undefined} />)).toContain(
      ">line 3, column 7</button>",
    );
    expect(renderToString(<ErrorView error={error} cell="plot" />)).toContain("cell train, line 3, column 7");
    expect(placeText(error.place)).toBe("line 3, column 7");
  });

  test("code in a message is set as code", () => {
    expect(renderToString(<ErrorView error={error} />)).toContain("<code>step(1)</code>");
  });
});

describe("logs", () => {
  test("a flood is folded to its beginning and its end", () => {
    const lines: Output[] = Array.from({ length: 1000 }, (_, index) => ({
      kind: "log",
      level: "log",
      parts: [number(String(index))],
    }));
    const html = shown(lines);
    expect(text(html)).toContain("Show 880 more lines");
    expect(html.match(/log-line/g)).toHaveLength(120);
    expect(html).toContain(">999<");
  });

  test("dropped output is counted aloud", () => {
    expect(text(shown([{ kind: "dropped", count: 1 }]))).toContain("1 further output not kept");
  });
});

describe("inputs", () => {
  test("a point that a picture draws has no controls of its own, another one has", () => {
    const point: Output = {
      kind: "input",
      input: { type: "point", key: "ball", label: "ball", x: [-1, 1], y: [-1, 1], value: [0, 0] },
    };
    const plot: Output = {
      kind: "plot",
      plot: { version: 1, title: "t", marks: [{ type: "handle", input: "ball", x: 0, y: 0 }] },
    };
    expect(shown([point])).toContain("<legend>ball</legend>");
    expect(shown([point, plot])).not.toContain("<legend>ball</legend>");
  });

  test("a control shows the value it was given before the one it was made with", () => {
    const select: Output = {
      kind: "input",
      input: { type: "select", key: "o", label: "optimiser", options: ["gd", "Adam"], value: "gd" },
    };
    const html = renderToString(
      <Outputs cell="c" outputs={[select]} inputValues={{ o: "Adam" }} onInput={() => undefined} />,
    );
    expect(html).toMatch(/<option[^>]*selected[^>]*>Adam/);
    expect(html).not.toMatch(/<option[^>]*selected[^>]*>gd/);
  });
});
