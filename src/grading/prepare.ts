// Makes of a lesson what a page may have: no solution, no hidden test, no code of a misconception. On the way
// everything that only running can show is found out: what misconceptions do, and what traced programs print.
import type { ExerciseBlock, Lesson, LessonProblem, TraceQuiz } from "../lesson/index.ts";
import { compileCell, type Inspection, type KernelHost, type Output } from "../runtime/index.ts";
import { within } from "./judge/time.ts";
import { probeMisconceptions, type ProbingTrouble } from "./probes.ts";
import { problemAt, problemInCode } from "./problems.ts";
import type { PublicBlock, PublicExerciseBlock, PublicLesson } from "./public-lesson.ts";
import { normaliseTrace } from "./quiz.ts";

/** A traced program that has not ended by then never will, in milliseconds. */
const TRACE_LIMIT = 10_000;

/** The public form of a lesson, and what is wrong in it. Runs the lesson's code on `host`. */
export async function preparePublicLesson(
  lesson: Lesson,
  host: KernelHost,
): Promise<{ lesson: PublicLesson; problems: LessonProblem[] }> {
  const { id, version, frontMatter } = lesson;
  const problems: LessonProblem[] = [];
  const blocks: PublicBlock[] = [];
  for (const block of lesson.blocks) {
    switch (block.kind) {
      case "exercise": {
        const prepared = await prepareExercise(block, host);
        blocks.push(prepared.block);
        problems.push(...prepared.problems);
        break;
      }
      case "quiz":
        if (block.quiz === "trace") problems.push(...(await checkTrace(block, host)));
        blocks.push(block);
        break;
      case "heading":
      case "prose":
      case "cell":
      case "static":
      case "predict":
        blocks.push(block);
    }
  }
  return { lesson: { id, version, ...frontMatter, blocks }, problems };
}

async function prepareExercise(
  exercise: ExerciseBlock,
  host: KernelHost,
): Promise<{ block: PublicExerciseBlock; problems: LessonProblem[] }> {
  const { probes, trouble } = await probeMisconceptions(exercise, host);
  const visible = exercise.tests.filter((test) => !test.hidden);
  const hiddenPoints = exercise.tests
    .filter((test) => test.hidden)
    .reduce((total, test) => total + test.points, 0);
  const block: PublicExerciseBlock = {
    kind: "exercise",
    statementHtml: exercise.statement.map((prose) => prose.html).join("\n"),
    exercise: {
      id: exercise.id,
      title: exercise.title,
      points: exercise.points,
      hiddenPoints,
      objective: exercise.objective,
      attempts: exercise.attempts,
      timeout: exercise.timeout,
      starter: exercise.solution.starter,
      tests: visible.map(({ name, points, cases, code }) => ({ name, points, cases, source: code.source })),
      hints: exercise.hints.map(({ after, html }) => ({ after, html })),
      feedback: exercise.misconceptions.map((misconception) => ({
        misconception: misconception.id,
        html: misconception.feedbackHtml,
      })),
      probes,
    },
  };
  return { block, problems: trouble.map((found) => describeTrouble(exercise, found)) };
}

const SEPARATE = "add a visible test with a case on which they differ";

function describeTrouble(exercise: ExerciseBlock, trouble: ProbingTrouble): LessonProblem {
  if (trouble.kind === "no-calls") {
    const { span } = exercise.solution.code;
    return trouble.message === null
      ? problemAt(
          span,
          `No visible test of “${exercise.id}” calls the answer, so no misconception can be recognised`,
          "call what the answer declares: await student.name(…)",
        )
      : problemAt(span, `The solution of “${exercise.id}” does not run: ${trouble.message}`);
  }
  const id = trouble.misconception;
  const span =
    exercise.misconceptions.find((misconception) => misconception.id === id)?.code.span ?? exercise.span;
  switch (trouble.kind) {
    case "does-not-run":
      return problemAt(
        span,
        `The misconception “${id}” does not run: ${trouble.message}`,
        "write code that runs",
      );
    case "never-returns":
      return problemAt(
        span,
        `The misconception “${id}” gives no result on any call of the visible tests, so any answer that throws would look like it`,
        "let it give a wrong result, and declare every name that the tests call",
      );
    case "like-solution":
      return problemAt(
        span,
        `The misconception “${id}” gives what the solution gives on every call of the visible tests, so it cannot be recognised`,
        SEPARATE,
      );
    case "like-another":
      return problemAt(
        span,
        `The misconceptions “${id}” and “${trouble.other}” give the same on every call of the visible tests, so they cannot be told apart`,
        SEPARATE,
      );
  }
}

/** Runs a traced program and compares what it prints with the stored answer. */
async function checkTrace(quiz: TraceQuiz, host: KernelHost): Promise<LessonProblem[]> {
  const { span, source } = quiz.program;
  const compiled = compileCell(quiz.id, source, { standalone: true });
  if (!compiled.ok) {
    return [problemInCode(span, compiled.error, `The program does not compile: ${compiled.error.message}`)];
  }
  const outputs: Output[] = [];
  const kernel = await host.start();
  try {
    const run = kernel.run(compiled.program, { onOutputs: (more) => outputs.push(...more) });
    const ended = await within(run, TRACE_LIMIT, undefined);
    if (!ended.ended || ended.value.kernelLost) {
      return [problemAt(span, "The program does not end", `make it end within ${TRACE_LIMIT / 1000} s`)];
    }
    const { status, error } = ended.value;
    if (error !== null)
      return [problemInCode(span, error, `The program throws ${error.name}: ${error.message}`)];
    if (status !== "ok") return [problemAt(span, "The program was stopped before its end")];
  } finally {
    kernel.dispose();
  }
  const dropped = outputs.some((output) => output.kind === "dropped");
  if (dropped) return [problemAt(span, "The program prints too much to be traced", "print a few lines")];
  const printed = printedLines(outputs).join("\n");
  if (normaliseTrace(printed) === normaliseTrace(quiz.answer)) return [];
  const told = printed === "" ? "nothing" : JSON.stringify(printed);
  return [
    problemAt(
      quiz.span,
      `The stored answer of the quiz “${quiz.id}” is ${JSON.stringify(quiz.answer)}, but the program prints ${told}`,
      printed === "" ? "let the program print with console.log" : `answer: ${told}`,
    ),
  ];
}

/** What a program logged, a line for each call, as a console shows it. */
function printedLines(outputs: readonly Output[]): string[] {
  return outputs.flatMap((output) =>
    output.kind === "log" ? [output.parts.map((part) => printed(part, true)).join(" ")] : [],
  );
}

function printed(value: Inspection, top: boolean): string {
  switch (value.kind) {
    case "primitive":
      return value.text;
    case "array":
      return value.items.length === 0
        ? "[]"
        : `[${value.items.map((item) => printed(item, false)).join(", ")}]`;
    case "object": {
      const entries = value.entries.map(({ key, value }) => `${key}: ${printed(value, false)}`);
      return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
    }
    case "map":
      return `Map { ${value.entries.map((entry) => `${printed(entry.key, false)} => ${printed(entry.value, false)}`).join(", ")} }`;
    case "set":
      return `Set { ${value.items.map((item) => printed(item, false)).join(", ")} }`;
    case "function":
      return value.name;
    case "error":
      return `${value.name}: ${value.message}`;
    case "tensor":
      return JSON.stringify(value.excerpt);
    case "cut":
      return top ? value.text : "…";
  }
}
