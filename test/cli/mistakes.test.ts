// A new instructor's chapter, broken in every way that one breaks a chapter: each mistake is told where it is, in words that
// help, and nothing else is told with it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Processes } from "../../src/cli/index.ts";
import { Author, fixtureFolder } from "./support/author.ts";

vi.setConfig({ hookTimeout: 300_000 });

const source = await readFile(join(fixtureFolder("gradient-clipping"), "lesson.md"), "utf8");

interface Mistake {
  what: string;
  from: string;
  to: string;
  /** Words of the broken chapter, with `¦` before the character that is told. */
  at: string;
  told: RegExp;
  /** How many more findings are due to the same mistake; none unless given. */
  also?: number;
}

const mistakes: Mistake[] = [
  {
    what: "a misspelt `hidden`",
    from: 'ts test hidden points=6 cases=20 name="any gradient"',
    to: 'ts test hiden points=6 cases=20 name="any gradient"',
    at: "ts test ¦hiden",
    told: /^“hiden” is not known here — did you mean “hidden”\?$/,
  },
  {
    what: "points that do not add up",
    from: "points: 10",
    to: "points: 12",
    at: "¦```exercise\nid: by-norm",
    told: /^The tests of “by-norm” are worth 10 points, the exercise 12 — make them equal$/,
  },
  {
    what: "a fence that is never closed",
    from: "```\n\n```ts static",
    to: "\n```ts static",
    at: "¦```quiz\nid: printed",
    told: /^This fence is not closed before the next one begins, at “```ts static” — end it with a line ```$/,
  },
  {
    what: "front matter without a title",
    from: "title: When gradients explode\n",
    to: "",
    at: "¦summary: One step",
    told: /^“title” is missing — write title: …$/,
  },
  {
    what: "a macro that TeX does not know",
    from: "\\lVert g \\rVert = \\sqrt",
    to: "\\lVert g \\rVert = \\sqr",
    at: "$\\lVert g \\rVert = ¦\\sqr{",
    told: /^This formula does not render: Undefined control sequence: \\sqr/,
  },
  {
    what: "a link to a heading that was renamed",
    from: "## The norm",
    to: "## Norms",
    at: "as ¦[above](#the-norm)",
    told: /^No heading has the id #the-norm — did you mean /,
  },
  {
    what: "a picture that is not there",
    from: "assets/cliff.svg",
    to: "assets/clif.svg",
    at: "¦![A loss",
    told: /^The picture assets\/clif\.svg leads to nothing/,
  },
  {
    what: "data that is not there",
    from: 'from "./norms.json"',
    to: 'from "./norm.json"',
    at: 'from "¦./norm.json"',
    told: /^There is no file “\.\/norm\.json” beside the lesson — correct the name, or add the file$/,
  },
  {
    what: "two blocks with one id",
    from: "id: by-value",
    to: "id: by-norm",
    at: "¦```exercise\nid: by-norm\npoints: 8",
    told: /^The id “by-norm” is taken by the exercise above — ids are unique in a lesson$/,
  },
  {
    what: "an objective that the chapter does not promise",
    from: "objective: Take a clipped step",
    to: "objective: Take a cliped step",
    at: "¦```exercise\nid: clipped-step",
    told: /^The objective of “clipped-step” is none of the lesson's: .* — did you mean “Take a clipped step”\?$/,
  },
  {
    what: "a prerequisite that is no chapter",
    from: "prerequisites: []",
    to: "prerequisites: [backpropagation]",
    at: "prerequisites: [¦backpropagation]",
    told: /^There is no chapter “backpropagation” beside this one/,
  },
  {
    what: "a cell that does not compile",
    from: "const longest = Math.max(...norms);",
    to: "const longest = Math.max(...norms;",
    at: "Math.max(...norms¦;",
    told: /^This cell does not compile: /,
  },
  {
    what: "a cell that throws",
    from: "return norm > c ? c : norm;",
    to: "throw new RangeError(`no ${norm}`);",
    at: "throw ¦new RangeError",
    told: /^RangeError: no 9\.8$/,
  },
  {
    what: "types that do not fit, in code that runs all the same",
    from: "const after = clippedNorm(longest, 2);",
    to: "const after = clippedNorm(longest, 2);\nconst limit: string = after;",
    at: "const ¦limit: string",
    told: /^TypeScript: Type 'number' is not assignable to type 'string'$/,
  },
  {
    what: "a name that a cell below declares, in a function that is never called",
    from: "const longest = Math.max(...norms);",
    to: "const longest = Math.max(...norms);\nconst later = () => after;",
    at: "const later = () => ¦after",
    told: /^ReferenceError: `after` is declared below, in cell clipped\. — Move cell clipped up, or declare/,
  },
  {
    what: "a name that this machine has and a page's cell has not",
    from: "const longest = Math.max(...norms);",
    to: "const longest = Math.max(...norms);\nconst source = () => fetch;",
    at: "const source = () => ¦fetch",
    told: /^`fetch` does not exist where a page runs its cells — cells reach no network/,
  },
  {
    what: "shown code whose types do not fit",
    from: "const wanted: number = clippedNorm(3, 2);",
    to: "const wanted: number = clipedNorm(3, 2);",
    at: "= ¦clipedNorm",
    told: /^TypeScript: Cannot find name 'clipedNorm' — did you mean 'clippedNorm'\?$/,
  },
  {
    what: "a cell that never ends",
    from: "const after = clippedNorm(longest, 2);",
    to: "const after = clippedNorm(longest, 2);\nwhile (after > 0) {}",
    at: '¦import { outcome } from "descent/lesson";',
    told: /^Cell 2 of 2: clipped did not end within 2 s; what stands below was not run — look for a loop without end/,
  },
  {
    what: "a solution that fails its test",
    from: "Math.max(-c, Math.min(c, entry)));\n  // end",
    to: "Math.max(c, Math.min(c, entry)));\n  // end",
    at: "¦expect(await student.clipEntries([3",
    told: /^The solution of “by-value” fails the test “large entries of both signs”/,
    also: 1,
  },
  {
    what: "a starter that already earns points",
    from: "// starter: return g.map(() => 0);",
    to: "// starter: return g.map((entry) => (entry > 0 ? Math.min(c, entry) : Math.max(-c, entry)));",
    at: "¦expect(await student.clipEntries([3",
    told: /^The starter of “by-value” already passes the test/,
    also: 1,
  },
  {
    what: "a misconception without feedback",
    from: "md feedback for=one-side",
    to: "md feedback for=one-sided",
    at: "¦````md feedback for=one-sided",
    told: /^No misconception “one-sided” stands in this exercise — add ```ts misconception id=one-sided$/,
    also: 1,
  },
  {
    what: "a misconception that is right",
    from: "g.map((entry) => Math.min(c, entry));",
    to: "g.map((entry) => Math.min(c, Math.max(-c, entry)));",
    at: "¦export const clipEntries = (g",
    told: /^The misconception “one-side” passes every test/,
    also: 1,
  },
  {
    what: "a misconception that does what another does",
    from: "g.map((entry) => Math.max(-c, Math.min(c, entry)));\n```\n````md feedback for=entries",
    to: "g.map((entry) => (entry * c) / Math.hypot(...g));\n```\n````md feedback for=entries",
    at: "¦export const clip = (g: number[], c: number) => g.map",
    told: /^The misconceptions “entries” and “always” give the same on every call of the visible tests/,
  },
  {
    what: "a misspelt matcher in a test",
    from: ".toEqual([1, -1, 0.5]);",
    to: ".toEquals([1, -1, 0.5]);",
    at: "0.5], 1)).¦toEquals",
    told: /^TypeScript: Property 'toEquals' does not exist on type 'Matchers' — did you mean 'toEqual'\?$/,
    also: 1,
  },
  {
    what: "a quiz with two right answers to choose from",
    from: "    feedback: No entry changes its sign in either.",
    to: "    correct: true",
    at: "choices:\n  ¦- text: The direction",
    told: /^One choice must be right, here 2 are/,
  },
  {
    what: "a stored answer that is not what the program prints",
    from: 'answer: "0.5"',
    to: 'answer: "2"',
    at: "¦```quiz\nid: printed",
    told: /^The stored answer of the quiz “printed” is "2", but the program prints "0\.5"/,
  },
  {
    what: "a prediction that is never compared with what happened",
    from: 'outcome("after-clipping", after);',
    to: "",
    at: "¦```predict",
    told: /^The cell “clipped” does not say what happened to the prediction “after-clipping”/,
  },
  {
    what: "a call-out that there is not",
    from: "> [!DISPUTED]",
    to: "> [!DISPUTE]",
    at: "¦> [!DISPUTE]",
    told: /^The call-out \[!DISPUTE\] is not known — did you mean “DISPUTED”\?$/,
  },
  {
    what: "HTML in the prose",
    from: "A recurrent network has",
    to: "A recurrent network <b>has",
    at: "network ¦<b>",
    told: /^HTML is not part of a lesson: <b> — write it in Markdown$/,
  },
];

/** Line and column of `¦`. */
function placeOf(at: string, text: string): string {
  const words = at.replace("¦", "");
  if (!text.includes(words)) throw new Error(`The chapter does not hold ${words}.`);
  const offset = text.indexOf(words) + at.indexOf("¦");
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(0, lineStart).split("\n").length;
  return `${line}:${offset - lineStart + 1}`;
}

const nameOf = (index: number) => `chapter-${index + 1}`;
const broken = mistakes.map(({ from, to }) => source.replace(from, () => to));
const processes = new Processes(2);
let author: Author;
let found: string[];

beforeAll(async () => {
  author = await Author.make(processes);
  for (const [index, text] of broken.entries()) {
    await author.copy("gradient-clipping", nameOf(index));
    await author.write(`${nameOf(index)}/lesson.md`, text);
  }
  // All at once: what one chapter has done to its processes must not show in another's findings.
  const { lines, complaints, code } = await author.check(".", "--cell-time", "2");
  if (code !== 1) throw new Error(`check ended with ${code}: ${complaints.join("\n")}`);
  found = lines;
});

afterAll(async () => {
  processes.close();
  await author.leave();
});

describe("a chapter on gradient clipping with", () => {
  test.each(mistakes.map((mistake, index) => [mistake.what, mistake, index] as const))(
    "%s",
    (_, { from, at, told, also = 0 }, index) => {
      expect(source).toContain(from);
      const lines = found.filter((line) => line.startsWith(`${nameOf(index)}/`));
      const place = `${nameOf(index)}/lesson.md:${placeOf(at, broken[index]!)}: `;
      const here = lines.find((line) => line.startsWith(place));
      if (here === undefined) throw new Error(`Nothing is said at ${place}\n${lines.join("\n")}`);
      expect(here.slice(place.length)).toMatch(told);
      expect(lines).toHaveLength(1 + also);
      // What an author reads is about the chapter, never about the insides of this program.
      expect(lines.join("\n")).not.toMatch(/\n\s+at |node:|\.ts:\d/);
    },
  );
});
