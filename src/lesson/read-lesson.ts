// Markdown in, a typed lesson out. What the reader does not know is an error with its place, never shown as text or skipped.
import { createHash } from "node:crypto";
import GithubSlugger from "github-slugger";
import type { Token, Tokens } from "marked";
import * as v from "valibot";
import { ExerciseBuilder, exercisePart, exerciseParts } from "./exercise.ts";
import { type Fence, Settings, codeOf, readFence } from "./fence.ts";
import { readHiddenTests } from "./hidden-tests.ts";
import { type Reference, lex, renderInline, renderTokens } from "./markdown.ts";
import { readPredict } from "./predict.ts";
import { lessonNameProblem } from "./lesson-name.ts";
import { Problems, suggest } from "./problems.ts";
import { readQuiz } from "./quiz.ts";
import { identifierPattern, identifierRule, markdownText, positive } from "./schema.ts";
import { SourceText } from "./source-text.ts";
import type {
  Block,
  CellBlock,
  GlossaryTerm,
  Lesson,
  LessonProblem,
  ProseBlock,
  StaticCodeBlock,
  Test,
} from "./types.ts";
import { type YamlSettings, readYaml } from "./yaml.ts";

export interface ReadLessonOptions {
  /** The folder's name. */
  id: string;
  /** The file's name as problems are to show it. */
  file: string;
  /** Hidden tests that stand in a file of their own (`lesson.hidden.md`). */
  hidden?: { source: string; file: string };
  /** Whether a relative link or picture leads anywhere; without it they are not checked. */
  exists?: (href: string) => boolean;
  /** The ids of the headings that a link's target has; `null` where it is no lesson. */
  anchorsOf?: (href: string) => readonly string[] | null;
}

const frontMatterSchema = v.strictObject({
  title: markdownText,
  summary: markdownText,
  objectives: v.pipe(v.array(markdownText), v.minLength(1, "needs at least one objective")),
  prerequisites: v.optional(v.array(v.string()), []),
  minutes: positive,
  terms: v.optional(
    v.array(v.strictObject({ term: markdownText, at: markdownText, means: markdownText })),
    [],
  ),
});

type FrontMatterSettings = v.InferOutput<typeof frontMatterSchema>;

/** Languages that may be shown with `static` beside TypeScript. */
const shownLanguages = ["ts", "js", "json", "yaml", "sh", "text", "python", "html", "css", "md"];

/**
 * Reads a lesson. `lesson` is `null` when there is any problem: a lesson with mistakes is not published in part.
 * Problems are in the order of the source.
 */
export function readLesson(
  source: string,
  options: ReadLessonOptions,
): { lesson: Lesson | null; problems: LessonProblem[] } {
  const text = new SourceText(source, options.file);
  const problems = new Problems(text);
  const nameProblem = lessonNameProblem(options.id);
  if (nameProblem !== null)
    problems.at(0, `The folder's name “${options.id}” ${nameProblem}`, "rename the folder");
  const hidden =
    options.hidden === undefined ? null : readHiddenTests(options.hidden.source, options.hidden.file);
  const { settings, bodyStart } = readFrontMatter(text, problems, options);
  const reader = new BlockReader(text, problems, hidden?.tests ?? new Map());
  reader.read(lex(text.text.slice(bodyStart)), bodyStart);
  const frontMatter = settings === null ? null : { ...settings.value, terms: reader.readTerms(settings) };
  const blocks = reader.finish(options);
  if (frontMatter !== null) checkObjectives(blocks, frontMatter, problems);
  for (const [exercise, tests] of hidden?.tests ?? [])
    if (!blocks.some((block) => block.kind === "exercise" && block.id === exercise)) {
      const { start, file } = tests[0]!.code.span;
      hidden!.problems.push({
        file,
        line: start.line,
        column: start.column,
        message: `The lesson has no exercise “${exercise}”`,
        fix: "name one that it has",
      });
    }
  const found = [...problems.sorted(), ...(hidden?.problems ?? [])];
  if (found.length > 0 || frontMatter === null) return { lesson: null, problems: found };
  const version = createHash("sha256").update(text.text).digest("hex");
  return { lesson: { id: options.id, file: options.file, version, frontMatter, blocks }, problems: [] };
}

/** An exercise serves one of the objectives that the reader was promised at the top. */
function checkObjectives(
  blocks: readonly Block[],
  { objectives }: Pick<FrontMatterSettings, "objectives">,
  problems: Problems,
): void {
  for (const block of blocks) {
    if (block.kind !== "exercise" || objectives.includes(block.objective)) continue;
    problems.at(
      block.span.start.offset,
      `The objective of “${block.id}” is none of the lesson's: ${block.objective}`,
      suggest(block.objective, objectives),
    );
  }
}

/** The ids that links may lead to in a lesson, whatever else is wrong with it. */
export function headingIds(source: string): string[] {
  const { text } = new SourceText(source, "");
  const slugger = new GithubSlugger();
  return lex(text.replace(frontMatterPattern, "")).flatMap((token) =>
    token.type === "heading" ? [slugger.slug(plainText(token.tokens ?? []))] : [],
  );
}

const frontMatterPattern = /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n|$)/;

function readFrontMatter(
  text: SourceText,
  problems: Problems,
  { id, exists }: ReadLessonOptions,
): { settings: YamlSettings<FrontMatterSettings> | null; bodyStart: number } {
  const match = frontMatterPattern.exec(text.text);
  if (match === null) {
    problems.at(
      0,
      "A lesson begins with its front matter",
      "write ---, then title, summary, objectives and minutes, then ---",
    );
    return { settings: null, bodyStart: 0 };
  }
  const settings = readYaml(match[1]!, match[0].indexOf("\n") + 1, frontMatterSchema, problems);
  settings?.value.prerequisites.forEach((chapter, index) => {
    const at = settings.offsetOf(["prerequisites", index]);
    if (chapter === id) problems.at(at, "A chapter cannot build on itself", "name an earlier one");
    else if (exists !== undefined && !exists(`../${chapter}/lesson.md`))
      problems.at(
        at,
        `There is no chapter “${chapter}” beside this one`,
        "write the name of a chapter's folder",
      );
  });
  return { settings, bodyStart: match[0].length };
}

class BlockReader {
  readonly #text: SourceText;
  readonly #problems: Problems;
  readonly #hiddenTests: ReadonlyMap<string, Test[]>;
  readonly #blocks: Block[] = [];
  readonly #references: Reference[] = [];
  readonly #slugger = new GithubSlugger();
  readonly #anchors = new Set<string>();
  readonly #waiting: { predict: Block & { kind: "predict" }; offset: number }[] = [];
  /** The exercise that further fences belong to, and the prose since its last one: the statement goes on if another follows. */
  #exercise: ExerciseBuilder | null = null;
  #pending: ProseBlock[] = [];
  #cells = 0;

  constructor(text: SourceText, problems: Problems, hiddenTests: ReadonlyMap<string, Test[]>) {
    this.#text = text;
    this.#problems = problems;
    this.#hiddenTests = hiddenTests;
  }

  read(tokens: Token[], bodyStart: number): void {
    let offset = bodyStart;
    let prose: { tokens: Token[]; start: number } | null = null;
    const flush = (end: number) => {
      if (prose !== null && prose.tokens.some((token) => token.type !== "space"))
        this.#addProse(prose.tokens, prose.start, end);
      prose = null;
    };
    for (const token of tokens) {
      if (token.type === "code") {
        flush(offset);
        const fence = readFence(token as Tokens.Code, offset, this.#problems);
        if (fence !== null) this.#addFence(fence);
      } else if (token.type === "heading") {
        flush(offset);
        this.#addHeading(token as Tokens.Heading, offset);
      } else {
        prose ??= { tokens: [], start: offset };
        prose.tokens.push(token);
      }
      offset += token.raw.length;
    }
    flush(offset);
  }

  /** The glossary's terms: each once, each under a heading that is there. */
  readTerms({ value, offsetOf }: YamlSettings<FrontMatterSettings>): GlossaryTerm[] {
    const problems = this.#problems;
    const seen = new Set<string>();
    return value.terms.map(({ term, at, means }, index) => {
      const placeOf = (key: string) => offsetOf(["terms", index, key]);
      if (seen.has(term.toLowerCase()))
        problems.at(placeOf("term"), `The term “${term}” stands here twice`, "keep one of them");
      seen.add(term.toLowerCase());
      if (!this.#anchors.has(at))
        problems.at(placeOf("at"), `No heading has the id #${at}`, suggest(at, [...this.#anchors]));
      const html = renderInline(means, {
        problems,
        offset: placeOf("means"),
        references: this.#references,
      });
      return { term, at, html };
    });
  }

  finish(options: ReadLessonOptions): Block[] {
    this.#closeExercise();
    this.#placePredictions();
    this.#checkIds();
    this.#checkReferences(options);
    return this.#blocks;
  }

  #addProse(tokens: Token[], start: number, end: number): void {
    const raw = this.#text.text.slice(start, end);
    const html = renderTokens(tokens, {
      problems: this.#problems,
      raw,
      offset: start,
      references: this.#references,
    }).trim();
    if (html === "") return;
    const block: ProseBlock = {
      kind: "prose",
      html,
      span: this.#text.span(start, start + raw.trimEnd().length),
    };
    (this.#exercise === null ? this.#blocks : this.#pending).push(block);
  }

  #addHeading(token: Tokens.Heading, start: number): void {
    this.#closeExercise();
    if (token.depth === 1)
      this.#problems.at(
        start,
        "The lesson's title stands in its front matter",
        "begin with a heading of two: ##",
      );
    const options = { problems: this.#problems, offset: start, references: this.#references };
    const html = renderInline(token.text, options);
    const text = plainText(token.tokens ?? []);
    const id = this.#slugger.slug(text);
    this.#anchors.add(id);
    const depth = Math.min(6, Math.max(1, token.depth)) as 1 | 2 | 3 | 4 | 5 | 6;
    this.#blocks.push({
      kind: "heading",
      heading: { depth, id, text, html },
      span: this.#text.span(start, start + token.raw.trimEnd().length),
    });
  }

  #addFence(fence: Fence): void {
    const part = exercisePart(fence);
    if (part !== null) {
      if (this.#exercise === null) {
        this.#problems.at(
          fence.start,
          `This ${part} belongs to no exercise`,
          "put it below a ```exercise fence, before the next heading, cell, exercise or quiz",
        );
        return;
      }
      this.#exercise.addStatement(this.#pending);
      this.#pending = [];
      this.#exercise.addPart(part, fence);
      return;
    }
    this.#closeExercise();
    switch (fence.language) {
      case "exercise":
        this.#exercise = new ExerciseBuilder(fence, this.#text, this.#problems, this.#references);
        return;
      case "quiz": {
        new Settings(fence, this.#problems).done();
        const quiz = readQuiz(fence, this.#text, this.#problems, this.#references);
        if (quiz !== null) this.#blocks.push(quiz);
        return;
      }
      case "predict": {
        new Settings(fence, this.#problems).done();
        const predict = readPredict(fence, this.#text, this.#problems, this.#references);
        if (predict === null) return;
        this.#blocks.push(predict.block);
        this.#waiting.push({ predict: predict.block, offset: predict.cellOffset });
        return;
      }
      default:
        this.#addCode(fence);
    }
  }

  #addCode(fence: Fence): void {
    const isStatic = fence.words[0]?.key === "static" && fence.words[0].value === null;
    if (isStatic && shownLanguages.includes(fence.language)) {
      const settings = new Settings({ ...fence, words: fence.words.slice(1) }, this.#problems);
      const checked = !settings.flag("unchecked") && fence.language === "ts";
      settings.done();
      const block: StaticCodeBlock = {
        kind: "static",
        language: fence.language,
        source: fence.body,
        checked,
        span: this.#text.span(fence.start, fence.end),
      };
      this.#blocks.push(block);
      return;
    }
    if (fence.language !== "ts") {
      const isShown = shownLanguages.includes(fence.language);
      const isPart = exerciseParts.find((part) => part === fence.language);
      this.#problems.at(
        fence.infoStart,
        `“${fence.language}” is no kind of block`,
        isShown
          ? `write ${fence.language} static to show it`
          : isPart === undefined
            ? suggest(fence.language, ["ts", "exercise", "quiz", "predict", "md"])
            : `write ${isPart === "feedback" || isPart === "hint" ? "md" : "ts"} ${isPart}`,
      );
      return;
    }
    this.#addCell(fence);
  }

  #addCell(fence: Fence): void {
    this.#cells += 1;
    const settings = new Settings(fence, this.#problems);
    const name = settings.text("name");
    if (name !== null && !identifierPattern.test(name))
      this.#problems.at(fence.infoStart, `“${name}” is no name for a cell`, `use ${identifierRule}`);
    const cell: CellBlock = {
      kind: "cell",
      id: name ?? `cell-${this.#cells}`,
      named: name !== null,
      code: codeOf(fence, this.#text),
      run: settings.oneOf("run", ["demand", "load"], "demand"),
      live: settings.flag("live"),
      fold: settings.flag("fold"),
      readonly: settings.flag("readonly"),
    };
    settings.done();
    if (fence.body.trim() === "")
      this.#problems.at(fence.start, "This cell is empty", "write some code, or remove it");
    this.#blocks.push(cell);
  }

  #closeExercise(): void {
    if (this.#exercise === null) return;
    this.#exercise.addTests(this.#hiddenTests.get(this.#exercise.id ?? "") ?? []);
    const block = this.#exercise.finish();
    if (block !== null) this.#blocks.push(block);
    this.#blocks.push(...this.#pending);
    this.#pending = [];
    this.#exercise = null;
  }

  #placePredictions(): void {
    for (const { predict, offset } of this.#waiting) {
      const cells = this.#blocks.filter((block) => block.kind === "cell");
      if (predict.cell === "") {
        const next = this.#blocks.slice(this.#blocks.indexOf(predict)).find((block) => block.kind === "cell");
        if (next === undefined)
          this.#problems.at(
            offset,
            "No cell follows this prediction",
            "put it above the cell that shows what happens",
          );
        else predict.cell = next.id;
      } else if (!cells.some((cell) => cell.id === predict.cell)) {
        this.#problems.at(
          offset,
          `There is no cell named “${predict.cell}”`,
          suggest(
            predict.cell,
            cells.filter((cell) => cell.named).map((cell) => cell.id),
          ),
        );
      }
    }
  }

  #checkIds(): void {
    const seen = new Map<string, string>();
    for (const block of this.#blocks) {
      if (block.kind === "heading" || block.kind === "prose" || block.kind === "static") continue;
      const offset = block.kind === "cell" ? block.code.span.start.offset : block.span.start.offset;
      const earlier = seen.get(block.id);
      if (earlier !== undefined)
        this.#problems.at(
          offset,
          `The id “${block.id}” is taken by the ${earlier} above`,
          "ids are unique in a lesson",
        );
      seen.set(block.id, block.kind);
    }
  }

  #checkReferences({ exists, anchorsOf }: ReadLessonOptions): void {
    for (const { href, offset, image } of this.#references) {
      const what = image ? "picture" : "link";
      if (href.startsWith("#")) {
        if (!this.#anchors.has(decodeURIComponent(href.slice(1))))
          this.#problems.at(
            offset,
            `No heading has the id ${href}`,
            suggest(href.slice(1), [...this.#anchors]),
          );
      } else if (/^(?:https?:|mailto:)/i.test(href)) {
        if (image)
          this.#problems.at(
            offset,
            "A picture must lie beside the lesson, so that it is there offline",
            "put it into assets/",
          );
      } else if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href)) {
        this.#problems.at(
          offset,
          `The ${what} ${href} leads nowhere a lesson may lead`,
          "use https:, mailto: or a relative path",
        );
      } else if (exists !== undefined && !exists(href)) {
        this.#problems.at(
          offset,
          `The ${what} ${href} leads to nothing`,
          "correct the path; it is relative to the lesson's folder",
        );
      } else if (!image && href.includes("#")) {
        const anchors = anchorsOf?.(href) ?? null;
        const anchor = decodeURIComponent(href.slice(href.indexOf("#") + 1));
        if (anchors !== null && !anchors.includes(anchor))
          this.#problems.at(
            offset,
            `No heading of that lesson has the id #${anchor}`,
            suggest(anchor, anchors),
          );
      }
    }
  }
}

/** The words of a heading without its marks; a formula gives its TeX. */
function plainText(tokens: Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === "formula") return (token as Tokens.Generic & { tex: string }).tex;
      if ("tokens" in token && token.tokens !== undefined) return plainText(token.tokens);
      return "text" in token ? String(token.text) : "";
    })
    .join("")
    .trim();
}
