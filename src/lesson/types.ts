// What a lesson is once it has been read: blocks in document order, each with its place in the source.
// Everything here is plain data; text that a reader sees is already HTML.

/** A place in a source file. Lines and columns start at 1, offsets at 0. */
export interface Position {
  line: number;
  column: number;
  offset: number;
}

/** A stretch of one source file; `end` is the place just after its last character. */
export interface Span {
  file: string;
  start: Position;
  end: Position;
}

/** One thing that is wrong in a lesson, and what to write instead. */
export interface LessonProblem {
  file: string;
  line: number;
  column: number;
  /** What is wrong. */
  message: string;
  /** What to write instead. */
  fix?: string;
}

/** The YAML between the two `---` at the top of a lesson. */
export interface FrontMatter {
  title: string;
  summary: string;
  objectives: string[];
  /** Ids (folder names) of chapters to read first. */
  prerequisites: string[];
  /** Reading and working time, in minutes. */
  minutes: number;
  /** What the chapter adds to the course's glossary. */
  terms: GlossaryTerm[];
}

export interface GlossaryTerm {
  term: string;
  /** The id of the heading under which the chapter teaches it. */
  at: string;
  /** What it means, in a sentence or two. */
  html: string;
}

export interface Heading {
  depth: 1 | 2 | 3 | 4 | 5 | 6;
  /** Unique in the lesson; the target of links. */
  id: string;
  text: string;
  html: string;
}

/** A whole lesson, with its solutions and hidden tests: for the build, `check` and `grade` only. */
export interface Lesson {
  /** The folder's name. */
  id: string;
  file: string;
  /** sha256 (hex) of the source, which a submission names. */
  version: string;
  frontMatter: FrontMatter;
  blocks: Block[];
}

export type Block =
  | HeadingBlock
  | ProseBlock
  | CellBlock
  | StaticCodeBlock
  | ExerciseBlock
  | QuizBlock
  | PredictBlock;

export interface HeadingBlock {
  kind: "heading";
  heading: Heading;
  span: Span;
}

/** Paragraphs, lists, tables, formulas, call-outs: HTML, safe to put into a page. */
export interface ProseBlock {
  kind: "prose";
  html: string;
  span: Span;
}

/** Runnable source with the place of its first character, so that errors can name a line of the lesson. */
export interface Code {
  source: string;
  span: Span;
}

export interface CellBlock {
  kind: "cell";
  /** The author's `name=`, or `cell-1`, `cell-2`, … in document order. */
  id: string;
  named: boolean;
  code: Code;
  run: "demand" | "load";
  /** Runs again by itself when an input above it changes. */
  live: boolean;
  fold: boolean;
  readonly: boolean;
}

/** Code that is shown and never run. */
export interface StaticCodeBlock {
  kind: "static";
  language: string;
  source: string;
  /** `false` for `unchecked`: its types are not checked either. */
  checked: boolean;
  span: Span;
}

export interface ExerciseBlock {
  kind: "exercise";
  id: string;
  title: string | null;
  points: number;
  objective: string;
  /** How often a student may check the answer; `null` is without limit. */
  attempts: number | null;
  /** Wall-clock limit of each test, in seconds. */
  timeout: number;
  /** Prose that stands among the exercise's fences, above the editor. */
  statement: ProseBlock[];
  solution: Solution;
  tests: Test[];
  misconceptions: Misconception[];
  hints: Hint[];
  span: Span;
}

export interface Solution {
  code: Code;
  /** The solution with each answer replaced by its `// starter:` lines: what the student begins with. */
  starter: string;
  /** The solution as it is shown to a student: without the marker lines. */
  shown: string;
}

export interface Test {
  name: string;
  points: number;
  hidden: boolean;
  /** How many seeds the test runs with; all must pass. */
  cases: number;
  code: Code;
}

export interface Misconception {
  id: string;
  code: Code;
  feedbackHtml: string;
}

export interface Hint {
  /** Failed attempts after which the hint may be asked for. */
  after: number;
  html: string;
}

interface QuizBase {
  kind: "quiz";
  id: string;
  points: number;
  questionHtml: string;
  /** Shown once the quiz is answered rightly or given up. */
  explanationHtml: string | null;
  span: Span;
}

export interface Choice {
  html: string;
  correct: boolean;
  feedbackHtml: string | null;
}

export interface ChoiceQuiz extends QuizBase {
  quiz: "choice";
  choices: Choice[];
}

export interface MultipleQuiz extends QuizBase {
  quiz: "multiple";
  choices: Choice[];
}

export interface NumericQuiz extends QuizBase {
  quiz: "numeric";
  answer: number;
  /** Largest accepted |given − answer|. */
  tolerance: number;
  unit: string | null;
  /** Known wrong numbers with their own feedback. */
  feedback: { value: number; tolerance: number; html: string }[];
}

export interface ShortQuiz extends QuizBase {
  quiz: "short";
  /** Accepted answers; compared without regard to case, outer spaces and repeated spaces. */
  accept: string[];
  feedback: { answer: string; html: string }[];
}

/** Shows a program and asks what it prints. */
export interface TraceQuiz extends QuizBase {
  quiz: "trace";
  program: Code;
  /** What the program logs, line by line; the build runs it and refuses a wrong one. */
  answer: string;
  feedback: { answer: string; html: string }[];
}

export type QuizBlock = ChoiceQuiz | MultipleQuiz | NumericQuiz | ShortQuiz | TraceQuiz;

interface PredictBase {
  kind: "predict";
  id: string;
  questionHtml: string;
  /** The cell that waits for the guess: `cell:` in the YAML, or the next cell below. */
  cell: string;
  /** Shown beside the guess once the cell has run. */
  outcomeHtml: string | null;
  span: Span;
}

export interface ChoicePredict extends PredictBase {
  predict: "choice";
  choices: { html: string; correct: boolean }[];
}

export interface NumberPredict extends PredictBase {
  predict: "number";
  unit: string | null;
  min: number | null;
  max: number | null;
}

/** The reader draws a curve; the cell reveals the real one with `outcome(id, curve)`. */
export interface SketchPredict extends PredictBase {
  predict: "sketch";
  x: { label: string; domain: [number, number] };
  y: { label: string; domain: [number, number] };
}

export type PredictBlock = ChoicePredict | NumberPredict | SketchPredict;

/** The order of chapters, from `lessons/course.yaml`. Lessons that it does not list follow in the order of their folder names. */
export interface Course {
  id: string;
  title: string;
  summary: string;
  language: string;
  lessons: string[];
}
