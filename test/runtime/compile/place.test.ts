// A line and a column of a stack trace lead back to what the reader typed.
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCell, mapPlace } from "../../../src/runtime/index.ts";
import { evaluate, fixtureCells, programOf } from "./cells.ts";

/** Runs a cell that throws and maps the first place of its stack trace. */
async function thrownAt(source: string) {
  const program = programOf(compileCell("cell", source));
  let thrown: unknown;
  try {
    await evaluate(program);
  } catch (error) {
    thrown = error;
  }
  const [, line, column] = /<anonymous>:(\d+):(\d+)/.exec((thrown as Error).stack ?? "") ?? [];
  return mapPlace(program, { line: Number(line), column: Number(column) });
}

test.each([
  ["in a statement of its own", "const a: number = 1;\n\n  throw new Error('x');", 3, 9],
  ["behind types", "const f = (x: { a: number }): number => x.missing.deep;\nf({ a: 1 });", 1, 51],
  ["in the value, which is returned", "let a: any;\n  a.b", 2, 5],
  ["in a value over several lines", "let a: any = {};\n[1,\n  2, a.b.c]", 3, 10],
  ["behind a value's first line", "let a: any = {}; a.b.c", 1, 22],
  ["in a multi-line type", "const f = (x: {\n  a: 1;\n}) => x.b.c; f({ a: 1 })", 3, 11],
])("%s", async (_, source, line, column) => {
  expect(await thrownAt(source)).toEqual({ line, column });
});

test("places outside the reader's code are none", () => {
  const program = programOf(compileCell("cell", "const a = 1;\nconst b = 2;"));
  expect(mapPlace(program, { line: 3, column: 1 })).toBeNull();
  expect(mapPlace(program, { line: 4, column: 1 })).toEqual({ line: 1, column: 1 });
  expect(mapPlace(program, { line: 5, column: 3 })).toEqual({ line: 2, column: 3 });
  expect(mapPlace(program, { line: 6, column: 1 })).toBeNull();
});

test("every character of every cell leads back to itself", () => {
  fc.assert(
    fc.property(fc.constantFrom(...fixtureCells), ({ source }) => {
      const program = programOf(compileCell("cell", source));
      const lines = program.body.split("\n");
      const typed = source.split("\n");
      for (const [index, line] of lines.slice(0, -1).entries()) {
        // Walk through the line as it runs, leaving out what was inserted.
        let mapped = "";
        const insertions = program.insertions.filter((insertion) => insertion.line === index + 1);
        for (let column = 1; column <= line.length; column += 1) {
          if (insertions.some((at) => column >= at.column && column < at.column + at.length)) continue;
          const place = mapPlace(program, { line: index + 4, column });
          expect(place?.line).toBe(index + 1);
          mapped += typed[index]?.charAt((place?.column ?? 0) - 1) ?? "";
        }
        expect(mapped).toBe(typed[index]);
      }
    }),
  );
});
