// The command that an author runs before publishing: nothing to say about a lesson that is right, and the exact place of each mistake.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { check } from "../../src/cli/check.ts";
import { Processes } from "../../src/cli/index.ts";

// Processes start, and TypeScript reads the engine, on machines that do much else.
vi.setConfig({ testTimeout: 120_000 });

const processes = new Processes(2);

const slopes = fileURLToPath(new URL("fixtures/slopes", import.meta.url));
const source = await readFile(join(slopes, "lesson.md"), "utf8");
const rooms: string[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "descent-check-"));
  rooms.push(folder);
});

afterAll(async () => {
  processes.close();
  for (const room of rooms) await rm(room, { recursive: true });
});

/** A lesson's folder in the author's folder, with the fixture's data. */
async function write(name: string, text: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await cp(join(slopes, "heights.json"), join(folder, name, "heights.json"));
  await writeFile(join(folder, name, "lesson.md"), text);
}

async function run(...args: string[]): Promise<{ code: number; lines: string[]; complaints: string[] }> {
  const lines: string[] = [];
  const complaints: string[] = [];
  const terminal = {
    folder,
    print: (line: string) => lines.push(line),
    complain: (line: string) => complaints.push(line),
  };
  const code = await check(args, terminal, { processes, cacheFolder: join(folder, ".cache") });
  return { code, lines, complaints };
}

function lineOf(text: string, words: string): number {
  expect(text).toContain(words);
  return text.slice(0, text.indexOf(words)).split("\n").length;
}

/** The findings about the fixture with one change, which must be there to be made. */
async function foundAfter(from: string, to: string): Promise<string[]> {
  expect(source).toContain(from);
  await write(
    "slopes",
    source.replace(from, () => to),
  );
  const { code, lines, complaints } = await run("slopes");
  expect(code).toBe(1);
  expect(complaints).toEqual([]);
  const summary = lines.pop();
  expect(summary).toBe(lines.length === 1 ? "1 problem" : `${lines.length} problems`);
  // What an author reads is about the lesson, never about the insides of this program.
  expect(lines.join("\n")).not.toMatch(/\n\s+at |node:|\.ts:\d/);
  return lines;
}

describe("a lesson that is right", () => {
  test.each([
    ["its folder", "slopes"],
    ["its file", "slopes/lesson.md"],
    ["the folder of all lessons", "."],
  ])("has no problems, given by %s", async (_name, path) => {
    await write("slopes", source);
    expect(await run(path)).toEqual({
      code: 0,
      lines: ["1 lesson, 3 cells, 1 exercise: no problems"],
      complaints: [],
    });
  });
});

describe("a mistake is told at its place", () => {
  test("in the text, and then nothing is run", async () => {
    const line = lineOf(source, "points: 5");
    expect(await foundAfter("points: 5", "points: 6")).toEqual([
      expect.stringMatching(new RegExp(`^slopes/lesson\\.md:${line - 2}:1: .*points`)),
    ]);
  });

  test("a cell that throws: at the line and column that threw; the cells that need it are not told again", async () => {
    const line = lineOf(source, "throw new RangeError");
    expect(await foundAfter("drop(0)", "drop(7)")).toEqual([
      `slopes/lesson.md:${line}:55: RangeError (run by the cell “first”): no drop after 7`,
    ]);
  });

  test("a cell that does not compile, once", async () => {
    const line = lineOf(source, "const second");
    expect(await foundAfter("const second = first", "const second = = first")).toEqual([
      expect.stringMatching(new RegExp(`^slopes/lesson\\.md:${line}:16: This cell does not compile: `)),
    ]);
  });

  test("a cell that needs what only a cell below declares", async () => {
    const line = lineOf(source, "const first");
    expect(await foundAfter("drop(0);", "drop(second - second);")).toEqual([
      `slopes/lesson.md:${line}:20: ReferenceError: \`second\` is declared below, in cell second. — Move cell second up, or declare \`second\` in a cell above this one.`,
    ]);
  });

  test("a name that no cell declares", async () => {
    const line = lineOf(source, "const first");
    expect(await foundAfter("drop(0)", "dorp(0)")).toEqual([
      expect.stringMatching(
        new RegExp(`^slopes/lesson\\.md:${line}:15: ReferenceError: dorp is not defined`),
      ),
    ]);
  });

  test("data that is not there, once", async () => {
    expect(await foundAfter('from "./heights.json"', 'from "./depths.json"')).toEqual([
      `slopes/lesson.md:${lineOf(source, "import heights")}:22: There is no file “./depths.json” beside the lesson — correct the name, or add the file`,
    ]);
  });

  test("data that is no JSON", async () => {
    await write("slopes", source);
    await writeFile(join(folder, "slopes/heights.json"), "5, 3, 2");
    const { code, lines } = await run("slopes");
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(
        /^slopes\/lesson\.md:12:22: DataError: The data file "\.\/heights\.json" could not be loaded: /,
      ),
      "1 problem",
    ]);
  });

  test("a prediction that is never compared with what happened", async () => {
    expect(await foundAfter('outcome("first-drop", first);', "")).toEqual([
      `slopes/lesson.md:${lineOf(source, "id: first-drop") - 1}:1: The cell “first” does not say what happened to the prediction “first-drop” — let it call outcome("first-drop", …)`,
    ]);
  });

  test("an outcome of a prediction that there is not", async () => {
    const problems = await foundAfter('outcome("first-drop"', 'outcome("first-dorp"');
    expect(problems).toContain(
      `slopes/lesson.md:${lineOf(source, "import { outcome }")}:1: The lesson has no prediction “first-dorp” for this outcome — correct its name`,
    );
  });

  test("a solution that fails its test", async () => {
    const problems = await foundAfter("return w - rate * gradient;", "return w - 2 * rate * gradient;");
    expect(problems[0]).toMatch(
      new RegExp(
        `^slopes/lesson\\.md:${lineOf(source, "expect(await student.step(1")}:1: The solution of “one-step” fails the test “downhill”`,
      ),
    );
  });

  test("a solution that does not run, once", async () => {
    expect(await foundAfter("return w - rate * gradient;", "return w - ;")).toEqual([
      expect.stringMatching(
        new RegExp(
          `^slopes/lesson\\.md:${lineOf(source, "return w - rate")}:14: The solution of “one-step” does not run: `,
        ),
      ),
    ]);
  });

  test("a starter that already earns points", async () => {
    const problems = await foundAfter("// starter: return w;", "// starter: return w - rate * gradient;");
    expect(problems[0]).toContain("The starter of “one-step” already passes the test “downhill”");
  });

  test("a misconception that is none", async () => {
    const problems = await foundAfter("return w + rate * gradient;", "return w - gradient * rate;");
    const line = lineOf(source, "misconception id=uphill") + 1;
    expect(problems).toContainEqual(
      expect.stringMatching(
        new RegExp(`^slopes/lesson\\.md:${line}:1: The misconception “uphill” passes every test`),
      ),
    );
  });

  test("a stored answer that is not what the program prints", async () => {
    expect(await foundAfter('answer: "3"', 'answer: "4"')).toEqual([
      expect.stringMatching(
        /^slopes\/lesson\.md:\d+:1: The stored answer of the quiz “printed” is "4", but the program prints "3"/,
      ),
    ]);
  });
});

describe("several lessons", () => {
  test("are told in the order of the course, and counted together", async () => {
    await write("a", source.replace("drop(0)", "drop(7)"));
    await write("b", source.replace('answer: "3"', 'answer: "4"'));
    await write("c", source);
    await writeFile(
      join(folder, "course.yaml"),
      "id: hills\ntitle: Hills\nsummary: To be checked.\nlessons: [b, a]\n",
    );
    const { code, lines } = await run(".");
    expect(code).toBe(1);
    expect(lines.map((line) => line.split(":")[0])).toEqual(["b/lesson.md", "a/lesson.md", "2 problems"]);
  });

  test("a course.yaml that lists a lesson that is not there", async () => {
    await write("a", source);
    await writeFile(
      join(folder, "course.yaml"),
      "id: hills\ntitle: Hills\nsummary: To be checked.\nlessons: [a, z]\n",
    );
    const { code, lines } = await run(".");
    expect(code).toBe(1);
    expect(lines).toEqual([
      "course.yaml:4:14: There is no folder “z” with a lesson.md — make it, or take it off the list",
      "1 problem",
    ]);
  });

  test("named twice are checked once", async () => {
    await write("a", source);
    expect((await run("a", "a/lesson.md")).lines).toEqual(["1 lesson, 3 cells, 1 exercise: no problems"]);
  });
});

describe("wrong usage ends with 2", () => {
  test("a path without a lesson", async () => {
    expect(await run("nowhere")).toEqual({
      code: 2,
      lines: [],
      complaints: [
        "There is no lesson at nowhere — give a folder with a lesson.md, or one that holds such folders.",
      ],
    });
  });

  test("an option that there is not", async () => {
    const { code, complaints } = await run("--fast");
    expect(code).toBe(2);
    expect(complaints[0]).toMatch(/^Unknown option '--fast'\.\n\nUsage: npm run check/);
  });
});
