// What every chapter of the course owes its reader, whatever it teaches. That its exercises are sound is what
// `check` proves of all chapters at once (course.test.ts).
import { describe, expect, test } from "vitest";
import type { Chapter } from "./chapter.ts";

/** To be called once `chapter.session.runAll()` has been awaited in `beforeAll`. */
export function testSoundness(chapter: Chapter, points: { exercises: number; quizzes: number }): void {
  const { blocks, frontMatter } = chapter.lesson;
  const exercises = blocks.filter((block) => block.kind === "exercise");

  describe("the cells", () => {
    test("all run, in order, from clean", () => {
      const failed = chapter.session.cells.filter(({ status }) => status !== "ok");
      expect(failed.map(({ id, error }) => `${id}: ${error?.message}`)).toEqual([]);
    });

    test("reveal what happened to every prediction", () => {
      for (const block of blocks) {
        if (block.kind !== "predict") continue;
        const revealed = chapter.outputs(block.cell, "outcome").map(({ predict }) => predict);
        expect(revealed).toContain(block.id);
      }
    });
  });

  describe("exercises and quizzes", () => {
    test("have two visible tests at least, a hidden one, a misconception and a hint", () => {
      const lacking = exercises.filter(({ tests, misconceptions, hints }) => {
        const visible = tests.filter(({ hidden }) => !hidden).length;
        const isHidden = tests.length > visible;
        return visible < 2 || !isHidden || misconceptions.length === 0 || hints.length === 0;
      });
      expect(lacking.map(({ id }) => id)).toEqual([]);
    });

    test(`give ${points.exercises} and ${points.quizzes} points`, () => {
      const sum = (kind: "exercise" | "quiz") =>
        blocks.reduce((total, block) => total + (block.kind === kind ? block.points : 0), 0);
      expect({ exercises: sum("exercise"), quizzes: sum("quiz") }).toEqual(points);
    });
  });

  test("adds its terms to the glossary", () => {
    expect(frontMatter.terms.length).toBeGreaterThan(0);
  });
}
