// Which lessons the site is made of: this repository's, or those of a folder that is named.
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { readStart, type Start } from "../../src/cli/site.ts";
import { Processes } from "../../src/cli/index.ts";
import { Author } from "./support/author.ts";

const processes = new Processes(1);
let author: Author;

beforeAll(async () => {
  author = await Author.make(processes);
  await author.copy("slopes", "ours/slopes");
  await author.write("empty/notes.txt", "");
});

afterEach(() => vi.unstubAllEnvs());

afterAll(async () => {
  processes.close();
  await author.leave();
});

async function start(...args: string[]): Promise<Start & { said: string[] }> {
  let read: Start = { code: 2 };
  const { lines, complaints } = await author.run(
    async (given, terminal) => {
      read = readStart(given, terminal);
      return 0;
    },
    ...args,
  );
  return { ...read, said: [...lines, ...complaints] };
}

describe("the lessons are", () => {
  test("those of this repository where nothing is named, and Vite gets its own options", async () => {
    expect(await start("--open", "--port", "8080")).toMatchObject({
      args: ["--open", "--port", "8080"],
      lessons: expect.stringMatching(/lessons$/),
      said: [],
    });
  });

  test.each([["--lessons", "ours"], ["--lessons=ours"]])(
    "those that %s names, from the author's folder",
    async (...words) => {
      expect(await start("build", ...words, "--outDir", "out")).toMatchObject({
        args: ["build", "--outDir", "out"],
        lessons: `${author.folder}/ours`,
      });
    },
  );

  test("those that LESSONS names, unless an option does", async () => {
    vi.stubEnv("LESSONS", "ours");
    expect(await start("--open")).toMatchObject({ lessons: `${author.folder}/ours` });
    expect(await start("--open", "--lessons", "empty")).toMatchObject({ lessons: `${author.folder}/empty` });
    // The other commands too.
    expect((await author.check("--help")).lines[3]).toContain("LESSONS");
  });
});

describe("refused", () => {
  test.each([
    [
      "a folder that is not there",
      ["--lessons", "nowhere"],
      /^There is no lesson in .*nowhere — give a folder/,
    ],
    ["a build of nothing", ["build", "--lessons", "empty"], /^There is no lesson in .*empty/],
    [
      "a single lesson",
      ["--lessons", "ours/slopes"],
      /is a single lesson — give the folder that holds it: --lessons .*ours$/,
    ],
    ["no folder", ["--lessons"], /^--lessons needs a folder/],
    ["an option in its place", ["--lessons", "--open"], /^--lessons needs a folder/],
  ])("%s", async (_name, args, said) => {
    const result = await start(...args);
    expect(result).toMatchObject({ code: 2 });
    expect(result.said[0]).toMatch(said);
  });
});
