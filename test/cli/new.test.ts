// A new chapter: it passes the check before a word of it is changed, and nothing that was there is touched.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Processes } from "../../src/cli/index.ts";
import { makeChapter } from "../../src/cli/new.ts";
import { readLesson } from "../../src/lesson/index.ts";
import { Author } from "./support/author.ts";

vi.setConfig({ testTimeout: 120_000 });

const processes = new Processes(2);
let author: Author;

beforeAll(async () => {
  author = await Author.make(processes);
});

afterAll(async () => {
  processes.close();
  await author.leave();
});

const make = (...args: string[]) => author.run(makeChapter, ...args);
const text = (path: string) => readFile(join(author.folder, path), "utf8");

describe("a new chapter", () => {
  test("passes the check unedited, and its tests notice every mutant", async () => {
    const { code, lines, complaints } = await make("clipping", "Clip: the “gradient”", "--folder", "fresh");
    expect(complaints).toEqual([]);
    expect(code).toBe(0);
    expect(lines[0]).toBe(
      "fresh/clipping/lesson.md is there: “Clip: the “gradient””, with one block of each kind.",
    );
    const checked = await author.check("fresh", "--mutants", "--least", "100");
    expect(checked.lines).toEqual([
      expect.stringMatching(/^step: 100 %/),
      "1 lesson, 2 cells, 1 exercise: no problems",
    ]);
    expect(checked.code).toBe(0);
  });

  test("holds a block of every kind", async () => {
    await make("kinds", "--folder", "every");
    const { lesson } = readLesson(await text("every/kinds/lesson.md"), { id: "kinds", file: "lesson.md" });
    const kinds = new Set(lesson?.blocks.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["cell", "exercise", "heading", "predict", "prose", "quiz", "static"]);
    const [exercise] = lesson?.blocks.filter((block) => block.kind === "exercise") ?? [];
    expect(exercise).toMatchObject({
      tests: [{ hidden: false }, { hidden: true }],
      misconceptions: [{}],
      hints: [{}],
    });
    expect(await text("every/kinds/lesson.md")).toMatch(/> \[!NOTE\][\s\S]*> \[!DISPUTED\]/);
  });

  test("tells what to do next, with commands that fit where it lies", async () => {
    const { lines } = await make("next", "--folder", "some where");
    expect(lines).toContain('  npm start -- --lessons "some where"');
    expect(lines).toContain('  npm run check -- "some where/next"');
  });

  test("has a title made from its name, or the given one, whatever signs are in it", async () => {
    await make("how-steep-is-it", "--folder", "titles");
    expect(await text("titles/how-steep-is-it/lesson.md")).toMatch(/^---\ntitle: How steep is it\n/);
    await make("signs", "# 1: \"yes\" & 'no' — $&", "--folder", "titles");
    const { lesson } = readLesson(await text("titles/signs/lesson.md"), { id: "signs", file: "lesson.md" });
    expect(lesson?.frontMatter.title).toBe("# 1: \"yes\" & 'no' — $&");
  });
});

describe("the order of the course", () => {
  const head = "id: hills\ntitle: Hills\nsummary: Up and down.\n";

  test.each([
    [
      "a list with lines of its own",
      "lessons:\n  - a\n  - b # the hard one\n# end\n",
      "lessons:\n  - a\n  - b # the hard one\n  - c\n# end\n",
    ],
    ["a list at the margin, without a last line end", "lessons:\n- a", "lessons:\n- a\n- c"],
    ["a list in brackets", "lessons: [a, b] # both\n", "lessons: [a, b, c] # both\n"],
    ["an empty list", "lessons: []\nlanguage: en\n", "lessons: [c]\nlanguage: en\n"],
  ])("gets the chapter at its end: %s", async (name, before, after) => {
    const folder = name.replaceAll(/\W+/g, "-");
    await author.write(`${folder}/course.yaml`, head + before);
    const { code, lines } = await make("c", "--folder", folder);
    expect(code).toBe(0);
    expect(await text(`${folder}/course.yaml`)).toBe(head + after);
    expect(lines[1]).toBe(`${folder}/course.yaml has it as the last chapter; move it to where it belongs.`);
  });

  test.each([
    ["sets none", head, /sets no order/],
    [
      "cannot be read",
      `${head}lessons: [a, b\n`,
      /could not be read, so the chapter is not in its order yet: add “c”/,
    ],
    ["is no list", `${head}lessons: a\n`, /could not be read/],
  ])("is left as it is where the file %s, and that is said", async (name, source, said) => {
    const folder = `left-${name.replaceAll(" ", "-")}`;
    await author.write(`${folder}/course.yaml`, source);
    const { code, lines } = await make("c", "--folder", folder);
    expect(code).toBe(0);
    expect(await text(`${folder}/course.yaml`)).toBe(source);
    expect(lines[1]).toMatch(said);
  });
});

describe("refused, with what to write instead", () => {
  test.each([
    ["no name", [], /^A chapter needs a name\.$/],
    ["capitals and spaces", ["My Chapter"], /^“My Chapter” is no name .* How about “my-chapter”\?$/],
    ["a path", ["../elsewhere"], /^“\.\.\/elsewhere” is no name/],
    ["letters that are not plain", ["übung-eins"], /How about “ubung-eins”\?$/],
    ["a digit first", ["1st-step"], /How about “st-step”\?$/],
    ["a name that the site needs", ["assets"], /^The name “assets” is taken by the site itself\.$/],
    ["a title without quotes", ["clip", "The", "norm"], /in quotes: "The norm"\.$/],
    ["an empty title", ["clip", " "], /^A title is one line of text\.$/],
    ["an option that there is not", ["clip", "--dir", "x"], /^Unknown option '--dir'/],
  ])("%s", async (_name, args, said) => {
    const { code, lines, complaints } = await make(...args, "--folder", "refused");
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(complaints[0]).toMatch(said);
    expect(existsSync(join(author.folder, "refused"))).toBe(false);
  });

  test("a folder that is there already, which stays as it is", async () => {
    await author.write("kept/clipping/notes.txt", "mine");
    const { code, complaints } = await make("clipping", "--folder", "kept");
    expect(code).toBe(1);
    expect(complaints).toEqual([
      "kept/clipping is there already — choose another name, or take the folder away. Nothing was changed.",
    ]);
    expect(await text("kept/clipping/notes.txt")).toBe("mine");
    expect(existsSync(join(author.folder, "kept/clipping/lesson.md"))).toBe(false);
  });
});
