// The proof that a build makes of itself: what only an instructor may see is in none of its files, in whatever form code stands there.
import { describe, expect, test } from "vitest";
import { readLesson } from "../../src/lesson/index.ts";
import {
  type BuiltFile,
  leaksIn,
  publicTextOf,
  secretsOf,
  unlessShown,
} from "../../src/site/content/secrets.ts";

const source = `---
title: Secrets
summary: One exercise.
objectives: [o]
minutes: 1
---

\`\`\`ts
const shownElsewhere = visibleHelper(2, "twice");
\`\`\`

\`\`\`exercise
id: e
points: 2
objective: o
\`\`\`
\`\`\`ts solution
export function area(width: number, height: number): number {
  // begin answer
  // starter: return 0;
  const shownElsewhere = visibleHelper(2, "twice");
  for (let i = 0; i < 10; i++) {
  }
  const diagonal = Math.sqrt(width < 0 ? height : width * height);
  return diagonal;
  // end answer
}
\`\`\`
\`\`\`ts test points=1 name="visible"
expect(await student.area(2, 3)).toBeCloseTo(6);
\`\`\`
\`\`\`ts test hidden points=1 name="secret"
const sides = seed.normals(2, "hush & \\"quotes\\"");
\`\`\`
\`\`\`ts misconception id=sum
export const area = (width: number, height: number) => width + height + extra;
\`\`\`
\`\`\`\`md feedback for=sum
You add width and height.
\`\`\`\`
`;

const { lesson, problems } = readLesson(source, { id: "secrets", file: "secrets/lesson.md" });
const secrets = secretsOf(lesson!, source);
const found = (...files: BuiltFile[]) =>
  leaksIn(files, secrets).map(({ line, message }) => `${line} ${message}`);
const lineOf = (words: string) => source.slice(0, source.indexOf(words)).split("\n").length;

test("the lesson reads", () => expect(problems).toEqual([]));

describe("a secret line is found", () => {
  const hidden = 'const sides = seed.normals(2, "hush & \\"quotes\\"");';
  const answer = "const diagonal = Math.sqrt(width < 0 ? height : width * height);";

  test.each<[string, BuiltFile]>([
    ["in JSON", ["secrets/exercises.json", JSON.stringify({ tests: [`x\n${hidden}`] })]],
    ["in JSON within JSON", ["data.json", JSON.stringify({ text: JSON.stringify(hidden) })]],
    [
      "in HTML, between the marks of highlighting",
      [
        "secrets/index.html",
        hidden
          .replaceAll("&", "&amp;")
          .replaceAll('"', "&quot;")
          .replaceAll(/\w+/g, (word) =>
            word === "amp" || word === "quot" ? word : `<span class="tok">${word}</span>`,
          ),
      ],
    ],
    [
      "in a script, squeezed together",
      ["assets/lesson-1.js", `x();${hidden.replaceAll(/ (?=[=&(])|(?<=[=&,]) /g, "")}`],
    ],
    ["in a file of bytes", ["notes.txt", new TextEncoder().encode(hidden)]],
  ])("%s", (_name, file) => {
    expect(found(file).join("\n")).toContain(
      `${lineOf("const sides")} This line of the hidden test “secret” of “e” stands in the built site, in ${file[0]}`,
    );
  });

  test("of a solution's answer and of a misconception too", () => {
    expect(found(["a.html", answer.replaceAll("<", "&lt;")])).toEqual([
      `${lineOf("const diagonal")} This line of the solution of “e” stands in the built site, in a.html`,
    ]);
    expect(
      found([
        "b.js",
        "width + height + extra; export const area = (width: number, height: number) => width + height + extra;",
      ]),
    ).not.toEqual([]);
  });
});

describe("nothing is found", () => {
  test("where a line is public anyway: in a cell, in the part around the answer, in the starter", () => {
    expect(found(["a.json", 'const shownElsewhere = visibleHelper(2, "twice");'])).toEqual([]);
    expect(
      found(["a.json", "export function area(width: number, height: number): number { return 0; }"]),
    ).toEqual([]);
  });

  test("in what any program may hold", () => {
    expect(found(["a.js", "for (let i = 0; i < 10; i++) { } return diagonal;"])).toEqual([]);
  });

  test("in pictures and fonts", () => {
    expect(found(["a.woff2", source])).toEqual([]);
  });
});

test("a line that another chapter shows is no secret, its neighbours still are", () => {
  const line = "const diagonal = Math.sqrt(width < 0 ? height : width * height);";
  const other = `---\ntitle: Other\nsummary: s\nobjectives: [o]\nminutes: 1\n---\n\n\`\`\`ts\n${line}\n\`\`\`\n`;
  const read = readLesson(other, { id: "other", file: "other/lesson.md" });
  const rest = unlessShown(secrets, [publicTextOf(read.lesson!, other)]);
  expect(secrets.filter((secret) => !rest.includes(secret))).toHaveLength(1);
  expect(leaksIn([["other/index.html", line]], rest)).toEqual([]);
  const stillHidden = 'const sides = seed.normals(2, "hush & \\"quotes\\"");';
  expect(leaksIn([["other/index.html", stillHidden]], rest)).not.toEqual([]);
});
