// Hidden tests in a file of their own (`lesson.hidden.md`), kept out of a public repository: for each exercise an
// `exercise` fence with nothing but its id, then its `ts test hidden` fences. Headings and prose are notes for the instructor.
import type { Tokens } from "marked";
import * as v from "valibot";
import { exercisePart, readTest } from "./exercise.ts";
import { Settings, readFence } from "./fence.ts";
import { lex } from "./markdown.ts";
import { Problems } from "./problems.ts";
import { identifier } from "./schema.ts";
import { SourceText } from "./source-text.ts";
import type { LessonProblem, Test } from "./types.ts";
import { readYaml } from "./yaml.ts";

const schema = v.strictObject({ id: identifier });

export function readHiddenTests(
  source: string,
  file: string,
): { tests: Map<string, Test[]>; problems: LessonProblem[] } {
  const text = new SourceText(source, file);
  const problems = new Problems(text);
  const tests = new Map<string, Test[]>();
  let exercise: string | null = null;
  let offset = 0;
  for (const token of lex(text.text)) {
    const fence = token.type === "code" ? readFence(token as Tokens.Code, offset, problems) : null;
    if (fence?.language === "exercise") {
      exercise = readYaml(fence.body, fence.bodyStart, schema, problems)?.value.id ?? null;
    } else if (fence !== null) {
      if (exercisePart(fence) !== "test") {
        problems.at(fence.start, "Only hidden tests stand in this file", "write ```ts test hidden …");
      } else if (exercise === null) {
        problems.at(
          fence.start,
          "This test belongs to no exercise",
          "put an ```exercise fence with its id above it",
        );
      } else {
        const settings = new Settings({ ...fence, words: fence.words.slice(1) }, problems);
        const test = readTest(settings, fence, text);
        settings.done();
        if (!test.hidden)
          problems.at(fence.infoStart, "This test is not marked hidden", "write ts test hidden …");
        tests.set(exercise, [...(tests.get(exercise) ?? []), test]);
      }
    }
    offset += token.raw.length;
  }
  return { tests, problems: problems.sorted() };
}
