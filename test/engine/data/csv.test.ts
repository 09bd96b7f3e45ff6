// CSV: quoting as RFC 4180 has it, types of columns, tensors and labels, and errors that name the place.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { data } from "../../../src/engine/index.ts";

const text = `name, width ,height
"Ada, A.",1.5,10
"Bob ""B""",-2e1,
"two
lines",.5,30
`;

describe("parseCSV", () => {
  test("quotes, blanks around names and numbers, line ends, a byte order mark, columns' types", () => {
    for (const variant of [text, `\uFEFF${text}`, text.replaceAll("\n", "\r\n"), text.trimEnd()]) {
      const table = data.parseCSV(variant);
      expect(table.columns).toEqual(["name", "width", "height"]);
      expect(table.length).toBe(3);
      expect(table.column("name").map((each) => String(each).replace("\r", ""))).toEqual([
        "Ada, A.",
        'Bob "B"',
        "two\nlines",
      ]);
      expect(table.column("width")).toEqual([1.5, -20, 0.5]);
      expect(table.column("height")).toEqual([10, NaN, 30]);
      expect(table.isNumeric("height")).toBe(true);
      expect(table.isNumeric("name")).toBe(false);
    }
  });

  test("what looks like a number only to JavaScript is a text", () => {
    for (const odd of ["0x10", "1_000", "Infinity", "1e999", "one", "1 2", "NaN"]) {
      expect(data.parseCSV(`a\n1\n${odd}`).column("a")).toEqual(["1", odd]);
    }
  });

  test("header, delimiter and missing can be chosen", () => {
    const table = data.parseCSV("1;NA\n3;4", { header: false, delimiter: ";", missing: ["NA"] });
    expect(table.columns).toEqual(["0", "1"]);
    expect(table.column("1")).toEqual([NaN, 4]);
    expect(data.parseCSV("a\tb\n1\t2", { delimiter: "\t" }).toRows()).toEqual([{ a: 1, b: 2 }]);
  });

  test("lines without values are skipped; a quoted empty one is a value", () => {
    expect(data.parseCSV("a,b\n\n1,2\n , \n\n3,4\n\n").length).toBe(2);
    expect(data.parseCSV('a\n""\nx').column("a")).toEqual(["", "x"]);
    expect(data.parseCSV("a,b\n").length).toBe(0);
  });

  test("reads back whatever fields were written", () => {
    const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    const field = fc.string({ unit: fc.constantFrom("a", " ", ",", '"', "\n", "\r", "7") });
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 6 }), (rows) => {
        const written = rows.map((row) => row.map(quote).join(",")).join("\r\n");
        // A column of texts, so that nothing is taken for a number.
        const table = data.parseCSV(`x,y\n"t","t"\n${written}`);
        expect(table.toRows().slice(1)).toEqual(rows.map(([x, y]) => ({ x, y })));
      }),
    );
  });
});

describe("tables as tensors", () => {
  const table = data.parseCSV("kind,x,n\nb,1.5,1\na,2.5,2\nb,,3");

  test("columns side by side", () => {
    expect(table.toTensor(["n", "x"]).toArray()).toEqual([
      [1, 1.5],
      [2, 2.5],
      [3, NaN],
    ]);
    expect(table.toTensor(["n"], { dtype: "int32" }).dtype).toBe("int32");
    expect(data.parseCSV("a,b\n1,2").toTensor().shape).toEqual([1, 2]);
  });

  test("a column as class numbers, in the order of the values", () => {
    const { labels, classes } = table.toLabels("kind");
    expect(classes).toEqual(["a", "b"]);
    expect(labels.toArray()).toEqual([1, 0, 1]);
    expect(data.parseCSV("k\n10\n9\n10").toLabels("k").classes).toEqual([9, 10]);
  });
});
