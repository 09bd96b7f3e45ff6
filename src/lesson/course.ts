// Reads `lessons/course.yaml`: the course's title, its languages and the order of its chapters.
import * as v from "valibot";
import { Problems } from "./problems.ts";
import { identifier, markdownText } from "./schema.ts";
import { SourceText } from "./source-text.ts";
import type { Course, LessonProblem } from "./types.ts";
import { readYaml } from "./yaml.ts";

const schema = v.strictObject({
  id: identifier,
  title: markdownText,
  summary: markdownText,
  language: v.optional(v.string(), "en"),
  lessons: v.optional(v.array(v.string()), []),
});

export interface ReadCourseOptions {
  /** Folders that hold a lesson: a chapter that the file lists must be one of them. */
  folders?: readonly string[];
}

export function readCourse(
  source: string,
  file: string,
  options: ReadCourseOptions = {},
): { course: Course | null; problems: LessonProblem[] } {
  const text = new SourceText(source, file);
  const problems = new Problems(text);
  const settings = readYaml(text.text, 0, schema, problems);
  settings?.value.lessons.forEach((lesson, index) => {
    const at = settings.offsetOf(["lessons", index]);
    if (settings.value.lessons.indexOf(lesson) !== index)
      problems.at(at, `The chapter “${lesson}” is listed twice`, "keep one");
    else if (options.folders !== undefined && !options.folders.includes(lesson))
      problems.at(at, `There is no folder “${lesson}” with a lesson.md`, "make it, or take it off the list");
  });
  const found = problems.sorted();
  return { course: found.length > 0 ? null : (settings?.value ?? null), problems: found };
}

/** The order in which chapters are shown: those the course lists, then the other folders by name. */
export function orderLessons(course: Course, folders: readonly string[]): string[] {
  const listed = course.lessons.filter((lesson) => folders.includes(lesson));
  return [...listed, ...folders.filter((folder) => !listed.includes(folder)).sort()];
}
