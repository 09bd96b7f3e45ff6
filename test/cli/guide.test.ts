// The author's guide keeps what it says: every example in it is checked as a lesson is.
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Processes } from "../../src/cli/index.ts";
import { readCourse, readLesson } from "../../src/lesson/index.ts";
import { guideFolder, readGuide } from "../../src/site/content/guide.ts";
import { Author } from "./support/author.ts";

vi.setConfig({ testTimeout: 120_000 });

const { source, files } = readGuide();
const processes = new Processes(2);
let author: Author;

beforeAll(async () => {
  author = await Author.make(processes);
});

afterAll(async () => {
  processes.close();
  await author.leave();
});

describe("the author's guide", () => {
  test("passes the check with all its examples, and no mutant survives its tests", async () => {
    await cp(guideFolder, join(author.folder, "guide"), { recursive: true });
    await author.write("guide/lesson.md", source);
    await author.write("guide/lesson.hidden.md", files.get("lesson.hidden.md")!);
    const { lines } = await author.check("guide", "--mutants", "--least", "100");
    expect(lines.at(-1)).toMatch(/^1 lesson, \d+ cells, 2 exercises: no problems$/);
  });

  test("shows every kind of block, quiz and prediction, as it is written and as it is read", () => {
    const { lesson } = readLesson(source, {
      id: "guide",
      file: "guide.md",
      hidden: { source: files.get("lesson.hidden.md")!, file: "lesson.hidden.md" },
    });
    const blocks = lesson?.blocks ?? [];
    expect(new Set(blocks.map(({ kind }) => kind)).size).toBe(7);
    const quizzes = blocks.flatMap((block) => (block.kind === "quiz" ? [block.quiz] : []));
    expect(new Set(quizzes)).toEqual(new Set(["choice", "multiple", "numeric", "short", "trace"]));
    const predictions = blocks.flatMap((block) => (block.kind === "predict" ? [block.predict] : []));
    expect(new Set(predictions)).toEqual(new Set(["choice", "number", "sketch"]));
    for (const word of [
      "run=load",
      "live",
      "fold",
      "static",
      "unchecked",
      "hint",
      "feedback",
      "misconception",
      "[!DISPUTED]",
    ])
      expect(source).toContain(word);
  });

  test("has front matter and a course.yaml that can be used as they are", () => {
    const front = files.get("front-matter")!;
    const { problems } = readLesson(`${front}\n## A heading\n`, { id: "clipping", file: "lesson.md" });
    expect(problems).toEqual([]);
    expect(readCourse(files.get("course.yaml")!, "course.yaml", { folders: ["clipping"] }).problems).toEqual(
      [],
    );
  });

  test("names only commands and options that there are", async () => {
    const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const [, command = ""] of source.matchAll(/npm (?:run )?(\w+)/g))
      expect(Object.keys(manifest.scripts)).toContain(command);
  });
});
