// The public face of the command line: what a command finds, for programs that want it as data.
export { checkLesson, type CheckOptions, type LessonCheck } from "./check-lesson.ts";
