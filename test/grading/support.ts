// What tests of the grading room share: a host of kernels in this process, and the fixture lessons.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { testModule } from "../../src/grading/worker.ts";
import { type ExerciseBlock, formatProblem, type Lesson, readLesson } from "../../src/lesson/index.ts";
import { createInProcessHost } from "../../src/runtime/node.ts";

/** Kernels of one process share one realm: enough for everything but endless loops and hostile patches. */
export function testHost() {
  return createInProcessHost({ modules: { "descent/test": testModule } });
}

export function lessonFrom(source: string, file = "lesson.md"): Lesson {
  const { lesson, problems } = readLesson(source, { id: "fixture", file });
  if (lesson === null) throw new Error(problems.map(formatProblem).join("\n"));
  return lesson;
}

export function fixtureSource(name: "momentum" | "critical-points"): string {
  return readFileSync(fileURLToPath(new URL(`./fixtures/${name}.md`, import.meta.url)), "utf8");
}

export function fixtureLesson(name: "momentum" | "critical-points"): Lesson {
  return lessonFrom(fixtureSource(name), `${name}.md`);
}

export function exercisesOf(lesson: Lesson): ExerciseBlock[] {
  return lesson.blocks.filter((block) => block.kind === "exercise");
}

export function exerciseOf(lesson: Lesson, id: string): ExerciseBlock {
  const exercise = exercisesOf(lesson).find((block) => block.id === id);
  if (exercise === undefined) throw new Error(`the fixture has no exercise ${id}`);
  return exercise;
}
