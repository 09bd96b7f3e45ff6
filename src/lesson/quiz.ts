// Reads a `quiz` fence: choice, multiple, numeric, short or trace.
import * as v from "valibot";
import type { Fence } from "./fence.ts";
import { readKind } from "./kind.ts";
import { type Reference, renderInline, renderMarkdown } from "./markdown.ts";
import type { Problems } from "./problems.ts";
import { identifier, markdownText, points } from "./schema.ts";
import type { SourceText } from "./source-text.ts";
import type { Choice, QuizBlock } from "./types.ts";
import { readYaml } from "./yaml.ts";

const kinds = ["choice", "multiple", "numeric", "short", "trace"] as const;

const common = {
  id: identifier,
  points,
  question: markdownText,
  explanation: v.optional(markdownText),
};

const choices = v.pipe(
  v.array(
    v.strictObject({
      text: markdownText,
      correct: v.optional(v.boolean(), false),
      feedback: v.optional(markdownText),
    }),
  ),
  v.minLength(2, "a choice needs at least two answers"),
);

const schemas = {
  choice: v.strictObject({ kind: v.literal("choice"), ...common, choices }),
  multiple: v.strictObject({ kind: v.literal("multiple"), ...common, choices }),
  numeric: v.strictObject({
    kind: v.literal("numeric"),
    ...common,
    answer: v.number(),
    tolerance: v.optional(v.pipe(v.number(), v.minValue(0, "must not be negative")), 0),
    unit: v.optional(v.string()),
    feedback: v.optional(
      v.array(
        v.strictObject({ value: v.number(), tolerance: v.optional(v.number(), 0), text: markdownText }),
      ),
      [],
    ),
  }),
  short: v.strictObject({
    kind: v.literal("short"),
    ...common,
    accept: v.pipe(v.array(v.string()), v.minLength(1, "needs at least one accepted answer")),
    feedback: v.optional(v.array(v.strictObject({ answer: v.string(), text: markdownText })), []),
  }),
  trace: v.strictObject({
    kind: v.literal("trace"),
    ...common,
    program: markdownText,
    answer: v.string(),
    feedback: v.optional(v.array(v.strictObject({ answer: v.string(), text: markdownText })), []),
  }),
};

export function readQuiz(
  fence: Fence,
  text: SourceText,
  problems: Problems,
  references: Reference[],
): QuizBlock | null {
  const kind = readKind(fence, "quiz", kinds, problems);
  if (kind === null) return null;
  const settings = readYaml(fence.body, fence.bodyStart, schemas[kind], problems);
  if (settings === null) return null;
  const { value, offsetOf } = settings;
  const render = (markdown: string, ...path: (string | number)[]) =>
    renderMarkdown(markdown, { problems, offset: offsetOf(path), references });
  const base = {
    kind: "quiz" as const,
    id: value.id,
    points: value.points,
    questionHtml: render(value.question, "question"),
    explanationHtml: value.explanation === undefined ? null : render(value.explanation, "explanation"),
    span: text.span(fence.start, fence.end),
  };
  switch (value.kind) {
    case "choice":
    case "multiple": {
      const list = value.choices.map((choice, index): Choice => ({
        html: renderInline(choice.text, {
          problems,
          offset: offsetOf(["choices", index, "text"]),
          references,
        }),
        correct: choice.correct,
        feedbackHtml:
          choice.feedback === undefined ? null : render(choice.feedback, "choices", index, "feedback"),
      }));
      checkChoices(value.kind, list, offsetOf, problems);
      return { ...base, quiz: value.kind, choices: list };
    }
    case "numeric": {
      value.feedback.forEach((wrong, index) => {
        if (Math.abs(wrong.value - value.answer) <= Math.max(value.tolerance, wrong.tolerance))
          problems.at(
            offsetOf(["feedback", index, "value"]),
            `${wrong.value} is accepted as right, so its feedback is never shown`,
            "give a wrong number",
          );
      });
      return {
        ...base,
        quiz: "numeric",
        answer: value.answer,
        tolerance: value.tolerance,
        unit: value.unit ?? null,
        feedback: value.feedback.map((wrong, index) => ({
          value: wrong.value,
          tolerance: wrong.tolerance,
          html: render(wrong.text, "feedback", index, "text"),
        })),
      };
    }
    case "short":
      value.accept.forEach((answer, index) => {
        if (answer.trim() === "")
          problems.at(offsetOf(["accept", index]), "An empty answer cannot be accepted", "write it out");
        else if (value.accept.findIndex((other) => sameWords(other, answer)) < index)
          problems.at(offsetOf(["accept", index]), `“${answer}” is accepted already`, "remove it");
      });
      checkFeedback(value.feedback, value.accept, sameWords, offsetOf, problems);
      return {
        ...base,
        quiz: "short",
        accept: value.accept,
        feedback: value.feedback.map((wrong, index) => ({
          answer: wrong.answer,
          html: render(wrong.text, "feedback", index, "text"),
        })),
      };
    case "trace": {
      const start = offsetOf(["program"]);
      checkFeedback(value.feedback, [value.answer], sameLines, offsetOf, problems);
      return {
        ...base,
        quiz: "trace",
        program: {
          source: value.program.trimEnd(),
          span: text.span(start, start + value.program.trimEnd().length),
        },
        answer: value.answer.trimEnd(),
        feedback: value.feedback.map((wrong, index) => ({
          answer: wrong.answer,
          html: render(wrong.text, "feedback", index, "text"),
        })),
      };
    }
  }
}

/** As answers are compared: without regard to case and to spaces around and between words. */
function sameWords(a: string, b: string): boolean {
  const words = (text: string) => text.trim().replaceAll(/\s+/g, " ").toLowerCase();
  return words(a) === words(b);
}

/** As printed texts are compared: without regard to spaces at the ends of lines. */
function sameLines(a: string, b: string): boolean {
  const lines = (text: string) => text.trim().replaceAll(/[ \t]+$/gm, "");
  return lines(a) === lines(b);
}

/** Feedback that nobody could ever read: for a right answer, or for one that has some already. */
function checkFeedback(
  feedback: readonly { answer: string }[],
  right: readonly string[],
  same: (a: string, b: string) => boolean,
  offsetOf: (path: (string | number)[]) => number,
  problems: Problems,
): void {
  feedback.forEach(({ answer }, index) => {
    const at = offsetOf(["feedback", index, "answer"]);
    if (right.some((one) => same(one, answer)))
      problems.at(
        at,
        `“${answer}” is accepted as right, so its feedback is never shown`,
        "give a wrong answer",
      );
    else if (feedback.findIndex((other) => same(other.answer, answer)) < index)
      problems.at(at, `“${answer}” has feedback above`, "keep one of the two");
  });
}

function checkChoices(
  kind: "choice" | "multiple",
  list: Choice[],
  offsetOf: (path: (string | number)[]) => number,
  problems: Problems,
): void {
  const right = list.filter((choice) => choice.correct).length;
  list.forEach(({ html }, index) => {
    if (list.findIndex((other) => other.html === html) < index)
      problems.at(
        offsetOf(["choices", index, "text"]),
        "This choice stands here twice",
        "keep one of the two",
      );
  });
  if (kind === "choice" && right !== 1)
    problems.at(
      offsetOf(["choices"]),
      `One choice must be right, here ${right} are`,
      right === 0 ? "mark it with correct: true" : "use kind: multiple, or unmark the others",
    );
  if (kind === "multiple" && right === 0)
    problems.at(offsetOf(["choices"]), "No choice is right", "mark the right ones with correct: true");
  list.forEach((choice, index) => {
    if (kind === "choice" && !choice.correct && choice.feedbackHtml === null)
      problems.at(
        offsetOf(["choices", index]),
        "A wrong choice needs feedback of its own",
        "write feedback: what the student who chooses it has misunderstood",
      );
  });
}
