// A small lesson with one block of each kind, and a store over it that runs cells in this process.
import { readLesson } from "../../src/lesson/index.ts";
import type { IslandBlock, PublicExerciseBlock, Verdict } from "../../src/grading/index.ts";
import { answerQuiz } from "../../src/grading/index.ts";
import type { NotebookData } from "../../src/notebook/data.ts";
import type { NotebookServices } from "../../src/notebook/store/session.ts";
import { NotebookStore } from "../../src/notebook/store/store.ts";
import { Session } from "../../src/runtime/index.ts";
import { createInProcessHost } from "../../src/runtime/node.ts";

export const lessonText = `---
title: Sample
summary: One block of each kind.
objectives: [see]
prerequisites: []
minutes: 1
---

\`\`\`ts name=first
const first: number = 20 + 1;
first
\`\`\`

\`\`\`ts name=second
first * 2
\`\`\`

\`\`\`ts fold readonly
const broken = missing + 1;
\`\`\`

\`\`\`predict
id: guess
kind: number
question: How many?
cell: counted
outcome: Fewer than one thinks.
\`\`\`

\`\`\`ts name=counted
import { outcome } from "descent/lesson";
const counted = 7;
outcome("guess", counted);
\`\`\`

\`\`\`ts name=after
counted + 1
\`\`\`

\`\`\`quiz
id: pick
kind: choice
points: 2
question: Which one?
choices:
  - text: The left
    feedback: Look to the other side.
  - text: The right
    correct: true
explanation: It is on the right.
\`\`\`

\`\`\`quiz
id: number
kind: numeric
points: 1
question: One half?
answer: 0.5
tolerance: 0.001
unit: m
\`\`\`

\`\`\`quiz
id: both
kind: multiple
points: 2
question: Which ones?
choices:
  - text: Even
    correct: true
  - text: Odd
\`\`\`

\`\`\`quiz
id: word
kind: short
points: 1
question: The word?
accept: [saddle]
\`\`\`

\`\`\`quiz
id: traced
kind: trace
points: 1
question: What does it print?
program: |
  console.log(1 < 2);
answer: "true"
\`\`\`
`;

export const exercise: PublicExerciseBlock = {
  kind: "exercise",
  statementHtml: "<p>Write <em>double</em>.</p>",
  exercise: {
    id: "double",
    title: "Double",
    points: 10,
    hiddenPoints: 6,
    objective: "double a number",
    attempts: 3,
    timeout: 5,
    starter: "export const double = (x: number) => x;",
    tests: [
      { name: "two of three", points: 4, cases: 1, source: "expect(await student.double(3)).toBe(6);" },
    ],
    hints: [
      { after: 1, html: "<p>Add it to itself.</p>" },
      { after: 2, html: "<p>Or multiply.</p>" },
    ],
    feedback: [{ misconception: "square", html: "<p>You squared it.</p>" }],
    probes: { calls: [], outcomes: [] },
  },
};

export function sampleData(text: string = lessonText): NotebookData {
  const { lesson, problems } = readLesson(text, { id: "sample", file: "lesson.md" });
  if (lesson === null) throw new Error(problems.map((problem) => problem.message).join("\n"));
  const blocks: IslandBlock[] = [exercise];
  for (const block of lesson.blocks) {
    if (block.kind === "cell" || block.kind === "quiz" || block.kind === "predict") blocks.push(block);
  }
  return {
    course: { id: "course", title: "Course" },
    lesson: { id: "sample", version: lesson.version, title: "Sample" },
    blocks,
  };
}

export function verdict(points: number, feedback: string[] = []): Verdict {
  const passed = points === 4;
  return {
    exercise: "double",
    points,
    maxPoints: 4,
    status: passed ? "passed" : "failed",
    tests: [
      {
        name: "two of three",
        points,
        maxPoints: 4,
        passed,
        hidden: false,
        message: passed ? null : "expected 6",
      },
    ],
    feedback,
    durationMs: 1,
    seed: "public",
  };
}

export function sampleStore(
  services: Partial<NotebookServices> = {},
  data: NotebookData = sampleData(),
): NotebookStore {
  const store = new NotebookStore(data, {
    createSession: async ({ cells, inputValues }) =>
      new Session({ cells, inputValues, host: createInProcessHost() }),
    checkAnswer: async () => verdict(0),
    answerQuiz: async (quiz, answer) => answerQuiz(quiz, answer),
    loadHelp: async () => ({ double: exercise.exercise }),
    loadSolution: async () => "export const double = (x: number) => 2 * x;",
    loadNames: async () => ({ pages: [], names: [], bases: {} }),
    flush: async () => undefined,
    ...services,
  });
  store.live.value = true;
  return store;
}
