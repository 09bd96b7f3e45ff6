// Values as the page shows them: readable, within a budget, whatever the value does when it is looked at.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tensor, zeros } from "../../../src/engine/index.ts";
import { inspect } from "../../../src/runtime/inspect/index.ts";
import { tableOf } from "../../../src/runtime/inspect/table.ts";
import { parseKernelEvent } from "../../../src/runtime/protocol-schema.ts";

describe("plain values", () => {
  test.each([
    [1 / 3, "0.3333333333333333"],
    [-0, "-0"],
    [Number.NaN, "NaN"],
    ["text", "text"],
    [10n, "10n"],
    [undefined, "undefined"],
    [null, "null"],
    [true, "true"],
    [Symbol("s"), "Symbol(s)"],
  ])("%s", (value, text) => {
    expect(inspect(value)).toMatchObject({ kind: "primitive", text });
  });

  test("objects name their class and their own fields; functions and classes their name", () => {
    class Ball {
      x = 1;
      roll(): number {
        return this.x;
      }
    }
    expect(inspect(new Ball())).toEqual({
      kind: "object",
      type: "Ball",
      entries: [{ key: "x", value: { kind: "primitive", type: "number", text: "1" } }],
      omitted: 0,
    });
    expect(inspect(Ball)).toEqual({ kind: "function", name: "Ball", isClass: true });
    expect(inspect(Math.max)).toEqual({ kind: "function", name: "max", isClass: false });
    expect(inspect(new RangeError("far"))).toEqual({ kind: "error", name: "RangeError", message: "far" });
  });

  test("maps, sets, typed arrays, dates", () => {
    expect(inspect(new Map([["a", 1]]))).toMatchObject({ kind: "map", size: 1, omitted: 0 });
    expect(inspect(new Set([1, 2]))).toMatchObject({
      kind: "set",
      size: 2,
      items: [{ text: "1" }, { text: "2" }],
    });
    expect(inspect(new Float32Array([1.5]))).toMatchObject({
      kind: "array",
      type: "Float32Array",
      length: 1,
    });
    expect(inspect(new Date(0))).toMatchObject({
      type: "Date",
      entries: [{ value: { text: "1970-01-01T00:00:00.000Z" } }],
    });
  });
});

describe("tensors", () => {
  test("show shape, type, entries in one form, and statistics", () => {
    expect(
      inspect(
        tensor([
          [1, 2],
          [3, 4.5],
        ]),
      ),
    ).toEqual({
      kind: "tensor",
      dtype: "float32",
      shape: [2, 2],
      requiresGrad: false,
      excerpt: [
        ["1.0000", "2.0000"],
        ["3.0000", "4.5000"],
      ],
      statistics: { min: 1, max: 4.5, mean: 2.625, std: expect.closeTo(1.293, 3), notFinite: 0 },
    });
  });

  test("whole numbers have no decimals, and widely spread ones powers of ten", () => {
    expect(inspect(tensor([1, -2, 300]))).toMatchObject({ excerpt: ["1", "-2", "300"] });
    expect(inspect(tensor([1e-8, 1]))).toMatchObject({ excerpt: ["1.000e-8", "1.000e+0"] });
  });

  test("large ones show their corners only", () => {
    const value = inspect(zeros([100, 50]));
    if (value.kind !== "tensor" || !Array.isArray(value.excerpt)) throw new Error("no tensor");
    expect(value.excerpt).toHaveLength(7);
    expect(value.excerpt[3]).toBeNull();
    expect(value.excerpt[0]).toEqual(["0", "0", "0", null, "0", "0", "0"]);
  });

  test("numbers that are not finite are counted and kept out of the statistics", () => {
    expect(inspect(tensor([1, Number.NaN, Infinity, 3]))).toMatchObject({
      statistics: { min: 1, max: 3, mean: 2, std: 1, notFinite: 2 },
    });
  });

  test("a scalar and an empty tensor", () => {
    expect(inspect(tensor(2))).toMatchObject({ shape: [], excerpt: "2" });
    expect(inspect(zeros([0, 3]))).toMatchObject({ excerpt: [], statistics: null });
  });
});

describe("budgets", () => {
  test("a cycle is named, a shared part is not taken for one", () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = { one: shared, two: shared };
    value["self"] = value;
    expect(inspect(value)).toMatchObject({
      entries: [
        { value: { kind: "object" } },
        { value: { kind: "object" } },
        { value: { kind: "cut", reason: "circular" } },
      ],
    });
  });

  test("depth, width and text are cut", () => {
    expect(JSON.stringify(inspect([[[[[[[[1]]]]]]]]))).toContain('"reason":"depth"');
    expect(inspect(Array.from({ length: 1e6 }, (_, i) => i))).toMatchObject({
      length: 1e6,
      items: { length: 100 },
    });
    const long = inspect("x".repeat(100_000));
    expect(long).toMatchObject({ kind: "primitive" });
    expect(JSON.stringify(long).length).toBeLessThan(21_000);
    const wide = inspect(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])));
    expect(wide).toMatchObject({ omitted: 400 });
  });

  test("whatever the value, the picture stays small and passes the page's schema", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
          withNullPrototype: true,
        }),
        (value) => {
          const picture = inspect(value);
          expect(JSON.stringify(picture).length).toBeLessThan(300_000);
          const outputs = [{ kind: "value", value: picture }];
          expect(parseKernelEvent({ type: "outputs", run: 1, outputs }).errors).toBe(0);
        },
      ),
    );
  });
});

describe("hostile values", () => {
  test("getters are not run", () => {
    let ran = false;
    const value = {
      get trap() {
        ran = true;
        return 1;
      },
    };
    expect(inspect(value)).toMatchObject({ entries: [{ key: "trap", value: { text: "getter" } }] });
    expect(ran).toBe(false);
  });

  test("proxies that throw from every trap are survived", () => {
    const refuse = (): never => {
      throw new Error("no");
    };
    const hostile = new Proxy(
      {},
      { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse },
    );
    expect(inspect(hostile)).toMatchObject({ kind: "cut" });
    expect(inspect([1, hostile, 2])).toMatchObject({
      items: [{ text: "1" }, { kind: "cut" }, { text: "2" }],
    });
  });

  test("something that only looks like a tensor is an object", () => {
    expect(inspect({ shape: [2], dtype: "float32", data: [1, 2], toArray: 1, backward: 1 })).toMatchObject({
      kind: "object",
    });
    expect(inspect(Object.create(Object.getPrototypeOf(tensor(1)) as object))).toMatchObject({ kind: "cut" });
  });
});

describe("tables", () => {
  test("objects give a column for each key", () => {
    expect(tableOf([{ a: 1, b: "x" }, { a: 2 }])).toMatchObject({
      columns: ["a", "b"],
      rows: [
        [{ text: "1" }, { text: "x" }],
        [{ text: "2" }, { text: "" }],
      ],
      omitted: 0,
    });
  });

  test("lists of lists, plain lists, maps and tensors", () => {
    expect(
      tableOf([
        [1, 2],
        [3, 4],
      ])?.columns,
    ).toEqual(["0", "1"]);
    expect(tableOf([1, 2])?.columns).toEqual(["value"]);
    expect(tableOf(new Map([["a", 1]]))?.columns).toEqual(["(index)", "value"]);
    expect(
      tableOf(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      )?.rows[1],
    ).toMatchObject([{ text: "3" }, { text: "4" }]);
    expect(tableOf(3)).toBeNull();
  });

  test("the first thousand rows are shown, the rest counted", () => {
    const table = tableOf(Array.from({ length: 1234 }, (_, i) => ({ i })));
    expect(table?.rows).toHaveLength(1000);
    expect(table?.omitted).toBe(234);
  });
});
