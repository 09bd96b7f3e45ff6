// The public face of the lesson room: Markdown in, a typed lesson out.
export { orderLessons, readCourse } from "./course.ts";
export { lessonNameProblem } from "./lesson-name.ts";
export { formatProblem } from "./problems.ts";
export { headingIds, type ReadLessonOptions, readLesson } from "./read-lesson.ts";
export type * from "./types.ts";
