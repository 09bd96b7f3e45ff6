// How check works: what it remembers, what it writes for programs, how it tries out an exercise's tests.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Processes } from "../../src/cli/index.ts";
import { Author, fixtureFolder } from "./support/author.ts";

vi.setConfig({ testTimeout: 120_000 });

const slopes = await readFile(join(fixtureFolder("slopes"), "lesson.md"), "utf8");
const processes = new Processes(2);
let author: Author;

beforeEach(async () => {
  author = await Author.make(processes);
  await author.copy("slopes");
});

afterEach(() => author.leave());
afterAll(() => processes.close());

interface Data {
  format: string;
  ok: boolean;
  problems: { file: string; line: number; column: number; message: string; fix?: string; text: string }[];
  lessons: {
    folder: string;
    cells: number;
    exercises: number;
    problems: number;
    cached: boolean;
    mutants: unknown[];
  }[];
}

async function asData(...args: string[]): Promise<Data> {
  const { lines, complaints } = await author.check("--json", ...args);
  expect(complaints).toEqual([]);
  return JSON.parse(lines.join("\n")) as Data;
}

const isCached = async (...args: string[]) => (await asData("slopes", ...args)).lessons[0]!.cached;

describe("what was found is remembered", () => {
  test("until the lesson, its data or what it links to changes", async () => {
    await author.write("slopes/lesson.md", `${slopes}\nSee [hills](../hills/lesson.md#steep).\n`);
    await author.write("hills/lesson.md", "## Steep\n");
    expect(await isCached()).toBe(false);
    expect(await isCached()).toBe(true);
    await author.write("hills/lesson.md", "## Steep\n\nMore.\n");
    expect(await isCached()).toBe(false);
    expect(await isCached()).toBe(true);
    await author.write("slopes/heights.json", "[5, 3, 2, 0]");
    expect(await isCached()).toBe(false);
    await author.write("slopes/lesson.hidden.md", "");
    expect(await isCached()).toBe(false);
    expect(await isCached()).toBe(true);
    expect(await isCached("--no-cache")).toBe(false);
  });

  test("with its problems, told again from wherever the command is given", async () => {
    await author.write("slopes/lesson.md", slopes.replace("drop(0)", "drop(7)"));
    const first = await author.check("slopes");
    expect(first.code).toBe(1);
    expect(await author.check("slopes")).toEqual(first);
    expect((await asData("slopes/lesson.md")).problems[0]).toMatchObject({
      file: "slopes/lesson.md",
      message: "RangeError (run by the cell “first”): no drop after 7",
    });
  });

  test("but not what could not be looked at to its end", async () => {
    await author.write("slopes/lesson.md", slopes.replace("drop(0)", "(() => { for (;;); })()"));
    const first = await author.check("slopes", "--cell-time", "1");
    expect(first.lines[0]).toMatch(/^slopes\/lesson\.md:\d+:1: Cell 2 of 3: first did not end within 1 s/);
    expect((await asData("slopes", "--cell-time", "1")).lessons[0]!.cached).toBe(false);
  });
});

test("code that would hang or end any program is told with its place, and all else is checked", async () => {
  const hostile: Record<string, [from: string, to: string, said: RegExp]> = {
    cell: ["drop(0)", "(() => { for (;;); })()", /:29:1: Cell 2 of 3: first did not end within 3 s/],
    memory: [
      "drop(0)",
      "Array.from({ length: 1e5 }, () => new Array(1e5).fill(1)).length",
      /:29:1: Cell 2 of 3: first (?:ended the process|did not end)/,
    ],
    solution: ["return w - rate * gradient;", "for (;;);", /51:1: The solution of “one-step” did not end/],
    misconception: [
      "return w + rate * gradient;",
      "for (;;);",
      /:69:1: The misconception “uphill” did not end/,
    ],
    trace: ["console.log(1 + 2);", "for (;;);", /The program of “printed” did not end/],
    throws: ["drop(0)", "drop(7)", /RangeError/],
  };
  for (const [name, [from, to]] of Object.entries(hostile)) {
    expect(slopes).toContain(from);
    await author.copy("slopes", `broken/${name}`);
    const text = slopes.replace(from, () => to).replace("points: 5", "points: 5\ntimeout: 0.1");
    await author.write(`broken/${name}/lesson.md`, text);
  }
  const { lines } = await author.check("broken", "--cell-time", "3");
  for (const [name, [, , said]] of Object.entries(hostile))
    expect(lines.filter((line) => line.startsWith(`broken/${name}/`)).join("\n")).toMatch(said);
});

describe("for programs", () => {
  test("one document tells everything, and says whether all is well", async () => {
    expect(await asData("slopes")).toMatchObject({
      format: "descent-check/1",
      ok: true,
      problems: [],
      lessons: [{ folder: "slopes", cells: 3, exercises: 1, problems: 0, mutants: [] }],
    });
    await author.write("slopes/lesson.md", slopes.replace("points: 5", "points: 6"));
    const line = slopes.split("\n").indexOf("```exercise") + 1;
    const { ok, problems, lessons } = await asData("slopes");
    expect(ok).toBe(false);
    expect(lessons[0]).toMatchObject({ problems: 1 });
    expect(problems[0]).toMatchObject({ line, column: 1, fix: "make them equal" });
    expect(problems[0]!.text).toBe(`slopes/lesson.md:${line}:1: ${problems[0]!.message} — make them equal`);
  });
});

describe("mutants", () => {
  test("that tests notice are counted", async () => {
    const { code, lines } = await author.check("slopes", "--mutants", "--least", "100");
    expect(lines).toEqual([
      expect.stringMatching(/^one-step: 100 % \((\d+) mutants of \1 noticed\)$/),
      "1 lesson, 3 cells, 1 exercise: no problems",
    ]);
    expect(code).toBe(0);
  });

  test("that survive are shown as a change, with a call that tells them apart", async () => {
    // No test has a slope of 0 or a rate above 0.1: a bound that is off goes unnoticed.
    const lax = slopes.replace(
      "  return w - rate * gradient;",
      "  return rate > 5 ? w : w - rate * gradient;",
    );
    await author.write("slopes/lesson.md", lax);
    const { code, lines } = await author.check("slopes", "--mutants");
    const line = lax.split("\n").findIndex((text) => text.includes("rate > 5")) + 1;
    const at = lines.findIndex((text) =>
      text.startsWith(`slopes/lesson.md:${line}:15: survived: \`>\` becomes`),
    );
    expect(lines.slice(at, at + 4)).toEqual([
      `slopes/lesson.md:${line}:15: survived: \`>\` becomes \`>=\``,
      "  -   return rate > 5 ? w : w - rate * gradient;",
      "  +   return rate >= 5 ? w : w - rate * gradient;",
      expect.stringMatching(/^ {4}step\(.*, 5\) gives .*, not /),
    ]);
    expect(code).toBe(0);
    // The same chapter with more asked of it.
    const strict = await author.check("slopes", "--mutants", "--least", "95");
    expect(strict.code).toBe(1);
    expect(strict.lines[0]).toMatch(
      /The tests of “one-step” notice \d+ % of the mutants, of 95 % that were asked for/,
    );
  });

  test("that never end are noticed", async () => {
    const looping = slopes.replace(
      "  return w - rate * gradient;",
      "  let left = 1;\n  while (left > 0) left -= 1;\n  return w - rate * gradient * (1 - left);",
    );
    await author.write("slopes/lesson.md", looping);
    const { lines } = await author.check("slopes", "--mutants");
    expect(lines.find((line) => line.startsWith("one-step:"))).toMatch(
      /^one-step: \d+ % \(\d+ mutants of \d+ noticed/,
    );
    expect(lines.join("\n")).not.toContain("left += 1");
  });

  test.each([
    [["--least", "90"], /go with --mutants/],
    [["--mutants", "--least", "110"], /--least needs a number up to 100, not “110”/],
    [["--cell-time", "soon"], /--cell-time needs a number, not “soon”/],
  ])("options that make no sense are refused: %j", async (args, said) => {
    const { code, complaints } = await author.check("slopes", ...args);
    expect(code).toBe(2);
    expect(complaints[0]).toMatch(said);
  });
});
