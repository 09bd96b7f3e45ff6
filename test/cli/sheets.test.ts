// What an instructor prints: nothing on the class's sheet tells an answer, everything on the key does, and each is one file.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Processes } from "../../src/cli/index.ts";
import { printSheets } from "../../src/cli/sheets.ts";
import { readLesson } from "../../src/lesson/index.ts";
import { leaksIn, secretsOf } from "../../src/site/content/secrets.ts";
import { Author, fixtureFolder, type Printed } from "./support/author.ts";

const source = await readFile(join(fixtureFolder("gradient-clipping"), "lesson.md"), "utf8");
const { lesson } = readLesson(source, { id: "gradient-clipping", file: "lesson.md" });
const processes = new Processes(2);
let author: Author;
let printed: Printed;
let sheet: string;
let key: string;

beforeAll(async () => {
  author = await Author.make(processes);
  await author.copy("gradient-clipping", "course/gradient-clipping");
  await author.write("course/course.yaml", "id: c\ntitle: Deep learning\nsummary: On Tuesdays.\n");
  printed = await author.run(printSheets, "course/gradient-clipping", "--out", "print");
  sheet = await readFile(join(author.folder, "print/gradient-clipping.exercises.html"), "utf8");
  key = await readFile(join(author.folder, "print/gradient-clipping.answers.html"), "utf8");
});

afterAll(async () => {
  processes.close();
  await author.leave();
});

const wordsOf = (page: string) =>
  page
    .replaceAll(/<style>[\s\S]*?<\/style>|<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ");

test("both files are named", () => {
  expect(printed).toEqual({
    code: 0,
    lines: ["print/gradient-clipping.exercises.html", "print/gradient-clipping.answers.html"],
    complaints: [],
  });
});

describe("the exercise sheet", () => {
  test("has each task with its points, what is given and the visible tests", () => {
    const words = wordsOf(sheet);
    expect(words).toContain("Deep learning · Exercise sheet");
    expect(words).toContain("1. Clip by the norm 10 points");
    expect(words).toContain("5 tasks, 27 points");
    expect(words).toContain("Test: a long gradient and a short one");
    expect(words).toContain("return [];");
    expect(words).toContain("What does clipping by value change");
    expect(words).toContain("console.log(Math.min(1, 5 / norm));");
  });

  test("has no solution, hidden test or misconception, and no answer to a question", () => {
    const secrets = secretsOf(lesson!, source);
    expect(secrets.length).toBeGreaterThan(10);
    expect(leaksIn([["sheet.html", sheet]], secrets)).toEqual([]);
    const words = wordsOf(sheet);
    for (const secret of [
      "any gradient",
      "No entry changes its sign",
      "same direction",
      "0.5 ",
      "What should happen when",
    ])
      expect(words).not.toContain(secret);
    expect(sheet).not.toContain('class="right"');
  });
});

describe("the answer key", () => {
  test("has solutions, all tests, misconceptions with their feedback, hints, answers and points", () => {
    const words = wordsOf(key);
    for (const answer of [
      "return norm > c ? g.map((entry) => (entry * c) / norm) : g;",
      "Test: any gradient 6 points, hidden, 20 cases",
      "seed.normals(3, 0, 2)",
      "entries",
      "You clip each entry by itself",
      "After 2 failed attempts",
      "No entry changes its sign in either.",
      "All entries times one number is the same direction",
    ])
      expect(words).toContain(answer);
    expect(key).toContain('<li class="right">The direction of the gradient.');
    expect(words).toMatch(/Together ?27 ?15/);
    expect(words).not.toContain("begin answer");
  });
});

test.each(["the exercise sheet", "the answer key"])(
  "%s needs nothing but itself, and has its formulas rendered",
  (which) => {
    const page = which === "the answer key" ? key : sheet;
    const references = [...page.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)].map(
      ([, target = ""]) => target,
    );
    expect(references.filter((target) => !/^(?:data:|#|https:)/.test(target))).toEqual([]);
    expect(page).toContain('class="katex"');
    expect(page).toContain("@font-face{font-family:KaTeX_Math");
    expect(page).not.toContain("$c$");
    expect(page).toContain("@page");
  },
);

describe("wrong usage", () => {
  test("a path without a lesson ends with 2, a lesson with mistakes with 1 and its problems", async () => {
    expect((await author.run(printSheets, "nowhere")).code).toBe(2);
    await author.write("broken/lesson.md", source.replace("points: 10", "points: 12"));
    const { code, complaints } = await author.run(printSheets, "broken");
    expect(code).toBe(1);
    expect(complaints.join("\n")).toMatch(/broken\/lesson\.md:\d+:1: .*make them equal/);
  });
});
