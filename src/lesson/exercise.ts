// Reads an `exercise` fence and the fences that belong to it: solution, tests, misconceptions, feedback, hints.
import * as v from "valibot";
import { type Fence, Settings, codeOf } from "./fence.ts";
import { type Reference, renderMarkdown } from "./markdown.ts";
import type { Problems } from "./problems.ts";
import { identifier, identifierPattern, identifierRule, markdownText, points, positive } from "./schema.ts";
import type { SourceText } from "./source-text.ts";
import { deriveStarter } from "./starter.ts";
import type { Code, ExerciseBlock, Hint, Misconception, ProseBlock, Solution, Test } from "./types.ts";
import { readYaml } from "./yaml.ts";

const schema = v.strictObject({
  id: identifier,
  title: v.optional(v.string()),
  points,
  objective: markdownText,
  attempts: v.optional(
    v.pipe(v.number(), v.integer("must be a whole number"), v.minValue(1, "must be at least 1")),
  ),
  /** Seconds for each test. */
  timeout: v.optional(positive, 10),
});

/** The second word of the fences that only an exercise may hold. */
export const exerciseParts = ["solution", "test", "misconception", "feedback", "hint"] as const;
export type ExercisePart = (typeof exerciseParts)[number];

/** Which part of an exercise a fence is: `ts solution`, `ts test`, `ts misconception`, `md feedback`, `md hint`. */
export function exercisePart(fence: Fence): ExercisePart | null {
  const first = fence.words[0];
  if (first === undefined || first.value !== null) return null;
  const expected =
    fence.language === "ts"
      ? ["solution", "test", "misconception"]
      : fence.language === "md"
        ? ["feedback", "hint"]
        : [];
  return expected.includes(first.key) ? (first.key as ExercisePart) : null;
}

export class ExerciseBuilder {
  readonly #fence: Fence;
  readonly #text: SourceText;
  readonly #problems: Problems;
  readonly #references: Reference[];
  readonly #settings: v.InferOutput<typeof schema> | null;
  readonly #statement: ProseBlock[] = [];
  readonly #tests: Test[] = [];
  readonly #misconceptions: { id: string; code: Code; offset: number }[] = [];
  readonly #feedback = new Map<string, { html: string; offset: number }>();
  readonly #hints: Hint[] = [];
  #solution: Solution | null = null;
  #end: number;

  constructor(fence: Fence, text: SourceText, problems: Problems, references: Reference[]) {
    this.#fence = fence;
    this.#text = text;
    this.#problems = problems;
    this.#references = references;
    this.#end = fence.end;
    new Settings(fence, problems).done();
    this.#settings = readYaml(fence.body, fence.bodyStart, schema, problems)?.value ?? null;
  }

  get id(): string | null {
    return this.#settings?.id ?? null;
  }

  addStatement(prose: ProseBlock[]): void {
    this.#statement.push(...prose);
  }

  /** Adds a test that stands in another file. */
  addTests(tests: Test[]): void {
    this.#tests.push(...tests);
  }

  addPart(part: ExercisePart, fence: Fence): void {
    this.#end = fence.end;
    const settings = new Settings({ ...fence, words: fence.words.slice(1) }, this.#problems);
    switch (part) {
      case "solution": {
        if (this.#solution !== null)
          this.#problems.at(fence.start, "This exercise has two solutions", "keep one");
        const code = codeOf(fence, this.#text);
        this.#solution = { code, ...deriveStarter(code, this.#problems) };
        break;
      }
      case "test":
        this.#tests.push(readTest(settings, fence, this.#text));
        break;
      case "misconception": {
        const id = this.#identifier(settings, "id", fence);
        if (this.#misconceptions.some((other) => other.id === id))
          this.#problems.at(fence.start, `The misconception “${id}” stands here twice`, "give it another id");
        this.#misconceptions.push({ id, code: codeOf(fence, this.#text), offset: fence.start });
        break;
      }
      case "feedback": {
        const id = this.#identifier(settings, "for", fence);
        if (this.#feedback.has(id))
          this.#problems.at(fence.start, `The feedback for “${id}” stands here twice`, "keep one");
        this.#feedback.set(id, { html: this.#markdown(fence), offset: fence.start });
        break;
      }
      case "hint":
        this.#hints.push({
          after: settings.number("after", { otherwise: null, integer: true }),
          html: this.#markdown(fence),
        });
        break;
    }
    settings.done();
  }

  finish(): ExerciseBlock | null {
    const settings = this.#settings;
    const problems = this.#problems;
    const at = this.#fence.start;
    if (settings === null) return null;
    if (this.#solution === null)
      problems.at(at, `The exercise “${settings.id}” has no solution`, "add a ```ts solution fence below it");
    if (!this.#tests.some((test) => !test.hidden))
      problems.at(
        at,
        `The exercise “${settings.id}” has no visible test`,
        'add a ```ts test points=… name="…" fence',
      );
    const sum = this.#tests.reduce((total, test) => total + test.points, 0);
    if (this.#tests.length > 0 && sum !== settings.points)
      problems.at(
        at,
        `The tests of “${settings.id}” are worth ${sum} points, the exercise ${settings.points}`,
        "make them equal",
      );
    const names = new Set<string>();
    for (const test of this.#tests) {
      if (names.has(test.name))
        problems.at(
          test.code.span.start.offset,
          `Two tests of “${settings.id}” are named “${test.name}”`,
          "give each a name of its own",
        );
      names.add(test.name);
    }
    for (const [id, { offset }] of this.#feedback)
      if (!this.#misconceptions.some((misconception) => misconception.id === id))
        problems.at(
          offset,
          `No misconception “${id}” stands in this exercise`,
          `add \`\`\`ts misconception id=${id}`,
        );
    const misconceptions = this.#misconceptions.map(({ id, code, offset }): Misconception => {
      const feedback = this.#feedback.get(id);
      if (feedback === undefined)
        problems.at(
          offset,
          `The misconception “${id}” has no feedback`,
          `add a \`\`\`md feedback for=${id} fence`,
        );
      return { id, code, feedbackHtml: feedback?.html ?? "" };
    });
    if (this.#solution === null) return null;
    return {
      kind: "exercise",
      id: settings.id,
      title: settings.title ?? null,
      points: settings.points,
      objective: settings.objective,
      attempts: settings.attempts ?? null,
      timeout: settings.timeout,
      statement: this.#statement,
      solution: this.#solution,
      tests: this.#tests,
      misconceptions,
      hints: this.#hints.sort((a, b) => a.after - b.after),
      span: this.#text.span(this.#fence.start, this.#end),
    };
  }

  #identifier(settings: Settings, key: string, fence: Fence): string {
    const id = settings.required(key, `${key}=…`);
    if (id !== "" && !identifierPattern.test(id))
      this.#problems.at(fence.infoStart, `“${id}” is no id`, `use ${identifierRule}`);
    return id;
  }

  #markdown(fence: Fence): string {
    return renderMarkdown(fence.body, {
      problems: this.#problems,
      offset: fence.bodyStart,
      references: this.#references,
    });
  }
}

/** Reads a `ts test` fence whose word `test` is already taken off. */
export function readTest(settings: Settings, fence: Fence, text: SourceText): Test {
  return {
    name: settings.required("name", 'name="what the test shows"'),
    points: settings.number("points", { otherwise: null }),
    hidden: settings.flag("hidden"),
    cases: settings.number("cases", { otherwise: 1, integer: true, least: 1 }),
    code: codeOf(fence, text),
  };
}
