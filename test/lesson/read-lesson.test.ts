import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatProblem, readLesson } from "../../src/lesson/index.ts";
import type { Block, Lesson } from "../../src/lesson/index.ts";
import { sample, sampleWith } from "./sample.ts";

const options = { id: "momentum", file: "lessons/momentum/lesson.md" };

function read(source: string): Lesson {
  const { lesson, problems } = readLesson(source, options);
  expect(problems.map(formatProblem)).toEqual([]);
  return lesson!;
}

function problemsOf(source: string): string[] {
  const { lesson, problems } = readLesson(source, options);
  expect(lesson).toBeNull();
  return problems.map((problem) => formatProblem(problem).replace("lessons/momentum/lesson.md:", ""));
}

function only<K extends Block["kind"]>(lesson: Lesson, kind: K): Extract<Block, { kind: K }>[] {
  return lesson.blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind);
}

describe("a lesson that is right", () => {
  const lesson = read(sample);

  it("keeps its front matter", () => {
    expect(lesson.frontMatter).toEqual({
      title: "Momentum",
      summary: "A ball that remembers.",
      objectives: ["implement momentum"],
      prerequisites: [],
      minutes: 30,
      terms: [],
    });
  });

  it("has its terms for the glossary, each tied to a heading", () => {
    const terms = "terms:\n  - term: velocity\n    at: the-update\n    means: What $v$ holds.\nminutes: 30";
    const { frontMatter } = read(sampleWith("minutes: 30", terms));
    expect(frontMatter.terms).toMatchObject([{ term: "velocity", at: "the-update" }]);
    expect(frontMatter.terms[0]!.html).toContain("katex");
  });

  it("has its blocks in the order of the source", () => {
    expect(lesson.blocks.map((block) => block.kind)).toEqual([
      "prose",
      "heading",
      "predict",
      "cell",
      "static",
      "prose",
      "exercise",
      "prose",
      "quiz",
      "quiz",
    ]);
  });

  it("renders formulas when it is read", () => {
    const [first] = only(lesson, "prose");
    expect(first!.html).toContain('<span class="katex">');
    expect(first!.html).toContain('<a href="#the-update">below</a>');
  });

  it("renders a display formula and a call-out", () => {
    const html = only(lesson, "prose")[1]!.html;
    expect(html).toContain('class="katex-display"');
    expect(html).toContain('<aside class="callout callout-disputed" aria-label="Disputed">');
    expect(html).not.toContain("[!DISPUTED]");
  });

  it("knows where each cell's code stands in the file", () => {
    const [cell] = only(lesson, "cell");
    expect(cell).toMatchObject({
      id: "race",
      named: true,
      live: true,
      run: "demand",
      fold: false,
      readonly: false,
    });
    const lines = sample.split("\n");
    expect(lines[cell!.code.span.start.line - 1]).toBe('const winner = "momentum";');
    expect(sample.slice(cell!.code.span.start.offset, cell!.code.span.end.offset)).toBe(cell!.code.source);
  });

  it("lets a prediction wait for the next cell", () => {
    expect(only(lesson, "predict")[0]).toMatchObject({ id: "who-wins", cell: "race", predict: "choice" });
  });

  it("derives the starter from the solution", () => {
    const { solution } = only(lesson, "exercise")[0]!;
    expect(solution.starter).toBe(
      "export function step(w: number, v: number, g: number, lr: number, beta: number) {\n  return { w, v };\n}",
    );
    expect(solution.shown).not.toContain("answer");
    expect(solution.shown).toContain("v = beta * v - lr * g;");
  });

  it("gathers an exercise's parts, and ends it with its last fence", () => {
    const [exercise] = only(lesson, "exercise");
    expect(exercise).toMatchObject({ id: "momentum-step", points: 10, attempts: null, timeout: 10 });
    expect(exercise!.statement.map((prose) => prose.html)).toEqual(["<p>Write <em>one update</em>.</p>"]);
    expect(exercise!.tests).toMatchObject([
      { name: "without momentum it is gradient descent", points: 2, hidden: false, cases: 1 },
      { name: "any gradient, any state", points: 8, hidden: true, cases: 50 },
    ]);
    expect(exercise!.misconceptions).toMatchObject([{ id: "uphill" }]);
    expect(exercise!.misconceptions[0]!.feedbackHtml).toContain("rolls uphill");
    expect(exercise!.hints).toMatchObject([{ after: 2 }]);
    expect(only(lesson, "prose").at(-1)).toHaveProperty("html", "<p>After the exercise.</p>");
  });

  it("reads the program of a trace quiz with its place", () => {
    const trace = only(lesson, "quiz").find((quiz) => quiz.quiz === "trace");
    expect(trace).toMatchObject({ answer: "-1" });
    if (trace?.quiz !== "trace") throw new Error("no trace quiz");
    expect(sample.split("\n")[trace.program.span.start.line - 1]).toBe("  let v = 0;");
    expect(trace.program.span.start.column).toBe(3);
  });

  it("reads the same whatever the line ends", () => {
    expect(read(sample.replaceAll("\n", "\r\n"))).toEqual(lesson);
  });

  it("takes hidden tests from a file of their own", () => {
    const hidden =
      'Notes.\n\n```exercise\nid: momentum-step\n```\n```ts test hidden points=8 name="secret"\nexpect(1).toBe(1);\n```\n';
    const source = sampleWith(
      '```ts test hidden points=8 cases=50 name="any gradient, any state"\nconst [w, v, g] = seed.normals(3);\n```\n',
      "",
    );
    const { lesson: joined, problems } = readLesson(source, {
      ...options,
      hidden: { source: hidden, file: "lesson.hidden.md" },
    });
    expect(problems).toEqual([]);
    expect(only(joined!, "exercise")[0]!.tests[1]).toMatchObject({
      name: "secret",
      hidden: true,
      code: { span: { file: "lesson.hidden.md" } },
    });
  });
});

describe("a lesson with a mistake", () => {
  const line = (piece: string) => sample.slice(0, sample.indexOf(piece)).split("\n").length;
  const cases: { what: string; piece: string; replacement: string; problem: string }[] = [
    {
      what: "a misspelt `hidden` does not publish the test",
      piece: "test hidden points=8",
      replacement: "test hiden points=8",
      problem: `${line("```ts test hidden")}:12: “hiden” is not known here — did you mean “hidden”?`,
    },
    {
      what: "an unknown fence",
      piece: "```ts name=race live",
      replacement: "```tss name=race live",
      problem: `${line("```ts name=race")}:4: “tss” is no kind of block — did you mean “ts”?`,
    },
    {
      what: "an unknown setting of a cell",
      piece: "name=race live",
      replacement: "name=race alive",
      problem: `${line("```ts name=race")}:17: “alive” is not known here — did you mean “live”?`,
    },
    {
      what: "a setting's value that is not known",
      piece: "name=race live",
      replacement: "name=race run=laod",
      problem: `${line("```ts name=race")}:17: “run=laod” is not known — did you mean “load”?`,
    },
    {
      what: "a macro that KaTeX does not know",
      piece: "\\beta v - \\eta g$, see",
      replacement: "\\betta v - \\eta g$, see",
      problem:
        "9:31: This formula does not render: Undefined control sequence: \\betta — correct the TeX; macros are KaTeX's",
    },
    {
      what: "a link to a heading that is not there",
      piece: "(#the-update)",
      replacement: "(#the-updates)",
      problem: "9:54: No heading has the id #the-updates — did you mean “the-update”?",
    },
    {
      what: "an unknown call-out",
      piece: "[!DISPUTED]",
      replacement: "[!DISPUTE]",
      problem: `${line("> [!DISPUTED]")}:1: The call-out [!DISPUTE] is not known — did you mean “DISPUTED”?`,
    },
    {
      what: "a front matter without its summary",
      piece: "summary: A ball that remembers.\n",
      replacement: "",
      problem: "2:1: “summary” is missing — write summary: …",
    },
    {
      what: "an unknown key of the front matter",
      piece: "minutes: 30",
      replacement: "minuts: 30",
      problem: "6:1: “minuts” is not known here — did you mean “minutes”?",
    },
    {
      what: "points that do not add up",
      piece: "hidden points=8",
      replacement: "hidden points=7",
      problem: `${line("```exercise")}:1: The tests of “momentum-step” are worth 9 points, the exercise 10 — make them equal`,
    },
    {
      what: "a misconception without feedback",
      piece: "md feedback for=uphill",
      replacement: "md feedback for=downhill",
      problem: `${line("```ts misconception")}:1: The misconception “uphill” has no feedback — add a \`\`\`md feedback for=uphill fence`,
    },
    {
      what: "a test that belongs to no exercise",
      piece: "After the exercise.",
      replacement: '## Next\n\n```ts test points=1 name="x"\n1;\n```',
      problem: `${line("After the exercise.") + 2}:1: This test belongs to no exercise — put it below a \`\`\`exercise fence, before the next heading, cell, exercise or quiz`,
    },
    {
      what: "a solution that marks no answer",
      piece: "  // begin answer\n",
      replacement: "",
      problem: `${line("  // begin answer")}:1: A starter line outside an answer — put it between // begin answer and // end answer`,
    },
    {
      what: "a choice with two right answers",
      piece: "  - text: growing for ever\n    feedback: Friction caps it.",
      replacement: "  - text: growing for ever\n    correct: true",
      problem: `${line("  - text: $10")}:3: One choice must be right, here 2 are — use kind: multiple, or unmark the others`,
    },
    {
      what: "a wrong choice without feedback",
      piece: "\n    feedback: Friction caps it.",
      replacement: "",
      problem: `${line("  - text: growing")}:5: A wrong choice needs feedback of its own — write feedback: what the student who chooses it has misunderstood`,
    },
    {
      what: "an unknown kind of quiz",
      piece: "kind: trace",
      replacement: "kind: trase",
      problem: `${line("kind: trace")}:1: The kind of quiz “trase” is not known — did you mean “trace”?`,
    },
    {
      what: "an id that is taken",
      piece: "id: terminal",
      replacement: "id: race",
      problem: `${line("id: terminal") - 1}:1: The id “race” is taken by the cell above — ids are unique in a lesson`,
    },
    {
      what: "HTML in the prose",
      piece: "Not everybody agrees.",
      replacement: "Not <b>everybody</b> agrees.",
      problem: `${line("> Not everybody")}:7: HTML is not part of a lesson: <b> — write it in Markdown`,
    },
    {
      what: "code inside a list",
      piece: "After the exercise.",
      replacement: "- item\n\n  ```ts\n  1;\n  ```",
      problem: `${line("After the exercise.") + 2}:3: Code must stand at the left margin, outside lists and quotes — move the fence out, or use \`inline code\``,
    },
    {
      what: "a formula in a hint",
      piece: "With $\\beta = 0$",
      replacement: "With $\\bta = 0$",
      problem: `${line("With $\\beta")}:7: This formula does not render: Undefined control sequence: \\bta — correct the TeX; macros are KaTeX's`,
    },
    {
      what: "a prediction for a cell that is not there",
      piece: "id: who-wins\n",
      replacement: "id: who-wins\ncell: rase\n",
      problem: `${line("id: who-wins") + 1}:7: There is no cell named “rase” — did you mean “race”?`,
    },
    {
      what: "a term under a heading that is not there",
      piece: "minutes: 30\n",
      replacement: "minutes: 30\nterms: [{ term: velocity, at: the-updates, means: What is kept. }]\n",
      problem: "7:31: No heading has the id #the-updates — did you mean “the-update”?",
    },
    {
      what: "a term twice",
      piece: "minutes: 30\n",
      replacement:
        "minutes: 30\nterms: [{ term: a, at: the-update, means: x }, { term: A, at: the-update, means: y }]\n",
      problem: "7:56: The term “A” stands here twice — keep one of them",
    },
    {
      what: "a heading of the first level",
      piece: "## The update",
      replacement: "# The update",
      problem: "11:1: The lesson's title stands in its front matter — begin with a heading of two: ##",
    },
    {
      what: "broken YAML",
      piece: "kind: choice\npoints: 2",
      replacement: "kind: choice\npoints: [2",
      problem: `${line("id: terminal") + 3}:1: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]`,
    },
  ];

  it.each(cases)("$what", ({ piece, replacement, problem }) => {
    expect(problemsOf(sampleWith(piece, replacement))).toContain(problem);
  });

  it("a fence that is never closed", () => {
    expect(problemsOf(`${sample}\n\`\`\`ts\nconst x = 1;\n`)).toEqual([
      `${sample.split("\n").length + 1}:1: This fence is never closed — end it with a line \`\`\``,
    ]);
  });

  it("no front matter", () => {
    expect(problemsOf("Hello.")[0]).toMatch(/^1:1: A lesson begins with its front matter/);
  });

  it("all mistakes are told at once, in the order of the source", () => {
    const found = problemsOf(
      sampleWith("live", "alive")
        .replace("kind: trace", "kind: trase")
        .replace("minutes: 30", "minutes: soon"),
    );
    expect(found.map((problem) => Number(problem.split(":")[0]))).toEqual([
      6,
      line("```ts name=race"),
      line("kind: trace"),
    ]);
  });

  it("a link or picture that leads to nothing is told when the folder is known", () => {
    const source = sampleWith(
      "After the exercise.",
      "See ![the bowl](assets/bowl.svg) and [data](./data.json).",
    );
    const { problems } = readLesson(source, { ...options, exists: (href) => href === "./data.json" });
    expect(problems.map(({ message }) => message)).toEqual(["The picture assets/bowl.svg leads to nothing"]);
  });
});

describe("any text at all", () => {
  const pieces = fc.constantFrom(
    "```",
    "```ts",
    "````md hint after=1\n",
    "$",
    "$$",
    "> [!NOTE]\n",
    "id: x\n",
    "```quiz\n",
    "```exercise\n",
    "\n",
    " ",
    "- ",
    "## a\n",
    "<b>",
    "\\",
    "x",
    "---\n",
    "kind: choice\n",
  );

  it("is read without an exception, and gives a lesson or a reason", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), fc.boolean(), (parts, withFrontMatter) => {
        const head = withFrontMatter ? "---\ntitle: t\nsummary: s\nobjectives: [o]\nminutes: 1\n---\n" : "";
        const { lesson, problems } = readLesson(head + parts.join(""), options);
        expect(lesson === null).toBe(problems.length > 0);
      }),
      { numRuns: 300 },
    );
  });
});
