// The course teaches all that it set out to: every statement of the notes has a heading under which it is dealt with.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { headingIds } from "../../src/lesson/index.ts";

const lessons = new URL("../../lessons/", import.meta.url);
const rows = parse(readFileSync(new URL("coverage-rows.yaml", import.meta.url), "utf8")) as Record<
  string,
  string
>;

/** Of one chapter: a row, and the heading or headings under which it is taught. */
type Coverage = Record<string, string | string[]>;

const chapters = readdirSync(lessons, { withFileTypes: true })
  .filter((item) => item.isDirectory())
  .map(({ name }) => {
    const folder = new URL(`${name}/`, lessons);
    return {
      name,
      headings: headingIds(readFileSync(new URL("lesson.md", folder), "utf8")),
      coverage: parse(readFileSync(new URL("coverage.yaml", folder), "utf8")) as Coverage,
    };
  });

test.each(chapters)("$name: names rows and headings that there are", ({ headings, coverage }) => {
  const entries = Object.entries(coverage);
  expect(entries.map(([row]) => row).filter((row) => !(row in rows))).toEqual([]);
  expect(entries.flatMap(([, at]) => at).filter((at) => !headings.includes(at))).toEqual([]);
  expect(entries.length).toBeGreaterThan(0);
});

test.each(Object.entries(rows))("%s is taught: %s", (row) => {
  expect(chapters.filter(({ coverage }) => row in coverage).map(({ name }) => name)).not.toEqual([]);
});
