import { describe, expect, it } from "vitest";
import { formatProblem, orderLessons, readCourse } from "../../src/lesson/index.ts";

const source = "id: descent\ntitle: Descent\nsummary: Learn.\nlessons:\n  - momentum\n  - saddle\n";

describe("course.yaml", () => {
  it("gives the course and the order of its chapters; folders it does not list follow by name", () => {
    const { course, problems } = readCourse(source, "course.yaml", {
      folders: ["zoo", "saddle", "momentum", "alpha"],
    });
    expect(problems).toEqual([]);
    expect(course).toMatchObject({ title: "Descent", language: "en" });
    expect(orderLessons(course!, ["zoo", "saddle", "momentum", "alpha"])).toEqual([
      "momentum",
      "saddle",
      "alpha",
      "zoo",
    ]);
  });

  it("names a chapter without a folder at its place", () => {
    const { course, problems } = readCourse(source, "course.yaml", { folders: ["momentum"] });
    expect(course).toBeNull();
    expect(problems.map(formatProblem)).toEqual([
      "course.yaml:6:5: There is no folder “saddle” with a lesson.md — make it, or take it off the list",
    ]);
  });
});
