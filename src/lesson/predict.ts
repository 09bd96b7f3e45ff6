// Reads a `predict` fence: a guess that the reader makes before a cell may run.
import * as v from "valibot";
import type { Fence } from "./fence.ts";
import { readKind } from "./kind.ts";
import { type Reference, renderInline, renderMarkdown } from "./markdown.ts";
import type { Problems } from "./problems.ts";
import { identifier, markdownText } from "./schema.ts";
import type { SourceText } from "./source-text.ts";
import type { PredictBlock } from "./types.ts";
import { readYaml } from "./yaml.ts";

const kinds = ["choice", "number", "sketch"] as const;

const common = {
  id: identifier,
  question: markdownText,
  /** The cell that waits; the next one below when left out. */
  cell: v.optional(identifier),
  outcome: v.optional(markdownText),
};

const domain = v.pipe(
  v.tuple([v.number(), v.number()]),
  v.check(([low, high]) => low < high, "write [smallest, largest]"),
);
const axis = v.strictObject({ label: v.string(), domain });

const schemas = {
  choice: v.strictObject({
    kind: v.literal("choice"),
    ...common,
    choices: v.pipe(
      v.array(v.strictObject({ text: markdownText, correct: v.optional(v.boolean(), false) })),
      v.minLength(2, "a choice needs at least two answers"),
      v.check(
        (list) => list.filter(({ correct }) => correct).length === 1,
        "mark exactly one with correct: true",
      ),
    ),
  }),
  number: v.strictObject({
    kind: v.literal("number"),
    ...common,
    unit: v.optional(v.string()),
    min: v.optional(v.number()),
    max: v.optional(v.number()),
  }),
  sketch: v.strictObject({ kind: v.literal("sketch"), ...common, x: axis, y: axis }),
};

export function readPredict(
  fence: Fence,
  text: SourceText,
  problems: Problems,
  references: Reference[],
): { block: PredictBlock; cellOffset: number } | null {
  const kind = readKind(fence, "prediction", kinds, problems);
  if (kind === null) return null;
  const settings = readYaml(fence.body, fence.bodyStart, schemas[kind], problems);
  if (settings === null) return null;
  const { value, offsetOf } = settings;
  const render = (markdown: string, ...path: (string | number)[]) =>
    renderMarkdown(markdown, { problems, offset: offsetOf(path), references });
  const base = {
    kind: "predict" as const,
    id: value.id,
    questionHtml: render(value.question, "question"),
    cell: value.cell ?? "",
    outcomeHtml: value.outcome === undefined ? null : render(value.outcome, "outcome"),
    span: text.span(fence.start, fence.end),
  };
  const cellOffset = value.cell === undefined ? fence.start : offsetOf(["cell"]);
  switch (value.kind) {
    case "choice":
      return {
        cellOffset,
        block: {
          ...base,
          predict: "choice",
          choices: value.choices.map((choice, index) => ({
            html: renderInline(choice.text, {
              problems,
              offset: offsetOf(["choices", index, "text"]),
              references,
            }),
            correct: choice.correct,
          })),
        },
      };
    case "number":
      return {
        cellOffset,
        block: {
          ...base,
          predict: "number",
          unit: value.unit ?? null,
          min: value.min ?? null,
          max: value.max ?? null,
        },
      };
    case "sketch":
      return { cellOffset, block: { ...base, predict: "sketch", x: value.x, y: value.y } };
  }
}
