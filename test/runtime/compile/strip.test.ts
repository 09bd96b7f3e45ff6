// Types are blanked in place: the same length, the same lines, plain JavaScript, the same meaning.
import { parse } from "@babel/parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCell } from "../../../src/runtime/index.ts";
import { stripCell } from "../../../src/runtime/compile/compile.ts";
import { evaluate, fixtureCells, programOf } from "./cells.ts";

/** These laws take a second or two; a busy machine may need longer. */
const SLOW_MACHINE = 60_000;

const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/;
const lengths = (text: string) => text.split(LINE_ENDS).map((line) => line.length);

/** What blanking did beyond blanking; it also throws when the result is no plain JavaScript. */
function misshapen(source: string): string[] {
  const { code } = stripCell(source);
  parse(code, { sourceType: "module" });
  const problems: string[] = [];
  if (lengths(code).join() !== lengths(source).join()) problems.push("lines differ in length");
  // Every character is the reader's, or blank, or one of the few that keep statements apart.
  for (let index = 0; index < code.length; index += 1) {
    const character = code.charAt(index);
    if (character !== source[index] && !" ;()".includes(character)) problems.push(`${character} at ${index}`);
  }
  return problems;
}

test("there are enough fixture cells to mean something", () => {
  expect(fixtureCells.length).toBeGreaterThanOrEqual(60);
});

describe.each(fixtureCells)("$name", ({ source, value, names }) => {
  test("keeps its shape", () => {
    expect(misshapen(source)).toEqual([]);
  });

  test("gives what TypeScript would give", async () => {
    const ran = await evaluate(programOf(compileCell("cell", source)));
    expect(ran.value).toEqual(value);
    for (const [name, expected] of Object.entries(names)) expect(ran.getters[name]?.()).toEqual(expected);
  });

  test("gives the same with Windows line ends", async () => {
    const ran = await evaluate(programOf(compileCell("cell", source.replaceAll("\n", "\r\n"))));
    expect(ran.value).toEqual(value);
  });
});

/** Cells that may stand in a block. */
const embeddable = fixtureCells.filter(({ source }) => !/\b(?:import|export|declare)\b/.test(source));
const gap = fc.constantFrom("", "\n", " // note", "/* a\nb */", "\t");

test(
  "cells in any order, one below the other, keep their shape and give what the last one gives",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...embeddable), gap), { maxLength: 5 }),
        fc.constantFrom(...fixtureCells),
        async (above, last) => {
          const blocks = above.map(([{ source }, between]) => `${between}\n{\n${source}\n}`);
          const source = `${blocks.join("\n")}\n${last.source}`;
          expect(misshapen(source)).toEqual([]);
          const ran = await evaluate(programOf(compileCell("cell", source)));
          expect(ran.value).toEqual(last.value);
        },
      ),
      { numRuns: 60 },
    );
  },
  SLOW_MACHINE,
);

/** Types as they might be written, over one line or several. */
const { type } = fc.letrec<{ type: string }>((tie) => {
  const inner = tie("type");
  return {
    type: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(
        "number",
        "string",
        "unknown",
        "typeof Math",
        '"a"',
        "readonly string[]",
        "`a${string}`",
        "this_",
      ),
      inner.map((t) => `(${t})[]`),
      fc.tuple(inner, inner).map(([t, u]) => `Map<${t}, ${u}>`),
      fc.tuple(inner, inner).map(([t, u]) => `{\n  a: ${t};\n  b?: ${u}\n}`),
      fc.tuple(inner, inner).map(([t, u]) => `[first: ${t}, ...rest: (${u})[]]`),
      fc.tuple(inner, inner).map(([t, u]) => `((x: ${t}, /* c */ y?: ${u}) => ${u})`),
      fc.tuple(inner, inner).map(([t, u]) => `(${t})\n  | (${u})`),
      fc.tuple(inner, inner).map(([t, u]) => `((${t}) extends (${u}) ? ${t} : ${u})`),
      inner.map((t) => `{ [key: string]: ${t} }`),
    ),
  };
});

/** A statement with types, the same in plain JavaScript, and whether it ends in a type. */
interface Pair {
  typed: string;
  plain: string;
  endsInType: boolean;
}

const ending = (typed: (t: string, u: string) => string, plain: string) =>
  fc.tuple(type, type).map(([t, u]): Pair => ({ typed: typed(t, u), plain, endsInType: true }));
const holding = (typed: (t: string, u: string) => string, plain: string) =>
  fc.tuple(type, type).map(([t, u]): Pair => ({ typed: typed(t, u), plain, endsInType: false }));

const statement: fc.Arbitrary<Pair> = fc.oneof(
  ending((t) => `log(1) as ${t}`, "log(1)"),
  ending((t) => `let b = 2 as unknown as ${t}`, "let b = 2"),
  ending((t) => `let c = 3 satisfies ${t}`, "let c = 3"),
  ending((t) => `let d!: ${t}`, "let d"),
  ending((t) => `let e = (): number => 4 as ${t}`, "let e = () => 4"),
  ending((t) => `type A = ${t}`, ""),
  ending((t) => `interface B { x: ${t} }`, ""),
  ending((t) => `declare function h(x: ${t}): void`, ""),
  ending(
    (t) => `function over(x: ${t}): void\nfunction over(x?: ${t}) { log(x) }`,
    "function over(x) { log(x) }",
  ),
  ending(
    (t, u) => `class C { a: ${t}\n  ["b"]: ${u} = 6 as ${t}\n  private *c(): ${t} {} }`,
    "class C { a; ['b'] = 6; *c() {} }",
  ),
  holding((t) => `log(1 as ${t})`, "log(1)"),
  holding((t) => `let a: ${t} = 1`, "let a = 1"),
  holding((t, u) => `const f = (x: ${t}): ${u} => x; log(f(4))`, "const f = (x) => x; log(f(4))"),
  holding(
    (t, u) => `const g = async <T extends ${t}>(x?: T): Promise<${u}> => x!\nlog(await g<${t}>(5))`,
    "log(5)",
  ),
  holding(() => "[8, 9].forEach((k) => log(k))", "[8, 9].forEach((k) => log(k))"),
  holding(() => "`x`.split('')", "`x`.split('')"),
);

test(
  "whatever the types, a statement that ends in one stays apart from what follows",
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(statement, fc.constantFrom("(log)(0)", "[7].forEach((k) => log(k))", "`t`")), {
          minLength: 1,
          maxLength: 5,
        }),
        async (statements) => {
          const typed = statements.map(
            ([pair, next]) => `{\n${pair.typed}${pair.endsInType ? "" : ";"}\n${next}\n}`,
          );
          const plain = statements.map(([pair, next]) => `{\n${pair.plain};\n${next};\n}`);
          expect(misshapen(typed.join("\n"))).toEqual([]);
          expect(await traceOf(typed.join("\n"))).toEqual(await traceOf(plain.join("\n")));
        },
      ),
      { numRuns: 200 },
    );
  },
  SLOW_MACHINE,
);

async function traceOf(source: string): Promise<unknown[]> {
  const logged: unknown[] = [];
  await evaluate(programOf(compileCell("cell", source)), { log: (value: unknown) => logged.push(value) });
  return logged;
}
