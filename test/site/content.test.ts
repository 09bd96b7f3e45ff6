// Lessons on disk become what the site publishes: found without being listed, prepared, and without what students must not see.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSolution } from "../../src/grading/index.ts";
import { formatProblem } from "../../src/lesson/index.ts";
import { Content, type SiteLesson } from "../../src/site/content/content.ts";
import { renderLessonPage } from "../../src/site/pages/lesson.ts";
import { renderers } from "../../src/site/renderers.ts";
import { lessonPage } from "../../src/site/site-map.ts";
import { files } from "./sample-lesson.ts";

const folder = fileURLToPath(new URL("fixtures/lessons", import.meta.url));
const content = new Content({ root: folder, folder });
let valleys: SiteLesson;

beforeAll(async () => {
  const entry = await content.lesson("valleys");
  if (!entry?.site) throw new Error(entry?.problems.map(formatProblem).join("\n"));
  valleys = entry.site;
});

afterAll(() => content.dispose());

describe("a course on disk", () => {
  it("holds the listed lessons first and then every other folder with a lesson", async () => {
    const { ids, problems } = await content.course();
    expect(problems).toEqual([]);
    expect(ids).toEqual(["valleys", "appended"]);
  });

  it("has no lesson of a name that is no folder", async () => {
    expect(await content.lesson("mountains")).toBeNull();
  });

  it("reads a lesson once until it changes", async () => {
    expect(await content.lesson("valleys")).toBe(await content.lesson("valleys"));
  });

  it("knows each lesson's neighbours and what it builds on", async () => {
    const appended = await content.lesson("appended");
    const page = await lessonPage(content, appended!.site!, renderers);
    expect(page).toMatchObject({
      number: 2,
      previous: { id: "valleys" },
      next: null,
      prerequisites: [{ id: "valleys" }],
    });
  });
});

describe("a published lesson", () => {
  it("brings the pictures and data that it uses, and no other file of its folder", () => {
    expect(valleys.files.map(({ path }) => path).sort()).toEqual(["assets/valley.svg", "heights.json"]);
  });

  it("seals its solutions, without the marks that derive the starter", async () => {
    const solution = await openSolution(valleys.solutions.get("one-step")!);
    expect(solution).toContain("const solutionSecret = rate * gradient;");
    expect(solution).not.toMatch(/begin answer|end answer|starter/);
  });

  it("shows neither solution, nor hidden tests, nor the code of misconceptions, on its page or in its data", async () => {
    const page = renderLessonPage(await lessonPage(content, valleys, renderers), files);
    const data = JSON.stringify(valleys.notebook);
    expect(data).toContain("You go <em>uphill</em>.");
    expect(page).toContain("Write one step of gradient descent.");
    for (const text of [page, data, ...valleys.solutions.values()])
      expect(text).not.toMatch(/solutionSecret|hiddenSecret|misconceptionSecret/);
  });
});

describe("a lesson with mistakes", () => {
  let copy: string;
  const brokenBy = async (change: (source: string) => string): Promise<string[]> => {
    const file = join(copy, "valleys/lesson.md");
    await writeFile(file, change(await readFile(join(folder, "valleys/lesson.md"), "utf8")));
    const broken = new Content({ root: copy, folder: copy });
    const entry = await broken.lesson("valleys");
    broken.dispose();
    expect(entry?.site).toBeNull();
    return entry!.problems.map(formatProblem);
  };

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "lessons-"));
    await cp(folder, copy, { recursive: true });
  });
  afterAll(() => rm(copy, { recursive: true }));

  it("names the place where a cell does not compile", async () => {
    const problems = await brokenBy((source) => source.replace("table.length < 2;", "table.length < ;"));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^valleys\/lesson\.md:17:30: This cell does not compile: /);
  });

  it("names the line that asks for data that is not there", async () => {
    const problems = await brokenBy((source) => source.replace("./heights.json", "./depths.json"));
    expect(problems).toEqual([
      "valleys/lesson.md:16:20: There is no file “./depths.json” beside the lesson — correct the name, or add the file",
    ]);
  });

  it("cannot take the address of the API reference", async () => {
    await cp(join(folder, "appended"), join(copy, "reference"), { recursive: true });
    const broken = new Content({ root: copy, folder: copy });
    const entry = await broken.lesson("reference");
    broken.dispose();
    await rm(join(copy, "reference"), { recursive: true });
    expect(entry?.site).toBeNull();
    expect(entry?.problems.map(formatProblem)).toEqual([
      "reference/lesson.md:1:1: The folder's name “reference” is taken by the site itself — rename the folder",
    ]);
  });

  it.each(["../appended/#no-such-heading", "../appended/lesson.md#no-such-heading"])(
    "refuses a link to a heading that another chapter does not have: %s",
    async (href) => {
      const problems = await brokenBy((source) => `${source}\nSee [there](${href}).\n`);
      expect(problems).toEqual([
        expect.stringMatching(
          /^valleys\/lesson\.md:\d+:\d+: No heading of that lesson has the id #no-such-heading/,
        ),
      ]);
    },
  );

  it("refuses pictures that are not there", async () => {
    const problems = await brokenBy((source) => source.replace("assets/valley.svg", "assets/hill.svg"));
    expect(problems).toEqual([
      expect.stringMatching(/^valleys\/lesson\.md:9:\d+: The picture assets\/hill\.svg leads to nothing/),
    ]);
  });
});
